//! Quoting. SQLite takes names in double quotes and strings in single ones, like PostgreSQL
//! (<https://www.sqlite.org/lang_keywords.html>).

use crate::catalog::{Name, Table};

/// A quoted identifier.
pub fn ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A quoted name; there are no schemas.
pub fn name(name: &Name) -> String {
    ident(&name.name)
}

/// A string constant.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Text that may stand behind `--`: on one line, whatever it holds.
pub fn comment(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || c == '\u{2028}' || c == '\u{2029}' { ' ' } else { c }).collect()
}

/// The number by which the server finds a row, by a name that no column of the table has
/// (<https://www.sqlite.org/lang_createtable.html#rowid>).
pub fn rowid(table: &Table) -> &'static str {
    let free = |name: &&str| !table.columns.values().any(|c| c.name.eq_ignore_ascii_case(name));
    ["rowid", "_rowid_", "oid"].into_iter().find(free).unwrap_or("rowid")
}

/// A list of quoted identifiers.
pub fn idents<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(ident).collect::<Vec<_>>().join(", ")
}
