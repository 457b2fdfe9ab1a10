//! Texts in the reader's language. The texts themselves are in `locales/`, checked by `build.rs`.

use crate::prefs;
use leptos::prelude::*;
use std::fmt::Write as _;

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

/// A language that every text exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Lang {
    /// Italian, with the formats of it-IT.
    It,
    /// English, with the formats of en-GB.
    En,
}

impl Lang {
    /// The two letters used in files and in the preferences.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::It => "it",
            Self::En => "en",
        }
    }

    /// The locale whose number and date formats are used.
    pub(crate) fn locale(self) -> &'static str {
        match self {
            Self::It => "it-IT",
            Self::En => "en-GB",
        }
    }
}

/// The language in use; reading it inside a view follows a change.
pub(crate) fn lang() -> Lang {
    prefs::language().get()
}

/// The text of `key` in the language in use.
pub(crate) fn t(key: K) -> &'static str {
    text_in(lang(), key)
}

fn text_in(lang: Lang, key: K) -> &'static str {
    let texts = match lang {
        Lang::It => &IT,
        Lang::En => &EN,
    };
    texts.get(key as usize).copied().unwrap_or_default()
}

/// The text of `key` as a function, for places of a view that follow the language.
pub(crate) fn tr(key: K) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    move || t(key)
}

impl From<K> for TextProp {
    fn from(key: K) -> Self {
        tr(key).into()
    }
}

/// The text of `key` with its placeholders filled.
pub(crate) fn tf(key: K, values: &[(&str, &str)]) -> String {
    fill(t(key), values)
}

/// The text for `count` things; `{n}` is the count in the reader's format.
pub(crate) fn tn(key: P, count: usize, values: &[(&str, &str)]) -> String {
    let texts = match lang() {
        Lang::It => &IT_PLURAL,
        Lang::En => &EN_PLURAL,
    };
    // Both languages have the same two forms for whole numbers.
    let (one, other) = texts.get(key as usize).copied().unwrap_or_default();
    let text = fill(if count == 1 { one } else { other }, values);
    fill(&text, &[("n", &crate::fmt::count(count))])
}

/// The text for a code of the server, such as `problem.` + `stale_version`; none where we have no words for it.
pub(crate) fn by_code(prefix: &str, code: &str) -> Option<K> {
    let name = format!("{prefix}{}", code.replace('-', "_"));
    let place = BY_CODE.binary_search_by(|(known, _)| (*known).cmp(&name)).ok()?;
    BY_CODE.get(place).map(|(_, key)| *key)
}

/// The text for a code of the server, else the code itself: better a code than nothing.
pub(crate) fn code_text(prefix: &str, code: &str) -> String {
    by_code(prefix, code).map_or_else(|| code.to_owned(), |key| t(key).to_owned())
}

fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, behind)) = after.split_once('}') else { break };
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => filled.push_str(value),
            None => {
                let _ = write!(filled, "{{{name}}}");
            }
        }
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_and_unknown_ones_stay() {
        assert_eq!(fill("a {x} b {y}", &[("x", "1")]), "a 1 b {y}");
        assert_eq!(fill("plain", &[("x", "1")]), "plain");
    }

    #[test]
    fn texts_by_code_are_sorted_so_that_the_search_finds_each() {
        for (name, key) in &BY_CODE {
            let (prefix, code) = name.split_once('.').unwrap();
            assert_eq!(by_code(&format!("{prefix}."), code), Some(*key), "{name}");
        }
        assert_eq!(by_code("problem.", "no_such_code"), None);
    }

    #[test]
    fn the_languages_are_not_the_same_text_by_mistake() {
        let same = IT.iter().zip(&EN).filter(|(it, en)| it == en && it.contains(' ') && !it.contains('{')).count();
        assert!(same <= 4, "{same} longer texts are equal in both languages");
    }
}
