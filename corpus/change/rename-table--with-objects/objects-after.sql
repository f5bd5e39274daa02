CREATE VIEW titles AS SELECT "title" FROM "Article";
ALTER TABLE "Article" ADD CONSTRAINT sized CHECK ("size" >= 0);
CREATE INDEX by_length ON "Article" (length("title"));
CREATE STATISTICS both_of_it ON "title", "size" FROM "Article";
CREATE FUNCTION same() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER on_title BEFORE UPDATE OF "title" ON "Article" FOR EACH ROW WHEN (OLD."title" <> NEW."title") EXECUTE FUNCTION same();
CREATE POLICY everybody ON "Article" USING (true);
