//! Files that arguments name.

use prisma_stage::diag::Diagnostic;
use prisma_stage::stats::Stats;
use std::path::Path;

/// A text file, and the name it goes by.
pub fn text(path: &Path) -> Result<(String, String), Box<Diagnostic>> {
    let name = path.display().to_string();
    let unreadable = |why: String| Box::new(Diagnostic::error("PS0001", format!("cannot read `{name}`: {why}")));
    let bytes = std::fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    let text = String::from_utf8(bytes)
        .map_err(|error| unreadable(format!("it is not UTF-8 at byte {}", error.utf8_error().valid_up_to())))?;
    Ok((text, name))
}

/// Table sizes.
pub fn stats(path: &Path) -> Result<Stats, Box<Diagnostic>> {
    let (text, name) = text(path)?;
    Stats::parse(&text, &name)
}
