//! Column types.

use super::EnumId;

/// The type of a column.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ColumnType {
    /// The type, or that of the elements.
    pub base: BaseType,
    /// An array of it?
    pub list: bool,
}

/// A type that is not an array.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum BaseType {
    /// One of the database's own, spelled in capitals as Prisma's DDL does: `TEXT`, `VARCHAR` with `[191]`,
    /// `TIMESTAMP` with `[3]`, `DOUBLE PRECISION`. `BIT`, `CHAR` … without an argument have none here either.
    Native {
        /// The name.
        name: String,
        /// Length, precision, scale.
        args: Vec<u32>,
    },
    /// An enum type of the catalog.
    Enum(EnumId),
    /// `Unsupported("…")`, as written.
    Raw(String),
}

impl ColumnType {
    /// A native type that is not an array.
    pub fn native(name: &str, args: &[u32]) -> Self {
        ColumnType { base: BaseType::Native { name: name.to_owned(), args: args.to_vec() }, list: false }
    }

    /// The enum it is or holds.
    pub fn enum_id(&self) -> Option<EnumId> {
        match &self.base {
            BaseType::Enum(id) => Some(*id),
            BaseType::Native { .. } | BaseType::Raw(_) => None,
        }
    }

    /// Does it hold text of any length or of a bounded one?
    pub fn is_text(&self) -> bool {
        matches!(&self.base, BaseType::Native { name, args }
            if matches!(name.as_str(), "TEXT" | "CITEXT") || (name == "VARCHAR" && args.first().is_none_or(|n| *n >= 36)))
    }
}
