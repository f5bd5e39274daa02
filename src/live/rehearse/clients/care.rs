//! Where a client has to be careful: what the plan says, table by table.

use super::Side;
use super::belief::{Field, Model};
use super::world::World;

/// What a plan says to the clients that run with care.
#[derive(Clone, Copy)]
pub(super) struct Care<'r> {
    /// It was decided that rows which break NEW's rules go, or promised that there are none: then nobody writes any.
    pub(super) always: bool,
    /// The reasons; a table that none of them names is written as ever.
    pub(super) reasons: &'r [&'r String],
}

impl<'r> Care<'r> {
    /// Is only what both clients permit to be written to this table? A row of one may need a row of another first, so that is
    /// asked of each.
    pub(super) fn of(self, world: &World, model: &Model) -> bool {
        self.always || self.reasons.iter().any(|reason| names(world, model, reason))
    }

    /// The labels that, as the plan says, are not to be written to a field now.
    pub(super) fn avoided(self, model: &Model, field: &Field) -> Vec<&'r str> {
        let name = format!("{}.{} ", model.name.1, field.name);
        let said = self.reasons.iter().filter_map(|reason| reason.strip_prefix(&name));
        let lists = said.filter_map(|rest| {
            let cannot = rest.strip_prefix("cannot hold ").and_then(|rest| rest.split_once(" here"));
            let does_not = || rest.strip_prefix("does not keep ").and_then(|rest| rest.split_once(':'));
            cannot.or_else(does_not).map(|(labels, _)| labels)
        });
        lists.flat_map(|labels| labels.split(", ")).collect()
    }

    /// Does the plan say that NULL is not to be written to a field now?
    pub(super) fn forbids_null(self, model: &Model, field: &Field) -> bool {
        let said = format!("writes of NULL to {}.{} are refused", model.name.1, field.name);
        self.reasons.iter().any(|reason| **reason == said)
    }
}

/// Does a reason speak of a table, by either of its names?
pub(super) fn names(world: &World, model: &Model, reason: &str) -> bool {
    let models = Side::BOTH.into_iter().filter_map(|side| world.model(side, model.id));
    models.map(|model| model.name.1.as_str()).any(|name| reason.contains(name))
}
