//! Identities of catalog objects.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl From<u32> for $name {
            fn from(id: u32) -> Self { $name(id) }
        }
    )+ };
}

ids! {
    /// A table.
    TableId,
    /// A column, unique over the whole catalog.
    ColumnId,
    /// An index.
    IndexId,
    /// A foreign key.
    ForeignKeyId,
    /// A CHECK constraint.
    CheckId,
    /// An enum type.
    EnumId,
    /// A helper view.
    ViewId,
    /// A helper trigger.
    TriggerId,
}

/// Hands out identities; one counter for all kinds of objects, so that no two objects of a run share a number.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    next: u32,
}

impl Ids {
    /// A number that nothing has yet.
    pub fn fresh<T: From<u32>>(&mut self) -> T {
        self.next += 1;
        T::from(self.next)
    }
}
