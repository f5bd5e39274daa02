//! Primary keys, indexes, foreign keys and checks.

use super::Reading;
use crate::catalog::{Action, Check, CheckRule, ColumnId, ForeignKey, Index, KeyColumn, Origin, PrimaryKey};
use crate::live::{Doing, Result};
use postgres::Row;

const INDEXES: &str = "
SELECT i.indrelid, x.relname::text, i.indisprimary, i.indisunique, upper(m.amname::text),
  (SELECT array_agg(k.attnum ORDER BY k.at) FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, at) WHERE k.at <= i.indnkeyatts),
  (SELECT array_agg((o.option & 1) = 1 ORDER BY o.at) FROM unnest(i.indoption::int2[]) WITH ORDINALITY o(option, at)),
  (SELECT array_agg(p.opcname::text ORDER BY c.at) FROM unnest(i.indclass::oid[]) WITH ORDINALITY c(class, at)
   JOIN pg_catalog.pg_opclass p ON p.oid = c.class),
  (SELECT array_agg(p.opcdefault ORDER BY c.at) FROM unnest(i.indclass::oid[]) WITH ORDINALITY c(class, at)
   JOIN pg_catalog.pg_opclass p ON p.oid = c.class),
  pg_catalog.pg_get_expr(i.indpred, i.indrelid)
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN pg_catalog.pg_am m ON m.oid = x.relam
WHERE i.indisvalid AND i.indexprs IS NULL AND i.indrelid = ANY ($1)
ORDER BY 1, 2";

const CONSTRAINTS: &str = "
SELECT k.conrelid, k.conname::text, k.contype = 'f', k.convalidated, k.conkey, k.confrelid, k.confkey,
  k.confdeltype::text, k.confupdtype::text, pg_catalog.pg_get_expr(k.conbin, k.conrelid)
FROM pg_catalog.pg_constraint k
WHERE k.contype IN ('f', 'c') AND k.conrelid = ANY ($1)
ORDER BY 1, 2";

impl Reading<'_> {
    pub(super) fn indexes(&mut self) -> Result<()> {
        let oids: Vec<u32> = self.tables.keys().copied().collect();
        for row in self.transaction.query(INDEXES, &[&oids]).doing(|| "reading indexes".to_owned())? {
            let oid: u32 = row.get(0);
            let id = self.tables[&oid];
            let name: String = row.get(1);
            let like = self.like.tables.get(&id).and_then(|t| t.indexes.iter().find(|(_, index)| index.name == name));
            let columns = self.key_columns(&row, oid, like.map(|(_, like)| like));
            let Some(table) = self.catalog.table_mut(id) else { continue };
            if row.get(2) {
                table.primary_key = Some(PrimaryKey { name, columns });
                continue;
            }
            let method: String = row.get(4);
            let index = Index {
                name,
                unique: row.get(3),
                method: (method != "BTREE").then_some(method),
                columns,
                predicate: row.get(9),
                reads: like.map_or_else(Vec::new, |(_, like)| like.reads.clone()),
                origin: like.map_or_else(Origin::default, |(_, like)| like.origin.clone()),
            };
            let id = like.map_or_else(|| self.ids.fresh(), |(id, _)| *id);
            table.indexes.insert(id, index);
        }
        Ok(())
    }

    fn key_columns(&self, row: &Row, table: u32, like: Option<&Index>) -> Vec<KeyColumn> {
        let numbers: Vec<i16> = row.get(5);
        let (descending, classes, defaults): (Vec<bool>, Vec<String>, Vec<bool>) = (row.get(6), row.get(7), row.get(8));
        let columns = numbers.iter().enumerate().filter_map(|(at, number)| {
            let class = classes.get(at).cloned();
            // A schema may name the operator class that is the default anyway.
            let stated = like.and_then(|like| like.columns.get(at)).is_some_and(|c| c.ops.is_some() && c.ops == class);
            let is_default = defaults.get(at).copied().unwrap_or(true);
            Some(KeyColumn {
                column: *self.columns.get(&(table, *number))?,
                descending: descending.get(at).copied().unwrap_or(false),
                length: None,
                ops: class.filter(|_| stated || !is_default),
            })
        });
        columns.collect()
    }

    pub(super) fn constraints(&mut self) -> Result<()> {
        let oids: Vec<u32> = self.tables.keys().copied().collect();
        for row in self.transaction.query(CONSTRAINTS, &[&oids]).doing(|| "reading constraints".to_owned())? {
            if row.get(2) { self.foreign_key(&row) } else { self.check(&row) }
        }
        Ok(())
    }

    fn foreign_key(&mut self, row: &Row) {
        let (oid, other): (u32, u32) = (row.get(0), row.get(5));
        let id = self.tables[&oid];
        let (Some(references), Some(columns), Some(referenced)) = (
            self.tables.get(&other),
            self.column_ids(oid, &row.get::<_, Vec<i16>>(4)),
            self.column_ids(other, &row.get::<_, Vec<i16>>(6)),
        ) else {
            return;
        };
        let name: String = row.get(1);
        let like = self.like.tables.get(&id).and_then(|t| t.foreign_keys.iter().find(|(_, key)| key.name == name));
        let key = ForeignKey {
            name,
            columns,
            references: *references,
            referenced,
            on_delete: action(&row.get::<_, String>(7)),
            on_update: action(&row.get::<_, String>(8)),
            validated: row.get(3),
            origin: like.map_or_else(Origin::default, |(_, like)| like.origin.clone()),
        };
        let fresh = like.map_or_else(|| self.ids.fresh(), |(id, _)| *id);
        if let Some(table) = self.catalog.table_mut(id) {
            table.foreign_keys.insert(fresh, key);
        }
    }

    fn check(&mut self, row: &Row) {
        let oid: u32 = row.get(0);
        let expression: String = row.get(9);
        let columns = self.column_ids(oid, &row.get::<_, Option<Vec<i16>>>(4).unwrap_or_default()).unwrap_or_default();
        let rule = match columns.as_slice() {
            [only] if expression.ends_with(" IS NOT NULL)") && !expression[1..].contains('(') => {
                CheckRule::NotNull(*only)
            }
            _ => CheckRule::Sql(expression),
        };
        let check = Check { name: row.get(1), rule, validated: row.get(3) };
        let like = self.like.tables.get(&self.tables[&oid]);
        let like = like.and_then(|t| t.checks.iter().find(|(_, other)| other.name == check.name)).map(|(id, _)| *id);
        let id = like.unwrap_or_else(|| self.ids.fresh());
        if let Some(table) = self.catalog.table_mut(self.tables[&oid]) {
            table.checks.insert(id, check);
        }
    }

    fn column_ids(&self, table: u32, numbers: &[i16]) -> Option<Vec<ColumnId>> {
        numbers.iter().map(|number| self.columns.get(&(table, *number)).copied()).collect()
    }
}

/// <https://www.postgresql.org/docs/current/catalog-pg-constraint.html>
fn action(letter: &str) -> Action {
    match letter {
        "r" => Action::Restrict,
        "c" => Action::Cascade,
        "n" => Action::SetNull,
        "d" => Action::SetDefault,
        _ => Action::NoAction,
    }
}
