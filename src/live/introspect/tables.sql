-- One row a column of each table (one with NULLs for a table without any).
SELECT n.nspname::text, c.relname::text, c.oid, a.attnum, a.attname::text, NOT a.attnotnull,
  coalesce(e.oid, t.oid), coalesce(e.typname, t.typname)::text, e.oid IS NOT NULL, a.atttypmod,
  pg_catalog.format_type(a.atttypid, a.atttypmod),
  pg_catalog.pg_get_expr(d.adbin, d.adrelid),
  a.attidentity <> '' OR EXISTS (
    SELECT FROM pg_catalog.pg_depend o JOIN pg_catalog.pg_class q ON q.oid = o.objid AND q.relkind = 'S'
    WHERE o.classid = 'pg_catalog.pg_class'::regclass AND o.refclassid = 'pg_catalog.pg_class'::regclass
      AND o.refobjid = c.oid AND o.refobjsubid = a.attnum AND o.deptype IN ('a', 'i')
      AND pg_catalog.pg_get_expr(d.adbin, d.adrelid) = concat('nextval(', '''', replace(q.oid::regclass::text, '''', ''''''), '''', '::regclass)'))
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'prisma_stage')
  AND c.relname <> '_prisma_migrations'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend x
    WHERE x.classid = 'pg_catalog.pg_class'::regclass AND x.objid = c.oid AND x.deptype = 'e')
ORDER BY 1, 2, 4
