//! Looking things up, comparing, and names of helpers.

use super::{
    Action, Catalog, Column, ColumnId, Default, Enum, Expr, ForeignKey, ForeignKeyId, Index, IndexNames, KeyColumn,
    Literal, Name, Origin, Synced, Table, TableId, TriggerRule,
};
use std::fmt::Arguments;
use std::sync::Arc;

impl Catalog {
    /// Is the column filled as far as there is a value for it, and may be NULL all the same?
    pub fn stays_optional(&self, column: ColumnId) -> bool {
        let mut rules = self.triggers.values().flat_map(|trigger| &trigger.rules);
        rules.any(|rule| matches!(rule, TriggerRule::Give { column: given, .. } if *given == column))
    }

    /// The name that an index of a table, or its primary key, has among all others; None of what has none.
    pub fn beside(&self, table: &Table, index: &str) -> Option<Name> {
        let name = match self.index_names {
            IndexNames::OfSchema => table.name.with_name(index),
            // No table has a schema there.
            IndexNames::OfTable => Name { schema: Some(table.name.name.clone()), name: index.to_owned() },
        };
        (!index.is_empty()).then_some(name)
    }

    /// A column.
    pub fn column(&self, table: TableId, column: ColumnId) -> Option<&Column> {
        self.tables.get(&table)?.columns.get(&column)
    }

    /// A table, to be changed: in this catalog alone.
    pub fn table_mut(&mut self, table: TableId) -> Option<&mut Table> {
        self.tables.get_mut(&table).map(Arc::make_mut)
    }

    /// A foreign key.
    pub fn foreign_key(&self, table: TableId, key: ForeignKeyId) -> Option<&ForeignKey> {
        self.tables.get(&table)?.foreign_keys.get(&key)
    }

    /// The foreign keys that point at exactly these columns of a table, in any order.
    pub fn pointing_at(&self, table: TableId, columns: &[KeyColumn]) -> Vec<(TableId, ForeignKeyId)> {
        let points = |k: &ForeignKey| {
            k.references == table
                && k.referenced.len() == columns.len()
                && columns.iter().all(|c| k.referenced.contains(&c.column))
        };
        let keys = self.tables.iter().flat_map(|(id, t)| t.foreign_keys.iter().map(|(key, k)| (*id, *key, k)));
        keys.filter(|(_, _, k)| points(k)).map(|(id, key, _)| (id, key)).collect()
    }

    /// The tables that lose rows, or links of rows, when rows of `table` are deleted: itself, then those that its foreign keys
    /// reach by CASCADE, SET NULL or SET DEFAULT.
    pub fn deleted_with(&self, table: TableId) -> Vec<TableId> {
        let mut all = vec![table];
        let mut at = 0;
        while let Some(&parent) = all.get(at) {
            at += 1;
            for (id, child) in &self.tables {
                let follows = |k: &ForeignKey| {
                    k.references == parent && !matches!(k.on_delete, Action::NoAction | Action::Restrict)
                };
                if !all.contains(id) && child.foreign_keys.values().any(follows) {
                    all.push(*id);
                }
            }
        }
        all
    }

    /// Do foreign keys forbid that rows of `table` are deleted, which others, or rows of its own, point at?
    pub fn forbids_deletes(&self, table: TableId) -> bool {
        let forbids =
            |k: &ForeignKey| k.references == table && matches!(k.on_delete, Action::NoAction | Action::Restrict);
        self.tables.values().any(|t| t.foreign_keys.values().any(forbids))
    }

    /// What differs, one sentence each; empty if both describe the same database. Origins, the order of columns and what
    /// only clients know do not count.
    pub fn differences(&self, other: &Catalog) -> Vec<String> {
        let mut found = Vec::new();
        let mut say = |differs: bool, what: Arguments<'_>| {
            if differs {
                found.push(what.to_string());
            }
        };
        say(self.namespaces != other.namespaces, format_args!("schemas"));
        let bare = |c: &Catalog| c.extensions.values().map(|x| (x.name.clone(), x.schema.clone())).collect::<Vec<_>>();
        say(bare(self) != bare(other), format_args!("extensions"));
        say(self.bookkeeping != other.bookkeeping, format_args!("bookkeeping"));
        say(self.once != other.once, format_args!("what is done once"));
        say(self.views != other.views, format_args!("views"));
        say(self.triggers != other.triggers, format_args!("triggers"));
        for (id, mine) in &self.enums {
            let same = other.enums.get(id).is_some_and(|theirs| same_enum(mine, theirs));
            say(!same, format_args!("enum {}", mine.name.name));
        }
        for (id, theirs) in &other.enums {
            say(!self.enums.contains_key(id), format_args!("enum {}", theirs.name.name));
        }
        for (id, theirs) in &other.tables {
            say(!self.tables.contains_key(id), format_args!("table {}", theirs.name.name));
        }
        for (id, mine) in &self.tables {
            match other.tables.get(id) {
                None => say(true, format_args!("table {}", mine.name.name)),
                Some(theirs) if Arc::ptr_eq(mine, theirs) => {}
                Some(theirs) => differences_of_tables(mine, theirs, &mut say),
            }
        }
        found
    }
}

fn same_enum(a: &Enum, b: &Enum) -> bool {
    let sorted = |e: &Enum| {
        let mut values = e.values.clone();
        values.sort();
        values
    };
    a.name == b.name && sorted(a) == sorted(b)
}

fn differences_of_tables(a: &Table, b: &Table, say: &mut impl FnMut(bool, Arguments<'_>)) {
    let name = &a.name.name;
    say(a.name != b.name, format_args!("name of table {name}"));
    say(a.primary_key != b.primary_key, format_args!("primary key of {name}"));
    say(a.checks != b.checks, format_args!("checks of {name}"));
    for id in a.columns.keys().chain(b.columns.keys().filter(|id| !a.columns.contains_key(*id))) {
        let same = match (a.columns.get(id), b.columns.get(id)) {
            (Some(a), Some(b)) => {
                a.name == b.name && a.ty == b.ty && a.nullable == b.nullable && a.default == b.default
            }
            (None, _) | (_, None) => false,
        };
        let column = a.columns.get(id).or(b.columns.get(id)).map_or("?", |c| &c.name);
        say(!same, format_args!("column {name}.{column}"));
    }
    for id in a.indexes.keys().chain(b.indexes.keys().filter(|id| !a.indexes.contains_key(*id))) {
        let same = match (a.indexes.get(id), b.indexes.get(id)) {
            (Some(a), Some(b)) => {
                a.name == b.name
                    && a.unique == b.unique
                    && a.method == b.method
                    && a.columns == b.columns
                    && a.predicate == b.predicate
            }
            (None, _) | (_, None) => false,
        };
        let index = a.indexes.get(id).or(b.indexes.get(id)).map_or("?", |i| &i.name);
        say(!same, format_args!("index {index} of {name}"));
    }
    for id in a.foreign_keys.keys().chain(b.foreign_keys.keys().filter(|id| !a.foreign_keys.contains_key(*id))) {
        let same = match (a.foreign_keys.get(id), b.foreign_keys.get(id)) {
            (Some(a), Some(b)) => a.name == b.name && a.validated == b.validated && a.means_the_same(b),
            (None, _) | (_, None) => false,
        };
        let key = a.foreign_keys.get(id).or(b.foreign_keys.get(id)).map_or("?", |k| &k.name);
        say(!same, format_args!("foreign key {key} of {name}"));
    }
}

impl Table {
    /// Is there a primary key or a unique index over exactly these columns, in any order?
    pub fn is_unique(&self, columns: &[ColumnId]) -> bool {
        let same = |key: &[KeyColumn]| key.len() == columns.len() && key.iter().all(|c| columns.contains(&c.column));
        self.primary_key.as_ref().is_some_and(|k| same(&k.columns))
            || self.indexes.values().any(|i| i.unique && i.predicate.is_none() && same(&i.columns))
    }
}

impl Index {
    /// A unique index with nothing special.
    pub fn unique(name: String, columns: Vec<KeyColumn>, origin: Origin) -> Self {
        Index { name, unique: true, method: None, columns, predicate: None, reads: Vec::new(), origin }
    }
}

impl Column {
    /// Is it numbered by a sequence of its own?
    pub fn default_is_sequence(&self) -> bool {
        self.default == Some(super::Default::Sequence)
    }
}

impl ForeignKey {
    /// The same columns, target and actions, whatever it is called.
    pub fn means_the_same(&self, other: &ForeignKey) -> bool {
        self.points_the_same(other) && self.on_delete == other.on_delete && self.on_update == other.on_update
    }

    /// The same columns and target.
    pub fn points_the_same(&self, other: &ForeignKey) -> bool {
        self.references == other.references && self.columns == other.columns && self.referenced == other.referenced
    }
}

impl Synced {
    /// Is the column one of either side, or read for one?
    pub fn is_over(&self, id: ColumnId) -> bool {
        let forth = self.forth.iter().any(|(column, value)| *column == id || value.reads(id));
        forth || self.back.iter().any(|(column, value)| *column == id || value.as_ref().is_some_and(|v| v.reads(id)))
    }

    /// Can all of the old columns follow?
    pub fn is_two_way(&self) -> bool {
        self.back.iter().all(|(_, value)| value.is_some())
    }
}

impl Expr {
    /// Is there SQL in the user's words in it?
    pub fn has_sql(&self) -> bool {
        match self {
            Expr::Sql(_) => true,
            Expr::Coalesce(all) => all.iter().any(Expr::has_sql),
            Expr::Cast { fallback, .. } => fallback.as_ref().is_some_and(|f| f.has_sql()),
            Expr::Column(_)
            | Expr::Derived(_)
            | Expr::Remap { .. }
            | Expr::Literal(_)
            | Expr::Default(_)
            | Expr::Lookup { .. }
            | Expr::Uuid
            | Expr::Now => false,
        }
    }

    /// Labels of enums that it gives rows where they have nothing of their own to give.
    pub fn labels(&self) -> Vec<&str> {
        match self {
            Expr::Literal(Literal::Enum(label)) | Expr::Default(Default::Literal(Literal::Enum(label))) => vec![label],
            Expr::Coalesce(all) => all.iter().flat_map(Expr::labels).collect(),
            Expr::Cast { fallback: Some(other), .. } => other.labels(),
            Expr::Cast { fallback: None, .. }
            | Expr::Literal(_)
            | Expr::Default(_)
            | Expr::Column(_)
            | Expr::Derived(_)
            | Expr::Remap { .. }
            | Expr::Lookup { .. }
            | Expr::Sql(_)
            | Expr::Uuid
            | Expr::Now => Vec::new(),
        }
    }

    /// The columns of other rows that it takes its value from.
    pub fn looked_up(&self) -> Vec<ColumnId> {
        self.lookups().into_iter().map(|(_, _, value)| value).collect()
    }

    /// What it looks up in other rows: the table, the column of it that is compared, and the one that is taken.
    pub fn lookups(&self) -> Vec<(TableId, ColumnId, ColumnId)> {
        match self {
            Expr::Lookup { table, key, value, .. } => vec![(*table, *key, *value)],
            Expr::Coalesce(all) => all.iter().flat_map(Expr::lookups).collect(),
            Expr::Cast { fallback: Some(other), .. } => other.lookups(),
            Expr::Cast { fallback: None, .. }
            | Expr::Column(_)
            | Expr::Derived(_)
            | Expr::Remap { .. }
            | Expr::Literal(_)
            | Expr::Default(_)
            | Expr::Sql(_)
            | Expr::Uuid
            | Expr::Now => Vec::new(),
        }
    }

    /// Does it read this column? (What SQL in the user's words reads is not known.)
    pub fn reads(&self, id: ColumnId) -> bool {
        match self {
            Expr::Column(column)
            | Expr::Derived(column)
            | Expr::Remap { column, .. }
            | Expr::Cast { column, fallback: None, .. } => *column == id,
            Expr::Cast { column, fallback: Some(other), .. } => *column == id || other.reads(id),
            Expr::Lookup { column, key, value, .. } => [column, key, value].contains(&&id),
            Expr::Coalesce(all) => all.iter().any(|e| e.reads(id)),
            Expr::Literal(_) | Expr::Default(_) | Expr::Sql(_) | Expr::Uuid | Expr::Now => false,
        }
    }
}

/// The name of a helper object: `{base}__{suffix}`, with a hash of the whole base where it would pass 63 bytes, so that
/// two long names never meet.
pub fn helper_name(base: &str, suffix: &str) -> String {
    const LIMIT: usize = 63;
    let room = LIMIT - suffix.len() - 2;
    if base.len() <= room {
        return format!("{base}__{suffix}");
    }
    let mut end = room - 9;
    while !base.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}_{:08x}__{suffix}", &base[..end], crc32fast::hash(base.as_bytes()))
}

/// Was it made by [`helper_name`] to hold a place for a while?
pub fn is_helper_name(name: &str) -> bool {
    name.ends_with("__ps")
}
