//! Real schemas as they would be on PlanetScale: `TARGET=planetscale`.

use crate::proof;
use prisma_stage::source::Sources;
use std::path::Path;

/// A pair whose relations Prisma Client keeps, as far as both texts are single files.
pub fn read(old: &Path, new: &Path) -> Result<proof::Pair, String> {
    let mut sources = Sources::default();
    let mut one = |path: &Path, name: &str| {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok::<_, String>(sources.add_schema(name, keeps_relations(&text)))
    };
    let (old, new) = (one(old, "old.prisma")?, one(new, "new.prisma")?);
    Ok(proof::Pair { sources, old, new })
}

/// The schema with `relationMode = "prisma"`.
fn keeps_relations(text: &str) -> String {
    let foreign = |line: &str| {
        let line = line.trim_start();
        line.starts_with("relationMode") || line.starts_with("referentialIntegrity")
    };
    let mut out = String::new();
    for line in text.lines().filter(|line| !foreign(line)) {
        out += line;
        out.push('\n');
        if line.starts_with("datasource ") && line.trim_end().ends_with('{') {
            out += "  relationMode = \"prisma\"\n";
        }
    }
    out
}
