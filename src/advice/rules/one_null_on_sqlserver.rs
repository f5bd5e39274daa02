//! PS1006: on SQL Server a unique takes NULL once.

use crate::advice::Report;
use crate::advice::facts::spelled;
use crate::advice::report::of_key;
use crate::ast::Arity;
use crate::model::{KeyKind, Provider, Schema};

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    if schema.provider() != Some(Provider::Sqlserver) {
        return;
    }
    for model in schema.walk_models() {
        let uniques = model.get().keys.iter().filter(|key| key.kind == KeyKind::Unique && key.predicate.is_none());
        for key in uniques {
            let [only] = &key.fields[..] else { continue };
            let Some(field) = only.field().map(|field| schema.field(field)) else { continue };
            if field.arity != Arity::Optional {
                continue;
            }
            let name = field.name.name;
            let finding = report
                .finding(format!("{} of `{}` lets one row be without `{name}`", spelled(schema, key), model.name.name))
                .at(key.span)
                .saying("NULL is a value like any other here")
                .label(field.ty_span, "may be NULL, in one row")
                .note("the second row without a value is refused as a duplicate (error 2601 or 2627, P2002)")
                .help(format!("leave the rows without it out: `where: {{ {name}: {{ not: null }} }}`"));
            report.push(of_key(model, key), finding);
        }
    }
}
