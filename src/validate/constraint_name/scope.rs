//! Names have to differ within what a database keeps in one place.

use super::derived;
use crate::ast::ModelKind;
use crate::diag::Diagnostic;
use crate::model::{FieldWalker, Key, ModelId, ModelWalker, RelationWalker, Schema};
use crate::source::Span;
use crate::validate::caps::{Caps, Feature, NameScope, Named, Scope};
use crate::validate::context::Context;
use foldhash::HashMap;
use foldhash::fast::FixedState;
use std::hash::{BuildHasher, Hash, Hasher};

/// Something with a name. Of the name there is a hash: nearly all names differ, and are never needed again.
struct Entry<'a, 's> {
    source: Source<'a, 's>,
    kind: Named,
    model: ModelId,
    schema: Option<&'a str>,
    hash: u64,
    /// Where to point: at the name if it is written, else at the attribute.
    at: Span,
}

/// What has the name.
#[derive(Clone, Copy)]
enum Source<'a, 's> {
    Key(ModelWalker<'a, 's>, &'a Key<'s>),
    Relation(RelationWalker<'a, 's>),
    Default(FieldWalker<'a, 's>),
}

impl Source<'_, '_> {
    fn write(self, out: &mut String, schema: &Schema<'_>, limit: usize) {
        match self {
            Source::Key(model, key) => derived::key(out, schema, model, key, limit),
            Source::Relation(relation) => derived::foreign_key(out, relation, limit),
            Source::Default(field) => derived::default(out, field, limit),
        }
    }
}

/// PS0641
pub(super) fn names_differ_where_the_database_wants_that(cx: &mut Context<'_, '_>, caps: &Caps) {
    let entries = entries(cx, caps);
    for scope in caps.name_scopes {
        let mut seen: HashMap<u64, (usize, usize)> = HashMap::default();
        for (at, entry) in entries.iter().enumerate().filter(|(_, e)| scope.of.contains(&e.kind)) {
            let found = seen.entry(place(scope, entry)).or_insert((at, 0));
            found.1 += 1;
        }
        for (at, entry) in entries.iter().enumerate().filter(|(_, e)| scope.reported.contains(&e.kind)) {
            let Some((first, 2..)) = seen.get(&place(scope, entry)).copied() else { continue };
            let other = if first == at {
                entries.iter().skip(at + 1).find(|e| same(scope, e, entry))
            } else {
                entries.get(first)
            };
            if let Some(other) = other {
                cx.report(taken(cx, caps, scope, entry, other));
            }
        }
    }
}

fn same(scope: &NameScope, a: &Entry<'_, '_>, b: &Entry<'_, '_>) -> bool {
    scope.of.contains(&a.kind) && place(scope, a) == place(scope, b)
}

fn place(scope: &NameScope, entry: &Entry<'_, '_>) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    match scope.scope {
        Scope::Global => entry.schema.hash(&mut hasher),
        Scope::OneModel => entry.model.hash(&mut hasher),
    }
    entry.hash.hash(&mut hasher);
    hasher.finish()
}

fn taken(
    cx: &Context<'_, '_>,
    caps: &Caps,
    scope: &NameScope,
    entry: &Entry<'_, '_>,
    other: &Entry<'_, '_>,
) -> Diagnostic {
    let mut name = String::new();
    entry.source.write(&mut name, cx.schema, caps.name_limit);
    let what = |e: &Entry<'_, '_>| format!("{} of `{}`", one(e.kind), cx.schema.model(e.model).get().name.name);
    let place = match scope.scope {
        Scope::Global => "in a schema of the database",
        Scope::OneModel => "of one table",
    };
    let kinds = scope.of.iter().map(|k| many(*k)).collect::<Vec<_>>().join(", ");
    let note = format!(
        "on {}, the names of {kinds} {place} have to differ; where none is given it is made of the table and its columns, and cut to {} bytes",
        caps.title, caps.name_limit
    );
    Diagnostic::error(
        "PS0641",
        format!("{} and {} are both named \"{name}\" in the database", what(entry), what(other)),
    )
    .at(entry.at)
    .saying("one of them")
    .label(other.at, "the other")
    .note(note)
    .help("give one of them another name with `map`")
}

fn one(kind: Named) -> &'static str {
    match kind {
        Named::PrimaryKey => "the primary key",
        Named::Index => "an index or unique",
        Named::ForeignKey => "a foreign key",
        Named::Default => "a default",
    }
}

fn many(kind: Named) -> &'static str {
    match kind {
        Named::PrimaryKey => "primary keys",
        Named::Index => "indexes and uniques",
        Named::ForeignKey => "foreign keys",
        Named::Default => "defaults",
    }
}

/// Everything that has a name.
fn entries<'a, 's>(cx: &Context<'a, 's>, caps: &Caps) -> Vec<Entry<'a, 's>> {
    let schema = cx.schema;
    let (mut entries, mut name) = (Vec::new(), String::new());
    let mut add = |kind: Named, model: ModelWalker<'a, 's>, source: Source<'a, 's>, at: Span| {
        source.write(&mut name, schema, caps.name_limit);
        let hash = FixedState::default().hash_one(&name);
        let namespace = model.get().schema.as_ref().map(|s| &*s.value);
        entries.push(Entry { source, kind, model: model.at, schema: namespace, hash, at });
    };
    for model in schema.walk_all().filter(|m| m.kind != ModelKind::Composite) {
        if let Some(id) = &model.get().id {
            add(Named::PrimaryKey, model, Source::Key(model, id), id.map.as_ref().map_or(id.span, |m| m.span));
        }
        for key in &model.get().keys {
            add(Named::Index, model, Source::Key(model, key), key.map.as_ref().map_or(key.span, |m| m.span));
        }
        if caps.can(Feature::NamedDefaults) {
            for field in model.walk_columns() {
                let Some(default) = &field.get().default else { continue };
                let at = default.map.as_ref().map_or(default.span, |m| m.span);
                add(Named::Default, model, Source::Default(field), at);
            }
        }
    }
    if caps.can(Feature::NamedForeignKeys) {
        for relation in schema.walk_relations().filter(|r| !r.fields.is_empty()) {
            let at = relation.get().map.as_ref().map_or(relation.span, |m| m.span);
            add(Named::ForeignKey, relation.owner_side().model, Source::Relation(relation), at);
        }
    }
    entries
}
