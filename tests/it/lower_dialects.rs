//! The database that a schema describes, at other providers than PostgreSQL.

use prisma_stage::catalog::{Catalog, Ids};
use prisma_stage::source::Sources;
use prisma_stage::{lower, model, syntax};

fn lowered(provider: &str, text: &str) -> Catalog {
    let mut sources = Sources::default();
    let text = format!("datasource db {{\n  provider = \"{provider}\"\n}}\n{text}");
    let files = sources.add_schema("schema.prisma", text);
    let (ast, _) = syntax::parse(&sources, &files);
    let (schema, _) = model::resolve(&ast);
    let (catalog, diagnostics) = lower::lower(&schema, &mut Ids::default());
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    catalog
}

const LINKED: &str = "model Post {\n id Int @id @default(autoincrement())\n title String\n tags Tag[]\n author User @relation(fields: [authorId], references: [id])\n authorId Int\n}\nmodel Tag {\n id BigInt @id\n posts Post[]\n}\nmodel User {\n id Int @id\n posts Post[]\n}\n";

#[test]
fn pairs_of_a_join_table_are_kept_apart_by_a_unique_index() {
    for provider in ["mysql", "sqlite"] {
        let catalog = lowered(provider, LINKED);
        let join = catalog.tables.values().find(|t| t.name.name == "_PostToTag").unwrap();
        let names: Vec<_> = join.indexes.values().map(|i| (i.name.as_str(), i.unique)).collect();
        assert_eq!(names, [("_PostToTag_AB_unique", true), ("_PostToTag_B_index", false)], "{provider}");
        assert!(join.primary_key.is_none());
    }
}

#[test]
fn what_nobody_can_look_up_has_no_name() {
    for (provider, foreign) in [("mysql", "Post_authorId_fkey"), ("sqlite", "")] {
        let catalog = lowered(provider, LINKED);
        let post = catalog.tables.values().find(|t| t.name.name == "Post").unwrap();
        assert_eq!(post.primary_key.as_ref().unwrap().name, "", "{provider}");
        assert_eq!(post.foreign_keys[0].name, foreign, "{provider}");
    }
}

#[test]
fn types_are_those_of_the_database() {
    let text = "model A {\n id Int @id @db.UnsignedInt\n name String\n at DateTime @db.DateTime(0)\n body String @db.LongText\n\n @@fulltext([body])\n @@index([name(length: 10, sort: Desc)])\n}\n";
    let catalog = lowered("mysql", text);
    let types: Vec<_> = catalog.tables[0].columns.values().map(|c| format!("{:?}", c.ty.base)).collect();
    for (ty, name) in
        types.iter().zip(["INTEGER UNSIGNED", "VARCHAR\", args: [191]", "DATETIME\", args: [0]", "LONGTEXT"])
    {
        assert!(ty.contains(name), "{ty}");
    }
    let indexes: Vec<_> = catalog.tables[0].indexes.values().collect();
    assert_eq!(indexes[0].method.as_deref(), Some("FULLTEXT"));
    assert_eq!((indexes[1].columns[0].length, indexes[1].columns[0].descending), (Some(10), true));
}

#[test]
fn a_type_that_takes_no_constant_has_none() {
    let text = "model A {\n id Int @id\n data Json @default(\"{}\")\n body String @default(\"\") @db.Text\n name String @default(\"x\")\n}\n";
    let defaults = |provider| -> Vec<bool> {
        lowered(provider, text).tables[0].columns.values().map(|c| c.default.is_some()).collect()
    };
    assert_eq!(defaults("mysql"), [false, false, false, true]);
    assert_eq!(defaults("postgresql"), [false, true, true, true]);
}
