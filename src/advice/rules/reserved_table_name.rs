//! PS1052: a table whose name is a word of SQL.

use crate::advice::Report;
use crate::advice::report::of_model;
use crate::model::{Provider, Schema};

/// Reserved on PostgreSQL and taken for something else without quotes, or refused; in lower case, since other names need
/// quotes anyway.
const RESERVED: &[&str] = &[
    "user",
    "order",
    "group",
    "table",
    "select",
    "references",
    "grant",
    "check",
    "default",
    "column",
    "constraint",
    "end",
    "limit",
    "offset",
    "primary",
    "session_user",
    "current_user",
    "union",
    "unique",
    "when",
    "where",
    "window",
    "all",
    "analyse",
    "analyze",
    "case",
    "collate",
    "do",
    "else",
    "foreign",
    "from",
    "having",
    "in",
    "into",
    "not",
    "null",
    "on",
    "only",
    "or",
    "placing",
    "some",
    "then",
    "to",
    "using",
    "with",
    "desc",
    "asc",
    "for",
    "fetch",
    "create",
    "cast",
];

pub fn look(schema: &Schema<'_>, report: &mut Report<'_, '_>) {
    let is_mysql = schema.provider() == Some(Provider::Mysql);
    if !is_mysql && schema.provider() != Some(Provider::Postgresql) {
        return;
    }
    for model in schema.walk_models() {
        let name = model.get().database_name();
        // `user` is a table like any other on MySQL.
        let is_reserved =
            RESERVED.contains(&name) && !(is_mysql && ["user", "end", "session_user", "offset"].contains(&name));
        if !is_reserved {
            continue;
        }
        let why = if name == "user" {
            "SELECT * FROM user is no error: it gives one row, the name of the session's role; DELETE FROM user is \
             a syntax error"
        } else {
            "each query by hand needs quotes around it, or is a syntax error"
        };
        let finding = report
            .finding(format!("the table `{name}` is called by a word of SQL"))
            .at(model.name.span)
            .saying("its table has a reserved name")
            .label(model.map.as_ref().map(|map| map.span), "here")
            .note(why)
            .help(format!("map it to another name, such as `@@map(\"{name}s\")`: Prisma Client does not notice"));
        report.push(of_model(model), finding);
    }
}
