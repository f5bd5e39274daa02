-- A stand-in for the extension pgvector on servers that lack it: a type of its name that takes its length and holds text.
-- The plans only carry such columns along.
SET allow_system_table_mods = on;
INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
VALUES (65000, 'vector', 10, 'public'::regnamespace, true, '0');
RESET allow_system_table_mods;
CREATE TYPE public.vector;
CREATE FUNCTION public.vector_in(cstring) RETURNS public.vector LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION public.vector_out(public.vector) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE FUNCTION public.vector_length_in(cstring[]) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'varbittypmodin';
CREATE FUNCTION public.vector_length_out(integer) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varbittypmodout';
CREATE TYPE public.vector (INPUT = public.vector_in, OUTPUT = public.vector_out, TYPMOD_IN = public.vector_length_in,
  TYPMOD_OUT = public.vector_length_out, STORAGE = extended);
