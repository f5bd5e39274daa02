//! Rules of shard keys: `@shardKey`, `@@shardKey([…])`, a preview feature for MySQL on PlanetScale.

use super::context::Context;
use crate::ast::{Arg, Arity, Attribute, Expr, Field, Model};
use crate::diag::Diagnostic;
use crate::model::{ModelWalker, Provider};

const NAME: &str = "shardKey";

/// No database has keys of more.
const MOST_FIELDS: usize = 64;

/// All of them.
pub(super) fn rules(cx: &mut Context<'_, '_>, model: ModelWalker<'_, '_>) {
    let written = cx.written_model(model.at);
    let fields = written.fields.iter().filter_map(|field| Some((field, of(&field.attributes)?)));
    let fields: Vec<_> = fields.collect();
    let whole = of(&written.attributes);
    for attribute in fields.iter().map(|(_, a)| *a).chain(whole) {
        it_is_a_preview_feature_for_mysql(cx, attribute);
        it_takes_fields_alone(cx, attribute, whole.is_some_and(|w| w.span == attribute.span));
    }
    for (field, attribute) in &fields {
        its_fields_are_always_there(cx, field, attribute);
    }
    a_model_has_one(cx, written, &fields, whole);
    if let Some(attribute) = whole {
        its_fields_are_columns(cx, model, attribute);
    }
}

fn of<'a, 's>(attributes: &'a [Attribute<'s>]) -> Option<&'a Attribute<'s>> {
    attributes.iter().find(|a| a.name.name == NAME)
}

fn error(message: String, attribute: &Attribute<'_>, saying: &str) -> Diagnostic {
    Diagnostic::error("PS0229", message).at(attribute.span).saying(saying)
}

/// PS0229
fn it_is_a_preview_feature_for_mysql(cx: &mut Context<'_, '_>, attribute: &Attribute<'_>) {
    if let Some(caps) = cx.caps.filter(|c| c.provider != Provider::Mysql) {
        let message = format!("{} has no shard keys", caps.title);
        cx.report(error(message, attribute, "for MySQL alone").help("remove it"));
    } else if !cx.schema.has_preview("shardKeys") {
        let message = "shard keys are a preview feature, which is not switched on".to_owned();
        cx.report(
            error(message, attribute, "needs the preview feature shardKeys")
                .help("add `previewFeatures = [\"shardKeys\"]` to the generator"),
        );
    }
}

/// PS0229
fn it_takes_fields_alone(cx: &mut Context<'_, '_>, attribute: &Attribute<'_>, whole: bool) {
    let args = attribute.args.as_deref().unwrap_or_default();
    let is_fields = |arg: &Arg<'_>| arg.name.is_none_or(|n| n.name == "fields");
    let right = match (whole, args) {
        (false, args) => args.is_empty(),
        (true, [only]) => is_fields(only) && !matches!(&only.value, Some(Expr::Array(items, _)) if items.is_empty()),
        (true, _) => false,
    };
    if !right {
        let (name, wanted) = if whole { ("@@shardKey", "a list of fields") } else { ("@shardKey", "no argument") };
        let message = format!("`{name}` takes {wanted}, and nothing else");
        cx.report(error(message, attribute, &format!("expected {wanted}")));
    }
}

/// PS0229
fn its_fields_are_always_there(cx: &mut Context<'_, '_>, field: &Field<'_>, attribute: &Attribute<'_>) {
    if field.arity != Arity::Required {
        let message = format!("the shard key `{}` has to be a single value that is always there", field.name.name);
        cx.report(error(message, attribute, "optional, or a list").help("write the field without `?` and `[]`"));
    }
}

/// PS0229
fn a_model_has_one(
    cx: &mut Context<'_, '_>,
    model: &Model<'_>,
    fields: &[(&Field<'_>, &Attribute<'_>)],
    whole: Option<&Attribute<'_>>,
) {
    if fields.len() + usize::from(whole.is_some()) < 2 {
        return;
    }
    let d = Diagnostic::error("PS0229", format!("`{}` has several shard keys", model.name.name))
        .at(model.name.span)
        .saying("has one shard key at most")
        .help("list all of their fields in one `@@shardKey([…])`");
    let spans = fields.iter().map(|(_, a)| a.span).chain(whole.map(|a| a.span));
    cx.report(spans.fold(d, |d, span| d.label(span, "one")));
}

/// PS0229
fn its_fields_are_columns(cx: &mut Context<'_, '_>, model: ModelWalker<'_, '_>, attribute: &Attribute<'_>) {
    let Some(Expr::Array(items, _)) = attribute.args.iter().flatten().find_map(|a| a.value.as_ref()) else { return };
    for item in items.iter().take(MOST_FIELDS) {
        let Expr::Constant(name) = item else { continue };
        let is_column = model.find_field(name.name).is_some_and(|f| f.is_column());
        if !is_column {
            let message = format!("`{}` has no column `{}`, which its shard key names", model.name.name, name.name);
            cx.report(error(message, attribute, "no column").label(name.span, "this one"));
        }
    }
}
