//! Open questions, each with every way to answer it, ready to copy.

use crate::outcome::Question;
use crate::output::style::{Ink, Style, count, pad, width};

/// The questions one under the other; empty for none.
pub fn questions(questions: &[Question], style: Style) -> String {
    if questions.is_empty() {
        return String::new();
    }
    let mut lines = vec![style.ink(Ink::Heading, &format!("{} needed first", count(questions.len(), "decision")))];
    for question in questions {
        lines.push(String::new());
        lines.push(format!(
            "{} {}",
            style.ink(Ink::Care, question.code),
            style.ink(Ink::Heading, &format!("{}: {}", question.subject, question.question))
        ));
        let column = question.answers.iter().map(|a| width(&a.write)).filter(|w| *w <= 40).max().unwrap_or(0);
        for answer in &question.answers {
            let meaning = style.wrap(&answer.meaning, 4 + column + 2, 0);
            let mut meaning = meaning.iter().map(|line| line.trim_start());
            if width(&answer.write) <= column {
                lines.push(format!(
                    "    {}  {}",
                    style.ink(Ink::Code, &pad(&answer.write, column)),
                    meaning.next().unwrap_or_default()
                ));
            } else {
                lines.push(format!("    {}", style.ink(Ink::Code, &answer.write)));
            }
            lines.extend(meaning.map(|line| format!("{}{line}", " ".repeat(4 + column + 2))));
        }
    }
    lines.push(String::new());
    lines.push("Nothing was written. Answer each, and run again.".to_owned());
    lines.join("\n") + "\n"
}
