//! Rules of what fields hold: scalars and lists.

use super::caps::Feature;
use super::context::Context;
use crate::ast::{Arity, ModelKind};
use crate::diag::{Diagnostic, Edit};
use crate::model::{FieldType, FieldWalker, Scalar};
use crate::source::Span;

/// All of them.
pub(super) fn rules(cx: &mut Context<'_, '_>, field: FieldWalker<'_, '_>) {
    if field.owner().kind == ModelKind::Composite {
        return;
    }
    the_database_has_the_type(cx, field);
    the_database_has_lists(cx, field);
}

/// PS0525
fn the_database_has_the_type(cx: &mut Context<'_, '_>, field: FieldWalker<'_, '_>) {
    let (FieldType::Scalar(scalar), Some(caps)) = (&field.get().ty, cx.caps) else { return };
    let (feature, what) = match scalar {
        Scalar::Json if field.arity == Arity::List && caps.can(Feature::Json) => (Feature::JsonLists, "lists of Json"),
        Scalar::Json => (Feature::Json, "type Json"),
        Scalar::Decimal => (Feature::DecimalType, "type Decimal"),
        Scalar::String
        | Scalar::Boolean
        | Scalar::Int
        | Scalar::BigInt
        | Scalar::Float
        | Scalar::DateTime
        | Scalar::Bytes => return,
    };
    if caps.can(feature) {
        return;
    }
    let instead = match feature {
        Feature::Json => "keep the text of it in a String",
        Feature::DecimalType => "keep it as a Float, or its digits in a String or a BigInt",
        _ => "keep the whole list in one Json value",
    };
    cx.report(
        Diagnostic::error("PS0525", format!("{} has no {what}, which `{}` is", caps.title, field.label()))
            .at(field.ty_span)
            .saying(format!("not on {}", caps.title))
            .help(instead),
    );
}

/// PS0526
fn the_database_has_lists(cx: &mut Context<'_, '_>, field: FieldWalker<'_, '_>) {
    if field.arity != Arity::List {
        return;
    }
    let (FieldType::Scalar(_) | FieldType::Enum(_) | FieldType::Unsupported(_)) = field.ty else { return };
    let Some(caps) = cx.caps.filter(|c| !c.can(Feature::ScalarLists)) else { return };
    let brackets = Span { start: field.ty_span.end, end: field.type_end, ..field.ty_span };
    let message = format!("{} has no columns that hold lists, which `{}` would be", caps.title, field.label());
    let mut diagnostic = Diagnostic::error("PS0526", message)
        .at(field.ty_span)
        .saying("a list")
        .help("make its items a model with a relation to this one, or keep the list as Json");
    if !matches!(field.ty, FieldType::Unsupported(_)) {
        diagnostic = diagnostic.fix("make it a single value", vec![Edit { span: brackets, text: String::new() }]);
    }
    cx.report(diagnostic);
}
