-- Every object of a database as (key, description). What two databases may differ in without anybody noticing is left out:
-- the order of columns, the names of sequences that belong to a column, the names that servers give to NOT NULL (from 18).
WITH space AS (
  SELECT oid, nspname FROM pg_namespace
  WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'prisma_stage')
), extended AS (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
), rel AS (
  SELECT c.*, format('%I.%I', s.nspname, c.relname) AS named
  FROM pg_class c JOIN space s ON s.oid = c.relnamespace
  WHERE NOT EXISTS (SELECT FROM extended e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid)
), owned AS (
  SELECT d.objid AS sequence, d.refobjid AS relid, d.refobjsubid AS attnum, format('%s.%I', r.named, a.attname) AS named
  FROM pg_depend d JOIN rel r ON r.oid = d.refobjid
  JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
  JOIN pg_class q ON q.oid = d.objid AND q.relkind = 'S'
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
)
SELECT format('schema %I', nspname), '' FROM space
UNION ALL
SELECT format('extension %I', e.extname), format('in %I version %s', n.nspname, e.extversion)
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql'
UNION ALL
SELECT format('enum %I.%I', s.nspname, t.typname),
  (SELECT string_agg(quote_literal(l.enumlabel), ', ' ORDER BY l.enumsortorder) FROM pg_enum l WHERE l.enumtypid = t.oid)
FROM pg_type t JOIN space s ON s.oid = t.typnamespace
WHERE t.typtype = 'e' AND NOT EXISTS (SELECT FROM extended e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid)
UNION ALL
SELECT format('type %I.%I', s.nspname, t.typname), t.typtype::text
FROM pg_type t JOIN space s ON s.oid = t.typnamespace
WHERE (t.typtype IN ('d', 'r') OR t.typtype = 'c' AND EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
  AND NOT EXISTS (SELECT FROM extended e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid)
UNION ALL
SELECT 'table ' || named, concat_ws(' ', CASE relkind WHEN 'p' THEN 'partitioned' END,
  CASE relpersistence WHEN 'u' THEN 'unlogged' END, CASE WHEN relrowsecurity THEN 'row security' END)
FROM rel WHERE relkind IN ('r', 'p')
UNION ALL
SELECT format('column %s.%I', r.named, a.attname), concat_ws(' ',
  format_type(a.atttypid, a.atttypmod),
  CASE WHEN a.attcollation <> t.typcollation THEN 'collate ' || a.attcollation::regcollation END,
  CASE WHEN a.attnotnull THEN 'not null' END,
  CASE a.attidentity WHEN 'a' THEN 'identity always' WHEN 'd' THEN 'identity' END,
  CASE WHEN a.attgenerated <> '' THEN 'generated' END,
  'default ' || CASE WHEN o.sequence IS NULL THEN pg_get_expr(d.adbin, d.adrelid)
    ELSE replace(pg_get_expr(d.adbin, d.adrelid), concat('nextval(', '''', replace(o.sequence::regclass::text, '''', ''''''), '''', '::regclass)'), 'nextval(own sequence)') END)
FROM rel r JOIN pg_attribute a ON a.attrelid = r.oid JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN LATERAL (SELECT w.sequence FROM owned w WHERE w.relid = a.attrelid AND w.attnum = a.attnum ORDER BY 1 LIMIT 1) o ON true
WHERE r.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT format('constraint %s.%I', r.named, k.conname),
  pg_get_constraintdef(k.oid) || CASE WHEN NOT k.convalidated AND pg_get_constraintdef(k.oid) !~ 'NOT VALID$' THEN ' NOT VALID' ELSE '' END
FROM rel r JOIN pg_constraint k ON k.conrelid = r.oid WHERE r.relkind IN ('r', 'p') AND k.contype NOT IN ('n', 't')
UNION ALL
SELECT 'index ' || x.named, concat_ws(' ', pg_get_indexdef(i.indexrelid), CASE WHEN NOT i.indisvalid THEN 'INVALID' END,
  CASE WHEN NOT i.indisready THEN 'NOT READY' END, CASE WHEN i.indisreplident THEN 'REPLICA IDENTITY' END)
FROM rel x JOIN pg_index i ON i.indexrelid = x.oid JOIN rel r ON r.oid = i.indrelid WHERE r.relkind IN ('r', 'p', 'm')
UNION ALL
SELECT CASE WHEN o.named IS NULL THEN 'sequence ' || r.named ELSE 'sequence of ' || o.named END,
  format('%s start %s by %s from %s to %s cache %s%s', format_type(q.seqtypid, NULL), q.seqstart, q.seqincrement, q.seqmin, q.seqmax,
    q.seqcache, CASE WHEN q.seqcycle THEN ' cycle' END)
FROM rel r JOIN pg_sequence q ON q.seqrelid = r.oid LEFT JOIN owned o ON o.sequence = r.oid
UNION ALL
SELECT CASE relkind WHEN 'm' THEN 'materialized view ' ELSE 'view ' END || named, pg_get_viewdef(oid) FROM rel WHERE relkind IN ('v', 'm')
UNION ALL
SELECT format('trigger %s.%I', r.named, g.tgname), concat_ws(' ', pg_get_triggerdef(g.oid), nullif(g.tgenabled::text, 'O'))
FROM rel r JOIN pg_trigger g ON g.tgrelid = r.oid WHERE NOT g.tgisinternal
UNION ALL
SELECT format('function %I.%I(%s)', s.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
  CASE WHEN p.prokind IN ('f', 'p') THEN pg_get_functiondef(p.oid) ELSE p.prokind::text END
FROM pg_proc p JOIN space s ON s.oid = p.pronamespace
WHERE NOT EXISTS (SELECT FROM extended e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid)
UNION ALL
SELECT format('policy %s.%I', r.named, y.polname), concat_ws(' ', y.polcmd::text, pg_get_expr(y.polqual, y.polrelid),
  pg_get_expr(y.polwithcheck, y.polrelid))
FROM rel r JOIN pg_policy y ON y.polrelid = r.oid
