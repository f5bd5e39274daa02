//! What a database holds, as text that can be compared: its catalog and its rows.

use super::sql::qualified;
use super::{Doing, Result, quote};
use postgres::{Client, Row, Statement};
use std::collections::BTreeMap;

/// Every object of a database that somebody could notice: its kind and qualified name, and all there is to say about it.
/// The order of columns is not in it, nor are names that nobody chose; what lives in the schema `prisma_stage` is not either.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Catalog {
    /// Description by `table public."User"`, `column public."User".id`, …
    pub objects: BTreeMap<String, String>,
}

/// Reads the catalog.
pub fn catalog(client: &mut Client) -> Result<Catalog> {
    let doing = || "reading the catalog".to_owned();
    // With an empty search path everything is printed with its schema.
    let mut transaction = client.transaction().doing(doing)?;
    transaction.batch_execute("SET LOCAL search_path = ''").doing(doing)?;
    let rows = transaction.query(include_str!("snapshot/catalog.sql"), &[]).doing(doing)?;
    transaction.rollback().doing(doing)?;
    Ok(described(rows))
}

fn described(rows: Vec<Row>) -> Catalog {
    let described = rows.into_iter().map(|row| (row.get(0), row.get::<_, Option<String>>(1).unwrap_or_default()));
    Catalog { objects: described.collect() }
}

/// A connection of its own to look at a database again and again, while another one changes it.
pub struct Observer {
    client: Client,
    catalog: Statement,
    disk: Statement,
}

impl Observer {
    /// Looks through this connection, which is used for nothing else.
    pub fn new(mut client: Client) -> Result<Observer> {
        let doing = || "preparing to look at the database".to_owned();
        // Whoever forgot to end a transaction must not make us wait for ever.
        client.batch_execute("SET search_path = ''; SET lock_timeout = '10s'").doing(doing)?;
        let catalog = client.prepare(include_str!("snapshot/catalog.sql")).doing(doing)?;
        let disk = "SELECT c.oid, c.oid::regclass::text, c.relfilenode
                    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                    WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'prisma_stage')";
        let disk = client.prepare(disk).doing(doing)?;
        Ok(Observer { client, catalog, disk })
    }

    /// Reads the catalog.
    pub fn catalog(&mut self) -> Result<Catalog> {
        Ok(described(self.client.query(&self.catalog, &[]).doing(|| "reading the catalog".to_owned())?))
    }

    /// Reads the rows of these tables.
    pub fn rows(&mut self, which: impl Fn(&TableName) -> bool) -> Result<BTreeMap<TableName, Rows>> {
        rows_of(&mut self.client, which)
    }

    /// Name and file on disk of every table, by its oid: a table that lives in another file than before was written anew.
    pub fn disk(&mut self) -> Result<BTreeMap<u32, (String, u32)>> {
        let rows = self.client.query(&self.disk, &[]).doing(|| "looking where tables are on disk".to_owned())?;
        Ok(rows.iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect())
    }

    /// Is there anything left of the helpers of a plan: the schema `prisma_stage`?
    pub fn has_bookkeeping(&mut self) -> Result<bool> {
        let row = self.client.query_one("SELECT to_regnamespace('prisma_stage') IS NOT NULL", &[]);
        Ok(row.doing(|| "looking for the schema prisma_stage".to_owned())?.get(0))
    }
}

/// What `found` has in another way than `wanted`, one sentence an object; empty if they are equal.
pub fn differences(found: &Catalog, wanted: &Catalog) -> Vec<String> {
    let mut all = Vec::new();
    for (key, description) in &wanted.objects {
        match found.objects.get(key) {
            None => all.push(format!("missing: {key}: {description}")),
            Some(other) if other != description => all.push(format!("{key}: is {other}, not {description}")),
            Some(_) => {}
        }
    }
    for (key, description) in &found.objects {
        if !wanted.objects.contains_key(key) {
            all.push(format!("left over: {key}: {description}"));
        }
    }
    all
}

/// A table's schema and name.
pub type TableName = (String, String);

/// The rows of a table, columns by name.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Rows {
    /// The columns, by name.
    pub columns: Vec<String>,
    /// Which of them make up the primary key, as positions; empty if there is none.
    pub key: Vec<usize>,
    /// The values as text, `None` for NULL; sorted.
    pub rows: Vec<Vec<Option<String>>>,
}

/// Every table's columns, primary key first, in the order of their names after that.
fn shapes(client: &mut Client) -> Result<BTreeMap<TableName, Vec<(String, bool)>>> {
    let rows = client.query(
        "SELECT n.nspname::text, c.relname::text, a.attname::text, coalesce(a.attnum = ANY (i.indkey), false)
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
         WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'prisma_stage')
           AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
         ORDER BY 1, 2, 4 DESC, 3",
        &[],
    );
    let mut tables: BTreeMap<TableName, Vec<(String, bool)>> = BTreeMap::new();
    for row in rows.doing(|| "reading the tables".to_owned())? {
        let columns = tables.entry((row.get(0), row.get(1))).or_default();
        if let Some(column) = row.get::<_, Option<String>>(2) {
            columns.push((column, row.get(3)));
        }
    }
    Ok(tables)
}

/// Reads the rows of every table.
pub fn rows(client: &mut Client) -> Result<BTreeMap<TableName, Rows>> {
    rows_of(client, |_| true)
}

/// Reads the rows of these tables.
pub fn rows_of(client: &mut Client, which: impl Fn(&TableName) -> bool) -> Result<BTreeMap<TableName, Rows>> {
    let mut all = BTreeMap::new();
    for (table, columns) in shapes(client)?.into_iter().filter(|(table, _)| which(table)) {
        let key = columns.iter().enumerate().filter(|(_, (_, key))| *key).map(|(at, _)| at).collect();
        let names: Vec<String> = columns.into_iter().map(|(name, _)| name).collect();
        let values: Vec<String> = names.iter().map(|name| format!("{}::text", quote(name))).collect();
        let from = qualified(&table.0, &table.1);
        let sql = format!("SELECT ARRAY[{}]::text[] FROM {from}", values.join(", "));
        let found = client.query(&sql, &[]).doing(|| format!("reading the rows of {from}"))?;
        let mut rows: Vec<Vec<Option<String>>> = found.iter().map(|row| row.get(0)).collect();
        rows.sort();
        all.insert(table, Rows { columns: names, key, rows });
    }
    Ok(all)
}
