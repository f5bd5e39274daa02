//! The files of a plan, as paths and texts. Putting them on a disk is `folder`'s.

use super::{json, queries, runbook};
use crate::script::{Migration, Script, Stage};
use std::collections::BTreeMap;

/// The name of the file by which a folder is known as a plan.
pub const PLAN: &str = "plan.json";

/// The name of the file with what to look at meanwhile.
pub const MONITOR: &str = "monitor.sql";

/// The files of a plan: relative paths with `/`, in order, and what is in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    texts: BTreeMap<String, String>,
}

impl Files {
    /// Adds a file; its text gets a line feed at the end if it has none.
    pub fn insert(&mut self, path: impl Into<String>, text: impl Into<String>) {
        let mut text = text.into();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        self.texts.insert(path.into(), text);
    }

    /// Paths and texts, by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of one.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// None?
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}

/// The folder of a plan.
pub fn files(script: &Script) -> Files {
    let mut files = Files::default();
    files.insert(PLAN, json::plan(script));
    files.insert("RUNBOOK.md", runbook::render(script));
    if !script.monitor.is_empty() {
        files.insert(MONITOR, queries::monitor(script));
    }
    for stage in &script.stages {
        if let Some(schema) = &stage.schema {
            files.insert(format!("{}/schema.prisma", stage.folder), schema.as_str());
        }
        for migration in &stage.migrations {
            files.insert(up_path(stage, migration), migration.up.as_str());
            files.insert(down_path(stage, migration), migration.down.as_str());
        }
        for (name, asked, when) in
            [("preflight.sql", &stage.preflight, "before"), ("verify.sql", &stage.verify, "after")]
        {
            if !asked.is_empty() {
                files.insert(format!("{}/{name}", stage.folder), queries::checks(stage, asked, when));
            }
        }
    }
    files
}

/// Where the way forwards is: `1-expand/migrations/0001_add_user_nickname/migration.sql`.
pub fn up_path(stage: &Stage, migration: &Migration) -> String {
    format!("{}/migrations/{}/migration.sql", stage.folder, migration.name)
}

/// Where the way back is.
pub fn down_path(stage: &Stage, migration: &Migration) -> String {
    format!("{}/migrations/{}/down.sql", stage.folder, migration.name)
}
