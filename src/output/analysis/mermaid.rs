//! An `erDiagram` of [Mermaid](https://mermaid.js.org/syntax/entityRelationshipDiagram.html).

use super::Detail;
use crate::analyze::{Analysis, Enforcement, Field, FieldArity, FieldKind, Model, Relation, RelationKind, Role};

/// The diagram. Entities are in quotes, so that no name of a model is a word of Mermaid's own.
pub fn render(_name: &str, analysis: &Analysis, detail: Detail) -> String {
    let detail = detail.of(analysis);
    let mut text = "erDiagram\n".to_owned();
    for model in &analysis.models {
        text.push_str(&entity(model, detail));
    }
    for relation in &analysis.relations {
        text.push_str(&line(relation));
    }
    text
}

fn entity(model: &Model, detail: Detail) -> String {
    let columns: Vec<String> = detail.columns(model).map(attribute).collect();
    // An entity without attributes is written without braces, which older versions want filled.
    if columns.is_empty() {
        return format!("  \"{}\"\n", model.name);
    }
    format!("  \"{}\" {{\n{}  }}\n", model.name, columns.concat())
}

/// `Int authorId FK "optional"`
fn attribute(field: &Field) -> String {
    let mut keys = Vec::new();
    if field.has(Role::Id) {
        keys.push("PK");
    }
    if field.has(Role::ForeignKey) {
        keys.push("FK");
    }
    if field.has(Role::Unique) {
        keys.push("UK");
    }
    let list = if field.arity == FieldArity::List { "[]" } else { "" };
    let ty = match field.kind {
        FieldKind::Unsupported => "Unsupported",
        FieldKind::Scalar | FieldKind::Enum | FieldKind::Composite | FieldKind::Relation => field.ty.as_str(),
    };
    let mut remarks = Vec::new();
    if field.arity == FieldArity::Optional {
        remarks.push("optional");
    }
    if word(&field.name) != field.name {
        remarks.push(&field.name);
    }
    let remark = if remarks.is_empty() { String::new() } else { format!(" \"{}\"", remarks.join(", ")) };
    let keys = if keys.is_empty() { String::new() } else { format!(" {}", keys.join(", ")) };
    format!("    {}{list} {}{keys}{remark}\n", word(ty), word(&field.name))
}

/// A type or a name of an attribute: those that Mermaid takes for the mark of a key, in whatever case, get an underscore.
fn word(name: &str) -> String {
    let is_key = ["PK", "FK", "UK"].iter().any(|key| key.eq_ignore_ascii_case(name));
    if is_key { format!("_{name}") } else { name.to_owned() }
}

/// `"User" ||--o{ "Post" : "author"`; a dotted line where the database does not keep the relation.
fn line(relation: &Relation) -> String {
    let (one, many) = match (relation.kind, relation.required) {
        (RelationKind::ManyToMany, _) => ("}o", "o{"),
        (RelationKind::ManyToOne, true) => ("||", "o{"),
        (RelationKind::ManyToOne, false) => ("|o", "o{"),
        (RelationKind::OneToOne, true) => ("||", "o|"),
        (RelationKind::OneToOne, false) => ("|o", "o|"),
    };
    let line = match relation.enforced {
        Enforcement::ForeignKey => "--",
        Enforcement::PrismaClient | Enforcement::Nothing => "..",
    };
    let (from, to) = (&relation.from, &relation.to);
    format!("  \"{}\" {one}{line}{many} \"{}\" : \"{}\"\n", to.model, from.model, from.field)
}
