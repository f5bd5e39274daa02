//! Real pairs of PostgreSQL as they would be on another database: `PAIRS=spoken`. Histories there are fewer, and changes of the same kinds
//! meet other rules.

use std::ops::Range;

/// Types of Prisma that a column may be a list of.
const SCALARS: [&str; 9] = ["String", "Int", "BigInt", "Float", "Decimal", "Boolean", "DateTime", "Json", "Bytes"];

/// Settings of a datasource that other providers do not have.
const FOREIGN: [&str; 4] = ["extensions", "schemas", "directUrl", "shadowDatabaseUrl"];

/// A schema for another provider, as near to it as that has words: lists are JSON, native types what is nearest or none.
pub fn spoken(text: &str, provider: &str) -> String {
    let enums: Vec<&str> = text.lines().filter_map(|line| line.trim_start().strip_prefix("enum ")).collect();
    let enums: Vec<&str> = enums.iter().filter_map(|rest| rest.split_whitespace().next()).collect();
    let (mut out, mut block) = (String::new(), "");
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        if line.trim_end().ends_with('{') {
            block = ["datasource", "model", "view", "enum"].into_iter().find(|b| words[0] == *b).unwrap_or("");
            out += line;
        } else if block == "datasource" && words.first() == Some(&"provider") {
            out += &format!("  provider = \"{provider}\"");
        } else if block == "datasource" && words.first().is_some_and(|word| FOREIGN.contains(word)) {
            continue;
        } else if ["model", "view"].contains(&block) && !line.trim_start().starts_with("//") {
            let Some(line) = field(line, &enums, provider) else { continue };
            out += &line;
        } else {
            out += &without(line, "@@schema");
        }
        out.push('\n');
    }
    out
}

/// A line of a model; None where the database has no such thing.
fn field(line: &str, enums: &[&str], provider: &str) -> Option<String> {
    let ty = line.split_whitespace().nth(1).unwrap_or_default();
    let plain = ty.trim_end_matches(['?', '[', ']']);
    if plain.starts_with("Unsupported(") {
        return None;
    }
    let mut line = without(line, "@@schema");
    let list = ty.ends_with("[]") && (SCALARS.contains(&plain) || enums.contains(&plain));
    if list {
        line = line.replacen(&format!("{plain}[]"), "Json?", 1);
    }
    if list || plain == "Json" {
        line = without(&line, "@default");
    }
    line = native(&line, provider, list || plain == "Json" || enums.contains(&plain));
    if let Some(at) = attribute(&line, "@default").filter(|at| line[at.clone()].contains("dbgenerated(")) {
        let uuid = line[at.clone()].contains("uuid");
        line.replace_range(at, if uuid { "@default(uuid())" } else { "" });
    }
    for word in ["ops", "type"] {
        line = unsaid(&line, word);
    }
    if line.contains("@id") || line.contains("@@id") {
        line = unsaid(&line, "map");
    } else if provider == "sqlite" {
        line = line.replace("@default(autoincrement())", "");
    }
    Some(line)
}

/// Native types that the provider has as well.
fn native(line: &str, provider: &str, none: bool) -> String {
    let mut line = line.to_owned();
    while let Some(at) = line.find("@db.") {
        let name: String = line[at + 4..].chars().take_while(char::is_ascii_alphanumeric).collect();
        let end = attribute(&line[at..], &format!("@db.{name}")).map_or(line.len(), |own| at + own.end);
        let rest = line[at + 4 + name.len()..end].to_owned();
        let short = line.contains("@default") || line.contains("@unique") || line.contains("@id");
        let near = match name.as_str() {
            _ if none || provider != "mysql" => String::new(),
            "Text" if short => String::new(),
            "VarChar" if rest.is_empty() => "VarChar(191)".to_owned(),
            "Text" | "VarChar" | "Char" | "Decimal" | "SmallInt" | "Date" | "BigInt" | "Time" => name.clone() + &rest,
            "Timestamp" => format!("DateTime{}", if rest.is_empty() { "(6)" } else { &rest }),
            "Timestamptz" => format!("Timestamp{}", if rest.is_empty() { "(6)" } else { &rest }),
            "Uuid" => "Char(36)".to_owned(),
            "DoublePrecision" => "Double".to_owned(),
            "Real" => "Float".to_owned(),
            "Integer" => "Int".to_owned(),
            _ => String::new(),
        };
        // What is said again is not looked at again.
        let near = if near.is_empty() { near } else { format!("@\u{1}db.{near}") };
        line.replace_range(at..end, &near);
    }
    line.replace('\u{1}', "")
}

/// Where an attribute stands, with what is in its brackets.
fn attribute(line: &str, name: &str) -> Option<Range<usize>> {
    let start = line.find(name)?;
    let mut end = start + name.len();
    if line[end..].starts_with('(') {
        let (mut depth, mut quoted) = (0, false);
        for (at, c) in line[end..].char_indices() {
            match c {
                '"' => quoted = !quoted,
                '(' if !quoted => depth += 1,
                ')' if !quoted => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                end += at + 1;
                break;
            }
        }
    }
    Some(start..end)
}

fn without(line: &str, name: &str) -> String {
    let mut line = line.to_owned();
    while let Some(at) = attribute(&line, name) {
        line.replace_range(at, "");
    }
    line
}

/// A line without an argument of this name.
fn unsaid(line: &str, name: &str) -> String {
    let mut line = line.to_owned();
    while let Some(at) = line.find(&format!("{name}:")) {
        let value =
            at + name.len() + 1 + (line[at + name.len() + 1..].len() - line[at + name.len() + 1..].trim_start().len());
        let word = line[value..].find([',', ')', '(']).map_or(line.len(), |end| value + end);
        let end = if line[word..].starts_with('(') {
            attribute(&line[value..], &line[value..word]).map_or(word, |own| value + own.end)
        } else {
            word
        };
        // With the comma before it, the one behind it, or the brackets around it.
        let before = line[..at].trim_end();
        let behind = line[end..].trim_start();
        let range = if before.ends_with(',') {
            before.len() - 1..end
        } else if behind.starts_with(',') {
            at..line.len() - behind.len() + 1
        } else if before.ends_with('(') && behind.starts_with(')') {
            before.len() - 1..line.len() - behind.len() + 1
        } else {
            at..end
        };
        line.replace_range(range, "");
    }
    line
}
