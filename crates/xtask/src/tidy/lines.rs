//! Rules that look at one line, or at the length of one file.

use super::source::{has_word, views, without_tests};
use super::words;
use super::{Finding, Findings};

/// A Rust file is better split when it grows beyond this many lines …
const LONG: usize = 400;
/// … and is refused beyond this many.
const TOO_LONG: usize = 600;

/// What a rule looks at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    /// Every line as it is written.
    Text,
    /// Rust without comments and the contents of strings.
    Code,
    /// The same without the test modules.
    Product,
}

struct Rule {
    name: &'static str,
    view: View,
    covers: fn(&str) -> bool,
    /// What is wrong with the line and what to do about it.
    find: fn(&str) -> Option<(String, String)>,
}

const RULES: &[Rule] = &[
    Rule { name: "float", view: View::Product, covers: counts_money, find: float },
    Rule { name: "pure-domain", view: View::Product, covers: in_domain, find: impure },
    Rule { name: "plain-begin", view: View::Product, covers: talks_to_database, find: plain_begin },
    Rule { name: "unfinished", view: View::Code, covers: is_rust, find: unfinished },
    Rule { name: "ignored-test", view: View::Code, covers: is_rust, find: ignored_test },
    Rule { name: "dead-code", view: View::Code, covers: is_rust, find: dead_code },
    Rule { name: "skipped-test", view: View::Text, covers: is_script, find: skipped_test },
    Rule { name: "machine-path", view: View::Text, covers: any, find: machine_path },
    Rule { name: "registry-host", view: View::Text, covers: but_lock_of_cargo, find: registry_host },
    Rule { name: "resolved", view: View::Text, covers: is_lock_of_npm, find: resolved },
];

/// Applies every rule to the file `path` (relative to the repository root) with contents `text`.
pub(crate) fn check(path: &str, text: &str, findings: &mut Findings) {
    if is_rust(path) {
        length(path, text, findings);
    }
    let split = is_rust(path).then(|| views(text));
    let product = split.as_ref().map(|views| without_tests(&views.code));
    let mut waivers = waivers(path, text, split.as_ref().map(|views| views.comments.as_str()), findings);
    for rule in RULES.iter().filter(|rule| (rule.covers)(path)) {
        if rule.view == View::Product && is_test(path) {
            continue;
        }
        let seen = match (rule.view, &split, &product) {
            (View::Text, ..) => text,
            (View::Code, Some(views), _) => &views.code,
            (View::Product, _, Some(product)) => product,
            _ => continue,
        };
        for (number, line) in (1..).zip(seen.lines()) {
            let Some((what, remedy)) = (rule.find)(line) else {
                continue;
            };
            let waiver = waivers
                .iter_mut()
                .find(|waiver| waiver.rule == rule.name && (waiver.line == number || waiver.line + 1 == number));
            match waiver {
                Some(waiver) => waiver.used = true,
                None => findings.refuse(Finding::new(rule.name, path, number, what, remedy)),
            }
        }
    }
    for waiver in waivers.iter().filter(|waiver| !waiver.used) {
        findings.refuse(Finding::new(
            "waiver",
            path,
            waiver.line,
            format!("nothing here needs to be allowed by `{}`", waiver.rule),
            "remove the comment",
        ));
    }
}

fn length(path: &str, text: &str, findings: &mut Findings) {
    let lines = text.lines().count();
    if lines <= LONG {
        return;
    }
    let what = format!("{lines} lines in one file");
    let finding = Finding::new("file-length", path, lines, what, "split it by meaning");
    if lines > TOO_LONG {
        findings.refuse(finding);
    } else {
        findings.warn(finding);
    }
}

struct Waiver {
    line: usize,
    rule: &'static str,
    used: bool,
}

/// Reads the waivers, a rule's name and a reason, out of the comments of a Rust file, or out of the
/// whole text of another one, where an unknown rule is taken for prose.
fn waivers(path: &str, text: &str, comments: Option<&str>, findings: &mut Findings) -> Vec<Waiver> {
    let mut result = Vec::new();
    for (line, written) in (1..).zip(comments.unwrap_or(text).lines()) {
        let Some((_, rest)) = written.split_once(concat!("tidy: ", "allow(")) else {
            continue;
        };
        let (name, reason) = rest.split_once(')').unwrap_or((rest, ""));
        match RULES.iter().find(|rule| rule.name == name) {
            Some(rule) if reason.trim().len() > 8 => result.push(Waiver { line, rule: rule.name, used: false }),
            Some(_) => findings.refuse(Finding::new(
                "waiver",
                path,
                line,
                format!("`{name}` is allowed here without a reason"),
                "write the reason behind the bracket",
            )),
            None if comments.is_some() => findings.refuse(Finding::new(
                "waiver",
                path,
                line,
                format!("`{name}` is no rule that can be allowed"),
                format!("use one of {}", RULES.iter().map(|rule| rule.name).collect::<Vec<_>>().join(", ")),
            )),
            None => {}
        }
    }
    result
}

fn any(_: &str) -> bool {
    true
}

fn is_rust(path: &str) -> bool {
    path.ends_with(".rs")
}

fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.ends_with("_tests.rs") || path.contains("/tests/")
}

fn in_domain(path: &str) -> bool {
    path.starts_with("crates/domain/src/")
}

fn counts_money(path: &str) -> bool {
    ["crates/domain/src/", "crates/contract/src/", "crates/store/src/", "crates/server/src/", "migrations/src/"]
        .iter()
        .any(|folder| path.starts_with(folder))
}

fn talks_to_database(path: &str) -> bool {
    path.starts_with("crates/store/src/") || path.starts_with("crates/server/src/")
}

fn is_script(path: &str) -> bool {
    [".ts", ".js", ".mjs", ".cjs"].iter().any(|ending| path.ends_with(ending))
}

fn but_lock_of_cargo(path: &str) -> bool {
    path.rsplit('/').next() != Some("Cargo.lock")
}

fn is_lock_of_npm(path: &str) -> bool {
    path.rsplit('/').next() == Some("package-lock.json")
}

fn float(line: &str) -> Option<(String, String)> {
    ["f32", "f64"]
        .into_iter()
        .find(|float| {
            line.match_indices(float).any(|(place, _)| {
                let before = line.get(..place).and_then(|part| part.chars().next_back());
                let after = line.get(place + float.len()..).and_then(|part| part.chars().next());
                !before.is_some_and(char::is_alphabetic) && !after.is_some_and(char::is_alphanumeric)
            })
        })
        .map(|float| {
            let what = format!("`{float}` loses digits");
            (what, "use a decimal or a scaled integer, or allow the line with the reason".into())
        })
}

fn impure(line: &str) -> Option<(String, String)> {
    let (word, remedy) = words::IMPURE.iter().find(|(word, _)| has_word(line, word))?;
    Some((format!("`{word}` has no place in `domain`"), (*remedy).into()))
}

fn plain_begin(line: &str) -> Option<(String, String)> {
    line.contains(".begin()").then(|| {
        let remedy = "use the helper that begins IMMEDIATE on SQLite";
        ("`.begin()` starts a transaction that fails under contention".into(), remedy.into())
    })
}

fn unfinished(line: &str) -> Option<(String, String)> {
    ["todo", "unimplemented"]
        .into_iter()
        .find(|word| line.contains(&format!("{word}!")) && has_word(line, word))
        .map(|word| (format!("`{word}!` is left in the code"), "finish it, or file an issue and leave it out".into()))
}

fn ignored_test(line: &str) -> Option<(String, String)> {
    let squeezed: String = line.split_whitespace().collect();
    (squeezed.contains("#[ignore") || squeezed.contains(",ignore)]")).then(|| {
        let remedy = "mend the test or remove it; a long one takes its size from `TRAGUARDO_NIGHTLY`";
        ("a test that is never run".into(), remedy.into())
    })
}

fn dead_code(line: &str) -> Option<(String, String)> {
    let (_, rest) = line.split_once("allow(").or_else(|| line.split_once("expect("))?;
    let inside = rest.split_once(')').map_or(rest, |(inside, _)| inside);
    has_word(inside, "dead_code").then(|| ("dead code is kept".into(), "remove the code that nobody uses".into()))
}

fn skipped_test(line: &str) -> Option<(String, String)> {
    let shortened = [".skip(", ".only(", ".fixme("].into_iter().find(|call| {
        line.match_indices(call).any(|(place, _)| {
            line.get(..place)
                .is_some_and(|before| ["test", "describe", "it", "suite"].iter().any(|word| before.ends_with(word)))
        })
    })?;
    let what = format!("`{shortened}…)` leaves tests out of the run");
    Some((what, "mend the test or remove it".into()))
}

/// Folders of somebody's machine; put together here, so that this file does not name them.
const MACHINE_FOLDERS: &[(&str, bool)] = &[
    (concat!("/ro", "ot"), false),
    (concat!("/wo", "rk"), false),
    (concat!("/t", "mp"), true),
    (concat!("/ho", "me"), true),
];

fn machine_path(line: &str) -> Option<(String, String)> {
    let (folder, _) = MACHINE_FOLDERS.iter().find(|(folder, needs_slash)| {
        line.match_indices(folder).any(|(place, _)| {
            let before = line.get(..place).and_then(|part| part.chars().next_back());
            let after = line.get(place + folder.len()..).and_then(|part| part.chars().next());
            let begins = !before.is_some_and(|symbol| symbol.is_alphanumeric() || "_-.}])<#*>…/".contains(symbol));
            let ends = match after {
                Some('/') => true,
                Some(symbol) => !needs_slash && !symbol.is_alphanumeric() && !"_-".contains(symbol),
                None => !needs_slash,
            };
            begins && ends
        })
    })?;
    let what = format!("`{folder}` is a folder of one machine");
    Some((what, "name it relative to the repository, or take a temporary folder from the system".into()))
}

/// Hosts of package registries, put together here for the same reason.
const REGISTRY_HOSTS: &[&str] = &[
    concat!("crates", ".io"),
    concat!("npmjs", ".org"),
    concat!("npmjs", ".com"),
    concat!("yarnpkg", ".com"),
    concat!("pypi", ".org"),
    concat!("pythonhosted", ".org"),
    concat!("deb.debian", ".org"),
];

fn registry_host(line: &str) -> Option<(String, String)> {
    let host = REGISTRY_HOSTS.iter().find(|host| line.contains(**host))?;
    let what = format!("`{host}` is the host of a package registry");
    Some((what, "leave the choice of the registry to the machine".into()))
}

fn resolved(line: &str) -> Option<(String, String)> {
    line.trim_start().starts_with("\"resolved\"").then(|| {
        let remedy = "write the lock file with `npm install --omit-lockfile-registry-resolved`";
        ("the lock file names where a package was fetched from".into(), remedy.into())
    })
}

#[cfg(test)]
#[path = "lines_tests.rs"]
mod tests;
