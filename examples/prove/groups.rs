//! All verdicts, grouped by what they have in common.

use crate::judge::{Judged, Verdict};
use std::collections::BTreeMap;
use std::fmt;

/// The groups, with the ids in each.
pub struct Groups<'a> {
    results: &'a [Judged],
}

/// So many ids are named in a line.
const NAMED: usize = 4;

impl<'a> Groups<'a> {
    /// Groups the verdicts.
    pub fn of(results: &'a [Judged]) -> Self {
        Groups { results }
    }

    /// How many plans are wrong.
    pub fn wrong(&self) -> usize {
        self.results.iter().filter(|judged| judged.verdict == Verdict::Wrong).count()
    }

    fn count(&self, verdict: Verdict, decided: bool) -> usize {
        self.results.iter().filter(|judged| judged.verdict == verdict && judged.decided == decided).count()
    }
}

impl fmt::Display for Groups<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.results.len();
        #[expect(clippy::cast_precision_loss, reason = "a per cent of some hundreds")]
        let line = |f: &mut fmt::Formatter<'_>, count: usize, what: &str| {
            writeln!(f, "{count:5}  {:5.1} %  {what}", 100.0 * count as f64 / all.max(1) as f64)
        };
        writeln!(f, "{all:5}           pairs")?;
        line(f, self.count(Verdict::Proved, false), "proved")?;
        line(f, self.count(Verdict::Proved, true), "proved, with every question answered by a stated default")?;
        line(f, self.count(Verdict::Refused, false), "refused")?;
        line(f, self.count(Verdict::Refused, true), "refused after the questions were answered")?;
        line(f, self.count(Verdict::Stopped, true), "stops at a preflight query, for rows that no default answers")?;
        line(f, self.count(Verdict::NotHere, false) + self.count(Verdict::NotHere, true), "not to be tried here")?;
        line(f, self.count(Verdict::Wrong, false), "WRONG")?;
        line(f, self.count(Verdict::Wrong, true), "WRONG after the questions were answered")?;
        for (verdict, title) in [
            (Verdict::Refused, "refused"),
            (Verdict::Stopped, "stops at a preflight query"),
            (Verdict::NotHere, "not to be tried here"),
            (Verdict::Wrong, "WRONG"),
        ] {
            let mut groups: BTreeMap<String, Vec<&str>> = BTreeMap::new();
            for judged in self.results.iter().filter(|judged| judged.verdict == verdict) {
                // A refused pair is in the group of each of its reasons, a wrong one in that of its first.
                let mut stems: Vec<String> = judged.why.iter().map(|why| stem(why)).collect();
                stems.sort();
                stems.dedup();
                if verdict == Verdict::Wrong {
                    stems = judged.why.first().map(|why| stem(why)).into_iter().collect();
                }
                for stem in stems {
                    groups.entry(stem).or_default().push(&judged.id);
                }
            }
            if groups.is_empty() {
                continue;
            }
            writeln!(f, "\n{title}, by reason")?;
            let mut groups: Vec<_> = groups.into_iter().collect();
            groups.sort_by_key(|(stem, ids)| (std::cmp::Reverse(ids.len()), stem.clone()));
            for (stem, ids) in groups {
                let more = if ids.len() > NAMED { ", …" } else { "" };
                writeln!(f, "{:5}  {stem}\n       {}{more}", ids.len(), ids[..ids.len().min(NAMED)].join(", "))?;
            }
        }
        writeln!(f)
    }
}

/// A message without the names in it: what stands in quotes and numbers are left out.
fn stem(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    let line = line.split("   [").next().unwrap_or_default();
    // Catalogs differ in some kind of object: its name and description are the pair's own.
    if let Some((what, difference)) =
        line.split_once(": ").filter(|(what, _)| what.ends_with("Catalog") || *what == "NotAgain")
    {
        let mut words = difference.split(' ');
        return match (words.next().unwrap_or_default(), words.next().unwrap_or_default()) {
            ("left", _) => format!("{what}: left over: {}", words.next().unwrap_or_default()),
            ("missing:", kind) => format!("{what}: missing: {kind}"),
            (kind, _) => format!("{what}: another {kind}"),
        };
    }
    let mut out = String::new();
    let mut quote: Option<char> = None;
    for c in line.chars() {
        match quote {
            Some(end) if c == end => {
                quote = None;
                out.push('…');
                out.push(c);
            }
            Some(_) => {}
            None => {
                if matches!(c, '"' | '`' | '\'') {
                    quote = Some(c);
                }
                out.push(c);
            }
        }
    }
    let words: Vec<&str> = out
        .split_whitespace()
        .map(|word| if word.contains('.') && word.len() > 3 && !word.ends_with('.') { "…" } else { word })
        .collect();
    words.join(" ").chars().take(160).collect()
}
