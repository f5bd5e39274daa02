//! Rows that go, or lose a link, before a rule is put on them. Each is one statement: there is one writer, and the file is one
//! transaction.

use super::fact::orphan_condition;
use super::quote::{ident, idents, name, rowid};
use super::value::{expr_sql, field_sql};
use super::{super::Work as Costs, Spelled, across, carry};
use crate::catalog::{Catalog, ColumnId, Default, Expr, Table};
use crate::op::{Backfill, Work};

/// A backfill as one statement.
pub fn spell(at: &Catalog, fill: &Backfill) -> Vec<Spelled> {
    let Some(table) = at.tables.get(&fill.table) else { return Vec::new() };
    if let Work::Together(all) = &fill.work {
        return all.iter().flat_map(|work| spell(at, &Backfill { work: work.clone(), ..fill.clone() })).collect();
    }
    let costs = |sql| Spelled::new(sql).locking(super::DATABASE, super::WRITES).doing(Costs::Scan);
    if let Work::Carry { link, from } = &fill.work {
        return carry::bring(at, link, *from).into_iter().map(costs).collect();
    }
    if let Work::Across { across: of, from } = &fill.work {
        return across::bring(at, of, *from).into_iter().map(costs).collect();
    }
    let quoted = name(&table.name);
    let field = |id: &ColumnId| ident(table.columns.get(id).map_or("", |c| &c.name));
    let set = |to: &ColumnId, value: String, condition: String| {
        Some(format!("UPDATE {quoted} SET {} = {value} WHERE {condition}", field(to)))
    };
    let value = |value: &Expr| in_place(at, table, value);
    let sql = match &fill.work {
        Work::Fill { column, value: v } => set(column, value(v), format!("{} IS NULL", field(column))),
        Work::Copy { old, new } => set(new, field(old), format!("{} IS NOT {}", field(new), field(old))),
        Work::Convert { from, to, value: v } => {
            set(to, value(v), format!("{} IS NULL AND {} IS NOT NULL", field(to), field(from)))
        }
        Work::Sync { to, value: v } => {
            let v = value(v);
            set(to, v.clone(), format!("{} IS NOT {v}", field(to)))
        }
        Work::Map(mapping) => set_all(table, &mapping.forward, &value),
        Work::MapBack(mapping) => set_all(table, &mapping.backward, &value),
        Work::Return(sync) => {
            let back: Vec<_> = sync.back.iter().filter_map(|(id, v)| Some((*id, v.clone()?))).collect();
            set_all(table, &back, &value)
        }
        // Spelled above.
        Work::Carry { .. } | Work::Across { .. } | Work::Together(_) => None,
        Work::KeepFirst { columns } => {
            let all: Vec<(ColumnId, String)> = columns.iter().map(|id| (*id, field(id))).collect();
            Some(keep_first(table, &all))
        }
        Work::KeepFirstOf { values } => {
            let all: Vec<(ColumnId, String)> = values.iter().map(|(id, v)| (*id, value(v))).collect();
            Some(keep_first(table, &all))
        }
        Work::ClearOrphans { columns, references, referenced, set_null } => at.tables.get(references).map(|target| {
            let still = orphan_condition(table, columns, target, referenced);
            if set_null.is_empty() {
                format!("DELETE FROM {quoted} WHERE {still}")
            } else {
                let nulls = set_null.iter().map(|c| format!("{} = NULL", field(c))).collect::<Vec<_>>().join(", ");
                format!("UPDATE {quoted} SET {nulls} WHERE {still}")
            }
        }),
    };
    sql.map(costs).into_iter().collect()
}

/// A value of a row that is changed where it is: other tables are there to be looked into, and every row has a number.
fn in_place(at: &Catalog, table: &Table, value: &Expr) -> String {
    match value {
        Expr::Lookup { column, table: other, key, value } => {
            let (Some(of), Some(own)) = (at.tables.get(other), table.columns.get(column)) else {
                return "NULL".to_owned();
            };
            let field = |id: &ColumnId| ident(of.columns.get(id).map_or("", |c| &c.name));
            format!(
                "(SELECT _ps_key.{} FROM {} AS _ps_key WHERE _ps_key.{} = {})",
                field(value),
                name(&of.name),
                field(key),
                field_sql(table, own)
            )
        }
        Expr::Coalesce(all) => {
            format!("COALESCE({})", all.iter().map(|v| in_place(at, table, v)).collect::<Vec<_>>().join(", "))
        }
        Expr::Default(Default::Sequence) => format!("{}.\"{}\"", name(&table.name), rowid(table)),
        Expr::Column(_)
        | Expr::Literal(_)
        | Expr::Default(_)
        | Expr::Sql(_)
        | Expr::Cast { .. }
        | Expr::Remap { .. }
        | Expr::Derived(_)
        | Expr::Uuid
        | Expr::Now => expr_sql(at, table, value),
    }
}

/// Several columns at once, each by its own value.
fn set_all(table: &Table, values: &[(ColumnId, Expr)], sql: &dyn Fn(&Expr) -> String) -> Option<String> {
    let field = |id: &ColumnId| ident(table.columns.get(id).map_or("", |c| &c.name));
    let set = values.iter().map(|(id, value)| format!("{} = {}", field(id), sql(value))).collect::<Vec<_>>().join(", ");
    (!values.is_empty()).then(|| format!("UPDATE {} SET {set}", name(&table.name)))
}

/// Of the rows that agree in these values the first by primary key stays.
fn keep_first(table: &Table, values: &[(ColumnId, String)]) -> String {
    let quoted = name(&table.name);
    let fields = values.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(", ");
    let known = values.iter().map(|(_, value)| format!("{value} IS NOT NULL")).collect::<Vec<_>>().join(" AND ");
    let number = rowid(table);
    let order = match &table.primary_key {
        Some(key) => idents(key.columns.iter().filter_map(|k| table.columns.get(&k.column)).map(|c| c.name.as_str())),
        None => number.to_owned(),
    };
    format!(
        "DELETE FROM {quoted} WHERE {number} IN (SELECT \"ps_row\" FROM (SELECT {number} AS \"ps_row\", \
         row_number() OVER (PARTITION BY {fields} ORDER BY {order}) AS \"ps_nth\" FROM {quoted} WHERE {known}) WHERE \"ps_nth\" > 1)"
    )
}
