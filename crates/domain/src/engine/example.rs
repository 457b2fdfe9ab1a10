//! The examples of a plan: golden cases that must hold before it can be published.

use serde::Serialize;

use super::evaluate;
use crate::exact::Exact;
use crate::finding::Finding;
use crate::plan::{CheckedPlan, Example, Expectation};
use crate::result::ParticipantResult;
use crate::trace::Trace;

/// A figure of an example that departs from what was expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExampleFailure {
    /// Which example, from 0.
    pub example: usize,
    /// Its name.
    pub name: String,
    /// Whose figure; empty when the inputs were refused.
    pub participant: String,
    /// Which figure: `earned`, `payment`, `components.<id>.payout`, `balances.draw`…
    pub figure: String,
    /// What was expected.
    pub expected: String,
    /// What came out.
    pub found: String,
}

impl ExampleFailure {
    /// As a finding of the plan document.
    pub fn finding(&self) -> Finding {
        Finding::error(
            "example_failed",
            format!("$.examples[{}]", self.example),
            format!(
                "example `{}`, participant `{}`: `{}` is {}, expected {}",
                self.name, self.participant, self.figure, self.found, self.expected
            ),
        )
        .help("mend the plan or the example; calculate the example to see where it departs")
    }
}

/// Evaluates the examples of a plan; what departs is returned, per example in the order of the calculation.
pub fn run_examples(plan: &CheckedPlan) -> Vec<ExampleFailure> {
    plan.plan().examples.iter().enumerate().flat_map(|(i, example)| run_example(plan, i, example)).collect()
}

fn run_example(plan: &CheckedPlan, index: usize, example: &Example) -> Vec<ExampleFailure> {
    let name = example.name.in_language("en").to_owned();
    let failure = |participant: &str, figure: String, expected: String, found: String| ExampleFailure {
        example: index,
        name: name.clone(),
        participant: participant.to_owned(),
        figure,
        expected,
        found,
    };
    let outcome = match evaluate(plan, &example.inputs, Trace::Off) {
        Ok(outcome) => outcome,
        Err(findings) => {
            return findings
                .iter()
                .map(|f| failure("", "inputs".to_owned(), "accepted".to_owned(), f.to_string()))
                .collect();
        }
    };
    let mut failures = Vec::new();
    for (id, expected) in &example.expect {
        match outcome.participants.iter().find(|p| p.id == *id) {
            Some(found) => compare(found, expected, &mut |figure, expected, found| {
                failures.push(failure(id, figure, expected, found))
            }),
            None => failures.push(failure(id, "participant".to_owned(), "present".to_owned(), "absent".to_owned())),
        }
    }
    failures
}

/// Compares one participant's result with what was expected; components first, as they are worked out first.
fn compare(found: &ParticipantResult, expected: &Expectation, report: &mut impl FnMut(String, String, String)) {
    let mut figure = |name: String, expected: &Exact, found: Option<&Exact>| {
        // A third can only be expected as it is printed.
        let equal = |found: &Exact| found == expected || found.to_string() == expected.to_string();
        if !found.is_some_and(equal) {
            report(name, expected.to_string(), found.map_or_else(|| "absent".to_owned(), ToString::to_string));
        }
    };
    let mut words: Vec<(String, String, String)> = Vec::new();
    for (id, expected) in &expected.components {
        let Some(component) = found.components.iter().find(|c| c.id == *id) else {
            words.push((format!("components.{id}"), "present".to_owned(), "absent".to_owned()));
            continue;
        };
        // In the order in which they are worked out, so that the first that departs is the cause.
        for name in ["actual", "goal", "attainment", "target", "payout", "modified"] {
            let Some(expected) = expected.figures.get(name) else { continue };
            let found = match name {
                "actual" => component.actual.as_ref(),
                "goal" => component.goal.as_ref(),
                "attainment" => component.attainment.as_ref(),
                "target" => component.target.as_ref(),
                "modified" => Some(&component.modified),
                _ => Some(&component.payout),
            };
            figure(format!("components.{id}.{name}"), expected, found.map(|f| &f.value));
        }
        if let Some(state) = &expected.state
            && state != component.state.word()
        {
            words.push((format!("components.{id}.state"), state.clone(), component.state.word().to_owned()));
        }
    }
    if let Some(earned) = &expected.earned {
        figure("earned".to_owned(), earned, Some(&found.earned.value));
    }
    if let Some(payment) = &expected.payment {
        figure("payment".to_owned(), payment, Some(&found.payment.value));
    }
    for (name, expected) in &expected.balances {
        let balance = match name.as_str() {
            "draw" => &found.balances.draw,
            "carried" => &found.balances.carried,
            "earned_to_date" => &found.balances.earned_to_date,
            _ => &found.balances.holdback,
        };
        figure(format!("balances.{name}"), expected, Some(&balance.value));
    }
    if let Some(state) = &expected.state
        && state != found.state.word()
    {
        words.push(("state".to_owned(), state.clone(), found.state.word().to_owned()));
    }
    for (name, expected, found) in words {
        report(name, expected, found);
    }
}
