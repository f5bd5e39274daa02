//! `/// @stage.name(argument)` comments.

use super::{Back, Intent, Path, Said, parse_path};
use crate::ast::Docs;
use crate::diag::{Diagnostic, Diagnostics};
use crate::model;
use crate::source::Span;

/// Reads the directives of the new schema.
pub fn collect(new: &model::Schema, intent: &mut Intent, found: &mut Diagnostics) {
    for model in new.walk_models() {
        read(&model.docs, &(model.name.name.to_owned(), String::new()), intent, found);
        for field in model.walk_fields() {
            read(&field.docs, &(model.name.name.to_owned(), field.name.name.to_owned()), intent, found);
        }
    }
    for e in new.walk_enums() {
        read(&e.docs, &(e.name.name.to_owned(), String::new()), intent, found);
    }
}

fn read(docs: &Docs, at: &Path, intent: &mut Intent, found: &mut Diagnostics) {
    for &(line, span) in &docs.lines {
        let Some(start) = line.find("@stage.") else { continue };
        match split(&line[start + "@stage.".len()..]) {
            Some(("fallback", _, Argument::Bare(word))) if word == "-" => {
                intent.filled.insert(at.clone(), Said::new(&word, "a comment in the schema", Some(span)));
            }
            Some((name, of, Argument::Bare(text) | Argument::Quoted(text))) => {
                take((name, of), &text, at, span, intent, found)
            }
            None => found.push(
                Diagnostic::error("PS0713", "this directive is not complete")
                    .at(span)
                    .help("write /// @stage.from(oldName), @stage.using(\"SQL\"), @stage.fallback(\"value\")"),
            ),
        }
    }
}

/// What stands in the parentheses.
enum Argument {
    /// As it was written.
    Bare(String),
    /// In quotes, which are resolved.
    Quoted(String),
}

/// `using("lower(x)")` to its name and argument; of `back(name: "…")` the name in between as well.
fn split(text: &str) -> Option<(&str, Option<&str>, Argument)> {
    let open = text.find('(')?;
    let name = &text[..open];
    let rest = text[open + 1..].trim_start();
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let of = rest.find(|c| !word(c)).filter(|end| name == "back" && rest[*end..].trim_start().starts_with(':'));
    let (of, rest) = match of {
        Some(end) => (Some(&rest[..end]), rest[end..].trim_start()[1..].trim_start()),
        None => (None, rest),
    };
    if let Some(quoted) = rest.strip_prefix('"') {
        let mut value = String::new();
        let mut chars = quoted.chars();
        loop {
            match chars.next()? {
                '"' => break,
                '\\' => match chars.next()? {
                    'n' => value.push('\n'),
                    't' => value.push('\t'),
                    other => value.push(other),
                },
                other => value.push(other),
            }
        }
        chars.as_str().trim_start().starts_with(')').then_some((name, of, Argument::Quoted(value)))
    } else {
        let close = rest.rfind(')')?;
        Some((name, of, Argument::Bare(rest[..close].trim().to_owned())))
    }
}

fn take(
    (name, of): (&str, Option<&str>),
    argument: &str,
    at: &Path,
    span: Span,
    intent: &mut Intent,
    found: &mut Diagnostics,
) {
    let said = Said::new(argument, "a comment in the schema", Some(span));
    match name {
        "from" => match parse_path(argument) {
            Ok((model, field)) if !field.is_empty() || at.1.is_empty() => {
                intent.rename((model, field), at.clone(), said, found)
            }
            Ok((field, _)) => intent.rename((at.0.clone(), field), at.clone(), said, found),
            Err(why) => found.push(Diagnostic::error("PS0713", format!("@stage.from: {why}")).at(span)),
        },
        "using" => intent.using(at.clone(), said, found),
        "fallback" => {
            intent.fallback.insert(at.clone(), said);
        }
        // For `check`: what it excuses is looked at there.
        "allow" => {}
        "map" if intent.labels.keys().any(|(e, _)| *e == at.0) => {
            for pair in argument.split(',') {
                match map(pair) {
                    Some((old, new)) => {
                        let said = Said::new(pair.trim(), "a comment in the schema", Some(span));
                        intent.value((at.0.clone(), old), new, said, found);
                    }
                    None => found.push(
                        Diagnostic::error("PS0713", format!("@stage.map: {:?} is no pair of values", pair.trim()))
                            .at(span)
                            .help("write @stage.map(OLD: NEW, OTHER: NEW); @stage.map(OLD: -) where no row holds it"),
                    ),
                }
            }
        }
        "map" => found.push(
            Diagnostic::error("PS0713", "@stage.map belongs above an enum")
                .at(span)
                .help("it says what values that left become"),
        ),
        "back" if at.1.is_empty() => found.push(
            Diagnostic::error("PS0713", "@stage.back belongs above a field")
                .at(span)
                .help("it says how an old field follows the new one"),
        ),
        "back" => {
            let of = of.and_then(|name| parse_path(name).ok());
            let of = of.map(|(a, b)| if b.is_empty() { (at.0.clone(), a) } else { (a, b) });
            intent.back(Back { at: Some(at.clone()), of, said }, found);
        }
        "along" => {
            intent.along.insert(at.clone(), said);
        }
        "strategy" if argument == "switch" => {
            intent.strategy.insert(at.clone(), said);
        }
        "strategy" => found.push(
            Diagnostic::error("PS0713", format!("@stage.strategy: there is no strategy {argument:?}"))
                .at(span)
                .help("write @stage.strategy(switch); for a column of its own give the field another @map"),
        ),
        other => found
            .push(Diagnostic::error("PS0713", format!("there is no directive @stage.{other}")).at(span).help(
            "the directives are @stage.from, @stage.using, @stage.back, @stage.fallback, @stage.map, @stage.along, @stage.strategy and @stage.allow",
        )),
    }
}

/// `PENDING: WAITING`; `LEGACY: -` where no row may hold it.
fn map(pair: &str) -> Option<(String, Option<String>)> {
    let (old, new) = pair.split_once(':')?;
    let (old, new) = (old.trim(), new.trim());
    let word = |w: &str| !w.is_empty() && w.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    (word(old) && word(new)).then(|| (old.to_owned(), Some(new.to_owned()).filter(|new| new != "-")))
}
