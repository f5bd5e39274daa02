//! One field, edited to what its column is at the moment.

use super::text::Writer;
use crate::ast::Arity;
use crate::catalog::{Action, Column, ColumnId, Default, Literal, Table, TableId};
use crate::model::{FieldWalker, ModelWalker};
use crate::source::Span;

impl<'a> Writer<'a> {
    /// The edits of a field where its column `is` one thing by its text and is another `now`: optional, or with another default.
    pub(super) fn differing(
        &self,
        field: FieldWalker<'a, 'a>,
        is: &Column,
        now: &Column,
    ) -> Option<Vec<(Span, String)>> {
        let mut edits = self.default_differing(field, is, now)?;
        edits.extend(arity(field, is, now)?);
        Some(edits)
    }

    /// The same, of the default alone.
    pub(super) fn default_differing(
        &self,
        field: FieldWalker<'a, 'a>,
        is: &Column,
        now: &Column,
    ) -> Option<Vec<(Span, String)>> {
        if is.default == now.default {
            return Some(Vec::new());
        }
        let attribute = match &now.default {
            None => None,
            Some(default) => Some(format!("@default({})", self.value(default)?)),
        };
        Some(match (field.get().default.as_ref().map(|d| d.span), attribute) {
            (Some(span), Some(text)) => vec![(span, text)],
            (Some(span), None) => vec![(self.edits.with_blank(span), String::new())],
            (None, Some(text)) => vec![(Span { start: field.span.end, ..field.span }, format!(" {text}"))],
            (None, None) => Vec::new(),
        })
    }

    /// A column that was given its new type in place: the type of NEW's field, in the place of OLD's.
    pub(super) fn retype(&mut self, on: TableId, at: ColumnId, field: FieldWalker<'a, 'a>, now: &Column) -> Option<()> {
        let input = self.input;
        let new = input.catalogs.new.tables.get(&on)?.columns.get(&at)?;
        if new.ty != now.ty {
            return None;
        }
        let models = &input.models.new;
        let names = self.names;
        let same = |f: &FieldWalker| names.identifier(f.get().database_name()) == new.name;
        let model = models.walk_models().find(|m| m.name.name == new.origin.model)?;
        let other = model.walk_columns().find(same)?;
        let span = Span { start: field.ty_span.start, end: field.type_end, ..field.ty_span };
        let arity = match (field.arity, now.nullable) {
            (Arity::List, _) => "[]",
            (_, true) => "?",
            (_, false) => "",
        };
        self.edits.replace(span, &format!("{}{arity}", input.sources.slice(other.ty_span)));
        let native = other.get().native.as_ref().map(|n| input.sources.slice(n.span));
        match (field.get().native.as_ref().map(|n| n.span), native) {
            (Some(span), Some(text)) => self.edits.replace(span, text),
            (Some(span), None) => self.edits.replace(self.edits.with_blank(span), ""),
            (None, Some(text)) => self.edits.insert(field.span.file, field.span.end, format!(" {text}")),
            (None, None) => {}
        }
        Some(())
    }

    /// A relation is optional as its columns are; what its foreign key does stays as it was.
    pub(super) fn relation_of(
        &mut self,
        model: ModelWalker<'a, 'a>,
        column: FieldWalker<'a, 'a>,
        table: &Table,
    ) -> Option<()> {
        let names = self.names;
        let relations: Vec<_> = model
            .walk_relations()
            .filter(|(f, r)| r.owner_side().field.at == f.at && r.fields.contains(&column.at))
            .collect();
        for (field, relation) in relations {
            let nullable = |f: FieldWalker| {
                let name = names.identifier(f.get().database_name());
                table.columns.values().any(|c| c.name == name && c.nullable)
            };
            let optional = relation.walk_fields().any(nullable);
            if optional == (field.arity == Arity::Optional) {
                continue;
            }
            let span = Span { start: field.ty_span.end, end: field.type_end, ..field.ty_span };
            self.edits.replace(span, if optional { "?" } else { "" });
            let key = table.foreign_keys.values().find(|k| {
                k.columns.len() == relation.fields.len()
                    && relation.walk_fields().zip(&k.columns).all(|(f, c)| {
                        table.columns.get(c).is_some_and(|c| c.name == names.identifier(f.get().database_name()))
                    })
            });
            if let (Some(key), None) = (key, relation.on_delete) {
                // Its default hangs on whether the relation is optional.
                let end = relation.span.end.checked_sub(1)?;
                self.edits.insert(relation.span.file, end, format!(", onDelete: {}", action(key.on_delete)));
            }
        }
        Some(())
    }

    /// A default in Prisma's words; None where it has none for it.
    fn value(&self, default: &Default) -> Option<String> {
        let names = self.names;
        let literal = |l: &Literal| match l {
            Literal::String(text) | Literal::Json(text) | Literal::DateTime(text) => Some(quoted(text)),
            Literal::Number(number) => Some(number.clone()),
            Literal::Boolean(value) => Some(value.to_string()),
            Literal::Enum(label) => {
                let enums = [&self.input.models.old, &self.input.models.new].into_iter().flat_map(|m| &m.enums);
                let value = |v: &&crate::model::EnumValue| names.identifier(v.database_name()) == *label;
                enums.flat_map(|e| &e.values).find(value).map(|v| v.name.name.to_owned())
            }
            Literal::Bytes(_) => None,
        };
        Some(match default {
            Default::Literal(one) => literal(one)?,
            Default::List(all) => format!("[{}]", all.iter().map(literal).collect::<Option<Vec<_>>>()?.join(", ")),
            Default::Now => "now()".to_owned(),
            Default::Sequence => "autoincrement()".to_owned(),
            Default::Sql(sql) => format!("dbgenerated({})", quoted(sql)),
        })
    }
}

/// `?` put in or taken out.
fn arity(field: FieldWalker, is: &Column, now: &Column) -> Option<Option<(Span, String)>> {
    if is.nullable == now.nullable {
        return Some(None);
    }
    let span = Span { start: field.ty_span.end, end: field.type_end, ..field.ty_span };
    match field.arity {
        Arity::Required => Some(Some((span, "?".to_owned()))),
        Arity::Optional => Some(Some((span, String::new()))),
        Arity::List => None,
    }
}

fn action(action: Action) -> &'static str {
    match action {
        Action::NoAction => "NoAction",
        Action::Restrict => "Restrict",
        Action::Cascade => "Cascade",
        Action::SetNull => "SetNull",
        Action::SetDefault => "SetDefault",
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
