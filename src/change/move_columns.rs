//! Fields that go over to another model: to one that is there, to a new one (a model is split), or to one that takes all in
//! (two are merged). Both sides exist for a while, and triggers on both tables carry what is written to the other.

use super::context::bare;
use super::made::{self, Lacking};
use super::{Context, Group, Phase, Step, list_to_model, move_many, slug};
use crate::catalog::{
    Action, Carry, Column, ColumnId, End, Index, KeyColumn, Link, Table, TableId, Trigger, TriggerId, TriggerRule,
};
use crate::dialect::{Alter, Retype};
use crate::diff::{Matched, Moved, Way};
use crate::op::{Backfill, Build, Fact, Op, Work};
use crate::question::Answer;
use crate::stage::StageKind;

/// What kind of change it is.
pub fn kind(matched: &Matched, moved: &Moved) -> &'static str {
    let (old, new) = (&matched.catalogs.old, &matched.catalogs.new);
    if !old.tables.contains_key(&moved.to) {
        let listed = |id| old.column(moved.from, id).is_some_and(|c| list_to_model::is_list(&c.ty));
        let many = |way: &Way| new.tables.get(&way.0).is_some_and(|t| !t.is_unique(&way.1.columns));
        if moved.pairs.iter().any(|(id, _)| listed(*id)) && moved.ways(matched).iter().any(many) {
            return "list-to-model";
        }
        "split-model"
    } else if !new.tables.contains_key(&moved.from) {
        "merge-models"
    } else {
        "move-columns"
    }
}

/// What all the steps speak of.
struct Move {
    link: Link,
    /// The end that old clients know.
    old: End,
    from: Vec<(ColumnId, Column)>,
    to: Vec<(ColumnId, Column)>,
    words: String,
}

pub fn plan(cx: &mut Context, moved: &Moved) {
    let kind = kind(cx.matched, moved);
    let (was, now) = (cx.old_table(moved.from), cx.new_table(moved.to));
    let mut from: Vec<_> = moved.pairs.iter().map(|(id, _)| (*id, was.columns[id].clone())).collect();
    let to: Vec<_> = moved.pairs.iter().map(|(_, id)| (*id, now.columns[id].clone())).collect();
    let list =
        |all: &[(ColumnId, Column)]| all.iter().map(|(_, c)| cx.dialect.ident(&c.name)).collect::<Vec<_>>().join(", ");
    let (a, b) = (cx.dialect.name(&was.name), cx.dialect.name(&now.name));
    let summary = match kind {
        "split-model" => format!("Split {b} off {a}, with {}", list(&from)),
        "merge-models" => format!("Merge {a} into {b}, with {}", list(&from)),
        "list-to-model" => format!("Make a row of {b} of each element of {} of {a}", cx.dialect.ident(&from[0].1.name)),
        _ => format!("Move {} of {a} to {b}", list(&from)),
    };
    let origin = to[0].1.origin.clone();
    cx.note(kind, &origin, summary);
    let Some(way) = way(cx, moved, &to[0].1) else { return };
    // As it was, where it was there.
    let sides = [cx.old(), cx.new_catalog()].into_iter().filter_map(|catalog| catalog.tables.get(&way.0));
    let child = sides.into_iter().find(|t| way.1.columns.iter().all(|id| t.columns.contains_key(id)));
    let many = child.is_some_and(|t| !t.is_unique(&way.1.columns));
    let is_new = !cx.old().tables.contains_key(&moved.to);
    if many && !from.iter().any(|(id, _)| is_key(was, way, *id)) {
        if !is_new {
            return move_many::plan(cx, moved, way, from, to);
        }
        if list_to_model::is_one(&from) {
            return list_to_model::plan(cx, moved, way, &from, to);
        }
        if cx.dialect.caps().alter == Alter::AtOnce {
            return cx.refuse(
                "splitting it off to a model of which one row has several",
                &to[0].1.origin,
                "nothing says which of several rows an old client's value is in, once new clients have made others",
                "make the field of the relation @unique and the relation one-to-one in this plan, and let go of that in one after it",
            );
        }
    }
    let Some((link, old)) = link(cx, moved, way, &from, &to) else { return };
    if !of_one_type(cx, moved.from, &mut from, &to) {
        return;
    }
    let words = slug(&[&was.name.name, &to[0].1.name]);
    let of = Move { link, old, from, to, words };
    expand(cx, moved, &of);
    fill(cx, moved, &of);
    contract(cx, moved, &of);
    if many && is_new {
        one_of_many(cx, way, &of);
    }
}

/// Of a new model that one row has several of there is one until nobody knows the columns any more that its values are in as well.
fn one_of_many(cx: &mut Context, (on, key): Way, of: &Move) {
    let table = cx.new_table(on);
    let (many, one) = (cx.dialect.name(&table.name), cx.dialect.name(&cx.new_table(key.references).name));
    let named = |id: &ColumnId| table.columns.get(id).map_or("", |c| c.name.as_str());
    let names: Vec<&str> = key.columns.iter().map(named).collect();
    let base = table.name.with_name(format!("{}_{}_key", table.name.name, names.join("_")));

    let index = Index {
        name: cx.free_name(&base, "ps").name,
        unique: true,
        method: None,
        columns: key.columns.iter().map(|id| KeyColumn::plain(*id)).collect(),
        predicate: None,
        reads: Vec::new(),
        origin: key.origin.clone(),
    };
    let id = cx.ids.fresh();
    let title = format!("One row of {many} for each of {one}, as long as {one} holds its values too");
    let begin = of.step(StageKind::Expand, Phase::Columns, Group::Table(on), "one", title);
    let begin = begin.op(Op::CreateIndex { on, id, index: Box::new(index), build: Build::Plain });
    cx.push(begin.hazard(
        "H303",
        format!("a new client that writes a second row of {many} for one of {one} is refused until contract"),
    ));
    let title = format!("A row of {one} may have several of {many}");
    let end = of.step(StageKind::Contract, Phase::OldIndexes, Group::Alone, "several", title);
    cx.push(end.op(Op::DropIndex { on, id, build: Build::Online }));
}

/// Where an old column can take the new type in place it does so first, so that both hold the same; else that is refused.
pub fn of_one_type(cx: &mut Context, on: TableId, from: &mut [(ColumnId, Column)], to: &[(ColumnId, Column)]) -> bool {
    let pairs = || from.iter().zip(to).map(|((_, a), (_, b))| (a, b));
    let free = |(a, b): &(&Column, &Column)| match cx.dialect.retype(&a.ty, &b.ty) {
        Retype::Same | Retype::Free | Retype::FreeInUtc => true,
        Retype::FreeUnlessIndexed | Retype::Rewrite => false,
    };
    if let Some((a, b)) = pairs().find(|pair| !free(pair)) {
        let what = format!("moving it and changing its type, which {} had otherwise, at once", a.origin.label());
        let why = "both sides have to hold the same values while both clients run";
        let instead = format!(
            "move it first, with the type that {} has, and change that in a plan after this one",
            a.origin.label()
        );
        cx.refuse(&what, &b.origin, why, &instead);
        return false;
    }
    for ((id, was), (_, column)) in from.iter_mut().zip(to).filter(|((_, a), (_, b))| a.ty != b.ty) {
        let label = cx.column_label(on, &was.name);
        let words = slug(&[&cx.old_table(on).name.name, &was.name]);
        let title = format!("{label} takes the type that its values have where they move");
        let step = Step::new(StageKind::Expand, Phase::Columns, Group::Table(on), format!("retype_{words}"), title)
            .op(Op::Retype { on, id: *id, to: column.ty.clone() })
            .hazard("H401", "each prepared statement that returns the column fails once on each connection (0A000); clients with a statement cache reconnect or are restarted");
        cx.push(step);
        was.ty = column.ty.clone();
    }
    true
}

fn refuse<T>(cx: &mut Context, of: &Column, what: &str, why: &str, instead: &str) -> Option<T> {
    cx.refuse(what, &of.origin, why, instead);
    None
}

/// The relation by which rows of both tables belong together; None where there is none, or where it has to be asked for.
fn way<'a>(cx: &mut Context<'a>, moved: &Moved, first: &Column) -> Option<Way<'a>> {
    let ways: Vec<Way> = moved.ways(cx.matched);
    let labels = (cx.old_table(moved.from).origin.label(), cx.new_table(moved.to).origin.label());
    match (ways.as_slice(), &moved.along) {
        ([one], along) => {
            if let Some(field) = along {
                let question = format!("by which relation does {} go over from {}?", first.origin.label(), labels.0);
                let source = cx.said(&cx.intent.along, &first.origin).map_or_else(String::new, |s| s.source.clone());
                cx.decide("PS0748", &first.origin, &question, field, &source);
            }
            Some(*one)
        }
        ([], Some(field)) => {
            let what = format!("moving it from {} along {field}, which is no relation between the two,", labels.0);
            let why = "without a relation nothing says which rows belong together";
            refuse(cx, first, &what, why, "name the relation field of the model that has the foreign key")
        }
        ([], None) => {
            let what = format!("moving it from {}, which no relation connects with {},", labels.0, labels.1);
            refuse(
                cx,
                first,
                &what,
                "without a relation nothing says which rows belong together",
                "add the relation in a plan before this one, and fill its foreign key; if it is not to stay, take it away in one after this",
            )
        }
        (many, _) => {
            let label = first.origin.label();
            let question = format!(
                "{} and {} are connected by several relations: by which does {label} go over?",
                labels.0, labels.1
            );
            let mut answers: Vec<Answer> = many
                .iter()
                .map(|(_, key)| Answer {
                    meaning: format!("by {}; above {label}", key.origin.label()),
                    write: format!("/// @stage.along({})", key.origin.label()),
                })
                .collect();
            answers.push(Answer {
                meaning: "the same, under [along] in the intent file".to_owned(),
                write: format!(
                    "{label:?} = {:?}",
                    many.first().map_or_else(String::new, |(_, key)| key.origin.label())
                ),
            });
            cx.ask("PS0748", &first.origin, question, answers);
            None
        }
    }
}

/// How the rows of both tables belong together, and which end old clients know; None where that cannot be planned.
fn link(
    cx: &mut Context,
    moved: &Moved,
    (owner, key): Way,
    from: &[(ColumnId, Column)],
    to: &[(ColumnId, Column)],
) -> Option<(Link, End)> {
    let first = &to[0].1;
    let labels = (cx.old_table(moved.from).origin.label(), cx.new_table(moved.to).origin.label());
    let parent = key.references;
    let old = if owner == moved.to { End::Parent } else { End::Child };
    // What old clients' triggers look rows up by has to be there from the beginning.
    let known = cx.old().tables.get(&owner).is_none_or(|t| t.foreign_keys.values().any(|k| k.columns == key.columns));
    if !known || (old == End::Child && !cx.old().tables.contains_key(&parent)) {
        let of = cx.new_table(owner).origin.label();
        let what = format!("moving it along a relation that is new to {of}, or changes at the same time,");
        let instead = if owner == moved.from && !cx.old().tables.contains_key(&moved.to) {
            format!(
                "let {} point at {} in a plan before this one, and turn the relation round in this one",
                labels.1, labels.0
            )
        } else {
            "make the relation as it is to be, and fill its foreign key, in a plan before this one".to_owned()
        };
        let why =
            "rows are looked up by the relation from the first day to the last: it has to be there, and filled, before";
        return refuse(cx, first, &what, why, &instead);
    }
    let child = cx.old().tables.get(&owner).or_else(|| cx.new_catalog().tables.get(&owner))?.clone();
    if let Some((_, column)) = from.iter().find(|(id, _)| is_key(cx.old_table(moved.from), (owner, key), *id)) {
        let what = format!("moving {}, which is part of a key,", column.origin.label());
        let why = "rows are looked up by keys while both clients run, and keys cannot be in two places";
        return refuse(cx, first, &what, why, "let go of the key in a plan before this one");
    }
    let pair = |(a, b): &(ColumnId, ColumnId)| match old {
        End::Parent => (*a, *b),
        End::Child => (*b, *a),
    };
    let pairs: Vec<(ColumnId, ColumnId)> = moved.pairs.iter().map(pair).collect();
    // What is NOT NULL while both sides live: the columns of a new table, and those of an old child.
    let is_new = !cx.old().tables.contains_key(&moved.to);
    let stays = cx.new_catalog().tables.contains_key(&moved.from);
    let strict = |side: &[(ColumnId, Column)]| -> Vec<ColumnId> {
        side.iter().filter(|(_, c)| !c.nullable).map(|(id, _)| *id).collect()
    };
    let mut required = if is_new { strict(to) } else { Vec::new() };
    if !stays {
        required.extend(strict(from));
    }
    let own = child.clone();
    let ids: Vec<ColumnId> = pairs.iter().map(|p| p.1).collect();
    let made = match old {
        End::Child => made::made(cx, &own, key, &ids).ok(),
        End::Parent => match made::made_for(cx, (owner, key), &own, &ids, &format!("one of {}", labels.0)) {
            Ok(made) => Some(made),
            Err(Lacking::Asked) => return None,
            Err(Lacking::Distinct) => {
                let what = format!(
                    "making rows of {} for those of {}: they need values that nobody gives",
                    labels.1, labels.0
                );
                let why = "old clients know nothing of such a row: a trigger makes it, and no two may agree in what is to be given";
                let instead =
                    "give its other required fields a default, or make them optional, in a plan before this one";
                return refuse(cx, first, &what, why, instead);
            }
        },
    };
    let restricts = matches!(key.on_delete, Action::Restrict | Action::NoAction);
    let link = Link {
        parent,
        parent_key: key.referenced.clone(),
        child: owner,
        child_key: key.columns.clone(),
        pairs,
        required,
        made,
        deletes: is_new && restricts,
    };
    Some((link, old))
}

/// Is the column part of the primary key of its table, or of that by which rows of both tables are found?
fn is_key(table: &Table, (_, key): Way, id: ColumnId) -> bool {
    let found_by = key.columns.contains(&id) || key.referenced.contains(&id);
    found_by || table.primary_key.iter().any(|k| k.columns.iter().any(|c| c.column == id))
}

impl Move {
    fn step(&self, stage: StageKind, phase: Phase, group: Group, verb: &str, title: String) -> Step {
        Step::new(stage, phase, group, format!("{verb}_{}", self.words), title)
    }

    fn fact(&self, from: End) -> Fact {
        Fact::Carried { link: self.link.clone(), from }
    }

    fn trigger(&self, cx: &mut Context, end: End, carry: Carry) -> (TriggerId, Trigger) {
        let table = self.link.table(end);
        let rule = TriggerRule::Carry { link: self.link.clone(), from: end, carry };
        let known = cx.new_catalog().tables.get(&table).or(cx.old().tables.get(&table));
        let of = known.map_or_else(String::new, |t| format!("{:?}", t.name));
        let columns: Vec<&str> = self.to.iter().map(|(_, c)| c.name.as_str()).collect();
        let name = format!("{:08x}", crc32fast::hash(format!("{carry:?} {of} {columns:?} {end:?}").as_bytes()));
        (cx.ids.fresh(), Trigger { name, table, rules: vec![rule] })
    }

    fn refill(&self, cx: &Context, from: End, verb: &str) -> Op {
        let columns: Vec<&str> = self.to.iter().map(|(_, c)| c.name.as_str()).collect();
        let table = self.link.table(from);
        let known = cx.new_catalog().tables.get(&table).or(cx.old().tables.get(&table));
        let name = format!("{verb}.{}.{}", known.map_or("", |t| &t.name.name), columns.join("."));
        Op::Backfill(Backfill { name, table, work: Work::Carry { link: self.link.clone(), from } })
    }
}

fn expand(cx: &mut Context, moved: &Moved, of: &Move) {
    let stage = StageKind::Expand;
    let stays = cx.new_catalog().tables.contains_key(&moved.from);
    for (id, column) in &of.from {
        let on = moved.from;
        let label = cx.column_label(on, &column.name);
        if stays && !column.nullable {
            let title = format!("New clients write {label} elsewhere: allow rows without it");
            let step = of.step(stage, Phase::Columns, Group::Table(on), "relax", title);
            cx.push(step.op(Op::DropNotNull { on, id: *id }));
        }
        if stays && column.default.is_some() {
            // With a default, a row of a new client would look as if an old one had written it.
            let title = format!("{label} has no default meanwhile: clients write it themselves");
            let step = of.step(stage, Phase::Columns, Group::Table(on), "undefault", title);
            cx.push(step.op(Op::SetDefault { on, id: *id, default: None }));
        }
    }
    if cx.old().tables.contains_key(&moved.to) {
        for (id, column) in &of.to {
            let label = cx.column_label(moved.to, &column.name);
            let title = format!("Add column {label}, where values move to");
            let step = of.step(stage, Phase::Columns, Group::Table(moved.to), "add", title);
            cx.push(step.op(Op::AddColumn { on: moved.to, id: *id, column: Box::new(bare(column)) }).lossless());
        }
    }
}

fn fill(cx: &mut Context, moved: &Moved, of: &Move) {
    let (a, b) = (cx.dialect.name(&cx.old_table(moved.from).name), cx.dialect.name(&cx.new_table(moved.to).name));
    let title = format!("Carry what moves from {a} to {b}, for the rows that exist");
    let rows = of
        .step(StageKind::Backfill, Phase::Rows, Group::Alone, "carry", title)
        .op(of.refill(cx, of.old, "carry"))
        .hazard("H102", "writes every row once: the table grows by about its own size until autovacuum has been there")
        .lossless();
    cx.push(rows);
    let title = format!("{b} holds what {a} does");
    let same = of.step(StageKind::Backfill, Phase::Filled, Group::Alone, "carried", title);
    cx.push(same.op(Op::Assert(of.fact(of.old))).verify(of.fact(of.old)));
    for (id, column) in &of.to {
        cx.filled.insert(*id);
        if column.nullable || !cx.old().tables.contains_key(&moved.to) {
            continue;
        }
        let fact = Fact::NoNulls { on: moved.to, column: *id };
        let title = format!("Every row has a value in {}", cx.column_label(moved.to, &column.name));
        let filled = of.step(StageKind::Backfill, Phase::Filled, Group::Table(moved.to), "filled", title);
        cx.push(filled.op(Op::Assert(fact.clone())).verify(fact));
        cx.require(moved.to, *id, &column.name);
    }
}

fn contract(cx: &mut Context, moved: &Moved, of: &Move) {
    let (a, b) = (cx.dialect.name(&cx.old_table(moved.from).name), cx.dialect.name(&cx.new_table(moved.to).name));
    let (old, new) = (of.trigger(cx, of.old, Carry::All), of.trigger(cx, of.old.other(), Carry::Changes));
    let home = of.trigger(cx, of.old.other(), Carry::All);
    let title = format!("Carry what is written to {a} and {b} from the one to the other, whoever writes");
    let watch = of
        .step(StageKind::Expand, Phase::Views, Group::Alone, "sync", title)
        .op(Op::CreateTrigger(old.0, old.1.clone()))
        .op(Op::CreateTrigger(new.0, new.1.clone()))
        .hazard(
            "H103",
            format!(
                "old clients lock a row of {a} and then one of {b}, new ones the other way round: on rows that both write at \
                 the same time, one of them may fail with a deadlock (40P01) and has to be sent again"
            ),
        );
    cx.push(watch);
    let title = format!("Stop carrying between {a} and {b}");
    let mut end = of
        .step(StageKind::Contract, Phase::Helpers, Group::Alone, "unsync", title)
        .op(Op::DropTrigger(old.0))
        .op(Op::DropTrigger(new.0));
    // Going back, what new clients wrote alone is carried home first, while both are watched again one after the other.
    let mut back = vec![Op::CreateTrigger(home.0, home.1)];
    for (id, column) in of.to.iter().filter(|(_, c)| c.default.is_some()) {
        if cx.old().tables.contains_key(&moved.to) {
            end = end.op(Op::SetDefault { on: moved.to, id: *id, default: column.default.clone() });
            back.insert(0, Op::SetDefault { on: moved.to, id: *id, default: None });
        }
    }
    back.push(of.refill(cx, of.old.other(), "back"));
    back.extend([Op::DropTrigger(home.0), Op::CreateTrigger(new.0, new.1), Op::CreateTrigger(old.0, old.1)]);
    cx.push(end.back(back));
    if !cx.new_catalog().tables.contains_key(&moved.from) {
        return;
    }
    let on = moved.from;
    for (id, column) in &of.from {
        let label = cx.column_label(on, &column.name);
        let title = format!("Drop column {label}, whose values {b} holds");
        let empty = Column { nullable: true, default: None, ..column.clone() };
        let step = of.step(StageKind::Contract, Phase::OldColumns, Group::Table(on), "drop_old", title);
        cx.push(step.op(Op::DropColumn { on, id: *id }).back(vec![Op::AddColumn {
            on,
            id: *id,
            column: Box::new(empty),
        }]));
    }
}
