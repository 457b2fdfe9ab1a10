//! Codes made from names: the same name gives the same code, and two names never share one.

use std::collections::{BTreeMap, HashMap, HashSet};

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use crate::survey::hex;

/// The most characters of a code made from a name.
const LONGEST: usize = 48;

/// A name as people compare it: composed, lower case, single blanks.
pub fn plain(name: &str) -> String {
    let words: Vec<String> =
        name.split_whitespace().map(|word| word.nfc().flat_map(char::to_lowercase).collect()).collect();
    words.join(" ")
}

/// A code out of a name: ASCII letters and digits in lower case, words joined by `-`. A name without any (for example
/// in Greek) gives `x-` and the beginning of its SHA-256.
///
/// ```
/// assert_eq!(traguardo_intake::names::slug("Mood Stabilizers"), "mood-stabilizers");
/// assert_eq!(traguardo_intake::names::slug("José  D'Angelo"), "jose-d-angelo");
/// ```
pub fn slug(name: &str) -> String {
    let mut out = String::new();
    for c in name.nfkd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}')) {
        match c {
            c if c.is_ascii_alphanumeric() => out.push(c.to_ascii_lowercase()),
            'ß' => out.push_str("ss"),
            'æ' | 'Æ' => out.push_str("ae"),
            'ø' | 'Ø' => out.push('o'),
            'œ' | 'Œ' => out.push_str("oe"),
            'ł' | 'Ł' => out.push('l'),
            _ if !out.is_empty() && !out.ends_with('-') => out.push('-'),
            _ => {}
        }
    }
    out.truncate(LONGEST);
    out.truncate(out.trim_end_matches('-').len());
    if out.is_empty() { format!("x-{}", fingerprint(name)) } else { out }
}

fn fingerprint(name: &str) -> String {
    let hash = hex(&Sha256::digest(plain(name)));
    hash.chars().take(8).collect()
}

/// Names and their codes. Seeded with what is there already, it finds a name again, also where its case, blanks or
/// composition differ, and makes codes for new ones.
#[derive(Debug, Clone, Default)]
pub struct Codes {
    by_code: HashMap<String, String>,
    by_name: HashMap<String, String>,
}

impl Codes {
    /// Knows a thing that is there already.
    pub fn seed(&mut self, code: &str, name: &str) {
        self.by_code.insert(code.to_owned(), plain(name));
        self.by_name.entry(plain(name)).or_insert_with(|| code.to_owned());
    }

    /// The code of the thing that `text` names by its code or its name.
    pub fn find(&self, text: &str) -> Option<&str> {
        let text = text.trim();
        match self.by_code.get_key_value(text) {
            Some((code, _)) => Some(code),
            None => self.by_name.get(&plain(text)).map(String::as_str),
        }
    }

    /// Makes codes for all of `names` that are not known; the outcome does not depend on their order. Where two names
    /// give the same slug, the first in alphabetical order has it and the other one gets a piece of its hash.
    pub fn make<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) -> BTreeMap<String, String> {
        let mut unknown: Vec<&str> = names.into_iter().filter(|name| self.find(name).is_none()).collect();
        unknown.sort_unstable();
        // A code that is another one's name would be taken for it later.
        let spoken: HashSet<String> = unknown.iter().map(|name| plain(name)).collect();
        let mut made = BTreeMap::new();
        for name in unknown {
            let name = name.trim();
            // Another spelling of a name that was just made.
            if self.by_name.contains_key(&plain(name)) {
                continue;
            }
            let mut code = slug(name);
            if self.by_code.contains_key(&code) || (spoken.contains(&code) && code != plain(name)) {
                code = format!("{code}-{}", fingerprint(name));
            }
            self.seed(&code, name);
            made.insert(name.to_owned(), code);
        }
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs() {
        for (name, code) in [
            ("Sheila Stones", "sheila-stones"),
            ("  Wiegand, Jast & Yost ", "wiegand-jast-yost"),
            ("Güstrow", "gustrow"),
            ("Łódź Straße", "lodz-strasse"),
            ("---", "x-cb3f91d5"),
        ] {
            assert_eq!(slug(name), code, "{name}");
        }
        assert_eq!(slug(&"a-".repeat(100)).len(), 47);
        assert_ne!(slug("Ω"), slug("Δ"));
    }

    #[test]
    fn codes_never_collide_and_names_are_found_again() {
        let mut codes = Codes::default();
        codes.seed("R-1", "Anna Bianchi");
        let made = codes.make(["José", "Jose", "jose\u{301} ", "ANNA  BIANCHI", "R-1"]);
        assert_eq!(made.len(), 2, "{made:?}");
        assert_eq!(made["Jose"], "jose");
        assert!(made["José"].starts_with("jose-"), "{made:?}");
        assert_eq!(codes.find("anna bianchi"), Some("R-1"));
        assert_eq!(codes.find("JOSÉ"), Some(made["José"].as_str()));
        let mut other = Codes::default();
        other.seed("R-1", "Anna Bianchi");
        assert_eq!(other.make(["Jose", "R-1", "José", "ANNA BIANCHI"]), made, "in another order");
    }

    proptest::proptest! {
        #[test]
        fn different_names_have_different_codes(names in proptest::collection::hash_set("[a-cA-CÀ-Ý .'-]{1,6}", 1..30)) {
            let mut codes = Codes::default();
            codes.make(names.iter().map(String::as_str).filter(|name| !name.trim().is_empty()));
            for a in names.iter().filter(|name| !name.trim().is_empty()) {
                for b in names.iter().filter(|name| !name.trim().is_empty()) {
                    proptest::prop_assert_eq!(codes.find(a) == codes.find(b), plain(a) == plain(b) , "{} {}", a, b);
                }
            }
        }
    }
}
