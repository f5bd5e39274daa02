//! Enums and their values.

use super::args::Args;
use super::{Resolver, messages};
use crate::ast::{self, Attribute, Ident, Str};
use crate::model::{Enum, EnumValue};
use foldhash::HashMap;

impl<'s> Resolver<'s> {
    pub(super) fn enumeration(&mut self, ast: &ast::Enum<'s>) -> Enum<'s> {
        let mut item = Enum {
            name: ast.name,
            values: Vec::with_capacity(ast.values.len()),
            map: None,
            schema: None,
            docs: ast.docs.clone(),
            span: ast.span,
        };
        let mut seen: HashMap<&str, Ident<'_>> = HashMap::default();
        for value in &ast.values {
            if let Some(first) = seen.get(value.name.name) {
                self.diagnostics.push(messages::duplicate("value", value.name, *first));
                continue;
            }
            seen.insert(value.name.name, value.name);
            let map = self.enum_value_map(value);
            item.values.push(EnumValue { name: value.name, map, docs: value.docs.clone(), span: value.span });
        }
        self.no_repeats("@@", &ast.attributes, &[]);
        for attribute in &ast.attributes {
            match attribute.name.name {
                "map" => item.map = self.map_name("@@map", attribute),
                "schema" => item.schema = self.schema_name(attribute),
                _ => self.diagnostics.push(messages::unknown_attribute("@@", attribute.name, &["map", "schema"])),
            }
        }
        item
    }

    fn enum_value_map(&mut self, value: &ast::EnumValue<'s>) -> Option<Str<'s>> {
        self.no_repeats("@", &value.attributes, &[]);
        let mut map = None;
        for attribute in &value.attributes {
            match attribute.name.name {
                "map" => map = self.map_name("@map", attribute),
                _ => self.diagnostics.push(messages::unknown_attribute("@", attribute.name, &["map"])),
            }
        }
        map
    }

    /// The name in `@map("…")` or `@@map("…")`.
    pub(super) fn map_name(&mut self, owner: &'static str, attribute: &Attribute<'s>) -> Option<Str<'s>> {
        let d = &mut self.diagnostics;
        let mut args = Args::of(owner, attribute);
        let value = args.first("name");
        if value.is_none() {
            args.missing("name", d);
        }
        let name = args.string(value, "name", d);
        args.finish(&["name"], d);
        name
    }

    /// The name in `@@schema("…")`.
    pub(super) fn schema_name(&mut self, attribute: &Attribute<'s>) -> Option<Str<'s>> {
        let d = &mut self.diagnostics;
        let mut args = Args::of("@@schema", attribute);
        let value = args.first("map");
        if value.is_none() {
            args.missing("map", d);
        }
        let name = args.string(value, "map", d);
        args.finish(&["map"], d);
        name
    }

    /// Reports attributes that stand twice where they may only once.
    pub(super) fn no_repeats(&mut self, at: &str, attributes: &[Attribute<'s>], repeatable: &[&str]) {
        if attributes.len() < 2 {
            return;
        }
        // There are few that may stand only once, so of many most are wrong: the first eight are enough to tell.
        let mut seen: Vec<&Attribute<'_>> = Vec::new();
        for attribute in attributes.iter().filter(|a| !repeatable.contains(&a.name.name)) {
            match seen.iter().find(|a| family(a) == family(attribute)) {
                Some(first) => self.diagnostics.push(messages::repeated_attribute(at, attribute.name, first.span)),
                None if seen.len() < 8 => seen.push(attribute),
                None => {}
            }
        }
    }
}

/// All native types are one attribute, whatever they are called.
fn family<'s>(attribute: &Attribute<'s>) -> &'s str {
    attribute.name.name.split('.').next().unwrap_or_default()
}
