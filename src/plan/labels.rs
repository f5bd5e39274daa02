//! Which labels of enums rows may hold, as a plan goes on.

use crate::catalog::{Catalog, ColumnId, EnumId, Expr, Literal, Trigger, TriggerRule};
use crate::op::{Fact, Op};
use foldhash::{HashMap, HashSet};

/// What rows may hold.
#[derive(Clone, Debug, std::default::Default)]
pub struct Labels {
    /// By enum: those that OLD had, and what became of them. What a plan adds nobody has written yet.
    held: HashMap<EnumId, HashSet<String>>,
    /// By column: those that no row holds any more, as was looked up, and that nobody can write.
    gone: HashMap<ColumnId, HashSet<String>>,
    /// By column: those that a trigger turns into others.
    turned: HashMap<ColumnId, HashSet<String>>,
    /// By column: those that the plan itself writes, where a row has no value.
    written: HashMap<ColumnId, HashSet<String>>,
    /// The label that a value had in OLD, by enum and the label that it has now.
    from: HashMap<(EnumId, String), String>,
}

impl Labels {
    /// At the beginning.
    pub fn of(old: &Catalog) -> Self {
        let held = old.enums.iter().map(|(id, e)| (*id, e.values.iter().cloned().collect()));
        Labels { held: held.collect(), ..Labels::default() }
    }

    /// What an op does to that.
    pub fn after(&mut self, op: &Op) {
        match op {
            Op::RenameEnumValue { on, from, to } => {
                let origin = self.from.remove(&(*on, from.clone())).unwrap_or_else(|| from.clone());
                self.from.insert((*on, to.clone()), origin);
                let held = self.held.entry(*on).or_default();
                if held.remove(from) {
                    held.insert(to.clone());
                }
            }
            Op::CreateTrigger(_, trigger) => self.after_trigger(trigger),
            Op::Backfill(fill) | Op::BackfillAtOnce(fill) => {
                fill.work.targets().for_each(|(column, value)| self.after_fill(column, &value));
            }
            Op::Redefine(there) => {
                for (_, column, value) in &there.values {
                    self.after_value(*column, value);
                    self.after_fill(*column, value);
                }
            }
            Op::Assert(Fact::Without { column, labels, .. }) => {
                self.gone.entry(*column).or_default().extend(labels.iter().cloned());
            }
            _ => {}
        }
    }

    /// A column of an enum that is made anew holds what the old one does, mapped.
    fn after_trigger(&mut self, trigger: &Trigger) {
        for rule in &trigger.rules {
            let values: Vec<(&ColumnId, &Expr)> = match rule {
                TriggerRule::Compute { column, value } => vec![(column, value)],
                TriggerRule::Sync(sync) => sync.forth.iter().map(|(column, value)| (column, value)).collect(),
                TriggerRule::Map { mapping, .. } => {
                    mapping.forward.iter().map(|(column, value)| (column, value)).collect()
                }
                TriggerRule::Fill { column, value } | TriggerRule::Give { column, value } => {
                    self.after_fill(*column, value);
                    Vec::new()
                }
                TriggerRule::Mirror { .. }
                | TriggerRule::Follow(_)
                | TriggerRule::Across { .. }
                | TriggerRule::Carry { .. } => Vec::new(),
            };
            for (column, value) in values {
                self.after_value(*column, value);
            }
        }
    }

    /// Has a value another label than in OLD?
    pub fn is_relabelled(&self, of: EnumId) -> bool {
        self.from.iter().any(|((e, now), was)| *e == of && now != was)
    }

    /// The label in OLD of the value that has this one now.
    pub fn came_from(&self, of: EnumId, label: &str) -> String {
        self.from.get(&(of, label.to_owned())).cloned().unwrap_or_else(|| label.to_owned())
    }

    fn after_fill(&mut self, column: ColumnId, value: &Expr) {
        let labels = value.labels();
        if !labels.is_empty() {
            self.written.entry(column).or_default().extend(labels.into_iter().map(str::to_owned));
        }
    }

    fn after_value(&mut self, column: ColumnId, value: &Expr) {
        if let Expr::Cast { to, fallback: Some(other), .. } = value
            && let (Some(to), Expr::Literal(Literal::Enum(label))) = (to.enum_id(), &**other)
        {
            self.held.entry(to).or_default().insert(label.clone());
        }
        let Some((to, labels)) = remapped(value) else { return };
        if value.reads(column) {
            self.turned.entry(column).or_default().extend(labels.iter().map(|(from, _)| from.clone()));
        }
        let target = self.held.entry(to).or_default();
        target.extend(labels.iter().map(|(_, to)| to.clone()));
    }

    /// May rows hold this label in a column of the enum?
    pub fn may_hold(&self, column: ColumnId, of: EnumId, label: &str) -> bool {
        let written = self.written.get(&column).is_some_and(|written| written.contains(label));
        (written || self.held.get(&of).is_some_and(|held| held.contains(label))) && !self.is_gone(column, label)
    }

    /// Does a write of it become another, or is it refused?
    pub fn is_lost(&self, column: ColumnId, label: &str) -> bool {
        self.is_gone(column, label) || self.turned.get(&column).is_some_and(|turned| turned.contains(label))
    }

    /// Is it known that no row holds it, and that nobody can write it?
    pub fn is_gone(&self, column: ColumnId, label: &str) -> bool {
        self.gone.get(&column).is_some_and(|gone| gone.contains(label))
    }
}

fn remapped(value: &Expr) -> Option<(EnumId, &[(String, String)])> {
    match value {
        Expr::Remap { to, labels, .. } => Some((to.enum_id()?, labels)),
        Expr::Coalesce(all) => all.iter().find_map(remapped),
        Expr::Column(_)
        | Expr::Literal(_)
        | Expr::Default(_)
        | Expr::Sql(_)
        | Expr::Cast { .. }
        | Expr::Lookup { .. }
        | Expr::Derived(_)
        | Expr::Uuid
        | Expr::Now => None,
    }
}
