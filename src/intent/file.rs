//! The intent file.
//!
//! ```toml
//! assume = ["drop"]
//! drop = ["User.legacy"]
//! filled = ["User.email"]
//! [rename]
//! "User.name" = "fullName"
//! [map]
//! "Status.PENDING" = "WAITING"
//! [using]
//! "User.slug" = "lower(title)"
//! [back]
//! "User.title" = "initcap(slug)"
//! [fallback]
//! "User.age" = "0"
//! [strategy]
//! "User.tags" = "switch"
//! [along]
//! "User.bio" = "author"
//! ```

use super::{Back, Intent, Said, label, no_expression, parse_path, parse_rename};
use crate::diag::{Diagnostic, Diagnostics};
use crate::options::Assume;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    assume: Vec<String>,
    #[serde(default)]
    drop: Vec<String>,
    #[serde(default)]
    filled: Vec<String>,
    #[serde(default)]
    rename: BTreeMap<String, String>,
    #[serde(default)]
    map: BTreeMap<String, String>,
    #[serde(default)]
    using: BTreeMap<String, String>,
    #[serde(default)]
    back: BTreeMap<String, String>,
    #[serde(default)]
    fallback: BTreeMap<String, String>,
    #[serde(default)]
    strategy: BTreeMap<String, String>,
    #[serde(default)]
    along: BTreeMap<String, String>,
}

/// Reads the file's text; `name` is what messages call it.
pub fn collect(text: &str, name: &str, intent: &mut Intent, found: &mut Diagnostics) {
    let wrong = |why: String| {
        Diagnostic::error("PS0714", format!("{name}: {why}"))
            .help("an intent file has `assume`, `drop` and `filled` lists and the tables [rename], [map], [using], [back], [fallback], [strategy] and [along]")
    };
    let file: File = match toml::from_str(text) {
        Ok(file) => file,
        Err(e) => return found.push(wrong(e.to_string().trim_end().replace('\n', "\n  "))),
    };
    for word in file.assume {
        match Assume::ALL.iter().find(|(known, _)| *known == word) {
            Some((_, assume)) => {
                intent.assume.insert(*assume);
            }
            None => found.push(wrong(format!("there is no assumption {word:?}"))),
        }
    }
    for (old, new) in &file.rename {
        match parse_rename(&format!("{old}={new}")) {
            Ok((from, to)) => intent.rename(from, to, Said::new(&format!("{old} = {new}"), name, None), found),
            Err(why) => found.push(wrong(why)),
        }
    }
    for (old, new) in &file.map {
        match parse_path(old) {
            Ok(at) if !at.1.is_empty() => {
                let becomes = Some(new.clone()).filter(|new| new != "-");
                intent.value(at, becomes, Said::new(&format!("{old} = {new}"), name, None), found);
            }
            Ok(_) => found.push(wrong(format!("[map] wants values of enums, \"Enum.OLD\", not {old:?}"))),
            Err(why) => found.push(wrong(why)),
        }
    }
    for (list, into) in [(&file.drop, &mut intent.dropped), (&file.filled, &mut intent.filled)] {
        for path in list {
            match parse_path(path) {
                // What the schema says itself, beside the field, counts for more.
                Ok(at) => {
                    into.entry(at).or_insert_with(|| Said::new(path, name, None));
                }
                Err(why) => found.push(wrong(why)),
            }
        }
    }
    if let Some(other) = file.strategy.values().find(|word| *word != "switch") {
        found.push(wrong(format!("[strategy] knows \"switch\", not {other:?}")));
    }
    for (path, text) in &file.back {
        match parse_path(path) {
            Ok(of) => intent.back(Back { at: None, of: Some(of), said: Said::new(text, name, None) }, found),
            Err(why) => found.push(wrong(why)),
        }
    }
    for (path, text) in &file.using {
        if let Ok(at) = parse_path(path) {
            no_expression(&Said::new(text, name, None), &format!("the value of {}", label(&at)), found);
        }
    }
    for (table, into) in [
        (&file.using, &mut intent.using),
        (&file.fallback, &mut intent.fallback),
        (&file.strategy, &mut intent.strategy),
        (&file.along, &mut intent.along),
    ] {
        for (path, text) in table {
            match parse_path(path) {
                Ok(at) => match into.get(&at) {
                    // The same twice does no harm.
                    Some(known) if known.text == *text => {}
                    Some(known) => found.push(
                        Diagnostic::error("PS0711", format!("{path} is said to get {:?} and {text:?}", known.text))
                            .at(known.span)
                            .note(format!("one answer is {}, the other {name}", known.source))
                            .help("keep one of the two"),
                    ),
                    None => {
                        into.insert(at, Said::new(text, name, None));
                    }
                },
                Err(why) => found.push(wrong(why)),
            }
        }
    }
}
