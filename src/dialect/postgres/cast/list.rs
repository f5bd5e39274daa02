//! Lists: element by element, from and to a single value, from and to JSON.

use super::{Cast, cast, is_json, is_text, name};
use crate::catalog::{Catalog, ColumnType};
use crate::dialect::postgres::value::type_sql;

/// The cast where one of the two types is a list, or both are.
pub fn cast_lists(at: &Catalog, from: &ColumnType, to: &ColumnType, operand: &str) -> Option<Cast> {
    match (from.list, to.list) {
        (true, true) => each_of(operand, &cast(at, &single(from), &single(to), "_ps_v")?),
        (true, false) if is_json(to) => {
            let all = each_of(operand, &to_element(at, &single(from))?)?;
            let sql = format!("to_jsonb({})::{}", all.sql, type_sql(at, to));
            Some(Cast { sql, ..all })
        }
        // The first is all that a single value can be.
        (true, false) => {
            let one = cast(at, &single(from), to, &format!("({operand})[1]"))?;
            Some(Cast { exact: false, ..one })
        }
        (false, true) if is_json(from) => from_json(at, from, to, operand),
        (false, true) => {
            let one = cast(at, from, &single(to), operand)?;
            let sql = format!("CASE WHEN ({}) IS NOT NULL THEN ARRAY[{}]::{} END", one.sql, one.sql, type_sql(at, to));
            Some(Cast { sql, ..one })
        }
        (false, false) => None,
    }
}

fn single(ty: &ColumnType) -> ColumnType {
    ColumnType { list: false, ..ty.clone() }
}

/// A list of which an element does not fit does not fit as a whole.
fn each_of(operand: &str, Cast { sql, total, exact }: &Cast) -> Option<Cast> {
    let all = each(operand, sql);
    let sql = if *total {
        all
    } else {
        let unfit =
            format!("SELECT 1 FROM unnest({operand}) AS _ps_w(_ps_v) WHERE _ps_v IS NOT NULL AND ({sql}) IS NULL");
        format!("CASE WHEN NOT EXISTS ({unfit}) THEN {all} END")
    };
    Some(Cast { sql, total: *total, exact: *exact })
}

/// An array whose elements are those of `operand`, each as `element` has it, in order; NULL stays NULL.
pub fn each(operand: &str, element: &str) -> String {
    format!(
        "CASE WHEN {operand} IS NOT NULL THEN ARRAY(SELECT {element} FROM unnest({operand}) WITH ORDINALITY AS _ps_u(_ps_v, _ps_n) \
         ORDER BY _ps_n) END"
    )
}

/// An element as JSON: text is a JSON string there, whatever it says.
fn to_element(at: &Catalog, of: &ColumnType) -> Option<Cast> {
    if is_text(of) {
        return Some(Cast { sql: "to_jsonb(_ps_v::text)".into(), total: true, exact: true });
    }
    if is_json(of) {
        return Some(Cast { sql: "_ps_v::jsonb".into(), total: true, exact: name(of) == "JSONB" });
    }
    cast(at, of, &ColumnType::native("JSONB", &[]), "_ps_v")
}

/// A JSON array gives its elements. What is no array is a list of itself where elements are JSON, and fits nothing elsewhere.
fn from_json(at: &Catalog, from: &ColumnType, to: &ColumnType, operand: &str) -> Option<Cast> {
    let (element, target) = (single(to), type_sql(at, to));
    let json = if name(from) == "JSONB" { operand.to_owned() } else { format!("({operand})::jsonb") };
    let value = if is_json(&element) {
        Cast { sql: format!("_ps_v::{}", type_sql(at, &element)), total: true, exact: true }
    } else if is_text(&element) {
        cast(at, &ColumnType::native("TEXT", &[]), &element, "(_ps_v #>> '{}')")?
    } else {
        cast(at, &ColumnType::native("JSONB", &[]), &element, "_ps_v")?
    };
    let rows = format!("jsonb_array_elements({json}) WITH ORDINALITY AS _ps_u(_ps_v, _ps_n)");
    let all = format!("ARRAY(SELECT {} FROM {rows} ORDER BY _ps_n)::{target}", value.sql);
    let all = if value.total {
        all
    } else {
        let unfit = format!("SELECT 1 FROM {rows} WHERE jsonb_typeof(_ps_v) <> 'null' AND ({}) IS NULL", value.sql);
        format!("CASE WHEN NOT EXISTS ({unfit}) THEN {all} END")
    };
    let otherwise = if is_json(&element) {
        format!(" WHEN 'null' THEN NULL ELSE CASE WHEN {operand} IS NOT NULL THEN ARRAY[{operand}]::{target} END")
    } else {
        String::new()
    };
    let sql = format!("CASE jsonb_typeof({json}) WHEN 'array' THEN {all}{otherwise} END");
    Some(Cast { sql, total: is_json(&element), exact: false })
}
