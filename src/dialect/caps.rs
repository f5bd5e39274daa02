//! How databases do things. A plan asks this, never which database it is.

/// What a dialect of some version can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caps {
    /// How tables change.
    pub alter: Alter,
    /// What an enum is.
    pub enums: Enums,
    /// Where a new value of an enum may stand.
    pub labels: Labels,
    /// Who keeps the old and the new shape of a row the same while both are there.
    pub sync: Sync,
    /// Which columns the database numbers.
    pub numbers: Numbers,
}

impl Caps {
    /// Those of a database in whose way nothing stands.
    pub const PLAIN: Caps = Caps {
        alter: Alter::InSteps,
        enums: Enums::Types,
        labels: Labels::Anywhere,
        sync: Sync::Triggers,
        numbers: Numbers::AnyColumn,
    };
}

/// Which columns the database numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// As many as there are.
    AnyColumn,
    /// One of a table, and no trigger knows its number before the row is written: no second column can stand beside it by another
    /// name.
    OneColumn,
}

/// Who keeps the old and the new shape of a row the same while both are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sync {
    /// The database: triggers of the plan, whoever writes.
    Triggers,
    /// Clients: one between old and new writes both, and no old one is left before rows are filled.
    Clients,
}

/// What an enum is in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enums {
    /// A type with a name, which statements of clients say.
    Types,
    /// Part of each column that has it; its name is known to clients alone.
    InColumns,
}

/// Where a new value of an enum may stand, and nothing is written anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Labels {
    /// Anywhere.
    Anywhere,
    /// It has no other name, since rows hold it; behind all others, whatever the schema says: Prisma does not compare their order, and any other place copies the table.
    Last,
}

/// How tables change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alter {
    /// Piece by piece, each in a statement of its own while clients go on; triggers keep old and new shape in step meanwhile.
    InSteps,
    /// Little can change in place, and whoever writes keeps all other writers out: what is only added comes first, and
    /// everything else at once, in one transaction that writes a changed table anew however much of it changes.
    AtOnce,
    /// Piece by piece, and each piece is over and done with by itself: a file holds one, looks whether it has been done, and states how
    /// it may be done (`ALGORITHM`, `LOCK`).
    OneByOne,
}
