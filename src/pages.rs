//! The pages of `explain`: what a diagnostic, a hazard, a decision or a kind of change means, and what to do.
//!
//! They are the books of the folder docs, so what is read in a browser, in a terminal and in an editor is the same text.
//! A book is a Markdown file whose sections begin with a code: `## PS0203: a field that is not there`. A kind of change
//! has a file of its own.

/// One page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// What it is about: `PS0203`, `H101`, `rename-column`.
    pub name: &'static str,
    /// That in a few words.
    pub title: &'static str,
    /// The page, in Markdown, without its heading.
    pub text: &'static str,
}

macro_rules! kinds {
    ($($kind:literal)*) => { &[$(($kind, include_str!(concat!("../docs/changes/", $kind, ".md")))),*] };
}

/// One file a kind of change.
const KINDS: &[(&str, &str)] = kinds!(
    "add-column" "add-enum-value" "add-foreign-key" "change-default" "change-foreign-key" "change-primary-key"
    "create-enum" "create-extension" "create-index" "create-namespace" "create-table" "drop-column" "drop-enum"
    "drop-foreign-key" "drop-index" "drop-table" "exchange-names" "extract-columns" "map-columns" "merge-columns" "merge-models" "move-columns" "flip-relation" "change-namespace" "links-to-model" "list-to-model" "model-to-links" "relink-join-table" "relax-column" "remove-enum-value" "rename-column" "rename-enum"
    "rename-enum-value"
    "rename-foreign-key" "rename-index" "rename-primary-key" "rename-table" "require-column" "retype-column" "split-column" "split-model"
    "turn-join-table"
);

/// Books of sections that begin with a code.
const BOOKS: &[&str] = &[
    include_str!("../docs/diagnostics/reading.md"),
    include_str!("../docs/diagnostics/syntax.md"),
    include_str!("../docs/diagnostics/meaning.md"),
    include_str!("../docs/diagnostics/relations.md"),
    include_str!("../docs/diagnostics/datasource.md"),
    include_str!("../docs/diagnostics/types.md"),
    include_str!("../docs/diagnostics/database.md"),
    include_str!("../docs/diagnostics/keys.md"),
    include_str!("../docs/decisions.md"),
    include_str!("../docs/diagnostics/planning.md"),
    include_str!("../docs/diagnostics/output.md"),
    include_str!("../docs/diagnostics/rehearsal.md"),
    include_str!("../docs/hazards.md"),
    include_str!("../docs/advice.md"),
];

/// The page of this name, in whatever case; of advice, by its title too, which is the name of its rule.
pub fn find(name: &str) -> Option<Page> {
    let is_rule = |page: &Page| page.name.starts_with("PS10") && page.title == name;
    all().find(|page| page.name.eq_ignore_ascii_case(name) || is_rule(page))
}

/// Every page: those of the books in their order, then the kinds of change.
pub fn all() -> impl Iterator<Item = Page> {
    BOOKS.iter().flat_map(|book| sections(book)).chain(KINDS.iter().map(|(kind, text)| kind_page(kind, text)))
}

/// The sections of a book.
fn sections(book: &'static str) -> impl Iterator<Item = Page> {
    book.split("\n## ").skip(1).filter_map(|section| {
        let (head, text) = section.split_once('\n').unwrap_or((section, ""));
        let (code, title) = head.split_once([':', ' '])?;
        Some(Page { name: code, title: title.trim(), text: text.trim() })
    })
}

/// The page of a kind of change: its first paragraph says what it is.
fn kind_page(kind: &'static str, text: &'static str) -> Page {
    let body = text.split_once('\n').map_or(text, |(_, body)| body).trim();
    Page { name: kind, title: body.lines().next().unwrap_or_default(), text: body }
}

impl Page {
    /// The heading: `PS0203: a field that is not there`.
    fn heading(&self) -> String {
        if self.text.starts_with(self.title) { self.name.to_owned() } else { format!("{}: {}", self.name, self.title) }
    }

    /// As a text to read where nothing renders Markdown: examples are indented, and said to be wrong or right.
    pub fn plain(&self) -> String {
        let mut out = format!("# {}\n\n", self.heading());
        let mut in_example = false;
        for line in self.text.lines() {
            match line.strip_prefix("```") {
                Some(info) if !in_example => {
                    in_example = true;
                    out.push_str(caption(info));
                }
                Some(_) => in_example = false,
                None if in_example && !line.is_empty() => out.push_str(&format!("    {line}\n")),
                None => out.push_str(&format!("{line}\n")),
            }
        }
        out
    }

    /// The examples of the page: what stands behind the three backticks, and the text.
    pub fn examples(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        // Fences come in pairs: between the first and the second of each is the example.
        let pieces = self.text.split("```").skip(1).step_by(2);
        pieces.filter_map(|piece| piece.split_once('\n'))
    }
}

/// What is said above an example; `info` is what stands behind the three backticks.
fn caption(info: &str) -> &'static str {
    let mut words = info.split(' ');
    match (words.next(), words.next()) {
        (Some("prisma"), Some("bad")) => "Wrong:\n\n",
        (Some("prisma"), Some("good")) => "Right:\n\n",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_a_page_and_says_which_example_is_which() {
        let book = "# Book\n\nlead\n\n## PS0001: one thing\n\nWhat.\n\n```prisma bad\nmodel A {\n\n}\n```\n\n## PS0002 other\nText.\n";
        let pages: Vec<Page> = sections(book).collect();
        assert_eq!((pages[0].name, pages[0].title), ("PS0001", "one thing"));
        assert_eq!(pages[0].plain(), "# PS0001: one thing\n\nWhat.\n\nWrong:\n\n    model A {\n\n    }\n");
        assert_eq!(pages[0].examples().collect::<Vec<_>>(), [("prisma bad", "model A {\n\n}\n")]);
        assert_eq!((pages[1].name, pages[1].title, pages[1].text), ("PS0002", "other", "Text."));
    }

    #[test]
    fn pages_are_found_whatever_the_case() {
        assert_eq!(find("ps0203"), find("PS0203"));
        assert!(find("PS0203").is_some() && find("rename-column").is_some() && find("PS9999").is_none());
    }
}
