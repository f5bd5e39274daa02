//! What kind of statement it is, in the words of the manual.

/// `ALTER TABLE … ADD CONSTRAINT … FOREIGN KEY … NOT VALID`
pub fn kind(sql: &str) -> String {
    let words = words(sql);
    let has = |word: &str| words.iter().any(|other| other == word);
    let at = |n: usize| words.get(n).map_or("", String::as_str);
    if at(0) == "ALTER" && at(1) == "TABLE" {
        let what = match (at(2), at(3)) {
            ("ADD", "CONSTRAINT") => {
                let kinds = ["FOREIGN", "CHECK", "PRIMARY", "UNIQUE"];
                let kind = kinds.into_iter().find(|kind| at(4) == *kind).unwrap_or("");
                let full = match kind {
                    "FOREIGN" => "FOREIGN KEY",
                    "PRIMARY" => "PRIMARY KEY",
                    other => other,
                };
                let using = if has("USING") { " USING INDEX" } else { "" };
                let valid = if has("VALID") { " NOT VALID" } else { "" };
                format!("ADD CONSTRAINT {full}{using}{valid}")
            }
            ("ALTER", "COLUMN") if at(4) == "TYPE" || at(5) == "DATA" => "ALTER COLUMN TYPE".to_owned(),
            ("ALTER", "COLUMN") => {
                format!("ALTER COLUMN {} {}", at(4), if at(5) == "NOT" { "NOT NULL" } else { at(5) })
            }
            ("ADD" | "DROP", "COLUMN" | "IF") => format!("{} COLUMN", at(2)),
            ("DROP", "CONSTRAINT") => "DROP CONSTRAINT".to_owned(),
            ("SET", "SCHEMA") => "SET SCHEMA".to_owned(),
            ("RENAME", what @ ("COLUMN" | "CONSTRAINT")) => format!("RENAME {what}"),
            ("RENAME", _) => "RENAME TO".to_owned(),
            (verb, what) => format!("{verb} {what}"),
        };
        return format!("ALTER TABLE … {what}");
    }
    if ["UPDATE", "DELETE", "INSERT"].contains(&at(0)) {
        return at(0).to_owned();
    }
    let end = words.iter().position(|word| ["ON", "IF", "AS", "TO", "BEFORE", "AFTER", "IN"].contains(&word.as_str()));
    words[..end.unwrap_or(words.len()).min(4)].join(" ")
}

/// The words in capitals that stand outside of quotes and brackets.
fn words(sql: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let (mut quote, mut depth) = (None, 0_usize);
    for c in sql.chars() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, _) if depth == 0 && c.is_ascii_uppercase() => {
                if let Some(word) = words.last_mut() {
                    word.push(c);
                }
                continue;
            }
            (None, _) => {}
        }
        words.push(String::new());
    }
    words.retain(|word| word.len() > 1);
    words
}
