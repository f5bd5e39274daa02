//! What was said of a key holds for what points at it: a foreign key gets its values in the same way.

use super::Context;
use super::convert::Pairing;
use crate::catalog::{ColumnId, TableId};
use crate::intent::Said;

/// What the key says that a column points at.
pub enum Carried {
    /// It points at none that changes its type.
    Nothing,
    /// SQL over the column.
    Using(Said),
    /// Nothing yet.
    Asked,
}

/// Looks for the answer where the foreign keys of a column lead.
pub fn carried(cx: &Context, pair: &Pairing) -> Carried {
    let mut at = (pair.on, pair.ids.1);
    let mut seen = vec![at];
    while let Some(next) = target(cx, at).filter(|next| !seen.contains(next)) {
        at = next;
        seen.push(at);
    }
    let moved = cx.matched.moved_columns().find(|(on, _, new)| (*on, *new) == at);
    let Some((on, old, new)) = moved.filter(|_| seen.len() > 1) else { return Carried::Nothing };
    let (was, now) = (&cx.old_table(*on).columns[old], &cx.new_table(*on).columns[new]);
    if was.ty == now.ty || cx.said(&cx.intent.fallback, &pair.column.origin).is_some() {
        return Carried::Nothing;
    }
    match cx.said(&cx.intent.using, &now.origin) {
        Some(said) => {
            let text = renamed(&said.text, &was.name, &cx.dialect.ident(&pair.was.name));
            Carried::Using(Said::new(&text, &format!("{}, as for {}", said.source, now.origin.label()), said.span))
        }
        None => Carried::Asked,
    }
}

/// The column that a foreign key over this one alone points at.
pub fn target(cx: &Context, (on, column): (TableId, ColumnId)) -> Option<(TableId, ColumnId)> {
    let keys = cx.new_table(on).foreign_keys.values();
    let mut ends = keys.flat_map(|k| k.columns.iter().zip(&k.referenced).map(|(own, to)| (*own, (k.references, *to))));
    ends.find(|(own, to)| *own == column && cx.old().tables.contains_key(&to.0)).map(|(_, to)| to)
}

/// SQL over one column as SQL over another one.
fn renamed(sql: &str, from: &str, to: &str) -> String {
    let quoted = sql.replace(&format!("\"{from}\""), to);
    let mut out = String::new();
    let mut word = String::new();
    let mut quote = None;
    for c in quoted.chars().chain(std::iter::once(' ')) {
        if quote.is_none() && (c.is_alphanumeric() || c == '_') {
            word.push(c);
            continue;
        }
        out.push_str(if word == from { to } else { &word });
        word.clear();
        match quote {
            Some(open) if open == c => quote = None,
            None if c == '\'' || c == '"' => quote = Some(c),
            Some(_) | None => {}
        }
        out.push(c);
    }
    out.pop();
    out
}

#[cfg(test)]
mod tests {
    use super::renamed;

    #[test]
    fn the_name_of_a_column_is_replaced_and_nothing_else() {
        assert_eq!(renamed("CAST(id AS INT)", "id", "\"userId\""), "CAST(\"userId\" AS INT)");
        assert_eq!(renamed("replace(\"id\", 'id', '') || uid", "id", "\"u\""), "replace(\"u\", 'id', '') || uid");
    }
}
