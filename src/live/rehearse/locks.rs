//! The locks that a file takes, seen while its transaction is open, and those that the plan says it takes.

use crate::dialect::strength;
use crate::live::{Doing, Result};
use crate::script::Migration;
use postgres::Client;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// From this mode on somebody waits who only reads or writes: SHARE UPDATE EXCLUSIVE stops no one but other changes.
const STOPS: &str = "SHARE";

/// A lock that a file took on a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct LockSeen {
    /// The file, as `1-expand/0001_name/migration.sql`.
    pub file: String,
    /// The table, quoted where it has to be.
    pub table: String,
    /// The strongest mode that the plan names; None if it names none.
    pub claimed: Option<String>,
    /// The strongest that was held; None if there was none.
    pub traced: Option<String>,
}

/// What holds of the locks of a file in its transaction, which is still open: by oid of the table, the strongest mode.
pub(super) fn held(client: &mut Client) -> Result<BTreeMap<u32, String>> {
    let sql = "SELECT relation, mode FROM pg_catalog.pg_locks
               WHERE pid = pg_catalog.pg_backend_pid() AND locktype = 'relation' AND granted
                 AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())";
    let mut strongest: BTreeMap<u32, String> = BTreeMap::new();
    for row in client.query(sql, &[]).doing(|| "looking at the locks of a file".to_owned())? {
        let mode = words(row.get(1));
        let known = strongest.entry(row.get(0)).or_insert_with(|| mode.clone());
        if strength(&mode) > strength(known) {
            *known = mode;
        }
    }
    Ok(strongest)
}

/// `AccessExclusiveLock` as the manual writes it.
fn words(mode: &str) -> String {
    let bare = mode.strip_suffix("Lock").unwrap_or(mode);
    let mut words = String::new();
    for c in bare.chars() {
        if c.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(c.to_ascii_uppercase());
    }
    words
}

/// Both sides, table by table; tables by their oid are those that were there before the file.
pub(super) fn compare(
    file: &str,
    migration: &Migration,
    tables: &BTreeMap<u32, (String, u32)>,
    held: &BTreeMap<u32, String>,
) -> Vec<LockSeen> {
    let bare = |name: &str| name.replace('"', "");
    let mut claimed: BTreeMap<String, String> = BTreeMap::new();
    for lock in migration.statements.iter().flat_map(|statement| &statement.locks) {
        let known = claimed.entry(bare(&lock.table)).or_insert_with(|| lock.mode.clone());
        if strength(&lock.mode) > strength(known) {
            known.clone_from(&lock.mode);
        }
    }
    let mut all = Vec::new();
    for (oid, (name, _)) in tables {
        // Of the default schema a plan leaves the name out.
        let full = bare(name);
        let said = claimed.get(&full).or_else(|| claimed.get(full.strip_prefix("public.")?)).cloned();
        let traced = held.get(oid).cloned();
        if said.is_some() || traced.as_ref().is_some_and(|mode| strength(mode) >= strength(STOPS)) {
            all.push(LockSeen { file: file.to_owned(), table: name.clone(), claimed: said, traced });
        }
    }
    all
}

impl LockSeen {
    /// Was more held than was said, of what anybody would wait for?
    pub(super) fn is_understated(&self) -> bool {
        let of = |mode: &Option<String>| mode.as_deref().map(strength);
        let traced = of(&self.traced);
        traced >= Some(strength(STOPS)) && traced > of(&self.claimed)
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn modes_are_named_as_in_the_manual() {
        assert_eq!(words("AccessExclusiveLock"), "ACCESS EXCLUSIVE");
        assert_eq!(words("ShareRowExclusiveLock"), "SHARE ROW EXCLUSIVE");
        assert_eq!(words("ShareLock"), "SHARE");
    }
}
