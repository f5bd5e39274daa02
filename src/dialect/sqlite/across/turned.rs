//! A one-to-one relation that both sides keep.

use super::super::quote::name;
use super::super::trigger::{Event, changed, field, pairs, row};
use crate::catalog::{Carry, Catalog, ColumnId, Keeper, Side, Table, Turned};

/// Both sides, seen from one.
struct Seen<'a> {
    table: &'a Table,
    own: &'a Keeper,
    there: &'a Table,
    other: &'a Keeper,
}

fn seen<'a>(at: &'a Catalog, turned: &'a Turned, from: Side) -> Option<Seen<'a>> {
    let (own, other) = (turned.keeper(from), turned.keeper(from.other()));
    Some(Seen { table: at.tables.get(&own.table)?, own, there: at.tables.get(&other.table)?, other })
}

impl Seen<'_> {
    /// What is written of their link, each with what it gets: a column of our id.
    fn written(&self) -> impl Iterator<Item = (ColumnId, ColumnId)> + '_ {
        let both = self.other.key.iter().copied().zip(self.own.id.iter().copied());
        both.filter(|(link, _)| self.other.own.contains(link))
    }

    fn none(&self) -> String {
        self.written().map(|(link, _)| format!("{} = NULL", field(self.there, link))).collect::<Vec<_>>().join(", ")
    }

    /// Their link is a row of ours.
    fn ours(&self, own: &str) -> String {
        let one = |(link, id)| format!("{} = {own}{}", field(self.there, link), field(self.table, id));
        self.written().map(one).collect::<Vec<_>>().join(", ")
    }

    /// A row of theirs is the one that a row of ours points at.
    fn pointed_at(&self, there: &str, own: &str) -> String {
        let ids = self.other.id.iter().zip(&self.own.key);
        pairs((self.there, there), "=", (self.table, own), ids, " AND ")
    }

    fn not_pointed_at(&self, there: &str, own: &str) -> String {
        let ids = self.other.id.iter().zip(&self.own.key);
        format!("({})", pairs((self.there, there), "IS NOT", (self.table, own), ids, " OR "))
    }

    /// A row of theirs points at one of ours.
    fn points_at(&self, there: &str, own: &str) -> String {
        let ids = self.other.key.iter().zip(&self.own.id);
        pairs((self.there, there), "=", (self.table, own), ids, " AND ")
    }

    fn points_elsewhere(&self, there: &str, own: &str) -> String {
        let ids = self.other.key.iter().zip(&self.own.id);
        format!("({})", pairs((self.there, there), "IS NOT", (self.table, own), ids, " OR "))
    }

    /// The other side lets go of what a row of this one does not point at any more.
    fn let_go(&self, from: Side, own: &str) -> String {
        let there = row(self.there);
        let points = self.points_at(&there, own);
        let which = match from {
            Side::Old => format!("{} AND {points}", self.pointed_at(&there, own)),
            Side::New => format!("{points} AND {}", self.not_pointed_at(&there, own)),
        };
        format!("UPDATE {} SET {} WHERE {which}", name(&self.there.name), self.none())
    }

    fn point_back(&self) -> String {
        let there = row(self.there);
        format!(
            "UPDATE {} SET {} WHERE {} AND {}",
            name(&self.there.name),
            self.ours("NEW."),
            self.pointed_at(&there, "NEW."),
            self.points_elsewhere(&there, "NEW.")
        )
    }
}

pub fn watch(at: &Catalog, turned: &Turned, from: Side, carry: Carry) -> Vec<Event> {
    let Some(seen) = seen(at, turned, from) else { return Vec::new() };
    let mut read = seen.own.key.clone();
    read.extend(&seen.own.id);
    let linked = seen.own.key.iter().map(|id| format!("NEW.{} IS NOT NULL", field(seen.table, *id)));
    let linked = linked.collect::<Vec<_>>().join(" AND ");
    let mut all = Vec::new();
    let (gone, acts) = match from {
        Side::Old => {
            // Before the row goes: the foreign key of the other side may forbid it, and who deletes may not know of that.
            all.push(Event {
                word: "del",
                on: "BEFORE DELETE",
                when: String::new(),
                acts: vec![seen.let_go(from, "OLD.")],
            });
            (seen.let_go(from, "OLD."), vec![seen.point_back()])
        }
        Side::New => (seen.let_go(from, "NEW."), vec![seen.let_go(from, "NEW."), seen.point_back()]),
    };
    let when = match carry {
        Carry::All if from == Side::New => String::new(),
        Carry::All | Carry::Changes => linked,
    };
    all.push(Event { word: "ins", on: "AFTER INSERT", when, acts });
    all.push(Event {
        word: "upd",
        on: "AFTER UPDATE",
        when: changed(seen.table, &read),
        acts: vec![gone, seen.point_back()],
    });
    all
}

/// All links at once: first those that are none any more, since no two may point at one row.
pub fn bring(at: &Catalog, turned: &Turned, from: Side) -> Vec<String> {
    let Some(seen) = seen(at, turned, from) else { return Vec::new() };
    let (own, there) = (name(&seen.table.name), name(&seen.there.name));
    let (met, points) = (seen.pointed_at("_ps_other.", "_ps_own."), seen.points_at("_ps_other.", "_ps_own."));
    let some = seen.other.own.iter().map(|id| format!("_ps_other.{} IS NOT NULL", field(seen.there, *id)));
    let let_go = format!(
        "UPDATE {there} AS _ps_other SET {} WHERE ({}) AND NOT EXISTS (SELECT 1 FROM {own} AS _ps_own WHERE {met} AND {points})",
        seen.none(),
        some.collect::<Vec<_>>().join(" OR ")
    );
    let point = format!(
        "UPDATE {there} AS _ps_other SET {} FROM {own} AS _ps_own WHERE {met} AND {}",
        seen.ours("_ps_own."),
        seen.points_elsewhere("_ps_other.", "_ps_own.")
    );
    match from {
        Side::Old => vec![point],
        Side::New => vec![let_go, point],
    }
}

/// True of a row of this side, by its table's own name, that the other side does not follow.
pub fn behind(at: &Catalog, turned: &Turned, from: Side) -> Option<String> {
    let seen = seen(at, turned, from)?;
    let own = row(seen.table);
    let rows = |met: String| format!("EXISTS (SELECT 1 FROM {} AS _ps_other WHERE {met})", name(&seen.there.name));
    let there = "_ps_other.";
    let one_way = rows(format!("{} AND {}", seen.pointed_at(there, &own), seen.points_elsewhere(there, &own)));
    Some(match from {
        Side::Old => one_way,
        Side::New => {
            let other = rows(format!("{} AND {}", seen.points_at(there, &own), seen.not_pointed_at(there, &own)));
            format!("({one_way} OR {other})")
        }
    })
}
