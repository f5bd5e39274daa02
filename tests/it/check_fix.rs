//! `check --fix`: what has one right answer is mended, and nothing else is touched.

use crate::hold;
use crate::run::{Scratch, postgres};
use prisma_stage::diag::{Diagnostic, Diagnostics, Fix};
use prisma_stage::fix;
use prisma_stage::source::{SchemaFiles, Sources};
use std::collections::BTreeSet;
use std::path::Path;

/// Three slips, each with one answer.
fn slips() -> String {
    postgres("model User {\n  id: Int @id\n  tags [String] @default([])\n  name String @map(\"n\",)\n}")
}

fn mended() -> String {
    postgres("model User {\n  id Int @id\n  tags String[] @default([])\n  name String @map(\"n\")\n}")
}

fn read(scratch: &Scratch, path: &str) -> String {
    std::fs::read_to_string(scratch.path(path)).unwrap()
}

#[test]
fn files_are_mended_and_it_is_said_how() {
    let scratch = Scratch::new().file("a.prisma", slips()).file("b.prisma", slips().replace('\n', "\r\n"));
    let ran = scratch.run(&["check", "a.prisma", "b.prisma", "--fix"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(
        ran.stdout.lines().take(4).collect::<Vec<_>>(),
        [
            "a.prisma: 3 fixes applied, nothing left to say",
            "  a.prisma:7:5: remove the colon (PS0107)",
            "  a.prisma:8:8: write `String[]` (PS0107)",
            "  a.prisma:9:23: remove it (PS0117)"
        ]
    );
    assert_eq!(read(&scratch, "a.prisma"), mended());
    assert_eq!(read(&scratch, "b.prisma"), mended().replace('\n', "\r\n"));
    assert_eq!(scratch.listing(), ["a.prisma", "b.prisma"]);
    let again = scratch.run(&["check", "a.prisma", "--fix"]);
    assert_eq!((again.code, again.stdout.as_str()), (0, "a.prisma: nothing to say\n"));
}

#[test]
fn what_is_left_is_reported_as_it_is_now() {
    let text = slips().replace("tags [String]", "\n  tags [Nowhere]");
    let scratch = Scratch::new().file("a.prisma", &text);
    let ran = scratch.run(&["check", "a.prisma", "--fix", "--format", "json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    crate::json_schema::hold(&prisma_stage::output::json::check_schema(), &ran.stdout);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let schema = &json["schemas"][0];
    assert_eq!(schema["fixed"].as_array().unwrap().len(), 3);
    assert_eq!(schema["diagnostics"].as_array().unwrap().len(), 1);
    assert_eq!(schema["diagnostics"][0]["span"]["start"]["line"], 9);
    assert!(read(&scratch, "a.prisma").contains("tags Nowhere[]"));
}

#[test]
fn a_dry_run_prints_a_diff_and_writes_nothing() {
    let scratch = Scratch::new().file("a.prisma", slips());
    let ran = scratch.run(&["check", "a.prisma", "--fix", "--dry-run"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    insta::assert_snapshot!("check_dry_run", ran.stdout);
    assert_eq!(read(&scratch, "a.prisma"), slips());
    let fine = Scratch::new().file("a.prisma", mended());
    let ran = fine.run(&["check", "a.prisma", "--fix", "--dry-run"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
}

#[test]
fn a_buffer_is_mended_on_standard_output() {
    let ran = Scratch::new().run_with_stdin(&["check", "-", "--fix"], &slips());
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, &*mended(), ""));
}

#[test]
fn files_of_one_schema_are_mended_together() {
    let scratch = Scratch::new()
        .file("s/base.prisma", postgres(""))
        .file("s/a.prisma", "model A {\n  id: Int @id\n}\n")
        .file("s/b.prisma", "model B {\n  id Int! @id\n}\n");
    assert_eq!(scratch.run(&["check", "s", "--fix"]).code, 0);
    assert_eq!(read(&scratch, "s/a.prisma"), "model A {\n  id Int @id\n}\n");
    assert_eq!(read(&scratch, "s/b.prisma"), "model B {\n  id Int @id\n}\n");
}

#[test]
fn what_cannot_be_mended_is_bad_usage() {
    let scratch = Scratch::new().file("a.prisma", slips());
    for args in [
        &["git:HEAD:a.prisma", "--fix"][..],
        &["a.prisma", "--fix", "--stdin-filename", "a.prisma"],
        &["a.prisma", "-", "--fix"],
        &["-", "--fix", "--format", "json"],
        &["a.prisma", "--dry-run"],
    ] {
        let ran = scratch.run_with_stdin(&[&["check"][..], args].concat(), &slips());
        assert_eq!((ran.code, ran.stdout.as_str()), (64, ""), "{args:?}");
    }
    assert_eq!(read(&scratch, "a.prisma"), slips());
}

#[test]
fn names_that_are_misspelt_are_mended_where_one_was_meant() {
    let wrong = "model User {\n  id Int @id\n  nmae Strnig @uniqe\n  rat Int\n  bat Int\n  kind Kind @default(ADMN)\n  @@index([cat])\n}\nenum Kind {\n  ADMIN\n}";
    let scratch = Scratch::new().file("a.prisma", postgres(wrong));
    let ran = scratch.run(&["check", "a.prisma", "--fix"]);
    assert_eq!((ran.code, ran.codes()), (1, vec!["PS0203".to_owned()]), "{}", ran.stderr);
    assert!(ran.stderr.contains("did you mean `bat`?"), "two are as near: {}", ran.stderr);
    let right = wrong.replace("Strnig @uniqe", "String @unique").replace("ADMN", "ADMIN");
    assert_eq!(read(&scratch, "a.prisma"), postgres(&right));
}

#[test]
fn codes_may_be_picked() {
    let scratch = Scratch::new().file("a.prisma", slips());
    assert_eq!(scratch.run(&["check", "a.prisma", "--fix", "--only", "ps0117,PS0203"]).code, 1);
    assert_eq!(read(&scratch, "a.prisma"), slips().replace("\"n\",", "\"n\""));
    assert_eq!(scratch.run(&["check", "a.prisma", "--only", "PS0107"]).code, 64);
}

#[cfg(unix)]
#[test]
fn links_stay_links_and_rights_stay_rights() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new().file("real/a.prisma", slips());
    std::fs::set_permissions(scratch.path("real/a.prisma"), PermissionsExt::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink(scratch.path("real/a.prisma"), scratch.path("a.prisma")).unwrap();
    assert_eq!(scratch.run(&["check", "a.prisma", "--fix"]).code, 0);
    assert!(scratch.path("a.prisma").is_symlink());
    assert_eq!(read(&scratch, "real/a.prisma"), mended());
    assert_eq!(scratch.path("real/a.prisma").metadata().unwrap().permissions().mode() & 0o777, 0o640);

    let scratch = Scratch::new().file("a.prisma", slips());
    std::fs::set_permissions(scratch.path("a.prisma"), PermissionsExt::from_mode(0o444)).unwrap();
    let ran = scratch.run(&["check", "a.prisma", "--fix"]);
    assert_eq!((ran.code, ran.codes()), (1, vec!["PS0803".to_owned()]));
    assert_eq!((read(&scratch, "a.prisma"), scratch.listing()), (slips(), vec!["a.prisma".to_owned()]));
}

/// What a diagnostic is, wherever it stands.
fn what(diagnostic: &Diagnostic) -> String {
    format!("{} {}", diagnostic.code, diagnostic.message)
}

/// The texts after one fix alone.
fn after(sources: &Sources, files: &SchemaFiles, diagnostic: &Diagnostic, fix: &Fix) -> (Sources, SchemaFiles) {
    let texts = fix::apply_one(sources, fix).unwrap_or_else(|| panic!("a fix that cannot be applied: {diagnostic:?}"));
    let mut mended = Sources::default();
    let ids = files.files.iter().map(|id| {
        let old = sources.get(*id);
        mended.add(old.name.clone(), texts.get(id).unwrap_or(&old.text).clone())
    });
    let ids = ids.collect();
    (mended, SchemaFiles { name: files.name.clone(), files: ids })
}

#[test]
fn every_fix_makes_its_finding_vanish_and_brings_no_other_code() {
    let mut wrong = Vec::new();
    let mut fixes = 0;
    for (name, text) in fixtures() {
        let (sources, files) = hold::source(&text);
        let diagnostics = hold::check(&sources, &files);
        let count = |found: &Diagnostics, what_: &str| found.iter().filter(|d| what(d) == what_).count();
        let codes: BTreeSet<&str> = diagnostics.iter().map(|d| d.code).collect();
        for diagnostic in diagnostics.iter() {
            for fix in &diagnostic.fixes {
                fixes += 1;
                let (now, files) = after(&sources, &files, diagnostic, fix);
                let found = hold::check(&now, &files);
                let what = what(diagnostic);
                if count(&found, &what) >= count(&diagnostics, &what) {
                    wrong.push(format!("{name}: `{what}` is still there after `{}`", fix.title));
                }
                // A line that could not be read may have more to it; what is understood may not.
                let is_syntax = diagnostic.code.starts_with("PS01");
                if let Some(new) =
                    found.iter().find(|d| !is_syntax && !codes.contains(d.code) && !d.code.starts_with("PS10"))
                {
                    wrong.push(format!(
                        "{name}: `{what}`, mended by `{}`, brings `{} {}`",
                        fix.title, new.code, new.message
                    ));
                }
            }
        }
    }
    assert!(fixes > 20, "{fixes}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every wrong schema that there is: fixtures, mistakes, and the examples of the pages.
fn fixtures() -> Vec<(String, String)> {
    let mut all = vec![("mistakes.prisma".to_owned(), include_str!("syntax/mistakes.prisma").to_owned())];
    let mut paths: Vec<_> = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/error"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "prisma"))
        .collect();
    paths.sort();
    all.extend(paths.iter().map(|path| (path.display().to_string(), std::fs::read_to_string(path).unwrap())));
    for page in prisma_stage::pages::all() {
        for (info, text) in page.examples().filter(|(info, _)| info.starts_with("prisma bad")) {
            let whole =
                if text.contains("datasource ") || info.contains("alone") { text.to_owned() } else { postgres(text) };
            all.push((page.name.to_owned(), whole));
        }
    }
    all
}
