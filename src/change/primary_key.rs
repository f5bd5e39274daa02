//! Primary keys: another key is made of a unique index, in one moment, while the old key stays unique for old clients.

use super::context::replication;
use super::{Change, Context, Group, Phase, Step, index, slug};
use crate::catalog::{
    Catalog, Check, CheckId, CheckRule, Column, ColumnId, Default, Expr, ForeignKey, ForeignKeyId, Index, IndexId,
    KeyColumn, PrimaryKey, Table, TableId, helper_name,
};
use crate::op::{Backfill, Build, Fact, Loss, Op, Work, is_constant};
use crate::stage::StageKind;

pub fn classify(on: TableId, was: &Table, now: &Table) -> Vec<Change> {
    match (&was.primary_key, &now.primary_key) {
        (None, None) => Vec::new(),
        (Some(a), Some(b)) if a.columns == b.columns && a.name == b.name => Vec::new(),
        (Some(a), Some(b)) if a.columns == b.columns => vec![Change::RenamePrimaryKey(on)],
        (Some(_) | None, Some(_) | None) => vec![Change::ChangePrimaryKey(on)],
    }
}

/// A unique index of OLD that NEW's key can be made of, since NEW has no other use for it.
pub fn reused(was: &Table, now: &Table) -> Option<IndexId> {
    let key =
        now.primary_key.as_ref().filter(|key| was.primary_key.as_ref().is_none_or(|k| k.columns != key.columns))?;
    let fits = |i: &Index| i.unique && i.predicate.is_none() && i.method.is_none() && i.columns == key.columns;
    was.indexes.iter().find(|(id, i)| fits(i) && !now.indexes.contains_key(*id)).map(|(id, _)| *id)
}

/// Is the column part of OLD's key? Then it stays NOT NULL for as long as that stands.
pub fn is_old_key(cx: &Context, on: TableId, id: ColumnId) -> bool {
    let key = cx.old().tables.get(&on).and_then(|t| t.primary_key.as_ref());
    key.is_some_and(|k| k.columns.iter().any(|c| c.column == id))
}

/// Is the column part of a primary key, or at an end of a foreign key?
pub fn is_key(cx: &Context, on: TableId, old: ColumnId, new: ColumnId) -> bool {
    let own = |catalog: &Catalog, id: ColumnId| {
        catalog.tables[&on].primary_key.iter().any(|k| k.columns.iter().any(|c| c.column == id))
    };
    own(cx.old(), old) || own(cx.new_catalog(), new) || is_linked(cx, old, new)
}

/// Is the column at an end of a foreign key?
pub fn is_linked(cx: &Context, old: ColumnId, new: ColumnId) -> bool {
    let linked = |catalog: &Catalog, id: ColumnId| {
        let at_end = |k: &ForeignKey| k.columns.contains(&id) || k.referenced.contains(&id);
        catalog.tables.values().flat_map(|t| t.foreign_keys.values()).any(at_end)
    };
    linked(cx.old(), old) || linked(cx.new_catalog(), new)
}

pub fn change(cx: &mut Context, on: TableId) {
    let (old, new) = (cx.old_table(on), cx.new_table(on));
    let (was, now) = (old.primary_key.clone(), new.primary_key.clone());
    let quoted = cx.dialect.name(&new.name);
    let title = match (&was, &now) {
        (Some(a), Some(b)) => {
            format!("The primary key of {quoted} is {} instead of {}", list(cx, new, b), list(cx, old, a))
        }
        (None, Some(b)) => format!("{quoted} gets the primary key {}", list(cx, new, b)),
        (Some(a), None) => format!("{quoted} has no primary key any more, which was {}", list(cx, old, a)),
        (None, None) => return,
    };
    cx.note("change-primary-key", &new.origin, title.clone());
    if let Some((what, instead)) = obstacle(cx, on) {
        return cx.refuse(
            &what,
            &new.origin,
            "a primary key is made of an index over plain columns that no client has to wait for",
            &instead,
        );
    }
    // A column of the key that changes its type takes its name in the switch, and the key with it.
    let switched = |c: &KeyColumn| cx.matched.swapped_columns.iter().any(|(t, from, _)| *t == on && *from == c.column);
    let late = was.iter().flat_map(|k| &k.columns).any(switched);
    let key = now.map(|key| (key.clone(), index_of_new_key(cx, on, &key)));
    let leaving: Vec<_> = was.iter().flat_map(|k| &k.columns).filter_map(|c| leaves(cx, on, c.column)).collect();
    if late {
        let (name, wanted) = (was.as_ref().map(|k| k.name.clone()), key.as_ref().map(|(k, _)| k.name.clone()));
        // Who looks at its columns again knows the key by the old name, which it keeps until the table has its own.
        let key = key.map(|(key, index)| (PrimaryKey { name: name.clone().unwrap_or(key.name), ..key }, index));
        change_in_switch(cx, on, was, key, leaving);
        if name.is_some() && wanted.is_some() && name != wanted {
            rename(cx, on);
        }
        return;
    }
    if let Some(was) = &was {
        keep_old_key(cx, on, was);
    }
    let words = slug(&[&new.name.name]);
    let (stage, phase, group) = (StageKind::Validate, Phase::Keys, Group::Table(on));
    let step = Step::new(stage, phase, group, format!("rekey_{words}"), title)
        .op(Op::ChangePrimaryKey { on, key: key.map(|(key, index)| (key, index.0)) })
        .hazard("H701", replication(&quoted));
    cx.push(step);
    for (id, column, title) in leaving {
        let label = cx.column_label(on, &column.name);
        let words = slug(&[&new.name.name, &column.name]);
        let (fill, again, losses) = required_again(cx, on, id, &column);
        let (ends, default) = constant_ends(on, id, &column, cx.new_table(on));
        let step = Step::new(stage, phase, group, format!("relax_{words}"), title)
            .op(Op::DropNotNull { on, id })
            .ops(ends)
            .back(default.into_iter().chain(fill).chain(again).collect())
            .losing(losses)
            .hazard(
                "H302",
                format!("an old client may fail on a row whose {label} is NULL, which newer clients write"),
            );
        cx.push(step);
    }
    for (from, id) in was.iter().flat_map(|was| pointing_at(cx, on, &was.columns)).collect::<Vec<_>>() {
        look_again(cx, from, id);
    }
}

/// The key changes in the moment in which columns change places, forwards and back.
fn change_in_switch(
    cx: &mut Context,
    on: TableId,
    was: Option<PrimaryKey>,
    key: Option<(PrimaryKey, (IndexId, Index))>,
    leaving: Vec<(ColumnId, Column, String)>,
) {
    let origin = cx.old_table(on).origin.clone();
    let build = |id: IndexId, index: Index| Op::CreateIndex { on, id, index: Box::new(index), build: Build::Plain };
    let back: IndexId = cx.ids.fresh();
    let mut again = Vec::new();
    for (id, column, _) in leaving {
        again.push((id, required_again(cx, on, id, &column), constant_ends(on, id, &column, cx.new_table(on))));
    }
    let linked = key.iter().flat_map(|(key, _)| cx.new_catalog().pointing_at(on, &key.columns)).collect::<Vec<_>>();
    let helpers = cx.helpers.entry(on).or_default();
    if let Some(was) = &was {
        let name = helper_name(&was.name, "ps_back");
        helpers.builds.push(build(back, Index::unique(name, was.columns.clone(), origin)));
    }
    if let Some((_, (id, index))) = &key {
        helpers.builds.push(build(*id, index.clone()));
    }
    helpers.keys.push(Op::ChangePrimaryKey { on, key: key.map(|(key, index)| (key, index.0)) });
    helpers.back_keys.push(Op::ChangePrimaryKey { on, key: was.map(|was| (was, back)) });
    helpers.back.extend(linked.into_iter().map(|(on, id)| Op::ValidateForeignKey { on, id }));
    for (id, (fill, again, losses), (ends, default)) in again {
        helpers.at_end.push(Op::DropNotNull { on, id });
        helpers.at_end.extend(ends);
        helpers.requires.extend(default);
        helpers.requires.extend(fill);
        helpers.requires.extend(again);
        helpers.losses.extend(losses);
    }
}

fn list(cx: &Context, table: &Table, key: &PrimaryKey) -> String {
    let names = key.columns.iter().filter_map(|c| table.columns.get(&c.column)).map(|c| cx.dialect.ident(&c.name));
    format!("({})", names.collect::<Vec<_>>().join(", "))
}

/// Foreign keys that point at the old key when it goes: those of OLD and those that have come since.
fn pointing_at(cx: &Context, on: TableId, columns: &[KeyColumn]) -> Vec<(TableId, ForeignKeyId)> {
    let mut all = cx.old().pointing_at(on, columns);
    let come = cx.new_catalog().pointing_at(on, columns).into_iter();
    all.extend(come.filter(|(from, id)| cx.old().foreign_key(*from, *id).is_none()));
    all
}

/// What stands in the way, and what to do instead.
fn obstacle(cx: &Context, on: TableId) -> Option<(String, String)> {
    let (old, new) = (cx.old_table(on), cx.new_table(on));
    let keys = || old.primary_key.iter().chain(&new.primary_key);
    if keys().flat_map(|k| &k.columns).any(|c| c.descending || c.length.is_some() || c.ops.is_some()) {
        let instead = "leave sort, length and operator class out of @@id in a change of its own first";
        return Some(("changing a primary key that is sorted in its own way".to_owned(), instead.to_owned()));
    }
    // Which of two unique indexes a foreign key hangs on, only the server knows.
    let was = old.primary_key.as_ref()?;
    let turned = |i: &Index| {
        i.unique
            && i.predicate.is_none()
            && i.columns != was.columns
            && i.columns.len() == was.columns.len()
            && i.columns.iter().all(|c| was.columns.contains(c))
    };
    let other = new.indexes.values().find(|i| turned(i))?;
    if pointing_at(cx, on, &was.columns).is_empty() {
        return None;
    }
    let what = format!(
        "changing a primary key that foreign keys point at, to which {} is unique in another order,",
        cx.dialect.ident(&other.name)
    );
    Some((
        what,
        "list the fields of the @@unique in the order that the old @@id had in this plan, and in another one after it"
            .to_owned(),
    ))
}

/// The unique index that becomes the key: one that is there, or one that is built beside running work.
fn index_of_new_key(cx: &mut Context, on: TableId, key: &PrimaryKey) -> (IndexId, Index) {
    let (old, new) = (cx.old_table(on), cx.new_table(on));
    if let Some(id) = reused(old, new) {
        return (id, old.indexes[&id].clone());
    }
    let id: IndexId = cx.ids.fresh();
    let built = Index::unique(helper_name(&key.name, "ps"), key.columns.clone(), new.origin.clone());
    let title = format!("Build the index of the new primary key of {}", cx.dialect.name(&new.name));
    index::build(cx, on, id, &built, title);
    (id, built)
}

/// Old clients find and upsert rows by the old key, and foreign keys point at it: where no unique index says so, one is built
/// until they are gone.
fn keep_old_key(cx: &mut Context, on: TableId, was: &PrimaryKey) {
    let (old, new) = (cx.old_table(on), cx.new_table(on));
    let same =
        |columns: &[KeyColumn]| columns.len() == was.columns.len() && columns.iter().all(|c| was.columns.contains(c));
    let stays = new.primary_key.as_ref().is_some_and(|k| same(&k.columns));
    let unique = |t: &Table| t.indexes.values().any(|i| i.unique && i.predicate.is_none() && same(&i.columns));
    if stays || unique(old) || unique(new) {
        return;
    }
    let id: IndexId = cx.ids.fresh();
    let index = Index::unique(helper_name(&was.name, "ps_old"), was.columns.clone(), old.origin.clone());
    let (quoted, on_table) = (cx.dialect.ident(&index.name), cx.dialect.name(&new.name));
    index::build(cx, on, id, &index, format!("Keep the old key of {on_table} unique for old clients, by {quoted}"));
    let end = Step::new(
        StageKind::Contract,
        Phase::OldIndexes,
        Group::Alone,
        format!("drop_{}", slug(&[&index.name])),
        format!("Drop the unique index over the old key of {on_table}"),
    );
    cx.push(end.op(Op::DropIndex { on, id, build: Build::Online }));
}

/// A column that leaves the key and is optional from now on, or not written by new clients at all; and what that means.
fn leaves(cx: &Context, on: TableId, id: ColumnId) -> Option<(ColumnId, Column, String)> {
    if cx.matched.moved_columns().any(|(_, from, _)| *from == id) {
        return None;
    }
    let column = cx.old_table(on).columns[&id].clone();
    let label = cx.column_label(on, &column.name);
    let title = match cx.new_table(on).columns.get(&id) {
        Some(now) if now.nullable => format!("Allow {label} to be NULL"),
        None => format!("New clients do not write {label}: allow rows without it"),
        Some(_) => return None,
    };
    Some((id, column, title))
}

/// A column that goes has no constant default any more once it has left the key: rows of new clients would all have the same
/// value in it, which the old key forbids. Forwards and back.
fn constant_ends(on: TableId, id: ColumnId, column: &Column, now: &Table) -> (Option<Op>, Option<Op>) {
    let constant = column.default.clone().filter(|d| is_constant(d) && !now.columns.contains_key(&id));
    let set = |default: Option<Default>| Op::SetDefault { on, id, default };
    (constant.is_some().then(|| set(None)), constant.map(|default| set(Some(default))))
}

/// Values for rows that have none: new numbers and UUIDs are as good as any; else whoever goes back has to say.
fn required_again(cx: &mut Context, on: TableId, id: ColumnId, column: &Column) -> (Vec<Op>, [Op; 3], Vec<Loss>) {
    let table = cx.old_table(on);
    let linked = table.foreign_keys.values().any(|k| k.columns.contains(&id));
    let alone = table.primary_key.as_ref().is_some_and(|k| k.columns.len() == 1);
    let uuid = column.ty.is_text() || column.ty == crate::catalog::ColumnType::native("UUID", &[]);
    let value = match &column.default {
        Some(default) => Some(Expr::Default(default.clone())),
        None => (uuid && alone && !linked && !column.ty.list).then_some(Expr::Uuid),
    };
    let check: CheckId = cx.ids.fresh();
    let name = helper_name(&format!("{}_{}_back", table.name.name, column.name), "ps_nn");
    let rule = Check { name, rule: CheckRule::NotNull(id), validated: false };
    let (fill, losses) = match value {
        Some(value) => {
            let name = format!("back.{}.{}", table.name.name, column.name);
            let work = Work::Fill { column: id, value };
            (Op::Backfill(Backfill { name, table: on, work }), vec![Loss::Nulls(on, id)])
        }
        None => (Op::Assert(Fact::NoNulls { on, column: id }), Vec::new()),
    };
    let add = Op::AddCheck { on, id: check, check: rule };
    // Looked at before anything is changed; filled once nothing new comes without a value.
    let fill = match &fill {
        Op::Assert(_) => vec![fill, add],
        _ => vec![add, fill],
    };
    let again = [
        Op::ValidateCheck { on, id: check },
        Op::SetNotNull { on, id, proof: Some(check) },
        Op::DropCheck { on, id: check },
    ];
    (fill, again, losses)
}

/// A foreign key that was made anew looks at the rows that exist, while everybody goes on.
fn look_again(cx: &mut Context, on: TableId, id: ForeignKeyId) {
    let key = cx.old().foreign_key(on, id).or_else(|| cx.new_catalog().foreign_key(on, id));
    let Some(key) = key else { return };
    let step = Step::new(
        StageKind::Validate,
        Phase::KeyForeignKeyRows,
        Group::Alone,
        format!("validate_{}", slug(&[&key.name])),
        format!("{} holds for every row, as it did before the key it points at changed", cx.dialect.ident(&key.name)),
    );
    cx.push(step.op(Op::ValidateForeignKey { on, id }));
}

pub fn rename(cx: &mut Context, on: TableId) {
    let table = cx.new_table(on);
    let Some(key) = &table.primary_key else { return };
    let title =
        format!("Rename the primary key of {} to {}", cx.dialect.name(&table.name), cx.dialect.ident(&key.name));
    cx.note("rename-primary-key", &table.origin, title.clone());
    let step =
        Step::new(StageKind::Contract, Phase::Names, Group::Table(on), format!("rename_{}", slug(&[&key.name])), title);
    cx.push(step.op(Op::RenamePrimaryKey { on, to: key.name.clone() }));
}
