//! What a client makes of a column of another type than it expects.

use super::{Dotted, Found, Judge};
use crate::catalog::{
    BaseType, Catalog, ClientDefault, Column, ColumnId, ColumnType, Default, EnumId, Expr, Literal, TableId,
};
use crate::dialect::{Enums, Works};
use crate::op::Run;
use crate::stage::{Generation, Verdict};

impl Judge<'_> {
    /// One column seen from both sides: what the client expects, what is there, and what was there before the plan.
    pub(super) fn judge_type(
        &self,
        name: &Dotted,
        (column, at): (&Column, ColumnId),
        there: &Column,
        was: Option<&Column>,
        run: &Run,
        found: &mut Found,
    ) {
        let enums = column.ty.enum_id().zip(there.ty.enum_id()).filter(|_| column.ty.list == there.ty.list);
        if let Some((own, real)) = enums {
            return self.judge_enum(&name.to_string(), own, (at, real), run, found);
        }
        if !self.client.dialect.guards_enums() && column.ty.is_text() && there.ty.enum_id().is_some() {
            let what = format!(
                "{name} is an enum to other clients: they fail on rows that hold none of its values, and it must not write that"
            );
            found.push((Verdict::WithCare, what));
        }
        let held_text = || was.is_some_and(|was| was.ty.enum_id().is_none());
        match self.client.dialect.works(&column.ty, &there.ty) {
            Works::Fully if self.client.dialect.narrower(&column.ty, &there.ty) => {
                let what = format!("{name} is narrower here: values that do not fit are refused or rounded");
                found.push((Verdict::WithCare, what));
                if let Some(value) = stray_default(column, there, &run.catalog) {
                    let what = format!(
                        "{name} has to be given here: a create that leaves it out sends {value:?}, which is none of its values"
                    );
                    found.push((Verdict::WithCare, what));
                }
            }
            Works::Fully if !self.client.dialect.reads_all(&column.ty, &there.ty) => {
                self.judge_unread(&name.to_string(), column, there, was, run, found);
            }
            Works::Fully => {}
            Works::ReadsOnly if column.ty.enum_id().is_some() && held_text() => found.push((
                Verdict::MustNotRun,
                format!("{name} is text here, and rows may hold what is none of the enum's values"),
            )),
            Works::ReadsOnly => found.push((
                Verdict::ReadsOnly,
                format!("{name} is of another type here: reads work, some writes and filters fail"),
            )),
            Works::Not => found.push((Verdict::MustNotRun, format!("{name} is of a type here that it cannot read"))),
        }
        let uuid = |ty: &ColumnType| !ty.list && matches!(&ty.base, BaseType::Native { name, .. } if name == "UUID");
        if uuid(&there.ty) && column.ty.is_text() && column.client_default != Some(ClientDefault::Uuid) {
            found.push((Verdict::WithCare, format!("{name} takes nothing but UUIDs here: other text is refused")));
        }
    }

    /// A column that holds values which the client cannot read, or may soon.
    fn judge_unread(
        &self,
        name: &str,
        column: &Column,
        there: &Column,
        was: Option<&Column>,
        run: &Run,
        found: &mut Found,
    ) {
        let dialect = self.client.dialect;
        let (own, real) =
            (dialect.type_name(self.client.believes, &column.ty), dialect.type_name(&run.catalog, &there.ty));
        if !was.is_some_and(|was| was.ty == there.ty) {
            found.push_exposed(format!(
                "reading {name}, which is {real} here, fails on values that do not fit {own}: nobody may write these while this client runs"
            ));
        } else {
            let what = format!("{name} is {real} here, and reading it fails on values that do not fit {own}");
            found.push((Verdict::MustNotRun, what));
        }
    }

    /// Is it computed from a column without NULL, so that it has none either?
    pub(super) fn never_null(&self, on: TableId, value: &Expr, run: &Run) -> bool {
        let Expr::Cast { column, to, fallback } = value else { return false };
        let Some(from) = run.catalog.column(on, *column) else { return false };
        // A JSON null has no value in another type.
        let json = matches!(&from.ty.base, BaseType::Native { name, .. } if ["JSON", "JSONB"].contains(&&**name));
        let cast = || self.client.dialect.cast(&run.catalog, &from.ty, to, "x");
        !from.nullable && !json && (fallback.is_some() || cast().is_some_and(|cast| cast.total))
    }

    /// Enum against enum: clients write and filter by the name of the type, and read labels that they know.
    fn judge_enum(&self, name: &str, own: EnumId, (at, real): (ColumnId, EnumId), run: &Run, found: &mut Found) {
        let (Some(own), Some(there)) = (self.client.believes.enums.get(&own), run.catalog.enums.get(&real)) else {
            return;
        };
        if own.name != there.name && self.client.dialect.caps().enums == Enums::Types {
            found.push((
                Verdict::ReadsOnly,
                format!(
                    "writes and filters of {name} name the type {}, and it is of {} here",
                    own.name.name, there.name.name
                ),
            ));
        }
        let others = self.other_values(real, own);
        if !others.is_empty() {
            let what = format!("{name}: {} stands for another value here", others.join(", "));
            found.push((Verdict::MustNotRun, what));
        }
        let missing: Vec<&str> = own.values.iter().filter(|v| !there.values.contains(v)).map(String::as_str).collect();
        if !missing.is_empty() {
            let missing = missing.join(", ");
            found.push(match self.client.generation {
                Generation::Old | Generation::New => (Verdict::ReadsOnly, format!("{name} cannot hold {missing} here")),
                Generation::Bridge => {
                    (Verdict::WithCare, format!("{name} cannot hold {missing} here: it must not write that"))
                }
            });
        }
        let changed: Vec<&str> = own
            .values
            .iter()
            .filter(|v| there.values.contains(v) && self.labels.is_lost(at, v) && !self.is_kept_by_clients())
            .map(String::as_str)
            .collect();
        if !changed.is_empty() {
            let what = format!(
                "{name} does not keep {}: a write of that becomes another value, or is refused",
                changed.join(", ")
            );
            found.push((Verdict::WithCare, what));
        }
        let unknown = there.values.iter().filter(|v| !own.values.contains(v)).map(String::as_str);
        let (held, free): (Vec<&str>, Vec<&str>) = unknown.partition(|v| self.labels.may_hold(at, real, v));
        if !held.is_empty() {
            let what = format!("reading {name} fails on rows that hold {}", held.join(", "));
            found.push((Verdict::MustNotRun, what));
        }
        // What a trigger turns into another nobody can write.
        let free: Vec<&str> = free.into_iter().filter(|v| !self.labels.is_gone(at, v)).collect();
        if !free.is_empty() {
            let what = format!(
                "reading {name} fails on rows that hold {}: nobody may write that while this client runs",
                free.join(", ")
            );
            found.push_exposed(what);
        }
    }
}

/// The default that a client sends by itself to a column of an enum that has no such value.
fn stray_default(own: &Column, there: &Column, catalog: &Catalog) -> Option<String> {
    let (Some(Default::Literal(Literal::String(value))), Some(real)) = (&own.default, there.ty.enum_id()) else {
        return None;
    };
    catalog.enums.get(&real).is_some_and(|real| !real.values.contains(value)).then(|| value.clone())
}
