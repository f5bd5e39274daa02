//! SQL in the user's words: is it one expression, and which names stand in it?
//!
//! An expression is put into statements of ours. So it must end where it seems to end: brackets and quotes are closed, and there
//! is no semicolon, no comment but to the end of its line, and no clause that would speak of the rest of our statement. What it means, the server says.

/// A name in an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The name, as the database would look it up: in lower case unless quoted.
    pub name: String,
    /// As it was written, without quotes.
    pub written: String,
    /// Was it in quotes?
    pub quoted: bool,
    /// What stands around it.
    pub place: Place,
    /// Where it is written, quotes and all, in characters.
    pub at: std::ops::Range<usize>,
}

/// What stands around a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Nothing that would say what it is: a column, or a word of SQL.
    Alone,
    /// Before a point: a table or a schema.
    Qualifier,
    /// Behind a point: a column.
    Qualified,
    /// Before a bracket: a function.
    Function,
    /// Behind `::`, `AS` or `COLLATE`, or before `=>`: a type, an alias, a collation, an argument.
    Other,
}

/// Words that begin another clause where they stand outside all brackets.
const CLAUSES: [&str; 21] = [
    "select",
    "from",
    "where",
    "group",
    "having",
    "order",
    "limit",
    "offset",
    "fetch",
    "window",
    "union",
    "intersect",
    "except",
    "into",
    "values",
    "with",
    "insert",
    "update",
    "delete",
    "returning",
    "as",
];

/// The names of an expression.
///
/// # Errors
/// Why it is no expression.
pub fn words(text: &str) -> Result<Vec<Word>, String> {
    let chars: Vec<char> = text.chars().collect();
    let mut found: Vec<Word> = Vec::new();
    let mut open: Vec<char> = Vec::new();
    // The two pieces before the one at hand: a word, or the sign itself.
    let mut before: [String; 2] = [String::new(), String::new()];
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let next = chars.get(at + 1).copied().unwrap_or(' ');
        let piece = match c {
            _ if c.is_whitespace() => {
                at += 1;
                continue;
            }
            '\'' => {
                let escapes = at > 0 && matches!(chars[at - 1], 'e' | 'E') && before[1].eq_ignore_ascii_case("e");
                at = end_of_quote(&chars, at, '\'', escapes).ok_or("a string in it has no end")?;
                "'".to_owned()
            }
            '"' => {
                let end = end_of_quote(&chars, at, '"', false).ok_or("a name in it has no closing quote")?;
                let name = chars[at + 1..end - 1].iter().collect::<String>().replace("\"\"", "\"");
                let place = place(&before, &chars, end);
                found.push(Word { written: name.clone(), name, quoted: true, place, at: at..end });
                at = end;
                "\"".to_owned()
            }
            '$' if next.is_ascii_digit() => {
                return Err(format!("${next} in it is the place of a parameter, and there is none"));
            }
            '$' => {
                at = end_of_dollars(&chars, at).ok_or("a string in it has no end")?;
                "'".to_owned()
            }
            ';' => return Err("a semicolon ends it".to_owned()),
            '\\' => return Err("there is a backslash outside of a string".to_owned()),
            // It ends with its line.
            '-' if next == '-' => {
                at = chars[at..].iter().position(|c| *c == '\n').map_or(chars.len(), |n| at + n);
                continue;
            }
            '/' if next == '*' => return Err("a comment in it may hide its end".to_owned()),
            '(' | '[' => {
                open.push(c);
                at += 1;
                c.to_string()
            }
            ')' | ']' => {
                if open.pop() != Some(if c == ')' { '(' } else { '[' }) {
                    return Err(format!("{c} closes nothing"));
                }
                at += 1;
                c.to_string()
            }
            ',' if open.is_empty() => {
                return Err("there are several values in it, with a comma between them".to_owned());
            }
            ':' if next == ':' => {
                at += 2;
                "::".to_owned()
            }
            _ if c.is_alphabetic() || c == '_' => {
                let word = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '$');
                let end = chars[at..].iter().position(|c| !word(c)).map_or(chars.len(), |n| at + n);
                let written: String = chars[at..end].iter().collect();
                let range = at..end;
                at = end;
                let lower = written.to_lowercase();
                let clause = CLAUSES.contains(&lower.as_str()) && before[1] != ".";
                let distinct = lower == "from" && before[1] == "distinct";
                if open.is_empty() && clause && !distinct {
                    let what = written.to_uppercase();
                    return Err(format!(
                        "{what} begins another clause: put a subquery into brackets, a name into quotes"
                    ));
                }
                let is_string =
                    matches!(chars.get(at), Some('\'')) && matches!(lower.as_str(), "e" | "b" | "x" | "n" | "u");
                if !is_string {
                    let place = place(&before, &chars, at);
                    found.push(Word { name: lower.clone(), written, quoted: false, place, at: range });
                }
                lower
            }
            _ if c.is_ascii_digit() => {
                let number = |c: &char| c.is_ascii_alphanumeric() || *c == '.';
                at = chars[at..].iter().position(|c| !number(c)).map_or(chars.len(), |n| at + n);
                "0".to_owned()
            }
            _ => {
                at += 1;
                c.to_string()
            }
        };
        before = [std::mem::take(&mut before[1]), piece];
    }
    match open.last() {
        Some(bracket) => Err(format!("{bracket} is not closed")),
        None if before[1].is_empty() => Err("there is nothing in it".to_owned()),
        None => Ok(found),
    }
}

/// Does the expression speak of this column?
pub fn reads(words: &[Word], column: &str) -> bool {
    words.iter().any(|w| w.name == column && matches!(w.place, Place::Alone | Place::Qualified))
}

/// The expression with other names for some of its columns; `None` where it cannot be read.
pub fn renamed(text: &str, names: &[(&str, String)]) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::new();
    let mut from = 0;
    for word in words(text).ok()?.iter().filter(|w| matches!(w.place, Place::Alone | Place::Qualified)) {
        let Some((_, to)) = names.iter().find(|(name, _)| *name == word.name) else { continue };
        out.extend(&chars[from..word.at.start]);
        out.push_str(to);
        from = word.at.end;
    }
    out.extend(&chars[from..]);
    Some(out)
}

/// A name that can only be meant for a column, and none of `columns` has it.
pub fn unknown<'w>(words: &'w [Word], columns: &[&str]) -> Option<&'w Word> {
    // In a subquery names of other tables are at home.
    if words.iter().any(|w| !w.quoted && w.name == "select") {
        return None;
    }
    words.iter().find(|w| {
        let alone = matches!(w.place, Place::Alone) && !columns.contains(&w.name.as_str());
        let folded = |c: &&str| c.to_lowercase() == w.name;
        alone && (w.quoted || columns.iter().any(folded) || !is_word_of_sql(&w.name))
    })
}

fn place(before: &[String; 2], chars: &[char], at: usize) -> Place {
    let mut rest = chars[at..].iter().copied().skip_while(|c| c.is_whitespace());
    match (before[1].as_str(), rest.next(), rest.next()) {
        (_, Some('.'), _) => Place::Qualifier,
        (_, Some('('), _) => Place::Function,
        (".", _, _) => Place::Qualified,
        ("::" | "as" | "collate", _, _) => Place::Other,
        // The name of an argument.
        (_, Some('='), Some('>')) => Place::Other,
        _ => Place::Alone,
    }
}

/// The place behind the closing quote.
fn end_of_quote(chars: &[char], start: usize, quote: char, escapes: bool) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match *chars.get(at)? {
            '\\' if escapes => at += 2,
            c if c == quote && chars.get(at + 1) == Some(&quote) => at += 2,
            c if c == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// The place behind `$tag$ … $tag$`.
fn end_of_dollars(chars: &[char], start: usize) -> Option<usize> {
    let tag = |c: &char| c.is_alphanumeric() || *c == '_';
    let end = start + 1 + chars[start + 1..].iter().position(|c| !tag(c))?;
    if chars.get(end) != Some(&'$') {
        return None;
    }
    let mark = &chars[start..=end];
    let rest = &chars[end + 1..];
    rest.windows(mark.len()).position(|w| w == mark).map(|n| end + 1 + n + mark.len())
}

/// Words that stand alone in expressions and are no columns: those of the grammar, of dates, and names of types.
fn is_word_of_sql(name: &str) -> bool {
    const WORDS: &str = " all and any array as asc asymmetric at between bigint bit boolean both by bytea case cast century char \
        character citext collate cross current current_catalog current_date current_role current_schema current_time current_timestamp \
        current_user date day days decade decimal default desc distinct document double dow doy else empty end epoch escape exists \
        false filter first float following for from hour hours ilike in inet inner int int2 int4 int8 integer interval is isnull \
        isodow isoyear join json jsonb last leading left like limit localtime localtimestamp microseconds millennium milliseconds \
        minute minutes money month months name national natural nfc nfd nfkc nfkd no normalized not notnull null nulls numeric on or \
        order over overlaps partition placing position precision preceding quarter range real right row rows scalar second seconds \
        select session_user similar smallint some substring symmetric table text then ties time timestamp timestamptz timetz \
        timezone to trailing true unbounded unknown user using uuid value varchar varying week when where window with within \
        without xml year years zone ";
    WORDS.contains(&format!(" {name} "))
}

#[cfg(test)]
mod tests {
    use super::{reads, unknown, words};

    #[test]
    fn an_expression_ends_where_it_seems_to_end() {
        let right = [
            "split_part(name, ' ', 1)",
            "\"firstName\" || ' ' || \"lastName\"",
            "data->>'city'",
            "(SELECT max(x) FROM other WHERE id = \"User\".id)",
            "CASE WHEN a IS DISTINCT FROM b THEN 'it''s; --' ELSE E'\\'' END",
            "$a$; -- $b$ $a$ || x[1]",
            "lower(name) -- as before ;",
            "extract(epoch from \"at\")::int",
            "\"order\"",
            "t.\"from\"",
        ];
        for text in right {
            assert!(words(text).is_ok(), "{text}: {:?}", words(text));
        }
        let wrong = [
            ("name); DROP TABLE \"User\"; --", "closes nothing"),
            ("(name", "is not closed"),
            ("name /* x", "comment"),
            ("a; b", "semicolon"),
            ("'open", "no end"),
            ("E'open\\'", "no end"),
            ("\"open", "no closing quote"),
            ("$x$ open $y$", "no end"),
            ("a, b", "several values"),
            ("a] [b", "closes nothing"),
            ("name FROM secrets", "another clause"),
            ("SELECT 1", "another clause"),
            ("name AS x", "another clause"),
            ("$1", "parameter"),
            ("\\! rm", "backslash"),
            ("   ", "nothing in it"),
        ];
        for (text, why) in wrong {
            let said = words(text).expect_err(text);
            assert!(said.contains(why), "{text}: {said}");
        }
    }

    #[test]
    fn names_are_columns_functions_or_types() {
        let of = |text: &str| words(text).expect(text);
        let all = of("left(name, 1) || \"Name\" || u.city::date || date(at)");
        assert!(reads(&all, "name") && reads(&all, "Name") && reads(&all, "city") && reads(&all, "at"));
        assert!(!reads(&all, "left") && !reads(&all, "date") && !reads(&all, "u"));
        let columns = ["firstName", "name", "data"];
        let miss = |text: &str| unknown(&of(text), &columns).map(|w| w.written.clone());
        assert_eq!(miss("firstName || name"), Some("firstName".to_owned()), "not quoted, so it is firstname");
        assert_eq!(miss("\"fristName\""), Some("fristName".to_owned()));
        assert_eq!(miss("nmae"), Some("nmae".to_owned()));
        assert_eq!(miss("CASE WHEN name IS NULL THEN current_date::text ELSE data->>'x' END"), None);
        assert_eq!(miss("make_interval(mins => data)"), None);
        assert_eq!(miss("name COLLATE \"C\""), None);
        assert_eq!(miss("(SELECT other FROM elsewhere)"), None);
    }
}
