//! Facts about rows: as queries each of whose rows is a problem, and as statements that fail.

use super::cast::typed;
use super::quote::{ident, literal, name};
use super::types::{Family, family};
use super::value::{expr_sql, type_sql};
use super::{super::Asked, super::Level, super::Work, Spelled};
use crate::catalog::{Catalog, ColumnId, Expr, Table, TableId};
use crate::op::Fact;

/// The longest name of a table.
const LIMIT: usize = 64;

/// What a fact is looked up by.
pub(super) struct Look {
    /// What is wrong where it is not so.
    pub(super) problem: String,
    about: String,
    /// Counts them, behind SELECT.
    pub(super) query: String,
}

/// The read-only query that returns a row for each problem, its name in the first column.
pub fn query(at: &Catalog, fact: &Fact) -> Option<Asked> {
    let l = look(at, fact)?;
    let sql =
        format!("SELECT {} AS `problem`, `rows` FROM (SELECT {}) AS ps WHERE `rows` > 0", literal(&l.problem), l.query);
    let level = if matches!(fact, Fact::Fits { .. }) { Level::Notice } else { Level::Rows };
    Some(Asked { name: l.problem, about: l.about, sql, level })
}

/// A statement that fails unless the fact holds. Nothing but a stored program may signal an error, so a table is read that does not
/// exist, and whose name says why.
///
/// The look is a query of its own, which locks nothing: in a `SET` it would lock every row that it reads, and writers would wait until
/// it has read all (<https://dev.mysql.com/doc/refman/8.4/en/innodb-consistent-read.html>; tried on MariaDB 10.11 and MySQL 9.7).
pub fn assert(at: &Catalog, fact: &Fact) -> Vec<Spelled> {
    let Some(l) = look(at, fact) else { return Vec::new() };
    let mut why = format!("prisma-stage: {}", l.problem);
    while why.chars().count() > LIMIT {
        why.pop();
    }
    let stop = format!("SELECT 1 FROM {}", ident(why.trim_end()));
    let sql = format!(
        "SELECT IF((SELECT {}) = 0, 'DO 0', {}) INTO @ps;\nPREPARE ps FROM @ps;\nEXECUTE ps;\nDEALLOCATE PREPARE ps",
        l.query,
        literal(&stop)
    );
    vec![Spelled::new(sql).doing(Work::Check)]
}

pub(super) fn look(at: &Catalog, fact: &Fact) -> Option<Look> {
    match fact {
        Fact::NoNulls { on, column } => {
            let t = at.tables.get(on)?;
            let what = plain(t, &[*column]);
            Some(Look {
                problem: format!("nulls in {}.{what}", t.name.name),
                about: format!("rows of {} have no value in {what}", t.name.name),
                query: format!("count(*) AS `rows` FROM {} WHERE {} IS NULL", name(&t.name), field(t, *column)),
            })
        }
        Fact::NoDuplicates { on, columns } => {
            let t = at.tables.get(on)?;
            let what = plain(t, columns);
            let fields: Vec<String> = columns.iter().map(|c| field(t, *c)).collect();
            let known = fields.iter().map(|f| format!("{f} IS NOT NULL")).collect::<Vec<_>>().join(" AND ");
            Some(Look {
                problem: format!("duplicates in {}({what})", t.name.name),
                about: format!("rows of {} agree in {what}, which is to be unique", t.name.name),
                query: format!(
                    "count(*) AS `rows` FROM (SELECT 1 FROM {} WHERE {known} GROUP BY {} HAVING count(*) > 1) AS ps_same",
                    name(&t.name),
                    fields.join(", ")
                ),
            })
        }
        Fact::NoOrphans { on, columns, references, referenced } => {
            let (t, target) = (at.tables.get(on)?, at.tables.get(references)?);
            let still = orphan_condition(at, t, columns, *references, referenced);
            Some(Look {
                problem: format!("orphans in {}({})", t.name.name, plain(t, columns)),
                about: format!(
                    "rows of {} point, by {}, at rows of {} that do not exist",
                    t.name.name,
                    plain(t, columns),
                    target.name.name
                ),
                query: format!("count(*) AS `rows` FROM {} WHERE {still}", name(&t.name)),
            })
        }
        Fact::NoDuplicatesIn { on, values } => {
            let t = at.tables.get(on)?;
            let columns: Vec<ColumnId> = values.iter().map(|(id, _)| *id).collect();
            let sql = |(id, value): &(ColumnId, Expr)| Some(expr_sql(at, t, t.columns.get(id)?, value, ""));
            let fields = values.iter().map(sql).collect::<Option<Vec<_>>>()?;
            let known = fields.iter().map(|f| format!("({f}) IS NOT NULL")).collect::<Vec<_>>().join(" AND ");
            let what = plain(t, &columns);
            Some(Look {
                problem: format!("rows of {} would agree in {what}", t.name.name),
                about: format!(
                    "rows of {} would agree in {what}, which is unique, once values that left are others",
                    t.name.name
                ),
                query: format!(
                    "count(*) AS `rows` FROM (SELECT 1 FROM {} WHERE {known} GROUP BY {} HAVING count(*) > 1) AS ps_same",
                    name(&t.name),
                    fields.join(", ")
                ),
            })
        }
        Fact::Without { on, column, labels } => {
            let t = at.tables.get(on)?;
            let held = labels.iter().map(|l| literal(l)).collect::<Vec<_>>().join(", ");
            let what = plain(t, &[*column]);
            Some(Look {
                problem: format!("{}.{what} holds values that left", t.name.name),
                about: format!("rows of {} hold {} in {what}", t.name.name, labels.join(" or ")),
                query: format!("count(*) AS `rows` FROM {} WHERE {} IN ({held})", name(&t.name), field(t, *column)),
            })
        }
        Fact::Mirrored { on, old, new } => {
            let t = at.tables.get(on)?;
            let (a, b) = (plain(t, &[*old]), plain(t, &[*new]));
            let differ = format!("NOT ({} <=> {})", comparable(t, *old), as_comparable(t, *old, &field(t, *new)));
            Some(Look {
                problem: format!("{a} and {b} of {} differ", t.name.name),
                about: format!("rows of {} do not hold the same in {a} and {b}", t.name.name),
                query: format!("count(*) AS `rows` FROM {} WHERE {differ}", name(&t.name)),
            })
        }
        Fact::InSync { on, sync } => {
            let t = at.tables.get(on)?;
            let old = plain(t, &sync.back.iter().map(|(id, _)| *id).collect::<Vec<_>>());
            let new = plain(t, &sync.forth.iter().map(|(id, _)| *id).collect::<Vec<_>>());
            let apart = super::sync::WORDS.apart(at, t, sync, "")?;
            Some(Look {
                problem: format!("{old} and {new} of {} do not agree", t.name.name),
                about: format!("rows of {} do not say the same in {old} and {new}", t.name.name),
                query: format!("count(*) AS `rows` FROM {} WHERE {apart}", name(&t.name)),
            })
        }
        Fact::Computed { on, column, value } => {
            let t = at.tables.get(on)?;
            let target = t.columns.get(column)?;
            let value = typed(at, &target.ty, &expr_sql(at, t, target, value, ""));
            let differ = format!("NOT ({} <=> {})", comparable(t, *column), as_comparable(t, *column, &value));
            Some(Look {
                problem: format!("{}.{} is not filled", t.name.name, target.name),
                about: format!("rows of {} do not hold in {} what they should", t.name.name, target.name),
                query: format!("count(*) AS `rows` FROM {} WHERE {differ}", name(&t.name)),
            })
        }
        Fact::Mapped { on, mapping } => {
            let t = at.tables.get(on)?;
            let (new, old) = super::mapping::names(t, mapping);
            let (new, old) = (new.join(", "), old.join(", "));
            let apart = super::mapping::apart(at, t, mapping, "");
            Some(Look {
                problem: format!("{new} of {} not in step with {old}", t.name.name),
                about: format!("rows of {} do not hold in {new} what is computed of {old}", t.name.name),
                query: format!("count(*) AS `rows` FROM {} WHERE {apart}", name(&t.name)),
            })
        }
        Fact::Returns { on, mapping } => {
            let t = at.tables.get(on)?;
            let (new, old) = super::mapping::names(t, mapping);
            let (new, old) = (new.join(", "), old.join(", "));
            let not = super::mapping::not_returned(at, t, mapping);
            Some(Look {
                problem: format!("{old} of {} not given back by {new}", t.name.name),
                about: format!("rows of {} hold more in {old} than comes back from {new}", t.name.name),
                query: format!("count(*) AS `rows` FROM {} WHERE {not}", name(&t.name)),
            })
        }
        Fact::Fits { on, column, to } => {
            let t = at.tables.get(on)?;
            let own = t.columns.get(column)?;
            let value = field(t, *column);
            let there = super::cast(at, &own.ty, to, &value)?;
            let back = super::cast(at, to, &own.ty, &format!("({})", typed(at, to, &there.sql)))?;
            let (label, ty) = (format!("{}.{}", t.name.name, own.name), type_sql(at, to));
            let differ = format!("NOT ({} <=> {})", as_comparable(t, *column, &back.sql), comparable(t, *column));
            Some(Look {
                problem: format!("values of {label} do not fit {ty}"),
                about: format!("they become what was decided for them, or lose what {ty} cannot hold"),
                query: format!("count(*) AS `rows` FROM {} WHERE {value} IS NOT NULL AND {differ}", name(&t.name)),
            })
        }
        // An index is there whole, or not at all.
        Fact::IndexValid { .. } => None,
        // The server keeps no list of what views and programs speak of.
        Fact::NothingHangs { .. } | Fact::NothingUses { .. } => None,
        Fact::Carried { link, from } => {
            let (t, other) = (at.tables.get(&link.table(*from))?, at.tables.get(&link.table(from.other()))?);
            let what = plain(t, &link.columns(*from).collect::<Vec<_>>());
            let (own, there) = (&t.name.name, &other.name.name);
            let behind = super::carry::behind(at, link, *from)?;
            Some(Look {
                problem: format!("{what} of {own} not in {there}"),
                about: format!(
                    "rows of {own} hold something else in {what} than their rows of {there}: run the backfill again"
                ),
                query: format!("count(*) AS `rows` FROM {} WHERE {behind}", name(&t.name)),
            })
        }
        Fact::Across { across, from } => {
            let found = super::across::behind(at, across, *from)?;
            let (own, what) = (&found.table.name, plain(found.table, &found.columns));
            Some(Look {
                problem: format!("{what} of {} not in step with {}", own.name, found.other),
                about: format!(
                    "rows of {} and of {} do not say the same ({what}): run the backfill again",
                    own.name, found.other
                ),
                query: format!("count(*) AS `rows` FROM {} WHERE {}", name(own), found.condition),
            })
        }
    }
}

/// Text that is equal by its collation need not be the same: it is compared by its bytes.
pub fn comparable(table: &Table, id: ColumnId) -> String {
    as_comparable(table, id, &field(table, id))
}

/// The same of a value for the column.
pub fn as_comparable(table: &Table, id: ColumnId, value: &str) -> String {
    match table.columns.get(&id).map(|c| family(&c.ty)) {
        Some(Family::Text | Family::Enum | Family::Raw) => format!("CAST(CONVERT({value} USING utf8mb4) AS BINARY)"),
        // However it is spelled (<https://dev.mysql.com/doc/refman/8.4/en/json.html#json-normalization>).
        Some(Family::Json) => format!("CAST(CONVERT(JSON_EXTRACT({value}, '$') USING utf8mb4) AS BINARY)"),
        Some(Family::Whole | Family::Boolean | Family::Decimal | Family::Float | Family::Bytes | Family::Time)
        | None => value.to_owned(),
    }
}

/// True of a row whose foreign key points nowhere.
pub fn orphan_condition(
    at: &Catalog,
    table: &Table,
    columns: &[ColumnId],
    references: TableId,
    referenced: &[ColumnId],
) -> String {
    let Some(target) = at.tables.get(&references) else { return "FALSE".into() };
    let own = name(&table.name);
    let known =
        columns.iter().map(|c| format!("{own}.{} IS NOT NULL", field(table, *c))).collect::<Vec<_>>().join(" AND ");
    let met = columns.iter().zip(referenced);
    let met = met.map(|(c, r)| format!("ps_parent.{} = {own}.{}", field(target, *r), field(table, *c)));
    let met = met.collect::<Vec<_>>().join(" AND ");
    // A table that is written is not read, unless it is made another first.
    let of = if target.name == table.name {
        let read = referenced.iter().map(|r| field(target, *r)).collect::<Vec<_>>().join(", ");
        format!("(SELECT {read} FROM {})", name(&target.name))
    } else {
        name(&target.name)
    };
    format!("{known} AND NOT EXISTS (SELECT 1 FROM {of} AS ps_parent WHERE {met})")
}

fn field(table: &Table, id: ColumnId) -> String {
    ident(table.columns.get(&id).map_or("", |c| &c.name))
}

fn plain(table: &Table, columns: &[ColumnId]) -> String {
    columns.iter().map(|c| table.columns.get(c).map_or("", |c| c.name.as_str())).collect::<Vec<_>>().join(", ")
}
