//! Types that change in the copy of a table, beside its users.

use super::super::cast::{narrower, works};
use super::super::types::{Family, family, is_long, retype as in_place};
use crate::catalog::ColumnType;
use crate::dialect::{Retype, Works};

/// What changing a type costs. A column that takes every value as it was takes another type whatever the table has to be written for: that is
/// done in the copy. Text that becomes long text could not be indexed as it is (error 1170).
pub fn retype(from: &ColumnType, to: &ColumnType) -> Retype {
    let alike = kin(from, to) && works(to, from) == Works::Fully;
    match in_place(from, to) {
        Retype::Rewrite if alike && !narrower(from, to) && is_long(to) && !is_long(from) => Retype::FreeUnlessIndexed,
        Retype::Rewrite if alike && !narrower(from, to) => Retype::Free,
        known => known,
    }
}

/// Does the copy fail where a value does not fit, and take all others as they were? Digits would be rounded without a word, so it is
/// whole numbers, text and bytes alone.
pub fn narrows(from: &ColumnType, to: &ColumnType) -> bool {
    kin(from, to) && narrower(from, to) && matches!(family(from), Family::Whole | Family::Text | Family::Bytes)
}

fn kin(from: &ColumnType, to: &ColumnType) -> bool {
    let family = family(from);
    let same = family == super::super::types::family(to) && !from.list && !to.list;
    same && matches!(family, Family::Whole | Family::Decimal | Family::Text | Family::Bytes | Family::Time)
        && works(from, to) == Works::Fully
}
