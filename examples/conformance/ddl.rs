//! Our DDL from empty against that of Prisma's engine: both are run on a server, and the two catalogs compared.

use crate::{Options, oracle, ours, say, schemas};
use prisma_stage::live::server::{Database, Server};
use prisma_stage::live::{Result, snapshot, sqlite};
use prisma_stage::model::Provider;
use std::collections::BTreeMap;

/// What came out for one schema.
enum Verdict {
    Equal,
    /// Prisma refuses the schema, and so do we.
    BothRefuse,
    /// Prisma refuses the schema, we do not; that is for validation to learn.
    OnlyPrismaRefuses(String),
    /// The server does not take Prisma's own DDL (it leaves quotes inside names as they are); it does take ours.
    ServerRefusesPrisma(String),
    Wrong(Vec<String>),
}

/// Compares all schemas; gives how many differ.
pub(crate) fn run(options: &Options) -> Result<usize> {
    let found = schemas::find(options)?;
    if found.is_empty() {
        return Ok(say("conformance: skipped, there are no schemas to hold against Prisma's engine", 0));
    }
    let Some(theirs) = oracle::ddl(options, &found)? else { return Ok(0) };
    let sqlite = options.provider == Provider::Sqlite.name();
    let server = if sqlite { None } else { Some(Server::shared()?) };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = 0;
    for (schema, theirs) in found.iter().zip(theirs) {
        let verdict = judge(server, schema, theirs)?;
        let (group, lines) = match verdict {
            Verdict::Equal => ("equal", Vec::new()),
            Verdict::BothRefuse => ("refused by both", Vec::new()),
            Verdict::OnlyPrismaRefuses(why) => {
                ("refused by Prisma alone", if options.verbose { vec![why] } else { Vec::new() })
            }
            Verdict::ServerRefusesPrisma(why) => ("Prisma's DDL refused by the server", vec![why]),
            Verdict::Wrong(lines) => ("WRONG", lines),
        };
        wrong += usize::from(group == "WRONG");
        *counts.entry(group).or_default() += 1;
        if !lines.is_empty() {
            say(&format!("{group}: {}", schema.path.display()), ());
            lines.iter().take(8).for_each(|line| say(&format!("    {}", line.replace('\n', "\n    ")), ()));
        }
    }
    say(&format!("{} schemas: {}", found.len(), summary(&counts)), Ok(wrong))
}

fn summary(counts: &BTreeMap<&str, usize>) -> String {
    counts.iter().map(|(group, count)| format!("{count} {group}")).collect::<Vec<_>>().join(", ")
}

fn judge(server: Option<&Server>, schema: &schemas::Schema, theirs: oracle::Answer) -> Result<Verdict> {
    let ours = ours::ddl(schema);
    let theirs = match (theirs, &ours) {
        (oracle::Answer::Refused(_), Err(_)) => return Ok(Verdict::BothRefuse),
        (oracle::Answer::Refused(why), Ok(_)) => return Ok(Verdict::OnlyPrismaRefuses(why)),
        (oracle::Answer::Ddl(theirs), _) => theirs,
    };
    let ours = match ours {
        Ok(ours) => ours,
        Err(lines) => return Ok(Verdict::Wrong(lines)),
    };
    let got = match catalog(server, &ours) {
        Ok(got) => got,
        Err(error) => return Ok(Verdict::Wrong(vec![format!("ours: {error}")])),
    };
    let wanted = match catalog(server, &theirs) {
        Ok(wanted) => wanted,
        Err(error) => return Ok(Verdict::ServerRefusesPrisma(error.to_string())),
    };
    let differences = snapshot::differences(&got, &wanted);
    Ok(if differences.is_empty() { Verdict::Equal } else { Verdict::Wrong(differences) })
}

/// What a schema uses without listing it, trusting somebody to have installed it.
const EXTENSIONS: &str = "CREATE EXTENSION IF NOT EXISTS citext; CREATE EXTENSION IF NOT EXISTS pgcrypto; \
                          CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\"; CREATE EXTENSION IF NOT EXISTS pg_trgm;";

/// Something of the name, with a length, where the extension `vector` is not installed on the server.
const VECTOR: &str = "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector') THEN
    CREATE TYPE vector;
    CREATE FUNCTION vector_in(cstring, oid, integer) RETURNS vector LANGUAGE internal IMMUTABLE STRICT AS 'varcharin';
    CREATE FUNCTION vector_out(vector) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varcharout';
    CREATE TYPE vector (INPUT = vector_in, OUTPUT = vector_out, TYPMOD_IN = varchartypmodin,
                        TYPMOD_OUT = varchartypmodout, LIKE = varchar);
END IF; END $$;";

/// What a server holds after the DDL; where it lacks an extension, that is made up for.
fn catalog(server: Option<&Server>, ddl: &str) -> Result<snapshot::Catalog> {
    let Some(server) = server else { return sqlite::catalog(&*sqlite::open(&[ddl.to_owned()])?) };
    let made_up = |line: &&str| !(line.starts_with("CREATE EXTENSION") && line.contains("\"vector\""));
    let without_vector: Vec<_> = ddl.lines().filter(made_up).collect();
    catalog_with(server, "", ddl)
        .or_else(|_| catalog_with(server, EXTENSIONS, ddl))
        .or_else(|_| catalog_with(server, &format!("{EXTENSIONS}{VECTOR}"), &without_vector.join("\n")))
}

fn catalog_with(server: &Server, before: &str, ddl: &str) -> Result<snapshot::Catalog> {
    let database: Database = server.create(None)?;
    let mut client = database.connect()?;
    let doing = |error: postgres::Error| {
        let said = error.as_db_error().map_or_else(|| error.to_string(), |e| e.message().to_owned());
        prisma_stage::live::Error::new("running the DDL", said)
    };
    client.batch_execute(before).map_err(doing)?;
    client.batch_execute(ddl).map_err(doing)?;
    snapshot::catalog(&mut client)
}
