//! Defaults from the server's spelling.

use crate::catalog::{BaseType, ColumnType, Default, Literal};

/// A default as the server prints it; `sequence` says that it is the next value of the column's own one.
pub(super) fn parse(printed: Option<&str>, sequence: bool, ty: &ColumnType) -> Option<Default> {
    if sequence {
        return Some(Default::Sequence);
    }
    let text = printed?;
    if text == "CURRENT_TIMESTAMP" {
        return Some(Default::Now);
    }
    let parsed = if ty.list { list(text, ty).map(Default::List) } else { literal(text, ty).map(Default::Literal) };
    Some(parsed.unwrap_or_else(|| Default::Sql(text.to_owned())))
}

/// `'a'::text`, `5`, `true`, `'-5'::integer`; `None` if it is anything else.
fn literal(text: &str, ty: &ColumnType) -> Option<Literal> {
    let value = match text.strip_prefix('\'') {
        Some(_) => quoted(text)?,
        None if text == "true" || text == "false" || text.parse::<f64>().is_ok() => text.to_owned(),
        None => return None,
    };
    match &ty.base {
        BaseType::Enum(_) => Some(Literal::Enum(value)),
        BaseType::Raw(_) => None,
        BaseType::Native { name, .. } => match name.as_str() {
            "BOOLEAN" => value.parse().ok().map(Literal::Boolean),
            "INTEGER" | "SMALLINT" | "BIGINT" | "OID" | "DECIMAL" | "REAL" | "DOUBLE PRECISION" => {
                Some(Literal::Number(value))
            }
            "MONEY" => None,
            "JSON" | "JSONB" => Some(Literal::Json(value)),
            "TIMESTAMP" | "TIMESTAMPTZ" | "DATE" | "TIME" | "TIMETZ" => Some(Literal::DateTime(value)),
            "BYTEA" => bytes(&value).map(Literal::Bytes),
            _ => Some(Literal::String(value)),
        },
    }
}

/// The text of a constant with nothing but a cast behind it.
fn quoted(text: &str) -> Option<String> {
    let mut value = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != '\'' {
            value.push(c);
        } else if chars.next_if(|(_, next)| *next == '\'').is_some() {
            value.push('\'');
        } else {
            let cast = &text[at + 1..];
            let plain =
                |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '"' | ' ' | '(' | ')' | ',' | '[' | ']');
            let is_cast = cast.is_empty() || cast.strip_prefix("::").is_some_and(|ty| ty.chars().all(plain));
            return is_cast.then_some(value);
        }
    }
    None
}

/// `ARRAY['a'::text, 'b'::text]`, `ARRAY[]::text[]`, `'{}'::text[]`.
fn list(text: &str, ty: &ColumnType) -> Option<Vec<Literal>> {
    if text.starts_with("'{}'::") {
        return Some(Vec::new());
    }
    let inner = text.strip_prefix("ARRAY[")?;
    let inner = match inner.rsplit_once("]::") {
        Some((inner, cast)) if cast.ends_with("[]") && !cast.contains('\'') => inner,
        Some(_) | None => inner.strip_suffix(']')?,
    };
    let element = ColumnType { base: ty.base.clone(), list: false };
    split(inner).into_iter().map(|item| literal(item, &element)).collect()
}

/// At the commas outside of quotes.
fn split(text: &str) -> Vec<&str> {
    let (mut items, mut start, mut inside) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        match c {
            '\'' => inside = !inside,
            ',' if !inside => {
                items.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    if !text.trim().is_empty() {
        items.push(text[start..].trim());
    }
    items
}

/// `\x6869`
fn bytes(text: &str) -> Option<Vec<u8>> {
    let hex = text.strip_prefix("\\x")?;
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::catalog::{ColumnType, Default, Literal};

    #[test]
    fn the_servers_spellings_are_read() {
        let text = ColumnType::native("TEXT", &[]);
        let string = |s: &str| Literal::String(s.into());
        let cases = [
            ("'it''s'::text", text.clone(), Default::Literal(string("it's"))),
            ("''::character varying", text.clone(), Default::Literal(string(""))),
            ("('a'::text || 'b'::text)", text.clone(), Default::Sql("('a'::text || 'b'::text)".into())),
            ("'a'::text || f('b')", text.clone(), Default::Sql("'a'::text || f('b')".into())),
            ("'-5'::integer", ColumnType::native("INTEGER", &[]), Default::Literal(Literal::Number("-5".into()))),
            ("true", ColumnType::native("BOOLEAN", &[]), Default::Literal(Literal::Boolean(true))),
            ("'\\x6869'::bytea", ColumnType::native("BYTEA", &[]), Default::Literal(Literal::Bytes(b"hi".to_vec()))),
            (
                "ARRAY['a, b'::text, 'it''s'::text]",
                ColumnType { list: true, ..text.clone() },
                Default::List(vec![string("a, b"), string("it's")]),
            ),
            ("ARRAY[]::text[]", ColumnType { list: true, ..text.clone() }, Default::List(Vec::new())),
            ("gen_random_uuid()", text.clone(), Default::Sql("gen_random_uuid()".into())),
            ("CURRENT_TIMESTAMP", text, Default::Now),
        ];
        for (printed, ty, wanted) in cases {
            assert_eq!(parse(Some(printed), false, &ty), Some(wanted), "{printed}");
        }
    }
}
