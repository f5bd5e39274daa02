//! What a database holds, as text that can be compared.

use super::{columns, literal, query, tables};
use crate::live::Result;
use crate::live::snapshot::Catalog;
use rusqlite::Connection;

/// Every object that somebody could notice. The order of columns is not in it, nor are names of keys, which nothing can look up.
///
/// # Errors
/// The database cannot be read.
pub fn catalog(connection: &Connection) -> Result<Catalog> {
    let mut catalog = Catalog::default();
    let objects = &mut catalog.objects;
    for table in tables(connection)? {
        let name = literal(&table);
        let sql =
            query(connection, &format!("SELECT sql LIKE '%AUTOINCREMENT%' FROM sqlite_master WHERE name = {name}"))?;
        let numbered = sql.into_iter().flatten().flatten().any(|yes| yes == "1");
        objects.insert(format!("table {table}"), if numbered { "numbered" } else { "" }.to_owned());
        for column in columns(connection, &table)? {
            let required = if column.required { " not null" } else { "" };
            let default = column.default.map_or_else(String::new, |d| format!(" default {d}"));
            let key = if column.key > 0 { format!(" key {}", column.key) } else { String::new() };
            let words = format!("{}{required}{default}{key}", column.ty);
            objects.insert(format!("column main.{table}.{}", column.name), words);
        }
        let keys = format!(
            "SELECT group_concat(\"from\", ', ' ORDER BY seq), \"table\", group_concat(coalesce(\"to\", ''), ', ' ORDER BY seq), on_update, on_delete \
             FROM pragma_foreign_key_list({name}) GROUP BY id"
        );
        for key in query(connection, &keys)? {
            let part = |at: usize| key.get(at).cloned().flatten().unwrap_or_default();
            let id = format!("foreign key {table}({}) to {}({})", part(0), part(1), part(2));
            objects.insert(id, format!("on update {} on delete {}", part(3), part(4)));
        }
        let indexes = format!("SELECT name, \"unique\", origin FROM pragma_index_list({name}) WHERE origin <> 'pk'");
        for index in query(connection, &indexes)? {
            let part = |at: usize| index.get(at).cloned().flatten().unwrap_or_default();
            let of = literal(&part(0));
            let fields = query(
                connection,
                &format!(
                    "SELECT name || CASE WHEN \"desc\" THEN ' DESC' ELSE '' END FROM pragma_index_xinfo({of}) WHERE key ORDER BY seqno"
                ),
            )?;
            let fields: Vec<String> = fields.into_iter().flatten().flatten().collect();
            let condition = query(
                connection,
                &format!(
                    "SELECT substr(sql, instr(sql, ' WHERE ')) FROM sqlite_master WHERE name = {of} AND sql LIKE '% WHERE %'"
                ),
            )?;
            let condition = condition.into_iter().flatten().flatten().collect::<String>();
            let unique = if part(1) == "1" { "unique " } else { "" };
            let words = format!("{unique}on {table}({}){condition}", fields.join(", "));
            objects.insert(format!("index {}", part(0)), words);
        }
    }
    let others = "SELECT type || ' ' || name, sql FROM sqlite_master WHERE type IN ('view', 'trigger') \
                  UNION ALL SELECT 'helper ' || name, type FROM sqlite_temp_master";
    for other in query(connection, others)? {
        let mut parts = other.into_iter();
        let (key, sql) = (parts.next().flatten(), parts.next().flatten());
        objects.insert(key.unwrap_or_default(), sql.unwrap_or_default());
    }
    Ok(catalog)
}
