//! What is printed of the schemas of corpus/analyze, one snapshot a format.

use super::{drawn, from_corpus};
use crate::json_schema::hold;
use prisma_stage::output::analysis::{Detail, render};
use prisma_stage::output::analysis::{Format, json};
use prisma_stage::output::style::{Style, width};

#[test]
fn every_format_of_a_schema_with_hostile_names() {
    let analysis = from_corpus("hostile");
    for (name, format) in [
        ("human", Format::Human),
        ("json", Format::Json),
        ("markdown", Format::Markdown),
        ("mermaid", Format::Mermaid),
        ("dot", Format::Dot),
        ("svg", Format::Svg),
    ] {
        insta::assert_snapshot!(format!("hostile_{name}"), drawn(format, &analysis));
    }
}

/// The picture in README.md, and the words beside it; `make bless` brings the picture up to date.
#[test]
fn the_picture_in_the_readme_is_real() {
    let analysis = from_corpus("shop");
    let svg = render(Format::Svg, "shop.prisma", &analysis, Detail::Auto, Style::PLAIN);
    if std::env::var("INSTA_UPDATE").is_ok_and(|how| how == "always") {
        std::fs::write("docs/shop.svg", &svg).unwrap();
    }
    assert!(
        std::fs::read_to_string("docs/shop.svg").unwrap() == svg,
        "docs/shop.svg is not what is drawn (make bless)"
    );
    let readme = std::fs::read_to_string("README.md").unwrap();
    let (_, words) = readme.split_once("of the same shop says:\n\n```text\n").unwrap();
    let (words, _) = words.split_once("```").unwrap();
    assert!(drawn(Format::Human, &analysis).contains(words), "{words}");
}

#[test]
fn a_neighbourhood() {
    let near = from_corpus("shop").around(&["order".to_owned()], 1).unwrap();
    insta::assert_snapshot!("near_human", drawn(Format::Human, &near));
    insta::assert_snapshot!("near_svg", drawn(Format::Svg, &near));
}

#[test]
fn json_is_as_its_schema_says() {
    for name in ["hostile", "shop"] {
        let analysis = from_corpus(name);
        hold(&json::schema(), &json::render(name, &analysis));
        let near = analysis.clone().around(&[analysis.models[0].name.clone()], 1).unwrap();
        hold(&json::schema(), &json::render(name, &near));
    }
}

#[test]
fn tables_keep_to_the_width_of_the_terminal() {
    let analysis = from_corpus("shop");
    for columns in [100, 140, 200] {
        let style = Style { width: columns, colour: false };
        let text = render(Format::Human, "shop.prisma", &analysis, Detail::Auto, style);
        let wide: Vec<&str> = text.lines().filter(|line| width(line) > columns).collect();
        assert!(wide.is_empty(), "{columns}: {wide:#?}");
    }
}

#[test]
fn colour_changes_no_letter() {
    let analysis = from_corpus("hostile");
    let with = |colour| render(Format::Human, "x", &analysis, Detail::Auto, Style { width: 90, colour });
    let mut plain = String::new();
    let coloured = with(true);
    let mut pieces = coloured.split('\u{1b}');
    plain.push_str(pieces.next().unwrap());
    pieces.for_each(|piece| plain.push_str(piece.split_once('m').unwrap().1));
    assert_ne!(coloured, with(false));
    assert_eq!(plain, with(false));
}
