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
