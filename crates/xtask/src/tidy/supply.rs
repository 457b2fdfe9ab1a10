//! Where the packages from outside come from and under which licence: what `cargo deny` checks
//! too, read from `cargo metadata` and deny.toml, so that it also holds where that is missing.

use serde_json::Value;

use super::walls::{list, text};
use super::words::REFUSED_FEATURES;
use super::{Finding, Findings};

/// The lists of deny.toml that matter here.
pub(crate) struct Policy {
    licences: Vec<String>,
    banned: Vec<String>,
}

impl Policy {
    /// Reads `allow = […]` of `[licenses]` and the crates of `deny = […]` of `[bans]`.
    pub(crate) fn read(deny: &str) -> Self {
        let mut policy = Self { licences: Vec::new(), banned: Vec::new() };
        let (mut section, mut key) = ("", "");
        for line in deny.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
            if line.starts_with('[') && !line.contains('"') {
                section = line;
            } else if let Some((name, _)) = line.split_once(" = [") {
                key = name;
            }
            let quoted = line.split('"').nth(1);
            match (section, key, quoted) {
                ("[licenses]", "allow", Some(licence)) => policy.licences.push(licence.to_owned()),
                ("[bans]", "deny", Some(crate_name)) => policy.banned.push(crate_name.to_owned()),
                _ => {}
            }
            if line.ends_with(']') {
                key = "";
            }
        }
        policy
    }
}

/// Checks every package that is built for one of our targets.
pub(crate) fn check(metadata: &Value, policy: &Policy, findings: &mut Findings) {
    if policy.licences.is_empty() {
        let what = "no licence is allowed";
        findings.refuse(Finding::new("licence", "deny.toml", 1, what, "list them under `[licenses]`, one a line"));
        return;
    }
    let nodes = metadata.get("resolve").map_or(&[][..], |resolve| list(resolve, "nodes"));
    for package in list(metadata, "packages") {
        let node = nodes.iter().find(|node| text(node, "id") == text(package, "id"));
        if let Some(node) = node {
            one(package, node, policy, findings);
        }
    }
}

fn one(package: &Value, node: &Value, policy: &Policy, findings: &mut Findings) {
    let (name, version) = (text(package, "name"), text(package, "version"));
    let mut refuse = |rule, what, remedy: &str| findings.refuse(Finding::new(rule, "Cargo.lock", 1, what, remedy));
    let licence = text(package, "license");
    if !Licence::new(licence, &policy.licences).allowed() {
        let what = format!("`{name}` {version} is under `{licence}`, which deny.toml does not allow");
        refuse("licence", what, "do without it, or allow the licence after reading it");
    }
    let source = package.get("source").and_then(Value::as_str);
    if source.is_some_and(|source| !source.starts_with("registry+")) {
        let what = format!("`{name}` {version} does not come from the registry");
        refuse("source", what, "depend on a published version");
    }
    if policy.banned.iter().any(|banned| banned == name) {
        refuse(
            "banned",
            format!("`{name}` {version} is banned by deny.toml"),
            "see `cargo tree -i` for who asks for it",
        );
    }
    for (owner, feature, only, why) in REFUSED_FEATURES {
        let on = list(node, "features").iter().any(|it| it.as_str() == Some(feature));
        if *owner == name && only.is_none() && on {
            refuse("feature", format!("`{feature}` of `{name}` is switched on"), why);
        }
    }
}

/// A licence expression (SPDX, and the old `A/B`) read against the allowed list.
struct Licence<'a> {
    words: Vec<String>,
    place: usize,
    list: &'a [String],
}

impl<'a> Licence<'a> {
    fn new(expression: &str, list: &'a [String]) -> Self {
        let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
        let words = spaced.split_whitespace().map(str::to_owned).collect();
        Self { words, place: 0, list }
    }

    /// Whether the whole expression can be satisfied; one that cannot be read cannot.
    fn allowed(mut self) -> bool {
        let satisfied = self.any();
        satisfied && self.place == self.words.len()
    }

    fn any(&mut self) -> bool {
        let mut satisfied = self.all();
        while self.take("OR") {
            satisfied |= self.all();
        }
        satisfied
    }

    fn all(&mut self) -> bool {
        let mut satisfied = self.single();
        while self.take("AND") {
            satisfied &= self.single();
        }
        satisfied
    }

    fn single(&mut self) -> bool {
        if self.take("(") {
            let satisfied = self.any();
            return self.take(")") && satisfied;
        }
        let Some(mut licence) = self.words.get(self.place).cloned() else {
            return false;
        };
        self.place += 1;
        if self.take("WITH") {
            licence = format!("{licence} WITH {}", self.words.get(self.place).map_or("", String::as_str));
            self.place += 1;
        }
        self.list.contains(&licence)
    }

    fn take(&mut self, word: &str) -> bool {
        let here = self.words.get(self.place).is_some_and(|it| it == word);
        self.place += usize::from(here);
        here
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const DENY: &str = "\
[licenses]
# \"GPL-3.0\" is not for us
allow = [
    \"MIT\",
    \"Apache-2.0\",
    \"Apache-2.0 WITH LLVM-exception\",
    \"ISC\",
]
confidence-threshold = 0.9

[bans]
multiple-versions = \"warn\"
deny = [
    { crate = \"openssl\", reason = \"one TLS is enough\" },
]

[sources]
unknown-git = \"deny\"
";

    #[test]
    fn the_policy_is_read_from_deny_toml() {
        let policy = Policy::read(DENY);
        assert_eq!(policy.licences, ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "ISC"]);
        assert_eq!(policy.banned, ["openssl"]);
    }

    #[test]
    fn licence_expressions_are_weighed() {
        let list = Policy::read(DENY).licences;
        for (expression, expected) in [
            ("MIT", true),
            ("MIT/Apache-2.0", true),
            ("GPL-3.0 OR MIT", true),
            ("GPL-3.0 AND MIT", false),
            ("ISC AND (Apache-2.0 OR GPL-3.0)", true),
            ("(GPL-3.0 OR AGPL-3.0) AND MIT", false),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("MIT WITH LLVM-exception", false),
            ("GPL-3.0 OR MIT AND GPL-3.0", false),
            ("MIT MIT", false),
            ("(MIT", false),
            ("", false),
        ] {
            assert_eq!(Licence::new(expression, &list).allowed(), expected, "`{expression}`");
        }
    }

    #[test]
    fn packages_are_held_against_the_policy() {
        let package = |name: &str, licence: &str, source: Value, features: Value| {
            json!({
                "packages": [{"id": "a", "name": name, "version": "1.0.0", "license": licence, "source": source}],
                "resolve": {"nodes": [{"id": "a", "features": features}]},
            })
        };
        let registry = || json!("registry+somewhere");
        for (metadata, expected) in [
            (package("serde", "MIT", registry(), json!(["std"])), ""),
            (package("ours", "MIT", Value::Null, json!([])), ""),
            (package("serde", "GPL-3.0", registry(), json!([])), "licence"),
            (package("serde", "MIT", json!("git+somewhere"), json!([])), "source"),
            (package("openssl", "Apache-2.0", registry(), json!([])), "banned"),
            (package("serde_json", "MIT", registry(), json!(["arbitrary_precision"])), "feature"),
        ] {
            let mut findings = Findings::default();
            check(&metadata, &Policy::read(DENY), &mut findings);
            let said: Vec<&str> = findings.refused.iter().map(|it| it.rule).collect();
            assert_eq!(said.join(" "), expected, "{metadata}");
        }
    }

    #[test]
    fn a_policy_without_licences_is_refused() {
        let mut findings = Findings::default();
        check(&json!({}), &Policy::read("[bans]\n"), &mut findings);
        assert_eq!(findings.refused.len(), 1);
    }
}
