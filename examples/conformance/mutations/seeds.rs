//! Valid schemas to break: real ones, our own, and real ones turned to another provider.

use super::prisma;
use crate::schemas::list;
use crate::{Options, say};
use prisma_stage::input::{ReadOptions, read_schema};
use prisma_stage::live::Result;
use prisma_stage::source::Sources;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

/// A file of a schema.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) text: String,
}

/// A valid schema.
pub(super) struct Seed {
    pub(super) name: String,
    pub(super) files: Vec<File>,
}

const PROVIDERS: [&str; 6] = ["postgresql", "mysql", "sqlite", "sqlserver", "cockroachdb", "mongodb"];

/// Larger ones take long and break in no other ways.
const LARGEST: usize = 48_000;

/// Valid seeds by provider. Those that Prisma itself refuses are left out.
pub(super) fn find(options: &Options) -> Result<BTreeMap<&'static str, Vec<Seed>>> {
    let mut found = read(options)?;
    let turned: Vec<Seed> = found.iter().filter(|s| s.files.len() == 1 && size(s) < 24_000).flat_map(turned).collect();
    let mut turned = mended(options, turned)?;
    found.append(&mut turned);
    let texts: Vec<_> = found.iter().map(|s| s.files.clone()).collect();
    let answers = prisma::ask(options, &texts)?;
    let mut seeds: BTreeMap<&'static str, Vec<Seed>> = BTreeMap::new();
    for (seed, answer) in found.into_iter().zip(answers) {
        let provider = PROVIDERS.iter().find(|p| seed.files.iter().any(|f| provider_of(&f.text) == Some(p)));
        match (answer, provider) {
            (Some(errors), Some(provider)) if errors.is_empty() => seeds.entry(provider).or_default().push(seed),
            _ => {}
        }
    }
    let counts: Vec<_> = seeds.iter().map(|(p, s)| format!("{} {p}", s.len())).collect();
    Ok(say(&format!("seeds: {}", counts.join(", ")), seeds))
}

fn size(seed: &Seed) -> usize {
    seed.files.iter().map(|f| f.text.len()).sum()
}

fn provider_of(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("\ndatasource ").or_else(|| text.split_once("datasource "))?;
    let (block, _) = rest.split_once('}')?;
    let line = block.lines().find(|l| l.trim_start().starts_with("provider"))?;
    let name = line.split('"').nth(1)?;
    Some(if name == "postgres" { "postgresql" } else { name })
}

fn read(options: &Options) -> Result<Vec<Seed>> {
    let corpus = options.shared.join("corpus");
    let mut paths = Vec::new();
    for folder in ["finals", "finals_multi"] {
        paths.extend(list(&corpus.join(folder))?);
    }
    for unit in list(&corpus.join("pairs"))? {
        // The newest of a history hold all the rest.
        let pairs = list(&unit)?;
        paths.extend(pairs.iter().rev().step_by(7).map(|pair| pair.join("new.prisma")));
    }
    paths.extend(list(Path::new("corpus/valid"))?);
    paths.extend(list(Path::new("corpus/conformance"))?);
    let mut seen = HashSet::new();
    let mut seeds = Vec::new();
    for path in paths {
        let mut sources = Sources::default();
        let Ok(files) = read_schema(&mut sources, &path.to_string_lossy(), &ReadOptions::default()) else { continue };
        let files: Vec<_> = files.files.iter().map(|id| file(&sources.get(*id).name, &sources.get(*id).text)).collect();
        let seed = Seed { name: path.display().to_string(), files };
        if (seed.files.len() > 1 || size(&seed) <= LARGEST) && seen.insert(seed.files.clone()) {
            seeds.push(seed);
        }
    }
    Ok(seeds)
}

fn file(name: &str, text: &str) -> File {
    let name = Path::new(name).file_name().map_or_else(|| name.to_owned(), |n| n.to_string_lossy().into_owned());
    File { name, text: text.split('\n').map(without_retired).collect::<Vec<_>>().join("\n") }
}

/// Prisma 7 refuses preview features that it has retired.
fn without_retired(line: &str) -> String {
    match line.trim_start().strip_prefix("previewFeatures") {
        Some(rest) => {
            const KEPT: [&str; 4] = ["partialIndexes", "postgresqlExtensions", "shardKeys", "views"];
            let kept = rest.split('"').filter(|word| KEPT.contains(word)).map(|word| format!("\"{word}\""));
            format!("  previewFeatures = [{}]", kept.collect::<Vec<_>>().join(", "))
        }
        None => line.to_owned(),
    }
}

/// The schema under every other provider, without what only its own has.
fn turned(seed: &Seed) -> Vec<Seed> {
    let Some(own) = provider_of(&seed.files[0].text).map(str::to_owned) else { return Vec::new() };
    let turn = |provider: &&str| {
        let text = seed.files[0].text.replace("\"postgres\"", "\"postgresql\"");
        let text = text.replace(&format!("\"{own}\""), &format!("\"{provider}\""));
        let text: Vec<_> = text.split('\n').map(|line| turned_line(line, provider)).collect();
        let files = vec![File { name: seed.files[0].name.clone(), text: text.join("\n") }];
        Seed { name: format!("{} as {provider}", seed.name), files }
    };
    PROVIDERS.iter().filter(|p| **p != own).map(turn).collect()
}

fn turned_line(line: &str, provider: &str) -> String {
    let mut line = line.to_owned();
    while let Some(start) = line.find(" @db.") {
        let rest = &line[start + 5..];
        let name = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        let end = if rest[name..].starts_with('(') { rest.find(')').map_or(name, |at| at + 1) } else { name };
        line.replace_range(start..start + 5 + end, "");
    }
    if provider == "mongodb" {
        line = line.replace("@default(autoincrement())", "");
        if line.contains(" @id") && !line.contains("@map") {
            line = line.replacen(" @id", " @id @map(\"_id\")", 1);
        }
    }
    line
}

/// Takes out the lines that Prisma has something against, until it has nothing any more.
fn mended(options: &Options, mut seeds: Vec<Seed>) -> Result<Vec<Seed>> {
    let mut done = Vec::new();
    for _ in 0..12 {
        let texts: Vec<_> = seeds.iter().map(|s| s.files.clone()).collect();
        let mut rest = Vec::new();
        for (mut seed, answer) in seeds.into_iter().zip(prisma::ask(options, &texts)?) {
            let Some(errors) = answer else { continue };
            if errors.is_empty() {
                done.push(seed);
                continue;
            }
            let wrong: BTreeSet<usize> = errors.iter().filter_map(|e| e.line).map(|line| line as usize).collect();
            let lines = seed.files[0].text.split('\n').enumerate();
            let kept: Vec<_> =
                lines.filter(|(at, line)| !wrong.contains(&(at + 1)) || line.ends_with('{')).map(|(_, l)| l).collect();
            let text = kept.join("\n");
            if text.len() > size(&seed) / 3 && text.len() < size(&seed) {
                seed.files[0].text = text;
                rest.push(seed);
            }
        }
        seeds = rest;
    }
    Ok(done)
}
