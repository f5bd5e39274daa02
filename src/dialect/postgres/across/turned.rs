//! A one-to-one relation that both sides keep.

use super::{Bring, Watch, field, guard, quiet};
use crate::catalog::{Carry, Catalog, Side, Table, Turned};
use crate::dialect::postgres::quote::{ident, name};

/// The names of both sides, seen from one: its link and what points at it, and those of the other.
struct Seen<'a> {
    table: &'a Table,
    there: &'a Table,
    link: String,
    id: String,
    their_link: String,
    their_id: String,
}

fn seen<'a>(at: &'a Catalog, turned: &Turned, from: Side) -> Option<Seen<'a>> {
    let (own, other) = (turned.keeper(from), turned.keeper(from.other()));
    let (table, there) = (at.tables.get(&own.table)?, at.tables.get(&other.table)?);
    Some(Seen {
        link: field(table, own.key),
        id: field(table, own.id),
        their_link: field(there, other.key),
        their_id: field(there, other.id),
        table,
        there,
    })
}

impl Seen<'_> {
    /// The other side lets go of what a row of this one does not point at any more. From the old side it is looked up by what
    /// is indexed from the beginning; from the new one by the old link, which is unique.
    fn let_go(&self, from: Side, row: &str) -> String {
        let Seen { link, id, their_link, their_id, .. } = self;
        let set = format!("UPDATE {} SET {their_link} = NULL", name(&self.there.name));
        match from {
            Side::Old => format!("{set}\n      WHERE {their_id} = {row}.{link} AND {their_link} = {row}.{id}"),
            Side::New => {
                format!("{set}\n      WHERE {their_link} = {row}.{id} AND {their_id} IS DISTINCT FROM {row}.{link}")
            }
        }
    }

    fn point_back(&self) -> String {
        let Seen { link, id, their_link, their_id, .. } = self;
        format!(
            "UPDATE {} SET {their_link} = NEW.{id}\n      WHERE {their_id} = NEW.{link} AND {their_link} IS DISTINCT FROM NEW.{id}",
            name(&self.there.name)
        )
    }
}

pub fn watch(at: &Catalog, turned: &Turned, from: Side, carry: Carry) -> Option<Watch> {
    let seen = seen(at, turned, from)?;
    let Seen { link, id, .. } = &seen;
    let changed = format!("NEW.{link} IS DISTINCT FROM OLD.{link} OR NEW.{id} IS DISTINCT FROM OLD.{id}");
    let mut events = vec![("ins", "AFTER INSERT"), ("upd", "AFTER UPDATE")];
    let mut body = String::new();
    if from == Side::Old {
        // Before the row goes: the foreign key of the other side may forbid it, and who deletes may not know of that.
        events.push(("del", "BEFORE DELETE"));
        body +=
            &format!("  IF TG_OP = 'DELETE' THEN\n{}    RETURN OLD;\n  END IF;\n", quiet(&seen.let_go(from, "OLD")));
    }
    body += &guard("NULL");
    if carry == Carry::Changes {
        body += &format!(
            "  IF TG_OP = 'INSERT' THEN\n    IF NEW.{link} IS NULL THEN RETURN NULL; END IF;\n  ELSIF NOT ({changed}) THEN\n    RETURN NULL;\n  END IF;\n"
        );
    }
    body += &match from {
        Side::Old => format!(
            "  IF TG_OP = 'UPDATE' THEN\n    IF {changed} THEN\n{}    END IF;\n  END IF;\n",
            quiet(&seen.let_go(from, "OLD"))
        ),
        Side::New => quiet(&seen.let_go(from, "NEW")),
    };
    body += &format!("  IF NEW.{link} IS NOT NULL THEN\n{}  END IF;\n  RETURN NULL;\n", quiet(&seen.point_back()));
    Some(Watch { declare: "", body, events })
}

/// Rows are written as they are, so that the trigger carries them.
pub fn bring(at: &Catalog, turned: &Turned, from: Side) -> Option<Bring> {
    let seen = seen(at, turned, from)?;
    let Seen { link, id, their_link, their_id, .. } = &seen;
    let (own, there) = (ident(&seen.table.name.name), name(&seen.there.name));
    let rows = |met: String| format!("EXISTS (SELECT 1 FROM {there} AS _ps_other WHERE {met})");
    let one_way =
        rows(format!("_ps_other.{their_id} = {own}.{link} AND _ps_other.{their_link} IS DISTINCT FROM {own}.{id}"));
    let still = match from {
        Side::Old => one_way,
        Side::New => format!(
            "({one_way} OR {})",
            rows(format!("_ps_other.{their_link} = {own}.{id} AND _ps_other.{their_id} IS DISTINCT FROM {own}.{link}"))
        ),
    };
    Some(Bring { act: format!("UPDATE {} SET {link} = {link}", name(&seen.table.name)), still })
}

/// All links at once: first those that are none any more, since no two may point at one row.
pub fn at_once(at: &Catalog, turned: &Turned, from: Side) -> Option<Vec<String>> {
    let seen = seen(at, turned, from)?;
    let Seen { link, id, their_link, their_id, .. } = &seen;
    let (own, there) = (name(&seen.table.name), name(&seen.there.name));
    let met = format!("_ps_own.{link} = _ps_other.{their_id}");
    let kept = format!("EXISTS (SELECT 1 FROM {own} AS _ps_own WHERE {met} AND _ps_own.{id} = _ps_other.{their_link})");
    let let_go =
        format!("UPDATE {there} AS _ps_other SET {their_link} = NULL WHERE {their_link} IS NOT NULL AND NOT {kept}");
    let point = format!(
        "UPDATE {there} AS _ps_other SET {their_link} = _ps_own.{id} FROM {own} AS _ps_own WHERE {met} AND _ps_other.{their_link} IS DISTINCT FROM _ps_own.{id}"
    );
    Some(match from {
        Side::Old => vec![point],
        Side::New => vec![let_go, point],
    })
}
