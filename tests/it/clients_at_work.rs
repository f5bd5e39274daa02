//! What clients do between the files of a plan, and under load, finds a plan that keeps two shapes apart.

use prisma_stage::live::rehearse::{Clients, Load, Plan, Renames, Settings, Stand, What};
use prisma_stage::live::server::Server;
use prisma_stage::script::{Rollout, Script};
use prisma_stage::source::{SchemaFiles, Sources};
use prisma_stage::stage::Generation;
use prisma_stage::{Options, Outcome};
use std::collections::BTreeSet;
use std::time::Duration;

const OLD: &str = r#"datasource db {
  provider = "postgresql"
}
model User {
  id   Int    @id @default(autoincrement())
  name String
}
"#;

fn compiled(sources: &Sources, old: Option<&SchemaFiles>, new: &SchemaFiles) -> Script {
    let Outcome::Plan { script, .. } = prisma_stage::compile(sources, old, Some(new), &Options::default()) else {
        panic!("it is planned")
    };
    *script
}

/// What is seen of a rename whose files were edited, by a rehearsal and under load.
fn seen(edit: impl Fn(&str) -> String) -> [BTreeSet<What>; 2] {
    let new = OLD.replace("  name", "  /// @stage.from(name)\n  label");
    seen_of([OLD, &new], |script| {
        for migration in script.stages.iter_mut().flat_map(|stage| &mut stage.migrations) {
            migration.up = edit(&migration.up);
        }
    })
}

/// The same of any plan.
fn seen_of([old, new]: [&str; 2], edit: impl Fn(&mut Script)) -> [BTreeSet<What>; 2] {
    let mut sources = Sources::default();
    let old = sources.add_schema("old.prisma", old.to_owned());
    let new = sources.add_schema("new.prisma", new.to_owned());
    let mut script = compiled(&sources, Some(&old), &new);
    edit(&mut script);
    let ddl = |schema| -> Vec<String> {
        let made = compiled(&sources, None, schema);
        made.stages.into_iter().flat_map(|stage| stage.migrations).map(|migration| migration.up).collect()
    };
    let stand = Stand::new(Server::shared().unwrap(), &ddl(&old), &ddl(&new)).unwrap();
    let clients = Clients::read(&sources, (&old, &new), &Options::default(), &script);
    let renames = Renames::default();
    let plan = Plan { script: &script, renames: &renames, replan: None, clients: Some(&clients) };
    // Without rows nothing of it but the clients can tell.
    let settings = Settings { rows: 0, back: false, clients: Some(1), ..Settings::default() };
    let rehearsed = stand.rehearse(plan, &settings).unwrap();
    let load = Load { crews: 2, dwell: Duration::from_millis(100), seed: 1 };
    let loaded = stand.load(plan, &settings, load).unwrap();
    assert!(loaded.statements > 0 && loaded.rows > 0, "{loaded:?}");
    [rehearsed.failures, loaded.failures].map(|failures| failures.iter().map(|failure| failure.what).collect())
}

#[test]
fn a_right_plan_keeps_both_shapes_in_step() {
    assert_eq!(seen(str::to_owned), [BTreeSet::new(), BTreeSet::new()]);
}

#[test]
fn a_trigger_that_does_not_bring_back_what_new_clients_write_is_seen() {
    let [rehearsed, loaded] = seen(|sql| sql.replace(r#"NEW."name" := NEW."label""#, r#"NEW."name" := 'nobody'"#));
    assert!(rehearsed.contains(&What::Diverged), "{rehearsed:?}");
    assert!(loaded.contains(&What::Diverged), "{loaded:?}");
}

#[test]
fn a_client_that_cannot_write_is_seen() {
    let [rehearsed, loaded] =
        seen(|sql| sql.replace(r#"ELSE NEW."label" := NEW."name""#, r#"ELSE RAISE EXCEPTION 'no'"#));
    assert!(rehearsed.contains(&What::ClientFails), "{rehearsed:?}");
    assert!(loaded.contains(&What::ClientFails), "{loaded:?}");
}

/// A value more, which readers have to know first.
const LEVELS: [&str; 2] = [
    r#"datasource db {
  provider = "postgresql"
}
model User {
  id    Int   @id @default(autoincrement())
  level Level
}
enum Level {
  LOW
}
"#,
    r#"datasource db {
  provider = "postgresql"
}
model User {
  id    Int   @id @default(autoincrement())
  level Level
}
enum Level {
  LOW
  HIGH
}
"#,
];

#[test]
fn a_client_between_that_knows_what_the_new_one_writes_reads_all_of_it() {
    assert_eq!(seen_of(LEVELS, |_| {}), [BTreeSet::new(), BTreeSet::new()]);
}

#[test]
fn a_client_between_that_cannot_read_what_the_new_one_writes_is_seen() {
    let [rehearsed, _] = seen_of(LEVELS, |script| {
        let schema = script.stages.iter_mut().find_map(|stage| stage.schema.as_mut()).unwrap();
        *schema = schema.replace("  HIGH\n", "");
    });
    assert!(rehearsed.contains(&What::ClientFails), "{rehearsed:?}");
}

#[test]
fn a_client_that_is_rolled_out_before_it_may_run_is_seen() {
    let new = OLD.replace("  name", "  /// @stage.from(name)\n  label");
    let [rehearsed, _] = seen_of([OLD, &new], |script| {
        // A schema of NEW in the place of one between.
        let [first, ..] = script.stages.as_mut_slice() else { panic!("there is a stage") };
        first.schema = Some(OLD.replace("name", "label"));
        let schema = Some(format!("{}/schema.prisma", first.folder));
        let (client, replaces) = (Generation::Bridge, Generation::Old);
        script.rollout.insert(0, Rollout::Deploy { client, schema, replaces, notes: Vec::new() });
    });
    assert!(rehearsed.contains(&What::ClientFails), "{rehearsed:?}");
}
