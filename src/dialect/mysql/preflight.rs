//! What to look for on the server before a stage.

use super::Mysql;
use super::quote::literal;
use crate::dialect::{Asked, Level, Sync, Undertaking};

/// Settings that would turn a refusal into silence, or refuse a trigger, and triggers that somebody else has made.
pub fn preflight(server: Mysql, stage: &Undertaking) -> Vec<Asked> {
    let ask = |name: &str, about: &str, query: String, level: Level| Asked {
        name: name.to_owned(),
        about: about.to_owned(),
        sql: format!("SELECT {} AS `problem`, {query}", literal(name)),
        level,
    };
    // <https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html#sql-mode-strict>
    let strict = "@@SESSION.sql_mode AS `sql_mode` FROM DUAL WHERE @@SESSION.sql_mode NOT LIKE '%STRICT_TRANS_TABLES%' \
                  AND @@SESSION.sql_mode NOT LIKE '%STRICT_ALL_TABLES%'";
    let mut all = vec![ask(
        "sql_mode is not strict",
        "without STRICT_TRANS_TABLES a value that does not fit is cut or made 0, and NOT NULL makes a NULL 0, without a word: set it, here and for clients",
        strict.to_owned(),
        Level::Server,
    )];
    all.extend(super::deploy::look_for_more(&stage.anew));
    if stage.triggers.is_empty() || server.sync() == Sync::Clients {
        return all;
    }
    // <https://dev.mysql.com/doc/refman/8.4/en/stored-programs-logging.html>
    let trusted = "@@GLOBAL.log_bin_trust_function_creators AS `log_bin_trust_function_creators` FROM DUAL WHERE @@GLOBAL.log_bin = 1 \
                   AND @@GLOBAL.log_bin_trust_function_creators = 0 AND NOT EXISTS (SELECT 1 FROM information_schema.user_privileges \
                   WHERE privilege_type = 'SUPER' AND grantee = CONCAT(QUOTE(SUBSTRING_INDEX(CURRENT_USER(), '@', 1)), '@', QUOTE(SUBSTRING_INDEX(CURRENT_USER(), '@', -1))))";
    all.push(ask(
        "triggers are refused",
        "with a binary log and without SUPER a trigger is refused (error 1419): set log_bin_trust_function_creators = 1 for as long as the plan is under way",
        trusted.to_owned(),
        Level::Server,
    ));
    let tables: Vec<String> =
        stage.triggers.iter().map(|quoted| literal(&quoted.trim_matches('`').replace("``", "`"))).collect();
    all.push(ask(
        "triggers of somebody else",
        "they run before those of the plan, which see what they write; one that writes a column which another takes the place of has to be made anew for that",
        format!(
            "`trigger_name`, `event_object_table` FROM information_schema.triggers WHERE trigger_schema = DATABASE() AND event_object_table IN ({}) \
             AND trigger_name NOT LIKE 'zz\\_ps\\_%'",
            tables.join(", ")
        ),
        Level::Notice,
    ));
    all
}
