//! Columns that say the same in two ways, in the words of MySQL.

use super::fact::as_comparable;
use super::quote::ident;
use super::value::expr_sql;
use crate::dialect::sync::Words;

pub(super) const WORDS: Words = Words {
    ident,
    value: expr_sql,
    comparable: as_comparable,
    equal: "<=>",
    set: |name, value| format!("SET NEW.{name} = {value}; "),
    elsif: "ELSEIF",
    nothing: "BEGIN END;",
};
