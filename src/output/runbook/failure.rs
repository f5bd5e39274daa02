//! What holds for every stage: how files are sent, and how to go on after one failed.

use super::stage::solitary;
use super::{deploy, has, shell};
use crate::dialect::Engine;
use crate::script::{FileClass, Script, Work};
use std::fmt::Write;

/// How to send a stage.
pub(super) fn before_you_start(script: &Script) -> String {
    if script.engine == Engine::Vitess {
        return format!("{}{}", deploy::HOW, deploy::WATCH);
    }
    let send = shell::send(script.engine, "${m}migration.sql");
    let mut text = format!(
        "
## How to run a stage

Files run in the order of their names, on a direct connection (no pooler), from one deploy job at a time. In what follows,
`$stage` is the folder of the stage.

**With Prisma Migrate**, stage by stage: copy the stage's migrations behind those that are there, then deploy. Commit the copies.

```sh
now=$(date -u +%Y%m%d%H%M%S)
for m in \"$stage\"/migrations/*/; do cp -r \"$m\" \"prisma/migrations/${{now}}_$(basename \"$m\")\"; done
npx prisma migrate deploy
```

{}

```sh
for m in \"$stage\"/migrations/*/; do {send} || break; done
```
",
        shell::title(script.engine)
    );
    if has(script, FileClass::Batch) {
        let what = if backfills(script) { "A backfill" } else { "What reads a whole table" };
        let _ = writeln!(
            text,
            "\n{what} commits while it runs: send its file alone, not inside a transaction (psql without `-1`), \
             from a session without a `statement_timeout`."
        );
    }
    if backfills(script) {
        text.push_str(
            "\nIts pace is a row that is looked up before each batch, so it can be changed while it runs (an hour of rest is a \
             pause; 5,000 rows and 0.01 s are what it begins with):\n\n\
             ```sql\nUPDATE \"prisma_stage\".\"pace\" SET \"batch_rows\" = 1000, \"rest_seconds\" = 0.5;\n```\n",
        );
    }
    if has(script, FileClass::Solitary) && script.engine == Engine::Postgresql {
        text.push_str(
            "\nSome files build or drop an index concurrently. The session that sends them must have no timeouts \
             (`SHOW lock_timeout` and `SHOW statement_timeout` are both `0`), and no other deploy may wait meanwhile. \
             Where the role or the database sets timeouts, add this to the URL:\n\n\
             ```\noptions=-c%20lock_timeout%3D0%20-c%20statement_timeout%3D0\n```\n",
        );
    }
    text.push_str(&watch(script));
    text
}

/// Are rows changed in batches, forwards?
fn backfills(script: &Script) -> bool {
    let migrations = script.stages.iter().flat_map(|stage| &stage.migrations);
    migrations.flat_map(|migration| &migration.statements).any(|statement| statement.work == Work::Batches)
}

/// What to look at meanwhile, and when to stop: said once for all stages.
fn watch(script: &Script) -> String {
    let mut text = String::from("\n**Meanwhile**, in a second session: ");
    text.push_str(match script.monitor.is_empty() {
        true if script.engine == Engine::Mysql => {
            "`SHOW FULL PROCESSLIST` shows who waits for whom (`Waiting for table metadata lock`). Stopping a file is safe: its statement is rolled back.\n"
        }
        true if script.engine == Engine::Sqlite => {
            "whoever writes waits while a file runs, as long as their busy timeout allows. Stopping it is safe: it is one transaction.\n"
        }
        true => "nothing is locked that anybody waits for.\n",
        false => "`psql \"$DATABASE_URL\" -X -f monitor.sql` shows who waits for whom, and how far things are. **Abort when**\n\n\
                  - requests queue for longer than they may: stopping a transactional file is safe, it is rolled back whole;\n",
    });
    if backfills(script) {
        text.push_str("- replicas lag or the disk fills up in spite of a slower pace: stopping a backfill is safe, the batches that are done stay done;\n");
    }
    if has(script, FileClass::Solitary) && script.engine == Engine::Postgresql {
        text.push_str("- the disk fills up while an index is built: stopping leaves an INVALID index (\"solitary\", at the end).\n");
    }
    text
}

/// How to go back.
pub(super) fn back(engine: Engine) -> String {
    if engine == Engine::Vitess {
        return deploy::BACK.to_owned();
    }
    let send = shell::send(engine, "${m}down.sql");
    format!(
        "
## Going back

A stage that was applied is undone by its down files, the last one first; the stage before it only after it.

```sh
for m in $(ls -dr \"$stage\"/migrations/*/); do {send} || break; done
```

Prisma Migrate has no command for this: then remove the stage's folders from prisma/migrations, and their rows:

```sql
DELETE FROM \"_prisma_migrations\" WHERE migration_name = '…';
```
"
    )
}

/// How to go on after a file failed, by the class of the file.
pub(super) fn render(script: &Script) -> String {
    if script.engine == Engine::Vitess {
        return deploy::FAILED.to_owned();
    }
    let mut text = format!(
        "
## When a file fails

Nothing later has run, and Prisma Migrate runs nothing more until the failed file is resolved. What is left depends on how the
file is sent; its first lines say so too. With {} there is nothing to resolve: mend the cause and send the file again.
",
        shell::name(script.engine)
    );
    if has(script, FileClass::Transactional) {
        text.push_str(&class(
            "transactional",
            match script.engine {
                Engine::Postgresql => {
                    "The file was rolled back whole: nothing of it is there. A lock that could not be had in time is the usual cause: \
                     find who holds it (monitor.sql), or wait for a quieter moment."
                }
                // It has no such files.
                Engine::Mysql | Engine::Vitess => "",
                Engine::Sqlite => {
                    "The file was rolled back whole when its connection was closed: nothing of it is there. \"database is locked\" means \
                     that somebody else was writing; \"CHECK constraint failed: prisma-stage: …\" says what it found and stopped at."
                }
            },
            "",
            ROLLED_BACK,
        ));
    }
    if has(script, FileClass::Solitary) && script.engine == Engine::Mysql {
        text.push_str(&class(
            "solitary",
            "One statement: it is done, or nothing of it is. \"Lock wait timeout exceeded\" means that somebody held the table for more than three \
             seconds: run it again. \"ALGORITHM=… is not supported\" means that this server cannot do it beside running work, and has done nothing. \
             Every file looks first whether it has been done.",
            "",
            ROLLED_BACK,
        ));
    } else if has(script, FileClass::Solitary) {
        text.push_str(&class(
            "solitary",
            "An index may be left INVALID: no query uses it, every write pays for it, and a unique one may already reject duplicates. See which:",
            "SELECT i.indexrelid::regclass AS index, i.indrelid::regclass AS \"table\"\n  FROM pg_index i WHERE NOT i.indisvalid;",
            "Either build it again and call the file done (REINDEX may not run in a transaction block):\n\n\
             ```sh\npsql \"$DATABASE_URL\" -X -c 'REINDEX INDEX CONCURRENTLY \"…\"'\nnpx prisma migrate resolve --applied \"$NAME\"\n```\n\n\
             or remove it and have the file run again (a file that drops an index is just run again):\n\n\
             ```sh\npsql \"$DATABASE_URL\" -X -c 'DROP INDEX CONCURRENTLY \"…\"'\nnpx prisma migrate resolve --rolled-back \"$NAME\"\nnpx prisma migrate deploy\n```\n",
        ));
        text.push_str("\nThe files of this class:\n\n");
        for stage in &script.stages {
            for migration in &stage.migrations {
                for statement in solitary(migration) {
                    let _ = writeln!(text, "- `{}`: `{}`", migration.name, statement.sql.replace('\n', " "));
                }
            }
        }
    }
    if has(script, FileClass::Batch) {
        let (state, look) = if backfills(script) {
            (
                "The batches that were committed stay, and how far they got is stored. Sent again, the file goes on from there.",
                "SELECT * FROM \"prisma_stage\".\"backfill\";",
            )
        } else {
            ("What was committed stays. Sent again, the file goes on from there.", "")
        };
        text.push_str(&class("batch", state, look, ROLLED_BACK));
    }
    if has(script, FileClass::Assertion) {
        text.push_str(&class(
            "assertion",
            "The file changes nothing: it looked, and what it looks for is not so. Its message names it. Mend that, then go on.",
            "",
            ROLLED_BACK,
        ));
    }
    text
}

const ROLLED_BACK: &str = "```sh\nnpx prisma migrate resolve --rolled-back \"$NAME\"   # the folder's name in prisma/migrations\nnpx prisma migrate deploy\n```\n";

fn class(name: &str, state: &str, query: &str, resume: &str) -> String {
    let query = if query.is_empty() { String::new() } else { format!("```sql\n{query}\n```\n\n") };
    format!("\n### {name}\n\n{state}\n\n{query}{resume}")
}
