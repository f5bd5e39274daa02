//! Two shapes of the same values: when they agree, and how each follows the other.
//!
//! Whether they agree is asked first. Else a backfill would rewrite the old columns wherever something is lost on the way to the
//! new ones, and a new value that maps to the same old one would coarsen what is there.

use super::fact::as_comparable;
use super::quote::ident;
use super::value::{expr_sql, of_enum, type_sql};
use crate::catalog::{BaseType, Catalog, Column, ColumnId, ColumnType, Expr, Lead, Mapping, Table};

type Pairs<'a> = &'a [(ColumnId, Expr)];

/// A value for a column, of the column's type: what a user writes is cast, so that it can be compared.
pub fn value_sql(at: &Catalog, table: &Table, target: &Column, value: &Expr, prefix: &str) -> String {
    match value {
        Expr::Sql(sql) if target.ty.enum_id().is_some() => {
            let value = of_enum(at, &target.ty, &ended(sql));
            if prefix.is_empty() {
                return value;
            }
            format!("(SELECT {value} FROM (SELECT NEW.*) AS {})", ident(&table.name.name))
        }
        Expr::Sql(sql) if prefix.is_empty() => format!("CAST({} AS {})", ended(sql), castable(at, &target.ty)),
        // In a trigger the row is made a relation under the table's own name, so that columns are found.
        Expr::Sql(sql) => {
            let (sql, ty, own) = (ended(sql), castable(at, &target.ty), ident(&table.name.name));
            format!("(SELECT CAST({sql} AS {ty}) FROM (SELECT NEW.*) AS {own})")
        }
        Expr::Coalesce(all) => {
            let all = all.iter().map(|e| value_sql(at, table, target, e, prefix)).collect::<Vec<_>>().join(", ");
            format!("COALESCE({all})")
        }
        Expr::Column(_)
        | Expr::Literal(_)
        | Expr::Default(_)
        | Expr::Cast { .. }
        | Expr::Remap { .. }
        | Expr::Derived(_)
        | Expr::Lookup { .. }
        | Expr::Uuid
        | Expr::Now => expr_sql(at, table, target, value, prefix),
    }
}

/// A comment at its end would swallow what follows.
fn ended(sql: &str) -> String {
    if sql.contains("--") { format!("{sql}\n") } else { sql.to_owned() }
}

/// A cast to a length would cut what is too long without a word; the assignment refuses it.
fn castable(at: &Catalog, ty: &ColumnType) -> String {
    match &ty.base {
        BaseType::Native { name, .. } if matches!(name.as_str(), "VARCHAR" | "CHAR" | "BIT" | "VARBIT") => {
            let base = match name.as_str() {
                "VARCHAR" | "CHAR" => "TEXT",
                _ => "VARBIT",
            };
            if ty.list { format!("{base}[]") } else { base.to_owned() }
        }
        BaseType::Native { .. } | BaseType::Enum(_) | BaseType::Raw(_) => type_sql(at, ty),
    }
}

/// Each column and its value, as they can be compared and assigned.
fn sides(at: &Catalog, table: &Table, pairs: Pairs<'_>, prefix: &str) -> Vec<(ColumnId, String, String)> {
    let side = |(id, value): &(ColumnId, Expr)| {
        let target = table.columns.get(id)?;
        Some((*id, format!("{prefix}{}", ident(&target.name)), value_sql(at, table, target, value, prefix)))
    };
    pairs.iter().filter_map(side).collect()
}

/// True where every column holds its value.
fn holds(at: &Catalog, table: &Table, pairs: Pairs<'_>, prefix: &str) -> String {
    let one = |(id, column, value): (ColumnId, String, String)| {
        format!("{} IS NOT DISTINCT FROM {}", as_comparable(table, id, &column), as_comparable(table, id, &value))
    };
    sides(at, table, pairs, prefix).into_iter().map(one).collect::<Vec<_>>().join(" AND ")
}

/// True of a row whose two sides agree neither way.
pub fn apart(at: &Catalog, table: &Table, mapping: &Mapping, prefix: &str) -> String {
    let forward = format!("NOT ({})", holds(at, table, &mapping.forward, prefix));
    if mapping.is_whole() {
        format!("{forward} AND NOT ({})", holds(at, table, &mapping.backward, prefix))
    } else {
        forward
    }
}

/// True of a row whose old columns are not just what the new ones give back.
pub fn not_returned(at: &Catalog, table: &Table, mapping: &Mapping) -> String {
    format!("NOT ({})", holds(at, table, &mapping.backward, ""))
}

/// True of a row whose new columns are not just what the old ones say.
pub fn not_said(at: &Catalog, table: &Table, mapping: &Mapping) -> String {
    format!("NOT ({})", holds(at, table, &mapping.forward, ""))
}

/// `"a" = …, "b" = …`, and the rows that a backfill still concerns: those that nobody filled, and that there is something for.
pub fn fill(at: &Catalog, table: &Table, mapping: &Mapping) -> (String, String) {
    let sides = sides(at, table, &mapping.forward, "");
    let set = sides.iter().map(|(_, column, value)| format!("{column} = {value}")).collect::<Vec<_>>().join(", ");
    let unfilled = sides.iter().map(|(_, column, _)| format!("{column} IS NULL")).collect::<Vec<_>>().join(" AND ");
    let some = sides.iter().map(|(_, _, value)| format!("{value} IS NOT NULL")).collect::<Vec<_>>().join(" OR ");
    (set, format!("{unfilled} AND ({some})"))
}

/// The same for the way back.
pub fn refill(at: &Catalog, table: &Table, mapping: &Mapping) -> (String, String) {
    let sides = sides(at, table, &mapping.backward, "");
    let set = sides.iter().map(|(_, column, value)| format!("{column} = {value}")).collect::<Vec<_>>().join(", ");
    (set, to_return(at, table, mapping, ""))
}

/// True of a row whose old columns have to follow: the sides do not agree, or an old client's required one is empty.
fn to_return(at: &Catalog, table: &Table, mapping: &Mapping, prefix: &str) -> String {
    let forward = holds(at, table, &mapping.forward, prefix);
    let mut all = vec![format!("NOT ({forward}) AND NOT ({})", holds(at, table, &mapping.backward, prefix))];
    let required = sides(at, table, &mapping.backward, prefix).into_iter().filter(|s| mapping.required.contains(&s.0));
    all.extend(required.map(|(_, column, value)| format!("({column} IS NULL AND {value} IS NOT NULL)")));
    format!("({})", all.join(" OR "))
}

/// What a trigger does about it.
pub fn rule_sql(at: &Catalog, table: &Table, mapping: &Mapping, lead: Lead, event: &str) -> String {
    let assign = |pairs: Pairs<'_>, pad: &str| {
        let one = |(_, column, value): (ColumnId, String, String)| format!("{pad}{column} := {value};\n");
        sides(at, table, pairs, "NEW.").into_iter().map(one).collect::<String>()
    };
    if lead == Lead::New {
        let back = assign(&mapping.backward, "    ");
        return format!("  IF {} THEN\n{back}  END IF;\n", to_return(at, table, mapping, "NEW."));
    }
    let field = |id: &ColumnId| ident(table.columns.get(id).map_or("", |c| &c.name));
    let apart = apart(at, table, mapping, "NEW.");
    let new: Vec<ColumnId> = mapping.forward.iter().map(|(id, _)| *id).collect();
    let any = |ids: &[ColumnId], condition: &dyn Fn(&ColumnId) -> String| {
        ids.iter().map(condition).collect::<Vec<_>>().join(" OR ")
    };
    let written = any(&new, &|id| format!("NEW.{} IS NOT NULL", field(id)));
    let changed = |ids: &[ColumnId]| {
        any(ids, &|id| {
            let of = |row: &str| as_comparable(table, *id, &format!("{row}.{}", field(id)));
            format!("{} IS DISTINCT FROM {}", of("NEW"), of("OLD"))
        })
    };
    let nothing = "      NULL;\n".to_owned();
    let or_nothing = |text: String| if text.is_empty() { nothing.clone() } else { text };
    if event == "ins" {
        // On insert the new columns have no default, so a value in one is a new client's.
        let back = or_nothing(assign(&mapping.backward, "      "));
        let forth = assign(&mapping.forward, "    ");
        let rest = sides(at, table, &mapping.backward, "NEW.").into_iter();
        let rest = rest.filter(|(id, ..)| mapping.required.contains(id));
        let rest =
            rest.map(|(_, column, value)| format!("    IF {column} IS NULL THEN {column} := {value}; END IF;\n"));
        return format!(
            "  IF {written} THEN\n    IF {apart} THEN\n{back}    END IF;\n  ELSE\n{forth}{}  END IF;\n",
            rest.collect::<String>()
        );
    }
    let back = or_nothing(assign(&mapping.backward, "      "));
    let forth = assign(&mapping.forward, "      ");
    // On update whoever changed its side wins, the new side if both did; a row that nobody filled yet is filled.
    let old = if mapping.sources.is_empty() { "FALSE".to_owned() } else { changed(&mapping.sources) };
    format!(
        "  IF {apart} THEN\n    IF {} THEN\n{back}    ELSIF {old} OR NOT ({written}) THEN\n{forth}    END IF;\n  END IF;\n",
        changed(&new)
    )
}

/// The names of a mapping's two sides, for messages: new, old.
pub fn names(table: &Table, mapping: &Mapping) -> (Vec<String>, Vec<String>) {
    let name = |id: &ColumnId| table.columns.get(id).map_or_else(|| "?".to_owned(), |c| c.name.clone());
    let new = mapping.forward.iter().map(|(id, _)| name(id)).collect();
    let old = mapping.sources.iter().chain(mapping.backward.iter().map(|(id, _)| id));
    let mut names: Vec<String> = Vec::new();
    for id in old {
        let name = name(id);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    (new, names)
}
