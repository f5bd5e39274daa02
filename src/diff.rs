//! What is the same in OLD and NEW, whatever it is called, and what is not.
//!
//! [`pair`] gives every object of NEW that OLD has too OLD's identity; from then on the two catalogs are compared by
//! identity, attribute by attribute.

use crate::catalog::{
    Catalog, Column, ColumnId, ColumnType, Default, EnumId, ForeignKey, ForeignKeyId, IndexId, KeyColumn, Literal,
    Name, Origin, Table, TableId, TableKind,
};
use crate::intent::{Intent, Path};
use crate::pair::Pair;
use foldhash::{HashMap, HashSet};
use std::sync::Arc;

mod enums;
mod likeness;
mod renumber;

pub use enums::{Becomes, RemadeEnum, RenamedValue};
pub use likeness::{Candidate, column_candidates, table_candidates};
use renumber::Renumber;

/// OLD and NEW with identities in common.
#[derive(Clone, Debug, Default)]
pub struct Matched {
    /// The two catalogs.
    pub catalogs: Pair<Catalog>,
    /// Columns that go on under another name: (table, old column, new column). The two keep identities of their own: for a
    /// while both exist, so that old and new clients each find theirs. Columns of tables that are renamed themselves are not
    /// among them: there one column has two names, through a view.
    pub renamed_columns: Vec<(TableId, ColumnId, ColumnId)>,
    /// Columns that keep their name and become of a type that the database cannot give them in place: (table, old column,
    /// new column). The new one is made beside the old one and takes its name in the end.
    pub swapped_columns: Vec<(TableId, ColumnId, ColumnId)>,
    /// What was said to be renamed to something that is there already: where the answer stands, and what it names.
    pub blocked: Vec<(Origin, String)>,
    /// Values of enums that get another label in place.
    pub renamed_values: Vec<RenamedValue>,
    /// Enums that values left, so that their types have to be made anew.
    pub remade_enums: Vec<RemadeEnum>,
    /// Labels of enums that are another value's now: (enum of OLD, label, value of NEW).
    pub exchanged_values: Vec<(EnumId, String, String)>,
}

/// Can the database give a column its new type in place?
pub type InPlace<'a> = &'a dyn Fn(&Table, ColumnId, &ColumnType) -> bool;

impl Matched {
    /// The default that a column of OLD has once all values of enums have their labels of NEW.
    pub fn default_after(&self, column: &Column) -> Option<Default> {
        let renamed = |label: &str| {
            let of = |v: &&RenamedValue| Some(v.of) == column.ty.enum_id() && v.from == label;
            self.renamed_values.iter().find(of).map_or_else(|| label.to_owned(), |v| v.to.clone())
        };
        let literal = |l: &Literal| match l {
            Literal::Enum(label) => Literal::Enum(renamed(label)),
            other => other.clone(),
        };
        match column.default.as_ref()? {
            Default::Literal(l) => Some(Default::Literal(literal(l))),
            Default::List(all) => Some(Default::List(all.iter().map(literal).collect())),
            other => Some(other.clone()),
        }
    }

    /// Columns that go on as another column: renamed or swapped.
    pub fn moved_columns(&self) -> impl Iterator<Item = &(TableId, ColumnId, ColumnId)> {
        self.renamed_columns.iter().chain(&self.swapped_columns)
    }
}

/// Finds what is the same.
pub fn pair(old: Catalog, new: Catalog, intent: &Intent, in_place: InPlace) -> Matched {
    let mut map = Renumber::default();
    let mut matched = Matched::default();
    enums::pair(&old, &new, intent, &mut map, &mut matched);
    match_tables(&old, &new, intent, &mut map, &mut matched.blocked);
    let (old_models, new_models) = (models(&old), models(&new));
    for (new_id, new_table) in &new.tables {
        let Some(old_id) = map.tables.get(new_id).copied() else { continue };
        let find_old = |model: &str| old_models.get(model).copied();
        let find_new = |model: &str| new_models.get(model).map(|m| map.tables.get(m).copied().unwrap_or(*m));
        if let Some(turned) = is_turned(&old.tables[&old_id], new_table, &find_old, &find_new) {
            let was = &old.tables[&old_id];
            let ids: Vec<ColumnId> = was.columns.keys().copied().collect();
            let ids = if turned { ids.into_iter().rev().collect() } else { ids };
            for ((new, column), old) in new_table.columns.iter().zip(ids) {
                let renamed = turned || was.name != new_table.name;
                if renamed || in_place(was, old, &map.column_type(&column.ty)) {
                    map.columns.insert(*new, old);
                } else {
                    matched.swapped_columns.push((old_id, old, *new));
                }
            }
            continue;
        }
        match_columns(&old.tables[&old_id], new_table, old_id, intent, &mut map, &mut matched, in_place);
    }
    for (new_id, new_table) in &new.tables {
        let Some(old_id) = map.tables.get(new_id).copied() else { continue };
        match_keys(&old.tables[&old_id], new_table, &mut map);
    }
    let mut new = map.apply(new);
    // What has not changed is one table, so that whoever compares it later sees that at once; it is the one of NEW, so
    // that messages point there.
    let mut old = old;
    for (id, table) in &mut old.tables {
        if let Some(same) = new.tables.get(id).filter(|now| now.is_twin_of(table)) {
            *table = Arc::clone(same);
        }
    }
    // Schemas and extensions that the file no longer lists stay: Prisma never drops one.
    new.namespaces.extend(old.namespaces.iter().cloned());
    for (name, extension) in &old.extensions {
        new.extensions.insert(name.clone(), extension.clone());
    }
    Matched { catalogs: Pair { old, new }, ..matched }
}

fn match_tables(
    old: &Catalog,
    new: &Catalog,
    intent: &Intent,
    map: &mut Renumber,
    blocked: &mut Vec<(Origin, String)>,
) {
    let by_model: HashMap<&str, TableId> = models(old);
    let by_name: HashMap<&Name, TableId> = old.tables.iter().map(|(id, t)| (&t.name, *id)).collect();
    let mut taken: HashSet<TableId> = HashSet::default();
    let mut take = |map: &mut Renumber, new: TableId, old: Option<TableId>| {
        if let Some(old) = old.filter(|id| !map.tables.contains_key(&new) && taken.insert(*id)) {
            map.tables.insert(new, old);
        }
    };
    let is_join = |t: &Table| matches!(t.kind, TableKind::Join { .. });
    // What was said counts first, then the name in the database, then the name in Prisma.
    for (id, table) in &new.tables {
        if let Some(((model, _), said)) = intent.renames.get(&(table.origin.model.clone(), String::new())) {
            let from = by_model.get(model.as_str()).copied();
            let there = by_name.contains_key(&table.name);
            if there && !is_join(table) && from.is_some_and(|f| old.tables[&f].name != table.name) {
                // There already: an old answer, unless the model it names goes only now.
                if new
                    .tables
                    .values()
                    .any(|t| t.origin.model == *model || t.name == old.tables[&from.unwrap_or(*id)].name)
                {
                    said.used.set(said.span.is_some());
                } else {
                    blocked.push((table.origin.clone(), model.clone()));
                }
                continue;
            }
            if from.is_some() && !is_join(table) {
                said.used.set(true);
                take(map, *id, from);
            }
        }
    }
    for (id, table) in &new.tables {
        take(map, *id, by_name.get(&table.name).copied().filter(|o| is_join(&old.tables[o]) == is_join(table)));
    }
    for (id, table) in &new.tables {
        if !is_join(table) {
            take(map, *id, by_model.get(table.origin.model.as_str()).copied());
        }
    }
    // A join table is that of its two relation fields, whatever it is called.
    let mut by_ends: HashMap<[(TableId, String); 2], TableId> = HashMap::default();
    for (id, table) in &old.tables {
        if let Some(ends) = ends(table, |model| by_model.get(model).copied()) {
            by_ends.insert(ends, *id);
        }
    }
    let new_models = models(new);
    for (id, table) in &new.tables {
        let ends = ends(table, |model| new_models.get(model).and_then(|m| map.tables.get(m)).copied());
        if let Some(ends) = ends {
            take(map, *id, by_ends.get(&ends).copied());
        }
    }
}

fn models(catalog: &Catalog) -> HashMap<&str, TableId> {
    let of_models = catalog.tables.iter().filter(|(_, t)| t.kind == TableKind::Model);
    of_models.map(|(id, t)| (t.origin.model.as_str(), *id)).collect()
}

/// The two relation fields of a join table, in an order that does not depend on which is A.
fn ends(table: &Table, find: impl Fn(&str) -> Option<TableId>) -> Option<[(TableId, String); 2]> {
    let TableKind::Join { a: Some(a), b: Some(b) } = &table.kind else { return None };
    let mut ends = [(find(&a.0)?, a.1.clone()), (find(&b.0)?, b.1.clone())];
    ends.sort();
    Some(ends)
}

/// Have A and B of a join table changed places? None of any other table. A and B follow the names of the two models, and
/// where both are one model, those of the two fields; which of two renamed fields is which, nobody can tell.
fn is_turned(
    old: &Table,
    new: &Table,
    find_old: &impl Fn(&str) -> Option<TableId>,
    find_new: &impl Fn(&str) -> Option<TableId>,
) -> Option<bool> {
    let (TableKind::Join { a: Some(a), b: Some(b) }, TableKind::Join { a: Some(x), b: Some(y) }) =
        (&old.kind, &new.kind)
    else {
        return None;
    };
    let (was, is) = ((find_old(&a.0), find_old(&b.0)), (find_new(&x.0), find_new(&y.0)));
    let one_model = was.0 == was.1;
    Some(if one_model { a.1 != x.1 && b.1 != y.1 } else { was.0 == is.1 && was.1 == is.0 })
}

fn match_columns(
    old: &Table,
    new: &Table,
    id: TableId,
    intent: &Intent,
    map: &mut Renumber,
    matched: &mut Matched,
    in_place: InPlace,
) {
    let pairs = if intent.renames.is_empty()
        && old.columns.values().map(|c| &c.name).eq(new.columns.values().map(|c| &c.name))
    {
        old.columns.keys().copied().zip(new.columns.keys().copied()).collect()
    } else {
        column_pairs(old, new, intent, matched)
    };
    let table_renamed = old.name != new.name;
    for (from, to) in pairs {
        let (was, now) = (&old.columns[&from], &new.columns[&to]);
        if was.name != now.name && !table_renamed {
            matched.renamed_columns.push((id, from, to));
        } else if was.name == now.name && !table_renamed && !in_place(old, from, &map.column_type(&now.ty)) {
            matched.swapped_columns.push((id, from, to));
        } else {
            map.columns.insert(to, from);
        }
    }
}

/// Columns that go on, old and new: by what was said, by their names in the database, by their fields.
fn column_pairs(old: &Table, new: &Table, intent: &Intent, matched: &mut Matched) -> Vec<(ColumnId, ColumnId)> {
    let by_name: HashMap<&str, ColumnId> = old.columns.iter().map(|(id, c)| (c.name.as_str(), *id)).collect();
    let by_field: HashMap<&str, ColumnId> = old.columns.iter().map(|(id, c)| (c.origin.item.as_str(), *id)).collect();
    let mut taken: HashSet<ColumnId> = HashSet::default();
    let mut pairs: Vec<(ColumnId, ColumnId)> = Vec::new();
    for (new_id, column) in &new.columns {
        // `--rename User.name=fullName` may name the model as it was.
        let at = |model: &str| -> Path { (model.to_owned(), column.origin.item.clone()) };
        let said = intent.renames.get(&at(&new.origin.model)).or_else(|| intent.renames.get(&at(&old.origin.model)));
        let Some(((model, field), said)) = said else { continue };
        if *model != old.origin.model && *model != new.origin.model {
            continue;
        }
        // Where the column is there already the answer is an old one, unless the field it names goes only now.
        if by_name.contains_key(column.name.as_str()) {
            let goes = by_field.get(field.as_str()).filter(|from| {
                let name = &old.columns[*from].name;
                *name != column.name && !new.columns.values().any(|c| c.name == *name)
            });
            match goes {
                Some(_) => matched.blocked.push((column.origin.clone(), format!("{}.{field}", old.origin.model))),
                None => {
                    let kept = by_field.get(field.as_str()).is_some_and(|from| old.columns[from].name == column.name);
                    said.used.set(kept || said.span.is_some() || said.used.get());
                }
            }
            continue;
        }
        if let Some(from) =
            by_field.get(field.as_str()).filter(|from| !new.columns.values().any(|c| c.name == old.columns[*from].name))
            && taken.insert(*from)
        {
            said.used.set(true);
            pairs.push((*from, *new_id));
        }
    }
    for (new_id, column) in &new.columns {
        if let Some(same) = by_name.get(column.name.as_str())
            && taken.insert(*same)
        {
            pairs.push((*same, *new_id));
        }
    }
    let paired: HashSet<ColumnId> = pairs.iter().map(|p| p.1).collect();
    for (new_id, column) in &new.columns {
        let left = |from: &ColumnId| old.origin.model == new.origin.model || !taken.contains(from);
        if !paired.contains(new_id)
            && !column.origin.item.is_empty()
            && let Some(same) = by_field.get(column.origin.item.as_str()).copied().filter(left)
            && taken.insert(same)
        {
            pairs.push((same, *new_id));
        }
    }
    pairs
}

fn match_keys(old: &Table, new: &Table, map: &mut Renumber) {
    // Nearly all tables have the keys that they had, one by one.
    let indexes = old.indexes.values().zip(new.indexes.values());
    if old.indexes.len() == new.indexes.len() && indexes.clone().all(|(a, b)| a.name == b.name && map.same_index(a, b))
    {
        map.indexes.extend(new.indexes.keys().copied().zip(old.indexes.keys().copied()));
    } else {
        match_indexes(old, new, map);
    }
    let keys = old.foreign_keys.values().zip(new.foreign_keys.values());
    if old.foreign_keys.len() == new.foreign_keys.len()
        && keys.clone().all(|(a, b)| a.name == b.name && a.points_the_same(&map.foreign_key(b)))
    {
        map.foreign_keys.extend(new.foreign_keys.keys().copied().zip(old.foreign_keys.keys().copied()));
    } else {
        match_foreign_keys(old, new, map);
    }
}

fn match_indexes(old: &Table, new: &Table, map: &mut Renumber) {
    let mut taken: HashSet<IndexId> = HashSet::default();
    let by_name: HashMap<&str, IndexId> = old.indexes.iter().map(|(id, i)| (i.name.as_str(), *id)).collect();
    for (id, index) in &new.indexes {
        if let Some(found) = by_name.get(index.name.as_str()).filter(|o| map.same_index(&old.indexes[*o], index)) {
            taken.insert(*found);
            map.indexes.insert(*id, *found);
        }
    }
    let mut by_columns: HashMap<Vec<ColumnId>, Vec<IndexId>> = HashMap::default();
    for (id, index) in &old.indexes {
        by_columns.entry(ids_of(&index.columns)).or_default().push(*id);
    }
    for (id, index) in &new.indexes {
        if map.indexes.contains_key(id) {
            continue;
        }
        let columns = ids_of(&map.key_columns(&index.columns));
        let found = by_columns
            .get(&columns)
            .into_iter()
            .flatten()
            .find(|o| !taken.contains(*o) && map.same_index(&old.indexes[*o], index));
        if let Some(found) = found.copied() {
            taken.insert(found);
            map.indexes.insert(*id, found);
        }
    }
}

fn match_foreign_keys(old: &Table, new: &Table, map: &mut Renumber) {
    let mut taken: HashSet<ForeignKeyId> = HashSet::default();
    let mut by_pointer: HashMap<(Vec<ColumnId>, TableId, Vec<ColumnId>), Vec<ForeignKeyId>> = HashMap::default();
    for (id, key) in &old.foreign_keys {
        by_pointer.entry((key.columns.clone(), key.references, key.referenced.clone())).or_default().push(*id);
    }
    for (id, key) in &new.foreign_keys {
        let ForeignKey { columns, references, referenced, name, .. } = map.foreign_key(key);
        let candidates = by_pointer.get(&(columns, references, referenced)).map_or(&[][..], Vec::as_slice);
        let free = |o: &&ForeignKeyId| !taken.contains(*o);
        let named = candidates.iter().filter(free).find(|o| old.foreign_keys[*o].name == name);
        if let Some(found) = named.or_else(|| candidates.iter().find(free)).copied() {
            taken.insert(found);
            map.foreign_keys.insert(*id, found);
        }
    }
}

fn ids_of(columns: &[KeyColumn]) -> Vec<ColumnId> {
    columns.iter().map(|c| c.column).collect()
}
