//! What the front end reads, and what it says of the rest.

use prisma_stage::ast::{Arity, Block, Expr, FieldType};
use prisma_stage::source::Sources;
use prisma_stage::syntax;

#[test]
fn a_schema_is_read_with_its_documentation() {
    let mut sources = Sources::default();
    let schema = sources.add_schema(
        "schema.prisma",
        "/// People.\nmodel User {\n  /// Key.\n  id Int @id @default(autoincrement()) /// counts\n  name String?\n  tags String[]\n  place Unsupported(\"circle\")?\n  @@index([name(sort: Desc), id], map: \"by_name\")\n}\n",
    );
    let (read, diagnostics) = syntax::parse(&sources, &schema);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let [Block::Model(user)] = read.blocks.as_slice() else { panic!("{:?}", read.blocks) };
    assert_eq!(user.name.name, "User");
    assert_eq!(user.docs.lines[0].0, "People.");
    let docs: Vec<&str> = user.fields[0].docs.lines.iter().map(|line| line.0).collect();
    assert_eq!(docs, ["Key.", "counts"]);
    let arities: Vec<Arity> = user.fields.iter().map(|field| field.arity).collect();
    assert_eq!(arities, [Arity::Required, Arity::Optional, Arity::List, Arity::Optional]);
    assert!(matches!(&user.fields[3].ty, FieldType::Unsupported(text) if text.value == "circle"));
    let args = user.attributes[0].args.as_deref().unwrap();
    assert!(matches!(args[0].value, Some(Expr::Array(ref values, _)) if values.len() == 2));
    assert_eq!(args[1].name.unwrap().name, "map");
    assert_eq!(sources.slice(user.attributes[0].span), "@@index([name(sort: Desc), id], map: \"by_name\")");
    assert_eq!(sources.slice(user.fields[0].span), "id Int @id @default(autoincrement())");
}
