//! What the front end reads.

use prisma_stage::ast::{Arity, Block, Config, Docs, Enum, Expr, FieldType, Model, ModelKind, Schema};
use prisma_stage::source::Sources;
use prisma_stage::syntax;

/// Reads a text without a fault and shows what was read to `look`.
fn read(text: &str, look: impl FnOnce(&Sources, &Schema<'_>)) {
    let mut sources = Sources::default();
    let schema = sources.add_schema("schema.prisma", text);
    let (read, diagnostics) = syntax::parse(&sources, &schema);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    look(&sources, &read);
}

fn model<'a, 's>(schema: &'a Schema<'s>, name: &str) -> &'a Model<'s> {
    let found = schema.blocks.iter().find_map(|block| match block {
        Block::Model(model) if model.name.name == name => Some(model),
        Block::Model(_) | Block::Enum(_) | Block::Datasource(_) | Block::Generator(_) => None,
    });
    found.unwrap()
}

fn first_enum<'a, 's>(schema: &'a Schema<'s>) -> &'a Enum<'s> {
    let found = schema.blocks.iter().find_map(|block| match block {
        Block::Enum(item) => Some(item),
        Block::Model(_) | Block::Datasource(_) | Block::Generator(_) => None,
    });
    found.unwrap()
}

fn lines<'s>(docs: &Docs<'s>) -> Vec<&'s str> {
    docs.lines.iter().map(|line| line.0).collect()
}

/// A value, short.
fn shown(expr: &Expr<'_>) -> String {
    match expr {
        Expr::String(text) => format!("{:?}", text.value),
        Expr::Number(ident) => format!("number {}", ident.name),
        Expr::Constant(ident) => ident.name.to_owned(),
        Expr::Function(function) => {
            let args: Vec<String> = function
                .args
                .iter()
                .map(|arg| {
                    let value = arg.value.as_ref().map_or("nothing".to_owned(), shown);
                    arg.name.map_or(value.clone(), |name| format!("{}={value}", name.name))
                })
                .collect();
            format!("{}({})", function.name.name, args.join(" "))
        }
        Expr::Array(values, _) => format!("[{}]", values.iter().map(shown).collect::<Vec<_>>().join(" ")),
        Expr::Object(properties, _) => {
            let shown =
                properties.iter().map(|p| format!("{}={}", p.name.name, p.value.as_ref().map_or("".into(), shown)));
            format!("{{{}}}", shown.collect::<Vec<_>>().join(" "))
        }
    }
}

/// The only argument of the only attribute of the field `a`, written like this.
fn default_of(argument: &str) -> String {
    let mut found = String::new();
    read(&format!("model A {{\n  a Int @default({argument})\n}}\n"), |_, schema| {
        let args = model(schema, "A").fields[0].attributes[0].args.as_deref().unwrap();
        found = shown(args[0].value.as_ref().unwrap());
    });
    found
}

#[test]
fn a_schema_is_read_with_its_documentation() {
    let text = "/// People.\nmodel User {\n  /// Key.\n  id Int @id @default(autoincrement()) /// counts\n  name String?\n  \
                tags String[]\n  place Unsupported(\"circle\")?\n  @@index([name(sort: Desc), id], map: \"by_name\")\n}\n";
    read(text, |sources, schema| {
        let user = model(schema, "User");
        assert_eq!(lines(&user.docs), ["People."]);
        assert_eq!(lines(&user.fields[0].docs), ["Key.", "counts"]);
        let arities: Vec<Arity> = user.fields.iter().map(|field| field.arity).collect();
        assert_eq!(arities, [Arity::Required, Arity::Optional, Arity::List, Arity::Optional]);
        assert!(matches!(&user.fields[3].ty, FieldType::Unsupported(text) if text.value == "circle"));
        let args = user.attributes[0].args.as_deref().unwrap();
        assert_eq!(shown(args[0].value.as_ref().unwrap()), "[name(sort=Desc) id]");
        assert_eq!(args[1].name.unwrap().name, "map");
        assert_eq!(sources.slice(user.attributes[0].span), "@@index([name(sort: Desc), id], map: \"by_name\")");
        assert_eq!(sources.slice(user.fields[0].span), "id Int @id @default(autoincrement())");
        assert_eq!(sources.slice(user.span), &text["/// People.\n".len()..text.len() - 1]);
    });
}

#[test]
fn every_kind_of_block_is_read() {
    read(include_str!("syntax/sample.prisma"), |sources, schema| {
        let kinds: Vec<String> = schema
            .blocks
            .iter()
            .map(|block| match block {
                Block::Datasource(Config { name, .. }) => format!("datasource {}", name.name),
                Block::Generator(Config { name, .. }) => format!("generator {}", name.name),
                Block::Enum(item) => format!("enum {}", item.name.name),
                Block::Model(Model { kind: ModelKind::Model, name, .. }) => format!("model {}", name.name),
                Block::Model(Model { kind: ModelKind::View, name, .. }) => format!("view {}", name.name),
                Block::Model(Model { kind: ModelKind::Composite, name, .. }) => format!("type {}", name.name),
            })
            .collect();
        let expected = ["generator client", "datasource db", "model Customer", "model Order", "enum Role", "view Sums"];
        assert_eq!(kinds, expected);
        let Block::Generator(generator) = &schema.blocks[0] else { panic!() };
        let values: Vec<String> = generator.properties.iter().map(|p| shown(p.value.as_ref().unwrap())).collect();
        let expected =
            ["\"prisma-client\"", "\"../generated\"", "[\"views\" \"relationJoins\"]", "env(\"ENGINE\")", "number 3"];
        assert_eq!(values, expected);
        let customer = model(schema, "Customer");
        assert_eq!(lines(&customer.docs), ["Somebody who buys.", "@stage.from(Client)"]);
        assert_eq!(sources.slice(customer.docs.lines[1].1), "/// @stage.from(Client)");
        let native = &customer.fields[1].attributes[0];
        assert_eq!((native.name.name, sources.slice(native.span)), ("db.VarChar", "@db.VarChar(191)"));
        let role = first_enum(schema);
        let values: Vec<&str> = role.values.iter().map(|value| value.name.name).collect();
        assert_eq!(values, ["USER", "ADMIN", "GUEST_2"]);
        assert_eq!(lines(&role.values[1].docs), ["everything"]);
        assert_eq!(role.attributes[0].name.name, "map");
    });
}

#[test]
fn values_are_read() {
    for (written, expected) in [
        ("1", "number 1"),
        ("-1.50", "number -1.50"),
        ("007", "number 007"),
        ("true", "true"),
        ("a.b.c", "a.b.c"),
        ("now()", "now()"),
        ("now ( )", "now()"),
        ("dbgenerated(\"x\")", "dbgenerated(\"x\")"),
        ("f(a: [1, g(\"x\", b: 2)], \"y\")", "f(a=[number 1 g(\"x\" b=number 2)] \"y\")"),
        ("[]", "[]"),
        ("[ [1] , [ ] ]", "[[number 1] []]"),
        ("{ a: null, b: { not: 1 } }", "{a=null b={not=number 1}}"),
    ] {
        assert_eq!(default_of(written), expected, "{written}");
    }
}

#[test]
fn strings_mean_what_they_say() {
    for (written, expected) in [
        (r#""""#, ""),
        (r#""a\"b""#, "a\"b"),
        (r#""a\\b""#, "a\\b"),
        (r#""\n\t\r\b\f\/""#, "\n\t\r\u{8}\u{c}/"),
        (r#""\u0041\u00e9\u00E9""#, "Aéé"),
        (r#""\ud83d\ude00!""#, "😀!"),
        (r#""😀 ünï""#, "😀 ünï"),
        (r#""// {}[]()@""#, "// {}[]()@"),
    ] {
        assert_eq!(default_of(written), format!("{expected:?}"));
    }
}

#[test]
fn line_ends_may_be_any() {
    let text =
        "/// D\nmodel A {\n  /// d\n  id Int @id // x\n\n  b  String /// e\n  @@map(\"a\")\n}\n\nenum E {\n  X\n}\n";
    for line_end in ["\n", "\r\n", "\r"] {
        read(&text.replace('\n', line_end), |_, schema| {
            let a = model(schema, "A");
            assert_eq!(lines(&a.docs), ["D"]);
            assert_eq!((a.fields.len(), a.attributes.len()), (2, 1));
            assert_eq!((lines(&a.fields[0].docs), lines(&a.fields[1].docs)), (vec!["d"], vec!["e"]));
            assert_eq!(first_enum(schema).values.len(), 1);
        });
    }
}

#[test]
fn a_byte_order_mark_is_passed_over_and_counted() {
    read("\u{feff}model A {\n  id Int\n}\n", |sources, schema| {
        let name = model(schema, "A").name;
        assert_eq!(name.span.start, 9);
        assert_eq!(sources.line_column(name.span.file, name.span.start).column, 7);
    });
}

#[test]
fn names_may_be_of_any_script() {
    read(
        "model 名前 {\n  größe Int @map(\"größe\")\n  ім_я2 Étoile\n}\nenum Étoile {\n  α\n}\n",
        |_, schema| {
            let names: Vec<&str> = model(schema, "名前").fields.iter().map(|field| field.name.name).collect();
            assert_eq!(names, ["größe", "ім_я2"]);
            assert_eq!(first_enum(schema).values[0].name.name, "α");
        },
    );
}

#[test]
fn documentation_belongs_to_what_stands_below_it() {
    let text = "/// apart\n\n/// A\n// plain\n/// A2\nmodel A {\n  /// dropped\n\n  /// kept\n\n  a Int /// behind\n  // b\n  b Int\n\
                \x20 /// of the index\n  @@index([a])\n  ///none\n  ///  two\n  //// four\n  c Int\n}\n\n/// dangling\n";
    read(text, |_, schema| {
        let a = model(schema, "A");
        assert_eq!(lines(&a.docs), ["A", "A2"]);
        assert_eq!(lines(&a.fields[0].docs), ["kept", "behind"]);
        assert_eq!(lines(&a.fields[1].docs), [""; 0]);
        assert_eq!(lines(&a.fields[2].docs), ["none", " two", "/ four"]);
    });
    read("/// apart\n\nmodel A {\n  a Int\n}\n", |_, schema| assert!(model(schema, "A").docs.lines.is_empty()));
}

#[test]
fn comments_may_stand_where_prisma_takes_them() {
    let text = "/* a } \n} */ model A { // x\n  /* b\n} */ id Int /* c */\n  @@map(\"a\") // d\n} // e\n/**/\n";
    read(text, |_, schema| assert_eq!(model(schema, "A").fields.len(), 1));
}

#[test]
fn long_schemas_are_read_in_pieces_and_none_is_lost() {
    let mut text = String::from("/* model Commented {\n}\n*/\n");
    for n in 0..3_000 {
        text.push_str(&format!(
            "/// Doc {n}\nmodel M{n} {{\n  id Int @id // }}\n  /* }}\n}}\n */\n  s String @default(\"/*\")\n}}\n\n"
        ));
    }
    read(&text, |_, schema| {
        assert_eq!(schema.blocks.len(), 3_000);
        for (n, block) in schema.blocks.iter().enumerate() {
            let Block::Model(model) = block else { panic!() };
            assert_eq!((model.name.name, model.fields.len()), (format!("M{n}").as_str(), 2));
            assert_eq!(lines(&model.docs), [format!("Doc {n}")]);
        }
    });
}
