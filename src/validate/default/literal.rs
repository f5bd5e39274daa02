//! Is a text a value of a type that is written as text?

/// An instant in RFC 3339: a date, a time with seconds, and a zone.
pub(super) fn is_instant(text: &str) -> bool {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| -> Option<u32> {
        let digits = bytes.get(from..to)?;
        let is_number = digits.iter().all(u8::is_ascii_digit);
        is_number.then(|| digits.iter().fold(0, |n, d| n * 10 + u32::from(d - b'0')))
    };
    let mark = |at: usize, marks: &[u8]| bytes.get(at).is_some_and(|b| marks.contains(b));
    let (Some(year), Some(month), Some(day)) = (number(0, 4), number(5, 7), number(8, 10)) else { return false };
    let (Some(hour), Some(minute), Some(second)) = (number(11, 13), number(14, 16), number(17, 19)) else {
        return false;
    };
    let marks = mark(4, b"-") && mark(7, b"-") && mark(10, b"Tt ") && mark(13, b":") && mark(16, b":");
    let days = match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    let fits = (1..=days).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    marks && fits && is_zone(behind_fraction(&bytes[19..]))
}

/// What is left behind `.123`, if that is there.
fn behind_fraction(rest: &[u8]) -> &[u8] {
    let Some(digits) = rest.strip_prefix(b".") else { return rest };
    let count = digits.iter().take_while(|b| b.is_ascii_digit()).count();
    if count == 0 { rest } else { &digits[count..] }
}

fn is_zone(zone: &[u8]) -> bool {
    match zone {
        b"Z" | b"z" => true,
        [b'+' | b'-', a, b, b':', c, d] if [a, b, c, d].iter().all(|x| x.is_ascii_digit()) => {
            let hours = (a - b'0') * 10 + (b - b'0');
            hours < 24 && *c < b'6'
        }
        _ => false,
    }
}

/// JSON.
pub(super) fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// Base64 with its padding.
pub(super) fn is_base64(text: &str) -> bool {
    let bytes = text.as_bytes();
    let body = bytes.strip_suffix(b"==").or_else(|| bytes.strip_suffix(b"=")).unwrap_or(bytes);
    let value = |b: &u8| match b {
        b'A'..=b'Z' => Some(b - b'A'),
        b'a'..=b'z' => Some(b - b'a' + 26),
        b'0'..=b'9' => Some(b - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    // The bits that the padding stands for are none of the value's.
    let unused = match bytes.len() - body.len() {
        0 => 0,
        1 => 0b11,
        _ => 0b1111,
    };
    let last = body.last().and_then(value).unwrap_or(0);
    bytes.len().is_multiple_of(4) && body.iter().all(|b| value(b).is_some()) && last & unused == 0
}

#[cfg(test)]
mod tests {
    use super::{is_base64, is_instant};

    #[test]
    fn instants() {
        for right in [
            "2020-01-01T00:00:00Z",
            "2020-01-01 00:00:00z",
            "2020-02-29t23:59:60+02:00",
            "2020-01-01T00:00:00.123456789123-11:30",
        ] {
            assert!(is_instant(right), "{right}");
        }
        for wrong in [
            "2020-01-01",
            "2020-01-01T00:00:00",
            "2020-13-01T00:00:00Z",
            "2021-02-29T00:00:00Z",
            "2020-01-01T24:00:00Z",
            "2020-01-01T00:00Z",
            "2020-01-01T00:00:00.Z",
            "2020-01-01T00:00:00+0200",
            "10000-01-01T00:00:00Z",
            "2020-01-01T00:00:00Zé",
            "2020-01-0éT00:00:00Z",
            "",
        ] {
            assert!(!is_instant(wrong), "{wrong}");
        }
    }

    #[test]
    fn base64() {
        for right in ["", "aGVsbG8=", "YQ==", "+/8=", "null"] {
            assert!(is_base64(right), "{right}");
        }
        for wrong in ["aGVsbG8", "***", "YQ=", "YR==", "-_8=", "aGVs bG8=", "="] {
            assert!(!is_base64(wrong), "{wrong}");
        }
    }
}
