//! Enums that values left. No server takes a value out of a type, so the type is made anew: a second column of the new type
//! stands beside each of the old one (`swap_column`), and in the end columns and types change names in one transaction.

use super::{Context, Group, Phase, Step, primary_key, slug};
use crate::catalog::{
    Column, ColumnId, ColumnType, Enum, EnumId, Expr, Table, TableId, Trigger, TriggerId, TriggerRule,
};
use crate::diag::Diagnostic;
use crate::dialect::{Alter, Sync};
use crate::diff::{Becomes, RemadeEnum};
use crate::intent::Path;
use crate::op::{Backfill, Fact, Loss, Op, Work};
use crate::options::Assume;
use crate::question::Answer;
use crate::stage::StageKind;
use std::collections::BTreeMap;

/// Labels and what they become.
type Labels = Vec<(String, String)>;

/// What becomes of the values of an enum that is made anew.
#[derive(Clone, Debug, Default)]
pub struct EnumMap {
    /// Labels of OLD that NEW has not, to labels of NEW.
    pub forth: Labels,
    /// Those that become a label which old clients know: they do so in the old column too, so that new clients can read it.
    pub early: Labels,
    /// Those that become a label which the old type gets first, and clients in between know: they do so in the old column once
    /// these are there.
    pub late: Labels,
    /// Labels of NEW that OLD has not and the old type does not get, to labels of OLD.
    pub back: Labels,
    /// Labels that no row may hold.
    pub refused: Vec<String>,
}

pub fn plan(cx: &mut Context, new: EnumId) {
    let Some(remade) = cx.matched.remade_enums.iter().find(|r| r.new == new) else { return };
    let (was, now) = (&cx.old().enums[&remade.old], &cx.new_catalog().enums[&new]);
    let gone = remade.left.iter().map(|(label, _)| label.as_str()).collect::<Vec<_>>().join(", ");
    let (from, label) = (cx.dialect.name(&was.name), cx.dialect.name(&now.name));
    let plural = if remade.left.len() == 1 { "value" } else { "values" };
    cx.note("remove-enum-value", &now.origin, format!("Remove {plural} {gone} from enum {label}"));
    let users = users(cx, remade);
    let Some(map) = map(cx, remade, &users) else { return };
    let words = slug(&[&now.name.name]);
    let step = |stage, phase, group, verb: &str, title: String| {
        Step::new(stage, phase, group, format!("{verb}_{words}"), title)
    };
    let retired = cx.free_name(&was.name, "ps_old");
    let beside = cx.free_name(&now.name, "ps");
    let same_name = was.name == now.name;
    let is_used = cx.old().tables.values().any(|t| t.columns.values().any(|c| c.ty.enum_id() == Some(remade.old)));
    let meanwhile = if same_name && is_used { beside } else { now.name.clone() };
    if let Some(other) = cx.taken_by(&meanwhile).filter(|_| !same_name) {
        let what =
            format!("making the type anew under the name {}, which {other} has so far,", cx.dialect.name(&meanwhile));
        return cx.refuse(
            &what,
            &now.origin,
            "both types exist for a while, and types, tables and indexes share one set of names",
            "rename the enum in a plan after this one, or give that other thing another name in a plan before it",
        );
    }
    let title = format!("Make enum {label} without {gone}");
    let mut make = step(StageKind::Expand, Phase::Enums, Group::New, "make", title);
    if same_name && !is_used {
        make = make.op(Op::RenameEnum { on: remade.old, to: retired.clone() });
    }
    // No type holds both, so no client runs on the other's side.
    let alike =
        now.values.iter().find_map(|label| Some((label, taken_for(cx, was, label)?))).filter(|_| !users.is_empty());
    if let Some((label, old)) = alike {
        make = make.hazard("H306", format!("{label} and {old} are one label to the server, so old and new clients cannot run side by side; to have no pause, keep the label with @map({old:?}) on the value: then no SQL is needed"));
    }
    cx.push(make.op(Op::CreateEnum(new, Enum { name: meanwhile.clone(), ..now.clone() })));
    if !users.is_empty() {
        add_to_old(cx, remade, was, now, &map, &from);
    }
    if same_name && is_used {
        let to = |on, to| Op::RenameEnum { on, to };
        let tables = of_either(cx, &[remade.old, remade.new]);
        let title = format!("{label} is the type without {gone} from now on");
        let switch = step(StageKind::Contract, Phase::EnumNames, Group::Alone, "switch", title)
            .op(to(remade.old, retired))
            .op(to(new, now.name.clone()))
            .hazard("H401", "each prepared statement that returns a column of the type fails once on each connection (0A000); clients with a statement cache reconnect or are restarted");
        cx.switch_together(tables, switch, vec![to(new, meanwhile), to(remade.old, was.name.clone())]);
    }
    let title = format!("Drop the type of {label} that had {gone}");
    cx.push(step(StageKind::Contract, Phase::OldTypes, Group::Alone, "drop", title).op(Op::DropEnum(remade.old)));
    cx.enum_maps.insert(new, map);
}

/// Values that came go into the old type as well, so that new clients can write them before the switch.
fn add_to_old(cx: &mut Context, remade: &RemadeEnum, was: &Enum, now: &Enum, map: &EnumMap, from: &str) {
    let renamed = |label: &String| map.back.iter().any(|(to, _)| to == label);
    for label in now.values.iter().filter(|label| !was.values.contains(label) && !renamed(label)) {
        let title = format!("Add value {label} to enum {from}, which new clients write until the types change places");
        let words = format!("add_{}", slug(&[&now.name.name, label]));
        let step = Step::new(StageKind::Expand, Phase::Enums, Group::Alone, words, title)
            .op(Op::AddEnumValue { on: remade.old, value: label.clone(), before: None })
            .hazard("H301", format!("a client that does not know {label} fails on every row that holds it: do not write it before the old clients are gone"));
        cx.push(step);
    }
}

/// The columns that are of the old type and become of the new one: (table, old column, new column).
fn users(cx: &Context, remade: &RemadeEnum) -> Vec<(TableId, ColumnId, ColumnId)> {
    let of = |on: TableId, old: ColumnId, new: ColumnId| {
        let (a, b) = (&cx.old_table(on).columns[&old].ty, &cx.new_table(on).columns[&new].ty);
        a.enum_id() == Some(remade.old) && b.enum_id() == Some(remade.new)
    };
    all_columns(cx).into_iter().filter(|(on, old, new)| of(*on, *old, *new)).collect()
}

/// Columns that take the places of others, and those that change in the copy of their table: (table, old column, new column).
fn all_columns(cx: &Context) -> Vec<(TableId, ColumnId, ColumnId)> {
    let mut all: Vec<_> = cx.matched.moved_columns().copied().collect();
    if cx.dialect.caps().sync == Sync::Clients {
        for (on, now) in &cx.new_catalog().tables {
            let Some(was) = cx.old().tables.get(on) else { continue };
            all.extend(now.columns.keys().filter(|id| was.columns.contains_key(*id)).map(|id| (*on, *id, *id)));
        }
    }
    all
}

/// The tables of OLD with columns of these types: their triggers may speak of them by their names.
pub fn of_either(cx: &Context, types: &[EnumId]) -> Vec<TableId> {
    let has = |t: &Table| t.columns.values().any(|c| c.ty.enum_id().is_some_and(|e| types.contains(&e)));
    let new = |id: &TableId| cx.new_catalog().tables.get(id).is_some_and(|t| has(t));
    cx.old().tables.iter().filter(|(id, t)| has(t) || new(id)).map(|(id, _)| *id).collect()
}

/// What was said of each value; None if a question is open.
fn map(cx: &mut Context, remade: &RemadeEnum, users: &[(TableId, ColumnId, ColumnId)]) -> Option<EnumMap> {
    let (was, now) = (&cx.old().enums[&remade.old], &cx.new_catalog().enums[&remade.new]);
    let columns = users.iter().map(|(on, old, _)| cx.column_label(*on, &cx.old_table(*on).columns[old].name));
    let columns = columns.collect::<Vec<_>>().join(", ");
    let mut map = EnumMap::default();
    let mut open: Vec<&str> = Vec::new();
    let mut wrong = false;
    for (label, becomes) in &remade.left {
        let question = format!("what do rows become that hold {label} in {columns}?");
        let mut to = |cx: &mut Context, to: &str, source: &str| {
            if !users.is_empty() {
                cx.decide("PS0705", &now.origin, &question, &format!("{label} becomes {to}"), source);
            }
            map.forth.push((label.clone(), to.to_owned()));
        };
        match becomes {
            Becomes::Another { label: other, said } => to(cx, other, said.as_deref().unwrap_or("the schema")),
            Becomes::Nothing { .. } | Becomes::Open if users.is_empty() => {}
            Becomes::Nothing { said } => {
                cx.decide("PS0705", &now.origin, &question, "no row may hold it, which is checked", said);
                map.refused.push(label.clone());
            }
            Becomes::Unknown { value, said, span } => {
                wrong = true;
                let what = format!(
                    "{}: rows that hold {label} are to become {value}, which is no value of it",
                    now.origin.label()
                );
                cx.refused.push(
                    Diagnostic::error("PS0715", what)
                        .at(span.or(now.origin.span))
                        .note(format!("that was said by {said}"))
                        .help("write a value that the new enum has, by its name in the schema"),
                );
            }
            Becomes::Open if cx.intent.assumes(Assume::Placeholder) => {
                let first = now.values.iter().find(|v| was.values.contains(v)).or(now.values.first());
                to(cx, first.map_or("", String::as_str), "--assume placeholder");
            }
            Becomes::Open => open.push(label),
        }
    }
    if !open.is_empty() {
        let question = format!(
            "{} left enum {}: what do rows become that hold {} in {columns}?",
            open.join(", "),
            cx.dialect.name(&now.name),
            if open.len() == 1 { "it" } else { "one of them" }
        );
        let answers = answers(cx, &open, was, now);
        cx.ask("PS0705", &now.origin, question, answers);
    }
    if wrong || !open.is_empty() {
        return None;
    }
    // A label that the old type cannot have waits for the new one, and so do all others.
    let readers_first = readers_first(cx, remade, users, &map.forth)
        && map.forth.iter().all(|(_, to)| taken_for(cx, was, to).is_none());
    for (label, to) in &map.forth {
        if readers_first && !was.values.contains(to) {
            map.late.push((label.clone(), to.clone()));
        } else if was.values.contains(to) {
            map.early.push((label.clone(), to.clone()));
        } else if let Some((_, first)) = map.back.iter().find(|(new, _)| new == to) {
            // Old clients know the first of the values that become this one.
            map.early.push((label.clone(), first.clone()));
        } else {
            map.back.push((to.clone(), label.clone()));
        }
    }
    for label in now.values.iter().filter(|label| !was.values.contains(label)) {
        if let Some(old) = taken_for(cx, was, label).filter(|_| !map.back.iter().any(|(new, _)| new == label)) {
            map.back.push((label.clone(), old.clone()));
        }
    }
    Some(map)
}

/// The label of an enum that the server takes for this other one: the two cannot be in one type.
fn taken_for<'e>(cx: &Context, of: &'e Enum, label: &str) -> Option<&'e String> {
    of.values.iter().find(|known| *known != label && cx.dialect.is_same_label(known, label))
}

/// May rows become values that came before old names are gone: is there a client that reads both? The type and its columns keep
/// their names, nothing points at these, and no two rows would come to agree.
fn readers_first(cx: &Context, remade: &RemadeEnum, users: &[(TableId, ColumnId, ColumnId)], forth: &Labels) -> bool {
    if cx.old().enums[&remade.old].name != cx.new_catalog().enums[&remade.new].name {
        return false;
    }
    let merges = (1..forth.len()).any(|at| forth[..at].iter().any(|(_, to)| *to == forth[at].1));
    let fits = |(on, old, new): &(TableId, ColumnId, ColumnId)| {
        let (was, now) = (cx.old_table(*on), cx.new_table(*on));
        let keys = was.indexes.values().filter(|i| i.unique).map(|i| &i.columns);
        let mut keys = keys.chain(was.primary_key.iter().map(|k| &k.columns));
        let alone = !merges || !keys.any(|key| key.iter().any(|c| c.column == *old));
        was.columns[old].name == now.columns[new].name && alone && !primary_key::is_linked(cx, *old, *new)
    };
    cx.dialect.caps().alter != Alter::AtOnce && users.iter().all(fits)
}

/// Every way to answer, the likely one first.
fn answers(cx: &Context, open: &[&str], was: &Enum, now: &Enum) -> Vec<Answer> {
    let name = &now.origin.model;
    let answer = |meaning: String, write: String| Answer { meaning, write };
    let old: Vec<&str> = open.iter().map(|l| value_name(&cx.intent.labels_before, was, l)).collect();
    let named = |label| value_name(&cx.intent.labels, now, label);
    let came: Vec<&str> = now.values.iter().filter(|v| !was.values.contains(v)).map(|v| named(v)).collect();
    let stayed = now.values.iter().filter(|v| was.values.contains(v)).map(|v| named(v));
    // `SIGN_UP` and `signUp` are likely one value.
    let plain = |v: &str| v.replace(['_', '-'], "").to_lowercase();
    let like = |value: &str| came.iter().copied().find(|v| plain(v) == plain(value));
    let likely: Vec<&str> = stayed.chain(came.iter().copied()).collect();
    let first = |value: &str| like(value).or(likely.first().copied()).unwrap_or("NEW");
    let pairs =
        |to: &dyn Fn(&str) -> String| old.iter().map(|v| format!("{v}: {}", to(v))).collect::<Vec<_>>().join(", ");
    let mut all = Vec::new();
    if let (Some(new), [left]) = (came.first(), open) {
        let meaning = format!("it was renamed, and the database keeps its label: no SQL; instead of {new} in {name}");
        all.push(answer(meaning, format!("{new} @map({left:?})")));
    }
    let said = format!("/// @stage.map({})", pairs(&|v| first(v).to_owned()));
    all.push(answer(format!("rows get the value that is named; above {name}"), said));
    let (shown, values) = if old.len() == 1 { (1, 4) } else { (old.len(), 2) };
    for value in &old[..shown] {
        let mut to: Vec<&str> = like(value).into_iter().collect();
        to.extend(likely.iter().filter(|v| !to.contains(v)).take(values - to.len()).copied().collect::<Vec<_>>());
        let rename =
            |to: &str| answer(format!("rows that hold {value} get {to}"), format!("--rename {name}.{value}={to}"));
        all.extend(to.into_iter().map(rename));
    }
    let file = format!("\"{name}.{}\" = \"{}\"", old[0], first(old[0]));
    all.push(answer("the same, under [map] in the intent file".to_owned(), file));
    let nothing = format!("/// @stage.map({})", pairs(&|_| "-".to_owned()));
    all.push(answer(
        format!("no row holds it: that is checked first, and writes of it are refused; above {name}"),
        nothing,
    ));
    all.push(answer("the first value that is left, in every such enum".to_owned(), "--assume placeholder".to_owned()));
    all
}

/// The name that the schema has for a label.
fn value_name<'n>(names: &'n BTreeMap<Path, String>, of: &Enum, label: &'n str) -> &'n str {
    let found = names.iter().find(|((e, _), other)| *e == of.origin.model && *other == label);
    found.map_or(label, |((_, value), _)| value)
}

/// What becomes of labels where a column of the one type becomes one of the other; None where the type is not made anew.
pub fn between<'c>(cx: &'c Context, from: &ColumnType, to: &ColumnType) -> Option<&'c EnumMap> {
    let (old, new) = (from.enum_id()?, to.enum_id()?);
    let remade = cx.matched.remade_enums.iter().any(|r| r.old == old && r.new == new);
    if remade && from.list == to.list { cx.enum_maps.get(&new) } else { None }
}

/// Is the type made anew, but nobody has said yet what becomes of its values?
pub fn is_open(cx: &Context, from: &ColumnType, to: &ColumnType) -> bool {
    let pair = (from.enum_id(), to.enum_id());
    let remade = cx.matched.remade_enums.iter().find(|r| (Some(r.old), Some(r.new)) == pair);
    remade.is_some_and(|r| !cx.enum_maps.contains_key(&r.new))
}

/// Do rows keep the values that leave until the columns change places? Where foreign keys hold a column, no statement could make
/// others of them at both ends at once while clients write.
pub fn keeps(cx: &Context, old: ColumnId, new: ColumnId, map: &EnumMap) -> bool {
    !map.early.is_empty() && primary_key::is_linked(cx, old, new)
}

/// Values that old clients write and new ones cannot read become others in the old column too.
pub fn early(cx: &mut Context, on: TableId, (old, new): (ColumnId, ColumnId), map: &EnumMap) {
    let column = cx.old_table(on).columns[&old].clone();
    let (table, label) = (cx.new_table(on).name.name.clone(), cx.column_label(on, &column.name));
    let words = slug(&[&table, &column.name]);
    if !map.refused.is_empty() {
        let fact = Fact::Without { on, column: old, labels: map.refused.clone() };
        let title = format!("No row holds {} in {label}", map.refused.join(" or "));
        let look =
            Step::new(StageKind::Expand, Phase::BeforeTriggers, Group::Table(on), format!("without_{words}"), title);
        let hazard = format!(
            "from expand on writes of {} to {label} are refused, those of old clients too",
            map.refused.join(" or ")
        );
        cx.push(look.op(Op::Assert(fact.clone())).before(fact).hazard("H305", hazard));
    }
    late(cx, on, old, &column, map);
    if map.early.is_empty() || keeps(cx, old, new, map) {
        return;
    }
    let value = Expr::Remap { column: old, to: column.ty.clone(), labels: map.early.clone() };
    cx.watch(on, TriggerRule::Compute { column: old, value: value.clone() });
    let said = map.early.iter().map(|(from, to)| format!("{from} becomes {to}")).collect::<Vec<_>>().join(", ");
    let name = format!("{table}.{}.{:08x}", column.name, cx.fingerprint(on, &value));
    let work = Work::Sync { to: old, value: value.clone() };
    let fill =
        Step::new(StageKind::Backfill, Phase::Rows, Group::Alone, format!("map_{words}"), format!("In {label} {said}"))
            .op(Op::Backfill(Backfill { name, table: on, work }))
            .back(Vec::new())
            .losing(vec![Loss::Remapped(on, old, map.early.clone())])
            .hazard(
                "H305",
                format!("what an old client writes to {label} is changed in the same way from expand on: {said}"),
            );
    cx.push(fill);
    let gone = map.early.iter().map(|(from, _)| from.clone()).collect::<Vec<_>>();
    let fact = Fact::Without { on, column: old, labels: gone.clone() };
    let title = format!("No row holds {} in {label} any more", gone.join(" or "));
    let look = Step::new(StageKind::Backfill, Phase::Filled, Group::Table(on), format!("mapped_{words}"), title);
    cx.push(look.op(Op::Assert(fact.clone())).verify(fact));
}

/// Values that only new clients know take the places of old ones in the old column too, as soon as no client is left that does not
/// know them: from then on until the switch.
fn late(cx: &mut Context, on: TableId, old: ColumnId, column: &Column, map: &EnumMap) {
    if map.late.is_empty() {
        return;
    }
    let (table, label) = (cx.new_table(on).name.name.clone(), cx.column_label(on, &column.name));
    let words = slug(&[&table, &column.name]);
    let remap = |labels: &Labels| Expr::Remap { column: old, to: column.ty.clone(), labels: labels.clone() };
    let value = remap(&map.late);
    let said = map.late.iter().map(|(from, to)| format!("{from} becomes {to}")).collect::<Vec<_>>().join(", ");
    let print = cx.fingerprint(on, &("late", &value));
    let rules = vec![TriggerRule::Compute { column: old, value: value.clone() }];
    let (id, trigger) = (cx.ids.fresh::<TriggerId>(), Trigger { name: format!("{print:08x}"), table: on, rules });
    // Going back, rows hold again what old clients know: of values that became one, the first.
    let mut home: Labels = Vec::new();
    let mut forgotten: Labels = Vec::new();
    for (from, to) in &map.late {
        if home.iter().any(|(new, _)| new == to) {
            forgotten.push((from.clone(), to.clone()));
        } else {
            home.push((to.clone(), from.clone()));
        }
    }
    let fill = |verb: &str, value: Expr| {
        let name = format!("{verb}.{table}.{}.{print:08x}", column.name);
        Op::Backfill(Backfill { name, table: on, work: Work::Sync { to: old, value } })
    };
    let stage = StageKind::Backfill;
    let title = format!("In {label}, whoever writes, {said} from now on");
    let turn = Step::new(stage, Phase::Merged, Group::Table(on), format!("turn_{words}"), title)
        .op(Op::CreateTrigger(id, trigger.clone()))
        .back(vec![Op::DropTrigger(id), fill("home", remap(&home))])
        .hazard(
            "H305",
            format!("a client that does not know the new values fails on rows of {label} from now on: {said}"),
        );
    cx.push(if forgotten.is_empty() { turn } else { turn.losing(vec![Loss::Remapped(on, old, forgotten)]) });
    let rows = Step::new(stage, Phase::Rows, Group::Alone, format!("map_{words}"), format!("In {label} {said}"));
    cx.push(rows.op(fill("late", value)).back(Vec::new()));
    let fact = Fact::Without { on, column: old, labels: map.late.iter().map(|(from, _)| from.clone()).collect() };
    let gone = map.late.iter().map(|(from, _)| from.as_str()).collect::<Vec<_>>().join(" or ");
    let title = format!("No row holds {gone} in {label} any more");
    let look = Step::new(stage, Phase::Filled, Group::Table(on), format!("mapped_{words}"), title);
    cx.push(look.op(Op::Assert(fact.clone())).verify(fact));
    // It speaks of the column by the name that another takes in the switch.
    let helpers = cx.helpers.entry(on).or_default();
    helpers.at_end.push(Op::DropTrigger(id));
    helpers.back_keys.push(Op::CreateTrigger(id, trigger));
}

/// Rows that would agree in a unique index once values are others are looked for before anything is changed.
pub fn finish(cx: &mut Context) {
    let early = |cx: &Context, on: TableId, id: ColumnId| {
        let (_, old, new) = all_columns(cx).into_iter().find(|s| s.0 == on && s.1 == id)?;
        let (from, to) = (&cx.old_table(on).columns[&old].ty, &cx.new_table(on).columns[&new].ty);
        let map = between(cx, from, to).filter(|map| !map.early.is_empty())?;
        let value = Expr::Remap { column: id, to: from.clone(), labels: map.early.clone() };
        Some((value, keeps(cx, old, new, map)))
    };
    let tables: Vec<TableId> =
        cx.new_catalog().tables.keys().copied().filter(|t| cx.old().tables.contains_key(t)).collect();
    for on in tables {
        let table = cx.old_table(on);
        let uniques = table.indexes.values().filter(|i| i.unique).map(|i| (&i.name, &i.columns));
        for (unique, columns) in uniques.chain(table.primary_key.iter().map(|k| (&k.name, &k.columns))) {
            let value = |id: ColumnId| early(cx, on, id).map_or((id, Expr::Column(id)), |(value, _)| (id, value));
            let kept = columns.iter().any(|c| early(cx, on, c.column).is_some_and(|(_, keeps)| keeps));
            let values: Vec<_> = columns.iter().map(|c| value(c.column)).collect();
            if values.iter().all(|(_, value)| matches!(value, Expr::Column(_))) {
                continue;
            }
            let (name, quoted) = (cx.dialect.ident(unique), cx.dialect.name(&table.name));
            let words = slug(&[unique]);
            if cx.intent.assumes(Assume::KeepFirst) && cx.may_delete_from(on) {
                if kept {
                    continue; // when the new columns are filled
                }
                let question =
                    format!("which of the rows of {quoted} that will agree in what {name} makes unique stays?");
                let answer = "the first by primary key; the others are deleted";
                cx.decide("PS0707", &table.origin, &question, answer, "--assume keep-first");
                let title =
                    format!("Of the rows of {quoted} that will agree in what {name} makes unique, keep the first");
                let step = Step::new(StageKind::Backfill, Phase::Merged, Group::Alone, format!("dedup_{words}"), title);
                let fill = Backfill {
                    name: format!("{}.{unique}", table.name.name),
                    table: on,
                    work: Work::KeepFirstOf { values },
                };
                cx.push(step.op(Op::Backfill(fill)).hazard("H203", "deletes rows"));
                continue;
            }
            let fact = Fact::NoDuplicatesIn { on, values };
            let title = format!("No two rows of {quoted} will agree in what {name} makes unique");
            let look =
                Step::new(StageKind::Expand, Phase::BeforeTriggers, Group::Table(on), format!("unique_{words}"), title);
            cx.push(look.op(Op::Assert(fact.clone())).before(fact));
        }
    }
}
