//! Pictures: well-formed, complete, nothing upon anything else.

use super::{drawn, from_corpus, of};
use prisma_stage::analyze::Analysis;
use prisma_stage::output::analysis::Format;
use roxmltree::{Document, Node};
use std::collections::BTreeMap;

/// A card on the sheet: left, top, right, bottom.
type Card = (String, [i32; 4]);

#[test]
fn pictures_are_complete_and_nothing_lies_upon_anything_else() {
    for name in ["hostile", "shop"] {
        hold(name, &from_corpus(name));
    }
    hold("many in one", &of("postgresql", &star(120)));
    hold("nothing at all", &of("postgresql", ""));
}

/// A model that all others point at, and a chain.
fn star(models: usize) -> String {
    let mut text = String::from("model Hub {\n  id Int @id\n");
    (0..models).for_each(|n| text.push_str(&format!("  a{n} M{n}[]\n")));
    text.push_str("}\n");
    for n in 0..models {
        let next = if n + 1 < models { format!("  from M{}[]\n", n + 1) } else { String::new() };
        let last = if n > 0 {
            format!("  toId Int?\n  to M{}? @relation(fields: [toId], references: [id])\n", n - 1)
        } else {
            String::new()
        };
        text.push_str(&format!("model M{n} {{\n  id Int @id\n  hubId Int\n  hub Hub @relation(fields: [hubId], references: [id])\n{next}{last}}}\n"));
    }
    text
}

/// Holds a picture to what every picture is held to.
pub(super) fn hold(name: &str, analysis: &Analysis) {
    let svg = drawn(Format::Svg, analysis);
    assert_eq!(svg, drawn(Format::Svg, analysis), "{name}: the same bytes");
    let document = Document::parse(&svg).unwrap_or_else(|error| panic!("{name}: {error}"));
    let cards = cards(&document);
    let models = cards.iter().filter_map(|(id, _)| id.strip_prefix("model-")).collect::<Vec<&str>>();
    let wanted = analysis.models.iter().chain(&analysis.types).map(|model| model.name.as_str());
    assert_eq!(sorted(models), sorted(wanted.collect()), "{name}: every model once");
    let relations = document.descendants().filter_map(|node| node.attribute("data-relation")).collect();
    let wanted = analysis.relations.iter().map(|relation| relation.relation.as_str()).collect();
    assert_eq!(sorted(relations), sorted(wanted), "{name}: every relation once");
    for (at, (one, a)) in cards.iter().enumerate() {
        for (other, b) in &cards[at + 1..] {
            let apart = a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
            assert!(apart, "{name}: {one} lies upon {other}");
        }
    }
    let size = |name: &str| document.root_element().attribute(name).unwrap().parse::<i32>().unwrap();
    for (card, [left, top, right, bottom]) in &cards {
        let inside = *left >= 0 && *top >= 0 && *right <= size("width") && *bottom <= size("height");
        assert!(inside, "{name}: {card} is on the sheet");
    }
    let crossed = crossed(&document, &cards);
    assert!(crossed.is_empty(), "{name}: wires run through cards: {crossed:?}");
    let links: Vec<&str> = document.descendants().filter_map(|node| node.attribute("href")).collect();
    for link in links {
        assert!(cards.iter().any(|(id, _)| *id == link[1..]), "{name}: {link} leads to a card");
    }
}

fn sorted(mut names: Vec<&str>) -> Vec<&str> {
    names.sort_unstable();
    names
}

fn cards(document: &Document<'_>) -> Vec<Card> {
    let card = |node: Node<'_, '_>| {
        let id = node.attribute("id")?;
        let rect = node.children().find(|child| child.attribute("class") == Some("card"))?;
        let number = |name: &str| rect.attribute(name).unwrap().parse::<i32>().unwrap();
        let (x, y) = place(node);
        Some((id.to_owned(), [x, y, x + number("width"), y + number("height")]))
    };
    document.descendants().filter_map(card).collect()
}

/// Where a group is on the sheet.
fn place(node: Node<'_, '_>) -> (i32, i32) {
    node.ancestors().filter_map(|node| node.attribute("transform")).fold((0, 0), |(x, y), transform| {
        let inside = transform.trim_start_matches("translate(").trim_end_matches(')');
        let (dx, dy) = inside.split_once(' ').unwrap();
        (x + dx.parse::<i32>().unwrap(), y + dy.parse::<i32>().unwrap())
    })
}

/// Wires with a stretch inside of a card, those that only touch its border left out.
fn crossed(document: &Document<'_>, cards: &[Card]) -> BTreeMap<String, String> {
    let mut crossed = BTreeMap::new();
    for group in
        document.descendants().filter(|node| node.has_tag_name("g") && node.attribute("data-relation").is_some())
    {
        let wire =
            group.children().find(|child| child.attribute("class").is_some_and(|class| class.starts_with("wire")));
        let Some(line) = wire.and_then(|wire| wire.attribute("d")) else { continue };
        let (dx, dy) = place(group);
        let numbers: Vec<i32> = line
            .split(|c: char| !c.is_ascii_digit() && c != '-')
            .filter(|n| !n.is_empty())
            .map(|n| n.parse().unwrap())
            .collect();
        let points: Vec<(i32, i32)> = numbers.chunks(2).map(|point| (point[0] + dx, point[1] + dy)).collect();
        for step in points.windows(2) {
            let (x, y) = (
                (step[0].0.min(step[1].0), step[0].0.max(step[1].0)),
                (step[0].1.min(step[1].1), step[0].1.max(step[1].1)),
            );
            let inside = |[left, top, right, bottom]: &[i32; 4]| {
                x.0 < right - 1 && x.1 > left + 1 && y.0 < bottom - 1 && y.1 > top + 1
            };
            if let Some((card, _)) = cards.iter().find(|(_, corners)| inside(corners)) {
                crossed.insert(group.attribute("data-relation").unwrap().to_owned(), card.clone());
            }
        }
    }
    crossed
}
