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
    paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
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
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

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
