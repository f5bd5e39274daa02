//! What `prisma-stage analyze --format json` prints.

use crate::analyze::Analysis;
use crate::output::json::{TOOL, VERSION, text};
use schemars::{JsonSchema, schema_for};
use serde::Serialize;

/// What a schema is like, as `prisma-stage analyze --format json` prints it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "prisma-stage analysis")]
struct AnalysisDocument<'a> {
    /// Version of this format.
    #[schemars(extend("const" = VERSION))]
    version: u32,
    /// What wrote it.
    #[schemars(extend("const" = TOOL))]
    tool: &'static str,
    /// What the schema was called on the command line.
    schema: &'a str,
    /// What it is like.
    #[serde(flatten)]
    analysis: &'a Analysis,
}

/// The analysis of the schema `name`.
pub fn render(name: &str, analysis: &Analysis) -> String {
    text(&AnalysisDocument { version: VERSION, tool: TOOL, schema: name, analysis })
}

/// The JSON Schema of [`render`].
pub fn schema() -> String {
    text(&schema_for!(AnalysisDocument))
}
