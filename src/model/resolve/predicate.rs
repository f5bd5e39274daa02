//! Conditions of partial indexes.

use super::args::{Args, Owner};
use super::{Resolver, messages};
use crate::ast::{Expr, Ident, Property};
use crate::model::{Condition, Constant, FieldId, ModelId, Predicate};

const WANTED: &str = "`raw(\"…\")` or an object like `{ deletedAt: null, kind: { not: \"draft\" } }`";
const CONSTANT: &str = "true, false, null, a string, a number, or an object like `{ not: null }`";

impl<'s> Resolver<'s> {
    pub(super) fn predicate(&mut self, model: ModelId, owner: &'static str, value: &Expr<'s>) -> Option<Predicate<'s>> {
        match value {
            Expr::Function(raw) if raw.name.name == "raw" => {
                let mut args = Args::of_call(raw);
                let sql = args.first("raw");
                if sql.is_none() {
                    args.missing("raw", &mut self.diagnostics);
                }
                let sql = args.string(sql, "raw", &mut self.diagnostics);
                args.finish(&[], &mut self.diagnostics);
                sql.map(|s| Predicate::Raw(s.value))
            }
            Expr::Object(properties, _) => {
                let conditions = properties.iter().filter_map(|p| self.condition(model, owner, p));
                Some(Predicate::Fields(conditions.collect()))
            }
            Expr::String(_) | Expr::Number(_) | Expr::Constant(_) | Expr::Function(_) | Expr::Array(..) => {
                self.diagnostics.push(messages::bad_argument(Owner::Attribute(owner), "where", WANTED, value.span()));
                None
            }
        }
    }

    fn condition(
        &mut self,
        model: ModelId,
        owner: &'static str,
        property: &Property<'s>,
    ) -> Option<(FieldId, Condition<'s>)> {
        let name = property.name;
        let Some(field) = self.fields.get(&(model, name.name)).copied() else {
            let owner_name = self.schema.models[model.index()].name.name;
            let similar = self.similar_field(model, name.name);
            self.diagnostics.push(messages::unknown_field(owner_name, name, similar));
            return None;
        };
        if !self.schema.fields[field.index()].is_column() {
            let held = self.foreign_key_of(field);
            self.diagnostics.push(messages::relation_field_in_key(owner, name, &held));
            return None;
        }
        let value = property.value.as_ref()?;
        let condition = match value {
            Expr::Object(inner, _) => match &inner[..] {
                [Property { name: Ident { name: "not", .. }, value: Some(value), .. }] => match constant(value) {
                    Some(None) => Some(Condition::NotNull),
                    Some(Some(constant)) => Some(Condition::IsNot(constant)),
                    None => None,
                },
                _ => None,
            },
            other => constant(other).map(|c| c.map_or(Condition::Null, Condition::Is)),
        };
        if condition.is_none() {
            self.diagnostics.push(messages::bad_argument(Owner::Attribute(owner), name.name, CONSTANT, value.span()));
        }
        condition.map(|c| (field, c))
    }
}

/// A constant, `Some(None)` for null; None if it is none.
fn constant<'s>(value: &Expr<'s>) -> Option<Option<Constant<'s>>> {
    match value {
        Expr::String(s) => Some(Some(Constant::String(s.value.clone()))),
        Expr::Number(n) => Some(Some(Constant::Number(n.name))),
        Expr::Constant(Ident { name: "null", .. }) => Some(None),
        Expr::Constant(Ident { name: "true", .. }) => Some(Some(Constant::Boolean(true))),
        Expr::Constant(Ident { name: "false", .. }) => Some(Some(Constant::Boolean(false))),
        Expr::Constant(_) | Expr::Function(_) | Expr::Array(..) | Expr::Object(..) => None,
    }
}
