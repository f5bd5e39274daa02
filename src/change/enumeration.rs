//! Enum types and their values.

use super::{Change, Context, Group, Phase, Step, slug};
use crate::catalog::{EnumId, helper_name};
use crate::dialect::Labels;
use crate::diff::Matched;
use crate::op::Op;
use crate::stage::StageKind;

pub fn classify(matched: &Matched) -> Vec<Change> {
    let (old, new) = (&matched.catalogs.old, &matched.catalogs.new);
    let exchanged = matched.exchanged_values.iter().cloned();
    let mut all: Vec<Change> =
        exchanged.map(|(of, label, value)| Change::ExchangeEnumValues(of, label, value)).collect();
    for (id, e) in &new.enums {
        let Some(was) = old.enums.get(id) else {
            let remade = matched.remade_enums.iter().any(|r| r.new == *id);
            all.push(if remade { Change::RemoveEnumValues(*id) } else { Change::CreateEnum(*id) });
            continue;
        };
        let renamed = || matched.renamed_values.iter().filter(|v| v.of == *id);
        if renamed().any(|v| was.values.contains(&v.to)) {
            all.push(Change::ExchangeLabels(*id));
        } else {
            all.extend(renamed().map(|v| Change::RenameEnumValue(*id, v.from.clone(), v.to.clone())));
        }
        if was.name != e.name {
            all.push(Change::RenameEnum(*id));
        }
        let came = e.values.iter().filter(|v| !was.values.contains(v) && !renamed().any(|r| r.to == **v));
        all.extend(came.map(|v| Change::AddEnumValue(*id, v.clone())));
    }
    all
}

pub fn create(cx: &mut Context, id: EnumId) {
    let e = cx.new_catalog().enums[&id].clone();
    let title = format!("Create enum {}", cx.dialect.name(&e.name));
    cx.note("create-enum", &e.origin, title.clone());
    let mut e = e;
    if let Some(other) = cx.taken_by(&e.name).map(str::to_owned) {
        let own = e.name.clone();
        if cx.stays(&own, None) {
            let what =
                format!("its type is to be {}, which is the name of {other} and stays it", cx.dialect.name(&own));
            return cx.impossible(&what, &e.origin, "give one of the two another name with @@map");
        }
        e.name = own.with_name(helper_name(&own.name, "ps"));
        let title = format!("{} gets its own name, which was that of {other}", cx.dialect.name(&own));
        let words = format!("name_{}", slug(&[&own.name]));
        let step = Step::new(StageKind::Contract, Phase::LateNames, Group::Alone, words, title);
        cx.push(step.op(Op::RenameEnum { on: id, to: own }));
    }
    let step =
        Step::new(StageKind::Expand, Phase::Enums, Group::New, format!("create_{}", slug(&[&e.name.name])), title);
    cx.push(step.op(Op::CreateEnum(id, e)));
}

pub fn drop(cx: &mut Context, id: EnumId) {
    let e = &cx.old().enums[&id];
    let title = format!("Drop enum {}", cx.dialect.name(&e.name));
    cx.note("drop-enum", &e.origin, title.clone());
    let step =
        Step::new(StageKind::Contract, Phase::OldTypes, Group::Alone, format!("drop_{}", slug(&[&e.name.name])), title);
    cx.push(step.op(Op::DropEnum(id)));
}

/// Goes in before the next value that is there already, so that the order is NEW's.
pub fn add_value(cx: &mut Context, id: EnumId, value: &str) {
    let (was, now) = (&cx.old().enums[&id], &cx.new_catalog().enums[&id]);
    let rest = now.values.iter().skip_while(|v| *v != value);
    // The label that a later value has so far.
    let so_far = |v: &String| {
        let renamed = cx.matched.renamed_values.iter().find(|r| r.of == id && r.to == *v).map(|r| &r.from);
        was.values.iter().find(|old| *old == v).or(renamed).cloned()
    };
    let wanted = rest.skip(1).find_map(so_far);
    let last = cx.dialect.caps().labels == Labels::Last;
    let behind = if last { wanted.clone() } else { None };
    let before = wanted.filter(|_| !last);
    let title = format!("Add value {value} to enum {}", cx.dialect.name(&now.name));
    cx.note("add-enum-value", &now.origin, title.clone());
    let step = Step::new(StageKind::Expand, Phase::Enums, Group::Alone, format!("add_{}", slug(&[&now.name.name, value])), title)
        .op(Op::AddEnumValue { on: id, value: value.to_owned(), before })
        .hazard("H301", format!("a client that does not know {value} fails on every row that holds it: do not write it before the old clients are gone"));
    let step = match behind {
        Some(next) => step.hazard(
            "H311",
            format!(
                "{value} stands last here and is sorted last, though the schema has it before {next}: in between, the table would be copied while its writers wait"
            ),
        ),
        None => step,
    };
    cx.push(step);
}
