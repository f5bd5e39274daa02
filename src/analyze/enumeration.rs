//! Enums and who uses them.

use super::docs;
use crate::model::{DefaultValue, FieldType, Literal, Schema};
use schemars::JsonSchema;
use serde::Serialize;

/// An enum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Enum {
    /// Its name.
    pub name: String,
    /// The name of its type in the database.
    pub database_name: String,
    /// `@@schema`: the schema of the database that it is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its values in order.
    pub values: Vec<String>,
    /// The fields that hold it.
    pub used_by: Vec<EnumUse>,
    /// Its documentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs: Option<String>,
}

/// A field that holds an enum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EnumUse {
    /// `Model.field`
    pub field: String,
    /// The values that it has by default; none if it has no default.
    pub default: Vec<String>,
}

/// All of them, in the order of the schema.
pub(super) fn enums(schema: &Schema<'_>) -> Vec<Enum> {
    let mut enums: Vec<Enum> = schema
        .walk_enums()
        .map(|item| Enum {
            name: item.name.name.to_owned(),
            database_name: item.database_name().to_owned(),
            schema: item.schema.as_ref().map(|schema| schema.value.clone().into_owned()),
            values: item.values.iter().map(|value| value.name.name.to_owned()).collect(),
            used_by: Vec::new(),
            docs: docs(&item.docs),
        })
        .collect();
    for field in schema.walk_all().flat_map(|model| model.walk_fields()) {
        let FieldType::Enum(id) = field.get().ty else { continue };
        let Some(found) = enums.get_mut(id.0 as usize) else { continue };
        let literals = match field.default.as_ref().map(|default| &default.value) {
            Some(DefaultValue::Literal(one)) => std::slice::from_ref(one),
            Some(DefaultValue::List(many)) => many,
            // A function gives no value of an enum that we know of.
            Some(_) | None => &[],
        };
        let values = literals.iter().filter_map(|literal| match literal {
            Literal::Enum(place) => found.values.get(*place as usize).cloned(),
            Literal::String(_) | Literal::Number(_) | Literal::Boolean(_) => None,
        });
        let default = values.collect();
        found.used_by.push(EnumUse { field: field.label(), default });
    }
    enums
}
