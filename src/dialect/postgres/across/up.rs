//! What a row holds is computed of those that point at it.

use super::{Bring, CROSSING, Kin, Watch, changed, differ, field, guard, hold, quiet};
use crate::catalog::{Catalog, ColumnId, Side, Up};
use crate::dialect::postgres::quote::name;

pub fn watch(at: &Catalog, up: &Up, from: Side) -> Option<Watch> {
    if from == Side::New {
        return None;
    }
    let kin = Kin::of(at, &up.family, &CROSSING)?;
    let own = "_ps_own";
    let mut set = Vec::new();
    let mut apart = Vec::new();
    for (id, sql) in &up.values {
        let (column, sql) = (field(kin.parent, *id), kin.over_all(up, (*id, sql), "_ps_own.")?);
        apart.push(differ(kin.parent, *id, &format!("{own}.{column}"), &sql));
        set.push(format!("{column} = {sql}"));
    }
    let follow = |row: &str| {
        let update = format!(
            "UPDATE {} AS {own} SET {}\n      WHERE {} AND ({})",
            name(&kin.parent.name),
            set.join(", "),
            kin.met(&format!("{row}."), "_ps_own."),
            apart.join(" OR ")
        );
        hold(&kin, &format!("{row}.")) + &quiet(&update)
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
    Kin::of(at, &up.family, &CROSSING)?.up(up, from)
}
