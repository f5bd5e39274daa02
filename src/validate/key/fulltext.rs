//! Rules of `@@fulltext`.

use crate::diag::Diagnostic;
use crate::model::{Key, KeyKind, ModelWalker};
use crate::validate::caps::Feature;
use crate::validate::context::Context;

/// Those of one index.
pub(super) fn rules(cx: &mut Context<'_, '_>, key: &Key<'_>) {
    if key.kind == KeyKind::Fulltext {
        the_database_has_it(cx, key);
        its_texts_stand_together(cx, key);
    }
}

/// PS0611
fn the_database_has_it(cx: &mut Context<'_, '_>, key: &Key<'_>) {
    let Some(caps) = cx.caps.filter(|c| !c.can(Feature::FulltextIndex)) else { return };
    cx.report(
        Diagnostic::error("PS0611", format!("{} has no `@@fulltext`", caps.title))
            .at(key.span)
            .saying("for MySQL and MongoDB alone")
            .help("on PostgreSQL, index a tsvector column with `@@index([…], type: Gin)`"),
    );
}

/// PS0611
pub(super) fn a_model_has_one(cx: &mut Context<'_, '_>, model: ModelWalker<'_, '_>) {
    if cx.caps.is_none_or(|c| !c.can(Feature::OneFulltextIndex)) {
        return;
    }
    let found: Vec<&Key<'_>> = model.get().keys.iter().filter(|k| k.kind == KeyKind::Fulltext).collect();
    let [first, rest @ ..] = &found[..] else { return };
    for key in rest {
        cx.report(
            Diagnostic::error("PS0611", format!("`{}` has a second `@@fulltext`", model.name.name))
                .at(key.span)
                .saying("the second")
                .label(first.span, "the first")
                .note("MongoDB has one full-text index a collection")
                .help("index all texts with one `@@fulltext([…])`"),
        );
    }
}

/// PS0611: on MongoDB, sorted fields may stand before and behind the texts, not between them.
fn its_texts_stand_together(cx: &mut Context<'_, '_>, key: &Key<'_>) {
    if cx.caps.is_none_or(|c| !c.can(Feature::FulltextSort)) {
        return;
    }
    let is_text = |at: usize| key.fields[at].sort.is_none();
    let texts: Vec<usize> = (0..key.fields.len()).filter(|at| is_text(*at)).collect();
    let (Some(first), Some(last)) = (texts.first(), texts.last()) else { return };
    if last - first + 1 == texts.len() {
        return;
    }
    cx.report(
        Diagnostic::error("PS0611", "the texts of a full-text index have to stand together")
            .at(key.span)
            .saying("a sorted field between texts")
            .help("put the sorted fields before or behind the texts"),
    );
}
