//! The place where backfills keep their progress, and the pace.
//!
//! Two tables of the database itself. A schema is a database here: who may change this one need not be allowed to make another,
//! and the one in which the same files are replayed would share it.

use super::Spelled;
use super::backfill::{BATCH, REST};

/// How far each backfill is.
pub const PROGRESS: &str = "`_prisma_stage_backfill`";
/// How fast they are.
pub const PACE: &str = "`_prisma_stage_pace`";

pub fn open() -> Vec<Spelled> {
    vec![
        Spelled::new(format!(
            "CREATE TABLE IF NOT EXISTS {PROGRESS} (\n  `id` VARCHAR(191) NOT NULL PRIMARY KEY,\n  `last_key` TEXT NULL,\n  \
             `rows_done` BIGINT NOT NULL DEFAULT 0,\n  `batches` BIGINT NOT NULL DEFAULT 0,\n  `done_at` DATETIME NULL,\n  \
             `updated_at` DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP\n) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
        )),
        Spelled::new(format!(
            "CREATE TABLE IF NOT EXISTS {PACE} (\n  `one` TINYINT NOT NULL DEFAULT 1 PRIMARY KEY,\n  \
             `batch_rows` INT UNSIGNED NOT NULL DEFAULT {BATCH},\n  `rest_seconds` DOUBLE NOT NULL DEFAULT {REST}\n)"
        )),
        Spelled::new(format!("INSERT IGNORE INTO {PACE} (`one`) VALUES (1)")),
    ]
}

/// Another plan may be under way: while it has a trigger, they stay.
pub fn close() -> Vec<Spelled> {
    let used = "EXISTS (SELECT 1 FROM information_schema.triggers WHERE trigger_schema = DATABASE() AND trigger_name LIKE 'zz\\\\_ps\\\\_%')";
    [PROGRESS, PACE]
        .map(|table| super::alter::guarded(&format!("NOT {used}"), &format!("DROP TABLE IF EXISTS {table}")))
        .into()
}
