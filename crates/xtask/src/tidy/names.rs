//! Files are named after features and organs; the index of decisions is complete.

use super::words::{EMPTY_WORDS, FEATURES, ORGANS};
use super::{Finding, Findings};

/// Checks the names among `paths` (relative to the repository root).
pub(crate) fn check(paths: &[String], findings: &mut Findings) {
    let mut seen = Vec::new();
    for path in paths.iter().filter(|path| path.ends_with(".rs")) {
        let parts: Vec<&str> = path.split('/').collect();
        if let ["crates", name, "src", first, ..] = parts.as_slice() {
            let word = first.strip_suffix(".rs").unwrap_or(first);
            let place = (*name, word);
            if !seen.contains(&place) && !is_known(name, word) {
                findings.refuse(Finding::new(
                    "feature-word",
                    path,
                    1,
                    format!("`{word}` is neither a feature nor an organ of `{name}`"),
                    "put it under a word of the closed list, or add the word in crates/xtask/src/tidy/words.rs",
                ));
            }
            seen.push(place);
        }
        let empty =
            parts.iter().skip_while(|part| **part != "src").map(|part| part.strip_suffix(".rs").unwrap_or(part));
        if let Some(word) = empty.into_iter().find(|part| EMPTY_WORDS.contains(part)) {
            let what = format!("`{word}` says nothing about what is inside");
            findings.refuse(Finding::new("empty-word", path, 1, what, "name it after what it holds"));
        }
    }
}

fn is_known(name: &str, word: &str) -> bool {
    let organs = ORGANS.iter().find(|(owner, _)| *owner == name).map(|(_, organs)| *organs);
    let word = word.strip_suffix("_tests").unwrap_or(word);
    matches!(word, "lib" | "main" | "bin" | "tests")
        || FEATURES.contains(&word)
        || organs.is_some_and(|organs| organs.contains(&word) || organs.contains(&"*"))
}

/// Checks that `index`, the text of docs/adr/README.md, lists each decision among `paths` once,
/// and no other, and that no number is used twice.
pub(crate) fn check_decisions(paths: &[String], index: &str, findings: &mut Findings) {
    const FOLDER: &str = "docs/adr/";
    const INDEX: &str = "docs/adr/README.md";
    let names: Vec<&str> =
        paths.iter().filter_map(|path| path.strip_prefix(FOLDER)).filter(|name| *name != "README.md").collect();
    for name in &names {
        let path = format!("{FOLDER}{name}");
        let number = name.get(..4).filter(|number| number.chars().all(|digit| digit.is_ascii_digit()));
        if number.is_none() || !name.ends_with(".md") || name.get(4..5) != Some("-") {
            let what = "a decision is named by four digits and words";
            findings.refuse(Finding::new("decision", &path, 1, what, "name it like `0007-short-title.md`"));
        } else if names.iter().filter(|other| other.get(..4) == number).count() > 1 {
            findings.refuse(Finding::new("decision", &path, 1, "its number is used twice", "take the next free one"));
        }
        if !index.contains(&format!("({name})")) {
            findings.refuse(Finding::new("decision", INDEX, 1, format!("`{name}` is missing"), "add a line for it"));
        }
    }
    for (number, line) in (1..).zip(index.lines()) {
        let linked = line.split_once("](").and_then(|(_, rest)| rest.split_once(')')).map(|(target, _)| target);
        if let Some(target) =
            linked.filter(|target| target.ends_with(".md") && !target.contains('/') && !names.contains(target))
        {
            findings.refuse(Finding::new(
                "decision",
                INDEX,
                number,
                format!("`{target}` does not exist"),
                "mend the line",
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(paths: &[&str]) -> Vec<String> {
        paths.iter().map(|path| (*path).to_owned()).collect()
    }

    #[test]
    fn files_are_named_after_features_and_organs() {
        for (path, expected) in [
            ("crates/domain/src/goal.rs", ""),
            ("crates/domain/src/goal/step.rs", ""),
            ("crates/domain/src/plan_tests.rs", ""),
            ("crates/domain/src/engine/anything.rs", ""),
            ("crates/domain/src/lib.rs", ""),
            ("crates/domain/src/target.rs", "feature-word"),
            ("crates/domain/src/targets/one.rs", "feature-word"),
            ("crates/store/src/engine.rs", "feature-word"),
            ("crates/intake/src/anything.rs", ""),
            ("crates/newcomer/src/thing.rs", "feature-word"),
            ("crates/domain/src/goal/utils.rs", "empty-word"),
            ("frontend/src/common/button.rs", "empty-word"),
            ("frontend/src/button.rs", ""),
            ("crates/domain/tests/common/mod.rs", ""),
            ("crates/domain/tests/anything.rs", ""),
        ] {
            let mut findings = Findings::default();
            check(&owned(&[path]), &mut findings);
            let said: Vec<&str> = findings.refused.iter().map(|it| it.rule).collect();
            assert_eq!(said.join(" "), expected, "{path}");
        }
    }

    #[test]
    fn a_wrong_word_is_named_once() {
        let mut findings = Findings::default();
        check(&owned(&["crates/store/src/thing/a.rs", "crates/store/src/thing/b.rs"]), &mut findings);
        assert_eq!(findings.refused.len(), 1);
    }

    #[test]
    fn the_index_lists_every_decision_once() {
        let index = "- [0001](0001-one.md)\n- [0002](0002-two.md)\n[guide](../guide.md)\n";
        for (files, expected) in [
            (vec!["docs/adr/README.md", "docs/adr/0001-one.md", "docs/adr/0002-two.md", "docs/b.md"], 0),
            (vec!["docs/adr/0001-one.md"], 1),
            (vec!["docs/adr/0001-one.md", "docs/adr/0002-two.md", "docs/adr/0003-three.md"], 1),
            (vec!["docs/adr/0001-one.md", "docs/adr/0002-two.md", "docs/adr/2-b.md"], 2),
            (vec!["docs/adr/0001-one.md", "docs/adr/0002-two.md", "docs/adr/0002-again.md"], 3),
        ] {
            let mut findings = Findings::default();
            check_decisions(&owned(&files), index, &mut findings);
            assert_eq!(findings.refused.len(), expected, "{files:?}: {:?}", findings.refused);
        }
    }
}
