//! What the schema does not speak of and may hang on a column that goes: views and triggers, by their text. SQLite keeps no
//! record of what they read, so a name in the text is taken for one.

use super::quote::literal;
use super::trigger;
use crate::catalog::{Catalog, ColumnId, TableId};

/// What goes, quoted for messages, and the SELECT (behind its keyword) that lists objects which name it.
pub fn found(at: &Catalog, on: TableId, column: Option<ColumnId>) -> Option<(String, String)> {
    let table = at.tables.get(&on)?;
    let field = column.and_then(|id| table.columns.get(&id));
    let spoken = field.map_or_else(|| table.name.name.clone(), |c| format!("{}.{}", table.name.name, c.name));
    let names = |text: &str| format!("instr(lower(\"sql\"), lower({})) > 0", literal(text));
    // A trigger of the table itself need not name it to name a column.
    let of_table = format!("(\"tbl_name\" = {} OR {})", literal(&table.name.name), names(&table.name.name));
    let of_column = field.map_or_else(String::new, |c| format!(" AND {}", names(&c.name)));
    // With the table its own triggers go, which is what somebody asked for.
    let others = if field.is_some() {
        String::new()
    } else {
        format!(" AND NOT (\"type\" = 'trigger' AND \"tbl_name\" = {})", literal(&table.name.name))
    };
    // Those of the plan itself go with it.
    let foreign = match at.triggers.is_empty() {
        true => String::new(),
        false => format!("\"name\" NOT LIKE '{}%' AND ", trigger::PREFIX),
    };
    let query = format!(
        "\"type\" || ' ' || \"name\" AS \"object\" FROM \"sqlite_master\" WHERE \"type\" IN ('view', 'trigger') AND {foreign}{of_table}{of_column}{others}"
    );
    Some((spoken, query))
}
