//! What a live database has in another way than a schema.

use super::{Result, introspect};
use crate::catalog::Ids;
use crate::source::{SchemaFiles, Sources};
use crate::{lower, model, syntax};
use postgres::Client;

/// What would have to change for the database to be the one that the schema says; nothing, after a plan to it was run.
///
/// # Errors
/// The database cannot be read.
pub fn drift(sources: &Sources, schema: &SchemaFiles, client: &mut Client) -> Result<Vec<String>> {
    let (ast, _) = syntax::parse(sources, schema);
    let (model, _) = model::resolve(&ast);
    let mut ids = Ids::default();
    let wanted = lower::lower(&model, &mut ids).0;
    Ok(introspect::read(client, &wanted, &mut ids)?.differences(&wanted))
}
