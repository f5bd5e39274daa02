//! Rules of `where`: the condition of a partial index.

use crate::diag::Diagnostic;
use crate::model::{Condition, Constant, FieldType, FieldWalker, Key, Predicate, Scalar};
use crate::validate::caps::Feature;
use crate::validate::context::Context;

/// All of them.
pub(super) fn rules(cx: &mut Context<'_, '_>, key: &Key<'_>) {
    let Some(predicate) = &key.predicate else { return };
    the_preview_feature_is_on(cx, key);
    the_database_has_partial_indexes(cx, key);
    match predicate {
        Predicate::Raw(sql) if sql.is_empty() => empty(cx, key),
        Predicate::Raw(_) => {}
        Predicate::Fields(conditions) if conditions.is_empty() => empty(cx, key),
        Predicate::Fields(conditions) => {
            for (field, condition) in conditions {
                its_constants_are_of_the_type_of_their_fields(cx, key, cx.schema.field(*field), condition);
            }
        }
    }
}

/// PS0615
fn the_preview_feature_is_on(cx: &mut Context<'_, '_>, key: &Key<'_>) {
    if cx.schema.has_preview("partialIndexes") {
        return;
    }
    cx.report(
        Diagnostic::error("PS0615", "partial indexes are a preview feature of Prisma")
            .at(key.span)
            .saying("`where`")
            .help("add `previewFeatures = [\"partialIndexes\"]` to the generator"),
    );
}

/// PS0615
fn the_database_has_partial_indexes(cx: &mut Context<'_, '_>, key: &Key<'_>) {
    let Some(caps) = cx.caps.filter(|c| !c.can(Feature::PartialIndexes)) else { return };
    if !cx.schema.has_preview("partialIndexes") {
        return;
    }
    cx.report(
        Diagnostic::error("PS0615", format!("there are no partial indexes on {}", caps.title))
            .at(key.span)
            .saying("`where`")
            .help("remove `where`"),
    );
}

/// PS0615
fn empty(cx: &mut Context<'_, '_>, key: &Key<'_>) {
    cx.report(
        Diagnostic::error("PS0615", "the condition of a partial index is empty")
            .at(key.span)
            .saying("`where`")
            .help("say which rows are indexed, or remove `where`"),
    );
}

/// PS0615
fn its_constants_are_of_the_type_of_their_fields(
    cx: &mut Context<'_, '_>,
    key: &Key<'_>,
    field: FieldWalker<'_, '_>,
    condition: &Condition<'_>,
) {
    let constant = match condition {
        Condition::Null | Condition::NotNull if !matches!(field.ty, FieldType::Unsupported(_)) => return,
        Condition::Null | Condition::NotNull => None,
        Condition::Is(constant) | Condition::IsNot(constant) => Some(constant),
    };
    let wanted = match (&field.get().ty, constant) {
        (FieldType::Unsupported(_), _) => "nothing here: write `raw(\"…\")`",
        (FieldType::Enum(_), Some(Constant::String(_))) => return,
        (FieldType::Enum(_), _) => "the name of a value in quotes",
        (FieldType::Scalar(scalar), Some(constant)) => match (scalar, constant) {
            (Scalar::String | Scalar::DateTime, Constant::String(_))
            | (Scalar::Int | Scalar::BigInt | Scalar::Float | Scalar::Decimal, Constant::Number(_))
            | (Scalar::Boolean, Constant::Boolean(_)) => return,
            (Scalar::String | Scalar::DateTime, _) => "a string",
            (Scalar::Int | Scalar::BigInt | Scalar::Float | Scalar::Decimal, _) => "a number",
            (Scalar::Boolean, _) => "`true` or `false`",
            (Scalar::Json | Scalar::Bytes, _) => "nothing here: write `raw(\"…\")`",
        },
        (FieldType::Scalar(_) | FieldType::Composite(_) | FieldType::Model(..) | FieldType::Unknown, _) => return,
    };
    cx.report(
        Diagnostic::error("PS0615", format!("`{}` in `where` takes {wanted}", field.name.name))
            .at(key.span)
            .saying("of another type")
            .label(field.ty_span, cx.type_name(field)),
    );
}
