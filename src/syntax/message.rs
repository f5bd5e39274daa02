//! What the front end says, in the order of the codes.

use super::block::Keyword;
use super::literal::BadEscape;
use crate::ast::{Arity, Attribute, Ident};
use crate::diag::{Diagnostic, Edit};
use crate::source::Span;

const BLOCKS: &str = "`datasource`, `generator`, `model`, `view`, `type` and `enum`";

fn replace(span: Span, text: impl Into<String>) -> Vec<Edit> {
    vec![Edit { span, text: text.into() }]
}

fn at_start(span: Span) -> Span {
    Span { end: span.start, ..span }
}

// PS0101 to PS0105: outside of blocks, and blocks as a whole.

/// A line outside of all blocks.
pub(super) fn no_block(line: Span) -> Diagnostic {
    Diagnostic::error("PS0101", "this line belongs to no block")
        .at(line)
        .saying("nothing that Prisma knows begins like this")
        .help(format!("a schema is made of blocks: {BLOCKS}; a comment begins with `//`"))
}

/// `}` outside of all blocks.
pub(super) fn brace_closes_nothing(line: Span) -> Diagnostic {
    Diagnostic::error("PS0101", "this `}` closes nothing")
        .at(line)
        .help("remove it, or look for a block above that was closed too early")
}

/// A block with an unknown keyword.
pub(super) fn unknown_block(line: Span, word: &str) -> Diagnostic {
    let what =
        if word.is_empty() { "this block has no keyword".into() } else { format!("`{word}` is no kind of block") };
    Diagnostic::error("PS0102", what)
        .at(line)
        .note("nothing inside of it was read")
        .help(format!("blocks are {BLOCKS}"))
}

/// A block with nearly a keyword.
pub(super) fn keyword_meant(line: Span, word: &str, meant: &str) -> Diagnostic {
    let place = Span { end: line.start + super::token::offset(word.len()), ..line };
    unknown_block(place, word).saying(format!("write `{meant}`")).fix(format!("write `{meant}`"), replace(place, meant))
}

/// A block whose first line is not `keyword name {`.
pub(super) fn bad_headline(line: Span, keyword: &str) -> Diagnostic {
    Diagnostic::error("PS0103", format!("this is not how {} {keyword} begins", article(keyword))).at(line).help(
        format!("write `{keyword} Name {{`, with a name of letters, digits and `_`, and nothing behind the brace"),
    )
}

/// `model A { id Int @id }`
pub(super) fn one_line_block(line: Span, keyword: &str) -> Diagnostic {
    Diagnostic::error("PS0103", format!("{} {keyword} takes several lines", article(keyword)))
        .at(line)
        .saying("the line has to end behind the `{`")
        .help("give each member a line of its own, and the `}` as well")
}

/// The brace on the line below the name.
pub(super) fn late_brace(keyword: Keyword, name: Ident<'_>) -> Diagnostic {
    let keyword = keyword.text();
    Diagnostic::error("PS0103", format!("the `{{` of {keyword} {} is on another line", name.name))
        .at(name.span)
        .saying("it belongs here, behind the name")
        .help(format!("write `{keyword} {} {{` on one line", name.name))
}

/// `type X = String`
pub(super) fn type_alias(line: Span) -> Diagnostic {
    Diagnostic::error("PS0103", "a type cannot stand for another one")
        .at(line)
        .note("Prisma had such aliases once and dropped them")
        .help("write the type itself, with its attributes, at each field")
}

/// A block without its `}`.
pub(super) fn unclosed_block(keyword: Keyword, name: Ident<'_>, end: Span, next: Option<Span>) -> Diagnostic {
    let d = Diagnostic::error("PS0104", format!("{} {} is never closed", keyword.text(), name.name));
    let d = match next {
        Some(next) => d.at(next).saying("the next block begins").label(name.span, "the open one begins here"),
        None => d.at(name.span).saying("begins here"),
    };
    d.label(end, "a `}` on a line of its own is missing here")
        .help("close it with `}` on a line of its own")
        .fix("insert `}`", replace(end, "\n}\n"))
}

/// `/*` without `*/`.
pub(super) fn open_comment(span: Span) -> Diagnostic {
    Diagnostic::error("PS0105", "this comment is never closed")
        .at(span)
        .saying("nothing from here on was read")
        .help("close it with `*/`, or write `//`")
}

// PS0106 to PS0111: members of blocks.

/// A line that is no member of its block.
pub(super) fn no_member(line: Span, keyword: Keyword) -> Diagnostic {
    let (what, example) = match keyword {
        Keyword::Datasource | Keyword::Generator => ("no property", "`key = \"value\"`"),
        Keyword::Enum => ("no value and no attribute", "`VALUE`, `VALUE @map(\"value\")` or `@@map(\"name\")`"),
        Keyword::Model | Keyword::View | Keyword::Composite => {
            ("no field and no attribute", "`name Type @attribute` or `@@attribute(arguments)`")
        }
    };
    Diagnostic::error("PS0106", format!("this line is {what}")).at(line).help(format!("write {example}"))
}

/// Something behind a member that was complete.
pub(super) fn unexpected(span: Span) -> Diagnostic {
    Diagnostic::error("PS0106", "this does not belong here")
        .at(span)
        .help("a member takes one line: its name, its type or value, and its attributes, each with an `@`")
}

/// `name` alone.
pub(super) fn field_without_type(name: Ident<'_>) -> Diagnostic {
    Diagnostic::error("PS0107", format!("field {} has no type", name.name))
        .at(name.span)
        .saying("a type is missing behind the name")
        .help(format!("write `{} String`, or whichever type it has", name.name))
}

/// `name = value` in a model.
pub(super) fn assigned_field(name: Ident<'_>) -> Diagnostic {
    Diagnostic::error("PS0107", format!("field {} is written like a property", name.name))
        .at(name.span)
        .help(format!("write `{} Type`; a default is given as `@default(…)`", name.name))
}

/// `name: Type`
pub(super) fn colon(span: Span) -> Diagnostic {
    Diagnostic::error("PS0107", "a field takes no `:` behind its name")
        .at(span)
        .help("remove the colon")
        .fix("remove the colon", replace(span, ""))
}

/// `[]`, or a list of something else than one type.
pub(super) fn no_type(span: Span) -> Diagnostic {
    Diagnostic::error("PS0107", "this is no type").at(span).help("write `Type`, `Type?` or `Type[]`")
}

/// A list, optional or required type as it is not written (any more), and how it is meant. `suffix` is what stands
/// behind the type's name.
pub(super) fn old_type(whole: Span, base: &str, suffix: &str) -> (Diagnostic, Arity) {
    let (what, arity) = match suffix {
        "]" => ("a list is written with its brackets behind the type", Arity::List),
        "!" => ("a field is required without a `!`", Arity::Required),
        "[]?" | "?[]" => ("a list cannot be optional: without elements it is empty", Arity::List),
        "??" => ("one `?` makes a field optional", Arity::Optional),
        _ if suffix.matches('[').count() > 1 => ("a list of lists does not exist", Arity::List),
        _ if suffix.contains(['[', ']']) => ("this is not how a list is written", Arity::List),
        _ => ("this is not how a type is written", Arity::Optional),
    };
    let ty = match arity {
        Arity::Required => base.to_owned(),
        Arity::Optional => format!("{base}?"),
        Arity::List => format!("{base}[]"),
    };
    let diagnostic = Diagnostic::error("PS0107", what)
        .at(whole)
        .help(format!("write `{ty}`"))
        .fix(format!("write `{ty}`"), replace(whole, ty));
    (diagnostic, arity)
}

/// `VarChar(10)` as a type.
pub(super) fn type_with_arguments(name: Ident<'_>, args: Span, written: &str) -> Diagnostic {
    let native = if name.name == "String" { "VarChar" } else { name.name };
    Diagnostic::error("PS0107", format!("type {} takes no arguments", name.name))
        .at(args)
        .help(format!("name the database's type in an attribute: `{} @db.{native}{written}`", name.name))
}

/// `Unsupported` with anything but one string.
pub(super) fn unsupported(span: Span) -> Diagnostic {
    Diagnostic::error("PS0107", "`Unsupported` takes one string")
        .at(span)
        .help("write the database's type in it: `Unsupported(\"circle\")`")
}

/// `VALUE Type` or `VALUE = 1` in an enum.
pub(super) fn enum_value_with_type(name: Ident<'_>) -> Diagnostic {
    Diagnostic::error("PS0108", format!("enum value {} is more than a name", name.name))
        .at(name.span)
        .help(format!("write `{0}`, or `{0} @map(\"…\")` for another spelling in the database", name.name))
}

/// `key value`
pub(super) fn property_without_sign(name: Ident<'_>, block: &str) -> Diagnostic {
    Diagnostic::error("PS0109", format!("property {} of the {block} has no `=`", name.name))
        .at(name.span)
        .help(format!("write `{} = \"…\"`", name.name))
}

/// `key =`
pub(super) fn property_without_value(name: Ident<'_>, block: &str) -> Diagnostic {
    Diagnostic::error("PS0109", format!("property {} of the {block} has no value", name.name))
        .at(name.span)
        .help(format!("write `{} = \"…\"`, or remove the line", name.name))
}

/// `@@map("x")` in a datasource.
pub(super) fn attribute_in_config(attribute: &Attribute<'_>, block: &str) -> Diagnostic {
    Diagnostic::error("PS0110", format!("a {block} takes no attributes"))
        .at(attribute.span)
        .help(format!("write a property, `{} = …`, or remove the line", attribute.name.name))
}

/// `@@unique` at a field.
pub(super) fn too_many_ats(attribute: &Attribute<'_>) -> Diagnostic {
    let name = attribute.name.name;
    Diagnostic::error("PS0110", format!("`@@{name}` is an attribute of the whole block"))
        .at(attribute.span)
        .saying("here it stands at one field or value")
        .help(match name {
            "id" | "unique" | "map" | "ignore" => {
                format!("write `@{name}`, or give `@@{name}` a line of its own")
            }
            _ => format!("give `@@{name}(…)` a line of its own"),
        })
}

/// `@map("x")` on a line of its own.
pub(super) fn block_attribute_signs(attribute: &Attribute<'_>) -> Diagnostic {
    let name = attribute.name.name;
    Diagnostic::error("PS0110", format!("an attribute of the whole block is written `@@{name}`"))
        .at(attribute.span)
        .help(format!("write `@@{name}`; the attributes of a field stand on the field's own line"))
}

/// Two `@@` attributes on one line.
pub(super) fn second_on_line(attribute: &Attribute<'_>) -> Diagnostic {
    Diagnostic::error("PS0110", format!("`@@{}` needs a line of its own", attribute.name.name))
        .at(attribute.span)
        .help("break the line before it")
        .fix("break the line", replace(at_start(attribute.span), "\n"))
}

/// `{` or `}` inside of a line.
pub(super) fn brace_within(span: Span, brace: char) -> Diagnostic {
    let help = if brace == '}' { "give the `}` a line of its own" } else { "blocks do not nest: close this one first" };
    Diagnostic::error("PS0111", format!("`{brace}` cannot stand in a line")).at(span).help(help)
}

// PS0112 to PS0116: names, numbers, strings.

/// `a` or `an`.
fn article(what: &str) -> &'static str {
    if what.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// A name that begins with a digit or a sign.
pub(super) fn name_start(name: Ident<'_>, what: &str) -> Diagnostic {
    let a = article(what);
    Diagnostic::error("PS0112", format!("the name of {a} {what} begins with a letter, not with `{}`", first(name.name)))
        .at(name.span)
        .help("give it another name, and `@map` or `@@map` for the one in the database")
}

/// A name with a character that names do not have.
pub(super) fn name_character(name: Ident<'_>, what: &str, wrong: char) -> Diagnostic {
    let a = article(what);
    Diagnostic::error("PS0112", format!("the name of {a} {what} cannot have a `{wrong}`"))
        .at(name.span)
        .help("names are made of letters, digits and `_`; `@map` or `@@map` gives the one in the database")
}

/// A word that names nothing.
pub(super) fn no_name(name: Ident<'_>, what: &str) -> Diagnostic {
    Diagnostic::error("PS0112", format!("`{}` cannot name {} {what}", name.name, article(what)))
        .at(name.span)
        .help("a name begins with a letter, and is made of letters, digits and `_`")
}

fn first(text: &str) -> char {
    text.chars().next().unwrap_or(' ')
}

/// A character that stands nowhere outside of strings.
pub(super) fn strange_character(span: Span, c: char) -> Diagnostic {
    let shown = if c.is_control() || c == '\u{feff}' { format!("U+{:04X}", u32::from(c)) } else { c.to_string() };
    let help = match c {
        ';' | ',' => "lines of a schema end without one",
        '#' => "a comment begins with `//`",
        '+' => "a positive number has no sign",
        _ => "names are made of letters, digits and `_`; anything else belongs in a string, as in `@map(\"…\")`",
    };
    Diagnostic::error("PS0112", format!("`{shown}` cannot stand here")).at(span).help(help)
}

/// A control character in a string.
pub(super) fn control(span: Span, c: char) -> Diagnostic {
    let written = match c {
        '\t' => "\\t".to_owned(),
        '\r' => "\\r".to_owned(),
        _ => format!("\\u{:04x}", u32::from(c)),
    };
    Diagnostic::error("PS0115", format!("the character U+{:04X} cannot stand in a string", u32::from(c)))
        .at(span)
        .help(format!("write `{written}`"))
        .fix(format!("write `{written}`"), replace(span, written))
}

/// What stands behind an opening brace.
pub(super) fn ignored(span: Span, keyword: Keyword) -> Diagnostic {
    Diagnostic::warning(
        "PS0120",
        format!("what stands behind the `{{` of {} {} is not read", article(keyword.text()), keyword.text()),
    )
    .at(span)
    .note("Prisma passes over it without a word")
    .help("give it a line of its own")
    .fix("break the line", replace(at_start(span), "\n"))
}

/// Something that begins like a number.
pub(super) fn number(word: Ident<'_>) -> Diagnostic {
    Diagnostic::error("PS0113", format!("`{}` is no number", word.name))
        .at(word.span)
        .help("numbers are written `42`, `-1` or `0.5`, in full: no exponent, no `_`; anything longer goes in a string")
}

/// A string that its line does not close.
pub(super) fn open_string(span: Span) -> Diagnostic {
    Diagnostic::error("PS0114", "this string is never closed")
        .at(span)
        .help("close it with `\"` on the same line; a line break inside is written `\\n`, a quote `\\\"`")
}

/// Any other quote.
pub(super) fn wrong_quote(span: Span, quote: char) -> Diagnostic {
    Diagnostic::error("PS0114", format!("`{quote}` does not begin a string")).at(span).help("strings stand in `\"`")
}

/// An escape that means nothing.
pub(super) fn escape(span: Span, text: &str, problem: BadEscape) -> Diagnostic {
    let (what, help) = match problem {
        BadEscape::Unknown => (
            "is no escape",
            "a backslash itself is written `\\\\`; the escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX",
        ),
        BadEscape::Digits => ("is no character", "`\\u` takes four hexadecimal digits, as in `\\u00e9`"),
        BadEscape::Surrogate => {
            ("is half a character", "characters above U+FFFF are two such escapes in a row, as in `\\ud83d\\ude00`")
        }
    };
    Diagnostic::error("PS0115", format!("`{text}` {what}")).at(span).help(help)
}

// PS0117 to PS0119: arguments and lists.

/// A comma or colon that is too many.
pub(super) fn stray_mark(span: Span, colon: bool, last: bool) -> Diagnostic {
    let what = match (colon, last) {
        (true, _) => "this `:` names no argument",
        (false, true) => "Prisma takes no comma behind the last one",
        (false, false) => "a value is missing before this comma",
    };
    Diagnostic::error("PS0117", what).at(span).help("remove it").fix("remove it", replace(span, ""))
}

/// Two values without a comma.
pub(super) fn missing_comma(span: Span) -> Diagnostic {
    Diagnostic::error("PS0117", "a comma is missing here")
        .at(span)
        .help("put a comma between two values")
        .fix("insert a comma", replace(span, ","))
}

/// `name:` and nothing.
pub(super) fn missing_value(name: Ident<'_>) -> Diagnostic {
    Diagnostic::error("PS0117", format!("argument {} has no value", name.name))
        .at(name.span)
        .help(format!("write `{}: …`, or remove it", name.name))
}

/// `(…)` without a name.
pub(super) fn nameless_call(span: Span) -> Diagnostic {
    Diagnostic::error("PS0117", "these parentheses belong to no function")
        .at(span)
        .help("a list stands in `[` and `]`; a function has its name before the `(`")
}

/// A value in `{ … }` without a name.
pub(super) fn nameless_property(span: Span) -> Diagnostic {
    Diagnostic::error("PS0117", "this value belongs to no field")
        .at(span)
        .help("a condition is written `{ field: value }`")
}

/// Arguments over several lines, or with a comment inside.
pub(super) fn several_lines(span: Span, text: &str) -> Diagnostic {
    let what = if text.contains(['\n', '\r']) {
        "Prisma takes arguments and lists on one line only"
    } else {
        "Prisma takes no comment between arguments"
    };
    let diagnostic = Diagnostic::error("PS0118", what).at(span);
    if text.contains("//") || text.contains("/*") {
        return diagnostic.help("put the comment on a line of its own above, and the rest on one line");
    }
    let lines: Vec<&str> = text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty()).collect();
    let joined = lines.join(" ").replace("( ", "(").replace("[ ", "[").replace(" )", ")").replace(" ]", "]");
    diagnostic.help("write it on one line").fix("join the lines", replace(span, joined))
}

/// A bracket that its line does not close.
pub(super) fn open_bracket(span: Span, bracket: char) -> Diagnostic {
    let close = if bracket == '(' { ')' } else { ']' };
    Diagnostic::error("PS0118", format!("this `{bracket}` is never closed"))
        .at(span)
        .help(format!("close it with `{close}` on the same line"))
}

/// A bracket too many, or of the wrong kind.
pub(super) fn closes_nothing(span: Span, bracket: char) -> Diagnostic {
    Diagnostic::error("PS0118", format!("this `{bracket}` closes nothing"))
        .at(span)
        .help("remove it, or open it with its counterpart")
}

/// A comment in the middle of a line.
pub(super) fn comment_within(span: Span) -> Diagnostic {
    Diagnostic::error("PS0118", "a comment can only stand at the end of a line")
        .at(span)
        .help("put it behind the last attribute, or on a line of its own above")
}

/// Brackets within brackets.
pub(super) fn too_deep(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::error("PS0119", format!("brackets are nested more than {limit} deep"))
        .at(span)
        .note("the line was not read")
        .help("nothing that Prisma knows needs more than a few")
}

// PS0190 to PS0199: the file as a whole.

/// More than is read.
pub(super) fn too_large(span: Span, bytes: usize) -> Diagnostic {
    Diagnostic::error("PS0190", format!("this file has {bytes} bytes, and at most {} are read", super::MAX_FILE_BYTES))
        .at(span)
        .help("split the schema into files of a folder, if it really is one")
}

/// Very much text in which no block ends.
pub(super) fn endless(span: Span) -> Diagnostic {
    Diagnostic::error("PS0192", "no block ends in more than a megabyte of text")
        .at(at_start(span))
        .saying("nothing from here to the next line that begins with `}` was read")
        .help("give a Prisma schema; if it is one, look for a missing `}`")
}

/// Nothing but errors.
pub(super) fn no_schema(span: Span, count: usize) -> Diagnostic {
    Diagnostic::error("PS0193", "this is no Prisma schema")
        .at(span)
        .saying("this is the first line that is none of a schema")
        .note(format!("no block begins anywhere in this file, and {count} places in it are wrong"))
        .help(format!("a schema is made of blocks: {BLOCKS}"))
}

/// The grammar gave up, which it should not.
pub(super) fn unreadable(span: Span) -> Diagnostic {
    Diagnostic::error("PS0191", "this file could not be read as a schema").at(span)
}

/// The rest of very many.
pub(super) fn and_more(span: Option<Span>, count: usize, all: bool) -> Diagnostic {
    let diagnostic = Diagnostic::error("PS0199", format!("and {count} more in this file")).at(span);
    if all { diagnostic } else { diagnostic.note("the rest of the file was not read") }
}
