//! The page: kinds of statements, with what is named and what was seen.

use prisma_stage::dialect::strength;
use std::collections::{BTreeMap, BTreeSet};

/// By kind and named mode: by version, the modes that were held.
#[derive(Default)]
pub struct Page {
    rows: BTreeMap<(String, String), BTreeMap<String, BTreeSet<String>>>,
    /// Versions that were looked at in this run: what was written of them before counts no more.
    fresh: BTreeSet<String>,
}

const HEAD: &str = "# Locks

Which locks the statements of plans take on tables that stand: `claimed` is what the plan names beside the statement, the other columns what a server of
that version was seen to hold when every plan of `corpus/change` was run on it, statement by statement. Written by `BLESS=1 make locks`, on another version with
`PG=17`; `make locks` holds the page to the server at hand. A kind has several rows where plans name different modes, for different tables
or for the sake of a guard. Locks that stop nobody who reads or writes (up to SHARE UPDATE EXCLUSIVE) are listed only where the plan names them. Indexes that are built or dropped
beside running work were looked at while they waited for a writer. What each mode stops is in the manual
(<https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES>).

Every rehearsal does the same for the files that it runs (`rehearse.md`), and so does `make prove`.

";

impl Page {
    /// What was written before.
    pub fn read(text: &str) -> Page {
        let mut page = Page::default();
        let mut versions: Vec<String> = Vec::new();
        for line in text.lines().filter(|line| line.starts_with('|')) {
            let cells: Vec<&str> =
                line.trim_matches('|').split(" | ").map(|cell| cell.trim().trim_matches('`')).collect();
            match cells.as_slice() {
                ["statement", "claimed", rest @ ..] => versions = rest.iter().map(|v| (*v).to_owned()).collect(),
                [kind, claimed, rest @ ..] if !kind.starts_with("---") => {
                    let row = page.rows.entry(((*kind).to_owned(), (*claimed).to_owned())).or_default();
                    for (version, cell) in versions.iter().zip(rest).filter(|(_, cell)| **cell != "-") {
                        row.insert(version.clone(), cell.split(", ").map(str::to_owned).collect());
                    }
                }
                _ => {}
            }
        }
        page
    }

    /// What was seen of a statement.
    pub fn add(&mut self, version: &str, kind: &str, seen: Vec<(String, String)>) {
        if self.fresh.insert(version.to_owned()) {
            self.rows.values_mut().for_each(|row| drop(row.remove(version)));
        }
        for (claimed, traced) in seen {
            let row = self.rows.entry((kind.to_owned(), claimed)).or_default();
            row.entry(version.to_owned()).or_default().insert(traced);
        }
    }

    /// Where more was held than is named.
    pub fn mismatches(&self, version: &str) -> Vec<String> {
        let wrong = self.rows.iter().filter_map(|((kind, claimed), row)| {
            let named = if claimed == "none" { None } else { Some(strength(claimed)) };
            let more = row.get(version)?.iter().find(|mode| *mode != "none" && Some(strength(mode)) > named)?;
            Some(format!("{kind}: {more} was held, and plans name {claimed}"))
        });
        wrong.collect()
    }

    /// The page.
    pub fn text(&self) -> String {
        let versions: BTreeSet<&String> = self.rows.values().flat_map(BTreeMap::keys).collect();
        let names: Vec<&str> = versions.iter().map(|version| version.as_str()).collect();
        let mut text =
            format!("{HEAD}| statement | claimed | {} |\n|---|---|{}\n", names.join(" | "), "---|".repeat(names.len()));
        for ((kind, claimed), row) in self.rows.iter().filter(|(_, row)| !row.is_empty()) {
            let cell = |version: &&String| {
                row.get(*version).map_or("-".to_owned(), |modes| modes.iter().cloned().collect::<Vec<_>>().join(", "))
            };
            let cells: Vec<String> = versions.iter().map(cell).collect();
            text += &format!("| `{kind}` | {claimed} | {} |\n", cells.join(" | "));
        }
        text
    }
}
