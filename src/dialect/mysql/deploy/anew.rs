//! What a column has that no schema speaks of, and `MODIFY` would take away
//! (<https://dev.mysql.com/doc/refman/8.4/en/alter-table.html#alter-table-redefine-column>). A deploy request cannot ask for it, so
//! somebody does before.

use super::super::copy::split;
use super::super::quote::literal;
use crate::dialect::{Asked, Level};

/// The tables and columns of a statement that says columns anew.
pub(in crate::dialect::mysql) fn said_anew(sql: &str) -> Vec<(String, String)> {
    let Some((table, rest)) = sql.strip_prefix("ALTER TABLE `").and_then(split) else { return Vec::new() };
    let parts = rest.lines().filter_map(|line| split(line.trim_start().strip_prefix("MODIFY COLUMN `")?));
    // JSON has no collation, but for MariaDB, where it is text.
    parts.filter(|(_, what)| !what.starts_with("JSON")).map(|(column, _)| (table.clone(), column)).collect()
}

/// Queries that find what would go. Each asks one table of `information_schema`, by the schema, since Vitess joins no two
/// (<https://github.com/planetscale/discussion/discussions/161>).
pub(in crate::dialect::mysql) fn look(anew: &[(String, String)]) -> Vec<Asked> {
    if anew.is_empty() {
        return Vec::new();
    }
    let mut tables: Vec<&String> = anew.iter().map(|(table, _)| table).collect();
    tables.dedup();
    let of = |table: &String| {
        let columns = anew.iter().filter(|(own, _)| own == table).map(|(_, column)| literal(column));
        let mut columns: Vec<String> = columns.collect();
        columns.dedup();
        format!("table_name = {} AND column_name IN ({})", literal(table), columns.join(", "))
    };
    let each = |condition: &dyn Fn(&String) -> String| {
        tables.iter().map(|table| format!("({}{})", of(table), condition(table))).collect::<Vec<_>>().join("\n    OR ")
    };
    let ask = |name: &str, about: &str, what: &str, condition: String| Asked {
        name: name.to_owned(),
        about: about.to_owned(),
        sql: format!(
            "SELECT {} AS `problem`, table_name, column_name, {what} FROM information_schema.columns\n  WHERE table_schema = DATABASE() AND ({condition})",
            literal(name)
        ),
        level: Level::Server,
    };
    let own = " AND (column_comment <> '' OR extra LIKE '%on update%' OR extra LIKE '%INVISIBLE%' OR extra LIKE '%GENERATED%' AND extra NOT LIKE '%DEFAULT_GENERATED%')";
    let collation = |table: &String| {
        format!(
            " AND collation_name <> (SELECT table_collation FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = {})",
            literal(table)
        )
    };
    vec![
        ask(
            "MODIFY would take away a COMMENT, an ON UPDATE, INVISIBLE or a generated value",
            "the column is said anew, by the schema, which does not speak of it: put it behind MODIFY COLUMN in the file, or take it away first if nobody needs it",
            "column_comment, extra",
            each(&|_| own.to_owned()),
        ),
        ask(
            "MODIFY would give a column the collation of its table",
            "it has one of its own, of which the schema does not speak: put COLLATE with its name behind the type in the file, or change it first if nobody needs it",
            "collation_name",
            each(&collation),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::said_anew;

    #[test]
    fn columns_are_found_by_their_names() {
        let sql =
            "ALTER TABLE `a``b`\n  DROP INDEX `i`,\n  MODIFY COLUMN `c` INTEGER NULL,\n  MODIFY COLUMN `j` JSON NULL";
        assert_eq!(said_anew(sql), [("a`b".to_owned(), "c".to_owned())]);
        assert!(said_anew("CREATE TABLE `a` (`MODIFY COLUMN ` INTEGER)").is_empty());
    }
}
