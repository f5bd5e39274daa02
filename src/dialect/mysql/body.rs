//! The ops of a file as statements. Those that change the shape of tables are done together, as the difference between two
//! databases: one `ALTER TABLE` where several would each need the table alone for a moment.

use super::alter;
use super::number::{self, Drawn};
use super::quote::name;
use super::{Mysql, Spelled, again, trigger};
use crate::catalog::{Across, Catalog, Column, ColumnId, Default, TableId, Trigger, TriggerRule};
use crate::dialect::{Sync, Unspoken};
use crate::op::{Impossible, Op, Redefinition, Run, Work};
use std::collections::BTreeSet;

/// What an op is to this dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It changes the shape of tables: spelled as the difference between two databases.
    Shape,
    /// It changes nothing but the catalog that a plan keeps: an enum is part of its columns.
    Silent,
    /// It has a statement of its own.
    Own,
    /// It is not spelled; what that is, and what to do instead.
    Unspoken(Unspoken),
}

const OTHERWISE: &str = "do it in a migration of your own, and plan from the schema after it";
const LISTED: Unspoken = Unspoken {
    what: "a list whose elements become rows of another table, or the other way round,",
    instead: "add what is new beside the list in one plan, fill it by statements of your own while clients write both, and drop the list in a plan after it",
};
const LABEL: Unspoken = Unspoken {
    what: "another name for a value of an enum, which rows hold by its name,",
    instead: "keep the name that rows hold: @map(\"…\") on the value with the one that it has so far changes nothing in the database; \
              or let that one leave and the new one come, and say above the enum what rows get: /// @stage.map(OLD: NEW)",
};
const PLACES: Unspoken = Unspoken {
    what: "names that change places",
    instead: "go by a third name: in a plan before this one rename the one to a name that is free, in the next the other to the name \
              that is left, and in a third the first; or leave the database as it is, and exchange the names in @map or @@map",
};
const CASE: Unspoken = Unspoken {
    what: "a name that differs from another one in case alone, which is the same name to the server,",
    instead: "keep the name of the column: @map(\"…\") with the one that it has so far gives the field another name, and changes nothing in \
              the database; or go by a third name, in two plans",
};
const TWO_NUMBERS: Unspoken = Unspoken {
    what: "numbering rows by another column that is there already, while they are numbered by one (error 1075),",
    instead: "let the numbers of the one end in a plan before this one, and those of the other begin in this one",
};
const READING: Unspoken = Unspoken { what: "values read out of text", instead: OTHERWISE };
const IN_PLACE: Unspoken = Unspoken { what: "values converted in their place", instead: OTHERWISE };
const EXTENSIONS: Unspoken = Unspoken { what: "extensions", instead: "leave extensions out of the datasource" };

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
        Op::CreateTable(..)
        | Op::DropTable(_)
        | Op::RenameTable { .. }
        | Op::AddColumn { .. }
        | Op::DropColumn { .. }
        | Op::RenameColumn { .. }
        | Op::SetNotNull { .. }
        | Op::DropNotNull { .. }
        | Op::SetDefault { .. }
        | Op::MoveSequence { .. }
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
        Op::RenameEnumValue { .. } => Kind::Unspoken(LABEL),
        Op::Convert { .. } => Kind::Unspoken(IN_PLACE),
        Op::BeginOnce { .. } | Op::EndOnce { .. } => Kind::Unspoken(PLACES),
        Op::OpenReading | Op::CloseReading => Kind::Unspoken(READING),
        Op::CreateExtension(_) | Op::DropExtension(_) => Kind::Unspoken(EXTENSIONS),
    }
}

/// What there are no words for, where a plan leads from `old` to `new`.
pub fn unspoken(server: Mysql, ends: (&Catalog, &Catalog), op: &Op) -> Option<Unspoken> {
    match server.sync() {
        Sync::Triggers => without_words(server, ends, op).or_else(|| super::unseen::unseen(ends, op)),
        Sync::Clients => super::deploy::unspoken(server, ends, op),
    }
}

/// A table has one numbered column at most (error 1075).
fn numbers_two(old: &Catalog, op: &Op) -> bool {
    let Op::SetDefault { on, id, default: Some(Default::Sequence) } = op else { return false };
    let Some(table) = old.tables.get(on) else { return false };
    table.columns.contains_key(id) && number::numbered(table).is_some_and(|other| other != *id)
}

/// The same of a server with triggers.
pub(super) fn without_words(server: Mysql, (old, new): (&Catalog, &Catalog), op: &Op) -> Option<Unspoken> {
    if let Some(what) = super::refused::refused(server, (old, new), op) {
        return Some(what);
    }
    if numbers_two(old, op) {
        return Some(TWO_NUMBERS);
    }
    match (op, spelled(op)) {
        (_, Kind::Unspoken(unspoken)) => Some(unspoken),
        // Names of columns that differ in case alone are one (<https://dev.mysql.com/doc/refman/8.4/en/identifier-case-sensitivity.html>).
        (Op::AddColumn { on, column, .. }, _) => {
            let table = old.tables.get(on)?;
            let same = |c: &Column| c.name != column.name && c.name.to_lowercase() == column.name.to_lowercase();
            table.columns.values().any(same).then_some(CASE)
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
    let start = &run.catalog;
    let mut run = run.clone();
    let mut all: Vec<Vec<Spelled>> = Vec::with_capacity(ops.len());
    let mut before: Option<Catalog> = None;
    // Triggers go last of what is done while tables are held: where it is stopped on its way, the table refuses what it could not keep
    // right, and the names of its triggers say to the next run how far this one came.
    let mut late: Vec<Spelled> = Vec::new();
    let mut found: Vec<Spelled> = Vec::new();
    // Tables of numbers go once nothing is held.
    let mut last: Vec<Spelled> = Vec::new();
    let held = held(ops, &run.catalog);
    let mut end = run.clone();
    let mut held_end = run.clone();
    for (at, op) in ops.iter().enumerate() {
        end.apply(op)?;
        if held.as_ref().is_some_and(|h| h.end == at) {
            held_end = end.clone();
        }
    }
    for (at, op) in ops.iter().enumerate() {
        let begins = held.as_ref().is_some_and(|h| h.start == at);
        let shape = spelled(op) == Kind::Shape;
        let inside = held.as_ref().is_some_and(|h| (h.start..=h.end).contains(&at));
        if (!shape || begins)
            && let Some(before) = before.take()
        {
            all[at - 1].extend(difference(server, (&before, &run.catalog), &end.catalog));
        }
        let mut own = Vec::new();
        if begins {
            let within = &ops[at..=held.as_ref().map_or(at, |h| h.end)];
            let drawn = draws(within, run.clone())?;
            own.extend(drawn.iter().map(Drawn::open));
            own.push(lock(&run.catalog, within, &drawn));
        }
        if shape {
            before.get_or_insert_with(|| run.catalog.clone());
        } else {
            let spelled = again::before_names(server, op, &run, &end.catalog);
            match op {
                // What it looks up in other tables it finds by the names that their columns have once all is done.
                Op::CreateTrigger(_, trigger) if inside && looks_elsewhere(trigger) => {
                    let made = trigger::create(server, &held_end.catalog, trigger);
                    found.extend(numbering(server, &held_end.catalog, trigger, made, true));
                }
                Op::CreateTrigger(_, trigger) => own.extend(numbering(server, &run.catalog, trigger, spelled, inside)),
                Op::DropTrigger(id) => {
                    let drawn = run.catalog.triggers.get(id).and_then(|trigger| number::drawn(start, trigger));
                    last.extend(drawn.map(|drawn| drawn.close()));
                    if inside { late.extend(spelled) } else { own.extend(spelled) }
                }
                _ => own.extend(spelled),
            }
        }
        run.apply(op)?;
        all.push(own);
        let ends = held.as_ref().is_some_and(|h| h.end == at);
        if (ends || at + 1 == ops.len())
            && let Some(before) = before.take()
        {
            all[at].extend(difference(server, (&before, &run.catalog), &end.catalog));
        }
        if inside {
            // No view is made or dropped while tables are held (error 1192).
            let is_view =
                |spelled: &Spelled| ["DROP VIEW", "CREATE OR REPLACE"].iter().any(|verb| spelled.sql.starts_with(verb));
            let since = held.as_ref().map_or(at, |h| h.start);
            let views =
                all[since..].iter_mut().flat_map(|all| all.extract_if(.., |one| is_view(one)).collect::<Vec<_>>());
            last.extend(views);
        }
        if ends {
            all[at].append(&mut found);
            all[at].append(&mut late);
            all[at].push(Spelled::new("UNLOCK TABLES"));
        }
    }
    if let Some(end) = all.last_mut() {
        end.append(&mut last);
    }
    Ok(all)
}

fn looks_elsewhere(trigger: &Trigger) -> bool {
    trigger.rules.iter().any(|rule| match rule {
        TriggerRule::Fill { value, .. } | TriggerRule::Give { value, .. } | TriggerRule::Compute { value, .. } => {
            !value.lookups().is_empty()
        }
        TriggerRule::Mirror { .. }
        | TriggerRule::Map { .. }
        | TriggerRule::Sync(_)
        | TriggerRule::Follow(_)
        | TriggerRule::Carry { .. }
        | TriggerRule::Across { .. } => false,
    })
}

/// A trigger that draws numbers goes on where the server stands: nobody writes in between.
fn numbering(server: Mysql, at: &Catalog, trigger: &Trigger, spelled: Vec<Spelled>, held: bool) -> Vec<Spelled> {
    let Some(drawn) = number::drawn(at, trigger) else { return spelled };
    let made = [vec![drawn.go_on(server)], spelled].concat();
    if held {
        return made;
    }
    let on = at.tables.get(&trigger.table).map_or_else(String::new, |table| name(&table.name));
    let lock = Spelled::new(format!("LOCK TABLES {on} WRITE, {} WRITE", drawn.from)).locking(on, alter::METADATA);
    // Those at the other ends of foreign keys are locked with it there.
    let near = if server.locks_relatives() { relatives(at, trigger.table) } else { BTreeSet::new() };
    let lock = near.into_iter().fold(lock, |lock, other| lock.locking(other, alter::METADATA));
    [vec![drawn.open(), lock], made, vec![Spelled::new("UNLOCK TABLES")]].concat()
}

/// The tables that foreign keys connect with one, be it by way of others.
fn relatives(at: &Catalog, on: TableId) -> BTreeSet<String> {
    let keys = at.tables.iter().flat_map(|(own, table)| table.foreign_keys.values().map(|key| (*own, key.references)));
    let keys: Vec<(TableId, TableId)> = keys.collect();
    let mut all = vec![on];
    let mut nth = 0;
    while let Some(&table) = all.get(nth) {
        nth += 1;
        for (own, to) in keys.iter().filter(|(own, to)| *own == table || *to == table) {
            for end in [*own, *to] {
                if !all.contains(&end) {
                    all.push(end);
                }
            }
        }
    }
    all[1..].iter().filter_map(|other| at.tables.get(other)).map(|table| name(&table.name)).collect()
}

/// The numbers that triggers draw that are made here.
fn draws(ops: &[Op], mut run: Run) -> Result<Vec<Drawn>, Impossible> {
    let mut all = Vec::new();
    for op in ops {
        if let Op::CreateTrigger(_, trigger) = op {
            all.extend(number::drawn(&run.catalog, trigger));
        }
        run.apply(op)?;
    }
    Ok(all)
}

fn difference(server: Mysql, (before, after): (&Catalog, &Catalog), end: &Catalog) -> Vec<Spelled> {
    let wanted = Redefinition {
        to: after.clone(),
        values: Vec::new(),
        back: Vec::new(),
        tidy: Vec::new(),
        losses: Vec::new(),
        waits: Vec::new(),
    };
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

fn lock(at: &Catalog, ops: &[Op], drawn: &[Drawn]) -> Spelled {
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
    let numbers = drawn.iter().map(|drawn| &drawn.from);
    let list = names.iter().chain(numbers).map(|n| format!("{n} WRITE")).collect::<Vec<_>>().join(", ");
    names.into_iter().fold(Spelled::new(format!("LOCK TABLES {list}")), |s, n| s.locking(n, alter::METADATA))
}
