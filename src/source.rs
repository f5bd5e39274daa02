//! Source texts, and places in them.
//!
//! One [`Sources`] holds every file of a run, OLD's and NEW's alike, so that a [`Span`] alone says where it points.

use std::sync::OnceLock;

/// A file of a run: an index into [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A place: bytes `start..end` of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

/// A source text and the name that diagnostics call it by.
#[derive(Clone, Debug)]
pub struct Source {
    /// What the user called it: a path, `<stdin>`, `git:REV:PATH`.
    pub name: String,
    /// The text as it was read (a byte order mark, if any, kept: offsets are those of the file).
    pub text: String,
    /// Where lines begin, found when first asked for.
    lines: OnceLock<Vec<u32>>,
}

/// Every file of a run.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

/// One schema: the files that make it up, in the order in which they are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaFiles {
    /// What the user called the whole: a file, a folder, `git:REV:PATH`, `--from-empty`.
    pub name: String,
    /// Its files.
    pub files: Vec<FileId>,
}

/// Line and column of an offset, as editors count: both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Sources {
    /// Adds a file and gives its id.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        self.files.push(Source { name: name.into(), text: text.into(), lines: OnceLock::new() });
        FileId(id)
    }

    /// Adds a text as a schema of its own.
    pub fn add_schema(&mut self, name: &str, text: impl Into<String>) -> SchemaFiles {
        let id = self.add(name, text);
        SchemaFiles { name: name.to_owned(), files: vec![id] }
    }

    /// All files, in the order of their ids.
    pub fn iter(&self) -> std::slice::Iter<'_, Source> {
        self.files.iter()
    }

    /// The file with this id.
    pub fn get(&self, id: FileId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// The text a span covers.
    pub fn slice(&self, span: Span) -> &str {
        &self.get(span.file).text[span.start as usize..span.end as usize]
    }

    /// Line and column of a byte offset.
    pub fn line_column(&self, file: FileId, offset: u32) -> LineColumn {
        let text = &self.get(file).text;
        let mut offset = (offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let starts = self.line_starts(file);
        let line = starts.partition_point(|start| *start as usize <= offset);
        let line_start = starts.get(line.saturating_sub(1)).map_or(0, |start| *start as usize);
        let before = &text[line_start..offset];
        // The byte order mark of a file is none of its characters.
        let before = if line_start == 0 { before.strip_prefix('\u{feff}').unwrap_or(before) } else { before };
        let column = before.chars().count();
        LineColumn {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX - 1) + 1,
        }
    }

    /// The offset of the first byte of every line of a file; the first is 0.
    pub fn line_starts(&self, file: FileId) -> &[u32] {
        let source = self.get(file);
        source.lines.get_or_init(|| {
            let ends = memchr::memchr_iter(b'\n', source.text.as_bytes());
            std::iter::once(0).chain(ends.map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX))).collect()
        })
    }
}

impl Span {
    /// The span from the start of `self` to the end of `other`.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span { file: self.file, start: self.start, end: other.end.max(self.start) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_no_byte_order_mark() {
        let mut sources = Sources::default();
        let file = sources.add("a.prisma", "\u{feff}é x\r\n\n🚀y");
        let at = |offset| {
            let place = sources.line_column(file, offset);
            (place.line, place.column)
        };
        assert_eq!([at(0), at(3), at(5), at(6)], [(1, 1), (1, 1), (1, 2), (1, 3)]);
        assert_eq!([at(8), at(9), at(10), at(14)], [(1, 5), (2, 1), (3, 1), (3, 2)]);
        // In the middle of a character it is that character; behind the end, the end.
        assert_eq!([at(12), at(15), at(99)], [(3, 1), (3, 3), (3, 3)]);
    }
}
