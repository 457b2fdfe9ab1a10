//! The rules of the house that no compiler checks (CONTRIBUTING.md lists them).
//!
//! They run as `cargo xtask tidy` and as a test of this crate.

mod lines;
mod links;
mod names;
mod source;
mod supply;
mod walls;
mod words;

use std::fmt;
use std::path::Path;
use std::process::{Command, ExitCode};

/// One broken rule: where, what and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    path: String,
    line: usize,
    rule: &'static str,
    what: String,
    remedy: String,
}

impl Finding {
    fn new(rule: &'static str, path: &str, line: usize, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, rule, what: what.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: [{}] {} (help: {})", self.path, self.line, self.rule, self.what, self.remedy)
    }
}

/// What a check collects: everything, not the first.
#[derive(Debug, Default)]
struct Findings {
    refused: Vec<Finding>,
    warned: Vec<Finding>,
}

impl Findings {
    fn refuse(&mut self, finding: Finding) {
        self.refused.push(finding);
    }

    fn warn(&mut self, finding: Finding) {
        self.warned.push(finding);
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (word, list) in [("warning", &self.warned), ("error", &self.refused)] {
            let mut list = list.clone();
            list.sort();
            for finding in list {
                writeln!(f, "{word}: {finding}")?;
            }
        }
        writeln!(f, "tidy: {} refused, {} warned about", self.refused.len(), self.warned.len())
    }
}

/// `cargo xtask tidy`: exit code 1 when a rule is broken, 2 when the rules could not be checked.
pub(crate) fn command() -> ExitCode {
    match check(root()) {
        Ok(findings) => {
            crate::say(&findings.to_string());
            ExitCode::from(u8::from(!findings.refused.is_empty()))
        }
        Err(problem) => {
            crate::say(&format!("error: {problem}\n"));
            ExitCode::from(2)
        }
    }
}

fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().and_then(Path::parent).unwrap_or(here)
}

/// Applies every rule to the repository at `root`.
fn check(root: &Path) -> Result<Findings, String> {
    let mut findings = Findings::default();
    let paths = tracked(root)?;
    for path in &paths {
        let Ok(bytes) = std::fs::read(root.join(path)) else {
            continue;
        };
        let Ok(text) = String::from_utf8(bytes) else {
            continue;
        };
        // The licence texts are others' words.
        if !path.starts_with("LICENSE") {
            lines::check(path, &text, &mut findings);
        }
        if path.ends_with(".md") {
            links::check(path, &text, &|place| root.join(place).exists(), &mut findings);
        }
        if path.ends_with("Cargo.toml") && !path.contains("/fuzz/") {
            walls::check_lints(path, &text, &mut findings);
        }
    }
    names::check(&paths, &mut findings);
    let index = read(root, "docs/adr/README.md")?;
    names::check_decisions(&paths, &index, &mut findings);

    walls::check(&metadata(root, &["--no-deps"])?, &mut findings);
    let host = said(root, "rustc", &["-vV"])?;
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
    let everything = metadata(root, &["--filter-platform", host, "--filter-platform", "wasm32-unknown-unknown"])?;
    supply::check(&everything, &supply::Policy::read(&read(root, "deny.toml")?), &mut findings);
    Ok(findings)
}

/// The files under version control or about to be, relative to `root`, that exist.
fn tracked(root: &Path) -> Result<Vec<String>, String> {
    let arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
    let listed = said(root, "git", &arguments)?;
    let paths = listed.split('\0').filter(|path| root.join(path).is_file());
    Ok(paths.map(str::to_owned).collect())
}

fn metadata(root: &Path, arguments: &[&str]) -> Result<serde_json::Value, String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut all = vec!["metadata", "--format-version", "1", "--locked"];
    all.extend(arguments);
    let printed = said(root, &cargo, &all)?;
    serde_json::from_str(&printed).map_err(|error| format!("`cargo metadata` printed no JSON: {error}"))
}

fn read(root: &Path, path: &str) -> Result<String, String> {
    std::fs::read_to_string(root.join(path)).map_err(|error| format!("cannot read `{path}`: {error}"))
}

/// What `program` prints when run in `root`.
fn said(root: &Path, program: &str, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(root)
        .output()
        .map_err(|error| format!("cannot run `{program}`: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`{program} {}` failed: {}", arguments.join(" "), said.trim()));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`{program}` printed no text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_is_tidy() {
        let findings = check(root()).expect("the rules can be checked");
        assert!(findings.refused.is_empty(), "\n{findings}");
    }

    /// One fault for each check, so that a check that is no longer called is missed.
    #[test]
    fn a_broken_house_is_found() {
        let files = [
            ("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n"),
            ("Cargo.lock", "version = 4\n[[package]]\nname = \"traguardo-domain\"\nversion = \"0.1.0\"\n"),
            ("deny.toml", "[licenses]\nallow = [\n\"MIT\",\n]\n"),
            ("docs/adr/README.md", "[away](away.html)\n"),
            ("docs/adr/0001-one.md", "# One\n"),
            (
                "crates/domain/Cargo.toml",
                "[package]\nname = \"traguardo-domain\"\nversion = \"0.1.0\"\nedition = \"2024\"\nlicense = \"GPL-3.0\"\n",
            ),
            ("crates/domain/src/lib.rs", "//! Here.\npub mod target;\n"),
            ("crates/domain/src/target.rs", "//! Wrong word.\npub fn half(whole: f64) {}\n"),
            (".gitignore", "ignored.rs\n"),
            ("crates/domain/src/ignored.rs", "pub fn half(whole: f64) {}\n"),
        ];
        let folder = std::env::temp_dir().join(format!("traguardo-tidy-{}", std::process::id()));
        for (path, text) in files {
            let place = folder.join(path);
            std::fs::create_dir_all(place.parent().expect("a folder")).expect("can be made");
            std::fs::write(place, text).expect("can be written");
        }
        said(&folder, "git", &["init", "-q"]).expect("a repository");
        let findings = check(&folder);
        std::fs::remove_dir_all(&folder).expect("can be removed");

        let findings = findings.expect("the rules can be checked");
        let mut rules: Vec<&str> = findings.refused.iter().map(|it| it.rule).collect();
        rules.sort_unstable();
        assert_eq!(rules, ["decision", "feature-word", "float", "licence", "link", "lints"], "\n{findings}");
    }

    #[test]
    fn a_finding_names_place_rule_and_remedy() {
        let finding = Finding::new("rule", "a/b.rs", 7, "it is `x`", "make it `y`");
        assert_eq!(finding.to_string(), "a/b.rs:7: [rule] it is `x` (help: make it `y`)");
    }
}
