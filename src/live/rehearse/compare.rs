//! Rows before and after: what is gone, what is another.

use super::Plan;
use crate::live::quote;
use crate::live::snapshot::{Catalog, Rows, TableName};
use crate::script::{Script, Undo};
use std::collections::BTreeMap;

/// The rows of every table.
pub(super) type Tables = BTreeMap<TableName, Rows>;

/// What a plan renames. What keeps its name need not be in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renames {
    /// By the table's name in OLD.
    pub tables: BTreeMap<TableName, Renamed>,
}

/// What becomes of a table's names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renamed {
    /// The table's name in NEW.
    pub table: TableName,
    /// Its columns' names, OLD's to NEW's, where they are not the same.
    pub columns: BTreeMap<String, String>,
}

impl Renames {
    /// What a plan says it renames.
    pub fn of(script: &Script) -> Renames {
        let tables = script.renamings.iter().map(|renaming| {
            let renamed = Renamed { table: renaming.to.clone(), columns: renaming.columns.clone() };
            (renaming.from.clone(), renamed)
        });
        Renames { tables: tables.collect() }
    }
}

/// What an answer says that promises that no row is one that NEW refuses.
const PROMISED: &str = "is checked";

/// The code of the question what a row gets whose value does not fit the new type.
const UNFIT: &str = "PS0706";

/// The code of the question what rows become that hold an enum value which left.
const LEFT: &str = "PS0705";

/// The kinds of changes that bring values to another table.
const MOVES: [&str; 5] = ["move-columns", "split-model", "merge-models", "flip-relation", "list-to-model"];

/// How many values a message shows.
const SHOWN: usize = 3;

/// The tables that do not hold the same, and in what. Where `added` says that the plan added a column, it may hold a value
/// in the place of a NULL: nothing is lost by that.
pub(super) fn changes(
    before: &Tables,
    now: &Tables,
    added: &dyn Fn(&TableName, &str) -> bool,
) -> Vec<(TableName, String)> {
    let changes = changes_and_losses(before, now, added).into_iter();
    changes.map(|(table, change)| (table, change.words)).collect()
}

/// What is another in a table.
pub(super) struct Change {
    /// In words.
    pub(super) words: String,
    /// Nothing but that rows are gone?
    pub(super) only_gone: bool,
}

impl Change {
    fn new(words: impl Into<String>) -> Self {
        Change { words: words.into(), only_gone: false }
    }
}

/// The same as [`changes`], saying whether rows are gone and that is all.
pub(super) fn changes_and_losses(
    before: &Tables,
    now: &Tables,
    added: &dyn Fn(&TableName, &str) -> bool,
) -> Vec<(TableName, Change)> {
    let mut all = Vec::new();
    for (name, rows) in before {
        let difference = match now.get(name) {
            None => Some(Change::new("it is gone")),
            Some(other) if other == rows => None,
            Some(other) if other.columns != rows.columns => {
                Some(Change::new(format!("columns {:?}, not {:?}", other.columns, rows.columns)))
            }
            Some(other) => changed_rows(rows, other, &|column| added(name, column)),
        };
        all.extend(difference.map(|difference| (name.clone(), difference)));
    }
    for name in now.keys().filter(|name| !before.contains_key(*name)) {
        all.push((name.clone(), Change::new("it was not there")));
    }
    all
}

/// The rows, but for what these columns held.
pub(super) fn without(all: &Tables, column: &dyn Fn(&TableName, &str) -> bool) -> Tables {
    let mut all = all.clone();
    for (name, table) in &mut all {
        let places: Vec<usize> = (0..table.columns.len()).filter(|at| column(name, &table.columns[*at])).collect();
        for row in &mut table.rows {
            places.iter().for_each(|at| row[*at] = None);
        }
    }
    all
}

/// Rows are the same by primary key, or else by everything that was there before the plan.
fn changed_rows(before: &Rows, now: &Rows, added: &dyn Fn(&str) -> bool) -> Option<Change> {
    let added: Vec<bool> = before.columns.iter().map(|column| added(column)).collect();
    let by_key = !before.key.is_empty() && before.key.iter().all(|at| !added[*at]);
    let identity: Vec<usize> =
        if by_key { before.key.clone() } else { (0..added.len()).filter(|at| !added[*at]).collect() };
    let id = |row: &[Option<String>]| identity.iter().map(|at| row[*at].clone()).collect::<Vec<_>>();
    let mut there: BTreeMap<Vec<Option<String>>, Vec<&Vec<Option<String>>>> = BTreeMap::new();
    for row in &now.rows {
        there.entry(id(row)).or_default().push(row);
    }
    let (mut wrong, mut gone) = (Vec::new(), 0);
    for row in &before.rows {
        let Some(other) = there.get_mut(&id(row)).and_then(Vec::pop) else {
            gone += 1;
            wrong.push(format!("the row {:?} is gone", id(row)));
            continue;
        };
        for (at, column) in before.columns.iter().enumerate() {
            if row[at] != other[at] && !(added[at] && row[at].is_none()) {
                wrong.push(format!("{column} of {:?} was {:?} and is {:?}", id(row), row[at], other[at]));
            }
        }
    }
    for row in there.into_values().flatten() {
        wrong.push(format!("the row {:?} has come", id(row)));
    }
    let only_gone = wrong.len() == gone;
    wrong.truncate(SHOWN);
    (!wrong.is_empty()).then(|| Change { words: wrong.join("; "), only_gone })
}

/// Does a text speak of this name, in SQL or in words?
pub(super) fn speaks_of(text: &str, name: &str) -> bool {
    text.contains(name) || text.replace("\"\"", "\"").replace("''", "'").contains(name)
}

/// Whatever OLD's rows held and NEW's do not, though nobody said so.
pub(super) fn losses(old: &Tables, new: &Tables, catalog: &Catalog, plan: Plan<'_>) -> Vec<String> {
    let announced = Announced::of(plan);
    let mut all = Vec::new();
    for (name, rows) in old {
        let renamed = plan.renames.tables.get(name);
        let target = renamed.map_or(name, |r| &r.table);
        let label = format!("{}.{}", name.0, name.1);
        let Some(now) = new.get(target) else {
            if !rows.rows.is_empty() && !announced.speaks_of(&name.1) {
                all.push(format!("{label}: the table is gone, and no down says so"));
            }
            continue;
        };
        // Positions of the columns that both have.
        let mut pairs = Vec::new();
        for (at, column) in rows.columns.iter().enumerate() {
            let wanted = renamed.and_then(|r| r.columns.get(column)).unwrap_or(column);
            let held = rows.rows.iter().any(|row| row[at].is_some());
            match now.columns.iter().position(|other| other == wanted) {
                Some(other) if (announced.lost(&name.1, column) || announced.lost(&target.1, wanted)) && held => {
                    pairs.push((at, other, true))
                }
                Some(other) => pairs.push((at, other, false)),
                None if held && !announced.speaks_of(column) => {
                    all.push(format!("{label}.{column}: the column is gone, and no down says so"));
                }
                None => {}
            }
        }
        let required = |column: &str| {
            let key = catalog.objects.iter().find(|(key, _)| is_column(key, target, column));
            key.is_some_and(|(_, description)| description.contains(" not null"))
        };
        all.extend(compare(&label, rows, now, &pairs, &announced, &required));
    }
    all
}

/// Row by row: by primary key where it is still there, else as they lie.
fn compare(
    label: &str,
    old: &Rows,
    new: &Rows,
    pairs: &[(usize, usize, bool)],
    announced: &Announced,
    required: &dyn Fn(&str) -> bool,
) -> Vec<String> {
    let key: Vec<(usize, usize)> =
        old.key.iter().filter_map(|at| pairs.iter().find(|p| p.0 == *at && !p.2).map(|p| (p.0, p.1))).collect();
    let keyed = !old.key.is_empty() && key.len() == old.key.len();
    // Without a key to go by a row is looked for by all the values that may not change: a NULL may, where NEW has none.
    let filled = |(from, to): (usize, usize)| required(&new.columns[to]) && old.rows.iter().any(|r| r[from].is_none());
    let stays = pairs.iter().filter(|pair| !pair.2 && !filled((pair.0, pair.1)));
    let identity: Vec<(usize, usize)> = if keyed { key } else { stays.map(|p| (p.0, p.1)).collect() };
    let mut by_identity: BTreeMap<Vec<String>, Vec<&Vec<Option<String>>>> = BTreeMap::new();
    for row in &new.rows {
        by_identity.entry(identity.iter().map(|(_, at)| plain(&row[*at])).collect()).or_default().push(row);
    }
    let mut all = Vec::new();
    for row in &old.rows {
        let id: Vec<String> = identity.iter().map(|(at, _)| plain(&row[*at])).collect();
        // A value of an enum in the key may have been said to become another.
        let id = if by_identity.contains_key(&id) {
            id
        } else {
            identity.iter().map(|(at, _)| plain(&announced.mapped(&row[*at]))).collect()
        };
        // Of several the one that holds all that this one does.
        let holds = |other: &&Vec<Option<String>>| {
            pairs.iter().all(|(from, to, _)| row[*from].is_none() || plain(&row[*from]) == plain(&other[*to]))
        };
        let found = by_identity.get_mut(&id).and_then(|all| match all.iter().position(holds) {
            Some(at) => Some(all.swap_remove(at)),
            None => all.pop(),
        });
        let Some(other) = found else {
            if !announced.rows_may_go {
                all.push(format!("{label}: the row {id:?} is gone"));
            }
            continue;
        };
        for (from, to, may_change) in pairs {
            let (was, is) = (&row[*from], &other[*to]);
            let filled = was.is_none() && required(&new.columns[*to]);
            // An orphan whose foreign key may be NULL is unlinked.
            let unlinked = is.is_none() && announced.rows_may_go;
            if unlinked {
                continue;
            }
            let mapped = was.as_ref().zip(is.as_ref()).is_some_and(|(was, is)| announced.maps(was, is));
            if plain(was) != plain(is) && !may_change && !filled && !mapped {
                all.push(format!("{label}.{}: {was:?} has become {is:?}", old.columns[*from]));
            }
        }
    }
    if new.rows.len() > old.rows.len() {
        all.push(format!("{label}: {} rows have become {}", old.rows.len(), new.rows.len()));
    }
    all.truncate(SHOWN);
    all
}

/// Was it decided that rows go which break NEW's rules?
pub(super) fn rows_may_go(script: &Script) -> bool {
    let deletes = |source: &str| ["keep-first", "delete-orphans"].iter().any(|word| source.contains(word));
    script.decisions.iter().any(|d| deletes(&d.source) || deletes(&d.answer))
}

/// Was it promised that no row is one that NEW refuses, or decided that such rows go?
pub(super) fn keeps_new_rules(script: &Script) -> bool {
    rows_may_go(script) || script.decisions.iter().any(|d| d.answer.ends_with(PROMISED))
}

/// What the plan says it loses.
struct Announced {
    text: String,
    rows_may_go: bool,
    /// The questions, with `"User"."age"` in them, what becomes of values that do not fit.
    decided: Vec<String>,
    /// What values of enums become, as (value, value).
    mapped: Vec<(String, String)>,
}

impl Announced {
    fn of(plan: Plan<'_>) -> Announced {
        let mut text = String::new();
        for migration in plan.script.stages.iter().flat_map(|stage| &stage.migrations) {
            match &migration.undo {
                Undo::Lossless => {}
                Undo::Lossy { what, .. } | Undo::Irreversible { what } => text += &(what.join("\n") + "\n"),
            }
        }
        // What went to another table is there, as the plan itself asserts; that it comes back the way back shows.
        let moved = plan.script.changes.iter().filter(|c| MOVES.contains(&c.kind.as_str()));
        text.extend(moved.map(|c| format!("{}\n", c.summary)));
        let rows_may_go = rows_may_go(plan.script) || text.contains("were deleted or unlinked");
        let decided = plan.script.decisions.iter().filter(|d| d.code == UNFIT).map(|d| d.question.clone()).collect();
        let left = plan.script.decisions.iter().filter(|d| d.code == LEFT);
        let mapped = left.filter_map(|d| d.answer.split_once(" becomes "));
        let mapped = mapped.map(|(was, is)| (was.to_owned(), is.to_owned())).collect();
        Announced { text, rows_may_go, decided, mapped }
    }

    fn speaks_of(&self, name: &str) -> bool {
        speaks_of(&self.text, name)
    }

    /// What a value was said to become, if it was.
    fn mapped(&self, value: &Option<String>) -> Option<String> {
        let mapped = |was: &String| self.mapped.iter().find(|(from, _)| from == was).map(|(_, is)| is.clone());
        value.as_ref().map(|was| mapped(was).unwrap_or_else(|| was.clone()))
    }

    /// Is one value what another was said to become, alone or as an element of a list?
    fn maps(&self, was: &str, is: &str) -> bool {
        let one = |was: &str, is: &str| was == is || self.mapped.iter().any(|(from, to)| from == was && to == is);
        fn list(text: &str) -> Option<Vec<&str>> {
            Some(text.strip_prefix('{')?.strip_suffix('}')?.split(',').map(|e| e.trim_matches('"')).collect())
        }
        match (list(was), list(is)) {
            (Some(was), Some(is)) => was.len() == is.len() && was.iter().zip(is).all(|(was, is)| one(was, is)),
            _ => one(was, is),
        }
    }

    /// Does a down say that this column's values are gone?
    fn lost(&self, table: &str, column: &str) -> bool {
        let both = format!("{}.{}", quote(table), quote(column));
        // However the database quotes.
        let says = |text: &str, what: &str| text.contains(what) || text.replace('`', "\"").contains(what);
        self.decided.iter().any(|question| says(question, &both)) || says(&self.text, &format!("dropped {both}"))
    }
}

/// `column public."User".id`, quoted as little as the server quotes it.
fn is_column(key: &str, table: &TableName, column: &str) -> bool {
    let bare = |text: &str| text.replace('"', "");
    key.strip_prefix("column ").is_some_and(|rest| bare(rest) == bare(&format!("{}.{}.{column}", table.0, table.1)))
}

/// A value as it is whatever type it has: `1.50` is `1.5`, midnight is the day, seconds are seconds however many digits follow, a time of day one of 1970, true is 1, JSON is
/// JSON, and a list of one element that element.
pub(super) fn plain(value: &Option<String>) -> String {
    value.as_ref().map_or_else(|| "NULL".to_owned(), |text| format!("= {}", plain_text(text)))
}

fn plain_text(text: &str) -> String {
    if text.starts_with('{') {
        if let Ok(json) = serde_json::from_str::<BTreeMap<String, serde_json::Value>>(text) {
            return format!("{json:?}");
        }
        if let Some(elements) = elements(text) {
            let elements: Vec<String> = elements.iter().map(|element| plain_text(element)).collect();
            return if let [one] = elements.as_slice() { one.clone() } else { format!("{elements:?}") };
        }
    }
    if text.starts_with('"')
        && let Ok(inner) = serde_json::from_str::<String>(text)
    {
        return plain_text(&inner);
    }
    match text {
        "t" | "true" => return "1".to_owned(),
        "f" | "false" => return "0".to_owned(),
        "1970-01-01" => return "00:00:00".to_owned(),
        _ => {}
    }
    let text = text.strip_suffix("+00").unwrap_or(text);
    if let Some(time) = text.strip_prefix("1970-01-01 ") {
        return time.to_owned();
    }
    // Seconds have as many digits behind them as their column says.
    let text =
        if text.contains(':') && text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text };
    let text = text.strip_suffix(" 00:00:00").or_else(|| text.strip_suffix("/32")).unwrap_or(text);
    let number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-');
    if number && text.contains('.') && text.matches('.').count() == 1 {
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    text.to_owned()
}

/// The elements of an array of one dimension as the server writes it
/// (<https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO>).
fn elements(text: &str) -> Option<Vec<String>> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    let mut all = Vec::new();
    let mut chars = inner.chars().peekable();
    while chars.peek().is_some() {
        let mut element = String::new();
        if chars.next_if_eq(&'"').is_some() {
            while let Some(c) = chars.next_if(|c| *c != '"') {
                element.push(if c == '\\' { chars.next()? } else { c });
            }
            chars.next_if_eq(&'"')?;
        } else {
            while let Some(c) = chars.next_if(|c| *c != ',') {
                element.push(c);
            }
        }
        all.push(element);
        if chars.next_if_eq(&',').is_none() && chars.peek().is_some() {
            return None;
        }
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::plain_text;

    #[test]
    fn a_value_is_itself_in_every_type() {
        let same = [
            ("1.50", "1.5"),
            ("true", "1"),
            ("{t,f}", "{1,0}"),
            ("{3,4}", "{3.00,4.000}"),
            ("{10.0.0.1}", "10.0.0.1/32"),
            ("00:00:01", "1970-01-01 00:00:01+00"),
            ("2001-01-01", "2001-01-01 00:00:00"),
            ("{\"2001-01-01 00:00:00\"}", "2001-01-01"),
            ("{\"\\\"00:00:00\\\"\"}", "00:00:00"),
            ("{\"a\": 1}", "{\"a\":1}"),
        ];
        for (one, other) in same {
            assert_eq!(plain_text(one), plain_text(other));
        }
        for (one, other) in
            [("{1,2}", "{2,1}"), ("{a}", "b"), ("{1}", "{1,1}"), ("{\"a,b\",c}", "{a,\"b,c\"}"), ("10", "1")]
        {
            assert_ne!(plain_text(one), plain_text(other));
        }
    }
}
