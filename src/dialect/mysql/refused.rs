//! What these servers refuse, and a schema may say all the same: it is told before anything is written, not in mid-plan.

use super::{Mysql, types};
use crate::catalog::{Action, BaseType, Catalog, Column, ColumnId, Default, ForeignKey, KeyColumn, Table, TableId};
use crate::dialect::Unspoken;
use crate::op::Op;

const NAME: Unspoken = Unspoken {
    what: "a name with a character that takes four bytes, such as an emoji, which the server refuses (error 1300),",
    instead: "give it a name of other characters in the database: @map(\"…\"), @@map(\"…\"), or map: \"…\" of an index or a relation",
};
const MOMENT: Unspoken = Unspoken {
    what: "now() as the default of a column that has other digits behind the second, or is a DATE, which MySQL refuses (error 1067; MariaDB does not: --target mariadb@10.11),",
    instead: "give the column the three digits of now(): @db.Timestamp(3), @db.DateTime(3), or no @db at all; for @db.Date write @default(dbgenerated(\"(CURRENT_DATE)\"))",
};
const LINK: Unspoken = Unspoken {
    what: "a foreign key whose referenced columns are no key in this order, which the server refuses (error 6125 or 1822),",
    instead: "let it point at the @id or an @unique of just these fields, in their order, or make one: @@unique([…])",
};
const ENDS: Unspoken = Unspoken {
    what: "a foreign key that follows changes of the key (onUpdate: Cascade, which is Prisma's default) from a required field to an optional one, which MariaDB refuses (error 1005, 1830 or 1833),",
    instead: "write onUpdate: NoAction on the relation in a plan before this one, or make both fields required, or both optional",
};

/// What of an op, where a plan leads from `old` to `new`.
pub fn refused(server: Mysql, (old, new): (&Catalog, &Catalog), op: &Op) -> Option<Unspoken> {
    // <https://dev.mysql.com/doc/refman/8.4/en/identifiers.html>
    if names(op).into_iter().any(|name| name.chars().any(|c| c > '\u{FFFF}')) {
        return Some(NAME);
    }
    let comes = |column: &Column| server.wants_digits_alike() && !is_moment_of(column);
    let moment = match op {
        Op::AddColumn { column, .. } => comes(column),
        Op::CreateTable(_, table) => table.columns.values().any(comes),
        Op::SetDefault { on, id, default } => {
            let column = new.column(*on, *id).or(old.column(*on, *id));
            column.is_some_and(|c| comes(&Column { default: default.clone(), ..c.clone() }))
        }
        _ => false,
    };
    if moment {
        return Some(MOMENT);
    }
    let touched = match op {
        Op::AddForeignKey { on, .. } | Op::ReplaceForeignKey { on, .. } | Op::CreateTable(on, _) => Some(*on),
        Op::ChangePrimaryKey { on, .. } | Op::DropIndex { on, .. } => Some(*on),
        Op::SetNotNull { on, .. } | Op::DropNotNull { on, .. } => Some(*on),
        _ => None,
    }?;
    let torn = |at: &Catalog| torn(at, touched);
    let before = torn(old);
    if server.wants_ends_alike() && torn(new).iter().any(|name| !before.contains(name)) {
        return Some(ENDS);
    }
    let lacking = |at: &Catalog| unserved(server, at, touched);
    let before = lacking(old);
    lacking(new).iter().any(|name| !before.contains(name)).then_some(LINK)
}

/// The foreign keys from a table, and to it.
fn near(at: &Catalog, table: TableId) -> impl Iterator<Item = (TableId, &ForeignKey)> {
    let keys = at.tables.iter().flat_map(|(id, t)| t.foreign_keys.values().map(move |key| (*id, key)));
    keys.filter(move |(own, key)| *own == table || key.references == table)
}

/// Those that have no key to point at.
fn unserved(server: Mysql, at: &Catalog, table: TableId) -> Vec<String> {
    let lacks = |key: &ForeignKey| at.tables.get(&key.references).is_some_and(|t| !serves(server, t, key));
    near(at, table).filter(|(_, key)| lacks(key)).map(|(_, key)| key.name.clone()).collect()
}

/// Those that would write NULL, which may come from a changed key, into a column that takes none.
fn torn(at: &Catalog, table: TableId) -> Vec<String> {
    let nullable = |on: TableId, id: ColumnId| at.column(on, id).is_some_and(|c| c.nullable);
    let tears = |own: TableId, key: &ForeignKey| {
        let mut ends = key.columns.iter().zip(&key.referenced);
        key.on_update == Action::Cascade
            && ends.any(|(from, to)| !nullable(own, *from) && nullable(key.references, *to))
    };
    near(at, table).filter(|(own, key)| tears(*own, key)).map(|(_, key)| key.name.clone()).collect()
}

fn serves(server: Mysql, target: &Table, key: &ForeignKey) -> bool {
    let begins = |columns: &[KeyColumn]| {
        columns.len() >= key.referenced.len()
            && columns.iter().zip(&key.referenced).all(|(a, b)| a.column == *b && a.length.is_none())
    };
    let whole = |columns: &[KeyColumn]| columns.len() == key.referenced.len();
    let strict = server.wants_keys_behind_links();
    let primary = target.primary_key.iter().any(|k| begins(&k.columns) && (!strict || whole(&k.columns)));
    let indexes = target.indexes.values().filter(|i| i.method.is_none() && (i.unique || !strict));
    primary || indexes.into_iter().any(|i| begins(&i.columns) && (!strict || whole(&i.columns)))
}

/// Has the column as many digits behind the second as its default, if that is a moment?
fn is_moment_of(column: &Column) -> bool {
    match (&column.ty.base, &column.default) {
        (BaseType::Native { name, args }, Some(Default::Now)) => {
            name != "DATE" && name != "TIME" && args.first().copied().unwrap_or(0) == types::moment(&column.ty)
        }
        (BaseType::Native { .. } | BaseType::Enum(_) | BaseType::Raw(_), _) => true,
    }
}

/// Names that come into being.
fn names(op: &Op) -> Vec<&str> {
    match op {
        Op::CreateTable(_, table) => {
            let columns = table.columns.values().map(|c| c.name.as_str());
            let indexes = table.indexes.values().map(|i| i.name.as_str());
            let keys = table.foreign_keys.values().map(|k| k.name.as_str());
            let own = std::iter::once(table.name.name.as_str());
            own.chain(columns).chain(indexes).chain(keys).collect()
        }
        Op::RenameTable { to, .. } => vec![to.name.as_str()],
        Op::AddColumn { column, .. } => vec![column.name.as_str()],
        Op::RenameColumn { to, .. } | Op::RenameIndex { to, .. } | Op::RenameForeignKey { to, .. } => vec![to.as_str()],
        Op::CreateIndex { index, .. } => vec![index.name.as_str()],
        Op::AddForeignKey { key, .. } => vec![key.name.as_str()],
        _ => Vec::new(),
    }
}
