CREATE TABLE report (legacy integer REFERENCES "Legacy" ("id"));
CREATE VIEW legacy_names AS SELECT "name" FROM "Legacy";
CREATE FUNCTION label("Legacy") RETURNS text LANGUAGE sql AS 'SELECT $1."name"';
CREATE TABLE newer () INHERITS ("Legacy");
CREATE PUBLICATION legacy FOR TABLE "Legacy";
