//! The groups of disagreements, with an example of each, for whoever mends them.

use super::Case;
use super::judge::{Verdict, normalised};
use super::seeds::File;
use prisma_stage::live::{Doing, Result};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// Disagreements of one sort.
struct Group<'a> {
    cases: Vec<&'a Case>,
    kinds: BTreeMap<&'static str, usize>,
}

/// Writes `report.md` and an example of each group; gives the largest groups, a line each.
pub(super) fn write(folder: &Path, cases: &[Case], figures: &str) -> Result<Vec<String>> {
    let mut groups: BTreeMap<(Verdict, String), Group<'_>> = BTreeMap::new();
    for case in cases.iter().filter(|c| c.verdict.is_wrong()) {
        let group = groups
            .entry((case.verdict, label(case)))
            .or_insert_with(|| Group { cases: Vec::new(), kinds: BTreeMap::new() });
        group.cases.push(case);
        for kind in &case.kinds {
            *group.kinds.entry(kind).or_default() += 1;
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|((verdict, _), group)| (std::cmp::Reverse(group.cases.len()), *verdict));
    let doing = || format!("writing {}", folder.display());
    if folder.exists() {
        std::fs::remove_dir_all(folder).doing(doing)?;
    }
    std::fs::create_dir_all(folder).doing(doing)?;
    let mut report = format!("# Disagreements with Prisma's validator\n\n{figures}\n");
    let mut lines = Vec::new();
    for (number, ((verdict, label), group)) in groups.iter().enumerate() {
        lines.push(format!("{:4}  {}: {label}", group.cases.len(), verdict.name()));
        section(&mut report, number, *verdict, label, group);
        // The smallest is the easiest to read.
        let Some(case) = group.cases.iter().min_by_key(|c| c.files.iter().map(|f| f.text.len()).sum::<usize>()) else {
            continue;
        };
        example(&folder.join(format!("{number:03}")), &case.files)?;
    }
    std::fs::write(folder.join("report.md"), report).doing(doing)?;
    Ok(lines)
}

/// What tells one sort from another.
fn label(case: &Case) -> String {
    let theirs = || case.theirs.first().map_or_else(|| "?".to_owned(), |said| normalised(&said.message));
    let first = || case.ours.iter().flatten().find(|f| f.is_error);
    let ours = || first().map_or_else(|| "?".to_owned(), |f| format!("{} {}", f.code, normalised(&f.message)));
    match case.verdict {
        Verdict::FalseError => ours(),
        Verdict::OtherLine => format!("{} | {}", theirs(), first().map_or("?", |f| f.code)),
        Verdict::Missed | Verdict::Panic | Verdict::BothAccept | Verdict::SameLine | Verdict::OnPurpose => theirs(),
    }
}

fn section(report: &mut String, number: usize, verdict: Verdict, label: &str, group: &Group<'_>) {
    let _ = writeln!(report, "\n## {number:03}: {} times {}\n\n{label}\n", group.cases.len(), verdict.name());
    let kinds: Vec<_> = group.kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    let _ = writeln!(report, "kinds: {}\n", kinds.join(", "));
    let mut cases = group.cases.clone();
    cases.sort_by_key(|c| c.files.iter().map(|f| f.text.len()).sum::<usize>());
    for case in cases.iter().take(6) {
        let _ = writeln!(report, "- input {} from {} by {}", case.number, case.seed, case.kinds.join(" and "));
        for said in case.theirs.iter().take(4) {
            let place = said.line.map_or_else(|| "?".to_owned(), |l| l.to_string());
            let _ = writeln!(report, "  - Prisma {place}: {}", said.message.replace('\n', " "));
            show(report, &case.files, said.file, said.line);
        }
        for found in case.ours.iter().flatten().filter(|f| f.is_error).take(4) {
            let place = found.line.map_or_else(|| "?".to_owned(), |l| l.to_string());
            let _ = writeln!(report, "  - ours {place}: {} {}", found.code, found.message);
            show(report, &case.files, found.file, found.line);
        }
        let _ = writeln!(report, "  - changed:");
        for line in case.changed.iter().take(6) {
            let _ = writeln!(report, "        {line}");
        }
    }
}

fn show(report: &mut String, files: &[File], file: usize, line: Option<u32>) {
    let text = files.get(file).zip(line).and_then(|(f, line)| f.text.split('\n').nth(line as usize - 1));
    if let Some(text) = text {
        let _ = writeln!(report, "        {}", text.chars().take(160).collect::<String>());
    }
}

fn example(path: &Path, files: &[File]) -> Result<()> {
    let doing = || format!("writing {}", path.display());
    if let [file] = files {
        return std::fs::write(path.with_extension("prisma"), &file.text).doing(doing);
    }
    std::fs::create_dir_all(path).doing(doing)?;
    for file in files {
        std::fs::write(path.join(&file.name), &file.text).doing(doing)?;
    }
    Ok(())
}
