//! Column types from the server's description.

use crate::catalog::{BaseType, ColumnType, EnumId};

/// What the server knows of a type.
pub(super) struct Described {
    /// Its short name, or that of its elements.
    pub(super) name: String,
    /// An array?
    pub(super) list: bool,
    /// Packed arguments, -1 for none.
    pub(super) modifier: i32,
}

/// The server's short names, Prisma's, and how arguments are packed.
const NATIVE: [(&str, &str, Args); 26] = [
    ("text", "TEXT", Args::None),
    ("bpchar", "CHAR", Args::Length),
    ("varchar", "VARCHAR", Args::Length),
    ("bit", "BIT", Args::Plain),
    ("varbit", "VARBIT", Args::Plain),
    ("uuid", "UUID", Args::None),
    ("xml", "XML", Args::None),
    ("inet", "INET", Args::None),
    ("citext", "CITEXT", Args::None),
    ("bool", "BOOLEAN", Args::None),
    ("int4", "INTEGER", Args::None),
    ("int2", "SMALLINT", Args::None),
    ("oid", "OID", Args::None),
    ("int8", "BIGINT", Args::None),
    ("float8", "DOUBLE PRECISION", Args::None),
    ("float4", "REAL", Args::None),
    ("numeric", "DECIMAL", Args::Scale),
    ("money", "MONEY", Args::None),
    ("timestamp", "TIMESTAMP", Args::Plain),
    ("timestamptz", "TIMESTAMPTZ", Args::Plain),
    ("date", "DATE", Args::None),
    ("time", "TIME", Args::Plain),
    ("timetz", "TIMETZ", Args::Plain),
    ("json", "JSON", Args::None),
    ("jsonb", "JSONB", Args::None),
    ("bytea", "BYTEA", Args::None),
];

/// How a type keeps its arguments in one number.
#[derive(Clone, Copy)]
enum Args {
    None,
    /// As it is.
    Plain,
    /// Plus 4.
    Length,
    /// Precision << 16 | scale, plus 4.
    Scale,
}

/// The type; an unknown one as the server prints it.
pub(super) fn column_type(described: &Described, printed: &str, is_enum: Option<EnumId>) -> ColumnType {
    if let Some(id) = is_enum {
        return ColumnType { base: BaseType::Enum(id), list: described.list };
    }
    let known = NATIVE.iter().find(|(short, _, _)| *short == described.name);
    let base = match known {
        Some((_, name, args)) => {
            BaseType::Native { name: (*name).to_owned(), args: arguments(*args, described.modifier) }
        }
        None => BaseType::Raw(printed.strip_suffix("[]").unwrap_or(printed).to_owned()),
    };
    ColumnType { base, list: described.list }
}

fn arguments(args: Args, modifier: i32) -> Vec<u32> {
    let unpacked = match args {
        Args::None => None,
        Args::Plain => u32::try_from(modifier).ok(),
        Args::Length | Args::Scale => u32::try_from(modifier - 4).ok(),
    };
    match (args, unpacked) {
        (_, None) => Vec::new(),
        (Args::Scale, Some(packed)) => vec![packed >> 16, packed & 0x7ff],
        (Args::None | Args::Plain | Args::Length, Some(argument)) => vec![argument],
    }
}
