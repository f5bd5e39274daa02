//! Conversions that somebody may mean where none is natural: to be looked at by a person and written into an answer.

use super::{is_text, name};
use crate::catalog::{Catalog, ColumnType};
use crate::dialect::Proposal;
use crate::dialect::postgres::quote::{ident, literal};
use crate::dialect::postgres::value::type_sql;

/// The likely first. `names` are those of the old column and of the new one.
pub fn proposals(at: &Catalog, from: &ColumnType, to: &ColumnType, names: (&str, &str)) -> Vec<Proposal> {
    let (x, y) = (ident(names.0), ident(names.1));
    let (there, here) = (type_sql(at, to), type_sql(at, from));
    if from.list || to.list {
        return Vec::new();
    }
    let one = |meaning: &str, using: String, back: String| Proposal { meaning: meaning.to_owned(), using, back };
    let labels =
        |ty: &ColumnType| ty.enum_id().and_then(|e| at.enums.get(&e)).map(|e| e.values.clone()).unwrap_or_default();
    match (kind(from), kind(to)) {
        (Kind::Time, Kind::Number) => epoch(&there, &here, (&x, name(from)), &y),
        (Kind::Number, Kind::Time) => {
            let turned = epoch(&here, &there, (&y, name(to)), &x);
            turned.into_iter().map(|p| Proposal { using: p.back, back: p.using, ..p }).collect()
        }
        (Kind::Time, Kind::Boolean) => vec![one(
            "true where there is a time",
            format!("{x} IS NOT NULL"),
            format!("CASE WHEN {y} THEN '1970-01-01'::{here} END"),
        )],
        (Kind::Boolean, Kind::Time) => vec![one(
            "the epoch where it is true, no time where it is not",
            format!("CASE WHEN {x} THEN '1970-01-01'::{there} END"),
            format!("{y} IS NOT NULL"),
        )],
        (Kind::Bytes, _) if is_text(to) => vec![one(
            "as base64",
            format!("translate(encode({x}, 'base64'), E'\\n', '')"),
            format!("decode({y}, 'base64')"),
        )],
        (_, Kind::Bytes) if is_text(from) => vec![one(
            "out of base64",
            format!("decode({x}, 'base64')"),
            format!("translate(encode({y}, 'base64'), E'\\n', '')"),
        )],
        (Kind::Boolean, Kind::Enum) => {
            let values = labels(to);
            let (Some(first), Some(last)) = (values.first(), values.last()) else { return Vec::new() };
            vec![one(
                &format!("{first} where it is true, {last} where it is not"),
                format!("(CASE WHEN {x} THEN {} WHEN NOT {x} THEN {} END)::{there}", literal(first), literal(last)),
                format!("{y} = {}", literal(first)),
            )]
        }
        (Kind::Enum, Kind::Boolean) => {
            let Some(first) = labels(from).first().cloned() else { return Vec::new() };
            let last = labels(from).last().cloned().unwrap_or_default();
            vec![one(
                &format!("true where it is {first}"),
                format!("{x} = {}", literal(&first)),
                format!("(CASE WHEN {y} THEN {} WHEN NOT {y} THEN {} END)::{here}", literal(&first), literal(&last)),
            )]
        }
        (Kind::Number, Kind::Enum) => vec![one(
            "by its place, from 0",
            format!("(enum_range(NULL::{there}))[{x}::int + 1]"),
            format!("array_position(enum_range(NULL::{there}), {y}) - 1"),
        )],
        (Kind::Enum, Kind::Number) => vec![one(
            "its place, from 0",
            format!("array_position(enum_range(NULL::{here}), {x}) - 1"),
            format!("(enum_range(NULL::{here}))[{y}::int + 1]"),
        )],
        _ => Vec::new(),
    }
}

/// A time as a number of seconds, of milliseconds, or of days.
fn epoch(number: &str, time: &str, (time_column, ty): (&str, &str), number_column: &str) -> Vec<Proposal> {
    let (x, y) = (time_column, number_column);
    let back = |seconds: &str| match ty {
        "TIMESTAMPTZ" => format!("to_timestamp({seconds})::{time}"),
        _ => format!("(to_timestamp({seconds}) AT TIME ZONE 'UTC')::{time}"),
    };
    let days = Proposal {
        meaning: "days since 1970-01-01".into(),
        using: format!("({x}::date - DATE '1970-01-01')::{number}"),
        back: format!("(DATE '1970-01-01' + {y}::int)::{time}"),
    };
    if ty == "TIME" || ty == "TIMETZ" {
        let seconds = Proposal {
            meaning: "seconds since midnight".into(),
            using: format!("extract(epoch FROM {x}::time)::{number}"),
            back: format!("(TIME '00:00' + {y} * INTERVAL '1 second')::{time}"),
        };
        return vec![seconds];
    }
    let seconds = Proposal {
        meaning: "seconds since 1970".into(),
        using: format!("extract(epoch FROM {x})::{number}"),
        back: back(y),
    };
    let millis = Proposal {
        meaning: "milliseconds since 1970".into(),
        using: format!("(extract(epoch FROM {x}) * 1000)::{number}"),
        back: back(&format!("{y} / 1000.0")),
    };
    if ty == "DATE" { vec![days, seconds, millis] } else { vec![seconds, millis, days] }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Boolean,
    Time,
    Bytes,
    Enum,
    Other,
}

fn kind(ty: &ColumnType) -> Kind {
    match name(ty) {
        "SMALLINT" | "INTEGER" | "BIGINT" | "REAL" | "DOUBLE PRECISION" | "DECIMAL" => Kind::Number,
        "BOOLEAN" => Kind::Boolean,
        "TIMESTAMP" | "TIMESTAMPTZ" | "DATE" | "TIME" | "TIMETZ" => Kind::Time,
        "BYTEA" => Kind::Bytes,
        "enum" => Kind::Enum,
        _ => Kind::Other,
    }
}
