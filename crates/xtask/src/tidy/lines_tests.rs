use super::*;

/// What `check` says about a file, as `rule:line`, refusals first.
fn said(path: &str, text: &str) -> Vec<String> {
    let mut findings = Findings::default();
    check(path, text, &mut findings);
    let refused = findings.refused.iter().map(|it| format!("{}:{}", it.rule, it.line));
    refused.chain(findings.warned.iter().map(|it| format!("warning {}", it.rule))).collect()
}

const IN_DOMAIN: &str = "crates/domain/src/goal.rs";
const IN_STORE: &str = "crates/store/src/goal.rs";
const IN_PAGE: &str = "frontend/src/chart.rs";
const IN_E2E: &str = "e2e/tests/goal.spec.ts";

/// Each row: file, text, what is said. Rows with `""` are the look-alikes that must pass.
#[test]
fn every_rule_fires_and_spares() {
    let folder = |name: &str| format!("/{name}");
    let rows: Vec<(&str, String, &str)> = vec![
        (IN_DOMAIN, "let a: f64 = 1;".into(), "float:1"),
        (IN_STORE, "\nlet a = value.as_f64();".into(), "float:2"),
        (IN_STORE, "let a = 1.0f32;".into(), "float:1"),
        (IN_PAGE, "let a: f64 = 1;".into(), ""),
        (IN_DOMAIN, "// no f64 here\nlet a = \"f64\"; buf32(a)".into(), ""),
        (IN_DOMAIN, "#[cfg(test)]\nmod tests {\n fn a(x: f64) {}\n}".into(), ""),
        ("crates/domain/src/goal_tests.rs", "fn a(x: f64) {}".into(), ""),
        (IN_DOMAIN, "use std::time::SystemTime;".into(), "pure-domain:1"),
        (IN_DOMAIN, "let now = Utc::now();".into(), "pure-domain:1"),
        (IN_DOMAIN, "use std::fs::File;".into(), "pure-domain:1"),
        (IN_DOMAIN, "let m: HashMap<A, B>;".into(), "pure-domain:1"),
        (IN_DOMAIN, "Uuid::new_v4()".into(), "pure-domain:1"),
        (IN_DOMAIN, "let operand = strand + Locality; // SystemTime".into(), ""),
        (IN_STORE, "use std::collections::HashMap;".into(), ""),
        (IN_STORE, "let tx = db.begin().await?;".into(), "plain-begin:1"),
        (IN_STORE, "let tx = begin_write(db).await?;".into(), ""),
        (IN_PAGE, format!("{}!()", "todo"), "unfinished:1"),
        (IN_PAGE, format!("{}!(\"x\")", "unimplemented"), "unfinished:1"),
        (IN_PAGE, "let todo = list; // todo!() later".into(), ""),
        (IN_PAGE, format!("#[{}]\nfn a() {{}}", "ignore"), "ignored-test:1"),
        (IN_PAGE, format!("#[{} = \"slow\"]\nfn a() {{}}", "ignore"), "ignored-test:1"),
        (IN_PAGE, "#[serde(skip)]\nlet ignore = 1;".into(), ""),
        (IN_PAGE, format!("#[allow(unused, {})]", "dead_code"), "dead-code:1"),
        (IN_PAGE, "#[allow(clippy::too_many_arguments)]".into(), ""),
        (IN_E2E, format!("test{}'a', …", ".only("), "skipped-test:1"),
        (IN_E2E, format!("test.describe{}'a', …", ".skip("), "skipped-test:1"),
        (IN_E2E, format!("  test{});", ".fixme("), "skipped-test:1"),
        (IN_E2E, "list.skip(3); page.test('x')".into(), ""),
        ("Makefile", format!("cd {}/x", folder(concat!("ro", "ot"))), "machine-path:1"),
        ("docs/a.md", format!("see {}.", folder(concat!("wo", "rk"))), "machine-path:1"),
        ("docs/a.md", format!("in `{}/a.db`", folder(concat!("t", "mp"))), "machine-path:1"),
        ("docs/a.md", format!("{}/anna/a.csv", folder(concat!("ho", "me"))), "machine-path:1"),
        ("docs/a.md", "docs/generated/workflow.md, /workflow, /roots, ./work, $DIR/tmp/x, /home".into(), ""),
        ("index.html", format!("<{}> #{}/a", folder(concat!("ro", "ot")), folder(concat!("ro", "ot"))), ""),
        ("README.md", format!("from {}", concat!("crates", ".io")), "registry-host:1"),
        ("e2e/.npmrc", format!("registry=https://registry.{}", concat!("npmjs", ".org")), "registry-host:1"),
        ("Cargo.lock", format!("source = \"{}\"", concat!("crates", ".io")), ""),
        ("e2e/package-lock.json", "  \"resolved\": \"somewhere\",".into(), "resolved:1"),
        ("e2e/package.json", "  \"resolved\": \"somewhere\",".into(), ""),
    ];
    for (path, text, expected) in rows {
        assert_eq!(said(path, &text).join(" "), expected, "{path}: {text}");
    }
}

#[test]
fn a_line_can_be_allowed_with_a_reason() {
    let allow = concat!("// tidy: ", "allow(float)");
    for (text, expected) in [
        (format!("{allow} drawn, not paid\nlet a: f64;"), ""),
        (format!("let a: f64; {allow} drawn, not paid"), ""),
        (format!("{allow} drawn, not paid\n\nlet a: f64;"), "float:3 waiver:1"),
        (format!("{allow}\nlet a: f64;"), "waiver:1 float:2"),
        (format!("{allow} drawn, not paid\nlet a: u64;"), "waiver:1"),
        (format!("{} why not at all", concat!("// tidy: ", "allow(fun)")), "waiver:1"),
    ] {
        assert_eq!(said(IN_DOMAIN, &text).join(" "), expected, "{text}");
    }
    assert_eq!(said("docs/a.md", concat!("write `tidy: ", "allow(<rule>) <reason>`")).join(" "), "");
}

#[test]
fn long_files_are_warned_about_and_longer_ones_refused() {
    for (lines, expected) in
        [(400, ""), (401, "warning file-length"), (600, "warning file-length"), (601, "file-length:601")]
    {
        assert_eq!(said(IN_PAGE, &"// a\n".repeat(lines)).join(" "), expected, "{lines} lines");
    }
    assert_eq!(said("docs/a.md", &"a\n".repeat(2000)).join(" "), "");
}
