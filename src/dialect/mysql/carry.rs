//! Values that move to another table, row by row: triggers on both carry what is written to the other side.

use super::super::crossing::Sides;
use super::quote::{ident, name};
use super::trigger::{CROSSING, Event, GUARD, changed, due, field, nested, quiet};
use crate::catalog::{Carry, Catalog, ColumnId, End, Link, Trigger, TriggerRule};

/// The rows of the other end get what the row has that was just written; one is made where there is none.
fn follow(sides: &Sides, from: End, margin: &str) -> String {
    let there = name(&sides.table(from.other()).name);
    let update = format!(
        "UPDATE {there} AS _ps_other SET {}\n{margin}  WHERE {} AND {}",
        sides.set(from, "NEW.", "_ps_other."),
        sides.belong(from.other(), "_ps_other.", "NEW."),
        sides.differs(from, "NEW.", "_ps_other.")
    );
    let mut all = quiet(margin, &update);
    if let Some((columns, values)) = sides.made("NEW.").filter(|_| from == End::Parent) {
        all += &format!(
            "{margin}IF {} AND NOT EXISTS (SELECT 1 FROM {there} AS _ps_other WHERE {}{}) THEN\n{}{margin}END IF;\n",
            sides.worth_a_row("NEW."),
            sides.belong(End::Child, "_ps_other.", "NEW."),
            CROSSING.held,
            quiet(&format!("{margin}  "), &format!("INSERT INTO {there} ({columns}) VALUES ({values})"))
        );
    }
    all
}

/// The parent that a row of the child has left holds its values no more.
fn clear(sides: &Sides, margin: &str) -> Option<String> {
    let (set, any) = sides.cleared("_ps_other.")?;
    let belong = sides.belong(End::Parent, "_ps_other.", "OLD.");
    let parent = name(&sides.parent.name);
    Some(quiet(margin, &format!("UPDATE {parent} AS _ps_other SET {set}\n{margin}  WHERE {belong} AND ({any})")))
}

/// What the trigger at an end does.
pub fn watch(at: &Catalog, trigger: &Trigger, (link, from, carry): (&Link, End, Carry)) -> Vec<Event> {
    let Some(sides) = Sides::of(at, link, &CROSSING) else { return Vec::new() };
    let own = sides.table(from);
    let mut read: Vec<ColumnId> = link.columns(from).collect();
    let empty = read.iter().map(|id| format!("NEW.{} IS NULL", field(own, *id))).collect::<Vec<_>>().join(" AND ");
    read.extend(link.key(from));
    let mut all = Vec::new();
    let event = |word, when, body: String| Event { word, when, body };
    let follow = |margin: &str| follow(&sides, from, margin);
    let clear = |margin: &str| clear(&sides, margin).filter(|_| from == End::Child);
    match carry {
        Carry::All => all.push(event("ins", "AFTER INSERT", format!("{GUARD}{}", follow("  ")))),
        // A row that says nothing is not to empty what the other end holds: it gets that. Whether it said nothing is known before.
        Carry::Changes => {
            let said = format!("@ps_{}", trigger.name);
            all.push(event(
                "get",
                "BEFORE INSERT",
                format!("{GUARD}  SET {said} = NOT ({empty});\n{}", pull(&sides, from, &empty)),
            ));
            all.push(event("ins", "AFTER INSERT", format!("{GUARD}  IF {said} THEN\n{}  END IF;\n", follow("    "))));
        }
    }
    let mut update = GUARD.to_owned();
    if let (Some(left), Some(gone)) = (clear("    "), clear("  ")) {
        update += &format!("  IF {} THEN\n{left}  END IF;\n", changed(own, &link.child_key));
        all.push(event("del", "AFTER DELETE", format!("{GUARD}{gone}")));
    }
    // A row that is written as it is, by the backfill, is carried too where it counts; a client's that changes nothing else is not,
    // since its statement may read the other table, which nothing may write then.
    let changed = changed(own, &read);
    let condition = match carry {
        Carry::Changes => changed,
        Carry::All => {
            update += &due(&changed, &sides.behind_of(from, "NEW."));
            "@ps_due".to_owned()
        }
    };
    update += &format!("  IF {condition} THEN\n{}  END IF;\n", follow("    "));
    all.push(event("upd", "AFTER UPDATE", update));
    if from == End::Parent && link.deletes {
        let there = name(&sides.child.name);
        let belong = sides.belong(End::Child, &format!("{there}."), "OLD.");
        all.push(event("del", "BEFORE DELETE", nested(&format!("DELETE FROM {there} WHERE {belong}"))));
    }
    all
}

/// The row that is about to be written gets what the other end has.
fn pull(sides: &Sides, end: End, empty: &str) -> String {
    let (own, other) = (sides.table(end), sides.table(end.other()));
    let met =
        format!("FROM {} AS _ps_other WHERE {}", name(&other.name), sides.belong(end.other(), "_ps_other.", "NEW."));
    let one = |(id, from): (ColumnId, ColumnId)| {
        let theirs = format!("(SELECT _ps_other.{} {met}{})", field(other, from), CROSSING.held);
        format!("    SET NEW.{} = {theirs};\n", field(own, id))
    };
    format!("  IF {empty} THEN\n{}  END IF;\n", sides.pairs(end).into_iter().map(one).collect::<String>())
}

/// A change of rows that changes nothing, but makes the trigger carry them. It may not look at the other table, which the trigger
/// writes: what is to be carried that finds out.
pub fn touch(at: &Catalog, link: &Link, from: End) -> Option<String> {
    let table = at.tables.get(&link.table(from))?;
    let column = field(table, link.columns(from).next()?);
    Some(format!("UPDATE {} SET {column} = {column}", name(&table.name)))
}

/// All rows of the other end at once, with a trigger or without.
pub fn at_once(at: &Catalog, link: &Link, from: End) -> Vec<String> {
    let Some(sides) = Sides::of(at, link, &CROSSING) else { return Vec::new() };
    let watches = |rule: &TriggerRule| matches!(rule, TriggerRule::Carry { link: own, from: end, carry: Carry::All } if own == link && *end == from);
    if at.triggers.values().flat_map(|t| &t.rules).any(watches) {
        return touch(at, link, from).into_iter().collect();
    }
    let (own, there) = (name(&sides.table(from).name), name(&sides.table(from.other()).name));
    let belong = sides.belong(from.other(), "_ps_other.", "_ps_own.");
    let assigned = sides.assigned(from, "_ps_own.", "_ps_other.");
    let set = assigned.into_iter().map(|(column, value)| format!("_ps_other.{column} = {value}"));
    let mut all = vec![format!(
        "UPDATE {there} AS _ps_other JOIN {own} AS _ps_own ON {belong} SET {} WHERE {}",
        set.collect::<Vec<_>>().join(", "),
        sides.differs(from, "_ps_own.", "_ps_other.")
    )];
    if let Some((columns, values)) = sides.made("_ps_own.").filter(|_| from == End::Parent) {
        all.push(format!(
            "INSERT INTO {there} ({columns}) SELECT {values} FROM {own} AS _ps_own WHERE {} AND NOT EXISTS (SELECT 1 FROM {there} AS _ps_other WHERE {belong})",
            sides.worth_a_row("_ps_own.")
        ));
    }
    all
}

/// The condition of rows at an end that the other one does not follow yet.
pub fn behind(at: &Catalog, link: &Link, from: End) -> Option<String> {
    Some(Sides::of(at, link, &CROSSING)?.behind(from))
}

/// The name of a table in front of its columns.
pub(super) fn row(table: &crate::catalog::Table) -> String {
    format!("{}.", ident(&table.name.name))
}
