//! Every type that a field can have in PostgreSQL to every other one: there is a plan or a question that can be answered, and
//! the plan is right. One trial a type; `matrix/` in front of its name.

use crate::proof::{self, Pair};
use crate::{made, said};
use libtest_mimic::Failed;
use prisma_stage::live::rehearse::{Plan, Settings, Stand};
use prisma_stage::live::server::Server;
use prisma_stage::source::Sources;
use prisma_stage::{Assume, Options, Outcome};
use std::fmt::Write;

/// The types as a field has them.
const TYPES: [(&str, &str); 29] = [
    ("String", ""),
    ("String", "@db.VarChar(20)"),
    ("String", "@db.Char(5)"),
    ("String", "@db.Uuid"),
    ("String", "@db.Xml"),
    ("String", "@db.Inet"),
    ("String", "@db.Bit(4)"),
    ("String", "@db.VarBit(8)"),
    ("Boolean", ""),
    ("Int", ""),
    ("Int", "@db.SmallInt"),
    ("Int", "@db.Oid"),
    ("BigInt", ""),
    ("Float", ""),
    ("Float", "@db.Real"),
    ("Decimal", ""),
    ("Decimal", "@db.Decimal(8, 2)"),
    ("Decimal", "@db.Money"),
    ("DateTime", ""),
    ("DateTime", "@db.Timestamptz(6)"),
    ("DateTime", "@db.Date"),
    ("DateTime", "@db.Time(3)"),
    ("DateTime", "@db.Timetz(6)"),
    ("Json", ""),
    ("Json", "@db.Json"),
    ("Bytes", ""),
    ("Mood", ""),
    ("Tone", ""),
    ("Unsupported(\"interval\")", ""),
];

/// How old and new clients live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Living {
    /// Under one name, with a pause where they must.
    Switch,
    /// Each with a column of its own.
    Beside,
}

/// All types, lists too, by a name each.
pub fn all() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (scalar, native) in TYPES {
        for list in [false, true] {
            if list && scalar.starts_with("Unsupported") {
                continue;
            }
            let optional = if scalar.starts_with("Unsupported") { "?" } else { "" };
            let brackets = if list { "[]" } else { optional };
            let field = format!("{scalar}{brackets} {native}");
            let word = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
            let name = format!(
                "{}{}{}",
                word(scalar),
                word(native.trim_start_matches("@db.")),
                if list { "List" } else { "" }
            );
            all.push((name, field.trim_end().to_owned()));
        }
    }
    all
}

/// A schema of one table with these fields.
fn schema(fields: &[String]) -> String {
    let mut text = "datasource db {\n  provider = \"postgresql\"\n}\n\nenum Mood {\n  GOOD\n  BAD\n}\n\nenum Tone {\n  BAD\n  LOUD\n}\n\nmodel Thing {\n  id Int @id @default(autoincrement())\n".to_owned();
    for (n, field) in fields.iter().enumerate() {
        let _ = writeln!(text, "  f{n:02} {field}");
    }
    text + "}\n"
}

/// From a type to each of the others; what may be NULL in turns.
fn pair(from: &str, living: Living) -> Pair {
    let all = all();
    let others: Vec<&String> = all.iter().map(|(_, field)| field).filter(|field| *field != from).collect();
    let optional = |field: &str, yes: bool| {
        let (ty, native) = field.split_once(' ').unwrap_or((field, ""));
        let mark = if yes && !ty.ends_with(']') && !ty.ends_with('?') { "?" } else { "" };
        format!("{ty}{mark} {native}").trim_end().to_owned()
    };
    let old: Vec<String> = others.iter().enumerate().map(|(n, _)| optional(from, n % 3 == 0)).collect();
    let new = others.iter().enumerate().map(|(n, to)| {
        let map = if living == Living::Beside { format!(" @map(\"f{n:02}_v2\")") } else { String::new() };
        optional(to, n % 2 == 0) + &map
    });
    let new: Vec<String> = new.collect();
    let mut sources = Sources::default();
    let (old, new) = (sources.add_schema("old.prisma", schema(&old)), sources.add_schema("new.prisma", schema(&new)));
    Pair { sources, old, new }
}

fn answered() -> Options {
    Options { assume: vec![Assume::Placeholder, Assume::Switch], ..Options::default() }
}

/// Nothing is refused: what is not planned is asked, in a way that can be answered.
pub fn planned(from: &str, living: Living) -> Result<(), Failed> {
    let pair = pair(from, living);
    match pair.compile(&Options::default()) {
        Outcome::Plan { .. } => {}
        Outcome::Undecided { questions, .. } => {
            let mute: Vec<&str> =
                questions.iter().filter(|q| q.answers.len() < 3).map(|q| q.subject.as_str()).collect();
            if !mute.is_empty() {
                return Err(format!("no way to answer: {}", mute.join(", ")).into());
            }
        }
        Outcome::Rejected(diagnostics) | Outcome::Bug(diagnostics) => return Err(said(&diagnostics).into()),
    }
    match pair.compile(&answered()) {
        Outcome::Plan { .. } => Ok(()),
        Outcome::Undecided { diagnostics, .. } | Outcome::Rejected(diagnostics) | Outcome::Bug(diagnostics) => {
            Err(said(&diagnostics).into())
        }
    }
}

/// The plan does what it says.
pub fn proved(from: &str, living: Living) -> Result<(), Failed> {
    let pair = pair(from, living);
    let options = answered();
    let script = match pair.compile(&options) {
        Outcome::Plan { script, .. } => script,
        Outcome::Undecided { diagnostics, .. } | Outcome::Rejected(diagnostics) | Outcome::Bug(diagnostics) => {
            return Err(said(&diagnostics).into());
        }
    };
    let (old, new) = (made(&pair, &pair.old)?, made(&pair, &pair.new)?);
    let stand = Stand::new(Server::shared()?, &old, &new)?;
    let renames = pair.renames(&options);
    let plan = Plan { script: &script, renames: &renames, replan: Some(&|client| pair.drift(client)), clients: None };
    let ways = [("whole", Settings { rows: 7, ..Settings::default() })];
    let seen = proof::hold(&stand, plan, &ways)?;
    if seen.is_empty() {
        return Ok(());
    }
    let lines = seen.iter().map(|(way, f)| format!("[{way}] {:?} {}: {}", f.what, f.file, f.message));
    Err(lines.collect::<Vec<_>>().join("\n").into())
}
