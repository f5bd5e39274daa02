//! What a client takes the database for: its models, field by field, in its own schema's words.

use super::tame::Code;
use crate::catalog::{Catalog, ClientDefault, Column, ColumnId, Default, Literal, Name, Table, TableId, TableKind};
use crate::live::Result;
use crate::live::line::{Line, Tongue, Types};
use crate::live::seed::{Shape, Type};
use crate::live::snapshot::TableName;
use std::collections::{BTreeMap, BTreeSet};

/// A generation of Prisma Client.
#[derive(Debug)]
pub(in super::super) struct Belief {
    /// Its models, and the join tables of its implicit many-to-many relations.
    pub(super) models: BTreeMap<TableId, Model>,
}

/// A model, or a join table.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) id: TableId,
    pub(super) name: TableName,
    /// The name as SQL.
    pub(super) sql: String,
    pub(super) tongue: Tongue,
    pub(super) fields: Vec<Field>,
    /// What tells a row from others: the primary key, or else a unique of required fields; empty if there is none.
    pub(super) key: Vec<usize>,
    pub(super) uniques: Vec<Vec<usize>>,
    pub(super) links: Vec<Link>,
    /// Two columns that its code writes with one value.
    pub(super) both: Vec<(usize, usize)>,
    /// Columns that its code gives a value to, since nobody else does.
    pub(super) given: Vec<usize>,
    /// The join table of an implicit many-to-many relation?
    pub(super) join: bool,
    /// Does every required column have a field?
    pub(super) creatable: bool,
    /// Does the code around the client know it?
    pub(super) written: bool,
}

/// A field.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) id: ColumnId,
    /// The column's name.
    pub(super) name: String,
    /// The field's in its schema, with its model's.
    pub(super) label: String,
    pub(super) ty: Type,
    /// The type as SQL.
    pub(super) sql_type: String,
    pub(super) required: bool,
    pub(super) given: Given,
    /// Does the client make up a uuid for it?
    pub(super) uuid: bool,
    /// The enum type as SQL.
    pub(super) enum_sql: Option<String>,
    /// What the code around the client writes to it.
    pub(super) code: Code,
    tongue: Tongue,
}

/// What a client that creates a row does about a field that its caller leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// It may not be left out, or the client makes a value up: a uuid, the time.
    Always,
    /// It sends this, its own copy of the default.
    Text(String),
    /// It leaves the column to the database.
    Database,
    /// It leaves it out, and NULL is what there will be.
    Optional,
}

/// A foreign key as the client knows it.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) fields: Vec<usize>,
    pub(super) to: TableId,
    pub(super) referenced: Vec<ColumnId>,
}

impl Belief {
    /// From the schema as a catalog, and the database that its own DDL makes.
    pub(in super::super) fn new(catalog: &Catalog, own: &mut dyn Line) -> Result<Belief> {
        let (shape, types) = own.described()?;
        let there = (&shape, &types, own.tongue());
        let models = catalog.tables.iter().filter_map(|(id, table)| Some((*id, model(catalog, *id, table, there)?)));
        Ok(Belief { models: models.collect() })
    }
}

impl Model {
    /// Where the field of this column is.
    pub(super) fn at(&self, column: ColumnId) -> Option<usize> {
        self.fields.iter().position(|field| field.id == column)
    }

    /// The columns of these links, all together.
    pub(super) fn linked(links: &[Link]) -> BTreeSet<usize> {
        links.iter().flat_map(|link| link.fields.iter().copied()).collect()
    }
}

/// The field of a column in its schema, with its model's.
pub(super) fn label(table: &Table, column: &Column) -> String {
    let label = column.origin.label();
    if label.is_empty() { format!("{}.{}", table.name.name, column.name) } else { label }
}

/// Tells an enum of SQLite from other text.
const ENUM: &str = " COLLATE BINARY";

pub(super) fn named(name: &Name) -> TableName {
    (name.schema.clone().unwrap_or_else(|| "public".to_owned()), name.name.clone())
}

fn model(
    catalog: &Catalog,
    id: TableId,
    table: &Table,
    (shape, types, tongue): (&Shape, &Types, Tongue),
) -> Option<Model> {
    let name = named(&table.name);
    let real = shape.tables.get(&name)?;
    let mut fields = Vec::new();
    for (id, column) in table.columns.iter().filter(|(_, column)| !column.ignored) {
        let there = real.columns.get(&column.name)?;
        let sql_type = types.get(&(name.0.clone(), name.1.clone(), column.name.clone()))?.clone();
        let known = column.ty.enum_id().and_then(|id| catalog.enums.get(&id));
        // On MySQL an enum is part of its column, and on SQLite text of which the client alone knows what it may be.
        let enum_sql = known.filter(|_| tongue == Tongue::Postgres).map(|e| {
            let (schema, name) = named(&e.name);
            tongue.table(&schema, &name)
        });
        // SQLite numbers no other keys.
        let counted = tongue != Tongue::Sqlite || !column.default_is_sequence() || sql_type == "INTEGER";
        let given = match given(column) {
            _ if there.generated => Given::Database,
            Given::Database if !counted => Given::Always,
            other => other,
        };
        let (mut ty, name, required) = (there.ty.clone(), column.name.clone(), !column.nullable);
        let mut sql_type = sql_type;
        if let Some(known) = known.filter(|_| tongue == Tongue::Sqlite) {
            ty.labels.clone_from(&known.values);
            sql_type += ENUM;
        }
        let uuid = column.client_default == Some(ClientDefault::Uuid);
        let label = label(table, column);
        fields.push(Field {
            id: *id,
            name,
            label,
            ty,
            sql_type,
            required,
            given,
            uuid,
            enum_sql,
            code: Code::Whole,
            tongue,
        });
    }
    if fields.is_empty() {
        return None;
    }
    let at = |id: &ColumnId| fields.iter().position(|field| field.id == *id);
    let all = |ids: &mut dyn Iterator<Item = ColumnId>| ids.map(|id| at(&id)).collect::<Option<Vec<usize>>>();
    let primary = table.primary_key.iter().map(|key| &key.columns);
    let indexes = table.indexes.values().filter(|i| i.unique && i.predicate.is_none()).map(|i| &i.columns);
    let uniques: Vec<Vec<usize>> =
        primary.chain(indexes).filter_map(|key| all(&mut key.iter().map(|c| c.column))).collect();
    let links = table.foreign_keys.values().filter_map(|key| {
        let fields = all(&mut key.columns.iter().copied())?;
        Some(Link { fields, to: key.references, referenced: key.referenced.clone() })
    });
    let links = links.collect();
    let join = matches!(table.kind, TableKind::Join { .. });
    let key = uniques.iter().find(|unique| unique.iter().all(|at| fields[*at].required)).cloned().unwrap_or_default();
    let hidden = |c: &Column| c.ignored && !c.nullable && c.default.is_none();
    let creatable = !table.columns.values().any(hidden);
    let sql = tongue.table(&name.0, &name.1);
    Some(Model {
        id,
        name,
        sql,
        tongue,
        fields,
        key,
        uniques,
        links,
        both: Vec::new(),
        given: Vec::new(),
        join,
        creatable,
        written: true,
    })
}

/// A client knows static defaults and sends them itself.
fn given(column: &Column) -> Given {
    match &column.default {
        Some(Default::Literal(literal)) => text(literal).map_or(Given::Always, Given::Text),
        Some(Default::List(all)) => {
            let quoted = |t: String| format!("\"{}\"", t.replace('\\', "\\\\").replace('"', "\\\""));
            let texts: Option<Vec<String>> = all.iter().map(|literal| text(literal).map(quoted)).collect();
            texts.map_or(Given::Always, |texts| Given::Text(format!("{{{}}}", texts.join(","))))
        }
        Some(Default::Now) => Given::Always,
        Some(Default::Sequence | Default::Sql(_)) => Given::Database,
        None if column.client_default.is_some() || column.updated_at || !column.nullable => Given::Always,
        None => Given::Optional,
    }
}

fn text(literal: &Literal) -> Option<String> {
    match literal {
        Literal::String(text)
        | Literal::Number(text)
        | Literal::Enum(text)
        | Literal::Json(text)
        | Literal::DateTime(text) => Some(text.clone()),
        Literal::Boolean(value) => Some(value.to_string()),
        Literal::Bytes(_) => None,
    }
}

impl Field {
    /// The column as SQL.
    pub(super) fn column(&self) -> String {
        self.tongue.quote(&self.name)
    }

    /// The column as SQL, its value as text.
    pub(super) fn read(&self) -> String {
        self.as_text(&self.column())
    }

    /// A value of this type as text.
    pub(super) fn as_text(&self, value: &str) -> String {
        match self.tongue {
            Tongue::Postgres => format!("{value}::text"),
            // As PostgreSQL writes bytes, and as a bit is a number.
            Tongue::Sqlite if self.ty.name == "bytea" => {
                format!("CASE WHEN {value} IS NOT NULL THEN '\\x' || LOWER(HEX({value})) END")
            }
            Tongue::Mysql if self.ty.name == "bytea" => format!("CONCAT('\\\\x', LOWER(HEX({value})))"),
            Tongue::Mysql if self.sql_type.starts_with("bit") => format!("({value} + 0)"),
            Tongue::Mysql | Tongue::Sqlite => value.to_owned(),
        }
    }

    /// Is this one of its labels, if it has any?
    pub(super) fn knows(&self, text: &str) -> bool {
        self.ty.labels.is_empty() || self.ty.labels.iter().any(|label| label == text)
    }

    /// Where any column takes any value: is a value one of this field's?
    pub(super) fn holds(&self, value: &str) -> String {
        match (self.tongue, self.ty.name.as_str()) {
            (Tongue::Postgres | Tongue::Mysql, _) => "TRUE".to_owned(),
            (Tongue::Sqlite, "int4") => {
                format!("typeof({value}) = 'integer' AND {value} BETWEEN -2147483648 AND 2147483647")
            }
            (Tongue::Sqlite, "int8") => format!("typeof({value}) = 'integer'"),
            (Tongue::Sqlite, "bool") => format!("{value} IN (0, 1)"),
            (Tongue::Sqlite, "float8" | "numeric") => format!("typeof({value}) IN ('integer', 'real')"),
            (Tongue::Sqlite, "jsonb") => format!("json_valid({value})"),
            (Tongue::Sqlite, "bytea") => format!("typeof({value}) = 'blob'"),
            (Tongue::Sqlite, _) => format!("typeof({value}) = 'text'"),
        }
    }

    /// A value as a parameter: enums by the name of their type, everything else left to the server.
    pub(super) fn parameter(&self, value: &Option<String>) -> String {
        let Some(text) = value else { return "NULL".to_owned() };
        let literal = self.tongue.literal(text);
        match (self.tongue, &self.enum_sql) {
            (Tongue::Postgres, None) => literal,
            (Tongue::Postgres, Some(name)) => {
                format!("CAST({literal}::text AS {name}{})", if self.ty.list { "[]" } else { "" })
            }
            (Tongue::Mysql | Tongue::Sqlite, _) => match (self.ty.name.as_str(), text.as_str()) {
                ("bool", "true" | "t") => "1".to_owned(),
                ("bool", "false" | "f") => "0".to_owned(),
                ("bool", number) if self.sql_type.starts_with("bit") && number.parse::<u8>().is_ok() => text.clone(),
                ("bytea", text) if text.starts_with("\\x") => format!("x'{}'", &text[2..]),
                // Prisma's defaults have their offset behind them, which MariaDB does not read.
                ("timestamp", text) if text.ends_with("+00:00") => {
                    self.tongue.literal(text.trim_end_matches("+00:00").trim_end())
                }
                _ => literal,
            },
        }
    }
}
