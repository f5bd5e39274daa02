//! The operator who brings back from a copy what a down said it could not.

use super::compare::Tables;
use crate::live::snapshot::TableName;
use crate::live::sql::{literal, qualified};
use crate::live::{Doing, Result, quote};
use postgres::Client;

/// Makes these tables hold what they held in the copy.
pub(super) fn tables(client: &mut Client, copy: &Tables, which: &[TableName]) -> Result<()> {
    if which.is_empty() {
        return Ok(());
    }
    let begin = || "bringing back rows from the copy".to_owned();
    let mut transaction = client.transaction().doing(begin)?;
    transaction.batch_execute("SET LOCAL session_replication_role = replica").doing(begin)?;
    for table in which {
        let Some(rows) = copy.get(table) else { continue };
        let into = qualified(&table.0, &table.1);
        let doing = || format!("bringing back the rows of {into}");
        transaction.batch_execute(&format!("DELETE FROM {into}")).doing(doing)?;
        let sql = "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass($1) AND attgenerated <> ''";
        let generated: Vec<String> =
            transaction.query(sql, &[&into]).doing(doing)?.iter().map(|row| row.get(0)).collect();
        let kept: Vec<usize> = (0..rows.columns.len()).filter(|at| !generated.contains(&rows.columns[*at])).collect();
        let names: Vec<String> = kept.iter().map(|at| quote(&rows.columns[*at])).collect();
        for chunk in rows.rows.chunks(500) {
            let value = |value: &Option<String>| value.as_ref().map_or("NULL".to_owned(), |text| literal(text));
            let tuple = |row: &Vec<Option<String>>| {
                format!("({})", kept.iter().map(|at| value(&row[*at])).collect::<Vec<_>>().join(", "))
            };
            let tuples: Vec<String> = chunk.iter().map(tuple).collect();
            let (names, tuples) = (names.join(", "), tuples.join(", "));
            let sql = format!("INSERT INTO {into} ({names}) OVERRIDING SYSTEM VALUE VALUES {tuples}");
            transaction.batch_execute(&sql).doing(doing)?;
        }
    }
    transaction.commit().doing(begin)
}
