//! PS1053: an enum that no field has.

use crate::advice::Report;
use crate::advice::report::Item;
use crate::model::{FieldType, Provider, Schema};

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    let mut used = vec![false; schema.enums.len()];
    for field in &schema.fields {
        if let FieldType::Enum(id) = field.ty {
            used[id.0 as usize] = true;
        }
    }
    let makes_types = matches!(schema.provider(), Some(Provider::Postgresql | Provider::Cockroachdb));
    for item in schema.walk_enums().filter(|item| !used[item.at.0 as usize]) {
        let finding = report
            .finding(format!("no field is of the enum `{}`", item.name.name))
            .at(item.name.span)
            .saying("used by nothing")
            .note(if makes_types {
                "the database has the type all the same, and each change to its values is a migration"
            } else {
                "the client exports it, and somebody will take it for what a column holds"
            })
            .help("remove it, or let the field that was meant have it");
        report.push(Item::Enum(item.at), finding);
    }
}
