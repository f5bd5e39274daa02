//! `prisma-stage analyze`: what is understood of a schema, and what is printed of it.

mod cli;
mod corpus;
mod formats;
mod meaning;
mod picture;

use prisma_stage::analyze::{Analysis, analyze};
use prisma_stage::output::analysis::{Detail, Format, render};
use prisma_stage::output::style::Style;
use prisma_stage::source::Sources;
use prisma_stage::validate;

/// The analysis of models on a database.
fn of(provider: &str, models: &str) -> Analysis {
    let views = "generator g {\n  provider = \"prisma-client-js\"\n  previewFeatures = [\"views\"]\n}\n";
    of_text(&format!("{views}datasource db {{\n  provider = \"{provider}\"\n}}\n{models}"))
}

/// The analysis of a schema without errors.
fn of_text(text: &str) -> Analysis {
    let mut sources = Sources::default();
    let files = sources.add_schema("schema.prisma", text);
    let checked = validate::check(&sources, &files);
    let errors: Vec<&str> = checked.diagnostics.iter().map(|found| found.message.as_str()).collect();
    assert!(!checked.diagnostics.has_errors(), "{errors:?}");
    analyze(&checked.schema)
}

fn from_corpus(name: &str) -> Analysis {
    of_text(&std::fs::read_to_string(format!("corpus/analyze/{name}.prisma")).unwrap())
}

fn drawn(format: Format, analysis: &Analysis) -> String {
    render(format, "schema.prisma", analysis, Detail::Auto, Style::PLAIN)
}
