//! What makes a file right that is run again from its beginning, though some of it is done: a statement that would undo what comes
//! after it runs only while that has not come.

use super::alter::{guarded, renaming};
use super::quote::name;
use super::{Mysql, Spelled, Vendor, backfill};
use crate::catalog::{Catalog, Table, TableId};
use crate::op::{Op, Run};

/// The statements that lead to `after`, each only while its table has the names of columns that it has there, if the file gives it
/// others before its end.
pub(super) fn until_renamed(all: Vec<Spelled>, after: &Catalog, end: &Catalog) -> Vec<Spelled> {
    let due = after.tables.iter().filter_map(|(id, now)| Some((name(&now.name), renaming(now, end.tables.get(id)?)?)));
    let due: Vec<(String, String)> = due.collect();
    let one = |spelled: Spelled| {
        let of = due.iter().find(|(table, _)| spelled.locks.iter().any(|lock| lock.table == *table));
        match of {
            // What looks whether it is there finds no column by its old name either.
            Some((_, condition)) if !spelled.sql.contains("SET @ps = IF(") => only_while(condition, spelled),
            Some(_) | None => spelled,
        }
    };
    all.into_iter().map(one).collect()
}

/// An op that is no matter of shape. Where the file gives columns of its table other names behind it, rows are changed only while
/// they have those that it knows; so is a trigger made, by a server that looks at what it says though one of its name is there:
/// MariaDB. MySQL leaves it (seen on 10.11 and on 9.7).
pub(super) fn before_names(server: Mysql, op: &Op, run: &Run, end: &Catalog) -> Vec<Spelled> {
    let due = |on: TableId| {
        let was: &Table = run.catalog.tables.get(&on)?;
        renaming(was, end.tables.get(&on)?)
    };
    match op {
        Op::Backfill(fill) => backfill::spell(&run.catalog, fill, due(fill.table).as_deref()),
        Op::CreateTrigger(_, trigger) => {
            let all = super::spell(server, op, run);
            match due(trigger.table).filter(|_| server.vendor == Vendor::Mariadb) {
                Some(condition) => all.into_iter().map(|one| only_while(&condition, one)).collect(),
                None => all,
            }
        }
        other => super::spell(server, other, run),
    }
}

/// A statement that runs only where a condition holds, be it prepared already or not.
pub(super) fn only_while(condition: &str, spelled: Spelled) -> Spelled {
    let prepared = spelled.sql.rsplit_once("SET @ps = ").and_then(|(looks, rest)| {
        let (value, end) = rest.split_once(";\nPREPARE ps")?;
        Some(format!("{looks}SET @ps = IF({condition}, {value}, 'DO 0');\nPREPARE ps{end}"))
    });
    let sql = prepared.unwrap_or_else(|| guarded(condition, &spelled.sql).sql);
    Spelled { sql, ..spelled }
}

#[cfg(test)]
mod tests {
    use super::{Spelled, only_while};

    #[test]
    fn a_statement_that_is_prepared_is_prepared_once() {
        let plain = only_while("EXISTS (x)", Spelled::new("ALTER TABLE `a` MODIFY `b` INT"));
        assert!(plain.sql.starts_with("SET @ps = IF(EXISTS (x), 'ALTER TABLE `a` MODIFY `b` INT', 'DO 0');\nPREPARE"));
        let looked = "SET @ps_0 = 1;\nSET @ps = CONCAT('ALTER', @ps_0);\nPREPARE ps FROM @ps;\nEXECUTE ps;\nDEALLOCATE PREPARE ps";
        let prepared = only_while("EXISTS (x)", Spelled::new(looked)).sql;
        assert!(prepared.contains("SET @ps = IF(EXISTS (x), CONCAT('ALTER', @ps_0), 'DO 0');\nPREPARE"), "{prepared}");
        assert_eq!(prepared.matches("PREPARE ps FROM").count(), 1);
    }
}
