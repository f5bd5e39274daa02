//! Advice: what Prisma takes, and somebody with years of databases behind them would not let pass.
//!
//! A rule is one function in a file of its own; [`RULES`] is the contents page. Each has a section in docs/advice.md, with its
//! reason, its cost, the source for both, and a bad and a good example that the tests run.
//!
//! [`advise`] looks at a schema that has no errors; [`Levels`] says what is made of the findings; a comment
//! `/// @stage.allow(PS1002)` excuses one item.

use crate::diag::Diagnostics;
use crate::model::Schema;
use crate::source::Sources;
use excuse::Excuses;
use facts::Facts;
use rules::{
    boolean_index, cascade_into_records, cascade_stopped, decimal_without_precision, default_on_its_way_out,
    email_in_two_cases, empty_dbgenerated, excuse_without_effect, file_in_row, foreign_key_of_other_type,
    foreign_key_without_index, json_with_known_fields, key_runs_out, list_without_default, local_date,
    long_text_in_index, mixed_time_zones, moment_as_text, money_as_float, money_type, name_too_long,
    names_differ_in_case, null_in_unique, one_null_on_sqlserver, padded_text, pair_without_unique,
    random_clustered_key, redundant_index, required_cycle, required_self_relation, reserved_table_name,
    set_default_without_default, short_text, size_in_int, soft_delete_without_partial_index, text_json,
    timestamp_without_time_zone, too_many_indexes, unique_keeps_deleted, unnamed_many_to_many, unused_enum,
    updated_at_without_default, uuid_as_text, wide_cascade,
};

mod edit;
mod excuse;
mod facts;
mod gather;
mod levels;
mod report;
mod rules;
pub mod table;
mod words;

pub use levels::{Choices, Level, Levels, Selector, contradiction};
pub use report::Report;

/// A rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Stable: `PS10` and two digits.
    pub code: &'static str,
    /// What it looks for, in kebab case.
    pub name: &'static str,
    /// What is made of its findings if nobody says otherwise.
    pub level: Level,
    /// The same as a sentence.
    pub summary: &'static str,
    look: fn(&Schema<'_>, &mut Report<'_, '_>),
}

/// On from the beginning.
const WARN: Level = Level::Warn;
/// Off unless `pedantic` or its name is asked for: right, and not what everybody wants to hear.
const PEDANTIC: Level = Level::Allow;

/// Every rule, by code: keys and relations, types, defaults, names.
#[rustfmt::skip]
pub const RULES: [Rule; 44] = [
    rule("PS1001", "foreign-key-without-index", WARN, "a foreign key whose columns no index begins with", foreign_key_without_index::look),
    rule("PS1002", "redundant-index", WARN, "an index that another one makes redundant", redundant_index::look),
    rule("PS1003", "boolean-index", PEDANTIC, "an index on nothing but a Boolean", boolean_index::look),
    rule("PS1004", "too-many-indexes", WARN, "a table with so many indexes that writes are about them", too_many_indexes::look),
    rule("PS1005", "null-in-unique", WARN, "a unique over several fields, one of which may be NULL", null_in_unique::look),
    rule("PS1006", "one-null-on-sqlserver", WARN, "an optional unique on SQL Server, where one row may be without it", one_null_on_sqlserver::look),
    rule("PS1007", "unique-keeps-deleted", WARN, "a unique that soft-deleted rows go on holding", unique_keeps_deleted::look),
    rule("PS1008", "soft-delete-without-partial-index", WARN, "indexes full of rows that are marked as deleted", soft_delete_without_partial_index::look),
    rule("PS1009", "pair-without-unique", WARN, "a model that links two others, and may link the same two twice", pair_without_unique::look),
    rule("PS1010", "unnamed-many-to-many", WARN, "an implicit many-to-many relation that a rename would drop", unnamed_many_to_many::look),
    rule("PS1011", "required-self-relation", WARN, "a required relation to its own model: the first row cannot be inserted", required_self_relation::look),
    rule("PS1012", "required-cycle", WARN, "models that each need a row of the next, in a circle", required_cycle::look),
    rule("PS1013", "cascade-stopped", WARN, "a cascade that a forgotten Restrict stops", cascade_stopped::look),
    rule("PS1014", "cascade-into-records", PEDANTIC, "payments and audit logs that go with what they tell of", cascade_into_records::look),
    rule("PS1015", "wide-cascade", PEDANTIC, "one deletion that reaches into many tables", wide_cascade::look),
    rule("PS1016", "set-default-without-default", WARN, "SetDefault where there is no default", set_default_without_default::look),
    rule("PS1017", "foreign-key-of-other-type", WARN, "a uuid that points at text, or text at a uuid", foreign_key_of_other_type::look),
    rule("PS1020", "money-as-float", WARN, "money in binary fractions", money_as_float::look),
    rule("PS1021", "money-type", WARN, "the database's type money", money_type::look),
    rule("PS1022", "key-runs-out", WARN, "a counter whose numbers run out", key_runs_out::look),
    rule("PS1023", "size-in-int", WARN, "sizes in bytes, where 2 GiB do not fit", size_in_int::look),
    rule("PS1024", "timestamp-without-time-zone", PEDANTIC, "DateTime without a time zone on PostgreSQL", timestamp_without_time_zone::look),
    rule("PS1025", "mixed-time-zones", WARN, "some DateTime fields with a time zone, some without", mixed_time_zones::look),
    rule("PS1026", "moment-as-text", WARN, "points in time as text", moment_as_text::look),
    rule("PS1027", "json-with-known-fields", WARN, "Json whose fields the schema itself tells", json_with_known_fields::look),
    rule("PS1028", "text-json", WARN, "json where jsonb would do", text_json::look),
    rule("PS1029", "padded-text", WARN, "char(n), which is filled up with blanks", padded_text::look),
    rule("PS1030", "uuid-as-text", PEDANTIC, "uuids as text", uuid_as_text::look),
    rule("PS1031", "random-clustered-key", WARN, "tables in the order of random keys", random_clustered_key::look),
    rule("PS1032", "decimal-without-precision", WARN, "Decimal with 65 digits, 30 of them behind the point", decimal_without_precision::look),
    rule("PS1033", "short-text", WARN, "long texts in MySQL's varchar(191)", short_text::look),
    rule("PS1034", "long-text-in-index", WARN, "texts without a bound in an index that takes 2,704 bytes", long_text_in_index::look),
    rule("PS1035", "file-in-row", WARN, "files in rows", file_in_row::look),
    rule("PS1040", "list-without-default", WARN, "a list that is NULL where nothing was written", list_without_default::look),
    rule("PS1041", "updated-at-without-default", PEDANTIC, "@updatedAt, which the database cannot fill", updated_at_without_default::look),
    rule("PS1042", "empty-dbgenerated", WARN, "dbgenerated() that does not say how", empty_dbgenerated::look),
    rule("PS1043", "local-date", WARN, "a day that depends on the session's time zone", local_date::look),
    rule("PS1044", "default-on-its-way-out", WARN, "an enum value that is to go, and still a default", default_on_its_way_out::look),
    rule("PS1050", "name-too-long", WARN, "names that the database cuts", name_too_long::look),
    rule("PS1051", "names-differ-in-case", WARN, "names that differ in nothing but case", names_differ_in_case::look),
    rule("PS1052", "reserved-table-name", WARN, "a table that is called by a word of SQL", reserved_table_name::look),
    rule("PS1053", "unused-enum", WARN, "an enum that no field has", unused_enum::look),
    rule("PS1054", "email-in-two-cases", PEDANTIC, "a unique address that may be there in two cases", email_in_two_cases::look),
    rule("PS1099", "excuse-without-effect", WARN, "a @stage.allow that excuses nothing", excuse_without_effect::look),
];

const fn rule(
    code: &'static str,
    name: &'static str,
    level: Level,
    summary: &'static str,
    look: fn(&Schema<'_>, &mut Report<'_, '_>),
) -> Rule {
    Rule { code, name, level, summary, look }
}

/// Looks at a schema by every rule that is on. The findings are in the order of their places.
///
/// Of a schema with errors only what was understood is there: findings about the rest would mislead.
pub fn advise(sources: &Sources, schema: &Schema<'_>, levels: &Levels) -> Diagnostics {
    let facts = Facts::of(schema);
    let excuses = Excuses::collect(sources, schema);
    let mut found = Diagnostics::default();
    for (place, (rule, level)) in levels.iter().enumerate() {
        let Some(severity) = level.severity() else { continue };
        let mut own = Diagnostics::default();
        let mut report = Report {
            sources,
            facts: &facts,
            schema,
            levels,
            excuses: &excuses,
            rule,
            place,
            severity,
            found: &mut own,
        };
        (rule.look)(schema, &mut report);
        gather::add(sources, own, &mut found);
    }
    found.sort();
    found
}
