//! Foreign keys.

use super::{Change, Context, Group, Phase, Step, slug};
use crate::catalog::{ColumnId, ForeignKey, ForeignKeyId, Table, TableId};
use crate::diff::Flipped;
use crate::op::{Backfill, Fact, Op, Work};
use crate::options::Assume;
use crate::question::Answer;
use crate::stage::StageKind;

pub fn classify(on: TableId, was: &Table, now: &Table) -> Vec<Change> {
    let mut all = Vec::new();
    for (id, key) in &now.foreign_keys {
        match was.foreign_keys.get(id) {
            None => all.push(Change::AddForeignKey(on, *id)),
            Some(old) if !old.means_the_same(key) => all.push(Change::ChangeForeignKey(on, *id)),
            Some(old) if old.name != key.name => all.push(Change::RenameForeignKey(on, *id)),
            Some(_) => {}
        }
    }
    all.extend(
        was.foreign_keys
            .keys()
            .filter(|id| !now.foreign_keys.contains_key(*id))
            .map(|id| Change::DropForeignKey(on, *id)),
    );
    all
}

pub fn add(cx: &mut Context, on: TableId, id: ForeignKeyId) {
    let table = cx.new_table(on);
    let key = table.foreign_keys[&id].clone();
    let target = cx.new_table(key.references);
    let (quoted, to) = (cx.dialect.name(&table.name), cx.dialect.name(&target.name));
    let title = format!("Link {quoted} to {to} by {}", called(cx, table, &key));
    let words = slug(&[&key.name]);
    if !cx.old().tables.contains_key(&on) && points_at_known_key(cx, &key) {
        // The table is new and empty. One file for each table in use that is pointed at, since it is locked too.
        let group =
            if cx.old().tables.contains_key(&key.references) { Group::Table(key.references) } else { Group::New };
        let step = Step::new(StageKind::Expand, Phase::ForeignKeys, group, format!("link_{words}"), title);
        return cx.push(step.op(Op::AddForeignKey { on, id, key: Box::new(key) }));
    }
    cx.note("add-foreign-key", &key.origin, title.clone());
    let orphans = Fact::NoOrphans {
        on,
        columns: key.columns.clone(),
        references: key.references,
        referenced: key.referenced.clone(),
    };
    // A new table is empty when its key is made.
    let is_new = !cx.old().tables.contains_key(&on);
    let all_null = is_new || key.columns.iter().any(|c| cx.all_null.contains(c));
    let waits = !all_null || !points_at_known_key(cx, &key);
    let (stage, phase) =
        if waits { (StageKind::Validate, Phase::LateForeignKeys) } else { (StageKind::Expand, Phase::ForeignKeys) };
    if !all_null && !was_linked(cx, on, &key) {
        before_rows(cx, on, &key, &orphans, &quoted, &to, &words);
    }
    let unchecked = ForeignKey { validated: false, ..key.clone() };
    let link = Step::new(stage, phase, Group::Alone, format!("link_{words}"), title.clone())
        .op(Op::AddForeignKey { on, id, key: Box::new(unchecked) })
        .hazard("H304", "from now on writes that point at no row are refused, those of old clients too");
    cx.push(link);
    let look = Step::new(
        StageKind::Validate,
        Phase::ForeignKeyRows,
        Group::Alone,
        format!("validate_{words}"),
        format!("Every row of {quoted} points at a row of {to}"),
    );
    cx.push(look.op(Op::ValidateForeignKey { on, id }).verify(orphans));
}

/// Rows that point nowhere: they go if that was said, else the plan stops before it changes anything about them.
fn before_rows(cx: &mut Context, on: TableId, key: &ForeignKey, orphans: &Fact, quoted: &str, to: &str, words: &str) {
    let set_null: Vec<_> = key.columns.iter().copied().filter(|c| cx.new_table(on).columns[c].nullable).collect();
    // Rows that others point at cannot be deleted: then the plan stops at the first, as it does where nothing was said.
    if !cx.intent.assumes(Assume::DeleteOrphans) || (set_null.is_empty() && !cx.may_delete_from(on)) {
        if !cx.old().tables.contains_key(&key.references) {
            // The table that is pointed at is new and empty: every row that has a value points nowhere.
            let question =
                format!("{to} is new and empty: what becomes of the rows of {quoted} that are to point at it?");
            return cx.ask("PS0708", &key.origin, question, empty_target_answers(&key.origin.label()));
        }
        let check = Step::new(
            StageKind::Validate,
            Phase::BeforeIndexes,
            Group::Table(on),
            format!("orphans_{words}"),
            format!("No row of {quoted} points at a row of {to} that does not exist"),
        );
        return cx.push(check.op(Op::Assert(orphans.clone())).before(orphans.clone()));
    }
    let table = cx.new_table(on);
    let answer = if set_null.is_empty() { "they are deleted" } else { "the link is set to NULL" };
    let question =
        format!("what becomes of rows of {quoted} whose {} points nowhere?", called(cx, cx.new_table(on), key));
    cx.decide("PS0708", &key.origin, &question, answer, "--assume delete-orphans");
    let name = format!("{}.{}", table.name.name, key.name);
    let work = Work::ClearOrphans {
        columns: key.columns.clone(),
        references: key.references,
        referenced: key.referenced.clone(),
        set_null,
    };
    let clear = Step::new(
        StageKind::Backfill,
        Phase::Filled,
        Group::Alone,
        format!("orphans_{words}"),
        format!("Rows of {quoted} that point at no row of {to}: {answer}"),
    );
    cx.push(clear.op(Op::Backfill(Backfill { name, table: on, work })).hazard("H203", "deletes or unlinks rows"));
}

fn empty_target_answers(label: &str) -> Vec<Answer> {
    let answer = |meaning: &str, write: &str| Answer { meaning: meaning.to_owned(), write: write.to_owned() };
    vec![
        answer(
            "two changes: first the table alone, then, once it is filled, the relation",
            &format!("(leave {label} out for now)"),
        ),
        answer("they go; where the field is optional, the link is set to NULL", "--assume delete-orphans"),
    ]
}

/// Was there a foreign key over the same columns before, under other names or of other types? Then no row points nowhere.
fn was_linked(cx: &Context, on: TableId, key: &ForeignKey) -> bool {
    let before =
        |id: &ColumnId| cx.matched.moved_columns().find(|(_, _, new)| new == id).map_or(*id, |(_, old, _)| *old);
    let columns: Vec<_> = key.columns.iter().map(before).collect();
    let referenced: Vec<_> = key.referenced.iter().map(before).collect();
    let same = |k: &&ForeignKey| k.references == key.references && k.columns == columns && k.referenced == referenced;
    let turned = |f: &Flipped| f.said && f.on == on && key.columns == f.columns;
    cx.matched.flipped.iter().any(turned) || cx.old_table(on).foreign_keys.values().any(|k| same(&k))
}

/// Is what the key points at unique already, or not before an index is built?
fn points_at_known_key(cx: &Context, key: &ForeignKey) -> bool {
    let Some(target) = cx.old().tables.get(&key.references) else { return true };
    let same = |columns: &[crate::catalog::KeyColumn]| {
        columns.len() == key.referenced.len() && columns.iter().all(|c| key.referenced.contains(&c.column))
    };
    target.primary_key.as_ref().is_some_and(|k| same(&k.columns))
        || target.indexes.values().any(|i| i.unique && same(&i.columns))
}

pub fn drop(cx: &mut Context, on: TableId, id: ForeignKeyId) {
    let table = cx.old_table(on);
    let key = &table.foreign_keys[&id];
    let title = format!("Drop foreign key {} of {}", called(cx, table, key), cx.dialect.name(&table.name));
    cx.note("drop-foreign-key", &key.origin, title.clone());
    let step = Step::new(
        StageKind::Contract,
        end_of(cx, key),
        Group::Table(on),
        format!("unlink_{}", slug(&[&key.name])),
        title,
    );
    cx.push(step.op(Op::DropForeignKey { on, id }));
}

/// When a foreign key goes: if new clients do not write what it points at, before the last helper that does.
pub fn end_of(cx: &Context, key: &ForeignKey) -> Phase {
    let moved = cx.matched.moved_columns().any(|(_, old, _)| key.referenced.contains(old));
    if moved { Phase::MovedForeignKeys } else { Phase::OldForeignKeys }
}

/// At the end: another action changes what old clients' deletes do.
pub fn change(cx: &mut Context, on: TableId, id: ForeignKeyId) {
    let table = cx.new_table(on);
    let key = table.foreign_keys[&id].clone();
    let quoted = called(cx, table, &key);
    let title = format!("Change what {quoted} of {} does on delete and update", cx.dialect.name(&table.name));
    cx.note("change-foreign-key", &key.origin, title.clone());
    let words = slug(&[&key.name]);
    let unchecked = ForeignKey { validated: false, ..key };
    let swap =
        Step::new(StageKind::Contract, Phase::ChangedForeignKeys, Group::Alone, format!("relink_{words}"), title)
            .op(Op::ReplaceForeignKey { on, id, key: Box::new(unchecked) });
    cx.push(swap);
    let look = Step::new(
        StageKind::Contract,
        Phase::ChangedForeignKeyRows,
        Group::Alone,
        format!("validate_{words}"),
        format!("{quoted} holds for every row, as it did before"),
    );
    cx.push(look.op(Op::ValidateForeignKey { on, id }));
}

pub fn rename(cx: &mut Context, on: TableId, id: ForeignKeyId) {
    let (was, key) = (&cx.old_table(on).foreign_keys[&id], &cx.new_table(on).foreign_keys[&id]);
    let title = format!("Rename foreign key {} to {}", cx.dialect.ident(&was.name), cx.dialect.ident(&key.name));
    cx.note("rename-foreign-key", &key.origin, title.clone());
    let step =
        Step::new(StageKind::Contract, Phase::Names, Group::Table(on), format!("rename_{}", slug(&[&key.name])), title);
    cx.push(step.op(Op::RenameForeignKey { on, id, to: key.name.clone() }));
}

/// Its name; where names say nothing, its columns.
fn called(cx: &Context, table: &Table, key: &ForeignKey) -> String {
    if !key.name.is_empty() {
        return cx.dialect.ident(&key.name);
    }
    let columns = key.columns.iter().filter_map(|id| table.columns.get(id)).map(|c| cx.dialect.ident(&c.name));
    columns.collect::<Vec<_>>().join(", ")
}
