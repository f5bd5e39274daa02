//! Identities of catalog objects.

use indexmap::IndexMap;
use std::hash::{BuildHasherDefault, Hasher};

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
    /// Two that never hand out the same number: the second begins where the first would be after two thousand million.
    pub fn halves() -> (Self, Self) {
        (Ids { next: 0 }, Ids { next: u32::MAX / 2 })
    }

    /// A number that nothing has yet.
    pub fn fresh<T: From<u32>>(&mut self) -> T {
        self.next += 1;
        T::from(self.next)
    }
}

/// A map by identity, in the order in which things were put in.
pub type IdMap<K, V> = IndexMap<K, V, BuildHasherDefault<IdHasher>>;

/// Hashes identities: small numbers that we hand out ourselves, so that nobody can choose them to collide.
#[derive(Clone, Copy, Debug, Default)]
pub struct IdHasher(u64);

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        // The golden ratio spreads numbers that follow each other; maps look at the highest bits and the lowest.
        self.0 = (self.0 ^ u64::from(number)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }
}
