//! What every rule is handed.

use super::caps::Caps;
use crate::ast::{self, Arg, Attribute, Block};
use crate::diag::{Diagnostic, Diagnostics, Edit};
use crate::model::{FieldId, FieldType, FieldWalker, ModelId, ModelWalker, Schema};
use crate::source::Span;

/// The schema, what its database can do, and what was found so far.
pub(super) struct Context<'a, 's> {
    /// What the schema means.
    pub(super) schema: &'a Schema<'s>,
    /// What its database can do; None where the provider is missing or unknown, which has its diagnostic.
    pub(super) caps: Option<&'static Caps>,
    /// What was found.
    pub(super) found: Diagnostics,
    /// Where the text could not be read.
    unread: Vec<Span>,
    /// As it was written, by [`ModelId`].
    models: Vec<&'a ast::Model<'s>>,
}

impl<'a, 's> Context<'a, 's> {
    /// `read` is what was found while reading.
    pub(super) fn new(ast: &'a ast::Schema<'s>, schema: &'a Schema<'s>, read: &Diagnostics) -> Self {
        let mut models = Vec::with_capacity(schema.models.len());
        for block in &ast.blocks {
            // Of two with one name the first is in the schema: both lists are in the order of the file.
            if let Block::Model(model) = block
                && schema.models.get(models.len()).is_some_and(|m| m.span == model.span)
            {
                models.push(model);
            }
        }
        let caps = schema.provider().map(Caps::of);
        let mut unread: Vec<Span> = read.iter().filter_map(|d| d.span).collect();
        unread.sort_unstable();
        Context { schema, caps, found: Diagnostics::default(), unread, models }
    }

    /// Reports something.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Was all of a block understood? What is missing in it may be in the lines that were not.
    pub(super) fn was_read(&self, block: Span) -> bool {
        let next = self.unread.partition_point(|span| (span.file, span.start) < (block.file, block.start));
        self.unread.get(next).is_none_or(|span| span.file != block.file || span.start > block.end)
    }

    /// A model, view or composite type as it was written.
    pub(super) fn written_model(&self, id: ModelId) -> &'a ast::Model<'s> {
        self.models[id.index()]
    }

    /// A field as it was written.
    pub(super) fn written_field(&self, id: FieldId) -> Option<&'a ast::Field<'s>> {
        let field = self.schema.field(id).get();
        let fields = &self.written_model(field.model).fields;
        let place = fields.binary_search_by_key(&field.span.start, |f| f.span.start).ok()?;
        fields.get(place)
    }

    /// An `@` attribute of a field, by its name.
    pub(super) fn field_attribute(&self, id: FieldId, name: &str) -> Option<&'a Attribute<'s>> {
        self.written_field(id)?.attributes.iter().find(|a| a.name.name == name)
    }

    /// An `@@` attribute of a model, view or composite type, by its name.
    pub(super) fn model_attribute(&self, id: ModelId, name: &str) -> Option<&'a Attribute<'s>> {
        self.written_model(id).attributes.iter().find(|a| a.name.name == name)
    }

    /// Does the model have an id or unique that names what is not there? It has its diagnostic, and whatever it would make
    /// right has none.
    pub(super) fn has_unread_keys(&self, model: ModelWalker<'_, '_>) -> bool {
        let written = self.written_model(model.at);
        let attributes = written.fields.iter().flat_map(|f| &f.attributes).chain(&written.attributes);
        let stated = attributes.filter(|a| ["id", "unique"].contains(&a.name.name)).count();
        stated > model.walk_uniques().count() + usize::from(model.id.is_some())
    }

    /// The type of a field as it is written in a schema file, without `?` and `[]`.
    pub(super) fn type_name(&self, field: FieldWalker<'_, '_>) -> String {
        match &field.get().ty {
            FieldType::Scalar(scalar) => scalar.name().to_owned(),
            FieldType::Enum(id) => self.schema.enumeration(*id).name.name.to_owned(),
            FieldType::Composite(id) | FieldType::Model(id, _) => self.schema.model(*id).name.name.to_owned(),
            FieldType::Unsupported(raw) => format!("Unsupported({raw:?})"),
            FieldType::Unknown => "an unknown one".to_owned(),
        }
    }
}

/// The argument of this name.
pub(super) fn argument<'a, 's>(attribute: &'a Attribute<'s>, name: &str) -> Option<&'a Arg<'s>> {
    attribute.args.iter().flatten().find(|a| a.name.is_some_and(|n| n.name == name))
}

/// `a, b`
pub(super) fn names<'a, 's: 'a>(fields: impl Iterator<Item = FieldWalker<'a, 's>>) -> String {
    fields.map(|f| f.get().name.name).collect::<Vec<_>>().join(", ")
}

/// Adds an attribute behind those of a field.
pub(super) fn add_attribute(field: FieldWalker<'_, '_>, attribute: &str) -> Edit {
    let end = Span { start: field.span.end, ..field.span };
    Edit { span: end, text: format!(" {attribute}") }
}

/// Adds a line at the end of a model.
pub(super) fn add_line(model: ModelWalker<'_, '_>, line: &str) -> Edit {
    let brace = model.span.end - 1;
    // Attributes of a block stand together, a blank line below its fields.
    let first = model.get().id.iter().chain(&model.get().keys).all(|key| key.at_field.is_some());
    let blank = if first { "\n" } else { "" };
    Edit { span: Span { start: brace, end: brace, ..model.span }, text: format!("{blank}  {line}\n") }
}
