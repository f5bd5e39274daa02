//! The ways in which a file reaches the server.

use super::split;
use crate::live::server::{self, Database};
use crate::live::{Doing, Error, Result};
use postgres::Client;
use std::io::Write;
use std::process::{Command, Stdio};

/// How a file is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sending {
    /// Whole, as one simple query.
    Whole,
    /// One statement after the other.
    Statements,
    /// By `psql`.
    Psql,
}

impl Sending {
    /// All of them.
    pub const ALL: [Sending; 3] = [Sending::Whole, Sending::Statements, Sending::Psql];

    /// Can it be done here?
    pub fn available(self) -> bool {
        match self {
            Sending::Whole | Sending::Statements => true,
            Sending::Psql => {
                let mut psql = Command::new(server::psql());
                psql.arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success())
            }
        }
    }

    /// Sends a file.
    pub(super) fn send(self, client: &mut Client, database: &Database, sql: &str) -> Result<()> {
        let doing = || "sending a file".to_owned();
        match self {
            Sending::Whole => client.batch_execute(sql).doing(doing),
            Sending::Statements => {
                split::statements(sql).iter().try_for_each(|statement| client.batch_execute(statement).doing(doing))
            }
            Sending::Psql => {
                let mut psql = Command::new(server::psql());
                psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-", "-d"]).arg(database.connection());
                psql.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
                let mut child = psql.spawn().doing(doing)?;
                if let Some(mut input) = child.stdin.take() {
                    input.write_all(sql.as_bytes()).doing(doing)?;
                }
                let out = child.wait_with_output().doing(doing)?;
                if out.status.success() {
                    return Ok(());
                }
                Err(Error::new(doing(), String::from_utf8_lossy(&out.stderr)))
            }
        }
    }
}
