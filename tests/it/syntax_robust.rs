//! Whatever the text, reading it ends, quickly, with spans that fit it.

use crate::syntax_corpus::corpus;
use prisma_stage::ast::{Arg, Attribute, Block, Docs, Expr, Field, FieldType, Ident, Schema};
use prisma_stage::diag::Diagnostics;
use prisma_stage::source::{Sources, Span};
use prisma_stage::syntax;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_oneof, proptest};
use std::time::{Duration, Instant};

const SAMPLE: &str = include_str!("syntax/sample.prisma");

/// Reads the text and looks at every span.
fn read(text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let schema = sources.add_schema("schema.prisma", text);
    let (read, diagnostics) = syntax::parse(&sources, &schema);
    Spans { sources: &sources }.check(&read, &diagnostics);
    diagnostics.iter().map(|d| d.code.to_owned()).collect()
}

/// Every span covers what it says it covers.
struct Spans<'s> {
    sources: &'s Sources,
}

impl Spans<'_> {
    fn check(&self, schema: &Schema<'_>, diagnostics: &Diagnostics) {
        for block in &schema.blocks {
            match block {
                Block::Datasource(config) | Block::Generator(config) => {
                    self.named(config.name, config.span);
                    self.docs(&config.docs);
                    for property in &config.properties {
                        self.named(property.name, property.span);
                        property.value.iter().for_each(|value| self.expr(value));
                    }
                }
                Block::Model(model) => {
                    self.named(model.name, model.span);
                    self.docs(&model.docs);
                    model.fields.iter().for_each(|field| self.field(field));
                    model.attributes.iter().for_each(|attribute| self.attribute(attribute));
                }
                Block::Enum(item) => {
                    self.named(item.name, item.span);
                    self.docs(&item.docs);
                    item.attributes.iter().for_each(|attribute| self.attribute(attribute));
                    for value in &item.values {
                        self.named(value.name, value.span);
                        self.docs(&value.docs);
                        value.attributes.iter().for_each(|attribute| self.attribute(attribute));
                    }
                }
            }
        }
        for diagnostic in diagnostics.iter() {
            self.sources.slice(diagnostic.span.unwrap());
            let labels = diagnostic.labels.iter().map(|label| label.span);
            let edits = diagnostic.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
            for span in labels.chain(edits) {
                self.sources.slice(span);
            }
        }
    }

    fn named(&self, name: Ident<'_>, whole: Span) {
        self.ident(name);
        assert!(whole.start <= name.span.start && name.span.end <= whole.end);
        self.sources.slice(whole);
    }

    fn ident(&self, ident: Ident<'_>) {
        assert_eq!(self.sources.slice(ident.span), ident.name);
    }

    fn docs(&self, docs: &Docs<'_>) {
        for (text, span) in &docs.lines {
            let written = self.sources.slice(*span);
            assert!(written.starts_with("///") && written.ends_with(text), "{written:?} {text:?}");
        }
    }

    fn field(&self, field: &Field<'_>) {
        self.named(field.name, field.span);
        self.docs(&field.docs);
        match &field.ty {
            FieldType::Name(name) => self.ident(*name),
            FieldType::Unsupported(text) => assert!(self.sources.slice(text.span).starts_with('"')),
        }
        field.attributes.iter().for_each(|attribute| self.attribute(attribute));
    }

    fn attribute(&self, attribute: &Attribute<'_>) {
        self.named(attribute.name, attribute.span);
        assert!(self.sources.slice(attribute.span).starts_with('@'));
        attribute.args.iter().flatten().for_each(|arg| self.arg(arg));
    }

    fn arg(&self, arg: &Arg<'_>) {
        self.sources.slice(arg.span);
        arg.name.iter().for_each(|name| self.named(*name, arg.span));
        arg.value.iter().for_each(|value| self.expr(value));
    }

    fn expr(&self, expr: &Expr<'_>) {
        let written = self.sources.slice(expr.span());
        match expr {
            Expr::String(text) => {
                let inner = &written[1..written.len() - 1];
                assert!(written.starts_with('"') && written.ends_with('"'));
                assert!(inner.contains('\\') || inner == text.value);
            }
            Expr::Number(ident) | Expr::Constant(ident) => self.ident(*ident),
            Expr::Function(function) => {
                self.named(function.name, function.span);
                assert!(written.ends_with(')'));
                function.args.iter().for_each(|arg| self.arg(arg));
            }
            Expr::Array(values, _) => {
                assert!(written.starts_with('[') && written.ends_with(']'));
                values.iter().for_each(|value| self.expr(value));
            }
            Expr::Object(properties, _) => {
                assert!(written.starts_with('{') && written.ends_with('}'));
                for property in properties {
                    self.named(property.name, property.span);
                    property.value.iter().for_each(|value| self.expr(value));
                }
            }
        }
    }
}

/// What schemas are made of, and what they are not made of.
#[rustfmt::skip]
const SCRAPS: &[&str] = &[
    "model A {\n", "enum E {\n", "type T {\n", "view V {", "datasource db {\n", "generator g {\n", "}\n", "}", "{", "\n",
    "\r\n", "\r", " ", "\t", "\u{a0}", "id Int @id", "a String[]", "b Unsupported(\"x\")?", "@@index([a, b(sort: Desc)])",
    "@map(\"x\")", "@", "@@", "(", ")", "[", "]", "[]", "?", "!", "=", ":", ",", ".", "-", "_", "+", "\"", "\\", "\\u12",
    "\\ud83d", "'", "//", "/// doc\n", "/*", "*/", "é", "名", "😀", "\u{feff}", "\u{0}", "1", "-1.5", "1e5", "env(\"X\")",
    "map:", ";", "#", "$",
];

fn scrap() -> impl Strategy<Value = String> {
    prop_oneof![4 => prop::sample::select(SCRAPS).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)]
}

/// A text and what is done to it: at a place, so many bytes are replaced by a scrap.
fn damaged(text: &str, damages: &[(prop::sample::Index, usize, String)]) -> String {
    let mut text = text.to_owned();
    for (at, length, scrap) in damages {
        let mut start = at.index(text.len() + 1);
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = (start + length).min(text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        text.replace_range(start..end, scrap);
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        read(&text);
    }

    #[test]
    fn any_heap_of_scraps_is_read(scraps in prop::collection::vec(scrap(), 0..120)) {
        read(&scraps.concat());
    }

    #[test]
    fn a_damaged_schema_is_read(
        damages in prop::collection::vec((any::<prop::sample::Index>(), 0..6usize, scrap()), 1..8)
    ) {
        read(&damaged(SAMPLE, &damages));
    }

    #[test]
    fn one_damaged_line_is_one_line_with_diagnostics(
        line in 0..SAMPLE.lines().count(), scrap in prop_oneof![Just(";"), Just("😀"), Just(" $ "), Just("'x'")]
    ) {
        let mut lines: Vec<String> = SAMPLE.lines().map(str::to_owned).collect();
        // The rest of an opening line is not read by Prisma, and a block's first and last line concern the whole of it.
        let skip = lines[line].ends_with(['{', '}']) || ["//", "/*", "*/"].iter().any(|mark| lines[line].contains(mark)) || lines[line].trim().is_empty();
        if !skip {
            lines[line].push_str(scrap);
            let text = lines.join("\n");
            let mut sources = Sources::default();
            let schema = sources.add_schema("schema.prisma", text);
            let (_, diagnostics) = syntax::parse(&sources, &schema);
            let found: Vec<u32> =
                diagnostics.iter().map(|d| sources.line_column(d.span.unwrap().file, d.span.unwrap().start).line).collect();
            assert_eq!(found, [u32::try_from(line).unwrap() + 1]);
        }
    }
}

#[test]
fn byte_noise_over_real_schemas_is_read() {
    let mut state = 7_u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for path in corpus().iter().step_by(11) {
        let mut bytes = std::fs::read(path).unwrap();
        for _ in 0..1 + bytes.len() / 500 {
            let at = random(bytes.len().max(1));
            if let Some(byte) = bytes.get_mut(at) {
                *byte = b"\0\n\r\t \"\\()[]{}@:,.=?!/*_-aZ9\xc3\x28\xff"[random(30)];
            }
        }
        read(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn the_sample_has_no_fault() {
    assert_eq!(read(SAMPLE), [""; 0]);
}

#[test]
fn brackets_may_nest_as_they_like() {
    for (open, close) in [("(", ")"), ("[", "]"), ("f(", ")"), ("a: [", "]"), ("([", "])")] {
        for depth in [8, 32, 33, 1_000, 100_000] {
            let nested = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            for text in [
                format!("model A {{\n  a Int @default({nested})\n  b Nothing Special\n}}\n"),
                format!("generator g {{\n  a = {nested}\n  b = c d\n}}\n"),
                format!("model A {{\n  @@index({})\n  b Nothing Special\n}}\n", open.repeat(depth)),
                format!("model A {{\n  @@index({}\n  b Nothing Special\n}}\n", format!("{open}\n").repeat(depth)),
                nested.clone(),
            ] {
                assert!(!read(&text).is_empty());
            }
        }
    }
}

#[test]
fn nesting_that_deep_is_said_once_and_costs_one_line() {
    let deep = "[".repeat(100_000);
    let text = format!("model A {{\n  a Int @default({deep})\n  b String\n  c\n}}\n");
    assert_eq!(read(&text), ["PS0119", "PS0107"]);
}

#[test]
fn noise_is_a_few_diagnostics_and_quick() {
    let line = "8f3a-+ ~x} ]]{{ \u{3b1} \"\" @@ zz\n";
    let heaps = [
        line.repeat(30_000),
        line.repeat(60_000),
        "x\n".repeat(400_000),
        "x\n".repeat(1_000_000),
        "{\n".repeat(100_000),
        "model A {\n".repeat(50_000),
        "model A {\n}\n".repeat(50_000),
        "a {\n".repeat(100_000),
        "/*\n".repeat(100_000),
        "/*\n}\n".repeat(100_000),
        format!("model A {{\n{}", "@@x(\n".repeat(50_000)),
        format!("model A {{\n{}", "a b(\n".repeat(50_000)),
        format!("model A {{\n{}", "a = [\n".repeat(50_000)),
        format!("model A {{\n{}", "x\n".repeat(200_000)),
        "\"".repeat(500_000),
        " ".repeat(500_000),
        "(".repeat(500_000),
        "@".repeat(500_000),
        "model ".repeat(100_000),
    ];
    for heap in heaps {
        let begun = Instant::now();
        let codes = read(&heap);
        assert!(codes.len() <= 101, "{}", codes.len());
        assert!(begun.elapsed() < Duration::from_secs(30), "{:?} {:?}", &heap[..20], begun.elapsed());
    }
}

#[test]
fn what_is_too_large_is_not_read() {
    assert_eq!(read(&"x\n".repeat(syntax::MAX_FILE_BYTES / 2 + 1)), ["PS0190"]);
}

#[test]
fn spans_of_real_schemas_fit() {
    for path in corpus().iter().step_by(3) {
        read(&std::fs::read_to_string(path).unwrap());
    }
}
