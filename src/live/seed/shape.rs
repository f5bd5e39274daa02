//! What rows have to satisfy, read from a live database and from nothing else.

use crate::live::snapshot::TableName;
use crate::live::{Doing, Result};
use indexmap::IndexMap;
use postgres::Client;

/// The tables of a database, by schema and name.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// Its tables.
    pub tables: IndexMap<TableName, Table>,
}

/// A table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Its columns, by name.
    pub columns: IndexMap<String, Column>,
    /// The column sets that may not repeat, the primary key first.
    pub uniques: Vec<Unique>,
    /// Its foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its type.
    pub ty: Type,
    /// No NULL?
    pub required: bool,
    /// Computed by the server?
    pub generated: bool,
    /// The sequence that belongs to it, as the server names it.
    pub sequence: Option<String>,
}

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Type {
    /// The server's short name of it or of its elements: `int4`, `varchar`.
    pub name: String,
    /// An array?
    pub list: bool,
    /// The server's packed arguments, -1 for none.
    pub modifier: i32,
    /// The labels of an enum.
    pub labels: Vec<String>,
}

/// Columns that may not repeat together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unique {
    /// The columns.
    pub columns: Vec<String>,
    /// Do two NULLs count as equal?
    pub nulls_equal: bool,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// Its columns.
    pub columns: Vec<String>,
    /// The table they point at.
    pub table: TableName,
    /// And its columns.
    pub referenced: Vec<String>,
}

impl Shape {
    /// Reads it.
    pub fn read(client: &mut Client) -> Result<Shape> {
        let doing = || "reading what rows have to satisfy".to_owned();
        let mut shape = Shape::default();
        for row in client.query(include_str!("shape.sql"), &[]).doing(doing)? {
            let labels: Option<Vec<String>> = row.get(7);
            let ty =
                Type { name: row.get(4), list: row.get(5), modifier: row.get(6), labels: labels.unwrap_or_default() };
            let column = Column { ty, required: row.get(8), generated: row.get(9), sequence: row.get(10) };
            shape.tables.entry((row.get(0), row.get(1))).or_default().columns.insert(row.get(3), column);
        }
        let uniques = "SELECT n.nspname::text, c.relname::text,
              (SELECT array_agg(a.attname::text ORDER BY k.at) FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, at)
               JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum WHERE k.at <= i.indnkeyatts),
              coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false)
            FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE i.indisunique ORDER BY 1, 2, i.indisprimary DESC, i.indexrelid";
        for row in client.query(uniques, &[]).doing(doing)? {
            let columns: Option<Vec<String>> = row.get(2);
            if let (Some(table), Some(columns)) = (shape.tables.get_mut(&(row.get(0), row.get(1))), columns) {
                table.uniques.push(Unique { columns, nulls_equal: row.get(3) });
            }
        }
        let keys = "SELECT n.nspname::text, c.relname::text, m.nspname::text, f.relname::text,
              (SELECT array_agg(a.attname::text ORDER BY u.at) FROM unnest(k.conkey) WITH ORDINALITY u(attnum, at)
               JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.attnum),
              (SELECT array_agg(a.attname::text ORDER BY u.at) FROM unnest(k.confkey) WITH ORDINALITY u(attnum, at)
               JOIN pg_attribute a ON a.attrelid = f.oid AND a.attnum = u.attnum)
            FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_class f ON f.oid = k.confrelid JOIN pg_namespace m ON m.oid = f.relnamespace
            WHERE k.contype = 'f' ORDER BY 1, 2, k.conname";
        for row in client.query(keys, &[]).doing(doing)? {
            if let Some(table) = shape.tables.get_mut(&(row.get(0), row.get(1))) {
                let key = ForeignKey { columns: row.get(4), table: (row.get(2), row.get(3)), referenced: row.get(5) };
                table.foreign_keys.push(key);
            }
        }
        Ok(shape)
    }

    /// Requires a value wherever `other` has a required column of the same name.
    pub fn require(&mut self, other: &Shape) {
        for (name, theirs) in &other.tables {
            let Some(ours) = self.tables.get_mut(name) else { continue };
            for (name, _) in theirs.columns.iter().filter(|(_, column)| column.required) {
                if let Some(ours) = ours.columns.get_mut(name) {
                    ours.required = true;
                }
            }
        }
    }

    /// Adds the uniques and foreign keys of `other` that speak of columns which are here too, so that rows made for this
    /// shape satisfy them as well.
    pub fn tighten(&mut self, other: &Shape) {
        for (name, theirs) in &other.tables {
            let fits = |key: &ForeignKey| {
                let ours = self.tables.get(name).zip(self.tables.get(&key.table));
                ours.is_some_and(|(from, to)| {
                    key.columns.iter().zip(&key.referenced).all(|(column, referenced)| {
                        let pair = from.columns.get(column).zip(to.columns.get(referenced));
                        pair.is_some_and(|(a, b)| a.ty.name == b.ty.name && a.ty.list == b.ty.list)
                    })
                })
            };
            let keys: Vec<ForeignKey> = theirs.foreign_keys.iter().filter(|key| fits(key)).cloned().collect();
            let Some(ours) = self.tables.get_mut(name) else { continue };
            for unique in &theirs.uniques {
                if !ours.uniques.contains(unique) && unique.columns.iter().all(|c| ours.columns.contains_key(c)) {
                    ours.uniques.push(unique.clone());
                }
            }
            for key in keys {
                if !ours.foreign_keys.contains(&key) {
                    ours.foreign_keys.push(key);
                }
            }
        }
    }
}
