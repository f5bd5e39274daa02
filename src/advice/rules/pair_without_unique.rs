//! PS1009: a model that links two others, and may link the same two twice.

use crate::advice::facts::{foreign_keys, is_scalar, keys, own_fields};
use crate::advice::report::of_model;
use crate::advice::words::{has_word, words};
use crate::advice::{Report, edit};
use crate::ast::Arity;
use crate::model::{FieldType, FieldWalker, ModelWalker, RelationWalker, Scalar, Schema};

/// Things that happen, as often as they like.
const EVENTS: &[&str] = &[
    "event",
    "log",
    "view",
    "visit",
    "click",
    "history",
    "activity",
    "message",
    "notification",
    "order",
    "payment",
    "transaction",
    "session",
    "report",
    "impression",
    "attempt",
    "job",
    "run",
    "execution",
    "comment",
    "review",
    "hit",
    "request",
    "record",
    "entry",
    "usage",
    "version",
    "revision",
    "snapshot",
    "invite",
    "invitation",
    "download",
];

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    for model in schema.walk_models() {
        let links: Vec<_> = foreign_keys(model).collect();
        let [(_, first), (_, second)] = links[..] else { continue };
        if !is_link(model, report, [first, second]) {
            continue;
        }
        let both: Vec<FieldWalker<'_, '_>> = first.walk_fields().chain(second.walk_fields()).collect();
        let is_held = |fields: &Vec<_>| fields.iter().all(|field| both.iter().any(|own| own.at == *field));
        let is_kept = keys(model)
            .filter(|key| key.kind != crate::model::KeyKind::Index)
            .filter_map(own_fields)
            .any(|fields| is_held(&fields) || fields.len() > 2 && both.iter().all(|own| fields.contains(&own.at)));
        if is_kept {
            continue;
        }
        let (one, two) = (first.other_side().model.name.name, second.other_side().model.name.name);
        let line = format!("@@unique([{}])", both.iter().map(|f| f.get().name.name).collect::<Vec<_>>().join(", "));
        let finding = report
            .finding(format!("`{}` may link the same `{one}` and `{two}` twice", model.name.name))
            .at(model.name.span)
            .saying("no key is made of both links")
            .label(first.owner_side().field.name.span, "one side")
            .label(second.owner_side().field.name.span, "the other side")
            .note(
                "a button that is pressed twice, or a job that runs again, leaves two rows; counts and lists show \
                   them both",
            )
            .help(format!("add `{line}`, after duplicates are gone; it serves lookups by its first column as well"))
            .fix(format!("add {line}"), vec![edit::add_lines(report.sources, model, std::slice::from_ref(&line))]);
        report.push(of_model(model), finding);
    }
}

/// Two required links to different models, one column each, and beside them nothing but its id, moments and states; its
/// name is made of theirs.
fn is_link(model: ModelWalker<'_, '_>, report: &Report<'_, '_>, links: [RelationWalker<'_, '_>; 2]) -> bool {
    let is_plain = links.iter().all(|link| {
        let is_required = link.walk_fields().all(|field| field.arity == Arity::Required);
        is_required && link.get().fields.len() == 1 && !link.is_self_relation()
    });
    let parents = links.map(|link| link.get().other.model);
    let says_so = links.iter().all(|link| {
        let parent = link.other_side().model.name.name;
        let last = words(parent).last().unwrap_or(parent).to_lowercase();
        model.name.name.to_lowercase().contains(last.trim_end_matches('s'))
    });
    let is_small = model.walk_columns().all(|field| {
        let is_id = model.id.as_ref().is_some_and(|id| id.at_field == Some(field.at));
        let is_state = is_scalar(field, Scalar::DateTime)
            || is_scalar(field, Scalar::Boolean)
            || matches!(field.ty, FieldType::Enum(_));
        is_id || is_state || report.facts.is_foreign(field)
    });
    is_plain && parents[0] != parents[1] && says_so && is_small && !has_word(model.name.name, EVENTS)
}
