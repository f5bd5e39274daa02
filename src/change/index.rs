//! Indexes and uniques.

use super::{Change, Context, Group, Phase, Step, slug};
use crate::catalog::{ColumnId, ForeignKey, ForeignKeyId, Index, IndexId, Table, TableId};
use crate::dialect::Alter;
use crate::op::{Backfill, Build, Fact, Op, Work};
use crate::options::Assume;
use crate::stage::StageKind;

pub fn classify(on: TableId, was: &Table, now: &Table) -> Vec<Change> {
    let mut all = Vec::new();
    for (id, index) in &now.indexes {
        match was.indexes.get(id) {
            None => all.push(Change::CreateIndex(on, *id)),
            Some(old) if old.name != index.name => all.push(Change::RenameIndex(on, *id)),
            Some(_) => {}
        }
    }
    all.extend(was.indexes.keys().filter(|id| !now.indexes.contains_key(*id)).map(|id| Change::DropIndex(on, *id)));
    all
}

fn noun(index: &Index) -> &'static str {
    if index.unique { "unique index" } else { "index" }
}

pub fn create(cx: &mut Context, on: TableId, id: IndexId) {
    let table = cx.new_table(on);
    let index = table.indexes[&id].clone();
    let (quoted, on_table) = (cx.dialect.ident(&index.name), cx.dialect.name(&table.name));
    let title = format!("Build {} {quoted} on {on_table}", noun(&index));
    cx.note("create-index", &index.origin, title.clone());
    build(cx, on, id, &index, title);
    give_back(cx, on, id, &index);
}

/// A foreign key that hangs on the new index hangs on the old one again before the new one goes.
fn give_back(cx: &mut Context, on: TableId, id: IndexId, index: &Index) {
    let Some(was) = cx.old().tables.get(&on) else { return };
    let same = |i: &&Index| {
        let among = |c: &crate::catalog::KeyColumn| index.columns.iter().any(|other| other.column == c.column);
        i.unique && i.columns.len() == index.columns.len() && i.columns.iter().all(among)
    };
    if was.indexes.iter().filter(|(id, _)| !cx.new_table(on).indexes.contains_key(*id)).all(|(_, i)| !same(&i)) {
        return;
    }
    let old = cx.old();
    if links_on(cx, on, index).is_empty() {
        return;
    }
    let links: Vec<_> = old
        .pointing_at(on, &index.columns)
        .into_iter()
        .filter_map(|(from, id)| Some((from, id, old.foreign_key(from, id)?.clone())))
        .collect();
    let mut back: Vec<Op> = links.iter().map(|(from, id, _)| Op::DropForeignKey { on: *from, id: *id }).collect();
    back.push(Op::DropIndex { on, id, build: Build::Plain });
    for (from, id, key) in &links {
        let key = Box::new(ForeignKey { validated: false, ..key.clone() });
        back.push(Op::AddForeignKey { on: *from, id: *id, key });
    }
    back.extend(links.iter().map(|(from, id, _)| Op::ValidateForeignKey { on: *from, id: *id }));
    let builds = |s: &&mut Step| s.ops.iter().any(|op| matches!(op, Op::CreateIndex { id: other, .. } if *other == id));
    if let Some(step) = cx.steps.iter_mut().find(builds).filter(|_| !links.is_empty()) {
        step.back = Some(back);
    }
}

/// The steps of an index: what it would stumble over, the index itself, beside running work, and whether it is complete.
pub fn build(cx: &mut Context, on: TableId, id: IndexId, index: &Index, title: String) {
    let table = cx.new_table(on);
    let (quoted, on_table) = (cx.dialect.ident(&index.name), cx.dialect.name(&table.name));
    let columns: Vec<_> = index.columns.iter().map(|c| c.column).collect();
    let duplicates = Fact::NoDuplicates { on, columns: columns.clone() };
    let words = slug(&[&index.name]);
    let may_repeat = index.unique
        && index.predicate.is_none()
        && !was_unique(cx, on, &columns)
        && !columns.iter().any(|c| cx.all_null.contains(c) || cx.distinct.contains(c))
        && !links_as_before(cx, on, &columns);
    // Rows that others point at cannot be deleted: then the plan stops at the first, as it does where nothing was said.
    if may_repeat && cx.intent.assumes(Assume::KeepFirst) && cx.may_delete_from(on) {
        cx.decide(
            "PS0707",
            &index.origin,
            &format!("which of the rows of {on_table} that agree in what {quoted} makes unique stays?"),
            "the first by primary key; the others are deleted",
            "--assume keep-first",
        );
        let name = format!("{}.{}", table.name.name, index.name);
        let work = Work::KeepFirst { columns: columns.clone() };
        let step = Step::new(
            StageKind::Backfill,
            Phase::Filled,
            Group::Alone,
            format!("dedup_{words}"),
            format!("Of the rows of {on_table} that agree in what {quoted} makes unique, keep the first"),
        );
        cx.push(step.op(Op::Backfill(Backfill { name, table: on, work })).hazard("H203", "deletes rows"));
    } else if may_repeat {
        let check = Step::new(
            StageKind::Validate,
            Phase::BeforeIndexes,
            Group::Table(on),
            format!("unique_{words}"),
            format!("No two rows of {on_table} agree in what {quoted} makes unique"),
        );
        cx.push(check.op(Op::Assert(duplicates.clone())).before(duplicates));
    }
    let mut build = Step::new(StageKind::Validate, Phase::Indexes, Group::Alone, format!("index_{words}"), title)
        .op(Op::CreateIndex { on, id, index: Box::new(index.clone()), build: Build::Online })
        .hazard(
            "H101",
            "reads the table twice beside running work, and waits for every transaction that is older than it",
        );
    if index.unique {
        build = build.hazard("H303", "from now on writes that repeat a value are refused, those of old clients too");
    }
    cx.push(build);
    let valid = Step::new(
        StageKind::Validate,
        Phase::IndexesValid,
        Group::Table(on),
        format!("valid_{words}"),
        format!("{quoted} is complete"),
    );
    cx.push(valid.op(Op::Assert(Fact::IndexValid { on, index: id })).verify(Fact::IndexValid { on, index: id }));
}

/// Can no two rows agree in these columns, since OLD had some of them unique?
fn was_unique(cx: &Context, on: TableId, columns: &[ColumnId]) -> bool {
    let was: Vec<_> = columns.iter().map(|id| cx.was(*id)).collect();
    let old = cx.old_table(on);
    let indexes = old.indexes.values().filter(|i| i.unique && i.predicate.is_none()).map(|i| &i.columns);
    let mut keys = indexes.chain(old.primary_key.iter().map(|k| &k.columns));
    keys.any(|key| key.iter().all(|c| was.contains(&c.column)))
}

pub fn drop(cx: &mut Context, on: TableId, id: IndexId) {
    let table = cx.old_table(on);
    let index = &table.indexes[&id];
    let title = format!("Drop {} {} of {}", noun(index), cx.dialect.ident(&index.name), cx.dialect.name(&table.name));
    if super::primary_key::reused(table, cx.new_table(on)) == Some(id) {
        let title = format!("{} becomes the primary key", cx.dialect.ident(&index.name));
        return cx.note("drop-index", &index.origin, title);
    }
    cx.note("drop-index", &index.origin, title.clone());
    let links = links_on(cx, on, index);
    if !links.is_empty() {
        return drop_under(cx, on, id, links, title);
    }
    let step = Step::new(
        StageKind::Contract,
        Phase::OldIndexes,
        Group::Alone,
        format!("drop_{}", slug(&[&index.name])),
        title,
    )
    .op(Op::DropIndex { on, id, build: Build::Online })
    .hazard(
        "H501",
        "queries that rely on it read the whole table: look at its use (pg_stat_user_indexes) on every replica first",
    );
    cx.push(step);
}

/// The foreign keys that may hang on a unique index that goes, since they point at its columns: which of two indexes over these the
/// server took for one, nothing tells. It is the oldest that there is, so one that is made anew takes it again.
fn links_on(cx: &Context, on: TableId, index: &Index) -> Vec<(TableId, ForeignKeyId)> {
    if !index.unique || index.predicate.is_some() || cx.dialect.caps().alter == Alter::AtOnce {
        return Vec::new();
    }
    let new = cx.new_catalog();
    let same =
        |(from, id): &(TableId, ForeignKeyId)| match (cx.old().foreign_key(*from, *id), new.foreign_key(*from, *id)) {
            (Some(was), Some(now)) => was.means_the_same(now),
            (None, _) | (_, None) => true,
        };
    new.pointing_at(on, &index.columns).into_iter().filter(same).collect()
}

/// The index goes in the moment in which foreign keys that may hang on it are made anew, and these look at the rows afterwards.
fn drop_under(cx: &mut Context, on: TableId, id: IndexId, links: Vec<(TableId, ForeignKeyId)>, title: String) {
    let index = cx.old_table(on).indexes[&id].clone();
    let words = slug(&[&index.name]);
    // Once they have their names.
    let mut step = Step::new(StageKind::Contract, Phase::LateNames, Group::Alone, format!("drop_{words}"), title)
        .back(vec![Op::CreateIndex { on, id, index: Box::new(index), build: Build::Online }]);
    let keys: Vec<_> = links
        .into_iter()
        .filter_map(|(from, key)| Some((from, key, cx.new_catalog().foreign_key(from, key)?.clone())))
        .collect();
    step = step.ops(keys.iter().map(|(from, key, _)| Op::DropForeignKey { on: *from, id: *key }));
    step = step.op(Op::DropIndex { on, id, build: Build::Plain });
    let unchecked = |key: &ForeignKey| Box::new(ForeignKey { validated: false, ..key.clone() });
    step = step.ops(keys.iter().map(|(from, id, key)| Op::AddForeignKey { on: *from, id: *id, key: unchecked(key) }));
    cx.push(step);
    for (from, id, key) in keys {
        let title = format!("{} holds for every row, as it did before", cx.dialect.ident(&key.name));
        let words = format!("validate_{}", slug(&[&key.name]));
        // Going back nobody has to look again.
        let look = Step::new(StageKind::Contract, Phase::LateNames, Group::Alone, words, title).back(Vec::new());
        cx.push(look.op(Op::ValidateForeignKey { on: from, id }));
    }
}

pub fn rename(cx: &mut Context, on: TableId, id: IndexId) {
    let (was, index) = (&cx.old_table(on).indexes[&id], &cx.new_table(on).indexes[&id]);
    let title = format!("Rename index {} to {}", cx.dialect.ident(&was.name), cx.dialect.ident(&index.name));
    cx.note("rename-index", &index.origin, title.clone());
    let step = Step::new(
        StageKind::Contract,
        Phase::Names,
        Group::Table(on),
        format!("rename_{}", slug(&[&index.name])),
        title,
    );
    cx.push(step.op(Op::RenameIndex { on, id, to: index.name.clone() }));
}

/// Is it over a one-to-one link that the other side kept? Then each row is linked to another one, as it was before.
fn links_as_before(cx: &Context, on: TableId, columns: &[ColumnId]) -> bool {
    cx.matched.flipped.iter().any(|f| f.said && f.on == on && f.came.iter().all(|c| columns.contains(c)))
}
