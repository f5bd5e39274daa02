//! What is only added: OLD with all that NEW adds and that no old client minds.

use super::crossing::Crossing;
use super::said::Said;
use crate::catalog::{BaseType, Catalog, Column, ColumnId, Default, Enum, ForeignKey, IdMap, Table, TableId};
use crate::diff::Matched;
use std::sync::Arc;

/// OLD with all that NEW adds and that no old client minds.
pub fn middle(matched: &Matched, said: &Said, crossing: &Crossing) -> Catalog {
    let (old, new) = (&matched.catalogs.old, &matched.catalogs.new);
    let mut middle = old.clone();
    // Where triggers may be.
    middle.bookkeeping = !crossing.is_empty();
    for (id, now) in &new.enums {
        match middle.enums.get_mut(id) {
            Some(was) => {
                let more = now.values.iter().filter(|v| !was.values.contains(v)).cloned().collect::<Vec<_>>();
                // One that another becomes is not added, but renamed.
                was.values.extend(
                    more.into_iter().filter(|v| !matched.renamed_values.iter().any(|r| r.of == *id && r.to == *v)),
                );
            }
            None => {
                middle.enums.insert(*id, Enum::clone(now));
            }
        }
    }
    let mut taken: Vec<String> = names(old).collect();
    for (id, now) in &new.tables {
        match old.tables.get(id) {
            None => {
                let mine = std::iter::once(&now.name.name).chain(now.indexes.values().map(|i| &i.name));
                if mine.clone().all(|n| !taken.contains(n)) {
                    taken.extend(mine.cloned());
                    let bare = Table { foreign_keys: IdMap::default(), ..(**now).clone() };
                    middle.tables.insert(*id, Arc::new(bare));
                }
            }
            Some(was) => {
                let added = add_to(matched, (said, crossing), *id, was, now, &mut taken);
                middle.tables.insert(*id, Arc::new(added));
            }
        }
    }
    add_foreign_keys(old, new, &mut middle);
    middle
}

fn names(catalog: &Catalog) -> impl Iterator<Item = String> + '_ {
    let of = |t: &Arc<Table>| {
        std::iter::once(t.name.name.clone()).chain(t.indexes.values().map(|i| i.name.clone())).collect::<Vec<_>>()
    };
    catalog.tables.values().flat_map(of)
}

/// A table with the columns and indexes that can come early, and the rules that can be relaxed early.
fn add_to(
    matched: &Matched,
    (said, crossing): (&Said, &Crossing),
    id: TableId,
    was: &Table,
    now: &Table,
    taken: &mut Vec<String>,
) -> Table {
    let mut table = was.clone();
    relax(crossing, &mut table);
    let moved = |c: &ColumnId| matched.moved_columns().any(|(_, _, to)| to == c);
    let keyed =
        |c: &ColumnId| now.primary_key.iter().chain(&was.primary_key).any(|k| k.columns.iter().any(|k| k.column == *c));
    for (c, column) in &now.columns {
        match table.columns.get_mut(c) {
            None if crossing.came.contains_key(c) => {
                let mut name = column.name.clone();
                while was.columns.values().any(|other| other.name == name) {
                    name.push_str("__ps");
                }
                table.columns.insert(*c, Column { name, nullable: true, default: None, ..column.clone() });
            }
            None => {
                let valued = said.forth.iter().any(|v| (v.0, v.1) == (id, *c));
                let helped = said.helped.get(c);
                let free = was.columns.values().all(|other| other.name != column.name);
                let ready = column.nullable || column.default.is_some() || helped.is_some();
                // One that has a label for its default which another value still goes by would hold the other one.
                let of = column.ty.enum_id().filter(|_| helped.is_some());
                let ready = ready && !of.is_some_and(|of| matched.renamed_values.iter().any(|value| value.of == of));
                if ready && free && !valued && !moved(c) && !keyed(c) && !column.default_is_sequence() {
                    let first = helped.unwrap_or(column);
                    table.columns.insert(*c, Column { default: first.default.clone(), ..column.clone() });
                }
            }
            Some(there) => {
                if column.nullable && !keyed(c) && there.ty == column.ty {
                    there.nullable = true;
                }
                let constant = |d: &Default| !matches!(d, Default::Sequence);
                if there.ty == column.ty
                    && !holds_enum(&column.ty.base)
                    && there.default.as_ref().is_none_or(constant)
                    && column.default.as_ref().is_some_and(constant)
                {
                    there.default.clone_from(&column.default);
                }
            }
        }
    }
    for (i, index) in now.indexes.iter().filter(|(i, _)| !was.indexes.contains_key(*i)) {
        let there = index.columns.iter().all(|c| table.columns.contains_key(&c.column));
        // Rows hold NULL in what is new, which repeats nothing.
        let empty = index.columns.iter().any(|c| {
            !was.columns.contains_key(&c.column)
                && table.columns.get(&c.column).is_some_and(|c| c.nullable && c.default.is_none())
        });
        if there && (!index.unique || empty) && index.predicate.is_none() && !taken.contains(&index.name) {
            taken.push(index.name.clone());
            table.indexes.insert(*i, index.clone());
        }
    }
    table
}

/// New clients write elsewhere what goes over: with a default, a row of theirs would look as if an old one had written it.
fn relax(crossing: &Crossing, table: &mut Table) {
    for (_, column) in table.columns.iter_mut().filter(|(id, _)| crossing.left.contains(*id)) {
        column.nullable = true;
        column.default = None;
    }
}

fn holds_enum(ty: &BaseType) -> bool {
    matches!(ty, BaseType::Enum(_))
}

/// Foreign keys of new tables, and of new columns, which hold nothing yet.
fn add_foreign_keys(old: &Catalog, new: &Catalog, middle: &mut Catalog) {
    let reachable = |middle: &Catalog, key: &ForeignKey| {
        middle.tables.get(&key.references).is_some_and(|t| t.is_unique(&key.referenced))
    };
    for (id, now) in &new.tables {
        let Some(there) = middle.tables.get(id) else { continue };
        let early = now.foreign_keys.iter().filter(|(k, key)| {
            let known = there.foreign_keys.contains_key(*k);
            let fresh = old.tables.get(id).is_none_or(|was| {
                let empty = |c: &ColumnId| there.columns.get(c).is_some_and(|c| c.nullable && c.default.is_none());
                key.columns.iter().any(|c| !was.columns.contains_key(c) && empty(c))
            });
            let columns = key.columns.iter().all(|c| there.columns.contains_key(c));
            !known && fresh && columns && reachable(middle, key)
        });
        let early: Vec<_> = early.map(|(k, key)| (*k, key.clone())).collect();
        if let Some(table) = middle.table_mut(*id) {
            table.foreign_keys.extend(early);
        }
    }
}
