//! Where PostgreSQL's programs are.

use crate::live::{Doing, Error, Result};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

mod links;

/// PostgreSQL's programs on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// The folder that holds `initdb` and `postgres`.
    pub bin: PathBuf,
    /// The major version.
    pub major: u32,
}

/// Finds PostgreSQL, of this major version or the first there is: on `$PATH`, where distributions put it (the newest
/// first), where `pg_config` says, or, in this folder and those above it, in `.cache/postgres` or in the packages
/// `@embedded-postgres/…` of npm.
pub fn find(major: Option<u32>) -> Result<Installation> {
    static ALL: LazyLock<Vec<Installation>> = LazyLock::new(|| folders().into_iter().filter_map(look).collect());
    let fits = |found: &&Installation| major.is_none_or(|major| found.major == major);
    ALL.iter().find(fits).cloned().ok_or_else(|| {
        let version = major.map_or(String::new(), |major| format!(" {major}"));
        let said = format!(
            "no PostgreSQL{version} on $PATH, in /usr/lib/postgresql, where pg_config says, in .cache/postgres or in node_modules/@embedded-postgres"
        );
        Error::new("looking for a server to rehearse on", said)
    })
}

fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        std::env::var_os("PATH").map_or(Vec::new(), |p| std::env::split_paths(&p).collect());
    for (parent, below) in [("/usr/lib/postgresql", "bin"), ("/opt/homebrew/opt", "bin"), ("/usr/local/opt", "bin")] {
        folders.extend(children(Path::new(parent)).into_iter().map(|child| child.join(below)));
    }
    folders.push(PathBuf::from("/usr/local/pgsql/bin"));
    folders.extend(pg_config());
    if let Ok(here) = std::env::current_dir() {
        for above in here.ancestors() {
            for packages in [".cache/postgres", "node_modules/@embedded-postgres"] {
                folders.extend(children(&above.join(packages)).into_iter().map(|child| child.join("native/bin")));
            }
        }
    }
    folders
}

/// Where `pg_config` says that the programs are.
fn pg_config() -> Option<PathBuf> {
    let said = Command::new("pg_config").arg("--bindir").output().ok().filter(|said| said.status.success())?;
    Some(PathBuf::from(String::from_utf8(said.stdout).ok()?.trim()))
}

/// What is in a folder, the highest version first.
fn children(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).map_or(Vec::new(), |entries| entries.flatten().map(|e| e.path()).collect());
    let mut entries: Vec<PathBuf> = entries;
    entries.sort_by(|a, b| b.cmp(a));
    entries
}

fn look(bin: PathBuf) -> Option<Installation> {
    if !bin.join("initdb").exists() {
        return None;
    }
    let said = Command::new(bin.join("postgres")).arg("--version").output().ok()?;
    let said = String::from_utf8(said.stdout).ok()?;
    // "postgres (PostgreSQL) 15.20 (Debian …)"
    let version = said.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let major = version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
    Some(Installation { bin, major })
}

/// The users that a server may run as when we are root, which `initdb` refuses to be.
const USERS: [&str; 2] = ["postgres", "nobody"];

/// How to become one of them, if that is needed and possible: the words before the program.
static BECOME: LazyLock<Vec<String>> = LazyLock::new(|| {
    let root = Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.trim_ascii() == b"0");
    if !root {
        return Vec::new();
    }
    let ways = USERS.iter().flat_map(|user| {
        let setpriv = ["setpriv", "--reuid", user, "--regid", user, "--clear-groups"].map(str::to_owned).to_vec();
        let setpriv_group =
            ["setpriv", "--reuid", user, "--clear-groups", "--regid", "65534"].map(str::to_owned).to_vec();
        let runuser = ["runuser", "-u", user, "--"].map(str::to_owned).to_vec();
        [setpriv, setpriv_group, runuser]
    });
    let works = |way: &Vec<String>| {
        let mut command = Command::new(&way[0]);
        command.args(&way[1..]).arg("true").current_dir("/").stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    let mut ways = ways;
    ways.find(works).unwrap_or_default()
});

/// A program to be run as an unprivileged user; as ourselves, if we are one.
pub(in crate::live) fn unprivileged(program: &str) -> Command {
    match BECOME.split_first() {
        None => Command::new(program),
        Some((first, rest)) => {
            let mut command = Command::new(first);
            command.args(rest).arg(program);
            command
        }
    }
}

/// The folder of the programs, copied to where the user that runs the server can read it if that is not so already.
pub(super) fn reachable(found: &Installation) -> Result<PathBuf> {
    let readable = |bin: &Path| {
        let mut command = unprivileged("test");
        command.arg("-x").arg(bin.join("postgres")).current_dir("/");
        command.status().is_ok_and(|status| status.success())
    };
    if readable(&found.bin) && !links::are_missing(&found.bin) {
        return Ok(found.bin.clone());
    }
    let Some(root) = found.bin.parent() else { return Ok(found.bin.clone()) };
    let copy = std::env::temp_dir().join(format!("prisma-stage-postgres-{}", found.major));
    if !readable(&copy.join("bin")) || links::are_missing(&copy.join("bin")) {
        let fresh = std::env::temp_dir().join(format!("prisma-stage-postgres-{}.{}", found.major, std::process::id()));
        let doing = || format!("copying {} to {}", root.display(), copy.display());
        let status = Command::new("cp").arg("-RL").arg(root).arg(&fresh).status().doing(doing)?;
        let open = Command::new("chmod").args(["-R", "a+rX"]).arg(&fresh).status().doing(doing)?;
        if !status.success() || !open.success() {
            return Err(Error::new(doing(), "cp or chmod failed"));
        }
        links::make(&fresh).doing(doing)?;
        // Somebody else may have been quicker, with the same files.
        let _ = std::fs::rename(&fresh, &copy);
    }
    Ok(copy.join("bin"))
}
