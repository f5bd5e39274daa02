//! Columns that say the same in two ways, of which each client knows one side.
//!
//! Whether both agree is looked at before anything is written: a side that can say less than the other would take from it what
//! it cannot say, and a backfill would do so in every row.

use crate::catalog::{Catalog, Column, ColumnId, Expr, Synced, Table};

/// How a dialect says it.
pub(super) struct Words {
    /// A name, quoted.
    pub(super) ident: fn(&str) -> String,
    /// A value of a column, out of the others of its row.
    pub(super) value: fn(&Catalog, &Table, &Column, &Expr, &str) -> String,
    /// A value so that equal ones are equal.
    pub(super) comparable: fn(&Table, ColumnId, &str) -> String,
    /// Equality of which NULL is part.
    pub(super) equal: &'static str,
    /// A column of the row that is written gets a value, in a trigger.
    pub(super) set: fn(&str, &str) -> String,
    /// Another condition.
    pub(super) elsif: &'static str,
    /// A statement that does nothing.
    pub(super) nothing: &'static str,
}

/// The values of columns, spelled.
struct Sides<'w> {
    words: &'w Words,
    /// New columns that must have a value, whatever the old ones hold.
    filled: Vec<String>,
    forth: Vec<(ColumnId, String, String)>,
    back: Vec<(ColumnId, String, Option<String>)>,
}

impl Sides<'_> {
    /// The new columns are what the old ones give.
    fn agree_forth(&self, table: &Table, prefix: &str) -> String {
        let same =
            self.forth.iter().map(|(id, name, value)| self.words.same(table, *id, &format!("{prefix}{name}"), value));
        same.collect::<Vec<_>>().join(" AND ")
    }

    /// The old columns are what the new ones give; None where not all of them follow.
    fn agree_back(&self, table: &Table, prefix: &str) -> Option<String> {
        let same = |(id, name, value): &(ColumnId, String, Option<String>)| {
            value.as_ref().map(|value| self.words.same(table, *id, &format!("{prefix}{name}"), value))
        };
        // Nothing in a column that has to have a value is nobody's word yet.
        let filled = self.filled.iter().map(|name| Some(format!("{prefix}{name} IS NOT NULL")));
        self.back.iter().map(same).chain(filled).collect::<Option<Vec<_>>>().map(|all| all.join(" AND "))
    }

    /// Assignments in a trigger.
    fn to_new(&self) -> String {
        self.forth.iter().map(|(_, name, value)| (self.words.set)(name, value)).collect()
    }

    fn to_old(&self) -> String {
        let set = |(_, name, value): &(ColumnId, String, Option<String>)| {
            value.as_ref().map(|value| (self.words.set)(name, value))
        };
        self.back.iter().filter_map(set).collect()
    }
}

impl Words {
    fn spell(&self, at: &Catalog, table: &Table, sync: &Synced, prefix: &str) -> Option<Sides<'_>> {
        let one = |id: &ColumnId, value: &Expr| {
            let target = table.columns.get(id)?;
            Some((*id, (self.ident)(&target.name), (self.value)(at, table, target, value, prefix)))
        };
        let forth = sync.forth.iter().map(|(id, value)| one(id, value)).collect::<Option<_>>()?;
        let maybe = |(id, value): &(ColumnId, Option<Expr>)| match value {
            Some(value) => one(id, value).map(|(id, name, sql)| (id, name, Some(sql))),
            None => Some((*id, (self.ident)(&table.columns.get(id)?.name), None)),
        };
        let must = sync.forth.iter().filter(|(_, value)| matches!(value, Expr::Coalesce(_)));
        let filled = must.filter_map(|(id, _)| Some((self.ident)(&table.columns.get(id)?.name))).collect();
        Some(Sides { words: self, filled, forth, back: sync.back.iter().map(maybe).collect::<Option<_>>()? })
    }

    fn same(&self, table: &Table, id: ColumnId, a: &str, b: &str) -> String {
        let (a, b) = ((self.comparable)(table, id, a), (self.comparable)(table, id, b));
        format!("{a} {} {b}", self.equal)
    }

    /// A row that agrees in neither way.
    pub(super) fn apart(&self, at: &Catalog, table: &Table, sync: &Synced, prefix: &str) -> Option<String> {
        let sides = self.spell(at, table, sync, prefix)?;
        let forth = sides.agree_forth(table, prefix);
        Some(match sides.agree_back(table, prefix) {
            Some(back) => format!("NOT ({forth}) AND NOT ({back})"),
            None => format!("NOT ({forth})"),
        })
    }

    /// Whoever wrote its side wins, the new side if both did; a row that nobody filled yet is filled.
    pub(super) fn both_ways(&self, at: &Catalog, table: &Table, sync: &Synced, event: &str) -> Option<String> {
        let (sides, apart) = (self.spell(at, table, sync, "NEW.")?, self.apart(at, table, sync, "NEW.")?);
        let any = |all: Vec<String>| all.join(" OR ");
        let changed = |(id, name): (ColumnId, &String)| {
            let (new, old) = (format!("NEW.{name}"), format!("OLD.{name}"));
            format!("NOT ({})", self.same(table, id, &new, &old))
        };
        let fields = || sides.forth.iter().map(|(id, name, _)| (*id, name));
        // On insert the new columns have no default, so a value in one is a new client's.
        let new_wrote = if event == "ins" {
            any(fields().map(|(_, name)| format!("NEW.{name} IS NOT NULL")).collect())
        } else {
            any(fields().map(changed).collect())
        };
        let (to_old, to_new) = (sides.to_old(), sides.to_new());
        let (to_old, to_new) = (to_old.trim_end(), to_new.trim_end());
        let otherwise = if sync.is_two_way() || event == "ins" {
            "ELSE".to_owned()
        } else {
            // What a new client wrote before has nothing to follow it: only a write of the old columns takes it back.
            let old_wrote = sides.back.iter().map(|(id, name, _)| changed((*id, name)));
            let unfilled = fields().map(|(_, name)| format!("NEW.{name} IS NULL")).collect::<Vec<_>>().join(" AND ");
            format!("{} {} OR ({unfilled}) THEN", self.elsif, any(old_wrote.collect()))
        };
        let to_old = if to_old.is_empty() { self.nothing } else { to_old };
        Some(format!(
            "  IF {apart} THEN\n    IF {new_wrote} THEN {to_old}\n    {otherwise} {to_new}\n    END IF;\n  END IF;\n"
        ))
    }

    /// Old columns have no value, or do not give what the new ones hold.
    pub(super) fn behind(&self, at: &Catalog, table: &Table, sync: &Synced, prefix: &str) -> Option<String> {
        let sides = self.spell(at, table, sync, prefix)?;
        let followers = || sides.back.iter().filter(|(_, _, value)| value.is_some());
        let empty = followers().map(|(_, name, _)| format!("{prefix}{name} IS NULL")).collect::<Vec<_>>();
        let differ = followers().map(|(id, name, value)| {
            format!("NOT ({})", self.same(table, *id, &format!("{prefix}{name}"), value.as_deref().unwrap_or_default()))
        });
        let differ = differ.collect::<Vec<_>>().join(" OR ");
        Some(format!("({differ}) AND (NOT ({}) OR {})", sides.agree_forth(table, prefix), empty.join(" OR ")))
    }

    /// The old columns follow, and nothing else.
    pub(super) fn follow(&self, at: &Catalog, table: &Table, sync: &Synced) -> Option<String> {
        let (sides, behind) = (self.spell(at, table, sync, "NEW.")?, self.behind(at, table, sync, "NEW.")?);
        let to_old = sides.to_old();
        Some(if to_old.is_empty() {
            String::new()
        } else {
            format!("  IF {behind} THEN {}\n  END IF;\n", to_old.trim_end())
        })
    }

    /// `"a" = …, "b" = …` for the old columns.
    pub(super) fn assignments(&self, at: &Catalog, table: &Table, sync: &Synced) -> Option<String> {
        let sides = self.spell(at, table, sync, "")?;
        let set = |(_, name, value): &(ColumnId, String, Option<String>)| {
            value.as_ref().map(|value| format!("{name} = {value}"))
        };
        Some(sides.back.iter().filter_map(set).collect::<Vec<_>>().join(", "))
    }
}
