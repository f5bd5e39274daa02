//! One line a finding, as compilers print them: `file:line:column: severity[code]: message`.

use super::{Looked, severity};

/// All findings, in their order.
pub fn render(looked: &[Looked<'_>]) -> String {
    let mut out = String::new();
    for schema in looked {
        for diagnostic in schema.diagnostics.iter() {
            let place = match diagnostic.span {
                Some(span) => {
                    let at = schema.sources.line_column(span.file, span.start);
                    format!("{}:{}:{}", schema.sources.get(span.file).name, at.line, at.column)
                }
                None => schema.name.to_owned(),
            };
            let (severity, code) = (severity(diagnostic), diagnostic.code);
            out.push_str(&format!("{place}: {severity}[{code}]: {}\n", one_line(&diagnostic.message)));
        }
    }
    out
}

/// The text without line breaks, and without anything that would steer a terminal.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
