//! Pairs that are refused, and the way round that each refusal names: both of its plans are made, and proved on the server.

use crate::proof::{self, Pair};
use crate::words::options;
use crate::{golden, made, said, text};
use libtest_mimic::Failed;
use prisma_stage::live::rehearse::{Plan, Replan, Settings, Stand};
use prisma_stage::live::server::Server;
use prisma_stage::{Options, Outcome};
use std::path::Path;

/// It is refused, by name, and the refusal is the one beside the schemas. Never is there a wrong plan. Where it is said that several
/// plans lead there, they do: over `between.prisma` (and `between-2.prisma`), and from there to `after.prisma`, which is NEW with what is to be said of it then;
/// or to `instead.prisma`, which is NEW with another answer.
pub fn refused(case: &Path) -> Result<(), Failed> {
    let pair = Pair::read(&case.join("old.prisma"), &case.join("new.prisma"))?;
    let diagnostics = match pair.compile(&options(case)?) {
        Outcome::Rejected(diagnostics) => diagnostics,
        Outcome::Plan { .. } | Outcome::Undecided { .. } => {
            return Err("it is planned: move the case to corpus/change".into());
        }
        Outcome::Bug(diagnostics) => return Err(format!("a bug of ours\n{}", said(&diagnostics)).into()),
    };
    golden(case, "refused", &text::of_diagnostics(&pair.sources, &diagnostics, case));
    if !diagnostics.iter().any(|d| d.code == "PS0720") {
        return Ok(());
    }
    let there = |name: &'static str| case.join(name).exists().then_some(name);
    let last = there("after.prisma").or(there("instead.prisma")).unwrap_or("new.prisma");
    if last != "new.prisma" {
        let pair = Pair::read(&case.join("new.prisma"), &case.join(last))?;
        match pair.compile(&Options::default()) {
            Outcome::Plan { script, .. } if script.is_empty() => {}
            _ => return Err(format!("{last} is another schema than new.prisma").into()),
        }
    }
    let way: Vec<&str> = ["between.prisma", "between-2.prisma"].into_iter().filter_map(there).collect();
    if way.is_empty() && last != "instead.prisma" {
        return Err("it says that several plans lead there: add between.prisma, which is on the way".into());
    }
    let way: Vec<&str> = ["old.prisma"].into_iter().chain(way).chain([last]).collect();
    way.windows(2).try_for_each(|leg| one(case, leg[0], leg[1]))
}

/// One of the plans on the way round.
fn one(case: &Path, from: &str, to: &str) -> Result<(), Failed> {
    let failed = |what: &str| Failed::from(format!("{from} to {to}: {what}"));
    let pair = Pair::read(&case.join(from), &case.join(to))?;
    let known = options(case)?;
    let options = Options { assume: known.assume, ..Options::default() };
    let script = match pair.compile(&options) {
        Outcome::Plan { script, .. } if script.is_empty() => return Err(failed("nothing to do")),
        Outcome::Plan { script, .. } => script,
        Outcome::Undecided { diagnostics, .. } => return Err(failed(&format!("undecided\n{}", said(&diagnostics)))),
        Outcome::Rejected(diagnostics) => return Err(failed(&format!("rejected\n{}", said(&diagnostics)))),
        Outcome::Bug(diagnostics) => return Err(failed(&format!("a bug of ours\n{}", said(&diagnostics)))),
    };
    let stand = Stand::new(Server::shared()?, &made(&pair, &pair.old)?, &made(&pair, &pair.new)?)?;
    let renames = pair.renames(&options);
    let drift: Replan = &|client| pair.drift(client);
    let clients = pair.clients(&options, &script);
    let plan = Plan { script: &script, renames: &renames, replan: Some(drift), clients: Some(&clients) };
    let whole = Settings { clients: Some(1), locks: true, ..Settings::default() };
    let empty = Settings { rows: 0, back: false, ..Settings::default() };
    let seen = proof::hold(&stand, plan, &[("whole", whole), ("empty", empty)])?;
    let lines = seen.iter().map(|(way, f)| format!("[{way}] {:?} {}: {}", f.what, f.file, f.message));
    if seen.is_empty() { Ok(()) } else { Err(failed(&lines.collect::<Vec<_>>().join("\n"))) }
}
