//! Primary keys, uniques and indexes.

use super::{Lowering, messages, origin};
use crate::catalog::{ColumnId, Index, KeyColumn, PrimaryKey, Table};
use crate::dialect::Fulltext;
use crate::intent::sql;
use crate::model::{Condition, Constant, Key, KeyField, KeyKind, ModelWalker, Ops, Predicate, Sort};

impl Lowering<'_, '_> {
    pub(super) fn table_keys(&mut self, model: ModelWalker<'_, '_>, table: &mut Table) {
        let table_name = model.get().database_name();
        if let Some(key) = &model.get().id {
            let name = self.conventions.names.primary_key(table_name, key.map.as_ref().map(|m| &*m.value));
            let columns = self.key_columns(key).into_iter().map(|c| KeyColumn::plain(c.column)).collect();
            table.primary_key = Some(PrimaryKey { name, columns });
        }
        for key in &model.get().keys {
            if let Some(index) = self.index(model, key) {
                table.indexes.insert(self.ids.fresh(), index);
            }
        }
    }

    fn index(&mut self, model: ModelWalker<'_, '_>, key: &Key<'_>) -> Option<Index> {
        let table = model.get().database_name();
        let names = self.conventions.names;
        let (unique, kind) = match key.kind {
            KeyKind::Unique => (true, None),
            KeyKind::Index => (false, None),
            KeyKind::Fulltext => match self.conventions.fulltext {
                Fulltext::Index(method) => (false, Some(method)),
                Fulltext::None => {
                    self.diagnostics.push(messages::fulltext(self.conventions, key.span));
                    return None;
                }
            },
            KeyKind::Id => return None,
        };
        let name = match &key.map {
            Some(map) => names.identifier(&map.value),
            None if unique => names.unique(table, self.database_names(key)),
            None => names.index(table, self.database_names(key)),
        };
        let columns = self.key_columns(key);
        let method = key.method.and_then(|m| {
            let method = (self.conventions.access_method)(m.name);
            if method.is_none() {
                self.diagnostics.push(messages::method(self.conventions, m.name, m.span));
            }
            method.flatten().map(str::to_owned)
        });
        let predicate = key.predicate.as_ref().map(|p| self.predicate_sql(p));
        let reads = predicate.as_deref().map_or_else(Vec::new, |p| self.read_by(p, model));
        // A key of columns that could not be lowered would be another one.
        (columns.len() == key.fields.len()).then(|| Index {
            name,
            unique,
            method: kind.map(str::to_owned).or(method),
            columns,
            predicate,
            reads,
            origin: origin(model, &self.key_label(key), key.span),
        })
    }

    fn key_columns(&mut self, key: &Key<'_>) -> Vec<KeyColumn> {
        key.fields.iter().filter_map(|field| self.key_column(field)).collect()
    }

    fn key_column(&mut self, field: &KeyField<'_>) -> Option<KeyColumn> {
        let column = self.columns[field.field()?.0 as usize]?;
        let ops = match &field.ops {
            None => None,
            Some(Ops::Raw(sql)) => Some(sql.clone().into_owned()),
            Some(Ops::Known(name)) => {
                let class = (self.conventions.operator_class)(name);
                if class.is_none() {
                    self.diagnostics.push(messages::operator_class(name, field.span));
                }
                class
            }
        };
        Some(KeyColumn { column, descending: field.sort == Some(Sort::Desc), length: field.length, ops })
    }

    /// As Prisma spells it; the index puts parentheses around it.
    fn predicate_sql(&self, predicate: &Predicate<'_>) -> String {
        let conditions = match predicate {
            Predicate::Raw(sql) => return sql.clone().into_owned(),
            Predicate::Fields(conditions) => conditions,
        };
        let one = |(field, condition): &(_, Condition<'_>)| {
            let column = format!("\"{}\"", self.schema.field(*field).get().database_name().replace('"', "\"\""));
            match condition {
                Condition::Null => format!("{column} IS NULL"),
                Condition::NotNull => format!("{column} IS NOT NULL"),
                Condition::Is(constant) => format!("{column} = {}", constant_sql(constant)),
                Condition::IsNot(constant) => format!("{column} != {}", constant_sql(constant)),
            }
        };
        conditions.iter().map(one).collect::<Vec<_>>().join(" AND ")
    }

    /// The columns of a model that a condition speaks of.
    fn read_by(&self, predicate: &str, model: ModelWalker<'_, '_>) -> Vec<(String, ColumnId)> {
        let Ok(words) = sql::words(predicate) else { return Vec::new() };
        let fields =
            model.walk_columns().filter_map(|f| Some((f.get().database_name(), self.columns[f.at.0 as usize]?)));
        let read = fields.filter(|(name, _)| sql::reads(&words, name));
        read.map(|(name, id)| (name.to_owned(), id)).collect()
    }

    /// `email`, `@@index([a, b])`
    fn key_label(&self, key: &Key<'_>) -> String {
        if let Some(field) = key.at_field {
            return self.schema.field(field).name.name.to_owned();
        }
        let attribute = match key.kind {
            KeyKind::Id => "@@id",
            KeyKind::Unique => "@@unique",
            KeyKind::Index => "@@index",
            KeyKind::Fulltext => "@@fulltext",
        };
        let path = |field: &KeyField<'_>| {
            let names: Vec<_> = field.path.iter().map(|f| self.schema.field(*f).get().name.name).collect();
            names.join(".")
        };
        let fields: Vec<_> = key.fields.iter().map(path).collect();
        format!("{attribute}([{}])", fields.join(", "))
    }
}

fn constant_sql(constant: &Constant<'_>) -> String {
    match constant {
        Constant::String(text) => format!("'{}'", text.replace('\'', "''")),
        Constant::Number(number) => (*number).to_owned(),
        Constant::Boolean(value) => value.to_string(),
    }
}
