//! Blocks: models, views, types and enums as wholes.

use super::mutate::{Cx, Kind};
use prisma_stage::ast::{Block, Ident};
use prisma_stage::source::Span;

/// Names that something is wrong with, or nearly.
pub(super) const ODD_NAMES: &[&str] = &[
    "String",
    "Int",
    "BigInt",
    "DateTime",
    "Json",
    "Boolean",
    "Float",
    "Decimal",
    "Bytes",
    "Unsupported",
    "string",
    "int",
    "PrismaClient",
    "model",
    "enum",
    "type",
    "null",
    "true",
    "false",
    "async",
    "await",
    "class",
    "new",
    "return",
    "let",
    "in",
    "do",
    "void",
    "this",
    "default",
    "function",
    "Prisma",
    "Model",
    "Date",
    "_x",
    "x_",
    "1x",
    "x-y",
    "x.y",
    "x y",
    "é",
    "日本",
    "X1",
    "x",
    "__proto__",
    "dmmf",
    "OnlyOne",
    "delete",
    "const",
    "Enum",
    "constructor",
    "then",
    "undefined",
    "count",
    "AND",
    "OR",
    "NOT",
    "select",
    "include",
    "where",
    "aVeryLongNameThatIsLongerThanAnyDatabaseTakesBecauseItGoesOnAndOnUntilItsEnd",
    "Promise",
    "break",
    "with",
    "yield",
    "using",
    "static",
];

pub(super) const KINDS: &[Kind] = &[
    ("delete-block", |c| {
        let (_, span) = a_block(c)?;
        c.delete(span)
    }),
    ("double-block", |c| {
        let (_, span) = a_block(c)?;
        let text = c.text(span).to_owned();
        c.after(span, format!("\n\n{text}\n"))
    }),
    ("double-block-renamed", |c| {
        let (name, span) = a_block(c)?;
        let text = c.text(span);
        let at = (name.span.start - span.start) as usize;
        let text = format!("{}{}{}", &text[..at], "Another", &text[at + name.name.len()..]);
        c.after(span, format!("\n\n{text}\n"))
    }),
    ("rename-block", |c| {
        let (name, _) = a_block(c)?;
        let new = format!("{}X", name.name);
        c.replace(name.span, new)
    }),
    ("rename-block-as-another", |c| {
        let ((name, _), (other, _)) = (a_block(c)?, a_block(c)?);
        c.replace(name.span, other.name)
    }),
    ("block-name-odd", |c| {
        let (name, _) = a_block(c)?;
        let new = c.rng.word(ODD_NAMES);
        c.replace(name.span, new)
    }),
    ("block-keyword", |c| {
        let (name, span) = a_block(c)?;
        const KEYWORDS: &[&str] = &[
            "model",
            "enum",
            "type",
            "view",
            "datasource",
            "generator",
            "Model",
            "class",
            "table",
            "interface",
            "enumm",
            "modelmodel",
            "",
        ];
        let keyword = c.rng.word(KEYWORDS);
        c.replace(Span { end: name.span.start, ..span }, format!("{keyword} "))
    }),
    ("empty-block", |c| {
        let (name, span) = a_block(c)?;
        c.replace(Span { start: name.span.end, ..span }, " {\n}")
    }),
    ("block-without-brace", |c| {
        let (_, span) = a_block(c)?;
        c.delete(Span { start: span.end.saturating_sub(1), ..span })
    }),
    ("block-on-one-line", |c| {
        let (_, span) = a_block(c)?;
        let text = c.text(span).replace('\n', " ");
        c.replace(span, text)
    }),
    ("block-inside-block", |c| {
        let ((_, span), (_, other)) = (a_block(c)?, a_block(c)?);
        let text = c.text(span).to_owned();
        c.add_line(other, &text)
    }),
    ("model-to-view", |c| {
        let model = c.a_model()?;
        let keyword = c.rng.word(&["view", "type", "model"]);
        c.replace(Span { end: model.name.span.start, ..model.span }, format!("{keyword} "))
    }),
    ("add-block", |c| {
        const BLOCKS: &[&str] = &[
            "model New {\n  id Int @id\n}",
            "model New {\n  id String @id\n}",
            "model New {\n  a Int\n}",
            "model New {\n}",
            "model New {\n  id Int @id\n  @@map(\"users\")\n}",
            "view New {\n  id Int @unique\n}",
            "view New {\n  id Int\n}",
            "view New {\n  id Int @id\n}",
            "type New {\n  a Int\n}",
            "type New {\n}",
            "type New {\n  a New?\n}",
            "type New {\n  a New\n}",
            "enum New {\n  A\n}",
            "enum New {\n}",
            "enum New {\n  A\n  A\n}",
            "enum New {\n  A @map(\"a\")\n  B @map(\"a\")\n}",
            "model New {\n  id Int @id\n  a Int @unique\n  @@unique([a])\n}",
            "model New {\n  id Int? @id\n}",
            "model New {\n  id Int[] @id\n}",
            "model New {\n  a Int? @unique\n}",
            "model New {\n  a Int @unique\n  @@ignore\n}",
            "model New {\n  a Int\n  @@ignore\n}",
            "model New {\n  id Json @id\n}",
            "model New {\n  id Bytes @id\n}",
            "model New {\n  id Float @id\n}",
            "model New {\n  id DateTime @id @default(now())\n}",
            "model New {\n  id Boolean @id\n}",
            "model New {\n  id Unsupported(\"x\") @id\n}",
            "model New {\n  id Decimal @id\n}",
            "model New {\n  id BigInt @id @default(autoincrement())\n}",
            "model New {\n  a Int\n  b Int\n  @@id([a, b])\n}",
            "model New {\n  a Int?\n  b Int\n  @@id([a, b])\n}",
            "model New {\n  a Int?\n  b Int\n  @@unique([a, b])\n}",
        ];
        let (_, span) = a_block(c)?;
        let block = c.rng.word(BLOCKS);
        c.after(span, format!("\n\n{block}\n"))
    }),
];

/// A block that is no datasource and no generator.
fn a_block<'a>(c: &mut Cx<'a>) -> Option<(Ident<'a>, Span)> {
    let blocks = c.blocks().iter().filter_map(|block| match block {
        Block::Datasource(_) | Block::Generator(_) => None,
        Block::Model(model) => Some((model.name, model.span)),
        Block::Enum(item) => Some((item.name, item.span)),
    });
    let blocks: Vec<_> = blocks.collect();
    c.rng.pick(&blocks).copied()
}
