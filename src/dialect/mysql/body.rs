//! The ops of a file as statements. Those that change the shape of tables are done together, as the difference between two
//! databases: one `ALTER TABLE` where several would each need the table alone for a moment.

use super::alter;
use super::quote::name;
use super::{Mysql, Spelled, again};
use crate::catalog::{Across, Catalog, Column, ColumnId, TableId, TriggerRule};
use crate::dialect::{Sync, Unspoken};
use crate::op::{Impossible, Op, Redefinition, Run, Work};

/// What an op is to this dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It changes the shape of tables: spelled as the difference between two databases.
    Shape,
    /// It changes nothing but the catalog that a plan keeps: an enum is part of its columns.
    Silent,
    /// It has a statement of its own.
    Own,
    /// It is not spelled; what that is, in words.
    Unspoken(&'static str),
}

const NUMBERED: &str = "numbering rows by a column that is new, or was not numbered, or another type for one that is,";
const LISTED: &str = "a list whose elements become rows of another table, or the other way round,";

/// What an op is. Where clients keep both shapes the same, what they do is not spelled.
pub fn kind(server: Mysql, op: &Op) -> Kind {
    match (server.sync(), op) {
        (Sync::Clients, Op::CreateTrigger(..) | Op::DropTrigger(_) | Op::OpenBookkeeping | Op::CloseBookkeeping) => {
            Kind::Silent
        }
        (Sync::Clients | Sync::Triggers, op) => spelled(op),
    }
}

fn spelled(op: &Op) -> Kind {
    let listed = |work: &Work| {
        let listed = |w: &Work| matches!(w, Work::Across { across: Across::Listed(_), .. });
        listed(work) || work.parts().iter().any(listed)
    };
    match op {
        Op::AddColumn { column, .. } if column.default_is_sequence() => Kind::Unspoken(NUMBERED),
        Op::SetDefault { default: Some(crate::catalog::Default::Sequence), .. } | Op::MoveSequence { .. } => {
            Kind::Unspoken(NUMBERED)
        }
        Op::CreateTable(..)
        | Op::DropTable(_)
        | Op::RenameTable { .. }
        | Op::AddColumn { .. }
        | Op::DropColumn { .. }
        | Op::RenameColumn { .. }
        | Op::SetNotNull { .. }
        | Op::DropNotNull { .. }
        | Op::SetDefault { .. }
        | Op::Retype { .. }
        | Op::AddEnumValue { .. }
        | Op::ForgetEnumValue { .. }
        | Op::CreateIndex { .. }
        | Op::DropIndex { .. }
        | Op::RenameIndex { .. }
        | Op::ChangePrimaryKey { .. }
        | Op::AddForeignKey { .. }
        | Op::DropForeignKey { .. }
        | Op::ReplaceForeignKey { .. }
        | Op::RenameForeignKey { .. }
        | Op::CreateView(..)
        | Op::DropView(_) => Kind::Shape,
        Op::CreateEnum(..)
        | Op::DropEnum(_)
        | Op::RenameEnum { .. }
        | Op::RenamePrimaryKey { .. }
        | Op::AddCheck { .. }
        | Op::ValidateCheck { .. }
        | Op::DropCheck { .. }
        | Op::Analyze(_)
        | Op::CreateNamespace(_)
        | Op::DropNamespace(_) => Kind::Silent,
        Op::CreateTrigger(_, trigger) => {
            let lists = |rule: &TriggerRule| matches!(rule, TriggerRule::Across { across: Across::Listed(_), .. });
            if trigger.rules.iter().any(lists) { Kind::Unspoken(LISTED) } else { Kind::Own }
        }
        Op::Backfill(fill) | Op::BackfillAtOnce(fill) if listed(&fill.work) => Kind::Unspoken(LISTED),
        Op::ValidateForeignKey { .. }
        | Op::DropTrigger(_)
        | Op::Backfill(_)
        | Op::BackfillAtOnce(_)
        | Op::Assert(_)
        | Op::OpenBookkeeping
        | Op::CloseBookkeeping
        | Op::Redefine(_) => Kind::Own,
        Op::RenameEnumValue { .. } => Kind::Unspoken("another name for a value of an enum"),
        Op::Convert { .. } => Kind::Unspoken("values converted in their place"),
        Op::BeginOnce { .. } | Op::EndOnce { .. } => Kind::Unspoken("names that change places"),
        Op::OpenReading | Op::CloseReading => Kind::Unspoken("values read out of text"),
        Op::CreateExtension(_) | Op::DropExtension(_) => Kind::Unspoken("extensions"),
    }
}

/// What there are no words for, where a plan leads from `old` to `new`.
pub fn unspoken(server: Mysql, ends: (&Catalog, &Catalog), op: &Op) -> Option<Unspoken> {
    let instead = "do it in a migration of your own, and plan from the schema after it";
    match server.sync() {
        Sync::Triggers => without_words(server, ends, op)
            .map(|what| Unspoken { what, instead })
            .or_else(|| super::unseen::unseen(ends, op)),
        Sync::Clients => super::deploy::unspoken(server, ends, op),
    }
}

/// The same of a server with triggers.
pub(super) fn without_words(server: Mysql, (old, new): (&Catalog, &Catalog), op: &Op) -> Option<&'static str> {
    if let Some(what) = super::refused::refused(server, (old, new), op) {
        return Some(what);
    }
    match (op, spelled(op)) {
        (_, Kind::Unspoken(what)) => Some(what),
        // A numbered column has to be a key until it goes (error 1075).
        (Op::DropColumn { on, id }, _) if old.column(*on, *id).is_some_and(Column::default_is_sequence) => {
            Some(NUMBERED)
        }
        // Names of columns that differ in case alone are one (<https://dev.mysql.com/doc/refman/8.4/en/identifier-case-sensitivity.html>).
        (Op::AddColumn { on, column, .. }, _) => {
            let table = old.tables.get(on)?;
            let same = |c: &Column| c.name != column.name && c.name.to_lowercase() == column.name.to_lowercase();
            table.columns.values().any(same).then_some("a name that differs from another one in case alone")
        }
        (_, Kind::Shape | Kind::Silent | Kind::Own) => None,
    }
}

/// The statements of ops that are done one after the other, beside each op.
///
/// # Errors
/// The run does not allow one of them: a bug of the planner.
pub fn body(server: Mysql, ops: &[Op], run: &Run) -> Result<Vec<Vec<Spelled>>, Impossible> {
    if server.sync() == Sync::Clients {
        return super::deploy::body(server, ops, run);
    }
    let mut run = run.clone();
    let mut all: Vec<Vec<Spelled>> = Vec::with_capacity(ops.len());
    let mut before: Option<Catalog> = None;
    // Triggers go last of what is done while tables are held: where it is stopped on its way, the table refuses what it could not keep
    // right, and the names of its triggers say to the next run how far this one came.
    let mut late: Vec<Spelled> = Vec::new();
    let held = held(ops, &run.catalog);
    let mut end = run.clone();
    ops.iter().try_for_each(|op| end.apply(op))?;
    for (at, op) in ops.iter().enumerate() {
        let begins = held.as_ref().is_some_and(|h| h.start == at);
        // A way back may number rows again: the server says whether it can.
        let shape = matches!(spelled(op), Kind::Shape | Kind::Unspoken(NUMBERED));
        if (!shape || begins)
            && let Some(before) = before.take()
        {
            all[at - 1].extend(difference(server, (&before, &run.catalog), &end.catalog));
        }
        let mut own = Vec::new();
        if begins {
            own.push(lock(&run.catalog, &ops[at..=held.as_ref().map_or(at, |h| h.end)]));
        }
        if shape {
            before.get_or_insert_with(|| run.catalog.clone());
        } else {
            let spelled = again::before_names(server, op, &run, &end.catalog);
            let lasts =
                matches!(op, Op::DropTrigger(_)) && held.as_ref().is_some_and(|h| (h.start..=h.end).contains(&at));
            if lasts { late.extend(spelled) } else { own.extend(spelled) }
        }
        run.apply(op)?;
        all.push(own);
        let ends = held.as_ref().is_some_and(|h| h.end == at);
        if (ends || at + 1 == ops.len())
            && let Some(before) = before.take()
        {
            all[at].extend(difference(server, (&before, &run.catalog), &end.catalog));
        }
        if ends {
            all[at].append(&mut late);
            all[at].push(Spelled::new("UNLOCK TABLES"));
        }
    }
    Ok(all)
}

fn difference(server: Mysql, (before, after): (&Catalog, &Catalog), end: &Catalog) -> Vec<Spelled> {
    let wanted =
        Redefinition { to: after.clone(), values: Vec::new(), back: Vec::new(), losses: Vec::new(), waits: Vec::new() };
    again::until_renamed(alter::spell(server, before, &wanted), after, end)
}

/// Ops between which nobody may write.
struct Held {
    start: usize,
    end: usize,
}

/// A write between the end of one trigger and what takes its place would be right in one shape alone: 2 to 13 rows in each of five
/// tries under load. So the tables are held meanwhile, which takes milliseconds.
fn held(ops: &[Op], at: &Catalog) -> Option<Held> {
    let trigger = |op: &Op| matches!(op, Op::CreateTrigger(..) | Op::DropTrigger(_));
    let place = |op: &Op| matches!(op, Op::RenameColumn { .. } | Op::CreateTrigger(..));
    // What takes long, another key or NOT NULL, stands before it.
    let mut start = 0;
    while start < ops.len() {
        // An enum that gets another name changes nothing, and does not part what belongs together.
        let part = |op: &Op| matches!(spelled(op), Kind::Shape | Kind::Silent) || trigger(op);
        let length = ops[start..].iter().take_while(|op| part(op)).count();
        let run = &ops[start..start + length];
        let first = run.iter().position(|op| matches!(op, Op::DropTrigger(_)));
        if let Some(first) = first.filter(|first| run[*first..].iter().any(place)) {
            return Some(Held { start: start + first, end: start + length - 1 });
        }
        // Foreign keys go while their columns are copied.
        if run.iter().any(|op| matches!(op, Op::Retype { on, id, .. } if linked(at, *on, *id))) {
            return Some(Held { start, end: start + length - 1 });
        }
        start += length.max(1);
    }
    None
}

/// Is a column part of a foreign key, at either end?
fn linked(at: &Catalog, on: TableId, id: ColumnId) -> bool {
    let keys = at.tables.iter().flat_map(|(own, t)| t.foreign_keys.values().map(move |k| (*own, k)));
    let mut keys = keys.filter(|(own, k)| *own == on || k.references == on);
    keys.any(|(own, k)| own == on && k.columns.contains(&id) || k.references == on && k.referenced.contains(&id))
}

fn lock(at: &Catalog, ops: &[Op]) -> Spelled {
    let mut tables: Vec<TableId> = Vec::new();
    for op in ops {
        let on = match op {
            Op::DropTrigger(id) => at.triggers.get(id).map(|t| t.table),
            Op::CreateTrigger(_, trigger) => Some(trigger.table),
            other => other.table(),
        };
        tables.extend(on.filter(|on| at.tables.contains_key(on) && !tables.contains(on)));
    }
    // Whoever changes a foreign key looks at the other table, too.
    let near: Vec<TableId> = at
        .tables
        .iter()
        .flat_map(|(id, t)| t.foreign_keys.values().map(move |k| (*id, k.references)))
        .flat_map(|(child, parent)| match (tables.contains(&child), tables.contains(&parent)) {
            (true, false) => Some(parent),
            (false, true) => Some(child),
            (true, true) | (false, false) => None,
        })
        .collect();
    let changes_keys = ops.iter().any(|op| match op {
        Op::RenameColumn { on, id, .. } | Op::Retype { on, id, .. } => linked(at, *on, *id),
        Op::ReplaceForeignKey { .. }
        | Op::AddForeignKey { .. }
        | Op::DropForeignKey { .. }
        | Op::RenameForeignKey { .. }
        | Op::ChangePrimaryKey { .. } => true,
        _ => false,
    });
    if changes_keys {
        for id in near {
            if !tables.contains(&id) {
                tables.push(id);
            }
        }
    }
    let mut names: Vec<String> = tables.iter().filter_map(|id| at.tables.get(id)).map(|t| name(&t.name)).collect();
    names.sort_unstable();
    let list = names.iter().map(|n| format!("{n} WRITE")).collect::<Vec<_>>().join(", ");
    names.into_iter().fold(Spelled::new(format!("LOCK TABLES {list}")), |s, n| s.locking(n, alter::METADATA))
}
