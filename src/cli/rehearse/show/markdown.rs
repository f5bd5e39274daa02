//! For the comment of a pull request.

use super::{Seen, what};
use prisma_stage::output::style::{Style, count};

/// A heading, what was seen or what is wrong, what was not tried.
pub fn render(seen: &Seen) -> String {
    if seen.report.stages.is_empty() {
        return super::human::short(seen, Style::PLAIN);
    }
    let mut text = if seen.report.proved() {
        format!("### Rehearsed on {}: proved\n\n", seen.server)
    } else {
        format!("### Rehearsed on {}: {}\n\n", seen.server, count(seen.report.failures.len(), "finding"))
    };
    for failure in &seen.report.failures {
        let at = if failure.file.is_empty() { String::new() } else { format!(" `{}`", failure.file) };
        text.push_str(&format!("**{}**{at}\n\n```text\n{}\n```\n\n", what(failure.what), failure.message));
    }
    if seen.report.proved() {
        text.extend(seen.known().iter().map(|known| format!("- {known}\n")));
        text.push('\n');
    }
    for path in &seen.edited {
        text.push_str(&format!("- `{path}` is edited, and was run as it is now\n"));
    }
    text + &format!("Not tried: {}.\n", seen.not_tried().join("; "))
}
