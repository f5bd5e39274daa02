//! `/// @stage.allow(PS1002)` comments: above a model, a field, an enum, or a line of `@@index` or `@@unique`; or behind a field.

use super::levels::Selector;
use crate::ast::Docs;
use crate::model::{EnumId, FieldId, ModelId, Schema};
use crate::source::{Sources, Span};
use foldhash::HashMap;
use std::cell::Cell;

/// What a finding speaks of, and what may be excused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    /// A model.
    Model(ModelId),
    /// A field of a model.
    Field(ModelId, FieldId),
    /// A `@@` attribute of a model, by its place.
    Key(ModelId, Span),
    /// An enum.
    Enum(EnumId),
    /// The schema as a whole, which nothing excuses.
    Schema,
}

/// One rule that a comment names.
#[derive(Debug)]
pub struct Excuse {
    /// Which; what is wrong with the word if there is no such rule.
    pub selector: Result<Selector, String>,
    /// The comment.
    pub span: Span,
    /// Has it excused something?
    pub used: Cell<bool>,
}

/// Every such comment of a schema.
#[derive(Debug, Default)]
pub struct Excuses(HashMap<Item, Vec<Excuse>>);

const DIRECTIVE: &str = "@stage.allow";

impl Excuses {
    /// Reads the comments.
    pub fn collect(sources: &Sources, schema: &Schema<'_>) -> Self {
        let mut excuses = Excuses::default();
        for model in schema.walk_all() {
            excuses.add_docs(Item::Model(model.at), &model.docs);
            for field in model.walk_fields() {
                excuses.add_docs(Item::Field(model.at, field.at), &field.docs);
            }
            for key in model.id.iter().chain(&model.keys).filter(|key| key.at_field.is_none()) {
                excuses.add_around(sources, Item::Key(model.at, key.span), key.span);
            }
        }
        for item in schema.walk_enums() {
            excuses.add_docs(Item::Enum(item.at), &item.docs);
            for value in &item.values {
                excuses.add_docs(Item::Enum(item.at), &value.docs);
            }
        }
        excuses
    }

    fn add_docs(&mut self, item: Item, docs: &Docs<'_>) {
        for (line, span) in &docs.lines {
            self.add_line(item, line, *span);
        }
    }

    /// The `///` lines above a `@@` attribute and the one behind it; the tree keeps none of them.
    fn add_around(&mut self, sources: &Sources, item: Item, key: Span) {
        let text = &sources.get(key.file).text;
        let starts = sources.line_starts(key.file);
        let own = starts.partition_point(|start| *start <= key.start).saturating_sub(1);
        let line = |index: usize| {
            let start = starts.get(index).map_or(text.len(), |start| *start as usize);
            let end = starts.get(index + 1).map_or(text.len(), |end| *end as usize);
            (start, text.get(start..end).unwrap_or_default().trim_end())
        };
        let place = |start: usize, end: usize| Span {
            file: key.file,
            start: u32::try_from(start).unwrap_or(u32::MAX),
            end: u32::try_from(end).unwrap_or(u32::MAX),
        };
        for above in (0..own).rev() {
            let (start, comment) = line(above);
            if !comment.trim_start().starts_with("///") {
                break;
            }
            let indent = comment.len() - comment.trim_start().len();
            self.add_line(item, comment, place(start + indent, start + comment.len()));
        }
        let (start, whole) = line(own);
        let behind = whole.get(key.end as usize - start..).unwrap_or_default();
        if let Some(at) = behind.find("///") {
            self.add_line(item, &behind[at..], place(key.end as usize + at, start + whole.len()));
        }
    }

    fn add_line(&mut self, item: Item, line: &str, span: Span) {
        let Some(at) = line.find(DIRECTIVE) else { return };
        let rest = &line[at + DIRECTIVE.len()..];
        let inner = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(inner, _)| inner.trim());
        let add = |selector| Excuse { selector, span, used: Cell::new(false) };
        let list = self.0.entry(item).or_default();
        match inner.filter(|inner| !inner.is_empty()) {
            Some(inner) => list.extend(inner.split(',').map(|word| add(Selector::parse(word.trim())))),
            None => list.push(add(Err("this names no rule: write @stage.allow(PS1002)".to_owned()))),
        }
    }

    /// Is a finding of this rule excused? The nearest comment that does counts as used.
    pub fn cover(&self, rule: usize, item: Item) -> bool {
        let around = match item {
            Item::Field(model, _) | Item::Key(model, _) => Some(Item::Model(model)),
            Item::Model(_) | Item::Enum(_) | Item::Schema => None,
        };
        [Some(item), around].into_iter().flatten().any(|item| {
            let list = self.0.get(&item).map_or(&[][..], Vec::as_slice);
            let excuse = list.iter().find(|e| e.selector.as_ref().is_ok_and(|selector| selector.covers(rule)));
            excuse.inspect(|excuse| excuse.used.set(true)).is_some()
        })
    }

    /// All of them, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Excuse> {
        self.0.values().flatten()
    }
}
