//! Rules of namespaces: `schemas` of the datasource, `@@schema` of what is in them.

use super::caps::Feature;
use super::context::Context;
use crate::ast::{Ident, ModelKind};
use crate::diag::{Diagnostic, Edit};
use crate::model::suggest::near;

/// All of them.
pub(super) fn rules(cx: &mut Context<'_, '_>) {
    everything_says_in_which_it_is(cx);
    only_databases_with_namespaces_have_them(cx);
    each_is_one_that_the_datasource_lists(cx);
}

/// PS0630
fn everything_says_in_which_it_is(cx: &mut Context<'_, '_>) {
    let able = cx.caps.is_none_or(|c| c.can(Feature::MultiSchema));
    if !able || cx.schema.datasource.as_ref().is_none_or(|d| d.schemas.is_empty()) {
        return;
    }
    for model in cx.schema.walk_all() {
        let what = match model.kind {
            ModelKind::Model => "model",
            ModelKind::View => "view",
            ModelKind::Composite => continue,
        };
        if cx.model_attribute(model.at, "schema").is_none() {
            cx.report(unplaced(what, model.get().name));
        }
    }
    for item in cx.schema.walk_enums() {
        if item.schema.is_none() {
            cx.report(unplaced("enum", item.get().name));
        }
    }
}

/// PS0631
fn only_databases_with_namespaces_have_them(cx: &mut Context<'_, '_>) {
    let Some(caps) = cx.caps.filter(|c| !c.can(Feature::MultiSchema)) else { return };
    let of_models = cx.schema.models.iter().filter_map(|m| m.schema.as_ref());
    for name in of_models.chain(cx.schema.enums.iter().filter_map(|e| e.schema.as_ref())) {
        cx.report(
            Diagnostic::error("PS0631", format!("there are no schemas within a database of {}", caps.title))
                .at(name.span)
                .saying("`@@schema`")
                .help("remove it"),
        );
    }
}

/// PS0407
fn each_is_one_that_the_datasource_lists(cx: &mut Context<'_, '_>) {
    let schema = cx.schema;
    let Some(datasource) = schema.datasource.as_ref().filter(|_| cx.caps.is_some_and(|c| c.can(Feature::MultiSchema)))
    else {
        return;
    };
    let mut searches = 0;
    let of_models = schema.models.iter().filter_map(|m| m.schema.as_ref());
    for name in of_models.chain(schema.enums.iter().filter_map(|e| e.schema.as_ref())) {
        if datasource.has_schema(&name.value) {
            continue;
        }
        let d = Diagnostic::error("PS0407", format!("the datasource does not list the schema `{}`", name.value))
            .at(name.span)
            .saying("unknown schema");
        searches += 1;
        let known = datasource.schemas.iter().map(|s| &*s.value);
        cx.report(match near(&name.value, known).filter(|_| searches < MAX_SEARCHES) {
            Some(found) => {
                let d = d.help(format!("did you mean `{}`?", found.name));
                let edit = Edit { span: name.span, text: format!("\"{}\"", found.name) };
                if found.alone { d.fix(format!("write \"{}\"", found.name), vec![edit]) } else { d }
            }
            None => d.help("add it to `schemas` of the datasource"),
        });
    }
}

/// So many misspelt names are worth a suggestion: each is a walk over all names.
const MAX_SEARCHES: usize = 50;

fn unplaced(what: &str, name: Ident<'_>) -> Diagnostic {
    Diagnostic::error("PS0630", format!("the {what} `{}` does not say in which schema it is", name.name))
        .at(name.span)
        .saying("no `@@schema`")
        .note("the datasource lists `schemas`, so there is no default one")
        .help("add `@@schema(\"…\")` with one of them")
}
