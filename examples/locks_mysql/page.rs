//! The page: kinds of changes, with what is said of them and what was seen.

use std::collections::{BTreeMap, BTreeSet};

/// How a change may be done, the least first.
pub const MODES: [&str; 5] = [
    "ALGORITHM=INSTANT",
    "ALGORITHM=INPLACE, LOCK=NONE",
    "ALGORITHM=INPLACE, LOCK=SHARED",
    "ALGORITHM=COPY, LOCK=NONE",
    "ALGORITHM=COPY, LOCK=SHARED",
];

/// What was seen of a statement.
pub struct Seen {
    /// The least that the server took it with.
    pub least: String,
    /// Did it wait for a transaction that had read the table?
    pub waits: bool,
    /// Does the plan name the table?
    pub named: bool,
}

/// By kind and what it says of itself: by server, what was seen.
#[derive(Default)]
pub struct Page {
    rows: BTreeMap<(String, String), BTreeMap<String, String>>,
    unnamed: BTreeSet<String>,
}

const HEAD: &str = "# Locks on MySQL and MariaDB

How the statements of plans change tables that stand: `says` is what the statement says of itself, so that a server that cannot do it so refuses it; the other columns
are the least that a server of that version was seen to take it with, when every plan of `corpus/change` that there is on MySQL was run on it. INSTANT changes the dictionary
alone; INPLACE with LOCK=NONE goes on beside readers and writers; LOCK=SHARED lets readers go on, and writers wait. Each of them waits, at its beginning or its end, for every
transaction that has used the table (was seen for each row; three seconds at most, `lock_wait_timeout`), and plans name that as EXCLUSIVE METADATA. Where a server would take less than a
statement says, what it can do is that of a plain column or table, and the statement is said for those that are not, or for older versions.
Written by `BLESS=1 make locks PROVIDER=mysql`, on another server with `MYSQL_URL`; without BLESS it holds the page to the server at hand. What each word means is in the manuals
(<https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html>, <https://mariadb.com/kb/en/innodb-online-ddl-overview/>).

";

impl Page {
    /// What was written before.
    pub fn read(text: &str) -> Page {
        let mut page = Page::default();
        let mut servers: Vec<String> = Vec::new();
        for line in text.lines().filter(|line| line.starts_with('|')) {
            let cells: Vec<&str> =
                line.trim_matches('|').split(" | ").map(|cell| cell.trim().trim_matches('`')).collect();
            match cells.as_slice() {
                ["change", "says", rest @ ..] => servers = rest.iter().map(|server| (*server).to_owned()).collect(),
                [kind, says, rest @ ..] if !kind.starts_with("---") => {
                    let row = page.rows.entry(((*kind).to_owned(), (*says).to_owned())).or_default();
                    let seen = servers.iter().zip(rest).filter(|(_, cell)| **cell != "-");
                    row.extend(seen.map(|(server, cell)| (server.clone(), (*cell).to_owned())));
                }
                _ => {}
            }
        }
        page
    }

    /// What was seen of a server before counts no more.
    pub fn forget(&mut self, server: &str) {
        self.rows.values_mut().for_each(|row| drop(row.remove(server)));
    }

    /// Has it been seen in this run?
    pub fn knows(&self, kind: &str, says: &str, server: &str) -> bool {
        self.rows.get(&(kind.to_owned(), says.to_owned())).is_some_and(|row| row.contains_key(server))
    }

    /// What was seen of a statement.
    pub fn add(&mut self, server: &str, at: (String, String), seen: Seen) {
        if seen.waits && !seen.named {
            self.unnamed.insert(at.0.clone());
        }
        self.rows.entry(at).or_default().insert(server.to_owned(), seen.least);
    }

    /// Where a server takes more than is said, or waits for a table that is not named.
    pub fn mismatches(&self, server: &str) -> Vec<String> {
        let rank = |mode: &str| MODES.iter().position(|other| *other == mode);
        let more = self.rows.iter().filter_map(|((kind, says), row)| {
            let least = row.get(server)?;
            (rank(least) > rank(says))
                .then(|| format!("{kind}: the statement says {says}, and {server} takes {least} at least"))
        });
        let unnamed = self
            .unnamed
            .iter()
            .map(|kind| format!("{kind}: it waits for readers of its table, which the plan does not name"));
        more.chain(unnamed).collect()
    }

    /// The page.
    pub fn text(&self) -> String {
        let servers: BTreeSet<&String> = self.rows.values().flat_map(BTreeMap::keys).collect();
        let names: Vec<&str> = servers.iter().map(|server| server.as_str()).collect();
        let mut text =
            format!("{HEAD}| change | says | {} |\n|---|---|{}\n", names.join(" | "), "---|".repeat(names.len()));
        for ((kind, says), row) in self.rows.iter().filter(|(_, row)| !row.is_empty()) {
            let cells: Vec<&str> = servers.iter().map(|server| row.get(*server).map_or("-", String::as_str)).collect();
            text += &format!("| `{kind}` | {says} | {} |\n", cells.join(" | "));
        }
        text
    }
}

/// `ADD COLUMN`, `DROP PRIMARY KEY + ADD PRIMARY KEY`: its parts in the words of the manual, without names.
pub fn kind(core: &str) -> String {
    let mut plain = String::new();
    let (mut quote, mut depth) = (None, 0_usize);
    for c in core.chars() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '`' | '\'' | '"') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, _) if depth == 0 => plain.push(c),
            (None, _) => {}
        }
    }
    let parts = plain.trim_start_matches("ALTER TABLE").split(',').map(part);
    let parts: BTreeSet<String> = parts.collect();
    parts.into_iter().collect::<Vec<_>>().join(" + ")
}

fn part(words: &str) -> String {
    let all: Vec<&str> = words.split_whitespace().collect();
    let has = |word: &str| all.contains(&word);
    match all.as_slice() {
        ["MODIFY", ..] if has("AUTO_INCREMENT") => "MODIFY AUTO_INCREMENT".to_owned(),
        ["MODIFY", ..] if has("ENUM") => "MODIFY ENUM".to_owned(),
        ["MODIFY", ..] if has("NOT") => "MODIFY NOT NULL".to_owned(),
        ["MODIFY", ..] => "MODIFY NULL".to_owned(),
        ["ADD", "COLUMN", ..] if has("AUTO_INCREMENT") => "ADD COLUMN AUTO_INCREMENT".to_owned(),
        ["ADD", "CONSTRAINT", ..] => "ADD FOREIGN KEY".to_owned(),
        ["ADD", kind @ ("UNIQUE" | "FULLTEXT"), "INDEX", ..] => format!("ADD {kind} INDEX"),
        ["ALTER", "COLUMN", verb, ..] => format!("ALTER COLUMN {verb} DEFAULT"),
        [verb, what @ ("PRIMARY" | "FOREIGN"), ..] => format!("{verb} {what} KEY"),
        [verb, what, ..] => format!("{verb} {what}"),
        other => other.join(" "),
    }
}
