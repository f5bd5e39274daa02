//! The schemas to look at.

use crate::Options;
use prisma_stage::input::{ReadOptions, read_schema};
use prisma_stage::live::{Doing, Result};
use prisma_stage::model::{Provider, resolve};
use prisma_stage::source::{SchemaFiles, Sources};
use prisma_stage::syntax::parse;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// One schema, read.
pub(crate) struct Schema {
    pub(crate) path: PathBuf,
    pub(crate) sources: Sources,
    pub(crate) files: SchemaFiles,
}

/// Every schema of the provider (PostgreSQL, where none is named) in the shared folder and of our own corpus, equal texts once.
pub(crate) fn find(options: &Options) -> Result<Vec<Schema>> {
    let wanted = Provider::parse(&options.provider).unwrap_or(Provider::Postgresql);
    let corpus = options.shared.join("corpus");
    let mut paths = Vec::new();
    for folder in ["finals", "finals_multi"] {
        paths.extend(list(&corpus.join(folder))?);
    }
    for folder in ["pairs", "pairs_noop"] {
        for unit in list(&corpus.join(folder))? {
            for pair in list(&unit)? {
                paths.extend([pair.join("old.prisma"), pair.join("new.prisma")]);
            }
        }
    }
    for case in list(Path::new("corpus/change"))? {
        paths.extend([case.join("old.prisma"), case.join("new.prisma")]);
    }
    paths.extend(list(Path::new("corpus/conformance"))?);
    for case in list(&options.shared.join("truth/samples/schemas"))? {
        paths.extend(["old.prisma", "new.prisma"].map(|side| case.join(wanted.name()).join(side)));
    }
    let mut seen = HashSet::new();
    let mut schemas = Vec::new();
    for path in paths {
        let is_wanted = path.exists() && path.to_string_lossy().contains(&options.only);
        let mut sources = Sources::default();
        if !is_wanted || path.extension().is_some_and(|e| e != "prisma") {
            continue;
        }
        let Ok(files) = read_schema(&mut sources, &path.to_string_lossy(), &ReadOptions::default()) else { continue };
        let texts: Vec<_> = files.files.iter().map(|f| sources.get(*f).text.clone()).collect();
        let provider = resolve(&parse(&sources, &files).0).0.provider();
        if provider == Some(wanted) && seen.insert(texts) {
            schemas.push(Schema { path, sources, files });
        }
    }
    Ok(schemas)
}

/// What a folder holds, sorted; nothing where there is none.
pub(crate) fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let doing = || format!("listing {}", folder.display());
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).doing(doing)? {
        paths.push(entry.doing(doing)?.path());
    }
    paths.sort();
    Ok(paths)
}
