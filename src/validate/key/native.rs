//! Which types of the database cannot be in a key.

use crate::diag::Diagnostic;
use crate::model::{FieldType, FieldWalker, Key, KeyKind, Provider, Scalar};
use crate::validate::caps::Caps;
use crate::validate::context::Context;

/// PS0616
pub(super) fn rules(cx: &mut Context<'_, '_>, key: &Key<'_>) {
    let Some(caps) = cx.caps else { return };
    for part in &key.fields {
        let Some(field) = part.path.last().map(|f| cx.schema.field(*f)) else { continue };
        let Some((what, help)) = hindrance(caps, key, field, part.length) else { continue };
        let message = format!("`{}` cannot be in {}: {what}", field.name.name, key.attribute());
        cx.report(
            Diagnostic::error("PS0616", message)
                .at(if key.at_field.is_some() { field.span } else { key.span })
                .saying(format!("{} does not index this type", caps.title))
                .label(field.native.as_ref().map(|n| n.span), "the type")
                .help(help),
        );
    }
}

/// Why the field cannot be in the key, and what to do.
fn hindrance(
    caps: &Caps,
    key: &Key<'_>,
    field: FieldWalker<'_, '_>,
    length: Option<u32>,
) -> Option<(String, &'static str)> {
    let native = field.get().native.as_ref();
    let name = native.map(|n| n.name);
    match caps.provider {
        Provider::Postgresql if name == Some("Xml") && key.kind != KeyKind::Id => {
            Some(("xml values have no order".to_owned(), "index what you look for in a column of its own"))
        }
        Provider::Mysql => {
            let name = name.filter(|n| MYSQL_WITHOUT_LIMIT.contains(n))?;
            (length.is_none() && key.kind != KeyKind::Fulltext).then(|| {
                let what = format!("a {name} is too long to be indexed whole");
                (what, "say how much of it is: `field(length: 100)`; or choose a VarChar")
            })
        }
        Provider::Sqlserver => {
            let max = native.is_some_and(|n| n.args.iter().any(|a| a == "Max"));
            if max || name.is_some_and(|n| SQLSERVER_WITHOUT_LIMIT.contains(&n)) {
                let what = format!("{} has no limit", name.unwrap_or_default());
                return Some((what, "choose a type with a length, such as NVarChar(450)"));
            }
            let bytes = key.kind == KeyKind::Id && field.ty == FieldType::Scalar(Scalar::Bytes);
            bytes.then(|| ("Prisma takes no Bytes in an id there".to_owned(), "choose an id of another type"))
        }
        Provider::Postgresql | Provider::Sqlite | Provider::Cockroachdb | Provider::Mongodb => None,
    }
}

/// <https://dev.mysql.com/doc/refman/8.4/en/column-indexes.html>: a prefix has to be given for BLOB and TEXT.
const MYSQL_WITHOUT_LIMIT: [&str; 8] =
    ["Text", "TinyText", "MediumText", "LongText", "Blob", "TinyBlob", "MediumBlob", "LongBlob"];

/// <https://learn.microsoft.com/en-us/sql/t-sql/statements/create-index-transact-sql>: large objects are no key columns.
const SQLSERVER_WITHOUT_LIMIT: [&str; 4] = ["Text", "NText", "Xml", "Image"];
