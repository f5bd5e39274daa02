//! Rules of native types: `@db.VarChar(191)`.

use super::context::Context;
use crate::ast::{Arg, Attribute, Expr};
use crate::diag::{Diagnostic, Edit};
use crate::model::suggest::nearest;
use crate::model::{FieldType, FieldWalker, Provider, Scalar};
use crate::source::Span;

mod table;

/// A native type of one database.
#[derive(Debug)]
struct Native {
    name: &'static str,
    /// For fields of these types; the first is the one it is chiefly for.
    scalars: &'static [Scalar],
    arguments: Arguments,
}

/// What may stand in its parentheses.
#[derive(Clone, Copy, Debug)]
enum Arguments {
    Nothing,
    /// A number from, to; or nothing.
    Length(u32, u32),
    /// A number from, to.
    NeedsLength(u32, u32),
    /// A number to, `Max`, or nothing.
    LengthOrMax(u32),
    /// Two numbers, or nothing.
    PrecisionAndScale {
        least: u32,
        most: u32,
        most_scale: u32,
    },
}

/// All of them.
pub(super) fn rules(cx: &mut Context<'_, '_>, field: FieldWalker<'_, '_>) {
    if let Some(attribute) = written(cx, field) {
        only_scalars_have_one(cx, field, attribute);
        the_database_has_it_for_the_type(cx, field, attribute);
    } else if let FieldType::Unsupported(raw) = &field.get().ty {
        what_is_supported_is_no_unsupported(cx, field, raw);
    }
}

/// The attribute, if it is under the name of the datasource.
fn written<'a, 's>(cx: &Context<'a, 's>, field: FieldWalker<'_, 's>) -> Option<&'a Attribute<'s>> {
    field.native.as_ref()?;
    cx.written_field(field.at)?.attributes.iter().find(|a| a.name.name.contains('.'))
}

/// PS0502
fn only_scalars_have_one(cx: &mut Context<'_, '_>, field: FieldWalker<'_, '_>, attribute: &Attribute<'_>) {
    let what = match field.ty {
        FieldType::Scalar(_) | FieldType::Unknown => return,
        FieldType::Enum(_) => "an enum",
        FieldType::Composite(_) => "a composite type",
        FieldType::Model(..) => "a model",
        FieldType::Unsupported(_) => "`Unsupported`, which names its type already",
    };
    let message = format!("`{}` takes no native type: its type is {what}", field.label());
    cx.report(
        Diagnostic::error("PS0502", message)
            .at(attribute.span)
            .saying("remove this")
            .fix(format!("remove `@{}`", attribute.name.name), vec![remove(attribute.span)]),
    );
}

fn remove(span: Span) -> Edit {
    Edit { span, text: String::new() }
}

/// PS0501, PS0502, PS0503
fn the_database_has_it_for_the_type(cx: &mut Context<'_, '_>, field: FieldWalker<'_, '_>, attribute: &Attribute<'_>) {
    let (FieldType::Scalar(scalar), Some(caps)) = (&field.get().ty, cx.caps) else { return };
    let Some((prefix, name)) = attribute.name.name.split_once('.') else { return };
    let all = table::of(caps.provider);
    let Some(native) = all.iter().find(|n| n.name == name) else {
        let diagnostic = unknown(caps.title, prefix, name, attribute, all, *scalar);
        return cx.report(diagnostic);
    };
    if !native.scalars.contains(scalar) {
        let wanted = native.scalars.iter().map(|s| s.name()).collect::<Vec<_>>().join(" or ");
        let message = format!("`@{prefix}.{name}` is for fields of type {wanted}, and `{}` is {scalar}", field.label());
        return cx.report(
            Diagnostic::error("PS0502", message)
                .at(attribute.span)
                .saying(format!("not for {scalar}"))
                .label(field.ty_span, "the type of the field")
                .help(for_this_type(prefix, all, *scalar)),
        );
    }
    let args = attribute.args.as_deref().unwrap_or_default();
    if let Some(wanted) = native.arguments.wrong(args, caps.provider, *scalar) {
        cx.report(
            Diagnostic::error("PS0503", format!("`@{prefix}.{name}` takes {wanted}"))
                .at(attribute.span)
                .saying(format!("expected {wanted}"))
                .note(format!("{} would refuse the column, or cut its values", caps.title)),
        );
    }
}

fn unknown(
    title: &str,
    prefix: &str,
    name: &str,
    attribute: &Attribute<'_>,
    all: &[Native],
    scalar: Scalar,
) -> Diagnostic {
    let d = Diagnostic::error("PS0501", format!("{title} has no native type `{name}` in Prisma"))
        .at(attribute.span)
        .saying("unknown native type");
    match nearest(name, all.iter().map(|n| n.name)) {
        Some(similar) => d.help(format!("did you mean `@{prefix}.{similar}`?")).fix(
            format!("write `@{prefix}.{similar}`"),
            vec![Edit { span: attribute.name.span, text: format!("{prefix}.{similar}") }],
        ),
        None => d.help(for_this_type(prefix, all, scalar)),
    }
}

/// What there is for a field of this type.
fn for_this_type(prefix: &str, all: &[Native], scalar: Scalar) -> String {
    let fitting = all.iter().filter(|n| n.scalars.contains(&scalar)).map(|n| format!("@{prefix}.{}", n.name));
    let fitting: Vec<_> = fitting.collect();
    match fitting.is_empty() {
        true => format!("remove it: {scalar} has no native types on this database"),
        false => format!("for {scalar} there are: {}", fitting.join(", ")),
    }
}

impl Arguments {
    /// What they should have been, if they are not.
    fn wrong(self, args: &[Arg<'_>], provider: Provider, scalar: Scalar) -> Option<String> {
        match (self, args) {
            (Arguments::Nothing, []) => None,
            (Arguments::Nothing, _) => Some("no argument".to_owned()),
            (Arguments::Length(..) | Arguments::LengthOrMax(_) | Arguments::PrecisionAndScale { .. }, []) => None,
            // One bit is a boolean, more are not.
            (Arguments::NeedsLength(..), [one]) if provider == Provider::Mysql && scalar == Scalar::Boolean => {
                (number(one) != Some(1)).then(|| "the length 1 for a Boolean".to_owned())
            }
            (Arguments::Length(from, to) | Arguments::NeedsLength(from, to), [one]) => {
                let fits = number(one).is_some_and(|n| (from..=to).contains(&n));
                (!fits).then(|| one_number(from, to))
            }
            (Arguments::Length(from, to) | Arguments::NeedsLength(from, to), _) => Some(one_number(from, to)),
            (Arguments::LengthOrMax(to), [one]) => {
                let fits = is_max(one) || number(one).is_some_and(|n| n <= to);
                (!fits).then(|| format!("a length to {to}, or Max"))
            }
            (Arguments::LengthOrMax(to), _) => Some(format!("a length to {to}, or Max")),
            (Arguments::PrecisionAndScale { least, most, most_scale }, [precision, scale]) => {
                let fits = number(precision).zip(number(scale)).is_some_and(|(precision, scale)| {
                    scale <= precision && (least..=most).contains(&precision) && scale <= most_scale
                });
                (!fits).then(|| precision_and_scale(most, most_scale))
            }
            (Arguments::PrecisionAndScale { most, most_scale, .. }, _) => Some(precision_and_scale(most, most_scale)),
        }
    }
}

impl Arguments {
    /// Could these be its arguments, whatever their ranges?
    fn reads(self, args: &[&str]) -> bool {
        let is_number = |text: &&str| text.parse::<u32>().is_ok();
        match (self, args) {
            (Arguments::Nothing, _) => true,
            (Arguments::Length(..) | Arguments::LengthOrMax(_) | Arguments::PrecisionAndScale { .. }, []) => true,
            (Arguments::Length(..) | Arguments::NeedsLength(..), [one]) => is_number(one),
            (Arguments::LengthOrMax(_), [one]) => is_number(one) || one.eq_ignore_ascii_case("max"),
            (Arguments::PrecisionAndScale { .. }, [precision, scale]) => is_number(precision) && is_number(scale),
            (Arguments::Length(..) | Arguments::NeedsLength(..) | Arguments::LengthOrMax(_), _) => false,
            (Arguments::PrecisionAndScale { .. }, _) => false,
        }
    }
}

fn one_number(from: u32, to: u32) -> String {
    match to {
        u32::MAX => format!("one whole number from {from}"),
        _ => format!("one whole number from {from} to {to}"),
    }
}

fn precision_and_scale(most: u32, most_scale: u32) -> String {
    format!("a precision to {most} and a scale to {most_scale}, which is not larger than the precision")
}

fn number(arg: &Arg<'_>) -> Option<u32> {
    match &arg.value {
        Some(Expr::Number(number)) => number.name.parse().ok(),
        _ => None,
    }
}

fn is_max(arg: &Arg<'_>) -> bool {
    matches!(&arg.value, Some(Expr::Constant(word)) if word.name.eq_ignore_ascii_case("max"))
}

/// PS0524
fn what_is_supported_is_no_unsupported(cx: &mut Context<'_, '_>, field: FieldWalker<'_, '_>, raw: &str) {
    let (Some(caps), Some(datasource)) = (cx.caps, &cx.schema.datasource) else { return };
    let (name, rest) = raw.split_once('(').map_or((raw, None), |(name, rest)| (name, Some(rest)));
    let name = name.trim();
    let Some(native) = table::of(caps.provider).iter().find(|n| n.name == name) else { return };
    let args: Vec<&str> = match rest.and_then(|rest| rest.split_once(')')) {
        Some((args, _)) => args.split(',').map(str::trim).collect(),
        None if rest.is_some() => return,
        None => Vec::new(),
    };
    let Some(scalar) = native.scalars.first().filter(|_| native.arguments.reads(&args)) else { return };
    let bare = matches!(native.arguments, Arguments::Nothing) || args.is_empty();
    let arguments = if bare { String::new() } else { format!("({})", args.join(", ")) };
    let instead = format!("{scalar} @{}.{name}{arguments}", datasource.name.name);
    let message = format!("`{}` need not be Unsupported: Prisma knows the type {name}", field.label());
    cx.report(
        Diagnostic::error("PS0524", message)
            .at(field.span)
            .saying("known to Prisma")
            .note("of what is Unsupported, Prisma Client can neither read nor write anything")
            .help(format!("write `{instead}`")),
    );
}
