//! Relations: which two fields belong together.

use super::args::Owner;
use super::relation_args::RelationArgs;
use super::{Resolver, messages};
use crate::ast::{Arity, Ident, ModelKind};
use crate::model::{FieldId, FieldType, Key, KeyField, ModelId, Provider, Relation, RelationId, RelationKind, Side};
use foldhash::HashMap;

/// One side while the two are brought together.
#[derive(Clone, Copy)]
struct Half<'a, 's> {
    id: FieldId,
    args: &'a RelationArgs<'s>,
}

impl<'s> Resolver<'s> {
    /// The fields that hold the foreign key of a relation field, for messages.
    pub(super) fn foreign_key_of(&self, field: FieldId) -> Vec<&'s str> {
        // The list is in the order of the fields.
        let Ok(place) = self.relation_args.binary_search_by_key(&field, |(id, _)| *id) else { return Vec::new() };
        self.relation_args[place].1.fields.iter().flatten().map(|f| f.name).collect()
    }

    /// Brings the two fields of each relation together: they are between the same models and have the same name or none.
    pub(super) fn relations(&mut self) {
        let args = std::mem::take(&mut self.relation_args);
        let mut places: HashMap<(ModelId, ModelId, Option<&str>), usize> = HashMap::default();
        let mut groups: Vec<Vec<Half<'_, 's>>> = Vec::new();
        for (id, args) in &args {
            let (own, target) = self.ends(*id);
            let name = args.name.as_ref().map(|n| &*n.value);
            let place = *places.entry((own.min(target), own.max(target), name)).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[place].push(Half { id: *id, args });
        }
        // Two fields that lack their opposites, and would have been each other's under one name.
        let mut alone: HashMap<(ModelId, ModelId), Vec<FieldId>> = HashMap::default();
        for group in groups.iter().filter(|g| g.len() == 1) {
            let (own, target) = self.ends(group[0].id);
            alone.entry((own.min(target), own.max(target))).or_default().push(group[0].id);
        }
        for group in &groups {
            let (own, target) = self.ends(group[0].id);
            match alone.get(&(own.min(target), own.max(target))).map(Vec::as_slice) {
                Some(&[x, y]) if group[0].id == x && self.ends(y) == (target, own) => self.names_differ(x, y),
                Some(&[x, y]) if group[0].id == y && self.ends(x) == (target, own) => self.names_differ(y, x),
                Some(_) | None => self.group(group),
            }
        }
    }

    fn names_differ(&mut self, field: FieldId, other: FieldId) {
        let (field, other) = (self.schema.field(field), self.schema.field(other));
        self.diagnostics.push(messages::names_differ(&field.label(), field.name, &other.label(), other.name));
    }

    fn ends(&self, field: FieldId) -> (ModelId, ModelId) {
        let field = &self.schema.fields[field.index()];
        match field.ty {
            FieldType::Model(target, _) => (field.model, target),
            FieldType::Scalar(_)
            | FieldType::Enum(_)
            | FieldType::Composite(_)
            | FieldType::Unsupported(_)
            | FieldType::Unknown => (field.model, field.model),
        }
    }

    fn group(&mut self, group: &[Half<'_, 's>]) {
        let (own, target) = self.ends(group[0].id);
        let on_first = group.iter().filter(|h| self.schema.fields[h.id.index()].model == own).count();
        let on_second = if own == target { on_first / 2 } else { group.len() - on_first };
        // Of a model with itself, nothing but a name says that two fields belong together.
        let told_apart = own != target || group[0].args.name.is_some();
        match (group, on_second) {
            ([x, y], 1) if told_apart => self.pair(*x, *y),
            (_, 0) => {
                for half in group {
                    self.no_opposite(*half);
                }
            }
            _ => {
                for half in group {
                    let others = group.iter().filter(|o| o.id != half.id).take(8);
                    let others: Vec<_> = others.map(|o| self.schema.fields[o.id.index()].name).collect();
                    let field = self.schema.field(half.id);
                    self.diagnostics.push(messages::ambiguous_relation(&field.label(), field.name, &others));
                }
            }
        }
    }

    fn no_opposite(&mut self, half: Half<'_, 's>) {
        let (own, target) = self.ends(half.id);
        let field = self.schema.field(half.id);
        let missing = messages::Opposite {
            label: field.label(),
            field: field.name,
            of: if field.arity == Arity::List { Arity::Required } else { self.opposite_arity(half) },
            model: self.schema.models[own.index()].name.name,
            other: self.schema.models[target.index()].name,
            brace: self.schema.models[target.index()].span,
            relation: half.args.name.as_ref(),
            taken: &|name| self.fields.contains_key(&(target, name)),
        };
        let message = messages::no_opposite(&missing);
        self.diagnostics.push(message);
    }

    /// What the other side of a field with a foreign key is: at most one if the key is unique, else a list.
    fn opposite_arity(&self, half: Half<'_, 's>) -> Arity {
        let (own, _) = self.ends(half.id);
        let names: Vec<&str> = half.args.fields.iter().flatten().map(|f| f.name).collect();
        let model = self.schema.model(own);
        let same = |key: &Key<'_>| {
            let fields = key.fields.iter().filter_map(KeyField::field).map(|f| self.schema.field(f).get().name.name);
            !names.is_empty() && key.fields.len() == names.len() && fields.into_iter().all(|f| names.contains(&f))
        };
        let unique = model.get().id.iter().chain(model.walk_uniques()).any(same);
        if unique { Arity::Optional } else { Arity::List }
    }

    fn pair(&mut self, x: Half<'_, 's>, y: Half<'_, 's>) {
        let is_list = |r: &Self, h: Half<'_, 's>| r.schema.fields[h.id.index()].arity == Arity::List;
        match (is_list(self, x), is_list(self, y)) {
            (true, true) => self.many_to_many(x, y),
            (true, false) => self.with_foreign_key(y, x, RelationKind::OneToMany),
            (false, true) => self.with_foreign_key(x, y, RelationKind::OneToMany),
            (false, false) if y.args.holds_key() && !x.args.holds_key() => {
                self.with_foreign_key(y, x, RelationKind::OneToOne);
            }
            (false, false) => self.with_foreign_key(x, y, RelationKind::OneToOne),
        }
    }

    fn with_foreign_key(&mut self, owner: Half<'_, 's>, other: Half<'_, 's>, kind: RelationKind) {
        let field = self.schema.field(owner.id);
        let (label, name) = (field.label(), field.name);
        let opposite = self.schema.field(other.id);
        let (other_label, other_name) = (opposite.label(), opposite.name);
        if other.args.holds_key() {
            let message = match kind {
                RelationKind::OneToMany => messages::list_with_foreign_key(&other_label, other.args.span),
                RelationKind::OneToOne | RelationKind::ManyToMany => {
                    messages::two_foreign_keys(&label, owner.args.span, other.args.span)
                }
            };
            self.diagnostics.push(message);
            return;
        }
        if !owner.args.holds_key() {
            let one_to_many = kind == RelationKind::OneToMany;
            self.diagnostics.push(messages::no_foreign_key(&label, name, other_name, one_to_many));
            return;
        }
        self.only_on_owner(&other_label, other.args);
        let Some((fields, references)) = self.columns(owner) else { return };
        self.file(owner, other, kind, fields, references);
    }

    fn many_to_many(&mut self, x: Half<'_, 's>, y: Half<'_, 's>) {
        let key = |h: Half<'_, 's>| {
            let field = &self.schema.fields[h.id.index()];
            (self.schema.models[field.model.index()].name.name, field.name.name)
        };
        let (a, b) = if key(x) <= key(y) { (x, y) } else { (y, x) };
        if self.schema.provider() == Some(Provider::Mongodb) {
            let (fields, references) = match a.args.holds_key() {
                true => self.columns(a).unwrap_or_default(),
                false => (Vec::new(), Vec::new()),
            };
            if b.args.holds_key() {
                // Only what is wrong with them is of interest: the relation is that of side A.
                drop(self.columns(b));
            }
            self.file(a, b, RelationKind::ManyToMany, fields, references);
            return;
        }
        let mut wrong = false;
        for (half, other) in [(a, b), (b, a)] {
            let field = self.schema.field(half.id);
            let label = field.label();
            let model = self.schema.field(other.id).owner();
            // A view is none for such a relation, whatever its fields: the rules say that.
            if model.kind != ModelKind::View && model.id.as_ref().is_none_or(|id| id.fields.len() != 1) {
                self.diagnostics.push(messages::many_to_many_without_id(&label, model.name, field.name));
                wrong = true;
            }
        }
        if !wrong {
            self.file(a, b, RelationKind::ManyToMany, Vec::new(), Vec::new());
        }
    }

    /// Reports what the side without the foreign key may not say.
    fn only_on_owner(&mut self, label: &str, args: &RelationArgs<'s>) {
        let said =
            [("onDelete", args.on_delete.map(|(_, span)| span)), ("onUpdate", args.on_update.map(|(_, span)| span))];
        for (argument, span) in said {
            if let Some(span) = span {
                self.diagnostics.push(messages::one_sided(label, argument, span));
            }
        }
    }

    /// The fields of the foreign key and those they point at.
    fn columns(&mut self, owner: Half<'_, 's>) -> Option<(Vec<FieldId>, Vec<FieldId>)> {
        let (own, target) = self.ends(owner.id);
        let (Some(fields), Some(references)) = (&owner.args.fields, &owner.args.references) else {
            let missing = if owner.args.fields.is_some() { "references" } else { "fields" };
            self.diagnostics.push(messages::missing_argument(Owner::Attribute("@relation"), missing, owner.args.span));
            return None;
        };
        let resolved = (self.look_up(own, "`fields`", fields), self.look_up(target, "`references`", references));
        if fields.len() != references.len() || fields.is_empty() {
            self.diagnostics.push(messages::uneven(owner.args.span, fields.len(), references.len()));
            return None;
        }
        Some((resolved.0?, resolved.1?))
    }

    fn look_up(&mut self, model: ModelId, owner: &str, names: &[Ident<'s>]) -> Option<Vec<FieldId>> {
        let mut found = Vec::with_capacity(names.len());
        for name in names {
            match self.fields.get(&(model, name.name)) {
                Some(field) if self.schema.fields[field.index()].is_column() => found.push(*field),
                Some(_) => self.diagnostics.push(messages::relation_field_in_key(owner, *name, &[])),
                None => {
                    let similar = self.similar_field(model, name.name);
                    let owner_name = self.schema.models[model.index()].name.name;
                    self.diagnostics.push(messages::unknown_field(owner_name, *name, similar));
                }
            }
        }
        (found.len() == names.len()).then_some(found)
    }

    fn file(
        &mut self,
        owner: Half<'_, 's>,
        other: Half<'_, 's>,
        kind: RelationKind,
        fields: Vec<FieldId>,
        references: Vec<FieldId>,
    ) {
        let relation = RelationId::at(self.schema.relations.len());
        let side = |id: FieldId| Side { model: self.schema.fields[id.index()].model, field: id };
        let (owner_side, other_side) = (side(owner.id), side(other.id));
        self.schema.relations.push(Relation {
            name: owner.args.name.clone(),
            kind,
            owner: owner_side,
            other: other_side,
            fields,
            references,
            on_delete: owner.args.on_delete.map(|(action, _)| action),
            on_update: owner.args.on_update.map(|(action, _)| action),
            map: owner.args.map.clone(),
            span: owner.args.span,
        });
        self.schema.fields[owner.id.index()].ty = FieldType::Model(other_side.model, Some(relation));
        self.schema.fields[other.id.index()].ty = FieldType::Model(owner_side.model, Some(relation));
    }
}
