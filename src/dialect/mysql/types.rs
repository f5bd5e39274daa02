//! Column types: Prisma's defaults, and `@db.…`.
//!
//! Source: <https://www.prisma.io/docs/orm/overview/databases/mysql#type-mapping-between-mysql-to-prisma-schema>.

use crate::catalog::{BaseType, ColumnType};
use crate::dialect::native::{Native, plain, sized};
use crate::model::Scalar;

/// Every `@db.…` type.
pub const NATIVE: &[Native] = &[
    plain("Int", "INTEGER", &[Scalar::Int]),
    plain("UnsignedInt", "INTEGER UNSIGNED", &[Scalar::Int]),
    plain("SmallInt", "SMALLINT", &[Scalar::Int]),
    plain("UnsignedSmallInt", "SMALLINT UNSIGNED", &[Scalar::Int]),
    plain("TinyInt", "TINYINT", &[Scalar::Int, Scalar::Boolean]),
    plain("UnsignedTinyInt", "TINYINT UNSIGNED", &[Scalar::Int, Scalar::Boolean]),
    plain("MediumInt", "MEDIUMINT", &[Scalar::Int]),
    plain("UnsignedMediumInt", "MEDIUMINT UNSIGNED", &[Scalar::Int]),
    plain("BigInt", "BIGINT", &[Scalar::BigInt]),
    plain("UnsignedBigInt", "BIGINT UNSIGNED", &[Scalar::BigInt]),
    Native { name: "Decimal", sql: "DECIMAL", scalars: &[Scalar::Decimal], args: (2, 0, 65) },
    plain("Float", "FLOAT", &[Scalar::Float]),
    plain("Double", "DOUBLE", &[Scalar::Float]),
    sized("Bit", "BIT", &[Scalar::Boolean, Scalar::Bytes], (1, 64)),
    sized("Char", "CHAR", &[Scalar::String], (0, 255)),
    sized("VarChar", "VARCHAR", &[Scalar::String], (0, 65_535)),
    sized("Binary", "BINARY", &[Scalar::Bytes], (0, u32::MAX)),
    sized("VarBinary", "VARBINARY", &[Scalar::Bytes], (0, u32::MAX)),
    plain("TinyBlob", "TINYBLOB", &[Scalar::Bytes]),
    plain("Blob", "BLOB", &[Scalar::Bytes]),
    plain("MediumBlob", "MEDIUMBLOB", &[Scalar::Bytes]),
    plain("LongBlob", "LONGBLOB", &[Scalar::Bytes]),
    plain("TinyText", "TINYTEXT", &[Scalar::String]),
    plain("Text", "TEXT", &[Scalar::String]),
    plain("MediumText", "MEDIUMTEXT", &[Scalar::String]),
    plain("LongText", "LONGTEXT", &[Scalar::String]),
    plain("Date", "DATE", &[Scalar::DateTime]),
    sized("Time", "TIME", &[Scalar::DateTime], (0, 6)),
    sized("DateTime", "DATETIME", &[Scalar::DateTime], (0, 6)),
    sized("Timestamp", "TIMESTAMP", &[Scalar::DateTime], (0, 6)),
    plain("Year", "YEAR", &[Scalar::Int]),
    plain("Json", "JSON", &[Scalar::Json]),
];

/// The column type of a scalar without `@db.…`.
pub fn default_type(scalar: Scalar) -> ColumnType {
    match scalar {
        Scalar::String => ColumnType::native("VARCHAR", &[191]),
        Scalar::Boolean => ColumnType::native("BOOLEAN", &[]),
        Scalar::Int => ColumnType::native("INTEGER", &[]),
        Scalar::BigInt => ColumnType::native("BIGINT", &[]),
        Scalar::Float => ColumnType::native("DOUBLE", &[]),
        Scalar::Decimal => ColumnType::native("DECIMAL", &[65, 30]),
        Scalar::DateTime => ColumnType::native("DATETIME", &[3]),
        Scalar::Json => ColumnType::native("JSON", &[]),
        Scalar::Bytes => ColumnType::native("LONGBLOB", &[]),
    }
}

/// The access method of `type:`; `Some(None)` for the default one, B-tree.
pub fn access_method(name: &str) -> Option<Option<&'static str>> {
    (name == "BTree").then_some(None)
}

/// Is it a type that takes no constant as its default (<https://dev.mysql.com/doc/refman/8.4/en/data-type-defaults.html>)?
pub fn is_long(ty: &ColumnType) -> bool {
    match &ty.base {
        BaseType::Native { name, .. } => name == "JSON" || name.ends_with("TEXT") || name.ends_with("BLOB"),
        BaseType::Enum(_) | BaseType::Raw(_) => false,
    }
}

/// The digits behind the second of a moment that is the default of a column: three, where the schema does not say.
pub fn moment(ty: &ColumnType) -> u32 {
    match &ty.base {
        BaseType::Native { args, .. } => args.first().copied().unwrap_or(3),
        BaseType::Enum(_) | BaseType::Raw(_) => 3,
    }
}

/// What kind of values a type holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Whole numbers.
    Whole,
    /// True or false: a whole number of one digit.
    Boolean,
    /// Numbers with so many digits.
    Decimal,
    /// Numbers that are near.
    Float,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// Dates and times.
    Time,
    /// JSON: text on MariaDB.
    Json,
    /// One of a list of labels.
    Enum,
    /// Nothing that Prisma knows.
    Raw,
}

/// The kind of a type.
pub fn family(ty: &ColumnType) -> Family {
    match &ty.base {
        BaseType::Enum(_) => Family::Enum,
        BaseType::Raw(_) => Family::Raw,
        BaseType::Native { name, args } => match name.as_str() {
            "BOOLEAN" => Family::Boolean,
            "BIT" if args.first() == Some(&1) => Family::Boolean,
            "BIT" => Family::Bytes,
            "DECIMAL" => Family::Decimal,
            "FLOAT" | "DOUBLE" => Family::Float,
            "DATE" | "DATETIME" | "TIMESTAMP" | "TIME" => Family::Time,
            "JSON" => Family::Json,
            "YEAR" => Family::Whole,
            name if name.contains("INT") => Family::Whole,
            name if name.ends_with("BLOB") || name.ends_with("BINARY") => Family::Bytes,
            name if name.ends_with("TEXT") || name.ends_with("CHAR") => Family::Text,
            _ => Family::Raw,
        },
    }
}

/// Is it a type of whole numbers that a row may be numbered by?
pub fn is_whole(ty: &ColumnType) -> bool {
    family(ty) == Family::Whole && whole(ty) != Some((1901, 2155))
}

/// The least and the greatest value of a whole number (<https://dev.mysql.com/doc/refman/8.4/en/integer-types.html>).
pub fn whole(ty: &ColumnType) -> Option<(i128, i128)> {
    let BaseType::Native { name, .. } = &ty.base else { return None };
    let bits = match name.trim_end_matches(" UNSIGNED") {
        "BOOLEAN" | "TINYINT" => 8,
        "SMALLINT" => 16,
        "MEDIUMINT" => 24,
        "INTEGER" | "INT" => 32,
        "BIGINT" => 64,
        "YEAR" => return Some((1901, 2155)),
        _ => return None,
    };
    let half = 1_i128 << (bits - 1);
    Some(if name.ends_with(" UNSIGNED") { (0, 2 * half - 1) } else { (-half, half - 1) })
}

/// How long values are at most as text: characters of `CHAR` and `VARCHAR`, else bytes.
pub fn longest(at: &crate::catalog::Catalog, ty: &ColumnType) -> Option<u64> {
    match &ty.base {
        BaseType::Enum(id) => at.enums.get(id)?.values.iter().map(|v| v.chars().count() as u64).max(),
        BaseType::Raw(_) => None,
        BaseType::Native { name, args } => Some(match name.as_str() {
            "TINYTEXT" | "TINYBLOB" => 255,
            "TEXT" | "BLOB" => 65_535,
            "MEDIUMTEXT" | "MEDIUMBLOB" => 16_777_215,
            "LONGTEXT" | "LONGBLOB" | "JSON" => 4_294_967_295,
            "CHAR" | "VARCHAR" | "BINARY" | "VARBINARY" => u64::from(args.first().copied().unwrap_or(1)),
            "DECIMAL" => u64::from(args.first().copied().unwrap_or(10)) + 3,
            "DATE" => 10,
            "DATETIME" | "TIMESTAMP" => 26,
            "TIME" => 17,
            "FLOAT" | "DOUBLE" => 25,
            _ => 20,
        }),
    }
}

/// What changing a type costs: a text that may be longer, with as many bytes for its length, is written as it was
/// (<https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html#online-ddl-column-operations>); all else is a copy.
pub fn retype(from: &ColumnType, to: &ColumnType) -> crate::dialect::postgres::Retype {
    use crate::dialect::postgres::Retype;
    if from == to {
        return Retype::Same;
    }
    let (BaseType::Native { name: a, args: x }, BaseType::Native { name: b, args: y }) = (&from.base, &to.base) else {
        return Retype::Rewrite;
    };
    let (Some(&x), Some(&y)) = (x.first(), y.first()) else { return Retype::Rewrite };
    let free = |bytes: u32| y >= x && (x * bytes <= 255) == (y * bytes <= 255);
    match (a.as_str(), b.as_str()) {
        // Four bytes a character, as in all that Prisma makes.
        ("VARCHAR", "VARCHAR") if free(4) => Retype::Free,
        ("VARBINARY", "VARBINARY") if free(1) => Retype::Free,
        _ => Retype::Rewrite,
    }
}
