//! A live database as the catalog that its schema would be lowered to.
//!
//! A database says in its own words what a schema says in Prisma's: `'a'::text` for `@default("a")`. And it knows nothing of
//! clients. So it is best read with the catalog at hand that it is thought to have ([`read`]'s `like`): what has the same
//! name gets the same identity, and what is only spelled in another way, which the server itself is asked for, is taken from
//! there. What differs after that does differ.

use super::{Doing, Result};
use crate::catalog::{
    Catalog, Column, ColumnId, Enum, EnumId, Extension, IdMap, Ids, Name, Origin, Table, TableId, TableKind,
};
use postgres::{Client, Transaction};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

mod default;
mod keys;
mod settle;
mod types;

/// The schema of names that stand alone.
const DEFAULT_SCHEMA: &str = "public";

/// Reads the catalog of a database. Identities are those of `like` where that has something of the same name, and new ones
/// of `ids` elsewhere.
///
/// What Prisma's schemas cannot say is left out: views, triggers, functions, indexes over expressions; and schemas and
/// extensions that `like` does not speak of.
pub fn read(client: &mut Client, like: &Catalog, ids: &mut Ids) -> Result<Catalog> {
    let doing = || "reading the database's catalog".to_owned();
    // With an empty search path everything is printed with its schema. Nothing is kept: there are temporary tables.
    let mut transaction = client.transaction().doing(doing)?;
    transaction.batch_execute("SET LOCAL search_path = ''").doing(doing)?;
    let mut reading = Reading {
        transaction,
        like,
        ids,
        catalog: Catalog::default(),
        enums: BTreeMap::new(),
        tables: BTreeMap::new(),
        columns: BTreeMap::new(),
        printed: BTreeMap::new(),
        named: like.tables.iter().map(|(id, table)| (table.name.clone(), *id)).collect(),
    };
    reading.loose()?;
    reading.enums()?;
    reading.tables()?;
    reading.indexes()?;
    reading.constraints()?;
    reading.settle()?;
    let Reading { transaction, catalog, .. } = reading;
    transaction.rollback().doing(doing)?;
    Ok(catalog)
}

/// A reading under way.
struct Reading<'a> {
    transaction: Transaction<'a>,
    like: &'a Catalog,
    ids: &'a mut Ids,
    catalog: Catalog,
    /// By the server's numbers.
    enums: BTreeMap<u32, EnumId>,
    tables: BTreeMap<u32, TableId>,
    columns: BTreeMap<(u32, i16), ColumnId>,
    /// Type and default of each column as the server prints them.
    printed: BTreeMap<ColumnId, Printed>,
    /// The tables of the catalog at hand.
    named: HashMap<Name, TableId>,
}

/// A column in the server's words.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Printed {
    ty: String,
    default: Option<String>,
}

impl Reading<'_> {
    /// Schemas, extensions, our own bookkeeping.
    fn loose(&mut self) -> Result<()> {
        let doing = || "reading schemas and extensions".to_owned();
        let sql = "SELECT nspname::text FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'";
        for row in self.transaction.query(sql, &[]).doing(doing)? {
            let name: String = row.get(0);
            if name == "prisma_stage" {
                self.catalog.bookkeeping = true;
            } else if self.like.namespaces.contains(&name) {
                // As with extensions below.
                self.catalog.namespaces.insert(name);
            }
        }
        let sql = "SELECT e.extname::text, n.nspname::text, e.extversion FROM pg_catalog.pg_extension e
                   JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql'";
        for row in self.transaction.query(sql, &[]).doing(doing)? {
            let (name, schema): (String, String) = (row.get(0), row.get(1));
            // What no schema file speaks of was installed by somebody else, and Prisma leaves it alone too.
            let Some(like) = self.like.extensions.get(&name) else { continue };
            // A schema file need not say where an extension is, nor which version.
            let extension = Extension {
                name: name.clone(),
                schema: like.schema.is_some().then_some(schema),
                version: like.version.is_some().then(|| row.get(2)),
                origin: like.origin.clone(),
            };
            self.catalog.extensions.insert(name, extension);
        }
        Ok(())
    }

    fn enums(&mut self) -> Result<()> {
        let sql = "SELECT t.oid, n.nspname::text, t.typname::text,
                     (SELECT array_agg(l.enumlabel::text ORDER BY l.enumsortorder) FROM pg_catalog.pg_enum l WHERE l.enumtypid = t.oid)
                   FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
                   WHERE t.typtype = 'e' AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'prisma_stage')
                     AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend x
                       WHERE x.classid = 'pg_catalog.pg_type'::regclass AND x.objid = t.oid AND x.deptype = 'e')
                   ORDER BY 2, 3";
        for row in self.transaction.query(sql, &[]).doing(|| "reading enums".to_owned())? {
            let name = named(row.get(1), row.get(2));
            let values: Option<Vec<String>> = row.get(3);
            let like = self.like.enums.iter().find(|(_, like)| like.name == name);
            let id = like.map_or_else(|| self.ids.fresh(), |(id, _)| *id);
            let origin = like.map_or_else(Origin::default, |(_, like)| like.origin.clone());
            self.enums.insert(row.get(0), id);
            self.catalog.enums.insert(id, Enum { name, values: values.unwrap_or_default(), origin });
        }
        Ok(())
    }

    fn tables(&mut self) -> Result<()> {
        let rows = self.transaction.query(include_str!("introspect/tables.sql"), &[]);
        for row in rows.doing(|| "reading tables".to_owned())? {
            let name = named(row.get(0), row.get(1));
            let oid: u32 = row.get(2);
            let like = self.named.get(&name).and_then(|id| self.like.tables.get_key_value(id));
            let id = *self.tables.entry(oid).or_insert_with(|| like.map_or_else(|| self.ids.fresh(), |(id, _)| *id));
            let empty = || Table {
                name,
                kind: like.map_or(TableKind::Model, |(_, like)| like.kind.clone()),
                columns: IdMap::default(),
                primary_key: None,
                indexes: IdMap::default(),
                foreign_keys: IdMap::default(),
                checks: IdMap::default(),
                origin: like.map_or_else(Origin::default, |(_, like)| like.origin.clone()),
            };
            let table = Arc::make_mut(self.catalog.tables.entry(id).or_insert_with(|| Arc::new(empty())));
            let Some(number) = row.get::<_, Option<i16>>(3) else { continue };
            let name: String = row.get(4);
            let like = like.and_then(|(_, like)| like.columns.iter().find(|(_, column)| column.name == name));
            let id = like.map_or_else(|| self.ids.fresh(), |(id, _)| *id);
            let like = like.map(|(_, like)| like);
            let printed = Printed { ty: row.get(10), default: row.get(11) };
            let described = types::Described { name: row.get(7), list: row.get(8), modifier: row.get(9) };
            let ty = types::column_type(&described, &printed.ty, self.enums.get(&row.get(6)).copied());
            let default = default::parse(printed.default.as_deref(), row.get(12), &ty);
            let column = Column {
                name,
                ty,
                nullable: row.get(5),
                default,
                client_default: like.and_then(|like| like.client_default),
                updated_at: like.is_some_and(|like| like.updated_at),
                ignored: like.is_some_and(|like| like.ignored),
                origin: like.map_or_else(Origin::default, |like| like.origin.clone()),
            };
            self.columns.insert((oid, number), id);
            self.printed.insert(id, printed);
            table.columns.insert(id, column);
        }
        for table in
            self.catalog.tables.values_mut().map(Arc::make_mut).filter(|table| !self.named.contains_key(&table.name))
        {
            let columns: Vec<&str> = table.columns.values().map(|column| column.name.as_str()).collect();
            if table.name.name.starts_with('_') && columns == ["A", "B"] {
                table.kind = TableKind::Join { a: None, b: None };
            }
        }
        Ok(())
    }
}

/// A name; what is in the default schema stands alone.
fn named(schema: String, name: String) -> Name {
    Name { schema: (schema != DEFAULT_SCHEMA).then_some(schema), name }
}
