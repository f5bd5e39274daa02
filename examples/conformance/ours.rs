//! Our DDL from empty.

use crate::schemas::Schema;
use prisma_stage::catalog::{Catalog, Ids};
use prisma_stage::diag::{Diagnostics, Severity};
use prisma_stage::dialect::postgres::Postgres;
use prisma_stage::dialect::sqlite::Sqlite;
use prisma_stage::dialect::{Dialect, Provider, mysql};
use prisma_stage::op::{Op, Redefinition, Run};
use prisma_stage::{lower, model, syntax};

/// The statements that make the whole of a schema, or what is wrong with it.
pub(crate) fn ddl(schema: &Schema) -> Result<String, Vec<String>> {
    let (ast, mut diagnostics) = syntax::parse(&schema.sources, &schema.files);
    let (model, more) = model::resolve(&ast);
    diagnostics.append(more);
    let (catalog, more) = lower::lower(&model, &mut Ids::default());
    diagnostics.append(more);
    if diagnostics.has_errors() {
        return Err(lines(schema, &diagnostics));
    }
    if model.provider() == Some(Provider::Mysql) {
        return Ok(mysql::database(&catalog).into_iter().map(|sql| sql + ";\n").collect());
    }
    let mut run = Run::new(Catalog::default());
    let mut sql = String::new();
    let (dialect, ops) = match model.provider() {
        Some(Provider::Sqlite) => (Dialect::Sqlite(Sqlite::default()), vec![at_once(catalog)]),
        Some(_) | None => (Dialect::Postgres(Postgres::default()), ops(&catalog)),
    };
    for op in ops {
        for spelled in dialect.spell(&op, &run) {
            sql.push_str(&spelled.sql);
            sql.push_str(";\n");
        }
        run.apply(&op).map_err(|impossible| vec![impossible.0])?;
    }
    Ok(sql)
}

fn at_once(to: Catalog) -> Op {
    let (values, back, losses, waits) = Default::default();
    Op::Redefine(Box::new(Redefinition { to, values, back, tidy: Vec::new(), losses, waits }))
}

fn ops(catalog: &Catalog) -> Vec<Op> {
    let mut ops: Vec<Op> = catalog.namespaces.iter().cloned().map(Op::CreateNamespace).collect();
    ops.extend(catalog.extensions.values().cloned().map(Op::CreateExtension));
    ops.extend(catalog.enums.iter().map(|(id, item)| Op::CreateEnum(*id, item.clone())));
    for (id, table) in &catalog.tables {
        let mut table = table.as_ref().clone();
        table.foreign_keys.clear();
        ops.push(Op::CreateTable(*id, Box::new(table)));
    }
    for (on, table) in &catalog.tables {
        for (id, key) in &table.foreign_keys {
            ops.push(Op::AddForeignKey { on: *on, id: *id, key: Box::new(key.clone()) });
        }
    }
    ops
}

fn lines(schema: &Schema, diagnostics: &Diagnostics) -> Vec<String> {
    let line = |d: &prisma_stage::diag::Diagnostic| {
        let place = d.span.map(|s| schema.sources.line_column(s.file, s.start));
        let place = place.map_or_else(String::new, |p| format!("{}:{}: ", p.line, p.column));
        format!("{place}{} {}", d.code, d.message)
    };
    diagnostics.iter().filter(|d| d.severity == Severity::Error).map(line).collect()
}
