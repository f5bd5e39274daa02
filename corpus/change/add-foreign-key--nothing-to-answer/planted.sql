-- finds: orphans in Comment(userId)
SET session_replication_role = 'replica';
INSERT INTO "Comment" ("text", "userId") VALUES ('from nobody', 7);
RESET session_replication_role;
