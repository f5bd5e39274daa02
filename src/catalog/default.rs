//! Defaults of columns.

/// A default that the database applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Default {
    /// A constant.
    Literal(Literal),
    /// An array of constants.
    List(Vec<Literal>),
    /// `now()`: `CURRENT_TIMESTAMP`
    Now,
    /// `autoincrement()`: the next value of the column's own sequence.
    Sequence,
    /// `dbgenerated("…")`: SQL as written.
    Sql(String),
}

/// A constant, in Prisma's terms.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Literal {
    /// A string (also the text of a Bytes default before decoding is needed).
    String(String),
    /// An integer or decimal number, as written.
    Number(String),
    /// `true` or `false`
    Boolean(bool),
    /// A label of the column's enum, as the database has it.
    Enum(String),
    /// JSON text.
    Json(String),
    /// A point in time, as Prisma spells it: `2020-01-31 10:00:00 +00:00`.
    DateTime(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// A default that Prisma Client computes when a row is created; the database knows nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClientDefault {
    /// `uuid()`, any version
    Uuid,
    /// `cuid()`, any version
    Cuid,
    /// `nanoid()`
    Nanoid,
    /// `ulid()`
    Ulid,
    /// `auto()` (MongoDB)
    Auto,
}
