//! What is too large for one drawing, taken apart into groups that have much to do with each other.

use std::collections::BTreeMap;

/// The group of each of `count` things that are tied in pairs: numbers from 0 without gaps, in the order of their first members.
///
/// Louvain's way, in fixed order: each thing joins the neighbours whose group it is tied to more than chance would have it, then
/// groups are joined in the same way. No group grows over `most`.
pub fn cluster(count: usize, ties: &[(usize, usize)], most: usize) -> Vec<usize> {
    let mut groups: Vec<usize> = (0..count).collect();
    let mut sizes = vec![1; count];
    let mut weights: BTreeMap<(usize, usize), i64> = BTreeMap::new();
    for &(a, b) in ties.iter().filter(|(a, b)| a != b) {
        *weights.entry((a.min(b), a.max(b))).or_default() += 1;
    }
    loop {
        let level = Level::of(sizes.len(), &weights);
        let joined = level.join(&sizes, most);
        let names = numbered(&joined);
        let fewer = names.iter().max().map_or(0, |last| last + 1);
        let done = fewer == sizes.len();
        groups.iter_mut().for_each(|group| *group = names[*group]);
        let mut merged = vec![0; fewer];
        sizes.iter().zip(&names).for_each(|(size, &name)| merged[name] += size);
        sizes = merged;
        let mut between: BTreeMap<(usize, usize), i64> = BTreeMap::new();
        for (&(a, b), weight) in &weights {
            let (a, b) = (names[a].min(names[b]), names[a].max(names[b]));
            *between.entry((a, b)).or_default() += weight;
        }
        weights = between;
        if done {
            return numbered(&groups);
        }
    }
}

/// The same groups, numbered in the order in which they come.
fn numbered(groups: &[usize]) -> Vec<usize> {
    let mut names = BTreeMap::new();
    let number = |group: &usize| {
        let next = names.len();
        *names.entry(*group).or_insert(next)
    };
    groups.iter().map(number).collect()
}

/// Groups as they stand, and the ties between them.
struct Level {
    neighbours: Vec<Vec<(usize, i64)>>,
    /// Ends of ties at each, those within it counted twice.
    degrees: Vec<i64>,
    /// Ends of ties in all.
    total: i64,
}

impl Level {
    fn of(count: usize, weights: &BTreeMap<(usize, usize), i64>) -> Self {
        let mut neighbours = vec![Vec::new(); count];
        let mut degrees = vec![0; count];
        for (&(a, b), &weight) in weights {
            degrees[a] += weight;
            degrees[b] += weight;
            if a != b {
                neighbours[a].push((b, weight));
                neighbours[b].push((a, weight));
            }
        }
        let total = degrees.iter().sum::<i64>().max(1);
        Level { neighbours, degrees, total }
    }

    /// Moves each to where it gains most, until nobody moves.
    fn join(&self, sizes: &[usize], most: usize) -> Vec<usize> {
        let count = self.degrees.len();
        let mut group: Vec<usize> = (0..count).collect();
        let mut group_degrees = self.degrees.clone();
        let mut group_sizes = sizes.to_vec();
        for _ in 0..12 {
            let mut moved = false;
            for at in 0..count {
                let own = group[at];
                group_degrees[own] -= self.degrees[at];
                group_sizes[own] -= sizes[at];
                let mut ties: BTreeMap<usize, i64> = BTreeMap::from([(own, 0)]);
                for &(other, weight) in &self.neighbours[at] {
                    *ties.entry(group[other]).or_default() += weight;
                }
                // How many more ties than there would be by chance, times the total.
                let gain = |(to, weight): (&usize, &i64)| {
                    (weight * self.total - self.degrees[at] * group_degrees[*to], *to == own)
                };
                let open = ties.iter().filter(|(to, _)| **to == own || group_sizes[**to] + sizes[at] <= most);
                let best = open.max_by_key(|tie| gain(*tie)).map_or(own, |(to, _)| *to);
                moved |= best != own;
                group[at] = best;
                group_degrees[best] += self.degrees[at];
                group_sizes[best] += sizes[at];
            }
            if !moved {
                break;
            }
        }
        group
    }
}
