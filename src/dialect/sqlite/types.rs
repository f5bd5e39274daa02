//! Column types. SQLite keeps the word and takes its affinity from it
//! (<https://www.sqlite.org/datatype3.html#determination_of_column_affinity>).

use crate::catalog::ColumnType;
use crate::model::Scalar;

/// The column type of a scalar, as Prisma writes it.
pub fn default_type(scalar: Scalar) -> ColumnType {
    let word = match scalar {
        Scalar::String => "TEXT",
        Scalar::Boolean => "BOOLEAN",
        Scalar::Int => "INTEGER",
        Scalar::BigInt => "BIGINT",
        Scalar::Float => "REAL",
        Scalar::Decimal => "DECIMAL",
        Scalar::DateTime => "DATETIME",
        Scalar::Json => "JSONB",
        Scalar::Bytes => "BLOB",
    };
    ColumnType::native(word, &[])
}

/// The access method of `type:`; `Some(None)` for the default one, B-tree.
pub fn access_method(name: &str) -> Option<Option<&'static str>> {
    (name == "BTree").then_some(None)
}
