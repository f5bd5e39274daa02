//! Types, constants and defaults as SQL.

use super::quote::{ident, literal, name};
use super::types::{is_long, moment};
use crate::catalog::{BaseType, Catalog, Column, ColumnType, Default, Expr, Literal, Table};

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
        // Without a digit behind it `0x` is a name (<https://dev.mysql.com/doc/refman/8.4/en/hexadecimal-literals.html>).
        Literal::Bytes(bytes) if bytes.is_empty() => "X''".to_owned(),
        Literal::Bytes(bytes) => format!("0x{}", bytes.iter().map(|b| format!("{b:02x}")).collect::<String>()),
    }
}

/// A default as SQL; that a column is numbered is said beside its type. A time has as many digits as its column.
pub fn default_sql(ty: &ColumnType, default: &Default) -> String {
    match default {
        // Such a type takes an expression alone (<https://dev.mysql.com/doc/refman/8.4/en/data-type-defaults.html>).
        Default::Literal(value) if is_long(ty) => format!("({})", literal_sql(value)),
        Default::Literal(value) => literal_sql(value),
        Default::List(_) | Default::Sequence => "NULL".to_owned(),
        Default::Now => format!("CURRENT_TIMESTAMP({})", moment(ty)),
        Default::Sql(sql) => sql.clone(),
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
        // As Prisma writes it, and as the server does not read it.
        Some(Literal::DateTime(_)) => {
            let bare = plain.strip_suffix('Z').map_or_else(|| plain.clone(), |text| text.replacen('T', " ", 1));
            constant(Literal::DateTime(bare))
        }
        Some(Literal::String(_) | Literal::Bytes(_)) | None => constant(Literal::String(plain)),
    }
}

/// An expression over the columns of `table`, each written with `prefix` (`NEW.`, or nothing).
pub fn expr_sql(at: &Catalog, table: &Table, target: &Column, expr: &Expr, prefix: &str) -> String {
    match expr {
        Expr::Column(id) => {
            table.columns.get(id).map_or_else(|| "NULL".to_owned(), |c| format!("{prefix}{}", ident(&c.name)))
        }
        Expr::Literal(value) => literal_sql(value),
        // Numbered by the server alone, but for a second column, until it takes over.
        Expr::Default(Default::Sequence) => {
            let first = super::number::numbered(table).and_then(|id| table.columns.get(&id));
            let first = first.filter(|first| first.name != target.name);
            first.map_or_else(|| "NULL".to_owned(), |first| format!("{prefix}{}", ident(&first.name)))
        }
        Expr::Default(Default::List(_)) => "NULL".to_owned(),
        Expr::Default(default) => default_sql(&target.ty, default),
        // A line of its own, or a comment at its end would swallow what follows.
        Expr::Sql(sql) if prefix.is_empty() => format!("({sql}\n)"),
        // In a trigger the row is no relation: it is made one, under the table's own name, so that columns are found.
        Expr::Sql(sql) => {
            let spoken = table.columns.values().filter(|c| sql.contains(&c.name));
            let row = spoken.map(|c| format!("NEW.{0} AS {0}", ident(&c.name))).collect::<Vec<_>>().join(", ");
            if row.is_empty() {
                return format!("({sql}\n)");
            }
            format!("(SELECT {sql}\n    FROM (SELECT {row}) AS {})", ident(&table.name.name))
        }
        Expr::Cast { column, to, fallback } => {
            let Some(source) = table.columns.get(column) else { return "NULL".to_owned() };
            let operand = format!("{prefix}{}", ident(&source.name));
            let other = fallback.as_ref().map(|other| expr_sql(at, table, target, other, prefix));
            match (super::cast(at, &source.ty, to, &operand), other) {
                (Some(cast), None) => cast.sql,
                (Some(cast), Some(other)) => {
                    format!("CASE WHEN {operand} IS NOT NULL THEN COALESCE({}, {other}) END", cast.sql)
                }
                // One value for all where nothing converts.
                (None, Some(other)) => format!("CASE WHEN {operand} IS NOT NULL THEN {other} END"),
                (None, None) => "NULL".to_owned(),
            }
        }
        Expr::Remap { column, labels, .. } => {
            let Some(source) = table.columns.get(column) else { return "NULL".to_owned() };
            super::cast::remap(labels, &format!("{prefix}{}", ident(&source.name)))
        }
        Expr::Lookup { column, table: other, key, value } => {
            let found = at.tables.get(other).and_then(|t| Some((t, t.columns.get(key)?, t.columns.get(value)?)));
            let (Some(own), Some((other, key, value))) = (table.columns.get(column), found) else {
                return "NULL".to_owned();
            };
            // By the table's name, or a column of the other one could be meant.
            let by = if prefix.is_empty() { format!("{}.", ident(&table.name.name)) } else { prefix.to_owned() };
            let (key, value, there) = (ident(&key.name), ident(&value.name), name(&other.name));
            // A table that is written is not read, unless it is made another first
            // (<https://dev.mysql.com/doc/refman/8.4/en/update.html>).
            let own_table = other.name == table.name;
            let there = if own_table { format!("(SELECT {key}, {value} FROM {there})") } else { there };
            let found = format!(
                "(SELECT _ps_row.{value} FROM {there} AS _ps_row WHERE _ps_row.{key} = {by}{})",
                ident(&own.name)
            );
            // A row that is about to be written is not there yet.
            if own_table && prefix == "NEW." {
                format!("CASE WHEN NEW.{} = NEW.{key} THEN NEW.{value} ELSE {found} END", ident(&own.name))
            } else {
                found
            }
        }
        Expr::Coalesce(all) => {
            let all = all.iter().map(|e| expr_sql(at, table, target, e, prefix)).collect::<Vec<_>>().join(", ");
            format!("COALESCE({all})")
        }
        Expr::Derived(id) => {
            let Some(source) = table.columns.get(id) else { return "NULL".to_owned() };
            let dash = |text: String, at: u32| format!("INSERT({text}, {at}, 0, '-')");
            let digest = format!("MD5({prefix}{})", ident(&source.name));
            [9, 14, 19, 24].into_iter().fold(digest, dash)
        }
        Expr::Uuid => "UUID()".to_owned(),
        Expr::Now => format!("CURRENT_TIMESTAMP({})", moment(&target.ty)),
    }
}

/// Functions that give another value each time, or in each transaction.
const VOLATILE: [&str; 12] = [
    "uuid",
    "uuid_short",
    "rand",
    "random_bytes",
    "now",
    "sysdate",
    "current_timestamp",
    "current_date",
    "current_time",
    "localtime",
    "utc_timestamp",
    "curdate",
];

/// Is SQL another value each time it is computed?
pub fn is_volatile(sql: &str) -> bool {
    let mut quote = None;
    let plain = sql.chars().map(|c| match quote {
        Some(open) if c == open => {
            quote = None;
            ' '
        }
        Some(_) => ' ',
        None if matches!(c, '\'' | '"' | '`') => {
            quote = Some(c);
            ' '
        }
        None => c.to_ascii_lowercase(),
    });
    let plain: String = plain.collect();
    plain.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| VOLATILE.contains(&word))
}
