//! What is the same in OLD and NEW, whatever it is called, and what is not.
//!
//! [`pair`] gives every object of NEW that OLD has too OLD's identity; from then on the two catalogs are compared by
//! identity, attribute by attribute.

use crate::catalog::{
    Catalog, Column, ColumnId, ColumnType, Default, EnumId, ForeignKey, ForeignKeyId, IndexId, KeyColumn, Literal,
    Name, Table, TableId, TableKind,
};
use crate::dialect::{Caps, Numbers};
use crate::intent::{Intent, Path};
use crate::options::Strategy;
use crate::pair::Pair;
use foldhash::{HashMap, HashSet};
use std::sync::Arc;

mod enums;
mod flip;
mod joins;
mod likeness;
mod mapped;
mod moved;
mod own_enums;
mod renumber;

pub use enums::{Becomes, RemadeEnum, RenamedValue};
pub use flip::Flipped;
pub use joins::{Relinked, Turn};
use joins::{is_join, models};
pub use likeness::{Candidate, column_candidates, table_candidates};
use mapped::Anew;
pub use mapped::{Mapped, Sides, path};
pub use moved::{Moved, Way};
pub use own_enums::call_alike;
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
    /// Columns that are computed of others which leave, and columns that are given back by new ones.
    pub mappings: Vec<Mapped>,
    /// Columns that went over to another table.
    pub moves: Vec<Moved>,
    /// Values of enums that get another label in place.
    pub renamed_values: Vec<RenamedValue>,
    /// Enums that values left, so that their types have to be made anew.
    pub remade_enums: Vec<RemadeEnum>,
    /// Columns of join tables that are to hold another field of the rows that they link; they are among the swapped.
    pub relinked_columns: Vec<Relinked>,
    /// Relations whose foreign key moved to the other side.
    pub flipped: Vec<Flipped>,
    /// Join tables of a model with itself of which nobody has said which of the fields is which.
    pub unclear_joins: Vec<TableId>,
    /// Tables of links that are a model's now, or were, of which nobody has said which columns hold the two ends.
    pub unclear_links: Vec<TableId>,
    /// Labels of enums that are another value's now: (enum of OLD, label, value of NEW).
    pub exchanged_values: Vec<(EnumId, String, String)>,
    /// Enums of OLD whose labels change places, as was said, while other values leave.
    pub exchanged_at_once: Vec<EnumId>,
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

    /// Labels of NEW that are another value's in OLD: by enum and label, the label that the value has in OLD.
    pub fn relabelled(&self) -> HashMap<(EnumId, String), String> {
        let known = |v: &&RenamedValue| self.catalogs.old.enums.get(&v.of).is_some_and(|e| e.values.contains(&v.to));
        self.renamed_values.iter().filter(known).map(|v| ((v.of, v.to.clone()), v.from.clone())).collect()
    }

    /// Columns that stay, and that others are taken out of: what these are called.
    pub fn taken(&self) -> HashMap<ColumnId, Vec<String>> {
        let mut all: HashMap<ColumnId, Vec<String>> = HashMap::default();
        for mapped in &self.mappings {
            let Some(table) = self.catalogs.new.tables.get(&mapped.table) else { continue };
            let names = mapped.new.iter().filter_map(|id| Some(table.columns.get(id)?.name.clone()));
            for id in mapped.old.iter().filter(|id| table.columns.contains_key(*id)) {
                all.insert(*id, names.clone().collect());
            }
        }
        all
    }

    /// Columns that go on as another column: renamed or swapped.
    pub fn moved_columns(&self) -> impl Iterator<Item = &(TableId, ColumnId, ColumnId)> {
        self.renamed_columns.iter().chain(&self.swapped_columns)
    }
}

/// Finds what is the same.
pub fn pair(old: Catalog, new: Catalog, intent: &Intent, caps: Caps, in_place: InPlace) -> Matched {
    let mut map = Renumber::default();
    let mut matched = Matched::default();
    enums::pair(&old, &new, (intent, caps.labels), &mut map, &mut matched);
    let links = [&old, &new].into_iter().flat_map(|c| c.tables.values()).flat_map(|t| t.foreign_keys.values());
    let pointed_at: HashSet<ColumnId> = links.flat_map(|k| k.referenced.iter().copied()).collect();
    match_tables(&old, &new, intent, &mut map);
    let (old_models, new_models) = (models(&old), models(&new));
    for (new_id, new_table) in &new.tables {
        let Some(old_id) = map.tables.get(new_id).copied() else { continue };
        let was = &old.tables[&old_id];
        if is_join(was) && is_join(new_table) {
            let find_new = |model: &str| new_models.get(model).map(|m| map.tables.get(m).copied().unwrap_or(*m));
            let find_old = |model: &str| old_models.get(model).copied();
            let turn = joins::turn(was, new_table, &find_old, &find_new, intent);
            match_join_columns((&old, &new), (old_id, *new_id), turn, &mut map, &mut matched, in_place);
        } else if is_join(was) || is_join(new_table) {
            match_link_columns((&old, &new), (old_id, *new_id), intent, &mut map, &mut matched, in_place);
        } else {
            match_columns(
                (was, new_table),
                old_id,
                (intent, &pointed_at, caps.numbers),
                &mut map,
                &mut matched,
                in_place,
            );
        }
    }
    follow_keys(&old, &new, &mut map, &mut matched);
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
    matched.flipped = flip::find(&old, &new, &matched, intent);
    let mut matched = Matched { catalogs: Pair { old, new }, ..matched };
    matched.mappings = mapped::find(&matched, intent);
    matched.moves = moved::find(&matched, intent);
    matched
}

/// A column that points at one which gets another column changes with it, not in place: the old key has its old type until the end.
fn follow_keys(old: &Catalog, new: &Catalog, map: &mut Renumber, matched: &mut Matched) {
    loop {
        let known = matched.swapped_columns.len();
        for (id, table) in &new.tables {
            let Some((on, was)) = map.tables.get(id).and_then(|on| Some((*on, old.tables.get(on)?))) else { continue };
            for (own, to) in table.foreign_keys.values().flat_map(|k| k.columns.iter().zip(&k.referenced)) {
                let (Some(from), now) = (map.columns.get(own).copied(), &table.columns[own]) else { continue };
                let apart = was.columns[&from].ty != map.column_type(&now.ty) && was.columns[&from].name == now.name;
                if apart && matched.swapped_columns.iter().any(|(_, _, new)| new == to) {
                    map.columns.remove(own);
                    matched.swapped_columns.push((on, from, *own));
                }
            }
        }
        if matched.swapped_columns.len() == known {
            return;
        }
    }
}

fn match_tables(old: &Catalog, new: &Catalog, intent: &Intent, map: &mut Renumber) {
    let by_model: HashMap<&str, TableId> = models(old);
    let by_name: HashMap<&Name, TableId> = old.tables.iter().map(|(id, t)| (&t.name, *id)).collect();
    let mut taken: HashSet<TableId> = HashSet::default();
    let mut take = |map: &mut Renumber, new: TableId, old: Option<TableId>| {
        if let Some(old) = old.filter(|id| !map.tables.contains_key(&new) && taken.insert(*id)) {
            map.tables.insert(new, old);
        }
    };
    // What was said counts first, then the name in the database, then the name in Prisma.
    for (id, table) in &new.tables {
        if let Some((from, said)) = joins::said_links(old, table, intent) {
            said.used.set(true);
            take(map, *id, Some(from));
            continue;
        }
        if let Some(((model, _), said)) = intent.renames.get(&(table.origin.model.clone(), String::new())) {
            let from = by_model.get(model.as_str()).copied();
            let there = by_name.contains_key(&table.name) && *model != table.origin.model;
            if there && !is_join(table) && from.is_some_and(|f| old.tables[&f].name != table.name) {
                // There already: an old answer, unless the model it names goes only now.
                if new
                    .tables
                    .values()
                    .any(|t| t.origin.model == *model || t.name == old.tables[&from.unwrap_or(*id)].name)
                {
                    said.used.set(said.span.is_some());
                    continue;
                }
            }
            if from.is_some() && !is_join(table) {
                said.used.set(true);
                take(map, *id, from);
            }
        }
    }
    for (id, table) in &new.tables {
        take(map, *id, by_name.get(&table.name).copied());
    }
    for (id, table) in &new.tables {
        if !is_join(table) {
            take(map, *id, by_model.get(table.origin.model.as_str()).copied());
        }
    }
    // A join table is that of its two relation fields, whatever it is called.
    let mut by_ends: HashMap<[(TableId, &str); 2], TableId> = HashMap::default();
    for (id, table) in &old.tables {
        if let Some(ends) = joins::ends(table, |model| by_model.get(model).copied(), |field| &field.1) {
            by_ends.insert(ends, *id);
        }
    }
    let new_models = models(new);
    for (id, table) in &new.tables {
        let find = |model: &str| new_models.get(model).and_then(|m| map.tables.get(m)).copied();
        let ends = joins::ends(table, find, |field| joins::said_of(intent, field));
        if let Some(ends) = ends {
            take(map, *id, by_ends.get(&ends).copied());
        }
    }
}

/// The columns of a join table: A is A, unless the two have changed places.
fn match_join_columns(
    (old, new): (&Catalog, &Catalog),
    (from, to): (TableId, TableId),
    turn: Option<Turn>,
    map: &mut Renumber,
    matched: &mut Matched,
    in_place: InPlace,
) {
    let (was, now) = (&old.tables[&from], &new.tables[&to]);
    let models = |t: &Table| match &t.kind {
        TableKind::Join { a: Some(a), b: Some(b) } => vec![a.0.clone(), b.0.clone()],
        TableKind::Join { .. } | TableKind::Model => vec![String::new(); 2],
    };
    let mut olds: Vec<(ColumnId, String)> = was.columns.keys().copied().zip(models(was)).collect();
    match turn {
        Some(Turn::Turned) => olds.reverse(),
        Some(Turn::Unknown) => matched.unclear_joins.push(from),
        Some(Turn::Straight) | None => {}
    }
    let renamed = turn == Some(Turn::Turned) || was.name != now.name;
    for (((id, column), model), (old_id, old_model)) in now.columns.iter().zip(models(now)).zip(olds) {
        let elsewhere = joins::relinked(old, new, (&old_model, &model), map, matched);
        if let Some((target, was, now)) = elsewhere {
            matched.swapped_columns.push((from, old_id, *id));
            matched.relinked_columns.push(Relinked { table: from, old: old_id, new: *id, target, was, now });
        } else if renamed && was.columns[&old_id].name != column.name
            || in_place(was, old_id, &map.column_type(&column.ty))
        {
            map.columns.insert(*id, old_id);
        } else {
            matched.swapped_columns.push((from, old_id, *id));
        }
    }
}

/// The columns of a join table that is a model's now, or of a model's that is a join table.
fn match_link_columns(
    (old, new): (&Catalog, &Catalog),
    (from, to): (TableId, TableId),
    intent: &Intent,
    map: &mut Renumber,
    matched: &mut Matched,
    in_place: InPlace,
) {
    let (was, now) = (&old.tables[&from], &new.tables[&to]);
    let (old_models, new_models) = (models(old), models(new));
    let tables = |id: TableId| map.tables.get(&id).copied().unwrap_or(id);
    let find_old = |model: &str| old_models.get(model).copied();
    let find_new = |model: &str| new_models.get(model).map(|m| tables(*m));
    let pairs = joins::columns_of_links(was, now, &tables, &find_old, &find_new, intent);
    if pairs.len() < 2 {
        matched.unclear_links.push(from);
    }
    for (old_id, id) in pairs {
        let (before, after) = (&was.columns[&old_id], &now.columns[&id]);
        if was.name != now.name && in_place(was, old_id, &map.column_type(&after.ty)) {
            map.columns.insert(id, old_id);
        } else if before.name != after.name {
            matched.renamed_columns.push((from, old_id, id));
        } else if in_place(was, old_id, &map.column_type(&after.ty)) {
            map.columns.insert(id, old_id);
        } else {
            matched.swapped_columns.push((from, old_id, id));
        }
    }
}

fn match_columns(
    (old, new): (&Table, &Table),
    id: TableId,
    (intent, pointed_at, numbers): (&Intent, &HashSet<ColumnId>, Numbers),
    map: &mut Renumber,
    matched: &mut Matched,
    in_place: InPlace,
) {
    let pairs = if intent.renames.is_empty()
        && old.columns.values().map(|c| &c.name).eq(new.columns.values().map(|c| &c.name))
    {
        old.columns.keys().copied().zip(new.columns.keys().copied()).collect()
    } else {
        column_pairs(old, new, intent)
    };
    let table_renamed = old.name != new.name;
    let going: HashSet<ColumnId> = pairs.iter().map(|(from, _)| *from).collect();
    for (from, to) in pairs {
        let (was, now) = (&old.columns[&from], &new.columns[&to]);
        let fits = || in_place(old, from, &map.column_type(&now.ty));
        // The second name of a table that is renamed has the new names of its columns, too.
        let alone = numbers == Numbers::OneColumn && (was.default_is_sequence() || now.default_is_sequence());
        let together = (table_renamed || intent.course == Strategy::Direct || alone) && fits();
        // A name that another column has so far cannot be had beside it.
        let taken = old.columns.values().any(|c| c.name == now.name);
        match mapped::computed_anew(old, new, (from, to), (&going, pointed_at), intent) {
            Some(Anew::InPlace) => {
                matched.swapped_columns.push((id, from, to));
                continue;
            }
            // Both keep identities of their own.
            Some(Anew::Beside) => continue,
            None => {}
        }
        if was.name != now.name && !together && !taken {
            matched.renamed_columns.push((id, from, to));
        } else if was.name == now.name && !together && !fits() {
            matched.swapped_columns.push((id, from, to));
        } else {
            map.columns.insert(to, from);
        }
    }
}

/// Columns of which it was said what they were.
fn said_pairs(
    old: &Table,
    new: &Table,
    intent: &Intent,
    (by_name, by_field): (&HashMap<&str, ColumnId>, &HashMap<&str, ColumnId>),
    taken: &mut HashSet<ColumnId>,
    pairs: &mut Vec<(ColumnId, ColumnId)>,
) {
    for (new_id, column) in &new.columns {
        // `--rename User.name=fullName` may name the model as it was.
        let at = |model: &str| -> Path { (model.to_owned(), column.origin.item.clone()) };
        let said = intent.renames.get(&at(&new.origin.model)).or_else(|| intent.renames.get(&at(&old.origin.model)));
        let Some(((model, field), said)) = said.filter(|_| !pairs.iter().any(|p| p.1 == *new_id)) else { continue };
        if *model != old.origin.model && *model != new.origin.model {
            continue;
        }
        let there = by_name.contains_key(column.name.as_str());
        let stays = |from: &ColumnId| {
            let named =
                |(id, c): (&ColumnId, &Column)| c.name == old.columns[from].name && !pairs.iter().any(|p| p.1 == *id);
            new.columns.iter().any(named)
        };
        // Where the column is there already the answer is an old one, unless the field it names goes only now, or is the field
        // itself, which has another's column now.
        let itself = *field == column.origin.item;
        let from = by_field.get(field.as_str()).filter(|from| itself || !stays(from));
        if there && from.is_none_or(|from| old.columns[from].name == column.name) {
            let kept = by_field.get(field.as_str()).is_some_and(|from| old.columns[from].name == column.name);
            said.used.set(kept || said.span.is_some() || said.used.get());
            continue;
        }
        if let Some(from) = from
            && taken.insert(*from)
        {
            said.used.set(true);
            pairs.push((*from, *new_id));
        }
    }
}

/// Columns that go on, old and new: by what was said, by their names in the database, by their fields.
fn column_pairs(old: &Table, new: &Table, intent: &Intent) -> Vec<(ColumnId, ColumnId)> {
    let by_name: HashMap<&str, ColumnId> = old.columns.iter().map(|(id, c)| (c.name.as_str(), *id)).collect();
    let by_field: HashMap<&str, ColumnId> = old.columns.iter().map(|(id, c)| (c.origin.item.as_str(), *id)).collect();
    let mut taken: HashSet<ColumnId> = HashSet::default();
    let mut pairs: Vec<(ColumnId, ColumnId)> = Vec::new();
    // A column that one answer gives away is free for the next.
    loop {
        let known = pairs.len();
        said_pairs(old, new, intent, (&by_name, &by_field), &mut taken, &mut pairs);
        if pairs.len() == known {
            break;
        }
    }
    let said: HashSet<ColumnId> = pairs.iter().map(|p| p.1).collect();
    for (new_id, column) in new.columns.iter().filter(|(id, _)| !said.contains(*id)) {
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
