//! OLD as it was written, edited to what the database of the moment is.

use super::Input;
use super::insert::{Edits, whole_lines};
use crate::ast::ModelKind;
use crate::catalog::{Catalog, EnumId, Index, Name, Table, TableId, TableKind};
use crate::dialect::{Conventions, Names};
use crate::model::{
    EnumValue, EnumWalker, FieldWalker, Key, ModelWalker, Provider, RelationMode, RelationWalker, Schema,
};
use crate::source::{FileId, Span};
use foldhash::{HashMap, HashSet};

/// Who is who, in the two texts and in the database of the moment.
pub(super) struct Writer<'a> {
    pub(super) input: &'a Input<'a>,
    /// The database of the moment, helpers aside.
    pub(super) wanted: &'a Catalog,
    conventions: &'static Conventions,
    pub(super) names: &'static Names,
    /// Edits of OLD.
    pub(super) edits: Edits<'a>,
    /// Models of OLD and of NEW, by table.
    old: HashMap<TableId, ModelWalker<'a, 'a>>,
    new: HashMap<TableId, ModelWalker<'a, 'a>>,
    /// Fields of NEW that were put in, by model and name.
    put_in: HashSet<(String, String)>,
}

/// The text; None where this is more than edits can say.
pub(super) fn write(input: &Input, wanted: &Catalog) -> Option<String> {
    let Input { models, catalogs, .. } = input;
    let conventions = Conventions::of(models.old.provider().or(models.new.provider()).unwrap_or(Provider::Postgresql));
    let mut writer = Writer {
        input,
        wanted,
        conventions,
        names: &conventions.names,
        edits: Edits::new(input.sources),
        old: models_by_table(&models.old, &catalogs.old, conventions),
        new: models_by_table(&models.new, &catalogs.new, conventions),
        put_in: HashSet::default(),
    };
    writer.datasource();
    writer.enums()?;
    writer.tables()?;
    writer.relations()?;
    Some(writer.edits.joined(input.files))
}

fn models_by_table<'a>(
    schema: &'a Schema<'a>,
    catalog: &Catalog,
    conventions: &Conventions,
) -> HashMap<TableId, ModelWalker<'a, 'a>> {
    let by_name: HashMap<&Name, TableId> =
        catalog.tables.iter().filter(|(_, t)| t.kind == TableKind::Model).map(|(id, t)| (&t.name, *id)).collect();
    let named = |m: &ModelWalker| name(m.schema.as_ref().map(|s| &*s.value), m.get().database_name(), conventions);
    schema.walk_models().filter_map(|m| Some((*by_name.get(&named(&m))?, m))).collect()
}

/// As lowering names it.
fn name(schema: Option<&str>, name: &str, conventions: &Conventions) -> Name {
    let Conventions { names, default_schema, .. } = conventions;
    let schema = schema.filter(|s| Some(*s) != *default_schema).map(|s| names.identifier(s));
    Name { schema, name: names.identifier(name) }
}

impl<'a> Writer<'a> {
    /// Schemas and extensions are listed in the datasource, and made in the beginning.
    fn datasource(&mut self) {
        let Input { models, sources, catalogs, .. } = self.input;
        let more = self.wanted.namespaces != catalogs.old.namespaces
            || !self.wanted.extensions.keys().eq(catalogs.old.extensions.keys());
        if let (Some(old), Some(new), true) = (&models.old.datasource, &models.new.datasource, more) {
            self.edits.replace(old.span, sources.slice(new.span));
        }
    }

    fn enums(&mut self) -> Option<()> {
        let Input { models, catalogs, .. } = self.input;
        for (id, wanted) in &self.wanted.enums {
            match catalogs.old.enums.get(id) {
                None => {
                    let new = find_enum(&models.new, &wanted.name, self.conventions)?;
                    self.append(new.span, &new.docs.lines.first().map(|d| d.1));
                }
                Some(was) => {
                    let Some(old) = find_enum(&models.old, &was.name, self.conventions) else {
                        self.enum_of_its_own(*id, wanted)?;
                        continue;
                    };
                    let came: Vec<&String> = wanted.values.iter().filter(|v| !was.values.contains(v)).collect();
                    if !came.is_empty() {
                        let new = self.enum_of_new(*id, old)?;
                        self.add_values(old, new, &came)?;
                    }
                }
            }
        }
        Some(())
    }

    /// An enum of NEW that columns of OLD have under another name, where the database knows none.
    fn enum_of_its_own(&mut self, id: EnumId, wanted: &crate::catalog::Enum) -> Option<()> {
        let Input { models, catalogs, .. } = self.input;
        let new = find_enum(&models.new, &wanted.name, self.conventions)?;
        let known = |value: &EnumValue| wanted.values.contains(&self.names.identifier(value.database_name()));
        // Of one that has not all its values yet there is no text.
        new.values.iter().all(known).then_some(())?;
        self.append(new.span, &new.docs.lines.first().map(|d| d.1));
        for (table, own) in &catalogs.old.tables {
            for column in own.columns.values().filter(|c| c.ty.enum_id() == Some(id)) {
                let mut fields = self.old.get(table)?.walk_columns();
                let field = fields.find(|f| self.names.identifier(f.get().database_name()) == column.name)?;
                self.edits.replace(field.ty_span, new.name.name);
            }
        }
        Some(())
    }

    fn enum_of_new(&self, id: EnumId, old: EnumWalker<'a, 'a>) -> Option<EnumWalker<'a, 'a>> {
        let Input { models, catalogs, .. } = self.input;
        let same = catalogs.new.enums.get(&id).and_then(|e| find_enum(&models.new, &e.name, self.conventions));
        same.or_else(|| models.new.walk_enums().find(|e| e.name.name == old.name.name))
    }

    fn add_values(&mut self, old: EnumWalker<'a, 'a>, new: EnumWalker<'a, 'a>, came: &[&String]) -> Option<()> {
        let names = self.names;
        let label = |v: &EnumValue| names.identifier(v.database_name());
        for value in new.values.iter().filter(|v| came.iter().any(|c| **c == label(v))) {
            let at = new.values.iter().position(|v| std::ptr::eq(v, value))?;
            let before = new.values[..at].iter().rev().find_map(|v| old.values.iter().find(|o| label(o) == label(v)));
            let anchor = before.or(old.values.last())?.span;
            let mut text = whole_lines(self.input.sources, value.span, value.docs.lines.first().map(|d| d.1), &[]);
            if old.values.iter().any(|o| o.name.name == value.name.name) {
                // The value keeps its name and gets another label: for a while there are two of them.
                let indent = text.len() - text.trim_start().len();
                text = format!("{}{}_NEXT @map({:?})", &text[..indent], value.name.name, label(value));
            }
            self.edits.after_line(anchor, text);
        }
        Some(())
    }

    fn tables(&mut self) -> Option<()> {
        let catalogs = self.input.catalogs;
        for (id, table) in self.wanted.tables.iter().filter(|(_, t)| t.kind == TableKind::Model) {
            match catalogs.old.tables.get(id) {
                None => self.new_model(*id, table)?,
                Some(was) if std::sync::Arc::ptr_eq(was, table) => {}
                Some(was) => {
                    let old = *self.old.get(id)?;
                    self.edit_model(*id, old, was, table)?;
                }
            }
        }
        Some(())
    }

    /// A model of NEW as it is written there, less what the database has not yet.
    fn new_model(&mut self, id: TableId, table: &Table) -> Option<()> {
        let model = *self.new.get(&id)?;
        let edits: Vec<(Span, String)> =
            model.walk_fields().map(|f| self.edits_of_new(f, id, table)).collect::<Option<Vec<_>>>()?.concat();
        let mut edits = edits;
        for key in model.keys.iter().filter(|k| k.at_field.is_none()) {
            if !self.stands(id, key) {
                edits.push((self.edits.line(key.span), String::new()));
            }
        }
        self.put_in.extend(model.walk_fields().map(|f| (model.name.name.to_owned(), f.name.name.to_owned())));
        let docs = model.docs.lines.first().map(|d| d.1);
        let text = whole_lines(self.input.sources, model.span, docs, &edits);
        self.append_text(model.span.file, text);
        Some(())
    }

    /// The edits of a field of NEW where the database of the moment is not yet what it says.
    pub(super) fn edits_of_new(
        &self,
        field: FieldWalker<'a, 'a>,
        on: TableId,
        table: &Table,
    ) -> Option<Vec<(Span, String)>> {
        let names = self.names;
        let mut edits = Vec::new();
        if let Some(relation) = field.relation() {
            let relation = self.input.models.new.relation(relation);
            if self.relation_stands(relation) {
                edits.extend(self.type_name(field));
            } else {
                edits.push((
                    self.edits.line_with_docs(field.span, field.docs.lines.first().map(|d| d.1)),
                    String::new(),
                ));
            }
            return Some(edits);
        }
        let column = names.identifier(field.get().database_name());
        let Some(now) = table.columns.values().find(|c| c.name == column) else {
            // A view's, or one that is not there yet.
            edits.push((self.edits.line_with_docs(field.span, field.docs.lines.first().map(|d| d.1)), String::new()));
            return Some(edits);
        };
        let is = self.input.catalogs.new.tables.get(&on)?.columns.values().find(|c| c.name == column)?;
        edits.extend(self.type_name(field));
        edits.extend(self.differing(field, is, now)?);
        let model = field.owner();
        for key in model.get().keys.iter().filter(|k| k.at_field == Some(field.at) && !self.stands(on, k)) {
            edits.push((self.edits.with_blank(key.span), String::new()));
        }
        let has_key = self.input.catalogs.new.tables.get(&on).is_some_and(|new| new.primary_key == table.primary_key);
        if let Some(id) = model.get().id.as_ref().filter(|id| id.at_field == Some(field.at) && !has_key) {
            edits.push((self.edits.with_blank(id.span), String::new()));
        }
        Some(edits)
    }

    /// Is a key of NEW there already?
    fn stands(&self, on: TableId, key: &Key) -> bool {
        let known = self.input.catalogs.new.tables.get(&on);
        let id = known.and_then(|t| t.indexes.iter().find(|(_, i)| i.origin.span == Some(key.span)));
        match id {
            Some((id, _)) => self.wanted.tables.get(&on).is_some_and(|t| t.indexes.contains_key(id)),
            None => true,
        }
    }

    fn edit_model(&mut self, id: TableId, old: ModelWalker<'a, 'a>, was: &Table, table: &Table) -> Option<()> {
        let names = self.names;
        for field in old.walk_columns() {
            let column = names.identifier(field.get().database_name());
            let (at, is) = was.columns.iter().find(|(_, c)| c.name == column)?;
            let now = table.columns.get(at)?;
            let retyped = is.ty != now.ty;
            if retyped {
                self.retype(id, *at, field, now)?;
            }
            let edits = if retyped { self.default_differing(field, is, now)? } else { self.differing(field, is, now)? };
            for (span, text) in edits {
                self.edits.replace(span, &text);
            }
            if is.nullable != now.nullable {
                self.relation_of(old, field, table)?;
            }
        }
        if was.primary_key != table.primary_key {
            self.primary_key(id, old, table)?;
        }
        let new = self.new.get(&id).copied();
        let came: Vec<&str> = table
            .columns
            .iter()
            .filter(|(at, _)| !was.columns.contains_key(*at))
            .map(|(_, c)| c.name.as_str())
            .collect();
        if !came.is_empty() {
            for field in new?.walk_columns().filter(|f| came.contains(&&*names.identifier(f.get().database_name()))) {
                let edits = self.edits_of_new(field, id, table)?;
                self.put_field(old, field, &edits)?;
            }
        }
        self.keys(id, old, was, table)
    }

    /// A field of NEW, put behind the one that is before it there.
    fn put_field(
        &mut self,
        old: ModelWalker<'a, 'a>,
        field: FieldWalker<'a, 'a>,
        edits: &[(Span, String)],
    ) -> Option<()> {
        if old.find_field(field.name.name).is_some()
            || !self.put_in.insert((field.owner().name.name.to_owned(), field.name.name.to_owned()))
        {
            return None;
        }
        let siblings: Vec<FieldWalker> = field.owner().walk_fields().take_while(|f| f.at != field.at).collect();
        let before = siblings.iter().rev().find_map(|f| old.find_field(f.name.name));
        let anchor = before.or(old.walk_fields().last())?.span;
        let text = whole_lines(self.input.sources, field.span, field.docs.lines.first().map(|d| d.1), edits);
        self.edits.after_line(anchor, text);
        Some(())
    }

    /// The id of NEW, where the database has its primary key already.
    fn primary_key(&mut self, id: TableId, old: ModelWalker<'a, 'a>, table: &Table) -> Option<()> {
        let new = self.new.get(&id)?;
        if self.input.catalogs.new.tables.get(&id)?.primary_key != table.primary_key {
            return None;
        }
        if let Some(key) = &old.get().id {
            let span = match key.at_field {
                Some(_) => self.edits.with_blank(key.span),
                None => self.edits.line(key.span),
            };
            self.edits.replace(span, "");
        }
        if let Some(key) = &new.get().id {
            let text = self.input.sources.slice(key.span);
            match key.at_field.map(|f| self.input.models.new.field(f)) {
                Some(field) => {
                    let place = old.find_field(field.name.name)?.span;
                    self.edits.insert(place.file, place.end, format!(" {text}"));
                }
                None => self.edits.before_end(old.span, format!("  {text}")),
            }
        }
        Some(())
    }

    fn keys(&mut self, id: TableId, old: ModelWalker<'a, 'a>, was: &Table, table: &Table) -> Option<()> {
        let names = self.names;
        let of = |index: &Index| old.get().keys.iter().find(|k| index.origin.span == Some(k.span));
        for (at, index) in &was.indexes {
            match table.indexes.get(at) {
                Some(now) if now.name == index.name => {}
                Some(_) => {
                    let span = self.input.catalogs.new.tables.get(&id)?.indexes.get(at)?.origin.span?;
                    self.edits.replace(of(index)?.span, self.input.sources.slice(span));
                }
                None => {
                    let key = of(index)?;
                    let span = match key.at_field {
                        Some(_) => self.edits.with_blank(key.span),
                        None => self.edits.line(key.span),
                    };
                    self.edits.replace(span, "");
                }
            }
        }
        for (at, index) in table.indexes.iter().filter(|(at, _)| !was.indexes.contains_key(*at)) {
            let new = self.new.get(&id)?;
            let span = self.input.catalogs.new.tables.get(&id)?.indexes.get(at)?.origin.span?;
            let key = new.get().keys.iter().find(|k| k.span == span)?;
            let text = self.input.sources.slice(key.span);
            match key.at_field.map(|f| self.input.models.new.field(f)) {
                Some(field) if self.put_in.contains(&(new.name.name.to_owned(), field.name.name.to_owned())) => {}
                Some(_) => {
                    let column = &table.columns.get(&index.columns.first()?.column)?.name;
                    let field = old.walk_columns().find(|f| names.identifier(f.get().database_name()) == *column)?;
                    self.edits.insert(field.span.file, field.span.end, format!(" {text}"));
                }
                None => self.edits.before_end(old.span, format!("  {text}")),
            }
        }
        Some(())
    }

    /// Relations of OLD that ended, and those of NEW that are there already.
    fn relations(&mut self) -> Option<()> {
        let Input { models, catalogs, .. } = self.input;
        for relation in models.old.walk_relations() {
            let owner = self.old.iter().find(|(_, m)| m.at == relation.owner_side().model.at).map(|(id, _)| *id);
            let Some(was) = owner.and_then(|id| Some((id, catalogs.old.tables.get(&id)?))) else { continue };
            let key = was.1.foreign_keys.iter().find(|(_, k)| k.origin.span == Some(relation.span));
            let Some((at, key)) = key else { continue };
            match self.wanted.foreign_key(was.0, *at) {
                None => {
                    for side in [relation.owner_side(), relation.other_side()] {
                        let docs = side.field.docs.lines.first().map(|d| d.1);
                        self.edits.replace(self.edits.line_with_docs(side.field.span, docs), "");
                    }
                }
                Some(now) if now.name == key.name && now.means_the_same(key) => {}
                Some(_) => {
                    let span = catalogs.new.foreign_key(was.0, *at)?.origin.span?;
                    self.edits.replace(relation.span, self.input.sources.slice(span));
                }
            }
        }
        for relation in models.new.walk_relations() {
            if self.was_there(relation) || !self.relation_stands(relation) {
                continue;
            }
            for side in [relation.owner_side(), relation.other_side()] {
                let id = self.new.iter().find(|(_, m)| m.at == side.model.at).map(|(id, _)| *id);
                if let Some(old) = id.and_then(|id| self.old.get(&id).copied()) {
                    let edits: Vec<_> = self.type_name(side.field).into_iter().collect();
                    self.put_field(old, side.field, &edits)?;
                }
            }
        }
        Some(())
    }

    /// Is the foreign key, or the join table, of a relation of NEW there already?
    fn relation_stands(&self, relation: RelationWalker<'a, 'a>) -> bool {
        let names = self.names;
        match self.key_of(relation) {
            Some((table, None)) => self.wanted.tables.contains_key(&table),
            Some((table, Some(key))) => self.wanted.foreign_key(table, key).is_some(),
            None => {
                let owner = self.new.iter().find(|(_, m)| m.at == relation.owner_side().model.at);
                let table = owner.and_then(|(id, _)| self.wanted.tables.get(id));
                let named = |f: FieldWalker| names.identifier(f.get().database_name());
                table.is_some_and(|t| relation.walk_fields().all(|f| t.columns.values().any(|c| c.name == named(f))))
            }
        }
    }

    /// Has OLD this relation of NEW?
    fn was_there(&self, relation: RelationWalker<'a, 'a>) -> bool {
        let old = &self.input.catalogs.old;
        match self.key_of(relation) {
            Some((table, None)) => old.tables.contains_key(&table),
            Some((table, Some(key))) => old.foreign_key(table, key).is_some(),
            None => [relation.owner_side(), relation.other_side()].into_iter().all(|side| {
                let model = self.new.iter().find(|(_, m)| m.at == side.model.at).and_then(|(id, _)| self.old.get(id));
                model.is_some_and(|m| m.find_field(side.field.name.name).is_some())
                    || side.model.kind != ModelKind::Model
            }),
        }
    }

    /// The table of a relation of NEW and its foreign key; a join table is one by itself. None where it has neither.
    fn key_of(&self, relation: RelationWalker<'a, 'a>) -> Option<(TableId, Option<crate::catalog::ForeignKeyId>)> {
        let new = &self.input.catalogs.new;
        if relation.is_many_to_many() {
            let end = |side: crate::model::SideWalker| {
                Some((side.model.name.name.to_owned(), side.field.name.name.to_owned()))
            };
            let kind = TableKind::Join { a: end(relation.owner_side()), b: end(relation.other_side()) };
            return new.tables.iter().find(|(_, t)| t.kind == kind).map(|(id, _)| (*id, None));
        }
        if self.input.models.new.relation_mode() == RelationMode::Prisma {
            return None;
        }
        let (id, _) = self.new.iter().find(|(_, m)| m.at == relation.owner_side().model.at)?;
        let keys = &new.tables.get(id)?.foreign_keys;
        keys.iter().find(|(_, k)| k.origin.span == Some(relation.span)).map(|(key, _)| (*id, Some(*key)))
    }

    /// A type of NEW goes by the name that it has in OLD, where it is there.
    pub(super) fn type_name(&self, field: FieldWalker<'a, 'a>) -> Option<(Span, String)> {
        use crate::model::FieldType;
        let name = match &field.get().ty {
            FieldType::Model(id, _) => {
                let table = self.new.iter().find(|(_, m)| m.at == *id).map(|(table, _)| *table)?;
                self.old.get(&table)?.get().name.name
            }
            FieldType::Enum(id) => {
                let own = self.input.models.new.enumeration(*id);
                let named = name(own.schema.as_ref().map(|s| &*s.value), own.get().database_name(), self.conventions);
                let at = self.input.catalogs.new.enums.iter().find(|(_, e)| e.name == named)?.0;
                let was = self.input.catalogs.old.enums.get(at)?;
                find_enum(&self.input.models.old, &was.name, self.conventions)?.get().name.name
            }
            FieldType::Scalar(_) | FieldType::Composite(_) | FieldType::Unsupported(_) | FieldType::Unknown => {
                return None;
            }
        };
        (self.input.sources.slice(field.ty_span) != name).then(|| (field.ty_span, name.to_owned()))
    }

    fn append(&mut self, span: Span, docs: &Option<Span>) {
        let text = whole_lines(self.input.sources, span, *docs, &[]);
        self.append_text(span.file, text);
    }

    /// At the end of the last file: of several, they become one.
    fn append_text(&mut self, _from: FileId, text: String) {
        if let Some(last) = self.input.files.files.last() {
            self.edits.at_end(*last, text);
        }
    }
}

/// The enum that goes by this name in the database.
fn find_enum<'a>(schema: &'a Schema<'a>, wanted: &Name, conventions: &Conventions) -> Option<EnumWalker<'a, 'a>> {
    let named = |e: &EnumWalker| name(e.schema.as_ref().map(|s| &*s.value), e.get().database_name(), conventions);
    schema.walk_enums().find(|e| named(e) == *wanted)
}
