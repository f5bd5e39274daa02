//! For machines.

use super::Seen;
use prisma_stage::live::rehearse::Report;
use prisma_stage::output::json::{TOOL, VERSION};
use schemars::{JsonSchema, schema_for};
use serde::Serialize;

/// What `prisma-stage rehearse --format json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "prisma-stage rehearsal")]
struct Document<'a> {
    /// Version of this format.
    #[schemars(extend("const" = VERSION))]
    version: u32,
    /// What wrote it.
    #[schemars(extend("const" = TOOL))]
    tool: &'static str,
    /// Was everything as it has to be?
    ok: bool,
    /// The server, in its own words: `PostgreSQL 15.14`; empty if there was nothing to run.
    server: &'a str,
    /// Files that are not as `diff` wrote them; they were run as they are now.
    edited: &'a [String],
    /// What nobody looked at.
    not_tried: Vec<String>,
    /// What was seen.
    #[serde(flatten)]
    report: &'a Report,
}

/// The document.
pub fn render(seen: &Seen) -> String {
    text(&Document {
        version: VERSION,
        tool: TOOL,
        ok: seen.report.proved(),
        server: &seen.server,
        edited: &seen.edited,
        not_tried: seen.not_tried(),
        report: &seen.report,
    })
}

/// Its JSON Schema.
pub fn schema() -> String {
    text(&schema_for!(Document))
}

fn text(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("string keys only: serialization cannot fail");
    text.push('\n');
    text
}
