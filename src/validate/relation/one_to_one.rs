//! Rules of one-to-one relations.

use crate::ast::Arity;
use crate::diag::Diagnostic;
use crate::model::{Key, KeyField, RelationWalker};
use crate::validate::context::{Context, add_attribute, add_line, names};

/// All of them.
pub(super) fn rules(cx: &mut Context<'_, '_>, relation: RelationWalker<'_, '_>) {
    its_foreign_key_is_unique(cx, relation);
    the_side_without_the_foreign_key_is_optional(cx, relation);
}

/// PS0320
fn its_foreign_key_is_unique(cx: &mut Context<'_, '_>, relation: RelationWalker<'_, '_>) {
    let owner = relation.owner_side();
    let is_it = |key: &Key<'_>| {
        let fields = || key.fields.iter().filter_map(KeyField::field);
        fields().all(|f| relation.fields.contains(&f)) && relation.fields.iter().all(|f| fields().any(|k| k == *f))
    };
    if owner.model.get().id.iter().chain(owner.model.walk_uniques()).any(is_it) {
        return;
    }
    let list = names(relation.walk_fields());
    let message = format!("`{}` is one-to-one, but several rows may have the same `{list}`", owner.field.label());
    let d = Diagnostic::error("PS0320", message)
        .at(owner.field.span)
        .saying("nothing keeps the other side to one")
        .label(relation.other_side().field.span, "this side says that there is at most one");
    let d = match relation.walk_fields().next() {
        Some(field) if relation.fields.len() == 1 => d
            .help(format!("add `@unique` to `{list}`, or make `{}` a list", relation.other_side().field.label()))
            .fix(format!("add `@unique` to `{list}`"), vec![add_attribute(field, "@unique")]),
        Some(_) | None => {
            let line = format!("@@unique([{list}])");
            d.help(format!("add `{line}`, or make `{}` a list", relation.other_side().field.label()))
                .fix(format!("add `{line}`"), vec![add_line(owner.model, &line)])
        }
    };
    cx.report(d);
}

/// PS0321
fn the_side_without_the_foreign_key_is_optional(cx: &mut Context<'_, '_>, relation: RelationWalker<'_, '_>) {
    let (owner, other) = (relation.owner_side().field, relation.other_side().field);
    if other.arity != Arity::Required {
        return;
    }
    let (at, message, help) = if owner.arity == Arity::Required {
        (other, format!("`{}` is required, which no database can enforce", other.label()), "make it optional")
    } else {
        (
            owner,
            format!("`{}` holds the foreign key, but `{}` is the required side", owner.label(), other.label()),
            "move `fields` and `references` to the required side, or make that side optional",
        )
    };
    let question_mark = crate::diag::Edit {
        span: crate::source::Span { start: other.ty_span.end, ..other.ty_span },
        text: "?".to_owned(),
    };
    cx.report(
        Diagnostic::error("PS0321", message)
            .at(at.span)
            .saying("the foreign key is on one side, and a row there comes after its partner")
            .label(if at.at == owner.at { other.span } else { owner.span }, "the other side")
            .help(help)
            .fix(format!("make `{}` optional", other.label()), vec![question_mark]),
    );
}
