//! The private server and what is read from it.

use prisma_stage::live::server::Server;
use prisma_stage::live::snapshot;

#[test]
fn databases_are_copied_and_compared() {
    let server = Server::shared().unwrap();
    let one = server.create(None).unwrap();
    let ddl = r#"
        CREATE TYPE "Role" AS ENUM ('A', 'it''s');
        CREATE TABLE "User" ("id" SERIAL NOT NULL, "role" "Role" NOT NULL DEFAULT 'A', "name" VARCHAR(30), CONSTRAINT "User_pkey" PRIMARY KEY ("id"));
        CREATE UNIQUE INDEX "User_name_key" ON "User"("name");
        INSERT INTO "User" ("name") VALUES ('Zoë'), (NULL), ('O''Hara 🚀');"#;
    one.connect().unwrap().batch_execute(ddl).unwrap();
    let two = server.create(Some(&one)).unwrap();
    let mut client = two.connect().unwrap();
    let before = snapshot::catalog(&mut one.connect().unwrap()).unwrap();
    assert_eq!(before, snapshot::catalog(&mut client).unwrap());
    assert_eq!(before.objects["column public.\"User\".id"], "integer not null default nextval(own sequence)");
    assert_eq!(before.objects["sequence of public.\"User\".id"], "integer start 1 by 1 from 1 to 2147483647 cache 1");

    let rows = snapshot::rows(&mut client).unwrap();
    let user = &rows[&("public".to_owned(), "User".to_owned())];
    assert_eq!(user.columns, ["id", "name", "role"]);
    assert_eq!(user.key, [0]);
    assert_eq!(user.rows.len(), 3);
    assert_eq!(user.rows[2][1].as_deref(), Some("O'Hara 🚀"));

    client.batch_execute(r#"ALTER TABLE "User" DROP COLUMN "name"; ALTER TYPE "Role" ADD VALUE 'B';"#).unwrap();
    let after = snapshot::catalog(&mut client).unwrap();
    assert_eq!(
        snapshot::differences(&after, &before),
        [
            "missing: column public.\"User\".name: character varying(30)",
            "enum public.\"Role\": is 'A', 'it''s', 'B', not 'A', 'it''s'",
            "missing: index public.\"User_name_key\": CREATE UNIQUE INDEX \"User_name_key\" ON public.\"User\" USING btree (name)",
        ]
    );
}

#[test]
fn a_server_is_gone_with_whoever_started_it() {
    let server = Server::start(None).unwrap();
    let folder = server.connection().split(' ').next().unwrap().trim_start_matches("host=").to_owned();
    assert!(std::path::Path::new(&folder).exists());
    drop(server);
    assert!(!std::path::Path::new(&folder).exists());
}
