//! Types, constants, defaults and expressions as SQL.

use super::quote::{ident, literal, name};
use crate::catalog::{BaseType, Catalog, Column, ColumnId, ColumnType, Default, Expr, Literal, Table, TableId};

/// A column type as SQL. An enum is text here: its values are the client's business.
pub fn type_sql(_at: &Catalog, ty: &ColumnType) -> String {
    match &ty.base {
        BaseType::Native { name, .. } => name.clone(),
        BaseType::Enum(_) => "TEXT".to_owned(),
        BaseType::Raw(sql) => sql.clone(),
    }
}

/// A constant as SQL.
pub fn literal_sql(value: &Literal) -> String {
    match value {
        Literal::String(text) | Literal::Json(text) | Literal::Enum(text) | Literal::DateTime(text) => literal(text),
        Literal::Number(text) => text.clone(),
        Literal::Boolean(value) => value.to_string(),
        // As Prisma writes it: the digits as text.
        Literal::Bytes(bytes) => literal(&bytes.iter().map(|b| format!("{b:02x}")).collect::<String>()),
    }
}

/// A default as SQL; that a column is numbered is said with its key.
pub fn default_sql(default: &Default) -> String {
    match default {
        Default::Literal(value) => literal_sql(value),
        Default::List(_) | Default::Sequence => "NULL".to_owned(),
        Default::Now => "CURRENT_TIMESTAMP".to_owned(),
        // An expression must be in parentheses, which do no harm around anything else
        // (<https://www.sqlite.org/lang_createtable.html#the_default_clause>).
        Default::Sql(sql) if sql.trim_start().starts_with('(') => sql.clone(),
        Default::Sql(sql) => format!("({sql})"),
    }
}

/// A UUID of version 4; SQLite has no function for it.
const UUID: &str = "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || \
                    substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))";

/// A column with its table in front. Alone, a name in double quotes that no column has is taken for a string
/// (<https://www.sqlite.org/quirks.html#dblquote>), and would be written into every row.
pub fn field_sql(table: &Table, column: &Column) -> String {
    format!("{}.{}", name(&table.name), ident(&column.name))
}

/// An expression over the columns of `table`, each under its name there.
pub fn expr_sql(at: &Catalog, table: &Table, expr: &Expr) -> String {
    let field = |id| table.columns.get(id).map_or_else(|| "NULL".to_owned(), |c: &Column| field_sql(table, c));
    match expr {
        Expr::Column(id) => field(id),
        Expr::Literal(value) => literal_sql(value),
        Expr::Default(default) => default_sql(default),
        // A line of its own, or a comment at its end would swallow what follows.
        Expr::Sql(sql) => format!("({sql}\n)"),
        Expr::Cast { column, to, fallback } => {
            let Some(source) = table.columns.get(column) else { return "NULL".to_owned() };
            let operand = field_sql(table, source);
            let cast = super::cast(at, &source.ty, to, &operand).map(|cast| cast.sql);
            match (cast, fallback) {
                (None, None) => "NULL".to_owned(),
                (Some(cast), None) => cast,
                (cast, Some(other)) => {
                    let other = expr_sql(at, table, other);
                    let value = cast.map_or(other.clone(), |cast| format!("COALESCE({cast}, {other})"));
                    format!("CASE WHEN {operand} IS NOT NULL THEN {value} END")
                }
            }
        }
        Expr::Remap { column, labels, .. } => {
            let operand = field(column);
            let arms: String =
                labels.iter().map(|(from, to)| format!(" WHEN {} THEN {}", literal(from), literal(to))).collect();
            if arms.is_empty() { operand } else { format!("CASE {operand}{arms} ELSE {operand} END") }
        }
        Expr::Coalesce(all) => {
            let all = all.iter().map(|e| expr_sql(at, table, e)).collect::<Vec<_>>().join(", ");
            format!("COALESCE({all})")
        }
        Expr::Lookup { column, table: other, key, value } => match lookup_name(at, *other, *key, *value) {
            Some(there) => format!("(SELECT \"ps_value\" FROM temp.{there} WHERE \"ps_key\" = {})", field(column)),
            None => "NULL".to_owned(),
        },
        // No type derives one here (`Dialect::derives`).
        Expr::Derived(_) => "NULL".to_owned(),
        Expr::Uuid => UUID.to_owned(),
        Expr::Now => "CURRENT_TIMESTAMP".to_owned(),
    }
}

/// The table for a while in which values of another one are looked up: that one may be written anew meanwhile.
pub fn lookup_name(at: &Catalog, table: TableId, key: ColumnId, value: ColumnId) -> Option<String> {
    let of = at.tables.get(&table)?;
    let called = |id| of.columns.get(&id).map(|c| c.name.as_str());
    Some(ident(&format!("ps_{}_{}_{}", of.name.name, called(key)?, called(value)?)))
}

/// A value of this type that is another one in every row.
pub fn distinct(ty: &ColumnType) -> Option<Expr> {
    match &ty.base {
        BaseType::Native { name, .. } if name == "TEXT" => Some(Expr::Uuid),
        BaseType::Native { name, .. } if name == "BLOB" => {
            Some(Expr::Default(Default::Sql("randomblob(16)".to_owned())))
        }
        BaseType::Native { .. } | BaseType::Enum(_) | BaseType::Raw(_) => None,
    }
}

/// Is SQL another value each time it is computed? (<https://www.sqlite.org/deterministic.html>)
pub fn is_volatile(sql: &str) -> bool {
    const VOLATILE: [&str; 6] =
        ["random", "randomblob", "current_timestamp", "current_date", "current_time", "last_insert_rowid"];
    let lower = sql.to_ascii_lowercase();
    lower.contains("'now'") || lower.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|w| VOLATILE.contains(&w))
}

/// The zero value of a type: 0, the empty string, false, the epoch, an empty object, the first label of an enum. None where
/// there is none (an `Unsupported` type).
pub fn zero(at: &Catalog, ty: &ColumnType) -> Option<Literal> {
    match &ty.base {
        BaseType::Enum(id) => at.enums.get(id)?.values.first().map(|v| Literal::Enum(v.clone())),
        BaseType::Raw(_) => None,
        BaseType::Native { name, .. } => Some(match name.as_str() {
            "TEXT" => Literal::String(String::new()),
            "BOOLEAN" => Literal::Boolean(false),
            "INTEGER" | "BIGINT" | "REAL" | "DECIMAL" => Literal::Number("0".into()),
            "DATETIME" => Literal::DateTime("1970-01-01 00:00:00 +00:00".into()),
            "JSONB" => Literal::Json("{}".into()),
            "BLOB" => Literal::Bytes(Vec::new()),
            _ => return None,
        }),
    }
}

/// Reads a value that a user wrote for a column (`@stage.fallback("…")`). SQL quotes around it are taken off.
///
/// # Errors
/// What is wrong with it.
pub fn parse_literal(at: &Catalog, ty: &ColumnType, text: &str) -> Result<Expr, String> {
    let unquoted = text.strip_prefix('\'').and_then(|t| t.strip_suffix('\'')).map(|t| t.replace("''", "'"));
    let plain = unquoted.unwrap_or_else(|| text.to_owned());
    let constant = |literal| Ok(Expr::Literal(literal));
    match &ty.base {
        BaseType::Enum(id) => match at.enums.get(id).is_some_and(|e| e.values.contains(&plain)) {
            true => constant(Literal::Enum(plain)),
            false => Err(format!("the enum has no value {plain:?}")),
        },
        BaseType::Raw(_) => constant(Literal::String(plain)),
        BaseType::Native { name, .. } => match name.as_str() {
            "BOOLEAN" => match plain.parse::<bool>() {
                Ok(value) => constant(Literal::Boolean(value)),
                Err(_) => Err(format!("{plain:?} is neither true nor false")),
            },
            "INTEGER" | "BIGINT" => match plain.parse::<i64>() {
                Ok(n) => constant(Literal::Number(n.to_string())),
                Err(_) => Err(format!("{plain:?} is no whole number")),
            },
            "REAL" | "DECIMAL" => match plain.parse::<f64>() {
                Ok(n) if n.is_finite() => constant(Literal::Number(plain)),
                Ok(_) | Err(_) => Err(format!("{plain:?} is no number")),
            },
            "JSONB" => match serde_json::from_str::<serde_json::Value>(&plain) {
                Ok(_) => constant(Literal::Json(plain)),
                Err(why) => Err(format!("it is no JSON: {why}")),
            },
            "DATETIME" if matches!(plain.to_ascii_lowercase().as_str(), "now()" | "current_timestamp") => Ok(Expr::Now),
            "DATETIME" => constant(Literal::DateTime(plain)),
            _ => constant(Literal::String(plain)),
        },
    }
}
