//! Quoting. Every name is hostile: nothing reaches SQL or a comment but through here.

use crate::catalog::Name;

/// A quoted identifier.
pub fn ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A quoted name, with its schema where it has one.
pub fn name(name: &Name) -> String {
    match &name.schema {
        Some(schema) => format!("{}.{}", ident(schema), ident(&name.name)),
        None => ident(&name.name),
    }
}

/// A string constant. Backslashes stay as they are under `standard_conforming_strings`, on since PostgreSQL 9.1.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Text that may stand behind `--`: on one line, whatever it holds.
pub fn comment(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || c == '\u{2028}' || c == '\u{2029}' { ' ' } else { c }).collect()
}

/// A dollar quote tag that the body does not contain.
pub fn tag(body: &str, stem: &str) -> String {
    let mut tag = format!("${stem}$");
    let mut n = 0_u32;
    while body.contains(&tag) {
        n += 1;
        tag = format!("${stem}{n}$");
    }
    tag
}

/// A list of quoted identifiers.
pub fn idents<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(ident).collect::<Vec<_>>().join(", ")
}
