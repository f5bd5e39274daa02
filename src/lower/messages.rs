//! The wording of what cannot be lowered; each message once.

use crate::catalog::Origin;
use crate::diag::Diagnostic;
use crate::dialect::Conventions;
use crate::dialect::native::TypeError;
use crate::model::{NativeType, Scalar};
use crate::source::Span;

pub(super) fn native_type(at: &Conventions, scalar: Scalar, native: &NativeType<'_>, error: TypeError) -> Diagnostic {
    let list = |known: Vec<&str>| format!("for {}: {}", scalar.name(), known.join(", "));
    match error {
        TypeError::Unknown { known } => {
            Diagnostic::error("PS0501", format!("{} has no native type `{}`", at.title, native.name))
                .at(native.span)
                .saying("unknown native type")
                .help(list(known))
        }
        TypeError::OfAnother { scalar: other, known } => {
            let message =
                format!("the native type `{}` is for {}, not for {}", native.name, other.name(), scalar.name());
            Diagnostic::error("PS0502", message)
                .at(native.span)
                .saying("does not fit the field's type")
                .help(list(known))
        }
        TypeError::Arguments { at_most: 0, .. } => {
            Diagnostic::error("PS0503", format!("the native type `{}` takes no argument", native.name))
                .at(native.span)
                .saying("remove the argument")
        }
        TypeError::Arguments { at_most, range: (least, most) } => {
            let many = if at_most == 1 { "one whole number" } else { "up to two whole numbers" };
            Diagnostic::error(
                "PS0503",
                format!("the native type `{}` takes {many} from {least} to {most}", native.name),
            )
            .at(native.span)
            .saying("out of range")
        }
    }
}

pub(super) fn needless_native(native: &NativeType<'_>, what: &str) -> Diagnostic {
    Diagnostic::error("PS0502", format!("{what} has no native type `{}`", native.name))
        .at(native.span)
        .saying("remove this")
}

pub(super) fn composite(database: &Conventions, label: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        "PS0610",
        format!("`{label}` is of a composite type, which tables of {} do not hold", database.title),
    )
    .at(at)
    .saying("a composite type")
    .help("use Json, or a model with a relation")
}

pub(super) fn method(database: &Conventions, name: &str, at: Span) -> Diagnostic {
    Diagnostic::error("PS0612", format!("{} has no index type `{name}`", database.title))
        .at(at)
        .saying("unknown index type")
        .help("one of: BTree, Hash, Gist, Gin, SpGist, Brin")
}

pub(super) fn operator_class(name: &str, at: Span) -> Diagnostic {
    Diagnostic::error("PS0614", format!("there is no operator class `{name}`"))
        .at(at)
        .saying("unknown operator class")
        .help("any that the server has can be written as raw(\"its_name\")")
}

pub(super) fn fulltext(database: &Conventions, at: Span) -> Diagnostic {
    Diagnostic::error("PS0611", format!("{} has no `@@fulltext` index", database.title))
        .at(at)
        .saying("for MySQL and MongoDB alone")
        .help("index a tsvector column with @@index(type: Gin)")
}

pub(super) fn bytes(at: Span) -> Diagnostic {
    Diagnostic::error("PS0508", "the default is not base64").at(at).saying("expected base64, like \"aGVsbG8=\"")
}

pub(super) fn client_only(database: &Conventions, label: &str, function: &str, at: Span) -> Diagnostic {
    Diagnostic::error("PS0509", format!("`{function}()` is not for {}, where `{label}` is kept", database.title))
        .at(at)
        .saying("for another kind of database")
}

pub(super) fn same_name(name: &str, cut: Option<usize>, second: &Origin, first: &Origin) -> Diagnostic {
    let message =
        format!("`{}` and `{}` would both be named \"{name}\" in the database", first.label(), second.label());
    let d = Diagnostic::error("PS0510", message).at(second.span).saying("the second").label(first.span, "the first");
    let d = match cut {
        Some(limit) => d.note(format!("names longer than {limit} bytes are cut to that length")),
        None => d,
    };
    d.help("give one of them another name with `map:` or `@@map`")
}

pub(super) fn date_time(at: Span) -> Diagnostic {
    Diagnostic::error("PS0508", "the default is no point in time of RFC 3339")
        .at(at)
        .saying("expected one like \"2020-01-31T00:00:00Z\"")
}
