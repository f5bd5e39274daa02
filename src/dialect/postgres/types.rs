//! Column types: Prisma's defaults, and `@db.…`.
//!
//! Source: <https://www.prisma.io/docs/orm/overview/databases/postgresql#type-mapping-between-postgresql-and-prisma-schema>.

use crate::catalog::ColumnType;
use crate::dialect::native::{Native, plain, sized};
use crate::model::Scalar;

/// Every `@db.…` type.
pub const NATIVE: &[Native] = &[
    plain("Text", "TEXT", &[Scalar::String]),
    sized("Char", "CHAR", &[Scalar::String], (1, 10_485_760)),
    sized("VarChar", "VARCHAR", &[Scalar::String], (1, 10_485_760)),
    sized("Bit", "BIT", &[Scalar::String], (1, 83_886_080)),
    sized("VarBit", "VARBIT", &[Scalar::String], (1, 83_886_080)),
    plain("Uuid", "UUID", &[Scalar::String]),
    plain("Xml", "XML", &[Scalar::String]),
    plain("Inet", "INET", &[Scalar::String]),
    plain("Citext", "CITEXT", &[Scalar::String]),
    plain("Boolean", "BOOLEAN", &[Scalar::Boolean]),
    plain("Integer", "INTEGER", &[Scalar::Int]),
    plain("SmallInt", "SMALLINT", &[Scalar::Int]),
    plain("Oid", "OID", &[Scalar::Int]),
    plain("BigInt", "BIGINT", &[Scalar::BigInt]),
    plain("DoublePrecision", "DOUBLE PRECISION", &[Scalar::Float]),
    plain("Real", "REAL", &[Scalar::Float]),
    Native { name: "Decimal", sql: "DECIMAL", scalars: &[Scalar::Decimal], args: (2, 0, 1000) },
    plain("Money", "MONEY", &[Scalar::Decimal]),
    sized("Timestamp", "TIMESTAMP", &[Scalar::DateTime], (0, 6)),
    sized("Timestamptz", "TIMESTAMPTZ", &[Scalar::DateTime], (0, 6)),
    plain("Date", "DATE", &[Scalar::DateTime]),
    sized("Time", "TIME", &[Scalar::DateTime], (0, 6)),
    sized("Timetz", "TIMETZ", &[Scalar::DateTime], (0, 6)),
    plain("Json", "JSON", &[Scalar::Json]),
    plain("JsonB", "JSONB", &[Scalar::Json]),
    plain("ByteA", "BYTEA", &[Scalar::Bytes]),
];

/// The column type of a scalar without `@db.…`.
pub fn default_type(scalar: Scalar) -> ColumnType {
    match scalar {
        Scalar::String => ColumnType::native("TEXT", &[]),
        Scalar::Boolean => ColumnType::native("BOOLEAN", &[]),
        Scalar::Int => ColumnType::native("INTEGER", &[]),
        Scalar::BigInt => ColumnType::native("BIGINT", &[]),
        Scalar::Float => ColumnType::native("DOUBLE PRECISION", &[]),
        Scalar::Decimal => ColumnType::native("DECIMAL", &[65, 30]),
        Scalar::DateTime => ColumnType::native("TIMESTAMP", &[3]),
        Scalar::Json => ColumnType::native("JSONB", &[]),
        Scalar::Bytes => ColumnType::native("BYTEA", &[]),
    }
}

/// The access method of `type:`; `Some(None)` for the default one, B-tree.
pub fn access_method(name: &str) -> Option<Option<&'static str>> {
    match name {
        "BTree" => Some(None),
        "Hash" => Some(Some("HASH")),
        "Gist" => Some(Some("GIST")),
        "Gin" => Some(Some("GIN")),
        "SpGist" => Some(Some("SPGIST")),
        "Brin" => Some(Some("BRIN")),
        _ => None,
    }
}

/// The operator class of `ops: JsonbPathOps`: `jsonb_path_ops`.
pub fn operator_class(name: &str) -> Option<String> {
    const PLAIN: &[&str] = &["Inet", "Jsonb", "Array", "Text"];
    const MIN_MAX: &[&str] = &["Bit", "VarBit", "Bpchar", "Bytea", "Text"];
    const BLOOM: &[&str] = &["Bpchar", "Bytea", "Text"];
    const ORDERED: &[&str] = &[
        "Date",
        "Float4",
        "Float8",
        "Inet",
        "Int2",
        "Int4",
        "Int8",
        "Numeric",
        "Oid",
        "Timestamp",
        "TimestampTz",
        "Time",
        "TimeTz",
        "Uuid",
    ];
    // Longer endings first: `MinMaxMultiOps` is no `Ops` of a type `…MinMaxMulti`.
    const KINDS: [(&str, &str, [&[&str]; 2]); 6] = [
        ("MinMaxMultiOps", "minmax_multi_ops", [ORDERED, &[]]),
        ("MinMaxOps", "minmax_ops", [ORDERED, MIN_MAX]),
        ("BloomOps", "bloom_ops", [ORDERED, BLOOM]),
        ("InclusionOps", "inclusion_ops", [&["Inet"], &[]]),
        ("PathOps", "path_ops", [&["Jsonb"], &[]]),
        ("Ops", "ops", [PLAIN, &[]]),
    ];
    let (kind, sql, types) = KINDS.into_iter().find(|(kind, ..)| name.ends_with(kind))?;
    let ty = &name[..name.len() - kind.len()];
    types.into_iter().flatten().any(|known| *known == ty).then(|| format!("{}_{sql}", ty.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operator_classes_have_the_names_of_the_server() {
        let names = [
            ("JsonbPathOps", "jsonb_path_ops"),
            ("ArrayOps", "array_ops"),
            ("TimestampTzMinMaxMultiOps", "timestamptz_minmax_multi_ops"),
            ("UuidBloomOps", "uuid_bloom_ops"),
            ("InetInclusionOps", "inet_inclusion_ops"),
        ];
        for (prisma, sql) in names {
            assert_eq!(operator_class(prisma).as_deref(), Some(sql));
        }
        for none in ["NopeOps", "Ops", "Int4InclusionOps", "TextMinMaxMultiOps"] {
            assert_eq!(operator_class(none), None, "{none}");
        }
    }
}
