//! Questions put to whoever sits at the terminal, where somebody does.

use prisma_stage::output::intent;
use prisma_stage::output::style::{Ink, Style};
use prisma_stage::question::Entry;
use prisma_stage::{Answer, Assume, Options, Question};
use std::collections::BTreeSet;
use std::io::{BufRead, IsTerminal, Write};

/// What the person said.
#[derive(Debug, PartialEq, Eq)]
pub enum Said {
    /// An answer to every question that was put; they are in the options now.
    Everything,
    /// Some were left open, or are to be given in the schema: nothing more is asked.
    Enough,
}

/// Does somebody sit there who can be asked?
pub fn is_possible() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// The two ends of a conversation, and what was said so far that neither `--rename` nor `--assume` can say.
pub struct Dialogue<'a> {
    /// Where answers come from, a line each.
    pub input: &'a mut dyn BufRead,
    /// Where questions go. If nobody listens there, nobody can be told.
    pub output: &'a mut dyn Write,
    /// How they look.
    pub style: Style,
    /// Answers for an intent file.
    pub entries: Vec<Entry>,
}

impl Dialogue<'_> {
    /// Takes one answer for each question, the likely one offered first.
    pub fn ask(&mut self, questions: &[Question], options: &mut Options) -> Said {
        let mut assumed: BTreeSet<Assume> = BTreeSet::new();
        let mut said = Said::Everything;
        for (at, question) in questions.iter().enumerate() {
            let answers = question.entries();
            let is_settled = |entry: &Entry| matches!(entry, Entry::Assume(word) if assume(word).is_some_and(|a| assumed.contains(&a)));
            if answers.iter().any(|(_, entry)| is_settled(entry)) {
                continue;
            }
            self.show(at + 1, questions.len(), question, &answers);
            match self.take(&answers) {
                None => return Said::Enough,
                Some(None) => said = Said::Enough,
                Some(Some(Entry::Schema(text))) => {
                    self.say(&format!("  Write it in the schema, and run this again: {text}\n"));
                    said = Said::Enough;
                }
                Some(Some(Entry::Rename(old, new))) => options.renames.push(format!("{old}={new}")),
                Some(Some(Entry::Assume(word))) => {
                    let known = assume(&word);
                    assumed.extend(known);
                    options.assume.extend(known);
                }
                Some(Some(
                    entry
                    @ (Entry::Map(_) | Entry::Drop(_) | Entry::Filled(_) | Entry::Using(..) | Entry::Fallback(..)),
                )) => {
                    self.entries.push(entry);
                    options.terminal = Some(intent::answers(&self.entries));
                }
            }
        }
        said
    }

    fn show(&mut self, number: usize, of: usize, question: &Question, answers: &[(&Answer, Entry)]) {
        let head = format!("{number} of {of}: {}", question.question);
        self.say(&format!("\n{}\n", self.style.ink(Ink::Heading, &head)));
        for (at, (answer, _)) in answers.iter().enumerate() {
            let write = self.style.ink(Ink::Code, &answer.write);
            self.say(&format!("  {} {write}\n", at + 1));
            for line in self.style.wrap(&answer.meaning, 4 + (at + 1).to_string().len(), 0) {
                self.say(&format!("{line}\n"));
            }
        }
    }

    /// An answer; the inner None if this question is skipped, the outer one if the person has enough.
    fn take(&mut self, answers: &[(&Answer, Entry)]) -> Option<Option<Entry>> {
        loop {
            let line = self.line(&format!("Your answer, 1 to {} (s to skip it, nothing to stop): ", answers.len()))?;
            match line.as_str() {
                "" => return None,
                "s" | "skip" => return Some(None),
                other => {
                    let number = other.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
                    let Some((_, entry)) = number.and_then(|n| answers.get(n)) else { continue };
                    if let Some(entry) = self.filled(entry.clone()) {
                        return Some(Some(entry));
                    }
                }
            }
        }
    }

    /// With the value that is missing in it; None if the person has none.
    fn filled(&mut self, entry: Entry) -> Option<Entry> {
        match entry {
            Entry::Using(path, _) => {
                let sql = self.line("The SQL, over the columns of the row: ")?;
                (!sql.is_empty()).then_some(Entry::Using(path, sql))
            }
            Entry::Fallback(path, value) if value == "…" => {
                let value = self.line("The value: ")?;
                (!value.is_empty()).then_some(Entry::Fallback(path, value))
            }
            other => Some(other),
        }
    }

    fn line(&mut self, prompt: &str) -> Option<String> {
        self.say(prompt);
        let mut line = String::new();
        (self.input.read_line(&mut line).ok()? > 0).then(|| line.trim().to_owned())
    }

    fn say(&mut self, text: &str) {
        let _ = self.output.write_all(text.as_bytes()).and_then(|()| self.output.flush());
    }

    /// Says how to give the answers that were given here without being asked.
    pub fn remind(&mut self, renames: &[String], assume: &[Assume], options: &Options) {
        let renamed = options.renames[renames.len()..].iter().map(|hint| format!(" --rename {hint}"));
        let assumed = options.assume[assume.len()..].iter().map(|assume| format!(" --assume {}", assume.word()));
        let all: String = renamed.chain(assumed).collect();
        if !all.is_empty() {
            self.say(&format!("\nTo answer so without being asked:{all}\n"));
        }
        if let Some(text) = &options.terminal {
            self.say(&format!("\nTo answer so without being asked, with --intent and this in a file:\n\n{text}\n"));
        }
    }
}

fn assume(word: &str) -> Option<Assume> {
    Assume::ALL.into_iter().find(|(name, _)| *name == word).map(|(_, assume)| assume)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(code: &'static str, subject: &str, writes: &[&str]) -> Question {
        let answers = writes.iter().map(|w| Answer { meaning: "so".into(), write: (*w).into() }).collect();
        Question { code, subject: subject.into(), question: format!("{subject}?"), answers }
    }

    fn talk(questions: &[Question], lines: &str) -> (Said, Options, String) {
        let mut output = Vec::new();
        let mut options = Options::default();
        let mut dialogue =
            Dialogue { input: &mut lines.as_bytes(), output: &mut output, style: Style::PLAIN, entries: Vec::new() };
        let said = dialogue.ask(questions, &mut options);
        dialogue.remind(&[], &[], &options);
        (said, options, String::from_utf8_lossy(&output).into_owned())
    }

    fn both() -> Vec<Question> {
        vec![
            question(
                "PS0701",
                "User.name",
                &[
                    "@map(\"name\")",
                    "--rename User.name=full",
                    "/// @stage.from(name)",
                    "drop = [\"User.name\"]",
                    "--assume drop",
                ],
            ),
            question(
                "PS0703",
                "User.age",
                &["/// @stage.using(\"…\")", "/// @stage.fallback(\"…\")", "--assume placeholder"],
            ),
        ]
    }

    #[test]
    fn every_kind_of_answer_can_be_given() {
        let (said, options, text) = talk(&both(), "2\n2\n0\n");
        assert_eq!(said, Said::Everything, "{text}");
        assert_eq!(options.renames, ["User.name=full"]);
        assert_eq!(options.terminal.as_deref(), Some("[fallback]\n\"User.age\" = \"0\"\n"));
        assert!(text.contains("1 of 2: User.name?") && text.contains("--rename User.name=full\n"), "{text}");

        let (said, options, _) = talk(&both(), "3\n1\nextract(year from born)\n");
        assert_eq!(said, Said::Everything);
        let wanted = "drop = [\n\"User.name\",\n]\n[using]\n\"User.age\" = \"extract(year from born)\"\n";
        assert_eq!(options.terminal.as_deref(), Some(wanted));
    }

    #[test]
    fn what_is_no_answer_is_asked_again() {
        let (said, options, text) = talk(&both(), "9\nyes\n4\n2\n\n3\n");
        assert_eq!(said, Said::Everything, "{text}");
        assert_eq!(options.assume, [Assume::Drop, Assume::Placeholder]);
    }

    #[test]
    fn skipped_questions_and_answers_for_the_schema_stay_open() {
        assert_eq!(talk(&both(), "s\n3\n").0, Said::Enough);
        let (said, options, text) = talk(&both(), "1\n3\n");
        assert_eq!((said, options.assume), (Said::Enough, vec![Assume::Placeholder]));
        assert!(text.contains("Write it in the schema, and run this again: @map(\"name\")"), "{text}");
        assert_eq!(talk(&both(), "").0, Said::Enough);
    }

    #[test]
    fn a_class_of_questions_is_answered_once() {
        let twice = vec![both().remove(1), question("PS0703", "User.size", &["--assume placeholder"])];
        let (said, options, text) = talk(&twice, "3\n");
        assert_eq!((said, options.assume.len()), (Said::Everything, 1), "{text}");
    }
}
