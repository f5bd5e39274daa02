//! Models, views and composite types: their blocks.

use super::args::Args;
use super::{Resolver, messages};
use crate::ast::{self, ModelKind};
use crate::model::{FieldId, Key, KeyKind, Model, ModelId};

const KNOWN: [&str; 7] = ["id", "unique", "index", "fulltext", "map", "schema", "ignore"];

impl<'s> Model<'s> {
    pub(super) fn bare(ast: &ast::Model<'s>) -> Self {
        Model {
            kind: ast.kind,
            name: ast.name,
            fields: 0..0,
            map: None,
            schema: None,
            ignored: false,
            id: None,
            keys: Vec::new(),
            docs: ast.docs.clone(),
            span: ast.span,
        }
    }
}

impl<'s> Resolver<'s> {
    /// Fields first, of all models; then what names them.
    pub(super) fn models(&mut self, models: &[(ModelId, &ast::Model<'s>)]) {
        let count = models.iter().map(|(_, ast)| ast.fields.len()).sum();
        self.fields.reserve(count);
        self.schema.fields.reserve(count);
        for (id, ast) in models {
            let start = self.schema.fields.len();
            for field in &ast.fields {
                self.field(*id, ast.kind, field);
            }
            self.schema.models[id.index()].fields = FieldId::range(start, self.schema.fields.len());
        }
        for (id, ast) in models {
            self.block_attributes(*id, ast);
        }
    }

    fn block_attributes(&mut self, id: ModelId, ast: &ast::Model<'s>) {
        self.no_repeats("@@", &ast.attributes, &["unique", "index", "fulltext"]);
        for attribute in &ast.attributes {
            let name = attribute.name;
            if ast.kind == ModelKind::Composite {
                let why = "a composite type has neither a table nor keys";
                self.diagnostics.push(messages::misplaced(&format!("@@{}", name.name), why, attribute.span));
                continue;
            }
            match name.name {
                "id" => self.block_key(id, KeyKind::Id, attribute),
                "unique" => self.block_key(id, KeyKind::Unique, attribute),
                "index" => self.block_key(id, KeyKind::Index, attribute),
                "fulltext" => self.block_key(id, KeyKind::Fulltext, attribute),
                "map" => self.schema.models[id.index()].map = self.map_name("@@map", attribute),
                "schema" => self.schema.models[id.index()].schema = self.schema_name(attribute),
                "ignore" => {
                    Args::of("@@ignore", attribute).finish(&[], &mut self.diagnostics);
                    self.schema.models[id.index()].ignored = true;
                }
                // Of hosting services: no meaning for a database made by migrations.
                "shardKey" => {}
                _ => self.diagnostics.push(messages::unknown_attribute("@@", name, &KNOWN)),
            }
        }
    }

    /// Files a key with its model.
    pub(super) fn add_key(&mut self, id: ModelId, key: Key<'s>) {
        let model = &mut self.schema.models[id.index()];
        match (key.kind, &model.id) {
            (KeyKind::Id, Some(first)) => {
                self.diagnostics.push(messages::second_id(model.name, key.span, first.span));
            }
            (KeyKind::Id, None) => model.id = Some(key),
            (KeyKind::Unique | KeyKind::Index | KeyKind::Fulltext, _) => model.keys.push(key),
        }
    }
}
