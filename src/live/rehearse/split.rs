//! Where one SQL statement ends and the next begins.

/// The statements of a script, without their semicolons and without those that are only comments.
pub fn statements(sql: &str) -> Vec<&str> {
    let bytes = sql.as_bytes();
    let (mut all, mut start, mut at, mut empty) = (Vec::new(), 0, 0, true);
    while at < bytes.len() {
        let rest = &sql[at..];
        let skip = match bytes[at] {
            b';' => {
                if !empty {
                    all.push(sql[start..at].trim());
                }
                (start, empty) = (at + 1, true);
                1
            }
            b'-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            b'/' if rest.starts_with("/*") => comment(rest),
            b'\'' => {
                empty = false;
                let escapes = at > 0 && matches!(bytes[at - 1], b'e' | b'E');
                quoted(rest, b'\'', escapes)
            }
            b'"' => {
                empty = false;
                quoted(rest, b'"', false)
            }
            b'$' => {
                empty = false;
                dollars(rest)
            }
            byte => {
                empty &= byte.is_ascii_whitespace();
                1
            }
        };
        at += skip;
    }
    if !empty {
        all.push(sql[start..].trim());
    }
    all
}

/// Length of a comment, which may hold others.
fn comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        let here = &rest.as_bytes()[at..];
        if here.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// Length of what stands in quotes; a doubled quote is part of it.
fn quoted(rest: &str, quote: u8, escapes: bool) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        if escapes && bytes[at] == b'\\' {
            at += 2;
        } else if bytes[at] != quote {
            at += 1;
        } else if bytes.get(at + 1) == Some(&quote) {
            at += 2;
        } else {
            return at + 1;
        }
    }
    rest.len()
}

/// Length of `$tag$ … $tag$`; 1 if this dollar begins none.
fn dollars(rest: &str) -> usize {
    let Some(end) = rest[1..].find('$').map(|end| end + 2) else { return 1 };
    let tag = &rest[..end];
    if !tag[1..end - 1].chars().all(|c| c.is_alphanumeric() || c == '_') {
        return 1;
    }
    rest[end..].find(tag).map_or(rest.len(), |at| end + at + end)
}

#[cfg(test)]
mod tests {
    use super::statements;

    #[test]
    fn only_semicolons_between_statements_count() {
        let sql = "-- a; b\nSELECT ';', \"a;\"\"b\", E'\\';' /* ; /* ; */ ; */; ;\nDO $ps$ BEGIN x; $$;$$ END $ps$;\nSELECT $1;$$\n-- end";
        assert_eq!(
            statements(sql),
            [
                "-- a; b\nSELECT ';', \"a;\"\"b\", E'\\';' /* ; /* ; */ ; */",
                "DO $ps$ BEGIN x; $$;$$ END $ps$",
                "SELECT $1",
                "$$\n-- end"
            ]
        );
        assert_eq!(statements("-- nothing\n/* at all */ ;\n"), Vec::<&str>::new());
    }
}
