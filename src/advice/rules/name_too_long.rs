//! PS1050: names that the database cuts.

use crate::advice::Report;
use crate::advice::report::{Item, of_field, of_key, of_model};
use crate::dialect::postgres;
use crate::model::{FieldId, Key, KeyKind, ModelWalker, Provider, Schema};
use crate::source::Span;

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    let Some(limit) = limit(schema) else { return };
    for model in schema.walk_models() {
        let table = model.get().database_name();
        say(report, of_model(model), limit, "table", table, model.name.span);
        for field in model.walk_columns() {
            let at = field.map.as_ref().map_or(field.name.span, |map| map.span);
            say(report, of_field(field), limit, "column", field.get().database_name(), at);
        }
        for key in model.get().keys.iter().filter(|key| key.map.is_none() && key.fields.len() > 1) {
            derived(schema, model, key, limit, report);
        }
    }
    for item in schema.walk_enums() {
        say(report, Item::Enum(item.at), limit, "type", item.get().database_name(), item.name.span);
    }
}

/// The longest name, and how it is counted. SQLite has no bound.
fn limit(schema: &Schema<'_>) -> Option<Limit> {
    match schema.provider()? {
        Provider::Postgresql | Provider::Cockroachdb => {
            Some(Limit { most: postgres::CONVENTIONS.names.limit, unit: "bytes", is_refused: false })
        }
        Provider::Mysql => Some(Limit { most: 64, unit: "characters", is_refused: true }),
        Provider::Sqlserver => Some(Limit { most: 128, unit: "characters", is_refused: true }),
        Provider::Sqlite | Provider::Mongodb => None,
    }
}

#[derive(Clone, Copy)]
struct Limit {
    most: usize,
    unit: &'static str,
    /// Or cut without a word.
    is_refused: bool,
}

impl Limit {
    fn length(self, name: &str) -> usize {
        if self.unit == "bytes" { name.len() } else { name.chars().count() }
    }
}

/// A name that is written.
fn say(report: &mut Report<'_, '_>, item: Item, limit: Limit, what: &str, name: &str, at: Span) {
    let length = limit.length(name);
    if length <= limit.most {
        return;
    }
    let (verb, why) = if limit.is_refused {
        ("is too long", "the migration that makes it is refused")
    } else {
        (
            "is cut",
            "the server cuts it without an error: introspection finds another name than the schema has, and a \
             second one with the same beginning is refused as a duplicate",
        )
    };
    let finding = report
        .finding(format!("the {what} name `{name}` {verb}: {length} {}, where {} fit", limit.unit, limit.most))
        .at(at)
        .saying(format!("{} too many", length - limit.most))
        .note(why)
        .help("map it to a shorter one with `@map` or `@@map`: the name in the client stays");
    report.push(item, finding);
}

/// A name that Prisma makes of the table and all columns, of which so much is cut that whole columns are gone.
fn derived(schema: &Schema<'_>, model: ModelWalker<'_, '_>, key: &Key<'_>, limit: Limit, report: &mut Report<'_, '_>) {
    let suffix = match key.kind {
        KeyKind::Unique => "_key",
        KeyKind::Index | KeyKind::Fulltext => "_idx",
        KeyKind::Id => return,
    };
    let columns: Vec<FieldId> = key.fields.iter().filter_map(|field| field.field()).collect();
    let columns: Vec<&str> = columns.iter().map(|field| schema.field(*field).get().database_name()).collect();
    let room = limit.most - suffix.len();
    let mut length = limit.length(model.get().database_name());
    let mut lost = Vec::new();
    for column in columns {
        // Fewer letters than these tell nobody which it is.
        if room.saturating_sub(length + 1) < limit.length(column).min(4) {
            lost.push(format!("`{column}`"));
        }
        length += 1 + limit.length(column);
    }
    if lost.is_empty() {
        return;
    }
    let finding = report
        .finding(format!("the name of this key says nothing of {}", crate::advice::words::listed(&lost)))
        .at(key.span)
        .saying(format!(
            "made of the table and all columns, {} {}; cut to {}",
            length + suffix.len(),
            limit.unit,
            limit.most
        ))
        .note(
            "a second key that differs in these columns alone gets the same name and cannot be made; an error \
               message that names it does not tell which it is",
        )
        .help("give it a name: `map: \"…\"`; an index that exists is renamed at once (ALTER INDEX … RENAME)");
    report.push(of_key(model, key), finding);
}
