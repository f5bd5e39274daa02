//! Rules of names.

use super::context::Context;
use crate::ast::{self, Block, Ident, ModelKind};
use crate::diag::{Diagnostic, Edit};
use crate::model::Scalar;
use foldhash::HashMap;

/// All of them.
pub(super) fn rules(cx: &mut Context<'_, '_>, ast: &ast::Schema<'_>) {
    for block in &ast.blocks {
        let (what, name) = match block {
            Block::Datasource(config) => ("a datasource", config.name),
            Block::Generator(config) => ("a generator", config.name),
            Block::Enum(item) => ("an enum", item.name),
            Block::Model(model) => match model.kind {
                ModelKind::Model => ("a model", model.name),
                ModelKind::View => ("a view", model.name),
                ModelKind::Composite => ("a composite type", model.name),
            },
        };
        scalars_keep_their_names(cx, what, name);
        if matches!(what, "a model" | "a view" | "an enum") {
            words_of_the_client_are_no_names(cx, what, name);
        }
    }
    enums_have_different_names_in_the_database(cx);
}

/// PS0220
fn scalars_keep_their_names(cx: &mut Context<'_, '_>, what: &str, name: Ident<'_>) {
    if Scalar::parse(name.name).is_none() {
        return;
    }
    cx.report(
        Diagnostic::error(
            "PS0220",
            format!("`{}` is the name of a scalar type, and cannot be that of {what}", name.name),
        )
        .at(name.span)
        .saying("a scalar type")
        .note("a field of this type would be read as the scalar")
        .help("give it another name; `@@map` keeps its name in the database"),
    );
}

/// PS0227
fn words_of_the_client_are_no_names(cx: &mut Context<'_, '_>, what: &str, name: Ident<'_>) {
    if RESERVED.binary_search(&name.name).is_err() {
        return;
    }
    let other = format!("{}{}", name.name[..1].to_uppercase(), &name.name[1..]);
    let diagnostic =
        Diagnostic::error("PS0227", format!("`{}` is a reserved word, and cannot be the name of {what}", name.name))
            .at(name.span)
            .saying("a word of JavaScript, or of Prisma Client itself")
            .note("Prisma Client has a TypeScript type of the name of each model, view and enum");
    let renamed = other != name.name && RESERVED.binary_search(&other.as_str()).is_err();
    cx.report(if renamed {
        let map = format!("and `@@map(\"{}\")`, if it has a table or type of that name", name.name);
        diagnostic
            .help(format!("name it `{other}`, {map}"))
            .fix(format!("name it `{other}`"), vec![Edit { span: name.span, text: other }])
    } else {
        diagnostic.help("give it another name; `@@map` keeps its name in the database")
    });
}

/// PS0228
fn enums_have_different_names_in_the_database(cx: &mut Context<'_, '_>) {
    if cx.schema.walk_enums().all(|e| e.map.is_none()) {
        return;
    }
    let schema = cx.schema;
    let mut seen: HashMap<(Option<&str>, &str), Ident<'_>> = HashMap::default();
    for item in schema.walk_enums() {
        let item = item.get();
        let namespace = item.schema.as_ref().map(|s| &*s.value);
        let Some(first) = seen.insert((namespace, item.database_name()), item.name) else { continue };
        let message = format!("two enums are \"{}\" in the database", item.database_name());
        cx.report(
            Diagnostic::error("PS0228", message)
                .at(item.name.span)
                .saying(format!("`{}` is", item.name.name))
                .label(item.map.as_ref().map(|m| m.span), "by this name")
                .label(first.span, format!("`{}` is as well", first.name))
                .help("give one of them another name with `@@map`"),
        );
    }
}

/// Words of JavaScript that Prisma Client cannot use as names of types, in order.
const RESERVED: [&str; 48] = [
    "PrismaClient",
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "using",
    "var",
    "void",
    "while",
    "with",
    "yield",
];
