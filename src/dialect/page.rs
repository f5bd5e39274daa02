//! `docs/dialects.md`, made of what dialects say of themselves.

use super::{Alter, Called, Conventions, Dialect, Fulltext, JoinKey, Spaces, mysql, postgres, sqlite};
use std::fmt::Write;

/// The page: what differs between the databases that plans are made for.
pub fn page() -> String {
    let all = [
        (&postgres::CONVENTIONS, Dialect::Postgres(postgres::Postgres::default())),
        (&mysql::CONVENTIONS, Dialect::Mysql(mysql::Mysql::default())),
        (&sqlite::CONVENTIONS, Dialect::Sqlite(sqlite::Sqlite::default())),
    ];
    let mut out = "# Databases\n\nWhat differs between the databases that plans are made for. This page is made of what each dialect says of itself \
                   (`BLESS=1 cargo test --test it dialects`).\n"
        .to_owned();
    for (conventions, dialect) in all {
        // Writing to a string cannot fail.
        let _ = write!(out, "\n## {}\n\n{}\n\n", conventions.title, alter(dialect.caps().alter));
        for fact in facts(conventions) {
            let _ = writeln!(out, "- {fact}");
        }
    }
    out + &versions() + BEYOND
}

/// What differs between the versions of MySQL and MariaDB.
fn versions() -> String {
    let row = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head = mysql::version::HEADINGS.map(str::to_owned);
    let line = head.clone().map(|_| "---".to_owned());
    let told = mysql::version::TOLD.iter().map(|server| row(&server.row())).collect::<String>();
    format!(
        "\n### MySQL and MariaDB by version\n\n`--target` names the server and its version, the default the oldest that MySQL's vendor supports. Older ones than these \
         are refused: they cannot rename a column.\n\n{}{}{told}",
        row(&head),
        row(&line)
    )
}

fn alter(how: Alter) -> &'static str {
    match how {
        Alter::InSteps => {
            "Tables change piece by piece, while old and new clients run: expand, backfill, validate, contract. Triggers keep both \
             shapes the same meanwhile."
        }
        Alter::AtOnce => {
            "Little of a table can change in place, and there is one writer at a time, so stages are about clients rather than locks. \
             What is only added comes first (expand): tables, columns that need no value, indexes that are not unique, rules that are \
             relaxed. Everything else happens at once, in one transaction (contract), between the old client and the new one: what \
             `ALTER TABLE` can do is done by it, and every other changed table is written anew, once, however much of it changes. \
             Rows are counted and foreign keys checked before the transaction ends. A file stops, changing nothing, where a table \
             that is to be written anew has triggers, indexes, CHECKs or collations that the schema does not speak of."
        }
        Alter::OneByOne => {
            "Tables change step by step, as on PostgreSQL, by the same plan: expand, backfill, validate, contract. What differs: each DDL commits by \
             itself, so a file holds one change of one table, looks in `information_schema` whether it has been done, and may be run again. It states \
             `ALGORITHM` and `LOCK`, so that a server that cannot do it online refuses instead of stopping everybody, and waits three seconds for \
             a table at most (`lock_wait_timeout`). A column is required by writing its table anew beside readers and writers, under strict mode. \
             A foreign key is made without looking at the rows, which a file of its own does afterwards. The last index that a foreign key needs \
             is renamed rather than dropped (error 1553). Text that grows within as many bytes for its length, and values at the end of an enum, \
             change in place; every other type gets a second column, kept right by BEFORE triggers and filled in windows of the key by a \
             procedure, and takes its place in one `ALTER TABLE` while the table is held (`LOCK TABLES`), for milliseconds. Where nothing but a \
             copy under `LOCK=SHARED` is left, the file says so, and how gh-ost and pt-online-schema-change do the same."
        }
    }
}

fn facts(c: &Conventions) -> Vec<String> {
    let limit = match c.names.limit {
        usize::MAX => "names have no bound".to_owned(),
        limit => format!("names have {limit} bytes; what Prisma makes up is cut to that"),
    };
    let called = |what: &str, how: Called| match how {
        Called::Own => format!("{what} have names, which are compared"),
        Called::Nothing => format!("{what} are known by their columns: a name says nothing"),
    };
    vec![
        limit,
        called("primary keys", c.names.primary_keys),
        called("foreign keys", c.names.foreign_keys),
        match c.names.spaces {
            Spaces::Relations => "tables, indexes and primary keys share one space of names in a schema",
            Spaces::TablesAndIndexes => "tables and indexes share one space of names",
            Spaces::IndexesByTable => "each table has a space of names for its indexes",
        }
        .to_owned(),
        match c.join_key {
            JoinKey::PrimaryKey => "pairs of an implicit many-to-many relation are kept apart by a primary key",
            JoinKey::UniqueIndex => "pairs of an implicit many-to-many relation are kept apart by a unique index",
        }
        .to_owned(),
        match c.fulltext {
            Fulltext::Index(_) => "`@@fulltext` is an index",
            Fulltext::None => "there is no `@@fulltext`",
        }
        .to_owned(),
    ]
}

/// What the page says of relatives, and of what has no place above.
const BEYOND: &str = "
### MySQL and MariaDB: to know

- **Foreign keys do not fire triggers.** What `ON DELETE SET NULL` or `ON UPDATE CASCADE` writes, InnoDB writes by itself
  (<https://dev.mysql.com/doc/refman/8.4/en/innodb-foreign-key-constraint.html>). Where a column that is part of a foreign key gets a second one, that has
  a foreign key with the same actions before rows are filled, so both follow. A value that is *computed* of such a column does not follow a
  cascade: the file that compares both before the contract stops where one has happened; run the backfill again.
- **Triggers** of the plan are made last, and so run after those that are there (`FOLLOWS` is the default). `INSERT … ON DUPLICATE KEY
  UPDATE` fires both, `REPLACE` is a delete and an insert to them. MariaDB asks for a value of a required column before a trigger can give it
  in `INSERT … SELECT` (error 1364). With a binary log, who is not SUPER needs `log_bin_trust_function_creators = 1` (the preflight looks).
- **Strict mode** is looked for first: without it NOT NULL makes a NULL 0, and a value that does not fit is cut, without a word.
- **Replication**: backfills read what is committed (`READ COMMITTED`), which a binary log by statement refuses: it has to be by row, the default.
- **Progress and pace** are two tables of the same database, `_prisma_stage_backfill` and `_prisma_stage_pace`, and go with the plan. A schema is a
  database here: who may change this one need not be allowed to make another, and the shadow database, in which the same files are replayed, would
  share it. `UPDATE _prisma_stage_pace SET batch_rows = 500, rest_seconds = 0.1` slows a backfill down while it runs.
- **The mysql shell** cuts a file at each semicolon: files that hold a trigger or a procedure are sent by `mysql --delimiter=//`, which each of them says.
  Prisma sends them whole.
- **Looked at on a server**: MySQL 9.7, MariaDB 10.11 and 11.8 (`make prove PROVIDER=mysql SERVER=mysql`). What is said of other versions is from their manuals.
- **What each change takes** on a server is measured: [locks-mysql.md](locks-mysql.md) has the least that MariaDB 10.11 and MySQL 9.7 were seen to take each change of a table with,
  beside what plans say (`make locks PROVIDER=mysql`).
- **Row versions** (MySQL): each INSTANT change of columns makes one, and where the table has as many as it may the file stops with error 4092 and
  nothing is changed. `ALTER TABLE … FORCE, ALGORITHM=INPLACE, LOCK=NONE` writes the table anew beside its users; then run the file again.
  `information_schema.INNODB_TABLES.TOTAL_ROW_VERSIONS` says how many there are.
- **Refused by name**, since the servers refuse it: names with a character of four bytes (error 1300), foreign keys whose referenced columns are no key in
  their order (6125, 1822), and on MySQL now() as the default of a DATE, or of a moment with other digits (1067; MariaDB takes it: `--target mariadb@10.11`).
- **Numbers of another type** (`Int @id @default(autoincrement())` that becomes `BigInt` or unsigned): the table and those whose foreign keys are linked to it
  are copied in one file while nobody reads or writes them, since a second column could not be numbered, and no trigger sees the number before the row is
  written. The header says so, and what foreign keys are between is taken away and put back under the same hold.
- **Two tables that follow each other** (moved fields, split and merged models, turned relations) have triggers on both. What one of them writes the other does not answer: it is
  told by the moment of the statement, which is one in all triggers of it and another one in the next statement, so that nothing is left over where a statement is killed or ends in a
  deadlock. A statement that reads the one table and writes of the other what is carried fails with error 1442, and changes nothing (H105). `LAST_INSERT_ID()` is the
  client's, whatever row a trigger makes. Of rows that a foreign key deletes by itself no trigger hears, on MySQL 9.6 and later neither (tried on 9.7): where a third table cascades into
  rows whose end has to be carried, the change is refused by name, with what to do.
- **A value in the middle of an enum** is put last, which stops nobody; it is sorted last (H311). **Another name for a value** is one that leaves and one that comes, since rows
  hold the label itself: the column gets a second one beside it, in which the new label stands. Labels that differ in capitals alone are one to the server and never stand in one
  type: then no client runs on the other's side, and there is a pause; `@map` keeps the label and needs none.
- **Numbers that begin, end or go over to another column** (`AUTO_INCREMENT`): a table has one numbered column, so one statement ends the numbers of the one, begins those
  of the other and changes the key, and the table is copied while writers wait; a row whose number is 0 keeps it. A numbered column that is new comes with an index of its own
  (`…__ps_no`) and numbers the rows that exist in that same statement. Where values are computed from numbers, as those of a key that becomes text, no trigger sees the one that
  the server is about to give: there the trigger draws it, from a table of its own (`_prisma_stage_n_…`), which goes on where the server stands, knows the numbers that clients
  say themselves, and goes with the trigger. The answer to the INSERT holds the number all the same, which is where Prisma has it from; the function
  `LAST_INSERT_ID()` does not see it meanwhile, and of several rows in one INSERT the answer names the last.
- **Another name for a numbered column** is one for the column itself, in milliseconds and behind a pause (H402): no second column stands beside it.
- **Not planned here**: a list whose elements become rows of another table, names that change places, numbering by another column that is
  there already while rows are numbered by one. Each is refused by name, with what to do instead (PS0720).

### PlanetScale and Vitess

`--target planetscale` (or `vitess`, which is the same): the provider is `mysql`, tables are changed by Vitess, and nothing is there that a plan for MySQL lives on.

- **No foreign keys** ([opt-in, under names that change](https://planetscale.com/docs/vitess/foreign-key-constraints)): both schemas say `relationMode = \"prisma\"`, or it is
  PS0728.
- **No triggers and no procedures** ([compatibility](https://planetscale.com/docs/vitess/mysql-compatibility)). Where a value has two columns for a while, or rows are made by clients
  that do not know a column, the *client between* writes what a trigger would: the order of the rollout names each field. No old client is left before rows are filled; a second
  deployment of the client between reads the new columns before the new client, which writes them alone, runs beside it ([clients.md](clients.md)).
- **A file is a deploy request, or a statement**, never both: `CREATE`, `ALTER` and `DROP` are run on a branch and
  [deployed](https://planetscale.com/docs/vitess/schema-changes/deploy-requests); `UPDATE`, `DELETE` and looks go over a connection to the production branch, which
  [takes no DDL](https://planetscale.com/docs/vitess/schema-changes/safe-migrations). The runbook has the commands.
- **One copy for each table and stage.** Vitess copies a table beside its users for every change, so what changes in one table in one stage is one `ALTER TABLE`, without
  `ALGORITHM` or `LOCK`. Types that take every value as it was change with it (`INT` to `BIGINT`, longer text, more digits); whole numbers, text and bytes get a type that
  holds less once a look has found no row with more, and the copy fails otherwise. An enum is part of its columns: another one that takes every label comes at once; of labels that
  leave, rows get those that were said (`@stage.map`), by a statement, before the columns shrink.
- **What MODIFY would take away** (a COMMENT, an ON UPDATE, INVISIBLE, a generated value, a collation that is not that of the table) a preflight query finds before the stage: a
  deploy request cannot look, and the schema does not speak of it.
- **No other names.** A deploy request compares two schemas, so a renamed column or table is one that goes, with its values, and one that comes
  ([renames](https://planetscale.com/docs/vitess/schema-changes/handling-table-and-column-renames)); adding and dropping columns of one table at once is
  [taken for that](https://github.com/planetscale/cli/issues/1148). A renamed field gets a second column; tables and columns of the primary key keep their names (`@@map`, `@map`),
  and are refused else. A renamed index is built anew under its name, in one statement with the end of the old one.
- **Rows** are changed 10,000 at a time, by a statement that is sent until it finds none: [limits](https://planetscale.com/docs/vitess/troubleshooting/planetscale-system-limits) are
  100,000 rows and 30 seconds a statement, 20 seconds a transaction. Nothing is kept of the progress but the rows themselves.
- **A look** (an assertion) fails by error 1690, since nothing but a program may signal one: the server names the column, whose name says what is wrong.
- **A table has a unique key over required columns** ([NO_UNIQUE_KEY](https://planetscale.com/docs/vitess/schema-changes/schema-lint-errors/no-unique-key)), which is looked at before
  anything is written. [Duplicates](https://planetscale.com/docs/vitess/schema-changes/duplicate-entry) make a deploy request fail, and change nothing: the look before it finds them first.
- **Refused by name** (PS0720), with what to do instead: types of another kind under the same name, labels that become labels which come in the same change, split and merged fields,
  tables and keys with another name, and what MySQL refuses above. `--strategy direct` is PS0729.
- **Looked at**: every statement on MySQL 9.7, with the rows before and after, forwards and back. Vitess itself was not at hand: what is said of it is from its manuals. In a
  rehearsal the played client between does what the plan says of it (one value in two columns, values for rows that it makes, labels that it writes no more). A sharded keyspace (no `AUTO_INCREMENT`, other rules for `UPDATE`) was not looked at.

### What the schema does not speak of

A view, and a trigger of another table, outlive a table that is written anew, and work afterwards. Triggers, indexes, CHECKs, generated
columns and collations of the table itself would be lost without a word, and SQL cannot make again what it does not know: the file
stops before it changes anything, and says what to do (put their SQL into it, or drop them first). Where a column or a table goes, the
preflight names every view and trigger whose text holds its name, and the file stops until they are gone.

### libSQL, Turso and D1

They speak SQLite's SQL. libSQL and Turso run these files as they are over a connection that keeps its settings and its transaction
(`turso db shell NAME < migration.sql`); over HTTP without one, each statement would be a transaction of its own. D1 has no
interactive transactions: it refuses `BEGIN` and `COMMIT`, runs a file whole or not at all, and always has foreign keys in force.
A table that others point at must not be written anew there as long as that is so, since `DROP TABLE` deletes its rows first, and with
them what points at them. Files without `DROP TABLE` (what is only added, most often) run there once their `BEGIN IMMEDIATE` and `COMMIT` are
taken out; `PRAGMA foreign_keys` is ignored by it, so the others need `PRAGMA defer_foreign_keys = on` and no foreign key that cascades.

### Values that go over to another table

Fields that move to another model, models that are split or merged, and one-to-one relations turned round have the stages of PostgreSQL: both tables
hold the values for a while (expand), the rows that exist are brought over and compared (backfill), and the old side goes once no old client
is left (contract). Meanwhile triggers carry what is written to the one table over to the other. A trigger here cannot assign to the row that it
watches, has no branches, and is not called again by what it does itself, so each event has one of its own, with a condition, and writes only rows
that hold something else: what one has written leaves the one that answers nothing to do. They rely on `recursive_triggers` being off, the default,
which Prisma does not change. `INSERT … RETURNING` gives the row as it was before a trigger filled it: a client that leaves such a field out sees NULL once.
The backfill is one statement, so other writers wait as long as it takes. A row that an old client makes where a required field comes gets what such rows get, by a trigger too.

### What nobody but clients keeps

An enum is text there, and any text is let in. Where an enum becomes text, or text an enum, clients that take it for an enum fail on rows that hold something else: whoever takes
it for text while these run must not write that, and the plan says so of that client (*with care*).

A number is given to a new row only where the column is the row's own, an `INTEGER PRIMARY KEY`. Prisma calls `BigInt @id @default(autoincrement())` a BIGINT, which is none: every create that leaves it
out is refused (NOT NULL), on a database made by Prisma's own DDL as well. So a client whose key was an `Int` cannot create rows once it is one.

### Keys with new values

A key whose old values tell no new ones gets a number (that of the row) or a random id, beside the old one first, in the transaction in which everything that points at
it changes: a row's new key is looked up by its old one. The old keys stay beside the new ones until the file after that: whoever goes back before it has
them all, and rows made since get one made of their new key. Old and new clients do not run at the same time over such a change.

### Not planned here

Lists in a column or in JSON that become rows of a model: such a plan is refused (PS0720), with what to do instead.
";
