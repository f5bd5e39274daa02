//! PS1001: a foreign key whose columns no index begins with.
//!
//! Of the databases with foreign keys only MySQL makes such an index by itself.

use crate::advice::facts::{POSTGRES_LIKE, foreign_keys, has_foreign_keys, is_on, is_plain, keys, own_fields};
use crate::advice::report::{Item, at_all, of_field};
use crate::advice::{Report, edit, words};
use crate::model::{Condition, FieldId, FieldWalker, Key, ModelWalker, Predicate, Provider, RelationWalker, Schema};

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    let asks = is_on(schema, POSTGRES_LIKE) || is_on(schema, &[Provider::Sqlite, Provider::Sqlserver]);
    if !asks || !has_foreign_keys(schema) {
        return;
    }
    for model in schema.walk_models() {
        let mut unserved: Vec<_> = foreign_keys(model).collect();
        let keys = if unserved.is_empty() { Vec::new() } else { by_first_field(model) };
        unserved.retain(|(_, relation)| !is_served(&keys, *relation));
        unserved.retain(|(field, _)| !report.excuses(of_field(*field)));
        if !unserved.is_empty() {
            say(model, &unserved, report);
        }
    }
}

fn say(
    model: ModelWalker<'_, '_>,
    unserved: &[(FieldWalker<'_, '_>, RelationWalker<'_, '_>)],
    report: &mut Report<'_, '_>,
) {
    let name = model.name.name;
    let mut lines = Vec::new();
    for (_, relation) in unserved {
        let fields: Vec<&str> = relation.walk_fields().map(|f| f.get().name.name).collect();
        let line = format!("@@index([{}])", fields.join(", "));
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    let message = match unserved {
        [(field, _)] => format!("no index serves the foreign key of `{}`", field.label()),
        _ => format!("`{name}` has {} foreign keys that no index serves", unserved.len()),
    };
    let mut parents: Vec<String> = Vec::new();
    for (_, relation) in unserved {
        let parent = format!("`{}`", relation.other_side().model.name.name);
        if !parents.contains(&parent) {
            parents.push(parent);
        }
    }
    let parent = words::listed(&parents);
    let places = unserved.iter().map(|(field, relation)| {
        let columns: Vec<&str> = relation.walk_fields().map(|f| f.get().name.name).collect();
        (field.name.span, format!("no index begins with {}", columns.join(", ")))
    });
    let finding = at_all(report.finding(message), places)
        .note(format!(
            "for each row of {parent} that is deleted, the database reads the whole table of `{name}` to look for rows \
             that point at it; so does each query that goes from there to `{name}`"
        ))
        .help(format!("add {}", words::listed(&lines.iter().map(|line| format!("`{line}`")).collect::<Vec<_>>())));
    let title = format!("add {} to `{name}`", lines.join(", "));
    let edits = vec![edit::add_lines(report.sources, model, &lines)];
    report.push(Item::Schema, finding.fix(title, edits));
}

/// The keys of a model with the field that they begin with, in the order of those.
fn by_first_field<'a, 's>(model: ModelWalker<'a, 's>) -> Vec<(FieldId, &'a Key<'s>)> {
    let first = |key: &'a Key<'s>| Some((key.fields.first()?.field()?, key));
    let mut found: Vec<_> = keys(model).filter_map(first).collect();
    found.sort_by_key(|(first, _)| *first);
    found
}

/// Is there an index whose first columns are those of the foreign key, in whatever order, or some of them alone?
fn is_served(keys: &[(FieldId, &Key<'_>)], relation: RelationWalker<'_, '_>) -> bool {
    let wanted = &relation.get().fields;
    let beginning = |first: &FieldId| {
        let from = keys.partition_point(|(own, _)| own < first);
        let first = *first;
        keys[from..].iter().take_while(move |(own, _)| *own == first).map(|(_, key)| *key)
    };
    wanted.iter().flat_map(beginning).any(|key| {
        let Some(fields) = own_fields(key) else { return false };
        let begins = fields.iter().take(wanted.len()).all(|field| wanted.contains(field));
        begins && (is_plain(key) || is_hash(key) || holds_all_links(key, wanted))
    })
}

fn is_hash(key: &Key<'_>) -> bool {
    key.predicate.is_none() && key.method.is_some_and(|method| method.name == "Hash")
}

/// A partial index that leaves out nothing but rows without a link.
fn holds_all_links(key: &Key<'_>, wanted: &[FieldId]) -> bool {
    match &key.predicate {
        Some(Predicate::Fields(conditions)) => {
            conditions.iter().all(|(field, condition)| *condition == Condition::NotNull && wanted.contains(field))
        }
        Some(Predicate::Raw(_)) | None => false,
    }
}
