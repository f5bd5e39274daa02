//! Rules of composite types.

use super::caps::Feature;
use super::context::Context;
use crate::ast::{Arity, ModelKind};
use crate::diag::Diagnostic;
use crate::model::{FieldId, FieldType, FieldWalker, ModelId, ModelWalker};

/// Those of all of them together.
pub(super) fn rules_of_all(cx: &mut Context<'_, '_>) {
    none_holds_itself(cx);
}

/// Those of one.
pub(super) fn rules(cx: &mut Context<'_, '_>, composite: ModelWalker<'_, '_>) {
    the_database_has_composite_types(cx, composite);
}

/// PS0610
fn the_database_has_composite_types(cx: &mut Context<'_, '_>, composite: ModelWalker<'_, '_>) {
    let Some(caps) = cx.caps.filter(|c| !c.can(Feature::CompositeTypes)) else { return };
    let message = format!("`{}` is a composite type, which Prisma has on MongoDB alone", composite.name.name);
    cx.report(
        Diagnostic::error("PS0610", message)
            .at(composite.name.span)
            .saying(format!("not on {}", caps.title))
            .help("make it a model with a relation, or keep its values as Json"),
    );
}

/// So many types of a circle are named.
const SHOWN: usize = 8;

/// A type on the way, what it holds, and which of that is next.
type Step = (ModelId, Vec<(FieldId, ModelId)>, usize);

/// PS0660: what is required is there without an end. An optional value or a list may end it.
fn none_holds_itself(cx: &mut Context<'_, '_>) {
    let schema = cx.schema;
    let inner = |id: ModelId| schema.model(id).walk_fields().filter_map(required);
    // 0: not seen, 1: on the way, 2: done. Each type is looked at once; a loop is said at each field of it.
    let mut state = vec![0u8; schema.models.len()];
    let mut said = Vec::new();
    for root in schema.walk_all().filter(|m| m.kind == ModelKind::Composite) {
        if state[root.at.index()] != 0 {
            continue;
        }
        let mut way: Vec<Step> = vec![(root.at, inner(root.at).collect(), 0)];
        state[root.at.index()] = 1;
        while let Some((at, fields, next)) = way.last_mut() {
            let Some((_, to)) = fields.get(*next).copied() else {
                state[at.index()] = 2;
                way.pop();
                continue;
            };
            *next += 1;
            match state[to.index()] {
                0 => {
                    state[to.index()] = 1;
                    way.push((to, inner(to).collect(), 0));
                }
                1 => {
                    let from = way.iter().position(|(id, ..)| *id == to).unwrap_or(0);
                    let names = way[from..].iter().map(|(id, ..)| schema.model(*id).get().name.name);
                    let mut shown: Vec<&str> = names.take(SHOWN).collect();
                    if way.len() - from > SHOWN {
                        shown.push("…");
                    }
                    let path = format!("{} → {}", shown.join(" → "), shown[0]);
                    said.extend(way[from..].iter().map(|(_, fields, next)| (fields[next - 1].0, path.clone())));
                }
                _ => {}
            }
        }
    }
    for (field, path) in said {
        let field = schema.field(field);
        cx.report(
            Diagnostic::error(
                "PS0660",
                format!("the composite type `{}` holds itself without an end", field.owner().name.name),
            )
            .at(field.span)
            .saying("always there")
            .note(format!("the circle: {path}"))
            .help("make a field of the circle optional, or a list"),
        );
    }
}

fn required(field: FieldWalker<'_, '_>) -> Option<(FieldId, ModelId)> {
    match field.ty {
        FieldType::Composite(id) if field.arity == Arity::Required => Some((field.at, id)),
        FieldType::Composite(_)
        | FieldType::Scalar(_)
        | FieldType::Enum(_)
        | FieldType::Model(..)
        | FieldType::Unsupported(_)
        | FieldType::Unknown => None,
    }
}
