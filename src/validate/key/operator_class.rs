//! Rules of `ops`: how the values of a field are compared in an index.

use crate::ast::Arity;
use crate::diag::Diagnostic;
use crate::model::suggest::nearest;
use crate::model::{FieldType, FieldWalker, Key, KeyField, KeyKind, Ops, Provider, Scalar};
use crate::validate::context::Context;

/// All of them.
pub(super) fn rules(cx: &mut Context<'_, '_>, key: &Key<'_>) {
    let Some(caps) = cx.caps else { return };
    for part in key.fields.iter().filter(|f| f.ops.is_some()) {
        if key.kind == KeyKind::Unique {
            only_an_index_has_them(cx, key);
        }
        match caps.provider {
            Provider::Postgresql => it_is_one_of_the_index_type_and_suits_the_field(cx, key, part),
            Provider::Cockroachdb if key.method.is_some_and(|m| m.name == "Gin") => the_database_has_them(cx, key),
            Provider::Cockroachdb => {}
            Provider::Mysql | Provider::Sqlite | Provider::Sqlserver | Provider::Mongodb => {}
        }
    }
}

/// PS0614
fn only_an_index_has_them(cx: &mut Context<'_, '_>, key: &Key<'_>) {
    cx.report(
        Diagnostic::error("PS0614", format!("`ops` is for @@index, not for {}", key.attribute()))
            .at(key.span)
            .saying("an operator class")
            .help("remove `ops`"),
    );
}

/// PS0614
fn the_database_has_them(cx: &mut Context<'_, '_>, key: &Key<'_>) {
    cx.report(
        Diagnostic::error("PS0614", "Prisma sets no operator classes on CockroachDB")
            .at(key.span)
            .saying("an operator class")
            .help("remove `ops`"),
    );
}

/// PS0614
fn it_is_one_of_the_index_type_and_suits_the_field(cx: &mut Context<'_, '_>, key: &Key<'_>, part: &KeyField<'_>) {
    let (Some(Ops::Known(name)), Some(field)) = (&part.ops, part.path.last().map(|f| cx.schema.field(*f))) else {
        return;
    };
    let method = key.method.map_or("BTree", |m| m.name);
    let Some(class) = CLASSES.iter().find(|c| c.is(name)) else {
        let d = Diagnostic::error("PS0614", format!("there is no operator class `{name}`"))
            .at(part.span)
            .saying("unknown operator class");
        let known = CLASSES.iter().flat_map(|c| c.names.iter().copied());
        cx.report(match nearest(name, known) {
            Some(similar) => d.help(format!("did you mean `{similar}`?")),
            None => d.help("any that the server has can be written as raw(\"its_name\")"),
        });
        return;
    };
    let why = if !class.methods.contains(&method) {
        format!("is not for an index of type {method}")
    } else if !class.suits(field) {
        format!("is for {}, which `{}` is not", class.of, field.name.name)
    } else {
        return;
    };
    cx.report(
        Diagnostic::error("PS0614", format!("the operator class `{name}` {why}"))
            .at(key.span)
            .saying(format!("for indexes of type {}, over {}", class.methods.join(" or "), class.of))
            .label(field.ty_span, "the field's type")
            .help("choose another, or write it in the database's words: `ops: raw(\"…\")`"),
    );
}

/// Operator classes that are for the same values.
struct Class {
    names: &'static [&'static str],
    methods: &'static [&'static str],
    /// The type of the field.
    scalar: Option<Scalar>,
    /// Native types; `""` stands for none.
    natives: &'static [&'static str],
    of: &'static str,
}

impl Class {
    fn is(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    fn suits(&self, field: FieldWalker<'_, '_>) -> bool {
        let Some(scalar) = self.scalar else { return field.arity == Arity::List };
        let native = field.native.as_ref().map_or("", |n| n.name);
        field.ty == FieldType::Scalar(scalar) && self.natives.contains(&native)
    }
}

const fn brin(
    names: &'static [&'static str],
    scalar: Scalar,
    natives: &'static [&'static str],
    of: &'static str,
) -> Class {
    Class { names, methods: &["Brin"], scalar: Some(scalar), natives, of }
}

/// Those of Prisma: <https://www.prisma.io/docs/orm/prisma-schema/data-model/indexes>.
#[rustfmt::skip]
static CLASSES: &[Class] = &[
    Class { names: &["InetOps"], methods: &["Gist", "SpGist"], scalar: Some(Scalar::String), natives: &["Inet"], of: "@db.Inet" },
    Class { names: &["JsonbOps", "JsonbPathOps"], methods: &["Gin"], scalar: Some(Scalar::Json), natives: &["", "JsonB"], of: "Json" },
    Class { names: &["ArrayOps"], methods: &["Gin"], scalar: None, natives: &[], of: "lists" },
    Class { names: &["TextOps"], methods: &["SpGist"], scalar: Some(Scalar::String), natives: &["", "Text", "VarChar", "Char"], of: "String" },
    brin(&["BitMinMaxOps"], Scalar::String, &["Bit"], "@db.Bit"),
    brin(&["VarBitMinMaxOps"], Scalar::String, &["VarBit"], "@db.VarBit"),
    brin(&["BpcharBloomOps", "BpcharMinMaxOps"], Scalar::String, &["Char"], "@db.Char"),
    brin(&["ByteaBloomOps", "ByteaMinMaxOps"], Scalar::Bytes, &["", "ByteA"], "Bytes"),
    brin(&["DateBloomOps", "DateMinMaxOps", "DateMinMaxMultiOps"], Scalar::DateTime, &["Date"], "@db.Date"),
    brin(&["Float4BloomOps", "Float4MinMaxOps", "Float4MinMaxMultiOps"], Scalar::Float, &["Real"], "@db.Real"),
    brin(&["Float8BloomOps", "Float8MinMaxOps", "Float8MinMaxMultiOps"], Scalar::Float, &["", "DoublePrecision"], "Float"),
    brin(&["InetInclusionOps", "InetBloomOps", "InetMinMaxOps", "InetMinMaxMultiOps"], Scalar::String, &["Inet"], "@db.Inet"),
    brin(&["Int2BloomOps", "Int2MinMaxOps", "Int2MinMaxMultiOps"], Scalar::Int, &["SmallInt"], "@db.SmallInt"),
    brin(&["Int4BloomOps", "Int4MinMaxOps", "Int4MinMaxMultiOps"], Scalar::Int, &["", "Integer"], "Int"),
    brin(&["Int8BloomOps", "Int8MinMaxOps", "Int8MinMaxMultiOps"], Scalar::BigInt, &["", "BigInt"], "BigInt"),
    brin(&["NumericBloomOps", "NumericMinMaxOps", "NumericMinMaxMultiOps"], Scalar::Decimal, &["", "Decimal"], "Decimal"),
    brin(&["OidBloomOps", "OidMinMaxOps", "OidMinMaxMultiOps"], Scalar::Int, &["Oid"], "@db.Oid"),
    brin(&["TextBloomOps", "TextMinMaxOps"], Scalar::String, &["", "Text", "VarChar"], "String"),
    brin(&["TimestampBloomOps", "TimestampMinMaxOps", "TimestampMinMaxMultiOps"], Scalar::DateTime, &["", "Timestamp"], "DateTime"),
    brin(&["TimestampTzBloomOps", "TimestampTzMinMaxOps", "TimestampTzMinMaxMultiOps"], Scalar::DateTime, &["Timestamptz"], "@db.Timestamptz"),
    brin(&["TimeBloomOps", "TimeMinMaxOps", "TimeMinMaxMultiOps"], Scalar::DateTime, &["Time"], "@db.Time"),
    brin(&["TimeTzBloomOps", "TimeTzMinMaxOps", "TimeTzMinMaxMultiOps"], Scalar::DateTime, &["Timetz"], "@db.Timetz"),
    brin(&["UuidBloomOps", "UuidMinMaxOps", "UuidMinMaxMultiOps"], Scalar::String, &["Uuid"], "@db.Uuid"),
];
