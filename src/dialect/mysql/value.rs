//! Types, constants and defaults as SQL.

use super::quote::{ident, literal};
use crate::catalog::{BaseType, Catalog, ColumnType, Default, Expr, Literal, Table};

/// A column type as SQL. An enum is part of its column, values and all.
pub fn type_sql(at: &Catalog, ty: &ColumnType) -> String {
    match &ty.base {
        BaseType::Native { name, args } if args.is_empty() => name.clone(),
        BaseType::Native { name, args } => {
            let args = args.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            format!("{name}({args})")
        }
        BaseType::Enum(id) => {
            let values = at.enums.get(id).map(|e| e.values.iter().map(|v| literal(v)).collect::<Vec<_>>().join(", "));
            format!("ENUM({})", values.unwrap_or_default())
        }
        BaseType::Raw(sql) => sql.clone(),
    }
}

/// A constant as SQL.
pub fn literal_sql(value: &Literal) -> String {
    match value {
        Literal::String(text) | Literal::Json(text) | Literal::Enum(text) | Literal::DateTime(text) => literal(text),
        Literal::Number(text) => text.clone(),
        Literal::Boolean(value) => value.to_string(),
        Literal::Bytes(bytes) => format!("0x{}", bytes.iter().map(|b| format!("{b:02x}")).collect::<String>()),
    }
}

/// A default as SQL; that a column is numbered is said beside its type. A time has as many digits as its column.
pub fn default_sql(ty: &ColumnType, default: &Default) -> String {
    match default {
        Default::Literal(value) => literal_sql(value),
        Default::List(_) | Default::Sequence => "NULL".to_owned(),
        Default::Now => format!("CURRENT_TIMESTAMP({})", digits(ty)),
        Default::Sql(sql) => sql.clone(),
    }
}

/// Digits behind the second: three, where the schema does not say.
fn digits(ty: &ColumnType) -> u32 {
    match &ty.base {
        BaseType::Native { args, .. } => args.first().copied().unwrap_or(3),
        BaseType::Enum(_) | BaseType::Raw(_) => 3,
    }
}

/// The zero value of a type; None where there is none.
pub fn zero(at: &Catalog, ty: &ColumnType) -> Option<Literal> {
    match &ty.base {
        BaseType::Enum(id) => at.enums.get(id)?.values.first().map(|v| Literal::Enum(v.clone())),
        BaseType::Raw(_) => None,
        BaseType::Native { name, .. } => Some(match name.as_str() {
            "BOOLEAN" => Literal::Boolean(false),
            "DATE" => Literal::DateTime("1970-01-01".into()),
            "DATETIME" | "TIMESTAMP" => Literal::DateTime("1970-01-01 00:00:01".into()),
            "TIME" => Literal::DateTime("00:00:00".into()),
            "YEAR" => Literal::Number("1970".into()),
            "JSON" => Literal::Json("{}".into()),
            name if name.ends_with("BLOB") || name.ends_with("BINARY") => Literal::Bytes(Vec::new()),
            name if name.ends_with("TEXT") || name.ends_with("CHAR") => Literal::String(String::new()),
            "BIT" => Literal::Number("0".into()),
            "FLOAT" | "DOUBLE" | "DECIMAL" => Literal::Number("0".into()),
            name if name.contains("INT") => Literal::Number("0".into()),
            _ => return None,
        }),
    }
}

/// Reads a value that a user wrote for a column (`@stage.fallback("…")`).
///
/// # Errors
/// What is wrong with it.
pub fn parse_literal(at: &Catalog, ty: &ColumnType, text: &str) -> Result<Expr, String> {
    let unquoted = text.strip_prefix('\'').and_then(|t| t.strip_suffix('\'')).map(|t| t.replace("''", "'"));
    let plain = unquoted.unwrap_or_else(|| text.to_owned());
    let constant = |literal| Ok(Expr::Literal(literal));
    match zero(at, ty) {
        Some(Literal::Enum(_)) => {
            match ty.enum_id().and_then(|e| at.enums.get(&e)).is_some_and(|e| e.values.contains(&plain)) {
                true => constant(Literal::Enum(plain)),
                false => Err(format!("the enum has no value {plain:?}")),
            }
        }
        Some(Literal::Boolean(_)) => match plain.parse::<bool>() {
            Ok(value) => constant(Literal::Boolean(value)),
            Err(_) => Err(format!("{plain:?} is neither true nor false")),
        },
        Some(Literal::Number(_)) => match plain.parse::<f64>() {
            Ok(n) if n.is_finite() => constant(Literal::Number(plain)),
            Ok(_) | Err(_) => Err(format!("{plain:?} is no number")),
        },
        Some(Literal::Json(_)) => match serde_json::from_str::<serde_json::Value>(&plain) {
            Ok(_) => constant(Literal::Json(plain)),
            Err(why) => Err(format!("it is no JSON: {why}")),
        },
        Some(Literal::DateTime(_)) if matches!(plain.to_ascii_lowercase().as_str(), "now()" | "current_timestamp") => {
            Ok(Expr::Now)
        }
        Some(Literal::DateTime(_)) => constant(Literal::DateTime(plain)),
        Some(Literal::String(_) | Literal::Bytes(_)) | None => constant(Literal::String(plain)),
    }
}

/// An expression over the columns of `table`: as much as plans ask for.
pub fn expr_sql(table: &Table, expr: &Expr) -> String {
    match expr {
        Expr::Column(id) => table.columns.get(id).map_or_else(|| "NULL".to_owned(), |c| ident(&c.name)),
        Expr::Literal(value) => literal_sql(value),
        Expr::Sql(sql) | Expr::Default(Default::Sql(sql)) => format!("({sql}\n)"),
        Expr::Default(Default::Literal(value)) => literal_sql(value),
        Expr::Coalesce(all) => {
            let all = all.iter().map(|e| expr_sql(table, e)).collect::<Vec<_>>().join(", ");
            format!("COALESCE({all})")
        }
        Expr::Uuid => "UUID()".to_owned(),
        Expr::Now => "CURRENT_TIMESTAMP(3)".to_owned(),
        Expr::Default(_) | Expr::Cast { .. } | Expr::Remap { .. } | Expr::Lookup { .. } | Expr::Derived(_) => {
            "NULL".to_owned()
        }
    }
}
