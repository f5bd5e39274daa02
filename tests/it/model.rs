//! What a schema means.

use prisma_stage::ast::ModelKind;
use prisma_stage::diag::Diagnostics;
use prisma_stage::model::{self, DefaultValue, FieldType, KeyKind, Literal, Provider, ReferentialAction, RelationKind};
use prisma_stage::source::Sources;
use prisma_stage::syntax;

const DATASOURCE: &str = "datasource db {\n  provider = \"postgresql\"\n}\n";

/// Resolves a schema that has no error, and looks at it.
fn with(text: &str, look: impl FnOnce(&model::Schema<'_>)) {
    let mut sources = Sources::default();
    let files = sources.add_schema("schema.prisma", format!("{DATASOURCE}{text}"));
    let (ast, syntax) = syntax::parse(&sources, &files);
    assert!(syntax.is_empty(), "{syntax:?}");
    let (schema, diagnostics) = model::resolve(&ast);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    look(&schema);
}

/// The diagnostics of a schema, as `line code message (help)`, lines counted without the datasource.
fn errors(text: &str) -> Vec<String> {
    errors_of(&format!("{DATASOURCE}{text}"), 3)
}

fn errors_of(text: &str, offset: u32) -> Vec<String> {
    let mut sources = Sources::default();
    let files = sources.add_schema("schema.prisma", text);
    let (ast, _) = syntax::parse(&sources, &files);
    let (_, found): (_, Diagnostics) = model::resolve(&ast);
    let show = |d: &prisma_stage::diag::Diagnostic| {
        let line = d.span.map_or(0, |s| sources.line_column(s.file, s.start).line - offset);
        let help = d.help.as_ref().map_or_else(String::new, |h| format!(" ({h})"));
        format!("{line} {} {}{help}", d.code, d.message)
    };
    found.iter().map(show).collect()
}

#[test]
fn relations_have_their_kind_and_their_owner() {
    let text = "
        model User {
          id      Int      @id
          profile Profile?
          posts   Post[]   @relation(\"wrote\")
          liked   Post[]   @relation(\"liked\")
          boss    User?    @relation(\"boss\", fields: [bossId], references: [id], onUpdate: NoAction)
          staff   User[]   @relation(\"boss\")
          bossId  Int?
        }
        model Profile {
          user   User @relation(fields: [userId], references: [id], map: \"fk\")
          userId Int  @id
        }
        model Post {
          id       Int    @id
          author   User   @relation(\"wrote\", fields: [authorId], references: [id])
          authorId Int
          fans     User[] @relation(\"liked\")
        }";
    with(text, |schema| {
        let found: Vec<_> = schema
            .walk_relations()
            .map(|r| (r.name(), r.kind, r.owner_side().field.label(), r.other_side().field.label(), r.on_delete()))
            .collect();
        let expected = [
            ("ProfileToUser", RelationKind::OneToOne, "Profile.user", "User.profile", ReferentialAction::Restrict),
            ("wrote", RelationKind::OneToMany, "Post.author", "User.posts", ReferentialAction::Restrict),
            // A and B: the models in alphabetical order. What happens on deletion is of no account to a join table.
            ("liked", RelationKind::ManyToMany, "Post.fans", "User.liked", ReferentialAction::SetNull),
            ("boss", RelationKind::OneToMany, "User.boss", "User.staff", ReferentialAction::SetNull),
        ];
        let expected = expected.map(|(n, k, a, b, d)| (n.to_owned(), k, a.to_owned(), b.to_owned(), d));
        assert_eq!(found, expected);
        let boss = schema.walk_relations().last().unwrap();
        assert!(boss.is_self_relation());
        assert_eq!(boss.on_update(), ReferentialAction::NoAction);
        assert_eq!(boss.walk_fields().map(|f| f.label()).collect::<Vec<_>>(), ["User.bossId"]);
    });
}

#[test]
fn a_self_relation_of_many_to_many_goes_by_the_names_of_its_fields() {
    with("model A {\n id Int @id\n zs A[] @relation(\"r\")\n bs A[] @relation(\"r\")\n}\n", |schema| {
        let relation = schema.walk_relations().next().unwrap();
        assert_eq!(relation.owner_side().field.name.name, "bs");
        assert_eq!(relation.other_side().field.name.name, "zs");
    });
}

#[test]
fn a_foreign_key_with_one_required_field_restricts() {
    let text = "model A {\n id Int @id\n k Int\n bs B[]\n @@unique([id, k])\n}\nmodel B {\n id Int @id\n x Int?\n y Int\n a A? @relation(fields: [x, y], references: [id, k])\n}\n";
    with(text, |schema| {
        assert_eq!(schema.walk_relations().next().unwrap().on_delete(), ReferentialAction::Restrict);
    });
}

#[test]
fn a_model_that_only_links_two_others_is_an_explicit_many_to_many_relation() {
    let text = "model A {\n id Int @id\n ls L[]\n}\nmodel B {\n id Int @id\n ls L[]\n}\nmodel L {\n a A @relation(fields: [x], references: [id])\n x Int\n b B @relation(fields: [y], references: [id])\n y Int\n at DateTime @default(now())\n @@id([x, y])\n}\n";
    with(text, |schema| {
        let joins: Vec<_> = schema.walk_models().filter(|m| m.is_explicit_join()).map(|m| m.name.name).collect();
        assert_eq!(joins, ["L"]);
    });
}

#[test]
fn defaults_of_every_form() {
    let text = "
        enum E {
          A
          B @map(\"b\")
        }
        model M {
          id Int @id @default(autoincrement())
          a String @default(\"it's\")
          b String[] @default([\"x\", \"y\"])
          c E @default(B)
          d DateTime @default(now())
          e String @default(uuid(7))
          f String @default(nanoid(12))
          g Json @default(\"{}\")
          h Decimal @default(\"1.50\")
          i Boolean @default(false)
          j Int? @default(dbgenerated(\"1 + 1\"))
          k String @default(dbgenerated())
          l BigInt @default(-5)
        }";
    with(text, |schema| {
        let model = schema.walk_models().next().unwrap();
        let default = |name: &str| model.find_field(name).unwrap().get().default.clone().unwrap().value;
        assert_eq!(default("id"), DefaultValue::Autoincrement);
        assert_eq!(default("a"), DefaultValue::Literal(Literal::String("it's".into())));
        let list = vec![Literal::String("x".into()), Literal::String("y".into())];
        assert_eq!(default("b"), DefaultValue::List(list));
        assert_eq!(default("c"), DefaultValue::Literal(Literal::Enum(1)));
        assert_eq!(default("d"), DefaultValue::Now);
        assert_eq!(default("e"), DefaultValue::Uuid(Some("7")));
        assert_eq!(default("f"), DefaultValue::Nanoid(Some("12")));
        assert_eq!(default("h"), DefaultValue::Literal(Literal::Number("1.50")));
        assert_eq!(default("i"), DefaultValue::Literal(Literal::Boolean(false)));
        assert_eq!(default("j"), DefaultValue::DbGenerated(Some("1 + 1".into())));
        assert_eq!(default("k"), DefaultValue::DbGenerated(None));
        assert_eq!(default("l"), DefaultValue::Literal(Literal::Number("-5")));
    });
}

#[test]
fn documentation_stays_with_what_it_documents() {
    let text = "/// @stage.from(Person)\nmodel User {\n  /// @stage.using(\"x\")\n  id Int @id\n}\n/// Kinds.\nenum Kind {\n  A /// first\n}\n";
    with(text, |schema| {
        let user = schema.walk_models().next().unwrap();
        assert_eq!(user.docs.lines[0].0, "@stage.from(Person)");
        assert_eq!(user.find_field("id").unwrap().docs.lines[0].0, "@stage.using(\"x\")");
        let kind = schema.walk_enums().next().unwrap();
        assert_eq!(kind.docs.lines[0].0, "Kinds.");
        assert_eq!(kind.values[0].docs.lines[0].0, "first");
    });
}

#[test]
fn an_index_may_still_be_named_by_name() {
    with("model A {\n id Int @id\n x Int\n @@index([x(sort: Desc)], name: \"old\")\n}\n", |schema| {
        let model = schema.walk_models().next().unwrap();
        let index = &model.keys[0];
        assert_eq!(index.kind, KeyKind::Index);
        assert_eq!(index.map.as_ref().unwrap().value, "old");
    });
}

#[test]
fn composite_types_and_views_are_resolved() {
    let text = "datasource db {\n provider = \"mongodb\"\n}\nmodel A {\n id String @id @default(auto()) @map(\"_id\") @db.ObjectId\n home Address\n bIds String[] @db.ObjectId\n bs B[] @relation(fields: [bIds], references: [id])\n @@index([home.street])\n}\nmodel B {\n id String @id @map(\"_id\") @db.ObjectId\n aIds String[] @db.ObjectId\n as A[] @relation(fields: [aIds], references: [id])\n}\ntype Address {\n street String\n}\n";
    let mut sources = Sources::default();
    let files = sources.add_schema("schema.prisma", text);
    let (ast, _) = syntax::parse(&sources, &files);
    let (schema, diagnostics) = model::resolve(&ast);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert_eq!(schema.provider(), Some(Provider::Mongodb));
    let address = schema.walk_all().find(|m| m.kind == ModelKind::Composite).unwrap();
    assert_eq!(address.name.name, "Address");
    let a = schema.walk_models().next().unwrap();
    assert!(matches!(a.find_field("home").unwrap().ty, FieldType::Composite(_)));
    assert_eq!(a.keys[0].fields[0].path.len(), 2);
    assert_eq!(schema.walk_relations().next().unwrap().kind, RelationKind::ManyToMany);
}

#[test]
fn names_that_are_not_there_bring_the_one_that_was_meant() {
    let text = "model User {\n  id Int @id\n  nmae Strnig\n  kind Kind @default(ADMN)\n  @@index([name])\n  @@idnex([id])\n}\nenum Kind {\n  ADMIN\n}\n";
    assert_eq!(
        errors(text),
        [
            "3 PS0202 there is no type `Strnig` (did you mean `String`?)",
            "4 PS0211 the enum `Kind` has no value `ADMN` (did you mean `ADMIN`?)",
            "5 PS0203 `User` has no field `name` (did you mean `nmae`?)",
            "6 PS0205 there is no attribute `@@idnex` here (did you mean `@@index`?)",
        ]
    );
}

#[test]
fn relations_that_do_not_find_each_other() {
    let text = "model A {\n id Int @id\n b B @relation(fields: [bId], references: [id])\n bId Int\n}\nmodel B {\n id Int @id\n}\n";
    assert_eq!(
        errors(text),
        ["3 PS0301 the relation of `A.b` has no field on the other side, in `B` (add a field to `B`, such as `a A[]`)"]
    );
    let text = "model A {\n id Int @id\n x B[]\n y B[]\n}\nmodel B {\n id Int @id\n a A @relation(fields: [aId], references: [id])\n aId Int\n}\n";
    let codes: Vec<_> = errors(text).iter().map(|e| e[..8].to_owned()).collect();
    assert_eq!(codes, ["3 PS0302", "4 PS0302", "8 PS0302"]);
}

#[test]
fn what_is_missing_is_said_once() {
    assert_eq!(
        errors_of("model A {\n id Int @id\n}\n", 0),
        ["1 PS0401 the schema has no datasource block (add one: datasource db { provider = \"postgresql\" })"]
    );
    assert_eq!(
        errors_of("datasource db {\n url = env(\"U\")\n}\n", 0),
        ["1 PS0403 the datasource `db` does not say which kind of database it is (add provider = \"postgresql\")"]
    );
    assert_eq!(
        errors_of("datasource db {\n provider = \"postgre\"\n}\n", 0)[0].split(" (").next(),
        Some("2 PS0404 there is no provider `postgre`")
    );
}
