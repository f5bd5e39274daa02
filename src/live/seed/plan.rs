//! Which row holds the how-many-th value of each column.
//!
//! Columns that foreign keys connect form a class, and a class has one sequence of different values. Row i of a table takes
//! value i, and row i of a table that points at it takes the value of row i too: so every foreign key is satisfied, of
//! whatever shape, cycles and columns shared by several keys included. Where a key stands alone and no unique needs it to
//! differ from row to row, its rows point at another row instead, so that some are pointed at twice and others never.

use super::shape::Shape;
use super::value;
use std::collections::BTreeMap;

/// Table and column as positions in a [`Shape`].
pub(super) type At = (usize, usize);

#[derive(Clone, Debug)]
struct Key {
    columns: Vec<usize>,
    table: usize,
    referenced: Vec<usize>,
}

/// How many rows each table gets, and what is in them.
#[derive(Debug)]
pub(super) struct Plan {
    /// Rows of each table.
    pub(super) rows: Vec<u64>,
    /// For each column: the column that stands for its class.
    class: BTreeMap<At, At>,
    /// Columns whose row i holds value i whatever the foreign keys say.
    pinned: BTreeMap<At, ()>,
    /// Columns of few values that are unique together: divisor and count of each.
    digits: BTreeMap<At, (u64, u64)>,
    keys: Vec<Vec<Key>>,
    referenced: BTreeMap<At, ()>,
}

impl Plan {
    /// For `wanted` rows a table, or fewer where `limits` or the types leave no room.
    pub(super) fn new(shape: &Shape, wanted: u64, limits: &BTreeMap<usize, u64>) -> Plan {
        let keys = keys(shape);
        let mut plan = Plan {
            rows: (0..shape.tables.len()).map(|t| limits.get(&t).map_or(wanted, |limit| wanted.min(*limit))).collect(),
            class: BTreeMap::new(),
            pinned: BTreeMap::new(),
            digits: BTreeMap::new(),
            referenced: BTreeMap::new(),
            keys,
        };
        plan.classify(shape);
        plan.pin_shared();
        plan.keep_unique(shape, wanted);
        plan.count(shape);
        plan
    }

    /// Is the column pointed at, so that it must have a value?
    pub(super) fn is_referenced(&self, at: At) -> bool {
        self.referenced.contains_key(&at)
    }

    /// The column that stands for the class of this one.
    pub(super) fn class(&self, at: At) -> At {
        self.class.get(&at).copied().unwrap_or(at)
    }

    /// Which value of its class row `row` of this column holds; `None` if it can only be NULL.
    pub(super) fn number(&self, at: At, row: u64) -> Option<u64> {
        if !self.pinned.contains_key(&at) {
            if let Some((divisor, count)) = self.digits.get(&at) {
                return Some(row / divisor % count);
            }
            let key = self.keys[at.0].iter().find_map(|key| Some((key, key.columns.iter().position(|c| *c == at.1)?)));
            if let Some((key, position)) = key {
                let rows = self.rows[key.table];
                let other = match rows {
                    0 => return None,
                    _ if key.table == at.0 => row / 2,
                    _ => (row / 2 + key.columns[0] as u64) % rows,
                };
                return self.number((key.table, key.referenced[position]), other);
            }
        }
        Some(row)
    }

    /// Puts connected columns into one class, and lets the one with the fewest values stand for it.
    fn classify(&mut self, shape: &Shape) {
        let mut parent: BTreeMap<At, At> = BTreeMap::new();
        fn root(parent: &BTreeMap<At, At>, mut at: At) -> At {
            while let Some(up) = parent.get(&at).filter(|up| **up != at) {
                at = *up;
            }
            at
        }
        for (table, keys) in self.keys.iter().enumerate() {
            for key in keys {
                for (column, referenced) in key.columns.iter().zip(&key.referenced) {
                    let (a, b) = ((table, *column), (key.table, *referenced));
                    self.referenced.insert(b, ());
                    let (root_a, root_b) = (root(&parent, a), root(&parent, b));
                    parent.insert(a, root_a);
                    parent.insert(b, root_b);
                    parent.insert(root_a, root_b);
                }
            }
        }
        let room = |at: At| {
            let ty = &shape.tables[at.0].columns[at.1].ty;
            (value::capacity(ty), ty.modifier as u32)
        };
        let mut best: BTreeMap<At, At> = BTreeMap::new();
        for at in parent.keys() {
            let entry = best.entry(root(&parent, *at)).or_insert(*at);
            if room(*at) < room(*entry) {
                *entry = *at;
            }
        }
        self.class = parent.keys().map(|at| (*at, best[&root(&parent, *at)])).collect();
    }

    /// A column in several keys ties them together, and whatever they point at.
    fn pin_shared(&mut self) {
        for table in 0..self.keys.len() {
            let mut seen = BTreeMap::new();
            for key in &self.keys[table] {
                for column in &key.columns {
                    *seen.entry(*column).or_insert(0) += 1;
                }
            }
            for (column, _) in seen.into_iter().filter(|(_, times)| *times > 1) {
                self.pin((table, column));
            }
        }
    }

    fn pin(&mut self, at: At) {
        if self.pinned.insert(at, ()).is_some() {
            return;
        }
        for key in self.keys[at.0].clone() {
            if key.columns.contains(&at.1) {
                for (column, referenced) in key.columns.iter().zip(&key.referenced) {
                    self.pin((at.0, *column));
                    self.pin((key.table, *referenced));
                }
            }
        }
    }

    /// Of every unique set one column must differ from row to row; where all have few values, they count together.
    fn keep_unique(&mut self, shape: &Shape, wanted: u64) {
        for (table, (_, description)) in shape.tables.iter().enumerate() {
            for unique in &description.uniques {
                let columns: Vec<usize> =
                    unique.columns.iter().filter_map(|name| description.columns.get_index_of(name)).collect();
                let plenty = |column: &usize| self.capacity(shape, (table, *column)) >= wanted;
                let differs = |column: &usize| {
                    plenty(column) && (self.pinned.contains_key(&(table, *column)) || !self.in_key(table, *column))
                };
                if columns.iter().any(differs) {
                    continue;
                }
                if let Some(column) =
                    columns.iter().copied().find(|column| plenty(column) && self.in_key(table, *column))
                {
                    self.pin((table, column));
                    continue;
                }
                let mut divisor = 1_u64;
                for column in columns {
                    let count = self.capacity(shape, (table, column)).max(1);
                    if !self.in_key(table, column) {
                        self.digits.entry((table, column)).or_insert((divisor, count));
                    } else if !self.pinned.contains_key(&(table, column)) {
                        self.pin((table, column));
                    }
                    divisor = divisor.saturating_mul(count);
                }
                self.rows[table] = self.rows[table].min(divisor);
            }
        }
    }

    fn in_key(&self, table: usize, column: usize) -> bool {
        self.keys[table].iter().any(|key| key.columns.contains(&column))
    }

    fn capacity(&self, shape: &Shape, at: At) -> u64 {
        let class = self.class(at);
        value::capacity(&shape.tables[class.0].columns[class.1].ty).unwrap_or(0)
    }

    /// A pinned key needs as many rows to point at as there are rows; a required one needs any.
    fn count(&mut self, shape: &Shape) {
        for (table, (_, description)) in shape.tables.iter().enumerate() {
            let impossible =
                description.columns.values().any(|c| c.required && !c.generated && value::capacity(&c.ty).is_none());
            if impossible {
                self.rows[table] = 0;
            }
        }
        let mut changed = true;
        while changed {
            changed = false;
            for (table, (_, description)) in shape.tables.iter().enumerate() {
                for key in &self.keys[table] {
                    let pinned = key.columns.iter().any(|column| self.pinned.contains_key(&(table, *column)));
                    let required = key.columns.iter().all(|column| description.columns[*column].required);
                    let there = self.rows[key.table];
                    if (pinned && self.rows[table] > there) || (required && there == 0 && self.rows[table] > 0) {
                        self.rows[table] = there;
                        changed = true;
                    }
                }
            }
        }
    }
}

fn keys(shape: &Shape) -> Vec<Vec<Key>> {
    let positions = |table: usize, names: &[String]| -> Option<Vec<usize>> {
        names.iter().map(|name| shape.tables[table].columns.get_index_of(name)).collect()
    };
    let key = |table: usize, key: &super::shape::ForeignKey| {
        let other = shape.tables.get_index_of(&key.table)?;
        let (columns, referenced) = (positions(table, &key.columns)?, positions(other, &key.referenced)?);
        Some(Key { columns, table: other, referenced })
    };
    let tables = shape.tables.values().enumerate();
    tables.map(|(table, t)| t.foreign_keys.iter().filter_map(|k| key(table, k)).collect()).collect()
}
