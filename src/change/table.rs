//! Tables created and dropped.

use super::{Context, Group, Phase, Step, slug};
use crate::catalog::{IdMap, Table, TableId, helper_name};
use crate::op::Op;
use crate::stage::StageKind;

pub fn create(cx: &mut Context, id: TableId) {
    let table = cx.new_table(id);
    let title = format!("Create table {}", cx.dialect.name(&table.name));
    cx.note("create-table", &table.origin, title.clone());
    let mut bare = Table { foreign_keys: IdMap::default(), ..table.clone() };
    if let Some(other) = cx.taken_by(&table.name).map(str::to_owned) {
        if cx.stays(&table.name, id) {
            let what = format!(
                "its table is to be {}, which is the name of {other} and stays it",
                cx.dialect.name(&table.name)
            );
            return cx.impossible(&what, &table.origin, "give one of the two another name with @@map");
        }
        bare.name = table.name.with_name(helper_name(&table.name.name, "ps"));
        let title = format!("{} gets its own name, which was that of {other}", cx.dialect.name(&table.name));
        let words = format!("name_{}", slug(&[&table.name.name]));
        let step = Step::new(StageKind::Contract, Phase::LateNames, Group::Alone, words, title);
        cx.push(step.op(Op::RenameTable { on: id, to: table.name.clone() }));
    }
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
