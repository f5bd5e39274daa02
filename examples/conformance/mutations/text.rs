//! Slips of the hand: characters, words and lines, whatever they mean.

use super::mutate::{Cx, Kind};
use prisma_stage::source::{FileId, Span};

pub(super) const KINDS: &[Kind] = &[
    ("stray-character", stray_character),
    ("delete-character", |c| edit_character(c, |_| String::new())),
    ("double-character", |c| edit_character(c, |ch| format!("{ch}{ch}"))),
    ("case-of-character", |c| edit_character(c, other_case)),
    ("swap-characters", swap_characters),
    ("truncate-file", truncate_file),
    ("truncate-line", truncate_line),
    ("join-lines", |c| {
        let line = a_line(c)?;
        c.replace(Span { start: line.end.saturating_sub(1), ..line }, " ")
    }),
    ("split-line", split_line),
    ("delete-line", |c| {
        let line = a_line(c)?;
        c.delete(line)
    }),
    ("double-line", |c| {
        let line = a_line(c)?;
        let text = c.text(line);
        c.after(line, text)
    }),
    ("swap-lines", swap_lines),
    ("move-line", move_line),
    ("comment-out", |c| {
        let line = a_line(c)?;
        let mark = c.rng.word(&["// ", "/// ", "/* ", "# ", "-- "]);
        c.before(line, mark)
    }),
    ("comment-inside", |c| {
        let word = a_word(c)?;
        let mark = c.rng.word(&["// ", "/// x", "/* x */", "/* ", " */"]);
        c.after(word, mark)
    }),
    ("stray-line", stray_line),
    ("delete-word", |c| {
        let word = a_word(c)?;
        c.delete(word)
    }),
    ("double-word", |c| {
        let word = a_word(c)?;
        let text = c.text(word);
        c.after(word, format!(" {text}"))
    }),
    ("swap-words", swap_words),
    ("replace-word", |c| {
        let (word, other) = (a_word(c)?, a_word(c)?);
        let text = c.text(other);
        c.replace(word, text)
    }),
    ("case-of-word", |c| {
        let word = a_word(c)?;
        let text = c.text(word);
        let upper = c.rng.one_in(2);
        c.replace(word, if upper { text.to_uppercase() } else { text.to_lowercase() })
    }),
];

fn a_file(c: &mut Cx<'_>) -> Option<FileId> {
    c.rng.pick(&c.ast.files).copied()
}

/// A line that is not blank and no comment, with its end.
fn a_line(c: &mut Cx<'_>) -> Option<Span> {
    let file = a_file(c)?;
    let starts = c.sources.line_starts(file);
    for _ in 0..20 {
        let at = c.rng.below(starts.len());
        let start = starts[at];
        let end = starts.get(at + 1).copied().unwrap_or(u32::try_from(c.whole(file).len()).ok()?);
        let line = Span { file, start, end };
        let text = c.text(line).trim();
        // Addresses are blanked for Prisma 7, with what stands behind them.
        let is_address = ["url", "directUrl", "shadowDatabaseUrl"].iter().any(|name| text.starts_with(name));
        if !text.is_empty() && !text.starts_with("//") && !is_address {
            return Some(line);
        }
    }
    None
}

/// A word on such a line.
fn a_word(c: &mut Cx<'_>) -> Option<Span> {
    let line = a_line(c)?;
    let text = c.text(line);
    let is_word = |ch: char| ch.is_alphanumeric() || ch == '_';
    let mut words = Vec::new();
    let mut start = None;
    for (at, ch) in text.char_indices() {
        match (start, is_word(ch)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                words.push((from, at));
                start = None;
            }
            (Some(_), true) | (None, false) => {}
        }
    }
    let (from, to) = *c.rng.pick(&words)?;
    let offset = |at: usize| line.start + u32::try_from(at).unwrap_or(0);
    Some(Span { file: line.file, start: offset(from), end: offset(to) })
}

/// A character of such a line.
fn a_character(c: &mut Cx<'_>) -> Option<(Span, char)> {
    let line = a_line(c)?;
    let characters: Vec<_> = c.text(line).char_indices().filter(|(_, ch)| !ch.is_whitespace()).collect();
    let (at, ch) = *c.rng.pick(&characters)?;
    let start = line.start + u32::try_from(at).ok()?;
    Some((Span { file: line.file, start, end: start + u32::try_from(ch.len_utf8()).ok()? }, ch))
}

fn stray_character(c: &mut Cx<'_>) -> Option<()> {
    const STRAY: &[&str] = &[
        "{", "}", "(", ")", "[", "]", "@", "@@", "\"", "'", "\\", ",", ";", ":", ".", "?", "!", "-", "_", "#", "$",
        "%", "&", "*", "/", "//", "|", "<", ">", "=", "0", "7", "a", "X", "é", "☃", "\u{a0}", "\t", "`", "~", "^", "+",
        "\r", "\u{0}", "[]", "()", "{}", "\"\"", "??",
    ];
    let (at, _) = a_character(c)?;
    let stray = c.rng.word(STRAY);
    if c.rng.one_in(2) { c.before(at, stray) } else { c.after(at, stray) }
}

fn edit_character(c: &mut Cx<'_>, edit: impl Fn(char) -> String) -> Option<()> {
    let (at, ch) = a_character(c)?;
    c.replace(at, edit(ch))
}

fn other_case(ch: char) -> String {
    if ch.is_uppercase() { ch.to_lowercase().collect() } else { ch.to_uppercase().collect() }
}

fn swap_characters(c: &mut Cx<'_>) -> Option<()> {
    let (at, ch) = a_character(c)?;
    let next = c.whole(at.file)[at.end as usize..].chars().next()?;
    let span = Span { end: at.end + u32::try_from(next.len_utf8()).ok()?, ..at };
    c.replace(span, format!("{next}{ch}"))
}

fn truncate_file(c: &mut Cx<'_>) -> Option<()> {
    let (at, _) = a_character(c)?;
    let end = u32::try_from(c.whole(at.file).len()).ok()?;
    c.delete(Span { end, ..at })
}

fn truncate_line(c: &mut Cx<'_>) -> Option<()> {
    let (at, _) = a_character(c)?;
    let line = c.lines(at);
    c.delete(Span { end: line.end.saturating_sub(1).max(at.start), ..at })
}

fn split_line(c: &mut Cx<'_>) -> Option<()> {
    let word = a_word(c)?;
    let end = c.rng.word(&["\n", "\n  ", "\n\n  ", "\r\n", "\r"]);
    c.before(word, end)
}

fn swap_lines(c: &mut Cx<'_>) -> Option<()> {
    let line = a_line(c)?;
    let next = c.lines(Span { start: line.end, ..line });
    let (first, second) = (c.text(line), c.text(next));
    c.replace(Span { end: next.end, ..line }, format!("{second}{first}"))
}

fn move_line(c: &mut Cx<'_>) -> Option<()> {
    let (from, to) = (a_line(c)?, a_line(c)?);
    let text = c.text(from);
    c.delete(from)?;
    c.before(to, text)
}

fn stray_line(c: &mut Cx<'_>) -> Option<()> {
    const LINES: &[&str] = &[
        "foo",
        "foo bar",
        "foo Int",
        "@@",
        "@",
        "@id",
        "@@id",
        "}",
        "{",
        "(",
        ")",
        "///",
        "// x",
        "model X {",
        "enum X {",
        "model X {}",
        "enum X {}",
        "type X {",
        "datasource x {",
        "generator x {",
        "id Int @id",
        "=",
        "a = 1",
        "a = \"b\"",
        "import x",
        "import \"x\"",
        "x: Int",
        "x Int,",
        "x Int;",
        "x [Int]",
        "x Int!",
        "[x]",
        "\"x\"",
        "'x'",
        "1",
        "1x Int",
        "_x Int",
        "x-y Int",
        "x Int Int",
        "x Int @",
        "x Int @map(",
        "x Int @map(\"",
        "x Int[]?",
        "x Int[][]",
        "x Int??",
        "x Unsupported",
        "x Unsupported()",
        "x Unsupported(1)",
        "x Unsupported(\"\")",
        "type Y = Int",
        "enum",
        "model",
        "x Int @default(1) // hi",
        "model A { id Int @id }",
        "<<<<<<< HEAD",
        "=======",
        "x String @default(\"\\q\")",
        "x String @map(\"a\" \"b\")",
        "@@map(\"a\",)",
        "x Int @ id",
        "x  Int  ?",
        "é Int",
        "x Int @db",
        "x Int @db.",
        "x Int @.x",
    ];
    let line = a_line(c)?;
    let stray = c.rng.word(LINES);
    c.before(line, format!("{stray}\n"))
}

fn swap_words(c: &mut Cx<'_>) -> Option<()> {
    let (a, b) = (a_word(c)?, a_word(c)?);
    let (first, second) = (c.text(a), c.text(b));
    c.replace(a, second)?;
    c.replace(b, first)
}
