//! The first lines of a file where tables change by deploy requests (PlanetScale, Vitess): which way it goes, what a failure leaves,
//! and how to see whether it is done.

use crate::dialect::{FileClass, Work};
use crate::script::Statement;

/// What a file is sent as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// A change of tables.
    Request,
    /// A statement that changes rows, again and again.
    Rows,
    /// A look at rows.
    Look,
    /// Nothing: what it stands for is done by clients.
    Nothing,
}

/// The lines behind the title; `sql` has the statements and what each does.
pub fn lines(class: FileClass, sql: &[(&str, Work)]) -> Vec<String> {
    let way = match class {
        _ if sql.is_empty() => Way::Nothing,
        FileClass::Batch => Way::Rows,
        FileClass::Assertion => Way::Look,
        FileClass::Solitary | FileClass::Transactional => Way::Request,
    };
    match way {
        Way::Request => request(sql),
        Way::Rows => vec![
            "A statement over a connection to the production branch, not a deploy request. It changes 10,000 rows at most: send it again until it \
             says that 0 rows were affected. Where it takes longer than 20 seconds, lower its LIMIT."
                .to_owned(),
            "If it fails it has changed nothing; what was sent before stays done.".to_owned(),
        ],
        Way::Look => vec![
            "A query over a connection to the production branch: it changes nothing. If it fails (error 1690), the column that the error names says what is \
             not so: mend that and send it again."
                .to_owned(),
        ],
        Way::Nothing => vec!["Nothing is sent forwards: from here on clients do what the title says.".to_owned()],
    }
}

/// The statements of a script's file as [`lines`] takes them.
pub fn of(statements: &[Statement]) -> Vec<(&str, Work)> {
    statements.iter().map(|s| (s.sql.as_str(), s.work)).collect()
}

fn request(sql: &[(&str, Work)]) -> Vec<String> {
    let mut all = Vec::new();
    if sql.iter().any(|(_, work)| *work == Work::Copy) {
        all.push(
            "A deploy request. Vitess copies the table beside its readers and writers, as long as it is large, and the copy takes its place in a moment."
                .to_owned(),
        );
    } else {
        all.push("A deploy request. No table is copied.".to_owned());
    }
    all.push(
        "If it fails nothing has changed: mend the cause and deploy it again. For 30 minutes after it is deployed it can be reverted, and what was written \
         meanwhile stays."
            .to_owned(),
    );
    if sql.iter().any(|(sql, _)| sql.contains("MODIFY COLUMN ")) {
        all.push(
            "MODIFY says a column anew: a COLLATE, a COMMENT or an ON UPDATE that is none of the Prisma schema's would go. The preflight of the stage finds them; \
             what it finds has to be added here first. The diff of the deploy request shows the same."
                .to_owned(),
        );
    }
    let tables = sql.iter().filter_map(|(sql, _)| sql.strip_prefix("ALTER TABLE ")?.lines().next());
    let looks: Vec<String> = tables.map(|table| format!("SHOW CREATE TABLE {table}")).collect();
    all.push(if looks.is_empty() {
        "Sent twice it does no harm.".to_owned()
    } else {
        format!("Is it done already? {} says so; done twice it fails, and changes nothing.", looks.join("; "))
    });
    all
}
