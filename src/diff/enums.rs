//! Enums that go on, and what becomes of their values.

use super::{Matched, Renumber};
use crate::catalog::{Catalog, Enum, EnumId, Name};
use crate::dialect::Labels;
use crate::intent::{Intent, Path};
use crate::source::Span;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A value that gets another label in place: its rows and defaults follow by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenamedValue {
    /// The enum.
    pub of: EnumId,
    /// Its label in OLD.
    pub from: String,
    /// Its label in NEW.
    pub to: String,
    /// Where that was said; None where only the label changes and the value keeps its name.
    pub said: Option<String>,
}

/// An enum that values left. A database cannot take a value out of a type, so the type is made anew: for a while both exist,
/// and the columns of the one become columns of the other.
#[derive(Clone, Debug)]
pub struct RemadeEnum {
    /// The enum of OLD.
    pub old: EnumId,
    /// That of NEW.
    pub new: EnumId,
    /// The labels that left, in order, and what becomes of rows that hold them.
    pub left: Vec<(String, Becomes)>,
}

/// What becomes of rows that hold a value which left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Becomes {
    /// They hold this label.
    Another {
        /// A label of NEW.
        label: String,
        /// Where it was said; None where only the label changes and the value keeps its name.
        said: Option<String>,
    },
    /// No row may hold it.
    Nothing {
        /// Where it was said.
        said: String,
    },
    /// What was said is no value of the enum.
    Unknown {
        /// What was said.
        value: String,
        /// Where.
        said: String,
        /// The place, where there is one.
        span: Option<Span>,
    },
    /// Nobody has said.
    Open,
}

/// Finds enums that are the same, values that are renamed, and enums that have to be made anew.
pub fn pair(
    old: &Catalog,
    new: &Catalog,
    (intent, labels): (&Intent, Labels),
    map: &mut Renumber,
    matched: &mut Matched,
) {
    for (from, to) in same(old, new, intent) {
        let (was, now) = (&old.enums[&from], &new.enums[&to]);
        let mut left = values_that_left(was, now, intent);
        match exchange(from, was, now, intent) {
            Exchange::Open(all) => matched.exchanged_values.extend(all),
            Exchange::ValuesStay => {}
            Exchange::Move(renamed) => {
                let others: Vec<_> =
                    left.iter().filter(|(l, _)| !renamed.iter().any(|r| r.from == *l)).cloned().collect();
                if others.is_empty() {
                    map.enums.insert(to, from);
                    matched.renamed_values.extend(renamed);
                    continue;
                }
                // At once with values that leave: the type would be made anew, and no row could be told from another.
                matched.exchanged_at_once.push(from);
                matched.exchanged_values.extend(renamed.into_iter().map(|r| (from, r.from, r.to)));
                left = others;
            }
        }
        let came = |label: &String| !was.values.contains(label);
        let mut taken = HashSet::new();
        let in_place = left.iter().all(|(_, becomes)| match becomes {
            Becomes::Another { label, .. } => came(label) && taken.insert(label.clone()),
            Becomes::Nothing { .. } | Becomes::Unknown { .. } | Becomes::Open => false,
        });
        // Where rows hold a label itself, another one takes its place in them.
        let kept = labels == Labels::Last && !left.is_empty();
        if !in_place || kept {
            matched.remade_enums.push(RemadeEnum { old: from, new: to, left });
            continue;
        }
        map.enums.insert(to, from);
        matched.renamed_values.extend(left.into_iter().filter_map(|(label, becomes)| match becomes {
            Becomes::Another { label: to, said } => Some(RenamedValue { of: from, from: label, to, said }),
            Becomes::Nothing { .. } | Becomes::Unknown { .. } | Becomes::Open => None,
        }));
    }
}

/// Enums of both: by what was said, then by the name in the database, then by the name in Prisma.
fn same(old: &Catalog, new: &Catalog, intent: &Intent) -> Vec<(EnumId, EnumId)> {
    let by_name: HashMap<&Name, EnumId> = old.enums.iter().map(|(id, e)| (&e.name, *id)).collect();
    let by_model: HashMap<&str, EnumId> = old.enums.iter().map(|(id, e)| (e.origin.model.as_str(), *id)).collect();
    let mut taken = HashSet::new();
    let mut found: HashMap<EnumId, EnumId> = HashMap::new();
    for (id, e) in &new.enums {
        if let Some(same) = by_name.get(&e.name) {
            taken.insert(*same);
            found.insert(*id, *same);
        }
    }
    for (id, e) in new.enums.iter() {
        let Some(((from, _), said)) = intent.renames.get(&(e.origin.model.clone(), String::new())) else { continue };
        let Some(from) = by_model.get(from.as_str()) else { continue };
        // A comment stays after its plan is done.
        if found.get(id) == Some(from) {
            said.used.set(true);
        } else if !found.contains_key(id) && taken.insert(*from) {
            said.used.set(true);
            found.insert(*id, *from);
        }
    }
    for (id, e) in &new.enums {
        if let Some(same) =
            by_model.get(e.origin.model.as_str()).filter(|same| !found.contains_key(id) && taken.insert(**same))
        {
            found.insert(*id, *same);
        }
    }
    new.enums.keys().filter_map(|id| Some((*found.get(id)?, *id))).collect()
}

/// What becomes of rows whose labels are another value's now.
enum Exchange {
    /// There are none.
    ValuesStay,
    /// Nobody has said: (enum, label, value).
    Open(Vec<(EnumId, String, String)>),
    /// They go with their values.
    Move(Vec<RenamedValue>),
}

fn exchange(id: EnumId, was: &Enum, now: &Enum, intent: &Intent) -> Exchange {
    let crossing: Vec<(String, String)> = exchanged(was, now, intent).collect();
    let said = |value: &str| {
        let found = intent.values.get(&(now.origin.model.clone(), value.to_owned()))?;
        found.1.used.set(true);
        Some(found)
    };
    let itself = |value: &str| said(value).is_some_and(|(to, _)| to.as_deref() == Some(value));
    if crossing.iter().any(|(_, value)| said(value).is_none()) {
        return Exchange::Open(crossing.into_iter().map(|(label, value)| (id, label, value)).collect());
    }
    if !crossing.iter().any(|(_, value)| itself(value)) {
        return Exchange::ValuesStay;
    }
    let labels = intent.labels.iter().filter(|((e, _), _)| *e == now.origin.model);
    let moved = labels.filter_map(|((_, value), to)| {
        let from = intent.labels_before.get(&(was.origin.model.clone(), value.clone())).filter(|from| *from != to)?;
        let source = said(value).map_or_else(|| "the schema".to_owned(), |(_, said)| said.source.clone());
        Some(RenamedValue { of: id, from: from.clone(), to: to.clone(), said: Some(source) })
    });
    Exchange::Move(moved.collect())
}

/// Labels that are another value's now, while one of the two values has the other's place: nobody has said whether the rows
/// are to move along.
fn exchanged<'a>(was: &'a Enum, now: &'a Enum, intent: &'a Intent) -> impl Iterator<Item = (String, String)> + 'a {
    let value = |of: &'a Enum, labels: &'a BTreeMap<Path, String>, label: &str| {
        let found = labels.iter().find(|((e, _), other)| *e == of.origin.model && *other == label);
        found.map_or_else(|| label.to_owned(), |((_, value), _)| value.clone())
    };
    let has = |of: &Enum, labels: &BTreeMap<Path, String>, value: &str| {
        labels.contains_key(&(of.origin.model.clone(), value.to_owned()))
    };
    now.values.iter().filter(|label| was.values.contains(label)).filter_map(move |label| {
        let (old, new) = (value(was, &intent.labels_before, label), value(now, &intent.labels, label));
        let moved = old != new && (has(was, &intent.labels_before, &new) || has(now, &intent.labels, &old));
        moved.then(|| (label.clone(), new))
    })
}

/// The labels of OLD that NEW has not, and what was said of them.
fn values_that_left(was: &Enum, now: &Enum, intent: &Intent) -> Vec<(String, Becomes)> {
    let left = was.values.iter().filter(|label| !now.values.contains(label));
    left.map(|label| (label.clone(), becomes(label, was, now, intent))).collect()
}

fn becomes(label: &str, was: &Enum, now: &Enum, intent: &Intent) -> Becomes {
    let names = [&now.origin.model, &was.origin.model];
    let known = intent.labels_before.iter().find(|((e, _), other)| *e == was.origin.model && *other == label);
    let value = known.map_or(label, |((_, value), _)| value.as_str());
    let label_of = |value: &str| {
        intent.labels.get(&(now.origin.model.clone(), value.to_owned())).filter(|l| now.values.contains(*l)).cloned()
    };
    let at = |name: &String| -> Path { (name.clone(), value.to_owned()) };
    let said = names.into_iter().find_map(|name| intent.values.get(&at(name)));
    // Where the enum was named as it was, a rename was taken for that of a field.
    let said = said.map(|(to, said)| (to.clone(), said)).or_else(|| {
        let renamed = intent.renames.iter().find(|(_, (old, _))| *old == at(&was.origin.model));
        renamed.map(|((_, to), (_, said))| (Some(to.clone()), said))
    });
    if let Some((to, said)) = said {
        said.used.set(true);
        let source = said.source.clone();
        return match to {
            None => Becomes::Nothing { said: source },
            Some(to) => match label_of(&to) {
                Some(label) => Becomes::Another { label, said: Some(source) },
                None => Becomes::Unknown { value: to, said: source, span: said.span },
            },
        };
    }
    if let Some(said) = names.into_iter().find_map(|name| intent.dropped.get(&at(name))) {
        said.used.set(true);
        return Becomes::Nothing { said: said.source.clone() };
    }
    match label_of(value) {
        Some(label) => Becomes::Another { label, said: None },
        None => Becomes::Open,
    }
}
