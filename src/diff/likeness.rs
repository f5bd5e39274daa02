//! What left and what came: might one be the other under a new name?
//!
//! Only like is held against like: columns of one type in one table, tables by the names of their columns. Where very many of
//! one kind left and came, those whose names have most in common are looked at, so that the cost stays in proportion.

use crate::catalog::{Column, ColumnId, ColumnType, Table, TableId, TableKind};
use crate::diff::Matched;
use foldhash::{HashMap, HashSet};

/// So many candidates of one that left are worth a person's time.
const MOST: usize = 5;

/// A group of so many is small enough to hold each against each.
const SMALL: usize = 24;

/// Something that left and something that came that may be the same, the likelier the higher the score (0 to 100).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate<T> {
    /// What left.
    pub old: T,
    /// What came.
    pub new: T,
    /// How likely.
    pub score: u32,
    /// What speaks for it and against it, in words: `the same type`, `names 62% alike`.
    pub evidence: Vec<String>,
}

/// A column that left or came: its place in the table, and what else is said of it.
struct Placed<'a> {
    id: ColumnId,
    column: &'a Column,
    place: usize,
    keys: Vec<&'static str>,
    /// The relation to its own table that it keeps.
    end: Option<&'a str>,
}

/// Columns of a table that left, each with those of its type that came, the likeliest first; those that are known to go on as
/// another are in `moved`. (Real histories: a lone
/// same-typed pair is a rename about half of the time.)
pub fn column_candidates(
    matched: &Matched,
    table: TableId,
    moved: &HashSet<ColumnId>,
) -> Vec<(ColumnId, Vec<Candidate<ColumnId>>)> {
    let (Some(old), Some(new)) = (matched.catalogs.old.tables.get(&table), matched.catalogs.new.tables.get(&table))
    else {
        return Vec::new();
    };
    if std::sync::Arc::ptr_eq(old, new) {
        return Vec::new();
    }
    let left = placed((table, old), |id| !new.columns.contains_key(id) && !moved.contains(id));
    if left.is_empty() {
        return Vec::new();
    }
    let came = placed((table, new), |id| !old.columns.contains_key(id) && !moved.contains(id));
    let mut groups: HashMap<(&ColumnType, bool), Vec<&Placed>> = HashMap::default();
    for one in &came {
        groups.entry((&one.column.ty, one.column.default_is_sequence())).or_default().push(one);
    }
    let names: HashMap<(&ColumnType, bool), Index> =
        groups.iter().map(|(key, group)| (*key, Index::of(group.iter().map(|c| &*c.column.name)))).collect();
    let mut all = Vec::new();
    for was in &left {
        let key = (&was.column.ty, was.column.default_is_sequence());
        let Some((group, index)) = groups.get(&key).zip(names.get(&key)) else { continue };
        let near = index.near(&was.column.name).into_iter().map(|at| score(was, group[at]));
        all.push((was.id, best(near.collect())));
    }
    all
}

fn placed<'a>((on, table): (TableId, &'a Table), is_wanted: impl Fn(&ColumnId) -> bool) -> Vec<Placed<'a>> {
    let columns = table.columns.iter().enumerate().filter(|(_, (id, _))| is_wanted(id));
    let own = |id: &ColumnId| table.foreign_keys.values().find(|k| k.references == on && k.columns.contains(id));
    let end = |id: &ColumnId| own(id).map(|key| key.origin.item.as_str());
    columns
        .map(|(place, (id, column))| Placed { id: *id, column, place, keys: keys(table, *id), end: end(id) })
        .collect()
}

/// What is said of a column beside its type.
fn keys(table: &Table, id: ColumnId) -> Vec<&'static str> {
    let unique = table.indexes.values().any(|i| i.unique && i.columns.len() == 1 && i.columns[0].column == id);
    let indexed = table.indexes.values().any(|i| !i.unique && i.columns.first().is_some_and(|c| c.column == id));
    let points = table.foreign_keys.values().any(|k| k.columns.contains(&id));
    let keyed = table.primary_key.iter().any(|k| k.columns.iter().any(|c| c.column == id));
    let all = [(keyed, "part of the key"), (unique, "unique"), (indexed, "indexed"), (points, "a foreign key")];
    all.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect()
}

fn score(was: &Placed, now: &Placed) -> Candidate<ColumnId> {
    let (a, b) = (was.column, now.column);
    let names = name_likeness(&a.name, &b.name);
    let mut evidence = vec![format!("names {names}% alike"), "the same type".to_owned()];
    let mut score = names * 70 / 100;
    let mut weigh = |holds: bool, weight: u32, pro: &str, contra: &str| {
        if holds {
            score += weight;
        }
        let word = if holds { pro } else { contra };
        if !word.is_empty() {
            evidence.push(word.to_owned());
        }
    };
    weigh(was.place.abs_diff(now.place) <= 1, 15, "in its place", "in another place");
    let optional = if b.nullable { "optional, which it was not" } else { "required, which it was not" };
    weigh(a.nullable == b.nullable, 5, "", optional);
    weigh(a.default == b.default && a.client_default == b.client_default, 5, "", "another default");
    let same_keys = if now.keys.is_empty() { String::new() } else { format!("as before {}", now.keys.join(", ")) };
    weigh(was.keys == now.keys, 5, &same_keys, "other keys and indexes");
    if let (Some(was), Some(now)) = (was.end, now.end)
        && was != now
    {
        score /= 2;
        evidence.push(format!(
            "its relation to its own table is {now} and was {was}: if the two ends changed places, every link is turned round by a rename"
        ));
    }
    Candidate { old: was.id, new: now.id, score: score.min(100), evidence }
}

fn best<T: Ord>(mut candidates: Vec<Candidate<T>>) -> Vec<Candidate<T>> {
    candidates.sort_by(|a, b| b.score.cmp(&a.score).then(a.new.cmp(&b.new)));
    candidates.truncate(MOST);
    candidates
}

/// Finds names that have letters in common with another, without a look at all of them.
struct Index {
    count: usize,
    by_pair: HashMap<(char, char), Vec<usize>>,
    pairs: Vec<usize>,
}

impl Index {
    fn of<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut index = Index { count: 0, by_pair: HashMap::default(), pairs: Vec::new() };
        for name in names {
            let pairs: HashSet<(char, char)> = pairs(&letters(name)).into_iter().collect();
            index.pairs.push(pairs.len());
            for pair in pairs {
                index.by_pair.entry(pair).or_default().push(index.count);
            }
            index.count += 1;
        }
        index
    }

    /// Those that may be most like a name, by their numbers in order; of a small group all.
    fn near(&self, name: &str) -> Vec<usize> {
        if self.count <= SMALL {
            return (0..self.count).collect();
        }
        // Pairs of letters that are everywhere tell nothing.
        let common = SMALL * 2;
        let mut shared: HashMap<usize, usize> = HashMap::default();
        let own: HashSet<(char, char)> = pairs(&letters(name)).into_iter().collect();
        for found in own.iter().filter_map(|pair| self.by_pair.get(pair)).filter(|found| found.len() <= common) {
            for at in found {
                *shared.entry(*at).or_default() += 1;
            }
        }
        let mut near: Vec<(usize, usize)> = shared.into_iter().collect();
        let likeness = |(at, shared): &(usize, usize)| shared * 1_000 / (own.len() + self.pairs[*at]).max(1);
        near.sort_by(|a, b| likeness(b).cmp(&likeness(a)).then(a.0.cmp(&b.0)));
        let mut near: Vec<usize> = near.into_iter().take(SMALL).map(|(at, _)| at).collect();
        if near.is_empty() {
            // Nothing in common with any: the first ones, so that the question is asked all the same.
            near.extend(0..MOST.min(self.count));
        }
        near.sort_unstable();
        near
    }
}

/// Tables that left, each with those that came and share at least half of their columns.
pub fn table_candidates(matched: &Matched) -> Vec<(TableId, Vec<Candidate<TableId>>)> {
    let (old, new) = (&matched.catalogs.old, &matched.catalogs.new);
    let left: Vec<(TableId, &Table)> =
        old.tables.iter().filter(|(id, _)| !new.tables.contains_key(*id)).map(|(id, t)| (*id, &**t)).collect();
    if left.is_empty() {
        return Vec::new();
    }
    let came: Vec<(TableId, &Table)> =
        new.tables.iter().filter(|(id, _)| !old.tables.contains_key(*id)).map(|(id, t)| (*id, &**t)).collect();
    // Who has a column of this name? A table that shares half of its columns with another has a rare one among them, unless
    // all of them are in nearly every table.
    let mut by_signature: HashMap<(&str, bool), Vec<usize>> = HashMap::default();
    let mut joins: HashMap<Vec<TableId>, Vec<usize>> = HashMap::default();
    let mut links: HashMap<Vec<TableId>, Vec<usize>> = HashMap::default();
    for (at, (_, table)) in came.iter().enumerate() {
        for pair in linked(table) {
            links.entry(pair).or_default().push(at);
        }
        if is_join(table) {
            joins.entry(ends(table)).or_default().push(at);
            continue;
        }
        for signature in signatures(table) {
            by_signature.entry(signature).or_default().push(at);
        }
    }
    let mut all = Vec::new();
    for (id, table) in left {
        let mut near: Vec<usize> = if is_join(table) {
            joins.get(&ends(table)).cloned().unwrap_or_default()
        } else {
            sharing(table, &came, &by_signature)
        };
        // Links of a relation may be a model's rows now, and the other way round.
        if is_join(table) {
            near.extend(links.get(&ends(table)).into_iter().flatten());
        } else {
            near.extend(linked(table).iter().filter_map(|pair| joins.get(pair)).flatten());
        }
        let candidates = near.into_iter().map(|at| {
            let (score, evidence) = table_likeness(table, came[at].1);
            Candidate { old: id, new: came[at].0, score, evidence }
        });
        let candidates = best(candidates.filter(|c| c.score >= 50).collect());
        if !candidates.is_empty() {
            all.push((id, candidates));
        }
    }
    all
}

/// The tables that share most names of columns with one.
fn sharing(table: &Table, came: &[(TableId, &Table)], by_signature: &HashMap<(&str, bool), Vec<usize>>) -> Vec<usize> {
    if came.len() <= SMALL {
        return (0..came.len()).filter(|at| !is_join(came[*at].1)).collect();
    }
    let mut found: Vec<&Vec<usize>> = signatures(table).filter_map(|s| by_signature.get(&s)).collect();
    // The rarest names first, and no more tables than are worth a look.
    found.sort_by_key(|tables| tables.len());
    let mut near: Vec<usize> = Vec::new();
    let mut seen: HashSet<usize> = HashSet::default();
    for at in found.into_iter().flatten() {
        if near.len() == SMALL * 4 {
            break;
        }
        if seen.insert(*at) {
            near.push(*at);
        }
    }
    near
}

fn is_join(table: &Table) -> bool {
    match table.kind {
        TableKind::Model => false,
        TableKind::Join { .. } => true,
    }
}

fn ends(table: &Table) -> Vec<TableId> {
    let mut ends: Vec<TableId> = table.foreign_keys.values().map(|k| k.references).collect();
    ends.sort_unstable();
    ends
}

/// The pairs of tables that a model's rows may be links of: a model with more than a few foreign keys is none of links.
fn linked(table: &Table) -> Vec<Vec<TableId>> {
    let single = table.foreign_keys.values().filter(|k| k.columns.len() == 1);
    let targets: Vec<TableId> = single.map(|k| k.references).collect();
    if is_join(table) || targets.len() > 4 {
        return Vec::new();
    }
    let mut pairs = Vec::new();
    for (at, a) in targets.iter().enumerate() {
        for b in &targets[at + 1..] {
            let mut pair = vec![*a, *b];
            pair.sort_unstable();
            if !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
    }
    pairs
}

fn signatures(table: &Table) -> impl Iterator<Item = (&str, bool)> {
    table.columns.values().map(|c| (c.name.as_str(), c.ty.list))
}

/// How many of their columns have the same name and type. Join tables all look alike: they link the same tables.
fn table_likeness(a: &Table, b: &Table) -> (u32, Vec<String>) {
    if is_join(a) != is_join(b) {
        return (80, vec!["both link the same two tables".to_owned()]);
    }
    if is_join(a) {
        return (90, vec!["both link the same two tables".to_owned()]);
    }
    let (x, y): (HashSet<_>, HashSet<_>) = (signatures(a).collect(), signatures(b).collect());
    let most = x.len().max(y.len()).max(1);
    let shared = x.intersection(&y).count();
    let score = u32::try_from(shared * 100 / most).unwrap_or(0);
    let names = name_likeness(&a.name.name, &b.name.name);
    (score, vec![format!("{shared} of {most} columns have the same names"), format!("names {names}% alike")])
}

fn letters(name: &str) -> Vec<char> {
    name.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}

fn pairs(letters: &[char]) -> Vec<(char, char)> {
    letters.windows(2).map(|w| (w[0], w[1])).collect()
}

/// 0 to 100: the pairs of letters that two names share.
fn name_likeness(a: &str, b: &str) -> u32 {
    let (a, b) = (letters(a), letters(b));
    if a == b {
        return 100;
    }
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
