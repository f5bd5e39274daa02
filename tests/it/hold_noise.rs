//! What has to hold for any text, held over noise: places fit, whatever the line ends, marks and characters are.
//!
//! The same functions are the bodies of the fuzz targets; what those have found is in corpus/fuzz, and stays found.

use crate::hold;
use prisma_stage::source::{SchemaFiles, Sources};
use proptest::prelude::{ProptestConfig, any, prop, proptest};
use std::path::Path;

/// The wrong schemas of the corpus.
fn seeds() -> Vec<String> {
    let mut paths: Vec<_> = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/error"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let mut seeds: Vec<String> = paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    for page in prisma_stage::pages::all() {
        let schemas = page.examples().filter(|(info, _)| info.starts_with("prisma"));
        seeds.extend(schemas.map(|(_, text)| {
            let whole = text.contains("datasource ");
            if whole { text.to_owned() } else { crate::run::postgres(text) }
        }));
    }
    seeds
}

/// How many cases of noise: more of them, for an hour say, are asked for with NOISE=100000.
fn cases() -> u32 {
    std::env::var("NOISE").ok().and_then(|cases| cases.parse().ok()).unwrap_or(300)
}

/// The text after some changes, each a kind, a place, and a place in the other text.
fn mangled(text: &str, other: &str, changes: &[(u8, prop::sample::Index, prop::sample::Index)]) -> String {
    let mut text = text.to_owned();
    for (kind, at, from) in changes {
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        let line = at.index(lines.len().max(1));
        let others: Vec<&str> = other.split_inclusive('\n').collect();
        let words: Vec<&str> = other.split([' ', '\n', '(', ')', ',', '[', ']']).filter(|w| !w.is_empty()).collect();
        match kind % 7 {
            0 if line < lines.len() => drop(lines.remove(line)),
            1 if !others.is_empty() => lines.insert(line, others[from.index(others.len())].to_owned()),
            2 => lines.truncate(line + 1),
            3 | 4 if line < lines.len() && !words.is_empty() => {
                let own: Vec<&str> = lines[line].split([' ', '\n', '(', ')', ',', '[', ']']).collect();
                let old = own[at.index(own.len())].to_owned();
                if !old.is_empty() {
                    lines[line] = lines[line].replacen(&old, words[from.index(words.len())], 1);
                }
            }
            5 => {
                let mut end = from.index(text.len() + 1);
                while !text.is_char_boundary(end) {
                    end -= 1;
                }
                lines = vec![text[..end].to_owned()];
            }
            _ => lines = vec![disturbed(&text, &[(*at, *from)])],
        }
        text = lines.concat();
    }
    text
}

/// What a text can have that makes places hard to count.
const HARD: [&str; 14] = [
    "\u{feff}",
    "🚀",
    "é",
    "e\u{301}",
    "\t",
    "\r",
    "\r\n",
    "\n",
    "\"",
    "\u{2028}",
    "\u{0}",
    "名",
    "/*",
    "@map(\"🚀\")",
];

/// The text with a piece of another, and hard characters, put in at places.
fn disturbed(text: &str, at: &[(prop::sample::Index, prop::sample::Index)]) -> String {
    let mut text = text.to_owned();
    for (place, piece) in at {
        let mut place = place.index(text.len() + 1);
        while !text.is_char_boundary(place) {
            place -= 1;
        }
        text.insert_str(place, HARD[piece.index(HARD.len())]);
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn places_fit_their_texts(
        picks in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>(), any::<bool>()), 1..4),
        at in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..12),
    ) {
        thread_local!(static SEEDS: Vec<String> = seeds());
        let mut sources = Sources::default();
        let mut files = SchemaFiles { name: "noise".into(), files: Vec::new() };
        SEEDS.with(|seeds| for (n, (pick, returns, mark)) in picks.iter().enumerate() {
            let mut text = seeds[pick.index(seeds.len())].clone();
            if *returns {
                text = text.replace('\n', "\r\n");
            }
            if *mark {
                text.insert(0, '\u{feff}');
            }
            files.files.push(sources.add(format!("{n}.prisma"), disturbed(&text, &at)));
        });
        hold::check(&sources, &files).iter().for_each(|diagnostic| hold::fits(&sources, diagnostic));
    }

    #[test]
    fn mangled_schemas_are_checked_and_mended(
        picks in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
        changes in prop::collection::vec((any::<u8>(), any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..8),
    ) {
        thread_local!(static SEEDS: Vec<String> = seeds());
        SEEDS.with(|seeds| {
            let text = mangled(&seeds[picks.0.index(seeds.len())], &seeds[picks.1.index(seeds.len())], &changes);
            hold::checks(&text);
            hold::fixes(&text);
        });
    }

    #[test]
    fn noise_is_mended_as_far_as_it_can_be(
        pick in any::<prop::sample::Index>(),
        at in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..12),
    ) {
        thread_local!(static SEEDS: Vec<String> = seeds());
        SEEDS.with(|seeds| hold::fixes(&disturbed(&seeds[pick.index(seeds.len())], &at)));
    }
}

#[test]
fn what_was_found_stays_found() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/fuzz");
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        hold::parses(&text);
        hold::checks(&text);
        hold::fixes(&text);
    }
}

#[test]
fn columns_and_offsets_hold_with_returns_tabs_marks_and_wide_characters() {
    let mut sources = Sources::default();
    let first = sources.add("a.prisma", "\u{feff}datasource db {\r\n\tprovider = \"postgresql\" // 🚀\r\n}\r\n");
    let second = sources.add("b.prisma", "\u{feff}model A {\r\n\tid\tInt @id @map(\"é🚀\") @uniqe\r\n}\r\n");
    let files = SchemaFiles { name: "ab".into(), files: vec![first, second] };
    let found = hold::check(&sources, &files);
    let [diagnostic] = found.iter().collect::<Vec<_>>()[..] else { panic!("{found:?}") };
    let span = diagnostic.span.unwrap();
    let at = |offset| {
        let at = sources.line_column(span.file, offset);
        (at.line, at.column, offset)
    };
    assert_eq!(sources.get(span.file).name, "b.prisma");
    assert_eq!((at(span.start), at(span.end)), ((2, 25, 42), (2, 30, 47)), "{diagnostic:?}");
}
