//! Rows to rehearse on. A value is computed from its table, its column and the number of its row, and what points at another row
//! holds that row's value, so every foreign key is satisfied in whatever order rows are made.

use super::look::{Column, columns, foreign_keys};
use super::{Database, literal, quote};
use crate::live::Result;
use crate::live::rehearse::plain::{Labels, Place};
use std::collections::BTreeMap;

/// Where columns point.
type Links = BTreeMap<(String, String), (String, String)>;

/// Fills every table with as many rows. Keys of `like`, another database, are satisfied as well as far as it has the same columns.
/// Text is such that it has a value of the type that the column has there, or is one of `labels`.
pub(super) fn fill(database: &Database, like: Option<&Database>, rows: u64, labels: &Labels) -> Result<u64> {
    let mut links = Links::new();
    let mut there: BTreeMap<(String, String), String> = BTreeMap::new();
    for (table, columns) in like.map(columns).transpose()?.into_iter().flatten() {
        there.extend(columns.into_iter().map(|c| ((table.clone(), c.name), c.ty)));
    }
    let becomes = |table: &str, column: &Column| {
        let at = (table.to_owned(), column.name.clone());
        let is_text =
            |ty: &str| ["varchar", "text", "char", "mediumtext", "longtext"].iter().any(|t| ty.starts_with(t));
        let text = is_text(&column.ty);
        // It may be MariaDB's JSON, and then takes nothing else.
        let long = column.ty == "longtext";
        let label = labels.get(&at).map(|all| format!("enum('{}')", all.join("','")));
        let other = there
            .get(&at)
            // Of bytes not every one is text.
            .filter(|ty| !ty.contains("blob") && !ty.contains("binary"))
            .filter(|ty| text && !(long && is_text(ty)) && (!ty.starts_with("varchar") || shorter(ty, &column.ty)))
            .cloned();
        label.filter(|_| text).or(other).unwrap_or_else(|| column.ty.clone())
    };
    for other in [like, Some(database)].into_iter().flatten() {
        for key in foreign_keys(other)? {
            for (own, to) in key.columns {
                links.insert((key.table.clone(), own), (key.target.clone(), to));
            }
        }
    }
    let mut all: BTreeMap<(String, String), Column> = BTreeMap::new();
    let mut tables = Vec::new();
    for (table, columns) in columns(database)? {
        for column in columns {
            let ty = becomes(&table, &column);
            all.insert((table.clone(), column.name.clone()), Column { ty, ..column });
        }
        tables.push(table);
    }
    links.retain(|from, to| all.contains_key(from) && all.contains_key(to));
    database.run("SET SESSION foreign_key_checks = 0")?;
    let mut made = 0;
    for table in tables {
        let own: Vec<(&(String, String), &Column)> = all.iter().filter(|((t, _), _)| *t == table).collect();
        let names = own.iter().map(|(_, column)| quote(&column.name)).collect::<Vec<_>>().join(", ");
        let row = |n: u64| {
            let one = |(at, column): &(&(String, String), &Column)| {
                let linked = links.contains_key(*at) || links.values().any(|to| to == *at);
                let empty = !column.required && !column.key && !linked && n.is_multiple_of(3);
                if empty { "NULL".to_owned() } else { value(&links, &all, at, n) }
            };
            format!("({})", own.iter().map(one).collect::<Vec<_>>().join(", "))
        };
        // Of a key with so many values there are no more rows.
        let keys: Vec<_> = own.iter().filter(|(_, column)| column.key).collect();
        let most =
            if let [(_, key)] = keys[..] { labelled(&key.ty).map_or(rows, |all| all.len() as u64) } else { rows };
        let rows = rows.min(most);
        if rows > 0 {
            let values = (1..=rows).map(row).collect::<Vec<_>>().join(", ");
            database.run(&format!("INSERT INTO {} ({names}) VALUES {values}", quote(&table)))?;
            made += rows;
        }
    }
    database.run("SET SESSION foreign_key_checks = 1")?;
    Ok(made)
}

/// Has a text fewer characters?
fn shorter(a: &str, b: &str) -> bool {
    length(a).unwrap_or(usize::MAX) < length(b).unwrap_or(usize::MAX)
}

/// The number in brackets.
fn length(ty: &str) -> Option<usize> {
    ty.split_once('(')?.1.split(|c: char| !c.is_ascii_digit()).next().and_then(|n| n.parse().ok())
}

fn value(links: &Links, all: &BTreeMap<(String, String), Column>, at: &(String, String), n: u64) -> String {
    // What points at what points … in a ring points at the first of it.
    let mut seen = vec![at];
    while let Some(next) = links.get(seen[seen.len() - 1]).filter(|next| !seen.contains(next)) {
        seen.push(next);
    }
    let last = seen[seen.len() - 1];
    let end = match links.get(last) {
        Some(back) => seen.iter().skip_while(|s| **s != back).min().copied().unwrap_or(last),
        None => last,
    };
    let Some(column) = all.get(end) else { return "NULL".to_owned() };
    of_type(&column.ty, &end.1, column.key || column.unique, n)
}

/// The labels of an enum, as they are written.
fn labelled(ty: &str) -> Option<Vec<&str>> {
    let (word, rest) = ty.split_once('(')?;
    let labels: Vec<&str> = rest.trim_end_matches(')').split("','").map(|l| l.trim_matches('\'')).collect();
    // MariaDB shows an emoji as a question mark, and no row can hold such a label as it is shown.
    let plain: Vec<&str> = labels.iter().copied().filter(|l| !l.contains('?')).collect();
    matches!(word, "enum" | "set").then_some(if plain.is_empty() { labels } else { plain })
}

fn of_type(ty: &str, name: &str, distinct: bool, n: u64) -> String {
    let salt: u64 = if distinct { 0 } else { name.bytes().map(u64::from).sum() };
    let word = ty.split_once('(').map_or(ty, |(word, _)| word);
    let length = length(ty);
    if let Some(labels) = labelled(ty) {
        let place = usize::try_from(n + salt).unwrap_or(0) % labels.len().max(1);
        return literal(&labels.get(place).map_or(String::new(), |l| l.replace("''", "'")));
    }
    match word.split_whitespace().next().unwrap_or_default() {
        "tinyint" if length == Some(1) && !distinct => ((n + salt) % 2).to_string(),
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" => n.to_string(),
        "decimal" | "float" | "double" => format!("{n}.25"),
        "bit" => (n % 2).to_string(),
        "date" => format!("'2024-02-{:02}'", 1 + (n + salt) % 28),
        "datetime" | "timestamp" => format!("'2024-02-{:02} 10:20:30.123'", 1 + (n + salt) % 28),
        "time" => format!("'10:20:{:02}'", n % 60),
        "year" => (2000 + n % 100).to_string(),
        "json" => literal(&format!("{{\"n\": {n}}}")),
        "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" => format!("x'00ff{n:08x}'"),
        // MariaDB's JSON is text with a rule.
        "longtext" => literal(&format!("{{\"n\": {n}, \"text\": \"it's\"}}")),
        _ => {
            let text = match (n + salt) % 3 {
                0 => format!("{n} Zoë O'Hara 🚀"),
                1 => format!("{n} say \\ \"so\""),
                _ => format!("{n} NULL"),
            };
            literal(&text.chars().take(length.unwrap_or(191)).collect::<String>())
        }
    }
}
