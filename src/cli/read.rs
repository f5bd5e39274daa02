//! Files that arguments name.

use prisma_stage::diag::Diagnostic;
use std::collections::BTreeMap;
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

/// Table sizes: rows by the name of the table or model.
///
/// No plan depends on them yet; a file that is wrong is better said now than when one does.
pub fn stats(path: &Path) -> Result<BTreeMap<String, u64>, Box<Diagnostic>> {
    let (text, name) = text(path)?;
    serde_json::from_str(&text).map_err(|error| {
        Box::new(
            Diagnostic::error("PS0009", format!("`{name}` does not hold table sizes: {error}"))
                .help("write one object, a table or model and its number of rows each: {\"User\": 1200000}"),
        )
    })
}
