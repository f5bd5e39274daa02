//! What a live database has in another way than a schema.

use super::{Result, introspect};
use crate::catalog::Ids;
use crate::source::{SchemaFiles, Sources};
use postgres::Client;

/// What would have to change for the database to be the one that the schema says; nothing, after a plan to it was run.
///
/// # Errors
/// The database cannot be read.
pub fn drift(sources: &Sources, schema: &SchemaFiles, client: &mut Client) -> Result<Vec<String>> {
    let mut ids = Ids::default();
    let wanted = super::lowered(sources, schema, &mut ids);
    Ok(introspect::read(client, &wanted, &mut ids)?.differences(&wanted))
}
