//! A live database is read as the catalog that its schema is lowered to.

use prisma_stage::catalog::{Catalog, Default, Ids, Literal};
use prisma_stage::live::introspect;
use prisma_stage::live::server::Server;
use prisma_stage::source::Sources;
use prisma_stage::{lower, model, syntax};

fn lowered(ids: &mut Ids) -> Catalog {
    let mut sources = Sources::default();
    let files = sources.add_schema("everything.prisma", include_str!("introspect/everything.prisma"));
    let (ast, diagnostics) = syntax::parse(&sources, &files);
    assert!(!diagnostics.has_errors(), "{diagnostics:?}");
    let (model, _) = model::resolve(&ast);
    let (catalog, diagnostics) = lower::lower(&model, ids);
    assert!(!diagnostics.has_errors(), "{diagnostics:?}");
    catalog
}

#[test]
fn what_the_schema_says_is_what_the_database_has() {
    let mut ids = Ids::default();
    let wanted = lowered(&mut ids);
    let database = Server::shared().unwrap().create(None).unwrap();
    let mut client = database.connect().unwrap();
    client.batch_execute(include_str!("introspect/everything.sql")).unwrap();
    let read = introspect::read(&mut client, &wanted, &mut ids).unwrap();
    assert_eq!(read.differences(&wanted), Vec::<String>::new());

    // Every change is seen, and nothing else.
    let changes = [
        ("ALTER TABLE \"Everything\" ALTER \"exact\" SET DEFAULT 1.51", "column Everything.exact"),
        ("ALTER TABLE \"Everything\" ALTER \"json\" SET DEFAULT '{\"b\": 1}'", "column Everything.json"),
        ("ALTER TABLE \"Everything\" ALTER \"computed\" SET DEFAULT 'a' || upper('B')", "column Everything.computed"),
        ("ALTER TABLE \"Everything\" ALTER \"raw\" TYPE box USING NULL", "column Everything.raw"),
        ("ALTER TABLE \"Everything\" ALTER \"chars\" TYPE char(11)", "column Everything.chars"),
        ("ALTER TABLE \"Everything\" ALTER \"id\" DROP DEFAULT", "column Everything.id"),
        ("ALTER TABLE \"Everything\" ALTER \"otherId\" SET NOT NULL", "column Everything.otherId"),
        ("ALTER INDEX \"Everything_json_idx\" RENAME TO j", "index Everything_json_idx of Everything"),
        ("ALTER TYPE \"Role\" ADD VALUE 'X'", "enum Role"),
    ];
    for (sql, seen) in changes {
        let copy = Server::shared().unwrap().create(None).unwrap();
        let mut client = copy.connect().unwrap();
        client.batch_execute(include_str!("introspect/everything.sql")).unwrap();
        client.batch_execute(sql).unwrap();
        let differences = introspect::read(&mut client, &wanted, &mut ids).unwrap().differences(&wanted);
        assert!(differences.contains(&seen.to_owned()), "{sql}: {differences:?}");
    }
}

#[test]
fn a_database_that_nobody_described_is_read_too() {
    let database = Server::shared().unwrap().create(None).unwrap();
    let mut client = database.connect().unwrap();
    client.batch_execute(include_str!("introspect/everything.sql")).unwrap();
    let read = introspect::read(&mut client, &Catalog::default(), &mut Ids::default()).unwrap();
    let table = &read.tables[0];
    let default = |name: &str| table.columns.values().find(|c| c.name == name).unwrap().default.clone();
    assert_eq!(default("id"), Some(Default::Sequence));
    assert_eq!(default("zoned"), Some(Default::Now));
    assert_eq!(default("role"), Some(Default::Literal(Literal::Enum("it's \"admin\"".into()))));
    assert_eq!(default("numbers"), Some(Default::List(["1", "-2"].map(|n| Literal::Number(n.into())).to_vec())));
    assert_eq!(default("bytes"), Some(Default::Literal(Literal::Bytes(b"hello".to_vec()))));
    assert_eq!(default("uuid"), Some(Default::Sql("gen_random_uuid()".into())));
    assert_eq!(table.foreign_keys.len(), 1);
    assert_eq!(table.indexes.len(), 3);
}
