//! Tables created and dropped.

use super::{Change, Context, Group, Phase, Step, slug};
use crate::catalog::{Catalog, IdMap, Table, TableId, TableKind};
use crate::diff::Matched;
use crate::op::Op;
use crate::stage::StageKind;
use foldhash::HashMap;

pub fn create(cx: &mut Context, id: TableId) {
    let table = cx.new_table(id);
    let title = format!("Create table {}", cx.dialect.name(&table.name));
    cx.note("create-table", &table.origin, title.clone());
    if let Some(other) = cx.taken_by(&table.name) {
        let what = format!("creating a table under the name that {other} has so far");
        return cx.refuse(&what, &table.origin, "create it in a later change, or give it another name with @@map");
    }
    let bare = Table { foreign_keys: IdMap::default(), ..table.clone() };
    let step =
        Step::new(StageKind::Expand, Phase::Tables, Group::New, format!("create_{}", slug(&[&table.name.name])), title);
    cx.push(step.op(Op::CreateTable(id, Box::new(bare))));
}

/// Its foreign keys go first, in a file of their own: dropping one locks the table it points at, and so the lock on that one
/// is held for as little as possible.
pub fn drop(cx: &mut Context, id: TableId) {
    let table = cx.old_table(id);
    let quoted = cx.dialect.name(&table.name);
    cx.note("drop-table", &table.origin, format!("Drop table {quoted}"));
    let words = slug(&[&table.name.name]);
    for phase in [Phase::MovedForeignKeys, Phase::OldForeignKeys] {
        let then = table.foreign_keys.iter().filter(|(_, k)| super::foreign_key::end_of(cx, k) == phase);
        let keys: Vec<_> = then.map(|(k, _)| Op::DropForeignKey { on: id, id: *k }).collect();
        if keys.is_empty() {
            continue;
        }
        let step = Step::new(
            StageKind::Contract,
            phase,
            Group::Table(id),
            format!("unlink_{words}"),
            format!("Drop the foreign keys of {quoted}"),
        );
        cx.push(step.ops(keys));
    }
    let step = Step::new(
        StageKind::Contract,
        Phase::OldTables,
        Group::Alone,
        format!("drop_{words}"),
        format!("Drop table {quoted}"),
    )
    .op(Op::DropTable(id))
    .hazard("H202", format!("every row of {quoted} is gone: take a backup of it first"));
    cx.push(step);
}

/// Tables that are another model's now, while the model that each was has a table that was another's.
pub fn exchanged(matched: &Matched) -> Vec<Change> {
    let (old, new) = (&matched.catalogs.old, &matched.catalogs.new);
    let of_models = |c: &'_ Catalog| -> HashMap<String, TableId> {
        let models = c.tables.iter().filter(|(_, t)| t.kind == TableKind::Model);
        models.map(|(id, t)| (t.origin.model.clone(), *id)).collect()
    };
    let was = of_models(old);
    let moved = new.tables.iter().filter(|(id, now)| {
        let other = was.get(&now.origin.model).filter(|other| *other != *id && new.tables.contains_key(*other));
        now.kind == TableKind::Model && old.tables.contains_key(*id) && other.is_some()
    });
    moved.map(|(id, _)| Change::ExchangeTables(*id)).collect()
}

pub fn exchange(cx: &mut Context, id: TableId) {
    let (was, now) = (&cx.old_table(id).origin, &cx.new_table(id).origin);
    cx.note("exchange-names", now, format!("{} reads the table that was {}'s", now.label(), was.label()));
    let what = format!("exchanging tables ({} would read the rows of {})", now.label(), was.label());
    cx.refuse(&what, now, "do it in two changes, by a name in between, so that it is said which rows go where");
}
