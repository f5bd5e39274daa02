//! Plans for databases in which little changes in place ([`Alter::AtOnce`](crate::dialect::Alter)): what is only added comes
//! first, beside the old client; all the rest in one transaction, between the old client and the new one.
//!
//! Changes say what is meant in steps, for databases where both clients write meanwhile. Here the steps are not done one by one:
//! what they say about values (where they come from, and where they go back to), rows and facts is gathered, and the catalogs
//! say the rest.

mod crossing;
mod keys;
mod middle;
mod said;

use super::File;
use crate::catalog::{Catalog, Column, ColumnId, Default, Expr, KeyColumn, Table, TableId};
use crate::change::{Group, Phase, Step, slug};
use crate::dialect::Dialect;
use crate::diff::Matched;
use crate::op::{Backfill, Fact, Impossible, Loss, Op, Redefinition, Work};
use crate::options::Strategy;
use crate::stage::StageKind;
use crossing::Crossing;
use keys::Keys;
pub(super) use middle::middle;
pub(super) use said::Said;
use said::Values;
use std::sync::Arc;

/// The files: at most one that adds, and then those that do the rest. Where nobody uses the database nothing is added first.
///
/// # Errors
/// A change asks for what is not done at once: a bug.
pub fn order(matched: &Matched, steps: &[Step], course: Strategy, dialect: Dialect) -> Result<Vec<File>, Impossible> {
    let (old, new) = (&matched.catalogs.old, &matched.catalogs.new);
    let crossing = Crossing::of(steps);
    let mut said = Said::of(matched, steps)?;
    crossing.last(steps).into_iter().for_each(|(on, id, value)| said.set(on, id, value));
    let last = match course {
        Strategy::Staged => StageKind::Contract,
        Strategy::Direct => StageKind::Direct,
    };
    let middle = match course {
        Strategy::Direct if crossing.is_empty() => old.clone(),
        Strategy::Staged | Strategy::Direct => middle(matched, &said, &crossing),
    };
    said.give_helped(new, &middle);
    let mut files = Vec::new();
    let mut first = Vec::new();
    if !middle.differences(old).is_empty() {
        first.push(expand(matched, &middle, &crossing, dialect));
    }
    let ends = match course {
        Strategy::Staged => {
            first.extend(crossing.sync.iter().cloned());
            files.extend(file(StageKind::Expand, first));
            files.extend(file(StageKind::Backfill, crossing.fill.clone()));
            files.extend(file(StageKind::Backfill, crossing.filled.clone()));
            crossing.end.clone()
        }
        Strategy::Direct => {
            first.extend(crossing.at_once());
            first
        }
    };
    let mut ends = Some(ends).filter(|ends| !ends.is_empty());
    if !new.differences(&middle).is_empty() || !said.rows.is_empty() || !said.forth.is_empty() {
        for steps in contract(matched, middle, said, &crossing, dialect) {
            // What both sides were kept right by goes with the first of what old clients do not live with; where there are
            // none, all is one transaction.
            let steps = ends.take().into_iter().flatten().chain(steps).collect();
            files.extend(file(last, steps));
        }
    }
    files.extend(file(last, ends.unwrap_or_default()));
    Ok(files)
}

/// A file of these steps, if there are any.
fn file(stage: StageKind, steps: Vec<Step>) -> Option<File> {
    let steps: Vec<Step> = steps.into_iter().map(|step| Step { stage, ..step }).collect();
    (!steps.is_empty()).then_some(File { stage, steps })
}

fn in_old(matched: &Matched, on: TableId, column: ColumnId) -> bool {
    matched.catalogs.old.column(on, column).is_some()
}

fn expand(matched: &Matched, middle: &Catalog, crossing: &Crossing, dialect: Dialect) -> Step {
    let old = &matched.catalogs.old;
    let (mut losses, mut back, mut parts) = (Vec::new(), Values::new(), Vec::new());
    for (id, table) in &middle.tables {
        let Some(was) = old.tables.get(id) else {
            losses.push(Loss::Rows(*id));
            parts.push(format!("create {}", dialect.name(&table.name)));
            continue;
        };
        if Arc::ptr_eq(was, table) {
            continue;
        }
        let known = parts.len();
        for (c, column) in &table.columns {
            let Some(before) = was.columns.get(c) else {
                // What goes over lives on in the old table.
                if !crossing.came.contains_key(c) {
                    losses.push(Loss::Values(*id, *c));
                }
                parts.push(format!("add {}.{}", dialect.name(&table.name), dialect.ident(&column.name)));
                continue;
            };
            if column.nullable && !before.nullable {
                parts.push(format!("relax {}.{}", dialect.name(&table.name), dialect.ident(&column.name)));
                if let Some(value) = placeholder(dialect, old, was, *c, before) {
                    losses.push(Loss::Nulls(*id, *c));
                    back.push((*id, *c, Expr::Coalesce(vec![Expr::Column(*c), value])));
                }
            }
        }
        if parts.len() == known && !same_table(was, table) {
            parts.push(format!("change {}", dialect.name(&table.name)));
        }
    }
    let title = if parts.is_empty() {
        "Nothing to do in the database: the values of its enums are kept as text".to_owned()
    } else {
        sentence(&parts)
    };
    let op = Op::Redefine(Box::new(Redefinition {
        to: middle.clone(),
        values: Vec::new(),
        back,
        tidy: Vec::new(),
        losses,
        waits: Vec::new(),
    }));
    Step::new(StageKind::Expand, Phase::Tables, Group::Alone, format!("add_{}", slug_of(middle, old)), title).op(op)
}

fn contract(matched: &Matched, middle: Catalog, said: Said, crossing: &Crossing, dialect: Dialect) -> Vec<Vec<Step>> {
    let (old, new) = (&matched.catalogs.old, &matched.catalogs.new);
    let mut steps: Vec<Vec<Step>> = Vec::new();
    let middle = &match relaxed(&middle, new, &said, dialect) {
        None => middle,
        Some((relaxed, step)) => {
            steps.push(vec![step]);
            relaxed
        }
    };
    let keys = Keys::of((middle, new), &said, dialect);
    let without = middle;
    let (middle, to) = keys.as_ref().map_or((middle, new), |keys| (&keys.early, &keys.late));
    let mut losses = said.losses;
    let (mut back, mut forth, mut parts) = (said.back, said.forth, Vec::new());
    let mut dropped = Vec::new();
    if let Some(keys) = &keys {
        (losses, dropped) = keys.losses(losses);
        (forth, back) = keys.others(forth, back);
    }
    back.retain(|(t, c, _)| middle.column(*t, *c).is_some());
    for (id, was) in &middle.tables {
        let Some(now) = to.tables.get(id) else {
            losses.push(Loss::DroppedTable(*id));
            parts.push(format!("drop {}", dialect.name(&was.name)));
            continue;
        };
        if Arc::ptr_eq(was, now) {
            continue;
        }
        for (c, column) in &was.columns {
            let known = back.iter().any(|v| (v.0, v.1) == (*id, *c));
            match now.columns.get(c) {
                None if known => {
                    // It comes back with what took its place.
                    let heir = back.iter().find(|v| (v.0, v.1) == (*id, *c)).and_then(|v| match &v.2 {
                        Expr::Column(heir) => now.columns.get(heir).map(|column| (*heir, column)),
                        _ => None,
                    });
                    if let Some((heir, _)) = heir.filter(|(_, now)| column.nullable && !now.nullable) {
                        losses.push(Loss::WasNull(*id, heir));
                    }
                }
                // The way back brings its values home.
                None if crossing.left.contains(c) => {}
                None => {
                    losses.push(Loss::DroppedColumn(*id, *c));
                    if !column.nullable
                        && column.default.is_none()
                        && let Some(value) = placeholder(dialect, middle, was, *c, column)
                    {
                        back.push((*id, *c, value));
                    }
                }
                Some(there) => {
                    if there.ty != column.ty && !known {
                        let cast =
                            |c: ColumnId, to: &Column| Expr::Cast { column: c, to: to.ty.clone(), fallback: None };
                        if !forth.iter().any(|v| (v.0, v.1) == (*id, *c)) {
                            forth.push((*id, *c, cast(*c, there)));
                        }
                        back.push((*id, *c, cast(*c, column)));
                        losses.push(Loss::Unfit(*id, *c));
                    }
                    if column.nullable && !there.nullable && old.column(*id, *c).is_some() {
                        losses.push(Loss::WasNull(*id, *c));
                    }
                }
            }
        }
        for c in now.columns.keys().filter(|c| !was.columns.contains_key(*c)) {
            let home = |v: &(TableId, ColumnId, Expr)| v.0 == *id && (v.2.reads(*c) || v.2.has_sql());
            if !back.iter().any(home) {
                losses.push(Loss::Values(*id, *c));
            }
        }
        if !same_table(was, now) {
            parts.push(format!("change {}", dialect.name(&now.name)));
        }
    }
    for (id, now) in to.tables.iter().filter(|(id, _)| !middle.tables.contains_key(*id)) {
        losses.push(Loss::Rows(*id));
        parts.push(format!("create {}", dialect.name(&now.name)));
    }
    losses.dedup();
    stand_in(&mut back, middle, to, dialect);
    let title = if parts.is_empty() { "Give rows their new values".to_owned() } else { sentence(&parts) };
    let facts = facts(without, new, said.facts, &forth, &said.rows);
    // Rows are tidied before where all that they are judged by is there already, else with the values that they get.
    let rows = said.rows.into_iter().map(|fill| by_value(without, &forth, fill));
    let (before, tidy): (Vec<_>, Vec<_>) = rows.partition(|fill| is_settled(without, &forth, fill));
    let slug = format!("change_{}", slug_of(new, middle));
    if !before.is_empty() {
        let title = "Delete or unlink the rows that the new rules do not allow".to_owned();
        let step =
            Step::new(StageKind::Contract, Phase::Rows, Group::Alone, format!("tidy_{}", slug_of(new, middle)), title);
        steps.push(vec![step.ops(before.into_iter().map(Op::BackfillAtOnce))]);
    }
    let mut change: Vec<Step> = keys.iter().map(|keys| numbered(keys, without, &slug)).collect();
    let there = Redefinition { to: to.clone(), values: forth, back, tidy, losses, waits: Vec::new() };
    let mut step = Step::new(StageKind::Contract, Phase::OldTables, Group::Alone, slug, title)
        .ops(facts.iter().filter(|f| !matches!(f, Fact::Fits { .. })).cloned().map(Op::Assert))
        .op(Op::Redefine(Box::new(there)));
    step.before = facts;
    step.hazards = match &keys {
        Some(keys) => said.hazards.into_iter().filter(|h| h.code != "H201" || !keys.speaks_of(&h.message)).collect(),
        None => said.hazards,
    };
    change.push(step);
    let last = keys.filter(Keys::keeps).map(|keys| forget(&keys, new, dropped, dialect));
    if let Some([stay, go]) = last {
        change.push(stay);
        steps.extend([change, vec![go]]);
    } else {
        steps.push(change);
    }
    steps
}

/// Values on the way back that the old type may not hold, of columns that must have one: a placeholder, as it is announced.
fn stand_in(back: &mut Values, middle: &Catalog, to: &Catalog, dialect: Dialect) {
    let mut known = middle.clone();
    known.enums.extend(to.enums.iter().map(|(id, e)| (*id, e.clone())));
    for (on, id, value) in back {
        let Expr::Cast { column, to: ty, fallback: fallback @ None } = value else { continue };
        let (Some(table), Some(from)) = (middle.tables.get(on), to.column(*on, *column)) else { continue };
        let Some(own) = table.columns.get(id).filter(|own| !own.nullable) else { continue };
        if !dialect.cast(&known, &from.ty, ty, "x").is_some_and(|cast| cast.total) {
            let other = placeholder(dialect, middle, table, *id, own);
            // A row without a number gets one anyway.
            *fallback = other.filter(|value| *value != Expr::Default(Default::Sequence)).map(Box::new);
        }
    }
}

/// New keys beside the old ones, so that what points at them finds them.
fn numbered(keys: &Keys, without: &Catalog, slug: &str) -> Step {
    let turn = |to: &Catalog| {
        let (values, back) = (Values::new(), Values::new());
        let there =
            Redefinition { to: to.clone(), values, back, tidy: Vec::new(), losses: Vec::new(), waits: Vec::new() };
        Op::Redefine(Box::new(there))
    };
    let title = "Give rows their new keys beside the old ones".to_owned();
    Step::new(StageKind::Contract, Phase::OldTables, Group::Alone, slug, title)
        .op(turn(&keys.early))
        .ops(keys.fills.iter().cloned())
        .back(vec![turn(without)])
}

/// The old keys stay beside the new ones for one file more, and then go.
fn forget(keys: &Keys, new: &Catalog, losses: Vec<Loss>, dialect: Dialect) -> [Step; 2] {
    let slug = format!("forget_{}", slug_of(new, &keys.late));
    let step = |title: String| Step::new(StageKind::Contract, Phase::OldTables, Group::Alone, slug.clone(), title);
    let title = format!("The old keys stay beside them until the next file: {}", keys.words(dialect));
    let there = Redefinition {
        to: new.clone(),
        values: Values::new(),
        back: Values::new(),
        tidy: Vec::new(),
        losses,
        waits: Vec::new(),
    };
    let gone = "the old values are gone: an address, a token or another system that has one finds nothing any more";
    [
        step(title).back(keys.refills.clone()),
        step(format!("Drop the old keys: {}", keys.words(dialect)))
            .op(Op::Redefine(Box::new(there)))
            .hazard("H201", gone),
    ]
}

/// Columns that go, that must have a value, and for which the way back has none: first they may be empty, so that who goes back
/// has a moment to give rows what they had.
fn relaxed(middle: &Catalog, new: &Catalog, said: &Said, dialect: Dialect) -> Option<(Catalog, Step)> {
    let mut relaxed = middle.clone();
    let mut names = Vec::new();
    for (id, was) in &middle.tables {
        let Some(now) = new.tables.get(id) else { continue };
        for (c, column) in was.columns.iter().filter(|(c, _)| !now.columns.contains_key(*c)) {
            let back = said.back.iter().any(|v| (v.0, v.1) == (*id, *c));
            let required = !column.nullable && column.default.is_none();
            if required && !back && placeholder(dialect, middle, was, *c, column).is_none() {
                names.push(format!("{}.{}", dialect.name(&was.name), dialect.ident(&column.name)));
                if let Some(column) = relaxed.table_mut(*id).and_then(|t| t.columns.get_mut(c)) {
                    column.nullable = true;
                }
            }
        }
    }
    let title = format!("Let {} be empty, before it goes", names.join(", "));
    let slug = format!("relax_{}", slug_of(&relaxed, middle));
    let step = Step::new(StageKind::Contract, Phase::Helpers, Group::Alone, slug, title);
    let there = Redefinition {
        to: relaxed.clone(),
        values: Values::new(),
        back: Values::new(),
        tidy: Vec::new(),
        losses: Vec::new(),
        waits: Vec::new(),
    };
    (!names.is_empty()).then(|| (relaxed, step.op(Op::Redefine(Box::new(there)))))
}

/// Of rows that come to agree the first stays by the key that they have so far: what they agree in is told from the values that they get.
fn by_value(middle: &Catalog, forth: &Values, fill: Backfill) -> Backfill {
    let Work::KeepFirst { columns } = &fill.work else { return fill };
    let value = |c: &ColumnId| {
        let there = middle.column(fill.table, *c).is_some();
        let given = forth.iter().find(|v| (v.0, v.1) == (fill.table, *c)).map(|v| v.2.clone());
        // Different values stay different in another type.
        given.filter(|v| !there || !matches!(v, Expr::Cast { .. })).unwrap_or(Expr::Column(*c))
    };
    let values: Vec<(ColumnId, Expr)> = columns.iter().map(|c| (*c, value(c))).collect();
    // What is looked up in a column that is not there yet is known afterwards.
    let late = |v: &Expr| {
        v.lookups().iter().any(|(on, key, value)| [key, value].iter().any(|c| middle.column(*on, **c).is_none()))
    };
    if values.iter().all(|(c, v)| *v == Expr::Column(*c)) || values.iter().any(|(_, v)| late(v)) {
        return fill;
    }
    Backfill { work: Work::KeepFirstOf { values }, ..fill }
}

/// Is everything that says which rows go there before, as it will be?
fn is_settled(middle: &Catalog, forth: &Values, fill: &Backfill) -> bool {
    let there =
        |on: TableId, c: &ColumnId| middle.column(on, *c).is_some() && !forth.iter().any(|v| (v.0, v.1) == (on, *c));
    fill.work.parts().iter().all(|work| match work {
        Work::KeepFirst { columns } => columns.iter().all(|c| middle.column(fill.table, *c).is_some()),
        // Over columns that are there.
        Work::KeepFirstOf { .. } => true,
        Work::ClearOrphans { columns, references, referenced, .. } => {
            columns.iter().all(|c| there(fill.table, c)) && referenced.iter().all(|c| there(*references, c))
        }
        Work::Fill { .. }
        | Work::Copy { .. }
        | Work::Convert { .. }
        | Work::Sync { .. }
        | Work::Return(_)
        | Work::Map(_)
        | Work::MapBack(_)
        | Work::Carry { .. }
        | Work::Across { .. }
        | Work::Together(_) => false,
    })
}

/// What has to be so of rows that nothing in the plan brings into order.
fn facts(middle: &Catalog, new: &Catalog, said: Vec<Fact>, forth: &Values, rows: &[Backfill]) -> Vec<Fact> {
    let there = |on: &TableId, c: &ColumnId| middle.column(*on, *c).is_some();
    let valued = |on: &TableId, c: &ColumnId| forth.iter().any(|v| v.0 == *on && (v.1 == *c || v.2.reads(*c)));
    let tidied = |on: &TableId| rows.iter().any(|fill| fill.table == *on);
    let mut all: Vec<Fact> = Vec::new();
    for fact in said {
        let holds = match &fact {
            Fact::NoNulls { on, column } => {
                let required = new.column(*on, *column).is_some_and(|c| !c.nullable);
                there(on, column) && !valued(on, column) && required
            }
            Fact::NoDuplicates { on, columns } => columns.iter().all(|c| there(on, c) && !valued(on, c)) && !tidied(on),
            Fact::NoDuplicatesIn { on, values } => values.iter().all(|(c, _)| there(on, c)) && !tidied(on),
            Fact::Without { on, column, .. } => there(on, column) && !valued(on, column),
            Fact::NoOrphans { on, columns, references, referenced } => {
                let own = columns.iter().all(|c| there(on, c) && !valued(on, c));
                let known = referenced.iter().all(|c| there(references, c));
                own && known && middle.tables.contains_key(references) && !tidied(on)
            }
            Fact::NothingHangs { on, column } => {
                column.as_ref().is_none_or(|c| there(on, c)) && middle.tables.contains_key(on)
            }
            Fact::Fits { on, column, .. } => there(on, column),
            // Of the time in which both clients write, and of what the plan itself computes in the same moment.
            Fact::Mirrored { .. }
            | Fact::InSync { .. }
            | Fact::Computed { .. }
            | Fact::Mapped { .. }
            | Fact::Returns { .. }
            | Fact::Carried { .. }
            | Fact::Across { .. }
            | Fact::NothingUses { .. }
            | Fact::IndexValid { .. } => false,
        };
        if holds && !all.contains(&fact) {
            all.push(fact);
        }
    }
    all
}

/// What a row gets on the way back in a column that must have a value: None where each would be a lie.
pub(super) fn placeholder(
    dialect: Dialect,
    at: &Catalog,
    table: &Table,
    id: ColumnId,
    column: &Column,
) -> Option<Expr> {
    let linked = table.foreign_keys.values().any(|k| k.columns.contains(&id));
    let key = table.primary_key.as_ref().map_or(&[][..], |k| &k.columns);
    let alone = |columns: &[KeyColumn]| columns.len() == 1 && columns[0].column == id;
    // Together with others, too: what these hold is not known, and may be a placeholder itself.
    let holds = |columns: &[KeyColumn]| columns.iter().any(|k| k.column == id);
    let unique = alone(key) || table.indexes.values().any(|i| i.unique && holds(&i.columns));
    let part = !unique && key.iter().any(|k| k.column == id);
    match (linked || part, unique) {
        (true, _) => None,
        (false, true) if column.default_is_sequence() => Some(Expr::Default(Default::Sequence)),
        (false, true) => dialect.distinct(&column.ty),
        (false, false) => dialect.zero(at, &column.ty).map(Expr::Literal),
    }
}

fn same_table(a: &Table, b: &Table) -> bool {
    a.is_twin_of(b)
}

/// Names for the folder.
fn slug_of(to: &Catalog, from: &Catalog) -> String {
    let changed = |(id, t): &(&TableId, &Arc<Table>)| from.tables.get(*id).is_none_or(|was| !same_table(was, t));
    let names: Vec<&str> = to.tables.iter().filter(changed).map(|(_, t)| t.name.name.as_str()).collect();
    match names[..] {
        [] => "schema".to_owned(),
        [one] => slug(&[one]),
        [first, second] => slug(&[first, second]),
        [first, ..] => format!("{}_and_more", slug(&[first])),
    }
}

/// `Add "A"."b"; create "C"; 3 more`
fn sentence(parts: &[String]) -> String {
    let shown = parts.iter().take(4).cloned().collect::<Vec<_>>().join("; ");
    let text = match parts.len().saturating_sub(4) {
        0 => shown,
        more => format!("{shown}; {more} more"),
    };
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
