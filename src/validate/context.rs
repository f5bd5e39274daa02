//! What every rule is handed.

use super::caps::Caps;
use crate::ast::{self, Attribute, Block};
use crate::diag::{Diagnostic, Diagnostics};
use crate::model::{FieldId, ModelId, Schema};

/// The schema, what its database can do, and what was found so far.
pub(super) struct Context<'a, 's> {
    /// What the schema means.
    pub(super) schema: &'a Schema<'s>,
    /// What its database can do; None where the provider is missing or unknown, which has its diagnostic.
    pub(super) caps: Option<&'static Caps>,
    /// What was found.
    pub(super) found: Diagnostics,
    /// As it was written, by [`ModelId`].
    models: Vec<&'a ast::Model<'s>>,
}

impl<'a, 's> Context<'a, 's> {
    pub(super) fn new(ast: &'a ast::Schema<'s>, schema: &'a Schema<'s>) -> Self {
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
        Context { schema, caps, found: Diagnostics::default(), models }
    }

    /// Reports something.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
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
}
