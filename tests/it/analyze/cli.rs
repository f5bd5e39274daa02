//! The command itself: arguments, streams, exit codes.

use crate::run::{Scratch, postgres};

const SHOP: &str = include_str!("../../../corpus/analyze/shop.prisma");

fn shop() -> Scratch {
    Scratch::new().file("shop.prisma", SHOP)
}

#[test]
fn every_format_goes_to_standard_output() {
    for (format, start) in [
        ("human", "shop.prisma: PostgreSQL, 6 models"),
        ("json", "{\n  \"version\": 1"),
        ("markdown", "# shop.prisma\n"),
        ("mermaid", "erDiagram\n"),
        ("dot", "digraph \"shop.prisma\" {\n"),
        ("svg", "<svg xmlns="),
    ] {
        let ran = shop().run(&["analyze", "shop.prisma", "--format", format]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{format}");
        assert!(ran.stdout.starts_with(start) && ran.stdout.ends_with('\n'), "{format}: {}", ran.stdout);
        assert!(!ran.stdout.contains('\u{1b}'), "{format}");
    }
}

#[test]
fn a_schema_may_come_from_anywhere() {
    let (data, models) = SHOP.split_once("/// Somebody").unwrap();
    let folder = Scratch::new().file("prisma/a.prisma", data).file("prisma/b.prisma", format!("/// Somebody{models}"));
    let ran = folder.run(&["analyze", "prisma"]);
    assert!(ran.stdout.starts_with("prisma: PostgreSQL, 6 models"), "{}", ran.stdout);
    let ran = Scratch::new().run_with_stdin(&["analyze", "-", "--stdin-filename", "x.prisma"], SHOP);
    assert!(ran.stdout.starts_with("x.prisma: PostgreSQL, 6 models"), "{}", ran.stdout);
    let ran = Scratch::new().run_with_stdin(&["analyze", "-", "--format", "json"], SHOP);
    assert!(ran.stdout.contains("\"schema\": \"<stdin>\""), "{}", ran.stdout);
}

#[test]
fn a_schema_with_errors_is_not_analyzed() {
    let ran =
        Scratch::new().file("a.prisma", postgres("model A {\n  id Int @id\n  b B\n}")).run(&["analyze", "a.prisma"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(ran.stderr.contains("error[PS"), "{}", ran.stderr);
    let ran = Scratch::new().run(&["analyze", "missing.prisma"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(ran.stderr.contains("PS0001"), "{}", ran.stderr);
}

#[test]
fn a_neighbourhood_is_named_by_a_model() {
    let ran = shop().run(&["analyze", "shop.prisma", "--model", "Customer", "--format", "mermaid"]);
    let entities: Vec<&str> = ran.stdout.lines().filter(|line| line.ends_with('{')).collect();
    assert_eq!(entities, ["  \"Customer\" {", "  \"Order\" {", "  \"Basket\" {"]);
    let ran = shop().run(&["analyze", "shop.prisma", "--model", "Customer", "--depth", "2", "--format", "mermaid"]);
    assert!(ran.stdout.contains("\"OrderLine\"") && !ran.stdout.contains("\"Product\""), "{}", ran.stdout);
    let ran = shop().run(&["analyze", "shop.prisma", "--model", "Costumer"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(
        ran.stderr.contains("no model `Costumer`") && ran.stderr.contains("did you mean `Customer`"),
        "{}",
        ran.stderr
    );
    let ran = shop().run(&["analyze", "shop.prisma", "--depth", "2"]);
    assert_eq!(ran.code, 64);
}

#[test]
fn colour_is_asked_for_or_left_out() {
    let coloured = |args: &[&str]| shop().run(args).stdout.contains('\u{1b}');
    assert!(!coloured(&["analyze", "shop.prisma"]));
    assert!(coloured(&["analyze", "shop.prisma", "--color", "always"]));
    for format in ["json", "svg", "dot", "mermaid", "markdown"] {
        assert!(!coloured(&["analyze", "shop.prisma", "--color", "always", "--format", format]), "{format}");
    }
}

#[test]
fn help_teaches_by_example() {
    insta::assert_snapshot!("help_analyze", shop().run(&["analyze", "--help"]).stdout);
}
