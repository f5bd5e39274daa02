-- Everything that makes rows hard to make up: types, few values in uniques, keys that share columns, cycles.
CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE EXTENSION ltree;
CREATE TYPE e AS ENUM ('a', 'b', 'it''s');
CREATE TABLE types (
  id bigserial PRIMARY KEY, a bool, b int2 UNIQUE, c int4[], d int8, e float4, f float8, g numeric, h numeric(3,2) UNIQUE,
  i numeric(5,0), j money, k char(1) UNIQUE, l varchar(2) UNIQUE, m bpchar, n bit(3), o varbit(5), p varbit, q date, r time(3),
  s timetz(0), t timestamp(0), u timestamptz(3), v interval, w uuid UNIQUE, x json, y jsonb[], z bytea, aa inet, bb cidr,
  cc macaddr, dd xml, ee tsvector, ff hstore, gg ltree, hh citext UNIQUE, ii e[], jj e, kk numeric(65,30), ll "char", mm name,
  nn point, oo int4range, pp text[] NOT NULL, qq bit, rr numeric(2,1) UNIQUE, ss int GENERATED ALWAYS AS IDENTITY,
  tt text GENERATED ALWAYS AS ('x') STORED, uu oid, vv char(30), ww timestamp(3)[], xx uuid[], yy bytea[], zz numeric(10,2)[]);
CREATE TABLE role (e e PRIMARY KEY, other e REFERENCES role(e));
CREATE TABLE combo (e e, b bool, k text, r e NOT NULL REFERENCES role(e), UNIQUE (e, b), PRIMARY KEY (e, b));
CREATE TABLE tenant (id uuid PRIMARY KEY, owner int NOT NULL);
CREATE TABLE usr (tenant uuid REFERENCES tenant, id int GENERATED ALWAYS AS IDENTITY, boss int, PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, boss) REFERENCES usr (tenant, id), UNIQUE (id));
ALTER TABLE tenant ADD FOREIGN KEY (owner) REFERENCES usr (id);
CREATE TABLE post (id int PRIMARY KEY, tenant uuid NOT NULL REFERENCES tenant, author int NOT NULL, editor int,
  FOREIGN KEY (tenant, author) REFERENCES usr (tenant, id), FOREIGN KEY (tenant, editor) REFERENCES usr (tenant, id));
CREATE TABLE profile (uid int PRIMARY KEY REFERENCES usr (id));
CREATE TABLE "_AB" ("A" int NOT NULL REFERENCES post (id), "B" int NOT NULL REFERENCES usr (id), PRIMARY KEY ("A", "B"));
CREATE TABLE self (id serial PRIMARY KEY, parent int REFERENCES self (id), twin int UNIQUE REFERENCES self (id),
  req int NOT NULL REFERENCES self (id));
CREATE TABLE short (k varchar(3) PRIMARY KEY);
CREATE TABLE long (k text REFERENCES short (k), id varchar(10) PRIMARY KEY DEFAULT 'x');
CREATE TABLE unknown (t text);
CREATE UNIQUE INDEX ON unknown ((length(t)));
