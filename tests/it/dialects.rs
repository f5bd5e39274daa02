//! docs/dialects.md is what the dialects say of themselves, and what their plans are made of.

use crate::words;
use prisma_stage::dialect::{self, Work};
use prisma_stage::script::{Rollout, Script};
use prisma_stage::source::Sources;
use prisma_stage::{Options, Outcome, compile};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The columns of the table: title, provider, target.
const SERVERS: [(&str, &str, Option<&str>); 5] = [
    ("PostgreSQL", "postgresql", None),
    ("MySQL 8.4", "mysql", Some("mysql@8.4")),
    ("MariaDB 10.11", "mysql", Some("mariadb@10.11")),
    ("PlanetScale", "mysql", Some("planetscale")),
    ("SQLite", "sqlite", None),
];

/// What stands for its kind; of every other kind the case that most servers have a plan for, with the fewest files, among the first so many.
const TYPICAL: &str = "add-column--optional add-column--optional-unique add-column--required-placeholder \
                       add-enum-value--start-middle-end add-foreign-key--orphans-nulled change-default--database-to-client \
                       change-foreign-key--other-table change-index--index-to-unique change-primary-key--uuid-with-links \
                       change-primary-key--single-to-composite create-index--plain create-index--unique-on-existing-column \
                       create-table--with-foreign-key drop-column--required drop-index--unique drop-table--leaf exchange-names--columns \
                       flip-relation--optional move-columns--to-the-child relax-column--plain remove-enum-value--on-command-line \
                       rename-column--on-command-line rename-enum-value--by-map rename-table--on-command-line \
                       require-column--placeholder retype-column--int-to-bigint retype-column--key-to-bigint \
                       retype-column--text-to-enum retype-column--text-to-int retype-column--varchar-widened";
const TRIED: usize = 12;

#[test]
fn the_page_of_databases_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/dialects.md");
    let page = dialect::page() + &each_change();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(found, page, "run BLESS=1 cargo test --test it dialects");
}

/// For each kind of change one case of the corpus, planned for every server.
fn each_change() -> String {
    let mut out = "\n## Each kind of change, by database\n\nHow the plan of one case of each kind goes: its stages, and what the dearest statement of each does. **Catalog** changes \
                   the dictionary alone, for milliseconds; **look** reads rows under no lock that anybody waits for; **index** builds one, and **rows** \
                   are changed in small transactions, beside readers and writers; **anew** writes the whole table, beside its users unless more is said; \
                   **copy** does so while writers wait, and the file has the lines for gh-ost and pt-online-schema-change that do it beside them; \
                   an **online copy** is made beside everybody (a deploy request). On SQLite \
                   there is one writer at a time, whatever is done. **Pause** means that no client works on both sides of a moment. The whole plan of a case is in \
                   its folder under corpus/change, its locks on PostgreSQL are in [locks.md](locks.md), those on MySQL and MariaDB in [locks-mysql.md](locks-mysql.md).\n\n"
        .to_owned();
    let heads = ["change", "case"].into_iter().chain(SERVERS.map(|(title, ..)| title));
    out += &row(heads.map(str::to_owned));
    out += &row(std::iter::repeat_n("---".to_owned(), SERVERS.len() + 2));
    for (kind, cases) in kinds() {
        let typical: Vec<&PathBuf> =
            cases.iter().filter(|case| TYPICAL.split(' ').any(|name| case.ends_with(name))).collect();
        if typical.is_empty() {
            out += &row_of(&kind, &simplest(&cases));
        } else {
            typical.into_iter().for_each(|case| out += &row_of(&kind, case));
        }
    }
    out
}

fn simplest(cases: &[PathBuf]) -> PathBuf {
    let best = cases.iter().take(TRIED).min_by_key(|case| {
        let plans: Vec<Script> = SERVERS.iter().filter_map(|server| plan(case, server).ok()).collect();
        let files = plans.iter().flat_map(|script| &script.stages).map(|stage| stage.migrations.len()).sum::<usize>();
        (SERVERS.len() - plans.len(), files)
    });
    best.unwrap().clone()
}

fn row_of(kind: &str, case: &Path) -> String {
    let page = Path::new("docs/changes").join(format!("{kind}.md"));
    let named = if page.exists() { format!("[{kind}](changes/{kind}.md)") } else { kind.to_owned() };
    let folder = case.file_name().unwrap().to_string_lossy().into_owned();
    let called = folder.split_once("--").map_or(folder.as_str(), |(_, called)| called).replace('-', " ");
    let cells = SERVERS.iter().map(|server| plan(case, server).map_or_else(str::to_owned, |script| told(&script)));
    row([named, called].into_iter().chain(cells))
}

fn row(cells: impl Iterator<Item = String>) -> String {
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

/// The cases of each kind, the plain one first.
fn kinds() -> BTreeMap<String, Vec<PathBuf>> {
    let mut all: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    let mut cases: Vec<PathBuf> = std::fs::read_dir("corpus/change").unwrap().map(|e| e.unwrap().path()).collect();
    cases.sort_by_key(|case| (!case.to_string_lossy().ends_with("--plain"), case.clone()));
    for case in cases.into_iter().filter(|case| case.join("new.prisma").exists() && !case.join("stats.json").exists()) {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let kind = name.split("--").next().unwrap_or_default();
        if !["combo", "no-change"].contains(&kind) {
            all.entry(kind.to_owned()).or_default().push(case);
        }
    }
    all
}

/// The plan of a case for a server, or why there is none.
fn plan(case: &Path, (_, provider, target): &(&str, &str, Option<&str>)) -> Result<Script, &'static str> {
    let mut sources = Sources::default();
    let mut read = |name: &str| {
        let text = std::fs::read_to_string(case.join(name)).unwrap();
        let relations = if *target == Some("planetscale") { "\n  relationMode = \"prisma\"" } else { "" };
        let here = format!("provider = \"{provider}\"{relations}");
        sources.add_schema(name, spoken(&text.replace("provider = \"postgresql\"", &here), provider))
    };
    let (old, new) = (read("old.prisma"), read("new.prisma"));
    let said = words::options(case).unwrap();
    let options = Options { target: target.map(str::to_owned).or(said.target.clone()), ..said };
    match compile(&sources, Some(&old), Some(&new), &options) {
        Outcome::Plan { script, .. } => Ok(*script),
        Outcome::Undecided { .. } => Err("asks more first"),
        Outcome::Rejected(found) if found.iter().any(|d| d.code == "PS0720") => Err("refused by name"),
        Outcome::Rejected(_) => Err("no such schema"),
        Outcome::Bug(found) => panic!("{found:?}"),
    }
}

/// A schema without the native types that a provider does not have.
fn spoken(text: &str, provider: &str) -> String {
    let known = |word: &str| match provider {
        "postgresql" => true,
        "mysql" => ["@db.VarChar(", "@db.Char(", "@db.Text", "@db.SmallInt"].iter().any(|ty| word.starts_with(ty)),
        _ => false,
    };
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("@db.") {
        let (before, from) = rest.split_at(at);
        out += before;
        let word = from.find(|c: char| !c.is_alphanumeric() && !"@._".contains(c)).unwrap_or(from.len());
        let end = if from[word..].starts_with('(') { from.find(')').map_or(from.len(), |at| at + 1) } else { word };
        out += if known(from) { &from[..end] } else { "" };
        rest = &from[end..];
    }
    out + rest
}

/// A plan in a cell.
fn told(script: &Script) -> String {
    let mut parts: Vec<String> = Vec::new();
    for stage in &script.stages {
        let files = &stage.migrations;
        let dearest = files.iter().flat_map(|file| &file.statements).map(|statement| cost(statement.work)).max();
        let waits = files.iter().any(|file| file.up.contains("ALGORITHM=COPY, LOCK=SHARED"));
        let word = if waits { "copy" } else { dearest.map_or("nothing", |(_, word)| word) };
        parts.push(format!("{} {word}", stage.stage.name()));
    }
    if script.rollout.iter().any(|step| matches!(step, Rollout::Stop { .. })) {
        parts.push("**pause**".to_owned());
    }
    if parts.is_empty() { "nothing to do".to_owned() } else { parts.join("; ") }
}

/// What work costs, the least first, in a word.
fn cost(work: Work) -> (u8, &'static str) {
    match work {
        Work::Metadata => (0, "catalog"),
        Work::Check => (1, "look"),
        Work::Scan => (2, "look"),
        Work::Rows => (3, "rows"),
        Work::Batches => (4, "rows"),
        Work::IndexBuild => (5, "index"),
        Work::Copy => (6, "online copy"),
        Work::Rewrite => (7, "anew"),
    }
}
