//! Facts about rows: as queries each of whose rows is a problem, and as statements that fail.

use super::quote::{ident, literal, name};
use super::{super::Asked, super::Level, super::Work, Spelled};
use crate::catalog::{Catalog, ColumnId, Table};
use crate::op::Fact;

/// The longest name of a table.
const LIMIT: usize = 64;

struct Look {
    problem: String,
    about: String,
    /// Counts them, behind SELECT.
    query: String,
}

/// The read-only query that returns a row for each problem, its name in the first column.
pub fn query(at: &Catalog, fact: &Fact) -> Option<Asked> {
    let l = look(at, fact)?;
    let sql =
        format!("SELECT {} AS `problem`, `rows` FROM (SELECT {}) AS ps WHERE `rows` > 0", literal(&l.problem), l.query);
    Some(Asked { name: l.problem, about: l.about, sql, level: Level::Rows })
}

/// A statement that fails unless the fact holds. Nothing but a stored program may signal an error, so a table is read that does not
/// exist, and whose name says why.
pub fn assert(at: &Catalog, fact: &Fact) -> Vec<Spelled> {
    let Some(l) = look(at, fact) else { return Vec::new() };
    let mut why = format!("prisma-stage: {}", l.problem);
    while why.chars().count() > LIMIT {
        why.pop();
    }
    let stop = format!("SELECT 1 FROM {}", ident(why.trim_end()));
    let sql = format!(
        "SET @ps = IF((SELECT {}) = 0, 'DO 0', {});\nPREPARE ps FROM @ps;\nEXECUTE ps;\nDEALLOCATE PREPARE ps",
        l.query,
        literal(&stop)
    );
    vec![Spelled::new(sql).doing(Work::Check)]
}

fn look(at: &Catalog, fact: &Fact) -> Option<Look> {
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
            let own = name(&t.name);
            let known = columns.iter().map(|c| format!("{own}.{} IS NOT NULL", field(t, *c))).collect::<Vec<_>>();
            let met = columns
                .iter()
                .zip(referenced)
                .map(|(c, r)| format!("ps_parent.{} = {own}.{}", field(target, *r), field(t, *c)))
                .collect::<Vec<_>>();
            Some(Look {
                problem: format!("orphans in {}({})", t.name.name, plain(t, columns)),
                about: format!(
                    "rows of {} point, by {}, at rows of {} that do not exist",
                    t.name.name,
                    plain(t, columns),
                    target.name.name
                ),
                query: format!(
                    "count(*) AS `rows` FROM {own} WHERE {} AND NOT EXISTS (SELECT 1 FROM {} AS ps_parent WHERE {})",
                    known.join(" AND "),
                    name(&target.name),
                    met.join(" AND ")
                ),
            })
        }
        // Plans for it have none of these yet.
        Fact::NoDuplicatesIn { .. }
        | Fact::Without { .. }
        | Fact::Mirrored { .. }
        | Fact::InSync { .. }
        | Fact::Computed { .. }
        | Fact::NothingHangs { .. }
        | Fact::NothingUses { .. }
        | Fact::Mapped { .. }
        | Fact::Returns { .. }
        | Fact::Carried { .. }
        | Fact::Across { .. }
        | Fact::Fits { .. }
        | Fact::IndexValid { .. } => None,
    }
}

fn field(table: &Table, id: ColumnId) -> String {
    ident(table.columns.get(&id).map_or("", |c| &c.name))
}

fn plain(table: &Table, columns: &[ColumnId]) -> String {
    columns.iter().map(|c| table.columns.get(c).map_or("", |c| c.name.as_str())).collect::<Vec<_>>().join(", ")
}
