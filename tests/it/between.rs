//! The client between old and new: over the own corpus, every plan leads from the one to the other with no moment without a
//! client that may run, or is listed in docs/clients.md with its reason; and every schema that is written is one that Prisma
//! takes and that gives the database it stands for.

use crate::words;
use prisma_stage::script::{ClientNote, Generation, Rollout, Script, Verdict};
use prisma_stage::source::Sources;
use prisma_stage::{Options, Outcome, compile};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn cases() -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = std::fs::read_dir("corpus/change").unwrap().map(|e| e.unwrap().path()).collect();
    all.retain(|case| case.join("new.prisma").exists());
    all.sort();
    all
}

fn plan(old: &str, new: &str, options: &Options) -> Script {
    let mut sources = Sources::default();
    let old = sources.add_schema("old.prisma", old);
    let new = sources.add_schema("new.prisma", new);
    match compile(&sources, Some(&old), Some(&new), options) {
        Outcome::Plan { script, .. } => *script,
        other => panic!("{:#?}", other.diagnostics()),
    }
}

fn planned(case: &Path) -> Script {
    let read = |name: &str| std::fs::read_to_string(case.join(name)).unwrap();
    plan(&read("old.prisma"), &read("new.prisma"), &words::options(case).unwrap())
}

fn runs(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Runs | Verdict::WithCare)
}

fn of(notes: &[ClientNote], client: Generation) -> Option<&ClientNote> {
    notes.iter().find(|note| note.client == client.name())
}

/// Goes the way that the plan tells and looks at every step whether the client that runs may. Gives whether there is a pause.
fn walk(script: &Script) -> Result<bool, String> {
    let mut runs_now = Some(Generation::Old);
    let mut applied = 0;
    let mut pause = false;
    for step in &script.rollout {
        match step {
            Rollout::Apply { stage } => {
                let next = &script.stages[applied];
                if next.folder != *stage {
                    return Err(format!("{stage} is not the next"));
                }
                applied += 1;
                let note = runs_now.and_then(|client| of(&next.clients, client));
                if let Some(note) = note.filter(|n| !runs(n.during) || !runs(n.after)) {
                    return Err(format!("{} in {stage}: {:?}", note.client, note.reasons));
                }
            }
            Rollout::Deploy { client, replaces, schema, notes } => {
                if Some(*replaces) != runs_now {
                    return Err(format!("{replaces:?} does not run"));
                }
                let here = |c: Generation| applied.checked_sub(1).and_then(|at| of(&script.stages[at].clients, c));
                for one in [*client, *replaces] {
                    if let Some(note) = here(one).filter(|n| !runs(n.after)) {
                        return Err(format!("{} after {applied} stages: {:?}", note.client, note.reasons));
                    }
                }
                if *client == Generation::New && *replaces == Generation::Old && notes.is_empty() {
                    let exposed =
                        |why: &String| why.contains("nobody may write that") || why.contains("newer client writes");
                    if let Some(why) = here(Generation::Old).and_then(|n| n.reasons.iter().find(|w| exposed(w))) {
                        return Err(format!("old and new at once: {why}"));
                    }
                }
                if let Some(path) = schema {
                    let folder = path.strip_suffix("/schema.prisma").unwrap();
                    let stage = script.stages.iter().position(|s| s.folder == folder).unwrap();
                    if script.stages[stage].schema.is_none() || stage >= applied {
                        return Err(format!("{path} is not there, or its database is not yet"));
                    }
                }
                runs_now = Some(*client);
            }
            Rollout::Stop { .. } => {
                pause = true;
                runs_now = None;
            }
            Rollout::Start { client } => {
                if script.stages[applied..].iter().any(|s| of(&s.clients, *client).is_some_and(|n| !runs(n.during))) {
                    return Err("started too early".into());
                }
                runs_now = Some(*client);
            }
        }
    }
    if applied != script.stages.len() || runs_now != Some(Generation::New) {
        return Err(format!("it ends with {runs_now:?} after {applied} stages"));
    }
    Ok(pause)
}

#[test]
fn every_plan_leads_from_old_to_new_without_a_gap_or_says_why_not() {
    let page = std::fs::read_to_string("docs/clients.md").unwrap();
    let listed: BTreeSet<String> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`').map(|(case, _)| case.to_owned()))
        .collect();
    let mut with_pause = BTreeSet::new();
    for case in cases() {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let script = planned(&case);
        if script.is_empty() {
            continue;
        }
        match walk(&script) {
            Ok(true) => {
                with_pause.insert(name);
            }
            Ok(false) => {}
            Err(why) => panic!("{name}: {why}\n{:#?}", script.rollout),
        }
    }
    assert_eq!(with_pause, listed, "docs/clients.md lists the cases that nothing bridges");
}

#[test]
fn schemas_between_keep_what_the_user_wrote_and_go_on_to_new() {
    let mut seen = 0;
    for case in cases() {
        let script = planned(&case);
        for stage in &script.stages {
            let Some(text) = &stage.schema else { continue };
            seen += 1;
            let old = std::fs::read_to_string(case.join("old.prisma")).unwrap();
            let comments =
                |t: &str| t.lines().filter(|l| l.trim().starts_with("//")).map(str::to_owned).collect::<Vec<_>>();
            let kept: BTreeSet<String> = comments(text).into_iter().collect();
            assert!(
                comments(&old).iter().all(|c| kept.contains(c)),
                "{}: comments of OLD stay\n{text}",
                case.display()
            );
            // Prisma's rules, ours, and everything that lowering asks: from nothing to it there is a plan.
            let made = plan_from_nothing(text);
            assert!(!made.is_empty(), "{}", case.display());
        }
    }
    assert!(seen > 20, "{seen}");
}

fn plan_from_nothing(text: &str) -> Script {
    let mut sources = Sources::default();
    let new = sources.add_schema("schema.prisma", text);
    match compile(&sources, None, Some(&new), &Options::default()) {
        Outcome::Plan { script, .. } => *script,
        other => panic!("{:#?}\n{text}", other.diagnostics()),
    }
}

const DATASOURCE: &str = "datasource db {\n  provider = \"postgresql\"\n}\n";

#[test]
fn values_of_enums_are_added_readers_first() {
    let old = format!(
        "{DATASOURCE}// of the shop\nmodel Order {{\n  id    Int   @id\n  state State // as the warehouse has it\n}}\n\nenum State {{\n  OPEN // at first\n  PAID\n}}\n"
    );
    let new = old.replace("  PAID\n", "  PAID\n  /// they want it back\n  RETURNED @map(\"returned\")\n");
    let script = plan(&old, &new, &Options::default());
    assert_eq!(walk(&script), Ok(false));
    assert_eq!(script.stages[0].schema.as_deref(), Some(&*new), "OLD with the value, as NEW writes it");
    assert!(matches!(
        &script.rollout[..],
        [
            Rollout::Apply { .. },
            Rollout::Deploy { client: Generation::Bridge, .. },
            Rollout::Deploy { client: Generation::New, .. }
        ]
    ));
}

#[test]
fn a_default_that_is_a_new_value_waits_for_the_contract() {
    let old = format!(
        "{DATASOURCE}model Order {{\n  id    Int   @id\n  state State @default(OPEN)\n}}\nenum State {{\n  OPEN\n}}\n"
    );
    let new = old.replace("  OPEN\n", "  OPEN\n  DRAFT\n").replace("@default(OPEN)", "@default(DRAFT)");
    let script = plan(&old, &new, &Options::default());
    let between = script.stages[0].schema.as_deref().unwrap();
    assert!(between.contains("@default(OPEN)") && between.contains("DRAFT"), "{between}");
    assert_eq!(script.stages.last().unwrap().folder, "2-contract");
}

#[test]
fn a_required_field_that_goes_is_read_as_optional_first() {
    let old = format!("{DATASOURCE}model User {{\n  id   Int    @id\n  name String @db.VarChar(80) // of birth\n}}\n");
    let new = old.replace("  name String @db.VarChar(80) // of birth\n", "");
    let script = plan(&old, &new, &Options::default());
    assert_eq!(script.stages[0].schema.as_deref(), Some(&*old.replace("String @db", "String? @db")));
    assert_eq!(walk(&script), Ok(false));
}

#[test]
fn several_files_become_one_each_under_its_name() {
    let mut sources = Sources::default();
    let a = sources.add("schema/a.prisma", format!("{DATASOURCE}model User {{\n  id   Int  @id\n  role Role\n}}\n"));
    let b = sources.add("schema/b.prisma", "// roles\nenum Role {\n  USER\n}\n");
    let c =
        sources.add("schema/b.prisma", "// roles\nenum Role {\n  USER\n  ADMIN\n}\n\nmodel Log {\n  id Int @id\n}\n");
    let files = |files: Vec<_>| prisma_stage::source::SchemaFiles { name: "schema".into(), files };
    let (old, new) = (files(vec![a, b]), files(vec![a, c]));
    let Outcome::Plan { script, .. } = compile(&sources, Some(&old), Some(&new), &Options::default()) else {
        panic!("planned");
    };
    let text = script.stages[0].schema.as_deref().unwrap();
    let wanted = format!(
        "// a.prisma\n\n{DATASOURCE}model User {{\n  id   Int  @id\n  role Role\n}}\n\n// b.prisma\n\n// roles\nenum Role {{\n  USER\n  ADMIN\n}}\n\nmodel Log {{\n  id Int @id\n}}\n"
    );
    assert_eq!(text, wanted);
}

#[test]
fn what_nothing_bridges_is_said_with_both_reasons() {
    let old = format!("{DATASOURCE}model Chat {{\n  id Int @id @default(autoincrement())\n}}\n");
    let new = old.replace("Int @id @default(autoincrement())", "String @id @default(uuid())");
    let script = plan(&old, &new, &Options::default());
    assert_eq!(walk(&script), Ok(true));
    let Some(Rollout::Stop { why, .. }) = script.rollout.iter().find(|s| matches!(s, Rollout::Stop { .. })) else {
        panic!("{:#?}", script.rollout);
    };
    assert!(why.iter().any(|w| w.starts_with("old: ")) && why.iter().any(|w| w.starts_with("new: ")), "{why:#?}");
}
