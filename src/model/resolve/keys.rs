//! Ids, uniques and indexes.

use super::args::Args;
use super::{Resolver, messages};
use crate::ast::{Attribute, Expr, Ident, Str};
use crate::diag::Diagnostics;
use crate::model::{FieldId, FieldType, Key, KeyField, KeyKind, ModelId, Ops, Sort};

impl KeyKind {
    fn arguments(self, block: bool) -> &'static [&'static str] {
        match (self, block) {
            (KeyKind::Id, false) => &["map", "sort", "length", "clustered"],
            (KeyKind::Id, true) => &["fields", "name", "map", "clustered"],
            (KeyKind::Unique, false) => &["map", "sort", "length", "clustered", "where"],
            (KeyKind::Unique, true) => &["fields", "name", "map", "clustered", "where"],
            (KeyKind::Index, _) => &["fields", "name", "map", "type", "ops", "clustered", "where"],
            (KeyKind::Fulltext, _) => &["fields", "name", "map"],
        }
    }
}

impl<'s> Resolver<'s> {
    /// `@id` and `@unique`.
    pub(super) fn field_key(&mut self, model: ModelId, field: FieldId, kind: KeyKind, attribute: &Attribute<'s>) {
        let mut args = Args::of(kind.attribute(false), attribute);
        let span = self.schema.fields[field.index()].name.span;
        let options = KeyField { path: vec![field], sort: None, length: None, ops: None, span };
        let mut key = self.key(model, kind, &mut args, attribute, false);
        let options = self.field_options(options, &mut args);
        if let FieldType::Model(..) = self.schema.fields[field.index()].ty {
            let name = Ident { name: self.schema.fields[field.index()].name.name, span: attribute.span };
            self.diagnostics.push(messages::relation_field_in_key(kind.attribute(false), name, &[]));
            return;
        }
        args.finish(kind.arguments(false), &mut self.diagnostics);
        key.at_field = Some(field);
        key.fields = vec![options];
        self.add_key(model, key);
    }

    /// `@@id`, `@@unique`, `@@index`, `@@fulltext`.
    pub(super) fn block_key(&mut self, model: ModelId, kind: KeyKind, attribute: &Attribute<'s>) {
        let mut args = Args::of(kind.attribute(true), attribute);
        let fields = args.first("fields");
        let mut key = self.key(model, kind, &mut args, attribute, true);
        let Some(fields) = fields else {
            args.missing("fields", &mut self.diagnostics);
            return;
        };
        let items = Args::list(fields);
        if items.is_empty() {
            args.bad("fields", "a list of at least one field", fields.span(), &mut self.diagnostics);
        }
        key.fields = items.iter().filter_map(|item| self.key_field(model, kind, &args, item)).collect();
        args.finish(kind.arguments(true), &mut self.diagnostics);
        if !items.is_empty() && key.fields.len() == items.len() {
            self.add_key(model, key);
        }
    }

    /// What is said of the key as a whole.
    fn key<'a>(
        &mut self,
        model: ModelId,
        kind: KeyKind,
        args: &mut Args<'a, 's>,
        attribute: &'a Attribute<'s>,
        block: bool,
    ) -> Key<'s> {
        let allowed = |name: &str| kind.arguments(block).contains(&name);
        let mut take = |name: &str| if allowed(name) { args.named(name) } else { None };
        let (name, map, clustered) = (take("name"), take("map"), take("clustered"));
        let (method, predicate) = (take("type"), take("where"));
        let d = &mut self.diagnostics;
        let mut name: Option<Str<'s>> = args.string(name, "name", d);
        let mut map = args.string(map, "map", d);
        // An index has no name for the client: `name` is what `map` was called once.
        if matches!(kind, KeyKind::Index | KeyKind::Fulltext) && map.is_none() {
            map = name.take();
        }
        let method = args.word(method, "type", d);
        let clustered = args.boolean(clustered, "clustered", d);
        let predicate = predicate.and_then(|p| self.predicate(model, kind.attribute(block), p));
        Key { kind, at_field: None, fields: Vec::new(), name, map, method, clustered, predicate, span: attribute.span }
    }

    fn key_field<'a>(
        &mut self,
        model: ModelId,
        kind: KeyKind,
        args: &Args<'a, 's>,
        item: &'a Expr<'s>,
    ) -> Option<KeyField<'s>> {
        let (name, function) = match item {
            Expr::Constant(name) => (*name, None),
            Expr::Function(function) => (function.name, Some(function)),
            Expr::String(_) | Expr::Number(_) | Expr::Array(..) | Expr::Object(..) => {
                args.bad("fields", "a list of fields", item.span(), &mut self.diagnostics);
                return None;
            }
        };
        let path = self.path(model, kind, name)?;
        let field = KeyField { path, sort: None, length: None, ops: None, span: item.span() };
        let Some(function) = function else { return Some(field) };
        let mut options = Args::of_call(function);
        let field = self.field_options(field, &mut options);
        // Prisma passes over what it does not know here.
        let mut ignored = Diagnostics::default();
        options.finish(&["sort", "length", "ops"], &mut ignored);
        self.diagnostics.append(ignored.as_warnings());
        Some(field)
    }

    /// A field of the model, or `outer.inner` of a composite one.
    fn path(&mut self, model: ModelId, kind: KeyKind, name: Ident<'s>) -> Option<Vec<FieldId>> {
        let mut path = Vec::new();
        let (mut owner, mut inside) = (model, true);
        for part in name.name.split('.') {
            let part = Ident { name: part, span: name.span };
            // A scalar has nothing inside, and an id no parts of a value.
            let known = inside && (path.is_empty() || kind != KeyKind::Id);
            let Some(field) = self.fields.get(&(owner, part.name)).copied().filter(|_| known) else {
                let owner_name = self.schema.models[owner.index()].name.name;
                let similar = self.similar_field(owner, part.name);
                self.diagnostics.push(messages::unknown_field(owner_name, part, similar));
                return None;
            };
            path.push(field);
            match self.schema.fields[field.index()].ty {
                FieldType::Composite(inner) => owner = inner,
                FieldType::Model(..) => {
                    let held: Vec<&str> = self.foreign_key_of(field);
                    self.diagnostics.push(messages::relation_field_in_key(kind.attribute(true), part, &held));
                    return None;
                }
                FieldType::Scalar(_) | FieldType::Enum(_) | FieldType::Unsupported(_) | FieldType::Unknown => {
                    inside = false
                }
            }
        }
        Some(path)
    }

    fn field_options<'a>(&mut self, mut field: KeyField<'s>, args: &mut Args<'a, 's>) -> KeyField<'s> {
        let (sort, length, ops) = (args.named("sort"), args.named("length"), args.named("ops"));
        let d = &mut self.diagnostics;
        if let Some(word) = args.word(sort, "sort", d) {
            match word.name {
                "Asc" => field.sort = Some(Sort::Asc),
                "Desc" => field.sort = Some(Sort::Desc),
                _ => args.bad("sort", "`Asc` or `Desc`", word.span, d),
            }
        }
        field.length = args.number(length, "length", d);
        match ops {
            None => {}
            Some(Expr::Constant(word)) => field.ops = Some(Ops::Known(word.name)),
            Some(Expr::Function(raw)) if raw.name.name == "raw" => {
                let mut inner = Args::of_call(raw);
                let sql = inner.first("raw");
                field.ops = inner.string(sql, "raw", d).map(|s| Ops::Raw(s.value));
                inner.finish(&[], d);
            }
            Some(other) => args.bad("ops", "an operator class or `raw(\"…\")`", other.span(), d),
        }
        field
    }
}
