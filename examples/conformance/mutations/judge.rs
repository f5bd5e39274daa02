//! Holding what we say of one schema against what Prisma says.

use super::ours::Finding;
use super::prisma::Said;

/// How the two compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    /// Both accept.
    BothAccept,
    /// Both refuse, with an error on one line.
    SameLine,
    /// Both refuse, for reasons on different lines.
    OtherLine,
    /// Prisma refuses, we accept.
    Missed,
    /// Prisma accepts, we refuse.
    FalseError,
    /// We differ, and docs/conformance.md says why: not counted.
    OnPurpose,
    /// We panic.
    Panic,
}

impl Verdict {
    /// For people.
    pub(super) fn name(self) -> &'static str {
        match self {
            Verdict::BothAccept => "accepted by both",
            Verdict::SameLine => "refused by both on the same line",
            Verdict::OtherLine => "refused by both on different lines",
            Verdict::Missed => "refused by Prisma alone",
            Verdict::FalseError => "refused by us alone",
            Verdict::OnPurpose => "different on purpose, and not counted",
            Verdict::Panic => "a panic of ours",
        }
    }

    pub(super) fn is_wrong(self) -> bool {
        !matches!(self, Verdict::BothAccept | Verdict::SameLine | Verdict::OnPurpose)
    }
}

/// A schema without a datasource, which Prisma's validator takes.
const NO_DATASOURCE: &str = "PS0401";

/// Compares. An error of Prisma without a place is on the same line as any of ours.
pub(super) fn judge(ours: Option<&[Finding]>, theirs: &[Said]) -> Verdict {
    let Some(ours) = ours else { return Verdict::Panic };
    let theirs: Vec<_> = theirs.iter().filter(|said| !is_warning_of_ours(said, ours)).collect();
    let errors: Vec<_> = ours.iter().filter(|f| f.is_error).collect();
    if errors.iter().any(|f| f.code == NO_DATASOURCE) {
        return Verdict::OnPurpose;
    }
    match (errors.is_empty(), theirs.is_empty()) {
        (true, true) => Verdict::BothAccept,
        (true, false) => Verdict::Missed,
        (false, true) => Verdict::FalseError,
        (false, false) => {
            let same = |f: &Finding, said: &Said| said.line.is_none() || (f.file == said.file && f.line == said.line);
            let met = errors.iter().any(|f| theirs.iter().any(|said| same(f, said)));
            if met { Verdict::SameLine } else { Verdict::OtherLine }
        }
    }
}

/// A preview feature that is retired is a warning of ours, and an error of Prisma 7's.
fn is_warning_of_ours(said: &Said, ours: &[Finding]) -> bool {
    said.message.starts_with("The preview feature")
        && ours.iter().any(|f| !f.is_error && f.line == said.line && f.message.contains("preview feature"))
}

/// A message without names and numbers, to group by.
pub(super) fn normalised(message: &str) -> String {
    let mut out = String::new();
    let mut quote = None;
    let mut previous = ' ';
    for ch in message.chars() {
        match quote {
            Some(end) if ch == end => {
                quote = None;
                out.push(ch);
            }
            Some(_) => {}
            None if ch == '`' || ch == '"' || (ch == '\'' && !previous.is_alphanumeric()) => {
                quote = Some(ch);
                out.push(ch);
            }
            None if ch.is_ascii_digit() => {
                if !previous.is_ascii_digit() {
                    out.push('0');
                }
            }
            None if ch == '\n' => out.push(' '),
            None => out.push(ch),
        }
        previous = ch;
    }
    out.chars().take(160).collect()
}
