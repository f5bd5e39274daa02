//! Types, constants, defaults and expressions as SQL.

use super::quote::{ident, literal, name};
use crate::catalog::{BaseType, Catalog, Column, ColumnType, Default, Expr, Literal, Table};

/// A column type as SQL.
pub fn type_sql(at: &Catalog, ty: &ColumnType) -> String {
    let base = match &ty.base {
        BaseType::Native { name, args } if args.is_empty() => name.clone(),
        BaseType::Native { name, args } => {
            format!("{name}({})", args.iter().map(u32::to_string).collect::<Vec<_>>().join(","))
        }
        BaseType::Enum(id) => at.enums.get(id).map_or_else(|| "TEXT".to_owned(), |e| name(&e.name)),
        BaseType::Raw(sql) => sql.clone(),
    };
    if ty.list { format!("{base}[]") } else { base }
}

/// A constant as SQL.
pub fn literal_sql(value: &Literal) -> String {
    match value {
        Literal::String(text) | Literal::Json(text) | Literal::Enum(text) | Literal::DateTime(text) => literal(text),
        Literal::Number(text) => text.clone(),
        Literal::Boolean(value) => value.to_string(),
        Literal::Bytes(bytes) => {
            let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
            format!("'\\x{hex}'")
        }
    }
}

/// A default as SQL; a sequence's is not written here but belongs to its column.
pub fn default_sql(at: &Catalog, ty: &ColumnType, default: &Default) -> String {
    match default {
        Default::Literal(value) => literal_sql(value),
        Default::List(values) => {
            let list = values.iter().map(literal_sql).collect::<Vec<_>>().join(", ");
            format!("ARRAY[{list}]::{}", type_sql(at, ty))
        }
        Default::Now => "CURRENT_TIMESTAMP".to_owned(),
        Default::Sequence => "NULL".to_owned(),
        Default::Sql(sql) => sql.clone(),
    }
}

/// An expression as a value of a type: neither text nor another enum becomes an enum by itself.
pub fn of_enum(at: &Catalog, ty: &ColumnType, sql: &str) -> String {
    match ty.enum_id() {
        Some(_) => format!("CAST(CAST({sql} AS {}) AS {})", if ty.list { "TEXT[]" } else { "TEXT" }, type_sql(at, ty)),
        None => sql.to_owned(),
    }
}

/// An expression over the columns of `table`, each written with `prefix` (`NEW.`, or nothing).
pub fn expr_sql(at: &Catalog, table: &Table, target: &Column, expr: &Expr, prefix: &str) -> String {
    match expr {
        Expr::Column(id) => {
            table.columns.get(id).map_or_else(|| "NULL".to_owned(), |c| format!("{prefix}{}", ident(&c.name)))
        }
        // No number becomes money by itself beside a value of that type.
        Expr::Literal(Literal::Number(n)) if target.ty == ColumnType::native("MONEY", &[]) => {
            format!("{n}::numeric::money")
        }
        Expr::Literal(value) => literal_sql(value),
        Expr::Default(Default::Sequence) => {
            let (table, column) = (literal(&name(&table.name)), literal(&target.name));
            format!("nextval(pg_get_serial_sequence({table}, {column}))")
        }
        Expr::Default(default) => default_sql(at, &target.ty, default),
        // A line of its own, or a comment at its end would swallow what follows.
        Expr::Sql(sql) if prefix.is_empty() => of_enum(at, &target.ty, &format!("({sql}\n)")),
        // In a trigger the row is no relation: it is made one, under the table's own name, so that columns are found.
        Expr::Sql(sql) => format!("(SELECT {sql}\n    FROM (SELECT NEW.*) AS {})", ident(&table.name.name)),
        Expr::Cast { column, to, fallback } => {
            let Some(source) = table.columns.get(column) else { return "NULL".to_owned() };
            let operand = format!("{prefix}{}", ident(&source.name));
            let Some(cast) = super::cast(at, &source.ty, to, &operand) else {
                // One value for all where nothing converts.
                let other = fallback.as_ref().map(|other| expr_sql(at, table, target, other, prefix));
                let value = |other| format!("CASE WHEN {operand} IS NOT NULL THEN ({other})::{} END", type_sql(at, to));
                return other.map_or("NULL".to_owned(), value);
            };
            match fallback {
                None => cast.sql,
                Some(other) => {
                    let other = expr_sql(at, table, target, other, prefix);
                    format!("CASE WHEN {operand} IS NOT NULL THEN COALESCE({}, {other}) END", cast.sql)
                }
            }
        }
        Expr::Remap { column, to, labels } => {
            let Some(source) = table.columns.get(column) else { return "NULL".to_owned() };
            super::cast::remap(&type_sql(at, to), to.list, labels, &format!("{prefix}{}", ident(&source.name)))
        }
        Expr::Lookup { column, table: other, key, value } => {
            let found = at.tables.get(other).and_then(|t| Some((t, t.columns.get(key)?, t.columns.get(value)?)));
            let (Some(own), Some((other, key, value))) = (table.columns.get(column), found) else {
                return "NULL".to_owned();
            };
            // By the table's name, or a column of the other one could be meant.
            let prefix = if prefix.is_empty() { format!("{}.", ident(&table.name.name)) } else { prefix.to_owned() };
            let (key, value) = (ident(&key.name), ident(&value.name));
            let found = format!(
                "(SELECT _ps_row.{value} FROM {} AS _ps_row WHERE _ps_row.{key} = {prefix}{})",
                name(&other.name),
                ident(&own.name)
            );
            // A row that is about to be written is not there yet.
            if other.name == table.name && prefix == "NEW." {
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
            let uuid = format!("md5({prefix}{}::text)::uuid", ident(&source.name));
            if target.ty == ColumnType::native("UUID", &[]) { uuid } else { format!("{uuid}::text") }
        }
        Expr::Uuid if target.ty == ColumnType::native("UUID", &[]) => "gen_random_uuid()".to_owned(),
        Expr::Uuid => "gen_random_uuid()::text".to_owned(),
        Expr::Now => "CURRENT_TIMESTAMP".to_owned(),
    }
}

/// Functions that give another value each time, or in each transaction
/// (<https://www.postgresql.org/docs/current/xfunc-volatility.html>).
const VOLATILE: [&str; 20] = [
    "gen_random_uuid",
    "uuidv4",
    "uuidv7",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "gen_random_bytes",
    "random",
    "random_normal",
    "nextval",
    "clock_timestamp",
    "statement_timestamp",
    "transaction_timestamp",
    "timeofday",
    "now",
    "current_timestamp",
    "current_date",
    "current_time",
    "localtimestamp",
    "localtime",
];

/// Is one of them called, outside of text and names in quotes?
pub fn is_volatile(sql: &str) -> bool {
    let mut quote = None;
    let plain: String = sql
        .chars()
        .map(|c| match quote {
            Some(open) => {
                if c == open {
                    quote = None;
                }
                ' '
            }
            None if c == '\'' || c == '"' => {
                quote = Some(c);
                ' '
            }
            None => c.to_ascii_lowercase(),
        })
        .collect();
    plain.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| VOLATILE.contains(&word))
}

/// The zero value of a type: 0, the empty string, false, the epoch, an empty object or list, the first label of an enum.
/// None where there is none (an `Unsupported` type).
pub fn zero(at: &Catalog, ty: &ColumnType) -> Option<Literal> {
    if ty.list {
        return Some(Literal::String("{}".into()));
    }
    match &ty.base {
        BaseType::Enum(id) => at.enums.get(id)?.values.first().map(|v| Literal::Enum(v.clone())),
        BaseType::Raw(_) => None,
        BaseType::Native { name, args } => Some(match name.as_str() {
            "TEXT" | "VARCHAR" | "CHAR" | "CITEXT" | "XML" => Literal::String(String::new()),
            "BOOLEAN" => Literal::Boolean(false),
            "INTEGER" | "SMALLINT" | "BIGINT" | "DECIMAL" | "REAL" | "DOUBLE PRECISION" | "MONEY" | "OID" => {
                Literal::Number("0".into())
            }
            "TIMESTAMP" => Literal::DateTime("1970-01-01 00:00:00".into()),
            "TIMESTAMPTZ" => Literal::DateTime("1970-01-01 00:00:00+00".into()),
            "DATE" => Literal::DateTime("1970-01-01".into()),
            "TIME" => Literal::DateTime("00:00:00".into()),
            "TIMETZ" => Literal::DateTime("00:00:00+00".into()),
            "JSON" | "JSONB" => Literal::Json("{}".into()),
            "BYTEA" => Literal::Bytes(Vec::new()),
            "UUID" => Literal::String("00000000-0000-0000-0000-000000000000".into()),
            "INET" => Literal::String("0.0.0.0".into()),
            "BIT" => Literal::String("0".repeat(args.first().copied().unwrap_or(1) as usize)),
            "VARBIT" => Literal::String(String::new()),
            _ => return None,
        }),
    }
}

/// Reads a value that a user wrote for a column (`@stage.fallback("…")`): a number for a number, a label for an enum, text
/// for text. SQL quotes around it are taken off.
///
/// # Errors
/// What is wrong with it.
pub fn parse_literal(at: &Catalog, ty: &ColumnType, text: &str) -> Result<Expr, String> {
    let unquoted = text.strip_prefix('\'').and_then(|t| t.strip_suffix('\'')).map(|t| t.replace("''", "'"));
    let plain = unquoted.clone().unwrap_or_else(|| text.to_owned());
    if ty.list {
        return if plain.starts_with('{') && plain.ends_with('}') {
            Ok(Expr::Literal(Literal::String(plain)))
        } else {
            Err("a list is written as '{a,b}'".into())
        };
    }
    match &ty.base {
        BaseType::Enum(id) => {
            let known = at.enums.get(id).is_some_and(|e| e.values.contains(&plain));
            if known {
                Ok(Expr::Literal(Literal::Enum(plain)))
            } else {
                Err(format!("the enum has no value {plain:?}"))
            }
        }
        BaseType::Raw(_) => Ok(Expr::Literal(Literal::String(plain))),
        BaseType::Native { name, args } => match name.as_str() {
            "TEXT" | "VARCHAR" | "CHAR" | "CITEXT" => match args.first() {
                Some(&limit) if plain.chars().count() > limit as usize => {
                    Err(format!("it is longer than {limit} characters"))
                }
                Some(_) | None => Ok(Expr::Literal(Literal::String(plain))),
            },
            "BOOLEAN" => plain
                .parse::<bool>()
                .map(|b| Expr::Literal(Literal::Boolean(b)))
                .map_err(|_| format!("{plain:?} is neither true nor false")),
            "INTEGER" | "SMALLINT" | "BIGINT" | "OID" => integer(name, &plain),
            "DECIMAL" | "REAL" | "DOUBLE PRECISION" | "MONEY" => match plain.parse::<f64>() {
                Ok(n) if n.is_finite() => Ok(Expr::Literal(Literal::Number(plain))),
                Ok(_) | Err(_) => Err(format!("{plain:?} is no number")),
            },
            "JSON" | "JSONB" => serde_json::from_str::<serde_json::Value>(&plain)
                .map(|_| Expr::Literal(Literal::Json(plain.clone())))
                .map_err(|e| format!("it is no JSON: {e}")),
            "TIMESTAMP" | "TIMESTAMPTZ" | "DATE" | "TIME" | "TIMETZ" => {
                let now = matches!(plain.to_ascii_lowercase().as_str(), "now()" | "current_timestamp");
                Ok(if now { Expr::Now } else { Expr::Literal(Literal::DateTime(plain)) })
            }
            _ => Ok(Expr::Literal(Literal::String(plain))),
        },
    }
}

fn integer(ty: &str, text: &str) -> Result<Expr, String> {
    let range = match ty {
        "SMALLINT" => i64::from(i16::MIN)..=i64::from(i16::MAX),
        "INTEGER" => i64::from(i32::MIN)..=i64::from(i32::MAX),
        "OID" => 0..=i64::from(u32::MAX),
        _ => i64::MIN..=i64::MAX,
    };
    match text.parse::<i64>() {
        Ok(n) if range.contains(&n) => Ok(Expr::Literal(Literal::Number(n.to_string()))),
        Ok(_) => Err(format!("{text} is out of the range of {ty}")),
        Err(_) => Err(format!("{text:?} is no whole number")),
    }
}

#[cfg(test)]
mod tests {
    use super::is_volatile;

    #[test]
    fn what_is_another_value_each_time_is_found_outside_of_quotes() {
        assert!(is_volatile("gen_random_uuid()::text"));
        assert!(is_volatile("coalesce(x, Now())"));
        assert!(is_volatile("CURRENT_TIMESTAMP"));
        assert!(!is_volatile("\"random\" || 'now()'"));
        assert!(!is_volatile("lower(nowhere)"));
    }
}
