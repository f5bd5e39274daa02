//! Two spellings of one thing: the server is asked to print what the catalog at hand says, in a temporary table.

use super::{Printed, Reading};
use crate::catalog::{Column, ColumnId, Default, TableId};
use crate::dialect::postgres::{condition, default_sql, type_name};
use crate::live::sql::qualified;
use crate::live::{Doing, Result};

impl Reading<'_> {
    /// Takes over types, defaults and predicates that mean what the database has.
    pub(super) fn settle(&mut self) -> Result<()> {
        for (table, column) in self.columns_apart() {
            let Some(like) = self.like.column(table, column) else { continue };
            let Some(printed) = self.printed.get(&column).cloned() else { continue };
            let Some(said) = self.print(like)? else { continue };
            let Some(found) = self.catalog.table_mut(table).and_then(|t| t.columns.get_mut(&column)) else {
                continue;
            };
            if said.ty == printed.ty {
                found.ty = like.ty.clone();
                if said.default == printed.default && like.default != Some(Default::Sequence) {
                    found.default.clone_from(&like.default);
                }
            }
        }
        self.predicates()
    }

    /// The columns of which the catalog at hand says something else.
    fn columns_apart(&self) -> Vec<(TableId, ColumnId)> {
        let mut apart = Vec::new();
        for (id, table) in &self.catalog.tables {
            for (column_id, column) in &table.columns {
                let like = self.like.column(*id, *column_id);
                if like.is_some_and(|like| like.ty != column.ty || like.default != column.default) {
                    apart.push((*id, *column_id));
                }
            }
        }
        apart
    }

    /// Type and default of a column as the server would print them; `None` if it does not take them.
    fn print(&mut self, column: &Column) -> Result<Option<Printed>> {
        let ty = type_name(self.like, &column.ty);
        let default = match &column.default {
            None | Some(Default::Sequence) => String::new(),
            Some(default) => format!(" DEFAULT {}", default_sql(self.like, &column.ty, default)),
        };
        // What a schema file says is meant where the server looks by default.
        let create = format!(
            "SET LOCAL search_path = \"$user\", public; CREATE TEMPORARY TABLE prisma_stage_print (c {ty}{default})"
        );
        let doing = || format!("asking the server how it prints {ty}{default}");
        let mut inner = self.transaction.transaction().doing(doing)?;
        if inner.batch_execute(&create).is_err() {
            return Ok(None);
        }
        let sql = "SET LOCAL search_path = ''";
        inner.batch_execute(sql).doing(doing)?;
        let sql = "SELECT pg_catalog.format_type(a.atttypid, a.atttypmod), pg_catalog.pg_get_expr(d.adbin, d.adrelid)
                   FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                   WHERE a.attrelid = 'pg_temp.prisma_stage_print'::regclass AND a.attnum = 1";
        let row = inner.query_one(sql, &[]).doing(doing)?;
        let printed = Printed { ty: row.get(0), default: row.get(1) };
        inner.rollback().doing(doing)?;
        Ok(Some(printed))
    }

    /// Predicates of partial indexes, each tried on a copy of its table without rows.
    fn predicates(&mut self) -> Result<()> {
        let mut apart = Vec::new();
        for (id, table) in &self.catalog.tables {
            for (index_id, index) in &table.indexes {
                let of = self.like.tables.get(id);
                let Some((of, like)) = of.and_then(|of| Some((of, of.indexes.get(index_id)?))) else { continue };
                if let (Some(wanted), Some(spelled)) = (&like.predicate, condition(of, like))
                    && index.predicate.as_ref().is_some_and(|found| found != wanted)
                {
                    let schema = table.name.schema.as_deref().unwrap_or(super::DEFAULT_SCHEMA);
                    let name = qualified(schema, &table.name.name);
                    apart.push((*id, *index_id, name, wanted.clone(), spelled));
                }
            }
        }
        for (table, index, name, wanted, spelled) in apart {
            let doing = || format!("asking the server how it prints {spelled}");
            let mut inner = self.transaction.transaction().doing(doing)?;
            let create = format!(
                "CREATE TEMPORARY TABLE prisma_stage_print (LIKE {name}); SET LOCAL search_path = \"$user\", public;
                 CREATE INDEX prisma_stage_print_index ON pg_temp.prisma_stage_print ((1)) WHERE {spelled}; SET LOCAL search_path = ''"
            );
            if inner.batch_execute(&create).is_err() {
                continue;
            }
            let sql = "SELECT pg_catalog.pg_get_expr(indpred, indrelid) FROM pg_catalog.pg_index
                       WHERE indrelid = 'pg_temp.prisma_stage_print'::regclass";
            let printed: Option<String> = inner.query_one(sql, &[]).doing(doing)?.get(0);
            inner.rollback().doing(doing)?;
            let found = self.catalog.table_mut(table).and_then(|t| t.indexes.get_mut(&index));
            if let Some(found) = found.filter(|found| found.predicate == printed) {
                found.predicate = Some(wanted);
            }
        }
        Ok(())
    }
}
