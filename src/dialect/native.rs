//! Column types by the name that they have in a schema: `@db.VarChar(191)`.

use crate::catalog::ColumnType;
use crate::model::{NativeType, Scalar};

/// Why there is no such column type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeError {
    /// The database has no `@db.` type of this name; these are those for the scalar.
    Unknown {
        /// All that there are for the scalar.
        known: Vec<&'static str>,
    },
    /// It is a type for another scalar.
    OfAnother {
        /// The scalar it is for.
        scalar: Scalar,
        /// All that there are for the scalar it was written at.
        known: Vec<&'static str>,
    },
    /// Too many arguments, or not whole numbers in range.
    Arguments {
        /// How many it takes at most.
        at_most: usize,
        /// The smallest and the largest that each may be.
        range: (u32, u32),
    },
}

/// One `@db.` type.
#[derive(Clone, Copy, Debug)]
pub struct Native {
    /// Its name in a schema.
    pub name: &'static str,
    /// Its name in SQL.
    pub sql: &'static str,
    /// What it is for.
    pub scalars: &'static [Scalar],
    /// How many arguments it may have, and their range.
    pub args: (usize, u32, u32),
}

/// A type without arguments.
pub const fn plain(name: &'static str, sql: &'static str, scalars: &'static [Scalar]) -> Native {
    Native { name, sql, scalars, args: (0, 0, 0) }
}

/// A type with one argument at most.
pub const fn sized(name: &'static str, sql: &'static str, scalars: &'static [Scalar], range: (u32, u32)) -> Native {
    Native { name, sql, scalars, args: (1, range.0, range.1) }
}

/// The column type of a scalar with `@db.…`.
///
/// # Errors
/// There is none of that name for the scalar, or its arguments are wrong.
pub fn column_type(natives: &[Native], scalar: Scalar, native: &NativeType<'_>) -> Result<ColumnType, TypeError> {
    let known = || natives.iter().filter(|n| n.scalars.contains(&scalar)).map(|n| n.name).collect();
    let Some(found) = natives.iter().find(|n| n.name == native.name) else {
        return Err(TypeError::Unknown { known: known() });
    };
    if !found.scalars.contains(&scalar) {
        let other = found.scalars.first().copied().unwrap_or(scalar);
        return Err(TypeError::OfAnother { scalar: other, known: known() });
    }
    let (at_most, least, most) = found.args;
    let wrong = TypeError::Arguments { at_most, range: (least, most) };
    let args: Result<Vec<u32>, _> = native.args.iter().map(|a| a.parse()).collect();
    match args {
        Ok(args) if args.len() <= at_most && args.iter().all(|a| (least..=most).contains(a)) => {
            Ok(ColumnType::native(found.sql, &args))
        }
        Ok(_) | Err(_) => Err(wrong),
    }
}
