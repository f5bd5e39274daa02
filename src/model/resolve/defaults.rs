//! Defaults.

use super::args::Args;
use super::{Resolver, messages};
use crate::ast::{Arity, Attribute, Expr, Function, Ident};
use crate::model::suggest;
use crate::model::{Default, DefaultValue, EnumId, FieldId, FieldType, Literal, Scalar};
use std::borrow::Cow;

const FUNCTIONS: [&str; 9] =
    ["now", "uuid", "cuid", "nanoid", "ulid", "auto", "autoincrement", "sequence", "dbgenerated"];

impl<'s> Resolver<'s> {
    pub(super) fn default_value(&mut self, field: FieldId, attribute: &Attribute<'s>) -> Option<Default<'s>> {
        let mut args = Args::of("@default", attribute);
        let (value, map) = (args.first("value"), args.named("map"));
        let map = args.string(map, "map", &mut self.diagnostics);
        if value.is_none() {
            args.missing("value", &mut self.diagnostics);
        }
        args.finish(&["value", "map"], &mut self.diagnostics);
        let value = self.value(field, value?)?;
        Some(Default { value, map, span: attribute.span })
    }

    fn value(&mut self, field: FieldId, value: &Expr<'s>) -> Option<DefaultValue<'s>> {
        let arity = self.schema.fields[field.index()].arity;
        match (value, arity) {
            (Expr::Function(function), _) => self.function(field, function),
            (Expr::Array(items, _), Arity::List) => {
                let literals: Vec<_> = items.iter().filter_map(|item| self.literal(field, item)).collect();
                (literals.len() == items.len()).then_some(DefaultValue::List(literals))
            }
            (_, Arity::List) => {
                self.diagnostics.push(messages::bad_default("a list", "a list in square brackets", value.span()));
                None
            }
            (_, Arity::Required | Arity::Optional) => self.literal(field, value).map(DefaultValue::Literal),
        }
    }

    fn literal(&mut self, field: FieldId, value: &Expr<'s>) -> Option<Literal<'s>> {
        let ty = &self.schema.fields[field.index()].ty;
        let (name, wanted) = match *ty {
            FieldType::Scalar(scalar) => match literal_of(scalar, value) {
                Ok(literal) => return Some(literal),
                Err(wanted) => (scalar.name(), wanted),
            },
            FieldType::Enum(id) => return self.enum_literal(id, value),
            FieldType::Unsupported(_) => ("Unsupported", "`dbgenerated(\"…\")`"),
            FieldType::Model(..) => ("a model", "left out: it belongs to the fields that hold the relation"),
            FieldType::Composite(_) => ("a composite type", "left out"),
            FieldType::Unknown => return None,
        };
        self.diagnostics.push(messages::bad_default(name, wanted, value.span()));
        None
    }

    fn enum_literal(&mut self, id: EnumId, value: &Expr<'s>) -> Option<Literal<'s>> {
        let item = &self.schema.enums[id.index()];
        let Expr::Constant(word) = value else {
            self.diagnostics.push(messages::bad_default(item.name.name, "one of its values", value.span()));
            return None;
        };
        let place = item.values.iter().position(|v| v.name.name == word.name);
        if place.is_none() {
            let similar = suggest::near(word.name, item.values.iter().map(|v| v.name.name));
            self.diagnostics.push(messages::unknown_value(item.name, *word, similar));
        }
        place.and_then(|p| u32::try_from(p).ok()).map(Literal::Enum)
    }

    fn function(&mut self, field: FieldId, function: &Function<'s>) -> Option<DefaultValue<'s>> {
        let d = &mut self.diagnostics;
        let mut args = Args::of_call(function);
        let value = match function.name.name {
            "now" => DefaultValue::Now,
            "ulid" => DefaultValue::Ulid,
            "auto" => DefaultValue::Auto,
            "autoincrement" => DefaultValue::Autoincrement,
            "uuid" => DefaultValue::Uuid(number(&mut args)),
            "cuid" => DefaultValue::Cuid(number(&mut args)),
            "nanoid" => DefaultValue::Nanoid(number(&mut args)),
            "dbgenerated" => {
                let sql = args.first("value");
                let given = sql.is_some();
                let sql = args.string(sql, "value", d);
                if given && sql.as_ref().is_none_or(|s| s.value.is_empty()) {
                    if sql.is_some() {
                        args.bad("value", "SQL, or left out", function.span, d);
                    }
                    return None;
                }
                DefaultValue::DbGenerated(sql.map(|s| s.value))
            }
            "sequence" => {
                let known = ["minValue", "maxValue", "cache", "increment", "start", "virtual"];
                let mut options = Vec::new();
                for name in known {
                    if let Some(Expr::Number(word) | Expr::Constant(word)) = args.named(name) {
                        options.push((name, word.name));
                    }
                }
                args.finish(&known, d);
                return Some(DefaultValue::Sequence(options));
            }
            _ => {
                d.push(messages::unknown_function(function.name, &FUNCTIONS));
                return None;
            }
        };
        args.finish(&[], d);
        self.fits(field, &value, function).then_some(value)
    }

    /// Does a function give what the field holds?
    fn fits(&mut self, field: FieldId, value: &DefaultValue<'s>, function: &Function<'s>) -> bool {
        let ty = &self.schema.fields[field.index()].ty;
        let scalar = match ty {
            FieldType::Scalar(scalar) => Some(*scalar),
            FieldType::Enum(_) | FieldType::Composite(_) | FieldType::Model(..) | FieldType::Unsupported(_) => None,
            FieldType::Unknown => return true,
        };
        let (fits, wanted) = match value {
            DefaultValue::Now => (scalar == Some(Scalar::DateTime), "DateTime"),
            DefaultValue::Uuid(_) | DefaultValue::Cuid(_) | DefaultValue::Nanoid(_) | DefaultValue::Ulid => {
                (scalar == Some(Scalar::String), "String")
            }
            DefaultValue::Autoincrement => (matches!(scalar, Some(Scalar::Int | Scalar::BigInt)), "Int or BigInt"),
            DefaultValue::Auto
            | DefaultValue::Sequence(_)
            | DefaultValue::DbGenerated(_)
            | DefaultValue::Literal(_)
            | DefaultValue::List(_) => (true, ""),
        };
        if !fits {
            self.diagnostics.push(messages::wrong_function(function.name, wanted, function.span));
        }
        fits
    }
}

fn number<'s>(args: &mut Args<'_, 's>) -> Option<&'s str> {
    // Prisma does not look at its name.
    match args.next() {
        Some(Expr::Number(number)) => Some(number.name),
        _ => None,
    }
}

/// A constant of a scalar type, or what it would have to be.
fn literal_of<'s>(scalar: Scalar, value: &Expr<'s>) -> Result<Literal<'s>, &'static str> {
    let string = |wanted| match value {
        Expr::String(s) => Ok(Literal::String(s.value.clone())),
        _ => Err(wanted),
    };
    let is_number = |text: &str| text.parse::<f64>().is_ok_and(f64::is_finite);
    match scalar {
        Scalar::String => string("a string in quotes"),
        Scalar::DateTime => string("a string like \"2020-01-31T00:00:00Z\""),
        Scalar::Json => string("a string of JSON"),
        Scalar::Bytes => string("a string of base64"),
        Scalar::Boolean => match value {
            Expr::Constant(Ident { name: "true", .. }) => Ok(Literal::Boolean(true)),
            Expr::Constant(Ident { name: "false", .. }) => Ok(Literal::Boolean(false)),
            _ => Err("`true` or `false`"),
        },
        Scalar::Int | Scalar::BigInt => match value {
            Expr::Number(n) if n.name.parse::<i64>().is_ok() => Ok(Literal::Number(n.name)),
            _ => Err("a whole number"),
        },
        Scalar::Float => match value {
            Expr::Number(n) if is_number(n.name) => Ok(Literal::Number(n.name)),
            _ => Err("a number"),
        },
        Scalar::Decimal => match value {
            Expr::Number(n) if is_number(n.name) => Ok(Literal::Number(n.name)),
            Expr::String(s) if is_number(&s.value) => match &s.value {
                Cow::Borrowed(text) => Ok(Literal::Number(text)),
                // Escapes in a number: it is one all the same, and is kept as text.
                Cow::Owned(_) => Ok(Literal::String(s.value.clone())),
            },
            _ => Err("a number"),
        },
    }
}
