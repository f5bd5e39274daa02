//! Models that stand for a many-to-many relation.

use crate::model::{FieldId, FieldWalker, Key, KeyField, ModelWalker, RelationWalker, Schema};
use schemars::JsonSchema;
use serde::Serialize;

/// An explicit many-to-many relation: a model each of whose rows links a row of one model with a row of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Join {
    /// The relation fields that link: `Membership.user`, `Membership.team`.
    pub links: Vec<String>,
    /// The models that are linked.
    pub models: Vec<String>,
    /// What a link carries besides: its other columns, those of the id excluded.
    pub carries: Vec<String>,
}

/// What the model links, if its id, or a unique, is made of the foreign keys of two relations and of nothing else.
pub(super) fn join(schema: &Schema<'_>, model: ModelWalker<'_, '_>) -> Option<Join> {
    let owned: Vec<(FieldWalker<'_, '_>, RelationWalker<'_, '_>)> = model
        .walk_relations()
        .filter(|(field, relation)| relation.owner.field == field.at && !relation.fields.is_empty())
        .collect();
    let mut keys = model.get().id.iter().chain(model.walk_uniques());
    let links = keys.find_map(|key| links(key, &owned))?;
    let is_linking = |field: FieldId| links.iter().any(|(_, relation)| relation.fields.contains(&field));
    let is_id = |field: FieldId| {
        model.get().id.iter().any(|id| id.fields.iter().filter_map(KeyField::field).any(|part| part == field))
    };
    Some(Join {
        links: links.iter().map(|(field, _)| field.label()).collect(),
        models: links.iter().map(|(_, relation)| schema.model(relation.other.model).name.name.to_owned()).collect(),
        carries: model
            .walk_columns()
            .filter(|field| !is_linking(field.at) && !is_id(field.at))
            .map(|field| field.name.name.to_owned())
            .collect(),
    })
}

type Link<'a, 's> = (FieldWalker<'a, 's>, RelationWalker<'a, 's>);

/// The two relations whose foreign keys make up the key.
fn links<'a, 's>(key: &Key<'_>, owned: &[Link<'a, 's>]) -> Option<[Link<'a, 's>; 2]> {
    let fields: Vec<FieldId> = key.fields.iter().filter_map(KeyField::field).collect();
    if fields.len() != key.fields.len() || fields.len() < 2 || key.predicate.is_some() {
        return None;
    }
    let inside: Vec<&Link<'a, 's>> =
        owned.iter().filter(|(_, relation)| relation.fields.iter().all(|field| fields.contains(field))).collect();
    let [a, b] = inside[..] else { return None };
    let covers = |field: &FieldId| a.1.fields.contains(field) || b.1.fields.contains(field);
    // A tenant's column that both keys share does not make one of them superfluous.
    let adds = |x: &Link<'_, '_>, y: &Link<'_, '_>| x.1.fields.iter().any(|field| !y.1.fields.contains(field));
    (fields.iter().all(covers) && adds(a, b) && adds(b, a)).then_some([*a, *b])
}
