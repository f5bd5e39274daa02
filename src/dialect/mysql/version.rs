//! Whose server it is, of which version, and what that one can do beside its users.

use crate::dialect::{Engine, Provider, Sync};

/// MySQL or MariaDB, of one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mysql {
    /// Whose.
    pub vendor: Vendor,
    /// Major and minor version, and the release: of MySQL 8.0 some brought what others lack.
    pub version: (u16, u16, u16),
}

/// Whose server it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vendor {
    /// MySQL.
    Mysql,
    /// MariaDB.
    Mariadb,
    /// PlanetScale, or another Vitess: MySQL behind a proxy, without programs of its own and with changes of tables that it does
    /// itself (<https://planetscale.com/docs/vitess/mysql-compatibility>).
    Vitess,
}

impl Default for Mysql {
    /// The oldest that its vendor supports.
    fn default() -> Self {
        Mysql { vendor: Vendor::Mysql, version: (8, 4, 0) }
    }
}

impl Mysql {
    /// Reads `--target`: `mysql`, `mysql@8.0`, `mysql@8.0.29`, `mariadb@10.11`. The error says what is wrong with it.
    ///
    /// # Errors
    /// Another provider, or a version that has no words for what plans need.
    pub fn parse(target: &str) -> Result<Mysql, String> {
        let (provider, version) = target.split_once('@').map_or((target, None), |(p, v)| (p, Some(v)));
        // Columns get other names by `RENAME COLUMN` since these (<https://dev.mysql.com/doc/relnotes/mysql/8.0/en/news-8-0-3.html>,
        // <https://mariadb.com/kb/en/alter-table/#rename-column>: 10.5.2).
        let (vendor, oldest, usual) = match provider {
            "mariadb" => (Vendor::Mariadb, (10, 6, 0), (10, 6, 0)),
            // What is said of it holds of all that PlanetScale runs.
            "planetscale" | "vitess" => {
                return match version {
                    None => Ok(Mysql { vendor: Vendor::Vitess, version: (8, 0, 0) }),
                    Some(_) => {
                        Err(format!("plans for {provider} are the same for all of its versions; write {provider}"))
                    }
                };
            }
            other if Provider::parse(other) == Some(Provider::Mysql) => (Vendor::Mysql, (8, 0, 0), (8, 4, 0)),
            other => {
                return Err(format!("the schemas are for MySQL, not for {other:?}; write mysql@8.4 or mariadb@10.11"));
            }
        };
        let Some(version) = version else { return Ok(Mysql { vendor, version: usual }) };
        let mut parts = version.split('.').map(str::parse::<u16>);
        match (parts.next(), parts.next(), parts.next()) {
            (Some(Ok(major)), minor, release) => {
                let number = |part: Option<Result<u16, _>>| part.and_then(Result::ok).unwrap_or(0);
                let version = (major, number(minor), number(release));
                if version < oldest {
                    return Err(format!(
                        "{provider} {}.{} cannot rename a column, which staged plans need: {}.{} is the oldest",
                        version.0, version.1, oldest.0, oldest.1
                    ));
                }
                Ok(Mysql { vendor, version })
            }
            (Some(Err(_)) | None, _, _) => {
                Err(format!("{version:?} is no version; write {provider}@{}.{}", usual.0, usual.1))
            }
        }
    }

    /// Who keeps both shapes of a row the same: there are no triggers where it is Vitess.
    pub fn sync(self) -> Sync {
        match self.vendor {
            Vendor::Mysql | Vendor::Mariadb => Sync::Triggers,
            Vendor::Vitess => Sync::Clients,
        }
    }

    /// How its files are sent.
    pub fn engine(self) -> Engine {
        match self.vendor {
            Vendor::Mysql | Vendor::Mariadb => Engine::Mysql,
            Vendor::Vitess => Engine::Vitess,
        }
    }

    /// Whose plans these are.
    pub fn title(self) -> &'static str {
        match self.vendor {
            Vendor::Mysql | Vendor::Mariadb => "MySQL",
            Vendor::Vitess => "PlanetScale and Vitess",
        }
    }

    fn since(self, mysql: (u16, u16, u16), mariadb: (u16, u16, u16)) -> bool {
        match self.vendor {
            Vendor::Mysql => self.version >= mysql,
            Vendor::Mariadb => self.version >= mariadb,
            // It does its own way whatever MySQL could.
            Vendor::Vitess => false,
        }
    }

    /// A column is added by words alone (<https://dev.mysql.com/doc/refman/8.0/en/innodb-online-ddl-operations.html#online-ddl-column-operations>,
    /// <https://mariadb.com/kb/en/innodb-online-ddl-operations-with-the-instant-alter-algorithm/>).
    pub fn adds_at_once(self) -> bool {
        self.since((8, 0, 12), (10, 3, 2))
    }

    /// How many columns are added or dropped by words alone before a table has to be written anew (error 4092); none where there is
    /// no such bound (<https://dev.mysql.com/doc/refman/9.1/en/innodb-online-ddl-operations.html#online-ddl-column-operations>).
    pub fn row_versions(self) -> Option<u16> {
        match self.vendor {
            Vendor::Mysql if self.version >= (9, 1, 0) => Some(255),
            Vendor::Mysql if self.version >= (8, 0, 29) => Some(64),
            Vendor::Mysql | Vendor::Mariadb | Vendor::Vitess => None,
        }
    }

    /// A trigger is made where there is none of its name (<https://dev.mysql.com/doc/relnotes/mysql/8.0/en/news-8-0-29.html>,
    /// <https://mariadb.com/kb/en/create-trigger/>).
    pub fn makes_missing_triggers(self) -> bool {
        self.since((8, 0, 29), (10, 1, 4))
    }

    /// A table is copied beside its writers (<https://mariadb.com/kb/en/online-schema-change/>).
    pub fn copies_online(self) -> bool {
        self.since((u16::MAX, 0, 0), (11, 2, 1))
    }

    /// Numbers end by words alone (<https://mariadb.com/kb/en/innodb-online-ddl-operations-with-the-instant-alter-algorithm/>).
    pub fn ends_numbers_at_once(self) -> bool {
        self.vendor == Vendor::Mariadb
    }

    /// How many full-text indexes a table may have and be written anew in place, while its writers wait: MySQL copies it as soon as
    /// there is one (<https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-limitations.html>; seen on 9.7 and on MariaDB 11.8).
    pub fn rebuilds_fulltext(self) -> usize {
        match self.vendor {
            Vendor::Mysql | Vendor::Vitess => 0,
            Vendor::Mariadb => 1,
        }
    }

    /// A moment is the default of a column only if both have as many digits, and never of a DATE (error 1067,
    /// <https://dev.mysql.com/doc/refman/8.4/en/timestamp-initialization.html>).
    pub fn wants_digits_alike(self) -> bool {
        self.vendor != Vendor::Mariadb
    }

    /// A foreign key that follows changes of the key has no NULL to bring to a required column (seen on MariaDB 10.11.19).
    pub(super) fn wants_ends_alike(self) -> bool {
        match self.vendor {
            Vendor::Mariadb => true,
            Vendor::Mysql | Vendor::Vitess => false,
        }
    }

    /// A foreign key points at a key, all of it and in its order (error 6125,
    /// <https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_restrict_fk_on_non_standard_key>).
    pub fn wants_keys_behind_links(self) -> bool {
        self.since((8, 4, 0), (u16::MAX, 0, 0))
    }

    /// A change of a table waits for readers of the tables that foreign keys relate to it
    /// (<https://dev.mysql.com/doc/refman/8.4/en/metadata-locking.html>; seen on 9.7, and not on MariaDB 10.11).
    pub fn locks_relatives(self) -> bool {
        self.vendor == Vendor::Mysql
    }

    /// In a table: what a page of databases says of this version, in the order of [`HEADINGS`].
    pub(in crate::dialect) fn row(self) -> [String; 6] {
        let vendor = match self.vendor {
            Vendor::Mysql => "mysql",
            Vendor::Mariadb => "mariadb",
            Vendor::Vitess => "planetscale",
        };
        let (major, minor, release) = self.version;
        let release = if release > 0 { format!(".{release}") } else { String::new() };
        let usual = if self == Mysql::default() { " (the default)" } else { "" };
        [
            format!("`{vendor}@{major}.{minor}{release}`{usual}"),
            match (self.adds_at_once(), self.row_versions()) {
                (true, None) => "INSTANT".to_owned(),
                (true, Some(most)) => format!("INSTANT, {most} times"),
                (false, _) => "INPLACE, LOCK=NONE: the table is written anew".to_owned(),
            },
            match self.rebuilds_fulltext() {
                0 => "COPY, LOCK=SHARED".to_owned(),
                _ => "INPLACE, LOCK=SHARED; with two such indexes a copy".to_owned(),
            },
            if self.copies_online() {
                "LOCK=NONE, unless a foreign key of the table acts on its rows"
            } else {
                "LOCK=SHARED"
            }
            .to_owned(),
            if self.ends_numbers_at_once() { "INSTANT" } else { "a copy" }.to_owned(),
            if self.makes_missing_triggers() { "left as it is" } else { "dropped and made again" }.to_owned(),
        ]
    }
}

/// What the columns of the table of versions are.
pub(in crate::dialect) const HEADINGS: [&str; 6] = [
    "`--target`",
    "a column comes",
    "a table with a full-text index is written anew",
    "a copy",
    "numbers end (`AUTO_INCREMENT`)",
    "a trigger that is there already, in a file that is run again",
];

/// The versions that differ.
pub(in crate::dialect) const TOLD: [Mysql; 8] = {
    const fn of(vendor: Vendor, major: u16, minor: u16, release: u16) -> Mysql {
        Mysql { vendor, version: (major, minor, release) }
    }
    [
        of(Vendor::Mysql, 8, 0, 0),
        of(Vendor::Mysql, 8, 0, 12),
        of(Vendor::Mysql, 8, 0, 29),
        of(Vendor::Mysql, 8, 4, 0),
        of(Vendor::Mysql, 9, 1, 0),
        of(Vendor::Mariadb, 10, 6, 0),
        of(Vendor::Mariadb, 10, 11, 0),
        of(Vendor::Mariadb, 11, 4, 0),
    ]
};

#[cfg(test)]
mod tests {
    use super::{Mysql, Vendor};

    #[test]
    fn a_target_has_a_vendor_and_up_to_three_numbers() {
        let read = |text: &str| Mysql::parse(text).map(|m| (m.vendor, m.version));
        assert_eq!(read("mysql"), Ok((Vendor::Mysql, (8, 4, 0))));
        assert_eq!(read("mysql@8.0.29"), Ok((Vendor::Mysql, (8, 0, 29))));
        assert_eq!(read("mariadb@11"), Ok((Vendor::Mariadb, (11, 0, 0))));
        assert!(read("mysql@5.7").is_err_and(|why| why.contains("cannot rename a column")));
        assert_eq!(read("planetscale").map(|m| m.0), Ok(Vendor::Vitess));
        assert!(read("vitess@21").is_err_and(|why| why.contains("write vitess")));
        assert!(read("mysql@new").is_err_and(|why| why.contains("no version")));
    }

    #[test]
    fn what_a_server_can_do_is_of_its_version() {
        let of = |text: &str| Mysql::parse(text).expect("a target");
        assert!(!of("mysql@8.0.11").adds_at_once() && of("mysql@8.0.12").adds_at_once());
        assert_eq!(
            [of("mysql@8.4"), of("mysql@9.1"), of("mariadb@11.4")].map(Mysql::row_versions),
            [Some(64), Some(255), None]
        );
        assert!(
            of("mariadb@11.4").copies_online()
                && !of("mariadb@10.11").copies_online()
                && !of("mysql@9.7").copies_online()
        );
    }
}
