//! What a plan leads from and to: the databases at both ends, and what is called otherwise at the other.

use crate::catalog::Name;
use crate::dialect::Engine;
use crate::diff::Matched;
use crate::options::Options;
use crate::pair::Pair;
use crate::source::{FileId, SchemaFiles, Sources};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The databases at both ends, as the SQL that makes each of them from nothing: with it a plan can be rehearsed wherever
/// its folder is; with the schemas beside it, the clients made from them can be played too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ends {
    /// The database before the first stage.
    pub old: String,
    /// The database after the last stage.
    pub new: String,
    /// The values that columns of the database before it may hold, where it does not know them itself: enums kept as text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Labelled>,
    /// The schemas that the databases are those of, and what was said of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schemas: Option<Schemas>,
}

/// The texts of both schemas, and the answers that are not in them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Schemas {
    /// The files of OLD, in the order in which they were read; none where there was nothing before.
    pub old: Vec<String>,
    /// The files of NEW.
    pub new: Vec<String>,
    /// Each `--rename`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renames: Vec<String>,
    /// The text of the intent file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<String>,
    /// What was answered at a terminal, as the text of an intent file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminal: Option<String>,
}

impl Schemas {
    /// Of a run.
    pub fn of(sources: &Sources, both: Pair<Option<&SchemaFiles>>, options: &Options) -> Schemas {
        let texts = |schema: Option<&SchemaFiles>| {
            let files = schema.into_iter().flat_map(|schema| &schema.files);
            files.map(|file| sources.get(*file).text.to_string()).collect()
        };
        let Pair { old, new } = both.map(texts);
        let intent = options.intent.as_ref().map(|(text, _)| text.clone());
        Schemas { old, new, renames: options.renames.clone(), intent, terminal: options.terminal.clone() }
    }

    /// As they were read.
    pub fn read(&self, sources: &mut Sources) -> Pair<Option<SchemaFiles>> {
        let mut read = |name: &str, texts: &[String]| {
            let nth = |(at, text): (usize, &String)| sources.add(format!("{name}/{}.prisma", at + 1), text.clone());
            let files: Vec<FileId> = texts.iter().enumerate().map(nth).collect();
            (!files.is_empty()).then(|| SchemaFiles { name: name.to_owned(), files })
        };
        Pair { old: read("old", &self.old), new: read("new", &self.new) }
    }

    /// What was said of them.
    pub fn options(&self) -> Options {
        let intent = self.intent.clone().map(|text| (text, "the intent file".to_owned()));
        Options { renames: self.renames.clone(), intent, terminal: self.terminal.clone(), ..Options::default() }
    }
}

/// A column that is an enum to clients and text to the database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Labelled {
    /// Its table.
    pub table: String,
    /// Its name.
    pub column: String,
    /// What it may hold.
    pub values: Vec<String>,
}

/// A table and its columns under other names: values that are there are not lost.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Renaming {
    /// The table in OLD: schema and name.
    pub from: (String, String),
    /// The table in NEW: schema and name.
    pub to: (String, String),
    /// Columns that go by another name: OLD's to NEW's.
    pub columns: BTreeMap<String, String>,
}

/// What goes by another name in NEW, by the table's name in OLD.
pub fn renamings(matched: &Matched, engine: Engine) -> Vec<Renaming> {
    let named = |name: &Name| (name.schema.clone().unwrap_or_else(|| engine.home().to_owned()), name.name.clone());
    let mut all = Vec::new();
    for (id, old) in &matched.catalogs.old.tables {
        let Some(new) = matched.catalogs.new.tables.get(id) else { continue };
        let both = old.columns.iter().filter_map(|(id, column)| Some((column, new.columns.get(id)?)));
        // These live side by side for a while, so they have no identity in common.
        let moved = matched.renamed_columns.iter().filter(|(table, _, _)| table == id);
        let moved = moved.filter_map(|(_, from, to)| Some((old.columns.get(from)?, new.columns.get(to)?)));
        let columns = both.chain(moved).filter(|(old, new)| old.name != new.name);
        let columns: BTreeMap<String, String> = columns.map(|(o, n)| (o.name.clone(), n.name.clone())).collect();
        let renaming = Renaming { from: named(&old.name), to: named(&new.name), columns };
        if renaming.from != renaming.to || !renaming.columns.is_empty() {
            all.push(renaming);
        }
    }
    all.sort_by(|a, b| a.from.cmp(&b.from));
    all
}
