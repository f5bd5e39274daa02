//! Rows to rehearse on. A value is computed from its table, its column and the number of its row, and what points at another row
//! holds that row's value, so every foreign key is satisfied in whatever order rows are made.

use super::{columns, literal, query, run, tables};
use crate::live::rehearse::plain::Labels;
use crate::live::{Result, quote};
use rusqlite::Connection;
use std::collections::BTreeMap;

/// Where columns point.
type Links = BTreeMap<(String, String), (String, String)>;

/// Fills every table with as many rows. Keys of `like`, another database, are satisfied as well as far as it has the same columns.
///
/// # Errors
/// A row is refused.
pub fn fill(connection: &Connection, like: Option<&Connection>, rows: u64, labels: &Labels) -> Result<u64> {
    let mut links = Links::new();
    for other in [like, Some(connection)].into_iter().flatten() {
        links.extend(read_links(other)?);
    }
    let mut types = BTreeMap::new();
    for table in tables(connection)? {
        for column in columns(connection, &table)? {
            types.insert((table.clone(), column.name.clone()), column);
        }
    }
    links.retain(|from, to| types.contains_key(from) && types.contains_key(to));
    run(connection, "PRAGMA foreign_keys=OFF; BEGIN")?;
    let mut made = 0;
    for table in tables(connection)? {
        // Of a key with so many values there are no more rows.
        let keys: Vec<_> = types.iter().filter(|((t, _), column)| *t == table && column.key > 0).collect();
        let known = |at: &(String, String)| Some(labels.get(at)?.len() as u64);
        let most = if let [(at, _)] = keys[..] { known(at).unwrap_or(rows) } else { rows };
        for n in 1..=rows.min(most) {
            let mut names = Vec::new();
            let mut values = Vec::new();
            for ((_, name), column) in
                types.range((table.clone(), String::new())..).take_while(|((t, _), _)| *t == table)
            {
                let own = (table.clone(), name.clone());
                let linked = links.contains_key(&own) || links.values().any(|to| *to == own);
                // Some are NULL where they may be: every third.
                let empty = !column.required && column.key == 0 && !linked && n % 3 == 0;
                names.push(quote(name));
                values.push(if empty { "NULL".to_owned() } else { value(&links, &types, labels, &own, n) });
            }
            let sql = format!("INSERT INTO {} ({}) VALUES ({})", quote(&table), names.join(", "), values.join(", "));
            run(connection, &sql)?;
            made += 1;
        }
    }
    run(connection, "COMMIT; PRAGMA foreign_keys=ON")?;
    Ok(made)
}

fn read_links(connection: &Connection) -> Result<Links> {
    let mut links = Links::new();
    for table in tables(connection)? {
        let sql = format!("SELECT \"from\", \"table\", \"to\" FROM pragma_foreign_key_list({})", literal(&table));
        for row in query(connection, &sql)? {
            if let [Some(from), Some(to), Some(column)] = &row[..] {
                links.insert((table.clone(), from.clone()), (to.clone(), column.clone()));
            }
        }
    }
    Ok(links)
}

fn value(
    links: &Links,
    types: &BTreeMap<(String, String), super::Column>,
    labels: &Labels,
    at: &(String, String),
    n: u64,
) -> String {
    // What points at what points … in a ring points at itself in the end.
    let mut end = at;
    for _ in 0..16 {
        match links.get(end) {
            Some(next) => end = next,
            None => break,
        }
    }
    let smallest = links.get(end).map(|_| {
        let mut ring = vec![end];
        while let Some(next) = links.get(ring[ring.len() - 1]).filter(|next| *next != ring[0] && ring.len() < 32) {
            ring.push(next);
        }
        ring.into_iter().min().unwrap_or(end)
    });
    let end = smallest.unwrap_or(end);
    if let Some(all) = labels.get(at).or_else(|| labels.get(end)).filter(|all| !all.is_empty()) {
        let place = usize::try_from(n).unwrap_or(0) % all.len();
        return literal(&all[place]);
    }
    let salt: u64 = end.1.bytes().map(u64::from).sum();
    let ty = types.get(end).map_or("TEXT", |c| c.ty.as_str());
    match ty.to_uppercase().as_str() {
        "INTEGER" | "BIGINT" | "INT" => n.to_string(),
        "REAL" | "DECIMAL" | "FLOAT" => format!("{n}.25"),
        "BOOLEAN" => ((n + salt) % 2).to_string(),
        "DATETIME" => format!("'2024-02-{:02} 10:20:30.123'", 1 + (n + salt) % 28),
        "JSONB" => literal(&format!("{{\"n\": {n}, \"text\": \"it's\"}}")),
        "BLOB" => format!("x'00ff{n:08x}'"),
        _ => literal(&match (n + salt) % 4 {
            0 => format!("Zoë O'Hara {n}"),
            1 => format!("say \"{n}\" 🚀"),
            2 => format!("two\nlines; -- {n}"),
            _ => format!("NULL {n}"),
        }),
    }
}
