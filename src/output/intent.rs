//! Intent files: open questions as a file to fill in, and answers as a file to keep.

use super::style::count;
use crate::question::{Entry, Question};
use std::collections::BTreeMap;

/// The tables and lists of an intent file, in the order in which TOML has to have them.
const SECTIONS: [&str; 7] = ["assume", "drop", "filled", "rename", "map", "using", "fallback"];

/// So many of them are lists.
const LISTS: usize = 3;

/// Every question with its answers, each behind a `#` that is taken away in front of the one that is meant.
pub fn questions(questions: &[Question]) -> String {
    let mut text = format!(
        "# {} that prisma-stage needs before it can plan. In front of one answer to each question take the # away, put a\n\
         # value in the place of …, and run the command again with --intent and the name of this file. What is to be written in\n\
         # the schema, write there: then the question is not asked.\n",
        count(questions.len(), "decision")
    );
    // By section: what is written, with what it means and the numbers of the questions that it answers.
    let mut lines: BTreeMap<usize, Vec<(String, String, Vec<usize>)>> = BTreeMap::new();
    for (at, question) in questions.iter().enumerate() {
        let number = at + 1;
        text.push_str(&format!(
            "#\n# {number}. {} {}: {}\n",
            question.code,
            question.subject,
            flat(&question.question)
        ));
        for (answer, entry) in question.entries() {
            let meaning = flat(&answer.meaning.replace("; in the intent file", ""));
            for (section, line) in written(&entry) {
                match section {
                    None => text.push_str(&format!("#    in the schema {line}: {meaning}\n")),
                    Some(section) => {
                        let known = lines.entry(section).or_default();
                        match known.iter_mut().find(|(text, ..)| *text == line) {
                            Some((_, _, numbers)) => numbers.push(number),
                            None => known.push((line, meaning.clone(), vec![number])),
                        }
                    }
                }
            }
        }
    }
    for (section, name) in SECTIONS.iter().enumerate() {
        let Some(lines) = lines.get(&section) else { continue };
        let (open, close) = brackets(section, name);
        text.push_str(&format!("\n{open}\n"));
        for (line, meaning, numbers) in lines {
            let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
            text.push_str(&format!("# {line}  # {}: {meaning}\n", numbers.join(", ")));
        }
        text.push_str(close);
    }
    text
}

/// Answers that were given, as a file that gives them again.
pub fn answers(entries: &[Entry]) -> String {
    let all: Vec<(Option<usize>, String)> = entries.iter().flat_map(written).collect();
    let mut text = String::new();
    for (section, name) in SECTIONS.iter().enumerate() {
        let lines: Vec<&str> = all.iter().filter(|(of, _)| *of == Some(section)).map(|(_, l)| l.as_str()).collect();
        if !lines.is_empty() {
            let (open, close) = brackets(section, name);
            text.push_str(&format!("{open}\n{}\n{close}", lines.join("\n")));
        }
    }
    text
}

fn brackets(section: usize, name: &str) -> (String, &'static str) {
    if section < LISTS { (format!("{name} = ["), "]\n") } else { (format!("[{name}]"), "") }
}

/// The lines of an entry, each with its section; none of what only the schema can say.
fn written(entry: &Entry) -> Vec<(Option<usize>, String)> {
    let pair = |a: &str, b: &str| format!("{} = {}", quoted(a), quoted(b));
    match entry {
        Entry::Assume(word) => vec![(Some(0), format!("{},", quoted(word)))],
        Entry::Drop(path) => vec![(Some(1), format!("{},", quoted(path)))],
        Entry::Filled(path) => vec![(Some(2), format!("{},", quoted(path)))],
        Entry::Rename(old, new) => vec![(Some(3), pair(old, new))],
        Entry::Map(pairs) => pairs.iter().map(|(old, new)| (Some(4), pair(old, new))).collect(),
        Entry::Using(path, sql) => vec![(Some(5), pair(path, sql))],
        Entry::Fallback(path, value) => vec![(Some(6), pair(path, value))],
        Entry::Schema(text) => vec![(None, flat(text))],
    }
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
