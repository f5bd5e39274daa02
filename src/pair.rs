//! Two of a kind: what was, and what is to be.

/// OLD and NEW.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pair<T> {
    /// What the database holds now.
    pub old: T,
    /// What it is to hold.
    pub new: T,
}

impl<T> Pair<T> {
    /// Both by reference.
    pub fn as_ref(&self) -> Pair<&T> {
        Pair { old: &self.old, new: &self.new }
    }

    /// Both through the same function.
    pub fn map<U>(self, mut f: impl FnMut(T) -> U) -> Pair<U> {
        Pair { old: f(self.old), new: f(self.new) }
    }
}
