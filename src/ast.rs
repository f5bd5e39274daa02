//! What was written: every item with its span, its comments and its order; nothing resolved.
//!
//! Names and literals borrow from the source texts (`'s`).

use crate::source::{FileId, Span};
use std::borrow::Cow;

/// One schema, of one file or several; items in the order of files and lines.
#[derive(Clone, Debug, Default)]
pub struct Schema<'s> {
    /// Top-level blocks.
    pub blocks: Vec<Block<'s>>,
    /// Its files, in the order in which they were read.
    pub files: Vec<FileId>,
}

/// A top-level block.
#[derive(Clone, Debug)]
pub enum Block<'s> {
    /// `datasource db { … }`
    Datasource(Config<'s>),
    /// `generator client { … }`
    Generator(Config<'s>),
    /// `model`, `view` or composite `type`
    Model(Model<'s>),
    /// `enum Role { … }`
    Enum(Enum<'s>),
}

/// A name where it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ident<'s> {
    /// The name.
    pub name: &'s str,
    /// Where.
    pub span: Span,
}

/// `///` comments that document an item: those in the lines above it and the one behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docs<'s> {
    /// The lines, without the slashes and one following space, each with its span (slashes included).
    pub lines: Vec<(&'s str, Span)>,
}

/// A datasource or generator.
#[derive(Clone, Debug)]
pub struct Config<'s> {
    /// Its name.
    pub name: Ident<'s>,
    /// `key = value` lines.
    pub properties: Vec<Property<'s>>,
    /// Its documentation.
    pub docs: Docs<'s>,
    /// From the keyword to the closing brace.
    pub span: Span,
}

/// `key = value`.
#[derive(Clone, Debug)]
pub struct Property<'s> {
    /// The key.
    pub name: Ident<'s>,
    /// The value; None where it was left out.
    pub value: Option<Expr<'s>>,
    /// The whole.
    pub span: Span,
}

/// Which keyword a [`Model`] was written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ModelKind {
    /// `model`
    Model,
    /// `view`
    View,
    /// `type`
    Composite,
}

/// A model, view or composite type.
#[derive(Clone, Debug)]
pub struct Model<'s> {
    /// The keyword.
    pub kind: ModelKind,
    /// Its name.
    pub name: Ident<'s>,
    /// Its fields in order.
    pub fields: Vec<Field<'s>>,
    /// Its `@@` attributes in order.
    pub attributes: Vec<Attribute<'s>>,
    /// Its documentation.
    pub docs: Docs<'s>,
    /// From the keyword to the closing brace.
    pub span: Span,
}

/// How many values a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arity {
    /// `T`
    Required,
    /// `T?`
    Optional,
    /// `T[]`
    List,
}

/// A field.
#[derive(Clone, Debug)]
pub struct Field<'s> {
    /// Its name.
    pub name: Ident<'s>,
    /// Its type.
    pub ty: FieldType<'s>,
    /// `?`, `[]` or neither.
    pub arity: Arity,
    /// Where the type ends, its `?` or `[]` included: blanks may stand before those.
    pub type_end: u32,
    /// Its `@` attributes in order.
    pub attributes: Vec<Attribute<'s>>,
    /// Its documentation.
    pub docs: Docs<'s>,
    /// From the name to the end of the last attribute.
    pub span: Span,
}

/// The type of a field, as written.
#[derive(Clone, Debug)]
pub enum FieldType<'s> {
    /// A scalar, enum, model or composite type by name.
    Name(Ident<'s>),
    /// `Unsupported("…")`
    Unsupported(Str<'s>),
}

/// An enum.
#[derive(Clone, Debug)]
pub struct Enum<'s> {
    /// Its name.
    pub name: Ident<'s>,
    /// Its values in order.
    pub values: Vec<EnumValue<'s>>,
    /// Its `@@` attributes in order.
    pub attributes: Vec<Attribute<'s>>,
    /// Its documentation.
    pub docs: Docs<'s>,
    /// From the keyword to the closing brace.
    pub span: Span,
}

/// A value of an enum.
#[derive(Clone, Debug)]
pub struct EnumValue<'s> {
    /// Its name.
    pub name: Ident<'s>,
    /// Its `@` attributes.
    pub attributes: Vec<Attribute<'s>>,
    /// Its documentation.
    pub docs: Docs<'s>,
    /// From the name to the end of the last attribute.
    pub span: Span,
}

/// `@name(args)` or `@@name(args)`; native types are `@db.VarChar(191)`.
#[derive(Clone, Debug)]
pub struct Attribute<'s> {
    /// The name without the `@`, dots included (`db.VarChar`); its span covers just that.
    pub name: Ident<'s>,
    /// Its arguments; None without parentheses.
    pub args: Option<Vec<Arg<'s>>>,
    /// From the `@` to the closing parenthesis.
    pub span: Span,
}

/// An argument, named (`name: value`) or not.
#[derive(Clone, Debug)]
pub struct Arg<'s> {
    /// Its name.
    pub name: Option<Ident<'s>>,
    /// Its value; None where it was left out (`map:`), which has its diagnostic already.
    pub value: Option<Expr<'s>>,
    /// The whole.
    pub span: Span,
}

/// A string literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Str<'s> {
    /// Its value, escapes resolved.
    pub value: Cow<'s, str>,
    /// With its quotes.
    pub span: Span,
}

/// A value.
#[derive(Clone, Debug)]
pub enum Expr<'s> {
    /// `"text"`
    String(Str<'s>),
    /// `42`, `-1.5` as written
    Number(Ident<'s>),
    /// `true`, `Cascade`, `USER`, `id`, a dotted path (`address.street`): any bare word
    Constant(Ident<'s>),
    /// `now()`, `env("X")`, `title(sort: Desc)`
    Function(Function<'s>),
    /// `[a, b]`
    Array(Vec<Expr<'s>>, Span),
    /// `{ deletedAt: null, state: { not: "x" } }`: the condition of a partial index
    Object(Vec<Property<'s>>, Span),
}

/// A call.
#[derive(Clone, Debug)]
pub struct Function<'s> {
    /// Its name.
    pub name: Ident<'s>,
    /// Its arguments.
    pub args: Vec<Arg<'s>>,
    /// The whole.
    pub span: Span,
}

impl Expr<'_> {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Expr::String(s) => s.span,
            Expr::Number(i) | Expr::Constant(i) => i.span,
            Expr::Function(f) => f.span,
            Expr::Array(_, span) | Expr::Object(_, span) => *span,
        }
    }
}
