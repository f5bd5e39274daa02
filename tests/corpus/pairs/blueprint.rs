//! A schema as a value that proptest can make, change and shrink, and its text.

use std::fmt::Write;

/// Names that a database may have, and that nobody should write.
pub const HOSTILE: [&str; 24] = [
    "a b",
    "$ps$",
    "x;y",
    "🦀 crab",
    "select",
    "order",
    "ünïcode",
    "back\\slash",
    "quo\"te",
    "it's",
    "--c",
    "/*c*/",
    "%s",
    "a.b",
    "CamelCase",
    "$1",
    "{x}",
    "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn",
    "éééééééééééééééééééééééééééééé",
    "end;",
    "1st",
    "old",
    "new",
    "id2",
];

/// Types: as Prisma writes them, and constants that fit.
pub const TYPES: [(&str, &str, &[&str]); 16] = [
    ("Int", "", &["0", "7", "-3"]),
    ("String", "", &["\"a\"", "\"it's\"", "\"\"", "\"$ps$\"", "\"x\\\\y\""]),
    ("Boolean", "", &["true", "false"]),
    ("BigInt", "", &["0", "9000000000"]),
    ("Float", "", &["1.5", "0"]),
    ("Decimal", "", &["1.25", "0"]),
    ("DateTime", "", &["now()", "\"2020-01-01T00:00:00Z\""]),
    ("Json", "", &["\"{\\\"a\\\":1}\"", "\"[]\""]),
    ("Bytes", "", &["\"AQID\""]),
    ("Int", "@db.SmallInt", &["0", "7"]),
    ("String", "@db.VarChar(20)", &["\"a\"", "\"it's\""]),
    ("String", "@db.VarChar(200)", &["\"a\"", "\"\""]),
    ("String", "@db.Uuid", &["uuid()"]),
    ("Decimal", "@db.Decimal(10, 2)", &["1.25", "0"]),
    ("DateTime", "@db.Timestamptz(3)", &["now()"]),
    ("DateTime", "@db.Date", &["now()"]),
];

/// A schema.
#[derive(Clone, Debug, Default)]
pub struct Blueprint {
    pub enums: Vec<Enum>,
    pub models: Vec<Model>,
    pub links: Vec<Link>,
}

/// A name in the schema, the one in the database, and the name it had before.
#[derive(Clone, Debug, Default)]
pub struct Named {
    pub name: String,
    pub map: Option<String>,
    pub from: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Enum {
    pub named: Named,
    pub values: Vec<Named>,
}

#[derive(Clone, Debug)]
pub struct Model {
    pub named: Named,
    pub id: Id,
    pub fields: Vec<Field>,
    pub indexes: Vec<Index>,
}

/// How the rows of a model are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Id {
    Numbered,
    BigNumbered,
    Uuid,
    Text,
    /// Two fields.
    Two,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    Required,
    Optional,
    List,
}

#[derive(Clone, Debug)]
pub struct Field {
    pub named: Named,
    /// Which of [`TYPES`].
    pub ty: usize,
    /// Which enum instead, by name.
    pub of: Option<String>,
    pub arity: Arity,
    /// Which constant, if it has one.
    pub default: Option<usize>,
    pub unique: bool,
}

#[derive(Clone, Debug)]
pub struct Index {
    pub fields: Vec<String>,
    pub unique: bool,
    pub descending: bool,
    pub map: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Many,
    One,
    Implicit,
}

/// A relation; `from` has the foreign key.
#[derive(Clone, Debug)]
pub struct Link {
    pub name: String,
    pub from: String,
    pub to: String,
    pub kind: Kind,
    pub optional: bool,
    /// `onDelete`, where it is written.
    pub on_delete: Option<&'static str>,
    pub map: Option<String>,
}

impl Field {
    /// Can it be in an index?
    pub fn can_be_indexed(&self) -> bool {
        self.arity != Arity::List && (self.of.is_some() || !matches!(TYPES[self.ty].0, "Json" | "Bytes"))
    }

    fn write(&self, out: &mut String, enums: &[Enum]) {
        let of = self.of.as_ref().and_then(|name| enums.iter().find(|e| e.named.name == *name));
        let (ty, native, constants) = TYPES[self.ty];
        let mark = match self.arity {
            Arity::Required => "",
            Arity::Optional => "?",
            Arity::List => "[]",
        };
        self.named.write_from(out, "  ");
        let _ = write!(out, "  {} {}{mark}", self.named.name, of.map_or(ty, |e| &e.named.name));
        if self.unique && self.can_be_indexed() {
            out.push_str(" @unique");
        }
        match (self.default, self.arity, of) {
            (Some(_), Arity::List, _) => out.push_str(" @default([])"),
            (Some(n), _, Some(of)) => {
                let _ = write!(out, " @default({})", of.values[n % of.values.len()].name);
            }
            (Some(n), _, None) => {
                let _ = write!(out, " @default({})", constants[n % constants.len()]);
            }
            (None, _, _) => {}
        }
        if of.is_none() && !native.is_empty() {
            let _ = write!(out, " {native}");
        }
        self.named.write_map(out, " @map");
        out.push('\n');
    }
}

impl Named {
    /// A name that was never another.
    pub fn new(name: String, map: Option<String>) -> Named {
        Named { name, map, from: None }
    }

    /// Gets another name, and says so.
    pub fn rename(&mut self, name: String) {
        let old = std::mem::replace(&mut self.name, name);
        self.from.get_or_insert(old);
    }

    fn write_from(&self, out: &mut String, indent: &str) {
        if let Some(from) = &self.from {
            let _ = writeln!(out, "{indent}/// @stage.from({from})");
        }
    }

    fn write_map(&self, out: &mut String, attribute: &str) {
        if let Some(map) = &self.map {
            let _ = write!(out, "{attribute}({})", quoted(map));
        }
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

impl Model {
    /// The fields of its id: name, type, the rest.
    fn id_fields(&self) -> &'static [(&'static str, &'static str, &'static str)] {
        match self.id {
            Id::Numbered => &[("id", "Int", " @id @default(autoincrement())")],
            Id::BigNumbered => &[("id", "BigInt", " @id @default(autoincrement())")],
            Id::Uuid => &[("id", "String", " @id @default(uuid()) @db.Uuid")],
            Id::Text => &[("id", "String", " @id")],
            Id::Two => &[("one", "Int", ""), ("two", "String", "")],
        }
    }

    fn write(&self, out: &mut String, schema: &Blueprint) {
        self.named.write_from(out, "");
        let _ = writeln!(out, "model {} {{", self.named.name);
        for (name, ty, rest) in self.id_fields() {
            let _ = writeln!(out, "  {name} {ty}{rest}");
        }
        for field in &self.fields {
            field.write(out, &schema.enums);
        }
        for link in &schema.links {
            link.write(out, self, schema);
        }
        if self.id == Id::Two {
            out.push_str("  @@id([one, two])\n");
        }
        for index in &self.indexes {
            let sort = if index.descending { "(sort: Desc)" } else { "" };
            let columns: Vec<String> = index.fields.iter().map(|field| format!("{field}{sort}")).collect();
            let word = if index.unique { "unique" } else { "index" };
            let map = index.map.as_ref().map_or_else(String::new, |map| format!(", map: {}", quoted(map)));
            let _ = writeln!(out, "  @@{word}([{}]{map})", columns.join(", "));
        }
        if let Some(map) = &self.named.map {
            let _ = writeln!(out, "  @@map({})", quoted(map));
        }
        out.push_str("}\n\n");
    }
}

impl Link {
    /// The lines that the relation has in a model.
    fn write(&self, out: &mut String, model: &Model, schema: &Blueprint) {
        let Link { name, from, to, .. } = self;
        let Some(target) = schema.models.iter().find(|m| m.named.name == *to) else { return };
        if self.kind == Kind::Implicit {
            if model.named.name == *from {
                let _ = writeln!(out, "  {name}To {to}[] @relation(\"{name}\")");
            }
            if model.named.name == *to {
                let _ = writeln!(out, "  {name}From {from}[] @relation(\"{name}\")");
            }
            return;
        }
        let mark = if self.optional { "?" } else { "" };
        if model.named.name == *from {
            let keys: Vec<String> = target.id_fields().iter().map(|(id, ..)| format!("{name}_{id}")).collect();
            let ids: Vec<&str> = target.id_fields().iter().map(|(id, ..)| *id).collect();
            for (key, (_, ty, rest)) in keys.iter().zip(target.id_fields()) {
                let native = if rest.contains("@db.Uuid") { " @db.Uuid" } else { "" };
                let unique = if self.kind == Kind::One && keys.len() == 1 { " @unique" } else { "" };
                let _ = writeln!(out, "  {key} {ty}{mark}{unique}{native}");
            }
            if self.kind == Kind::One && keys.len() > 1 {
                let _ = writeln!(out, "  @@unique([{}])", keys.join(", "));
            }
            let action = match self.on_delete {
                Some("SetNull") if !self.optional => ", onDelete: Cascade".to_owned(),
                Some(action) => format!(", onDelete: {action}"),
                None => String::new(),
            };
            let map = self.map.as_ref().map_or_else(String::new, |map| format!(", map: {}", quoted(map)));
            let _ = writeln!(
                out,
                "  {name}To {to}{mark} @relation(\"{name}\", fields: [{}], references: [{}]{action}{map})",
                keys.join(", "),
                ids.join(", ")
            );
        }
        if model.named.name == *to {
            let mark = if self.kind == Kind::One { "?" } else { "[]" };
            let _ = writeln!(out, "  {name}From {from}{mark} @relation(\"{name}\")");
        }
    }
}

impl Blueprint {
    /// Takes out what points at nothing any more.
    pub fn tidy(&mut self) {
        let models = self.models.clone();
        let find = |name: &str| models.iter().find(|m| m.named.name == name);
        self.links.retain(|l| match (find(&l.from), find(&l.to)) {
            (Some(from), Some(to)) => l.kind != Kind::Implicit || (from.id != Id::Two && to.id != Id::Two),
            _ => false,
        });
        for model in &mut self.models {
            for field in &mut model.fields {
                if field.of.as_ref().is_some_and(|of| self.enums.iter().all(|e| e.named.name != *of)) {
                    field.of = None;
                }
            }
            let fields = &model.fields;
            let can = |name: &String| fields.iter().any(|f| f.named.name == *name && f.can_be_indexed());
            let mut seen: Vec<Vec<String>> = Vec::new();
            model.indexes.retain(|index| {
                let fits = index.fields.iter().all(can) && !seen.contains(&index.fields);
                seen.push(index.fields.clone());
                fits
            });
        }
    }

    /// As Prisma writes it.
    pub fn text(&self) -> String {
        let mut out = "datasource db {\n  provider = \"postgresql\"\n}\n\n".to_owned();
        for e in &self.enums {
            e.named.write_from(&mut out, "");
            let _ = writeln!(out, "enum {} {{", e.named.name);
            for value in &e.values {
                let _ = write!(out, "  {}", value.name);
                value.write_map(&mut out, " @map");
                out.push('\n');
            }
            if let Some(map) = &e.named.map {
                let _ = writeln!(out, "  @@map({})", quoted(map));
            }
            out.push_str("}\n\n");
        }
        for model in &self.models {
            model.write(&mut out, self);
        }
        out
    }

    /// Forgets what had another name.
    pub fn settle(&mut self) {
        self.enums.iter_mut().for_each(|e| e.named.from = None);
        for model in &mut self.models {
            model.named.from = None;
            model.fields.iter_mut().for_each(|f| f.named.from = None);
        }
    }
}
