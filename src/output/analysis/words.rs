//! Words that the formats for people share.

use crate::analyze::{
    Analysis, Deletion, Effect, Enforcement, Enum, FkIndex, Hinge, Identity, IdentityKind, IndexKind, Join, Model,
    ModelKind, Purpose, Relation, RelationKind,
};
use crate::output::style::count;
use std::collections::HashMap;

/// `12 models, 3 enums, 14 relations`
pub(super) fn summary(analysis: &Analysis) -> String {
    let views = analysis.models.iter().filter(|model| model.kind == ModelKind::View).count();
    let mut said = vec![count(analysis.models.len() - views, "model")];
    let others = [(views, "view"), (analysis.types.len(), "composite type"), (analysis.enums.len(), "enum")];
    said.extend(others.iter().filter(|(n, _)| *n > 0).map(|(n, thing)| count(*n, thing)));
    said.push(count(analysis.relations.len(), "relation"));
    said.join(", ")
}

/// The name of the database as its vendor writes it.
pub(super) fn provider(analysis: &Analysis) -> &str {
    match analysis.provider.as_deref() {
        Some("postgresql") => "PostgreSQL",
        Some("mysql") => "MySQL",
        Some("sqlite") => "SQLite",
        Some("sqlserver") => "SQL Server",
        Some("cockroachdb") => "CockroachDB",
        Some("mongodb") => "MongoDB",
        Some(other) => other,
        None => "no database that is known",
    }
}

/// What keeps relations whole, in a sentence.
pub(super) fn kept_by(analysis: &Analysis) -> &'static str {
    match analysis.kept_by {
        Enforcement::ForeignKey => "relations are kept by foreign keys of the database",
        Enforcement::PrismaClient => "relations are kept by Prisma Client alone: the database has no foreign keys",
        Enforcement::Nothing => "relations are kept by nothing",
    }
}

/// `id`, `id (a, b)`, `unique (email)`, `nothing`
pub(super) fn identity(identity: &Identity) -> String {
    let fields = identity.fields.join(", ");
    match identity.kind {
        IdentityKind::Id => fields,
        IdentityKind::Unique => format!("{fields} (unique)"),
        IdentityKind::None => "nothing".to_owned(),
    }
}

/// What else there is to say of a model.
pub(super) fn remarks(model: &Model) -> Vec<String> {
    let mut said = Vec::new();
    match model.kind {
        ModelKind::Model => {}
        ModelKind::View => said.push("view".to_owned()),
        ModelKind::Type => said.push("composite type".to_owned()),
    }
    said.extend(model.join.as_ref().map(join));
    if model.ignored {
        said.push("ignored".to_owned());
    }
    said.extend(model.schema.as_ref().map(|schema| format!("in schema {schema}")));
    if model.table != model.name {
        said.push(format!("table {}", model.table));
    }
    said
}

/// `links User and Team, with role`
pub(super) fn join(join: &Join) -> String {
    let models = match &join.models[..] {
        [a, b] if a == b => format!("links {a} with {b}"),
        models => format!("links {}", models.join(" and ")),
    };
    match &join.carries[..] {
        [] => models,
        few if few.len() <= 3 => format!("{models}, with {}", few.join(", ")),
        many => format!("{models}, with {}", count(many.len(), "column")),
    }
}

/// `many to one` …
pub(super) fn kind(relation: &Relation) -> &'static str {
    match relation.kind {
        RelationKind::OneToOne => "one to one",
        RelationKind::ManyToOne => "many to one",
        RelationKind::ManyToMany => "many to many",
    }
}

/// `foreign key, Cascade` …
pub(super) fn enforcement(relation: &Relation) -> String {
    let by = match (relation.enforced, &relation.join_table) {
        (Enforcement::ForeignKey, Some(table)) => return format!("join table {table}"),
        (Enforcement::ForeignKey, None) => "foreign key",
        (Enforcement::PrismaClient, _) => "Prisma Client",
        (Enforcement::Nothing, Some(table)) => return format!("nothing (join table {table})"),
        (Enforcement::Nothing, None) => return "nothing".to_owned(),
    };
    match relation.on_delete {
        Some(action) => format!("{by}, {}", action.name()),
        None => by.to_owned(),
    }
}

/// `userId`; what it points at only where that is not the id.
pub(super) fn key(relation: &Relation, to: Option<&&Model>) -> String {
    let fields = relation.fields.join(", ");
    let is_id =
        to.is_some_and(|model| model.identity.kind == IdentityKind::Id && model.identity.fields == relation.references);
    match (&relation.join_table, is_id || relation.fields.is_empty()) {
        (Some(table), _) => format!("table {table}"),
        (None, true) => fields,
        (None, false) => format!("{fields} → {}", relation.references.join(", ")),
    }
}

/// What happens on a delete, and what keeps the relation where that is not what keeps the others.
pub(super) fn on_delete(relation: &Relation, analysis: &Analysis) -> String {
    let action = match (relation.on_delete, relation.enforced) {
        (Some(action), _) => action.name(),
        (None, Enforcement::Nothing) => "",
        (None, Enforcement::ForeignKey | Enforcement::PrismaClient) => "links go",
    };
    let by = match relation.enforced {
        by if by == analysis.kept_by => "",
        Enforcement::ForeignKey => "foreign key",
        Enforcement::PrismaClient => "Prisma Client",
        Enforcement::Nothing => "kept by nothing",
    };
    let said: Vec<&str> = [action, by].into_iter().filter(|said| !said.is_empty()).collect();
    said.join(", ")
}

/// A relation as one sentence.
pub(super) fn sentence(relation: &Relation) -> String {
    let (from, to) = (&relation.from, &relation.to);
    let points = match (relation.kind, relation.required) {
        (RelationKind::ManyToMany, _) => format!("rows of {} and rows of {}, many to many", from.model, to.model),
        (RelationKind::ManyToOne, true) => format!("each {} has one {}, which has many", from.model, to.model),
        (RelationKind::ManyToOne, false) => format!("each {} has at most one {}, which has many", from.model, to.model),
        (RelationKind::OneToOne, true) => format!("each {} has one {}, which has at most one", from.model, to.model),
        (RelationKind::OneToOne, false) => {
            format!("each {} has at most one {}, which has at most one", from.model, to.model)
        }
    };
    let key = match &relation.fields[..] {
        [] => String::new(),
        fields => format!("; {} → {}", fields.join(", "), relation.references.join(", ")),
    };
    format!("{} ↔ {}: {points}{key}; {}", from.label(), to.label(), enforcement(relation))
}

/// `no index` where nothing finds the rows that point at a given one.
pub(super) fn is_unindexed(relation: &Relation) -> bool {
    match relation.index {
        Some(FkIndex::None) => true,
        Some(FkIndex::Id | FkIndex::Unique | FkIndex::Index | FkIndex::Automatic) | None => false,
    }
}

/// What an index is good for.
pub(super) fn purpose(purpose: &Purpose) -> String {
    match purpose {
        Purpose::Identity => "tells rows apart".to_owned(),
        Purpose::Uniqueness => "no two rows alike".to_owned(),
        Purpose::OneToOne { relation } => format!("makes {relation} one to one"),
        Purpose::ForeignKey { relation } => format!("foreign key of {relation}"),
        Purpose::Target { relation } => format!("pointed at by {relation}"),
        Purpose::Lookup { by } => match &by[..] {
            [one] => format!("finds by {one}"),
            many => {
                let prefixes: Vec<String> = (1..=many.len()).map(|n| many[..n].join("+")).collect();
                format!("finds by {}", prefixes.join(", "))
            }
        },
        Purpose::Search { of } => format!("searches in {}", of.join(", ")),
    }
}

fn target(purpose: &Purpose) -> Option<&str> {
    match purpose {
        Purpose::Target { relation } => Some(relation),
        Purpose::Identity
        | Purpose::Uniqueness
        | Purpose::OneToOne { .. }
        | Purpose::ForeignKey { .. }
        | Purpose::Lookup { .. }
        | Purpose::Search { .. } => None,
    }
}

/// All that an index is good for. Of many foreign keys that point at one key, only their number.
pub(super) fn purposes(all: &[Purpose]) -> String {
    let targets: Vec<&str> = all.iter().filter_map(target).collect();
    let mut said: Vec<String> = all.iter().filter(|purpose| target(purpose).is_none()).map(purpose).collect();
    match &targets[..] {
        [] => {}
        few if few.len() <= 2 => said.push(format!("pointed at by {}", few.join(", "))),
        many => said.push(format!("pointed at by {}", count(many.len(), "relation"))),
    }
    said.join("; ")
}

/// One kind of effect of a deletion.
pub(super) struct Told<'a> {
    /// `deletes rows in 14 tables`
    pub head: String,
    /// `deletes`
    pub verb: &'static str,
    /// The effects.
    pub effects: &'a [Effect],
    /// Is it the rows that go? Else it is a key of theirs that matters.
    pub rows: bool,
}

/// What the deletion of a row does.
pub(super) fn deletion(deletion: &Deletion) -> Vec<Told<'_>> {
    let tables = |effects: &[Effect]| count(models(effects), "table");
    let told = |effects, verb, head: &str, in_tables: String, rows| {
        let head = format!("{head} in {in_tables}");
        Told { head, verb, effects, rows }
    };
    let d = deletion;
    let what = if d.deletes.is_empty() { "deletes links" } else { "deletes rows" };
    let all = [
        told(&d.deletes[..], "deletes", what, count(d.tables as usize, "table"), true),
        told(&d.sets_null, "sets to NULL", "sets keys to NULL", tables(&d.sets_null), false),
        told(&d.sets_default, "sets to the default", "sets keys to their defaults", tables(&d.sets_default), false),
        told(
            &d.leaves_dangling,
            "leaves dangling",
            "leaves keys that point nowhere",
            tables(&d.leaves_dangling),
            false,
        ),
        told(&d.stopped_by, "is stopped by", "is stopped by rows", tables(&d.stopped_by), false),
    ];
    let is_said = |told: &Told<'_>| !told.effects.is_empty() || (told.rows && !d.join_tables.is_empty());
    all.into_iter().filter(is_said).collect()
}

/// Behind what may go by another way as well.
pub(super) const ALSO: &str = "*";
/// What that means.
pub(super) const ALSO_MEANS: &str = "* unless it goes as well, by another way";

/// The models on a way, between the one that is deleted and those that are affected; and those.
type Way<'a> = (Vec<&'a str>, Vec<String>);

/// Effects by the way that leads to them, nearest first.
pub(super) fn ways<'a>(deletion: &'a Deletion, told: &Told<'a>) -> Vec<Way<'a>> {
    let before: HashMap<&str, &str> =
        deletion.deletes.iter().map(|effect| (effect.model.as_str(), effect.after.as_str())).collect();
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut ways: Vec<Way<'a>> = Vec::new();
    for effect in told.effects {
        let mut name = if told.rows { effect.model.clone() } else { effect.relation.clone() };
        if effect.also_deleted {
            name.push_str(ALSO);
        }
        let place = *places.entry(&effect.after).or_insert_with(|| {
            ways.push((through(deletion, &before, &effect.after), Vec::new()));
            ways.len() - 1
        });
        ways[place].1.push(name);
    }
    ways
}

/// The models from the one that is deleted to one whose rows go, the first excluded.
fn through<'a>(deletion: &'a Deletion, before: &HashMap<&str, &'a str>, last: &'a str) -> Vec<&'a str> {
    let mut way = Vec::new();
    let mut at = last;
    while at != deletion.model && way.len() <= before.len() {
        way.push(at);
        let Some(next) = before.get(at) else { break };
        at = next;
    }
    way.reverse();
    way
}

/// Of a longer way, the beginning and the end are told.
const STEPS: usize = 7;

/// `deletes`, or `through Team → User: deletes`
pub(super) fn by_way(through: &[&str], verb: &str) -> String {
    match through {
        [] => verb.to_owned(),
        [first, second, .., last] if through.len() > STEPS => {
            format!("through {first} → {second} → … {} more … → {last}: {verb}", through.len() - 3)
        }
        few => format!("through {}: {verb}", few.join(" → ")),
    }
}

fn models(effects: &[Effect]) -> usize {
    let mut names: Vec<&str> = effects.iter().map(|effect| effect.model.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.len()
}

/// What a key is called.
pub(super) fn index_kind(kind: IndexKind) -> &'static str {
    match kind {
        IndexKind::Id => "id",
        IndexKind::Unique => "unique",
        IndexKind::Index => "index",
        IndexKind::Fulltext => "full text",
    }
}

/// `User.role (USER), Invite.role`
pub(super) fn users(item: &Enum) -> String {
    if item.used_by.is_empty() {
        return "nothing".to_owned();
    }
    let users = item.used_by.iter().map(|user| match &user.default[..] {
        [] => user.field.clone(),
        values => format!("{} ({})", user.field, values.join(", ")),
    });
    users.collect::<Vec<String>>().join(", ")
}

/// What a part would fall into without a model.
pub(super) fn hinge(hinge: &Hinge) -> String {
    let shown: Vec<String> = hinge.pieces.iter().take(6).map(u32::to_string).collect();
    let more = if hinge.pieces.len() > shown.len() { " …" } else { "" };
    let pieces = count(hinge.pieces.len(), "piece");
    format!("without {} it falls into {pieces} ({}{more} models)", hinge.model, shown.join(", "))
}
