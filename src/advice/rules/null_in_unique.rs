//! PS1005: a unique over several fields, one of which may be NULL: NULLs are distinct.

use crate::advice::Report;
use crate::advice::facts::{own_fields, soft_delete, spelled};
use crate::advice::report::of_key;
use crate::advice::words::ends_in;
use crate::ast::Arity;
use crate::model::{Condition, FieldWalker, Key, KeyKind, Predicate, Provider, Schema};

/// What tells things of one scope apart.
const NAMES: &[&str] = &[
    "name", "slug", "key", "email", "title", "path", "label", "code", "type", "kind", "date", "day", "month", "year",
    "position", "number", "order", "index", "username", "handle", "domain", "locale", "language", "version", "url",
];

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    // SQL Server and MongoDB take NULL for a value like any other.
    if matches!(schema.provider(), Some(Provider::Sqlserver | Provider::Mongodb) | None) {
        return;
    }
    for model in schema.walk_models() {
        let compound = |key: &&Key<'_>| key.kind == KeyKind::Unique && key.fields.len() > 1;
        let uniques: Vec<&Key<'_>> = model.get().keys.iter().filter(compound).collect();
        let marker = if uniques.is_empty() { None } else { soft_delete(model) };
        for key in uniques.iter().copied() {
            let Some(fields) = own_fields(key) else { continue };
            let fields: Vec<_> = fields.into_iter().map(|field| schema.field(field)).collect();
            let optional: Vec<_> = fields.iter().filter(|field| may_be_null(**field, key)).collect();
            let required: Vec<_> = fields.iter().filter(|field| field.arity == Arity::Required).collect();
            let is_marked = optional.iter().any(|field| marker.is_some_and(|marker| marker.at == field.at));
            // A name within a scope that may be none. A number that may be missing within a scope is meant as it is.
            let is_scoped = optional.iter().all(|field| report.facts.is_foreign(**field))
                && required.iter().any(|field| ends_in(field.name.name, NAMES) && !report.facts.is_foreign(**field));
            if optional.is_empty()
                || required.is_empty()
                || !(is_marked || is_scoped && !has_twin(key, &uniques, schema))
            {
                continue;
            }
            let names: Vec<String> = optional.iter().map(|field| format!("`{}`", field.name.name)).collect();
            let names = crate::advice::words::listed(&names);
            let others: Vec<&str> =
                fields.iter().filter(|f| f.arity == Arity::Required).map(|field| field.get().name.name).collect();
            let mut finding = report
                .finding(format!(
                    "{} of `{}` lets duplicates in where {names} is NULL",
                    spelled(schema, key),
                    model.name.name
                ))
                .at(key.span)
                .saying("NULLs are distinct from each other here");
            for field in &optional {
                finding = finding.label(field.ty_span, "may be NULL");
            }
            let finding = finding
                .note(format!(
                    "any number of rows may have the same {} and no {names}; `upsert` and `connectOrCreate` cannot \
                     find them by this key either, and make one more each time",
                    others.join(", ")
                ))
                .help(advised(schema.provider(), &others, &optional));
            report.push(of_key(model, key), finding);
        }
    }
}

/// Is there another unique of the same names within another scope? Then each row is in one of the two.
fn has_twin(key: &Key<'_>, uniques: &[&Key<'_>], schema: &Schema<'_>) -> bool {
    let names = |key: &Key<'_>| {
        let fields = own_fields(key).unwrap_or_default().into_iter().map(|field| schema.field(field));
        let mut names: Vec<_> = fields.filter(|field| field.arity == Arity::Required).map(|field| field.at).collect();
        names.sort();
        names
    };
    let is_twin = |other: &&Key<'_>| {
        other.span != key.span && other.fields.len() == key.fields.len() && names(other) == names(key)
    };
    // Of very many, nobody could look at each beside each.
    uniques.iter().take(32).any(is_twin)
}

fn may_be_null(field: FieldWalker<'_, '_>, key: &Key<'_>) -> bool {
    let excluded = match &key.predicate {
        Some(Predicate::Fields(conditions)) => {
            conditions.iter().any(|(own, condition)| *own == field.at && *condition != Condition::Null)
        }
        // Nobody knows what it says; it was somebody's thought.
        Some(Predicate::Raw(_)) => true,
        None => false,
    };
    field.arity == Arity::Optional && !excluded
}

fn advised(provider: Option<Provider>, others: &[&str], optional: &[&FieldWalker<'_, '_>]) -> String {
    let first = optional.first().map_or("", |field| field.get().name.name);
    let required = format!("make `{first}` required, with a value that stands for none");
    match provider {
        Some(Provider::Postgresql | Provider::Sqlite | Provider::Cockroachdb) if optional.len() == 1 => format!(
            "{required}; or keep the rows without it apart: `@@unique([{}], where: {{ {first}: null }}, map: \"…\")`",
            others.join(", ")
        ),
        Some(_) | None => required,
    }
}
