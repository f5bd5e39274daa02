//! What the client between does itself where no trigger keeps both shapes of a row the same: as the plan says it, and no more.

use super::Clients;
use super::belief::{Belief, Model, label};
use super::session::{Row, Values};
use super::tame::Code;
use crate::catalog::Catalog;

/// The duties of a plan, by the names that fields have in their schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Duties {
    /// Two fields that are written with one value: the one that it reads first, and the other.
    both: Vec<(String, String)>,
    /// Fields that have a value in every row that it makes, and never NULL.
    given: Vec<String>,
    /// Labels that it does not write any more.
    not: Vec<(String, Vec<String>)>,
}

impl Duties {
    /// Reads them.
    pub(super) fn of(said: &[String]) -> Duties {
        let mut all = Duties::default();
        for line in said {
            if let Some(rest) = line.strip_prefix("in every create, update and upsert it writes the same value to ") {
                let fields = rest.split_once(';').and_then(|(fields, _)| fields.split_once(" and "));
                all.both.extend(fields.map(|(old, new)| (old.to_owned(), new.to_owned())));
            } else if let Some(rest) = line.strip_prefix("it gives ") {
                all.given.extend(rest.split_once(" a value in every row").map(|(field, _)| field.to_owned()));
            } else if let Some((labels, field)) = line.strip_prefix("it writes ").and_then(|rest| {
                let rest = rest.split_once(", where").map_or(rest, |(rest, _)| rest);
                rest.rsplit_once(" to ")
            }) {
                let left = labels.split(", ").filter_map(|one| Some(one.split_once(" instead of ")?.1.to_owned()));
                all.not.push((field.to_owned(), left.collect()));
            }
        }
        all
    }

    /// Where a client has both of two columns, the second one is the newer client's, and the first nobody's.
    pub(super) fn tell_apart(&self, clients: &mut Clients) {
        let find = |catalog: &Catalog, wanted: &String| {
            let columns = catalog.tables.values().flat_map(|t| t.columns.iter().map(move |(id, c)| (*id, label(t, c))));
            columns.into_iter().find(|(_, label)| label == wanted).map(|(id, _)| id)
        };
        for (first, second) in &self.both {
            let (old, new) = (&clients.catalogs.old, &clients.catalogs.new);
            let (Some(gone), Some(was), Some(is)) = (find(old, first), find(old, second), find(new, second)) else {
                continue;
            };
            clients.moved.remove(&gone);
            clients.moved_back.remove(&is);
            if was != is {
                clients.moved.insert(was, is);
                clients.moved_back.insert(is, was);
            }
        }
    }
}

impl Belief {
    /// The client with code that does its duties.
    pub(super) fn with_duties(mut self, duties: &Duties) -> Belief {
        self.models.values_mut().for_each(|model| model.commit(duties));
        self
    }
}

impl Model {
    fn commit(&mut self, duties: &Duties) {
        let at = |label: &String| self.fields.iter().position(|field| field.label == *label);
        self.both = duties.both.iter().filter_map(|(old, new)| Some((at(old)?, at(new)?))).collect();
        self.given = duties.given.iter().filter_map(at).collect();
        for field in &mut self.fields {
            let given = duties.given.contains(&field.label);
            let left = duties.not.iter().filter(|(label, _)| *label == field.label).flat_map(|(_, left)| left);
            let left: Vec<&String> = left.collect();
            let (mut labels, required) = match &field.code {
                Code::Older { labels, required } => (labels.clone(), *required),
                Code::Whole | Code::Nothing => (field.ty.labels.clone(), false),
            };
            if given || !left.is_empty() && field.code != Code::Nothing {
                labels.retain(|label| !left.contains(&label));
                field.code = Code::Older { labels, required: required || given };
            }
        }
    }

    /// The values that a write gives, in both columns where there are two.
    pub(super) fn in_both(&self, mut values: Values) -> Values {
        for (old, new) in &self.both {
            if let Some(value) = values.get(old).cloned() {
                values.insert(*new, value);
            }
        }
        values
    }

    /// The columns that do not hold the same, of those that are written with one value.
    pub(super) fn apart(&self, row: &Row) -> Vec<String> {
        let apart = self.both.iter().filter(|(old, new)| row[*old] != row[*new]);
        apart.map(|(old, new)| format!("{} and {}", self.fields[*old].name, self.fields[*new].name)).collect()
    }

    /// Is this the second of two columns that are written with one value?
    pub(super) fn is_second(&self, field: usize) -> bool {
        self.both.iter().any(|(_, new)| *new == field)
    }
}

#[cfg(test)]
mod tests {
    use super::Duties;

    #[test]
    fn what_the_plan_says_is_understood() {
        let said = [
            "in every create, update and upsert it writes the same value to A.x and A.y; it reads A.x",
            "it gives A.z a value in every row that it creates, and never writes NULL to it",
            "it writes C instead of B, D instead of E to A.kind, where it leaves the field to its default, too",
        ];
        let found = Duties::of(&said.map(str::to_owned));
        let wanted = Duties {
            both: vec![("A.x".to_owned(), "A.y".to_owned())],
            given: vec!["A.z".to_owned()],
            not: vec![("A.kind".to_owned(), vec!["B".to_owned(), "E".to_owned()])],
        };
        assert_eq!(found, wanted);
    }
}
