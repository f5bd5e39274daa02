//! A one-to-one relation that both sides keep.

use super::{Bring, Watch, field, guard, quiet};
use crate::catalog::{Carry, Catalog, ColumnId, Side, Table, Turned};
use crate::dialect::postgres::quote::{ident, name};

/// Both sides, seen from one: its link and what points at it, and those of the other.
struct Seen<'a> {
    table: &'a Table,
    there: &'a Table,
    link: Value<'a>,
    id: Value<'a>,
    their_link: Value<'a>,
    their_id: Value<'a>,
    /// What is written of their link, each with what it gets: a place in our id.
    theirs: Vec<(String, usize)>,
}

/// Columns that are one value: a link, or what it points at.
struct Value<'a>(&'a Table, &'a [ColumnId]);

impl Value<'_> {
    /// Of a row: `NEW."a"`, or `(NEW."a", NEW."b")`.
    fn of(&self, row: &str) -> String {
        let own = self.fields();
        let all: Vec<String> =
            own.iter().map(|f| if row.is_empty() { f.clone() } else { format!("{row}.{f}") }).collect();
        if let [one] = all.as_slice() { one.clone() } else { format!("({})", all.join(", ")) }
    }

    fn fields(&self) -> Vec<String> {
        self.1.iter().map(|id| field(self.0, *id)).collect()
    }
}

fn seen<'a>(at: &'a Catalog, turned: &'a Turned, from: Side) -> Option<Seen<'a>> {
    let (own, other) = (turned.keeper(from), turned.keeper(from.other()));
    let (table, there) = (at.tables.get(&own.table)?, at.tables.get(&other.table)?);
    let theirs = other.key.iter().enumerate().filter(|(_, id)| other.own.contains(id));
    Some(Seen {
        link: Value(table, &own.key),
        id: Value(table, &own.id),
        their_link: Value(there, &other.key),
        their_id: Value(there, &other.id),
        theirs: theirs.map(|(at, id)| (field(there, *id), at)).collect(),
        table,
        there,
    })
}

impl Seen<'_> {
    /// Their link is none.
    fn none(&self) -> String {
        self.theirs.iter().map(|(link, _)| format!("{link} = NULL")).collect::<Vec<_>>().join(", ")
    }

    /// Their link is a row of ours.
    fn ours(&self, row: &str) -> String {
        let fields = self.id.fields();
        let one = |(link, at): &(String, usize)| Some(format!("{link} = {row}.{}", fields.get(*at)?));
        self.theirs.iter().filter_map(one).collect::<Vec<_>>().join(", ")
    }

    /// The other side lets go of what a row of this one does not point at any more. From the old side it is looked up by what
    /// is indexed from the beginning; from the new one by the old link, which is unique.
    fn let_go(&self, from: Side, row: &str) -> String {
        let Seen { link, id, their_link, their_id, .. } = self;
        let set = format!("UPDATE {} SET {}", name(&self.there.name), self.none());
        let (link, id, their_link, their_id) = (link.of(row), id.of(row), their_link.of(""), their_id.of(""));
        match from {
            Side::Old => format!("{set}\n      WHERE {their_id} = {link} AND {their_link} = {id}"),
            Side::New => format!("{set}\n      WHERE {their_link} = {id} AND {their_id} IS DISTINCT FROM {link}"),
        }
    }

    fn point_back(&self) -> String {
        let (link, id) = (self.link.of("NEW"), self.id.of("NEW"));
        let (their_link, their_id) = (self.their_link.of(""), self.their_id.of(""));
        format!(
            "UPDATE {} SET {}\n      WHERE {their_id} = {link} AND {their_link} IS DISTINCT FROM {id}",
            name(&self.there.name),
            self.ours("NEW")
        )
    }
}

pub fn watch(at: &Catalog, turned: &Turned, from: Side, carry: Carry) -> Option<Watch> {
    let seen = seen(at, turned, from)?;
    let differs = |what: &Value| format!("{} IS DISTINCT FROM {}", what.of("NEW"), what.of("OLD"));
    let changed = format!("{} OR {}", differs(&seen.link), differs(&seen.id));
    let mut events = vec![("ins", "AFTER INSERT"), ("upd", "AFTER UPDATE")];
    let mut body = String::new();
    if from == Side::Old {
        // Before the row goes: the foreign key of the other side may forbid it, and who deletes may not know of that.
        events.push(("del", "BEFORE DELETE"));
        body +=
            &format!("  IF TG_OP = 'DELETE' THEN\n{}    RETURN OLD;\n  END IF;\n", quiet(&seen.let_go(from, "OLD")));
    }
    body += &guard("NULL");
    // Of several columns a link is one only where each has a value.
    let linked = format!("{} IS NOT NULL", seen.link.of("NEW"));
    let alone = if turned.keeper(from).key.len() == 1 {
        format!("{} IS NULL", seen.link.of("NEW"))
    } else {
        format!("NOT ({linked})")
    };
    if carry == Carry::Changes {
        body += &format!(
            "  IF TG_OP = 'INSERT' THEN\n    IF {alone} THEN RETURN NULL; END IF;\n  ELSIF NOT ({changed}) THEN\n    RETURN NULL;\n  END IF;\n"
        );
    }
    body += &match from {
        Side::Old => format!(
            "  IF TG_OP = 'UPDATE' THEN\n    IF {changed} THEN\n{}    END IF;\n  END IF;\n",
            quiet(&seen.let_go(from, "OLD"))
        ),
        Side::New => quiet(&seen.let_go(from, "NEW")),
    };
    body += &format!("  IF {linked} THEN\n{}  END IF;\n  RETURN NULL;\n", quiet(&seen.point_back()));
    Some(Watch { declare: "", body, events })
}

/// Rows are written as they are, so that the trigger carries them.
pub fn bring(at: &Catalog, turned: &Turned, from: Side) -> Option<Bring> {
    let seen = seen(at, turned, from)?;
    let (own, there) = (ident(&seen.table.name.name), name(&seen.there.name));
    let (link, id) = (seen.link.of(&own), seen.id.of(&own));
    let (their_link, their_id) = (seen.their_link.of("_ps_other"), seen.their_id.of("_ps_other"));
    let rows = |met: String| format!("EXISTS (SELECT 1 FROM {there} AS _ps_other WHERE {met})");
    let one_way = rows(format!("{their_id} = {link} AND {their_link} IS DISTINCT FROM {id}"));
    let still = match from {
        Side::Old => one_way,
        Side::New => {
            format!("({one_way} OR {})", rows(format!("{their_link} = {id} AND {their_id} IS DISTINCT FROM {link}")))
        }
    };
    let same = turned.keeper(from).own.iter().map(|id| field(seen.table, *id)).map(|f| format!("{f} = {f}"));
    let act = format!("UPDATE {} SET {}", name(&seen.table.name), same.collect::<Vec<_>>().join(", "));
    Some(Bring { act, still })
}

/// All links at once: first those that are none any more, since no two may point at one row.
pub fn at_once(at: &Catalog, turned: &Turned, from: Side) -> Option<Vec<String>> {
    let seen = seen(at, turned, from)?;
    let (own, there) = (name(&seen.table.name), name(&seen.there.name));
    let (link, id) = (seen.link.of("_ps_own"), seen.id.of("_ps_own"));
    let (their_link, their_id) = (seen.their_link.of("_ps_other"), seen.their_id.of("_ps_other"));
    let met = format!("{link} = {their_id}");
    let kept = format!("EXISTS (SELECT 1 FROM {own} AS _ps_own WHERE {met} AND {id} = {their_link})");
    let (none, ours) = (seen.none(), seen.ours("_ps_own"));
    let let_go = format!("UPDATE {there} AS _ps_other SET {none} WHERE {their_link} IS NOT NULL AND NOT {kept}");
    let point = format!(
        "UPDATE {there} AS _ps_other SET {ours} FROM {own} AS _ps_own WHERE {met} AND {their_link} IS DISTINCT FROM {id}"
    );
    Some(match from {
        Side::Old => vec![point],
        Side::New => vec![let_go, point],
    })
}
