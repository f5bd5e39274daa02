//! What the steps of changes say of values, rows and facts, heard op by op: the catalogs say the rest.

use super::in_old;
use crate::catalog::{Catalog, Column, ColumnId, ColumnType, Default, EnumId, Expr, Literal, Mapping, Synced, TableId};
use crate::change::Step;
use crate::diff::Matched;
use crate::op::{Backfill, Fact, Impossible, Loss, Op, Work};
use crate::stage::{Hazard, StageKind};
use foldhash::HashMap;
use indexmap::IndexMap;

/// Where values come from.
pub type Values = Vec<(TableId, ColumnId, Expr)>;

/// Labels and what they become.
type Labels = Vec<(String, String)>;

/// What the steps say.
#[derive(std::default::Default)]
pub struct Said {
    /// What columns of NEW hold, over those of OLD.
    pub forth: Values,
    /// What columns of OLD hold, over those of NEW.
    pub back: Values,
    /// What columns of OLD hold in rows that have nothing there, on the way back.
    pub refills: Values,
    /// Rows that go or are unlinked first.
    pub rows: Vec<Backfill>,
    /// What has to be so.
    pub facts: Vec<Fact>,
    /// What may go wrong.
    pub hazards: Vec<Hazard>,
    /// What going back does not give back.
    pub losses: Vec<Loss>,
    /// Columns that have a default for a while.
    pub helped: HashMap<ColumnId, Column>,
    labels: IndexMap<EnumId, Labels>,
}

impl Said {
    /// Listens to all steps.
    ///
    /// # Errors
    /// A step says what cannot be done at once, which its change should have known.
    pub fn of(matched: &Matched, steps: &[Step]) -> Result<Self, Impossible> {
        let mut said: Said = std::default::Default::default();
        for step in steps {
            for op in &step.ops {
                said.hear(matched, step.stage, op)?;
            }
            for op in step.back.iter().flatten() {
                said.hear_back(op)?;
            }
            said.facts.extend(step.before.iter().cloned());
            said.losses.extend(step.losses.iter().cloned());
            // Of prepared statements, replication and indexes beside running work there is nothing to fear here.
            let of_rows = |h: &&Hazard| h.code.starts_with("H2") || h.code.starts_with("H3");
            said.hazards.extend(step.hazards.iter().filter(of_rows).cloned());
        }
        said.relabel(matched)?;
        Ok(said)
    }

    fn hear(&mut self, matched: &Matched, stage: StageKind, op: &Op) -> Result<(), Impossible> {
        match op {
            Op::Backfill(fill) | Op::BackfillAtOnce(fill) => self.hear_work(matched, fill)?,
            Op::Convert { on, id, value, .. } => self.set(*on, *id, value.clone()),
            Op::RenameEnumValue { on, from, to } => follow_label(self.labels.entry(*on).or_default(), from, to),
            Op::AddColumn { id, column, .. } if stage == StageKind::Expand && column.default.is_some() => {
                self.helped.insert(*id, (**column).clone());
            }
            Op::Assert(fact) => self.facts.push(fact.clone()),
            Op::Redefine(_) => return Err(Impossible("a change asks for what is made of all changes".to_owned())),
            // The catalogs say it.
            Op::AddColumn { .. }
            | Op::CreateNamespace(_)
            | Op::DropNamespace(_)
            | Op::CreateExtension(_)
            | Op::DropExtension(_)
            | Op::CreateEnum(..)
            | Op::DropEnum(_)
            | Op::AddEnumValue { .. }
            | Op::ForgetEnumValue { .. }
            | Op::RenameEnum { .. }
            | Op::CreateTable(..)
            | Op::DropTable(_)
            | Op::RenameTable { .. }
            | Op::DropColumn { .. }
            | Op::RenameColumn { .. }
            | Op::SetNotNull { .. }
            | Op::DropNotNull { .. }
            | Op::SetDefault { .. }
            | Op::MoveSequence { .. }
            | Op::Retype { .. }
            | Op::CreateIndex { .. }
            | Op::DropIndex { .. }
            | Op::RenameIndex { .. }
            | Op::ChangePrimaryKey { .. }
            | Op::RenamePrimaryKey { .. }
            | Op::AddForeignKey { .. }
            | Op::ValidateForeignKey { .. }
            | Op::DropForeignKey { .. }
            | Op::ReplaceForeignKey { .. }
            | Op::RenameForeignKey { .. } => {}
            // Of the time in which both clients write. What a trigger keeps the same, a backfill brings to the rows that exist.
            Op::AddCheck { .. }
            | Op::ValidateCheck { .. }
            | Op::DropCheck { .. }
            | Op::CreateView(..)
            | Op::DropView(_)
            | Op::CreateTrigger(..)
            | Op::DropTrigger(_)
            | Op::BeginOnce { .. }
            | Op::EndOnce { .. }
            | Op::OpenBookkeeping
            | Op::CloseBookkeeping
            | Op::OpenReading
            | Op::CloseReading
            | Op::Analyze(_) => {}
        }
        Ok(())
    }

    fn hear_work(&mut self, matched: &Matched, fill: &Backfill) -> Result<(), Impossible> {
        let on = fill.table;
        match &fill.work {
            // The column's own default does it.
            Work::Fill { value: Expr::Default(value), column }
                if !in_old(matched, on, *column)
                    && matched.catalogs.new.column(on, *column).is_some_and(|c| c.default.as_ref() == Some(value)) => {}
            Work::Fill { column, value } if in_old(matched, on, *column) => {
                let own = self.value(on, *column).unwrap_or(Expr::Column(*column));
                self.set(on, *column, Expr::Coalesce(vec![own, value.clone()]));
            }
            Work::Fill { column, value } => self.set(on, *column, value.clone()),
            Work::Copy { old, new } => {
                let value = self.value(on, *old).unwrap_or(Expr::Column(*old));
                self.set(on, *new, value);
            }
            Work::Convert { to, value, .. } | Work::Sync { to, value } => self.set(on, *to, value.clone()),
            Work::Map(mapping) => mapping.forward.iter().for_each(|(to, value)| self.set(on, *to, value.clone())),
            Work::MapBack(mapping) => self.give_back(on, mapping),
            Work::Return(sync) => self.follow(on, sync),
            // Done as it is said (`crossing`).
            Work::Carry { .. } | Work::Across { .. } => {}
            Work::KeepFirst { .. } | Work::KeepFirstOf { .. } | Work::ClearOrphans { .. } => {
                self.rows.push(fill.clone());
            }
            Work::Together(all) => {
                for work in all {
                    self.hear_work(matched, &Backfill { work: work.clone(), ..fill.clone() })?;
                }
            }
        }
        Ok(())
    }

    /// Of a way back only what becomes of values: its shape is that of the catalogs.
    fn hear_back(&mut self, op: &Op) -> Result<(), Impossible> {
        let (Op::Backfill(fill) | Op::BackfillAtOnce(fill)) = op else { return Ok(()) };
        let on = fill.table;
        match &fill.work {
            Work::Sync { to, value } => self.set_back(on, *to, value.clone()),
            Work::MapBack(mapping) => self.give_back(on, mapping),
            Work::Return(sync) => self.follow(on, sync),
            Work::Carry { .. } | Work::Across { .. } => {}
            Work::Together(all) => {
                for work in all {
                    self.hear_back(&Op::Backfill(Backfill { work: work.clone(), ..fill.clone() }))?;
                }
            }
            // Where the old column is gone for good this is a placeholder, which is found without it.
            Work::Fill { column, value } => self.refills.push((on, *column, value.clone())),
            Work::Copy { .. }
            | Work::Convert { .. }
            | Work::Map(_)
            | Work::KeepFirst { .. }
            | Work::KeepFirstOf { .. }
            | Work::ClearOrphans { .. } => {}
        }
        Ok(())
    }

    /// The old columns of a mapping become what the new ones say.
    fn give_back(&mut self, on: TableId, mapping: &Mapping) {
        for (column, value) in &mapping.backward {
            self.set_back(on, *column, value.clone());
        }
    }

    /// Old columns become what new ones say, as far as they say it.
    fn follow(&mut self, on: TableId, sync: &Synced) {
        for (column, value) in &sync.back {
            if let Some(value) = value {
                self.set_back(on, *column, value.clone());
            }
        }
    }

    fn value(&self, on: TableId, column: ColumnId) -> Option<Expr> {
        self.forth.iter().find(|v| (v.0, v.1) == (on, column)).map(|v| v.2.clone())
    }

    /// Where a column does not come early with a default for a while, the rows that exist get that default as a value.
    pub fn give_helped(&mut self, new: &Catalog, middle: &Catalog) {
        for (on, table) in &new.tables {
            for (id, _) in table.columns.iter().filter(|(_, c)| c.default.is_none()) {
                let default = self.helped.get(id).and_then(|helped| helped.default.clone());
                if let Some(default) =
                    default.filter(|_| self.value(*on, *id).is_none() && middle.column(*on, *id).is_none())
                {
                    self.set(*on, *id, Expr::Default(default));
                }
            }
        }
    }

    /// What a column holds in the end.
    pub fn set(&mut self, on: TableId, column: ColumnId, value: Expr) {
        self.forth.retain(|v| (v.0, v.1) != (on, column));
        self.forth.push((on, column, value));
    }

    fn set_back(&mut self, on: TableId, column: ColumnId, value: Expr) {
        self.back.retain(|v| (v.0, v.1) != (on, column));
        self.back.push((on, column, value));
    }

    /// Values of enums get other labels: rows do not follow by themselves here.
    fn relabel(&mut self, matched: &Matched) -> Result<(), Impossible> {
        for (of, forth) in std::mem::take(&mut self.labels) {
            let back: Labels = forth.iter().map(|(from, to)| (to.clone(), from.clone())).collect();
            for (catalog, other, values, labels) in [
                (&matched.catalogs.new, &matched.catalogs.old, &mut self.forth, &forth),
                (&matched.catalogs.old, &matched.catalogs.new, &mut self.back, &back),
            ] {
                for (on, table) in &catalog.tables {
                    for (id, column) in table.columns.iter().filter(|(_, c)| c.ty.enum_id() == Some(of)) {
                        match values.iter_mut().find(|v| (v.0, v.1) == (*on, *id)) {
                            Some((_, _, value)) => relabelled(value, &column.ty, labels)?,
                            None if other.column(*on, *id).is_some() => {
                                let value = Expr::Remap { column: *id, to: column.ty.clone(), labels: labels.clone() };
                                values.push((*on, *id, value));
                            }
                            None => {}
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

/// One label more that another becomes, after those before it.
fn follow_label(labels: &mut Labels, from: &str, to: &str) {
    match labels.iter_mut().find(|(_, now)| now == from) {
        Some((_, now)) => to.clone_into(now),
        None => labels.push((from.to_owned(), to.to_owned())),
    }
}

/// A value whose labels are others.
fn relabelled(value: &mut Expr, ty: &ColumnType, labels: &Labels) -> Result<(), Impossible> {
    let becomes = |label: &str| labels.iter().find(|(from, _)| from == label).map(|(_, to)| to.clone());
    match value {
        Expr::Column(column) => *value = Expr::Remap { column: *column, to: ty.clone(), labels: labels.clone() },
        Expr::Remap { labels: own, .. } => {
            for (_, now) in own.iter_mut() {
                *now = becomes(now).unwrap_or_else(|| now.clone());
            }
            own.extend(
                labels
                    .iter()
                    .filter(|(from, _)| !own.iter().any(|(known, _)| known == from))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
        }
        Expr::Literal(Literal::Enum(label)) | Expr::Default(Default::Literal(Literal::Enum(label))) => {
            *label = becomes(label).unwrap_or_else(|| label.clone());
        }
        Expr::Coalesce(all) => all.iter_mut().try_for_each(|each| relabelled(each, ty, labels))?,
        Expr::Cast { .. } | Expr::Lookup { .. } => {
            return Err(Impossible(
                "values of an enum get other labels, and are made of another type, at once".to_owned(),
            ));
        }
        // What somebody wrote speaks of NEW.
        Expr::Sql(_) | Expr::Literal(_) | Expr::Default(_) | Expr::Derived(_) | Expr::Uuid | Expr::Now => {}
    }
    Ok(())
}
