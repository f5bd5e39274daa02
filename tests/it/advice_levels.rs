//! `--allow`, `--warn`, `--deny`, and the `[lint]` table of prisma-stage.toml.

use crate::run::{Ran, Scratch, postgres};
use prisma_stage::advice::{Level, Levels, RULES, Selector, contradiction};

/// Two findings that are on, PS1020 and PS1040, and one that is off, PS1041.
fn schema() -> Scratch {
    Scratch::new().file(
        "prisma/a.prisma",
        postgres("model Item {\n  id    Int      @id\n  price Float\n  tags  String[]\n  at    DateTime @updatedAt @db.Timestamptz\n}"),
    )
}

/// Code and severity of each finding.
fn said(ran: &Ran) -> Vec<String> {
    let heads = ran.stderr.lines().filter(|line| line.starts_with("error[") || line.starts_with("warning["));
    heads.map(|line| line.split(']').next().unwrap().replace('[', " ")).collect()
}

fn check(scratch: &Scratch, args: &[&str]) -> (i32, Vec<String>) {
    let ran = scratch.run(&[&["check", "prisma/a.prisma"], args].concat());
    (ran.code, said(&ran))
}

#[test]
fn warnings_leave_the_exit_code_alone_and_errors_do_not() {
    let scratch = schema();
    assert_eq!(check(&scratch, &[]), (0, vec!["warning PS1020".into(), "warning PS1040".into()]));
    assert_eq!(check(&scratch, &["--allow", "advice"]), (0, vec![]));
    assert_eq!(check(&scratch, &["--allow", "money-as-float"]), (0, vec!["warning PS1040".into()]));
    assert_eq!(check(&scratch, &["--deny", "PS1040"]), (1, vec!["warning PS1020".into(), "error PS1040".into()]));
    assert_eq!(check(&scratch, &["--deny", "advice"]), (1, vec!["error PS1020".into(), "error PS1040".into()]));
    let all = ["warning PS1020".into(), "warning PS1040".into(), "warning PS1041".into()];
    assert_eq!(check(&scratch, &["--warn", "pedantic"]), (0, all.to_vec()));
    assert_eq!(check(&scratch, &["--allow", "advice", "--warn", "ps1041"]), (0, vec!["warning PS1041".into()]));
}

#[test]
fn what_names_a_rule_counts_for_more_and_the_command_line_for_more_than_the_file() {
    let file = |text: &str| schema().file("prisma-stage.toml", text).file(".git/HEAD", "");
    let all_off = file("[lint]\nallow = [\"advice\"]\nwarn = [\"PS1041\"]\n");
    assert_eq!(check(&all_off, &[]), (0, vec!["warning PS1041".into()]));
    assert_eq!(check(&all_off, &["--deny", "money-as-float"]).0, 1);
    let denied = file("[lint]\ndeny = [\"advice\"]\nallow = [\"PS1040\"]");
    assert_eq!(check(&denied, &[]), (1, vec!["error PS1020".into()]));
    assert_eq!(check(&denied, &["--warn", "advice"]), (0, vec!["warning PS1020".into()]));
    assert_eq!(check(&denied, &["--deny", "advice"]), (1, vec!["error PS1020".into()]));
    assert_eq!(check(&denied, &["--warn", "PS1040"]), (1, vec!["error PS1020".into(), "warning PS1040".into()]));
    assert_eq!(check(&file("# nothing\n"), &[]).0, 0);
}

#[test]
fn the_file_is_beside_the_schema_or_above_it_up_to_the_repository() {
    let lint = "[lint]\nallow = [\"advice\"]\n";
    let quiet = |scratch: &Scratch, args: &[&str]| scratch.run(args).stderr.is_empty();
    let schema_args = &["check", "prisma/a.prisma"][..];
    assert!(quiet(&schema().file("prisma/prisma-stage.toml", lint), schema_args));
    assert!(quiet(&schema().file("prisma/prisma-stage.toml", lint), &["check", "prisma"]));
    assert!(quiet(&schema().file("prisma-stage.toml", lint).file(".git/HEAD", ""), schema_args));
    // Above the repository it is somebody else's; without a repository only that beside the schema is meant.
    assert!(!quiet(&schema().file("prisma-stage.toml", lint), schema_args));
    assert!(!quiet(&schema().file("prisma-stage.toml", lint).file("prisma/.git/HEAD", ""), schema_args));
    // The nearest counts.
    let two =
        schema().file("prisma-stage.toml", lint).file(".git/HEAD", "").file("prisma/prisma-stage.toml", "[lint]\n");
    assert!(!quiet(&two, schema_args));
    assert!(quiet(&two, &["check", "prisma/a.prisma", "--config", "prisma-stage.toml"]));
    let buffer = schema().file("prisma/prisma-stage.toml", lint);
    let text = std::fs::read_to_string(buffer.path("prisma/a.prisma")).unwrap();
    let ran = buffer.run_with_stdin(&["check", "-", "--stdin-filename", "prisma/new.prisma"], &text);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(buffer.run_with_stdin(&["check", "-"], &text).codes(), ["PS1020", "PS1040"]);
}

#[test]
fn what_is_wrong_with_the_file_is_said_at_its_place() {
    let said = |text: &str| {
        let ran =
            schema().file("prisma/prisma-stage.toml", text).run(&["check", "prisma/a.prisma", "--format", "json"]);
        crate::json_schema::hold(&prisma_stage::output::json::check_schema(), &ran.stdout);
        let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        let found = json["schemas"][0]["diagnostics"].as_array().unwrap().clone();
        let wrong: Vec<String> = found
            .iter()
            .filter(|d| d["severity"] == "error")
            .map(|d| {
                assert!(d["file"].as_str().unwrap().ends_with("prisma-stage.toml"), "{d}");
                let start = &d["span"]["start"];
                format!(
                    "{}:{} {} {}",
                    start["line"],
                    start["column"],
                    d["code"].as_str().unwrap(),
                    d["message"].as_str().unwrap()
                )
            })
            .collect();
        assert_eq!(ran.code, i32::from(!wrong.is_empty()), "{}", ran.stdout);
        wrong
    };
    assert_eq!(said("[lint]\nwarn = [\"advice\"]\n"), [""; 0]);
    assert_eq!(said("[lint\n")[0].split(": ").next(), Some("1:6 PS0010 this is not TOML"));
    assert_eq!(said("[lnt]\n"), ["1:2 PS0011 nothing is called `lnt` here; did you mean `lint`?"]);
    assert_eq!(said("[lint]\ndenied = []\n"), ["2:1 PS0011 nothing is called `denied` here"]);
    assert_eq!(
        said("[lint]\nallow = [\"PS1001\", \"mony-as-float\"]\n"),
        ["2:20 PS0012 there is no rule `mony-as-float`; did you mean `money-as-float`?"]
    );
    assert_eq!(
        said("\u{feff}[lint]\nallow = [\"PS0203\"]\n"),
        ["2:10 PS0012 PS0203 is no advice: only PS10xx can be switched"]
    );
    assert_eq!(
        said("[lint]\nallow = \"PS1001\"\ndeny = [7]\n"),
        [
            "2:9 PS0013 `allow` is to be a list of codes and names, and is of the type string",
            "3:9 PS0013 a rule is to be a code or a name, and is of the type integer"
        ]
    );
    assert_eq!(said("lint = true\n"), ["1:8 PS0013 `lint` is to be a table, and is of the type boolean"]);
    assert_eq!(
        said("[lint]\nallow = [\"PS1001\"]\ndeny = [\"foreign-key-without-index\"]\n"),
        ["3:9 PS0013 this has two levels"]
    );
}

#[test]
fn a_word_that_is_no_rule_is_bad_usage_and_so_is_one_with_two_levels() {
    let ran = schema().run(&["check", "prisma", "--allow", "forein-key-without-index"]);
    assert_eq!(ran.code, 64);
    assert!(ran.stderr.contains("did you mean `foreign-key-without-index`?"), "{}", ran.stderr);
    let ran = schema().run(&["check", "prisma", "--allow", "PS1001", "--deny", "foreign-key-without-index"]);
    assert_eq!(ran.code, 64);
    assert!(ran.stderr.contains("`PS1001` is given to both --allow and --deny"), "{}", ran.stderr);
    assert_eq!(schema().run(&["check", "prisma", "--config", "none.toml"]).code, 1);
}

#[test]
fn advice_waits_until_the_schema_is_right() {
    let wrong = schema().file("prisma/b.prisma", "model B {\n  id Strin @id\n}\n");
    assert!(said(&wrong.run(&["check", "prisma"])).iter().all(|finding| finding.starts_with("error PS02")));
}

#[test]
fn a_plan_takes_no_notice_of_what_is_excused() {
    let text = postgres("model Item {\n  id Int @id\n  /// @stage.allow(PS1020)\n  price Float\n}");
    let ran = Scratch::new().file("new.prisma", text).run(&["diff", "--from-empty", "new.prisma"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
}

#[test]
fn levels_are_what_was_said_in_whatever_order() {
    let rule = |name| Selector::parse(name).unwrap();
    let level = |choices: &[(Selector, Level)], code| {
        let mut levels = Levels::default();
        levels.set(choices);
        levels.iter().find(|(rule, _)| rule.code == code).unwrap().1
    };
    let pedantic = RULES.iter().find(|rule| rule.level == Level::Allow).unwrap();
    let choices = [(rule("PS1001"), Level::Warn), (Selector::Advice, Level::Deny), (Selector::Pedantic, Level::Warn)];
    assert_eq!(level(&choices, "PS1001"), Level::Warn);
    assert_eq!(level(&choices, "PS1002"), Level::Deny);
    assert_eq!(level(&choices, pedantic.code), Level::Deny);
    assert_eq!(level(&[(Selector::Advice, Level::Deny)], pedantic.code), Level::Allow);
    assert_eq!(
        level(&[(Selector::Pedantic, Level::Warn), (Selector::Advice, Level::Allow)], pedantic.code),
        Level::Warn
    );
    assert_eq!(contradiction(&choices), None);
    assert_eq!(contradiction(&[choices[0], (rule("foreign-key-without-index"), Level::Deny)]), Some((0, 1)));
}

#[test]
fn advice_is_followed_where_it_is_asked_for() {
    let models: String =
        (0..40).map(|i| format!("model M{i} {{\n  id Int @id\n  a String[]\n\n  @@index([id])\n}}\n")).collect();
    let scratch = Scratch::new().file("a.prisma", postgres(&models));
    let ran = scratch.run(&["check", "a.prisma", "--fix"]);
    assert_eq!((ran.code, ran.codes()), (0, vec!["PS1040".to_owned(), "PS1002".to_owned()]));
    assert_eq!(std::fs::read_to_string(scratch.path("a.prisma")).unwrap(), postgres(&models));
    let ran = scratch.run(&["check", "a.prisma", "--fix", "--only", "PS1040", "--only", "PS1002"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let mended = models.replace("a String[]\n\n  @@index([id])\n", "a String[] @default([])\n\n");
    assert_eq!(std::fs::read_to_string(scratch.path("a.prisma")).unwrap(), postgres(&mended));
}
