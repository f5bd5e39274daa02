//! Rows that triggers make in a model for values that move to it, of which old clients know nothing.

use super::{Context, value};
use crate::catalog::{ClientDefault, ColumnId, Expr, ForeignKey, Table};
use crate::diff::Way;

/// What a new row of the child needs beside its key and what moves. An error has the columns that the schema gives no value for.
pub fn made(
    cx: &Context,
    child: &Table,
    key: &ForeignKey,
    pairs: &[ColumnId],
) -> Result<Vec<(ColumnId, Expr)>, Vec<ColumnId>> {
    let (mut all, mut lacking) = (Vec::new(), Vec::new());
    for (id, column) in &child.columns {
        if column.nullable || column.default.is_some() || key.columns.contains(id) || pairs.contains(id) {
            continue;
        }
        let generated = matches!(
            column.client_default,
            Some(ClientDefault::Uuid | ClientDefault::Cuid | ClientDefault::Nanoid | ClientDefault::Ulid)
        );
        if column.updated_at {
            all.push((*id, Expr::Now));
        } else if generated && (cx.dialect.derives(&column.ty) || cx.dialect.distinct(&column.ty) == Some(Expr::Uuid)) {
            all.push((*id, Expr::Uuid));
        } else {
            lacking.push(*id);
        }
    }
    if lacking.is_empty() { Ok(all) } else { Err(lacking) }
}

/// Why rows of a model are not made for values of another one.
pub enum Lacking {
    /// What they hold is a question that is open.
    Asked,
    /// One value for all of them is no answer: the model has two that may not agree in this one.
    Distinct,
}

/// What a row of the child holds that a trigger makes for what moves, which old clients know nothing of: what the schema says, else
/// what is answered.
///
/// # Errors
/// Why it cannot be made.
pub fn made_for(
    cx: &mut Context,
    (on, key): Way,
    child: &Table,
    pairs: &[ColumnId],
    what: &str,
) -> Result<Vec<(ColumnId, Expr)>, Lacking> {
    let lacking = match made(cx, child, key, pairs) {
        Ok(all) => return Ok(all),
        Err(lacking) => lacking,
    };
    let alone = |id: &ColumnId| {
        let parts = child.primary_key.iter().flat_map(|k| &k.columns);
        child.is_unique(&[*id]) || parts.into_iter().any(|part| part.column == *id)
    };
    if lacking.iter().any(alone) {
        return Err(Lacking::Distinct);
    }
    let others: Vec<ColumnId> = pairs.iter().chain(&lacking).copied().collect();
    let mut all = made(cx, child, key, &others).unwrap_or_default();
    for id in &lacking {
        let column = &child.columns[id];
        let question = format!("{} is required: what does a row hold that is made for {what}?", column.origin.label());
        match value::of_made(cx, on, *id, column, &question) {
            Some(value) => all.push((*id, value)),
            None => return Err(Lacking::Asked),
        }
    }
    Ok(all)
}
