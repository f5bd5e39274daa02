//! Native types.

use super::mutate::{Cx, Kind, type_name};
use prisma_stage::ast::Attribute;

/// Names of native types of all providers, and some of none.
const NAMES: &[&str] = &[
    "SmallInt",
    "Integer",
    "BigInt",
    "Decimal",
    "Money",
    "Inet",
    "Oid",
    "Citext",
    "Real",
    "DoublePrecision",
    "VarChar",
    "Char",
    "Text",
    "ByteA",
    "Timestamp",
    "Timestamptz",
    "Date",
    "Time",
    "Timetz",
    "Boolean",
    "Bit",
    "VarBit",
    "Uuid",
    "Xml",
    "Json",
    "JsonB",
    "Int",
    "UnsignedInt",
    "UnsignedSmallInt",
    "TinyInt",
    "UnsignedTinyInt",
    "MediumInt",
    "UnsignedMediumInt",
    "UnsignedBigInt",
    "Float",
    "Double",
    "Binary",
    "VarBinary",
    "TinyBlob",
    "Blob",
    "MediumBlob",
    "LongBlob",
    "TinyText",
    "MediumText",
    "LongText",
    "DateTime",
    "Year",
    "SmallMoney",
    "DateTime2",
    "DateTimeOffset",
    "SmallDateTime",
    "NChar",
    "NVarChar",
    "NText",
    "Image",
    "UniqueIdentifier",
    "String",
    "CatalogSingleChar",
    "Bool",
    "Bytes",
    "Float4",
    "Float8",
    "Int2",
    "Int4",
    "Int8",
    "ObjectId",
    "Long",
    "BinData",
    "Array",
    "Object",
    "Foo",
    "varchar",
    "VARCHAR",
    "text",
    "Varchar",
    "Timestamp_tz",
    "BigSerial",
    "Serial",
    "UnsignedFloat",
    "Vector",
];

const ARGUMENTS: &[&str] = &[
    "",
    "()",
    "(1)",
    "(0)",
    "(-1)",
    "(10)",
    "(255)",
    "(256)",
    "(65)",
    "(66)",
    "(7)",
    "(6)",
    "(3)",
    "(64)",
    "(4000)",
    "(4001)",
    "(8000)",
    "(8001)",
    "(65535)",
    "(65536)",
    "(10485760)",
    "(10485761)",
    "(10, 2)",
    "(2, 10)",
    "(0, 0)",
    "(65, 30)",
    "(66, 30)",
    "(38, 38)",
    "(39, 2)",
    "(1000, 10)",
    "(1001, 10)",
    "(65, 31)",
    "(10, 2, 1)",
    "(Max)",
    "(max)",
    "(\"10\")",
    "(x)",
    "(1.5)",
    "(length: 10)",
    "([10])",
    "(ObjectId)",
    "(String)",
    "(99999999999)",
    "(24)",
    "(53)",
    "(54)",
    "(25)",
    "(true)",
    "(2147483647)",
    "(2147483648)",
    "(10,)",
    "(16383)",
    "(21844)",
];

pub(super) const KINDS: &[Kind] = &[
    ("add-native-type", |c| {
        let (_, field) = c.a_column()?;
        let new = native(c);
        c.after(field.span, format!(" {new}"))
    }),
    ("set-native-type", |c| {
        let (_, field) = c.a_column()?;
        let new = fitting(c, type_name(field));
        match field.attributes.iter().find(|a| a.name.name.contains('.')) {
            Some(attribute) => c.replace(attribute.span, new),
            None => c.after(field.span, format!(" {new}")),
        }
    }),
    ("native-type-name", |c| {
        let attribute = a_native(c)?;
        let name = c.rng.word(NAMES);
        let prefix = c.prefix();
        c.replace(attribute.name.span, format!("{prefix}.{name}"))
    }),
    ("native-type-arguments", |c| {
        let attribute = a_native(c)?;
        let new = c.rng.word(ARGUMENTS);
        c.replace(prisma_stage::source::Span { start: attribute.name.span.end, ..attribute.span }, new)
    }),
    ("native-type-prefix", |c| {
        let attribute = a_native(c)?;
        let (_, name) = attribute.name.name.split_once('.')?;
        let prefix = c.rng.word(&["", "x.", "DB.", "db.db.", "pg.", "."]);
        c.replace(attribute.name.span, format!("{prefix}{name}"))
    }),
    ("native-type-twice", |c| {
        let attribute = a_native(c)?;
        let new = native(c);
        c.after(attribute.span, format!(" {new}"))
    }),
    ("native-type-key", |c| {
        let key = c.rng.word(&["id", "unique"]);
        let (_, field) = c.a_field_where(|f| f.attributes.iter().any(|a| a.name.name == key))?;
        let new = fitting(c, type_name(field));
        match field.attributes.iter().find(|a| a.name.name.contains('.')) {
            Some(attribute) => c.replace(attribute.span, new),
            None => c.after(field.span, format!(" {new}")),
        }
    }),
];

fn a_native<'a>(c: &mut Cx<'a>) -> Option<&'a Attribute<'a>> {
    c.an_attribute_where(false, |a| a.name.name.contains('.'))
}

fn native(c: &mut Cx<'_>) -> String {
    let (name, prefix) = (c.rng.word(NAMES), c.prefix());
    let arguments = if c.rng.one_in(2) { c.rng.word(ARGUMENTS) } else { "" };
    format!("@{prefix}.{name}{arguments}")
}

/// One that the provider has for the type, or nearly, with arguments of any kind.
fn fitting(c: &mut Cx<'_>, ty: &str) -> String {
    let names: &[&str] = match (c.provider(), ty) {
        ("postgresql" | "postgres", "Int") => &["Integer", "SmallInt", "Oid", "BigInt"],
        ("postgresql" | "postgres", "String") => {
            &["Text", "Char", "VarChar", "Bit", "VarBit", "Uuid", "Xml", "Inet", "Citext"]
        }
        ("postgresql" | "postgres", "DateTime") => &["Timestamp", "Timestamptz", "Date", "Time", "Timetz"],
        ("postgresql" | "postgres", _) => {
            &["Decimal", "Money", "Real", "DoublePrecision", "ByteA", "Json", "JsonB", "Boolean", "BigInt"]
        }
        ("mysql", "Int") => {
            &["Int", "UnsignedInt", "SmallInt", "TinyInt", "UnsignedTinyInt", "MediumInt", "Year", "BigInt"]
        }
        ("mysql", "String") => &["VarChar", "Char", "Text", "TinyText", "MediumText", "LongText"],
        ("mysql", "DateTime") => &["Date", "Time", "DateTime", "Timestamp", "Year"],
        ("mysql", "Boolean") => &["TinyInt", "Bit"],
        ("mysql", _) => &[
            "Decimal",
            "Float",
            "Double",
            "Bit",
            "Binary",
            "VarBinary",
            "Blob",
            "LongBlob",
            "BigInt",
            "UnsignedBigInt",
            "Json",
        ],
        ("sqlserver", "Int") => &["Int", "TinyInt", "SmallInt", "Bit", "BigInt"],
        ("sqlserver", "String") => {
            &["Char", "NChar", "VarChar", "NVarChar", "Text", "NText", "Xml", "UniqueIdentifier"]
        }
        ("sqlserver", "DateTime") => &["Date", "Time", "DateTime", "DateTime2", "SmallDateTime", "DateTimeOffset"],
        ("sqlserver", _) => {
            &["Decimal", "Money", "SmallMoney", "Float", "Real", "Binary", "VarBinary", "Image", "Bit", "BigInt"]
        }
        ("cockroachdb", "Int") => &["Int2", "Int4", "Int8", "Oid"],
        ("cockroachdb", "String") => &["String", "Char", "CatalogSingleChar", "Bit", "VarBit", "Uuid", "Inet"],
        ("cockroachdb", "DateTime") => &["Timestamp", "Timestamptz", "Date", "Time", "Timetz"],
        ("cockroachdb", _) => &["Decimal", "Float4", "Float8", "Bytes", "JsonB", "Bool", "Int8"],
        ("mongodb", _) => {
            &["ObjectId", "String", "Int", "Long", "Double", "Bool", "BinData", "Date", "Timestamp", "Json", "Array"]
        }
        _ => NAMES,
    };
    let (name, prefix) = (c.rng.word(names), c.prefix());
    let arguments = c.rng.word(ARGUMENTS);
    format!("@{prefix}.{name}{arguments}")
}
