//! PS1027: Json whose fields the schema itself tells.

use crate::advice::Report;
use crate::advice::facts::is_scalar;
use crate::advice::report::of_field;
use crate::advice::words::is_name;
use crate::ast::Arity;
use crate::model::{FieldWalker, Provider, Scalar, Schema};

/// Things that have the same fields everywhere.
const KNOWN: &[&str] = &[
    "address",
    "billingaddress",
    "shippingaddress",
    "postaladdress",
    "coordinates",
    "geolocation",
    "latlng",
    "dimensions",
    "fullname",
];

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    if schema.provider() == Some(Provider::Mongodb) {
        return;
    }
    for model in schema.walk_models() {
        for field in model.walk_columns().filter(|field| is_scalar(*field, Scalar::Json)) {
            let Some(why) = known(field) else { continue };
            let finding = report
                .finding(format!("the fields of `{}` are known", field.label()))
                .at(field.ty_span)
                .saying(why)
                .note(
                    "the database checks neither that they are there nor of what type; a filter on one reads \
                       every row unless it has an index of its own; a change to one writes the whole value, and two \
                       writers at once lose one's change",
                )
                .help("make them columns, or a model with a relation; keep Json for what only its writer understands");
            report.push(of_field(field), finding);
        }
    }
}

fn known(field: FieldWalker<'_, '_>) -> Option<&'static str> {
    let lines = || field.get().docs.lines.iter().map(|(line, _)| line.trim());
    // A shape written out: `{ street: string, city: string }`.
    let is_shape = |line: &str| {
        let inside = line.split_once('{').and_then(|(_, rest)| rest.split_once('}'));
        inside.is_some_and(|(fields, _)| fields.matches(':').count() >= 2)
    };
    if lines().any(is_shape) {
        return Some("its comment lists them");
    }
    let is_one = field.arity != Arity::List && is_name(field.name.name, KNOWN);
    is_one.then_some("they are the same everywhere")
}
