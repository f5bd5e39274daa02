//! Frames: models that are drawn together, with their wires.

use super::card::Card;
use super::text::{clip, escape, measure};
use super::wire::{self, End};
use crate::analyze::{Action, Enforcement, Relation};
use crate::layout::{self, Drawing, Graph, Point, Port, Size, Wire};
use std::collections::{BTreeMap, HashMap};

/// Inside of a frame, around its cards.
const PADDING: i32 = 22;
/// Above, for its label.
const LABEL: i32 = 24;
/// So much of a label is always shown.
const LABEL_COLUMNS: usize = 40;
/// How far a wire from a card to itself reaches.
const LOOP: i32 = 18;

/// A frame: cards and wires, placed.
pub(super) struct Frame<'a> {
    label: String,
    cards: Vec<Card>,
    wires: Vec<(&'a Relation, Vec<Point>)>,
    drawing: Drawing,
    /// With its border.
    pub size: Size,
}

impl<'a> Frame<'a> {
    /// Cards that are tied to each other.
    pub(super) fn tied(label: String, cards: Vec<Card>, relations: &[&'a Relation]) -> Frame<'a> {
        let places: HashMap<&str, usize> =
            cards.iter().enumerate().map(|(at, card)| (card.name.as_str(), at)).collect();
        let place = |model: &str| places.get(model).copied().unwrap_or_default();
        let mut graph = Graph { boxes: cards.iter().map(Card::size).collect(), wires: Vec::new() };
        let ports = Ports::of(&cards, relations, &place);
        let (loops, others): (Vec<&Relation>, Vec<&Relation>) =
            relations.iter().partition(|relation| relation.reflexive);
        for relation in &others {
            graph.wires.push(Wire { from: ports.from(relation), to: ports.to(relation) });
        }
        let mut drawing = layout::draw(&graph);
        let ways = std::mem::take(&mut drawing.wires);
        let wires = others.into_iter().zip(ways).collect();
        let mut frame = Frame { label, cards, wires, size: Size::default(), drawing };
        frame.add_loops(&loops);
        frame
    }

    /// Cards that have nothing to do with each other.
    pub(super) fn loose(label: String, cards: Vec<Card>, loops: &[&'a Relation]) -> Frame<'a> {
        let sizes: Vec<Size> = cards.iter().map(Card::size).collect();
        let sheet = layout::pack(&sizes, if loops.is_empty() { 20 } else { 20 + LOOP });
        let drawing = Drawing { boxes: sheet.places, wires: Vec::new(), size: sheet.size };
        let mut frame = Frame { label, cards, wires: Vec::new(), size: Size::default(), drawing };
        frame.add_loops(loops);
        frame
    }

    /// Wires from cards to themselves, at the right.
    fn add_loops(&mut self, loops: &[&'a Relation]) {
        let mut reached: HashMap<usize, i32> = HashMap::new();
        for relation in loops {
            let Some(at) = self.cards.iter().position(|card| card.name == relation.from.model) else { continue };
            let card = &self.cards[at];
            let (corner, right) = (self.drawing.boxes[at], self.drawing.boxes[at].x + card.size().width);
            // To the head: what others point at is left to them.
            let to = card.port(None);
            let mut from = card.port(relation.fields.first().map(String::as_str));
            if from == to {
                from += 8;
            }
            let reach = reached.entry(at).or_insert(LOOP - 2);
            let far = right + (*reach).min(LOOP + 6);
            *reach += 4;
            self.drawing.size.width = self.drawing.size.width.max(far);
            let point = |x, y| Point { x, y: corner.y + y };
            self.wires.push((relation, vec![point(right, from), point(far, from), point(far, to), point(right, to)]));
        }
        let Size { width, height } = self.drawing.size;
        // A short label is shown whole, whatever is below it.
        let label = measure(&clip(&self.label, LABEL_COLUMNS), 76);
        self.size = Size { width: width.max(label) + 2 * PADDING, height: height + 2 * PADDING + LABEL };
    }

    pub(super) fn draw(&self, at: Point, svg: &mut String) {
        svg.push_str(&format!(
            "<g transform=\"translate({} {})\"><rect class=\"frame\" width=\"{}\" height=\"{}\" rx=\"9\"/>\
             <text class=\"label\" x=\"{PADDING}\" y=\"24\">{}</text>\n<g transform=\"translate({PADDING} {})\">\n",
            at.x,
            at.y,
            self.size.width,
            self.size.height,
            escape(&clip(&self.label, usize::try_from((self.size.width - 2 * PADDING) / 7).unwrap_or(8).max(8))),
            PADDING + LABEL
        ));
        for (relation, way) in &self.wires {
            wire::draw(relation, way, svg);
        }
        for (card, corner) in self.cards.iter().zip(&self.drawing.boxes) {
            card.draw(*corner, card.size(), svg);
        }
        svg.push_str("</g></g>\n");
    }
}

/// What sets wires apart that end at the same field: they share no trunk.
type Look = (End, bool, u8);

/// Where wires touch cards.
struct Ports<'p> {
    cards: &'p [Card],
    place: &'p dyn Fn(&str) -> usize,
    /// At each row that is pointed at, the looks of the wires that end there.
    looks: BTreeMap<(usize, i32), Vec<Look>>,
    /// At each row that points, the relations that begin there.
    begins: BTreeMap<(usize, i32), Vec<&'p str>>,
}

impl<'p> Ports<'p> {
    fn of(cards: &'p [Card], relations: &[&'p Relation], place: &'p dyn Fn(&str) -> usize) -> Self {
        let mut ports = Ports { cards, place, looks: BTreeMap::new(), begins: BTreeMap::new() };
        for relation in relations.iter().filter(|relation| !relation.reflexive) {
            let looks = ports.looks.entry(ports.row(&relation.to.model, &relation.references)).or_default();
            looks.push(look(relation));
            let begins = ports.row(&relation.from.model, &relation.fields);
            ports.begins.entry(begins).or_default().push(&relation.relation);
        }
        for looks in ports.looks.values_mut() {
            looks.sort_unstable();
            looks.dedup();
        }
        ports
    }

    fn row(&self, model: &str, fields: &[String]) -> (usize, i32) {
        let at = (self.place)(model);
        (at, self.cards[at].port(fields.first().map(String::as_str)))
    }

    fn from(&self, relation: &Relation) -> Port {
        let (at, y) = self.row(&relation.from.model, &relation.fields);
        let begins = self.begins.get(&(at, y)).map(Vec::as_slice).unwrap_or_default();
        let place = begins.iter().position(|other| *other == relation.relation).unwrap_or_default();
        Port { at, y: y + spread(place, begins.len()) }
    }

    fn to(&self, relation: &Relation) -> Port {
        let (at, y) = self.row(&relation.to.model, &relation.references);
        let looks = self.looks.get(&(at, y)).map(Vec::as_slice).unwrap_or_default();
        let place = looks.iter().position(|other| *other == look(relation)).unwrap_or_default();
        Port { at, y: y + spread(place, looks.len()) }
    }
}

fn look(relation: &Relation) -> Look {
    let kept = match relation.enforced {
        Enforcement::ForeignKey => 0,
        Enforcement::PrismaClient => 1,
        Enforcement::Nothing => 2,
    };
    (wire::ends(relation).1, relation.on_delete == Some(Action::Cascade), kept)
}

/// Puts `count` ends side by side around the middle of a row.
fn spread(place: usize, count: usize) -> i32 {
    let (place, count) = (i32::try_from(place).unwrap_or_default(), i32::try_from(count).unwrap_or(1));
    let step = if count > 1 { (14 / (count - 1)).min(10) } else { 0 };
    place * step - (count - 1) * step / 2
}
