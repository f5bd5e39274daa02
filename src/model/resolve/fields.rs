//! Fields: their types and `@` attributes.

use super::args::Args;
use super::relation_args::RelationArgs;
use super::{Resolver, TypeName, messages};
use crate::ast::{self, Attribute, Ident, ModelKind};
use crate::model::{Field, FieldId, FieldType, KeyKind, ModelId, Scalar};

const KNOWN: [&str; 8] = ["id", "unique", "default", "map", "relation", "updatedAt", "ignore", "db.…"];

impl<'s> Resolver<'s> {
    pub(super) fn field(&mut self, model: ModelId, kind: ModelKind, ast: &ast::Field<'s>) {
        let id = FieldId::at(self.schema.fields.len());
        if let Some(first) = self.fields.get(&(model, ast.name.name)) {
            let first = self.schema.fields[first.index()].name;
            self.diagnostics.push(messages::duplicate("field", ast.name, first));
            return;
        }
        self.fields.insert((model, ast.name.name), id);
        let (ty, ty_span) = match &ast.ty {
            ast::FieldType::Name(name) => (self.field_type(*name), name.span),
            ast::FieldType::Unsupported(raw) => (FieldType::Unsupported(raw.value.clone()), raw.span),
        };
        if let FieldType::Model(..) = ty
            && kind == ModelKind::Composite
        {
            let composite = self.schema.models[model.index()].name.name;
            self.diagnostics.push(messages::relation_in_composite(ast.name, composite));
        }
        self.schema.fields.push(Field {
            model,
            name: ast.name,
            ty,
            ty_span,
            arity: ast.arity,
            type_end: ast.type_end,
            map: None,
            default: None,
            updated_at: false,
            ignored: false,
            native: None,
            docs: ast.docs.clone(),
            span: ast.span,
        });
        self.no_repeats("@", &ast.attributes, &[]);
        let mut relation = RelationArgs::none(ast.span);
        for attribute in &ast.attributes {
            self.field_attribute(model, id, attribute, &mut relation);
        }
        if matches!(self.schema.fields[id.index()].ty, FieldType::Model(..)) && kind != ModelKind::Composite {
            self.relation_args.push((id, relation));
        }
    }

    fn field_type(&mut self, name: Ident<'s>) -> FieldType<'s> {
        if let Some(scalar) = Scalar::parse(name.name) {
            return FieldType::Scalar(scalar);
        }
        match self.names.get(name.name) {
            Some(TypeName::Enum(id, _)) => FieldType::Enum(*id),
            Some(TypeName::Model(id, _)) => match self.schema.models[id.index()].kind {
                ModelKind::Composite => FieldType::Composite(*id),
                ModelKind::Model | ModelKind::View => FieldType::Model(*id, None),
            },
            None => {
                let similar = self.similar_type(name.name);
                self.diagnostics.push(messages::unknown_type(name, similar));
                FieldType::Unknown
            }
        }
    }

    fn field_attribute(
        &mut self,
        model: ModelId,
        id: FieldId,
        attribute: &Attribute<'s>,
        relation: &mut RelationArgs<'s>,
    ) {
        let name = attribute.name;
        if let Some((prefix, native)) = name.name.split_once('.') {
            let native = self.native_type(attribute, prefix, native);
            self.schema.fields[id.index()].native = native;
            return;
        }
        match name.name {
            "id" => self.field_key(model, id, KeyKind::Id, attribute),
            "unique" => self.field_key(model, id, KeyKind::Unique, attribute),
            "default" => self.schema.fields[id.index()].default = self.default_value(id, attribute),
            "map" => self.schema.fields[id.index()].map = self.map_name("@map", attribute),
            "updatedAt" => {
                Args::of("@updatedAt", attribute).finish(&[], &mut self.diagnostics);
                self.schema.fields[id.index()].updated_at = true;
            }
            "ignore" => {
                Args::of("@ignore", attribute).finish(&[], &mut self.diagnostics);
                self.schema.fields[id.index()].ignored = true;
            }
            "relation" => match self.schema.fields[id.index()].ty {
                FieldType::Model(..) => *relation = self.relation_attribute(attribute),
                FieldType::Unknown => {}
                FieldType::Scalar(_) | FieldType::Enum(_) | FieldType::Composite(_) | FieldType::Unsupported(_) => {
                    let why = "the field's type is not a model";
                    self.diagnostics.push(messages::misplaced("@relation", why, attribute.span));
                }
            },
            // Of hosting services: no meaning for a database made by migrations.
            "shardKey" => {}
            _ => self.diagnostics.push(messages::unknown_attribute("@", name, &KNOWN)),
        }
    }
}
