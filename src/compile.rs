//! The pipeline, as code.

use crate::catalog::{Catalog, ColumnId, ColumnType, Ids, Table};
use crate::change::{Context, Note, Step, classify, may_convert, may_copy, numbers, plan_all};
use crate::diag::{Diagnostic, Diagnostics};
use crate::dialect::mysql::Mysql;
use crate::dialect::postgres::Postgres;
use crate::dialect::sqlite::Sqlite;
use crate::dialect::{Alter, Dialect, Enums, Provider, Retype, Sync, Unspoken};
use crate::op::Impossible;
use crate::options::{Options, Strategy};
use crate::outcome::{Outcome, Question};
use crate::pair::Pair;
use crate::script::{self, ChangeNote, Script};
use crate::source::{SchemaFiles, Sources, Span};
use crate::stats::{Stats, TableStats};
use crate::validate::{self, Checked};
use crate::{bridge, diff, intent, lower, model, plan, syntax};
use std::panic::resume_unwind;
use std::thread;

mod ends;
mod labelled;
mod sent;
mod target;

pub use ends::ends;

use labelled::Labelled;

/// Compiles the difference between two schemas into a staged plan; None stands for an empty database.
pub fn compile(sources: &Sources, old: Option<&SchemaFiles>, new: Option<&SchemaFiles>, options: &Options) -> Outcome {
    let mut found = Diagnostics::default();
    let models = read_both(sources, Pair { old, new }).map(|(model, diagnostics)| {
        found.append(diagnostics);
        model
    });
    if found.has_errors() {
        return Outcome::Rejected(found);
    }
    let Some(dialect) = dialect(&models, options, &mut found) else { return Outcome::Rejected(found) };
    let (catalogs, diagnostics, mut ids) = lower_both(&models);
    found.append(diagnostics);
    let (mut intent, diagnostics) = intent::collect(&models.new, options);
    intent.labels_before = intent::labels(&models.old);
    found.append(diagnostics);
    if found.has_errors() {
        return Outcome::Rejected(found);
    }
    if let Some(refused) = target::refused(dialect, &models, &catalogs, intent.course) {
        found.push(refused);
        return Outcome::Rejected(found);
    }
    let texts = Texts { sources, old, models: &models };
    stage(&texts, catalogs, &intent, options.stats.as_ref(), dialect, &mut ids, found)
}

/// What the catalogs were made from.
struct Texts<'a> {
    sources: &'a Sources,
    old: Option<&'a SchemaFiles>,
    models: &'a Pair<model::Schema<'a>>,
}

/// Plans from one catalog to another, wherever they come from.
fn stage(
    texts: &Texts,
    catalogs: Pair<Catalog>,
    intent: &intent::Intent,
    stats: Option<&Stats>,
    dialect: Dialect,
    ids: &mut Ids,
    mut found: Diagnostics,
) -> Outcome {
    let mut catalogs = catalogs;
    if dialect.caps().enums != Enums::Types {
        diff::call_alike(&mut catalogs.old, &catalogs.new, intent, ids);
    }
    // NEW as it was lowered, for whoever may write a table anew.
    let lowered = match dialect.caps().alter {
        Alter::InSteps => (stats.is_some() || intent.course == Strategy::Direct).then(|| catalogs.new.clone()),
        // It is written anew anyway.
        Alter::AtOnce | Alter::OneByOne => None,
    };
    let numbers = numbers(&catalogs.old, dialect);
    let enums = Labelled::of(&catalogs);
    let in_place = |table: &Table, id: ColumnId, to: &ColumnType| {
        let keys = table.primary_key.iter().map(|k| &k.columns).chain(table.indexes.values().map(|i| &i.columns));
        let indexed = keys.flatten().any(|c| c.column == id);
        match table.columns.get(&id).map(|c| dialect.retype(&c.ty, to)) {
            Some(Retype::Rewrite) if may_copy(dialect, &numbers, table, id, to) => true,
            Some(Retype::Rewrite) if table.columns.get(&id).is_some_and(|c| dialect.narrows(&c.ty, to)) => true,
            Some(Retype::Rewrite) if dialect.caps().sync == Sync::Clients => {
                table.columns.get(&id).is_some_and(|c| enums.change_in_copies(&c.ty, to))
            }
            Some(Retype::Rewrite) => {
                let size =
                    stats.and_then(|all| all.find(table.name.schema.as_deref(), &table.name.name, &table.origin.model));
                lowered.as_ref().is_some_and(|new| {
                    may_convert(dialect, intent, size.is_some_and(TableStats::is_small), new, table, id, to)
                })
            }
            Some(Retype::FreeUnlessIndexed) => !indexed,
            Some(Retype::Same | Retype::Free | Retype::FreeInUtc) | None => true,
        }
    };
    let matched = diff::pair(catalogs.old, catalogs.new, intent, dialect.caps(), &in_place);
    let changes = classify(&matched);
    let mut cx = Context::new(&matched, intent, dialect, ids);
    plan_all(&mut cx, &changes);
    let Context { notes, steps, questions, decisions, refused, other_values, .. } = cx;
    found.append(refused);
    let steps = if dialect.caps().alter == Alter::OneByOne { plan::fit(steps) } else { steps };
    let steps = if dialect.caps().sync == Sync::Clients { plan::fit_clients(steps) } else { steps };
    for (change, unspoken) in unspoken((&matched.catalogs.old, &matched.catalogs.new), &steps, dialect) {
        let note = notes.get(change);
        let label = note.map_or("", |n| n.subject.as_str());
        found.push(
            Diagnostic::error(
                "PS0720",
                format!("{label}: {} is not planned on {} yet", unspoken.what, dialect.title()),
            )
            .at(note.and_then(|n| n.span))
            .note("nothing was written: a plan that leaves a change out would be a wrong plan")
            .help(unspoken.instead),
        );
    }
    found.append(intent.unused());
    if found.has_errors() {
        return Outcome::Rejected(found);
    }
    if !questions.is_empty() {
        return undecided(questions, found);
    }
    let notes = notes.iter().map(|n| note(texts.sources, n)).collect();
    let meanings = &plan::Meanings {
        columns: matched.relinked_columns.iter().map(|r| r.new).chain(other_values).collect(),
        taken: matched.taken(),
        labels: matched.relabelled(),
    };
    let Pair { old, new } = &matched.catalogs;
    let sizes = &plan::Sizes::of(old, stats, intent.course);
    let files = match dialect.caps().alter {
        Alter::InSteps | Alter::OneByOne => plan::order(old, plan::shorten(steps, sizes), dialect),
        Alter::AtOnce => plan::order_at_once(&matched, &steps, intent.course, dialect),
    };
    let built = files.and_then(|plan| {
        let from_empty = texts.old.is_none();
        let input = script::Input { old, new, files: &plan, dialect, meanings, sizes, from_empty };
        let (mut script, stands) = script::build(input, notes, ids)?;
        if let Some(files) = texts.old {
            let (sources, models, catalogs) = (texts.sources, texts.models, &matched.catalogs);
            let input = bridge::Input { sources, files, models, catalogs, plan: &plan, dialect, meanings };
            bridge::span(&mut script, &stands, &input, ids)?;
        }
        Ok(sent::only_what_is_sent(script, dialect))
    });
    match built {
        Ok(script) => {
            let renamings = script::renamings(&matched, dialect.engine());
            Outcome::Plan { script: Box::new(Script { decisions, renamings, ..script }), diagnostics: found }
        }
        Err(Impossible(why)) => {
            found.push(
                Diagnostic::error("PS0901", format!("prisma-stage contradicts itself: {why}"))
                    .note("nothing was written: a plan that does not lead where it should would be a wrong plan")
                    .help("this is a bug of prisma-stage: please report it with both schemas"),
            );
            Outcome::Bug(found)
        }
    }
}

/// What the dialect has no words for, once for each change: the change's place, and what.
fn unspoken(ends: (&Catalog, &Catalog), steps: &[Step], dialect: Dialect) -> Vec<(usize, Unspoken)> {
    let ops = steps.iter().flat_map(|s| s.ops.iter().chain(s.back.iter().flatten()).map(|op| (s.change, op)));
    let mut all: Vec<_> = ops.filter_map(|(change, op)| Some((change, dialect.unspoken(ends, op)?))).collect();
    all.sort_unstable();
    all.dedup();
    if dialect.caps().sync == Sync::Clients {
        // One reason is enough.
        all.dedup_by_key(|(change, _)| *change);
    }
    all
}

/// What a schema means, and what is wrong with it.
type Meaning<'s> = (model::Schema<'s>, Diagnostics);

/// Reads both schemas. What Prisma would refuse has no plan; what it only warns of is for `check`.
fn read_both<'s>(sources: &'s Sources, files: Pair<Option<&SchemaFiles>>) -> Pair<Meaning<'s>> {
    let Pair { old, new } = syntax::parse_both(sources, files).map(|read| {
        move || {
            let Some((ast, found)) = read else { return Meaning::default() };
            let Checked { schema, diagnostics, .. } = validate::check_parsed(ast, found);
            (schema, diagnostics.errors_only())
        }
    });
    both(old, new)
}

/// Makes catalogs of both schemas; the identities go on behind those of the second.
fn lower_both(models: &Pair<model::Schema>) -> (Pair<Catalog>, Diagnostics, Ids) {
    let (mut first, mut second) = Ids::halves();
    let lowered = both(|| lower::lower(&models.old, &mut first), || lower::lower(&models.new, &mut second));
    let mut found = Diagnostics::default();
    let catalogs = lowered.map(|(catalog, diagnostics)| {
        found.append(diagnostics);
        catalog
    });
    (catalogs, found, second)
}

/// Does both at the same time, while OLD and NEW know nothing of each other.
fn both<T: Send>(old: impl FnOnce() -> T + Send, new: impl FnOnce() -> T) -> Pair<T> {
    thread::scope(|scope| {
        let old = scope.spawn(old);
        let new = new();
        Pair { old: old.join().unwrap_or_else(|panic| resume_unwind(panic)), new }
    })
}

/// The database that both schemas are for.
fn dialect(models: &Pair<model::Schema>, options: &Options, found: &mut Diagnostics) -> Option<Dialect> {
    let said = |m: &model::Schema| m.datasource.as_ref().map(|d| (d.provider, d.provider_span));
    let (old, new) = (said(&models.old), said(&models.new));
    if let (Some((a, at)), Some((b, to))) = (old, new)
        && a != b
    {
        let name = |p: Option<Provider>| p.map_or("?", Provider::name);
        found.push(
            Diagnostic::error("PS0722", format!("the old schema is for {}, the new one for {}", name(a), name(b)))
                .at(to)
                .label(at, "here it is another")
                .note("a change of database moves all rows to another server, which no migration can do")
                .help("compare two schemas of one provider"),
        );
        return None;
    }
    let (provider, at): (Option<Provider>, Option<Span>) = new.or(old).unwrap_or((Some(Provider::Postgresql), None));
    let provider = match provider {
        Some(known @ (Provider::Postgresql | Provider::Sqlite | Provider::Mysql)) => known,
        Some(Provider::Mongodb) => {
            found.push(
                Diagnostic::error("PS0723", "there is nothing to migrate on MongoDB: it has no schema to change")
                    .at(at)
                    .note("Prisma itself has no migrations for MongoDB; `prisma db push` creates its indexes")
                    .help("use prisma-stage on the relational databases"),
            );
            return None;
        }
        Some(other) => {
            found.push(
                Diagnostic::error(
                    "PS0721",
                    format!("plans are made for PostgreSQL, SQLite and MySQL so far, not for {}", other.name()),
                )
                .at(at)
                .note("nothing was written"),
            );
            return None;
        }
        None => return None,
    };
    let target = options.target.as_deref();
    let read = match provider {
        Provider::Sqlite => target.map_or(Ok(Sqlite::default()), Sqlite::parse).map(Dialect::Sqlite),
        Provider::Mysql => target.map_or(Ok(Mysql::default()), Mysql::parse).map(Dialect::Mysql),
        Provider::Postgresql | Provider::Sqlserver | Provider::Cockroachdb | Provider::Mongodb => {
            target.map_or(Ok(Postgres::default()), Postgres::parse).map(Dialect::Postgres)
        }
    };
    match read {
        Ok(dialect) => Some(dialect),
        Err(why) => {
            found.push(Diagnostic::error("PS0725", format!("--target: {why}")));
            None
        }
    }
}

fn undecided(questions: Vec<(Question, Option<Span>)>, mut found: Diagnostics) -> Outcome {
    for (q, span) in &questions {
        let ways = q.answers.iter().map(|a| format!("{}: {}", a.meaning, a.write)).collect::<Vec<_>>();
        let diagnostic = Diagnostic::error(q.code, q.question.clone()).at(*span);
        found.push(ways.into_iter().fold(diagnostic, Diagnostic::note).help("give one of these answers"));
    }
    Outcome::Undecided { questions: questions.into_iter().map(|q| q.0).collect(), diagnostics: found }
}

fn note(sources: &Sources, n: &Note) -> ChangeNote {
    let at = n.span.map(|span| {
        let place = sources.line_column(span.file, span.start);
        let name = sources.get(span.file).name.rsplit(['/', '\\']).next().unwrap_or_default();
        format!("{name}:{}:{}", place.line, place.column)
    });
    ChangeNote { kind: n.kind.to_owned(), subject: n.subject.clone(), summary: n.summary.clone(), at }
}
