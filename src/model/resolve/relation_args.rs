//! What `@relation` says.

use super::args::Args;
use super::{Resolver, messages};
use crate::ast::{Attribute, Expr, Ident, Str};
use crate::diag::Diagnostics;
use crate::model::ReferentialAction;
use crate::source::Span;

/// What `@relation` said.
pub(super) struct RelationArgs<'s> {
    pub(super) name: Option<Str<'s>>,
    pub(super) fields: Option<Vec<Ident<'s>>>,
    pub(super) references: Option<Vec<Ident<'s>>>,
    pub(super) on_delete: Option<(ReferentialAction, Span)>,
    pub(super) on_update: Option<(ReferentialAction, Span)>,
    pub(super) map: Option<Str<'s>>,
    pub(super) span: Span,
}

impl RelationArgs<'_> {
    /// Nothing: there is no attribute.
    pub(super) fn none(span: Span) -> Self {
        RelationArgs { name: None, fields: None, references: None, on_delete: None, on_update: None, map: None, span }
    }

    pub(super) fn holds_key(&self) -> bool {
        self.fields.is_some() || self.references.is_some()
    }
}

impl<'s> Resolver<'s> {
    /// Reads `@relation(…)`.
    pub(super) fn relation_attribute(&mut self, attribute: &Attribute<'s>) -> RelationArgs<'s> {
        let d = &mut self.diagnostics;
        let mut args = Args::of("@relation", attribute);
        let (name, map) = (args.first("name"), args.named("map"));
        let (fields, references) = (args.named("fields"), args.named("references"));
        let (on_delete, on_update) = (args.named("onDelete"), args.named("onUpdate"));
        let found = RelationArgs {
            name: args.string(name, "name", d),
            fields: fields.map(|f| names(&args, "fields", f, d)),
            references: references.map(|r| names(&args, "references", r, d)),
            on_delete: action(&args, "onDelete", on_delete, d),
            on_update: action(&args, "onUpdate", on_update, d),
            map: args.string(map, "map", d),
            span: attribute.span,
        };
        args.finish(&["name", "fields", "references", "onDelete", "onUpdate", "map"], d);
        for (what, name) in [("the name of a relation", &found.name), ("the name of a foreign key", &found.map)] {
            if let Some(name) = name.as_ref().filter(|n| n.value.is_empty()) {
                d.push(messages::empty_name(what, name.span));
            }
        }
        found
    }
}

fn names<'s>(args: &Args<'_, 's>, name: &str, value: &Expr<'s>, d: &mut Diagnostics) -> Vec<Ident<'s>> {
    let mut found = Vec::new();
    for item in Args::list(value) {
        match item {
            Expr::Constant(name) => found.push(*name),
            other => args.bad(name, "a list of fields", other.span(), d),
        }
    }
    found
}

fn action<'a, 's>(
    args: &Args<'a, 's>,
    name: &str,
    value: Option<&'a Expr<'s>>,
    d: &mut Diagnostics,
) -> Option<(ReferentialAction, Span)> {
    let word = args.word(value, name, d)?;
    let action = ReferentialAction::parse(word.name);
    if action.is_none() {
        d.push(messages::unknown_action(word, &ReferentialAction::ALL.map(ReferentialAction::name)));
    }
    action.map(|a| (a, word.span))
}
