//! What the build script does.

use prisma_stage::folder::{self, Existing};
use prisma_stage::input::{ReadOptions, read_schema};
use prisma_stage::output::{files, report, words};
use prisma_stage::source::Sources;
use prisma_stage::{Options, Outcome, compile, ends};
use std::path::Path;

/// Compiles the plan of the schemas under `root` to `out/plan`, and compares it with `root/plan`.
pub fn build(root: &Path, out: &Path) -> Result<(), String> {
    let mut sources = Sources::default();
    let mut read = |name: &str| {
        let path = root.join("prisma").join(name);
        read_schema(&mut sources, &path.display().to_string(), &ReadOptions::default()).map_err(|d| d.message)
    };
    let old = read("deployed.prisma")?;
    let new = read("schema.prisma")?;

    let options = Options::default();
    let files = match compile(&sources, Some(&old), Some(&new), &options) {
        Outcome::Plan { mut script, .. } => {
            // With this `prisma-stage rehearse` needs nothing but the folder.
            script.ends = ends(&sources, Some(&old), Some(&new), &options).ok();
            files::files(&script)
        }
        outcome => return Err(report::render(&sources, outcome.diagnostics(), false)),
    };
    folder::write(&out.join("plan"), &files, Existing::PlansOnly).map_err(|d| d.message)?;

    let checked_in = root.join("plan");
    if checked_in.exists() {
        let differences = folder::check(&checked_in, &files).map_err(|d| d.message)?;
        if let Some(first) = differences.first() {
            return Err(format!(
                "plan/{} is {}: run `prisma-stage diff prisma/deployed.prisma prisma/schema.prisma -o plan`",
                first.path,
                words::how(first.how)
            ));
        }
    }
    Ok(())
}
