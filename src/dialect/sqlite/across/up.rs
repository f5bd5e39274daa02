//! What a row holds is computed of those that point at it.

use super::super::trigger::{Event, changed, field, row};
use super::super::value::expr_sql;
use super::{Bring, Kin};
use crate::catalog::{Catalog, Expr, Side, Up};

/// The value over all children of a row of the parent, which is named by `of`.
fn value(at: &Catalog, kin: &Kin, up: &Up, value: &Expr, of: &str) -> String {
    let sql = expr_sql(at, kin.child, value);
    let given = up.given.iter().map(|id| format!(" AND _ps_child.{} IS NOT NULL", field(kin.child, *id)));
    let (_, child) = kin.names();
    format!("(SELECT {sql} FROM {child} AS _ps_child WHERE {}{})", kin.met("_ps_child.", of), given.collect::<String>())
}

pub fn watch(at: &Catalog, up: &Up, from: Side) -> Vec<Event> {
    let Some(kin) = Kin::of(at, &up.family).filter(|_| from == Side::Old) else { return Vec::new() };
    let (parent, _) = kin.names();
    let own = row(kin.parent);
    let mut set = Vec::new();
    let mut apart = Vec::new();
    for (id, sql) in &up.values {
        let (column, sql) = (field(kin.parent, *id), value(at, &kin, up, sql, &own));
        apart.push(format!("{own}{column} IS NOT {sql}"));
        set.push(format!("{column} = {sql}"));
    }
    let follow = |of: &str, also: &str| {
        let met = kin.met(of, &own);
        format!("UPDATE {parent} SET {} WHERE {met}{also} AND ({})", set.join(", "), apart.join(" OR "))
    };
    let mut read = up.family.child_key.clone();
    read.extend(&up.sources);
    // A row that says nothing is a new client's, who writes the one value itself.
    let silent = |of: &str| {
        let none = |id: &crate::catalog::ColumnId| format!("{of}{} IS NULL", field(kin.child, *id));
        format!("({})", up.left.iter().map(none).collect::<Vec<_>>().join(" AND "))
    };
    let left = format!(" AND {}", changed(kin.child, &up.family.child_key));
    let (came, gone) = (silent("NEW."), silent("OLD."));
    let event = |word, on, when: String, acts| Event { word, on, when, acts };
    vec![
        event("ins", "AFTER INSERT", format!("NOT {came}"), vec![follow("NEW.", "")]),
        event(
            "upd",
            "AFTER UPDATE",
            format!("{} AND NOT ({came} AND {gone})", changed(kin.child, &read)),
            vec![follow("OLD.", &left), follow("NEW.", "")],
        ),
        event("del", "AFTER DELETE", format!("NOT {gone}"), vec![follow("OLD.", "")]),
    ]
}

pub fn bring(at: &Catalog, up: &Up, from: Side) -> Bring {
    let kin = Kin::of(at, &up.family)?;
    let (parent, child) = kin.names();
    let (mut set, mut still) = (Vec::new(), Vec::new());
    let table = match from {
        Side::Old => {
            let own = row(kin.parent);
            for (id, sql) in &up.values {
                let (column, sql) = (field(kin.parent, *id), value(at, &kin, up, sql, &own));
                still.push(format!("({own}{column} IS NULL AND {sql} IS NOT NULL)"));
                set.push(format!("{column} = COALESCE({own}{column}, {sql})"));
            }
            parent
        }
        Side::New => {
            let own = row(kin.child);
            for (to, of) in &up.back {
                let (column, source) = (field(kin.child, *to), field(kin.parent, *of));
                let met = kin.met(&own, "_ps_parent.");
                let from = format!("FROM {parent} AS _ps_parent WHERE {met} AND _ps_parent.{source} IS NOT NULL");
                still.push(format!("({own}{column} IS NULL AND EXISTS (SELECT 1 {from}))"));
                set.push(format!("{column} = COALESCE({own}{column}, (SELECT _ps_parent.{source} {from}))"));
            }
            child
        }
    };
    (!set.is_empty()).then(|| (format!("UPDATE {table} SET {}", set.join(", ")), format!("({})", still.join(" OR "))))
}
