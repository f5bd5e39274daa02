//! A part of an analysis: some models and what is around them.

use super::{Analysis, part};
use crate::model::suggest::nearest;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Focus {
    /// The models.
    pub models: Vec<String>,
    /// How many relations away a model may be.
    pub depth: u32,
    /// Models of the schema that are left out.
    pub left_out: u32,
}

/// There is no model of this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownModel {
    /// The name.
    pub name: String,
    /// One that is like it.
    pub similar: Option<String>,
}

impl Analysis {
    /// The models of these names (or with tables of these names; upper and lower case are one where nothing else fits), and those up to `depth`
    /// relations away, with their relations among each other. What a deletion does is told of the named models, to its end.
    ///
    /// # Errors
    ///
    /// A name that no model has.
    pub fn around(mut self, names: &[String], depth: u32) -> Result<Analysis, UnknownModel> {
        let focus: Vec<String> = names.iter().map(|name| self.find(name)).collect::<Result<_, _>>()?;
        let kept = self.reach(&focus, depth);
        let left_out = self.models.len() - kept.len();
        self.models.retain(|model| kept.contains(&model.name));
        let mut beyond: HashMap<String, u32> = HashMap::new();
        self.relations.retain(|relation| {
            let (from, to) = (&relation.from.model, &relation.to.model);
            match (kept.contains(from), kept.contains(to)) {
                (true, true) => return true,
                (true, false) => *beyond.entry(from.clone()).or_default() += 1,
                (false, true) => *beyond.entry(to.clone()).or_default() += 1,
                (false, false) => {}
            }
            false
        });
        for model in &mut self.models {
            model.relations_beyond = beyond.remove(&model.name).unwrap_or_default();
        }
        (self.parts, self.alone) = part::parts(&self.models, &self.relations);
        self.deletions.retain(|deletion| focus.contains(&deletion.model));
        self.keep_used_types();
        let left_out = u32::try_from(left_out).unwrap_or(u32::MAX);
        self.focus = Some(Focus { models: focus, depth, left_out });
        Ok(self)
    }

    fn find(&self, name: &str) -> Result<String, UnknownModel> {
        let exact = self.models.iter().find(|model| model.name == name);
        let by_table = || self.models.iter().find(|model| model.table == name);
        let nearly = || self.models.iter().find(|model| model.name.eq_ignore_ascii_case(name));
        match exact.or_else(by_table).or_else(nearly) {
            Some(model) => Ok(model.name.clone()),
            None => {
                let similar = nearest(name, self.models.iter().map(|model| model.name.as_str()));
                Err(UnknownModel { name: name.to_owned(), similar: similar.map(str::to_owned) })
            }
        }
    }

    /// The names of all models up to `depth` relations away.
    fn reach(&self, focus: &[String], depth: u32) -> HashSet<String> {
        let mut neighbours: HashMap<&str, Vec<&str>> = HashMap::new();
        for relation in &self.relations {
            neighbours.entry(&relation.from.model).or_default().push(&relation.to.model);
            neighbours.entry(&relation.to.model).or_default().push(&relation.from.model);
        }
        let mut kept: HashSet<String> = focus.iter().cloned().collect();
        let mut edge: Vec<&str> = focus.iter().map(String::as_str).collect();
        for _ in 0..depth {
            let next = edge.iter().flat_map(|name| neighbours.get(name).into_iter().flatten().copied());
            let next: Vec<&str> = next.filter(|name| kept.insert((*name).to_owned())).collect();
            if next.is_empty() {
                break;
            }
            edge = next;
        }
        kept
    }

    /// Drops the enums and composite types that no model left holds.
    fn keep_used_types(&mut self) {
        let mut used: HashSet<String> = HashSet::new();
        let mut open: Vec<String> = self.models.iter().flat_map(|m| m.fields.iter().map(|f| f.ty.clone())).collect();
        while let Some(name) = open.pop() {
            if used.insert(name.clone())
                && let Some(found) = self.types.iter().find(|ty| ty.name == name)
            {
                open.extend(found.fields.iter().map(|field| field.ty.clone()));
            }
        }
        self.types.retain(|ty| used.contains(&ty.name));
        self.enums.retain(|item| used.contains(&item.name));
        let kept: HashSet<&str> = self.models.iter().chain(&self.types).map(|model| model.name.as_str()).collect();
        for item in &mut self.enums {
            item.used_by.retain(|user| user.field.split_once('.').is_some_and(|(model, _)| kept.contains(model)));
        }
    }
}
