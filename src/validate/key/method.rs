//! Rules of `type`: how an index is made.

use crate::ast::{Arity, Ident};
use crate::diag::{Diagnostic, Edit};
use crate::model::suggest::nearest;
use crate::model::{FieldType, FieldWalker, Key, Provider, Scalar};
use crate::validate::caps::Caps;
use crate::validate::context::Context;

/// Every index type that Prisma knows.
const ALL: [&str; 6] = ["BTree", "Hash", "Gist", "Gin", "SpGist", "Brin"];

/// All of them.
pub(super) fn rules(cx: &mut Context<'_, '_>, key: &Key<'_>) {
    let (Some(caps), Some(method)) = (cx.caps, key.method) else { return };
    if !caps.index_types.contains(&method.name) {
        it_is_one_of_the_database(cx, caps, method);
        return;
    }
    if caps.provider == Provider::Postgresql {
        spgist_indexes_one_field(cx, key, method);
    }
    it_suits_the_types_of_its_fields(cx, caps, key, method);
}

/// PS0612
fn it_is_one_of_the_database(cx: &mut Context<'_, '_>, caps: &Caps, method: Ident<'_>) {
    let d = Diagnostic::error("PS0612", format!("{} has no index type `{}`", caps.title, method.name))
        .at(method.span)
        .saying("unknown index type");
    let similar = nearest(method.name, caps.index_types.iter().copied()).filter(|_| !ALL.contains(&method.name));
    cx.report(match similar {
        Some(similar) => d
            .help(format!("did you mean `{similar}`?"))
            .fix(format!("write `{similar}`"), vec![Edit { span: method.span, text: similar.to_owned() }]),
        None => d.help(format!("one of: {}", caps.index_types.join(", "))),
    });
}

/// PS0613
fn spgist_indexes_one_field(cx: &mut Context<'_, '_>, key: &Key<'_>, method: Ident<'_>) {
    if method.name != "SpGist" || key.fields.len() < 2 {
        return;
    }
    cx.report(
        Diagnostic::error("PS0613", "an index of type SpGist is over one field")
            .at(key.span)
            .saying("over several")
            .help("make an index for each"),
    );
}

/// PS0613: without an operator class there has to be a default one for the type.
fn it_suits_the_types_of_its_fields(cx: &mut Context<'_, '_>, caps: &Caps, key: &Key<'_>, method: Ident<'_>) {
    for part in key.fields.iter().filter(|f| f.ops.is_none()) {
        let Some(field) = part.path.last().map(|f| cx.schema.field(*f)) else { continue };
        if suits(caps, method.name, field) {
            continue;
        }
        let message = format!(
            "an index of type {} does not take `{}` of type {} as it is",
            method.name,
            field.name.name,
            written(cx, field)
        );
        let d = Diagnostic::error("PS0613", message)
            .at(key.span)
            .saying("no default operator class")
            .label(field.ty_span, "the type");
        cx.report(match caps.provider {
            Provider::Postgresql => {
                d.help("choose another type of index, or an operator class: `field(ops: raw(\"…\"))`")
            }
            Provider::Mysql | Provider::Sqlite | Provider::Sqlserver | Provider::Cockroachdb | Provider::Mongodb => {
                d.help("choose another type of index")
            }
        });
    }
}

fn written(cx: &Context<'_, '_>, field: FieldWalker<'_, '_>) -> String {
    match &field.get().native {
        Some(native) => format!("{} @db.{}", cx.type_name(field), native.name),
        None => cx.type_name(field),
    }
}

fn suits(caps: &Caps, method: &str, field: FieldWalker<'_, '_>) -> bool {
    let native = field.native.as_ref().map(|n| n.name);
    let scalar = match field.ty {
        FieldType::Scalar(scalar) => Some(scalar),
        FieldType::Enum(_) => None,
        FieldType::Composite(_) | FieldType::Model(..) | FieldType::Unsupported(_) | FieldType::Unknown => return true,
    };
    let list = field.arity == Arity::List;
    match method {
        "Gin" => list || scalar == Some(Scalar::Json) && native != Some("Json"),
        "Gist" if caps.provider == Provider::Postgresql => false,
        "SpGist" => {
            scalar == Some(Scalar::String)
                && !list
                && native.is_none_or(|n| ["Text", "VarChar", "Char", "Inet"].contains(&n))
        }
        "Brin" => match scalar {
            Some(Scalar::Boolean | Scalar::Json) | None => false,
            Some(_) => native.is_none_or(|n| !["Money", "Xml", "Citext"].contains(&n)),
        },
        _ => true,
    }
}
