ALTER TABLE "Score" ADD COLUMN twice integer GENERATED ALWAYS AS ("points" * 2) STORED;
ALTER TABLE "Score" ADD CONSTRAINT not_negative CHECK ("points" >= 0);
CREATE TABLE audit (points integer);
CREATE RULE keep AS ON UPDATE TO "Score" DO ALSO INSERT INTO audit VALUES (old."points");
