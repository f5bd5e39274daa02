//! How long each stage takes, on schemas of 200, 2,000 and 10,000 models: `cargo bench --bench stages`.
#![allow(clippy::unwrap_used)]

mod support;

use divan::Bencher;
use divan::counter::BytesCount;
use prisma_stage::catalog::Ids;
use prisma_stage::dialect::Caps;
use prisma_stage::intent::Intent;
use prisma_stage::pair::Pair;
use prisma_stage::source::{SchemaFiles, Sources};
use prisma_stage::{Options, Outcome, advice, ast, compile, diff, lower, model, syntax};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use support::{Version, schema};

const SIZES: [usize; 3] = [200, 2_000, 10_000];

fn main() {
    divan::main();
}

/// Two schemas, read into memory once.
struct Fixture {
    sources: Sources,
    files: Pair<SchemaFiles>,
}

impl Fixture {
    fn of(models: usize) -> &'static Fixture {
        static MADE: Mutex<BTreeMap<usize, &'static Fixture>> = Mutex::new(BTreeMap::new());
        MADE.lock().unwrap().entry(models).or_insert_with(|| {
            let mut sources = Sources::default();
            let files = Pair { old: Version::Old, new: Version::New }
                .map(|version| sources.add_schema("schema.prisma", schema(models, version)));
            Box::leak(Box::new(Fixture { sources, files }))
        })
    }

    fn parsed(&self) -> Pair<ast::Schema<'_>> {
        self.files.as_ref().map(|files| syntax::parse(&self.sources, files).0)
    }
}

#[divan::bench(args = SIZES)]
fn a_parse(bencher: Bencher, models: usize) {
    let fixture = Fixture::of(models);
    let bytes = fixture.sources.get(fixture.files.old.files[0]).text.len();
    bencher.counter(BytesCount::new(bytes)).bench(|| syntax::parse(&fixture.sources, &fixture.files.old));
}

#[divan::bench(args = SIZES)]
fn b_resolve(bencher: Bencher, models: usize) {
    let parsed = Fixture::of(models).parsed();
    bencher.bench(|| model::resolve(&parsed.old));
}

#[divan::bench(args = SIZES)]
fn c_lower(bencher: Bencher, models: usize) {
    let parsed = Fixture::of(models).parsed();
    let (resolved, _) = model::resolve(&parsed.old);
    bencher.bench(|| lower::lower(&resolved, &mut Ids::default()));
}

#[divan::bench(args = SIZES)]
fn c_advise(bencher: Bencher, models: usize) {
    let fixture = Fixture::of(models);
    let parsed = fixture.parsed();
    let (resolved, _) = model::resolve(&parsed.old);
    let mut levels = advice::Levels::default();
    levels.set(&[(advice::Selector::Pedantic, advice::Level::Warn)]);
    bencher.bench(|| advice::advise(&fixture.sources, &resolved, &levels));
}

#[divan::bench(args = SIZES)]
fn d_diff(bencher: Bencher, models: usize) {
    let parsed = Fixture::of(models).parsed();
    let mut ids = Ids::default();
    let catalogs = parsed.as_ref().map(|ast| lower::lower(&model::resolve(ast).0, &mut ids).0);
    bencher.with_inputs(|| catalogs.clone()).bench_values(|catalogs| {
        diff::pair(catalogs.old, catalogs.new, &Intent::default(), Caps::PLAIN, &|_, _, _| true)
    });
}

/// All of the above for both schemas, and the plan, run in the head and spelled.
#[divan::bench(args = SIZES, sample_count = 20, max_time = 10)]
fn e_compile(bencher: Bencher, models: usize) {
    let fixture = Fixture::of(models);
    let files = fixture.files.as_ref();
    bencher.bench(|| {
        let outcome = compile(&fixture.sources, Some(files.old), Some(files.new), &Options::default());
        assert!(matches!(outcome, Outcome::Plan { .. }));
        outcome
    });
}

/// `prisma-stage diff`, from the start of the process to its end.
#[divan::bench(args = SIZES, sample_count = 20, max_time = 10)]
fn f_process(bencher: Bencher, models: usize) {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = [(Version::Old, "old.prisma"), (Version::New, "new.prisma")]
        .map(|(version, name)| {
            let path = folder.path().join(name);
            std::fs::write(&path, schema(models, version)).unwrap();
            path
        })
        .to_vec();
    bencher.bench(|| {
        let status = Command::new(env!("CARGO_BIN_EXE_prisma-stage"))
            .arg("diff")
            .args(&paths)
            .args(["--format", "sql"])
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success());
    });
}
