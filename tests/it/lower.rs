//! The database that a schema describes.

use prisma_stage::catalog::{Action, BaseType, Catalog, Default, Ids, Literal, TableKind};
use prisma_stage::source::Sources;
use prisma_stage::{lower, model, syntax};

/// The catalog of a schema, and its diagnostics as `code message`.
fn lowered(text: &str) -> (Catalog, Vec<String>) {
    let mut sources = Sources::default();
    let files =
        sources.add_schema("schema.prisma", format!("datasource db {{\n  provider = \"postgresql\"\n}}\n{text}"));
    catalog(&sources, &files)
}

fn catalog(sources: &Sources, files: &prisma_stage::source::SchemaFiles) -> (Catalog, Vec<String>) {
    let (ast, syntax) = syntax::parse(sources, files);
    assert!(syntax.is_empty(), "{syntax:?}");
    let (schema, resolved) = model::resolve(&ast);
    assert!(resolved.is_empty(), "{resolved:?}");
    let (catalog, diagnostics) = lower::lower(&schema, &mut Ids::default());
    (catalog, diagnostics.iter().map(|d| format!("{} {}", d.code, d.message)).collect())
}

#[test]
fn a_join_table_holds_the_ids_of_both_models() {
    let text = "model Tag {\n id Int @id\n posts Post[]\n}\nmodel Post {\n key String @id @db.Uuid\n tags Tag[]\n @@map(\"articles\")\n}\n";
    let (catalog, diagnostics) = lowered(text);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let join = catalog.tables.values().find(|t| t.name.name == "_PostToTag").unwrap();
    let side = |model: &str, field: &str| Some((model.to_owned(), field.to_owned()));
    assert_eq!(join.kind, TableKind::Join { a: side("Post", "tags"), b: side("Tag", "posts") });
    let types: Vec<_> = join.columns.values().map(|c| (c.name.as_str(), format!("{:?}", c.ty.base))).collect();
    assert!(types[0].1.contains("UUID") && types[1].1.contains("INTEGER"), "{types:?}");
    assert_eq!(join.primary_key.as_ref().unwrap().name, "_PostToTag_AB_pkey");
    assert_eq!(join.indexes[0].name, "_PostToTag_B_index");
    let keys: Vec<_> = join.foreign_keys.values().map(|k| (k.name.as_str(), k.on_delete, k.on_update)).collect();
    let cascade = |name| (name, Action::Cascade, Action::Cascade);
    assert_eq!(keys, [cascade("_PostToTag_A_fkey"), cascade("_PostToTag_B_fkey")]);
    assert_eq!(join.origin.label(), "Post.tags");
}

#[test]
fn without_foreign_keys_there_is_still_a_join_table() {
    let mut sources = Sources::default();
    let files = sources.add_schema(
        "schema.prisma",
        "datasource db {\n provider = \"postgresql\"\n relationMode = \"prisma\"\n}\nmodel A {\n id Int @id\n bs B[]\n cs C[]\n}\nmodel B {\n id Int @id\n as A[]\n}\nmodel C {\n id Int @id\n aId Int\n a A @relation(fields: [aId], references: [id])\n}\n",
    );
    let (catalog, diagnostics) = catalog(&sources, &files);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert!(catalog.tables.values().any(|t| t.name.name == "_AToB"));
    assert!(catalog.tables.values().all(|t| t.foreign_keys.is_empty()));
}

#[test]
fn names_come_from_the_database_and_origins_from_the_schema() {
    let text = "enum Kind {\n  A @map(\"a\")\n  B\n  @@map(\"kinds\")\n}\nmodel User {\n  id Int @id @default(autoincrement())\n  mail String @unique @map(\"e_mail\")\n  kind Kind @default(A)\n  hidden String @ignore\n  shape Unsupported(\"circle\")?\n  tags String[]\n  bytes Bytes @default(\"aGk=\")\n  at DateTime @default(\"2020-01-31T00:00:00Z\")\n  key String @default(uuid())\n  @@index([kind, mail], map: \"by_kind\")\n  @@map(\"users\")\n}\n";
    let (catalog, diagnostics) = lowered(text);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert_eq!(catalog.enums[0].values, ["a", "B"]);
    let users = &catalog.tables[0];
    assert_eq!(users.name.name, "users");
    assert_eq!(users.primary_key.as_ref().unwrap().name, "users_pkey");
    let indexes: Vec<_> = users.indexes.values().map(|i| (i.name.clone(), i.unique, i.origin.label())).collect();
    let expected = [
        ("users_e_mail_key".to_owned(), true, "User.mail".to_owned()),
        ("by_kind".to_owned(), false, "User.@@index([kind, mail])".to_owned()),
    ];
    assert_eq!(indexes, expected);
    let column = |name: &str| users.columns.values().find(|c| c.name == name).unwrap();
    assert_eq!(column("id").default, Some(Default::Sequence));
    assert_eq!(column("kind").default, Some(Default::Literal(Literal::Enum("a".into()))));
    assert_eq!(column("bytes").default, Some(Default::Literal(Literal::Bytes(b"hi".to_vec()))));
    let at = Literal::DateTime("2020-01-31 00:00:00 +00:00".into());
    assert_eq!(column("at").default, Some(Default::Literal(at)));
    assert!(column("key").default.is_none() && column("key").client_default.is_some());
    assert!(column("hidden").ignored && column("shape").ignored && !column("kind").ignored);
    assert!(column("tags").nullable && column("tags").ty.list);
    assert_eq!(column("shape").ty.base, BaseType::Raw("circle".into()));
}

#[test]
fn only_schemas_in_which_something_lies_are_made() {
    let mut sources = Sources::default();
    let files = sources.add_schema(
        "schema.prisma",
        "datasource db {\n provider = \"postgresql\"\n schemas = [\"public\", \"shop\", \"empty\"]\n}\nmodel A {\n id Int @id\n bs B[]\n @@schema(\"public\")\n}\nmodel B {\n id Int @id\n as A[]\n @@schema(\"shop\")\n}\n",
    );
    let (catalog, diagnostics) = catalog(&sources, &files);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert_eq!(catalog.namespaces.iter().collect::<Vec<_>>(), ["shop"]);
    let names: Vec<_> = catalog.tables.values().map(|t| (t.name.schema.as_deref(), t.name.name.as_str())).collect();
    // A join table lies beside the table of A.
    assert_eq!(names, [(None, "A"), (Some("shop"), "B"), (None, "_AToB")]);
}

#[test]
fn names_that_meet_when_they_are_cut_are_an_error() {
    let long = "a_column_with_a_name_that_is_longer_than_anybody_would_ever_need";
    let text = format!(
        "model User {{\n id Int @id\n {long}1 Int\n {long}2 Int\n @@index([{long}1])\n @@index([{long}2])\n}}\n"
    );
    let (_, diagnostics) = lowered(&text);
    assert!(diagnostics.iter().all(|d| d.starts_with("PS0510")), "{diagnostics:?}");
    assert_eq!(diagnostics.len(), 2, "the columns and the indexes: {diagnostics:?}");
}

#[test]
fn what_postgres_does_not_have_is_said() {
    let text = "model A {\n id Int @id\n a String @db.LongText\n b Int @db.VarChar(3)\n c String @db.VarChar(0)\n d Bytes @default(\"!\")\n e DateTime @default(\"yesterday\")\n f Int[]\n @@index([f], type: Rtree)\n @@index([id(ops: NoOps)])\n @@fulltext([a])\n}\n";
    let (_, diagnostics) = lowered(text);
    let codes: Vec<_> = diagnostics.iter().map(|d| &d[..6]).collect();
    assert_eq!(codes, ["PS0501", "PS0502", "PS0503", "PS0508", "PS0508", "PS0612", "PS0614", "PS0611"]);
}
