//! For a terminal.

use super::{Seen, time, what};
use prisma_stage::live::rehearse::{Pass, StageSeen};
use prisma_stage::output::style::{Ink, Style, count, pad, width};

/// What a plan without files comes to.
const NOTHING: &str = "Nothing to rehearse: the database of the old schema is the database of the new one.\n";

/// What it means that a preflight query has found something.
const STOPPED: &str = "The rows were made up here, and yours may be fine: ask the query of your database. What is behind it was not tried; an answer that says what becomes of such rows (a fallback, an assumption) lets it be.";

/// Everything.
pub fn whole(seen: &Seen, style: Style) -> String {
    if seen.report.stages.is_empty() {
        return NOTHING.to_owned();
    }
    let mut lines = vec![verdict(seen, style)];
    lines.extend(style.wrap(&format!("on {}, {}", seen.server, seen.whose), 2, 2));
    lines.push(String::new());
    lines.extend(table(seen, style));
    lines.extend(edited(seen, style));
    lines.extend(failures(seen, style));
    for file in seen.slow() {
        let text = format!("{} took {}: more than 30 s, and that with few rows", file.file, time(file.milliseconds));
        lines.extend(style.wrap(&text, 2, 2).iter().map(|line| style.ink(Ink::Care, line)));
    }
    if seen.report.proved() {
        lines.extend([String::new(), style.ink(Ink::Heading, "Seen")]);
        lines.extend(seen.known().iter().flat_map(|text| style.wrap(text, 2, 2)));
    }
    if seen.stopped() {
        lines.push(String::new());
        lines.extend(style.wrap(STOPPED, 0, 0));
    }
    lines.extend([String::new(), style.ink(Ink::Heading, "Not tried")]);
    lines.extend(seen.not_tried().iter().flat_map(|text| style.wrap(&format!("- {text}"), 2, 2)));
    lines.join("\n") + "\n"
}

/// A line a stage, without what is another on every machine.
pub fn short(seen: &Seen, style: Style) -> String {
    if seen.report.stages.is_empty() {
        return NOTHING.to_owned();
    }
    let mut lines = vec![verdict(seen, style)];
    lines.extend(failures(seen, style));
    lines.extend(seen.cuts_in_words().filter(|_| seen.report.proved()).iter().flat_map(|text| style.wrap(text, 2, 2)));
    lines.join("\n") + "\n"
}

fn verdict(seen: &Seen, style: Style) -> String {
    let files = seen.ran().filter(|file| file.pass == Pass::Forwards).count();
    let went = format!("{}, {} with {}", count(files, "file"), seen.ways(), rows(seen));
    match seen.report.failures.len() {
        0 => format!("{}: {went}", style.ink(Ink::Good, "proved")),
        _ if seen.stopped() => {
            format!("{}: a preflight query found rows that it is to stop at", style.ink(Ink::Care, "STOPPED"))
        }
        n => format!("{}: {}; {went}", style.ink(Ink::Bad, "WRONG"), count(n, "finding")),
    }
}

fn rows(seen: &Seen) -> String {
    count(usize::try_from(seen.report.rows).unwrap_or(usize::MAX), "row")
}

/// How long each stage took, each way.
fn table(seen: &Seen, style: Style) -> Vec<String> {
    let passes = [Pass::Forwards, Pass::Back, Pass::Again];
    let mut rows = vec![vec!["stage".to_owned(), "files".to_owned()]];
    rows[0].extend(passes.map(|pass| pass.words().to_owned()));
    for stage in &seen.report.stages {
        let files = stage.files.iter().filter(|file| file.pass == Pass::Forwards).count();
        let mut row = vec![stage.folder.clone(), files.to_string()];
        row.extend(passes.map(|pass| took(stage, pass)));
        rows.push(row);
    }
    let columns = 2 + passes.len();
    let widths: Vec<usize> = (0..columns).map(|at| rows.iter().map(|row| width(&row[at])).max().unwrap_or(0)).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).enumerate().map(|(at, (cell, wide))| match at {
            0 => pad(cell, *wide),
            _ => format!("{}{cell}", " ".repeat(wide.saturating_sub(width(cell)))),
        });
        format!("  {}", cells.collect::<Vec<_>>().join("  "))
    };
    let mut lines: Vec<String> = rows.iter().map(line).collect();
    lines[0] = style.ink(Ink::Faint, &lines[0]);
    lines
}

fn took(stage: &StageSeen, pass: Pass) -> String {
    let times: Vec<u64> = stage.files.iter().filter(|file| file.pass == pass).map(|file| file.milliseconds).collect();
    if times.is_empty() { "-".to_owned() } else { time(times.iter().sum()) }
}

fn edited(seen: &Seen, style: Style) -> Vec<String> {
    if seen.edited.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![String::new(), style.ink(Ink::Care, "Edited since the plan was written; run as they are now")];
    lines.extend(seen.edited.iter().map(|path| format!("  {path}")));
    lines
}

fn failures(seen: &Seen, style: Style) -> Vec<String> {
    let mut lines = Vec::new();
    for failure in &seen.report.failures {
        lines.push(String::new());
        let at = if failure.file.is_empty() { String::new() } else { format!(": {}", failure.file) };
        lines.push(format!("{}{at}", style.ink(Ink::Bad, what(failure.what))));
        lines.extend(failure.message.lines().flat_map(|line| style.wrap(line, 2, 2)));
    }
    lines
}
