//! PS1051: two names that differ in nothing but case.

use crate::advice::Report;
use crate::advice::report::{of_field, of_model};
use crate::model::{FieldWalker, ModelWalker, Provider, Schema};
use foldhash::HashMap;

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
    let mut tables: HashMap<(Option<&str>, String), _> = HashMap::default();
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
        for (first, field) in alike(model) {
            let (one, other) = (first.get().database_name(), field.get().database_name());
            let finding = report
                .finding(format!("the columns `{one}` and `{other}` of `{}` differ in case alone", model.name.name))
                .at(field.name.span)
                .saying("the second")
                .label(first.name.span, "the first")
                .note(why)
                .help("give one another name with `@map`");
            report.push(of_field(field), finding);
        }
    }
}

/// Columns whose names are the same in lower case: each with one before it.
fn alike<'a, 's>(model: ModelWalker<'a, 's>) -> Vec<(FieldWalker<'a, 's>, FieldWalker<'a, 's>)> {
    let mut all: Vec<(u64, FieldWalker<'_, '_>)> =
        model.walk_columns().map(|field| (hash(field.get().database_name()), field)).collect();
    all.sort_by_key(|(hash, field)| (*hash, field.at));
    let is_same = |a: FieldWalker<'_, '_>, b: FieldWalker<'_, '_>| {
        a.get().database_name().to_lowercase() == b.get().database_name().to_lowercase()
    };
    let pairs = all.windows(2).map(|pair| (pair[0], pair[1]));
    pairs.filter(|(a, b)| a.0 == b.0 && is_same(a.1, b.1)).map(|(a, b)| (a.1, b.1)).collect()
}

/// A number that names have in common which differ in case alone (FNV-1a).
fn hash(name: &str) -> u64 {
    let letters = name.chars().flat_map(char::to_lowercase);
    letters.fold(0xcbf2_9ce4_8422_2325, |hash, letter| (hash ^ u64::from(letter)).wrapping_mul(0x0100_0000_01b3))
}
