//! Cards: a model, view, composite type or enum with its rows.

use super::text::{FIELD, HEADING, clip, escape, measure};
use crate::analyze::{Enum, Field, FieldKind, Model, ModelKind, Role};
use crate::layout::{Point, Size};
use crate::output::analysis::{Detail, words};

/// Height of a card's head.
pub(super) const HEAD: i32 = 27;
/// Height of a row.
pub(super) const ROW: i32 = 19;
/// Below the last row.
const FOOT: i32 = 5;
/// From the left edge to the name of a field.
const NAMES: i32 = 36;
/// Between the names and the types.
const GUTTER: i32 = 18;
/// From the types to the right edge.
const EDGE: i32 = 10;
/// No name is shown wider, in columns.
const NAME_COLUMNS: usize = 34;
/// No type is.
const TYPE_COLUMNS: usize = 26;
/// So many values of an enum are shown.
const VALUES: usize = 12;

/// A card.
pub(super) struct Card {
    /// The name, whole.
    pub name: String,
    /// Its class.
    class: String,
    /// What stands at the right of the head.
    badge: String,
    /// What is said where the pointer rests.
    about: String,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// A row of a card.
pub(super) struct Row {
    /// The name of its field; empty of a row that is none.
    pub field: String,
    mark: &'static str,
    text: String,
    kind: String,
    about: String,
    class: &'static str,
    /// Relations that lead out of the frame from here.
    pub links: Vec<Link>,
}

/// A relation that is not drawn as a wire.
pub(super) struct Link {
    /// The relation's name.
    pub relation: String,
    /// The model that it leads to.
    pub to: String,
    /// What is said where the pointer rests.
    pub about: String,
}

impl Card {
    pub(super) fn of_model(model: &Model, detail: Detail, in_focus: bool) -> Card {
        let class = match (model.kind, &model.join) {
            (ModelKind::View, _) => "view",
            (ModelKind::Type, _) => "type",
            (ModelKind::Model, Some(_)) => "join",
            (ModelKind::Model, None) => "model",
        };
        let mut badges: Vec<&str> = match (model.kind, &model.join) {
            (ModelKind::View, _) => vec!["view"],
            (ModelKind::Type, _) => vec!["type"],
            (ModelKind::Model, Some(_)) => vec!["n-n"],
            (ModelKind::Model, None) => vec![],
        };
        badges.extend(model.schema.as_deref());
        let mut class = class.to_owned();
        if model.ignored {
            badges.push("ignored");
            class.push_str(" ignored");
        }
        if in_focus {
            class.push_str(" focus");
        }
        let mut rows: Vec<Row> = detail.columns(model).map(Row::of).collect();
        let hidden = model.columns as usize - rows.len();
        if hidden > 0 {
            rows.push(Row::plain(&crate::output::style::count(
                hidden,
                if rows.is_empty() { "column" } else { "more column" },
            )));
        }
        let mut about = vec![model.name.clone()];
        if model.kind != ModelKind::Type {
            about.push(format!("a row is known by {}", words::identity(&model.identity)));
        }
        about.extend(words::remarks(model));
        about.extend(model.docs.as_deref().map(|docs| clip(docs, 400)));
        Card { name: model.name.clone(), class, badge: clip(&badges.join(" · "), 24), about: about.join("\n"), rows }
    }

    pub(super) fn of_enum(item: &Enum) -> Card {
        let mut rows: Vec<Row> = item.values.iter().take(VALUES).map(|value| Row::value(value)).collect();
        if item.values.len() > VALUES {
            rows.push(Row::plain(&format!("{} more", item.values.len() - VALUES)));
        }
        let users: Vec<&str> = item.used_by.iter().take(20).map(|user| user.field.as_str()).collect();
        let about = match &users[..] {
            [] => format!("{}\nused by nothing", item.name),
            users => format!("{}\nused by {}", item.name, users.join(", ")),
        };
        Card { name: item.name.clone(), class: "enum".to_owned(), badge: "enum".to_owned(), about, rows }
    }

    /// Adds a row that is no field.
    pub(super) fn note(&mut self, text: &str, about: String, links: Vec<Link>) {
        self.rows.push(Row { about, links, ..Row::plain(text) });
    }

    pub(super) fn size(&self) -> Size {
        let head = 10 + measure(&clip(&self.name, NAME_COLUMNS), HEADING) + 14 + measure(&self.badge, 62) + EDGE;
        let rows = self.rows.iter().map(Row::width).max().unwrap_or_default();
        let count = i32::try_from(self.rows.len()).unwrap_or(i32::MAX / 1000);
        let height = HEAD + if count > 0 { count * ROW + FOOT } else { 0 };
        Size { width: head.max(rows).max(110), height }
    }

    /// How far below the upper edge the middle of a field's row is; the head's if the field is not shown.
    pub(super) fn port(&self, field: Option<&str>) -> i32 {
        let row = field.and_then(|field| self.rows.iter().position(|row| row.field == field));
        row.map_or(HEAD / 2, |row| HEAD + i32::try_from(row).unwrap_or_default() * ROW + ROW / 2 + 1)
    }

    pub(super) fn draw(&self, at: Point, size: Size, svg: &mut String) {
        let Size { width, height } = size;
        let id = if self.class.starts_with("enum") { "enum" } else { "model" };
        svg.push_str(&format!(
            "<g class=\"{}\" id=\"{id}-{}\" transform=\"translate({} {})\"><title>{}</title>",
            self.class,
            escape(&self.name),
            at.x,
            at.y,
            escape(&self.about)
        ));
        svg.push_str(&format!("<rect class=\"card\" width=\"{width}\" height=\"{height}\" rx=\"5\"/>"));
        let head = match self.rows.is_empty() {
            true => format!(
                "<rect class=\"head\" x=\".5\" y=\".5\" width=\"{}\" height=\"{}\" rx=\"4.5\"/>",
                width - 1,
                HEAD - 1
            ),
            false => format!(
                "<path class=\"head\" d=\"M.5 {HEAD}V5a4.5 4.5 0 0 1 4.5-4.5h{}a4.5 4.5 0 0 1 4.5 4.5V{HEAD}z\"/>",
                width - 10
            ),
        };
        svg.push_str(&head);
        svg.push_str(&format!(
            "<text class=\"name\" x=\"10\" y=\"18\">{}</text>",
            escape(&clip(&self.name, NAME_COLUMNS))
        ));
        if !self.badge.is_empty() {
            svg.push_str(&format!(
                "<text class=\"badge\" x=\"{}\" y=\"17\" text-anchor=\"end\">{}</text>",
                width - EDGE,
                escape(&self.badge)
            ));
        }
        svg.push('\n');
        for (place, row) in self.rows.iter().enumerate() {
            row.draw(HEAD + i32::try_from(place).unwrap_or_default() * ROW, width, svg);
        }
        svg.push_str("</g>\n");
    }
}

impl Row {
    fn of(field: &Field) -> Row {
        let mark = match (field.has(Role::Id), field.has(Role::ForeignKey), field.has(Role::Unique)) {
            (true, true, _) => "PF",
            (true, false, _) => "PK",
            (false, true, _) => "FK",
            (false, false, true) => "UK",
            (false, false, false) => "",
        };
        let mut about = vec![format!("{} {}", field.name, field.full_type())];
        about.extend(field.native.as_ref().map(|native| format!("in the database {native}")));
        about.extend(field.default.as_ref().map(|default| format!("by default {default}")));
        about.extend(
            field.column.as_ref().filter(|column| **column != field.name).map(|column| format!("column {column}")),
        );
        about.extend(field.docs.as_deref().map(|docs| clip(docs, 300)));
        let kind = match field.kind {
            FieldKind::Unsupported => "Unsupported".to_owned(),
            FieldKind::Scalar | FieldKind::Enum | FieldKind::Composite | FieldKind::Relation => field.full_type(),
        };
        Row {
            field: field.name.clone(),
            mark,
            text: clip(&field.name, NAME_COLUMNS),
            kind: clip(&kind, TYPE_COLUMNS),
            about: about.join("\n"),
            class: if field.ignored { "more" } else { "" },
            links: Vec::new(),
        }
    }

    fn plain(text: &str) -> Row {
        Row { class: "more", ..Row::value(text) }
    }

    fn value(text: &str) -> Row {
        Row {
            field: String::new(),
            mark: "",
            text: clip(text, NAME_COLUMNS),
            kind: String::new(),
            about: String::new(),
            class: "",
            links: Vec::new(),
        }
    }

    /// Where its text begins: fields leave room for their marks.
    fn start(&self) -> i32 {
        if self.field.is_empty() { 10 } else { NAMES }
    }

    /// What stands at the right: the type, or where it leads.
    fn right(&self) -> String {
        let links: Vec<String> = self.links.iter().map(Link::text).collect();
        if links.is_empty() { self.kind.clone() } else { links.join(" ") }
    }

    fn width(&self) -> i32 {
        let right = measure(&self.right(), FIELD);
        self.start() + measure(&self.text, FIELD) + if right > 0 { GUTTER + right } else { 0 } + EDGE
    }

    fn draw(&self, y: i32, width: i32, svg: &mut String) {
        let base = y + 14;
        if y > HEAD {
            svg.push_str(&format!("<path class=\"rule\" d=\"M1 {y}.5h{}\"/>", width - 2));
        }
        svg.push_str("<g>");
        if !self.about.is_empty() {
            svg.push_str(&format!("<title>{}</title>", escape(&self.about)));
        }
        if !self.mark.is_empty() {
            svg.push_str(&format!("<text class=\"mark\" x=\"12\" y=\"{base}\">{}</text>", self.mark));
        }
        let class = if self.class.is_empty() { String::new() } else { format!(" class=\"{}\"", self.class) };
        svg.push_str(&format!("<text{class} x=\"{}\" y=\"{base}\">{}</text>", self.start(), escape(&self.text)));
        let mut right = width - EDGE;
        if self.links.is_empty() && !self.kind.is_empty() {
            svg.push_str(&format!(
                "<text class=\"kind\" x=\"{right}\" y=\"{base}\" text-anchor=\"end\">{}</text>",
                escape(&self.kind)
            ));
        }
        for link in self.links.iter().rev() {
            svg.push_str(&format!(
                "<a href=\"#model-{0}\" data-relation=\"{1}\"><title>{2}</title><text class=\"link\" x=\"{right}\" y=\"{base}\" \
                 text-anchor=\"end\">{3}</text></a>",
                escape(&link.to),
                escape(&link.relation),
                escape(&link.about),
                escape(&link.text())
            ));
            right -= measure(&(link.text() + " "), FIELD);
        }
        svg.push_str("</g>\n");
    }
}

impl Link {
    fn text(&self) -> String {
        format!("→ {}", clip(&self.to, TYPE_COLUMNS))
    }
}
