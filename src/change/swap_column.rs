//! Types that the database can only give by writing the table anew: a second column takes the new values beside the old one,
//! and in the end its name, in one short transaction.

use super::column::backfill;
use super::context::bare;
use super::require_column::Missing;
use super::{Context, Group, Phase, Step, remake_enum, slug};
use crate::catalog::{
    Catalog, Column, ColumnId, ColumnType, Default, Expr, ForeignKey, Table, TableId, TriggerRule, helper_name,
};
use crate::dialect::{Cast, Works};
use crate::op::{Backfill, Fact, Loss, Op, Work};
use crate::options::Assume;
use crate::question::Answer;
use crate::stage::StageKind;

pub fn plan(cx: &mut Context, on: TableId, old: ColumnId, new: ColumnId) {
    let (was, column) = (cx.old_table(on).columns[&old].clone(), cx.new_table(on).columns[&new].clone());
    let label = cx.column_label(on, &column.name);
    let (from, to) = (cx.dialect.type_name(cx.old(), &was.ty), cx.dialect.type_name(cx.new_catalog(), &column.ty));
    let summary = format!("Change the type of {label} from {from} to {to}");
    if remake_enum::is_open(cx, &was.ty, &column.ty) {
        return; // asked already
    }
    let remade = remake_enum::between(cx, &was.ty, &column.ty).cloned();
    let relinked = cx.matched.relinked_columns.iter().any(|r| r.new == new);
    match &remade {
        None if relinked => cx.note(
            "relink-join-table",
            &column.origin,
            format!("{label} holds another field of the rows that it links"),
        ),
        None => cx.note("retype-column", &column.origin, summary.clone()),
        Some(_) => {
            cx.note("remove-enum-value", &column.origin, format!("{label} gets the type {to} that is made anew"))
        }
    }
    if let Some((what, instead)) = obstacle(cx, on, old, new, &from, &to) {
        return cx.refuse(&what, &column.origin, &instead);
    }
    if !was.default_is_sequence() && super::column::sequence_taken(cx, on, &column) {
        return;
    }
    let Some((mut value, back)) = values(cx, on, old, new, &was, &column, &label) else { return };
    let work = if was.nullable && !column.nullable {
        match super::require_column::missing(cx, on, new, &column) {
            Some(Missing::Get(instead)) => {
                value = Expr::Coalesce(vec![value, instead]);
                Work::Fill { column: new, value: value.clone() }
            }
            Some(Missing::None) => {
                super::require_column::check_there_are_none(cx, on, old);
                Work::Convert { from: old, to: new, value: value.clone() }
            }
            None => return,
        }
    } else {
        Work::Convert { from: old, to: new, value: value.clone() }
    };
    if let Some(map) = &remade {
        remake_enum::early(cx, on, old, map);
        cx.exact.insert(new);
    }
    let table = cx.new_table(on).name.name.clone();
    let words = slug(&[&table, &column.name]);
    let step = |stage, phase, verb: &str, title: String| {
        Step::new(stage, phase, Group::Table(on), format!("{verb}_{words}"), title)
    };
    let (shadow, retired) = (helper_name(&column.name, "ps"), helper_name(&column.name, "ps_old"));
    let beside = Column { name: shadow.clone(), ..bare(&column) };
    let add = step(StageKind::Expand, Phase::Columns, "shadow", format!("Make a column of type {to} beside {label}"));
    cx.push(add.op(Op::AddColumn { on, id: new, column: Box::new(beside) }).lossless());
    backfill(cx, on, &column, format!("Fill the new {label} in the rows that exist"), work, true);
    cx.filled.insert(new);
    let computed = Fact::Computed { on, column: new, value: value.clone() };
    let same = step(
        StageKind::Backfill,
        Phase::Filled,
        "same",
        format!("The new {label} holds what the old one does in every row"),
    );
    cx.push(same.op(Op::Assert(computed.clone())).verify(computed));
    if !column.nullable {
        cx.require(on, new, &column.name);
    }
    // The switch, in one transaction with the end of the trigger.
    let rename = |id: ColumnId, to: &str| Op::RenameColumn { on, id, to: to.to_owned() };
    let default = |id: ColumnId, default: Option<Default>| Op::SetDefault { on, id, default };
    let helpers = cx.watch(on, TriggerRule::Compute { column: new, value });
    helpers.at_end.extend([rename(old, &retired), rename(new, &column.name)]);
    helpers.back_first.extend([rename(new, &shadow), rename(old, &column.name)]);
    if !was.nullable {
        helpers.at_end.push(Op::DropNotNull { on, id: old });
    }
    match (was.default_is_sequence(), column.default_is_sequence()) {
        (true, true) => {
            helpers.at_end.push(Op::MoveSequence { on, from: old, to: new });
            helpers.back_first.push(Op::MoveSequence { on, from: new, to: old });
        }
        (true, false) => {
            helpers.at_end.push(default(old, None));
            helpers.back_first.push(default(old, was.default.clone()));
        }
        (false, true | false) => {}
    }
    if column.default.is_some() && !(was.default_is_sequence() && column.default_is_sequence()) {
        helpers.at_end.push(default(new, column.default.clone()));
        helpers.back_first.push(default(new, None));
    }
    if !back.exact {
        helpers.losses.push(Loss::Unfit(on, old));
    } else if was.nullable && !column.nullable {
        helpers.losses.push(Loss::WasNull(on, new));
    }
    let name = format!("back.{table}.{}", column.name);
    let work = Work::Sync { to: old, value: back.value.clone() };
    let refill = Op::Backfill(Backfill { name, table: on, work });
    helpers.back_rules.push(TriggerRule::Compute { column: old, value: back.value });
    helpers.refills.push(refill.clone());
    if !was.nullable {
        if !back.total {
            helpers.requires.push(Op::Assert(Fact::NoNulls { on, column: old }));
        }
        let again = cx.required_again(on, old, &was.name);
        cx.helpers[&on].requires.extend(again);
    }
    let end = step(StageKind::Contract, Phase::OldColumns, "retire", format!("Drop the old {label}"))
        .op(Op::DropColumn { on, id: old });
    let default = was.default.clone().filter(|d| *d != Default::Sequence);
    let empty = Column { name: retired, nullable: true, default, ..was };
    let again = Op::AddColumn { on, id: old, column: Box::new(empty) };
    let end = end.back(vec![again, refill]);
    cx.push(if back.exact {
        end
    } else {
        let message = format!("what {to} cannot hold of the old {label} is gone");
        end.losing(vec![Loss::DroppedColumn(on, old)]).hazard("H201", message)
    });
}

/// What stands in the way, and what to do instead.
fn obstacle(cx: &Context, on: TableId, old: ColumnId, new: ColumnId, from: &str, to: &str) -> Option<(String, String)> {
    let (was, now) = (cx.old_table(on), cx.new_table(on));
    for helper in [helper_name(&now.columns[&new].name, "ps"), helper_name(&now.columns[&new].name, "ps_old")] {
        if was.columns.values().chain(now.columns.values()).any(|c| c.name == helper) {
            let what = format!("changing the type from {from} to {to} beside a column named {helper}");
            return Some((what, "give that column another name first".to_owned()));
        }
    }
    let beside = "add a new field of the new type beside the old one, move the readers over, and drop the old field in a later change";
    if let Some(what) = follower_in_place(cx, new, from, to) {
        return Some((what, beside.to_owned()));
    }
    if let Some(index) = in_a_predicate(was, &was.columns[&old].name).or(in_a_predicate(now, &now.columns[&new].name)) {
        let change = if from == to {
            "making the type anew".to_owned()
        } else {
            format!("changing the type from {from} to {to}")
        };
        let what = format!("{change} of a column that the condition of index {index} speaks of");
        return Some((
            what,
            "drop that index in a change before this one, and create it again in one after it".to_owned(),
        ));
    }
    if let Some(map) = remake_enum::between(cx, &was.columns[&old].ty, &now.columns[&new].ty) {
        if matches!(was.columns[&old].default, Some(Default::Sql(_))) {
            let what = "making the enum anew of a column whose default is written in SQL, which may speak of the type,";
            return Some((what.to_owned(), "write the default as a value of the enum first".to_owned()));
        }
        if !map.early.is_empty() && is_key(cx, on, old, new) {
            let what =
                "removing values of an enum that are part of a key, where rows of other values may be that already,";
            return Some((what.to_owned(), "keep the value in the schema, and write it no more".to_owned()));
        }
    }
    // Another column under the same name is no way out for a key: what points at it follows, and neither client runs meanwhile.
    if is_key(cx, on, old, new) {
        return None;
    }
    let (a, b) = (&was.columns[&old].ty, &now.columns[&new].ty);
    if cx.dialect.works(a, b) == Works::Not && cx.dialect.works(b, a) == Works::Not {
        let what = format!(
            "changing the type from {from} to {to}, which no client can bridge: old ones fail on the new type and new ones on the old,"
        );
        let name = &now.columns[&new].name;
        return Some((
            what,
            format!("give the new field a column of its own with @map(\"{name}_v2\") and fill it with @stage.using"),
        ));
    }
    None
}

/// Is the column part of a primary key, or at an end of a foreign key?
fn is_key(cx: &Context, on: TableId, old: ColumnId, new: ColumnId) -> bool {
    let keyed = |catalog: &Catalog, id: ColumnId| {
        let own = catalog.tables[&on].primary_key.iter().any(|k| k.columns.iter().any(|c| c.column == id));
        let at_end = |k: &ForeignKey| k.columns.contains(&id) || k.referenced.contains(&id);
        own || catalog.tables.values().flat_map(|t| t.foreign_keys.values()).any(at_end)
    };
    keyed(cx.old(), old) || keyed(cx.new_catalog(), new)
}

/// A column that points at the new one and gets its type in place, while the old one still has its own.
fn follower_in_place(cx: &Context, new: ColumnId, from: &str, to: &str) -> Option<String> {
    for (id, table) in &cx.new_catalog().tables {
        let Some(old) = cx.old().tables.get(id) else { continue };
        for key in table.foreign_keys.values() {
            let ends = key.columns.iter().zip(&key.referenced).filter(|(_, to)| **to == new);
            for (own, _) in ends {
                let (Some(was), Some(is)) = (old.columns.get(own), table.columns.get(own)) else { continue };
                if was.ty != is.ty {
                    return Some(format!(
                        "changing the type of a key from {from} to {to} while {}, which points at it, changes in place,",
                        cx.column_label(*id, &is.name)
                    ));
                }
            }
        }
    }
    None
}

/// An index whose condition speaks of a column: the server keeps it with the column, under whatever name, and drops it with it.
fn in_a_predicate(table: &Table, column: &str) -> Option<String> {
    let speaks = |p: &String| {
        p.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|w| w.eq_ignore_ascii_case(column))
            || p.contains(&format!("\"{column}\""))
    };
    table.indexes.values().find(|i| i.predicate.as_ref().is_some_and(speaks)).map(|i| i.name.clone())
}

/// The way back for values.
pub struct Return {
    /// What the old column holds.
    pub value: Expr,
    /// Is nothing lost by it?
    pub exact: bool,
    /// Has every value a way back?
    pub total: bool,
}

/// What the new column holds, and the old one on the way back; None if a question is open.
fn values(
    cx: &mut Context,
    on: TableId,
    old: ColumnId,
    new: ColumnId,
    was: &Column,
    column: &Column,
    label: &str,
) -> Option<(Expr, Return)> {
    if let Some(link) = cx.matched.relinked_columns.iter().find(|r| r.new == new) {
        return Some(super::links::values(cx, link, label));
    }
    if let Some(map) = remake_enum::between(cx, &was.ty, &column.ty) {
        let remap = |column, to: &Column, labels: &[(String, String)]| Expr::Remap {
            column,
            to: to.ty.clone(),
            labels: labels.to_vec(),
        };
        let back = Return { value: remap(new, was, &map.back), exact: true, total: true };
        return Some((remap(old, column, &map.forth), back));
    }
    let at = &cx.enums_of_both();
    let forth = cx.dialect.cast(at, &was.ty, &column.ty, "x");
    let using = cx.said(&cx.intent.using, &column.origin);
    let keyed = is_key(cx, on, old, new);
    // One value for many would be no key.
    let zero = |cx: &Context, c: &Column| placeholder(cx, c).filter(|_| !c.nullable && !keyed);
    let back = cx.dialect.cast(at, &column.ty, &was.ty, "x").map(|Cast { total, exact, .. }| {
        let fallback = if total { None } else { zero(cx, was) };
        let total = total || fallback.is_some();
        Return {
            value: Expr::Cast { column: new, to: was.ty.clone(), fallback },
            exact: exact && using.is_none(),
            total,
        }
    });
    let Some(back) = back else {
        cx.refuse(
            "changing the type to one that has no way back to the old one",
            &column.origin,
            "add a new field beside the old one",
        );
        return None;
    };
    let exact = forth.as_ref().is_some_and(|c| c.exact && c.total);
    let back = Return { exact: back.exact && exact, ..back };
    if exact && using.is_none() {
        cx.exact.insert(new);
    }
    if let Some(said) = using {
        cx.decide(
            "PS0706",
            &column.origin,
            &format!("how do values of {label} become of the new type?"),
            &said.text,
            &said.source,
        );
        return Some((Expr::Sql(said.text.clone()), back));
    }
    // Different values stay different: what points at them, with a foreign key or without, follows.
    let derived =
        |cx: &Context| cx.dialect.derives(&column.ty) && (keyed || column.ty == ColumnType::native("UUID", &[]));
    let question = format!("{label}: what does a row get whose value does not fit the new type?");
    let fallback = match (&forth, cx.said(&cx.intent.fallback, &column.origin)) {
        (Some(cast), _) if cast.total => {
            if !cast.exact {
                let answer = "they keep what the new type can hold of them";
                cx.decide("PS0706", &column.origin, &question, answer, "the schema");
            } else if column.ty == ColumnType::native("UUID", &[]) {
                let answer = "every number fits: it is written in hexadecimal digits, behind zeros";
                cx.decide("PS0706", &column.origin, &question, answer, "the schema");
            }
            None
        }
        (_, Some(said)) => match cx.dialect.parse_literal(at, &column.ty, &said.text) {
            Ok(value) => {
                cx.decide("PS0706", &column.origin, &question, &said.text, &said.source);
                Some(Box::new(value))
            }
            Err(why) => {
                cx.ask(
                    "PS0706",
                    &column.origin,
                    format!("{question} ({:?} does not fit: {why})", said.text),
                    answers(column),
                );
                return None;
            }
        },
        (Some(_), None) if cx.intent.assumes(Assume::Placeholder) && derived(cx) => {
            let answer = "a UUID computed from the value, the same wherever the value stands";
            cx.decide("PS0706", &column.origin, &question, answer, "--assume placeholder");
            Some(Box::new(Expr::Derived(old)))
        }
        (Some(_), None) if cx.intent.assumes(Assume::Placeholder) && !keyed => {
            cx.decide("PS0706", &column.origin, &question, "the zero value of its type", "--assume placeholder");
            placeholder(cx, column)
        }
        (Some(_) | None, None) => {
            cx.ask("PS0706", &column.origin, question, answers(column));
            return None;
        }
    };
    if forth.is_none() {
        cx.ask(
            "PS0706",
            &column.origin,
            format!("{label}: how do its values become of the new type?"),
            answers(column),
        );
        return None;
    }
    Some((Expr::Cast { column: old, to: column.ty.clone(), fallback }, back))
}

/// The same for each value that does not fit, so that it can be checked afterwards.
fn placeholder(cx: &Context, column: &Column) -> Option<Box<Expr>> {
    cx.dialect.zero(cx.new_catalog(), &column.ty).map(|zero| Box::new(Expr::Literal(zero)))
}

fn answers(column: &Column) -> Vec<Answer> {
    let label = column.origin.label();
    vec![
        Answer { meaning: format!("this value; above {label}"), write: "/// @stage.fallback(\"…\")".into() },
        Answer {
            meaning: format!("computed from the row's columns, for every row; above {label}"),
            write: "/// @stage.using(\"…\")".into(),
        },
        Answer {
            meaning: "the zero value of each type, for every such field".into(),
            write: "--assume placeholder".into(),
        },
    ]
}
