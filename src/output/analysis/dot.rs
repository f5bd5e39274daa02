//! A graph for [Graphviz](https://graphviz.org/doc/info/lang.html): `dot -Tsvg`.

use super::{Detail, words};
use crate::analyze::{Action, Analysis, Enforcement, Field, FieldKind, Model, ModelKind, Relation, RelationKind, Role};
use std::collections::HashMap;

/// The graph; what hangs together is a cluster.
pub fn render(name: &str, analysis: &Analysis, detail: Detail) -> String {
    let detail = detail.of(analysis);
    let models = analysis.by_name();
    let mut text = format!("digraph {} {{\n", quoted(name));
    text.push_str(
        "  graph [rankdir=RL, nodesep=0.4, ranksep=1.2, fontname=\"Helvetica\", style=rounded, color=\"#cbd5e1\"];\n",
    );
    text.push_str("  node [shape=plain, fontname=\"Helvetica\", fontsize=11];\n");
    text.push_str("  edge [dir=both, color=\"#64748b\", arrowsize=0.8];\n");
    for (number, part) in analysis.parts.iter().enumerate() {
        let label = format!("{} models", part.models.len());
        text.push_str(&format!("  subgraph \"cluster_{number}\" {{\n    label={};\n", quoted(&label)));
        for model in part.models.iter().filter_map(|name| models.get(name.as_str())) {
            text.push_str(&format!("  {}", node(model, detail)));
        }
        text.push_str("  }\n");
    }
    for model in analysis.alone.iter().filter_map(|name| models.get(name.as_str())) {
        text.push_str(&node(model, detail));
    }
    for relation in &analysis.relations {
        text.push_str(&edge(relation, &models, detail));
    }
    text.push_str("}\n");
    text
}

fn node(model: &Model, detail: Detail) -> String {
    let colour = match (model.kind, &model.join) {
        (ModelKind::View, _) => "#d9f3ee",
        (ModelKind::Type, _) => "#fdf0d5",
        (ModelKind::Model, Some(_)) => "#e7e5f5",
        (ModelKind::Model, None) => "#e0e7ff",
    };
    let rows: String = detail.columns(model).map(row).collect();
    format!(
        "  {} [tooltip={}, label=<<table border=\"0\" cellborder=\"1\" cellspacing=\"0\" cellpadding=\"4\" color=\"#94a3b8\">\
         <tr><td port=\"_\" bgcolor=\"{colour}\"><b>{}</b></td></tr>{rows}</table>>];\n",
        quoted(&model.name),
        quoted(&[vec![model.name.clone()], words::remarks(model)].concat().join(", ")),
        html(&model.name)
    )
}

fn row(field: &Field) -> String {
    let mark = match (field.has(Role::Id), field.has(Role::ForeignKey), field.has(Role::Unique)) {
        (true, true, _) => "PF ",
        (true, false, _) => "PK ",
        (false, true, _) => "FK ",
        (false, false, true) => "UK ",
        (false, false, false) => "",
    };
    let ty = match field.kind {
        FieldKind::Unsupported => "Unsupported".to_owned(),
        FieldKind::Scalar | FieldKind::Enum | FieldKind::Composite | FieldKind::Relation => field.full_type(),
    };
    format!(
        "<tr><td port=\"{0}\" align=\"left\">{mark}{0} <font color=\"#6b7280\">{1}</font></td></tr>",
        html(&field.name),
        html(&ty)
    )
}

/// From the row that points to the row that is pointed at.
fn edge(relation: &Relation, models: &HashMap<&str, &Model>, detail: Detail) -> String {
    let (tail, head) = match (relation.kind, relation.required) {
        (RelationKind::ManyToMany, _) => ("crowodot", "crowodot"),
        (RelationKind::ManyToOne, true) => ("crowodot", "teetee"),
        (RelationKind::ManyToOne, false) => ("crowodot", "teeodot"),
        (RelationKind::OneToOne, true) => ("teeodot", "teetee"),
        (RelationKind::OneToOne, false) => ("teeodot", "teeodot"),
    };
    let style = match relation.enforced {
        Enforcement::ForeignKey => "",
        Enforcement::PrismaClient => ", style=dashed",
        Enforcement::Nothing => ", style=dotted",
    };
    let colour = if relation.on_delete == Some(Action::Cascade) { ", color=\"#d2522b\"" } else { "" };
    let port = |model: &str, fields: &[String]| {
        let shown = models.get(model).into_iter().flat_map(|model| detail.columns(model));
        let wanted = fields.first();
        let field = shown.map(|field| &field.name).find(|name| Some(*name) == wanted);
        format!("{}:{}", quoted(model), quoted(field.map_or("_", |field| field)))
    };
    format!(
        "  {} -> {} [arrowtail={tail}, arrowhead={head}{style}{colour}, tooltip={}];\n",
        port(&relation.from.model, &relation.fields),
        port(&relation.to.model, &relation.references),
        quoted(&words::sentence(relation))
    )
}

/// A string of the DOT language. It knows one escape; a backslash is kept from being another by one more.
fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", text.replace(|c: char| c.is_control(), " "))
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
