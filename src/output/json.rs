//! `plan.json`, and what stands in its place when there is no plan; each with its JSON Schema.

use super::report::{self, DiagnosticNote};
use crate::diag::Diagnostics;
use crate::fix::Applied;
use crate::outcome::Question;
use crate::script::Script;
use crate::source::Sources;
use crate::stats::Stats;
use schemars::{JsonSchema, schema_for};
use serde::Serialize;

/// The version of every JSON object that is printed; it grows when a reader of the old one would break.
pub const VERSION: u32 = 1;
/// By this a folder is known as one of ours.
pub const TOOL: &str = "prisma-stage";

/// A staged migration plan, as `prisma-stage diff --format json` prints it and `plan.json` holds it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "prisma-stage plan")]
struct PlanDocument<'a> {
    /// Version of this format.
    #[schemars(extend("const" = VERSION))]
    version: u32,
    /// What wrote it.
    #[schemars(extend("const" = TOOL))]
    tool: &'static str,
    /// The plan.
    #[serde(flatten)]
    script: &'a Script,
}

/// What `prisma-stage diff --format json` prints when there is no plan.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "prisma-stage failure")]
struct FailureDocument {
    /// Version of this format.
    #[schemars(extend("const" = VERSION))]
    version: u32,
    /// What wrote it.
    #[schemars(extend("const" = TOOL))]
    tool: &'static str,
    /// Never, here.
    #[schemars(extend("const" = false))]
    ok: bool,
    /// What was found.
    diagnostics: Vec<DiagnosticNote>,
    /// What has to be decided first; empty if the input is wrong.
    questions: Vec<QuestionNote>,
}

/// What `prisma-stage diff --check --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "prisma-stage comparison")]
struct ComparisonDocument<'a> {
    /// Version of this format.
    #[schemars(extend("const" = VERSION))]
    version: u32,
    /// What wrote it.
    #[schemars(extend("const" = TOOL))]
    tool: &'static str,
    /// Is the folder exactly what would be written?
    ok: bool,
    /// The files that are not, by path.
    differences: &'a [Difference],
}

/// What `prisma-stage check --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "prisma-stage check")]
struct CheckDocument {
    /// Version of this format.
    #[schemars(extend("const" = VERSION))]
    version: u32,
    /// What wrote it.
    #[schemars(extend("const" = TOOL))]
    tool: &'static str,
    /// The schemas, in the order in which they were given.
    schemas: Vec<SchemaNote>,
}

/// A schema that was looked at.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SchemaNote {
    /// What it was called on the command line.
    pub schema: String,
    /// Has it no errors?
    pub ok: bool,
    /// The provider of its datasource, if it names one that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// What was found; with `--fix`, what is left.
    pub diagnostics: Vec<DiagnosticNote>,
    /// What `--fix` did; absent without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed: Option<Vec<AppliedNote>>,
}

/// A fix that was applied.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AppliedNote {
    /// The code of the finding.
    code: &'static str,
    /// What was done.
    title: String,
    /// The file.
    file: String,
    /// The line, from 1, as it was then.
    line: u32,
    /// The column in characters, from 1, as it was then.
    column: u32,
}

impl AppliedNote {
    /// What was done, as it is printed.
    pub fn of(applied: &Applied) -> Self {
        AppliedNote {
            code: applied.code,
            title: applied.title.clone(),
            file: applied.file.clone(),
            line: applied.at.line,
            column: applied.at.column,
        }
    }
}

/// A file that is not as it would be written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Difference {
    /// Its path in the folder.
    pub path: String,
    /// How it differs.
    pub how: How,
}

/// How a file differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// It would be written, and is not there.
    Missing,
    /// It has other bytes.
    Changed,
    /// It is there, and would not be written.
    Extra,
}

/// A question that the two schemas leave open.
#[derive(Debug, Serialize, JsonSchema)]
struct QuestionNote {
    /// Stable code: `PS0701`.
    code: &'static str,
    /// What it is about: `User.email`.
    subject: String,
    /// The question.
    question: String,
    /// Every way to answer it; the likely one first.
    answers: Vec<AnswerNote>,
}

/// One way to answer a question.
#[derive(Debug, Serialize, JsonSchema)]
struct AnswerNote {
    /// What it means.
    meaning: String,
    /// What to write.
    write: String,
}

/// The plan.
pub fn plan(script: &Script) -> String {
    text(&PlanDocument { version: VERSION, tool: TOOL, script })
}

/// Why there is none.
pub fn failure(sources: &Sources, diagnostics: &Diagnostics, questions: &[Question]) -> String {
    text(&FailureDocument {
        version: VERSION,
        tool: TOOL,
        ok: false,
        diagnostics: report::notes(sources, diagnostics),
        questions: questions.iter().map(QuestionNote::of).collect(),
    })
}

/// What was found in schemas.
pub fn check(schemas: Vec<SchemaNote>) -> String {
    text(&CheckDocument { version: VERSION, tool: TOOL, schemas })
}

/// The JSON Schema of [`check`].
pub fn check_schema() -> String {
    text(&schema_for!(CheckDocument))
}

/// How a folder compares with the plan.
pub fn comparison(differences: &[Difference]) -> String {
    text(&ComparisonDocument { version: VERSION, tool: TOOL, ok: differences.is_empty(), differences })
}

/// The JSON Schema of [`comparison`].
pub fn comparison_schema() -> String {
    text(&schema_for!(ComparisonDocument))
}

/// Sizes of tables.
pub fn stats(stats: &Stats) -> String {
    text(stats)
}

/// The JSON Schema of [`stats`].
pub fn stats_schema() -> String {
    text(&schema_for!(Stats))
}

/// The JSON Schema of [`plan`].
pub fn plan_schema() -> String {
    text(&schema_for!(PlanDocument))
}

/// The JSON Schema of [`failure`].
pub fn failure_schema() -> String {
    text(&schema_for!(FailureDocument))
}

impl QuestionNote {
    fn of(question: &Question) -> Self {
        QuestionNote {
            code: question.code,
            subject: question.subject.clone(),
            question: question.question.clone(),
            answers: question
                .answers
                .iter()
                .map(|answer| AnswerNote { meaning: answer.meaning.clone(), write: answer.write.clone() })
                .collect(),
        }
    }
}

/// Indented, keys in the order of the types, a line feed at the end.
pub(super) fn text(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("string keys only: serialization cannot fail");
    text.push('\n');
    text
}
