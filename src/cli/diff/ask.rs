//! Questions put to whoever sits at the terminal, where somebody does.

use crate::cli::terminal::{Terminal, print_error};
use prisma_stage::output::style::Ink;
use prisma_stage::{Answer, Assume, Options, Question};
use std::collections::BTreeSet;
use std::io::{BufRead, IsTerminal};

/// What the person said.
pub enum Said {
    /// Something that answers a question; it is in the options now.
    Something,
    /// Nothing: stop.
    Nothing,
}

/// Does somebody sit there who can be asked?
pub fn is_possible() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Lists the answers that can be given here and takes one for each question.
///
/// Answers that belong in the schema or in the intent file are for the person to write there: they have been shown before.
pub fn ask(terminal: &Terminal, questions: &[Question], options: &mut Options) -> Said {
    let mut assumed: BTreeSet<Assume> = BTreeSet::new();
    let mut said = Said::Nothing;
    for question in questions {
        let answers: Vec<(&Answer, Given)> =
            question.answers.iter().filter_map(|answer| Some((answer, given(&answer.write)?))).collect();
        let is_settled = |given: &Given| matches!(given, Given::Assume(assume) if assumed.contains(assume));
        if answers.is_empty() || answers.iter().any(|(_, given)| is_settled(given)) {
            continue;
        }
        print_error(&format!("\n{}\n", terminal.err.ink(Ink::Heading, &question.question)));
        for (at, (answer, _)) in answers.iter().enumerate() {
            let write = terminal.err.ink(Ink::Code, &answer.write);
            print_error(&format!("  {} {write}  {}\n", at + 1, answer.meaning));
        }
        let Some(choice) = choose(answers.len()) else { return Said::Nothing };
        match &answers[choice].1 {
            Given::Rename(hint) => options.renames.push(hint.clone()),
            Given::Assume(assume) => {
                assumed.insert(*assume);
                options.assume.push(*assume);
            }
        }
        said = Said::Something;
    }
    said
}

/// Says how to give the answers that were given here without being asked.
pub fn remind(renames: &[String], assume: &[Assume], options: &Options) {
    let renamed = options.renames[renames.len()..].iter().map(|hint| format!(" --rename {hint}"));
    let assumed = options.assume[assume.len()..].iter().map(|assume| format!(" --assume {}", assume.word()));
    let all: String = renamed.chain(assumed).collect();
    if !all.is_empty() {
        print_error(&format!("\nTo answer so without being asked:{all}\n\n"));
    }
}

/// An answer that the command line can give.
enum Given {
    Rename(String),
    Assume(Assume),
}

fn given(write: &str) -> Option<Given> {
    match write.split_once(' ')? {
        ("--rename", hint) => Some(Given::Rename(hint.to_owned())),
        ("--assume", word) => Assume::ALL.into_iter().find(|(name, _)| *name == word).map(|(_, a)| Given::Assume(a)),
        _ => None,
    }
}

/// A number from 1 on, less one; none if the person has enough.
fn choose(count: usize) -> Option<usize> {
    loop {
        print_error(&format!("Your answer, 1 to {count} (nothing to stop): "));
        let mut line = String::new();
        if std::io::stdin().lock().read_line(&mut line).ok()? == 0 || line.trim().is_empty() {
            return None;
        }
        match line.trim().parse::<usize>() {
            Ok(number) if (1..=count).contains(&number) => return Some(number - 1),
            Ok(_) | Err(_) => {}
        }
    }
}
