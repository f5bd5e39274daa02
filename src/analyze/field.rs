//! Fields.

use super::docs;
use crate::ast::Arity;
use crate::model::{self, DefaultValue, FieldType, FieldWalker, KeyKind, Literal, Schema};
use schemars::JsonSchema;
use serde::Serialize;

/// A field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type, without `?` and `[]`.
    #[serde(rename = "type")]
    pub ty: String,
    /// What kind of type that is.
    pub kind: FieldKind,
    /// How many values it holds.
    pub arity: FieldArity,
    /// The name of its column; absent if it is none (relation fields are not).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The type that the database is told, as written behind `@db.`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub native: Option<String>,
    /// Its default, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// What it is part of.
    pub roles: Vec<Role>,
    /// `@ignore`: Prisma Client does not know it.
    pub ignored: bool,
    /// Its documentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs: Option<String>,
}

/// What kind of type a field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// One of Prisma's scalar types.
    Scalar,
    /// An enum.
    Enum,
    /// A composite type.
    Composite,
    /// Records of a model.
    Relation,
    /// A type of the database that Prisma does not know.
    Unsupported,
}

/// How many values a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FieldArity {
    /// One.
    Required,
    /// One or none.
    Optional,
    /// Any number.
    List,
}

/// What a field is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The id.
    Id,
    /// A unique of one field.
    Unique,
    /// A unique of several fields.
    PartOfUnique,
    /// The key by which a row points at another.
    ForeignKey,
}

impl Field {
    pub(super) fn of(schema: &Schema<'_>, field: FieldWalker<'_, '_>) -> Field {
        let (ty, kind) = ty(schema, &field.get().ty);
        Field {
            name: field.name.name.to_owned(),
            ty,
            kind,
            arity: match field.arity {
                Arity::Required => FieldArity::Required,
                Arity::Optional => FieldArity::Optional,
                Arity::List => FieldArity::List,
            },
            column: field.is_column().then(|| field.database_name().to_owned()),
            native: field.native.as_ref().map(native),
            default: field.default.as_ref().map(|default| self::default(schema, field, &default.value)),
            roles: roles(field),
            ignored: field.ignored,
            docs: docs(&field.docs),
        }
    }

    /// Its type with `?` or `[]`.
    pub fn full_type(&self) -> String {
        let suffix = match self.arity {
            FieldArity::Required => "",
            FieldArity::Optional => "?",
            FieldArity::List => "[]",
        };
        format!("{}{suffix}", self.ty)
    }

    /// Is it part of this?
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

fn ty(schema: &Schema<'_>, ty: &FieldType<'_>) -> (String, FieldKind) {
    match ty {
        FieldType::Scalar(scalar) => (scalar.name().to_owned(), FieldKind::Scalar),
        FieldType::Enum(id) => (schema.enumeration(*id).name.name.to_owned(), FieldKind::Enum),
        FieldType::Composite(id) => (schema.model(*id).name.name.to_owned(), FieldKind::Composite),
        FieldType::Model(id, _) => (schema.model(*id).name.name.to_owned(), FieldKind::Relation),
        FieldType::Unsupported(text) => (format!("Unsupported({})", quoted(text)), FieldKind::Unsupported),
        FieldType::Unknown => ("?".to_owned(), FieldKind::Unsupported),
    }
}

fn native(native: &model::NativeType<'_>) -> String {
    match native.args[..] {
        [] => native.name.to_owned(),
        _ => format!("{}({})", native.name, native.args.join(", ")),
    }
}

fn default(schema: &Schema<'_>, field: FieldWalker<'_, '_>, value: &DefaultValue<'_>) -> String {
    let called = |name: &str, arg: &Option<&str>| format!("{name}({})", arg.unwrap_or_default());
    match value {
        DefaultValue::Literal(one) => literal(schema, field, one),
        DefaultValue::List(many) => {
            let many: Vec<String> = many.iter().map(|one| literal(schema, field, one)).collect();
            format!("[{}]", many.join(", "))
        }
        DefaultValue::Now => "now()".to_owned(),
        DefaultValue::Uuid(version) => called("uuid", version),
        DefaultValue::Cuid(version) => called("cuid", version),
        DefaultValue::Nanoid(length) => called("nanoid", length),
        DefaultValue::Ulid => "ulid()".to_owned(),
        DefaultValue::Auto => "auto()".to_owned(),
        DefaultValue::Autoincrement => "autoincrement()".to_owned(),
        DefaultValue::Sequence(args) => {
            let args: Vec<String> = args.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            format!("sequence({})", args.join(", "))
        }
        DefaultValue::DbGenerated(None) => "dbgenerated()".to_owned(),
        DefaultValue::DbGenerated(Some(sql)) => format!("dbgenerated({})", quoted(sql)),
    }
}

fn literal(schema: &Schema<'_>, field: FieldWalker<'_, '_>, literal: &Literal<'_>) -> String {
    match literal {
        Literal::String(text) => quoted(text),
        Literal::Number(number) => (*number).to_owned(),
        Literal::Boolean(value) => value.to_string(),
        Literal::Enum(place) => match field.get().ty {
            FieldType::Enum(id) => {
                let item = schema.enumeration(id);
                item.get().values.get(*place as usize).map(|value| value.name.name.to_owned()).unwrap_or_default()
            }
            FieldType::Scalar(_)
            | FieldType::Composite(_)
            | FieldType::Model(..)
            | FieldType::Unsupported(_)
            | FieldType::Unknown => String::new(),
        },
    }
}

/// As a string literal of a schema.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t");
    format!("\"{escaped}\"")
}

fn roles(field: FieldWalker<'_, '_>) -> Vec<Role> {
    let model = field.owner();
    let is_in = |key: &model::Key<'_>| key.fields.iter().any(|part| part.field() == Some(field.at));
    let mut roles = Vec::new();
    if model.id.as_ref().is_some_and(is_in) {
        roles.push(Role::Id);
    }
    let uniques = || model.get().keys.iter().filter(|key| key.kind == KeyKind::Unique && is_in(key));
    if uniques().any(|key| key.fields.len() == 1) {
        roles.push(Role::Unique);
    }
    if uniques().any(|key| key.fields.len() > 1) {
        roles.push(Role::PartOfUnique);
    }
    if field.is_column()
        && model
            .walk_relations()
            .any(|(at, relation)| relation.owner.field == at.at && relation.fields.contains(&field.at))
    {
        roles.push(Role::ForeignKey);
    }
    roles
}
