//! Values of one type as values of another, never failing: under strict mode a bare cast in a trigger would fail an old client's
//! write (<https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html#sql-mode-strict>).

use super::types::{Family, family, longest, whole};
use super::value::{literal_sql, type_sql};
use crate::catalog::{BaseType, Catalog, ColumnType, Literal};
use crate::dialect::postgres::{Cast, Works};

/// The cast of `operand`; None where the two types have nothing to do with each other.
pub fn cast(at: &Catalog, from: &ColumnType, to: &ColumnType, operand: &str) -> Option<Cast> {
    let plain = |sql: String, total: bool, exact: bool| Some(Cast { sql, total, exact });
    let only = |when: String, sql: &str, exact: bool| plain(format!("CASE WHEN {when} THEN {sql} END"), false, exact);
    if from == to {
        return plain(operand.to_owned(), true, true);
    }
    let text = format!("CONVERT({operand} USING utf8mb4)");
    match (family(from), family(to)) {
        (Family::Enum | Family::Text, Family::Enum) => {
            let labels = &at.enums.get(&to.enum_id()?)?.values;
            let held = from.enum_id().and_then(|e| at.enums.get(&e));
            let total = held.is_some_and(|e| e.values.iter().all(|v| labels.contains(v)));
            let list = labels.iter().map(|v| literal_sql(&Literal::Enum(v.clone()))).collect::<Vec<_>>().join(", ");
            // By letter: an enum would take another case for its own.
            plain(format!("CASE WHEN {text} COLLATE utf8mb4_bin IN ({list}) THEN {text} END"), total, true)
        }
        (Family::Whole, Family::Boolean) => plain(format!("({operand} <> 0)"), true, false),
        (Family::Boolean, Family::Whole) => plain(operand.to_owned(), true, true),
        (Family::Whole, Family::Whole) => {
            let ((low, high), (least, most)) = (whole(from)?, whole(to)?);
            if least <= low && high <= most {
                return plain(operand.to_owned(), true, true);
            }
            only(format!("{operand} BETWEEN {least} AND {most}"), operand, true)
        }
        (Family::Whole | Family::Boolean, Family::Decimal) => {
            let (before, _) = digits(to);
            let wide = whole(from).map_or(3, |(low, high)| low.abs().max(high).to_string().len());
            if before as usize >= wide {
                return plain(operand.to_owned(), true, true);
            }
            only(format!("ABS({operand}) < {}", ten(before)), operand, true)
        }
        (Family::Whole | Family::Boolean, Family::Float) => {
            let small = whole(from).is_none_or(|(_, high)| high <= 4_294_967_295);
            plain(operand.to_owned(), true, small && name(to) == "DOUBLE")
        }
        (Family::Decimal, Family::Decimal) => {
            let ((a, s), (b, t)) = (digits(from), digits(to));
            let value = if t >= s { operand.to_owned() } else { format!("ROUND({operand}, {t})") };
            if b >= a {
                return plain(value, b > a || t >= s, t >= s);
            }
            only(format!("ABS(ROUND({operand}, {t})) < {}", ten(b)), &value, t >= s)
        }
        (Family::Decimal, Family::Float) => plain(operand.to_owned(), true, false),
        (Family::Float, Family::Float) => {
            let widens = name(to) == "DOUBLE";
            if widens {
                return plain(operand.to_owned(), true, true);
            }
            only(format!("ABS({operand}) < 3.4e38"), operand, false)
        }
        (Family::Float, Family::Decimal) => {
            let (before, scale) = digits(to);
            only(format!("ABS({operand}) < 1e{before}"), &format!("ROUND({operand}, {scale})"), false)
        }
        (Family::Decimal | Family::Float, Family::Whole) => {
            let (least, most) = whole(to)?;
            only(format!("ROUND({operand}) BETWEEN {least} AND {most}"), &format!("ROUND({operand})"), false)
        }
        (Family::Text, Family::Whole) => {
            let (least, most) = whole(to)?;
            let number = if least < 0 { "SIGNED" } else { "UNSIGNED" };
            let sign = if least < 0 { "[-+]?" } else { "" };
            let value = format!("CAST(TRIM({operand}) AS {number})");
            only(
                format!(
                    "TRIM({operand}) REGEXP '^{sign}[0-9]{{1,18}}$' AND CAST(TRIM({operand}) AS DECIMAL(20, 0)) BETWEEN {least} AND {most}"
                ),
                &value,
                true,
            )
        }
        (Family::Text, Family::Decimal) => {
            let (before, scale) = digits(to);
            let value = format!("CAST(TRIM({operand}) AS DECIMAL(65, 30))");
            let when = format!(
                "TRIM({operand}) REGEXP '^[-+]?[0-9]{{1,{}}}([.][0-9]{{1,{}}})?$'",
                before.clamp(1, 30),
                scale.clamp(1, 30)
            );
            only(when, &value, true)
        }
        (Family::Text, Family::Float) => {
            let when = format!("TRIM({operand}) REGEXP '^[-+]?[0-9]{{1,9}}([.][0-9]{{1,9}})?$'");
            only(when, &format!("CAST(TRIM({operand}) AS DECIMAL(30, 12))"), true)
        }
        (Family::Text, Family::Boolean) => plain(
            format!(
                "CASE WHEN LOWER(TRIM({operand})) IN ('true', 't', 'yes', '1') THEN 1 WHEN LOWER(TRIM({operand})) IN ('false', 'f', 'no', '0') THEN 0 END"
            ),
            false,
            true,
        ),
        (
            Family::Whole
            | Family::Boolean
            | Family::Decimal
            | Family::Float
            | Family::Enum
            | Family::Time
            | Family::Text
            | Family::Json,
            Family::Text,
        ) => {
            let exact = !matches!(family(from), Family::Float);
            let fits = longest(at, from).zip(longest(at, to)).is_some_and(|(a, b)| a <= b);
            if fits {
                return plain(text, true, exact && name(to) != "CHAR");
            }
            let most = longest(at, to)?;
            let count = if matches!(name(to), "VARCHAR" | "CHAR") { "CHAR_LENGTH" } else { "LENGTH" };
            only(format!("{count}({text}) <= {most}"), &text, exact && name(to) != "CHAR")
        }
        (Family::Text, Family::Json) => only(format!("JSON_VALID({operand})"), operand, true),
        (Family::Json, Family::Json) => plain(operand.to_owned(), true, true),
        (Family::Bytes, Family::Bytes) => match (longest(at, from), longest(at, to)) {
            (Some(a), Some(b)) if a <= b => plain(operand.to_owned(), true, name(to) != "BINARY"),
            (_, Some(b)) => only(format!("LENGTH({operand}) <= {b}"), operand, name(to) != "BINARY"),
            (_, None) => None,
        },
        (Family::Time, Family::Time) => times(from, to, operand),
        _ => None,
    }
}

fn times(from: &ColumnType, to: &ColumnType, operand: &str) -> Option<Cast> {
    let exact = precision(from) <= precision(to);
    match (name(from), name(to)) {
        ("DATETIME", "DATETIME")
        | ("TIMESTAMP", "TIMESTAMP" | "DATETIME")
        | ("TIME", "TIME")
        | ("DATE", "DATETIME") => Some(Cast { sql: operand.to_owned(), total: true, exact }),
        // It holds these years alone (<https://dev.mysql.com/doc/refman/8.4/en/datetime.html>).
        ("DATETIME" | "DATE", "TIMESTAMP") => Some(Cast {
            sql: format!("CASE WHEN {operand} BETWEEN '1970-01-02' AND '2038-01-18' THEN {operand} END"),
            total: false,
            exact,
        }),
        ("DATETIME" | "TIMESTAMP", "DATE") => Some(Cast { sql: format!("DATE({operand})"), total: true, exact: false }),
        _ => None,
    }
}

/// Labels of an enum, some of which become others.
pub fn remap(labels: &[(String, String)], operand: &str) -> String {
    let text = |label: &str| literal_sql(&Literal::Enum(label.to_owned()));
    let operand = format!("CONVERT({operand} USING utf8mb4)");
    if labels.is_empty() {
        return operand;
    }
    let cases = labels.iter().map(|(from, to)| format!("WHEN {} THEN {} ", text(from), text(to)));
    format!("(CASE {operand} COLLATE utf8mb4_bin {}ELSE {operand} END)", cases.collect::<String>())
}

/// Does a client whose field is `own` work on a column of type `there`? The server converts what it is sent, so it is a matter of
/// what can be read.
pub fn works(own: &ColumnType, there: &ColumnType) -> Works {
    if own == there {
        return Works::Fully;
    }
    match (family(own), family(there)) {
        (Family::Raw, _) => Works::Fully,
        (Family::Boolean, Family::Whole) => Works::ReadsOnly,
        (Family::Enum, Family::Enum | Family::Text) => Works::ReadsOnly,
        (Family::Decimal | Family::Float, Family::Decimal | Family::Float) => Works::Fully,
        (Family::Time, Family::Time) if (name(own) == "TIME") == (name(there) == "TIME") => Works::Fully,
        (Family::Text, Family::Enum) => Works::Fully,
        (Family::Text, Family::Json) => Works::ReadsOnly,
        (a, b) if a == b => Works::Fully,
        _ => Works::Not,
    }
}

/// Does a column hold fewer values, or less exact ones, than a client writes whose column is of another type that works?
pub fn narrower(own: &ColumnType, there: &ColumnType) -> bool {
    if own == there {
        return false;
    }
    match (family(own), family(there)) {
        (Family::Whole, Family::Whole) => match (whole(own), whole(there)) {
            (Some(own), Some(there)) => own.0 < there.0 || own.1 > there.1,
            _ => false,
        },
        (Family::Decimal, Family::Decimal) => {
            let (own, there) = (digits(own), digits(there));
            own.0 > there.0 || own.1 > there.1
        }
        (Family::Decimal | Family::Float, Family::Decimal | Family::Float) => {
            !(name(own) == "FLOAT" && name(there) == "DOUBLE")
        }
        (Family::Time, Family::Time) => {
            (name(there) == "DATE") != (name(own) == "DATE") && name(there) == "DATE"
                || name(there) == "TIMESTAMP" && name(own) != "TIMESTAMP"
                || precision(own) > precision(there)
        }
        (Family::Text, Family::Enum) => true,
        (Family::Text, Family::Text) | (Family::Bytes, Family::Bytes) => {
            let length = |ty| longest(&Catalog::default(), ty).unwrap_or(u64::MAX);
            length(own) > length(there)
        }
        _ => false,
    }
}

/// Digits in front of the point, and behind it.
fn digits(ty: &ColumnType) -> (u32, u32) {
    match args(ty) {
        [] => (10, 0),
        [precision] => (*precision, 0),
        [precision, scale, ..] => (precision.saturating_sub(*scale), *scale),
    }
}

/// The first number with more digits, as an exact one.
fn ten(digits: u32) -> String {
    // A number has 65 digits at most (<https://dev.mysql.com/doc/refman/8.4/en/precision-math-decimal-characteristics.html>).
    if digits > 63 { "1e65".to_owned() } else { format!("1{}", "0".repeat(digits as usize)) }
}

fn precision(ty: &ColumnType) -> u32 {
    match name(ty) {
        "DATE" => 0,
        _ => args(ty).first().copied().unwrap_or(0),
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
        BaseType::Enum(_) | BaseType::Raw(_) => "",
    }
}

/// A value of the type, so that it can be compared with what a column of it holds.
pub fn typed(at: &Catalog, ty: &ColumnType, value: &str) -> String {
    match family(ty) {
        Family::Decimal => format!("CAST({value} AS {})", type_sql(at, ty)),
        Family::Time if name(ty) != "TIMESTAMP" => format!("CAST({value} AS {})", type_sql(at, ty)),
        Family::Time => format!("CAST({value} AS {})", type_sql(at, ty).replace("TIMESTAMP", "DATETIME")),
        Family::Whole
        | Family::Boolean
        | Family::Float
        | Family::Text
        | Family::Bytes
        | Family::Enum
        | Family::Json
        | Family::Raw => value.to_owned(),
    }
}
