//! What a column says that no schema speaks of. `MODIFY` says a column anew, and what it leaves out is lost
//! (<https://dev.mysql.com/doc/refman/8.4/en/alter-table.html#alter-table-redefine-column>), so it is asked of the server first.

use super::quote::literal;
use super::types::{Family, family};
use crate::catalog::Column;

/// A column as `MODIFY` has it.
pub(super) struct Said {
    /// Its name.
    name: String,
    /// Has it a collation?
    text: bool,
    /// `MODIFY …`
    sql: String,
}

impl Said {
    /// A column that is said anew.
    pub(super) fn anew(column: &Column, sql: String) -> Self {
        Said { name: column.name.clone(), text: matches!(family(&column.ty), Family::Text | Family::Enum), sql }
    }
}

/// Part of an `ALTER TABLE`.
pub(super) enum Part {
    /// Words that take nothing away.
    Words(String),
    /// A column that is said anew.
    Said(Said),
}

/// `ALTER TABLE …` with these parts; what columns have of their own is looked up where one is said anew. A generated column has no
/// words of the schema, and would be a plain one afterwards: the statement fails, and says so.
pub(super) fn statement(table: &str, parts: &[Part], alter: &dyn Fn(&str) -> String) -> String {
    const END: &str = "\u{0}";
    let (mut looks, mut whole, mut at) = (String::new(), Vec::new(), 0);
    for part in parts {
        match part {
            Part::Words(sql) => whole.push(sql.clone()),
            Part::Said(said) => {
                looks += &format!("SET @ps_{at} = {};\n", own(table, said));
                whole.push(format!("{}{END}{at}{END}", said.sql));
                at += 1;
            }
        }
    }
    let sql = alter(&whole.join(", "));
    if looks.is_empty() {
        return sql;
    }
    // The dictionary answers in three bytes a character, in which what has four cannot be said (errors 3854 and 1270).
    if sql.chars().any(|c| c > '\u{FFFF}') {
        for nth in 0..at {
            looks += &format!("SET @ps_{nth} = CONVERT(@ps_{nth} USING utf8mb4);\n");
        }
    }
    // Every other piece is the number of a variable.
    let pieces =
        sql.split(END).enumerate().map(|(n, piece)| if n % 2 == 0 { literal(piece) } else { format!("@ps_{piece}") });
    let pieces = pieces.collect::<Vec<_>>().join(", ");
    format!("{looks}SET @ps = CONCAT({pieces});\nPREPARE ps FROM @ps;\nEXECUTE ps;\nDEALLOCATE PREPARE ps")
}

/// A query for what stands behind the schema's words.
fn own(table: &str, said: &Said) -> String {
    let collation = if said.text { "IFNULL(CONCAT(' COLLATE ', collation_name), ''), " } else { "" };
    format!(
        "/* what the schema does not speak of */ (SELECT CONCAT({collation}IF(extra LIKE '%on update%', CONCAT(' ', SUBSTRING(extra, LOCATE('on update', extra))), ''), \
         IF(extra LIKE '%INVISIBLE%', ' INVISIBLE', ''), IF(column_comment = '', '', CONCAT(' COMMENT ', QUOTE(column_comment))), \
         IF(IFNULL(generation_expression, '') = '', '', ' is generated, and would not be any more')) \
         FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = {} AND column_name = {})",
        literal(table),
        literal(&said.name)
    )
}

/// A statement without what is looked up for it.
pub(super) fn bare(sql: &str) -> Option<String> {
    let (_, sql) = sql.rsplit_once("SET @ps = ")?;
    let (sql, _) = sql.split_once(";\nPREPARE ps")?;
    let sql = match sql.strip_prefix("CONCAT('") {
        Some(sql) => sql.strip_suffix(')')?,
        // Of one that is not always run.
        None => sql.strip_prefix("IF(")?.strip_suffix("), 'DO 0')")?.split_once(", CONCAT('")?.1,
    };
    let mut pieces = sql.trim_end_matches('\'').split("', @ps_");
    let mut whole = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        whole += piece.split_once(", '").map_or("", |(_, rest)| rest);
    }
    Some(whole.replace("''", "'").replace("\\\\", "\\"))
}

#[cfg(test)]
mod tests {
    use super::{Part, Said, bare, statement};

    #[test]
    fn a_label_of_four_bytes_is_said_beside_what_is_looked_up() {
        let of = |label: &str| {
            let sql = format!("MODIFY `e` ENUM('{label}') NOT NULL");
            let parts = [Part::Said(Said { name: "e".to_owned(), text: true, sql })];
            statement("T", &parts, &|what| format!("ALTER TABLE `T` {what}"))
        };
        assert!(
            of("\u{1F680}").contains("SET @ps_0 = CONVERT(@ps_0 USING utf8mb4);\nSET @ps = CONCAT("),
            "{}",
            of("\u{1F680}")
        );
        assert!(!of("ä").contains("CONVERT"));
        assert_eq!(bare(&of("\u{1F680}")).as_deref(), Some("ALTER TABLE `T` MODIFY `e` ENUM('\u{1F680}') NOT NULL"));
    }

    #[test]
    fn what_is_looked_up_is_taken_out_again() {
        let sql = "MODIFY `it's` VARCHAR(9) NULL DEFAULT 'a'".to_owned();
        let said = Said { name: "it's".to_owned(), text: true, sql };
        let parts = [Part::Said(said), Part::Words("ALTER COLUMN `b` DROP DEFAULT".to_owned())];
        let sql = statement("T", &parts, &|what| format!("ALTER TABLE `T` {what}, ALGORITHM=INSTANT"));
        assert!(sql.contains("column_name = 'it''s')"), "{sql}");
        let expected = "ALTER TABLE `T` MODIFY `it's` VARCHAR(9) NULL DEFAULT 'a', ALTER COLUMN `b` DROP DEFAULT, ALGORITHM=INSTANT";
        assert_eq!(bare(&sql).as_deref(), Some(expected));
        assert_eq!(bare("ALTER TABLE `T` ADD COLUMN `c` INTEGER NULL"), None);
    }
}
