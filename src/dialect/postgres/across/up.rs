//! What a row holds is computed of those that point at it.

use super::{Bring, Kin, Watch, changed, differ, field, guard, quiet};
use crate::catalog::{Catalog, ColumnId, Expr, Side, Up};
use crate::dialect::postgres::quote::name;
use crate::dialect::postgres::value::expr_sql;

/// The value over all children of a row of the parent, which is named by `row`.
fn value(at: &Catalog, kin: &Kin, up: &Up, id: ColumnId, value: &Expr, row: &str) -> Option<String> {
    let sql = expr_sql(at, kin.child, kin.parent.columns.get(&id)?, value, "");
    let given = up.given.iter().map(|id| format!(" AND _ps_child.{} IS NOT NULL", field(kin.child, *id)));
    Some(format!(
        "(SELECT {sql} FROM {} AS _ps_child WHERE {}{})",
        name(&kin.child.name),
        kin.children("_ps_child", row),
        given.collect::<String>()
    ))
}

pub fn watch(at: &Catalog, up: &Up, from: Side) -> Option<Watch> {
    if from == Side::New {
        return None;
    }
    let kin = Kin::of(at, &up.family)?;
    let own = "_ps_own";
    let mut set = Vec::new();
    let mut apart = Vec::new();
    for (id, sql) in &up.values {
        let (column, sql) = (field(kin.parent, *id), value(at, &kin, up, *id, sql, own)?);
        apart.push(differ(kin.parent, *id, &format!("{own}.{column}"), &sql));
        set.push(format!("{column} = {sql}"));
    }
    let follow = |row: &str| {
        let update = format!(
            "UPDATE {} AS {own} SET {}\n      WHERE {} AND ({})",
            name(&kin.parent.name),
            set.join(", "),
            kin.parent_of(own, row),
            apart.join(" OR ")
        );
        kin.hold(row) + &quiet(&update)
    };
    let mut read = up.family.child_key.clone();
    read.extend(&up.sources);
    // A row that says nothing is a new client's, who writes the one value itself.
    let silent = |row: &str| {
        let none = |id: &ColumnId| format!("{row}.{} IS NULL", field(kin.child, *id));
        up.left.iter().map(none).collect::<Vec<_>>().join(" AND ")
    };
    let ins = format!("    IF {} THEN RETURN NULL; END IF;\n", silent("NEW"));
    let upd = format!(
        "    IF NOT ({}) OR ({} AND {}) THEN RETURN NULL; END IF;\n    IF {} THEN\n{}    END IF;\n",
        changed(kin.child, &read),
        silent("NEW"),
        silent("OLD"),
        changed(kin.child, &up.family.child_key),
        follow("OLD")
    );
    let del = format!("    IF {} THEN RETURN NULL; END IF;\n{}    RETURN NULL;\n", silent("OLD"), follow("OLD"));
    let body = format!(
        "{}  IF TG_OP = 'INSERT' THEN\n{ins}  ELSIF TG_OP = 'UPDATE' THEN\n{upd}  ELSE\n{del}  END IF;\n{}  RETURN NULL;\n",
        guard("NULL"),
        follow("NEW")
    );
    let events = vec![("ins", "AFTER INSERT"), ("upd", "AFTER UPDATE"), ("del", "AFTER DELETE")];
    Some(Watch { declare: "", body, events })
}

pub fn bring(at: &Catalog, up: &Up, from: Side) -> Option<Bring> {
    let kin = Kin::of(at, &up.family)?;
    let (parent, child) = kin.rows();
    let (mut set, mut still) = (Vec::new(), Vec::new());
    match from {
        Side::Old => {
            for (id, sql) in &up.values {
                let (column, sql) = (field(kin.parent, *id), value(at, &kin, up, *id, sql, &parent)?);
                still.push(format!("({parent}.{column} IS NULL AND {sql} IS NOT NULL)"));
                set.push(format!("{column} = COALESCE({parent}.{column}, {sql})"));
            }
        }
        Side::New => {
            for (to, of) in &up.back {
                let (column, source) = (field(kin.child, *to), field(kin.parent, *of));
                let from = format!(
                    "FROM {} AS _ps_parent WHERE {} AND _ps_parent.{source} IS NOT NULL",
                    name(&kin.parent.name),
                    kin.parent_of("_ps_parent", &child)
                );
                still.push(format!("({child}.{column} IS NULL AND EXISTS (SELECT 1 {from}))"));
                set.push(format!("{column} = COALESCE({child}.{column}, (SELECT _ps_parent.{source} {from}))"));
            }
        }
    }
    let table = if from == Side::Old { kin.parent } else { kin.child };
    (!set.is_empty()).then(|| Bring {
        act: format!("UPDATE {} SET {}", name(&table.name), set.join(", ")),
        still: format!("({})", still.join(" OR ")),
    })
}
