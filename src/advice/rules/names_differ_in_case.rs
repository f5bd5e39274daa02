//! PS1051: two names that differ in nothing but case.

use crate::advice::Report;
use crate::advice::report::{of_field, of_model};
use crate::model::{Provider, Schema};
use std::collections::HashMap;

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    let why = match schema.provider() {
        Some(Provider::Postgresql | Provider::Cockroachdb) => {
            "in SQL a name without quotes is made lower case, and hits one of them or neither; a database of \
             another kind cannot hold both"
        }
        Some(Provider::Mysql) => {
            "MySQL takes column names without regard to case, and table names too on Windows and macOS: there the \
             second cannot be made"
        }
        Some(Provider::Sqlite | Provider::Sqlserver) => {
            "this database takes names without regard to case: the second cannot be made"
        }
        Some(Provider::Mongodb) | None => return,
    };
    let mut tables: HashMap<(Option<&str>, String), _> = HashMap::new();
    for model in schema.walk_models() {
        let namespace = model.get().schema.as_ref().map(|schema| &*schema.value);
        let name = model.get().database_name();
        if let Some(first) = tables.insert((namespace, name.to_lowercase()), model) {
            let finding = report
                .finding(format!("the tables `{}` and `{name}` differ in case alone", first.get().database_name()))
                .at(model.name.span)
                .saying("the second")
                .label(first.name.span, "the first")
                .note(why)
                .help("give one another name with `@@map`");
            report.push(of_model(model), finding);
        }
        let mut columns: HashMap<String, _> = HashMap::new();
        for field in model.walk_columns() {
            let name = field.get().database_name();
            if let Some(first) = columns.insert(name.to_lowercase(), field) {
                let finding = report
                    .finding(format!(
                        "the columns `{}` and `{name}` of `{}` differ in case alone",
                        first.get().database_name(),
                        model.name.name
                    ))
                    .at(field.name.span)
                    .saying("the second")
                    .label(first.name.span, "the first")
                    .note(why)
                    .help("give one another name with `@map`");
                report.push(of_field(field), finding);
            }
        }
    }
}
