//! Values that move to another table, row by row: triggers on both carry what is written to the other side.

use super::quote::{ident, name, rowid};
use super::trigger::{Event, changed, field, pairs, row};
use super::value::expr_sql;
use crate::catalog::{Carry, Catalog, ColumnId, End, Link, Table};

struct Sides<'a> {
    at: &'a Catalog,
    link: &'a Link,
    parent: &'a Table,
    child: &'a Table,
}

impl<'a> Sides<'a> {
    fn of(at: &'a Catalog, link: &'a Link) -> Option<Self> {
        Some(Sides { at, link, parent: at.tables.get(&link.parent)?, child: at.tables.get(&link.child)? })
    }

    fn table(&self, end: End) -> &'a Table {
        match end {
            End::Parent => self.parent,
            End::Child => self.child,
        }
    }

    /// Each pair as (column of this end, column of the other).
    fn pairs(&self, end: End) -> Vec<(ColumnId, ColumnId)> {
        self.link.columns(end).zip(self.link.columns(end.other())).collect()
    }

    /// The rows of an end, named `own`, that belong to a row of the other.
    fn belong(&self, end: End, own: &str, there: &str) -> String {
        let keys = self.link.key(end).iter().zip(self.link.key(end.other()));
        pairs((self.table(end), own), "=", (self.table(end.other()), there), keys, " AND ")
    }

    /// What a row of the other end, named `there`, gets: never NULL where it must have a value.
    fn set(&self, from: End, own: &str, there: &str) -> String {
        let (table, other) = (self.table(from), self.table(from.other()));
        let one = |(id, to): (ColumnId, ColumnId)| {
            let (value, column) = (format!("{own}{}", field(table, id)), field(other, to));
            match self.link.required.contains(&to) {
                true => format!("{column} = COALESCE({value}, {there}{column})"),
                false => format!("{column} = {value}"),
            }
        };
        self.pairs(from).into_iter().map(one).collect::<Vec<_>>().join(", ")
    }

    /// True of a row of the other end that does not hold what a row of this one does.
    fn differs(&self, from: End, own: &str, there: &str) -> String {
        let (table, other) = (self.table(from), self.table(from.other()));
        let one = |(id, to): (ColumnId, ColumnId)| {
            let value = format!("{own}{}", field(table, id));
            let differ = format!("{there}{} IS NOT {value}", field(other, to));
            match self.link.required.contains(&to) {
                true => format!("({value} IS NOT NULL AND {differ})"),
                false => differ,
            }
        };
        format!("({})", self.pairs(from).into_iter().map(one).collect::<Vec<_>>().join(" OR "))
    }

    /// True of a row of the parent that has something for the child, and all that a row of it must have.
    fn worth_a_row(&self, own: &str) -> String {
        let value = |id: &ColumnId| format!("{own}{} IS NOT NULL", field(self.parent, *id));
        let needed = self.link.pairs.iter().filter(|(_, child)| self.link.required.contains(child));
        let needed: Vec<String> = needed.map(|(p, _)| value(p)).collect();
        if needed.is_empty() {
            format!("({})", self.link.pairs.iter().map(|(p, _)| value(p)).collect::<Vec<_>>().join(" OR "))
        } else {
            needed.join(" AND ")
        }
    }

    /// `INSERT INTO "Child" (…) SELECT …`: the row of the child for one of the parent, if it is not there. What follows is the
    /// FROM, or nothing in a trigger.
    fn make(&self, own: &str, from: &str) -> Option<String> {
        let made = self.link.made.as_ref()?;
        let mut columns: Vec<String> = self.link.child_key.iter().map(|id| field(self.child, *id)).collect();
        let mut values: Vec<String> =
            self.link.parent_key.iter().map(|id| format!("{own}{}", field(self.parent, *id))).collect();
        for (parent, child) in &self.link.pairs {
            columns.push(field(self.child, *child));
            values.push(format!("{own}{}", field(self.parent, *parent)));
        }
        for (id, value) in made {
            columns.push(field(self.child, *id));
            values.push(expr_sql(self.at, self.child, value));
        }
        let there = name(&self.child.name);
        let belong = self.belong(End::Child, &row(self.child), own);
        Some(format!(
            "INSERT INTO {there} ({}) SELECT {}{from} WHERE {} AND NOT EXISTS (SELECT 1 FROM {there} WHERE {belong})",
            columns.join(", "),
            values.join(", "),
            self.worth_a_row(own)
        ))
    }

    /// The rows of the other end get what the row has that was just written.
    fn follow(&self, from: End) -> String {
        let other = self.table(from.other());
        let there = row(other);
        format!(
            "UPDATE {} SET {} WHERE {} AND {}",
            name(&other.name),
            self.set(from, "NEW.", &there),
            self.belong(from.other(), &there, "NEW."),
            self.differs(from, "NEW.", &there)
        )
    }

    /// The row that was just written gets what the other end has.
    fn pull(&self, end: End) -> String {
        let (own, other) = (self.table(end), self.table(end.other()));
        let met = format!("FROM {} WHERE {}", name(&other.name), self.belong(end.other(), &row(other), "NEW."));
        let number = rowid(own);
        let set = self
            .pairs(end)
            .into_iter()
            .map(|(id, from)| format!("{} = (SELECT {}{} {met})", field(own, id), row(other), field(other, from)));
        format!(
            "UPDATE {} SET {} WHERE \"{number}\" = NEW.\"{number}\" AND EXISTS (SELECT 1 {met})",
            name(&own.name),
            set.collect::<Vec<_>>().join(", ")
        )
    }

    /// The parent that a row of the child has left holds its values no more.
    fn clear(&self, also: &str) -> Option<String> {
        let free = self.link.columns(End::Parent).filter(|id| !self.link.required.contains(id));
        let free: Vec<String> = free.map(|id| field(self.parent, id)).collect();
        let set = free.iter().map(|c| format!("{c} = NULL")).collect::<Vec<_>>().join(", ");
        let own = row(self.parent);
        let any = free.iter().map(|c| format!("{own}{c} IS NOT NULL")).collect::<Vec<_>>().join(" OR ");
        let belong = self.belong(End::Parent, &own, "OLD.");
        (!free.is_empty())
            .then(|| format!("UPDATE {} SET {set} WHERE {belong}{also} AND ({any})", name(&self.parent.name)))
    }
}

/// What the trigger at an end does.
pub fn watch(at: &Catalog, link: &Link, from: End, carry: Carry) -> Vec<Event> {
    let Some(sides) = Sides::of(at, link) else { return Vec::new() };
    let own = sides.table(from);
    let columns: Vec<ColumnId> = link.columns(from).collect();
    let empty = columns.iter().map(|id| format!("NEW.{} IS NULL", field(own, *id))).collect::<Vec<_>>().join(" AND ");
    let mut acts = vec![sides.follow(from)];
    let mut update = acts.clone();
    let mut read = columns;
    read.extend(link.key(from));
    let after = |word, on, when: String, acts| Event { word, on, when, acts };
    let mut all = Vec::new();
    match from {
        End::Parent => {
            acts.extend(sides.make("NEW.", ""));
            update.clone_from(&acts);
            if link.deletes {
                let there = name(&sides.child.name);
                let gone = format!("DELETE FROM {there} WHERE {}", sides.belong(End::Child, &row(sides.child), "OLD."));
                all.push(after("del", "BEFORE DELETE", String::new(), vec![gone]));
            }
        }
        End::Child => {
            let left = format!(" AND {}", changed(own, &link.child_key));
            if let Some(clear) = sides.clear(&left) {
                update.insert(0, clear);
            }
            if let Some(clear) = sides.clear("") {
                all.push(after("del", "AFTER DELETE", String::new(), vec![clear]));
            }
        }
    }
    match carry {
        Carry::All => all.push(after("ins", "AFTER INSERT", String::new(), acts)),
        // A row that says nothing is not to empty what the other end holds: it gets that.
        Carry::Changes => {
            all.push(after("ins", "AFTER INSERT", format!("NOT ({empty})"), acts));
            all.push(after("get", "AFTER INSERT", empty, vec![sides.pull(from)]));
        }
    }
    all.push(after("upd", "AFTER UPDATE", changed(own, &read), update));
    all
}

/// All rows of the other end at once.
pub fn bring(at: &Catalog, link: &Link, from: End) -> Vec<String> {
    let Some(sides) = Sides::of(at, link) else { return Vec::new() };
    let (own, there) = (name(&sides.table(from).name), name(&sides.table(from.other()).name));
    let mut all = vec![format!(
        "UPDATE {there} AS _ps_other SET {} FROM {own} AS _ps_own WHERE {} AND {}",
        sides.set(from, "_ps_own.", "_ps_other."),
        sides.belong(from.other(), "_ps_other.", "_ps_own."),
        sides.differs(from, "_ps_own.", "_ps_other.")
    )];
    if from == End::Parent {
        all.extend(sides.make("_ps_own.", &format!(" FROM {own} AS _ps_own")));
    }
    all
}

/// The condition of rows at an end that the other one does not follow yet.
pub fn behind(at: &Catalog, link: &Link, from: End) -> Option<String> {
    let sides = Sides::of(at, link)?;
    let own = format!("{}.", ident(&sides.table(from).name.name));
    let there = name(&sides.table(from.other()).name);
    let belong = sides.belong(from.other(), "_ps_other.", &own);
    let differs = sides.differs(from, &own, "_ps_other.");
    let behind = format!("EXISTS (SELECT 1 FROM {there} AS _ps_other WHERE {belong} AND {differs})");
    Some(match from {
        End::Child => behind,
        End::Parent => {
            let missing = format!("NOT EXISTS (SELECT 1 FROM {there} AS _ps_other WHERE {belong})");
            format!("({behind} OR ({} AND {missing}))", sides.worth_a_row(&own))
        }
    })
}
