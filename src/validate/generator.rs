//! Rules of generators.

use super::context::Context;
use crate::ast::{self, Block, Config, Expr, Ident};
use crate::diag::{Diagnostic, Edit};
use crate::model::Provider;
use crate::model::suggest::nearest;
use crate::source::Span;
use foldhash::HashMap;

mod preview;

/// All of them.
pub(super) fn rules<'s>(cx: &mut Context<'_, 's>, ast: &ast::Schema<'s>) {
    let mut seen: HashMap<&str, Ident<'_>> = HashMap::default();
    for block in &ast.blocks {
        let Block::Generator(config) = block else { continue };
        generators_have_different_names(cx, config, &mut seen);
        it_says_what_generates(cx, config);
        its_settings_are_texts(cx, config);
        its_preview_features_are_known(cx, config);
    }
}

/// PS0410
fn generators_have_different_names<'s>(
    cx: &mut Context<'_, 's>,
    config: &Config<'s>,
    seen: &mut HashMap<&'s str, Ident<'s>>,
) {
    if let Some(first) = seen.insert(config.name.name, config.name) {
        cx.report(
            Diagnostic::error("PS0410", format!("two generators are named `{}`", config.name.name))
                .at(config.name.span)
                .saying("the second")
                .label(first.span, "the first")
                .help("give one of them another name: nothing depends on it"),
        );
    }
}

/// PS0411
fn it_says_what_generates(cx: &mut Context<'_, '_>, config: &Config<'_>) {
    if config.properties.iter().any(|p| p.name.name == "provider") || !cx.was_read(config.span) {
        return;
    }
    cx.report(
        Diagnostic::error("PS0411", format!("the generator `{}` does not say what generates", config.name.name))
            .at(config.name.span)
            .saying("`provider` is missing")
            .help("add `provider = \"prisma-client\"`, or the generator's command"),
    );
}

/// PS0412
fn its_settings_are_texts(cx: &mut Context<'_, '_>, config: &Config<'_>) {
    for property in &config.properties {
        let Some(value) = &property.value else { continue };
        let name = property.name.name;
        let wrong = match name {
            "provider" | "output" => not_text(value, true),
            "engineType" => not_text(value, false),
            "binaryTargets" => items(value).iter().find_map(|item| not_text(item, true)),
            _ => env_without_its_name(value),
        };
        let wanted = match name {
            "engineType" => "a text in quotes",
            "binaryTargets" => "a list of texts in quotes",
            "provider" | "output" => "a text in quotes, or `env(\"NAME\")`",
            _ => "`env(\"NAME\")` with one name",
        };
        if let Some(at) = wrong {
            let message = format!("`{name}` of a generator has to be {wanted}");
            cx.report(Diagnostic::error("PS0412", message).at(at).saying(format!("expected {wanted}")));
        }
    }
}

fn items<'a, 's>(value: &'a Expr<'s>) -> &'a [Expr<'s>] {
    match value {
        Expr::Array(items, _) => items,
        other => std::slice::from_ref(other),
    }
}

/// Where something else than a text is; `env("NAME")` may be one.
fn not_text(value: &Expr<'_>, env: bool) -> Option<Span> {
    match value {
        Expr::String(_) => None,
        Expr::Function(f) if env && f.name.name == "env" => env_without_its_name(value),
        _ => Some(value.span()),
    }
}

fn env_without_its_name(value: &Expr<'_>) -> Option<Span> {
    let Expr::Function(function) = value else { return None };
    let one = matches!(&function.args[..], [arg] if matches!(arg.value, Some(Expr::String(_))));
    (function.name.name == "env" && !one).then_some(function.span)
}

/// PS0413, PS0414
fn its_preview_features_are_known(cx: &mut Context<'_, '_>, config: &Config<'_>) {
    let provider = cx.schema.provider();
    for property in config.properties.iter().filter(|p| p.name.name == "previewFeatures") {
        for item in property.value.iter().flat_map(items) {
            let Expr::String(feature) = item else { continue };
            match preview::state(&feature.value) {
                Some(preview::State::Active) => {}
                Some(preview::State::Of(only)) if provider.is_none_or(|p| p == only) => {}
                Some(preview::State::Of(only)) => {
                    let message = format!("the preview feature \"{}\" is of {} alone", feature.value, only.name());
                    cx.report(
                        Diagnostic::error("PS0413", message)
                            .at(feature.span)
                            .saying("not for this database")
                            .help("remove it"),
                    );
                }
                Some(preview::State::Retired(since)) => retired(cx, &feature.value, feature.span, since, provider),
                None => unknown(cx, &feature.value, feature.span),
            }
        }
    }
}

fn unknown(cx: &mut Context<'_, '_>, feature: &str, at: Span) {
    let d = Diagnostic::error("PS0413", format!("there is no preview feature \"{feature}\"")).at(at).saying("unknown");
    cx.report(match nearest(feature, preview::active()) {
        Some(similar) => d
            .help(format!("did you mean \"{similar}\"?"))
            .fix(format!("write \"{similar}\""), vec![Edit { span: at, text: format!("\"{similar}\"") }]),
        None => d.help(format!("there are: {}", preview::active().collect::<Vec<_>>().join(", "))),
    });
}

fn retired(cx: &mut Context<'_, '_>, feature: &str, at: Span, since: preview::Since, provider: Option<Provider>) {
    let postgres_search = feature.eq_ignore_ascii_case("fullTextSearch") && provider == Some(Provider::Postgresql);
    let (message, help) = match since {
        _ if postgres_search => (
            format!("the preview feature \"{feature}\" has had another name on PostgreSQL since Prisma 6.0"),
            "write \"fullTextSearchPostgres\"",
        ),
        preview::Since::Version(version) => {
            (format!("the preview feature \"{feature}\" has been part of Prisma since {version}"), "remove it")
        }
        preview::Since::Withdrawn(version) => {
            (format!("the preview feature \"{feature}\" was withdrawn in Prisma {version}"), "remove it")
        }
        preview::Since::LongAgo => (format!("\"{feature}\" is a preview feature no longer"), "remove it"),
    };
    cx.report(Diagnostic::warning("PS0414", message).at(at).saying("a preview feature no longer").help(help));
}
