//! How long a statement takes on a table of known size.
//!
//! Seconds for a million rows, as measured on PostgreSQL 15 with a warm cache (docs/stats.md has the table). A busy server with
//! a cold cache takes longer: hence from the measured time to [`SLOWER`] times the slowest of its kind, or as long as a slow
//! disk takes to read the table, whichever is more.

use crate::dialect::Work;
use crate::op::Op;
use crate::plan::Sizes;
use crate::script::Estimate;
use crate::stats::TableStats;

/// How much longer it may take than was measured.
const SLOWER: f64 = 5.0;
/// Bytes that a slow disk reads in a second.
const DISK: f64 = 50e6;
/// Rows of a batch and the seconds of rest after it: what the pace alone adds to a backfill.
const REST_PER_ROW: f64 = 0.01 / 5000.0;

/// An estimate for what an op's statement does; none for what takes no time, or where nothing is known.
pub fn of(op: &Op, work: Work, sizes: &Sizes) -> Option<Estimate> {
    let size = sizes.get(op.table()?)?;
    let (fast, slow, reads) = rates(op, work)?;
    if size.is_small() {
        return Some(Estimate { rows: size.rows, bytes: size.bytes, from_seconds: 0, to_seconds: 1 });
    }
    let million = precise(size.rows) / 1e6;
    let rest = if work == Work::Batches { precise(size.rows) * REST_PER_ROW } else { 0.0 };
    let disk = size.bytes.map_or(0.0, |bytes| precise(bytes) * reads / DISK);
    let (from, to) = (million * fast + rest, (million * slow * SLOWER + rest).max(disk));
    Some(Estimate { rows: size.rows, bytes: size.bytes, from_seconds: rounded(from), to_seconds: rounded(to) })
}

/// Seconds for a million rows at best and at worst, and how often the table is read or written.
fn rates(op: &Op, work: Work) -> Option<(f64, f64, f64)> {
    match work {
        // How fast somebody else copies nobody has measured.
        Work::Metadata | Work::Copy => None,
        Work::Scan if matches!(op, Op::ValidateForeignKey { .. } | Op::AddForeignKey { .. }) => Some((0.36, 0.43, 1.0)),
        Work::Scan | Work::Check => Some((0.23, 0.41, 1.0)),
        // Concurrently: two passes.
        Work::IndexBuild => Some((0.42, 0.84, 2.0)),
        Work::Rewrite => Some((2.7, 6.9, 2.0)),
        Work::Batches | Work::Rows => Some((3.3, 7.8, 2.0)),
    }
}

/// Counts of rows and bytes are far below 2^53.
#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn precise(count: u64) -> f64 {
    count as f64
}

/// Two digits are all that is known.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive number of seconds")]
fn rounded(seconds: f64) -> u64 {
    let whole = seconds.ceil() as u64;
    let unit = 10_u64.pow(whole.checked_ilog10().unwrap_or(0).saturating_sub(1));
    whole.div_ceil(unit) * unit
}

/// Text for the note about small tables.
pub fn rows(size: &TableStats) -> String {
    if size.rows == 1 { "1 row".to_owned() } else { format!("{} rows", size.rows) }
}
