//! The words of the command line that a case of the corpus is planned with.

use prisma_stage::stats::Stats;
use prisma_stage::{Assume, Options, Strategy};
use std::error::Error;
use std::path::Path;

/// The words of the command line in `options.toml`.
pub fn options(case: &Path) -> Result<Options, Box<dyn Error>> {
    let mut options = Options::default();
    if let Ok(text) = std::fs::read_to_string(case.join("stats.json")) {
        options.stats = Some(Stats::parse(&text, "stats.json").map_err(|diagnostic| diagnostic.message)?);
    }
    let Ok(text) = std::fs::read_to_string(case.join("options.toml")) else { return Ok(options) };
    let table: toml::Table = text.parse()?;
    for (key, value) in &table {
        let words: Vec<String> = match value {
            toml::Value::Array(all) => all.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect(),
            other => other.as_str().map(str::to_owned).into_iter().collect(),
        };
        match key.as_str() {
            "rename" => options.renames = words,
            "strategy" if words == ["direct"] => options.strategy = Strategy::Direct,
            "target" => options.target = words.into_iter().next(),
            "assume" => {
                for word in words {
                    let known = Assume::ALL.iter().find(|(name, _)| *name == word).map(|(_, assume)| *assume);
                    options.assume.push(known.ok_or_else(|| format!("--assume {word} is unknown"))?);
                }
            }
            other => return Err(format!("{other:?} is no key of options.toml").into()),
        }
    }
    Ok(options)
}
