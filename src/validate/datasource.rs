//! Rules of datasources.

use super::caps::Feature;
use super::context::Context;
use crate::ast::{self, Block, Config, Expr, Property};
use crate::diag::{Diagnostic, Edit, Severity};
use crate::model::Provider;
use crate::model::suggest::nearest;
use foldhash::HashMap;

/// All of them.
pub(super) fn rules(cx: &mut Context<'_, '_>, ast: &ast::Schema<'_>) {
    for block in &ast.blocks {
        let Block::Datasource(config) = block else { continue };
        its_properties_are_known(cx, config);
        preview_features_belong_to_the_generator(cx, config);
        extensions_are_a_preview_feature(cx, config);
        its_schemas_can_be(cx, config);
        who_keeps_foreign_keys_is_said_once(cx, config);
        the_database_keeps_foreign_keys_like_this(cx, config);
        what_prisma_7_says_of_addresses(cx, ast, config);
    }
}

const KNOWN: [&str; 8] = [
    "provider",
    "url",
    "directUrl",
    "shadowDatabaseUrl",
    "relationMode",
    "schemas",
    "extensions",
    "referentialIntegrity",
];

fn property<'a, 's>(config: &'a Config<'s>, name: &str) -> Option<&'a Property<'s>> {
    config.properties.iter().find(|p| p.name.name == name)
}

/// PS0415
fn its_properties_are_known(cx: &mut Context<'_, '_>, config: &Config<'_>) {
    let is_postgresql = cx.caps.is_none_or(|c| c.provider == Provider::Postgresql);
    for property in &config.properties {
        let name = property.name;
        if name.name == "previewFeatures"
            || (KNOWN.contains(&name.name) && (is_postgresql || name.name != "extensions"))
        {
            continue;
        }
        let d = Diagnostic::error("PS0415", format!("a datasource has no property `{}`", name.name))
            .at(name.span)
            .saying("unknown");
        let similar = nearest(name.name, KNOWN.into_iter().filter(|k| *k != name.name));
        cx.report(match similar {
            _ if name.name == "extensions" => d.help("remove it: `extensions` are PostgreSQL's alone"),
            Some(similar) => d
                .help(format!("did you mean `{similar}`?"))
                .fix(format!("write `{similar}`"), vec![Edit { span: name.span, text: similar.to_owned() }]),
            None => d.help("it has: provider, url, directUrl, shadowDatabaseUrl, relationMode, schemas, extensions"),
        });
    }
}

/// PS0416
fn preview_features_belong_to_the_generator(cx: &mut Context<'_, '_>, config: &Config<'_>) {
    if let Some(property) = property(config, "previewFeatures") {
        cx.report(
            Diagnostic::error("PS0416", "preview features are switched on in the generator, not in the datasource")
                .at(property.span)
                .saying("in the datasource")
                .help("move the line to the generator block"),
        );
    }
}

/// PS0417
fn extensions_are_a_preview_feature(cx: &mut Context<'_, '_>, config: &Config<'_>) {
    let is_postgresql = cx.caps.is_some_and(|c| c.provider == Provider::Postgresql);
    let Some(property) = property(config, "extensions").filter(|_| is_postgresql) else { return };
    if !cx.schema.has_preview("postgresqlExtensions") {
        cx.report(
            Diagnostic::error("PS0417", "`extensions` are a preview feature, which is not switched on")
                .at(property.span)
                .saying("needs the preview feature postgresqlExtensions")
                .help("add `previewFeatures = [\"postgresqlExtensions\"]` to the generator"),
        );
    }
}

/// PS0418
fn its_schemas_can_be(cx: &mut Context<'_, '_>, config: &Config<'_>) {
    let Some(property) = property(config, "schemas") else { return };
    if let Some(caps) = cx.caps.filter(|c| !c.can(Feature::MultiSchema)) {
        return cx.report(
            Diagnostic::error("PS0418", format!("{} has no schemas within a database", caps.title))
                .at(property.span)
                .saying(format!("not on {}", caps.title))
                .help("remove `schemas`, and the `@@schema` attributes"),
        );
    }
    let Some(Expr::Array(items, span)) = &property.value else { return };
    if items.is_empty() {
        cx.report(
            Diagnostic::error("PS0418", "`schemas` lists none")
                .at(*span)
                .saying("empty")
                .help("list the schemas that models are in, or remove the line"),
        );
    }
    let mut seen = HashMap::default();
    for item in items {
        let Expr::String(name) = item else { continue };
        if let Some(first) = seen.insert(&name.value, name.span) {
            cx.report(
                Diagnostic::error("PS0418", format!("`schemas` lists \"{}\" twice", name.value))
                    .at(name.span)
                    .saying("again")
                    .label(first, "listed here")
                    .help("remove one of them"),
            );
        }
    }
}

/// PS0419, PS0420
fn who_keeps_foreign_keys_is_said_once(cx: &mut Context<'_, '_>, config: &Config<'_>) {
    let Some(old) = property(config, "referentialIntegrity") else { return };
    let rename = vec![Edit { span: old.name.span, text: "relationMode".to_owned() }];
    let new = property(config, "relationMode");
    let renamed =
        Diagnostic::warning("PS0420", "`referentialIntegrity` has been named `relationMode` since Prisma 4.5")
            .at(old.name.span)
            .saying("the old name")
            .help("write `relationMode`");
    cx.report(if new.is_some() { renamed } else { renamed.fix("write `relationMode`", rename) });
    if let Some(new) = new {
        cx.report(
            Diagnostic::error(
                "PS0419",
                "`referentialIntegrity` and `relationMode` say the same, and only one may stand",
            )
            .at(old.span)
            .saying("the old name")
            .label(new.span, "the name it has now")
            .help("keep `relationMode`"),
        );
    }
}

/// PS0421
fn the_database_keeps_foreign_keys_like_this(cx: &mut Context<'_, '_>, config: &Config<'_>) {
    if cx.caps.is_none_or(|c| c.provider != Provider::Mongodb) {
        return;
    }
    let mode = property(config, "relationMode").or_else(|| property(config, "referentialIntegrity"));
    let Some(Expr::String(mode)) = mode.and_then(|p| p.value.as_ref()) else { return };
    if mode.value == "foreignKeys" {
        cx.report(
            Diagnostic::error("PS0421", "MongoDB has no foreign keys that could keep relations")
                .at(mode.span)
                .saying("asks for foreign keys")
                .help("remove the line: on MongoDB relations are always kept by Prisma Client"),
        );
    }
}

/// PS0422
///
/// Only where Prisma 7 is near: to everybody with Prisma 5 and 6 it would be said each time.
fn what_prisma_7_says_of_addresses(cx: &mut Context<'_, '_>, ast: &ast::Schema<'_>, config: &Config<'_>) {
    if !ast.blocks.iter().any(is_generator_of_prisma_7) {
        return;
    }
    let found = config.properties.iter().find(|p| ["url", "directUrl", "shadowDatabaseUrl"].contains(&p.name.name));
    let Some(first) = found else { return };
    let mut diagnostic =
        Diagnostic::warning("PS0422", format!("Prisma 7 refuses `{}` in the datasource", first.name.name))
            .at(first.name.span)
            .saying("where Prisma 5 and 6 have it")
            .note("Prisma 7 takes the address from prisma.config.ts")
            .help("nothing to do with Prisma 5 and 6; with 7, move it to `datasource` of prisma.config.ts");
    diagnostic.severity = Severity::Note;
    cx.report(diagnostic);
}

/// `prisma-client`, which Prisma 7 has in the place of `prisma-client-js`.
fn is_generator_of_prisma_7(block: &Block<'_>) -> bool {
    let Block::Generator(config) = block else { return false };
    let provider = property(config, "provider").and_then(|p| p.value.as_ref());
    matches!(provider, Some(Expr::String(name)) if name.value == "prisma-client")
}
