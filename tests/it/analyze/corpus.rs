//! Every format of every schema in ../shared/corpus/finals, where that is present.

use super::{drawn, of_text, picture};
use crate::json_schema::hold;
use prisma_stage::output::analysis::{Format, json};

#[test]
fn real_schemas_are_drawn_whole() {
    let Ok(folder) = std::fs::read_dir("../shared/corpus/finals") else {
        eprintln!("skipped: ../shared/corpus/finals is not there");
        return;
    };
    let mut paths: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() > 20);
    for path in paths {
        let name = path.file_name().unwrap().to_str().unwrap();
        let analysis = of_text(&std::fs::read_to_string(&path).unwrap());
        picture::hold(name, &analysis);
        hold(&json::schema(), &json::render(name, &analysis));
        let mermaid = drawn(Format::Mermaid, &analysis);
        let dot = drawn(Format::Dot, &analysis);
        for model in &analysis.models {
            let entity = format!("  \"{}\"", model.name);
            let times = mermaid.lines().filter(|line| *line == entity || *line == format!("{entity} {{")).count();
            assert_eq!(times, 1, "{name}: {} in Mermaid", model.name);
            let node = format!("\"{}\" [tooltip=", model.name);
            assert_eq!(
                dot.lines().filter(|line| line.trim_start().starts_with(&node)).count(),
                1,
                "{name}: {} in DOT",
                model.name
            );
        }
        let count = |text: &str, sign: &str| text.lines().filter(|line| line.contains(sign)).count();
        assert_eq!(count(&mermaid, "\" : \""), analysis.relations.len(), "{name}");
        assert_eq!(count(&dot, " -> "), analysis.relations.len(), "{name}");
        let human = drawn(Format::Human, &analysis);
        for relation in &analysis.relations {
            assert!(human.contains(&format!("  {} ", relation.relation)), "{name}: {}", relation.relation);
        }
    }
}
