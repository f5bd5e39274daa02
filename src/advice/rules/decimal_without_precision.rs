//! PS1032: Decimal as Prisma has it without a word: 65 digits, 30 of them behind the point.

use crate::advice::Report;
use crate::advice::facts::is_scalar;
use crate::advice::report::{Item, at_all};
use crate::ast::Arity;
use crate::model::{Provider, Scalar, Schema};

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    let (kind, why) = match schema.provider() {
        Some(Provider::Postgresql) => {
            ("numeric(65,30)", "whatever else reads it gets 12.500000000000000000000000000000")
        }
        Some(Provider::Mysql) => (
            "decimal(65,30)",
            "each value takes 30 bytes, and whatever else reads it gets 12.500000000000000000000000000000",
        ),
        Some(Provider::Sqlserver) => {
            ("decimal(32,16)", "each value takes 17 bytes, and products of two such columns lose digits")
        }
        Some(Provider::Sqlite | Provider::Cockroachdb | Provider::Mongodb) | None => return,
    };
    let all = schema.walk_models().filter(|model| !model.ignored).flat_map(|model| model.walk_columns());
    let bare = all.filter(|f| is_scalar(*f, Scalar::Decimal) && f.native.is_none() && f.arity != Arity::List);
    let found = report.unexcused(bare);
    let Some(first) = found.first() else { return };
    let message = match found.len() {
        1 => format!("`{}` has no precision of its own", first.label()),
        many => format!("{many} Decimal fields have no precision of their own"),
    };
    let places = found.iter().map(|field| (field.ty_span, kind.to_owned()));
    let finding = at_all(report.finding(message), places)
        .note(format!(
            "no amount is too precise for it, so a division's endless digits are kept and never rounded; \
                       {why}"
        ))
        .help(
            "say what it holds: `@db.Decimal(12, 2)` for money, more behind the point for rates; fewer digits \
               behind the point rewrite the table and round",
        );
    report.push(Item::Schema, finding);
}
