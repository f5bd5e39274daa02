//! Datasource and generators.

use super::mutate::{Cx, Kind};
use prisma_stage::ast::{Config, Property};

const FEATURES: &[&str] = &[
    "views",
    "postgresqlExtensions",
    "partialIndexes",
    "shardKeys",
    "fullTextIndex",
    "fullTextSearch",
    "fullTextSearchPostgres",
    "multiSchema",
    "driverAdapters",
    "relationJoins",
    "nativeDistinct",
    "typedSql",
    "strictUndefinedChecks",
    "queryCompiler",
    "prismaSchemaFolder",
    "omitApi",
    "tracing",
    "metrics",
    "extendedIndexes",
    "referentialIntegrity",
    "referentialActions",
    "interactiveTransactions",
    "mongodb",
    "mongoDb",
    "microsoftSqlServer",
    "cockroachdb",
    "cockroachDb",
    "nativeTypes",
    "connectOrCreate",
    "createMany",
    "filterJson",
    "groupBy",
    "orderByRelation",
    "orderByNulls",
    "selectRelationCount",
    "namedConstraints",
    "nApi",
    "filteredRelationCount",
    "fieldReference",
    "improvedQueryRaw",
    "jsonProtocol",
    "clientExtensions",
    "extendedWhereUnique",
    "dataProxy",
    "deno",
    "distinct",
    "insensitiveFilters",
    "middlewares",
    "aggregateApi",
    "aggregations",
    "atomicNumberOperations",
    "transactionApi",
    "uncheckedScalarInputs",
    "orderByAggregateGroup",
    "schemaEngineDriverAdapters",
    "foo",
    "Views",
    "view",
    "",
];

pub(super) const KINDS: &[Kind] = &[
    ("turn-provider", |c| {
        let property = a_property(c, true, "provider")?;
        let new = c.rng.word(&[
            "\"postgresql\"",
            "\"mysql\"",
            "\"sqlite\"",
            "\"sqlserver\"",
            "\"cockroachdb\"",
            "\"mongodb\"",
            "\"postgres\"",
        ]);
        set(c, property, new)
    }),
    ("provider-wrong", |c| {
        let datasource = c.rng.one_in(2);
        let property = a_property(c, datasource, "provider")?;
        const VALUES: &[&str] = &[
            "\"oracle\"",
            "\"Postgresql\"",
            "\"\"",
            "postgresql",
            "env(\"X\")",
            "[\"mysql\", \"sqlite\"]",
            "[\"sqlite\"]",
            "1",
            "\"mariadb\"",
            "\"mssql\"",
            "\"mongo\"",
            "\"prisma-client-js\"",
            "\"prisma-client\"",
            "null",
            "\"postgresql \"",
            "x()",
            "true",
        ];
        let new = c.rng.word(VALUES);
        set(c, property, new)
    }),
    ("delete-property", |c| {
        let property = any_property(c)?;
        let lines = c.lines(property.span);
        c.delete(lines)
    }),
    ("double-property", |c| {
        let property = any_property(c)?;
        let text = c.text(property.span);
        c.after(property.span, format!("\n  {text}"))
    }),
    ("misspell-property", |c| {
        let property = any_property(c)?;
        let name = property.name.name;
        let at = c.rng.below(name.len());
        let new: String = name.char_indices().filter(|(i, _)| *i != at).map(|(_, ch)| ch).collect();
        c.replace(property.name.span, new)
    }),
    ("property-value", |c| {
        let property = any_property(c)?;
        let new = super::arguments::a_value(c);
        set(c, property, new)
    }),
    ("property-without-value", |c| {
        let property = any_property(c)?;
        let new =
            c.rng.word(&["", " =", " = =", " \"x\"", ": \"x\"", " = \"a\" \"b\"", " = \"a\", \"b\"", " == \"x\""]);
        let span = prisma_stage::source::Span { start: property.name.span.end, ..property.span };
        c.replace(span, new)
    }),
    ("datasource-property", |c| {
        const PROPERTIES: &[&str] = &[
            "relationMode = \"prisma\"",
            "relationMode = \"foreignKeys\"",
            "relationMode = \"foo\"",
            "relationMode = prisma",
            "relationMode = 1",
            "relationMode = \"Prisma\"",
            "relationMode = \"\"",
            "referentialIntegrity = \"prisma\"",
            "relationMode = env(\"X\")",
            "relationMode = [\"prisma\"]",
            "schemas = [\"public\"]",
            "schemas = []",
            "schemas = \"public\"",
            "schemas = [\"a\", \"a\"]",
            "schemas = [a]",
            "schemas = [1]",
            "schemas = public",
            "extensions = [pgcrypto]",
            "extensions = []",
            "extensions = [\"pgcrypto\"]",
            "extensions = pgcrypto",
            "extensions = [pgcrypto, pgcrypto]",
            "extensions = [a(map: \"x\")]",
            "extensions = [a(foo: \"x\")]",
            "extensions = [a(map: 1)]",
            "extensions = [a()]",
            "extensions = [a(\"x\")]",
            "foo = 1",
            "foo = \"x\"",
            "url = \"x\"",
            "url = env(\"X\")",
            "url = \"\"",
            "url = 1",
            "url = env()",
            "directUrl = env(\"X\")",
            "directUrl = 1",
            "shadowDatabaseUrl = env(\"X\")",
            "shadowDatabaseUrl = \"x\"",
            "Provider = \"x\"",
            "name = \"x\"",
            "previewFeatures = [\"views\"]",
            "output = \"x\"",
            "extensions = [vector(version: \"1\", schema: \"public\", map: \"v\")]",
            "schemas = [\"public\", \"b\"]",
            "extensions = [1]",
        ];
        let configs = c.configs(true);
        let config = *c.rng.pick(&configs)?;
        let new = c.rng.word(PROPERTIES);
        // Addresses are not compared, so that two of them are not either.
        let name = new.split(' ').next().unwrap_or_default();
        let is_second = name.ends_with("rl") && config.properties.iter().any(|p| p.name.name == name);
        if is_second { None } else { c.add_line(config.span, new) }
    }),
    ("generator-property", |c| {
        const PROPERTIES: &[&str] = &[
            "output = \"../x\"",
            "output = env(\"X\")",
            "output = 1",
            "output = []",
            "output = x",
            "binaryTargets = [\"native\"]",
            "binaryTargets = \"native\"",
            "binaryTargets = [native]",
            "binaryTargets = env(\"X\")",
            "binaryTargets = 1",
            "binaryTargets = []",
            "binaryTargets = [1]",
            "binaryTargets = [\"foo\"]",
            "engineType = \"binary\"",
            "engineType = \"foo\"",
            "engineType = 1",
            "engineType = [\"client\"]",
            "engineType = \"client\"",
            "foo = 1",
            "foo = \"x\"",
            "foo = [1, \"x\"]",
            "foo = true",
            "foo = env(\"X\")",
            "foo = x",
            "foo = {}",
            "foo = f()",
            "foo = []",
            "foo = [[1]]",
            "previewFeatures = []",
            "previewFeatures = \"views\"",
            "previewFeatures = views",
            "previewFeatures = 1",
            "previewFeatures = [views]",
            "previewFeatures = [1]",
            "previewFeatures = [\"views\", \"views\"]",
            "name = \"x\"",
            "config = \"x\"",
            "provider = \"x\"",
            "moduleFormat = \"esm\"",
            "foo = \"a\\nb\"",
            "foo = 1.5",
            "foo = null",
            "output = \"\"",
            "version = \"1\"",
            "previewFeatures = env(\"X\")",
            "experimentalFeatures = [\"x\"]",
        ];
        let configs = c.configs(false);
        let config = *c.rng.pick(&configs)?;
        let new = c.rng.word(PROPERTIES);
        c.add_line(config.span, new)
    }),
    ("preview-feature", |c| {
        let feature = c.rng.word(FEATURES);
        let configs = c.configs(false);
        let config = *c.rng.pick(&configs)?;
        match config.properties.iter().find(|p| p.name.name == "previewFeatures") {
            Some(property) if c.rng.one_in(2) => {
                let value = property.value.as_ref()?.span();
                let text = c.text(value).trim_end_matches(']').to_owned();
                c.replace(value, format!("{text}, \"{feature}\"]"))
            }
            Some(property) => set(c, property, &format!("[\"{feature}\"]")),
            None => c.add_line(config.span, &format!("previewFeatures = [\"{feature}\"]")),
        }
    }),
    ("delete-config", |c| {
        let datasource = c.rng.one_in(2);
        let configs = c.configs(datasource);
        let config = *c.rng.pick(&configs)?;
        c.delete(config.span)
    }),
    ("double-config", |c| {
        let datasource = c.rng.one_in(2);
        let configs = c.configs(datasource);
        let config = *c.rng.pick(&configs)?;
        let text = c.text(config.span).to_owned();
        c.after(config.span, format!("\n\n{text}\n"))
    }),
    ("second-config", |c| {
        const BLOCKS: &[&str] = &[
            "datasource other {\n  provider = \"postgresql\"\n}",
            "datasource other {\n}",
            "generator other {\n  provider = \"x\"\n}",
            "generator other {\n}",
            "generator client {\n  provider = \"x\"\n}",
            "generator client2 {\n  provider = \"x\"\n  previewFeatures = [\"views\"]\n}",
            "generator client2 {\n  provider = \"x\"\n  previewFeatures = [\"foo\"]\n}",
            "generator {\n  provider = \"x\"\n}",
            "generator db {\n  provider = \"x\"\n}",
            "datasource client {\n  provider = \"sqlite\"\n}",
            "generator g {\n  provider = \"x\"\n  @@map(\"x\")\n}",
            "generator g {\n  provider = \"x\"\n  foo\n}",
        ];
        let configs = c.configs(true);
        let config = *c.rng.pick(&configs)?;
        let new = c.rng.word(BLOCKS);
        c.after(config.span, format!("\n\n{new}\n"))
    }),
    ("rename-config", |c| {
        let datasource = c.rng.one_in(2);
        let configs = c.configs(datasource);
        let config = *c.rng.pick(&configs)?;
        let new = c.rng.word(super::blocks::ODD_NAMES);
        c.replace(config.name.span, new)
    }),
    ("empty-config", |c| {
        let datasource = c.rng.one_in(2);
        let configs = c.configs(datasource);
        let config = *c.rng.pick(&configs)?;
        let new = c.rng.word(&[" {\n}", "{}", " {\n\n  // nothing\n}", "", " {"]);
        c.replace(prisma_stage::source::Span { start: config.name.span.end, ..config.span }, new)
    }),
];

fn a_property<'a>(c: &mut Cx<'a>, datasource: bool, name: &str) -> Option<&'a Property<'a>> {
    let configs = c.configs(datasource);
    let properties: Vec<_> = configs.iter().flat_map(|c| &c.properties).filter(|p| p.name.name == name).collect();
    c.rng.pick(&properties).copied()
}

fn any_property<'a>(c: &mut Cx<'a>) -> Option<&'a Property<'a>> {
    let datasource = c.rng.one_in(2);
    let configs: Vec<&'a Config<'a>> = c.configs(datasource);
    // What the addresses of servers are is not compared.
    let is_compared = |p: &&Property<'_>| !matches!(p.name.name, "url" | "directUrl" | "shadowDatabaseUrl");
    let properties: Vec<_> = configs.iter().flat_map(|c| &c.properties).filter(is_compared).collect();
    c.rng.pick(&properties).copied()
}

fn set(c: &mut Cx<'_>, property: &Property<'_>, value: &str) -> Option<()> {
    let span = property.value.as_ref()?.span();
    c.replace(span, value)
}
