//! Lines: order, splitting, merging, and what a return does to a sale.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use traguardo_domain::exact::Exact;
use traguardo_domain::result::{Outcome, State};

use super::draw::{line_by_line, per_line};
use super::people::{any_world, line};
use super::rules::plan_of;
use super::{exact, outcome, text};

/// Everything but the derivations, which name the lines.
fn figures(mut outcome: Outcome) -> Outcome {
    for person in &mut outcome.participants {
        person.derivation = None;
    }
    outcome
}

/// Components of which each line adds what it is worth: nothing looks at the size of a line.
fn additive(kind: Value) -> Value {
    json!({ "id": "c0", "goal": "none", "measure": { "of": "sales.amount" }, "payout": kind })
}

fn people_of(lines: &[Value]) -> Value {
    let lines: Vec<Value> = lines
        .iter()
        .enumerate()
        .map(|(k, line)| {
            let mut line = line.clone();
            line["ref"] = json!(format!("L{k}"));
            line
        })
        .collect();
    json!({ "participants": [{ "id": "R", "lines": lines }] })
}

/// A line in two parts that are worth together what it is worth.
fn parts(line: &Value, share: i64) -> (Value, Value) {
    let (mut one, mut other) = (line.clone(), line.clone());
    for name in ["amount", "quantity", "margin"] {
        if let Some(value) = line[name].as_str().map(exact) {
            let part =
                (&value * &Exact::scaled(i128::from(share), 2)).round(2, traguardo_domain::exact::RoundingMode::Down);
            one[name] = json!(part.to_string());
            other[name] = json!((&value - &part).to_string());
        }
    }
    (one, other)
}

/// The line's return.
fn returned(line: &Value) -> Value {
    let mut back = line.clone();
    for name in ["amount", "quantity", "margin"] {
        if let Some(value) = line[name].as_str().map(exact) {
            back[name] = json!((-&value).to_string());
        }
    }
    back
}

fn payout(document: &Value, lines: &[Value]) -> (State, Exact) {
    let mut result = outcome(document, &people_of(lines));
    let component = result.participants.remove(0).components.remove(0);
    (component.state, component.payout.value)
}

/// A way of paying lines that must be odd: no gate, no limit, no mode that tells up from down.
fn odd() -> BoxedStrategy<(Value, Value)> {
    let of = prop::sample::select(vec!["sales.amount", "sales.quantity", "sales.margin"]);
    let component = prop_oneof![
        per_line(false).prop_map(additive),
        line_by_line().prop_map(|mut component| {
            component["id"] = json!("c0");
            component
        }),
    ];
    let mode = prop::sample::select(vec!["half_up", "half_down", "half_even", "up", "down"]);
    (component, of, mode)
        .prop_map(|(mut component, of, mode)| {
            component["measure"]["of"] = json!(of);
            (component, json!({ "scale": 2, "mode": mode }))
        })
        .boxed()
}

proptest! {
    #[test]
    fn the_order_of_lines_does_not_matter((document, people) in any_world(), turn in 0_usize..5) {
        let mut other = people.clone();
        for person in other["participants"].as_array_mut().unwrap() {
            let Some(lines) = person["lines"].as_array_mut().filter(|lines| !lines.is_empty()) else { continue };
            let middle = turn % lines.len();
            lines.rotate_left(middle);
            lines.reverse();
        }
        prop_assert_eq!(figures(outcome(&document, &people)), figures(outcome(&document, &other)));
    }

    /// A sum knows nothing of its lines, whatever is paid on it.
    #[test]
    fn splitting_a_line_changes_no_sum((document, people) in any_world(), which in 0_usize..6, share in -100_i64..200) {
        let whole = |component: &Value| component["per"] != "line" && component["payout"]["kind"] != "per_line";
        prop_assume!(document["components"].as_array().unwrap().iter().all(whole));
        let mut other = people.clone();
        for person in other["participants"].as_array_mut().unwrap() {
            let Some(lines) = person["lines"].as_array_mut().filter(|lines| !lines.is_empty()) else { continue };
            let at = which % lines.len();
            let (one, two) = parts(&lines[at], share);
            lines[at] = one;
            lines.push(two);
        }
        prop_assert_eq!(figures(outcome(&document, &people)), figures(outcome(&document, &other)));
    }

    /// Rates without bounds, by rules that do not look at the size: splitting and merging change nothing.
    #[test]
    fn splitting_a_line_changes_no_rate(kind in per_line(true), lines in vec(line(0), 1..6), which in 0_usize..6, share in -100_i64..200) {
        let document = plan_of(&[additive(kind)], json!({ "rounding": { "at": "total" } }));
        let mut split = lines.clone();
        let at = which % split.len();
        let (one, two) = parts(&split[at], share);
        split[at] = one;
        split.insert(0, two);
        prop_assert_eq!(payout(&document, &lines), payout(&document, &split));
    }

    #[test]
    fn a_return_pays_the_exact_negative((component, rounding) in odd(), lines in vec(line(0), 1..6)) {
        let document = plan_of(&[component], json!({ "rounding": rounding, "negative": "pay" }));
        let back: Vec<Value> = lines.iter().map(returned).collect();
        let (sold, paid) = payout(&document, &lines);
        let (given_back, taken) = payout(&document, &back);
        prop_assert_eq!(&taken, &-&paid);
        prop_assert_eq!(sold, given_back);
        let both: Vec<Value> = lines.iter().chain(&back).cloned().collect();
        prop_assert_eq!(payout(&document, &both).1, Exact::ZERO);
    }

    /// Line by line means: the sum over single lines. At the cent only where nothing is rounded.
    #[test]
    fn lines_are_paid_one_by_one((component, _) in odd(), lines in vec(line(0), 1..6)) {
        let document = plan_of(&[component], json!({ "rounding": { "at": "total" } }));
        let alone: Exact = lines.iter().map(|line| payout(&document, std::slice::from_ref(line)).1).sum();
        prop_assert_eq!(payout(&document, &lines).1, alone);
    }

    #[test]
    fn a_line_without_value_pays_nothing((component, rounding) in odd()) {
        let document = plan_of(&[component], json!({ "rounding": rounding }));
        for nothing in [json!({ "measure": "c0" }), json!({ "measure": "c0", "amount": text(0, 0), "quantity": "0", "margin": "0" })] {
            prop_assert_eq!(payout(&document, &[nothing]).1, Exact::ZERO);
        }
    }
}
