//! What we say: the check behind `prisma-stage check`.

use super::seeds::File;
use prisma_stage::diag::Severity;
use prisma_stage::source::{SchemaFiles, Sources};
use prisma_stage::validate;
use std::panic::catch_unwind;

/// A finding of ours.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub(super) file: usize,
    pub(super) line: Option<u32>,
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) is_error: bool,
}

/// All findings; None where we panic.
pub(super) fn check(files: &[File]) -> Option<Vec<Finding>> {
    catch_unwind(|| findings(files)).ok()
}

fn findings(files: &[File]) -> Vec<Finding> {
    let mut sources = Sources::default();
    let ids = files.iter().map(|f| sources.add(f.name.clone(), f.text.clone())).collect();
    let schema = SchemaFiles { name: "schema".to_owned(), files: ids };
    let finding = |d: &prisma_stage::diag::Diagnostic| Finding {
        file: d.span.map_or(0, |s| s.file.0 as usize),
        line: d.span.map(|s| sources.line_column(s.file, s.start).line),
        code: d.code,
        message: d.message.clone(),
        is_error: d.severity == Severity::Error,
    };
    validate::check(&sources, &schema).diagnostics.iter().map(finding).collect()
}
