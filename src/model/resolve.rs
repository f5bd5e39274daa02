//! From what was written to what it means.
//!
//! Every name is looked up in a hash map, once: the cost is linear in the size of the schema. What cannot be resolved is
//! a diagnostic and is left out; the rest is resolved as if it were not there.

use super::suggest::Near;
use super::{EnumId, FieldId, FieldType, Model, ModelId, Schema, suggest};
use crate::ast::{self, Block, Ident};
use crate::diag::Diagnostics;
use foldhash::HashMap;
use relation_args::RelationArgs;

mod args;
mod datasource;
mod defaults;
mod enums;
mod fields;
mod keys;
mod messages;
mod models;
mod native;
mod predicate;
mod relation_args;
mod relations;

/// Resolves a schema. Whatever has an error is missing from the result, or is in it as far as it was understood.
pub fn resolve<'s>(ast: &ast::Schema<'s>) -> (Schema<'s>, Diagnostics) {
    let mut resolver = Resolver::default();
    resolver.datasources(ast);
    let models = resolver.names(ast);
    resolver.models(&models);
    resolver.relations();
    resolver.diagnostics.sort();
    (resolver.schema, resolver.diagnostics)
}

/// What is known while a schema is being resolved.
#[derive(Default)]
struct Resolver<'s> {
    schema: Schema<'s>,
    /// What a type name stands for.
    names: HashMap<&'s str, TypeName<'s>>,
    /// Fields by model and name.
    fields: HashMap<(ModelId, &'s str), FieldId>,
    /// What `@relation` said, of each field that has one or is of a model's type.
    relation_args: Vec<(FieldId, RelationArgs<'s>)>,
    diagnostics: Diagnostics,
    /// How many names were looked for that are like one which is not there: each is a walk over all names.
    searches: u32,
}

/// So many misspelt names are worth a suggestion.
const MAX_SEARCHES: u32 = 50;

/// What a type name stands for, and where it got its meaning.
#[derive(Clone, Copy)]
enum TypeName<'s> {
    Model(ModelId, Ident<'s>),
    Enum(EnumId, Ident<'s>),
}

impl<'s> TypeName<'s> {
    fn ident(self) -> Ident<'s> {
        match self {
            TypeName::Model(_, ident) | TypeName::Enum(_, ident) => ident,
        }
    }
}

impl<'s> Resolver<'s> {
    /// Gives every model and enum its id; of two with one name, the first counts.
    fn names<'a>(&mut self, ast: &'a ast::Schema<'s>) -> Vec<(ModelId, &'a ast::Model<'s>)> {
        let mut models = Vec::new();
        for block in &ast.blocks {
            match block {
                Block::Datasource(_) | Block::Generator(_) => {}
                Block::Model(model) => {
                    let id = ModelId::at(self.schema.models.len());
                    if self.define(TypeName::Model(id, model.name)) {
                        self.schema.models.push(Model::bare(model));
                        models.push((id, model));
                    }
                }
                Block::Enum(item) => {
                    let id = EnumId::at(self.schema.enums.len());
                    if self.define(TypeName::Enum(id, item.name)) {
                        let resolved = self.enumeration(item);
                        self.schema.enums.push(resolved);
                    }
                }
            }
        }
        models
    }

    fn define(&mut self, name: TypeName<'s>) -> bool {
        let ident = name.ident();
        if let Some(first) = self.names.get(ident.name) {
            self.diagnostics.push(messages::duplicate("model, view, type or enum", ident, first.ident()));
            return false;
        }
        self.names.insert(ident.name, name);
        true
    }

    /// A type name like this one, for a message.
    fn similar_type(&mut self, name: &str) -> Option<Near<'s>> {
        let scalars = super::Scalar::ALL.map(|s| -> &'s str { s.name() });
        self.may_search().then(|| suggest::near(name, scalars.into_iter().chain(self.names.keys().copied())))?
    }

    /// A field with a column of its own and a name like this one, for a message.
    fn similar_field(&mut self, model: ModelId, name: &str) -> Option<Near<'s>> {
        let may = self.may_search();
        let fields = self.schema.model(model).walk_fields();
        let held = fields.filter(|f| !matches!(f.get().ty, FieldType::Model(..))).map(|f| f.get().name.name);
        may.then(|| suggest::near(name, held))?
    }

    fn may_search(&mut self) -> bool {
        self.searches += 1;
        self.searches <= MAX_SEARCHES
    }
}
