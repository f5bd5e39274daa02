//! What left and what came: might one be the other under a new name?

use crate::catalog::{Column, ColumnId, Table, TableId, TableKind};
use crate::diff::Matched;
use foldhash::HashSet;

/// Something that left and something that came that may be the same, the likelier the higher the score (0 to 100).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate<T> {
    /// What left.
    pub old: T,
    /// What came.
    pub new: T,
    /// How likely.
    pub score: u32,
}

/// Columns of a table that left, each with those of its type that came, the likeliest first. (Real histories: a lone
/// same-typed pair is a rename about half of the time.)
pub fn column_candidates(matched: &Matched, table: TableId) -> Vec<(ColumnId, Vec<Candidate<ColumnId>>)> {
    let (Some(old), Some(new)) = (matched.catalogs.old.tables.get(&table), matched.catalogs.new.tables.get(&table))
    else {
        return Vec::new();
    };
    let renamed: HashSet<ColumnId> = matched.moved_columns().flat_map(|(_, a, b)| [*a, *b]).collect();
    let came: Vec<(ColumnId, &Column, usize)> = new
        .columns
        .iter()
        .enumerate()
        .filter(|(_, (id, _))| !old.columns.contains_key(*id) && !renamed.contains(*id))
        .map(|(at, (id, c))| (*id, c, at))
        .collect();
    let mut all = Vec::new();
    for (at, (id, column)) in old.columns.iter().enumerate() {
        if new.columns.contains_key(id) || renamed.contains(id) {
            continue;
        }
        let mut candidates: Vec<Candidate<ColumnId>> = came
            .iter()
            .filter(|(_, c, _)| c.ty == column.ty && c.default_is_sequence() == column.default_is_sequence())
            .map(|(new, c, place)| {
                let near = if at.abs_diff(*place) <= 1 { 15 } else { 0 };
                let alike = if c.nullable == column.nullable { 5 } else { 0 };
                Candidate {
                    old: *id,
                    new: *new,
                    score: (name_likeness(&column.name, &c.name) * 80 / 100 + near + alike).min(100),
                }
            })
            .collect();
        candidates.sort_by_key(|c| (std::cmp::Reverse(c.score), c.new));
        if !candidates.is_empty() {
            all.push((*id, candidates));
        }
    }
    all
}

/// Tables that left, each with those that came and share at least half of their columns.
pub fn table_candidates(matched: &Matched) -> Vec<(TableId, Vec<Candidate<TableId>>)> {
    let (old, new) = (&matched.catalogs.old, &matched.catalogs.new);
    let came: Vec<(TableId, &Table)> =
        new.tables.iter().filter(|(id, _)| !old.tables.contains_key(*id)).map(|(id, t)| (*id, &**t)).collect();
    let mut all = Vec::new();
    for (id, table) in old.tables.iter().filter(|(id, _)| !new.tables.contains_key(*id)) {
        let mut candidates: Vec<Candidate<TableId>> = came
            .iter()
            .filter(|(_, t)| matches!(t.kind, TableKind::Model) == matches!(table.kind, TableKind::Model))
            .map(|(new, t)| Candidate { old: *id, new: *new, score: table_likeness(table, t) })
            .filter(|c| c.score >= 50)
            .collect();
        candidates.sort_by_key(|c| (std::cmp::Reverse(c.score), c.new));
        if !candidates.is_empty() {
            all.push((*id, candidates));
        }
    }
    all
}

/// How many of their columns have the same name and type. Join tables all look alike: they must link the same tables.
fn table_likeness(a: &Table, b: &Table) -> u32 {
    if !matches!(a.kind, TableKind::Model) {
        let ends = |t: &Table| {
            let mut ends: Vec<TableId> = t.foreign_keys.values().map(|k| k.references).collect();
            ends.sort_unstable();
            ends
        };
        return if ends(a) == ends(b) { 90 } else { 0 };
    }
    let signature = |t: &Table| t.columns.values().map(|c| (c.name.clone(), c.ty.list)).collect::<HashSet<_>>();
    let (x, y) = (signature(a), signature(b));
    let most = x.len().max(y.len()).max(1);
    u32::try_from(x.intersection(&y).count() * 100 / most).unwrap_or(0)
}

/// 0 to 100: the pairs of letters that two names share.
fn name_likeness(a: &str, b: &str) -> u32 {
    let letters = |s: &str| s.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect::<Vec<_>>();
    let (a, b) = (letters(a), letters(b));
    if a == b {
        return 100;
    }
    let pairs = |l: &[char]| l.windows(2).map(|w| (w[0], w[1])).collect::<Vec<_>>();
    let (x, mut y) = (pairs(&a), pairs(&b));
    let total = x.len() + y.len();
    let mut shared: usize = 0;
    for p in x {
        if let Some(i) = y.iter().position(|q| *q == p) {
            y.swap_remove(i);
            shared += 1;
        }
    }
    (shared * 200).checked_div(total).and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
}
