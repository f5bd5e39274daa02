//! Colour and width for the formats that people read.

use unicode_width::UnicodeWidthStr;

/// How wide, and whether in colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Columns that a line may take; SQL and names are never broken for it.
    pub width: usize,
    /// ANSI colours?
    pub colour: bool,
}

/// What a piece of text is, so that one place decides how that looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// A heading.
    Heading,
    /// Beside the point: labels, rules.
    Faint,
    /// Fine as it is.
    Good,
    /// Look twice.
    Care,
    /// Stop and read.
    Bad,
    /// SQL, paths, names.
    Code,
}

impl Style {
    /// No colour, 100 columns: what a file or a pipe gets.
    pub const PLAIN: Style = Style { width: 100, colour: false };

    /// The text in its ink.
    pub fn ink(self, ink: Ink, text: &str) -> String {
        if !self.colour || text.is_empty() {
            return text.to_owned();
        }
        let code = match ink {
            Ink::Heading => "1",
            Ink::Faint => "2",
            Ink::Good => "32",
            Ink::Care => "33",
            Ink::Bad => "1;31",
            Ink::Code => "36",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    /// Breaks a sentence into lines that start with `indent` blanks and, after the first, with `hang` more.
    pub fn wrap(self, text: &str, indent: usize, hang: usize) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = " ".repeat(indent);
        let mut empty = true;
        for word in text.split_whitespace() {
            if !empty && width(&line) + 1 + width(word) > self.width {
                lines.push(std::mem::replace(&mut line, " ".repeat(indent + hang)));
                empty = true;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(word);
            empty = false;
        }
        lines.push(line);
        lines
    }
}

/// Columns that a text takes on a terminal.
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// The text with blanks behind it, to `columns`.
pub fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// `1 file`, `2 files`.
pub fn count(n: usize, thing: &str) -> String {
    match (n, thing.strip_suffix('y'), thing.ends_with(['x', 's'])) {
        (1, _, _) => format!("1 {thing}"),
        (n, Some(stem), _) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{n} {stem}ies"),
        (n, _, true) => format!("{n} {thing}es"),
        (n, _, false) => format!("{n} {thing}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapping_keeps_to_the_width_and_never_breaks_a_word() {
        let style = Style { width: 20, colour: false };
        assert_eq!(style.wrap("one two three four five", 2, 2), ["  one two three four", "    five"]);
        assert_eq!(style.wrap("a_very_long_identifier_indeed x", 0, 1), ["a_very_long_identifier_indeed", " x"]);
    }

    #[test]
    fn things_are_counted_in_english() {
        assert_eq!(count(1, "file"), "1 file");
        assert_eq!(count(2, "query"), "2 queries");
        assert_eq!(count(0, "index"), "0 indexes");
        assert_eq!(count(3, "key"), "3 keys");
    }
}
