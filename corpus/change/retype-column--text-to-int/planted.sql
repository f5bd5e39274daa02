-- finds: values of Article.pages do not fit INTEGER
-- finds: a trigger runs after ours
INSERT INTO "Article" ("pages") VALUES ('12'), (NULL), ('many');
CREATE FUNCTION "stamp"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER "zz_stamp" BEFORE UPDATE ON "Article" FOR EACH ROW EXECUTE FUNCTION "stamp"();
