//! Values that move to another table: triggers on both that carry what is written to the other side.
//!
//! AFTER triggers, since they write another table. What one of them writes the other is not to answer: a setting of the
//! transaction says so, and only around our own statement. The depth of triggers would not do: it would swallow what other
//! triggers write as well.

use super::super::{Spelled, Work as Cost};
use super::helper::{SCHEMA, SRE, function_name, trigger_name};
use super::quote::{ident, idents, literal, name, tag};
use super::value::expr_sql;
use crate::catalog::{Carry, Catalog, ColumnId, End, Link, Table, Trigger};

/// The setting that is on while a trigger of ours writes.
pub(super) const FLAG: &str = "prisma_stage.carry";

struct Sides<'a> {
    at: &'a Catalog,
    link: &'a Link,
    parent: &'a Table,
    child: &'a Table,
}

fn field(table: &Table, id: ColumnId) -> String {
    ident(table.columns.get(&id).map_or("", |c| &c.name))
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
        let turn = |(parent, child): &(ColumnId, ColumnId)| match end {
            End::Parent => (*parent, *child),
            End::Child => (*child, *parent),
        };
        self.link.pairs.iter().map(turn).collect()
    }

    /// `"userId" = NEW."id" AND …`: the rows of an end that belong to a row of the other.
    fn belong(&self, end: End, of: &str, row: &str) -> String {
        let (own, other) = match end {
            End::Parent => (&self.link.parent_key, &self.link.child_key),
            End::Child => (&self.link.child_key, &self.link.parent_key),
        };
        let (table, there) = (self.table(end), self.table(end.other()));
        let one = |(a, b): (&ColumnId, &ColumnId)| format!("{of}{} = {row}{}", field(table, *a), field(there, *b));
        own.iter().zip(other).map(one).collect::<Vec<_>>().join(" AND ")
    }

    /// What the other end gets: never NULL where it must have a value.
    fn set(&self, from: End, row: &str) -> String {
        let (table, other) = (self.table(from), self.table(from.other()));
        let one = |(own, to): (ColumnId, ColumnId)| {
            let (value, to_field) = (format!("{row}{}", field(table, own)), field(other, to));
            if self.link.required.contains(&to) {
                format!("{to_field} = COALESCE({value}, _ps_other.{to_field})")
            } else {
                format!("{to_field} = {value}")
            }
        };
        self.pairs(from).into_iter().map(one).collect::<Vec<_>>().join(", ")
    }

    /// True of a row of the other end that does not hold what a row of this one does.
    fn differs(&self, from: End, of: &str, row: &str) -> String {
        let (table, other) = (self.table(from), self.table(from.other()));
        let one = |(own, to): (ColumnId, ColumnId)| {
            let (value, there) = (format!("{row}{}", field(table, own)), format!("{of}{}", field(other, to)));
            let differ = format!("{} IS DISTINCT FROM {}", text(other, to, &there), text(other, to, &value));
            if self.link.required.contains(&to) { format!("({value} IS NOT NULL AND {differ})") } else { differ }
        };
        let all = self.pairs(from).into_iter().map(one).collect::<Vec<_>>().join(" OR ");
        format!("({all})")
    }

    /// True of a row of the parent that has something for the child, and all that a row of it must have.
    fn worth_a_row(&self, row: &str) -> String {
        let pairs = &self.link.pairs;
        let value = |id: &ColumnId| format!("{row}{} IS NOT NULL", field(self.parent, *id));
        let needed: Vec<String> =
            pairs.iter().filter(|(_, child)| self.link.required.contains(child)).map(|(p, _)| value(p)).collect();
        if needed.is_empty() {
            format!("({})", pairs.iter().map(|(p, _)| value(p)).collect::<Vec<_>>().join(" OR "))
        } else {
            needed.join(" AND ")
        }
    }

    /// What a row of the child gets that is made for a row of the parent: columns and values.
    fn made(&self, row: &str) -> Option<(String, String)> {
        let made = self.link.made.as_ref()?;
        let mut columns: Vec<ColumnId> = self.link.child_key.clone();
        let mut values: Vec<String> =
            self.link.parent_key.iter().map(|id| format!("{row}{}", field(self.parent, *id))).collect();
        for (parent, child) in &self.link.pairs {
            columns.push(*child);
            values.push(format!("{row}{}", field(self.parent, *parent)));
        }
        for (id, value) in made {
            columns.push(*id);
            values.push(
                self.child.columns.get(id).map_or_else(String::new, |c| expr_sql(self.at, self.child, c, value, "")),
            );
        }
        let names = columns.iter().map(|id| field(self.child, *id)).collect::<Vec<_>>().join(", ");
        Some((names, values.join(", ")))
    }

    /// The row of the child for a row of the parent.
    fn make(&self, row: &str) -> Option<String> {
        let (names, values) = self.made(row)?;
        let key = self.link.child_key.iter().map(|id| field(self.child, *id)).collect::<Vec<_>>().join(", ");
        let (set, differs) = self.overwrite();
        Some(format!(
            "INSERT INTO {} AS _ps_other ({names}) VALUES ({values})\n        ON CONFLICT ({key}) DO UPDATE SET {set} WHERE {differs}",
            name(&self.child.name)
        ))
    }

    fn overwrite(&self) -> (String, String) {
        let columns: Vec<String> = self.link.columns(End::Child).map(|id| field(self.child, id)).collect();
        let set = columns.iter().map(|c| format!("{c} = EXCLUDED.{c}")).collect::<Vec<_>>().join(", ");
        let differ = |id: ColumnId| {
            let column = field(self.child, id);
            let (there, here) = (format!("_ps_other.{column}"), format!("EXCLUDED.{column}"));
            format!("{} IS DISTINCT FROM {}", text(self.child, id, &there), text(self.child, id, &here))
        };
        (set, self.link.columns(End::Child).map(differ).collect::<Vec<_>>().join(" OR "))
    }

    /// True of a row of this end, by the table's own name, whose other side does not hold what it does.
    fn behind(&self, from: End) -> String {
        let row = format!("{}.", ident(&self.table(from).name.name));
        let there = name(&self.table(from.other()).name);
        let belong = self.belong(from.other(), "_ps_other.", &row);
        let differs = self.differs(from, "_ps_other.", &row);
        let behind = format!("EXISTS (SELECT 1 FROM {there} AS _ps_other WHERE {belong} AND {differs})");
        match from {
            End::Child => behind,
            End::Parent => {
                let missing = format!("NOT EXISTS (SELECT 1 FROM {there} AS _ps_other WHERE {belong})");
                format!("({behind} OR ({} AND {missing}))", self.worth_a_row(&row))
            }
        }
    }
}

/// Comparable whatever its type.
fn text(table: &Table, id: ColumnId, value: &str) -> String {
    super::fact::as_comparable(table, id, value)
}

/// The condition of rows at an end that the other one does not follow yet.
pub fn behind(at: &Catalog, link: &Link, from: End) -> Option<String> {
    Some(Sides::of(at, link)?.behind(from))
}

/// A change of rows that changes nothing but makes the trigger carry them.
pub fn touch(at: &Catalog, link: &Link, from: End) -> Option<String> {
    let table = at.tables.get(&link.table(from))?;
    let column = field(table, link.columns(from).next()?);
    Some(format!("UPDATE {} SET {column} = {column}", name(&table.name)))
}

/// All rows of the other end at once, with a trigger or without.
pub fn at_once(at: &Catalog, link: &Link, from: End) -> Vec<Spelled> {
    let Some(sides) = Sides::of(at, link) else { return Vec::new() };
    let (own, there) = (name(&sides.table(from).name), name(&sides.table(from.other()).name));
    let belong = sides.belong(from.other(), "_ps_other.", "_ps_own.");
    let rows = |sql: String| Spelled::new(sql).locking(there.clone(), "ROW EXCLUSIVE").doing(Cost::Rows);
    let mut all = vec![rows(format!(
        "UPDATE {there} AS _ps_other SET {} FROM {own} AS _ps_own WHERE {belong} AND {}",
        sides.set(from, "_ps_own."),
        sides.differs(from, "_ps_other.", "_ps_own.")
    ))];
    if let Some((names, values)) = sides.made("_ps_own.").filter(|_| from == End::Parent) {
        all.push(rows(format!(
            "INSERT INTO {there} ({names}) SELECT {values} FROM {own} AS _ps_own WHERE {} AND NOT EXISTS (SELECT 1 FROM {there} AS _ps_other WHERE {belong})",
            sides.worth_a_row("_ps_own.")
        )));
    }
    all
}

/// The trigger at one end.
pub fn create(at: &Catalog, trigger: &Trigger, link: &Link, from: End, carry: Carry) -> Vec<Spelled> {
    let Some(sides) = Sides::of(at, link) else { return Vec::new() };
    let table = sides.table(from);
    let (body, there) = (sides.body(from, carry), name(&sides.table(from.other()).name));
    let quote = tag(&body, "fn");
    let function = function_name(trigger, "carry");
    let mut all = vec![Spelled::new(format!(
        "CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS {quote}{body}{quote}"
    ))];
    let quoted = name(&table.name);
    let mut events = vec![("ins", "AFTER INSERT"), ("upd", "AFTER UPDATE")];
    match from {
        End::Child => events.push(("del", "AFTER DELETE")),
        End::Parent if link.deletes => events.push(("del", "BEFORE DELETE")),
        End::Parent => {}
    }
    for (event, when) in events {
        let own = trigger_name(trigger, event);
        all.push(
            Spelled::new(format!(
                "CREATE TRIGGER {} {when} ON {quoted} FOR EACH ROW EXECUTE FUNCTION {function}()",
                ident(&own)
            ))
            .locking(quoted.clone(), SRE)
            .locking(there.clone(), SRE)
            .while_true(format!(
                "NOT EXISTS (SELECT 1 FROM pg_catalog.pg_trigger WHERE tgrelid = to_regclass({}) AND tgname = {})",
                literal(&quoted),
                literal(&own)
            )),
        );
    }
    all
}

impl Sides<'_> {
    /// The row that was just written takes what the other end holds.
    fn pull(&self, end: End) -> String {
        let (own, other) = (self.table(end), self.table(end.other()));
        let set =
            self.pairs(end).into_iter().map(|(a, b)| format!("{} = _ps_other.{}", field(own, a), field(other, b)));
        let key = match end {
            End::Parent => &self.link.parent_key,
            End::Child => &self.link.child_key,
        };
        let this =
            key.iter().map(|id| format!("_ps_own.{0} = NEW.{0}", field(own, *id))).collect::<Vec<_>>().join(" AND ");
        format!(
            "UPDATE {} AS _ps_own SET {} FROM {} AS _ps_other\n      WHERE {this} AND {}",
            name(&own.name),
            set.collect::<Vec<_>>().join(", "),
            name(&other.name),
            self.belong(end.other(), "_ps_other.", "NEW.")
        )
    }

    fn body(&self, from: End, carry: Carry) -> String {
        let quiet = |statement: &str| {
            format!(
                "    PERFORM set_config('{FLAG}', 'on', true);\n    {statement};\n    PERFORM set_config('{FLAG}', 'off', true);\n"
            )
        };
        let there = name(&self.table(from.other()).name);
        let guard = format!("  IF coalesce(current_setting('{FLAG}', true), '') = 'on' THEN RETURN NULL; END IF;\n");
        let follow = |row: &str| {
            format!(
                "UPDATE {there} AS _ps_other SET {}\n      WHERE {} AND {}",
                self.set(from, row),
                self.belong(from.other(), "_ps_other.", row),
                self.differs(from, "_ps_other.", row)
            )
        };
        let own = self.table(from);
        let columns: Vec<(ColumnId, String)> = self.link.columns(from).map(|id| (id, field(own, id))).collect();
        let same = columns.iter().map(|(id, c)| {
            let of = |row: &str| text(own, *id, &format!("{row}.{c}"));
            format!("{} IS NOT DISTINCT FROM {}", of("NEW"), of("OLD"))
        });
        let same = same.collect::<Vec<_>>().join(" AND ");
        let empty = columns.iter().map(|(_, c)| format!("NEW.{c} IS NULL")).collect::<Vec<_>>().join(" AND ");
        // A row that says nothing is not to empty what the other end holds: it gets that.
        let only_changes = match carry {
            Carry::All => String::new(),
            Carry::Changes => format!(
                "  IF TG_OP = 'INSERT' THEN\n    IF {empty} THEN\n  {}      RETURN NULL;\n    END IF;\n  ELSIF {same} THEN\n    RETURN NULL;\n  END IF;\n",
                quiet(&self.pull(from))
            ),
        };
        let mut text = "\nBEGIN\n".to_owned();
        match from {
            End::Parent => {
                if self.link.deletes {
                    let gone = format!(
                        "DELETE FROM {there} AS _ps_other WHERE {}",
                        self.belong(End::Child, "_ps_other.", "OLD.")
                    );
                    text += &format!("  IF TG_OP = 'DELETE' THEN\n{}    RETURN OLD;\n  END IF;\n", quiet(&gone));
                }
                text += &guard;
                text += &only_changes;
                text += &quiet(&follow("NEW."));
                if let Some(make) = self.make("NEW.") {
                    let there_is = format!(
                        "EXISTS (SELECT 1 FROM {there} AS _ps_other WHERE {})",
                        self.belong(End::Child, "_ps_other.", "NEW.")
                    );
                    text += &format!(
                        "  IF {} AND NOT {there_is} THEN\n{}  END IF;\n",
                        self.worth_a_row("NEW."),
                        quiet(&make)
                    );
                }
            }
            End::Child => {
                text += &guard;
                let free: Vec<String> = self
                    .link
                    .columns(End::Parent)
                    .filter(|id| !self.link.required.contains(id))
                    .map(|id| field(self.parent, id))
                    .collect();
                if !free.is_empty() {
                    let nulls = free.iter().map(|c| format!("{c} = NULL")).collect::<Vec<_>>().join(", ");
                    let any =
                        free.iter().map(|c| format!("_ps_other.{c} IS NOT NULL")).collect::<Vec<_>>().join(" OR ");
                    let clear = format!(
                        "UPDATE {there} AS _ps_other SET {nulls}\n      WHERE {} AND ({any})",
                        self.belong(End::Parent, "_ps_other.", "OLD.")
                    );
                    let key: Vec<&str> = self
                        .link
                        .child_key
                        .iter()
                        .filter_map(|id| Some(self.child.columns.get(id)?.name.as_str()))
                        .collect();
                    let moved = key
                        .iter()
                        .map(|k| format!("NEW.{0} IS DISTINCT FROM OLD.{0}", idents([*k])))
                        .collect::<Vec<_>>()
                        .join(" OR ");
                    text += &format!("  IF TG_OP = 'DELETE' THEN\n{}    RETURN NULL;\n  END IF;\n", quiet(&clear));
                    text += &format!(
                        "  IF TG_OP = 'UPDATE' THEN\n    IF {moved} THEN\n{}    END IF;\n  END IF;\n",
                        quiet(&clear)
                    );
                } else {
                    text += "  IF TG_OP = 'DELETE' THEN RETURN NULL; END IF;\n";
                }
                text += &only_changes;
                text += &quiet(&follow("NEW."));
            }
        }
        text + "  RETURN NULL;\nEND\n"
    }
}

/// The triggers of an end go, and their function.
pub fn drop(at: &Catalog, trigger: &Trigger) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&trigger.table) else { return Vec::new() };
    let quoted = name(&table.name);
    let one = |event: &str| {
        Spelled::new(format!("DROP TRIGGER IF EXISTS {} ON {quoted}", ident(&trigger_name(trigger, event))))
            .locking(quoted.clone(), super::helper::AEL)
    };
    let function =
        Spelled::new(format!("DROP FUNCTION IF EXISTS {SCHEMA}.{}()", ident(&format!("{}_carry", trigger.name))));
    vec![one("ins"), one("upd"), one("del"), function]
}
