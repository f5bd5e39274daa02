CREATE DOMAIN open_stage AS "Stage" CHECK (VALUE <> 'LOST');
CREATE FUNCTION is_open(s "Stage") RETURNS boolean LANGUAGE sql AS 'SELECT s = ''NEW''::"Stage"';
CREATE TABLE log (stage "Stage"[]);
