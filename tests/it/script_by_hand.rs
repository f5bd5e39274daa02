//! A plan that has one of everything, made by hand.

use prisma_stage::script::{
    ChangeNote, ClientNote, DecisionNote, Ends, FileClass, Hazard, Level, Lock, Migration, Query, Renaming, Script,
    Stage, StageKind, Statement, Undo, Verdict, Work,
};

/// All stages, all classes of file, all kinds of work and undo.
pub fn everything() -> Script {
    Script {
        engine: Default::default(),
        kept: Vec::new(),
        monitor: vec![Query {
            name: "who waits".into(),
            about: "the sessions that wait, and for whom".into(),
            sql: "SELECT pid FROM pg_stat_activity".into(),
            level: Level::Notice,
        }],
        changes: vec![
            change("rename-column", "User.name", "\"User\".\"name\" becomes \"fullName\""),
            change("add-index", "User.email", "\"User\" gets the unique index \"User_email_key\" on (\"email\")"),
            change("drop-table", "Legacy", "table \"Legacy\" goes, with every row in it"),
        ],
        decisions: vec![DecisionNote {
            code: "PS0701".into(),
            subject: "User.fullName".into(),
            question: "is it User.name, renamed?".into(),
            answer: "yes".into(),
            source: "--rename User.name=fullName".into(),
        }],
        notes: vec!["the extension citext is used and left as it is".into()],
        stages: vec![expand(), backfill(), validate(), contract()],
        rollout: Vec::new(),
        renamings: vec![Renaming {
            from: ("public".into(), "User".into()),
            to: ("public".into(), "User".into()),
            columns: [("name".into(), "fullName".into())].into(),
        }],
        ends: Some(Ends {
            old: "CREATE TABLE \"User\" ();\n".into(),
            new: String::new(),
            labels: Vec::new(),
            schemas: None,
        }),
    }
}

fn expand() -> Stage {
    Stage {
        stage: StageKind::Expand,
        folder: "1-expand".into(),
        gate: Vec::new(),
        schema: None,
        clients: vec![client("old", Verdict::Runs, Verdict::Runs, &[])],
        migrations: vec![migration(
            "0001_add_user_full_name",
            "Adds \"fullName\" to \"User\", and keeps it and \"name\" in step",
            FileClass::Transactional,
            Undo::Lossy {
                what: vec!["values written to \"User\".\"fullName\" since expand are discarded".into()],
                count: vec!["SELECT count(*) FROM \"User\" WHERE \"fullName\" IS DISTINCT FROM \"name\"".into()],
            },
            vec![statement(
                "ALTER TABLE \"User\" ADD COLUMN \"fullName\" TEXT",
                &[("\"User\"", "ACCESS EXCLUSIVE")],
                Work::Metadata,
                &[],
            )],
        )],
        preflight: vec![Query {
            name: "long-transactions".into(),
            about: "transactions that are open for more than five minutes".into(),
            sql: "SELECT 'long-transactions' AS problem, pid\n  FROM pg_stat_activity\n WHERE xact_start < now() - interval '5 min'".into(),
            level: Level::Server,
        }],
        verify: Vec::new(),
    }
}

fn backfill() -> Stage {
    Stage {
        stage: StageKind::Backfill,
        folder: "2-backfill".into(),
        gate: Vec::new(),
        schema: None,
        clients: vec![client("old", Verdict::Runs, Verdict::Runs, &[])],
        migrations: vec![migration(
            "0002_fill_user_full_name",
            "Fills \"User\".\"fullName\" from \"name\"",
            FileClass::Batch,
            Undo::Lossless,
            vec![statement(
                "UPDATE \"User\" SET \"fullName\" = \"name\" WHERE \"fullName\" IS NULL",
                &[("\"User\"", "ROW EXCLUSIVE")],
                Work::Batches,
                &[],
            )],
        )],
        preflight: Vec::new(),
        verify: vec![Query {
            name: "unfilled".into(),
            about: "rows of \"User\" that were not filled".into(),
            sql: "SELECT 'unfilled' AS problem, \"id\" FROM \"User\" WHERE \"fullName\" IS NULL LIMIT 20".into(),
            level: Level::Rows,
        }],
    }
}

fn validate() -> Stage {
    Stage {
        stage: StageKind::Validate,
        folder: "3-validate".into(),
        gate: Vec::new(),
        schema: None,
        clients: vec![
            client("old", Verdict::WithCare, Verdict::ReadsOnly, &["it may write an \"email\" that is there already"]),
            client("new", Verdict::MustNotRun, Verdict::Runs, &[]),
        ],
        migrations: vec![
            migration(
                "0003_assert_user_email_distinct",
                "No two rows of \"User\" have one \"email\"",
                FileClass::Assertion,
                Undo::Lossless,
                vec![statement("SELECT \"email\" FROM \"User\" GROUP BY 1 HAVING count(*) > 1", &[], Work::Check, &[])],
            ),
            migration(
                "0004_index_user_email",
                "Builds \"User_email_key\"",
                FileClass::Solitary,
                Undo::Lossless,
                vec![statement(
                    "CREATE UNIQUE INDEX CONCURRENTLY \"User_email_key\" ON \"User\"(\"email\")",
                    &[("\"User\"", "SHARE UPDATE EXCLUSIVE")],
                    Work::IndexBuild,
                    &[("H101", "a duplicate that is written meanwhile leaves an INVALID index")],
                )],
            ),
        ],
        preflight: Vec::new(),
        verify: Vec::new(),
    }
}

fn contract() -> Stage {
    Stage {
        stage: StageKind::Contract,
        folder: "4-contract".into(),
        gate: vec!["Deploy the client of the new schema everywhere, and stop every old one.".into()],
        schema: None,
        clients: vec![
            client(
                "old",
                Verdict::MustNotRun,
                Verdict::MustNotRun,
                &["\"User\".\"name\" is gone", "\"Legacy\" is gone"],
            ),
            client("new", Verdict::Runs, Verdict::Runs, &[]),
        ],
        migrations: vec![migration(
            "0005_drop_legacy",
            "Drops \"Legacy\"",
            FileClass::Transactional,
            Undo::Irreversible { what: vec!["dropped \"Legacy\": restore from backup".into()] },
            vec![
                statement(
                    "ALTER TABLE \"Post\" ALTER COLUMN \"score\" TYPE BIGINT",
                    &[("\"Post\"", "ACCESS EXCLUSIVE")],
                    Work::Rewrite,
                    &[("H102", "readers and writers of \"Post\" wait until the table is written anew")],
                ),
                statement(
                    "DROP TABLE \"Legacy\"",
                    &[("\"Legacy\"", "ACCESS EXCLUSIVE"), ("\"User\"", "ACCESS EXCLUSIVE")],
                    Work::Metadata,
                    &[("H301", "every row of \"Legacy\" is lost")],
                ),
                statement(
                    "ALTER TABLE \"User\" VALIDATE CONSTRAINT \"User_ck\"",
                    &[("\"User\"", "SHARE UPDATE EXCLUSIVE")],
                    Work::Scan,
                    &[],
                ),
            ],
        )],
        preflight: Vec::new(),
        verify: Vec::new(),
    }
}

fn change(kind: &str, subject: &str, summary: &str) -> ChangeNote {
    ChangeNote {
        kind: kind.into(),
        subject: subject.into(),
        summary: summary.into(),
        at: Some("new.prisma:3:5".into()),
    }
}

fn client(name: &str, during: Verdict, after: Verdict, reasons: &[&str]) -> ClientNote {
    ClientNote {
        client: name.into(),
        during,
        after,
        reasons: reasons.iter().map(|&r| r.into()).collect(),
        only_while_applied: 0,
    }
}

fn migration(name: &str, title: &str, class: FileClass, undo: Undo, statements: Vec<Statement>) -> Migration {
    let up = statements.iter().map(|s| format!("{};\n", s.sql)).collect();
    Migration {
        name: name.into(),
        title: title.into(),
        class,
        statements,
        up,
        down_class: FileClass::Transactional,
        residue: match undo {
            Undo::Irreversible { .. } => vec!["the extension citext stays".into()],
            Undo::Lossless | Undo::Lossy { .. } => Vec::new(),
        },
        undo,
        down: "-- down: as the title says\nSELECT 1;".into(),
    }
}

fn statement(sql: &str, locks: &[(&str, &str)], work: Work, hazards: &[(&str, &str)]) -> Statement {
    Statement {
        sql: sql.into(),
        locks: locks.iter().map(|&(table, mode)| Lock { table: table.into(), mode: mode.into() }).collect(),
        work,
        hazards: hazards.iter().map(|&(code, message)| Hazard { code: code.into(), message: message.into() }).collect(),
        estimate: None,
    }
}
