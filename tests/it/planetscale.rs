//! Plans for PlanetScale: who writes what, and when, where no trigger does.

use prisma_stage::script::{Engine, Generation, Rollout, Script, Verdict};
use prisma_stage::source::Sources;
use prisma_stage::{Options, Outcome, Strategy, compile};

const OLD: &str = "datasource db {\n  provider     = \"mysql\"\n  relationMode = \"prisma\"\n}\n\nmodel User {\n  id   Int    @id\n  name String\n}\n";

fn outcome(old: &str, new: &str, options: Options) -> Outcome {
    let mut sources = Sources::default();
    let (old, new) = (sources.add_schema("old.prisma", old), sources.add_schema("new.prisma", new));
    compile(&sources, Some(&old), Some(&new), &Options { target: Some("planetscale".to_owned()), ..options })
}

fn plan(new: &str) -> Script {
    match outcome(OLD, new, Options::default()) {
        Outcome::Plan { script, .. } => *script,
        other => panic!("no plan: {other:?}"),
    }
}

fn refused(old: &str, new: &str, options: Options) -> String {
    match outcome(old, new, options) {
        Outcome::Rejected(found) => found.iter().map(|d| format!("{} {}", d.code, d.message)).collect(),
        other => panic!("it is planned: {other:?}"),
    }
}

fn renamed() -> Script {
    plan(&OLD.replace("  name String\n", "  /// @stage.from(name)\n  fullName String\n"))
}

#[test]
fn a_renamed_field_has_a_client_that_writes_both_and_then_reads_the_new_one() {
    let script = renamed();
    assert_eq!(script.engine, Engine::Vitess);
    let said = |step: &Rollout| match step {
        Rollout::Apply { stage } => stage.clone(),
        Rollout::Deploy { client, replaces, notes, .. } => {
            format!("{} for {}: {}", client.name(), replaces.name(), notes.join("; "))
        }
        Rollout::Stop { .. } | Rollout::Start { .. } => "a pause".to_owned(),
    };
    let list: Vec<String> = script.rollout.iter().map(said).collect();
    assert_eq!(list[0], "1-expand");
    assert!(
        list[1].starts_with("bridge for old")
            && list[1].contains("writes the same value to User.name and User.fullName"),
        "{list:?}"
    );
    assert_eq!(list[2..4], ["2-backfill", "3-validate"]);
    assert!(list[4].starts_with("bridge for bridge: it reads User.fullName, and still writes"), "{list:?}");
    assert!(list[5].starts_with("new for bridge"), "{list:?}");
    assert_eq!(list[6..], ["4-contract"]);
    assert!(!script.kept.is_empty());
}

#[test]
fn no_old_client_is_left_before_rows_are_filled() {
    let script = renamed();
    let verdict = |stage: usize, of: Generation| {
        let client = script.stages[stage].clients.iter().find(|c| c.client == of.name());
        client.map(|c| (c.during, c.after)).unwrap()
    };
    assert!(verdict(0, Generation::Old).1 <= Verdict::WithCare);
    assert_eq!(verdict(1, Generation::Old), (Verdict::MustNotRun, Verdict::MustNotRun));
    assert_eq!(verdict(0, Generation::New).1, Verdict::MustNotRun);
    assert_eq!(verdict(1, Generation::Bridge), (Verdict::Runs, Verdict::Runs));
    assert!(script.stages[1].gate[0].contains("no old one is left"));
}

#[test]
fn what_new_clients_wrote_alone_comes_home_before_the_old_column_is_read() {
    let script = renamed();
    let down = |title: &str| {
        let all = script.stages.iter().flat_map(|s| &s.migrations);
        all.filter(|m| m.title.contains(title)).map(|m| m.down.as_str()).collect::<String>()
    };
    assert!(down("Only the new shape is written").contains("SET `name` = `fullName`"));
    assert!(down("hold the same in every row").contains("SET `name` = `fullName`"));
    assert!(down("Drop column").contains("ADD COLUMN `name` VARCHAR(191) NULL;"));
}

#[test]
fn each_table_is_copied_once_a_stage() {
    let new = OLD.replace(
        "  name String\n",
        "  name  String? @unique\n  a Int?\n  b Int @default(1)\n\n  @@index([a])\n  @@index([b])\n",
    );
    let script = plan(&new);
    for stage in &script.stages {
        let alters = stage.migrations.iter().filter(|m| m.up.contains("ALTER TABLE `User`")).count();
        assert!(alters <= 1, "{}: {alters}", stage.folder);
    }
}

#[test]
fn foreign_keys_and_one_step_are_refused_for_the_whole() {
    let linked =
        OLD.replace("  relationMode = \"prisma\"\n", "").replace("  name String\n", "  name String\n  posts Post[]\n")
            + "\nmodel Post {\n  id Int @id\n  by Int\n  user User @relation(fields: [by], references: [id])\n}\n";
    let said = refused(&OLD.replace("  relationMode = \"prisma\"\n", ""), &linked, Options::default());
    assert!(said.starts_with("PS0728 the new schema makes foreign keys"), "{said}");
    let said = refused(&linked, OLD, Options::default());
    assert!(said.starts_with("PS0728 the old schema"), "{said}");
    let direct = Options { strategy: Strategy::Direct, ..Options::default() };
    assert!(refused(OLD, OLD, direct).starts_with("PS0729"));
}

#[test]
fn the_runbook_sends_files_three_ways() {
    let text = prisma_stage::output::runbook::render(&renamed());
    for words in
        ["pscale deploy-request deploy", "SELECT ROW_COUNT()", "| deploy request |", "| rows |", "| look |", "reverted"]
    {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
    for words in ["psql", "npx prisma migrate", "monitor.sql", "prisma_stage\""] {
        assert!(!text.contains(words), "{words} is in\n{text}");
    }
}
