//! Quoting: names in backticks, strings in single quotes, in which a backslash escapes
//! (<https://dev.mysql.com/doc/refman/8.4/en/string-literals.html>).

use crate::catalog::Name;

/// A quoted identifier.
pub fn ident(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// A quoted name; a schema is a database here, and plans stay in one.
pub fn name(name: &Name) -> String {
    ident(&name.name)
}

/// A string constant.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

/// Text that may stand behind `-- `: on one line, whatever it holds.
pub fn comment(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || c == '\u{2028}' || c == '\u{2029}' { ' ' } else { c }).collect()
}

/// A list of quoted identifiers.
pub fn idents<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(ident).collect::<Vec<_>>().join(", ")
}
