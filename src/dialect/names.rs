//! Names that Prisma gives to objects which the schema file does not name, and how long a name may be.

use crate::catalog::IndexNames;

/// How objects are named at one database.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    /// The longest identifier, in bytes. PostgreSQL keeps 63
    /// (<https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS>), MySQL 64
    /// (<https://dev.mysql.com/doc/refman/8.4/en/identifier-length.html>); Prisma cuts what it makes up to that.
    pub limit: usize,
    /// What a primary key is called.
    pub primary_keys: Called,
    /// What a foreign key is called.
    pub foreign_keys: Called,
    /// Which names must differ from which others.
    pub spaces: Spaces,
}

/// What a constraint is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Called {
    /// By a name of its own, which Prisma compares.
    Own,
    /// Nothing that anybody could look up: it is known by its columns, and has the empty name in the catalog.
    Nothing,
}

/// Which names must differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spaces {
    /// Tables, their indexes and primary keys share one space in a schema, tables and types another, the constraints of a table
    /// a third: <https://www.postgresql.org/docs/current/catalog-pg-class.html>.
    Relations,
    /// Tables and indexes share one space: <https://www.sqlite.org/schematab.html>.
    TablesAndIndexes,
    /// Every table has a space for its indexes, and the database one for all foreign keys:
    /// <https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html>.
    IndexesByTable,
}

impl Spaces {
    /// What the name of an index must differ from.
    pub fn of_indexes(self) -> IndexNames {
        match self {
            Spaces::Relations | Spaces::TablesAndIndexes => IndexNames::OfSchema,
            Spaces::IndexesByTable => IndexNames::OfTable,
        }
    }
}

impl Names {
    /// A name as the server keeps it.
    pub fn identifier(&self, name: &str) -> String {
        cut(name, self.limit).to_owned()
    }

    /// `User_pkey`, or what was said.
    pub fn primary_key(&self, table: &str, said: Option<&str>) -> String {
        match (self.primary_keys, said) {
            (Called::Nothing, _) => String::new(),
            (Called::Own, Some(said)) => self.identifier(said),
            (Called::Own, None) => self.with_suffix(table, "_pkey"),
        }
    }

    /// `User_email_key`
    pub fn unique<'n>(&self, table: &str, columns: impl IntoIterator<Item = &'n str>) -> String {
        self.with_suffix(&joined(table, columns), "_key")
    }

    /// `User_email_idx`
    pub fn index<'n>(&self, table: &str, columns: impl IntoIterator<Item = &'n str>) -> String {
        self.with_suffix(&joined(table, columns), "_idx")
    }

    /// `Post_authorId_fkey`, or what was said.
    pub fn foreign_key<'n>(
        &self,
        table: &str,
        columns: impl IntoIterator<Item = &'n str>,
        said: Option<&str>,
    ) -> String {
        match (self.foreign_keys, said) {
            (Called::Nothing, _) => String::new(),
            (Called::Own, Some(said)) => self.identifier(said),
            (Called::Own, None) => self.with_suffix(&joined(table, columns), "_fkey"),
        }
    }

    /// `_PostToTag`, of the relation's name.
    pub fn join_table(&self, relation: &str) -> String {
        self.identifier(&format!("_{relation}"))
    }

    /// `_PostToTag_AB_pkey`
    pub fn join_primary_key(&self, table: &str) -> String {
        self.with_suffix(table, "_AB_pkey")
    }

    /// `_PostToTag_AB_unique`
    pub fn join_unique(&self, table: &str) -> String {
        self.with_suffix(table, "_AB_unique")
    }

    /// `_PostToTag_B_index`
    pub fn join_index(&self, table: &str) -> String {
        self.with_suffix(table, "_B_index")
    }

    /// `_PostToTag_A_fkey`, `_PostToTag_B_fkey`
    pub fn join_foreign_key(&self, table: &str, column: char) -> String {
        match self.foreign_keys {
            Called::Nothing => String::new(),
            Called::Own => self.with_suffix(table, &format!("_{column}_fkey")),
        }
    }

    /// The suffix is always whole; what is in front of it gives way.
    fn with_suffix(&self, name: &str, suffix: &str) -> String {
        format!("{}{suffix}", cut(name, self.limit - suffix.len()))
    }
}

fn joined<'n>(table: &str, columns: impl IntoIterator<Item = &'n str>) -> String {
    columns.into_iter().fold(table.to_owned(), |name, column| name + "_" + column)
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
    use crate::dialect::postgres::CONVENTIONS;

    #[test]
    fn long_names_are_cut_in_front_of_the_suffix() {
        let names = CONVENTIONS.names;
        let (table, column) = ("T".repeat(40), "c".repeat(30));
        assert_eq!(names.unique(&table, [&*column]), format!("{table}_{}_key", "c".repeat(18)));
        assert_eq!(names.primary_key(&"é".repeat(34), None), format!("{}_pkey", "é".repeat(29)));
        assert_eq!(names.join_primary_key(&"j".repeat(63)), format!("{}_AB_pkey", "j".repeat(55)));
    }

    #[test]
    fn a_name_at_the_bound_stays_whole() {
        let table = "t".repeat(58);
        assert_eq!(CONVENTIONS.names.primary_key(&table, None), format!("{table}_pkey"));
    }
}
