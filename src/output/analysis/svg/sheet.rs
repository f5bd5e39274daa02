//! What goes into which frame, and where frames go.

use super::card::{Card, Link};
use super::frame::Frame;
use super::text::escape;
use crate::analyze::{Analysis, Model, Part, Relation};
use crate::layout::{self, Point, Size};
use crate::output::analysis::{Detail, words};
use crate::output::style::count;
use std::collections::{BTreeMap, HashMap, HashSet};

/// So many models are drawn in one frame; of a larger part, those that have much to do with each other.
const TOGETHER: usize = 40;
/// Between frames.
const GAP: i32 = 24;
/// Around and above the frames of a part.
const PADDING: i32 = 20;
const LABEL: i32 = 26;

/// Frames, placed.
pub(super) struct Sheet<'a> {
    blocks: Vec<Block<'a>>,
    places: Vec<Point>,
    /// The whole.
    pub size: Size,
    /// How many relations are links instead of wires.
    pub links: usize,
}

/// A frame, or a part of the schema that takes several.
enum Block<'a> {
    Frame(Frame<'a>),
    Part { label: String, frames: Vec<Frame<'a>>, places: Vec<Point>, size: Size },
}

impl<'a> Sheet<'a> {
    pub(super) fn of(analysis: &'a Analysis, detail: Detail) -> Sheet<'a> {
        let source = Source::of(analysis, detail);
        let mut links = 0;
        let mut blocks: Vec<Block<'a>> = analysis.parts.iter().map(|part| source.part(part, &mut links)).collect();
        let cards = |names: &[String]| names.iter().filter_map(|name| source.card(name)).collect::<Vec<Card>>();
        if !analysis.alone.is_empty() {
            let alone: HashSet<&str> = analysis.alone.iter().map(String::as_str).collect();
            let loops: Vec<&Relation> =
                analysis.relations.iter().filter(|relation| alone.contains(relation.from.model.as_str())).collect();
            let label = match analysis.alone.len() {
                1 => "tied to no other model".to_owned(),
                n => format!("{n} models that are tied to no other"),
            };
            blocks.push(Block::Frame(Frame::loose(label, cards(&analysis.alone), &loops)));
        }
        if !analysis.types.is_empty() {
            let cards = analysis.types.iter().map(|ty| Card::of_model(ty, Detail::All, false)).collect();
            blocks.push(Block::Frame(Frame::loose(count(analysis.types.len(), "composite type"), cards, &[])));
        }
        if !analysis.enums.is_empty() && detail != Detail::Names {
            let cards = analysis.enums.iter().map(Card::of_enum).collect();
            blocks.push(Block::Frame(Frame::loose(count(analysis.enums.len(), "enum"), cards, &[])));
        }
        let sizes: Vec<Size> = blocks.iter().map(Block::size).collect();
        let sheet = layout::pack(&sizes, GAP);
        Sheet { blocks, places: sheet.places, size: sheet.size, links }
    }

    pub(super) fn draw(&self, svg: &mut String) {
        for (block, at) in self.blocks.iter().zip(&self.places) {
            match block {
                Block::Frame(frame) => frame.draw(*at, svg),
                Block::Part { label, frames, places, size } => {
                    svg.push_str(&format!(
                        "<g transform=\"translate({} {})\"><rect class=\"part\" width=\"{}\" height=\"{}\" rx=\"12\"/>\
                         <text class=\"label\" x=\"{PADDING}\" y=\"26\">{}</text>\n<g transform=\"translate({PADDING} {})\">\n",
                        at.x,
                        at.y,
                        size.width,
                        size.height,
                        escape(label),
                        PADDING + LABEL
                    ));
                    for (frame, at) in frames.iter().zip(places) {
                        frame.draw(*at, svg);
                    }
                    svg.push_str("</g></g>\n");
                }
            }
        }
    }
}

impl Block<'_> {
    fn size(&self) -> Size {
        match self {
            Block::Frame(frame) => frame.size,
            Block::Part { size, .. } => *size,
        }
    }
}

/// Where cards and relations are taken from.
struct Source<'a> {
    models: HashMap<&'a str, &'a Model>,
    /// Relations by the model that they lead from.
    relations: HashMap<&'a str, Vec<&'a Relation>>,
    focus: HashSet<&'a str>,
    detail: Detail,
}

impl<'a> Source<'a> {
    fn of(analysis: &'a Analysis, detail: Detail) -> Self {
        let mut relations: HashMap<&str, Vec<&Relation>> = HashMap::new();
        for relation in &analysis.relations {
            relations.entry(&relation.from.model).or_default().push(relation);
        }
        let focus = analysis.focus.iter().flat_map(|focus| focus.models.iter().map(String::as_str)).collect();
        let models = analysis.models.iter().map(|model| (model.name.as_str(), model)).collect();
        Source { models, relations, focus, detail }
    }

    fn card(&self, name: &str) -> Option<Card> {
        let model = self.models.get(name)?;
        let in_focus = self.focus.contains(name);
        // Who was asked for is shown whole.
        let detail = if in_focus && self.detail == Detail::Keys { Detail::All } else { self.detail };
        let mut card = Card::of_model(model, detail, in_focus);
        if model.relations_beyond > 0 {
            let beyond = count(model.relations_beyond as usize, "relation");
            card.note(&format!("+ {beyond} beyond"), format!("{beyond} with models that are not shown"), Vec::new());
        }
        Some(card)
    }

    fn part(&self, part: &Part, links: &mut usize) -> Block<'a> {
        let groups = self.groups(part);
        let group_of: HashMap<&str, usize> = groups
            .iter()
            .enumerate()
            .flat_map(|(number, group)| group.iter().map(move |name| (*name, number)))
            .collect();
        let mut out: BTreeMap<&str, Vec<&'a Relation>> = BTreeMap::new();
        let mut into: BTreeMap<&str, Vec<&'a Relation>> = BTreeMap::new();
        let mut inside: Vec<Vec<&'a Relation>> = vec![Vec::new(); groups.len()];
        for relation in part.models.iter().flat_map(|name| self.relations.get(name.as_str()).into_iter().flatten()) {
            let (from, to) = (group_of.get(relation.from.model.as_str()), group_of.get(relation.to.model.as_str()));
            match (from, to) {
                (Some(from), Some(to)) if from == to => inside[*from].push(relation),
                (Some(_), Some(_)) => {
                    *links += 1;
                    out.entry(&relation.from.model).or_default().push(relation);
                    into.entry(&relation.to.model).or_default().push(relation);
                }
                (None, _) | (_, None) => {}
            }
        }
        let many = groups.len() > 1;
        let mut frames: Vec<Frame<'a>> = groups
            .iter()
            .zip(&inside)
            .map(|(group, relations)| {
                let mut cards: Vec<Card> = group.iter().filter_map(|name| self.card(name)).collect();
                for card in &mut cards {
                    let name = card.name.clone();
                    link(card, out.get(name.as_str()), into.get(name.as_str()));
                }
                let around = busiest(group, relations);
                let label = if many { label(&around, group.len()) } else { label(&part.around, part.models.len()) };
                Frame::tied(label, cards, relations)
            })
            .collect();
        if frames.len() == 1
            && let Some(frame) = frames.pop()
        {
            return Block::Frame(frame);
        }
        let sheet = layout::pack(&frames.iter().map(|frame| frame.size).collect::<Vec<Size>>(), GAP);
        let size = Size { width: sheet.size.width + 2 * PADDING, height: sheet.size.height + 2 * PADDING + LABEL };
        Block::Part { label: label(&part.around, part.models.len()), frames, places: sheet.places, size }
    }

    /// The models of a part in the groups that are drawn together.
    fn groups<'p>(&self, part: &'p Part) -> Vec<Vec<&'p str>> {
        let names: Vec<&str> = part.models.iter().map(String::as_str).collect();
        if names.len() <= TOGETHER {
            return vec![names];
        }
        let places: HashMap<&str, usize> = names.iter().enumerate().map(|(at, name)| (*name, at)).collect();
        let relations = names.iter().flat_map(|name| self.relations.get(name).into_iter().flatten());
        let ties: Vec<(usize, usize)> = relations
            .filter_map(|relation| {
                Some((*places.get(relation.from.model.as_str())?, *places.get(relation.to.model.as_str())?))
            })
            .collect();
        let numbers = layout::cluster(names.len(), &ties, TOGETHER);
        let mut groups: Vec<Vec<&str>> = Vec::new();
        for (name, number) in names.into_iter().zip(numbers) {
            if number == groups.len() {
                groups.push(Vec::new());
            }
            groups[number].push(name);
        }
        groups
    }
}

/// Puts the relations that lead out of the frame on the card, as links.
fn link(card: &mut Card, out: Option<&Vec<&Relation>>, into: Option<&Vec<&Relation>>) {
    let mut beside = Vec::new();
    for relation in out.into_iter().flatten() {
        let link = Link {
            relation: relation.relation.clone(),
            to: relation.to.model.clone(),
            about: words::sentence(relation),
        };
        let field = relation.fields.first().map_or("", String::as_str);
        match card.rows.iter_mut().find(|row| !field.is_empty() && row.field == field) {
            Some(row) => row.links.push(link),
            None => beside.push(link),
        }
    }
    for link in beside {
        card.note("", link.about.clone(), vec![link]);
    }
    if let Some(into) = into {
        let mut about: Vec<String> = into.iter().take(30).map(|relation| relation.from.label()).collect();
        if into.len() > about.len() {
            about.push(format!("… and {} more", into.len() - about.len()));
        }
        card.note(&format!("← {} from other frames", into.len()), about.join("\n"), Vec::new());
    }
}

/// What a frame is about: the models with the most relations in it.
fn busiest(group: &[&str], relations: &[&Relation]) -> Vec<String> {
    let mut degrees: HashMap<&str, usize> = HashMap::new();
    for relation in relations.iter().filter(|relation| !relation.reflexive) {
        *degrees.entry(&relation.from.model).or_default() += 1;
        *degrees.entry(&relation.to.model).or_default() += 1;
    }
    let mut order: Vec<&str> = group.to_vec();
    order.sort_by_key(|name| std::cmp::Reverse(degrees.get(name).copied().unwrap_or_default()));
    order.into_iter().take(3).map(str::to_owned).collect()
}

fn label(around: &[String], models: usize) -> String {
    match around {
        [] => count(models, "model"),
        [one] => format!("around {one} · {}", count(models, "model")),
        around if around.len() >= models => around.join(", "),
        around => format!("around {} · {}", around.join(", "), count(models, "model")),
    }
}
