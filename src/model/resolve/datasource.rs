//! Datasource and generators.

use super::args::Args;
use super::{Resolver, messages};
use crate::ast::{self, Block, Config, Expr, Ident, Property, Str};
use crate::model::{Datasource, Extension, Provider, RelationMode};
use foldhash::HashMap;

impl<'s> Resolver<'s> {
    pub(super) fn datasources(&mut self, ast: &ast::Schema<'s>) {
        for block in &ast.blocks {
            match block {
                Block::Datasource(config) => self.datasource(config),
                Block::Generator(config) => self.generator(config),
                Block::Model(_) | Block::Enum(_) => {}
            }
        }
        if self.schema.datasource.is_none() {
            self.diagnostics.push(messages::no_datasource(ast.files.first().copied()));
        }
    }

    fn datasource(&mut self, config: &Config<'s>) {
        if let Some(first) = &self.schema.datasource {
            self.diagnostics.push(messages::second_datasource(config.name, first.name));
            return;
        }
        let mut found = Datasource {
            name: config.name,
            provider: None,
            provider_span: None,
            schemas: Vec::new(),
            extensions: Vec::new(),
            relation_mode: RelationMode::ForeignKeys,
            docs: config.docs.clone(),
            span: config.span,
        };
        self.repeated(config);
        for property in &config.properties {
            let Some(value) = &property.value else { continue };
            match property.name.name {
                "provider" => self.provider(&mut found, value),
                "schemas" => found.schemas = self.strings("datasource", property, value),
                "extensions" => found.extensions = self.extensions(property, value),
                "relationMode" | "referentialIntegrity" => found.relation_mode = self.relation_mode(property, value),
                // Connections (`url` …) are nobody's business here; other properties are a matter of validation.
                _ => {}
            }
        }
        if !config.properties.iter().any(|p| p.name.name == "provider") {
            self.diagnostics.push(messages::no_provider(config.name));
        }
        self.schema.datasource = Some(found);
    }

    fn generator(&mut self, config: &Config<'s>) {
        self.repeated(config);
        for property in config.properties.iter().filter(|p| p.name.name == "previewFeatures") {
            let Some(value) = &property.value else { continue };
            let features = self.strings("generator", property, value);
            self.schema.preview_features.extend(features);
        }
    }

    fn repeated(&mut self, config: &Config<'s>) {
        let mut seen: HashMap<&str, Ident<'_>> = HashMap::default();
        for property in &config.properties {
            if let Some(first) = seen.insert(property.name.name, property.name) {
                self.diagnostics.push(messages::repeated_property(property.name, first));
            }
        }
    }

    fn provider(&mut self, datasource: &mut Datasource<'s>, value: &Expr<'s>) {
        datasource.provider_span = Some(value.span());
        let Expr::String(name) = value else {
            let ident = Ident { name: "provider", span: value.span() };
            self.diagnostics.push(messages::bad_property("datasource", ident, "a string in quotes", value.span()));
            return;
        };
        datasource.provider = Provider::parse(&name.value);
        if datasource.provider.is_none() {
            let known = Provider::ALL.map(|(name, _)| name);
            self.diagnostics.push(messages::unknown_provider(&name.value, name.span, &known));
        }
    }

    fn relation_mode(&mut self, property: &Property<'s>, value: &Expr<'s>) -> RelationMode {
        if let Expr::String(mode) = value {
            match &*mode.value {
                "prisma" => return RelationMode::Prisma,
                "foreignKeys" => return RelationMode::ForeignKeys,
                _ => {}
            }
        }
        let wanted = "\"foreignKeys\" or \"prisma\"";
        self.diagnostics.push(messages::bad_property("datasource", property.name, wanted, value.span()));
        RelationMode::ForeignKeys
    }

    fn strings(&mut self, block: &str, property: &Property<'s>, value: &Expr<'s>) -> Vec<Str<'s>> {
        let mut strings = Vec::new();
        for item in Args::list(value) {
            match item {
                Expr::String(s) => strings.push(s.clone()),
                other => {
                    let wanted = "a list of strings in quotes";
                    self.diagnostics.push(messages::bad_property(block, property.name, wanted, other.span()));
                }
            }
        }
        strings
    }

    fn extensions(&mut self, property: &Property<'s>, value: &Expr<'s>) -> Vec<Extension<'s>> {
        let mut extensions = Vec::new();
        for item in Args::list(value) {
            match item {
                Expr::Constant(name) => {
                    extensions.push(Extension { name: *name, map: None, schema: None, version: None, span: name.span });
                }
                Expr::Function(function) => {
                    let d = &mut self.diagnostics;
                    let mut args = Args::of_call(function);
                    let (map, schema, version) = (args.named("map"), args.named("schema"), args.named("version"));
                    extensions.push(Extension {
                        name: function.name,
                        map: args.string(map, "map", d),
                        schema: args.string(schema, "schema", d),
                        version: args.string(version, "version", d),
                        span: function.span,
                    });
                    args.finish(&["map", "schema", "version"], d);
                }
                Expr::String(_) | Expr::Number(_) | Expr::Array(..) | Expr::Object(..) => {
                    let wanted = "a list of names of extensions, without quotes";
                    self.diagnostics.push(messages::bad_property("datasource", property.name, wanted, item.span()));
                }
            }
        }
        extensions
    }
}
