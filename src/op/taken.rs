//! Which names are taken, in a form that costs little to copy.

use crate::catalog::Name;
use foldhash::{HashMap, HashSet};
use std::sync::Arc;

/// Names of tables, views and indexes: those at the beginning, shared between copies, and what has changed since.
#[derive(Clone, Debug, Default)]
pub(super) struct Taken {
    first: Arc<HashSet<Name>>,
    /// Taken now, or free now.
    since: HashMap<Name, bool>,
}

impl Taken {
    /// Begins with these.
    pub(super) fn new(names: HashSet<Name>) -> Self {
        Taken { first: Arc::new(names), since: HashMap::default() }
    }

    pub(super) fn contains(&self, name: &Name) -> bool {
        self.since.get(name).copied().unwrap_or_else(|| self.first.contains(name))
    }

    /// Takes a name; false if somebody has it.
    pub(super) fn insert(&mut self, name: Name) -> bool {
        let free = !self.contains(&name);
        self.since.insert(name, true);
        free
    }

    /// Gives a name back.
    pub(super) fn remove(&mut self, name: &Name) {
        self.since.insert(name.clone(), false);
    }
}
