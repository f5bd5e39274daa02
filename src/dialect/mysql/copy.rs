//! What does the same as a copy of a table that writers would wait for.

/// The command lines, where a statement copies a table; none where it does not.
pub fn instead(sql: &str) -> Vec<String> {
    let bare = super::own::bare(sql);
    let sql = bare.as_deref().unwrap_or(sql);
    let Some((before, _)) = sql.split_once(", ALGORITHM=COPY, LOCK=SHARED") else { return Vec::new() };
    let Some((_, alter)) = before.rsplit_once("ALTER TABLE `") else { return Vec::new() };
    let guarded = before.contains("SET @ps = IF(");
    let alter = if guarded { alter.replace("''", "'").replace("\\\\", "\\") } else { alter.to_owned() };
    let Some((table, what)) = split(&alter) else { return Vec::new() };
    let quoted = what.replace('\'', r"'\''");
    let mut all = vec![
        format!(
            "Writers of `{table}` wait while it is copied: seconds for a hundred thousand rows, an hour for hundreds of millions, and as much room on \
             the disk as it has now. One of these does the same beside them, instead of this statement; then run the file, which finds it done \
             or does it once more:"
        ),
        format!(
            "  gh-ost --database=\"$DB\" --table='{table}' --alter='{quoted}' --execute    (no foreign keys, no triggers on the table)"
        ),
        format!(
            "  pt-online-schema-change --alter '{quoted}' --alter-foreign-keys-method=auto D=\"$DB\",t='{table}' --execute    (no triggers)"
        ),
    ];
    if bare.is_some() {
        all.push(
            "With what the column has of its own behind it, if it has any: COLLATE, ON UPDATE, COMMENT.".to_owned(),
        );
    }
    all
}

/// The name up to its closing backtick, and what is behind it.
pub(super) fn split(text: &str) -> Option<(String, &str)> {
    let mut at = 0;
    loop {
        let end = at + text.get(at..)?.find('`')?;
        if !text[end + 1..].starts_with('`') {
            return Some((text[..end].replace("``", "`"), text[end + 1..].trim_start()));
        }
        at = end + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::instead;

    #[test]
    fn a_copy_has_command_lines() {
        let lines = instead("ALTER TABLE `a``b` MODIFY `e` ENUM('x') NOT NULL, ALGORITHM=COPY, LOCK=SHARED");
        assert!(lines[1].contains("--table='a`b' --alter='MODIFY `e` ENUM('\\''x'\\'') NOT NULL'"), "{lines:?}");
        assert!(instead("ALTER TABLE `a` ADD COLUMN `b` INTEGER NULL, ALGORITHM=INSTANT").is_empty());
    }
}
