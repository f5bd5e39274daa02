//! PS1014: rows that tell what happened, or who paid, go with what they tell of.

use crate::advice::Report;
use crate::advice::facts::{foreign_keys, has_foreign_keys};
use crate::advice::report::of_field;
use crate::advice::words::words;
use crate::model::{ReferentialAction, Schema};

/// Last words of names of models whose rows somebody has to be able to show later.
const RECORDS: &[&str] = &[
    "audit",
    "invoice",
    "payment",
    "payout",
    "transaction",
    "charge",
    "refund",
    "ledger",
    "receipt",
    "purchase",
    "donation",
];

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    if !has_foreign_keys(schema) {
        return;
    }
    for model in schema.walk_models().filter(|model| is_record(model.name.name)) {
        for (field, relation) in foreign_keys(model) {
            let parent = relation.other_side().model.name.name;
            if relation.on_delete() != ReferentialAction::Cascade || is_record(parent) {
                continue;
            }
            let name = model.name.name;
            let finding = report
                .finding(format!("deleting a `{parent}` deletes what `{name}` has recorded of it"))
                .at(field.name.span)
                .saying("onDelete: Cascade")
                .note(format!(
                    "a `{name}` is what one looks at after something is gone; laws on accounts ask for years of them, \
                     and a row that went by cascade is in no log"
                ))
                .help(
                    "use `onDelete: SetNull` with an optional relation and copy what must stay readable, or Restrict",
                );
            report.push(of_field(field), finding);
        }
    }
}

fn is_record(name: &str) -> bool {
    let all: Vec<String> = words(name).map(str::to_lowercase).collect();
    let [.., last] = &all[..] else { return false };
    let is_log = last == "log" && all.iter().any(|word| word == "audit");
    is_log || RECORDS.contains(&last.as_str()) || RECORDS.contains(&last.trim_end_matches('s'))
}
