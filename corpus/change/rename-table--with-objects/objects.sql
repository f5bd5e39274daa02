CREATE VIEW titles AS SELECT "title" FROM "Post";
ALTER TABLE "Post" ADD CONSTRAINT sized CHECK ("size" >= 0);
CREATE INDEX by_length ON "Post" (length("title"));
CREATE STATISTICS both_of_it ON "title", "size" FROM "Post";
CREATE FUNCTION same() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER on_title BEFORE UPDATE OF "title" ON "Post" FOR EACH ROW WHEN (OLD."title" <> NEW."title") EXECUTE FUNCTION same();
CREATE POLICY everybody ON "Post" USING (true);
