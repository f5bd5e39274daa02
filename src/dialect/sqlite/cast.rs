//! Values of one type as values of another. A column keeps whatever is put in it, converted only where its affinity allows it
//! (<https://www.sqlite.org/datatype3.html#type_affinity>), so it is us who make sure that a client can read it.

use super::quote::literal;
use crate::catalog::{BaseType, Catalog, ColumnType};
use crate::dialect::{Cast, Retype, Works};

/// What values of a type are, for a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Text,
    Whole,
    Fraction,
    Boolean,
    Time,
    Json,
    Bytes,
    Enum,
    Other,
}

fn family(ty: &ColumnType) -> Family {
    match &ty.base {
        BaseType::Enum(_) => Family::Enum,
        BaseType::Raw(_) => Family::Other,
        BaseType::Native { name, .. } => match name.as_str() {
            "TEXT" => Family::Text,
            "INTEGER" | "BIGINT" => Family::Whole,
            "REAL" | "DECIMAL" => Family::Fraction,
            "BOOLEAN" => Family::Boolean,
            "DATETIME" => Family::Time,
            "JSONB" => Family::Json,
            "BLOB" => Family::Bytes,
            _ => Family::Other,
        },
    }
}

/// What a type change costs: a changed table is written anew, so the question is only whether every value has a counterpart.
pub fn retype(from: &ColumnType, to: &ColumnType) -> Retype {
    let none = Catalog::default();
    match cast(&none, from, to, "x") {
        _ if from == to => Retype::Same,
        Some(Cast { total: true, exact: true, .. }) => Retype::Free,
        Some(_) | None => Retype::Rewrite,
    }
}

/// The cast of `operand`; None where the two types have nothing to do with each other.
pub fn cast(at: &Catalog, from: &ColumnType, to: &ColumnType, operand: &str) -> Option<Cast> {
    use Family::{Boolean, Bytes, Enum, Fraction, Json, Other, Text, Time, Whole};
    let made = |sql: String, total: bool, exact: bool| Some(Cast { sql, total, exact });
    let only = |condition: String, sql: String| made(format!("CASE WHEN {condition} THEN {sql} END"), false, true);
    let as_text = || format!("CAST({operand} AS TEXT)");
    let number = |digits: &str| {
        let trimmed = format!("ltrim({operand}, '-')");
        format!("{trimmed} GLOB '[0-9]*' AND {trimmed} NOT GLOB '*[^{digits}]*' AND {trimmed} NOT GLOB '*.*.*'")
    };
    if let BaseType::Enum(id) = &to.base {
        let labels = at.enums.get(id).map(|e| e.values.clone()).unwrap_or_default();
        let known = from.enum_id().and_then(|e| at.enums.get(&e)).map(|e| e.values.iter().all(|v| labels.contains(v)));
        let list = labels.iter().map(|l| literal(l)).collect::<Vec<_>>().join(", ");
        return match family(from) {
            Enum if known == Some(true) => made(operand.to_owned(), true, true),
            Text | Enum => only(format!("{operand} IN ({list})"), operand.to_owned()),
            Whole | Fraction | Boolean | Time | Json | Bytes | Other => None,
        };
    }
    match (family(from), family(to)) {
        (Other, _) | (_, Other) => None,
        (a, b) if a == b => made(operand.to_owned(), true, true),
        (Enum | Json, Text) => made(operand.to_owned(), true, true),
        (Whole | Fraction | Boolean | Time, Text) => made(as_text(), true, true),
        (Boolean, Whole) | (Whole, Fraction) => made(operand.to_owned(), true, true),
        (Boolean, Fraction) => made(operand.to_owned(), true, true),
        (Fraction, Whole) => made(format!("CAST(round({operand}) AS INTEGER)"), true, false),
        (Whole, Boolean) => only(format!("{operand} IN (0, 1)"), operand.to_owned()),
        (Text, Whole) => only(number("0-9"), format!("CAST({operand} AS INTEGER)")),
        (Text, Fraction) => only(number("0-9."), format!("CAST({operand} AS REAL)")),
        (Text, Boolean) => made(
            format!("CASE lower({operand}) WHEN 'true' THEN 1 WHEN '1' THEN 1 WHEN 'false' THEN 0 WHEN '0' THEN 0 END"),
            false,
            true,
        ),
        (Text, Time) => only(format!("datetime({operand}) IS NOT NULL"), operand.to_owned()),
        // What a number is in bytes, or the other way round, only the user can say.
        (Whole, Bytes) | (Bytes, Whole) => made("NULL".to_owned(), false, true),
        (Text, Bytes) => made(format!("CAST({operand} AS BLOB)"), true, true),
        (Bytes, Text) => made(format!("CAST({operand} AS TEXT)"), true, false),
        (Text, Json) => only(format!("json_valid({operand})"), operand.to_owned()),
        (Whole | Fraction | Boolean | Json | Time | Bytes | Enum, _) | (Text, Enum | Text) => None,
    }
}

/// Does a client whose field is `own` work on a column of type `there`? Values are read as the column's type has them: a number is
/// no text to it, though text may be a number.
pub fn works(own: &ColumnType, there: &ColumnType) -> Works {
    use Family::{Boolean, Bytes, Enum, Fraction, Text, Time, Whole};
    match (family(own), family(there)) {
        (a, b) if a == b => Works::Fully,
        (Text, Enum) | (Fraction, Whole) => Works::Fully,
        (Enum, Text) => Works::ReadsOnly,
        (Text, Whole | Fraction | Boolean) | (Whole | Fraction, Boolean) | (Time, Whole | Fraction | Boolean) => {
            Works::Not
        }
        (Bytes | Enum, _) | (_, Bytes) => Works::Not,
        _ => Works::ReadsOnly,
    }
}

/// Does the database give a new row its number? Only where the column is the row's own
/// (<https://www.sqlite.org/lang_createtable.html#rowid>): Prisma declares no other type that is, and calls `BigInt` BIGINT.
pub fn counts(ty: &ColumnType) -> bool {
    matches!(&ty.base, BaseType::Native { name, .. } if name == "INTEGER")
}
