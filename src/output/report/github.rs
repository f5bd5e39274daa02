//! Workflow commands: GitHub shows each beside its line in a pull request.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>

use super::{Looked, told};
use crate::diag::{Diagnostic, Severity};

/// All findings, in their order.
pub fn render(looked: &[Looked<'_>]) -> String {
    let all = looked.iter().flat_map(|schema| schema.diagnostics.iter().map(move |d| command(schema, d)));
    all.collect()
}

fn command(schema: &Looked<'_>, diagnostic: &Diagnostic) -> String {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = Vec::new();
    match diagnostic.span {
        Some(span) => {
            let at = |offset| schema.sources.line_column(span.file, offset);
            let (start, end) = (at(span.start), at(span.end));
            properties.push(("file", file(&schema.sources.get(span.file).name)));
            properties.push(("line", start.line.to_string()));
            properties.push(("endLine", end.line.to_string()));
            // Columns are of one line: GitHub takes none for places that span several.
            if start.line == end.line {
                properties.push(("col", start.column.to_string()));
                properties.push(("endColumn", end.column.to_string()));
            }
        }
        None => properties.push(("file", file(schema.name))),
    }
    properties.push(("title", diagnostic.code.to_owned()));
    let properties: Vec<String> = properties.iter().map(|(key, value)| format!("{key}={}", property(value))).collect();
    format!("::{command} {}::{}\n", properties.join(","), data(&told(diagnostic)))
}

/// The path as GitHub has it: from the root of the repository.
fn file(name: &str) -> String {
    name.strip_prefix("./").unwrap_or(name).to_owned()
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(data("100% of\r\na: b, c"), "100%25 of%0D%0Aa: b, c");
        assert_eq!(property("100%: a,b"), "100%25%3A a%2Cb");
    }
}
