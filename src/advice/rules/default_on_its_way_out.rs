//! PS1044: a default that is to be removed from its enum.

use crate::advice::Report;
use crate::advice::facts::{POSTGRES_LIKE, is_on};
use crate::advice::report::of_field;
use crate::advice::words::has_word;
use crate::model::{DefaultValue, Enum, EnumValue, FieldType, Literal, Provider, Schema};

/// In comments and names they say that a value is to go.
const LEAVING: &[&str] = &["deprecated", "obsolete", "legacy", "removed", "unused"];

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    // Elsewhere an enum is no type of the database.
    if !is_on(schema, POSTGRES_LIKE) && schema.provider() != Some(Provider::Mysql) {
        return;
    }
    for model in schema.walk_models() {
        for field in model.walk_columns() {
            let FieldType::Enum(id) = field.ty else { continue };
            let item = schema.enumeration(id);
            let Some(default) = &field.get().default else { continue };
            let used = match &default.value {
                DefaultValue::Literal(literal) => std::slice::from_ref(literal),
                DefaultValue::List(list) => &list[..],
                _ => continue,
            };
            let used = used.iter().filter_map(|literal| match literal {
                Literal::Enum(place) => item.get().values.get(*place as usize),
                Literal::String(_) | Literal::Number(_) | Literal::Boolean(_) => None,
            });
            for value in used.filter(|value| is_leaving(item.get(), value)) {
                let finding = report
                    .finding(format!("`{}` is to go, and is what `{}` gets by default", value.name.name, field.label()))
                    .at(default.span)
                    .saying("new rows still get it")
                    .label(value.name.span, "to be removed")
                    .note(
                        "on PostgreSQL the migration that removes the value fails while a default uses it (2BP01, \
                           or an invalid input value), half-way through the change of the type; on MySQL the ALTER \
                           TABLE is refused",
                    )
                    .help("give the field another default now, and remove the value when no row has it any more");
                report.push(of_field(field), finding);
            }
        }
    }
}

/// Do its comment, its name, or a `@stage.map` of the enum say so?
fn is_leaving(item: &Enum<'_>, value: &EnumValue<'_>) -> bool {
    let is_mapped = |line: &str| {
        let inside = line.split_once("@stage.map(").and_then(|(_, rest)| rest.split_once(')'));
        let names = inside.map(|(pairs, _)| pairs.split(',').filter_map(|pair| pair.split_once(':')));
        names.is_some_and(|mut names| names.any(|(from, _)| from.trim() == value.name.name))
    };
    has_word(value.name.name, &["deprecated", "obsolete"])
        || value.docs.lines.iter().any(|(line, _)| has_word(line, LEAVING))
        || item.docs.lines.iter().any(|(line, _)| is_mapped(line))
}
