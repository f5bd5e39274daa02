//! Rules of `onDelete` and `onUpdate`.

use super::caps::Caps;
use super::context::{Context, argument};
use crate::ast::Arity;
use crate::diag::{Diagnostic, Edit};
use crate::model::{Provider, ReferentialAction, RelationMode, RelationWalker};
use crate::source::Span;

mod cycle;
mod paths;

/// Those of one relation.
pub(super) fn rules(cx: &mut Context<'_, '_>, relation: RelationWalker<'_, '_>) {
    let Some(caps) = cx.caps else { return };
    let attribute = cx.field_attribute(relation.owner.field, "relation");
    for (name, action) in [("onDelete", relation.on_delete), ("onUpdate", relation.on_update)] {
        let Some(action) = action else { continue };
        let said =
            Said { name, action, at: attribute.and_then(|a| argument(a, name)).map_or(relation.span, |a| a.span) };
        it_is_one_that_the_database_has(cx, caps, said);
        nothing_required_is_set_to_null(cx, caps, relation, said);
        mysql_does_not_set_defaults(cx, caps, said);
    }
}

/// Those of all relations together.
pub(super) fn rules_of_all(cx: &mut Context<'_, '_>) {
    cycle::no_cascade_comes_back(cx);
    paths::no_row_is_reached_on_two_ways(cx);
}

/// An action that is written.
#[derive(Clone, Copy)]
struct Said {
    name: &'static str,
    action: ReferentialAction,
    at: Span,
}

/// PS0333
fn it_is_one_that_the_database_has(cx: &mut Context<'_, '_>, caps: &Caps, said: Said) {
    let mode = cx.schema.relation_mode();
    let known = caps.actions(mode);
    if known.contains(&said.action) {
        return;
    }
    let (who, why) = match mode {
        RelationMode::ForeignKeys => {
            (caps.title.to_owned(), "the database keeps its foreign keys with other actions alone")
        }
        RelationMode::Prisma if caps.provider == Provider::Mongodb => {
            (caps.title.to_owned(), "Prisma Client keeps the relations here, and does not have this action")
        }
        RelationMode::Prisma => (
            format!("{} under `relationMode = \"prisma\"`", caps.title),
            "Prisma Client stands in for foreign keys, and does not have this action",
        ),
    };
    let list = known.iter().map(|a| a.name()).collect::<Vec<_>>().join(", ");
    let d = Diagnostic::error("PS0333", format!("there is no `{}` on {who}", said.action.name()))
        .at(said.at)
        .saying("not an action here")
        .note(why);
    // Restrict and NoAction differ only in when it is looked at.
    let instead = match said.action {
        ReferentialAction::NoAction => Some(ReferentialAction::Restrict),
        ReferentialAction::Restrict => Some(ReferentialAction::NoAction),
        ReferentialAction::Cascade | ReferentialAction::SetNull | ReferentialAction::SetDefault => None,
    };
    cx.report(match instead {
        Some(instead) => d.help(format!("write `{}`, or one of: {list}", instead.name())).fix(
            format!("write `{}`", instead.name()),
            vec![Edit { span: said.at, text: format!("{}: {}", said.name, instead.name()) }],
        ),
        None => d.help(format!("one of: {list}")),
    });
}

/// PS0334: a warning on PostgreSQL, which takes it and fails when it comes to that.
fn nothing_required_is_set_to_null(
    cx: &mut Context<'_, '_>,
    caps: &Caps,
    relation: RelationWalker<'_, '_>,
    said: Said,
) {
    let Some(required) = relation.walk_fields().find(|f| f.arity == Arity::Required) else { return };
    if said.action != ReferentialAction::SetNull {
        return;
    }
    let message = format!("`{}: SetNull` would set `{}` to null, which is required", said.name, required.label());
    let taken = caps.provider == Provider::Postgresql && cx.schema.relation_mode() == RelationMode::ForeignKeys;
    let d = match taken {
        true => Diagnostic::warning("PS0334", message)
            .note("PostgreSQL takes this, and refuses the delete or update when it happens"),
        false => Diagnostic::error("PS0334", message),
    };
    cx.report(
        d.at(relation.owner_side().field.span)
            .saying("sets its fields to null")
            .label(required.span, "required")
            .help("make all of its fields optional, or choose another action, such as Cascade"),
    );
}

/// PS0335
fn mysql_does_not_set_defaults(cx: &mut Context<'_, '_>, caps: &Caps, said: Said) {
    let real = cx.schema.relation_mode() == RelationMode::ForeignKeys;
    if caps.provider != Provider::Mysql || said.action != ReferentialAction::SetDefault || !real {
        return;
    }
    cx.report(
        Diagnostic::warning("PS0335", "MySQL reads `SetDefault` and does not do it")
            .at(said.at)
            .saying("refused, or like NoAction")
            .note("InnoDB rejects tables with SET DEFAULT; https://pris.ly/d/mysql-set-default")
            .help("choose another action"),
    );
}

/// Does deleting or changing a record change the one that points at it?
fn cascades(relation: RelationWalker<'_, '_>) -> bool {
    let changes = |action| match action {
        ReferentialAction::Cascade | ReferentialAction::SetNull | ReferentialAction::SetDefault => true,
        ReferentialAction::NoAction | ReferentialAction::Restrict => false,
    };
    !relation.is_many_to_many() && (changes(relation.on_delete()) || changes(relation.on_update()))
}

/// What is not written and cascades all the same, for a message.
fn unwritten(relation: RelationWalker<'_, '_>) -> Option<String> {
    let delete = relation.on_delete.is_none() && relation.on_delete() == ReferentialAction::SetNull;
    let update = relation.on_update.is_none();
    match (delete, update) {
        (true, true) => Some("unless it says otherwise, `onDelete` is SetNull and `onUpdate` Cascade".to_owned()),
        (true, false) => Some("unless it says otherwise, `onDelete` is SetNull".to_owned()),
        (false, true) => Some("unless it says otherwise, `onUpdate` is Cascade".to_owned()),
        (false, false) => None,
    }
}

/// The relation with `NoAction` for both.
fn without_actions(cx: &Context<'_, '_>, relation: RelationWalker<'_, '_>) -> Option<Vec<Edit>> {
    let attribute = cx.field_attribute(relation.owner.field, "relation")?;
    let mut edits = Vec::new();
    let mut added = String::new();
    for name in ["onDelete", "onUpdate"] {
        match argument(attribute, name) {
            Some(argument) => edits.push(Edit { span: argument.span, text: format!("{name}: NoAction") }),
            None => added += &format!(", {name}: NoAction"),
        }
    }
    if !added.is_empty() {
        let end = attribute.span.end - 1;
        edits.push(Edit { span: Span { start: end, end, ..attribute.span }, text: added });
    }
    Some(edits)
}
