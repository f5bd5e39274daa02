//! Names that Prisma gives to objects which the schema file does not name, and how long a name may be.
//!
//! PostgreSQL keeps 63 bytes of an identifier:
//! <https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS>.

/// The longest identifier, in bytes.
pub const LIMIT: usize = 63;

/// A name as the server keeps it.
pub fn identifier(name: &str) -> String {
    cut(name, LIMIT).to_owned()
}

/// `User_pkey`
pub fn primary_key(table: &str) -> String {
    with_suffix(table, "_pkey")
}

/// `User_email_key`
pub fn unique<'n>(table: &str, columns: impl IntoIterator<Item = &'n str>) -> String {
    with_suffix(&joined(table, columns), "_key")
}

/// `User_email_idx`
pub fn index<'n>(table: &str, columns: impl IntoIterator<Item = &'n str>) -> String {
    with_suffix(&joined(table, columns), "_idx")
}

/// `Post_authorId_fkey`
pub fn foreign_key<'n>(table: &str, columns: impl IntoIterator<Item = &'n str>) -> String {
    with_suffix(&joined(table, columns), "_fkey")
}

/// `_PostToTag`, of the relation's name.
pub fn join_table(relation: &str) -> String {
    identifier(&format!("_{relation}"))
}

/// `_PostToTag_AB_pkey`
pub fn join_primary_key(table: &str) -> String {
    with_suffix(table, "_AB_pkey")
}

/// `_PostToTag_B_index`
pub fn join_index(table: &str) -> String {
    with_suffix(table, "_B_index")
}

/// `_PostToTag_A_fkey`, `_PostToTag_B_fkey`
pub fn join_foreign_key(table: &str, column: char) -> String {
    with_suffix(table, &format!("_{column}_fkey"))
}

fn joined<'n>(table: &str, columns: impl IntoIterator<Item = &'n str>) -> String {
    columns.into_iter().fold(table.to_owned(), |name, column| name + "_" + column)
}

/// The suffix is always whole; what is in front of it gives way.
fn with_suffix(name: &str, suffix: &str) -> String {
    format!("{}{suffix}", cut(name, LIMIT - suffix.len()))
}

/// At most `bytes` bytes, whole characters.
fn cut(name: &str, bytes: usize) -> &str {
    let mut end = name.len().min(bytes);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

#[cfg(test)]
mod tests {
    #[test]
    fn long_names_are_cut_in_front_of_the_suffix() {
        let (table, column) = ("T".repeat(40), "c".repeat(30));
        assert_eq!(super::unique(&table, [&*column]), format!("{table}_{}_key", "c".repeat(18)));
        assert_eq!(super::primary_key(&"é".repeat(34)), format!("{}_pkey", "é".repeat(29)));
        assert_eq!(super::join_primary_key(&"j".repeat(63)), format!("{}_AB_pkey", "j".repeat(55)));
    }

    #[test]
    fn a_name_at_the_bound_stays_whole() {
        let table = "t".repeat(58);
        assert_eq!(super::primary_key(&table), format!("{table}_pkey"));
    }
}
