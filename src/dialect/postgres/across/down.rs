//! What the row holds that others point at, they hold too.

use super::{Bring, CROSSING, Kin, Watch, changed, differ, field, guard, quiet};
use crate::catalog::{Catalog, ColumnId, Down, Side};
use crate::dialect::postgres::backfill::window_key;
use crate::dialect::postgres::quote::{idents, name};
use crate::dialect::postgres::value::expr_sql;

pub fn watch(at: &Catalog, down: &Down, from: Side) -> Option<Watch> {
    let kin = Kin::of(at, &down.family, &CROSSING)?;
    match from {
        Side::Old => Some(Watch { declare: "", body: parent(&kin, down), events: vec![("upd", "AFTER UPDATE")] }),
        Side::New => Some(Watch {
            declare: "DECLARE _ps_parent record;\n",
            body: child(at, &kin, down),
            events: vec![("ins", "BEFORE INSERT"), ("upd", "BEFORE UPDATE")],
        }),
    }
}

/// What is written to the parent is carried to all of its children.
fn parent(kin: &Kin, down: &Down) -> String {
    let sources: Vec<ColumnId> = down.pairs.iter().map(|p| p.0).collect();
    let set = down.pairs.iter().map(|(p, c)| format!("{} = NEW.{}", field(kin.child, *c), field(kin.parent, *p)));
    let apart = down.pairs.iter().map(|(p, c)| {
        let there = format!("_ps_child.{}", field(kin.child, *c));
        differ(kin.child, *c, &there, &format!("NEW.{}", field(kin.parent, *p)))
    });
    let follow = format!(
        "UPDATE {} AS _ps_child SET {}\n      WHERE {} AND ({})",
        name(&kin.child.name),
        set.collect::<Vec<_>>().join(", "),
        kin.met("_ps_child.", "NEW."),
        apart.collect::<Vec<_>>().join(" OR ")
    );
    format!(
        "{}  IF {} THEN\n{}  END IF;\n  RETURN NULL;\n",
        guard("NULL"),
        changed(kin.parent, &sources),
        quiet(&follow)
    )
}

/// A child that is written without a value gets that of its parent, and so does one that goes over to another parent. The parent
/// is held meanwhile: who changes it at the same time carries that to this child afterwards.
fn child(at: &Catalog, kin: &Kin, down: &Down) -> String {
    let columns: Vec<ColumnId> = down.pairs.iter().map(|p| p.1).collect();
    let list = down.pairs.iter().map(|(p, _)| field(kin.parent, *p)).collect::<Vec<_>>().join(", ");
    let look = |assign: &dyn Fn(&str, &str) -> String| {
        let all = down.pairs.iter().map(|(p, c)| {
            let (own, theirs) =
                (format!("NEW.{}", field(kin.child, *c)), format!("_ps_parent.{}", field(kin.parent, *p)));
            format!("        {own} := {};\n", assign(&own, &theirs))
        });
        format!(
            "      FOR _ps_parent IN SELECT {list} FROM {} AS _ps_row WHERE {} FOR NO KEY UPDATE LOOP\n{}      END LOOP;\n",
            name(&kin.parent.name),
            kin.met("NEW.", "_ps_row."),
            all.collect::<String>()
        )
    };
    let empty =
        columns.iter().map(|c| format!("NEW.{} IS NULL", field(kin.child, *c))).collect::<Vec<_>>().join(" OR ");
    let fallback = down.fallback.iter().filter_map(|(id, value)| {
        let column = kin.child.columns.get(id)?;
        let own = field(kin.child, *id);
        let value = expr_sql(at, kin.child, column, value, "NEW.");
        Some(format!("  IF NEW.{own} IS NULL THEN NEW.{own} := {value}; END IF;\n"))
    });
    format!(
        "{}  IF TG_OP = 'INSERT' THEN\n    IF {empty} THEN\n{}    END IF;\n  ELSIF {} THEN\n    IF NOT ({}) THEN\n{}    END IF;\n  END IF;\n{}  RETURN NEW;\n",
        guard("NEW"),
        look(&|own, theirs| format!("COALESCE({own}, {theirs})")),
        changed(kin.child, &down.family.child_key),
        changed(kin.child, &columns),
        look(&|_, theirs| theirs.to_owned()),
        fallback.collect::<String>()
    )
}

pub fn bring(at: &Catalog, down: &Down, from: Side) -> Option<Bring> {
    let kin = Kin::of(at, &down.family, &CROSSING)?;
    match from {
        Side::Old => Some(kin.to_children(down)),
        Side::New => {
            let order = idents(window_key(kin.child)?.iter().map(|c| c.name.as_str()));
            Some(kin.to_parents(down, &order))
        }
    }
}
