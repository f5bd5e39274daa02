//! Types that the database can only give by writing the table anew: a second column takes the new values beside the old one,
//! and in the end its name, in one short transaction.

use super::column::backfill;
use super::context::bare;
use super::convert::{self, Conversion, Pairing, Way};
use super::require_column::Missing;
use super::{Context, Group, Phase, Step, primary_key, remake_enum, slug};
use crate::catalog::{Column, ColumnId, Default, Expr, Synced, Table, TableId, TriggerRule};
use crate::dialect::{Alter, Works};
use crate::intent::sql::{self, Place};
use crate::op::{Backfill, Fact, Loss, Op, Work};
use crate::options::{Assume, Strategy};
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
    let anew = is_anew(&was, &column) && !relinked;
    match &remade {
        None if anew => {
            let summary = format!("Compute {label} anew, in the place of what it holds");
            cx.note("merge-columns", &column.origin, summary);
        }
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
        let why = "both types stand side by side while both clients run, and everything that hangs on the one has to have its twin on the other";
        return cx.refuse(&what, &column.origin, why, &instead);
    }
    if !was.default_is_sequence() && super::column::sequence_taken(cx, on, &column) {
        return;
    }
    let living = strategy(cx, on, old, new, &from, &to);
    let pair = Pairing { on, ids: (old, new), was: &was, column: &column, label: &label, beside: false };
    let converted = match cx.matched.relinked_columns.iter().find(|r| r.new == new) {
        Some(link) => super::links::values(cx, link, &label).map(|(forth, Return { value, exact, total })| {
            Conversion { forth, back: Some(value), exact, total, fits: true, way: Way::Computed }
        }),
        None => convert::values(cx, &pair),
    };
    let Some(Conversion { forth: mut value, back, exact, total, fits, way }) = converted else { return };
    if way != Way::Computed || matches!(&value, Expr::Sql(text) if !is_a_cast(cx, text, &was)) {
        cx.other_values.insert(new);
    }
    if living == Living::Open {
        return;
    }
    let forth_is_sql = value.has_sql();
    let once = way == Way::Once;
    if once && matches!(value, Expr::Default(Default::Sequence) | Expr::Uuid) {
        cx.distinct.insert(new);
    }
    let work = if once {
        Work::Fill { column: new, value: value.clone() }
    } else if was.nullable && !column.nullable {
        match super::require_column::missing(cx, on, new, &column) {
            Some(Missing::Get(instead)) => {
                let instead = convert::lasting(cx, on, new, &column, instead);
                // The time passes: a row keeps the one that it got.
                let passes = matches!(instead, Expr::Now | Expr::Default(Default::Now | Default::Sql(_)));
                let instead = if passes && cx.dialect.caps().alter != Alter::AtOnce {
                    Expr::Coalesce(vec![Expr::Column(new), instead])
                } else {
                    instead
                };
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
    let forth = value.clone();
    if let Some(map) = &remade {
        remake_enum::early(cx, on, (old, new), map);
        if !remake_enum::keeps(cx, old, new, map) {
            cx.exact.insert(new);
        }
    }
    let table = cx.new_table(on).name.name.clone();
    let words = slug(&[&table, &column.name]);
    let step = |stage, phase, verb: &str, title: String| {
        Step::new(stage, phase, Group::Table(on), format!("{verb}_{words}"), title)
    };
    let (shadow, retired) = (cx.free_column(on, &column.name, "ps"), cx.free_column(on, &column.name, "ps_old"));
    let beside = Column { name: shadow.clone(), ..bare(&column) };
    let add = step(StageKind::Expand, Phase::Columns, "shadow", format!("Make a column of type {to} beside {label}"));
    let add = add.op(Op::AddColumn { on, id: new, column: Box::new(beside) }).lossless();
    // Where it gives the numbers, the sequence is there from the start.
    let numbered = once && column.default_is_sequence() && !was.default_is_sequence();
    cx.push(if numbered { add.op(Op::SetDefault { on, id: new, default: column.default.clone() }) } else { add });
    backfill(cx, on, &column, format!("Fill the new {label} in the rows that exist"), work, true);
    cx.filled.insert(new);
    let (computed, title) = if once {
        (Fact::NoNulls { on, column: new }, format!("Every row has a new {label}"))
    } else {
        let title = if anew {
            format!("The new {label} holds what was said in every row")
        } else {
            format!("The new {label} holds what the old one does in every row")
        };
        (Fact::Computed { on, column: new, value: value.clone() }, title)
    };
    let same = step(StageKind::Backfill, Phase::Filled, "same", title);
    let mut same = same.op(Op::Assert(computed.clone())).verify(computed);
    if way == Way::Computed
        && remade.is_none()
        && !cx.exact.contains(&new)
        && !cx.intent.using.contains_key(&path(&column))
    {
        same = same.before(Fact::Fits { on, column: old, to: column.ty.clone() });
    }
    cx.push(same);
    if !column.nullable {
        cx.require(on, new, &column.name);
    } else if way == Way::Found {
        cx.follow(on, old, new, &column.name);
    }
    // The switch, in one transaction with the end of the trigger.
    let rename = |id: ColumnId, to: &str| Op::RenameColumn { on, id, to: to.to_owned() };
    let default = |id: ColumnId, default: Option<Default>| Op::SetDefault { on, id, default };
    let rule = match way {
        Way::Once => TriggerRule::Fill { column: new, value },
        Way::Computed | Way::Found => TriggerRule::Compute { column: new, value },
    };
    let helpers = cx.watch(on, rule);
    if living == Living::Paused {
        let why = if anew {
            format!("old and new clients mean different values by {label}")
        } else {
            format!("no client works with both types of {label}")
        };
        helpers.pauses.push(format!("{why}: old clients are stopped before this, new ones start after it"));
    }
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
    if column.default.is_some() && !numbered && !(was.default_is_sequence() && column.default_is_sequence()) {
        helpers.at_end.push(default(new, column.default.clone()));
        helpers.back_first.push(default(new, None));
    }
    if back.is_none() {
        helpers.losses.push(Loss::Left(on, old));
    } else if way != Way::Computed {
        // The old column still has its values.
    } else if !exact || !fits {
        helpers.losses.push(Loss::Unfit(on, new));
    } else if was.nullable && !column.nullable {
        helpers.losses.push(Loss::WasNull(on, new));
    }
    if back.is_some() && total && way == Way::Computed && column.nullable && !was.nullable {
        helpers.losses.push(Loss::Nulls(on, new));
    }
    let refill = |work| Op::Backfill(Backfill { name: format!("back.{table}.{}", column.name), table: on, work });
    let mut again = None;
    if let Some(value) = back {
        let work = match way {
            Way::Once => Work::Fill { column: old, value: value.clone() },
            Way::Computed | Way::Found => Work::Sync { to: old, value: value.clone() },
        };
        if once {
            if was.default_is_sequence() {
                // It gives the numbers, so it comes first.
                helpers.back_first.retain(|op| !matches!(op, Op::SetDefault { id, .. } if *id == old));
                helpers.refills.push(default(old, was.default.clone()));
            }
            helpers.back_rules.push(TriggerRule::Fill { column: old, value });
            helpers.refills.push(refill(work.clone()));
        } else if exact || forth_is_sql || way == Way::Found {
            helpers.back_rules.push(TriggerRule::Compute { column: old, value });
            helpers.refills.push(refill(work.clone()));
        } else {
            // What the new type could not hold of a value is still there, unless somebody has written since.
            let sync = Synced { forth: vec![(new, forth)], back: vec![(old, Some(value))] };
            helpers.back_rules.push(TriggerRule::Follow(sync.clone()));
            helpers.refills.push(refill(Work::Return(sync)));
        }
        // A number for what had another one is no way back: it is given, and found, where columns change places.
        let numbers = match &work {
            Work::Fill { value, .. } => *value == Expr::Default(Default::Sequence),
            Work::Sync { value, .. } => way == Way::Found && matches!(value, Expr::Lookup { .. }),
            _ => false,
        };
        again = (!numbers).then(|| refill(work));
    } else if !was.nullable
        && let Some(zero) = cx.dialect.zero(cx.old(), &was.ty)
    {
        let value = Expr::Literal(zero);
        cx.helpers[&on].refills.push(refill(Work::Fill { column: old, value }));
    }
    if !was.nullable {
        if !total {
            cx.helpers[&on].requires.push(Op::Assert(Fact::NoNulls { on, column: old }));
        }
        let again = cx.required_again(on, old, &was.name);
        cx.helpers[&on].requires.extend(again);
    }
    let end = step(StageKind::Contract, Phase::OldColumns, "retire", format!("Drop the old {label}"))
        .op(Op::DropColumn { on, id: old });
    let default = was.default.clone().filter(|d| *d != Default::Sequence);
    let empty = Column { name: retired, nullable: true, default, ..was };
    let add = Op::AddColumn { on, id: old, column: Box::new(empty) };
    let end = end.back([Some(add), again].into_iter().flatten().collect());
    cx.push(if exact {
        end
    } else {
        let message = match way {
            Way::Computed if anew => format!("the old values of {label} are gone: take a backup of them first"),
            Way::Computed if forth_is_sql => {
                format!("what the new values (by @stage.using) do not hold of the old {label} is gone")
            }
            Way::Computed => format!("what {to} cannot hold of the old {label} is gone"),
            Way::Once | Way::Found => {
                format!("the old values of {label} are gone: an address, a token or another system that has one finds nothing any more")
            }
        };
        end.losing(vec![Loss::DroppedColumn(on, old)]).hazard("H201", message)
    });
}

/// How old and new clients live with the two types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Living {
    /// Nobody has said.
    Open,
    /// One of them works with both types, a key leaves no other way, or no client runs.
    Together,
    /// Not at once.
    Paused,
}

/// May both clients be kept apart? Where no client works with both types, somebody has to say how they live: nobody is stopped
/// without having been asked.
fn strategy(cx: &mut Context, on: TableId, old: ColumnId, new: ColumnId, from: &str, to: &str) -> Living {
    let (was, now) = (cx.old_table(on).columns[&old].clone(), cx.new_table(on).columns[&new].clone());
    // Another column is no way out for a key: what points at it follows.
    let works = |own: &Column, there: &Column| cx.dialect.works(&own.ty, &there.ty) == Works::Fully;
    let by_type = works(&was, &now) || (works(&now, &was) && cx.dialect.reads_all(&now.ty, &was.ty));
    // Values of one enum are the other's: how these live is said of the enum. And where all changes come in one step, there is no
    // column beside another.
    let remade = remake_enum::between(cx, &was.ty, &now.ty).is_some();
    let computed = cx.said(&cx.intent.using, &now.origin).is_some_and(|said| !is_a_cast(cx, &said.text, &was));
    let relinked = cx.matched.relinked_columns.iter().any(|r| r.new == new);
    let anew = (computed || is_anew(&was, &now)) && !relinked;
    let bridged = by_type && !anew || remade || cx.dialect.caps().alter == Alter::AtOnce;
    if bridged || cx.intent.course == Strategy::Direct || primary_key::is_key(cx, on, old, new) {
        return Living::Together;
    }
    let label = cx.column_label(on, &now.name);
    let question = if by_type {
        format!(
            "{label}: old clients mean what it holds so far, and new ones what is computed; how do old and new clients live?"
        )
    } else {
        format!("{label}: no client works with both {from} and {to}; how do old and new clients live?")
    };
    let answer = "not at once: old clients are stopped before the columns change places, new ones start after it";
    let said = cx.said(&cx.intent.strategy, &now.origin);
    let source = said.map(|s| s.source.clone());
    let assumed = cx.intent.assumes(Assume::Switch).then(|| "--assume switch".to_owned());
    if let Some(source) = source.or(assumed) {
        cx.decide("PS0727", &now.origin, &question, answer, &source);
        return Living::Paused;
    }
    let table = cx.new_table(on);
    let free = |name: &String| !table.columns.values().any(|c| c.name == *name);
    let name = (2..).map(|n| format!("{}_v{n}", was.name)).find(free).unwrap_or_default();
    let field = now.origin.label();
    let answers = vec![
        Answer {
            meaning: format!(
                "at once: the new type has a column of its own, for good, and a trigger keeps both right; on {field}"
            ),
            write: format!("@map({name:?})"),
        },
        Answer { meaning: format!("{answer}; above {field}"), write: "/// @stage.strategy(switch)".to_owned() },
        Answer {
            meaning: "the same, under [strategy] in the intent file".to_owned(),
            write: format!("{field:?} = \"switch\""),
        },
        Answer { meaning: "the same, for every such field".to_owned(), write: "--assume switch".to_owned() },
    ];
    cx.ask("PS0727", &now.origin, question, answers);
    Living::Open
}

/// Is it the column itself as another type, and no more, so that both clients mean the same value?
fn is_a_cast(cx: &Context, text: &str, was: &Column) -> bool {
    let text = text.trim();
    let lower = text.to_lowercase();
    let cast = lower.strip_prefix("cast").and_then(|rest| rest.trim_start().strip_prefix('(')?.strip_suffix(')'));
    let as_type = |rest: &str| -> bool {
        let own = [cx.dialect.ident(&was.name).to_lowercase(), was.name.to_lowercase()];
        let rest = rest.trim();
        let mut after = own.iter().filter_map(|name| rest.strip_prefix(name.as_str())).map(str::trim_start);
        after.any(|rest| rest.strip_prefix(if cast.is_some() { "as " } else { "::" }).is_some_and(is_a_type))
    };
    as_type(cast.unwrap_or(&lower))
}

/// Does this name a type, with no operator behind it?
fn is_a_type(text: &str) -> bool {
    let named = |c: char| c.is_alphanumeric() || "_\"., ()[]:".contains(c);
    let operators = ["and", "or", "is", "in", "not", "like", "ilike", "between", "at", "collate", "similar"];
    text.chars().all(named) && !text.split_whitespace().any(|word| operators.contains(&word))
}

/// Does the column keep its type, and is computed anew of others under its own name?
fn is_anew(was: &Column, now: &Column) -> bool {
    was.ty == now.ty
}

fn path(column: &Column) -> (String, String) {
    (column.origin.model.clone(), column.origin.item.clone())
}

/// What stands in the way, and what to do instead.
fn obstacle(cx: &Context, on: TableId, old: ColumnId, new: ColumnId, from: &str, to: &str) -> Option<(String, String)> {
    let (was, now) = (cx.old_table(on), cx.new_table(on));
    let beside = "change the types in a plan before this one, and the names in this one";
    if let Some(what) = follower_in_place(cx, new, from, to) {
        return Some((what, beside.to_owned()));
    }
    if let Some(index) = fixed_condition(cx, was, &was.columns[&old]).or(fixed_condition(cx, now, &now.columns[&new])) {
        let change = if from == to {
            "making the type anew".to_owned()
        } else {
            format!("changing the type from {from} to {to}")
        };
        let what =
            format!("{change} of a column while the condition of index {index} names that type, or cannot be read,");
        return Some((
            what,
            "write the condition without the name of the type (= 'VALUE', without a cast) in a plan before this one; if the name is to stand there, write it again in one after this".to_owned(),
        ));
    }
    let remade = remake_enum::between(cx, &was.columns[&old].ty, &now.columns[&new].ty).is_some();
    if remade && matches!(was.columns[&old].default, Some(Default::Sql(_))) {
        let what = "making the enum anew of a column whose default is written in SQL, which may speak of the type,";
        return Some((
            what.to_owned(),
            "write the default as a value of the enum in a plan before this one".to_owned(),
        ));
    }
    None
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

/// An index whose condition speaks of a column, and cannot be written for the one that stands beside it meanwhile: it cannot be
/// read, or names the type of the column, which two types have in turn.
fn fixed_condition(cx: &Context, table: &Table, column: &Column) -> Option<String> {
    let enums = cx.enums_of_both().enums;
    let named = column.ty.enum_id().and_then(|id| enums.get(&id)).map(|e| e.name.name.as_str());
    let crude = |p: &str| {
        p.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|w| w.eq_ignore_ascii_case(&column.name))
            || p.contains(&format!("\"{}\"", column.name))
    };
    let fixed = |p: &String| match sql::words(p) {
        Ok(words) => words.iter().any(|w| Some(w.name.as_str()) == named && w.place != Place::Alone),
        Err(_) => crude(p),
    };
    table.indexes.values().find(|i| i.predicate.as_ref().is_some_and(fixed)).map(|i| i.name.clone())
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
