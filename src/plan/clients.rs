//! Which client may run on which catalog: computed from the two, never written by hand.
//!
//! What Prisma Client sends and tolerates: reads and RETURNING list every column of the model; writes name the given fields,
//! and those with a default that the client knows; enum labels it does not know fail the read.

mod helped;
mod types;

use super::labels::Labels;
use crate::catalog::{
    Catalog, Column, ColumnId, Default, EnumId, Side, Table, TableId, TriggerId, TriggerRule, ViewId,
};
use crate::dialect::{Dialect, Sync, Works};
use crate::op::{Fact, Op, Run};
use crate::stage::{Generation, Verdict};
use foldhash::{HashMap, HashSet};
use helped::{Helped, held_by, helped, made_with, picky, tight};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// A generation of Prisma Client: the schema it was generated from, as a catalog.
#[derive(Clone, Copy, Debug)]
pub struct Client<'a> {
    /// Which.
    pub generation: Generation,
    /// What it believes the database to be.
    pub believes: &'a Catalog,
    /// The database, which knows what a client makes of a column of another type than it expects.
    pub dialect: Dialect,
    /// What was there before the plan: a column that was NOT NULL then has no NULL until somebody writes one.
    pub before: &'a Catalog,
    /// Names that stand for something else in the new schema.
    pub meanings: &'a Meanings,
}

/// Names that stand for something else in the new schema than in the old one.
#[derive(Clone, Debug, Default)]
pub struct Meanings {
    /// Columns of NEW that hold other values than those of OLD whose places they take.
    pub columns: HashSet<ColumnId>,
    /// Columns that stay, and that others are taken out of: what these are called. They follow as long as a trigger is there.
    pub taken: HashMap<ColumnId, Vec<String>>,
    /// Labels of NEW that are another value's in OLD: by enum and label, the label that the value has in OLD.
    pub labels: HashMap<(EnumId, String), String>,
}

/// What is wrong for a client, table by table, kept up to date as a plan is run.
#[derive(Clone, Debug)]
pub struct Judge<'a> {
    client: Client<'a>,
    findings: BTreeMap<TableId, Found>,
    known_good: HashSet<ColumnId>,
    /// Columns that are computed from one without NULL.
    full: HashSet<ColumnId>,
    labels: Labels,
    by_enum: HashMap<EnumId, Vec<TableId>>,
    views: HashMap<ViewId, TableId>,
    triggers: HashMap<TriggerId, TableId>,
    /// Tables whose rows a trigger makes, at some point of the plan.
    made: BTreeSet<TableId>,
    touched: BTreeSet<TableId>,
    /// Tables that had a trigger of ours, which is gone.
    severed: BTreeSet<TableId>,
    /// Where clients keep both shapes the same: what this one writes from now on and does not write in the other shape.
    behind: BTreeMap<TableId, BTreeSet<String>>,
}

/// What is wrong with a table for a client.
#[derive(Clone, Debug, Default)]
struct Found {
    all: Vec<(Verdict, String)>,
    /// Does it fail as soon as a newer client writes what it does not know?
    is_exposed: bool,
}

impl Found {
    fn push(&mut self, finding: (Verdict, String)) {
        self.all.push(finding);
    }

    /// Something that holds as long as nobody writes what this client does not know.
    fn push_exposed(&mut self, why: String) {
        self.is_exposed = true;
        self.all.push((Verdict::WithCare, why));
    }
}

/// `Table.column`, written only where there is something to say of it: every column is looked at.
struct Dotted<'a>(&'a str, &'a str);

impl fmt::Display for Dotted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

impl<'a> Judge<'a> {
    /// Looks at every table once.
    pub fn new(client: Client<'a>, run: &Run) -> Self {
        let mut by_enum: HashMap<_, Vec<TableId>> = HashMap::default();
        for (id, table) in &client.believes.tables {
            for e in table.columns.values().filter_map(|c| c.ty.enum_id()) {
                by_enum.entry(e).or_default().push(*id);
            }
        }
        let mut judge = Judge {
            client,
            findings: BTreeMap::new(),
            known_good: HashSet::default(),
            full: HashSet::default(),
            labels: Labels::of(client.before),
            by_enum,
            views: HashMap::default(),
            triggers: HashMap::default(),
            made: BTreeSet::new(),
            touched: BTreeSet::new(),
            severed: BTreeSet::new(),
            behind: BTreeMap::new(),
        };
        judge.look_at_all(run);
        judge.touched.clear();
        judge
    }

    /// Which client.
    pub fn generation(&self) -> Generation {
        self.client.generation
    }

    /// Does it fail as soon as a newer client writes what it does not know?
    pub fn is_exposed(&self) -> bool {
        self.findings.values().any(|found| found.is_exposed)
    }

    /// Looks again at what an op has touched.
    pub fn after(&mut self, op: &Op, run: &Run) {
        if let Op::Assert(Fact::NoNulls { column, .. } | Fact::Mirrored { new: column, .. }) = op {
            self.known_good.insert(*column);
        }
        if let Op::Assert(Fact::InSync { sync, .. }) = op {
            self.known_good.extend(sync.forth.iter().map(|(column, _)| *column));
        }
        if let Op::Assert(Fact::Carried { link, from }) = op {
            self.known_good.extend(link.columns(from.other()));
        }
        if let Op::Assert(Fact::Across { across, from }) = op {
            self.known_good.extend(across.columns(from.other()));
        }
        if let Op::Assert(Fact::Mapped { mapping, .. }) = op {
            self.known_good.extend(mapping.forward.iter().map(|(id, _)| *id));
        }
        if let Op::Assert(Fact::Computed { on, column, value }) = op
            && self.never_null(*on, value, run)
        {
            self.full.insert(*column);
        }
        self.labels.after(op);
        if let Op::Backfill(fill) | Op::BackfillAtOnce(fill) = op
            && self.client.generation == Generation::Old
            && self.is_kept_by_clients()
        {
            let left = helped::left_behind(run, fill);
            self.behind.entry(fill.table).or_default().extend(left);
        }
        match op {
            Op::CreateEnum(id, _) | Op::DropEnum(id) => self.look_at_enum(*id, run),
            Op::AddEnumValue { on, .. }
            | Op::ForgetEnumValue { on, .. }
            | Op::RenameEnum { on, .. }
            | Op::RenameEnumValue { on, .. } => self.look_at_enum(*on, run),
            Op::CreateView(id, view) => {
                self.views.insert(*id, view.table);
                self.look(view.table, run);
            }
            Op::CreateTrigger(id, trigger) => {
                self.triggers.insert(*id, trigger.table);
                self.look(trigger.table, run);
                for rule in &trigger.rules {
                    if let TriggerRule::Across { across, .. } = rule {
                        self.look(across.table(Side::New), run);
                    }
                    if let TriggerRule::Carry { link, .. } = rule {
                        self.made.insert(link.child);
                        self.look(link.child, run);
                    }
                }
            }
            Op::Redefine(_) => self.look_at_all(run),
            // What is dropped is gone already, so the table was remembered.
            Op::DropView(id) => self.look_behind(self.views.get(id).copied(), run),
            Op::DropTrigger(id) => {
                self.severed.extend(self.triggers.get(id));
                self.look_behind(self.triggers.get(id).copied(), run);
                for child in self.made.clone() {
                    self.look(child, run);
                }
            }
            other => {
                if let Some(table) = other.table() {
                    self.look(table, run);
                }
            }
        }
    }

    /// Do clients keep both shapes of a row the same?
    pub(super) fn is_kept_by_clients(&self) -> bool {
        self.client.dialect.caps().sync == Sync::Clients
    }

    fn look_at_enum(&mut self, id: EnumId, run: &Run) {
        let mut tables = self.by_enum.get(&id).cloned().unwrap_or_default();
        // Columns that the client believes to be of another type.
        let others = run.catalog.tables.iter().filter(|(_, t)| t.columns.values().any(|c| c.ty.enum_id() == Some(id)));
        tables.extend(others.map(|(table, _)| *table));
        for table in tables {
            self.look(table, run);
        }
    }

    fn look_behind(&mut self, table: Option<TableId>, run: &Run) {
        match table {
            Some(table) => self.look(table, run),
            None => self.look_at_all(run),
        }
    }

    fn look_at_all(&mut self, run: &Run) {
        let ids: Vec<TableId> = self.client.believes.tables.keys().copied().collect();
        for id in ids {
            self.look(id, run);
        }
    }

    /// The worst of all tables, and why.
    pub fn verdict(&self) -> (Verdict, Vec<String>) {
        let all = self.findings.values().flat_map(|found| &found.all);
        let worst = all.clone().map(|f| f.0).max().unwrap_or(Verdict::Runs);
        (worst, all.map(|f| f.1.clone()).collect())
    }

    /// What is wrong now with the tables that were looked at since this was last asked: the worst, and why.
    pub fn changed(&mut self) -> (Verdict, Vec<String>) {
        let touched = std::mem::take(&mut self.touched);
        let all = touched.iter().filter_map(|id| self.findings.get(id)).flat_map(|found| &found.all);
        (all.clone().map(|f| f.0).max().unwrap_or(Verdict::Runs), all.map(|f| f.1.clone()).collect())
    }

    fn look(&mut self, id: TableId, run: &Run) {
        let Some(table) = self.client.believes.tables.get(&id) else { return };
        // An ignored model has no part in the client.
        if table.columns.values().all(|c| c.ignored) {
            return;
        }
        self.touched.insert(id);
        if self.is_as_believed(id, table, run) {
            self.findings.remove(&id);
            return;
        }
        let found = self.judge_table(id, table, run);
        if found.all.is_empty() {
            self.findings.remove(&id);
        } else {
            self.findings.insert(id, found);
        }
    }

    /// Is the table what the client takes it for, and no enum or trigger of it under way? Nearly all are, so this is looked at
    /// before any of the rest.
    fn is_as_believed(&self, id: TableId, table: &Arc<Table>, run: &Run) -> bool {
        let severed = self.severed.contains(&id) && !self.client.meanings.taken.is_empty();
        let same = !severed
            && !self.behind.contains_key(&id)
            && run.catalog.tables.get(&id).is_some_and(|real| Arc::ptr_eq(real, table))
            && made_with(run, id).is_empty();
        let same_labels = |id| match (self.client.believes.enums.get(&id), run.catalog.enums.get(&id)) {
            (Some(own), Some(there)) => own.values == there.values && own.name == there.name,
            (None, _) | (_, None) => false,
        };
        same && run.catalog.triggers.values().all(|t| t.table != id)
            && table.columns.values().filter_map(|c| c.ty.enum_id()).all(same_labels)
            && !table.columns.values().filter_map(|c| c.ty.enum_id()).any(|e| self.is_relabelled(e))
    }

    /// Do labels of the enum stand for other values, now or in NEW?
    fn is_relabelled(&self, id: EnumId) -> bool {
        self.labels.is_relabelled(id) || self.client.meanings.labels.keys().any(|(of, _)| *of == id)
    }

    /// The labels that stand for another value than the client takes them for.
    fn other_values<'l>(&self, id: EnumId, own: &'l crate::catalog::Enum) -> Vec<&'l str> {
        let Some(old) = self.client.before.enums.get(&id).filter(|_| self.is_relabelled(id)) else { return Vec::new() };
        let meant = |label: &String| match self.client.generation {
            Generation::Old => label.clone(),
            Generation::Bridge | Generation::New => {
                self.client.meanings.labels.get(&(id, label.clone())).unwrap_or(label).clone()
            }
        };
        let known = own.values.iter().filter(|l| old.values.contains(l));
        known.filter(|l| self.labels.came_from(id, l) != meant(l)).map(String::as_str).collect()
    }

    fn judge_table(&self, id: TableId, table: &Table, run: &Run) -> Found {
        let name = &table.name.name;
        let stop = |why: String| Found { all: vec![(Verdict::MustNotRun, why)], is_exposed: false };
        let Some(real) = run.catalog.tables.get(&id) else { return stop(format!("table {name} is not there")) };
        // By the table's own name, or by a view of that name.
        let columns: HashMap<&str, ColumnId> = if real.name == table.name {
            real.columns.iter().map(|(id, c)| (c.name.as_str(), *id)).collect()
        } else {
            match run.catalog.views.values().find(|v| v.name == table.name && v.table == id) {
                Some(view) => view.columns.iter().map(|(alias, id)| (alias.as_str(), *id)).collect(),
                None => return stop(format!("table {name} is not there")),
            }
        };
        let helped = Helped { severed: self.severed.contains(&id), ..helped(self.client.before, run, id) };
        let helped = if self.is_kept_by_clients() { helped.by_clients(self.client.generation) } else { helped };
        let mut found = Found::default();
        for why in self.behind.get(&id).into_iter().flatten() {
            found.push((Verdict::MustNotRun, why.clone()));
        }
        let mut known = HashSet::default();
        for (own, column) in table.columns.iter().filter(|(_, c)| !c.ignored) {
            match columns.get(column.name.as_str()).and_then(|c| real.columns.get(c).map(|r| (*c, r))) {
                None => {
                    let what = format!("{name}.{} is not there, and every read lists it", column.name);
                    found.push((Verdict::MustNotRun, what));
                }
                Some((at, there)) => {
                    known.insert(at);
                    let meant =
                        [own, &at].into_iter().any(|id| *own != at && self.client.meanings.columns.contains(id));
                    let readable = self.client.dialect.works(&column.ty, &there.ty) != Works::Not;
                    if (meant && readable) || is_another(*own, at, table, real) {
                        let what = format!("{name}.{} is another column here, with other values", column.name);
                        found.push((Verdict::MustNotRun, what));
                        continue;
                    }
                    self.judge_column(name, *own, column, at, there, run, &helped, &mut found);
                }
            }
        }
        for (at, there) in real.columns.iter().filter(|(at, _)| !known.contains(*at)) {
            // A client whose own schema has it so cannot insert anyway.
            let always = table.columns.get(at).is_some_and(|c| c.ignored && !c.nullable && c.default.is_none());
            if !there.nullable && there.default.is_none() && !helped.filled.contains(at) && !always {
                let what =
                    format!("inserts into {name} leave out {}, which is required and has no default", there.name);
                found.push((Verdict::ReadsOnly, what));
            }
        }
        self.judge_keys(name, table, real, &columns, &known, &mut found);
        for parent in made_with(run, id).into_iter().filter_map(|parent| self.client.believes.tables.get(&parent)) {
            let parent = &parent.name.name;
            let what = format!(
                "rows of {name} come with those of {parent}: to create one that is there already is refused (P2002), an upsert works"
            );
            found.push((Verdict::WithCare, what));
        }
        if self.client.generation != Generation::New {
            for child in held_by(run, id).into_iter().filter_map(|child| run.catalog.tables.get(&child)) {
                let what = format!(
                    "a row of {name} is not to be deleted (P2003) while the row of {} is there that came with it",
                    child.name.name
                );
                found.push((Verdict::WithCare, what));
            }
        }
        found
    }

    #[expect(clippy::too_many_arguments, reason = "one column seen from both sides")]
    fn judge_column(
        &self,
        table: &str,
        own: ColumnId,
        column: &Column,
        at: ColumnId,
        there: &Column,
        run: &Run,
        helped: &Helped,
        found: &mut Found,
    ) {
        let name = Dotted(table, &column.name);
        let filled = &helped.filled;
        let was = helped.before.and_then(|t| t.columns.get(&at));
        if own == at && helped.mirrored.contains(&at) && !self.known_good.contains(&at) {
            found.push((Verdict::MustNotRun, format!("{name} is not filled yet")));
        } else if !column.nullable && there.nullable && !self.known_good.contains(&at) {
            match was {
                Some(before) if !before.nullable => {
                    found.push_exposed(format!("{name} may be NULL as soon as a newer client writes that"));
                }
                Some(_) | None if self.full.contains(&at) && self.client.generation != Generation::New => {
                    found.push_exposed(format!("{name} may be NULL as soon as a newer client writes that"));
                }
                Some(_) | None => {
                    found.push((Verdict::MustNotRun, format!("{name} is NULL in rows that are not filled yet")))
                }
            }
        }
        if let Some(others) = self.client.meanings.taken.get(&own).filter(|_| helped.severed)
            && self.client.generation != Generation::New
        {
            let what = format!("what it writes to {name} does not reach {} any more", others.join(", "));
            found.push((Verdict::WithCare, what));
        }
        if !column.nullable && there.nullable && self.known_good.contains(&at) && helped.late.contains(&at) {
            let why = format!("{name} is NULL in a row that an older client has just made, until it links one to it");
            found.push((Verdict::WithCare, why));
        }
        if helped.left.contains(&at) {
            found.push((Verdict::WithCare, format!("{name} does not follow what newer clients write in its place")));
        }
        if own == at && helped.one_way.contains(&at) {
            found.push((Verdict::WithCare, format!("{name} does not follow what newer clients write")));
        }
        if own == at
            && helped.mirrored.contains(&at)
            && let Some(old) = tight(run, self.client.dialect, helped.table, at)
        {
            let why = format!("{name} takes only what the old column {old} can hold, too: other values are refused");
            found.push((Verdict::WithCare, why));
        }
        let by_default = there.default.is_some() && column.default.is_none() && there.nullable && own == at;
        if column.nullable && (helped.given.contains(&at) || by_default) && self.client.generation != Generation::Old {
            found.push((Verdict::WithCare, format!("{name} gets a value in a row that is made without one")));
        }
        if let Some(rows) = picky(run, self.client.dialect, helped.table, at).filter(|_| own == at) {
            let why = format!("{name} takes only elements that {rows} can hold, too: other writes are refused");
            found.push((Verdict::WithCare, why));
        }
        if column.nullable && !there.nullable && !filled.contains(&at) {
            found.push((Verdict::WithCare, format!("writes of NULL to {name} are refused")));
        }
        let relies = matches!(column.default, Some(Default::Sequence | Default::Sql(_)));
        if relies && there.default.is_none() && !there.nullable && !filled.contains(&at) {
            found.push((Verdict::ReadsOnly, format!("inserts rely on a default of {name} that is not there")));
        }
        let numbered = |column: &Column| column.default_is_sequence() && self.client.dialect.counts(&column.ty);
        if numbered(column) && there.default_is_sequence() && !numbered(there) {
            let what = format!("inserts rely on a number for {name}, which the database gives to INTEGER alone");
            found.push((Verdict::ReadsOnly, what));
        }
        self.judge_type(&name, (column, at), there, was, run, found);
    }

    fn judge_keys(
        &self,
        name: &str,
        table: &Table,
        real: &Table,
        columns: &HashMap<&str, ColumnId>,
        known: &HashSet<ColumnId>,
        found: &mut Found,
    ) {
        let actual = |id: &ColumnId| table.columns.get(id).and_then(|c| columns.get(c.name.as_str())).copied();
        let set = |ids: Vec<ColumnId>| {
            let mut ids = ids;
            ids.sort_unstable();
            ids
        };
        let uniques = |t: &Table, f: &dyn Fn(&ColumnId) -> Option<ColumnId>| -> Vec<Vec<ColumnId>> {
            let keys = t.primary_key.iter().map(|k| &k.columns);
            let indexes = t.indexes.values().filter(|i| i.unique && i.predicate.is_none()).map(|i| &i.columns);
            keys.chain(indexes)
                .filter_map(|k| k.iter().map(|c| f(&c.column)).collect::<Option<Vec<_>>>().map(set))
                .collect()
        };
        let (own, there) = (uniques(table, &actual), uniques(real, &|id| Some(*id)));
        let names = |ids: &[ColumnId]| {
            ids.iter().filter_map(|c| real.columns.get(c)).map(|c| c.name.as_str()).collect::<Vec<_>>().join(", ")
        };
        for key in own.iter().filter(|k| !there.contains(k)) {
            found.push((Verdict::WithCare, format!("{name}({}) is not unique here: upserts by it fail", names(key))));
        }
        for key in there.iter().filter(|k| !own.contains(k)) {
            // A key over columns that the client does not write cannot get in its way.
            let writes = key.iter().all(|c| known.contains(c));
            if writes {
                // Two upserts of one row that race: the server may find this index taken before the one that ON CONFLICT names.
                let by = |own: &&Vec<ColumnId>| {
                    own.len() > key.len() && there.contains(own) && key.iter().all(|id| own.contains(id))
                };
                let races = own.iter().find(by).map_or_else(String::new, |own| {
                    format!("; an upsert by {} that loses a race for its row gets P2002 and is sent again", names(own))
                });
                let what =
                    format!("{name}({}) is unique here: writes that repeat a value are refused{races}", names(key));
                found.push((Verdict::WithCare, what));
            }
        }
        for key in real.foreign_keys.values() {
            let same = table
                .foreign_keys
                .values()
                .any(|k| k.columns.iter().map(actual).eq(key.columns.iter().map(|c| Some(*c))));
            let writes = key.columns.iter().all(|c| known.contains(c));
            if !same && writes {
                found.push((
                    Verdict::WithCare,
                    format!("{name}({}) must point at a row: other writes are refused", names(&key.columns)),
                ));
            }
        }
    }
}

/// Is what a client finds under a column's name another column of its own, or the place of one that is elsewhere?
fn is_another(own: ColumnId, at: ColumnId, table: &Table, real: &Table) -> bool {
    let elsewhere = || {
        let name = real.columns.get(&own).map(|c| c.name.as_str());
        name.is_some_and(|name| !name.ends_with("__ps") && !name.ends_with("__ps_old"))
    };
    own != at && (table.columns.contains_key(&at) || elsewhere())
}
