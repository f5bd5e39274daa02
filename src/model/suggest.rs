//! Which name was meant.

/// A name that may have been meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Near<'n> {
    /// The name.
    pub(crate) name: &'n str,
    /// Is no other one as near?
    pub(crate) alone: bool,
}

/// The candidate that is nearest to `name`, if one is near: the same but for case, or at most a third of its letters away.
/// Of equally near ones, the first in alphabetical order.
pub(crate) fn nearest<'n>(name: &str, candidates: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    near(name, candidates).map(|near| near.name)
}

/// The same, and whether it is the only one.
pub(crate) fn near<'n>(name: &str, candidates: impl Iterator<Item = &'n str>) -> Option<Near<'n>> {
    let bound = (name.chars().count() / 3).clamp(1, 3);
    let lower = name.to_lowercase();
    let mut best: Option<(usize, Near<'n>)> = None;
    for candidate in candidates.filter(|c| c.len().abs_diff(name.len()) <= 8) {
        let same = candidate.to_lowercase() == lower;
        let Some(distance) = (if same { Some(0) } else { distance(name, candidate, bound) }) else { continue };
        best = Some(match best {
            Some((least, found)) if least < distance || found.name == candidate => (least, found),
            Some((least, found)) if least == distance => {
                (least, Near { name: found.name.min(candidate), alone: false })
            }
            Some(_) | None => (distance, Near { name: candidate, alone: true }),
        });
    }
    best.map(|(_, near)| near)
}

/// The number of letters to insert, delete, replace or swap with their neighbour, if it is at most `bound`.
fn distance(a: &str, b: &str, bound: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > bound || a.len() > 64 {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut next = vec![i];
        for j in 1..=b.len() {
            let replaced = row[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(row[j] + 1).min(next[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().filter(|d| *d <= bound)
}

#[cfg(test)]
mod tests {
    use super::{Near, near, nearest};

    #[test]
    fn finds_what_was_meant() {
        let names = ["String", "Int", "User", "UserProfile"];
        assert_eq!(nearest("Strnig", names.into_iter()), Some("String"));
        assert_eq!(nearest("user", names.into_iter()), Some("User"));
        assert_eq!(nearest("UserProfle", names.into_iter()), Some("UserProfile"));
        assert_eq!(nearest("Completely", names.into_iter()), None);
        let of = |name: &str, all: &[&'static str]| near(name, all.iter().copied());
        assert_eq!(of("cat", &["rat", "bat"]), Some(Near { name: "bat", alone: false }));
        assert_eq!(of("cat", &["rat", "CAT", "bat"]), Some(Near { name: "CAT", alone: true }));
    }
}
