//! Values of one type as values of another, never failing: a bare cast in a trigger would fail an old client's write.

mod kind;
mod list;
mod proposal;

use super::value::{literal_sql, type_sql};
use crate::catalog::{BaseType, Catalog, ColumnType, Literal};
use kind::{cast_kinds, is_raw};
use list::{cast_lists, each};

pub use proposal::proposals;

/// How a value is cast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cast {
    /// SQL that gives the new value, or NULL where there is none.
    pub sql: String,
    /// Has every value one?
    pub total: bool,
    /// Can the old value be told from the new one?
    pub exact: bool,
}

impl Cast {
    /// Does it call the function that reads text?
    pub fn reads(&self) -> bool {
        kind::reads(&self.sql)
    }
}

/// The cast of `operand`; None where the two types have nothing to do with each other.
pub fn cast(at: &Catalog, from: &ColumnType, to: &ColumnType, operand: &str) -> Option<Cast> {
    let target = type_sql(at, to);
    let plain = |total: bool, exact: bool| Some(Cast { sql: format!("{operand}::{target}"), total, exact });
    let only = |condition: String| {
        Some(Cast {
            sql: format!("CASE WHEN {condition} THEN {operand}::text::{target} END"),
            total: false,
            exact: true,
        })
    };
    if from.list || to.list {
        let widens = from.list
            && to.list
            && matches!((name(from), name(to)), ("INTEGER" | "SMALLINT", "BIGINT" | "INTEGER") | ("VARCHAR", "TEXT"));
        if widens && rank(from) <= rank(to) {
            return plain(true, true);
        }
        return cast_lists(at, from, to, operand);
    }
    if from == to {
        return Some(Cast { sql: operand.to_owned(), total: true, exact: true });
    }
    if let BaseType::Enum(id) = &to.base {
        let labels = &at.enums.get(id)?.values;
        let list = labels.iter().map(|v| literal_sql(&Literal::Enum(v.clone()))).collect::<Vec<_>>().join(", ");
        let total =
            from.enum_id().and_then(|e| at.enums.get(&e)).is_some_and(|e| e.values.iter().all(|v| labels.contains(v)));
        if is_json(from) {
            return cast_kinds(at, from, to, operand);
        }
        let possible = from.enum_id().is_some() || is_text(from);
        return possible.then(|| Cast {
            sql: format!("CASE WHEN {operand}::text IN ({list}) THEN {operand}::text::{target} END"),
            total,
            exact: true,
        });
    }
    let BaseType::Native { args, .. } = &to.base else { return cast_kinds(at, from, to, operand) };
    match (name(from), name(to)) {
        ("MONEY", _) => cast_kinds(at, from, to, operand),
        // What the session's time zone is must not matter.
        ("TIMESTAMPTZ", "TEXT" | "CITEXT" | "VARCHAR" | "CHAR") => {
            let text = format!("(({operand} AT TIME ZONE 'UTC')::text || '+00')");
            let outer = cast(at, &ColumnType::native("TEXT", &[]), to, &text)?;
            Some(Cast { exact: false, ..outer })
        }
        (_, "TEXT" | "CITEXT") if castable_to_text(from) => plain(true, name(from) != "CHAR"),
        (_, "VARCHAR" | "CHAR") if castable_to_text(from) => match args.first() {
            None => plain(true, true),
            Some(&limit) if longest(at, from).is_some_and(|n| n <= limit) => plain(true, name(to) != "CHAR"),
            Some(limit) => only(format!("char_length({operand}::text) <= {limit}")),
        },
        ("SMALLINT" | "INTEGER" | "BIGINT", "SMALLINT" | "INTEGER" | "BIGINT") if rank(from) <= rank(to) => {
            plain(true, true)
        }
        ("INTEGER" | "BIGINT", "SMALLINT") => only(format!("{operand} BETWEEN -32768 AND 32767")),
        ("BIGINT", "INTEGER") => only(format!("{operand} BETWEEN -2147483648 AND 2147483647")),
        ("SMALLINT" | "INTEGER" | "BIGINT", "DECIMAL") => match args.as_slice() {
            [p, s] if p - s >= [5, 10, 19][rank(from)] => plain(true, true),
            [p, s] => only(format!("abs({operand}::numeric) < 1e{}", p - s)),
            _ => plain(true, true),
        },
        ("SMALLINT" | "INTEGER" | "BIGINT", "DOUBLE PRECISION" | "REAL") => {
            plain(true, name(to) != "REAL" && rank(from) < 2)
        }
        ("DECIMAL", "DECIMAL") => match args.as_slice() {
            [p, s] => Some(Cast {
                sql: format!("CASE WHEN abs(round({operand}, {s})) < 1e{} THEN {operand}::{target} END", p - s),
                total: false,
                exact: false,
            }),
            _ => plain(true, true),
        },
        ("DECIMAL", "DOUBLE PRECISION" | "REAL") | ("DOUBLE PRECISION", "REAL") => plain(true, false),
        ("REAL", "DOUBLE PRECISION") => plain(true, true),
        ("DECIMAL", "SMALLINT" | "INTEGER" | "BIGINT") => Some(Cast {
            sql: format!(
                "CASE WHEN abs({operand}) < {} THEN {operand}::{target} END",
                ["32767", "2147483647", "9223372036854775807"][rank(to)]
            ),
            total: false,
            exact: false,
        }),
        ("REAL" | "DOUBLE PRECISION", "DECIMAL" | "INTEGER" | "BIGINT") => {
            let limit = if name(to) == "DECIMAL" {
                args.first().zip(args.get(1)).map_or(30, |(p, s)| p - s)
            } else {
                [4, 9, 18][rank(to)]
            };
            Some(Cast {
                sql: format!("CASE WHEN abs({operand}) < 1e{limit} THEN {operand}::{target} END"),
                total: false,
                exact: false,
            })
        }
        ("TEXT" | "VARCHAR" | "CITEXT", "SMALLINT" | "INTEGER" | "BIGINT") => {
            only(format!("{operand} ~ '^\\s*[-+]?[0-9]{{1,{}}}\\s*$'", [4, 9, 18][rank(to)]))
        }
        ("TEXT" | "VARCHAR" | "CITEXT", "DECIMAL")
            if args.first().zip(args.get(1)).is_some_and(|(p, s)| p - s < 10) =>
        {
            let number = format!("({operand})::text::numeric");
            let (p, s) = (args[0], args[1]);
            Some(Cast {
                sql: format!(
                    "CASE WHEN {operand} ~ '^\\s*[-+]?[0-9]{{1,9}}(\\.[0-9]{{1,9}})?\\s*$' \
                     THEN CASE WHEN abs(round({number}, {s})) < 1e{} THEN {number}::{target} END END",
                    p - s
                ),
                total: false,
                exact: true,
            })
        }
        ("TEXT" | "VARCHAR" | "CITEXT", "DECIMAL" | "REAL" | "DOUBLE PRECISION") => {
            only(format!("{operand} ~ '^\\s*[-+]?[0-9]{{1,9}}(\\.[0-9]{{1,9}})?\\s*$'"))
        }
        ("TEXT" | "VARCHAR" | "CITEXT", "UUID") => {
            only(format!("{operand} ~* '^[0-9a-f]{{8}}-([0-9a-f]{{4}}-){{3}}[0-9a-f]{{12}}$'"))
        }
        // The number in hexadecimal digits, behind zeros.
        ("SMALLINT" | "INTEGER" | "BIGINT", "UUID") => {
            Some(Cast { sql: format!("lpad(to_hex({operand}::bigint), 32, '0')::uuid"), total: true, exact: true })
        }
        ("UUID", "SMALLINT" | "INTEGER" | "BIGINT") => {
            let digits = format!("replace({operand}::text, '-', '')");
            let number = format!("('x' || right({digits}, 16))::bit(64)::bigint");
            let limits =
                ["-32768 AND 32767", "-2147483648 AND 2147483647", "-9223372036854775808 AND 9223372036854775807"];
            Some(Cast {
                sql: format!(
                    "CASE WHEN left({digits}, 16) = repeat('0', 16) AND {number} BETWEEN {} THEN {number}::{target} END",
                    limits[rank(to)]
                ),
                total: false,
                exact: true,
            })
        }
        ("TEXT" | "VARCHAR" | "CITEXT", "BOOLEAN") => {
            only(format!("lower({operand}) IN ('true', 'false', 't', 'f', 'yes', 'no', '1', '0')"))
        }
        ("BOOLEAN", "INTEGER") => plain(true, true),
        ("INTEGER", "BOOLEAN") => plain(true, false),
        ("JSON" | "JSONB", "JSON" | "JSONB") => plain(true, false),
        ("TIMESTAMP", "TIMESTAMPTZ") | ("TIMESTAMPTZ", "TIMESTAMP") => Some(Cast {
            sql: format!("({operand} AT TIME ZONE 'UTC')::{target}"),
            total: true,
            exact: precision(from) <= precision(to),
        }),
        ("TIMESTAMP", "TIMESTAMP") | ("TIMESTAMPTZ", "TIMESTAMPTZ") | ("TIME", "TIME") => {
            plain(true, precision(from) <= precision(to))
        }
        ("DATE", "TIMESTAMP") => plain(true, true),
        ("TIMESTAMP", "DATE") => plain(true, false),
        ("DATE", "TIMESTAMPTZ") => {
            Some(Cast { sql: format!("({operand}::timestamp AT TIME ZONE 'UTC')::{target}"), total: true, exact: true })
        }
        ("TIMESTAMPTZ", "DATE") => {
            Some(Cast { sql: format!("({operand} AT TIME ZONE 'UTC')::date"), total: true, exact: false })
        }
        _ => cast_kinds(at, from, to, operand),
    }
}

/// Labels of an enum, some of which become others, as a value of the type `target`. A label that it does not have fails.
pub fn remap(target: &str, list: bool, labels: &[(String, String)], operand: &str) -> String {
    let text = |label: &str| literal_sql(&Literal::Enum(label.to_owned()));
    let one = |operand: &str, target: &str| {
        if labels.is_empty() {
            return format!("{operand}::text::{target}");
        }
        let cases = labels.iter().map(|(from, to)| format!("WHEN {} THEN {} ", text(from), text(to)));
        format!("(CASE {operand}::text {}ELSE {operand}::text END)::{target}", cases.collect::<String>())
    };
    match target.strip_suffix("[]").filter(|_| list) {
        Some(element) => each(operand, &one("_ps_v", element)),
        None => one(operand, target),
    }
}

/// What a client that expects one type makes of a column of another (measured with Prisma Client 7.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Works {
    /// Reads, writes, filters.
    Fully,
    /// Reads; some writes or filters fail.
    ReadsOnly,
    /// Not at all.
    Not,
}

/// Does a client whose field is `own` work on a column of type `there`?
pub fn works(own: &ColumnType, there: &ColumnType) -> Works {
    // A field of a type that Prisma does not know is not in the client at all.
    if own == there || is_raw(own) {
        return Works::Fully;
    }
    if own.list != there.list {
        return Works::Not;
    }
    let textual = is_text(there);
    match (&own.base, &there.base) {
        // Writes and filters name the type; reads do not.
        (BaseType::Enum(_), BaseType::Enum(_)) => Works::ReadsOnly,
        (BaseType::Enum(_), BaseType::Native { .. }) if textual => Works::ReadsOnly,
        (BaseType::Enum(_), _) => Works::Not,
        (_, BaseType::Enum(_)) => {
            if is_text(own) && !own.list {
                Works::Fully
            } else {
                Works::Not
            }
        }
        _ => match (name(own), name(there)) {
            ("SMALLINT" | "INTEGER", "SMALLINT" | "INTEGER" | "BIGINT" | "DOUBLE PRECISION" | "DECIMAL") => {
                Works::Fully
            }
            ("BIGINT", "SMALLINT" | "INTEGER") => Works::Fully,
            ("REAL" | "DOUBLE PRECISION" | "DECIMAL" | "MONEY", "REAL" | "DOUBLE PRECISION" | "DECIMAL" | "MONEY") => {
                Works::Fully
            }
            ("TIMESTAMP" | "TIMESTAMPTZ" | "DATE" | "TIME" | "TIMETZ", "TIMESTAMP" | "TIMESTAMPTZ" | "DATE") => {
                Works::Fully
            }
            ("TIME" | "TIMETZ", "TIME" | "TIMETZ") => Works::Fully,
            ("JSON" | "JSONB", "JSON" | "JSONB") => Works::Fully,
            ("BIT" | "VARBIT", "BIT" | "VARBIT") => Works::Fully,
            ("BYTEA", _) | (_, "BYTEA") => Works::Not,
            (
                "SMALLINT" | "INTEGER" | "BIGINT" | "REAL" | "DOUBLE PRECISION" | "DECIMAL" | "BOOLEAN" | "UUID"
                | "TIMESTAMP" | "TIMESTAMPTZ" | "DATE" | "JSON" | "JSONB",
                _,
            ) if textual => Works::Fully,
            _ if is_text(own) && (textual || matches!(name(there), "UUID" | "INET")) => Works::Fully,
            _ if is_text(own) && matches!(name(there), "JSON" | "JSONB" | "DECIMAL" | "TIMESTAMP" | "TIMESTAMPTZ") => {
                Works::ReadsOnly
            }
            ("BOOLEAN", "INTEGER") => Works::ReadsOnly,
            _ => Works::Not,
        },
    }
}

/// Can a client whose field is `own` read every value that a column of type `there` may hold, where it works at all? A number that
/// is too large for its field fails the read, as text does that is no number.
pub fn reads_all(own: &ColumnType, there: &ColumnType) -> bool {
    match (name(own), name(there)) {
        ("SMALLINT" | "INTEGER", "BIGINT" | "DOUBLE PRECISION" | "DECIMAL") => false,
        (
            "SMALLINT" | "INTEGER" | "BIGINT" | "REAL" | "DOUBLE PRECISION" | "DECIMAL" | "BOOLEAN" | "TIMESTAMP"
            | "TIMESTAMPTZ" | "DATE" | "JSON" | "JSONB",
            _,
        ) => !is_text(there),
        _ => true,
    }
}

/// Does a column hold fewer values, or less exact ones, than a client writes whose column is of another type that works?
pub fn narrower(own: &ColumnType, there: &ColumnType) -> bool {
    let whole = |ty: &ColumnType| ["SMALLINT", "INTEGER", "BIGINT"].iter().position(|known| *known == name(ty));
    let float = |ty: &ColumnType| ["REAL", "DOUBLE PRECISION"].iter().position(|known| *known == name(ty));
    if let (Some(own), Some(there)) = (whole(own), whole(there)) {
        return own > there;
    }
    if let (Some(own), Some(there)) = (float(own), float(there)) {
        return own > there;
    }
    let no_limit = u32::MAX;
    let length = |ty: &ColumnType| match (name(ty), args(ty)) {
        ("CHAR", []) => 1,
        (_, args) => args.first().copied().unwrap_or(no_limit),
    };
    match (name(own), name(there)) {
        ("DECIMAL", "DECIMAL") => {
            let digits = |ty: &ColumnType| match args(ty) {
                [] => (no_limit, no_limit),
                [precision] => (*precision, 0),
                [precision, scale, ..] => (precision.saturating_sub(*scale), *scale),
            };
            let (own, there) = (digits(own), digits(there));
            own.0 > there.0 || own.1 > there.1
        }
        ("DECIMAL" | "REAL" | "DOUBLE PRECISION", "DECIMAL" | "REAL" | "DOUBLE PRECISION" | "MONEY") => true,
        ("TIMESTAMP" | "TIMESTAMPTZ", "DATE") => true,
        ("TIMESTAMP" | "TIMESTAMPTZ", "TIMESTAMP" | "TIMESTAMPTZ") | ("TIME" | "TIMETZ", "TIME" | "TIMETZ") => {
            let digits = |ty: &ColumnType| args(ty).first().copied().unwrap_or(6);
            digits(own) > digits(there)
        }
        (_, "enum") => is_text(own),
        _ => is_text(own) && is_text(there) && length(own) > length(there),
    }
}

fn args(ty: &ColumnType) -> &[u32] {
    match &ty.base {
        BaseType::Native { args, .. } => args,
        BaseType::Enum(_) | BaseType::Raw(_) => &[],
    }
}

fn name(ty: &ColumnType) -> &str {
    match &ty.base {
        BaseType::Native { name, .. } => name,
        BaseType::Enum(_) => "enum",
        BaseType::Raw(_) => "raw",
    }
}

fn is_text(ty: &ColumnType) -> bool {
    matches!(name(ty), "TEXT" | "VARCHAR" | "CITEXT" | "CHAR")
}

fn is_json(ty: &ColumnType) -> bool {
    matches!(name(ty), "JSON" | "JSONB")
}

/// The number in brackets behind a type's name.
fn limit(ty: &ColumnType) -> Option<u32> {
    match &ty.base {
        BaseType::Native { args, .. } => args.first().copied(),
        BaseType::Enum(_) | BaseType::Raw(_) => None,
    }
}

fn castable_to_text(ty: &ColumnType) -> bool {
    name(ty) != "BYTEA"
}

/// Of the whole numbers: 0 for SMALLINT, 1 for INTEGER, 2 for BIGINT.
fn rank(ty: &ColumnType) -> usize {
    match name(ty) {
        "SMALLINT" => 0,
        "INTEGER" => 1,
        _ => 2,
    }
}

fn precision(ty: &ColumnType) -> u32 {
    match &ty.base {
        BaseType::Native { args, .. } => args.first().copied().unwrap_or(6),
        BaseType::Enum(_) | BaseType::Raw(_) => 6,
    }
}

/// The most characters that a value has as text, where that is bounded.
fn longest(at: &Catalog, ty: &ColumnType) -> Option<u32> {
    match name(ty) {
        "SMALLINT" => Some(6),
        "INTEGER" => Some(11),
        "BIGINT" => Some(20),
        "BOOLEAN" => Some(5),
        "UUID" => Some(36),
        "VARCHAR" | "CHAR" => match &ty.base {
            BaseType::Native { args, .. } => args.first().copied(),
            BaseType::Enum(_) | BaseType::Raw(_) => None,
        },
        "enum" => {
            let labels = &at.enums.get(&ty.enum_id()?)?.values;
            labels.iter().map(|v| u32::try_from(v.chars().count()).unwrap_or(u32::MAX)).max()
        }
        _ => None,
    }
}
