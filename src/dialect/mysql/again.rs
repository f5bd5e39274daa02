//! What makes a file right that is run again from its beginning, though some of it is done: a statement that would undo what comes
//! after it runs only while that has not come.

use super::Spelled;
use super::alter::{guarded, renaming};
use super::quote::name;
use crate::catalog::Catalog;

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
