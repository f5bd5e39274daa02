//! Breaks valid schemas in every way that comes to mind, and holds what we say of them against what Prisma says.
//!
//! What is counted, and how, is in docs/conformance.md.

mod arguments;
mod attributes;
mod blocks;
mod config;
mod enums;
mod fields;
mod judge;
mod keys;
mod mutate;
mod native;
mod ours;
mod prisma;
mod relations;
mod report;
mod rng;
mod seeds;
mod text;
mod values;

use crate::{Options, say};
use judge::Verdict;
use mutate::{Cx, Kind, applied};
use prisma_stage::live::Result;
use prisma_stage::source::{SchemaFiles, Sources};
use prisma_stage::syntax;
use rng::Rng;
use seeds::{File, Seed};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// One broken schema, and what came of it.
struct Case {
    number: usize,
    seed: String,
    kinds: Vec<&'static str>,
    files: Vec<File>,
    /// The lines that are not in the seed.
    changed: Vec<String>,
    theirs: Vec<prisma::Said>,
    ours: Option<Vec<ours::Finding>>,
    verdict: Verdict,
}

/// The aims, in thousandths.
const VERDICTS: usize = 995;
const LINES: usize = 970;

/// Runs all; true if both aims are reached.
pub(crate) fn run(options: &Options) -> Result<bool> {
    if Command::new("node").arg("--version").output().is_err() || !options.oracle.join("node_modules").exists() {
        return Ok(say(
            "mutations: skipped, Prisma's validator is not here (node, ../shared/oracle with its packages)",
            true,
        ));
    }
    let seeds = seeds::find(options)?;
    let false_errors = refused_seeds(&seeds);
    let inputs = broken(options, &seeds);
    let texts: Vec<_> = inputs.iter().map(|case| case.files.clone()).collect();
    let answers = prisma::ask(options, &texts)?;
    let mut cases = Vec::new();
    let mut panics = 0;
    for (mut case, answer) in inputs.into_iter().zip(answers) {
        match answer {
            None => panics += 1,
            Some(theirs) => {
                case.ours = ours::check(&case.files);
                case.verdict = judge::judge(case.ours.as_deref(), &theirs);
                case.theirs = theirs;
                cases.push(case);
            }
        }
    }
    let (figures, good) = figures(options, &cases, panics);
    let folder = Path::new("target/conformance/mutations");
    let groups = report::write(folder, &cases, &figures)?;
    per_kind(&cases);
    say(&format!("disagreements, in {} groups, the largest first:", groups.len()), ());
    groups.iter().take(if options.verbose { usize::MAX } else { 25 }).for_each(|line| say(line, ()));
    say(&figures, ());
    say(&format!("all of them, with examples: {}/report.md", folder.display()), ());
    Ok(good && false_errors == 0)
}

/// Valid schemas that we refuse: the worst there is.
fn refused_seeds(seeds: &BTreeMap<&'static str, Vec<Seed>>) -> usize {
    let mut refused = 0;
    for seed in seeds.values().flatten() {
        let found = ours::check(&seed.files).unwrap_or_default();
        if let Some(first) = found.iter().find(|f| f.is_error) {
            refused += 1;
            let line = first.line.unwrap_or(0);
            say(&format!("VALID, and refused by us: {}:{line} {} {}", seed.name, first.code, first.message), ());
        }
    }
    refused
}

/// The inputs, each from its number and the seed of the run alone.
fn broken(options: &Options, seeds: &BTreeMap<&'static str, Vec<Seed>>) -> Vec<Case> {
    let kinds: Vec<Kind> = mutate::kinds().into_iter().filter(|(name, _)| name.contains(&options.only)).collect();
    let pools: Vec<_> = seeds.iter().filter(|(p, _)| p.contains(&options.provider)).map(|(_, s)| s).collect();
    let cases = (0..options.count).filter_map(|number| {
        let mut rng = Rng::new(options.seed, number as u64);
        // A way that has no place in one schema may have one in the next.
        (0..12).find_map(|_| {
            let kind = kinds[number % kinds.len()];
            let second = if rng.one_in(10) { rng.pick(&kinds).copied() } else { None };
            let pool = rng.pick(&pools).copied()?;
            let seed = rng.pick(pool)?;
            break_one(number, seed, [Some(kind), second], &mut rng)
        })
    });
    cases.collect()
}

fn break_one(number: usize, seed: &Seed, kinds: [Option<Kind>; 2], rng: &mut Rng) -> Option<Case> {
    let mut sources = Sources::default();
    let ids: Vec<_> = seed.files.iter().map(|f| sources.add(f.name.clone(), f.text.clone())).collect();
    let files = SchemaFiles { name: seed.name.clone(), files: ids.clone() };
    let (ast, _) = syntax::parse(&sources, &files);
    let mut cx = Cx { rng: rng.fork(), sources: &sources, ast: &ast, edits: Vec::new() };
    let mut done = Vec::new();
    for (name, way) in kinds.into_iter().flatten() {
        if way(&mut cx).is_some() {
            done.push(name);
        }
    }
    let edits = cx.edits;
    let old = &seed.files;
    let new = old.iter().zip(&ids).map(|(f, id)| File { name: f.name.clone(), text: applied(*id, &f.text, &edits) });
    let new: Vec<_> = new.collect();
    if done.is_empty() || new == *old {
        return None;
    }
    let changed = changed(old, &new);
    Some(Case {
        number,
        seed: seed.name.clone(),
        kinds: done,
        files: new,
        changed,
        theirs: Vec::new(),
        ours: None,
        verdict: Verdict::BothAccept,
    })
}

/// The lines where two schemas part, the new one's.
fn changed(old: &[File], new: &[File]) -> Vec<String> {
    let mut lines = Vec::new();
    for (old, new) in old.iter().zip(new).filter(|(old, new)| old != new) {
        let (old, new): (Vec<_>, Vec<_>) = (old.text.split('\n').collect(), new.text.split('\n').collect());
        let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
        let tail = old[head.min(old.len())..].iter().rev().zip(new[head.min(new.len())..].iter().rev());
        let tail = tail.take_while(|(a, b)| a == b).count();
        lines.extend(
            old[head..old.len() - tail]
                .iter()
                .take(2)
                .map(|l| format!("- {}", l.chars().take(160).collect::<String>())),
        );
        let added = new[head..new.len() - tail].iter().enumerate().take(4);
        lines.extend(added.map(|(at, l)| format!("+ {}: {}", head + at + 1, l.chars().take(160).collect::<String>())));
    }
    lines
}

/// The two figures in words, and whether they are reached.
fn figures(options: &Options, cases: &[Case], panics: usize) -> (String, bool) {
    let mut counts: BTreeMap<Verdict, usize> = BTreeMap::new();
    for case in cases {
        *counts.entry(case.verdict).or_default() += 1;
    }
    let of = |verdicts: &[Verdict]| verdicts.iter().map(|v| counts.get(v).copied().unwrap_or(0)).sum::<usize>();
    let agreed = of(&[Verdict::BothAccept, Verdict::SameLine, Verdict::OtherLine]);
    let same = of(&[Verdict::SameLine]);
    let refused = of(&[Verdict::SameLine, Verdict::OtherLine, Verdict::Missed]);
    let counted = cases.len() - of(&[Verdict::OnPurpose]);
    let percent = |part: usize, whole: usize| part as f64 * 100.0 / whole.max(1) as f64;
    let list: Vec<_> = counts.iter().map(|(verdict, count)| format!("{count} {}", verdict.name())).collect();
    let text = format!(
        "{} inputs (seed {}): {}{}\nthe same verdict: {:.2} % (aim {}.{} %)\na common line, of those that Prisma refuses: {:.2} % (aim {}.{} %)",
        cases.len(),
        options.seed,
        list.join(", "),
        if panics > 0 { format!("; left out, Prisma panics: {panics}") } else { String::new() },
        percent(agreed, counted),
        VERDICTS / 10,
        VERDICTS % 10,
        percent(same, refused),
        LINES / 10,
        LINES % 10,
    );
    (text, agreed * 1000 >= counted * VERDICTS && same * 1000 >= refused * LINES)
}

/// The kinds with disagreements, the worst first.
fn per_kind(cases: &[Case]) {
    let mut kinds: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for case in cases {
        for kind in &case.kinds {
            let entry = kinds.entry(kind).or_default();
            entry.0 += usize::from(case.verdict.is_wrong());
            entry.1 += 1;
        }
    }
    let mut kinds: Vec<_> = kinds.into_iter().filter(|(_, (wrong, _))| *wrong > 0).collect();
    kinds.sort_by_key(|(_, (wrong, _))| std::cmp::Reverse(*wrong));
    let line: Vec<_> = kinds.iter().map(|(kind, (wrong, all))| format!("{kind} {wrong}/{all}")).collect();
    say(&format!("disagreements by kind: {}", line.join(", ")), ());
}
