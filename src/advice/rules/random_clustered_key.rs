//! PS1031: rows in the order of random keys.

use crate::advice::Report;
use crate::advice::facts::is_scalar;
use crate::advice::report::{Item, at_all};
use crate::diag::Edit;
use crate::model::{DefaultValue, FieldWalker, ModelWalker, Provider, Scalar, Schema};

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    if !matches!(schema.provider(), Some(Provider::Mysql | Provider::Sqlserver)) {
        return;
    }
    let keys = schema.walk_models().filter(|model| !model.ignored).filter_map(random_key);
    let found = report.unexcused(keys);
    let Some(first) = found.first() else { return };
    let message = match found.len() {
        1 => format!("the rows of `{}` lie in random order", first.owner().name.name),
        many => format!("the rows of {many} tables lie in random order"),
    };
    let places = found.iter().map(|field| (field.span, "a random key orders the table".to_owned()));
    let finding = at_all(report.finding(message), places)
        .note(
            "the table is its primary key here: each insert goes to a random page, which is read first once the \
               table outgrows memory, and split when full; pages end up about 70 % full",
        )
        .help(
            "use `uuid(7)` or `ulid()`, which begin with the time: new rows lie together at the end; old keys may \
               stay as they are",
        );
    let fixes: Vec<Edit> = found.iter().filter_map(|field| sorted(*field, report)).collect();
    let finding =
        if fixes.len() == found.len() { finding.fix("let new keys begin with the time", fixes) } else { finding };
    report.push(Item::Schema, finding);
}

fn random_key<'a, 's>(model: ModelWalker<'a, 's>) -> Option<FieldWalker<'a, 's>> {
    let id = model.get().id.as_ref().filter(|id| id.clustered != Some(false))?;
    let first = id.fields.first()?.field()?;
    let field = model.walk_columns().find(|field| field.at == first)?;
    let is_random = match field.default.as_ref()?.value {
        DefaultValue::Uuid(version) => version != Some("7"),
        DefaultValue::Cuid(version) => version == Some("2"),
        DefaultValue::Nanoid(_) => true,
        _ => false,
    };
    (is_random && is_scalar(field, Scalar::String)).then_some(field)
}

/// `uuid()` → `uuid(7)`, which is as long.
fn sorted(field: FieldWalker<'_, '_>, report: &Report<'_, '_>) -> Option<Edit> {
    let default = field.get().default.as_ref().filter(|d| matches!(d.value, DefaultValue::Uuid(_)))?;
    let text = report.sources.slice(default.span);
    let at = text.find("uuid")? + "uuid".len();
    let end = at + text[at..].find(')')? + 1;
    let place = |at: usize| default.span.start + u32::try_from(at).unwrap_or(0);
    Some(Edit {
        span: crate::source::Span { start: place(at), end: place(end), ..default.span },
        text: "(7)".to_owned(),
    })
}
