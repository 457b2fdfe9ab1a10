//! Worked examples by others and our own, evaluated by the engine to the last cent.
//!
//! `tests/golden/*.json` are described in `docs/golden-cases.md`, `docs/examples` in `docs/plan-examples.md`.
//! A failing test prints every figure that departs, not only the first.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use traguardo_domain::engine::{evaluate, run_examples};
use traguardo_domain::exact::Exact;
use traguardo_domain::finding::Finding;
use traguardo_domain::inputs::read_inputs;
use traguardo_domain::plan::load_plan;
use traguardo_domain::trace::Trace;

/// The participant of inputs that are one participant.
const ALONE: &str = "P";

/// Figures that depart: where, which, expected, found.
#[derive(Default)]
struct Differences(Vec<[String; 4]>);

impl Differences {
    fn add(&mut self, place: &str, figure: &str, expected: &Value, found: Option<&Value>) {
        let show = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
        let found = found.map_or_else(|| "nothing".to_owned(), show);
        self.0.push([place.to_owned(), figure.to_owned(), show(expected), found]);
    }

    fn findings(&mut self, place: &str, what: &str, findings: &[Finding]) {
        let said = findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        self.add(place, what, &json!("none"), Some(&json!(said)));
    }

    /// Fails with a table of all differences, if there are any.
    fn none_or_fail(&self, checked: usize) {
        assert!(checked > 0, "nothing was checked");
        if self.0.is_empty() {
            return;
        }
        let mut rows = vec![["where", "figure", "expected", "found"].map(str::to_owned)];
        rows.extend(self.0.iter().cloned());
        let width = |column: usize| rows.iter().map(|r| r[column].chars().count()).max().unwrap_or(0);
        let widths = [width(0), width(1), width(2)];
        let table: String = rows
            .iter()
            .map(|r| {
                format!(
                    "{:w0$}  {:w1$}  {:w2$}  {}\n",
                    r[0],
                    r[1],
                    r[2],
                    r[3],
                    w0 = widths[0],
                    w1 = widths[1],
                    w2 = widths[2]
                )
            })
            .collect();
        panic!("{} figures of {checked} evaluations depart:\n{table}", self.0.len());
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn text_of(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn json_of(path: &Path) -> Value {
    serde_json::from_str(&text_of(path)).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The files of a folder whose name ends in `ending`, sorted.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .collect();
    found.sort();
    assert!(!found.is_empty(), "{} holds no *{ending}", folder.display());
    found
}

/// All cases of all files, each with its plan in place of the plan's name.
fn cases() -> Vec<Value> {
    let mut all = Vec::new();
    for path in files(&root().join("crates/domain/tests/golden"), ".json") {
        let file = json_of(&path);
        for case in file["cases"].as_array().unwrap() {
            let mut case = case.clone();
            if let Some(name) = case["plan"].as_str() {
                let plan = file["plans"].get(name).unwrap_or_else(|| panic!("{}: no plan `{name}`", path.display()));
                case["plan"] = plan.clone();
            }
            all.push(case);
        }
    }
    all
}

/// Equal as numbers, else as they stand. An expected object or list may leave fields out.
fn same(expected: &Value, found: &Value) -> bool {
    let number = |v: &Value| match v {
        Value::String(text) => Exact::parse(text).ok(),
        Value::Number(number) => Exact::parse(&number.to_string()).ok(),
        _ => None,
    };
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            expected.iter().all(|(key, value)| found.get(key).is_some_and(|other| same(value, other)))
        }
        (Value::Array(expected), Value::Array(found)) => {
            expected.len() == found.len() && expected.iter().zip(found).all(|(a, b)| same(a, b))
        }
        _ => match (number(expected), number(found)) {
            (Some(expected), Some(found)) => expected == found,
            _ => expected == found,
        },
    }
}

/// Inputs with `participants`, and what is expected of each.
fn for_everybody(inputs: &Value, expect: &Value) -> (Value, Value) {
    if inputs.get("participants").is_some() {
        return (inputs.clone(), expect.clone());
    }
    let mut alone = inputs.clone();
    alone["id"] = json!(ALONE);
    (json!({ "participants": [alone] }), json!({ "participants": { ALONE: expect } }))
}

/// Compares what is expected of one participant with the result.
fn compare(place: &str, expect: &Map<String, Value>, found: &Value, out: &mut Differences) {
    for (key, expected) in expect {
        match key.as_str() {
            "state" | "earned" | "payment" => {
                if !same(expected, &found[key]) {
                    out.add(place, key, expected, found.get(key));
                }
            }
            "balances" => {
                for (name, expected) in expected.as_object().unwrap() {
                    let nothing_held =
                        name == "held" && expected == &json!([]) && found["balances"].get(name).is_none();
                    if !nothing_held && !same(expected, &found["balances"][name]) {
                        out.add(place, name, expected, found["balances"].get(name));
                    }
                }
            }
            "components" => {
                for (id, expected) in expected.as_object().unwrap() {
                    let component = found["components"].as_array().unwrap().iter().find(|c| c["id"] == json!(id));
                    let payout = json!({ "payout": expected });
                    let figures = expected.as_object().or(payout.as_object()).unwrap();
                    for (name, expected) in figures {
                        let figure = component.and_then(|c| c.get(name));
                        if !figure.is_some_and(|figure| same(expected, figure)) {
                            out.add(place, &format!("{id}.{name}"), expected, figure);
                        }
                    }
                }
            }
            _ => panic!("{place}: `{key}` cannot be expected"),
        }
    }
}

/// Evaluates and compares; returns the new balances by participant.
/// Figures must not depend on whether the derivation is kept.
fn check(place: &str, plan: &Value, inputs: &Value, expect: &Value, out: &mut Differences) -> BTreeMap<String, Value> {
    let (inputs, expect) = for_everybody(inputs, expect);
    let (Some(plan), _) = load_plan(&plan.to_string()) else {
        out.findings(place, "findings of the plan", &load_plan(&plan.to_string()).1);
        return BTreeMap::new();
    };
    let read = match read_inputs(&inputs.to_string()) {
        Ok(read) => read,
        Err(findings) => {
            out.findings(place, "findings of the inputs", &findings);
            return BTreeMap::new();
        }
    };
    let mut figures = Vec::new();
    for trace in [Trace::Off, Trace::Full] {
        match evaluate(&plan, &read, trace) {
            Ok(outcome) => figures.push(without_derivation(serde_json::to_value(outcome).unwrap())),
            Err(findings) => {
                out.findings(place, "findings of the evaluation", &findings);
                return BTreeMap::new();
            }
        }
    }
    if figures[0] != figures[1] {
        out.add(place, "with derivation", &figures[0], Some(&figures[1]));
    }
    let found: BTreeMap<String, &Value> = figures[0]["participants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| (p["id"].as_str().unwrap().to_owned(), p))
        .collect();
    for (id, expect) in expect["participants"].as_object().unwrap() {
        let place = if id == ALONE { place.to_owned() } else { format!("{place} {id}") };
        match found.get(id) {
            Some(found) => compare(&place, expect.as_object().unwrap(), found, out),
            None => out.add(&place, "participant", &json!(id), None),
        }
    }
    found.into_iter().map(|(id, p)| (id, p["balances"].clone())).collect()
}

/// A result without how it came about.
fn without_derivation(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            fields.into_iter().filter(|(key, _)| key != "derivation").map(|(k, v)| (k, without_derivation(v))).collect()
        }
        Value::Array(items) => items.into_iter().map(without_derivation).collect(),
        other => other,
    }
}

#[test]
fn every_golden_case_holds() {
    let (mut out, mut checked) = (Differences::default(), 0);
    for case in cases() {
        let id = case["id"].as_str().unwrap();
        if let Some(rows) = case["rows"].as_array() {
            for row in rows {
                let place = format!("{id}/{}", row["id"].as_str().unwrap());
                check(&place, &case["plan"], &row["inputs"], &row["expect"], &mut out);
                checked += 1;
            }
        } else if let Some(steps) = case["steps"].as_array() {
            let mut balances = BTreeMap::new();
            for step in steps {
                let place = format!("{id}/{}", step["id"].as_str().unwrap());
                let (mut inputs, expect) = for_everybody(&step["inputs"], &step["expect"]);
                for participant in inputs["participants"].as_array_mut().unwrap() {
                    if let Some(before) = balances.get(participant["id"].as_str().unwrap()) {
                        participant["balances"] = Value::clone(before);
                    }
                }
                balances = check(&place, &case["plan"], &inputs, &expect, &mut out);
                checked += 1;
            }
        } else if case.get("expect").is_some() {
            check(id, &case["plan"], &case["inputs"], &case["expect"], &mut out);
            checked += 1;
        }
    }
    out.none_or_fail(checked);
}

#[test]
fn documents_are_refused_or_warned_of() {
    let (mut out, mut checked) = (Differences::default(), 0);
    for case in cases() {
        let id = case["id"].as_str().unwrap();
        let codes =
            |name: &str| case[name].as_array().map(|c| c.iter().map(|c| c.as_str().unwrap()).collect::<Vec<_>>());
        let (refused, warned) = (codes("refused"), codes("warned"));
        if refused.is_none() && warned.is_none() {
            continue;
        }
        let (plan, findings) = load_plan(&case["plan"].to_string());
        let found: Vec<&str> = findings.iter().map(|f| f.code.as_str()).collect();
        let expected = refused.clone().or(warned).unwrap();
        if found != expected {
            out.add(id, "findings", &json!(expected.join(", ")), Some(&json!(found.join(", "))));
        }
        if plan.is_none() != refused.is_some() {
            out.add(id, "accepted", &json!(refused.is_none()), Some(&json!(plan.is_some())));
        }
        checked += 1;
    }
    out.none_or_fail(checked);
}

#[test]
fn cases_have_a_source_and_are_listed_in_the_documentation() {
    let page = text_of(&root().join("docs/golden-cases.md"));
    let cases = cases();
    let ids: BTreeSet<&str> = cases.iter().map(|c| c["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), cases.len(), "two cases have the same id");
    for case in &cases {
        let id = case["id"].as_str().unwrap();
        assert!(page.contains(&format!("\n| `{id}` |")), "docs/golden-cases.md does not list `{id}`");
        for name in ["source", "about"] {
            assert!(case[name].as_str().is_some_and(|text| !text.is_empty()), "`{id}` has no {name}");
        }
    }
    for line in page.lines().filter(|line| line.starts_with("| `")) {
        let id = line.trim_start_matches("| `").split('`').next().unwrap();
        assert!(ids.contains(id), "docs/golden-cases.md lists `{id}`, which is no case");
    }
}

#[test]
fn examples_of_the_documentation_hold() {
    let folder = root().join("docs/examples");
    let (mut out, mut checked) = (Differences::default(), 0);
    for path in files(&folder, ".inputs.json") {
        let name = path.file_name().unwrap().to_string_lossy().replace(".inputs.json", "");
        let part = |kind: &str| json_of(&folder.join(format!("{name}.{kind}.json")));
        check(&name, &part("plan"), &part("inputs"), &part("expect"), &mut out);
        checked += 1;
    }
    out.none_or_fail(checked);
}

/// The cases again, as `examples` of their plans: what stops a plan from being published must agree with this file.
#[test]
fn cases_hold_as_examples_of_their_plans() {
    let (mut out, mut checked) = (Differences::default(), 0);
    for case in cases() {
        let id = case["id"].as_str().unwrap();
        let alone = [json!({ "id": id, "inputs": case["inputs"], "expect": case["expect"] })];
        let rows = case["rows"].as_array().map_or(&alone[..], Vec::as_slice);
        let examples: Vec<Value> = rows
            .iter()
            .filter(|row| row["expect"].is_object() && !row["expect"].to_string().contains("\"held\""))
            .map(|row| json!({ "name": row["id"], "inputs": row["inputs"], "expect": row["expect"] }))
            .collect();
        if examples.is_empty() {
            continue;
        }
        checked += examples.len();
        let mut plan = case["plan"].clone();
        plan["examples"] = json!(examples);
        let Some(checked_plan) = load_plan(&plan.to_string()).0 else {
            out.findings(id, "findings of the plan", &load_plan(&plan.to_string()).1);
            continue;
        };
        for failure in run_examples(&checked_plan) {
            let place = format!("{id}/{} {}", failure.name, failure.participant);
            out.add(&place, &failure.figure, &json!(failure.expected), Some(&json!(failure.found)));
        }
        // A cent more than expected must be noticed.
        let wrong = examples.iter().find_map(|example| {
            let earned = Exact::parse(example["expect"]["earned"].as_str()?).ok()?;
            let mut example = example.clone();
            example["expect"]["earned"] = json!((&earned + &Exact::parse("0.01").ok()?).to_string());
            Some(example)
        });
        if let Some(wrong) = wrong {
            plan["examples"] = json!([wrong]);
            let failures = run_examples(&load_plan(&plan.to_string()).0.unwrap());
            if failures.iter().map(|f| f.figure.as_str()).collect::<Vec<_>>() != ["earned"] {
                out.add(id, "a wrong example", &json!("one failure: earned"), Some(&json!(format!("{failures:?}"))));
            }
        }
    }
    out.none_or_fail(checked);
}

#[test]
fn examples_inside_the_documented_plans_hold() {
    let mut examples = 0;
    for path in files(&root().join("docs/examples"), "plan.json") {
        let Some(plan) = load_plan(&text_of(&path)).0 else { continue };
        examples += plan.plan().examples.len();
        assert_eq!(run_examples(&plan), [], "{}", path.display());
    }
    assert!(examples > 0, "no documented plan has examples");
}

#[test]
fn figures_of_the_examples_page_are_those_of_the_files() {
    let page = text_of(&root().join("docs/plan-examples.md"));
    for path in files(&root().join("docs/examples"), ".expect.json") {
        let expect = json_of(&path);
        let Some(people) = expect["participants"].as_object() else { continue };
        for (id, figures) in people {
            for name in ["earned", "payment"] {
                let Some(figure) = figures[name].as_str() else { continue };
                let written = with_thousands(figure);
                let place = path.file_name().unwrap().to_string_lossy().into_owned();
                assert!(
                    page.contains(&format!("**{written}**")),
                    "docs/plan-examples.md lacks {written}, {name} of {id} in {place}"
                );
            }
        }
    }
}

/// `4500.00` as `4,500.00`.
fn with_thousands(figure: &str) -> String {
    let (whole, cents) = figure.split_once('.').unwrap();
    let mut out = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{out}.{cents}")
}

#[test]
fn wrong_plan_shows_every_finding_at_once() {
    let folder = root().join("docs/examples");
    let (plan, findings) = load_plan(&text_of(&folder.join("wrong.plan.json")));
    assert!(plan.is_none(), "the wrong plan was accepted");
    let found: Vec<Value> =
        findings.iter().map(|f| json!({ "code": f.code, "severity": f.severity, "path": f.path })).collect();
    let expected = json_of(&folder.join("wrong.expect.json"));
    assert_eq!(json!({ "findings": found }), expected);
    for finding in &findings {
        assert!(!finding.help.is_empty(), "{finding} does not say what to do");
    }
}
