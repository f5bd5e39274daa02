//! For a page of documentation: the tables of a terminal as Markdown, and the diagram as Mermaid, which many places draw.

use super::{Detail, mermaid, words};
use crate::analyze::Analysis;
use crate::output::style::count;

/// Mermaid draws no more relations, and takes no longer text, unless it is told to.
const DRAWN: (usize, usize) = (400, 45_000);

/// What the schema `name` is like.
pub fn render(name: &str, analysis: &Analysis, detail: Detail) -> String {
    let mut text = format!("# {}\n\n{}, {}", plain(name), words::provider(analysis), words::summary(analysis));
    if !analysis.relations.is_empty() {
        text.push_str(&format!("; {}", words::kept_by(analysis)));
    }
    text.push_str(".\n");
    if let Some(focus) = &analysis.focus {
        let models = focus.models.join(", ");
        text.push_str(&format!("\nAround {models}; {} left out.\n", count(focus.left_out as usize, "model")));
    }
    let diagram = mermaid::render(name, analysis, detail);
    if analysis.relations.len() <= DRAWN.0 && diagram.len() <= DRAWN.1 {
        text.push_str(&format!("\n```mermaid\n{diagram}```\n"));
    }
    models(&mut text, analysis);
    relations(&mut text, analysis);
    deletions(&mut text, analysis);
    indexes(&mut text, analysis);
    enums(&mut text, analysis);
    types(&mut text, analysis);
    parts(&mut text, analysis);
    text
}

fn models(text: &mut String, analysis: &Analysis) {
    table(
        text,
        "Models",
        &["model", "columns", "a row is known by", "remarks"],
        analysis.models.iter().map(|model| {
            let mut remarks = words::remarks(model);
            remarks.extend(model.docs.as_ref().map(|docs| docs.replace('\n', " ")));
            vec![code(&model.name), model.columns.to_string(), words::identity(&model.identity), remarks.join("; ")]
        }),
    );
}

fn relations(text: &mut String, analysis: &Analysis) {
    table(
        text,
        "Relations",
        &["from", "", "to", "key", "kept by, on delete"],
        analysis.relations.iter().map(|relation| {
            let key = match &relation.fields[..] {
                [] => String::new(),
                fields => format!("{} → {}", fields.join(", "), relation.references.join(", ")),
            };
            vec![
                code(&relation.from.label()),
                words::kind(relation).to_owned(),
                code(&relation.to.label()),
                key,
                words::enforcement(relation),
            ]
        }),
    );
}

fn deletions(text: &mut String, analysis: &Analysis) {
    if analysis.deletions.is_empty() {
        return;
    }
    text.push_str(&format!("\n## What goes with a row\n\n{}.\n\n", plain(words::ALSO_MEANS)));
    for deletion in &analysis.deletions {
        let heads: Vec<String> = words::deletion(deletion).into_iter().map(|told| told.head).collect();
        text.push_str(&format!("- **{}**: {}\n", plain(&deletion.model), heads.join("; ")));
        for told in words::deletion(deletion) {
            for (through, affected) in words::ways(deletion, &told) {
                let way = words::by_way(&through, told.verb);
                text.push_str(&format!("  - {}\n", plain(&format!("{way} {}", affected.join(", ")))));
            }
        }
        if !deletion.join_tables.is_empty() {
            text.push_str(&format!(
                "  - {}\n",
                plain(&format!("deletes links in {}", deletion.join_tables.join(", ")))
            ));
        }
    }
}

fn indexes(text: &mut String, analysis: &Analysis) {
    let rows = analysis.models.iter().flat_map(|model| {
        model.indexes.iter().map(|index| {
            let kind = words::index_kind(index.kind).to_owned();
            vec![code(&model.name), kind, index.fields.join(", "), words::purposes(&index.serves)]
        })
    });
    table(text, "Indexes", &["model", "index", "fields", "serves"], rows);
}

fn enums(text: &mut String, analysis: &Analysis) {
    let rows = analysis.enums.iter().map(|item| vec![code(&item.name), item.values.join(", "), words::users(item)]);
    table(text, "Enums", &["enum", "values", "used by (default)"], rows);
}

fn types(text: &mut String, analysis: &Analysis) {
    let rows = analysis.types.iter().map(|ty| {
        let fields: Vec<String> =
            ty.fields.iter().map(|field| format!("{} {}", field.name, field.full_type())).collect();
        vec![code(&ty.name), fields.join(", ")]
    });
    table(text, "Composite types", &["type", "fields"], rows);
}

fn parts(text: &mut String, analysis: &Analysis) {
    if analysis.focus.is_some() || analysis.parts.len() + analysis.alone.len() < 2 {
        return;
    }
    text.push_str("\n## Parts\n\n");
    for part in &analysis.parts {
        text.push_str(&format!("- {}: {}\n", count(part.models.len(), "model"), plain(&part.models.join(", "))));
    }
    if !analysis.alone.is_empty() {
        text.push_str(&format!("- tied to no other: {}\n", plain(&analysis.alone.join(", "))));
    }
}

fn table(text: &mut String, heading: &str, heads: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return;
    }
    text.push_str(&format!("\n## {heading}\n\n| {} |\n|{}\n", heads.join(" | "), "---|".repeat(heads.len())));
    for row in rows {
        // Code is safe but for the bar; the rest is made so.
        let cells: Vec<String> =
            row.iter().map(|cell| if cell.starts_with('`') { cell.replace('|', "\\|") } else { plain(cell) }).collect();
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
}

fn code(name: &str) -> String {
    format!("`{name}`")
}

/// Text that is only text: what Markdown or HTML would take for something else is escaped.
fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' => escaped.extend(['\\', c]),
            '&' => escaped.push_str("&amp;"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
