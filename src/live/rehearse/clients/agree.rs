//! Is a value in one shape what another one is in the other? Judged by the server's own casts and by what was decided, never
//! by what the plan does.

use super::belief::{Field, Given, Model};
use super::session::Row;
use crate::live::line::{Boxed, Tongue};
use crate::live::rehearse::compare::plain;
use crate::live::sql::literal;
use crate::live::{Error, Result, quote};
use std::collections::BTreeMap;

mod shelf;

/// Asks the server what values are in other types.
pub(super) struct Scribe {
    line: Boxed,
    known: BTreeMap<String, Option<String>>,
    /// Temporary tables by the type of their one column, where the server casts to few types.
    shelves: BTreeMap<String, String>,
    /// Labels of enums, and what they become.
    labels: Vec<(String, String)>,
}

impl Scribe {
    pub(super) fn new(line: Boxed, labels: Vec<(String, String)>) -> Self {
        Scribe { line, known: BTreeMap::new(), shelves: BTreeMap::new(), labels }
    }

    /// How the server is spoken to.
    pub(super) fn tongue(&self) -> Tongue {
        self.line.tongue()
    }

    /// The value of an expression as text; None if it has none.
    fn ask(&mut self, expression: &str) -> Result<Option<String>> {
        if let Some(known) = self.known.get(expression) {
            return Ok(known.clone());
        }
        let answer = match self.line.rows(&format!("SELECT ({expression})::text")) {
            Ok(rows) => rows.into_iter().flatten().next().flatten(),
            Err(Error { sqlstate: Some(_), .. }) => None,
            Err(error) => return Err(error),
        };
        self.known.insert(expression.to_owned(), answer.clone());
        Ok(answer)
    }

    /// How the server prints a value of a field; None if it is none.
    pub(super) fn canonical(&mut self, field: &Field, text: &str) -> Result<Option<String>> {
        match self.line.tongue() {
            Tongue::Postgres => self.ask(&format!("CAST({}::text AS {})", literal(text), field.sql_type)),
            Tongue::Sqlite if !field.knows(text) => Ok(None),
            Tongue::Mysql | Tongue::Sqlite => self.shelved(field, &field.parameter(&Some(text.to_owned()))),
        }
    }

    /// Is what was asked for what there is?
    pub(super) fn same(&mut self, field: &Field, asked: &Option<String>, found: &Option<String>) -> Result<bool> {
        if asked == found || plain(asked) == plain(found) {
            return Ok(true);
        }
        let Some(asked) = asked else { return Ok(false) };
        let canonical = self.canonical(field, asked)?;
        Ok(canonical.is_some() && plain(&canonical) == plain(found))
    }

    /// The same, or what was decided that a label becomes.
    pub(super) fn kept(&mut self, field: &Field, asked: &Option<String>, found: &Option<String>) -> Result<bool> {
        if let (Some(asked), Some(found), false) = (asked, found, field.ty.labels.is_empty())
            && self.mapped(asked, found)
        {
            return Ok(true);
        }
        self.same(field, asked, found)
    }

    /// What a client wrote and reads later, when its column may be of another type: there it is what it is in the other shape.
    pub(super) fn stayed(
        &mut self,
        (own, written): (&Field, &Option<String>),
        (other, found): (Option<&Field>, &Option<String>),
    ) -> Result<bool> {
        if self.kept(own, written, found)? {
            return Ok(true);
        }
        let Some(other) = other else { return Ok(false) };
        // A NULL may be filled for the other client.
        if written.is_none() && other.required {
            return Ok(true);
        }
        if let Some(written) = written
            && self.canonical(own, written)?.is_none()
        {
            return Ok(true);
        }
        Ok(own.sql_type != other.sql_type && self.agrees((own, written), (other, found))?)
    }

    /// A value of one field as one of another; None if the server has no such cast, or not for this value.
    pub(super) fn convert(&mut self, from: &Field, to: &Field, text: &str) -> Result<Option<String>> {
        if from.sql_type == to.sql_type {
            return Ok(Some(text.to_owned()));
        }
        if self.line.tongue() != Tongue::Postgres {
            return self.poured(from, to, text);
        }
        let value = format!("CAST({}::text AS {})", literal(text), from.sql_type);
        let json = |field: &Field| ["json", "jsonb"].contains(&field.ty.name.as_str());
        match (from.ty.list, to.ty.list) {
            (true, false) if json(to) => return self.ask(&format!("to_jsonb({value})")),
            (true, false) => return self.ask(&format!("CAST(({value})[1]::text AS {})", to.sql_type)),
            (false, true) if json(from) => return Ok(None),
            (false, true) => return self.ask(&format!("CAST(ARRAY[{value}]::text[] AS {})", to.sql_type)),
            (true, true) | (false, false) => {}
        }
        if let Some(direct) = self.ask(&format!("CAST({value} AS {})", to.sql_type))? {
            return Ok(Some(direct));
        }
        self.ask(&format!("CAST({value}::text AS {})", to.sql_type))
    }

    /// Is `there` what `here` is in the other shape? Right where either follows from the other.
    pub(super) fn agrees(
        &mut self,
        (from, here): (&Field, &Option<String>),
        (to, there): (&Field, &Option<String>),
    ) -> Result<bool> {
        let (here, there) = match (here, there) {
            (None, None) => return Ok(true),
            (None, Some(_)) => return Ok(to.required || to.ty.list),
            // What an empty field becomes may stand for one, and an empty list is nothing.
            (Some(here), None) if !to.required && (from.given == Given::Text(here.clone()) || from.ty.list) => {
                return Ok(true);
            }
            // A value that has no counterpart is nothing in the other shape.
            (Some(here), None) => return Ok(!to.required && self.convert(from, to, here)?.is_none()),
            (Some(here), Some(there)) => (here, there),
        };
        if plain(&Some(here.clone())) == plain(&Some(there.clone())) || self.mapped(here, there) {
            return Ok(true);
        }
        let forth = self.convert(from, to, here)?;
        if forth.is_none() || plain(&forth) == plain(&Some(there.clone())) {
            return Ok(true);
        }
        let back = self.convert(to, from, there)?;
        // A default that is no value of the other type stands for the other side's default.
        let default = |field: &Field, text: &String| {
            let same = |own: &String| plain(&Some(own.clone())) == plain(&Some(text.clone()));
            matches!(&field.given, Given::Text(own) if same(own))
        };
        let both = back.is_none() && default(from, here) && default(to, there);
        Ok(both || plain(&back) == plain(&Some(here.clone())))
    }

    /// What an expression over the columns of a row gives, as a field of another client holds it; None if it fails.
    pub(super) fn computed(
        &mut self,
        (model, row): (&Model, &Row),
        expression: &str,
        to: &Field,
    ) -> Result<Option<Option<String>>> {
        if self.line.tongue() != Tongue::Postgres {
            return self.computed_there((model, row), expression, to);
        }
        let column = |(field, value): (&Field, &Option<String>)| {
            let value = value.as_ref().map_or_else(|| "NULL".to_owned(), |text| format!("{}::text", literal(text)));
            format!("CAST({value} AS {}) AS {}", field.sql_type, quote(&field.name))
        };
        let columns: Vec<String> = model.fields.iter().zip(row).map(column).collect();
        let from = format!("FROM (SELECT {}) AS {}", columns.join(", "), quote(&model.name.1));
        // A comment may end an expression.
        let value = format!("SELECT CAST(({expression}\n) AS {}) AS v {from}", to.sql_type);
        let works = self.ask(&format!("SELECT count(*) FROM ({value}) AS x WHERE v IS NULL OR v IS NOT NULL"))?;
        Ok(if works.is_some() { Some(self.ask(&value)?) } else { None })
    }

    /// Does a label become another one, or might another one have become it?
    pub(super) fn is_mapped(&self, label: &str, own: bool) -> bool {
        self.labels.iter().any(|(was, is)| was != is && (was == label || !own && is == label))
    }

    /// Is one the other's label, alone or as an element of a list?
    fn mapped(&self, here: &str, there: &str) -> bool {
        fn image<'l>(labels: &'l [(String, String)], label: &'l str) -> &'l str {
            labels.iter().find(|(was, _)| was == label).map_or(label, |(_, is)| is)
        }
        let one = |a: &str, b: &str| {
            let (of_a, of_b) = (image(&self.labels, a), image(&self.labels, b));
            of_a == of_b || of_a == b || of_b == a
        };
        fn list(text: &str) -> Option<Vec<&str>> {
            Some(text.strip_prefix('{')?.strip_suffix('}')?.split(',').map(|e| e.trim_matches('"')).collect())
        }
        match (list(here), list(there)) {
            (Some(a), Some(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| one(a, b)),
            _ => one(here, there),
        }
    }

    /// The label that this one is on the other side.
    pub(super) fn other_label(&self, label: &str, known: &[String]) -> String {
        let other = self.labels.iter().find_map(|(was, is)| match () {
            () if was == label && known.contains(is) => Some(is),
            () if is == label && known.contains(was) => Some(was),
            () => None,
        });
        other.cloned().unwrap_or_else(|| label.to_owned())
    }
}
