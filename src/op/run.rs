//! The plan run in the head: what each [`Op`] does to a [`Catalog`].

use super::Op;
use super::taken::Taken;
use crate::catalog::{
    Catalog, Check, CheckRule, Column, ColumnId, Default, EnumId, Expr, ForeignKeyId, Index, IndexId, KeyColumn,
    Literal, Name, PrimaryKey, Table, TableId, TriggerRule,
};
use foldhash::fast::RandomState;
use foldhash::{HashMap, HashSet};
use std::sync::Arc;

/// A catalog under way, with the look-ups that make each step cheap.
#[derive(Clone, Debug)]
pub struct Run {
    /// The catalog as it now stands.
    pub catalog: Catalog,
    relations: Taken,
    referencing: Arc<HashMap<TableId, HashSet<(TableId, ForeignKeyId)>>>,
}

/// An op that the catalog does not allow at this point: always a bug of the planner, never of the schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impossible(pub String);

type Done = Result<(), Impossible>;

fn no<T>(why: impl Into<String>) -> Result<T, Impossible> {
    Err(Impossible(why.into()))
}

impl Run {
    /// Starts from a catalog.
    pub fn new(catalog: Catalog) -> Self {
        let count = catalog.tables.values().map(|t| 2 + t.indexes.len()).sum::<usize>() + catalog.views.len();
        let mut relations = HashSet::with_capacity_and_hasher(count, RandomState::default());
        let mut referencing: HashMap<TableId, HashSet<(TableId, ForeignKeyId)>> = HashMap::default();
        for (&id, table) in &catalog.tables {
            relations.extend(relation_names(&catalog, table));
            for (&key, fk) in &table.foreign_keys {
                referencing.entry(fk.references).or_default().insert((id, key));
            }
        }
        relations.extend(catalog.views.values().map(|v| v.name.clone()));
        Run { catalog, relations: Taken::new(relations), referencing: Arc::new(referencing) }
    }

    /// Is there a table, view or index of this name?
    pub fn is_taken(&self, name: &Name) -> bool {
        self.relations.contains(name)
    }

    /// Foreign keys that point at a table, in a stable order.
    pub fn referencing(&self, table: TableId) -> Vec<(TableId, ForeignKeyId)> {
        let mut keys: Vec<_> = self.referencing.get(&table).into_iter().flatten().copied().collect();
        keys.sort_unstable();
        keys
    }

    /// Does the op; on an error the catalog is as it was before or half changed, and the run is over.
    pub fn apply(&mut self, op: &Op) -> Done {
        match op {
            Op::Redefine(there) => {
                *self = Run::new(there.to.clone());
                Ok(())
            }
            Op::CreateNamespace(name) => insert_new(self.catalog.namespaces.insert(name.clone()), name),
            Op::DropNamespace(name) => insert_new(self.catalog.namespaces.remove(name), name),
            Op::CreateExtension(x) => {
                insert_new(self.catalog.extensions.insert(x.name.clone(), x.clone()).is_none(), &x.name)
            }
            Op::DropExtension(x) => insert_new(self.catalog.extensions.remove(&x.name).is_some(), &x.name),
            Op::CreateEnum(id, def) => {
                insert_new(self.catalog.enums.insert(*id, def.clone()).is_none(), &def.name.name)
            }
            Op::DropEnum(id) => self.drop_enum(*id),
            Op::AddEnumValue { on, value, before } => self.add_enum_value(*on, value, before.as_deref()),
            Op::ForgetEnumValue { on, value } => {
                let values = &mut self.enum_mut(*on)?.values;
                let count = values.len();
                values.retain(|v| v != value);
                insert_new(values.len() < count, value)
            }
            Op::RenameEnum { on, to } => {
                self.enum_mut(*on)?.name = to.clone();
                Ok(())
            }
            Op::RenameEnumValue { on, from, to } => self.rename_enum_value(*on, from, to),
            Op::CreateTable(id, table) => self.create_table(*id, table),
            Op::DropTable(id) => self.drop_table(*id),
            Op::RenameTable { on, to } => {
                // Its indexes lie in its schema, and move along.
                let before: Vec<Name> = relation_names(&self.catalog, self.table(*on)?).collect();
                self.table_mut(*on)?.name = to.clone();
                let after: Vec<Name> = relation_names(&self.catalog, self.table(*on)?).collect();
                for (from, to) in before.iter().zip(&after).filter(|(from, to)| from != to) {
                    self.rename_relation(from, to)?;
                }
                Ok(())
            }
            Op::AddColumn { on, id, column } => {
                let table = self.table_mut(*on)?;
                if table.columns.values().any(|c| c.name == column.name) {
                    return no(format!("column {} is there already", column.name));
                }
                table.columns.insert(*id, (**column).clone());
                Ok(())
            }
            Op::DropColumn { on, id } => self.drop_column(*on, *id),
            Op::RenameColumn { on, id, to } => {
                if self.table(*on)?.columns.values().any(|c| c.name == *to) {
                    return no(format!("column {to} is there already"));
                }
                self.column_mut(*on, *id)?.name = to.clone();
                Ok(())
            }
            Op::SetNotNull { on, id, proof } => {
                if let Some(check) = proof {
                    match self.table(*on)?.checks.get(check) {
                        Some(Check { rule: CheckRule::NotNull(column), validated: true, .. }) if column == id => {}
                        _ => return no("the CHECK is no proof"),
                    }
                }
                self.column_mut(*on, *id)?.nullable = false;
                Ok(())
            }
            Op::DropNotNull { on, id } => {
                let keyed =
                    self.table(*on)?.primary_key.as_ref().is_some_and(|k| k.columns.iter().any(|c| c.column == *id));
                insert_new(!keyed, "a column outside the primary key")?;
                self.column_mut(*on, *id)?.nullable = true;
                Ok(())
            }
            Op::SetDefault { on, id, default } => self.set_default(*on, *id, default.clone()),
            Op::MoveSequence { on, from, to } => {
                let moved = self.column_mut(*on, *from)?.default.take_if(|d| *d == Default::Sequence);
                insert_new(moved.is_some() && self.column_mut(*on, *to)?.default.is_none(), "the sequence")?;
                self.column_mut(*on, *to)?.default = moved;
                Ok(())
            }
            Op::Retype { on, id, to } | Op::Convert { on, id, to, .. } => {
                self.column_mut(*on, *id)?.ty = to.clone();
                Ok(())
            }
            Op::CreateIndex { on, id, index, .. } => {
                let name = self.catalog.beside(self.table(*on)?, &index.name);
                let known = index.columns.iter().all(|c| self.catalog.tables[on].columns.contains_key(&c.column));
                insert_new(known, "a column of the index")?;
                self.take(name)?;
                self.table_mut(*on)?.indexes.insert(*id, (**index).clone());
                Ok(())
            }
            Op::DropIndex { on, id, .. } => {
                let Some(index) = self.table_mut(*on)?.indexes.shift_remove(id) else { return no("no such index") };
                let name = self.catalog.beside(self.table(*on)?, &index.name);
                self.free(name);
                Ok(())
            }
            Op::RenameIndex { on, id, to } => {
                let table = self.table(*on)?;
                let Some(index) = table.indexes.get(id) else { return no("no such index") };
                let (from, to_name) = (self.catalog.beside(table, &index.name), self.catalog.beside(table, to));
                self.free(from);
                self.take(to_name)?;
                if let Some(index) = self.table_mut(*on)?.indexes.get_mut(id) {
                    index.name.clone_from(to);
                }
                Ok(())
            }
            Op::ChangePrimaryKey { on, key } => self.change_primary_key(*on, key.as_ref()),
            Op::RenamePrimaryKey { on, to } => {
                let table = self.table(*on)?;
                let Some(key) = &table.primary_key else { return no("no primary key") };
                let (from, to_name) = (self.catalog.beside(table, &key.name), self.catalog.beside(table, to));
                self.free(from);
                self.take(to_name)?;
                if let Some(key) = &mut self.table_mut(*on)?.primary_key {
                    key.name.clone_from(to);
                }
                Ok(())
            }
            Op::AddForeignKey { on, id, key } => {
                self.constraint_is_free(*on, &key.name)?;
                let Some(target) = self.catalog.tables.get(&key.references) else {
                    return no("no such table to point at");
                };
                let known = key.referenced.iter().all(|c| target.columns.contains_key(c))
                    && key.columns.iter().all(|c| self.catalog.tables[on].columns.contains_key(c));
                insert_new(known, "a column of the foreign key")?;
                insert_new(target.is_unique(&key.referenced), "something unique to point at")?;
                Arc::make_mut(&mut self.referencing).entry(key.references).or_default().insert((*on, *id));
                self.table_mut(*on)?.foreign_keys.insert(*id, (**key).clone());
                Ok(())
            }
            Op::ValidateForeignKey { on, id } => match self.table_mut(*on)?.foreign_keys.get_mut(id) {
                Some(key) => {
                    key.validated = true;
                    Ok(())
                }
                None => no("no such foreign key"),
            },
            Op::DropForeignKey { on, id } => self.drop_foreign_key(*on, *id),
            Op::ReplaceForeignKey { on, id, key } => {
                self.drop_foreign_key(*on, *id)?;
                self.apply(&Op::AddForeignKey { on: *on, id: *id, key: key.clone() })
            }
            Op::RenameForeignKey { on, id, to } => {
                self.constraint_is_free(*on, to)?;
                match self.table_mut(*on)?.foreign_keys.get_mut(id) {
                    Some(key) => {
                        key.name.clone_from(to);
                        Ok(())
                    }
                    None => no("no such foreign key"),
                }
            }
            Op::AddCheck { on, id, check } => {
                self.constraint_is_free(*on, &check.name)?;
                self.table_mut(*on)?.checks.insert(*id, check.clone());
                Ok(())
            }
            Op::ValidateCheck { on, id } => match self.table_mut(*on)?.checks.get_mut(id) {
                Some(check) => {
                    check.validated = true;
                    Ok(())
                }
                None => no("no such CHECK"),
            },
            Op::DropCheck { on, id } => insert_new(self.table_mut(*on)?.checks.shift_remove(id).is_some(), "the CHECK"),
            Op::CreateView(id, view) => {
                self.table(view.table)?;
                insert_new(self.relations.insert(view.name.clone()), &view.name.name)?;
                self.catalog.views.insert(*id, view.clone());
                Ok(())
            }
            Op::DropView(id) => match self.catalog.views.shift_remove(id) {
                Some(view) => {
                    self.relations.remove(&view.name);
                    Ok(())
                }
                None => no("no such view"),
            },
            Op::CreateTrigger(id, trigger) => {
                self.table(trigger.table)?;
                for rule in &trigger.rules {
                    if let TriggerRule::Fill { value, .. }
                    | TriggerRule::Give { value, .. }
                    | TriggerRule::Compute { value, .. } = rule
                    {
                        self.finds(value)?;
                    }
                }
                insert_new(self.catalog.bookkeeping, "a place for the trigger's function")?;
                insert_new(self.catalog.triggers.insert(*id, trigger.clone()).is_none(), &trigger.name)
            }
            Op::DropTrigger(id) => insert_new(self.catalog.triggers.shift_remove(id).is_some(), "the trigger"),
            Op::BeginOnce { mark, back } => {
                insert_new(self.catalog.bookkeeping && self.catalog.once.is_none(), "a place for the mark")?;
                self.catalog.once = Some((mark.clone(), *back));
                Ok(())
            }
            Op::EndOnce { .. } => {
                insert_new(self.catalog.bookkeeping, "a place for the mark")?;
                self.catalog.once = None;
                Ok(())
            }
            Op::OpenReading => {
                insert_new(self.catalog.bookkeeping && !self.catalog.reading, "a place for the function")?;
                self.catalog.reading = true;
                Ok(())
            }
            Op::CloseReading => {
                insert_new(self.catalog.reading, "the function that reads")?;
                self.catalog.reading = false;
                Ok(())
            }
            Op::OpenBookkeeping => {
                insert_new(!self.catalog.bookkeeping, "the bookkeeping")?;
                self.catalog.bookkeeping = true;
                Ok(())
            }
            Op::CloseBookkeeping => {
                insert_new(self.catalog.bookkeeping, "the bookkeeping")?;
                self.catalog.bookkeeping = false;
                Ok(())
            }
            Op::Backfill(fill) => {
                insert_new(self.catalog.bookkeeping, "a place for progress")?;
                fill.work.targets().try_for_each(|(_, value)| self.finds(&value))?;
                self.table(fill.table).map(|_| ())
            }
            Op::BackfillAtOnce(fill) => {
                fill.work.targets().try_for_each(|(_, value)| self.finds(&value))?;
                self.table(fill.table).map(|_| ())
            }
            Op::Assert(_) => Ok(()),
            Op::Analyze(table) => self.table(*table).map(|_| ()),
        }
    }

    /// Is what a value is looked up in there?
    fn finds(&self, value: &Expr) -> Done {
        let there = |id: ColumnId| self.catalog.tables.values().any(|table| table.columns.contains_key(&id));
        if value.looked_up().into_iter().all(there) { Ok(()) } else { no("the column that a value is looked up in") }
    }

    /// A table of the run.
    pub fn table(&self, id: TableId) -> Result<&Table, Impossible> {
        self.catalog.tables.get(&id).map_or_else(|| no("no such table"), |table| Ok(table.as_ref()))
    }

    fn table_mut(&mut self, id: TableId) -> Result<&mut Table, Impossible> {
        self.catalog.table_mut(id).map_or_else(|| no("no such table"), Ok)
    }

    fn column_mut(&mut self, table: TableId, id: ColumnId) -> Result<&mut Column, Impossible> {
        self.table_mut(table)?.columns.get_mut(&id).map_or_else(|| no("no such column"), Ok)
    }

    fn enum_mut(&mut self, id: EnumId) -> Result<&mut crate::catalog::Enum, Impossible> {
        self.catalog.enums.get_mut(&id).map_or_else(|| no("no such enum"), Ok)
    }

    fn take(&mut self, name: Option<Name>) -> Done {
        name.map_or(Ok(()), |name| insert_new(self.relations.insert(name.clone()), &name.name))
    }

    fn free(&mut self, name: Option<Name>) {
        if let Some(name) = name {
            self.relations.remove(&name);
        }
    }

    fn rename_relation(&mut self, from: &Name, to: &Name) -> Done {
        self.relations.remove(from);
        insert_new(self.relations.insert(to.clone()), &to.name)
    }

    fn constraint_is_free(&self, table: TableId, name: &str) -> Done {
        let table = self.table(table)?;
        let taken = table.foreign_keys.values().any(|k| k.name == name)
            || table.checks.values().any(|c| c.name == name)
            || table.primary_key.as_ref().is_some_and(|k| k.name == name);
        insert_new(!taken, name)
    }

    fn create_table(&mut self, id: TableId, table: &Table) -> Done {
        for name in relation_names(&self.catalog, table).collect::<Vec<_>>() {
            self.take(Some(name))?;
        }
        insert_new(table.foreign_keys.is_empty(), "a table without foreign keys")?;
        insert_new(self.catalog.tables.insert(id, Arc::new(table.clone())).is_none(), &table.name.name)
    }

    fn drop_table(&mut self, id: TableId) -> Done {
        if self.referencing.get(&id).is_some_and(|keys| keys.iter().any(|(from, _)| *from != id)) {
            return no("another table's foreign key points at it");
        }
        if self.catalog.views.values().any(|v| v.table == id) || self.catalog.triggers.values().any(|t| t.table == id) {
            return no("a helper hangs on it");
        }
        let Some(table) = self.catalog.tables.shift_remove(&id) else { return no("no such table") };
        for name in relation_names(&self.catalog, &table).collect::<Vec<_>>() {
            self.relations.remove(&name);
        }
        for (key, fk) in &table.foreign_keys {
            Arc::make_mut(&mut self.referencing).entry(fk.references).or_default().remove(&(id, *key));
        }
        Ok(())
    }

    fn drop_foreign_key(&mut self, on: TableId, id: ForeignKeyId) -> Done {
        let Some(key) = self.table_mut(on)?.foreign_keys.shift_remove(&id) else { return no("no such foreign key") };
        Arc::make_mut(&mut self.referencing).entry(key.references).or_default().remove(&(on, id));
        Ok(())
    }

    fn change_primary_key(&mut self, on: TableId, key: Option<&(PrimaryKey, IndexId)>) -> Done {
        let table = self.table(on)?;
        if let Some((key, using)) = key {
            let fits = |i: &Index| i.unique && i.predicate.is_none() && i.method.is_none() && i.columns == key.columns;
            insert_new(table.indexes.get(using).is_some_and(fits), "a unique index for the key")?;
            let required = |c: &KeyColumn| table.columns.get(&c.column).is_some_and(|c| !c.nullable);
            insert_new(key.columns.iter().all(required), "required columns for the key")?;
        }
        let old = self.table_mut(on)?.primary_key.take();
        if let Some(old) = &old {
            let name = self.catalog.beside(self.table(on)?, &old.name);
            self.free(name);
        }
        if let Some((key, using)) = key {
            let used = self.table_mut(on)?.indexes.shift_remove(using).map(|i| i.name).unwrap_or_default();
            let (used, own) = {
                let table = self.table(on)?;
                (self.catalog.beside(table, &used), self.catalog.beside(table, &key.name))
            };
            self.free(used);
            self.constraint_is_free(on, &key.name)?;
            self.take(own)?;
            self.table_mut(on)?.primary_key = Some(key.clone());
        }
        for (from, id) in old.iter().flat_map(|old| self.catalog.pointing_at(on, &old.columns)).collect::<Vec<_>>() {
            let columns = self.catalog.tables[&from].foreign_keys[&id].referenced.clone();
            insert_new(self.table(on)?.is_unique(&columns), "something unique to point at")?;
            if let Some(key) = self.table_mut(from)?.foreign_keys.get_mut(&id) {
                key.validated = false;
            }
        }
        Ok(())
    }

    fn drop_column(&mut self, on: TableId, id: ColumnId) -> Done {
        let table = self.table(on)?;
        let indexed = table.indexes.values().any(|i| i.columns.iter().any(|c| c.column == id))
            || table.primary_key.as_ref().is_some_and(|k| k.columns.iter().any(|c| c.column == id));
        let keyed = table.foreign_keys.values().any(|k| k.columns.contains(&id))
            || self
                .referencing(on)
                .iter()
                .any(|(from, key)| self.catalog.tables[from].foreign_keys[key].referenced.contains(&id));
        let checked = table.checks.values().any(|c| match c.rule {
            CheckRule::NotNull(column) => column == id,
            CheckRule::Follows { old, new } => old == id || new == id,
            CheckRule::Sql(_) => false,
        });
        let watched =
            self.catalog.triggers.values().filter(|t| t.table == on).flat_map(|t| &t.rules).any(|rule| match rule {
                TriggerRule::Fill { column, value }
                | TriggerRule::Give { column, value }
                | TriggerRule::Compute { column, value } => *column == id || value.reads(id),
                TriggerRule::Mirror { old, new } => *old == id || *new == id,
                TriggerRule::Carry { link, .. } => link.concerns(id),
                TriggerRule::Across { across, .. } => across.concerns(id),
                TriggerRule::Map { mapping, .. } => mapping.concerns(id),
                TriggerRule::Sync(sync) | TriggerRule::Follow(sync) => sync.is_over(id),
            });
        let viewed = self.catalog.views.values().any(|v| v.columns.iter().any(|(_, c)| *c == id));
        if indexed || keyed || checked || watched || viewed {
            return no("something still hangs on the column");
        }
        insert_new(self.table_mut(on)?.columns.shift_remove(&id).is_some(), "the column")
    }

    fn drop_enum(&mut self, id: EnumId) -> Done {
        if self.catalog.tables.values().any(|t| t.columns.values().any(|c| c.ty.enum_id() == Some(id))) {
            return no("a column is still of that type");
        }
        insert_new(self.catalog.enums.shift_remove(&id).is_some(), "the enum")
    }

    fn add_enum_value(&mut self, id: EnumId, value: &str, before: Option<&str>) -> Done {
        let values = &mut self.enum_mut(id)?.values;
        insert_new(!values.iter().any(|v| v == value), value)?;
        let at = match before {
            None => values.len(),
            Some(next) => match values.iter().position(|v| v == next) {
                Some(at) => at,
                None => return no(format!("no value {next}")),
            },
        };
        values.insert(at, value.to_owned());
        Ok(())
    }

    /// Defaults follow.
    fn rename_enum_value(&mut self, id: EnumId, from: &str, to: &str) -> Done {
        let values = &mut self.enum_mut(id)?.values;
        insert_new(!values.iter().any(|v| v == to), to)?;
        let Some(label) = values.iter_mut().find(|v| *v == from) else { return no(format!("no value {from}")) };
        to.clone_into(label);
        let is_old = |l: &Literal| *l == Literal::Enum(from.to_owned());
        let speaks = |c: &Column| {
            c.ty.enum_id() == Some(id)
                && match &c.default {
                    Some(Default::Literal(l)) => is_old(l),
                    Some(Default::List(all)) => all.iter().any(is_old),
                    Some(Default::Now | Default::Sequence | Default::Sql(_)) | None => false,
                }
        };
        for table in self.catalog.tables.values_mut().filter(|t| t.columns.values().any(speaks)) {
            for column in Arc::make_mut(table).columns.values_mut().filter(|c| speaks(c)) {
                let literals = match &mut column.default {
                    Some(Default::Literal(l)) => std::slice::from_mut(l),
                    Some(Default::List(all)) => all.as_mut_slice(),
                    Some(Default::Now | Default::Sequence | Default::Sql(_)) | None => &mut [],
                };
                for literal in literals.iter_mut().filter(|l| is_old(l)) {
                    *literal = Literal::Enum(to.to_owned());
                }
            }
        }
        Ok(())
    }

    fn set_default(&mut self, on: TableId, id: ColumnId, default: Option<Default>) -> Done {
        let ty = self.table(on)?.columns.get(&id).map(|c| c.ty.clone());
        if let (Some(Default::Literal(Literal::Enum(label))), Some(on_enum)) = (&default, ty.and_then(|t| t.enum_id()))
        {
            let known = self.catalog.enums.get(&on_enum).is_some_and(|e| e.values.contains(label));
            insert_new(known, label)?;
        }
        self.column_mut(on, id)?.default = default;
        Ok(())
    }
}

fn insert_new(ok: bool, what: &str) -> Done {
    if ok { Ok(()) } else { no(format!("{what}: not so, or not free")) }
}

/// The names that a table takes among tables, views and indexes of its schema.
fn relation_names<'a>(at: &'a Catalog, table: &'a Table) -> impl Iterator<Item = Name> + 'a {
    let indexes = table.indexes.values().filter_map(|i| at.beside(table, &i.name));
    let key = table.primary_key.iter().filter_map(|k| at.beside(table, &k.name));
    std::iter::once(table.name.clone()).chain(indexes).chain(key)
}
