//! What Prisma's clients do between the files of a plan, from two connections at once, and is it right?
//!
//! Each client knows its own schema and nothing else: it lists the columns of its models, gives the fields that Prisma Client
//! gives, and cannot read a label that its enums lack. A plan says of each where it may run. There it reads, creates,
//! updates, upserts, deletes and connects, with everything its schema permits; where the plan says *with care*, with what
//! both schemas permit. What was written last of each value is written down, and read back by both clients, then and at the
//! end. Where a client must not run it is tried too, in a transaction that is rolled back: a plan may be too cautious.

use super::load::Point;
use super::{Report, What, compare};
use crate::catalog::{Catalog, ColumnId, Ids, TableId};
use crate::dialect::Caps;
use crate::diff::{Becomes, Matched};
use crate::intent::Intent;
use crate::live::line::{Boxed, Connect, Writers};
use crate::live::snapshot::TableName;
use crate::live::{Result, lowered};
use crate::options::Options;
use crate::pair::Pair;
use crate::script::{ClientNote, Script, Stage, Verdict};
use crate::source::{SchemaFiles, Sources};
use crate::stage::Generation;
use crate::{diff, intent, model, syntax};
use std::collections::{BTreeMap, BTreeSet};

mod agree;
mod belief;
mod care;
mod concerned;
mod draft;
mod duty;
mod handover;
mod ledger;
mod leg;
mod round;
mod rules;
mod session;
mod shape;
mod takes;
mod tame;
mod world;

use agree::Scribe;
pub(super) use belief::Belief;
use belief::Model;
use care::Care;
use concerned::concerned;
use draft::Author;
use ledger::Ledger;
pub(super) use leg::Leg;
use round::Round;
use rules::Kept;
use session::Session;
use shape::{Move, Shape};
use world::World;

/// Which of two clients: the one that runs first, or the one that takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// The one made from OLD, or one between that runs before the other.
    Old,
    /// The one made from NEW, or one between that runs after the other.
    New,
}

/// What clients believe: both schemas as catalogs, and which column of the one is which of the other.
#[derive(Clone, Debug)]
pub struct Clients {
    /// Which clients the two are.
    generations: Pair<Generation>,
    catalogs: Pair<Catalog>,
    /// Columns of OLD that are others in NEW.
    moved: BTreeMap<ColumnId, ColumnId>,
    /// And back.
    moved_back: BTreeMap<ColumnId, ColumnId>,
    known: Pair<BTreeSet<ColumnId>>,
    /// Labels of enums, and what they become.
    labels: Vec<(String, String)>,
    /// Columns whose values were said to be computed of others.
    shapes: Vec<Shape>,
    /// Columns that went over to another table.
    moves: Vec<Move>,
    /// Columns, as (table, column) in OLD's words, that NEW requires, and those that came with a value, in NEW's: a NULL may be filled,
    /// whoever reads.
    required: BTreeSet<(TableName, String)>,
    /// What NEW keeps unique, as (table, columns) in the words of either: a client between minds it too, for rows that break
    /// NEW's rules stop the plan, as it says.
    kept_unique: BTreeSet<(TableName, Vec<String>)>,
    /// The foreign keys of NEW, in the words of either, for the same reason.
    kept_links: Vec<Kept>,
    /// The clients of the rollout two by two, where there is one between the two.
    legs: Vec<Leg>,
}

/// What was seen of one client at one point of a plan.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Seen {
    /// `old`, `bridge` or `new`.
    pub client: Generation,
    /// What the plan says of it.
    pub verdict: Verdict,
    /// Tables that it worked on.
    pub tables: usize,
    /// Statements that it sent.
    pub statements: u64,
    /// Where it may not run: would all that was tried have worked?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub too_cautious: Option<bool>,
}

/// What a plan says of a client, and why.
type Told<'s> = (Side, Verdict, &'s [String]);

/// So far apart are the numbers that several at work on one database make their values of.
const CREW: u64 = 1_000_000;

/// So many rows are read again after each round, where rounds are many.
const RECENT: usize = 40;

impl Side {
    /// Both.
    pub(super) const BOTH: [Side; 2] = [Side::Old, Side::New];

    fn other(self) -> Side {
        match self {
            Side::Old => Side::New,
            Side::New => Side::Old,
        }
    }
}

impl Clients {
    /// Of two schemas with identities in common, and what was said of their values.
    pub fn of(matched: &Matched, intent: &Intent) -> Clients {
        // A column that holds another key of the rows it points at has nothing to do with what it held.
        let same = |old: &ColumnId| !matched.relinked_columns.iter().any(|relinked| relinked.old == *old);
        let moved = matched.moved_columns().filter(|(_, old, _)| same(old)).map(|(_, old, new)| (*old, *new));
        let moved: BTreeMap<ColumnId, ColumnId> = moved.collect();
        let moved_back = moved.iter().map(|(old, new)| (*new, *old)).collect();
        let columns = |catalog: &Catalog| catalog.tables.values().flat_map(|t| t.columns.keys().copied()).collect();
        let renamed = matched.renamed_values.iter().map(|value| (value.from.clone(), value.to.clone()));
        let left = matched.remade_enums.iter().flat_map(|remade| &remade.left);
        let mapped = left.filter_map(|(from, becomes)| match becomes {
            Becomes::Another { label, .. } => Some((from.clone(), label.clone())),
            Becomes::Nothing { .. } | Becomes::Unknown { .. } | Becomes::Open => None,
        });
        let labels = renamed.chain(mapped).collect();
        let known = Pair { old: columns(&matched.catalogs.old), new: columns(&matched.catalogs.new) };
        let (shapes, moves) = (shape::shapes(matched, intent), shape::moves(matched));
        let generations = Pair { old: Generation::Old, new: Generation::New };
        let (catalogs, legs) = (matched.catalogs.clone(), Vec::new());
        let (required, kept_unique, kept_links) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        let all = Clients {
            generations,
            catalogs,
            moved,
            moved_back,
            known,
            labels,
            shapes,
            moves,
            required,
            kept_unique,
            kept_links,
            legs,
        };
        let mut required = all.required();
        required.extend(all.given(intent));
        Clients { required, kept_unique: all.kept_unique(), kept_links: all.kept_links(), ..all }
    }

    /// Of two schemas as they were read, and of those between that the plan has written.
    pub fn read(
        sources: &Sources,
        (old, new): (&SchemaFiles, &SchemaFiles),
        options: &Options,
        script: &Script,
    ) -> Clients {
        let mut ids = Ids::default();
        let (before, after) = (lowered(sources, old, &mut ids), lowered(sources, new, &mut ids));
        let (ast, _) = syntax::parse(sources, new);
        let (intent, _) = intent::collect(&model::resolve(&ast).0, options);
        let pair = |before: &Catalog, after: &Catalog, intent: &Intent| {
            Clients::of(&diff::pair(before.clone(), after.clone(), intent, Caps::PLAIN, &|_, _, _| true), intent)
        };
        let (both, unsaid) = (pair(&before, &after, &intent), Intent::default());
        let here = Options { target: options.target.clone(), ..Options::default() };
        let legs = leg::legs(&both, (script, &here), (&before, &after), &mut ids, &|(was, is), last| {
            pair(was, is, if last { &intent } else { &unsaid })
        });
        Clients { legs, ..both }
    }

    /// The same column in the other schema.
    fn partner(&self, side: Side, column: ColumnId) -> Option<ColumnId> {
        let (moved, theirs) = match side {
            Side::Old => (&self.moved, &self.known.new),
            Side::New => (&self.moved_back, &self.known.old),
        };
        moved.get(&column).copied().or_else(|| theirs.contains(&column).then_some(column))
    }

    fn generation(&self, side: Side) -> Generation {
        match side {
            Side::Old => self.generations.old,
            Side::New => self.generations.new,
        }
    }

    /// The clients of the rollout two by two, where there is one between old and new.
    pub(super) fn legs(&self) -> &[Leg] {
        &self.legs
    }

    /// What each client takes the database for, given the databases that their own DDL makes.
    pub(super) fn beliefs(&self, mut own: Pair<Boxed>) -> Result<Pair<Belief>> {
        Ok(Pair {
            old: Belief::new(&self.catalogs.old, &mut *own.old)?,
            new: Belief::new(&self.catalogs.new, &mut *own.new)?,
        })
    }
}

/// Both clients at work on a database.
pub(super) struct Company<'a> {
    world: World<'a>,
    sessions: Pair<Session>,
    scribe: Scribe,
    author: Author,
    ledger: Ledger,
    tables: Vec<TableId>,
    /// It was decided that rows which break NEW's rules go, or promised that there are none: then nobody writes any.
    careful: bool,
    turn: usize,
    /// Which of the two are at work, wherever the plan lets them.
    at_work: Vec<Side>,
    /// Does it follow the rollout, so that whoever is at work has to be one that may run?
    strict: bool,
}

impl<'a> Company<'a> {
    /// Connects, and looks at what is there.
    pub(super) fn new(
        (clients, beliefs): (&'a Clients, &'a Pair<Belief>),
        connect: Connect<'_>,
        script: &Script,
        seed: u64,
    ) -> Result<Company<'a>> {
        let world = World { clients, beliefs };
        let sessions = Pair { old: Session::new(connect()?)?, new: Session::new(connect()?)? };
        let decided = script.decisions.iter().filter_map(|d| d.answer.split_once(" becomes "));
        let decided = decided.map(|(was, is)| (was.to_owned(), is.to_owned()));
        let labels = clients.labels.iter().cloned().chain(decided).collect();
        let scribe = Scribe::new(connect()?, labels);
        let tables = concerned(&world, script, seed);
        let (careful, may_go) = (compare::keeps_new_rules(script), compare::rows_may_go(script));
        let (author, ledger) = (Author::new(seed), Ledger::new(may_go));
        let at_work = Side::BOTH.to_vec();
        let mut company =
            Company { world, sessions, scribe, author, ledger, tables, careful, turn: 0, at_work, strict: false };
        for table in company.tables.iter().filter(|_| clients.generations.old == Generation::Old) {
            let Some(model) = company.world.model(Side::Old, *table).filter(|model| !model.join) else { continue };
            for row in company.sessions.old.find(model, "TRUE")? {
                company.ledger.found(Side::Old, model, &row);
            }
        }
        Ok(company)
    }

    /// The same beside others on one database: rows that were there, and rows that others write, are not its own.
    pub(super) fn crew(
        clients: (&'a Clients, &'a Pair<Belief>),
        connect: Connect<'_>,
        script: &Script,
        (seed, nth): (u64, u64),
    ) -> Result<Company<'a>> {
        let mut company = Company::new(clients, connect, script, seed)?;
        company.ledger.rows.clear();
        company.ledger.shared = true;
        company.author = Author::new(seed + (nth + 1) * CREW);
        Ok(company)
    }

    /// One round of everything that both clients may do at a moment of a plan; what was written last is read again.
    pub(super) fn shift(&mut self, stages: &[Stage], (at, point): (usize, Point), report: &mut Report) -> Result<()> {
        let Some(stage) = stages.get(at) else { return Ok(()) };
        let notes = match point {
            Point::Applying => self.notes(stage, |note| note.during),
            Point::Applied => self.notes(stage, |note| note.after),
            Point::TakingBack => self.notes_between(stages, at),
        };
        self.ledger.from = self.ledger.rows.len().saturating_sub(RECENT);
        let beside = notes.len() == 2 && self.scribe.tongue().writers() == Writers::Many;
        let both = beside && notes.iter().all(|n| matches!(n.1, Verdict::Runs | Verdict::WithCare));
        self.point(&notes, false, &stage.folder, report)?;
        if both {
            let caring: Vec<&String> = notes.iter().filter(|n| n.1 == Verdict::WithCare).flat_map(|n| n.2).collect();
            for table in self.tables.clone() {
                self.together(table, &caring, (&stage.folder, report))?;
            }
        }
        self.ledger.from = 0;
        Ok(())
    }

    /// While a stage is taken back, those may run that may on both ends of it and between.
    fn notes_between<'s>(&self, stages: &'s [Stage], at: usize) -> Vec<Told<'s>> {
        let before = at.checked_sub(1).and_then(|before| stages.get(before));
        let before = before.map_or_else(Vec::new, |stage| self.notes(stage, |note| note.after));
        let Some(stage) = stages.get(at) else { return Vec::new() };
        let worst = |note: &ClientNote| note.during.max(note.after);
        let known = self.notes(stage, worst).into_iter().filter_map(|(side, verdict, reasons)| {
            let (_, earlier, _) = before.iter().find(|(other, ..)| *other == side)?;
            Some((side, verdict.max(*earlier), reasons))
        });
        known.filter(|(_, verdict, _)| *verdict == Verdict::Runs).collect()
    }

    /// When all is over, with so many stages applied: whoever runs there finds what was written.
    pub(super) fn close(&mut self, stages: &[Stage], applied: usize, report: &mut Report) -> Result<()> {
        let Some(stage) = applied.checked_sub(1).and_then(|last| stages.get(last)) else {
            return self.read(Side::Old, "", report);
        };
        for (side, verdict, _) in self.notes(stage, |note| note.after) {
            match verdict {
                Verdict::Runs | Verdict::WithCare | Verdict::ReadsOnly => self.read(side, "", report)?,
                Verdict::MustNotRun => {}
            }
        }
        Ok(())
    }

    /// Statements sent, and rows written.
    pub(super) fn sum(&self) -> (u64, usize) {
        (self.sessions.old.sent + self.sessions.new.sent, self.ledger.rows.len())
    }

    /// Before the first stage the old client works, or we do not know what a client is.
    pub(super) fn begin(&mut self, report: &mut Report) -> Result<()> {
        if self.world.clients.generations.old != Generation::Old {
            return Ok(());
        }
        self.point(&[(Side::Old, Verdict::Runs, &[])], false, "", report).map(drop)
    }

    /// While a stage is applied, behind one of its files.
    pub(super) fn during(&mut self, stage: &Stage, file: &str, report: &mut Report) -> Result<()> {
        let notes = self.notes(stage, |note| note.during);
        self.allowed(&notes, file, report);
        self.point(&notes, false, file, report).map(drop)
    }

    /// When a stage has been applied.
    pub(super) fn after(&mut self, stage: &Stage, report: &mut Report) -> Result<Vec<Seen>> {
        let notes = self.notes(stage, |note| note.after);
        self.allowed(&notes, &stage.folder, report);
        self.point(&notes, true, &stage.folder, report)
    }

    /// When all is done: what every client wrote is there, as the new one has it.
    pub(super) fn end(&mut self, report: &mut Report) -> Result<()> {
        match self.world.clients.generations.new {
            Generation::New => self.read(Side::New, "", report),
            Generation::Old | Generation::Bridge => Ok(()),
        }
    }

    /// What a plan says of each client that is at work.
    fn notes<'s>(&self, stage: &'s Stage, verdict: impl Fn(&ClientNote) -> Verdict) -> Vec<Told<'s>> {
        let note = |side: &Side| {
            let name = self.world.name(*side);
            let note = stage.clients.iter().find(|note| note.client == name)?;
            Some((*side, verdict(note), note.reasons.as_slice()))
        };
        self.at_work.iter().filter_map(note).collect()
    }

    /// Whom the rollout has at work may run.
    fn allowed(&self, notes: &[Told<'_>], file: &str, report: &mut Report) {
        for (side, verdict, _) in notes.iter().filter(|_| self.strict) {
            match verdict {
                Verdict::Runs | Verdict::WithCare => {}
                Verdict::ReadsOnly | Verdict::MustNotRun => {
                    let message =
                        format!("the {} client is the one that runs here, and may not", self.world.name(*side));
                    report.add(What::ClientFails, file, &message);
                }
            }
        }
    }

    fn point(&mut self, notes: &[Told<'_>], trials: bool, file: &str, report: &mut Report) -> Result<Vec<Seen>> {
        self.turn += 1;
        let mut all = Vec::new();
        let caring: Vec<&String> =
            notes.iter().filter(|n| matches!(n.1, Verdict::WithCare | Verdict::ReadsOnly)).flat_map(|n| n.2).collect();
        for (side, verdict, reasons) in notes {
            let before = self.session(*side).sent;
            let too_cautious = match verdict {
                Verdict::Runs | Verdict::WithCare => {
                    self.work(*side, true, &caring, (file, report))?;
                    None
                }
                Verdict::ReadsOnly => {
                    self.work(*side, false, &caring, (file, report))?;
                    if trials && self.is_tried(*side) { Some(self.trial(*side, reasons)?) } else { None }
                }
                Verdict::MustNotRun if trials && self.is_tried(*side) => Some(self.trial(*side, reasons)?),
                Verdict::MustNotRun => None,
            };
            let statements = self.session(*side).sent - before;
            let tables = self.tables.iter().filter(|table| self.world.model(*side, **table).is_some()).count();
            let client = self.world.clients.generation(*side);
            all.push(Seen { client, verdict: *verdict, tables, statements, too_cautious });
        }
        let beside = trials && self.scribe.tongue().writers() == Writers::Many;
        if beside && notes.len() == 2 && notes.iter().all(|note| matches!(note.1, Verdict::Runs | Verdict::WithCare)) {
            for table in self.tables.clone() {
                self.together(table, &caring, (file, report))?;
            }
        }
        let reads = |note: &&Told<'_>| note.1 != Verdict::MustNotRun;
        // Whoever came first has not seen yet what the other one writes.
        if let (Some((first, ..)), true) = (notes.first().filter(reads), notes.iter().filter(reads).count() == 2) {
            self.work(*first, false, &caring, (file, report))?;
        }
        for (side, ..) in notes.iter().filter(reads) {
            self.read(*side, file, report)?;
        }
        Ok(all)
    }

    /// What is said of a client between is no more than that it need not run there.
    fn is_tried(&self, side: Side) -> bool {
        self.world.clients.generation(side) != Generation::Bridge
    }

    fn session(&mut self, side: Side) -> &mut Session {
        match side {
            Side::Old => &mut self.sessions.old,
            Side::New => &mut self.sessions.new,
        }
    }

    /// A client reads, and writes if it may.
    fn work(&mut self, side: Side, writes: bool, caring: &[&String], to: (&str, &mut Report)) -> Result<()> {
        for table in self.tables.clone() {
            let turn = self.turn;
            let wrong = self.round(side, caring, table, |round, model| {
                round.reads(model)?;
                if writes && round.wrong.is_empty() { round.writes(model, turn) } else { Ok(()) }
            })?;
            for line in wrong {
                to.1.add(What::ClientFails, to.0, &format!("{} client: {line}", self.world.name(side)));
            }
        }
        Ok(())
    }

    /// Both write into one table at once, and commit after that.
    fn together(&mut self, table: TableId, caring: &[&String], to: (&str, &mut Report)) -> Result<()> {
        let rows = self.ledger.rows.len();
        Side::BOTH.iter().try_for_each(|side| self.session(*side).run("BEGIN"))?;
        let mut wrong = Vec::new();
        for side in Side::BOTH {
            let seen = self.round(
                side,
                caring,
                table,
                |round, model| {
                    if model.join { Ok(()) } else { round.creates(model, true) }
                },
            )?;
            wrong.extend(
                seen.into_iter().map(|line| format!("{} client, beside the other: {line}", self.world.name(side))),
            );
        }
        // Who waits for the other's lock waits for ever here, where one hand leads both: nothing is said by that.
        let waits = wrong.iter().any(|line| line.contains("lock timeout") || line.contains("Lock wait timeout"));
        let end = if wrong.is_empty() { "COMMIT" } else { "ROLLBACK" };
        Side::BOTH.iter().try_for_each(|side| self.session(*side).run(end))?;
        if !wrong.is_empty() {
            self.ledger.rows.truncate(rows);
        }
        if !waits {
            to.1.all(What::ClientFails, to.0, wrong);
        }
        Ok(())
    }

    fn round(
        &mut self,
        side: Side,
        caring: &[&String],
        table: TableId,
        act: impl for<'r, 'w> FnOnce(&mut Round<'r, 'w>, &'w Model) -> Result<()>,
    ) -> Result<Vec<String>> {
        let session = match side {
            Side::Old => &mut self.sessions.old,
            Side::New => &mut self.sessions.new,
        };
        let Some(model) = self.world.model(side, table) else { return Ok(Vec::new()) };
        let speaks = |reason: &&&String| care::names(&self.world, model, reason);
        let reasons: Vec<&String> = caring.iter().filter(speaks).copied().collect();
        let mut round = Round {
            world: &self.world,
            side,
            session,
            scribe: &mut self.scribe,
            author: &mut self.author,
            ledger: &mut self.ledger,
            care: Care { always: self.careful, reasons: caring },
            reasons: &reasons,
            wrong: Vec::new(),
        };
        act(&mut round, model)?;
        Ok(round.wrong)
    }

    /// A client that may not run is tried, and leaves nothing. Would it have worked?
    fn trial(&mut self, side: Side, reasons: &[String]) -> Result<bool> {
        let ledger = std::mem::replace(&mut self.ledger, Ledger::new(false));
        self.session(side).run("BEGIN")?;
        let mut works = true;
        for table in self.tables.clone() {
            let turn = self.turn;
            let spoken = self.world.model(side, table).is_some_and(|m| reasons.iter().any(|r| r.contains(&m.name.1)));
            if works && spoken {
                let care: Vec<&String> = reasons.iter().collect();
                let wrong = self.round(side, &care, table, |round, model| {
                    round.reads(model)?;
                    if round.wrong.is_empty() { round.writes(model, turn) } else { Ok(()) }
                })?;
                works = wrong.is_empty();
            }
        }
        self.session(side).run("ROLLBACK")?;
        self.ledger = ledger;
        Ok(works)
    }

    /// Is everything that was written what this client reads?
    fn read(&mut self, side: Side, file: &str, report: &mut Report) -> Result<()> {
        let session = match side {
            Side::Old => &mut self.sessions.old,
            Side::New => &mut self.sessions.new,
        };
        let wrong = self.ledger.read(&self.world, (side, session), &mut self.scribe, &self.tables);
        match wrong {
            Ok(wrong) => {
                for line in wrong.into_iter().take(super::SHOWN) {
                    report.add(What::Diverged, file, &format!("{} client reads {line}", self.world.name(side)));
                }
                Ok(())
            }
            Err(error) if error.sqlstate.is_some() => {
                report.add(What::ClientFails, file, &format!("{} client: {error}", self.world.name(side)));
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}
