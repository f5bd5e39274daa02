CREATE VIEW adults AS SELECT "id" FROM "User" WHERE "age" >= 18;
ALTER TABLE "User" ADD CONSTRAINT age_is_sane CHECK ("age" BETWEEN 0 AND 150);
CREATE INDEX by_decade ON "User" (("age" / 10));
CREATE STATISTICS age_and_mail ON "age", "email" FROM "User";
CREATE FUNCTION oldest() RETURNS int LANGUAGE sql AS 'SELECT max("age") FROM "User"';
