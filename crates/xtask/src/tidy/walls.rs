//! What each crate may stand on, read from `cargo metadata --no-deps`.

use serde_json::Value;

use super::words::{DOMAIN_STANDS_ON, FOR_TESTS, KEPT_INSIDE, REFUSED_FEATURES, WALLS};
use super::{Finding, Findings};

/// Checks the declared dependencies of the workspace's own packages.
pub(crate) fn check(metadata: &Value, findings: &mut Findings) {
    for package in list(metadata, "packages") {
        let name = text(package, "name");
        let Some((_, allowed)) = WALLS.iter().find(|(crate_name, _)| *crate_name == name) else {
            let what = format!("the walls say nothing about `{name}`");
            findings.refuse(finding(name, what, "add it in crates/xtask/src/tidy/words.rs"));
            continue;
        };
        for dependency in list(package, "dependencies") {
            one(name, allowed, dependency, findings);
        }
    }
}

fn one(name: &str, allowed: &[&str], dependency: &Value, findings: &mut Findings) {
    let on = text(dependency, "name");
    let for_tests = dependency.get("kind").and_then(Value::as_str) == Some("dev");
    if on.starts_with("traguardo-") {
        let may = allowed.contains(&on) || (for_tests && FOR_TESTS.contains(&on) && name != "traguardo-frontend");
        if !may {
            let what = format!("`{name}` stands on `{on}`");
            findings.refuse(finding(name, what, "move what both need to the lower crate"));
        }
        return;
    }
    if name == "traguardo-domain" && !for_tests && !DOMAIN_STANDS_ON.contains(&on) {
        let what = format!("`domain` stands on `{on}`");
        findings.refuse(finding(name, what, "keep it outside, or add it in crates/xtask/src/tidy/words.rs"));
    }
    for (prefix, inside, why) in KEPT_INSIDE {
        if on.starts_with(prefix) && !inside.contains(&name) && !for_tests {
            findings.refuse(finding(name, format!("`{name}` names `{on}`"), why));
        }
    }
    for (owner, feature, only, why) in REFUSED_FEATURES {
        let concerns = *owner == on && only.is_none_or(|crate_name| crate_name == name) && !for_tests;
        if concerns && list(dependency, "features").iter().any(|it| it.as_str() == Some(feature)) {
            let what = format!("`{name}` switches on `{feature}` of `{on}`");
            findings.refuse(finding(name, what, why));
        }
    }
}

/// Every package inherits the lints of the workspace: `text` is its Cargo.toml, `path` its place.
pub(crate) fn check_lints(path: &str, text: &str, findings: &mut Findings) {
    let mut lines = text.lines().map(str::trim).skip_while(|line| *line != "[lints]").skip(1);
    if text.contains("[package]") && lines.next() != Some("workspace = true") {
        let what = "the lints of the workspace do not hold here";
        findings.refuse(Finding::new("lints", path, 1, what, "add `[lints]` with `workspace = true`"));
    }
}

fn finding(name: &str, what: String, remedy: &str) -> Finding {
    let folder = name.strip_prefix("traguardo-").unwrap_or(name);
    let path = match folder {
        "frontend" | "migrations" => format!("{folder}/Cargo.toml"),
        _ => format!("crates/{folder}/Cargo.toml"),
    };
    Finding::new("wall", &path, 1, what, remedy)
}

/// The list `key` of `value`, empty when there is none.
pub(crate) fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The text `key` of `value`, empty when there is none.
pub(crate) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused(name: &str, on: &str, kind: Option<&str>, features: &[&str]) -> usize {
        let metadata = json!({"packages": [{"name": name, "dependencies": [
            {"name": on, "kind": kind, "features": features}
        ]}]});
        let mut findings = Findings::default();
        check(&metadata, &mut findings);
        findings.refused.len()
    }

    #[test]
    fn crates_stand_on_those_below_them_only() {
        for (name, on, kind, expected) in [
            ("traguardo-contract", "traguardo-domain", None, 0),
            ("traguardo-domain", "traguardo-contract", None, 1),
            ("traguardo-contract", "traguardo-store", None, 1),
            ("traguardo-store", "traguardo-migrations", None, 0),
            ("traguardo-store", "traguardo-server", None, 1),
            ("traguardo-store", "traguardo-testkit", Some("dev"), 0),
            ("traguardo-store", "traguardo-testkit", None, 1),
            ("traguardo-frontend", "traguardo-store", None, 1),
            ("traguardo-frontend", "traguardo-server", Some("dev"), 1),
            ("traguardo-frontend", "traguardo-testkit", Some("dev"), 1),
            ("traguardo-frontend", "traguardo-contract", None, 0),
            ("traguardo-newcomer", "serde", None, 1),
            ("traguardo-domain", "rust_decimal", None, 0),
            ("traguardo-domain", "tokio", None, 1),
            ("traguardo-domain", "proptest", Some("dev"), 0),
            ("traguardo-server", "sqlx", None, 1),
            ("traguardo-server", "sqlx", Some("dev"), 0),
            ("traguardo-server", "calamine", None, 1),
            ("traguardo-store", "sea-orm", None, 0),
            ("traguardo-contract", "actix-web", None, 1),
        ] {
            assert_eq!(refused(name, on, kind, &[]), expected, "{name} on {on} ({kind:?})");
        }
    }

    #[test]
    fn some_features_stay_off() {
        for (name, on, features, expected) in [
            ("traguardo-domain", "chrono", vec!["serde", "clock"], 1),
            ("traguardo-domain", "chrono", vec!["serde"], 0),
            ("traguardo-server", "chrono", vec!["clock"], 0),
            ("traguardo-server", "serde_json", vec!["arbitrary_precision"], 1),
            ("traguardo-server", "serde_json", vec!["raw_value"], 0),
        ] {
            assert_eq!(refused(name, on, None, &features), expected, "{on} {features:?}");
        }
    }

    #[test]
    fn every_package_inherits_the_lints() {
        for (text, expected) in [
            ("[package]\n[lints]\nworkspace = true\n", 0),
            ("[package]\n[lints.rust]\nunsafe_code = \"allow\"\n", 1),
            ("[package]\nname = \"x\"\n", 1),
            ("[workspace]\n", 0),
        ] {
            let mut findings = Findings::default();
            check_lints("crates/x/Cargo.toml", text, &mut findings);
            assert_eq!(findings.refused.len(), expected, "{text}");
        }
    }
}
