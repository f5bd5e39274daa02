//! A client's connection to MySQL or MariaDB, set up as Prisma's is.

use super::introspect::texts_of_json;
use super::{Database, refused};
use crate::live::Result;
use crate::live::line::{Line, Row, Tongue, Types};
use crate::live::rehearse::plain::Place;
use crate::live::seed::{Column, Shape, Type};

/// The schema that tables without one go by in the clients' books.
const DEFAULT_SCHEMA: &str = "public";

/// A connection to a database of its own.
pub(super) struct Talk(pub(super) Database);

impl Line for Talk {
    fn tongue(&self) -> Tongue {
        Tongue::Mysql
    }

    fn run(&mut self, sql: &str) -> Result<()> {
        self.0.run(sql).map_err(|error| crate::live::Error { doing: sql.to_owned(), ..error })
    }

    fn rows(&mut self, sql: &str) -> Result<Vec<Row>> {
        self.0.query(sql)
    }

    fn count(&mut self, sql: &str) -> Result<u64> {
        let mut connection = self.0.connection.borrow_mut();
        let rows: mysql::Result<Vec<mysql::Row>> = mysql::prelude::Queryable::query(&mut *connection, sql);
        rows.map_err(|error| refused(sql, error))?;
        let count = connection.affected_rows();
        // Prisma has the number of a row from the answer of the server, which knows those that a trigger gave, too.
        let number = connection.last_insert_id();
        if number > 0 {
            let keep = format!("DO LAST_INSERT_ID({number})");
            mysql::prelude::Queryable::query_drop(&mut *connection, &keep).map_err(|error| refused(&keep, error))?;
        }
        Ok(count)
    }

    fn types(&mut self, from: &str, columns: &[&str]) -> Result<Vec<String>> {
        let names: Vec<String> = columns.iter().map(|name| super::quote(name)).collect();
        self.rows(&format!("SELECT {} FROM {from} LIMIT 0", names.join(", ")))?;
        let (shape, _) = self.described()?;
        let table = from.trim_matches('`').replace("``", "`");
        let known = shape.tables.get(&(DEFAULT_SCHEMA.to_owned(), table));
        let of = |name: &&str| known.and_then(|t| t.columns.get(*name)).map_or_else(String::new, |c| c.ty.name.clone());
        Ok(columns.iter().map(of).collect())
    }

    fn described(&mut self) -> Result<(Shape, Types)> {
        let (mut shape, mut types) = (Shape::default(), Types::new());
        let json = texts_of_json(&self.0)?;
        let sql = "SELECT table_name, column_name, column_type, is_nullable, extra FROM information_schema.columns \
                   WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position";
        for row in self.rows(sql)? {
            let part = |at: usize| row.get(at).cloned().flatten().unwrap_or_default();
            let (table, name) = (part(0), part(1));
            let sql_type = if json.contains(&(table.clone(), name.clone())) { "json".to_owned() } else { part(2) };
            let generated = part(4).replace("DEFAULT_GENERATED", "").contains("GENERATED");
            let column = Column { ty: short(&sql_type), required: part(3) == "NO", generated, sequence: None };
            let at = (DEFAULT_SCHEMA.to_owned(), table.clone());
            shape.tables.entry(at).or_default().columns.insert(name.clone(), column);
            types.insert((DEFAULT_SCHEMA.to_owned(), table, name), sql_type);
        }
        Ok((shape, types))
    }
}

/// A type by the short name that the makers of values know, which are PostgreSQL's.
fn short(sql_type: &str) -> Type {
    let (word, rest) = sql_type.split_once('(').unwrap_or((sql_type, ""));
    let (inner, _) = rest.rsplit_once(')').unwrap_or((rest, ""));
    let number = |nth: usize| inner.split(',').nth(nth).and_then(|n| n.trim().parse::<i32>().ok());
    let plain = |name: &str, modifier: i32| Type { name: name.to_owned(), list: false, modifier, labels: Vec::new() };
    let sized = |name: &str| plain(name, number(0).map_or(-1, |n| n + 4));
    match word.split(' ').next().unwrap_or_default() {
        "enum" => Type { labels: super::introspect::labels(sql_type).unwrap_or_default(), ..plain("enum", -1) },
        "tinyint" | "bit" if number(0) == Some(1) => plain("bool", -1),
        "tinyint" | "year" => plain("int1", -1),
        "smallint" => plain("int2", -1),
        "int" | "mediumint" => plain("int4", -1),
        "bigint" => plain("int8", -1),
        "decimal" => plain("numeric", (number(0).unwrap_or(10) << 16) + number(1).unwrap_or(0) + 4),
        "float" => plain("float4", -1),
        "double" => plain("float8", -1),
        "char" => sized("bpchar"),
        "varchar" => sized("varchar"),
        "tinytext" | "text" | "mediumtext" | "longtext" => plain("text", -1),
        "datetime" | "timestamp" => plain("timestamp", number(0).unwrap_or(0)),
        "date" => plain("date", -1),
        "time" => plain("time", -1),
        "json" => plain("jsonb", -1),
        "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" => plain("bytea", -1),
        other => plain(other, -1),
    }
}
