//! PS1002: an index that another one makes redundant.

use crate::advice::facts::{keys, spelled};
use crate::advice::report::of_key;
use crate::advice::{Report, edit};
use crate::model::{FieldId, Key, KeyKind, ModelWalker, Ops, Provider, Schema, Sort};
use foldhash::HashMap;

/// No database takes more columns than this in an index.
const MOST_COLUMNS: usize = 32;

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    let clusters = schema.provider() == Some(Provider::Sqlserver);
    for model in schema.walk_models().filter(|model| model.keys.len() + usize::from(model.id.is_some()) > 1) {
        for (key, other) in redundant(model, clusters) {
            let (own, by) = (spelled(schema, key), spelled(schema, other));
            let why = if key.kind == KeyKind::Unique {
                format!("{by} keeps the same values unique already")
            } else {
                format!("{by} begins with the same columns, so it finds the same rows")
            };
            let finding = report
                .finding(format!("{own} of `{}` is redundant", model.name.name))
                .at(key.span)
                .saying("finds nothing that the other would not")
                .label(other.span, "serves the same lookups")
                .note(format!(
                    "{why}; each insert, and each update of the columns, pays for both, and both take up memory"
                ))
                .help(if schema.provider() == Some(Provider::Postgresql) {
                    "remove it: DROP INDEX CONCURRENTLY, which `prisma-stage diff` writes, blocks nobody"
                } else {
                    "remove it"
                })
                .fix(format!("remove {own}"), vec![edit::remove(report.sources, key)]);
            report.push(of_key(model, key), finding);
        }
    }
}

/// The field, whether it falls where the first one rises, its operator class and how much of it is indexed.
type Column<'k, 's> = (&'k [FieldId], bool, Option<&'k Ops<'s>>, Option<u32>);

/// What an index is ordered by: two that have the same beginning find the same rows.
#[derive(PartialEq, Eq, Hash)]
struct Order<'k, 's> {
    method: &'s str,
    predicate: Option<String>,
    columns: Vec<Column<'k, 's>>,
}

/// The keys that have an order, by what they are.
#[derive(Default)]
struct Known {
    /// An id or unique of just these columns.
    enforced: Option<usize>,
    /// An index of just these columns.
    index: Option<usize>,
    /// A key of these columns and more.
    longer: Option<usize>,
}

fn redundant<'a, 's>(model: ModelWalker<'a, 's>, clusters: bool) -> Vec<(&'a Key<'s>, &'a Key<'s>)> {
    let all: Vec<&Key<'_>> = keys(model).collect();
    let first = |key: &Key<'_>| key.fields.first().and_then(|field| field.path.first().copied());
    let mut firsts: Vec<_> = all.iter().map(|key| first(key)).collect();
    firsts.sort();
    // Most keys are the only ones that begin as they do.
    if firsts.is_sorted_by(|a, b| a < b) {
        return Vec::new();
    }
    let mut known: HashMap<Order<'_, '_>, Known> = HashMap::default();
    for (place, key) in all.iter().enumerate() {
        // On SQL Server the primary key is the table itself: wider by far than an index on the same column.
        if key.fields.len() > MOST_COLUMNS || clusters && key.kind == KeyKind::Id {
            continue;
        }
        for count in 1..=key.fields.len() {
            let Some(order) = order(key, count) else { continue };
            let known = known.entry(order).or_default();
            match key.kind {
                _ if count < key.fields.len() => known.longer.get_or_insert(place),
                KeyKind::Id | KeyKind::Unique => known.enforced.get_or_insert(place),
                KeyKind::Index | KeyKind::Fulltext => known.index.get_or_insert(place),
            };
        }
    }
    let cover = |place: usize, key: &Key<'_>| {
        let known = known.get(&order(key, key.fields.len())?)?;
        let earlier = |other: &usize| *other < place;
        match key.kind {
            KeyKind::Id => None,
            KeyKind::Unique => known.enforced.filter(earlier),
            KeyKind::Index | KeyKind::Fulltext => known.enforced.or(known.longer).or(known.index.filter(earlier)),
        }
    };
    let found = all.iter().enumerate().filter_map(|(place, key)| Some((*key, all[cover(place, key)?])));
    found.collect()
}

/// The order of the first columns. A B-tree is read in both directions, so one that is all reversed is the same.
fn order<'k, 's>(key: &'k Key<'s>, count: usize) -> Option<Order<'k, 's>> {
    let method = match key.kind {
        KeyKind::Fulltext => "Fulltext",
        KeyKind::Id | KeyKind::Unique | KeyKind::Index => key.method.map_or("BTree", |method| method.name),
    };
    if method != "BTree" && count < key.fields.len() {
        return None;
    }
    let reversed = key.fields.first().is_some_and(|field| field.sort == Some(Sort::Desc));
    let columns = key.fields[..count].iter().map(|field| {
        let falls = (field.sort == Some(Sort::Desc)) != reversed;
        (&field.path[..], falls, field.ops.as_ref(), field.length)
    });
    Some(Order {
        method,
        predicate: key.predicate.as_ref().map(|predicate| format!("{predicate:?}")),
        columns: columns.collect(),
    })
}
