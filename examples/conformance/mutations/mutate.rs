//! One schema while it is being broken: where things are, and the edits.

use super::rng::Rng;
use prisma_stage::ast::{Attribute, Block, Config, Enum, EnumValue, Expr, Field, Model, ModelKind, Schema};
use prisma_stage::source::{FileId, Sources, Span};

/// A way to break a schema; false where this one offers no place for it.
pub(super) type Way = fn(&mut Cx<'_>) -> Option<()>;

/// A named way.
pub(super) type Kind = (&'static str, Way);

/// Every way, by construct.
pub(super) fn kinds() -> Vec<Kind> {
    use super::{arguments, attributes, blocks, config, enums, fields, keys, native, relations, text, values};
    [
        text::KINDS,
        blocks::KINDS,
        config::KINDS,
        fields::KINDS,
        enums::KINDS,
        attributes::KINDS,
        arguments::KINDS,
        values::KINDS,
        native::KINDS,
        relations::KINDS,
        keys::KINDS,
    ]
    .concat()
}

/// The schema, the choices, and what is to be done to it.
pub(super) struct Cx<'a> {
    pub(super) rng: Rng,
    pub(super) sources: &'a Sources,
    pub(super) ast: &'a Schema<'a>,
    pub(super) edits: Vec<(Span, String)>,
}

impl<'a> Cx<'a> {
    pub(super) fn text(&self, span: Span) -> &'a str {
        self.sources.slice(span)
    }

    pub(super) fn whole(&self, file: FileId) -> &'a str {
        &self.sources.get(file).text
    }

    /// Replaces a stretch, unless another edit is there already.
    pub(super) fn replace(&mut self, span: Span, text: impl Into<String>) -> Option<()> {
        let apart = |other: &Span| other.file != span.file || other.end < span.start || span.end < other.start;
        if self.edits.iter().all(|(other, _)| apart(other)) {
            self.edits.push((span, text.into()));
            return Some(());
        }
        None
    }

    pub(super) fn delete(&mut self, span: Span) -> Option<()> {
        self.replace(span, "")
    }

    pub(super) fn before(&mut self, span: Span, text: impl Into<String>) -> Option<()> {
        self.replace(Span { end: span.start, ..span }, text)
    }

    pub(super) fn after(&mut self, span: Span, text: impl Into<String>) -> Option<()> {
        self.replace(Span { start: span.end, ..span }, text)
    }

    /// The lines that a span is on, with the last line's end.
    pub(super) fn lines(&self, span: Span) -> Span {
        let text = self.whole(span.file);
        let start = text[..span.start as usize].rfind('\n').map_or(0, |at| at + 1);
        let end = text[span.end as usize..].find('\n').map_or(text.len(), |at| span.end as usize + at + 1);
        Span { start: u32::try_from(start).unwrap_or(0), end: u32::try_from(end).unwrap_or(0), ..span }
    }

    /// The start of the line that a block's closing brace is on.
    fn foot(&self, block: Span) -> Span {
        let brace = Span { start: block.end.saturating_sub(1), ..block };
        let line = self.lines(brace);
        Span { end: line.start, ..line }
    }

    /// Adds a line at the end of a block.
    pub(super) fn add_line(&mut self, block: Span, line: &str) -> Option<()> {
        let foot = self.foot(block);
        self.replace(foot, format!("  {line}\n"))
    }

    pub(super) fn blocks(&self) -> &'a [Block<'a>] {
        &self.ast.blocks
    }

    pub(super) fn models(&self) -> Vec<&'a Model<'a>> {
        let model = |b: &'a Block<'a>| if let Block::Model(m) = b { Some(m) } else { None };
        self.ast.blocks.iter().filter_map(model).collect()
    }

    pub(super) fn enums(&self) -> Vec<&'a Enum<'a>> {
        let item = |b: &'a Block<'a>| if let Block::Enum(e) = b { Some(e) } else { None };
        self.ast.blocks.iter().filter_map(item).collect()
    }

    pub(super) fn configs(&self, datasource: bool) -> Vec<&'a Config<'a>> {
        let config = |b: &'a Block<'a>| match b {
            Block::Datasource(c) if datasource => Some(c),
            Block::Generator(c) if !datasource => Some(c),
            Block::Datasource(_) | Block::Generator(_) | Block::Model(_) | Block::Enum(_) => None,
        };
        self.ast.blocks.iter().filter_map(config).collect()
    }

    /// The name that native types are written under.
    pub(super) fn prefix(&self) -> &'a str {
        self.configs(true).first().map_or("db", |c| c.name.name)
    }

    pub(super) fn provider(&self) -> &'a str {
        let configs = self.configs(true);
        let mut properties = configs.iter().flat_map(|c| &c.properties).filter(|p| p.name.name == "provider");
        match properties.next().and_then(|p| p.value.as_ref()) {
            Some(Expr::String(s)) => self.text(s.span).trim_matches('"'),
            _ => "",
        }
    }

    pub(super) fn a_model(&mut self) -> Option<&'a Model<'a>> {
        let models = self.models();
        self.rng.pick(&models).copied()
    }

    pub(super) fn an_enum(&mut self) -> Option<&'a Enum<'a>> {
        let enums = self.enums();
        self.rng.pick(&enums).copied()
    }

    pub(super) fn a_value(&mut self) -> Option<&'a EnumValue<'a>> {
        let item = self.an_enum()?;
        self.rng.pick(&item.values)
    }

    /// A field of any model that fits.
    pub(super) fn a_field_where(
        &mut self,
        fits: impl Fn(&Field<'a>) -> bool,
    ) -> Option<(&'a Model<'a>, &'a Field<'a>)> {
        let models = self.models();
        let fields: Vec<_> = models.iter().flat_map(|m| m.fields.iter().map(|f| (*m, f))).collect();
        let fields: Vec<_> = fields.into_iter().filter(|(_, f)| fits(f)).collect();
        self.rng.pick(&fields).copied()
    }

    pub(super) fn a_field(&mut self) -> Option<(&'a Model<'a>, &'a Field<'a>)> {
        self.a_field_where(|_| true)
    }

    /// A field that holds records of a model.
    pub(super) fn a_relation(&mut self) -> Option<(&'a Model<'a>, &'a Field<'a>)> {
        let names: Vec<_> =
            self.models().iter().filter(|m| m.kind != ModelKind::Composite).map(|m| m.name.name).collect();
        self.a_field_where(|f| names.contains(&self::type_name(f)))
    }

    /// A field that is a column.
    pub(super) fn a_column(&mut self) -> Option<(&'a Model<'a>, &'a Field<'a>)> {
        let names: Vec<_> = self.models().iter().map(|m| m.name.name).collect();
        self.a_field_where(|f| !names.contains(&self::type_name(f)))
    }

    /// An attribute of a field (`@`), or of a block (`@@`).
    pub(super) fn attributes(&self, of_blocks: bool) -> Vec<&'a Attribute<'a>> {
        if of_blocks {
            let models = self.models().into_iter().flat_map(|m| &m.attributes);
            return models.chain(self.enums().into_iter().flat_map(|e| &e.attributes)).collect();
        }
        let fields = self.models().into_iter().flat_map(|m| m.fields.iter().flat_map(|f| &f.attributes));
        fields.chain(self.enums().into_iter().flat_map(|e| e.values.iter().flat_map(|v| &v.attributes))).collect()
    }

    pub(super) fn an_attribute(&mut self) -> Option<&'a Attribute<'a>> {
        let of_blocks = self.rng.one_in(3);
        self.an_attribute_where(of_blocks, |_| true)
    }

    pub(super) fn an_attribute_where(
        &mut self,
        of_blocks: bool,
        fits: impl Fn(&Attribute<'a>) -> bool,
    ) -> Option<&'a Attribute<'a>> {
        let mut attributes = self.attributes(of_blocks);
        attributes.retain(|a| fits(a));
        self.rng.pick(&attributes).copied()
    }

    /// Some fields of a model, at most so many.
    pub(super) fn some_fields(&mut self, model: &'a Model<'a>, most: usize) -> Vec<&'a str> {
        let count = 1 + self.rng.below(most);
        let picked = (0..count).filter_map(|_| self.rng.pick(&model.fields).map(|f| f.name.name));
        picked.collect()
    }
}

/// The name of a field's type.
pub(super) fn type_name<'a>(field: &Field<'a>) -> &'a str {
    match &field.ty {
        prisma_stage::ast::FieldType::Name(name) => name.name,
        prisma_stage::ast::FieldType::Unsupported(_) => "Unsupported",
    }
}

/// The file after the edits.
pub(super) fn applied(file: FileId, text: &str, edits: &[(Span, String)]) -> String {
    let mut edits: Vec<_> = edits.iter().filter(|(span, _)| span.file == file).collect();
    edits.sort_by_key(|(span, _)| std::cmp::Reverse(*span));
    let mut text = text.to_owned();
    for (span, new) in edits {
        text.replace_range(span.start as usize..span.end as usize, new);
    }
    text
}
