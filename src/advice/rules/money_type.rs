//! PS1021: PostgreSQL's `money`.

use crate::advice::Report;
use crate::advice::facts::is_native;
use crate::advice::report::of_field;
use crate::model::{Provider, Schema};

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    let kinds: &[&str] = match schema.provider() {
        Some(Provider::Postgresql) => &["Money"],
        Some(Provider::Sqlserver) => &["Money", "SmallMoney"],
        _ => return,
    };
    let why = match schema.provider() {
        Some(Provider::Sqlserver) => {
            "it keeps four digits behind the point in each step, so that a division or a share loses cents"
        }
        _ => {
            "how it is read and written, its digits behind the point too, is the server's setting lc_monetary: a \
             dump restored elsewhere may give other amounts"
        }
    };
    for model in schema.walk_models() {
        for field in model.walk_columns().filter(|field| is_native(*field, kinds)) {
            let Some(native) = &field.get().native else { continue };
            let finding = report
                .finding(format!("`{}` is of the type money", field.label()))
                .at(native.span)
                .saying("depends on more than the value")
                .note(why)
                .help("use `@db.Decimal(12, 2)`, with the currency in a column beside it");
            report.push(of_field(field), finding);
        }
    }
}
