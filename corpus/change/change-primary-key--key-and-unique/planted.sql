-- finds: duplicates in Poll(urlId)
-- finds: an index is INVALID
-- finds: deadlock_timeout is short
-- finds: a timeout of the session
INSERT INTO "Poll" ("urlId") VALUES ('a'), ('b'), ('a');
CREATE INDEX "Poll_urlId_key" ON "Poll" ("id");
UPDATE pg_index SET indisvalid = false WHERE indexrelid = '"Poll_urlId_key"'::regclass;
SET deadlock_timeout = '200ms';
SET statement_timeout = '1min';
