//! A SQLite database as the catalog that its schema would be lowered to.
//!
//! It says less than a schema: an enum is text, a foreign key has no name, and a default is the text that was written. So it is
//! read with the catalog at hand that it is thought to have (`like`): what has the same name gets the same identity, and what is
//! said in the same words is taken from there. What differs after that does differ.

use super::{columns, literal, query, tables};
use crate::catalog::{
    Action, Catalog, Column, ColumnId, ColumnType, Default, ForeignKey, IdMap, Ids, Index, KeyColumn, Name, Origin,
    PrimaryKey, Table, TableId, TableKind,
};
use crate::dialect::sqlite::{default_name, type_name};
use crate::live::Result;
use crate::source::{SchemaFiles, Sources};
use rusqlite::Connection;
use std::sync::Arc;

/// What would have to change for the database to be the one that the schema says; nothing, after a plan to it was run.
///
/// # Errors
/// The database cannot be read.
pub fn drift(sources: &Sources, schema: &SchemaFiles, connection: &Connection) -> Result<Vec<String>> {
    let mut ids = Ids::default();
    let wanted = super::super::lowered(sources, schema, &mut ids);
    Ok(read(connection, &wanted, &mut ids)?.differences(&wanted))
}

/// Reads the catalog of a database. Identities are those of `like` where that has something of the same name, and new ones
/// of `ids` elsewhere. Indexes over expressions, views and triggers, which no schema can say, are left out.
///
/// # Errors
/// The database cannot be read.
pub fn read(connection: &Connection, like: &Catalog, ids: &mut Ids) -> Result<Catalog> {
    let mut catalog = Catalog {
        // The database knows nothing of them.
        namespaces: like.namespaces.clone(),
        extensions: like.extensions.clone(),
        enums: like.enums.clone(),
        ..Catalog::default()
    };
    for name in tables(connection)? {
        let known = like.tables.iter().find(|(_, t)| t.name.name == name);
        let id = known.map_or_else(|| ids.fresh(), |(id, _)| *id);
        let table = table(connection, &name, like, known.map(|(_, t)| &**t), ids)?;
        catalog.tables.insert(id, Arc::new(table));
    }
    // Links are read when all tables have their identities.
    let all: Vec<TableId> = catalog.tables.keys().copied().collect();
    for id in all {
        let keys = foreign_keys(connection, &catalog, like, id, ids)?;
        if let Some(table) = catalog.table_mut(id) {
            for (key, foreign) in keys {
                table.foreign_keys.insert(key, foreign);
            }
        }
    }
    Ok(catalog)
}

fn table(connection: &Connection, name: &str, at: &Catalog, like: Option<&Table>, ids: &mut Ids) -> Result<Table> {
    let sql = format!(
        "SELECT sql LIKE '%AUTOINCREMENT%' FROM sqlite_master WHERE type = 'table' AND name = {}",
        literal(name)
    );
    let numbered = query(connection, &sql)?.into_iter().flatten().flatten().any(|yes| yes == "1");
    let mut table = Table {
        name: Name::plain(name),
        kind: like.map_or(TableKind::Model, |like| like.kind.clone()),
        columns: IdMap::default(),
        primary_key: None,
        indexes: IdMap::default(),
        foreign_keys: IdMap::default(),
        checks: IdMap::default(),
        origin: like.map_or_else(Origin::default, |like| like.origin.clone()),
    };
    let mut key: Vec<(u32, ColumnId)> = Vec::new();
    for found in columns(connection, name)? {
        let known = like.and_then(|t| t.columns.iter().find(|(_, c)| c.name == found.name));
        let id = known.map_or_else(|| ids.fresh(), |(id, _)| *id);
        if found.key > 0 {
            key.push((found.key, id));
        }
        let known = known.map(|(_, column)| column);
        let ty = known.map(|c| &c.ty).filter(|ty| type_name(at, ty) == found.ty);
        let default = match (&found.default, known.and_then(|c| c.default.as_ref())) {
            // Only INTEGER can be numbered; of any other key the database says nothing.
            (None, Some(Default::Sequence)) if found.key > 0 && (numbered || found.ty != "INTEGER") => {
                Some(Default::Sequence)
            }
            (None, _) => None,
            (Some(text), Some(said)) if bare(text) == bare(&default_name(said)) => Some(said.clone()),
            (Some(text), _) => Some(Default::Sql(text.clone())),
        };
        let column = Column {
            ty: ty.cloned().unwrap_or_else(|| ColumnType::native(&found.ty, &[])),
            nullable: !found.required,
            default,
            client_default: known.and_then(|c| c.client_default),
            updated_at: known.is_some_and(|c| c.updated_at),
            ignored: known.is_some_and(|c| c.ignored),
            origin: known.map_or_else(Origin::default, |c| c.origin.clone()),
            name: found.name,
        };
        table.columns.insert(id, column);
    }
    key.sort_unstable();
    let columns: Vec<KeyColumn> = key.into_iter().map(|(_, id)| KeyColumn::plain(id)).collect();
    if !columns.is_empty() {
        let name = like.and_then(|t| t.primary_key.as_ref()).map_or_else(String::new, |k| k.name.clone());
        table.primary_key = Some(PrimaryKey { name, columns });
    }
    indexes(connection, name, like, &mut table, ids)?;
    Ok(table)
}

fn indexes(connection: &Connection, name: &str, like: Option<&Table>, table: &mut Table, ids: &mut Ids) -> Result<()> {
    let sql = format!(
        "SELECT name, \"unique\", partial FROM pragma_index_list({}) WHERE origin = 'c' ORDER BY name",
        literal(name)
    );
    for row in query(connection, &sql)? {
        let part = |at: usize| row.get(at).cloned().flatten().unwrap_or_default();
        let called = part(0);
        let sql =
            format!("SELECT name, \"desc\" FROM pragma_index_xinfo({}) WHERE key = 1 ORDER BY seqno", literal(&called));
        let mut columns = Vec::new();
        for column in query(connection, &sql)? {
            let name = column.first().cloned().flatten();
            let id = table.columns.iter().find(|(_, c)| Some(&c.name) == name.as_ref()).map(|(id, _)| *id);
            let descending = column.get(1).cloned().flatten().as_deref() == Some("1");
            columns.push(id.map(|column| KeyColumn { descending, ..KeyColumn::plain(column) }));
        }
        // Over an expression: no schema says it.
        let Some(columns) = columns.into_iter().collect::<Option<Vec<_>>>() else { continue };
        let known = like.and_then(|t| t.indexes.iter().find(|(_, i)| i.name == called));
        let id = known.map_or_else(|| ids.fresh(), |(id, _)| *id);
        let known = known.map(|(_, index)| index);
        let predicate = (part(2) == "1").then(|| known.and_then(|i| i.predicate.clone()).unwrap_or_default());
        let index = Index {
            name: called,
            unique: part(1) == "1",
            method: known.and_then(|i| i.method.clone()),
            columns,
            predicate,
            reads: known.map_or_else(Vec::new, |i| i.reads.clone()),
            origin: known.map_or_else(Origin::default, |i| i.origin.clone()),
        };
        table.indexes.insert(id, index);
    }
    Ok(())
}

fn foreign_keys(
    connection: &Connection,
    at: &Catalog,
    like: &Catalog,
    on: TableId,
    ids: &mut Ids,
) -> Result<Vec<(crate::catalog::ForeignKeyId, ForeignKey)>> {
    let Some(table) = at.tables.get(&on) else { return Ok(Vec::new()) };
    let sql = format!(
        "SELECT id, \"table\", \"from\", \"to\", on_update, on_delete FROM pragma_foreign_key_list({}) ORDER BY id, seq",
        literal(&table.name.name)
    );
    let rows: Vec<Vec<String>> = query(connection, &sql)?
        .into_iter()
        .map(|row| row.into_iter().map(Option::unwrap_or_default).collect())
        .collect();
    let mut all: Vec<(crate::catalog::ForeignKeyId, ForeignKey)> = Vec::new();
    for part in rows.chunk_by(|a, b| a.first() == b.first()) {
        let text = |row: &[String], at: usize| row.get(at).cloned().unwrap_or_default();
        let Some(first) = part.first() else { continue };
        let Some((references, target)) = at.tables.iter().find(|(_, t)| t.name.name == text(first, 1)) else {
            continue;
        };
        let find = |table: &Table, name: String| table.columns.iter().find(|(_, c)| c.name == name).map(|(id, _)| *id);
        let own: Option<Vec<ColumnId>> = part.iter().map(|row| find(table, text(row, 2))).collect();
        let there: Option<Vec<ColumnId>> = part.iter().map(|row| find(target, text(row, 3))).collect();
        let (Some(columns), Some(referenced)) = (own, there) else { continue };
        let mut key = ForeignKey {
            name: String::new(),
            columns,
            references: *references,
            referenced,
            on_delete: action(&text(first, 5)),
            on_update: action(&text(first, 4)),
            validated: true,
            origin: Origin::default(),
        };
        // Two may point the same way: each stands for one.
        let known = like.tables.get(&on).and_then(|t| {
            t.foreign_keys.iter().find(|(id, k)| k.points_the_same(&key) && !all.iter().any(|(taken, _)| taken == *id))
        });
        let id = known.map_or_else(|| ids.fresh(), |(id, _)| *id);
        if let Some((_, known)) = known {
            key.name.clone_from(&known.name);
            key.origin = known.origin.clone();
        }
        all.push((id, key));
    }
    Ok(all)
}

fn action(words: &str) -> Action {
    match words {
        "RESTRICT" => Action::Restrict,
        "CASCADE" => Action::Cascade,
        "SET NULL" => Action::SetNull,
        "SET DEFAULT" => Action::SetDefault,
        _ => Action::NoAction,
    }
}

/// Without parentheses around it, which SQLite may keep or not.
fn bare(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('(').and_then(|t| t.strip_suffix(')')).map_or(text, str::trim)
}
