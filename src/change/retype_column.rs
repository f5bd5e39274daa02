//! Types changed in place, where the database does it without touching a row.

use super::{Context, Group, Phase, Step, slug};
use crate::catalog::{ColumnId, TableId};
use crate::dialect::Retype;
use crate::op::Op;
use crate::stage::StageKind;

pub fn plan(cx: &mut Context, on: TableId, id: ColumnId) {
    let (was, column) = (cx.old_table(on).columns[&id].clone(), cx.new_table(on).columns[&id].clone());
    let (from, to) = (cx.dialect.type_name(cx.old(), &was.ty), cx.dialect.type_name(cx.new_catalog(), &column.ty));
    let label = cx.column_label(on, &column.name);
    let summary = format!("Change the type of {label} from {from} to {to}");
    cx.note("retype-column", &column.origin, summary.clone());
    let indexed = cx.old_table(on).indexes.values().any(|i| i.columns.iter().any(|c| c.column == id))
        || cx.old_table(on).primary_key.as_ref().is_some_and(|k| k.columns.iter().any(|c| c.column == id));
    let free = match cx.dialect.retype(&was.ty, &column.ty) {
        Retype::Same | Retype::Free | Retype::FreeInUtc => true,
        Retype::FreeUnlessIndexed => !indexed,
        Retype::Rewrite => false,
    };
    if !free {
        return cx.refuse(
            &format!("changing the type from {from} to {to}, which writes the whole table anew under a lock,"),
            &column.origin,
            "add a new field of the new type beside the old one, move the readers over, and drop the old field in a later change",
        );
    }
    let words = slug(&[&cx.new_table(on).name.name, &column.name]);
    let step = Step::new(StageKind::Expand, Phase::Columns, Group::Table(on), format!("retype_{words}"), summary)
        .op(Op::Retype { on, id, to: column.ty.clone() })
        .hazard("H401", "each prepared statement that returns the column fails once on each connection (0A000); clients with a statement cache reconnect or are restarted");
    cx.push(step);
}
