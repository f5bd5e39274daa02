//! The clients of a rollout, two by two: where one between old and new has its turn, the old one beside it, then it beside the
//! new one.

use super::duty::Duties;
use super::tame::{self, Known};
use super::{Belief, Clients, Move};
use crate::catalog::{Catalog, ColumnId, Ids, TableId};
use crate::live::Result;
use crate::live::line::Boxed;
use crate::options::Options;
use crate::pair::Pair;
use crate::script::{Rollout, Script};
use crate::source::Sources;
use crate::stage::Generation;
use crate::{bridge, compile};

/// Two clients of which the second takes the place of the first.
#[derive(Clone, Debug)]
pub(in super::super) struct Leg {
    pub(in super::super) clients: Clients,
    /// The first of the two is rolled out behind so many stages.
    pub(in super::super) from: usize,
    /// What the code around each knows, where that is older than its schema.
    code: Pair<Option<Known>>,
    /// What the code of a client between does where a trigger does it elsewhere.
    duties: Duties,
    /// The database of the second one's own schema, as SQL, if that is one of the plan: or why there is none.
    pub(in super::super) made: Option<std::result::Result<String, String>>,
}

/// A client of the rollout.
struct Part {
    generation: Generation,
    catalog: Catalog,
    code: Option<Known>,
    made: Option<std::result::Result<String, String>>,
    /// It is rolled out behind so many stages.
    after: usize,
}

impl Leg {
    /// What both take the database for, given the databases that their own DDL makes.
    pub(in super::super) fn beliefs(&self, own: Pair<Boxed>) -> Result<Pair<Belief>> {
        let Pair { old, new } = self.clients.beliefs(own)?;
        let with = |belief: Belief, code: &Option<Known>| match code {
            Some(known) => belief.with_code(known).with_duties(&self.duties),
            None => belief,
        };
        Ok(Pair { old: with(old, &self.code.old), new: with(new, &self.code.new) })
    }
}

/// Finds them; none where the new client takes the place of the old one itself. `pair` gives two schemas identities in common,
/// with all that was said where the second one is NEW.
pub(super) fn legs(
    all: &Clients,
    (script, options): (&Script, &Options),
    (before, after): (&Catalog, &Catalog),
    ids: &mut Ids,
    pair: &dyn Fn((&Catalog, &Catalog), bool) -> Clients,
) -> Vec<Leg> {
    let end = |generation, catalog: &Catalog, after| Part {
        generation,
        catalog: catalog.clone(),
        code: None,
        made: None,
        after,
    };
    let mut parts = vec![end(Generation::Old, before, 0)];
    let (mut applied, mut runs) = (0, None);
    for step in &script.rollout {
        match step {
            // The same client with other code.
            Rollout::Deploy { schema: schema @ Some(_), .. } if runs == schema.as_ref() => {}
            Rollout::Deploy { client: Generation::Bridge, schema: Some(path), .. } => {
                runs = Some(path);
                let written = script.stages.iter().find(|stage| path.split('/').next() == Some(&stage.folder));
                let Some(text) = written.and_then(|stage| stage.schema.as_deref()) else { continue };
                let mut sources = Sources::default();
                let files = sources.add_schema(path, text);
                let catalog = bridge::read(text, ids).unwrap_or_default();
                let code = Some(tame::known(&pair((before, &catalog), false).catalogs));
                let of = |options: &Options| compile::ends(&sources, None, Some(&files), options);
                // What could not be changed there, or has a default that another server refuses, is made here all the same.
                let any = Options { target: Some("mariadb".to_owned()), ..Options::default() };
                let made = of(options).or_else(|_| of(&Options::default())).or_else(|_| of(&any)).map(|ends| ends.new);
                let made = made.map_err(|found| found.iter().map(|d| d.message.clone()).collect::<Vec<_>>().join("; "));
                parts.push(Part { generation: Generation::Bridge, catalog, code, made: Some(made), after: applied });
            }
            Rollout::Deploy { client: Generation::New, .. } => parts.push(end(Generation::New, after, applied)),
            Rollout::Apply { .. } => applied += 1,
            Rollout::Deploy { .. } | Rollout::Stop { .. } | Rollout::Start { .. } => {}
        }
    }
    if !parts.iter().any(|part| part.generation == Generation::Bridge) {
        return Vec::new();
    }
    let duties = Duties::of(&script.kept);
    let leg = |two: &[Part]| {
        let [was, is] = two else { return None };
        let clients = pair((&was.catalog, &is.catalog), is.generation == Generation::New);
        let generations = Pair { old: was.generation, new: is.generation };
        let code = Pair { old: was.code.clone(), new: is.code.clone() };
        let moves = moves(all, &clients);
        let (required, kept_unique) = (all.required.clone(), all.kept_unique.clone());
        let kept_links = all.kept_links.clone();
        let mut clients = Clients { generations, moves, required, kept_unique, kept_links, ..clients };
        duties.tell_apart(&mut clients);
        Some(Leg { clients, from: was.after, code, duties: duties.clone(), made: is.made.clone() })
    };
    parts.windows(2).filter_map(leg).collect()
}

/// The columns that go over to another table, in the identities of two clients of which one is between: it may have both.
fn moves(all: &Clients, leg: &Clients) -> Vec<Move> {
    let catalogs = [&leg.catalogs.old, &leg.catalogs.new];
    let table = |catalog: &Catalog, id: TableId| {
        let name = &catalog.tables.get(&id)?.name;
        catalogs.iter().find_map(|c| c.tables.iter().find(|(_, t)| t.name == *name)).map(|(id, _)| *id)
    };
    let column = |catalog: &Catalog, own: TableId, (there, id): (TableId, ColumnId)| {
        let name = &catalog.tables.get(&there)?.columns.get(&id)?.name;
        let tables = catalogs.iter().filter_map(|c| c.tables.get(&own));
        tables.flat_map(|t| &t.columns).find(|(_, c)| c.name == *name).map(|(id, _)| *id)
    };
    let Pair { old, new } = &all.catalogs;
    let one = |gone: &Move| {
        let (from, to) = (table(old, gone.from)?, table(new, gone.to)?);
        let both = |(was, is): &(ColumnId, ColumnId)| {
            Some((column(old, from, (gone.from, *was))?, column(new, to, (gone.to, *is))?))
        };
        Some(Move { from, to, pairs: gone.pairs.iter().filter_map(both).collect() })
    };
    all.moves.iter().filter_map(one).collect()
}
