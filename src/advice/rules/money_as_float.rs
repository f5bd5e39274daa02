//! PS1020: money in binary fractions.

use crate::advice::Report;
use crate::advice::facts::is_scalar;
use crate::advice::report::of_field;
use crate::advice::words::has_word;
use crate::model::{DefaultValue, FieldWalker, Literal, Provider, Scalar, Schema};

const MONEY: &[&str] = &[
    "price",
    "prices",
    "amount",
    "cost",
    "balance",
    "fee",
    "fees",
    "salary",
    "wage",
    "revenue",
    "payout",
    "refund",
    "tax",
    "vat",
    "subtotal",
    "budget",
    "payment",
    "deposit",
    "earnings",
    "commission",
    "money",
    "usd",
    "eur",
    "gbp",
    "invoice",
];
/// With one of these it is a share, a count or an estimate.
const NOT_MONEY: &[&str] = &[
    "rate",
    "percent",
    "percentage",
    "pct",
    "ratio",
    "factor",
    "multiplier",
    "count",
    "score",
    "weight",
    "token",
    "tokens",
    "seconds",
    "hours",
    "days",
    "ms",
    "share",
    "estimate",
    "estimated",
    "per",
    "average",
    "avg",
];

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    if schema.provider() == Some(Provider::Mongodb) {
        return;
    }
    for model in schema.walk_models() {
        for field in model.walk_columns().filter(|field| is_scalar(*field, Scalar::Float)) {
            let name = field.name.name;
            if !has_word(name, MONEY) || has_word(name, NOT_MONEY) || is_share(field) {
                continue;
            }
            let finding = report
                .finding(format!("`{}` keeps money as a Float", field.label()))
                .at(field.ty_span)
                .saying("binary fractions: 0.1 + 0.2 is 0.30000000000000004")
                .note(
                    "sums are off by fractions that add up, comparisons for equality fail, and no rounding later \
                       brings the digits back",
                )
                .help(
                    "use `Decimal @db.Decimal(12, 2)`, or an `Int` or `BigInt` of the smallest unit; round once, \
                       while copying",
                );
            report.push(of_field(field), finding);
        }
    }
}

/// A fee of 0.05 is five per cent.
fn is_share(field: FieldWalker<'_, '_>) -> bool {
    field.default.as_ref().is_some_and(|default| match default.value {
        DefaultValue::Literal(Literal::Number(number)) => number.parse().is_ok_and(|n: f64| n > 0.0 && n < 1.0),
        _ => false,
    })
}
