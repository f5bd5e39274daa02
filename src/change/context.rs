//! What a change may look at, and where it puts its steps, questions and refusals.

mod finish;

use super::remake_enum::EnumMap;
use super::step::{Group, Phase, Step};
use crate::catalog::{
    Catalog, Check, CheckId, CheckRule, Column, ColumnId, ColumnType, Default, EnumId, Expr, IdMap, Ids, IndexNames,
    Name, Origin, Table, TableId, TriggerRule, helper_name,
};
use crate::diag::{Diagnostic, Diagnostics};
use crate::dialect::{Dialect, Retype};
use crate::diff::Matched;
use crate::intent::{Intent, Path, Said};
use crate::op::{Fact, Loss, Op};
use crate::question::{Answer, Question};
use crate::source::Span;
use crate::stage::{DecisionNote, StageKind};
use heck::ToSnakeCase;

/// An understood change, for the list at the head of the plan.
#[derive(Clone, Debug)]
pub struct Note {
    /// Its kind in kebab case.
    pub kind: &'static str,
    /// What it is about.
    pub subject: String,
    /// In one sentence.
    pub summary: String,
    /// Where.
    pub span: Option<Span>,
}

/// Helpers that a table needs while the plan is under way.
#[derive(Clone, Debug, std::default::Default)]
pub struct Helpers {
    /// What its trigger does.
    pub rules: Vec<TriggerRule>,
    /// What has to happen in the same moment as the end of the trigger: first this,
    pub keys: Vec<Op>,
    /// then that.
    pub at_end: Vec<Op>,
    /// And, once columns have changed places, this.
    pub last: Vec<Op>,
    /// What another trigger does on the way back, while what only new clients wrote is brought home.
    pub back_rules: Vec<TriggerRule>,
    /// How that is brought home.
    pub refills: Vec<Op>,
    /// How columns of old clients are NOT NULL again.
    pub requires: Vec<Op>,
    /// Indexes that the way back needs at once when things change places.
    pub builds: Vec<Op>,
    /// What the way back does before the trigger is back, in the same moment.
    pub back_first: Vec<Op>,
    /// And once it is, still in the same moment.
    pub back_keys: Vec<Op>,
    /// And afterwards.
    pub back: Vec<Op>,
    /// What that loses.
    pub losses: Vec<Loss>,
    /// Why clients cannot run while columns change places.
    pub pauses: Vec<String>,
}

/// The end of the triggers of tables whose columns change places together.
#[derive(std::default::Default)]
struct End {
    tables: Vec<TableId>,
    keys: Vec<Op>,
    ops: Vec<Op>,
    at_end: Vec<Op>,
    last: Vec<Op>,
    // The way back. First the columns of old clients follow the new ones, and get all that they had:
    reverse: Vec<Op>,
    refills: Vec<Op>,
    requires: Vec<Op>,
    builds: Vec<Op>,
    // then everything changes places in one moment,
    back: Vec<Op>,
    back_keys: Vec<Op>,
    // and foreign keys look at the rows.
    after: Vec<Op>,
    losses: Vec<Loss>,
    pauses: Vec<String>,
}

/// The planning of one pair of catalogs.
pub struct Context<'a> {
    /// OLD and NEW.
    pub matched: &'a Matched,
    /// What was said.
    pub intent: &'a Intent,
    /// How the database spells things.
    pub dialect: Dialect,
    /// Fresh identities.
    pub ids: &'a mut Ids,
    /// The changes so far; steps belong to the last one.
    pub notes: Vec<Note>,
    /// The steps so far.
    pub steps: Vec<Step>,
    /// Questions nobody has answered.
    pub questions: Vec<(Question, Option<Span>)>,
    /// Decisions that were taken.
    pub decisions: Vec<DecisionNote>,
    /// Refusals.
    pub refused: Diagnostics,
    /// Triggers to be, by table.
    pub helpers: IdMap<TableId, Helpers>,
    /// Columns whose rows are being filled: keys and indexes over them wait for that.
    pub filled: foldhash::HashSet<ColumnId>,
    taken: std::cell::OnceCell<foldhash::HashMap<Name, String>>,
    /// New columns that are NULL in every row until new clients write them.
    pub all_null: foldhash::HashSet<ColumnId>,
    /// New columns that are given another value in every row.
    pub distinct: foldhash::HashSet<ColumnId>,
    /// Columns of another type than the one that they take the place of, whose values can be told apart as those could.
    pub exact: foldhash::HashSet<ColumnId>,
    /// Columns of another type whose values are others than those that they take the place of.
    pub other_values: foldhash::HashSet<ColumnId>,
    /// What becomes of the values of enums that are made anew, by the enum of NEW.
    pub enum_maps: foldhash::HashMap<EnumId, EnumMap>,
    /// What has to happen in one transaction with the end of the triggers of several tables.
    pub switches: Vec<Switch>,
    /// Does a conversion read values out of text?
    pub reading: bool,
}

/// What has to happen in one transaction with the end of the triggers of several tables.
#[derive(Clone, Debug)]
pub struct Switch {
    /// The tables.
    pub tables: Vec<TableId>,
    /// What has to happen: a step of its own where none of the tables has a trigger.
    pub step: Step,
    /// The way back.
    pub back: Vec<Op>,
}

impl<'a> Context<'a> {
    /// An empty planning.
    pub fn new(matched: &'a Matched, intent: &'a Intent, dialect: Dialect, ids: &'a mut Ids) -> Self {
        Context {
            matched,
            intent,
            dialect,
            ids,
            notes: Vec::new(),
            steps: Vec::new(),
            questions: Vec::new(),
            decisions: Vec::new(),
            refused: Diagnostics::default(),
            helpers: IdMap::default(),
            filled: foldhash::HashSet::default(),
            taken: std::cell::OnceCell::new(),
            all_null: foldhash::HashSet::default(),
            distinct: foldhash::HashSet::default(),
            exact: foldhash::HashSet::default(),
            other_values: foldhash::HashSet::default(),
            enum_maps: foldhash::HashMap::default(),
            switches: Vec::new(),
            reading: false,
        }
    }

    /// OLD.
    pub fn old(&self) -> &'a Catalog {
        &self.matched.catalogs.old
    }

    /// NEW.
    pub fn new_catalog(&self) -> &'a Catalog {
        &self.matched.catalogs.new
    }

    /// A table of NEW.
    pub fn new_table(&self, id: TableId) -> &'a Table {
        &self.matched.catalogs.new.tables[&id]
    }

    /// A table of OLD.
    pub fn old_table(&self, id: TableId) -> &'a Table {
        &self.matched.catalogs.old.tables[&id]
    }

    /// What has a name in the old database that a new object of another kind would need: tables, indexes, keys, enum types
    /// and sequences all share one set of names.
    pub fn taken_by(&self, name: &Name) -> Option<&str> {
        let taken = self.taken.get_or_init(|| {
            let mut all = foldhash::HashMap::default();
            if self.old().index_names == IndexNames::OfTable {
                // Nothing but a table has a name that a table could need.
                let tables = self.old().tables.values();
                return tables.map(|t| (t.name.clone(), format!("the table of {}", t.origin.model))).collect();
            }
            for e in self.old().enums.values() {
                all.insert(e.name.clone(), format!("enum {}", e.origin.label()));
            }
            for table in self.old().tables.values() {
                let of = &table.origin.model;
                all.insert(table.name.clone(), format!("the table of {of}"));
                for index in table.indexes.values() {
                    all.insert(table.name.with_name(&index.name), format!("an index of {of}"));
                }
                if let Some(key) = &table.primary_key {
                    all.insert(table.name.with_name(&key.name), format!("the primary key of {of}"));
                }
                for column in table.columns.values().filter(|c| c.default_is_sequence()) {
                    let sequence = format!("{}_{}_seq", table.name.name, column.name);
                    all.insert(table.name.with_name(sequence), format!("the sequence of {of}.{}", column.origin.item));
                }
            }
            all
        });
        taken.get(name).map(String::as_str)
    }

    /// A name for something that goes again in the same plan, which nothing else has, before it or after it.
    pub fn free_name(&self, base: &Name, ending: &str) -> Name {
        let new = self.new_catalog();
        let comes =
            |name: &Name| new.enums.values().any(|e| e.name == *name) || new.tables.values().any(|t| t.name == *name);
        let name = |n: u32| base.with_name(helper_name(&numbered(&base.name, n), ending));
        (1..).map(name).find(|name| self.taken_by(name).is_none() && !comes(name)).unwrap_or_else(|| name(1))
    }

    /// A name for a column that stands beside another for a while, which no other column has.
    pub fn free_column(&self, on: TableId, base: &str, ending: &str) -> String {
        let columns = || self.old_table(on).columns.values().chain(self.new_table(on).columns.values());
        let name = |n: u32| helper_name(&numbered(base, n), ending);
        (1..).map(name).find(|name| !columns().any(|c| c.name == *name)).unwrap_or_else(|| name(1))
    }

    /// A catalog with the enums of both sides and nothing else, to look up how values of one become values of another.
    pub fn enums_of_both(&self) -> Catalog {
        let all = self.old().enums.iter().chain(&self.new_catalog().enums);
        Catalog { enums: all.map(|(id, e)| (*id, e.clone())).collect(), ..Catalog::default() }
    }

    /// A number that tells work on a table from other work on it: the same for the same schemas, whatever identities their
    /// objects have been given.
    pub fn fingerprint(&self, on: TableId, what: &impl std::fmt::Debug) -> u32 {
        // Tables of two schemas may have one name.
        let text = format!("{:?}{what:?}", self.new_table(on).name);
        let mut plain = String::new();
        let mut rest = text.as_str();
        while let Some(at) = rest.find("Id(") {
            let (before, id) = rest.split_at(at + "Id(".len());
            plain.push_str(before);
            let digits = id.len() - id.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (id, after) = id.split_at(digits);
            let name = id.parse().ok().and_then(|id| self.name_of(on, id));
            plain.push_str(name.unwrap_or(id));
            rest = after;
        }
        plain.push_str(rest);
        crc32fast::hash(plain.as_bytes())
    }

    /// The name of a column of a table, of an enum or of a table, by its number: no two objects have one.
    fn name_of(&self, on: TableId, id: u32) -> Option<&'a str> {
        let of = |catalog: &'a Catalog| {
            let elsewhere = || catalog.tables.values().find_map(|t| t.columns.get(&ColumnId(id)));
            let column = catalog.column(on, ColumnId(id)).or_else(elsewhere).map(|c| c.name.as_str());
            let others = || catalog.enums.get(&EnumId(id)).map(|e| e.name.name.as_str());
            column.or_else(others).or_else(|| catalog.tables.get(&TableId(id)).map(|t| t.name.name.as_str()))
        };
        of(self.old()).or_else(|| of(self.new_catalog()))
    }

    /// Begins the next change; the steps that follow are its.
    pub fn note(&mut self, kind: &'static str, origin: &Origin, summary: impl Into<String>) {
        self.notes.push(Note { kind, subject: origin.label(), summary: summary.into(), span: origin.span });
    }

    /// Adds a step of the current change.
    pub fn push(&mut self, mut step: Step) {
        step.change = self.notes.len().saturating_sub(1);
        self.steps.push(step);
    }

    /// Refuses: no one plan does this safely. `why` is the reason, `instead` what to do.
    pub fn refuse(&mut self, what: &str, origin: &Origin, why: &str, instead: &str) {
        self.refused.push(
            Diagnostic::error("PS0720", format!("{}: {what} takes more than one plan", origin.label()))
                .at(origin.span)
                .saying("this change")
                .note(why)
                .help(instead),
        );
    }

    /// Refuses for good: no plan leads there.
    pub fn impossible(&mut self, what: &str, origin: &Origin, instead: &str) {
        self.refused.push(
            Diagnostic::error("PS0742", format!("{}: {what}", origin.label()))
                .at(origin.span)
                .saying("this name")
                .note("a database has one set of names for tables, indexes, sequences and types, so no plan can lead there")
                .help(instead),
        );
    }

    /// Does somebody else have this name at the end as well?
    pub fn stays(&self, name: &Name, but: impl Into<Option<TableId>>) -> bool {
        let but = but.into();
        let new = self.new_catalog();
        let table = |(id, t): (&TableId, &std::sync::Arc<Table>)| {
            let index = t.indexes.values().any(|i| t.name.with_name(&i.name) == *name);
            let key = t.primary_key.as_ref().is_some_and(|k| t.name.with_name(&k.name) == *name);
            // A sequence that is there keeps its name, whatever its table is called.
            let sequence = |(id, c): (&ColumnId, &Column)| {
                let was = self.old().tables.values().find_map(|t| Some((&t.name, &t.columns.get(id)?.name)));
                let (of, column) = was.unwrap_or((&t.name, &c.name));
                c.default_is_sequence() && of.with_name(format!("{}_{column}_seq", of.name)) == *name
            };
            (Some(*id) != but && t.name == *name) || index || key || t.columns.iter().any(sequence)
        };
        let others = |(id, e): (&EnumId, &crate::catalog::Enum)| e.name == *name && self.old().enums.contains_key(id);
        new.enums.iter().any(others) || new.tables.iter().any(table)
    }

    /// Is it an enum type that has this name so far, which goes last of all?
    pub fn frees_late(&self, name: &Name) -> bool {
        self.old().enums.values().any(|e| e.name == *name)
    }

    /// Asks.
    pub fn ask(&mut self, code: &'static str, origin: &Origin, question: String, answers: Vec<Answer>) {
        self.questions.push((Question { code, subject: origin.label(), question, answers }, origin.span));
    }

    /// Lists a decision in the plan.
    pub fn decide(&mut self, code: &str, origin: &Origin, question: &str, answer: &str, source: &str) {
        self.decisions.push(DecisionNote {
            code: code.to_owned(),
            subject: origin.label(),
            question: question.to_owned(),
            answer: answer.to_owned(),
            source: source.to_owned(),
        });
    }

    /// An answer for a field, if there is one; it counts as used.
    pub fn said(&self, answers: &'a std::collections::BTreeMap<Path, Said>, origin: &Origin) -> Option<&'a Said> {
        let said = answers.get(&(origin.model.clone(), origin.item.clone()))?;
        said.used.set(true);
        Some(said)
    }

    /// A trigger rule on a table, for as long as the plan is under way.
    pub fn watch(&mut self, table: TableId, rule: TriggerRule) -> &mut Helpers {
        let helpers = self.helpers.entry(table).or_default();
        helpers.rules.push(rule);
        helpers
    }

    /// Several tables switch in one transaction, and this happens in it too.
    pub fn switch_together(&mut self, tables: Vec<TableId>, mut step: Step, back: Vec<Op>) {
        step.change = self.notes.len().saturating_sub(1);
        self.switches.push(Switch { tables, step, back });
    }

    /// The steps that make a column NOT NULL without a scan that anybody waits for.
    pub fn require(&mut self, table: TableId, column: ColumnId, name: &str) {
        let check: CheckId = self.ids.fresh();
        let base = &self.new_table(table).name.name;
        let title = format!("{} must have a value", self.column_label(table, name));
        let rule = Check {
            name: helper_name(&format!("{base}_{name}"), "ps_nn"),
            rule: CheckRule::NotNull(column),
            validated: false,
        };
        let group = Group::Table(table);
        let slug = |what: &str| format!("{what}_{}", slug(&[base, name]));
        self.push(
            Step::new(
                StageKind::Validate,
                Phase::Checks,
                group,
                slug("check"),
                format!("{title}: check what is written from now on"),
            )
            .op(Op::AddCheck { on: table, id: check, check: rule })
            .before(Fact::NoNulls { on: table, column }),
        );
        self.push(
            Step::new(
                StageKind::Validate,
                Phase::CheckRows,
                group,
                slug("validate"),
                format!("{title}: check the rows that exist"),
            )
            .op(Op::ValidateCheck { on: table, id: check }),
        );
        self.push(
            Step::new(
                StageKind::Validate,
                Phase::NotNull,
                group,
                slug("require"),
                format!("{title}: NOT NULL, proved by the check"),
            )
            .op(Op::SetNotNull { on: table, id: column, proof: Some(check) })
            .op(Op::DropCheck { on: table, id: check }),
        );
    }

    /// A column that may be NULL must have a value wherever the one has that it follows: a row whose value was not found is
    /// refused, or found, before the old column goes.
    pub fn follow(&mut self, on: TableId, old: ColumnId, new: ColumnId, name: &str) {
        let id: CheckId = self.ids.fresh();
        let base = &self.new_table(on).name.name;
        let title = format!("{} follows the old one", self.column_label(on, name));
        let rule = CheckRule::Follows { old, new };
        let check = Check { name: helper_name(&format!("{base}_{name}"), "ps_follows"), rule, validated: false };
        let words = slug(&[base, name]);
        let step = |phase, what: &str, title: String| {
            Step::new(StageKind::Validate, phase, Group::Table(on), format!("{what}_{words}"), title)
        };
        self.push(
            step(Phase::Checks, "check", format!("{title}: check what is written from now on")).op(Op::AddCheck {
                on,
                id,
                check: check.clone(),
            }),
        );
        self.push(
            step(Phase::CheckRows, "validate", format!("{title}: check the rows that exist"))
                .op(Op::ValidateCheck { on, id }),
        );
        let helpers = self.helpers.entry(on).or_default();
        helpers.at_end.push(Op::DropCheck { on, id });
        helpers.back_first.push(Op::AddCheck { on, id, check });
        helpers.back.push(Op::ValidateCheck { on, id });
    }

    /// The ops of a way back that make a column NOT NULL again, once it has been filled.
    pub fn required_again(&mut self, on: TableId, id: ColumnId, name: &str) -> [Op; 4] {
        let check: CheckId = self.ids.fresh();
        let base = format!("{}_{name}_back", self.new_table(on).name.name);
        let rule = Check { name: helper_name(&base, "ps_nn"), rule: CheckRule::NotNull(id), validated: false };
        [
            Op::AddCheck { on, id: check, check: rule },
            Op::ValidateCheck { on, id: check },
            Op::SetNotNull { on, id, proof: Some(check) },
            Op::DropCheck { on, id: check },
        ]
    }

    /// `"User"."email"`, in the database's quotes.
    pub fn column_label(&self, table: TableId, column: &str) -> String {
        let table = self.matched.catalogs.new.tables.get(&table).or(self.matched.catalogs.old.tables.get(&table));
        format!("{}.{}", table.map_or_else(String::new, |t| self.dialect.name(&t.name)), self.dialect.ident(column))
    }

    /// Is the column the only one of a unique index of NEW, or of its primary key?
    pub fn is_unique_alone(&self, table: TableId, column: ColumnId) -> bool {
        let table = self.new_table(table);
        let alone = |columns: &[crate::catalog::KeyColumn]| columns.len() == 1 && columns[0].column == column;
        table.indexes.values().any(|i| i.unique && alone(&i.columns))
            || table.primary_key.as_ref().is_some_and(|k| alone(&k.columns))
    }

    /// May rows of a table be deleted: does no foreign key of another table forbid it, for them or for what goes with them?
    pub fn may_delete_from(&self, on: TableId) -> bool {
        !self.old().deleted_with(on).iter().any(|t| self.old().forbids_deletes(*t))
    }

    /// Is the column part of a foreign key of NEW, or of one of OLD, which may stand until rows have their values?
    pub fn is_foreign_key(&self, table: TableId, column: ColumnId) -> bool {
        let old = self.old().tables.get(&table).map(|t| t.foreign_keys.values());
        let was = || self.was(column);
        self.new_table(table).foreign_keys.values().any(|k| k.columns.contains(&column))
            || old.into_iter().flatten().any(|k| k.columns.contains(&was()))
    }

    /// The column that held a column's values in OLD, as they are or each as one of its own; else the column itself.
    pub fn was(&self, id: ColumnId) -> ColumnId {
        let retyped = |on: TableId, old: ColumnId, new: ColumnId| {
            let (was, now) = (&self.old_table(on).columns[&old].ty, &self.new_table(on).columns[&new].ty);
            matches!(self.dialect.retype(was, now), Retype::Rewrite | Retype::FreeUnlessIndexed)
        };
        let renamed = self.matched.renamed_columns.iter();
        let renamed = renamed.filter(|(on, old, new)| self.exact.contains(new) || !retyped(*on, *old, *new));
        let exact = self.matched.swapped_columns.iter().filter(|(_, _, new)| self.exact.contains(new));
        renamed.chain(exact).find(|(_, _, new)| *new == id).map_or(id, |(_, old, _)| *old)
    }

    /// The tables whose columns change places in one transaction: those that foreign keys over such columns connect,
    /// and those of an enum whose type changes its name.
    pub fn switched_with(&self, on: TableId) -> Group {
        if self.matched.swapped_columns.is_empty() && self.switches.is_empty() {
            return Group::Table(on);
        }
        let swapped = |id: &ColumnId| self.matched.swapped_columns.iter().any(|(_, old, _)| old == id);
        let mut all = vec![on];
        let mut at = 0;
        while let Some(&table) = all.get(at) {
            at += 1;
            for switch in self.switches.iter().filter(|s| s.tables.contains(&table)) {
                all.extend(switch.tables.iter().filter(|t| !all.contains(t)).copied().collect::<Vec<_>>());
            }
            for (id, other) in &self.old().tables {
                for key in other.foreign_keys.values().filter(|k| k.referenced.iter().any(swapped)) {
                    let ends = [*id, key.references];
                    if ends.contains(&table) {
                        all.extend(ends.into_iter().filter(|end| !all.contains(end)).collect::<Vec<_>>());
                    }
                }
            }
        }
        Group::Table(all.into_iter().min().unwrap_or(on))
    }

    /// The placeholder of a type: what `--assume placeholder` gives to old rows.
    pub fn placeholder(&self, ty: &ColumnType, unique: bool) -> Option<Expr> {
        let distinct = self.dialect.distinct(ty);
        if *ty == ColumnType::native("UUID", &[]) || (unique && distinct.is_some()) {
            return distinct;
        }
        self.dialect.zero(self.new_catalog(), ty).map(Expr::Literal)
    }
}

/// A name, and others like it.
fn numbered(base: &str, n: u32) -> String {
    if n == 1 { base.to_owned() } else { format!("{base}_{n}") }
}

/// What another primary key means to those who follow the changes of a table.
pub fn replication(table: &str) -> String {
    format!("logical replication finds rows of {table} by the new key from now on; a subscriber needs it as well")
}

/// A column as it is when it is added for a while: nullable and without default.
pub fn bare(column: &Column) -> Column {
    Column { nullable: true, default: None::<Default>, ..column.clone() }
}

/// Words for the name of a folder: ASCII, lower case, at most 60 letters.
pub fn slug(words: &[&str]) -> String {
    let joined = words.iter().map(|w| w.to_snake_case()).collect::<Vec<_>>().join("_");
    let ascii: String = joined.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let mut out = String::new();
    for part in ascii.split('_').filter(|p| !p.is_empty()) {
        if out.len() + part.len() > 60 {
            break;
        }
        if !out.is_empty() {
            out.push('_');
        }
        out.push_str(part);
    }
    if out.is_empty() { "unnamed".to_owned() } else { out }
}
