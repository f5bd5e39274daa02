//! Is a schema one that Prisma takes? The rules, a page of contents a construct.
//!
//! [`resolve`](crate::model::resolve) says what a schema means; what is said here is whether it may. A rule is a function
//! named as the sentence it enforces, in the file of its construct, whose first function lists them. What differs between
//! databases is in [`caps`]: a rule asks what a database can do, not which it is. Rules look at what could be resolved; what
//! could not has its diagnostic already. Each looks once at what it is about, so the cost is linear.

use crate::ast::{self, ModelKind};
use crate::diag::{Diagnostic, Diagnostics};
use crate::model::{self, Schema};
use crate::source::{SchemaFiles, Sources};
use crate::syntax;
use context::Context;

pub mod caps;
mod composite;
mod constraint_name;
mod context;
mod datasource;
mod default;
mod enumeration;
mod field;
mod generator;
mod key;
mod model_block;
mod name;
mod namespace;
mod native_type;
mod referential_action;
mod relation;
mod scalar;
mod shard_key;
mod table_name;
mod view;

/// A schema that was read, understood and held against the rules.
#[derive(Debug, Default)]
pub struct Checked<'s> {
    /// What was written.
    pub ast: ast::Schema<'s>,
    /// What it means, as far as it was understood.
    pub schema: Schema<'s>,
    /// What is wrong with it, and what Prisma warns of, by place.
    pub diagnostics: Diagnostics,
}

/// Reads a schema and holds it against all rules.
pub fn check<'s>(sources: &'s Sources, files: &SchemaFiles) -> Checked<'s> {
    let (ast, diagnostics) = syntax::parse(sources, files);
    check_parsed(ast, diagnostics)
}

/// Holds what was read, with what there is to say about it already, against all rules.
pub fn check_parsed<'s>(ast: ast::Schema<'s>, mut diagnostics: Diagnostics) -> Checked<'s> {
    // Of what is no schema at all, that is all there is to say.
    if ast.blocks.is_empty() && diagnostics.has_errors() {
        return Checked { ast, schema: Schema::default(), diagnostics };
    }
    let (schema, mut found) = model::resolve(&ast);
    let mut broken = validate(&ast, &schema, &diagnostics);
    if diagnostics.iter().any(|d| matches!(d.code, "PS0103" | "PS0104" | "PS0105")) {
        // Where a block ends that is not closed is a guess, and no place to put a line.
        found.forget_insertions();
        broken.forget_insertions();
    }
    diagnostics.append(found);
    diagnostics.append(broken);
    diagnostics.sort();
    bound(&mut diagnostics);
    Checked { ast, schema, diagnostics }
}

/// So many findings in a schema are worth a reader's time, and a program's; the rest is counted.
const MAX_FINDINGS: usize = 1_000;

/// Leaves the first thousand, and says how many more there are.
fn bound(diagnostics: &mut Diagnostics) {
    let Some((place, more, wrong)) = diagnostics.keep(MAX_FINDINGS) else { return };
    let text = format!("and {more} more in this schema");
    let last = if wrong { Diagnostic::error("PS0198", text) } else { Diagnostic::warning("PS0198", text) };
    diagnostics
        .push(last.at(place).note("nothing is said of them here").help("mend what is above first, and check again"));
}

/// Holds what was written and what it means against all rules; `read` is what was found while reading.
pub fn validate<'s>(ast: &ast::Schema<'s>, schema: &Schema<'s>, read: &Diagnostics) -> Diagnostics {
    let mut cx = Context::new(ast, schema, read);
    datasource::rules(&mut cx, ast);
    generator::rules(&mut cx, ast);
    name::rules(&mut cx, ast);
    for item in schema.walk_enums() {
        enumeration::rules(&mut cx, item);
    }
    for model in schema.walk_all() {
        match model.kind {
            ModelKind::Model => model_block::rules(&mut cx, model),
            ModelKind::View => view::rules(&mut cx, model),
            ModelKind::Composite => composite::rules(&mut cx, model),
        }
        default::of_a_model(&mut cx, model);
        shard_key::rules(&mut cx, model);
        for field in model.walk_fields() {
            field::rules(&mut cx, field);
            scalar::rules(&mut cx, field);
            native_type::rules(&mut cx, field);
            default::rules(&mut cx, field);
        }
        for key in model.get().id.iter().chain(&model.get().keys) {
            key::rules(&mut cx, model, key);
        }
        key::rules_of_model(&mut cx, model);
        constraint_name::rules_of_model(&mut cx, model);
    }
    for relation in schema.walk_relations() {
        relation::rules(&mut cx, relation);
        referential_action::rules(&mut cx, relation);
    }
    composite::rules_of_all(&mut cx);
    referential_action::rules_of_all(&mut cx);
    constraint_name::rules(&mut cx);
    table_name::rules(&mut cx);
    namespace::rules(&mut cx);
    cx.found.sort();
    cx.found
}
