//! How far a change of a table stops its users, stated in the statement: what a server cannot do so it refuses
//! (<https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html>, <https://mariadb.com/kb/en/innodb-online-ddl-overview/>).

use super::Mysql;
use crate::catalog::{Action, Column, ForeignKey, Index, Table};

/// How a table may be used meanwhile, the least first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Online {
    /// Only the dictionary changes.
    Instant,
    /// The table is read or written anew beside readers and writers.
    Beside,
    /// Writers wait, since the table has a full-text index.
    Readers,
    /// The table is copied beside readers and writers.
    CopyBeside,
    /// The table is copied, and writers wait.
    Copy,
}

impl Online {
    /// In the statement.
    pub(super) fn words(self) -> &'static str {
        match self {
            Online::Instant => "ALGORITHM=INSTANT",
            Online::Beside => "ALGORITHM=INPLACE, LOCK=NONE",
            Online::Readers => "ALGORITHM=INPLACE, LOCK=SHARED",
            Online::CopyBeside => "ALGORITHM=COPY, LOCK=NONE",
            Online::Copy => "ALGORITHM=COPY, LOCK=SHARED",
        }
    }
}

/// What a change of a column means for its rows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Touch {
    /// Nothing.
    Words,
    /// They stay as they are, and somebody looks.
    Look,
    /// They are written anew.
    Rows,
    /// They are converted.
    Convert,
}

/// How one table may be changed on this server.
#[derive(Clone, Copy)]
pub(super) struct Means {
    /// Columns come.
    pub(super) add: Online,
    /// It is written anew.
    pub(super) rebuild: Online,
    /// It is copied.
    pub(super) copy: Online,
    /// Numbers end.
    pub(super) unnumber: Online,
}

impl Means {
    /// What the server can do with a table.
    pub(super) fn of(server: Mysql, was: &Table, now: &Table) -> Means {
        let fulltexts = [was, now].map(|t| t.indexes.values().filter(|i| i.method.is_some()).count());
        let fulltexts = fulltexts.into_iter().max().unwrap_or(0);
        // A copy beside writers would not see what a foreign key does to rows by itself
        // (<https://mariadb.com/kb/en/online-schema-change/#limitations>).
        let acts = |key: &ForeignKey| {
            [key.on_delete, key.on_update].iter().any(|a| !matches!(a, Action::NoAction | Action::Restrict))
        };
        let acts = [was, now].into_iter().flat_map(|t| t.foreign_keys.values()).any(acts);
        let copy = if server.copies_online() && !acts { Online::CopyBeside } else { Online::Copy };
        let rebuild = match fulltexts {
            0 => Online::Beside,
            some if some <= server.rebuilds_fulltext() => Online::Readers,
            _ => copy,
        };
        let add = if fulltexts == 0 && server.adds_at_once() { Online::Instant } else { rebuild };
        let unnumber = if server.ends_numbers_at_once() { Online::Instant } else { copy };
        Means { add, rebuild, copy, unnumber }
    }

    /// How rows are touched.
    pub(super) fn touching(self, touch: Touch) -> Online {
        match touch {
            Touch::Words => Online::Instant,
            Touch::Look => Online::Beside,
            Touch::Rows => self.rebuild,
            Touch::Convert => self.copy,
        }
    }
}

/// Does a table without a primary key lie in the order of this index? The first unique one without NULLs is its key
/// (<https://dev.mysql.com/doc/refman/8.4/en/innodb-index-types.html>).
pub(super) fn is_order(was: &Table, now: &Table, index: &Index) -> bool {
    if was.primary_key.is_some() || now.primary_key.is_some() {
        return false;
    }
    let filled = |c: &crate::catalog::KeyColumn| {
        c.length.is_none() && was.columns.get(&c.column).is_some_and(|column| !column.nullable)
    };
    index.unique && index.method.is_none() && index.columns.iter().all(filled)
}

/// Is a column part of what a table without a primary key lies in the order of?
pub(super) fn orders(was: &Table, now: &Table, column: &Column) -> bool {
    let holds =
        |index: &&Index| index.columns.iter().filter_map(|c| was.columns.get(&c.column)).any(|c| c.name == column.name);
    was.indexes.values().filter(|index| is_order(was, now, index)).any(|index| holds(&index))
}
