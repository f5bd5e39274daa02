//! Facts about rows: as queries each of whose rows is a problem, and as assertions that fail.

use super::hang;
use super::quote::{ident, literal, name};
use super::value::{expr_sql, type_sql};
use super::{super::Asked, super::Level, super::Work, Spelled};
use crate::catalog::{BaseType, Catalog, ColumnId, Expr, Table, TableId};
use crate::op::Fact;

/// A fact as the condition for a row to contradict it, with the table and what to say.
struct Look {
    problem: String,
    about: String,
    query: String,
    hint: String,
}

/// The read-only query that returns a row for each problem, its name in the first column.
pub fn query(at: &Catalog, fact: &Fact) -> Option<Asked> {
    if let Some(found) = hanging(at, fact) {
        let problem = format!("objects that hang on {}", found.on);
        let about = format!(
            "{} goes, or another takes its place, and this hangs on it: drop it first, and make it anew afterwards if it is still wanted",
            found.on
        );
        let text = match fact {
            Fact::NothingHangs { on, column } => hang::spoken_of(at, *on, *column),
            _ => None,
        };
        let label = literal(&problem);
        let text = text.map(|text| format!("\n UNION ALL SELECT {label}, {text}")).unwrap_or_default();
        let sql = format!("SELECT {label} AS \"problem\", \"object\" FROM (SELECT {}) AS _ps_found{text}", found.query);
        return Some(Asked { name: problem, about, sql, level: Level::Server });
    }
    let Look { problem, about, query, .. } = look(at, fact)?;
    let (level, listed) = match fact {
        Fact::Mirrored { on, old, new } => {
            let table = at.tables.get(on)?;
            (Level::Rows, windows(table, &comparable(table, *old), &comparable(table, *new)))
        }
        Fact::Computed { on, column, value } => {
            let table = at.tables.get(on)?;
            let value = expr_sql(at, table, table.columns.get(column)?, value, "");
            (Level::Rows, windows(table, &as_comparable(table, *column, &value), &comparable(table, *column)))
        }
        Fact::NoDuplicates { .. } | Fact::NoDuplicatesIn { .. } => (Level::Rows, query + " LIMIT 20"),
        Fact::NoNulls { .. }
        | Fact::Without { .. }
        | Fact::NoOrphans { .. }
        | Fact::InSync { .. }
        | Fact::Mapped { .. }
        | Fact::Returns { .. }
        | Fact::Carried { .. }
        | Fact::Across { .. } => (Level::Rows, query),
        Fact::Fits { .. } => (Level::Notice, query),
        Fact::IndexValid { .. } | Fact::NothingHangs { .. } | Fact::NothingUses { .. } => (Level::Server, query),
    };
    let sql = format!("SELECT {} AS \"problem\", {listed}", literal(&problem));
    Some(Asked { name: problem, about, sql, level })
}

/// Where two values differ, by windows of a numbered key, with what each side counts and sums up to there: to be compared
/// with a copy, too. Rows are compared one by one; sums alone could be equal by chance.
fn windows(table: &Table, old: &str, new: &str) -> String {
    const WINDOW: u32 = 100_000;
    let key = super::backfill::window_key(table).filter(|key| key.len() == 1);
    let numbered = key.and_then(|key| key.first().copied()).filter(|c| {
        matches!(&c.ty.base,
        BaseType::Native { name, .. } if !c.ty.list && matches!(name.as_str(), "SMALLINT" | "INTEGER" | "BIGINT"))
    });
    let (range, group) = match numbered.map(|c| ident(&c.name)) {
        Some(key) => (format!("min({key}) AS \"from\", max({key}) AS \"to\", "), format!(" GROUP BY {key} / {WINDOW}")),
        None => (String::new(), String::new()),
    };
    let side = |value: &str, name: &str| {
        format!("count({value}) AS \"{name}\", sum(hashtext(({value})::text)) AS \"{name} sum\"")
    };
    let differ = format!("count(*) FILTER (WHERE {old} IS DISTINCT FROM {new})");
    format!(
        "{range}count(*) AS \"rows\", {differ} AS \"differ\", {}, {} FROM {}{group} HAVING {differ} > 0",
        side(old, "old"),
        side(new, "new"),
        name(&table.name)
    )
}

/// A statement for a block that raises unless the fact holds.
pub fn assert(at: &Catalog, fact: &Fact) -> Vec<Spelled> {
    if let Some(found) = hanging(at, fact) {
        let message = literal(&format!("prisma-stage: something hangs on {} that would be lost or broken: ", found.on));
        let hint = literal("Nothing has been changed. Drop it, or make it use what comes, then run this file again.");
        return vec![Spelled::new(format!(
            "DECLARE _ps_found text;\n  BEGIN\n    SELECT string_agg(\"object\", ', ' ORDER BY \"object\") INTO _ps_found FROM (SELECT {}) AS _ps_all;\n    \
             IF _ps_found IS NOT NULL THEN\n      RAISE EXCEPTION USING MESSAGE = {message} || _ps_found, HINT = {hint};\n    END IF;\n  END",
            found.query
        ))];
    }
    let Some(l) = look(at, fact) else { return Vec::new() };
    let message = format!("prisma-stage: {}", l.about);
    vec![
        Spelled::new(format!(
            "IF EXISTS (SELECT {}) THEN\n    RAISE EXCEPTION USING MESSAGE = {}, HINT = {};\n  END IF",
            l.query,
            literal(&message),
            literal(&l.hint)
        ))
        .doing(Work::Check),
    ]
}

fn field(table: &Table, id: ColumnId) -> String {
    ident(table.columns.get(&id).map_or("", |c| &c.name))
}

fn plain(table: &Table, columns: &[ColumnId]) -> String {
    columns.iter().map(|c| table.columns.get(c).map_or("", |c| c.name.as_str())).collect::<Vec<_>>().join(", ")
}

fn hanging(at: &Catalog, fact: &Fact) -> Option<hang::Hanging> {
    match fact {
        Fact::NothingHangs { on, column: Some(column) } => hang::on_column(at, *on, *column),
        Fact::NothingHangs { on, column: None } => hang::on_table(at, *on),
        Fact::NothingUses { of } => hang::on_type(at, *of),
        _ => None,
    }
}

fn look(at: &Catalog, fact: &Fact) -> Option<Look> {
    match fact {
        Fact::NothingHangs { .. } | Fact::NothingUses { .. } => None,
        Fact::NoNulls { on, column } => {
            let table = at.tables.get(on)?;
            let column_name = plain(table, &[*column]);
            Some(Look {
                problem: format!("nulls in {}.{column_name}", table.name.name),
                about: format!("rows of {} have no value in {column_name}", table.name.name),
                query: format!(
                    "count(*) AS \"rows\" FROM {} WHERE {} IS NULL HAVING count(*) > 0",
                    name(&table.name),
                    field(table, *column)
                ),
                hint: "Give these rows a value, then run this file again.".into(),
            })
        }
        Fact::NoDuplicates { on, columns } => {
            let table = at.tables.get(on)?;
            let fields = columns.iter().map(|c| field(table, *c)).collect::<Vec<_>>();
            let known = fields.iter().map(|f| format!("{f} IS NOT NULL")).collect::<Vec<_>>().join(" AND ");
            let list = fields.join(", ");
            Some(Look {
                problem: format!("duplicates in {}({})", table.name.name, plain(table, columns)),
                about: format!("rows of {} agree in {}, which is to be unique", table.name.name, plain(table, columns)),
                query: format!(
                    "{list}, count(*) AS \"rows\" FROM {} WHERE {known} GROUP BY {list} HAVING count(*) > 1",
                    name(&table.name)
                ),
                hint:
                    "Decide which row of each group stays (or plan with --assume keep-first), then run this file again."
                        .into(),
            })
        }
        Fact::NoDuplicatesIn { on, values } => {
            let table = at.tables.get(on)?;
            let columns: Vec<ColumnId> = values.iter().map(|(id, _)| *id).collect();
            let sql = |(id, value): &(ColumnId, Expr)| Some(expr_sql(at, table, table.columns.get(id)?, value, ""));
            let fields = values.iter().map(sql).collect::<Option<Vec<_>>>()?;
            let known = fields.iter().map(|f| format!("({f}) IS NOT NULL")).collect::<Vec<_>>().join(" AND ");
            let shown = fields.iter().zip(&columns).map(|(f, c)| format!("{f} AS {}", field(table, *c)));
            let what = plain(table, &columns);
            Some(Look {
                problem: format!("rows of {} would agree in {what}", table.name.name),
                about: format!(
                    "rows of {} would agree in {what}, which is unique, once values that left are others",
                    table.name.name
                ),
                query: format!(
                    "{}, count(*) AS \"rows\" FROM {} WHERE {known} GROUP BY {} HAVING count(*) > 1",
                    shown.collect::<Vec<_>>().join(", "),
                    name(&table.name),
                    fields.join(", ")
                ),
                hint: "Decide which row of each group stays, delete the others, then run this file again.".into(),
            })
        }
        Fact::Without { on, column, labels } => {
            let table = at.tables.get(on)?;
            let list = table.columns.get(column)?.ty.list;
            let (of, held) = (field(table, *column), labels.iter().map(|l| literal(l)).collect::<Vec<_>>().join(", "));
            let condition =
                if list { format!("{of}::text[] && ARRAY[{held}]") } else { format!("{of}::text IN ({held})") };
            Some(Look {
                problem: format!("{}.{} holds values that left", table.name.name, plain(table, &[*column])),
                about: format!(
                    "rows of {} hold {} in {}",
                    table.name.name,
                    labels.join(" or "),
                    plain(table, &[*column])
                ),
                query: format!("count(*) AS \"rows\" FROM {} WHERE {condition} HAVING count(*) > 0", name(&table.name)),
                hint: "If a backfill of this plan maps them, run it again; else give these rows another value, or say in @stage.map what they become and plan anew.".into(),
            })
        }
        Fact::NoOrphans { on, columns, references, referenced } => {
            let table = at.tables.get(on)?;
            let target = at.tables.get(references)?;
            let still = orphan_condition(at, table, columns, *references, referenced);
            Some(Look {
                problem: format!("orphans in {}({})", table.name.name, plain(table, columns)),
                about: format!(
                    "rows of {} point, by {}, at rows of {} that do not exist",
                    table.name.name,
                    plain(table, columns),
                    target.name.name
                ),
                query: format!("count(*) AS \"rows\" FROM {} WHERE {still} HAVING count(*) > 0", name(&table.name)),
                hint: "Mend or delete these rows (or plan with --assume delete-orphans), then run this file again."
                    .into(),
            })
        }
        Fact::Mirrored { on, old, new } => {
            let table = at.tables.get(on)?;
            Some(Look {
                problem: format!(
                    "{} and {} of {} differ",
                    plain(table, &[*old]),
                    plain(table, &[*new]),
                    table.name.name
                ),
                about: format!(
                    "rows of {} do not hold the same in {} and {}",
                    table.name.name,
                    plain(table, &[*old]),
                    plain(table, &[*new])
                ),
                query: format!(
                    "count(*) AS \"rows\" FROM {} WHERE {} IS DISTINCT FROM {} HAVING count(*) > 0",
                    name(&table.name),
                    comparable(table, *old),
                    comparable(table, *new)
                ),
                hint: "Run the backfill again, then this file.".into(),
            })
        }
        Fact::InSync { on, sync } => {
            let table = at.tables.get(on)?;
            let old = plain(table, &sync.back.iter().map(|(id, _)| *id).collect::<Vec<_>>());
            let new = plain(table, &sync.forth.iter().map(|(id, _)| *id).collect::<Vec<_>>());
            Some(Look {
                problem: format!("{old} and {new} of {} do not agree", table.name.name),
                about: format!("rows of {} do not say the same in {old} and {new}", table.name.name),
                query: format!(
                    "count(*) AS \"rows\" FROM {} WHERE {} HAVING count(*) > 0",
                    name(&table.name),
                    super::sync::WORDS.apart(at, table, sync, "")?
                ),
                hint: "Run the backfill again, then this file.".into(),
            })
        }
        Fact::Computed { on, column, value } => {
            let table = at.tables.get(on)?;
            let target = table.columns.get(column)?;
            let value = expr_sql(at, table, target, value, "");
            Some(Look {
                problem: format!("{}.{} is not filled", table.name.name, target.name),
                about: format!("rows of {} do not hold in {} what they should", table.name.name, target.name),
                query: format!(
                    "count(*) AS \"rows\" FROM {} WHERE {} IS DISTINCT FROM {} HAVING count(*) > 0",
                    name(&table.name),
                    comparable(table, *column),
                    as_comparable(table, *column, &value)
                ),
                hint: "Run the backfill again, then this file.".into(),
            })
        }
        Fact::Mapped { on, mapping } => {
            let table = at.tables.get(on)?;
            let (new, old) = super::mapping::names(table, mapping);
            let (new, old) = (new.join(", "), old.join(", "));
            Some(Look {
                problem: format!("{new} of {} not in step with {old}", table.name.name),
                about: format!("rows of {} do not hold in {new} what is computed of {old}", table.name.name),
                query: format!(
                    "count(*) AS \"rows\" FROM {} WHERE {} HAVING count(*) > 0",
                    name(&table.name),
                    super::mapping::apart(at, table, mapping, "")
                ),
                hint: "Run the backfill again, then this file.".into(),
            })
        }
        Fact::Returns { on, mapping } => {
            let table = at.tables.get(on)?;
            let (new, old) = super::mapping::names(table, mapping);
            let (new, old) = (new.join(", "), old.join(", "));
            Some(Look {
                problem: format!("{old} of {} not given back by {new}", table.name.name),
                about: format!("rows of {} hold more in {old} than comes back from {new}", table.name.name),
                query: format!(
                    "count(*) AS \"rows\" FROM {} WHERE {} HAVING count(*) > 0",
                    name(&table.name),
                    super::mapping::not_returned(at, table, mapping)
                ),
                hint: "Keep what is not to be lost before the old columns go.".into(),
            })
        }
        Fact::Carried { link, from } => {
            let (table, other) = (at.tables.get(&link.table(*from))?, at.tables.get(&link.table(from.other()))?);
            let columns = plain(table, &link.columns(*from).collect::<Vec<_>>());
            let (own, there) = (&table.name.name, &other.name.name);
            Some(Look {
                problem: format!("{columns} of {own} not in {there}"),
                about: format!("rows of {own} hold something else in {columns} than their rows of {there}"),
                query: format!(
                    "count(*) AS \"rows\" FROM {} WHERE {} HAVING count(*) > 0",
                    name(&table.name),
                    super::carry::behind(at, link, *from)?
                ),
                hint: "Run the backfill again, then this file.".into(),
            })
        }
        Fact::Across { across, from } => {
            let found = super::across::behind(at, across, *from)?;
            let (table, columns) = (found.table, plain(found.table, &found.columns));
            Some(Look {
                problem: format!("{columns} of {} not in step with {}", table.name.name, found.other),
                about: format!("rows of {} and of {} do not say the same ({columns})", table.name.name, found.other),
                query: format!(
                    "count(*) AS \"rows\" FROM {} WHERE {} HAVING count(*) > 0",
                    name(&table.name),
                    found.condition
                ),
                hint: "Run the backfill again, then this file.".into(),
            })
        }
        Fact::Fits { on, column, to } => {
            let table = at.tables.get(on)?;
            let own = table.columns.get(column)?;
            let value = field(table, *column);
            let there = super::cast(at, &own.ty, to, &value)?;
            let back = super::cast(at, to, &own.ty, &format!("({})", there.sql))?;
            // The function that reads text is not there from the beginning.
            if !at.reading && (there.reads() || back.reads()) {
                return None;
            }
            let back = back.sql;
            let (label, ty) = (format!("{}.{}", table.name.name, own.name), type_sql(at, to));
            Some(Look {
                problem: format!("values of {label} do not fit {ty}"),
                about: format!("they become what was decided for them, or lose what {ty} cannot hold"),
                query: format!(
                    "count(*) AS \"rows\" FROM {} WHERE {value} IS NOT NULL AND {} IS DISTINCT FROM {} HAVING count(*) > 0",
                    name(&table.name),
                    as_comparable(table, *column, &back),
                    comparable(table, *column)
                ),
                hint: "Change these values, or plan with another answer.".into(),
            })
        }
        Fact::IndexValid { on, index } => {
            let table = at.tables.get(on)?;
            let index = table.indexes.get(index)?;
            let quoted = name(&table.name.with_name(&index.name));
            Some(Look {
                problem: format!("index {} is missing or INVALID", index.name),
                about: format!("index {} is missing or INVALID", index.name),
                query: format!(
                    "1 WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_index WHERE indexrelid = to_regclass({}) AND indisvalid)",
                    literal(&quoted)
                ),
                hint: format!("Run: REINDEX INDEX CONCURRENTLY {quoted}"),
            })
        }
    }
}

/// Types without an equality operator, and those whose equal values are not the same, are compared as text.
pub fn comparable(table: &Table, id: ColumnId) -> String {
    as_comparable(table, id, &field(table, id))
}

/// The same of a value for the column.
pub fn as_comparable(table: &Table, id: ColumnId, value: &str) -> String {
    let awkward = table.columns.get(&id).is_some_and(|c| match &c.ty.base {
        BaseType::Native { name, .. } => {
            matches!(name.as_str(), "JSON" | "XML" | "JSONB" | "CITEXT" | "REAL" | "DOUBLE PRECISION")
        }
        BaseType::Raw(_) => true,
        BaseType::Enum(_) => false,
    });
    if awkward { format!("({value})::text") } else { value.to_owned() }
}

/// True of a row whose foreign key points nowhere.
pub fn orphan_condition(
    at: &Catalog,
    table: &Table,
    columns: &[ColumnId],
    references: TableId,
    referenced: &[ColumnId],
) -> String {
    let Some(target) = at.tables.get(&references) else { return "false".into() };
    let own = ident(&table.name.name);
    let known =
        columns.iter().map(|c| format!("{own}.{} IS NOT NULL", field(table, *c))).collect::<Vec<_>>().join(" AND ");
    let met = columns
        .iter()
        .zip(referenced)
        .map(|(c, r)| format!("_ps_parent.{} = {own}.{}", field(target, *r), field(table, *c)))
        .collect::<Vec<_>>()
        .join(" AND ");
    format!("{known} AND NOT EXISTS (SELECT 1 FROM {} AS _ps_parent WHERE {met})", name(&target.name))
}
