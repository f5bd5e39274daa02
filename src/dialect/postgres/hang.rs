//! What hangs on a column, a table or a type that the schema file does not speak of: views, rules, checks, triggers, policies,
//! publications, statistics, functions, other tables. The server drops some of it in silence with a column, so it is looked for
//! first (<https://www.postgresql.org/docs/current/catalog-pg-depend.html>).

use super::quote::{ident, literal, name};
use crate::catalog::{Catalog, ColumnId, EnumId, Name, Table, TableId};

/// A look into the system catalogs, each row an object.
pub struct Hanging {
    /// What it hangs on.
    pub on: String,
    /// The query behind `SELECT`: `object` and what comes after it.
    pub query: String,
}

/// `'a', 'b'`, for an `IN`.
fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let all: Vec<String> = names.into_iter().map(literal).collect();
    if all.is_empty() { "''".to_owned() } else { all.join(", ") }
}

/// What hangs on a column, but for what the plan knows of.
pub fn on_column(at: &Catalog, on: TableId, column: ColumnId) -> Option<Hanging> {
    let table = at.tables.get(&on)?;
    let column = table.columns.get(&column)?;
    let quoted = name(&table.name);
    let indexes = table.indexes.values().map(|i| i.name.as_str());
    let keys = table.primary_key.iter().map(|k| k.name.as_str());
    let checks = table.checks.values().map(|c| c.name.as_str());
    let linked = at.tables.values().flat_map(|t| t.foreign_keys.values());
    let links = linked.filter(|k| k.references == on).map(|k| k.name.as_str());
    let own = table.foreign_keys.values().map(|k| k.name.as_str());
    let mut known: Vec<&str> = indexes.chain(keys).chain(checks).chain(links).chain(own).collect();
    known.sort_unstable();
    known.dedup();
    let views = at.views.values().filter(|v| v.table == on);
    let views: Vec<String> = views.map(|v| format!(", to_regclass({})", literal(&name(&v.name)))).collect();
    let known = list(known);
    Some(Hanging {
        on: format!("{quoted}.{}", ident(&column.name)),
        query: format!(
            "DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid) AS \"object\"
      FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
      WHERE d.refclassid = 'pg_class'::regclass AND a.attrelid = to_regclass({table}) AND a.attname = {column}
        AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_class c WHERE d.classid = 'pg_class'::regclass AND c.oid = d.objid
          AND (c.relkind = 'S' OR c.relname IN ({known})))
        AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint c WHERE d.classid = 'pg_constraint'::regclass AND c.oid = d.objid
          AND (c.contype = 'n' OR c.conname IN ({known})))
        AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_attrdef f WHERE d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
          AND f.adnum = a.attnum AND a.attgenerated = '')
        AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_trigger g WHERE d.classid = 'pg_trigger'::regclass AND g.oid = d.objid
          AND g.tgname LIKE 'zz\\_ps\\_%')
        AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_rewrite r WHERE d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
          AND r.ev_class IN (0{views}))",
            table = literal(&quoted),
            column = literal(&column.name),
            views = views.concat(),
        ),
    })
}

/// What hangs on a table and is none of its own parts.
pub fn on_table(at: &Catalog, on: TableId) -> Option<Hanging> {
    let table = at.tables.get(&on)?;
    let quoted = name(&table.name);
    let linked = at.tables.values().flat_map(|t| t.foreign_keys.values());
    let known = list(linked.filter(|k| k.references == on).map(|k| k.name.as_str()));
    let views = at.views.values().filter(|v| v.table == on);
    let views: Vec<String> = views.map(|v| format!(", to_regclass({})", literal(&name(&v.name)))).collect();
    Some(Hanging {
        on: quoted.clone(),
        query: format!(
            "DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid) AS \"object\"
      FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class t ON t.oid = to_regclass({table})
      WHERE (d.refclassid = 'pg_class'::regclass AND d.refobjid = t.oid OR d.refclassid = 'pg_type'::regclass
          AND d.refobjid IN (SELECT y.oid FROM pg_catalog.pg_type y WHERE y.oid = t.reltype OR y.typelem = t.reltype))
        AND (d.deptype = 'n' OR d.classid = 'pg_publication_rel'::regclass)
        AND d.classid NOT IN ('pg_attrdef'::regclass, 'pg_statistic_ext'::regclass)
        AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint c WHERE d.classid = 'pg_constraint'::regclass AND c.oid = d.objid
          AND (c.conrelid = t.oid OR c.conname IN ({known})))
        AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_trigger g WHERE d.classid = 'pg_trigger'::regclass AND g.oid = d.objid
          AND g.tgrelid = t.oid)
        AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_policy p WHERE d.classid = 'pg_policy'::regclass AND p.oid = d.objid
          AND p.polrelid = t.oid)
        AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_class c WHERE d.classid = 'pg_class'::regclass AND c.oid = d.objid
          AND c.relkind IN ('i', 'I', 'S'))
        AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_rewrite r WHERE d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
          AND r.ev_class IN (t.oid{views}))",
            table = literal(&quoted),
            views = views.concat(),
        ),
    })
}

/// What hangs on an enum type, but for columns of tables that the plan knows of.
pub fn on_type(at: &Catalog, on: EnumId) -> Option<Hanging> {
    let def = at.enums.get(&on)?;
    let quoted = name(&def.name);
    let names = at.tables.values().map(|t| t.name.clone()).chain(at.views.values().map(|v| v.name.clone()));
    // Conditions of indexes hold values of it.
    let partial = |t: &Table| -> Vec<Name> {
        let indexes = t.indexes.values().filter(|i| i.predicate.is_some());
        indexes.map(|i| t.name.with_name(&i.name)).collect()
    };
    let names = names.chain(at.tables.values().flat_map(|t| partial(t)));
    let tables = names.map(|n| format!(", to_regclass({})", literal(&name(&n))));
    let tables: String = tables.collect();
    Some(Hanging {
        on: quoted.clone(),
        query: format!(
            "DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid) AS \"object\"
      FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_type y ON y.oid = d.refobjid
      WHERE d.refclassid = 'pg_type'::regclass AND to_regtype({ty}) IN (y.oid, y.typelem) AND d.deptype = 'n'
        AND d.classid IN ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_type'::regclass, 'pg_cast'::regclass,
          'pg_operator'::regclass, 'pg_rewrite'::regclass)
        AND NOT (d.classid = 'pg_class'::regclass AND d.objid IN (0{tables}))",
            ty = literal(&quoted),
        ),
    })
}

/// Functions whose text speaks of a table and a column of it: the server keeps no account of them.
pub fn spoken_of(at: &Catalog, on: TableId, column: Option<ColumnId>) -> Option<String> {
    let table = at.tables.get(&on)?;
    let escaped = |text: &str| {
        let letters =
            text.chars().map(|c| if c.is_alphanumeric() || c == '_' { c.to_string() } else { format!("\\{c}") });
        literal(&format!("\\y{}\\y", letters.collect::<String>()))
    };
    let column = match column {
        None => String::new(),
        Some(id) => format!(" AND p.prosrc ~ {}", escaped(&table.columns.get(&id)?.name)),
    };
    Some(format!(
        "'function ' || p.oid::regprocedure::text || ', whose text speaks of it' AS \"object\"
      FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang
      WHERE l.lanname NOT IN ('internal', 'c') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'prisma_stage')
        AND p.prosrc ~ {}{column}",
        escaped(&table.name.name)
    ))
}
