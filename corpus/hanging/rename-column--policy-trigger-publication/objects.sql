CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER on_owner BEFORE UPDATE OF "owner" ON "Account" FOR EACH ROW EXECUTE FUNCTION note();
CREATE POLICY own_rows ON "Account" USING ("owner" = current_user);
CREATE PUBLICATION owners FOR TABLE "Account" ("id", "owner");
