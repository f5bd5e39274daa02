//! Defaults: what the database applies, and what is left to the client.

use super::{Lowering, messages};
use crate::catalog::{ClientDefault, Default, Literal};
use crate::model::{self, DefaultValue, FieldType, FieldWalker, Scalar};
use crate::source::Span;

impl Lowering<'_, '_> {
    pub(super) fn default(&mut self, field: FieldWalker<'_, '_>) -> (Option<Default>, Option<ClientDefault>) {
        let Some(default) = &field.get().default else { return (None, None) };
        let client = |kind| (None, Some(kind));
        match &default.value {
            DefaultValue::Literal(literal) => (self.literal(field, literal, default.span).map(Default::Literal), None),
            DefaultValue::List(items) => {
                let items = items.iter().filter_map(|item| self.literal(field, item, default.span)).collect();
                (Some(Default::List(items)), None)
            }
            DefaultValue::Now => (Some(Default::Now), None),
            DefaultValue::Autoincrement => (Some(Default::Sequence), None),
            DefaultValue::DbGenerated(sql) => (sql.as_ref().map(|sql| Default::Sql(sql.clone().into_owned())), None),
            DefaultValue::Uuid(_) => client(ClientDefault::Uuid),
            DefaultValue::Cuid(_) => client(ClientDefault::Cuid),
            DefaultValue::Nanoid(_) => client(ClientDefault::Nanoid),
            DefaultValue::Ulid => client(ClientDefault::Ulid),
            DefaultValue::Auto => {
                self.diagnostics.push(messages::client_only(self.conventions, &field.label(), "auto", default.span));
                (None, None)
            }
            DefaultValue::Sequence(_) => {
                self.diagnostics.push(messages::client_only(
                    self.conventions,
                    &field.label(),
                    "sequence",
                    default.span,
                ));
                (None, None)
            }
        }
    }

    fn literal(&mut self, field: FieldWalker<'_, '_>, literal: &model::Literal<'_>, at: Span) -> Option<Literal> {
        let scalar = match field.ty {
            FieldType::Scalar(scalar) => scalar,
            FieldType::Enum(id) => {
                let model::Literal::Enum(place) = literal else { return None };
                let value = &self.schema.enumeration(id).get().values[*place as usize];
                return Some(Literal::Enum(value.database_name().to_owned()));
            }
            FieldType::Composite(_) | FieldType::Model(..) | FieldType::Unsupported(_) | FieldType::Unknown => {
                return None;
            }
        };
        match literal {
            model::Literal::Number(number) => Some(Literal::Number((*number).to_owned())),
            model::Literal::Boolean(value) => Some(Literal::Boolean(*value)),
            model::Literal::Enum(_) => None,
            model::Literal::String(text) => match scalar {
                Scalar::Json => Some(Literal::Json(text.to_string())),
                Scalar::DateTime => {
                    let time = timestamp(text);
                    if time.is_none() {
                        self.diagnostics.push(messages::date_time(at));
                    }
                    time.map(Literal::DateTime)
                }
                Scalar::Decimal => Some(Literal::Number(text.to_string())),
                Scalar::Bytes => {
                    let bytes = base64(text);
                    if bytes.is_none() {
                        self.diagnostics.push(messages::bytes(at));
                    }
                    bytes.map(Literal::Bytes)
                }
                Scalar::String | Scalar::Boolean | Scalar::Int | Scalar::BigInt | Scalar::Float => {
                    Some(Literal::String(text.to_string()))
                }
            },
        }
    }
}

/// A point in time of RFC 3339 as Prisma's DDL spells it: `2020-01-31 10:00:00 +00:00`.
fn timestamp(text: &str) -> Option<String> {
    let (date, rest) = (text.get(..10)?, text.get(11..)?);
    let separated = matches!(text.as_bytes()[10], b'T' | b't' | b' ');
    let (time, offset) = match rest.strip_suffix(['Z', 'z']) {
        Some(time) => (time, "+00:00"),
        None => rest.split_at_checked(rest.len().checked_sub(6)?)?,
    };
    let (clock, fraction) = time.split_once('.').map_or((time, None), |(clock, fraction)| (clock, Some(fraction)));
    let whole = separated
        && has_shape(date, "0000-00-00")
        && has_shape(clock, "00:00:00")
        && fraction.is_none_or(|f| !f.is_empty() && f.bytes().all(|b| b.is_ascii_digit()))
        && (has_shape(offset, "+00:00") || has_shape(offset, "-00:00"));
    whole.then(|| format!("{date} {time} {offset}"))
}

/// Digits where the shape has zeros, else the same characters.
fn has_shape(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(|(b, s)| if s == b'0' { b.is_ascii_digit() } else { b == s })
}

/// RFC 4648, section 4: the alphabet with `+` and `/`, padded.
fn base64(text: &str) -> Option<Vec<u8>> {
    let body = text.trim_end_matches('=');
    if !text.len().is_multiple_of(4) || text.len() - body.len() > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(body.len() * 3 / 4);
    for chunk in body.as_bytes().chunks(4) {
        let mut bits = 0u32;
        for digit in chunk {
            let value = match digit {
                b'A'..=b'Z' => digit - b'A',
                b'a'..=b'z' => digit - b'a' + 26,
                b'0'..=b'9' => digit - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                _ => return None,
            };
            bits = bits << 6 | u32::from(value);
        }
        bits <<= 6 * (4 - chunk.len());
        bytes.extend_from_slice(&bits.to_be_bytes()[1..chunk.len()]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{base64, timestamp};

    #[test]
    fn base64_is_decoded() {
        assert_eq!(base64("aGVsbG8=").as_deref(), Some(&b"hello"[..]));
        assert_eq!(base64("aGk=").as_deref(), Some(&b"hi"[..]));
        assert_eq!(base64("YQ==").as_deref(), Some(&b"a"[..]));
        assert_eq!(base64("").as_deref(), Some(&b""[..]));
        assert_eq!(base64("!!!!"), None);
        assert_eq!(base64("abc"), None);
    }

    #[test]
    fn points_in_time_are_spelled_as_prisma_does() {
        assert_eq!(timestamp("2020-01-31T00:00:00Z").as_deref(), Some("2020-01-31 00:00:00 +00:00"));
        assert_eq!(timestamp("2020-01-31T10:00:00.5-02:00").as_deref(), Some("2020-01-31 10:00:00.5 -02:00"));
        for wrong in [
            "",
            "2020-01-31",
            "2020-01-31T00:00:00",
            "2020-01-31T00:00Z",
            "2020-01-31T00:00:00.Z",
            "é".repeat(10).as_str(),
        ] {
            assert_eq!(timestamp(wrong), None, "{wrong}");
        }
    }
}
