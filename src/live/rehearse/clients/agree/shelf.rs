//! What values are in other types where the server casts to few: a temporary table of one column for each type, into which a value
//! is put and out of which it is read, as the server converts it there.

use super::Scribe;
use crate::live::line::Tongue;
use crate::live::rehearse::clients::belief::{Field, Model};
use crate::live::rehearse::clients::session::Row;
use crate::live::{Error, Result};

impl Scribe {
    /// How the server prints what it makes of a value that is put into a column of this field's type; None if it is none there.
    pub(super) fn shelved(&mut self, field: &Field, value: &str) -> Result<Option<String>> {
        let asked = format!("{}: {value}", field.sql_type);
        if let Some(known) = self.known.get(&asked) {
            return Ok(known.clone());
        }
        let answer = self.put(field, &format!("VALUES ({value})"))?;
        self.known.insert(asked, answer.clone());
        Ok(answer)
    }

    /// A value of one field as one of another.
    pub(super) fn poured(&mut self, from: &Field, to: &Field, text: &str) -> Result<Option<String>> {
        let asked = format!("{} to {}: {text}", from.sql_type, to.sql_type);
        let mysql = self.tongue() == Tongue::Mysql;
        if let Some(known) = self.known.get(&asked) {
            return Ok(known.clone().filter(|text| mysql || to.knows(text)));
        }
        let answer = if self.put(from, &format!("VALUES ({})", from.parameter(&Some(text.to_owned()))))?.is_none() {
            None
        } else {
            let is = |field: &Field, names: &[&str]| names.contains(&field.ty.name.as_str());
            let letters = ["text", "varchar", "bpchar"];
            // An enum is a number to the server wherever a number would do, and a Boolean is one to us nowhere.
            let value = match () {
                () if is(from, &["bool"]) && is(to, &letters) => "CASE WHEN v THEN 'true' ELSE 'false' END",
                () if is(from, &letters) && is(to, &["bool"]) => {
                    "CASE LOWER(v) WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE v END"
                }
                () if mysql && is(from, &["jsonb"]) && is(to, &letters) => "JSON_UNQUOTE(v)",
                () if is(from, &["enum"]) || is(to, &["enum"]) => "CONCAT(v)",
                () => "v",
            };
            let shelf = self.shelf(from)?;
            self.put(to, &format!("SELECT {value} FROM {shelf}"))?
        };
        self.known.insert(asked, answer.clone());
        Ok(answer.filter(|text| mysql || to.knows(text)))
    }

    /// What an expression over the columns of a row gives; None if it fails.
    pub(super) fn computed_there(
        &mut self,
        (model, row): (&Model, &Row),
        expression: &str,
        to: &Field,
    ) -> Result<Option<Option<String>>> {
        let columns: Vec<String> = model.fields.iter().map(|f| format!("{} {}", f.column(), f.sql_type)).collect();
        let values: Vec<String> = model.fields.iter().zip(row).map(|(field, value)| field.parameter(value)).collect();
        let temporary = if self.tongue() == Tongue::Mysql { "TEMPORARY " } else { "" };
        self.line.run(&format!("DROP {temporary}TABLE IF EXISTS _ps_row"))?;
        self.line.run(&format!("CREATE TEMPORARY TABLE _ps_row ({}){}", columns.join(", "), self.characters()))?;
        if !self.works(&format!("INSERT INTO _ps_row VALUES ({})", values.join(", ")))? {
            return Ok(None);
        }
        // A comment may end an expression.
        let select = format!("SELECT ({expression}\n) FROM _ps_row AS {}", to_name(model));
        let shelf = self.shelf(to)?;
        self.line.run(&format!("DELETE FROM {shelf}"))?;
        if !self.works(&format!("INSERT INTO {shelf} {select}"))? {
            return Ok(None);
        }
        self.on_shelf(to, &shelf).map(Some)
    }

    /// Puts what a source gives onto the shelf of a type, and reads it; None if it does not go there.
    fn put(&mut self, field: &Field, source: &str) -> Result<Option<String>> {
        let shelf = self.shelf(field)?;
        self.line.run(&format!("DELETE FROM {shelf}"))?;
        if !self.works(&format!("INSERT INTO {shelf} {source}"))? {
            return Ok(None);
        }
        self.on_shelf(field, &shelf)
    }

    fn on_shelf(&mut self, field: &Field, shelf: &str) -> Result<Option<String>> {
        let sql = format!("SELECT {} FROM {shelf} WHERE v IS NULL OR {}", field.as_text("v"), field.holds("v"));
        let rows = self.line.rows(&sql)?;
        Ok(rows.into_iter().flatten().next().flatten())
    }

    fn works(&mut self, sql: &str) -> Result<bool> {
        match self.line.run(sql) {
            Ok(()) => Ok(true),
            Err(Error { sqlstate: Some(_), .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn characters(&self) -> &'static str {
        match self.tongue() {
            Tongue::Mysql => CHARACTERS,
            Tongue::Postgres | Tongue::Sqlite => "",
        }
    }

    /// The shelf of a type, made when it is first asked for.
    fn shelf(&mut self, field: &Field) -> Result<String> {
        if let Some(known) = self.shelves.get(&field.sql_type) {
            return Ok(known.clone());
        }
        let name = format!("_ps_shelf_{}", self.shelves.len());
        self.line.run(&format!("CREATE TEMPORARY TABLE {name} (v {} NULL){}", field.sql_type, self.characters()))?;
        self.shelves.insert(field.sql_type.clone(), name.clone());
        Ok(name)
    }
}

/// As in every table that Prisma makes.
const CHARACTERS: &str = " DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci";

fn to_name(model: &Model) -> String {
    model.tongue.quote(&model.name.1)
}
