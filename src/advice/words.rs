//! What names say.

/// The words of a name: `totalPriceUSD`, `total_price_usd` → `total`, `price`, `usd`, whatever their case.
pub fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphanumeric()).flat_map(humps)
}

/// Is one of the name's words among these (in lower case)?
pub fn has_word(name: &str, wanted: &[&str]) -> bool {
    words(name).any(|word| wanted.iter().any(|w| w.eq_ignore_ascii_case(word)))
}

/// Is the name's last word among these (in lower case)?
pub fn ends_in(name: &str, wanted: &[&str]) -> bool {
    words(name).last().is_some_and(|word| wanted.iter().any(|w| w.eq_ignore_ascii_case(word)))
}

/// Is it this name, whatever its case and underscores?
pub fn is_name(name: &str, wanted: &[&str]) -> bool {
    let letters = || name.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase());
    wanted.iter().any(|wanted| letters().eq(wanted.chars()))
}

/// `a`, `a and b`, `a, b and c`, `a, b and 3 more`.
pub fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] if first.len() <= 4 => format!("{} and {last}", first.join(", ")),
        many => format!("{} and {} more", many[..3].join(", "), many.len() - 3),
    }
}

/// Cuts where a capital follows a small letter, and before the last capital of several.
fn humps(part: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    let mut chars = part.char_indices().peekable();
    let mut before = ' ';
    let mut cuts = Vec::new();
    while let Some((at, c)) = chars.next() {
        let begins =
            c.is_uppercase() && (!before.is_uppercase() || chars.peek().is_some_and(|(_, n)| n.is_lowercase()));
        if at > from && begins {
            cuts.push(from..at);
            from = at;
        }
        before = c;
    }
    if from < part.len() {
        cuts.push(from..part.len());
    }
    cuts.into_iter().map(move |cut| &part[cut])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_into_words() {
        let of = |name| words(name).collect::<Vec<_>>();
        assert_eq!(of("totalPriceUSD"), ["total", "Price", "USD"]);
        assert_eq!(of("HTTPServer_id"), ["HTTP", "Server", "id"]);
        assert_eq!(of("price"), ["price"]);
        assert_eq!(of("_é_Ünit"), ["é", "Ünit"]);
        assert_eq!(of(""), [""; 0]);
        assert!(has_word("unitPriceCents", &["price"]) && !has_word("enterprise", &["price"]));
        assert!(is_name("deleted_At", &["deletedat"]) && !is_name("deletedAtAll", &["deletedat"]));
    }

    #[test]
    fn lists_are_cut_when_they_are_long() {
        let names = |n: usize| (0..n).map(|i| i.to_string()).collect::<Vec<_>>();
        assert_eq!(listed(&names(1)), "0");
        assert_eq!(listed(&names(5)), "0, 1, 2, 3 and 4");
        assert_eq!(listed(&names(6)), "0, 1, 2 and 3 more");
    }
}
