//! Text in a picture: what may stand there, and how wide it is.

use crate::output::style::width;

/// Width of a column of the face that fields are written in, in tenths.
pub(super) const FIELD: i32 = 73;
/// The same of headings.
pub(super) const HEADING: i32 = 79;

/// How wide a text is in a face whose columns are so wide.
pub(super) fn measure(text: &str, face: i32) -> i32 {
    (i32::try_from(width(text)).unwrap_or(i32::MAX / 1000) * face + 9) / 10
}

/// The text, at most so many columns wide.
pub(super) fn clip(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut clipped = String::new();
    for c in text.chars() {
        if width(&clipped) + width(c.encode_utf8(&mut [0; 4])) >= columns {
            break;
        }
        clipped.push(c);
    }
    clipped + "…"
}

/// As it may stand in XML, in text and in attributes: control characters, which XML 1.0 does not know, are left out.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' => escaped.push_str("&#10;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_clipped_by_columns() {
        assert_eq!(clip("abcdef", 6), "abcdef");
        assert_eq!(clip("abcdefg", 6), "abcde…");
        assert_eq!(clip("日本語の表", 6), "日本…");
    }

    #[test]
    fn nothing_breaks_out() {
        assert_eq!(escape("a<b> & \"c\" 'd'\u{1}\u{1b}\ne"), "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;&#10;e");
    }
}
