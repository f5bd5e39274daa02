//! Facts about rows: as queries each of whose rows is a problem, and as statements that fail.

use super::cast::cast;
use super::hang;
use super::quote::{ident, literal, name};
use super::value::{expr_sql, field_sql};
use super::{super::Asked, super::Level, super::Work, Spelled, across, carry};
use crate::catalog::{Catalog, ColumnId, Table, TableId};
use crate::op::Fact;

/// Which rows contradict a fact.
struct Look {
    problem: String,
    about: String,
    /// Counts them.
    query: String,
}

/// The read-only query that returns a row for each problem, its name in the first column.
pub fn query(at: &Catalog, fact: &Fact) -> Option<Asked> {
    let level = match fact {
        Fact::NothingHangs { on, column } => {
            let (spoken, query) = hang::found(at, *on, *column)?;
            let problem = format!("objects that may hang on {spoken}");
            let about = format!(
                "{spoken} goes, or another takes its place, and the text of these names it: drop them first, and make them anew \
                 afterwards if they are still wanted"
            );
            let sql = format!("SELECT {} AS \"problem\", {query}", literal(&problem));
            return Some(Asked { name: problem, about, sql, level: Level::Server });
        }
        Fact::Fits { .. } => Level::Notice,
        Fact::NoNulls { .. }
        | Fact::NoDuplicates { .. }
        | Fact::NoDuplicatesIn { .. }
        | Fact::Without { .. }
        | Fact::NoOrphans { .. }
        | Fact::Mirrored { .. }
        | Fact::InSync { .. }
        | Fact::Computed { .. }
        | Fact::NothingUses { .. }
        | Fact::Mapped { .. }
        | Fact::Returns { .. }
        | Fact::Carried { .. }
        | Fact::Across { .. }
        | Fact::IndexValid { .. } => Level::Rows,
    };
    let l = look(at, fact)?;
    let sql =
        format!("SELECT {} AS \"problem\", \"rows\" FROM (SELECT {}) WHERE \"rows\" > 0", literal(&l.problem), l.query);
    Some(Asked { name: l.problem, about: l.about, sql, level })
}

/// A statement that fails unless the fact holds.
pub fn assert(at: &Catalog, fact: &Fact) -> Vec<Spelled> {
    match fact {
        Fact::NothingHangs { on, column } => {
            let Some((spoken, query)) = hang::found(at, *on, *column) else { return Vec::new() };
            let why = format!("a view or a trigger names {spoken}, which goes: preflight.sql lists them");
            vec![stop(&why, &format!("SELECT count(*) FROM (SELECT {query})"), "")]
        }
        // Something to know, and nothing to stop for.
        Fact::Fits { .. } => Vec::new(),
        Fact::NoNulls { .. }
        | Fact::NoDuplicates { .. }
        | Fact::NoDuplicatesIn { .. }
        | Fact::Without { .. }
        | Fact::NoOrphans { .. }
        | Fact::Mirrored { .. }
        | Fact::InSync { .. }
        | Fact::Computed { .. }
        | Fact::NothingUses { .. }
        | Fact::Mapped { .. }
        | Fact::Returns { .. }
        | Fact::Carried { .. }
        | Fact::Across { .. }
        | Fact::IndexValid { .. } => {
            look(at, fact).map(|l| stop(&l.about, &format!("SELECT {}", l.query), "")).into_iter().collect()
        }
    }
}

/// Statements that fail, saying why, where a query gives a number other than 0. There is no `RAISE` outside of triggers, so a
/// CHECK says it (<https://www.sqlite.org/lang_createtable.html#check_constraints>).
pub fn stop(why: &str, count: &str, resolution: &str) -> Spelled {
    let why = ident(&format!("prisma-stage: {why}"));
    Spelled::new(format!(
        "CREATE TEMP TABLE \"ps_stop\" (\"n\" INTEGER, CONSTRAINT {why} CHECK (\"n\" = 0));\n\
         INSERT {resolution}INTO temp.\"ps_stop\" {count};\nDROP TABLE temp.\"ps_stop\""
    ))
    .doing(Work::Check)
}

fn field(table: &Table, id: ColumnId) -> String {
    ident(table.columns.get(&id).map_or("", |c| &c.name))
}

fn plain(table: &Table, columns: &[ColumnId]) -> String {
    columns.iter().map(|c| table.columns.get(c).map_or("", |c| c.name.as_str())).collect::<Vec<_>>().join(", ")
}

fn look(at: &Catalog, fact: &Fact) -> Option<Look> {
    let table = |id: &TableId| at.tables.get(id);
    match fact {
        Fact::NoNulls { on, column } => {
            let t = table(on)?;
            let what = plain(t, &[*column]);
            Some(Look {
                problem: format!("nulls in {}.{what}", t.name.name),
                about: format!("rows of {} have no value in {what}", t.name.name),
                query: format!("count(*) AS \"rows\" FROM {} WHERE {} IS NULL", name(&t.name), field(t, *column)),
            })
        }
        Fact::NoDuplicates { on, columns } => {
            let t = table(on)?;
            let fields: Vec<String> = columns.iter().map(|c| field(t, *c)).collect();
            Some(duplicates(t, columns, &fields))
        }
        Fact::NoDuplicatesIn { on, values } => {
            let t = table(on)?;
            let fields: Vec<String> = values.iter().map(|(_, value)| expr_sql(at, t, value)).collect();
            let columns: Vec<ColumnId> = values.iter().map(|v| v.0).collect();
            Some(duplicates(t, &columns, &fields))
        }
        Fact::Without { on, column, labels } => {
            let t = table(on)?;
            let held = labels.iter().map(|l| literal(l)).collect::<Vec<_>>().join(", ");
            let what = plain(t, &[*column]);
            Some(Look {
                problem: format!("{}.{what} holds values that left", t.name.name),
                about: format!("rows of {} hold {} in {what}", t.name.name, labels.join(" or ")),
                query: format!("count(*) AS \"rows\" FROM {} WHERE {} IN ({held})", name(&t.name), field(t, *column)),
            })
        }
        Fact::NoOrphans { on, columns, references, referenced } => {
            let (t, target) = (table(on)?, table(references)?);
            let still = orphan_condition(t, columns, target, referenced);
            Some(Look {
                problem: format!("orphans in {}({})", t.name.name, plain(t, columns)),
                about: format!(
                    "rows of {} point, by {}, at rows of {} that do not exist",
                    t.name.name,
                    plain(t, columns),
                    target.name.name
                ),
                query: format!("count(*) AS \"rows\" FROM {} WHERE {still}", name(&t.name)),
            })
        }
        Fact::Fits { on, column, to } => {
            let t = table(on)?;
            let own = t.columns.get(column).filter(|own| own.ty != *to)?;
            let what = plain(t, &[*column]);
            let operand = field_sql(t, own);
            let cast = cast(at, &own.ty, to, &operand)?.sql;
            Some(Look {
                problem: format!("values of {}.{what} that the new type cannot hold", t.name.name),
                about: format!(
                    "values of {}.{what} have no counterpart in the new type, and become what was decided",
                    t.name.name
                ),
                query: format!(
                    "count(*) AS \"rows\" FROM {} WHERE {operand} IS NOT NULL AND {cast} IS NULL",
                    name(&t.name)
                ),
            })
        }
        Fact::Carried { link, from } => {
            let (t, other) = (table(&link.table(*from))?, table(&link.table(from.other()))?);
            let what = plain(t, &link.columns(*from).collect::<Vec<_>>());
            let (own, there) = (&t.name.name, &other.name.name);
            Some(Look {
                problem: format!("{what} of {own} not in {there}"),
                about: format!(
                    "rows of {own} hold something else in {what} than their rows of {there}: run the backfill again"
                ),
                query: format!("count(*) AS \"rows\" FROM {} WHERE {}", name(&t.name), carry::behind(at, link, *from)?),
            })
        }
        Fact::Across { across: of, from } => {
            let found = across::behind(at, of, *from)?;
            let (own, what) = (&found.table.name, plain(found.table, &found.columns));
            Some(Look {
                problem: format!("{what} of {} not in step with {}", own.name, found.other),
                about: format!(
                    "rows of {} and of {} do not say the same ({what}): run the backfill again",
                    own.name, found.other
                ),
                query: format!("count(*) AS \"rows\" FROM {} WHERE {}", name(own), found.condition),
            })
        }
        // Of what only goes on while clients of both kinds write one row, or is looked up otherwise.
        Fact::Mirrored { .. }
        | Fact::InSync { .. }
        | Fact::Computed { .. }
        | Fact::Mapped { .. }
        | Fact::Returns { .. }
        | Fact::NothingHangs { .. }
        | Fact::NothingUses { .. }
        | Fact::IndexValid { .. } => None,
    }
}

fn duplicates(t: &Table, columns: &[ColumnId], fields: &[String]) -> Look {
    let known = fields.iter().map(|f| format!("({f}) IS NOT NULL")).collect::<Vec<_>>().join(" AND ");
    let what = plain(t, columns);
    Look {
        problem: format!("duplicates in {}({what})", t.name.name),
        about: format!("rows of {} agree in {what}, which is to be unique", t.name.name),
        query: format!(
            "count(*) AS \"rows\" FROM (SELECT 1 FROM {} WHERE {known} GROUP BY {} HAVING count(*) > 1)",
            name(&t.name),
            fields.join(", ")
        ),
    }
}

/// True of a row whose foreign key points nowhere.
pub fn orphan_condition(table: &Table, columns: &[ColumnId], target: &Table, referenced: &[ColumnId]) -> String {
    let own = ident(&table.name.name);
    let known = columns.iter().map(|c| format!("{own}.{} IS NOT NULL", field(table, *c)));
    let met = columns
        .iter()
        .zip(referenced)
        .map(|(c, r)| format!("_ps_parent.{} = {own}.{}", field(target, *r), field(table, *c)));
    format!(
        "{} AND NOT EXISTS (SELECT 1 FROM {} AS _ps_parent WHERE {})",
        known.collect::<Vec<_>>().join(" AND "),
        name(&target.name),
        met.collect::<Vec<_>>().join(" AND ")
    )
}
