//! Values from one kind to another: text that is read, JSON, bytes, times, money, bits.

use super::{Cast, cast, is_json, is_text, limit, name, precision};
use crate::catalog::{BaseType, Catalog, ColumnType};
use crate::dialect::postgres::helper::READ;
use crate::dialect::postgres::value::type_sql;

/// UTF-8 without the byte 0, two hexadecimal digits a byte (RFC 3629, section 4).
const UTF8: &str = "^(0[1-9a-f]|[1-7][0-9a-f]|(c[2-9a-f]|d[0-9a-f])[89ab][0-9a-f]|e0[ab][0-9a-f][89ab][0-9a-f]|\
                    (e[1-9a-cef])([89ab][0-9a-f]){2}|ed[89][0-9a-f][89ab][0-9a-f]|f0[9ab][0-9a-f]([89ab][0-9a-f]){2}|\
                    f[1-3]([89ab][0-9a-f]){3}|f48[0-9a-f]([89ab][0-9a-f]){2})*$";

/// The cast between two single values that are of different kinds; None where nothing is natural.
pub fn cast_kinds(at: &Catalog, from: &ColumnType, to: &ColumnType, x: &str) -> Option<Cast> {
    let (a, b, target) = (name(from), name(to), type_sql(at, to));
    let text = ColumnType::native("TEXT", &[]);
    let some = |sql: String, total: bool, exact: bool| Some(Cast { sql, total, exact });
    // Types that are read through another one.
    match (a, b) {
        ("MONEY", _) => {
            return cast(at, &ColumnType::native("DECIMAL", &[19, 2]), to, &format!("({x})::numeric(19,2)"));
        }
        (_, "MONEY") => {
            let inner = cast(at, from, &ColumnType::native("DECIMAL", &[17, 2]), x)?;
            return some(format!("({})::money", inner.sql), inner.total, inner.exact);
        }
        ("OID", _) => return cast(at, &ColumnType::native("BIGINT", &[]), to, &format!("({x})::bigint")),
        (_, "OID") => {
            let inner = cast(at, from, &ColumnType::native("BIGINT", &[]), x)?;
            let i = &inner.sql;
            return some(format!("CASE WHEN ({i}) BETWEEN 0 AND 4294967295 THEN ({i})::oid END"), false, inner.exact);
        }
        ("CHAR", _) => return cast(at, &text, to, &format!("({x})::text")),
        ("BYTEA", _) if is_text(to) || is_json(to) || b == "XML" => {
            let read = format!("CASE WHEN encode({x}, 'hex') ~ '{UTF8}' THEN convert_from({x}, 'UTF8') END");
            let outer = cast(at, &text, to, &format!("({read})"))?;
            return some(if *to == text { read } else { outer.sql }, false, outer.exact);
        }
        ("JSON" | "JSONB", _) if !is_text(to) && b != "BYTEA" => {
            let json = if a == "JSONB" { x.to_owned() } else { format!("({x})::jsonb") };
            let plain = format!(
                "(CASE WHEN jsonb_typeof({json}) IN ('string', 'number', 'boolean') THEN {json} #>> '{{}}' END)"
            );
            let outer = cast(at, &text, to, &plain)?;
            return some(outer.sql, false, false);
        }
        _ => {}
    }
    match (a, b) {
        (_, "BYTEA") if is_text(from) || is_json(from) || a == "XML" => {
            some(format!("convert_to({x}::text, 'UTF8')"), true, true)
        }
        ("UUID", "BYTEA") => some(format!("decode(replace({x}::text, '-', ''), 'hex')"), true, true),
        ("BYTEA", "UUID") => {
            some(format!("CASE WHEN octet_length({x}) = 16 THEN encode({x}, 'hex')::uuid END"), false, true)
        }
        (_, "JSON" | "JSONB") if is_text(from) => some(format!("{READ}({x}::text, NULL::{b})"), false, false),
        ("XML" | "raw", "JSON" | "JSONB") => some(format!("to_jsonb({x}::text)::{target}"), true, true),
        ("TIMESTAMPTZ", "JSON" | "JSONB") => some(format!("to_jsonb({x} AT TIME ZONE 'UTC')::{target}"), true, true),
        (_, "JSON" | "JSONB") if a != "BYTEA" => some(format!("to_jsonb({x})::{target}"), true, true),
        ("BOOLEAN", "SMALLINT" | "BIGINT" | "DECIMAL" | "REAL" | "DOUBLE PRECISION") => {
            some(format!("{x}::int::{target}"), true, true)
        }
        ("SMALLINT" | "BIGINT" | "DECIMAL" | "REAL" | "DOUBLE PRECISION", "BOOLEAN") => {
            some(format!("({x} <> 0)"), true, false)
        }
        ("REAL" | "DOUBLE PRECISION", "SMALLINT") => {
            some(format!("CASE WHEN abs({x}) < 32767 THEN {x}::{target} END"), false, false)
        }
        ("XML" | "INET", _) if a == b => some(x.to_owned(), true, true),
        (_, "XML" | "INET") if is_text(from) => some(format!("{READ}({x}::text, NULL::{b})"), false, true),
        (_, "raw") if is_text(from) || a == "raw" => some(format!("{READ}({x}::text, NULL::{target})"), false, true),
        (_, "BIT" | "VARBIT") => bits(from, to, &target, x),
        _ => times(from, to, &target, x),
    }
}

/// Bits: text of nothing but 0 and 1, and other lengths as far as nothing is cut that is not 0.
fn bits(from: &ColumnType, to: &ColumnType, target: &str, x: &str) -> Option<Cast> {
    let fixed = name(to) == "BIT";
    let most = limit(to).or(fixed.then_some(1));
    let only = |condition: String, of: &str| {
        Some(Cast { sql: format!("CASE WHEN {condition} THEN {x}{of}::{target} END"), total: false, exact: true })
    };
    let fits = |length: String| match (most, fixed) {
        (Some(n), true) => format!(" AND {length} = {n}"),
        (Some(n), false) => format!(" AND {length} <= {n}"),
        (None, _) => String::new(),
    };
    match name(from) {
        "BIT" if fixed => {
            let (n, m) = (limit(from).unwrap_or(1), most.unwrap_or(1));
            if n <= m {
                return Some(Cast { sql: format!("{x}::{target}"), total: true, exact: true });
            }
            only(format!("{x} = {x}::{target}::bit({n})"), "")
        }
        "BIT" | "VARBIT" if most.is_none() => Some(Cast { sql: format!("{x}::{target}"), total: true, exact: true }),
        "BIT" | "VARBIT" => only(format!("true{}", fits(format!("length({x})"))), ""),
        _ if is_text(from) => only(format!("{x} ~ '^[01]*$'{}", fits(format!("char_length({x}::text)"))), "::text"),
        _ => None,
    }
}

/// Points in time, all in UTC. A time of day is one of the first day of the epoch, as Prisma Client has it.
fn times(from: &ColumnType, to: &ColumnType, target: &str, x: &str) -> Option<Cast> {
    let finer = precision(from) <= precision(to);
    let some = |sql: String, exact: bool| Some(Cast { sql: format!("({sql})::{target}"), total: true, exact });
    let read = |shape: &str, ty: &str, zone: &str| {
        let sql = format!("(CASE WHEN {x} ~ '{shape}' THEN {READ}({x}::text, NULL::{ty}) END{zone})::{target}");
        Some(Cast { sql, total: false, exact: false })
    };
    let (day, clock) = ("^\\s*[0-9]{4}-[0-9]", "^\\s*[0-9]{1,2}:[0-9]{2}");
    match (name(from), name(to)) {
        ("TIMESTAMP", "TIME") => some(x.to_owned(), false),
        ("TIMESTAMPTZ", "TIME") => some(format!("{x} AT TIME ZONE 'UTC'"), false),
        ("TIMESTAMP", "TIMETZ") => some(format!("{x}::time::text || '+00'"), false),
        ("TIMESTAMPTZ", "TIMETZ") => some(format!("({x} AT TIME ZONE 'UTC')::time::text || '+00'"), false),
        ("TIME", "TIMESTAMP") => some(format!("DATE '1970-01-01' + {x}"), finer),
        ("TIME", "TIMESTAMPTZ") => some(format!("(DATE '1970-01-01' + {x}) AT TIME ZONE 'UTC'"), finer),
        ("TIMETZ", "TIMESTAMP") => some(format!("DATE '1970-01-01' + ({x} AT TIME ZONE 'UTC')::time"), false),
        ("TIMETZ", "TIMESTAMPTZ") => {
            some(format!("(DATE '1970-01-01' + ({x} AT TIME ZONE 'UTC')::time) AT TIME ZONE 'UTC'"), false)
        }
        ("TIME", "TIMETZ") => some(format!("{x}::text || '+00'"), finer),
        ("TIMETZ", "TIME") => some(format!("({x} AT TIME ZONE 'UTC')::time"), false),
        ("TIMETZ", "TIMETZ") => some(x.to_owned(), finer),
        (_, "TIMESTAMP") if is_text(from) => read(day, "timestamptz", " AT TIME ZONE 'UTC'"),
        (_, "TIMESTAMPTZ") if is_text(from) => read(day, "timestamptz", ""),
        (_, "DATE") if is_text(from) => read(day, "date", ""),
        (_, "TIME") if is_text(from) => read(clock, "time", ""),
        (_, "TIMETZ") if is_text(from) => read(clock, "timetz", ""),
        _ => None,
    }
}

/// Does a cast in this SQL call the function that reads text?
pub fn reads(sql: &str) -> bool {
    sql.contains(READ)
}

/// What it is called in messages where it is no native type.
pub fn is_raw(ty: &ColumnType) -> bool {
    matches!(ty.base, BaseType::Raw(_))
}
