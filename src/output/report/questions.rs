//! Open questions: each where it arises, with every way to answer it ready to copy.

use super::render;
use crate::diag::{Diagnostic, Diagnostics};
use crate::outcome::Question;
use crate::output::style::{Ink, Style, count, pad, width};
use crate::source::Sources;

/// An answer longer than this has its meaning in the next line.
const LONGEST: usize = 44;

/// The diagnostics of an undecided compilation; those that are questions with their answers under them.
pub fn undecided(sources: &Sources, diagnostics: &Diagnostics, questions: &[Question], style: Style) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics.iter() {
        let question = questions.iter().find(|q| q.code == diagnostic.code && q.question == diagnostic.message);
        let mut one = Diagnostics::default();
        one.push(match question {
            None => diagnostic.clone(),
            Some(_) => Diagnostic { notes: Vec::new(), help: None, ..diagnostic.clone() },
        });
        text.push_str(&render(sources, &one, style.colour));
        text.push_str(&question.map(|question| answers(question, style)).unwrap_or_default());
        text.push('\n');
    }
    let needed = count(questions.len(), "decision");
    text.push_str(&style.ink(Ink::Heading, &format!("{needed} needed first; no plan was written")));
    text + "\n"
}

fn answers(question: &Question, style: Style) -> String {
    let column = question.answers.iter().map(|a| width(&a.write)).filter(|w| *w <= LONGEST).max().unwrap_or(0);
    let mut text = "  answer with\n".to_owned();
    for answer in &question.answers {
        let meaning = style.wrap(&answer.meaning, 4 + column + 2, 0);
        let mut meaning = meaning.iter().map(|line| line.as_str());
        let written = answer.write.replace('\n', "\n    ");
        text.push_str("    ");
        if width(&answer.write) <= column && !answer.write.contains('\n') {
            text.push_str(&style.ink(Ink::Code, &pad(&written, column)));
            text.push_str("  ");
            text.push_str(meaning.next().unwrap_or_default().trim_start());
        } else {
            text.push_str(&style.ink(Ink::Code, &written));
        }
        text.push('\n');
        for line in meaning {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}
