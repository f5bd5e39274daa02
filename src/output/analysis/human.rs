//! For a terminal: aligned tables, the widest question first.

use super::table::Table;
use super::words;
use crate::analyze::{Analysis, Deletion, FieldKind, Focus, Model, Relation, Role};
use crate::output::style::{Ink, Style, count};
use std::collections::HashMap;

/// Of what one way leads to, or what is in a part, so much is shown before the rest is only counted.
const SHOWN: usize = 60;

/// What the schema `name` is like.
pub fn render(name: &str, analysis: &Analysis, style: Style) -> String {
    let mut text = Text { lines: Vec::new(), style };
    text.head(name, analysis);
    if let Some(focus) = &analysis.focus {
        for model in focus.models.iter().filter_map(|name| analysis.model(name)) {
            text.fields(model);
        }
    }
    text.parts(analysis);
    text.models(analysis);
    text.relations(analysis);
    text.deletions(analysis);
    text.indexes(analysis);
    text.enums(analysis);
    text.types(analysis);
    let mut lines = text.lines.join("\n");
    lines.push('\n');
    lines
}

struct Text {
    lines: Vec<String>,
    style: Style,
}

impl Text {
    fn say(&mut self, sentence: &str, indent: usize) {
        self.lines.extend(self.style.wrap(sentence, indent, 2));
    }

    fn heading(&mut self, heading: &str, about: &str) {
        self.lines.push(String::new());
        let (heading, about) = (self.style.ink(Ink::Heading, heading), self.style.ink(Ink::Faint, about));
        self.lines.push(format!("{heading}  {about}").trim_end().to_owned());
    }

    fn table(&mut self, heading: &str, about: &str, table: &Table) {
        if !table.is_empty() {
            self.heading(heading, about);
            self.lines.extend(table.lines(self.style));
        }
    }

    fn head(&mut self, name: &str, analysis: &Analysis) {
        let style = self.style;
        let summary = format!("{}, {}", words::provider(analysis), words::summary(analysis));
        self.lines.push(format!("{}: {summary}", style.ink(Ink::Heading, name)));
        if let Some(Focus { models, depth, left_out }) = &analysis.focus {
            let relations = count(*depth as usize, "relation");
            let rest = count(*left_out as usize, "model");
            self.say(&format!("around {}, at most {relations} away; {rest} left out", models.join(", ")), 0);
        }
        if !analysis.relations.is_empty() {
            self.say(words::kept_by(analysis), 0);
        }
    }

    fn fields(&mut self, model: &Model) {
        let mut table = Table::new(&["field", "type", "part of", "default", "in the database", "about"]);
        for field in &model.fields {
            let roles = field.roles.iter().map(|role| match role {
                Role::Id => "id",
                Role::Unique => "unique",
                Role::PartOfUnique => "a unique",
                Role::ForeignKey => "foreign key",
            });
            let column = field.column.as_ref().filter(|column| **column != field.name);
            let stored: Vec<&str> = field.native.iter().chain(column).map(String::as_str).collect();
            table.row(vec![
                field.name.clone(),
                field.full_type(),
                if field.kind == FieldKind::Relation {
                    "relation".to_owned()
                } else {
                    roles.collect::<Vec<_>>().join(", ")
                },
                field.default.clone().unwrap_or_default(),
                stored.join(" "),
                field.docs.as_ref().map(|docs| docs.replace('\n', " ")).unwrap_or_default(),
            ]);
        }
        self.table(&model.name, &words::remarks(model).join(", "), &table);
        if let Some(docs) = &model.docs {
            self.say(&docs.replace('\n', " "), 2);
        }
    }

    fn models(&mut self, analysis: &Analysis) {
        let mut table = Table::new(&["model", "columns", "a row is known by", "points at", "pointed at by", "remarks"]);
        let mut ends: HashMap<&str, (Vec<&str>, Vec<&str>)> = HashMap::new();
        for Relation { from, to, .. } in &analysis.relations {
            ends.entry(&from.model).or_default().0.push(&to.model);
            ends.entry(&to.model).or_default().1.push(&from.model);
        }
        for model in &analysis.models {
            let (to, from) = ends.remove(model.name.as_str()).unwrap_or_default();
            table.row(vec![
                model.name.clone(),
                model.columns.to_string(),
                words::identity(&model.identity),
                few(to),
                few(from),
                words::remarks(model).join("; "),
            ]);
        }
        self.table("Models", "", &table);
    }

    fn relations(&mut self, analysis: &Analysis) {
        let models = analysis.by_name();
        let mut table = Table::new(&["from", "kind", "to", "key", "on delete", "remarks"]);
        for relation in &analysis.relations {
            let mut remarks = Vec::new();
            if relation.reflexive {
                remarks.push("self");
            }
            if relation.has_key() && !relation.required {
                remarks.push("optional");
            }
            if words::is_unindexed(relation) {
                remarks.push("no index");
            }
            table.row(vec![
                relation.from.label(),
                relation.symbol().to_owned(),
                relation.to.label(),
                words::key(relation, models.get(relation.to.model.as_str())),
                words::on_delete(relation, analysis),
                remarks.join(", "),
            ]);
        }
        self.table("Relations", "n-1: many rows of the left one point at one of the right one", &table);
    }

    fn deletions(&mut self, analysis: &Analysis) {
        if !analysis.deletions.is_empty() {
            let effects = analysis.deletions.iter().flat_map(Deletion::walk_effects);
            let note = if effects.into_iter().any(|effect| effect.also_deleted) { words::ALSO_MEANS } else { "" };
            let about = ["what goes with a row, followed to the end", note].join("  ");
            self.heading("Deletes", about.trim_end());
        }
        for deletion in &analysis.deletions {
            self.deletion(deletion);
        }
    }

    fn deletion(&mut self, deletion: &Deletion) {
        let told = words::deletion(deletion);
        let heads: Vec<&str> = told.iter().map(|told| told.head.as_str()).collect();
        let mut head = format!("{}: {}", deletion.model, heads.join("; "));
        // What takes one line is told in one.
        let mut is_told = false;
        if let ([told], []) = (&told[..], &deletion.join_tables[..])
            && let [(through, affected)] = &words::ways(deletion, told)[..]
            && through.is_empty()
            && affected.len() <= 3
        {
            head.push_str(&format!(": {}", affected.join(", ")));
            is_told = true;
        }
        let mut lines = self.style.wrap(&head, 2, 2);
        if let Some(first) = lines.first_mut()
            && let Some(rest) = first.strip_prefix(&format!("  {}", deletion.model))
        {
            *first = format!("  {}{rest}", self.style.ink(Ink::Code, &deletion.model));
        }
        self.lines.extend(lines);
        if deletion.recursive {
            self.say("level by level: cascades go round, to rows that point at rows which went", 4);
        }
        for told in told.iter().filter(|_| !is_told) {
            for (through, affected) in words::ways(deletion, told) {
                self.say(&format!("{} {}", words::by_way(&through, told.verb), some(&affected)), 4);
            }
        }
        if !deletion.join_tables.is_empty() {
            self.say(&format!("deletes links in {}", deletion.join_tables.join(", ")), 4);
        }
        if deletion.not_listed > 0 {
            self.say(&format!("and {} that are not listed", count(deletion.not_listed as usize, "effect")), 4);
        }
    }

    fn indexes(&mut self, analysis: &Analysis) {
        let mut table = Table::new(&["model", "index", "fields", "serves"]);
        for model in &analysis.models {
            for index in &model.indexes {
                let mut kind = words::index_kind(index.kind).to_owned();
                kind.extend(index.method.iter().map(|method| format!(" {method}")));
                if index.partial {
                    kind.push_str(", some rows");
                }
                let fields: Vec<String> = index
                    .fields
                    .iter()
                    .map(|field| if index.descending.contains(field) { format!("{field} desc") } else { field.clone() })
                    .collect();
                table.row(vec![model.name.clone(), kind, fields.join(", "), words::purposes(&index.serves)]);
            }
        }
        self.table("Indexes", "and what they are good for", &table);
    }

    fn enums(&mut self, analysis: &Analysis) {
        let mut table = Table::new(&["enum", "values", "used by (default)"]);
        for item in &analysis.enums {
            table.row(vec![item.name.clone(), item.values.join(", "), words::users(item)]);
        }
        self.table("Enums", "", &table);
    }

    fn types(&mut self, analysis: &Analysis) {
        let mut table = Table::new(&["type", "fields"]);
        for ty in &analysis.types {
            let fields: Vec<String> =
                ty.fields.iter().map(|field| format!("{} {}", field.name, field.full_type())).collect();
            table.row(vec![ty.name.clone(), fields.join(", ")]);
        }
        self.table("Composite types", "", &table);
    }

    fn parts(&mut self, analysis: &Analysis) {
        // What a neighbourhood falls into says nothing of the schema.
        if analysis.focus.is_some() {
            return;
        }
        if analysis.parts.len() + analysis.alone.len() < 2 && analysis.parts.iter().all(|part| part.hinges.is_empty()) {
            return;
        }
        self.heading("Parts", "what hangs together by relations");
        for part in &analysis.parts {
            let around =
                if part.around.is_empty() { String::new() } else { format!(" around {}", part.around.join(", ")) };
            let models = count(part.models.len(), "model");
            self.say(&format!("{models}{around}: {}", some(&part.models)), 2);
            for hinge in part.hinges.iter().take(3) {
                self.say(&words::hinge(hinge), 4);
            }
        }
        if !analysis.alone.is_empty() {
            self.say(&format!("tied to no other: {}", some(&analysis.alone)), 2);
        }
    }
}

/// Names; of very many, the first.
fn some(names: &[String]) -> String {
    let more = names.len().saturating_sub(SHOWN);
    let shown = names[..names.len() - more].join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

/// Names, each once, with how often it comes; of many, the first.
fn few(names: Vec<&str>) -> String {
    let mut counted: Vec<(&str, usize)> = Vec::new();
    for name in names {
        match counted.iter_mut().find(|(known, _)| *known == name) {
            Some((_, times)) => *times += 1,
            None => counted.push((name, 1)),
        }
    }
    let shown: Vec<String> = counted
        .iter()
        .take(2)
        .map(|(name, times)| if *times > 1 { format!("{name} ×{times}") } else { (*name).to_owned() })
        .collect();
    let more = counted.len() - shown.len();
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}
