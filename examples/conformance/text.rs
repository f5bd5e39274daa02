//! MySQL's DDL against what an earlier engine of Prisma wrote for the same schemas (`../shared/truth`): that engine is not to be had
//! any more, so texts are compared, line by line, whatever their order.

use crate::schemas::Schema;
use crate::{Options, ours, say};
use prisma_stage::input::{ReadOptions, read_schema};
use prisma_stage::live::{Doing, Result};
use prisma_stage::source::Sources;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Compares all schemas whose DDL is there; gives how many differ.
pub(crate) fn run(options: &Options) -> Result<usize> {
    let folder = options.shared.join("truth/mysql");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        return Ok(say("conformance: skipped, there is no DDL of MySQL to hold ours against (../shared/truth)", 0));
    };
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    let (mut count, mut wrong) = (0, 0);
    for file in files {
        let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let Some((pair, side)) = name.strip_suffix(".sql").and_then(|n| n.rsplit_once('.')) else { continue };
        if side == "diff" || !name.contains(&options.only) {
            continue;
        }
        let path = options.shared.join("corpus").join(pair.replace("__", "/")).join(format!("{side}.prisma"));
        let theirs = std::fs::read_to_string(&file).doing(|| format!("reading {}", file.display()))?;
        count += 1;
        let lines = judge(&path, &theirs);
        if !lines.is_empty() {
            wrong += 1;
            say(&format!("WRONG: {}", path.display()), ());
            lines.iter().take(8).for_each(|line| say(&format!("    {line}"), ()));
        }
    }
    say(&format!("{count} schemas: {} equal, {wrong} WRONG", count - wrong), Ok(wrong))
}

fn judge(path: &Path, theirs: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let files = match read_schema(&mut sources, &path.to_string_lossy(), &ReadOptions::default()) {
        Ok(files) => files,
        Err(why) => return vec![why.message],
    };
    let ours = match ours::ddl(&Schema { path: path.to_path_buf(), sources, files }) {
        Ok(ours) => ours,
        Err(lines) => return lines,
    };
    let (ours, theirs) = (lines(&ours), lines(theirs));
    let missing = theirs.difference(&ours).map(|line| format!("- {line}"));
    let more = ours.difference(&theirs).map(|line| format!("+ {line}"));
    missing.chain(more).collect()
}

/// What is said, each line with the table it is about.
fn lines(sql: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut table = String::new();
    for line in sql.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("--")) {
        let line = line.trim_end_matches([',', ';']).replace("IF NOT EXISTS ", "");
        // An order that is the usual one need not be said.
        let line = line.replace("` ASC", "`");
        if line.starts_with("CREATE TABLE ") {
            table.clone_from(&line);
        }
        let of = if line.starts_with("ALTER") { "" } else { table.as_str() };
        all.insert(format!("{of} {line}"));
    }
    all
}
