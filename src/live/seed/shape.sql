-- One row a column: what a value has to satisfy.
WITH RECURSIVE base AS (
  -- Domains stand for what they are made of.
  SELECT oid, oid AS real FROM pg_type WHERE typtype <> 'd'
  UNION ALL
  SELECT t.oid, b.real FROM pg_type t JOIN base b ON b.oid = t.typbasetype WHERE t.typtype = 'd'
)
SELECT n.nspname::text, c.relname::text, a.attnum, a.attname::text,
  coalesce(e.typname, t.typname)::text, e.oid IS NOT NULL, a.atttypmod,
  (SELECT array_agg(l.enumlabel::text ORDER BY l.enumsortorder) FROM pg_enum l WHERE l.enumtypid = coalesce(e.oid, t.oid)),
  a.attnotnull, a.attgenerated <> '',
  (SELECT min(d.objid::regclass::text) FROM pg_depend d JOIN pg_class q ON q.oid = d.objid AND q.relkind = 'S'
   WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
     AND d.refobjsubid = a.attnum AND d.deptype IN ('a', 'i'))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN base b ON b.oid = a.atttypid JOIN pg_type t ON t.oid = b.real
LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'prisma_stage')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1, 2, 3
