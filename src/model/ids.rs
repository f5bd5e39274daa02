//! Ids into the arenas of a [`Schema`](super::Schema).

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl $name {
            pub(super) fn at(index: usize) -> Self {
                $name(u32::try_from(index).unwrap_or(u32::MAX))
            }

            pub(crate) fn index(self) -> usize {
                self.0 as usize
            }
        }
    )+ };
}

ids! {
    /// A model, view or composite type.
    ModelId,
    /// A field, unique over the whole schema.
    FieldId,
    /// An enum.
    EnumId,
    /// A relation.
    RelationId,
}
