//! What holds for every plan and every input: laws of the calculation, over plans and people drawn at random.
//!
//! How many cases each law sees is said by `PROPTEST_CASES` (256). The plans are drawn by `draw` and `people`, which
//! share nothing with the generator of the twin.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "helpers of tests")]

use serde_json::Value;
use traguardo_domain::engine::evaluate;
use traguardo_domain::exact::Exact;
use traguardo_domain::finding::Finding;
use traguardo_domain::inputs::{Inputs, read_inputs};
use traguardo_domain::plan::{CheckedPlan, load_plan};
use traguardo_domain::result::{Outcome, ParticipantResult};
use traguardo_domain::trace::Trace;

mod borders;
mod derivation;
mod draw;
mod everything;
mod hostile;
mod lines;
mod monotone;
mod people;
mod periods;
mod rules;
mod shares;

/// A plan that must be accepted.
fn plan(document: &Value) -> CheckedPlan {
    let (plan, findings) = load_plan(&document.to_string());
    plan.unwrap_or_else(|| panic!("a plan as drawn is refused: {}\n{document}", words(&findings)))
}

/// Inputs that must be accepted.
fn inputs(document: &Value) -> Inputs {
    read_inputs(&document.to_string()).unwrap_or_else(|findings| panic!("{}\n{document}", words(&findings)))
}

/// The result of a plan and inputs that must fit.
fn outcome(plan_document: &Value, inputs_document: &Value) -> Outcome {
    evaluate(&plan(plan_document), &inputs(inputs_document), Trace::Full)
        .unwrap_or_else(|findings| panic!("{}\n{plan_document}\n{inputs_document}", words(&findings)))
}

fn words(findings: &[Finding]) -> String {
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// `n` units of 10^-`scale`, as documents write it.
fn text(n: i64, scale: u32) -> String {
    Exact::scaled(i128::from(n), scale).to_string()
}

fn exact(text: &str) -> Exact {
    Exact::parse(text).unwrap()
}

fn sum<'a>(values: impl IntoIterator<Item = &'a Exact>) -> Exact {
    values.into_iter().sum()
}

/// The sum of what the payment steps of one name changed.
fn moved(person: &ParticipantResult, step: &str) -> Exact {
    sum(person.payment_steps.iter().filter(|s| s.step == step).map(|s| &s.amount.value))
}
