//! Queries as files: preflight.sql and verify.sql of a stage, monitor.sql of a plan.

use crate::script::{Level, Query, Script, Stage};
use std::fmt::Write;

/// preflight.sql or verify.sql: what must return no row, then what is to know.
pub fn checks(stage: &Stage, queries: &[Query], when: &str) -> String {
    let mut text = format!(
        "-- To run {when} {}. Reads only, and no lock that anybody waits for. Every row returned is a problem, named in its first column.\n",
        stage.folder
    );
    let of = |level: Level| queries.iter().filter(move |query| query.level == level);
    let sections = [
        (Level::Server, "\n-- ---- The server: catalogs alone, milliseconds.\n"),
        (
            Level::Rows,
            "\n-- ---- The rows: each query reads its table once. A big table can be looked at in parts, or on a replica: narrow the\n\
             -- WHERE to a range of its key (AND \"id\" >= 1 AND \"id\" < 1000000), and go on from there.\n",
        ),
        (
            Level::Notice,
            "\n-- ---- To know, not to stop for: rows that come back here are no problem, they were decided about.\n",
        ),
    ];
    for (level, heading) in sections {
        if of(level).next().is_none() {
            continue;
        }
        text.push_str(heading);
        for query in of(level) {
            let _ = writeln!(text, "\n-- {}: {}\n{};", query.name, query.about, query.sql.trim_end());
        }
    }
    text
}

/// monitor.sql: in a second session, while a stage runs.
pub fn monitor(script: &Script) -> String {
    let mut text = String::from(
        "-- To look at while a stage runs, in a session of its own (psql: \\watch 5 behind a query repeats it). Reads only.\n",
    );
    for query in &script.monitor {
        let _ = writeln!(text, "\n-- {}: {}\n{};", query.name, query.about, query.sql.trim_end());
    }
    text
}
