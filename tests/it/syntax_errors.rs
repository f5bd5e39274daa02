//! What the front end says of what it does not take: one diagnostic a mistake, at its line, and the rest is read.

use prisma_stage::ast::Block;
use prisma_stage::diag::{Diagnostic, Severity};
use prisma_stage::source::Sources;
use prisma_stage::syntax;

/// Line and code of each diagnostic.
fn said(text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let schema = sources.add_schema("schema.prisma", text);
    let (_, diagnostics) = syntax::parse(&sources, &schema);
    let line = |d: &Diagnostic| sources.line_column(d.span.unwrap().file, d.span.unwrap().start).line;
    diagnostics.iter().map(|d| format!("{} {}", line(d), d.code)).collect()
}

/// The one diagnostic of a line in a model, and the line after its fix.
fn fixed(line: &str) -> (String, String) {
    let text = format!("model A {{\n  {line}\n}}\n");
    let mut sources = Sources::default();
    let schema = sources.add_schema("schema.prisma", text.clone());
    let (_, diagnostics) = syntax::parse(&sources, &schema);
    let [diagnostic] = diagnostics.iter().collect::<Vec<_>>()[..] else { panic!("{diagnostics:?}") };
    let mut text = text;
    let mut edits = diagnostic.fixes[0].edits.clone();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    for edit in edits {
        text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    assert_eq!(said(&text), [""; 0], "the fix is none: {text}");
    (diagnostic.message.clone(), text["model A {\n  ".len()..text.len() - "\n}\n".len()].to_owned())
}

#[test]
fn every_mistake_of_a_file_is_said_at_its_line() {
    let text = include_str!("syntax/mistakes.prisma");
    // The file says itself what it expects: `//~ PS0107` on the line, or `//~^ PS0107` on the line below it.
    let mut expected = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let Some((_, note)) = line.split_once("//~") else { continue };
        let line = if note.starts_with('^') { index } else { index + 1 };
        expected.extend(note.trim_start_matches('^').split_whitespace().map(|code| format!("{line} {code}")));
    }
    assert!(expected.len() > 40);
    assert_eq!(said(text), expected);
}

#[test]
fn what_is_understood_is_kept() {
    let mut sources = Sources::default();
    let schema = sources.add_schema("schema.prisma", include_str!("syntax/mistakes.prisma"));
    let (read, _) = syntax::parse(&sources, &schema);
    let names: Vec<&str> = read
        .blocks
        .iter()
        .map(|block| match block {
            Block::Datasource(config) | Block::Generator(config) => config.name.name,
            Block::Model(model) => model.name.name,
            Block::Enum(item) => item.name.name,
        })
        .collect();
    assert_eq!(names, ["db", "Color", "User", "Late", "Unclosed", "OneLine", "Status", "Last"]);
    let Block::Model(user) = &read.blocks[2] else { panic!() };
    let fields: Vec<&str> = user.fields.iter().map(|field| field.name.name).collect();
    assert_eq!(fields[..6], ["id", "tags", "opt", "both", "grid", "money"]);
    assert_eq!(fields.last(), Some(&"whole"));
}

#[test]
fn fixes_mend() {
    for (line, mended) in [
        ("a: Int", "a Int"),
        ("a [Int]", "a Int[]"),
        ("a Int!", "a Int"),
        ("a Int[]?", "a Int[]"),
        ("a Int??", "a Int?"),
        ("a Int @map(\"x\",)", "a Int @map(\"x\")"),
        ("@@index([a b])", "@@index([a, b])"),
        ("@@index([\n    a,\n    b\n  ])", "@@index([a, b])"),
        ("a Int @default(\"\t\")", "a Int @default(\"\\t\")"),
        ("@@map(\"x\") @@ignore", "@@map(\"x\") \n@@ignore"),
    ] {
        assert_eq!(fixed(line).1, mended);
    }
}

#[test]
fn an_unclosed_block_ends_where_the_next_one_begins() {
    let text = "model A {\n  id Int @id\n\nmodel B {\n  id Int @id\n}\n";
    assert_eq!(said(text), ["4 PS0104"]);
    assert_eq!(said("model A {\n  id Int @id\n"), ["1 PS0104"]);
    assert_eq!(said("model A {\n  id Int @id"), ["1 PS0104"]);
}

#[test]
fn a_block_of_another_kind_is_one_diagnostic() {
    assert_eq!(said("modle A {\n  id Int @id\n  name String\n}\nenum E {\n  A\n}\n"), ["1 PS0102"]);
    assert_eq!(said("model A\n  id Int @id\n  name String\n}\nenum E {\n  A\n}\n"), ["1 PS0103"]);
}

#[test]
fn what_is_no_schema_at_all_is_one_diagnostic() {
    let sql = "create table a (\n  id int,\n  name text\n);\n".repeat(50);
    assert_eq!(said(&sql), ["1 PS0193"]);
    assert_eq!(said("a\nb\n"), ["1 PS0101", "2 PS0101"]);
}

#[test]
fn of_very_many_mistakes_the_first_are_said_and_the_rest_is_counted() {
    let text = format!("model A {{\n{}}}\n", "  x\n".repeat(130));
    let found = said(&text);
    assert_eq!(found.len(), 101);
    assert_eq!(found[99], "101 PS0107");
    assert_eq!(found[100], "102 PS0199");
    let mut sources = Sources::default();
    let schema = sources.add_schema("schema.prisma", text);
    let (_, diagnostics) = syntax::parse(&sources, &schema);
    assert_eq!(diagnostics.iter().last().unwrap().message, "and 30 more in this file");
}

#[test]
fn what_prisma_passes_over_is_a_warning() {
    let mut sources = Sources::default();
    let schema = sources.add_schema("schema.prisma", "model A { b Int\n  id Int @id\n}\n");
    let (read, diagnostics) = syntax::parse(&sources, &schema);
    let [warning] = diagnostics.iter().collect::<Vec<_>>()[..] else { panic!("{diagnostics:?}") };
    assert_eq!((warning.code, warning.severity), ("PS0120", Severity::Warning));
    assert_eq!(sources.slice(warning.span.unwrap()), "b Int");
    assert!(matches!(&read.blocks[0], Block::Model(model) if model.fields.len() == 1));
}

#[test]
fn each_file_of_a_schema_has_its_own_diagnostics() {
    let mut sources = Sources::default();
    let mut schema = sources.add_schema("a.prisma", "model A {\n  a\n}\n");
    schema.files.push(sources.add("b.prisma", "enum E {\n  A B\n}\n"));
    let (read, diagnostics) = syntax::parse(&sources, &schema);
    let places: Vec<&str> = diagnostics.iter().map(|d| sources.get(d.span.unwrap().file).name.as_str()).collect();
    assert_eq!(places, ["a.prisma", "b.prisma"]);
    assert_eq!(read.blocks.len(), 2);
}
