//! Tables whose columns are aligned, as wide as the terminal.

use crate::output::style::{Ink, Style, pad, width};

/// A table.
pub(super) struct Table {
    heads: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

/// No column but the last is wider.
const WIDEST: usize = 40;
/// Between columns.
const GAP: usize = 2;

impl Table {
    pub(super) fn new(heads: &[&'static str]) -> Self {
        Table { heads: heads.to_vec(), rows: Vec::new() }
    }

    pub(super) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Lines indented by two blanks. Columns that are empty all over are left out; what does not fit goes on in the next line, in its
    /// column.
    pub(super) fn lines(&self, style: Style) -> Vec<String> {
        let used: Vec<usize> =
            (0..self.heads.len()).filter(|&column| self.rows.iter().any(|row| !row[column].is_empty())).collect();
        let widest = |column: usize| {
            let cells = self.rows.iter().map(|row| width(&row[column])).max().unwrap_or_default();
            cells.min(WIDEST).max(width(self.heads[column]))
        };
        // Names are never broken. A column is as wide as its widest word; one that is much wider pushes its own row alone.
        let word = |column: usize| {
            let words = self.rows.iter().flat_map(|row| row[column].split_whitespace()).map(width);
            words.filter(|word| *word <= WIDEST).max().unwrap_or_default().max(width(self.heads[column]))
        };
        let Some((&last, others)) = used.split_last() else { return Vec::new() };
        let least: Vec<usize> = others.iter().map(|&column| word(column)).collect();
        let mut widths: Vec<usize> =
            others.iter().zip(&least).map(|(&column, &least)| widest(column).max(least)).collect();
        // The widest give way first, until a third of the line is left for the last one, which wraps.
        let room = style.width.saturating_sub(2 + widest(last).min(style.width / 3));
        while widths.iter().sum::<usize>() + widths.len() * GAP > room {
            let open = widths.iter_mut().zip(&least).filter(|(width, least)| **width > **least);
            let Some((most, _)) = open.max_by_key(|(width, least)| **width - **least) else { break };
            *most -= 1;
        }
        let start = 2 + widths.iter().sum::<usize>() + widths.len() * GAP;
        widths.push(style.width.saturating_sub(start).max(16));
        let head = self.line(&used, &widths, |column| vec![self.heads[column].to_owned()]);
        let mut lines: Vec<String> = head.iter().map(|line| style.ink(Ink::Faint, line)).collect();
        for row in &self.rows {
            let mut cells = self.line(&used, &widths, |column| {
                let place = used.iter().position(|other| *other == column).unwrap_or_default();
                wrapped(&row[column], widths[place])
            });
            if let Some(first) = cells.first_mut()
                && let Some(rest) = first.strip_prefix(&format!("  {}", row[used[0]]))
            {
                *first = format!("  {}{rest}", style.ink(Ink::Code, &row[used[0]]));
            }
            lines.extend(cells);
        }
        lines
    }

    /// One row, which may take several lines.
    fn line(&self, used: &[usize], widths: &[usize], cell: impl Fn(usize) -> Vec<String>) -> Vec<String> {
        let cells: Vec<Vec<String>> = used.iter().map(|&column| cell(column)).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or_default();
        let line = |at: usize| {
            let mut line = "  ".to_owned();
            for (cell, width) in cells.iter().zip(widths) {
                line.push_str(&pad(cell.get(at).map_or("", String::as_str), *width));
                line.push_str(&" ".repeat(GAP));
            }
            line.trim_end().to_owned()
        };
        (0..height).map(line).collect()
    }
}

/// Broken between words, never within one.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    Style { width: columns, colour: false }.wrap(text, 0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_wrap_in_their_column_and_wide_characters_count_twice() {
        let mut table = Table::new(&["name", "nothing", "about"]);
        table.row(vec!["日本".into(), String::new(), "one two three four five six".into()]);
        table.row(vec!["abcdef".into(), String::new(), "x".into()]);
        let lines = table.lines(Style { width: 28, colour: false });
        assert_eq!(lines, ["  name    about", "  日本    one two three four", "          five six", "  abcdef  x"]);
    }

    #[test]
    fn names_are_never_broken() {
        let mut table = Table::new(&["name", "about"]);
        table.row(vec!["a_name_that_is_wider_than_the_terminal".into(), "x y".into()]);
        let lines = table.lines(Style { width: 20, colour: false });
        assert_eq!(lines[1], "  a_name_that_is_wider_than_the_terminal  x y");
    }
}
