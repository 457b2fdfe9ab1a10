//! Answers everything the engine can say about `{"plan": …, "inputs": …}` documents, one per line: the findings, the
//! result with its derivation, the same as text in both languages. `scripts/test-wasm` runs it natively and in
//! WebAssembly (`answer_wasm.rs`) and compares the bytes.
#![allow(clippy::indexing_slicing, clippy::print_stdout)]

use std::io::{BufRead as _, Write as _};

use serde_json::value::RawValue;
use traguardo_domain::engine::{evaluate, run_examples};
use traguardo_domain::finding::Finding;
use traguardo_domain::inputs::read_inputs;
use traguardo_domain::plan::load_plan;
use traguardo_domain::result::text::render;
use traguardo_domain::trace::Trace;

/// A line of the corpus; its parts are read by the engine's own readers.
#[derive(serde::Deserialize)]
struct Case<'a> {
    #[serde(borrow)]
    plan: &'a RawValue,
    #[serde(borrow)]
    inputs: &'a RawValue,
}

/// One line of JSON for a line of the corpus.
pub fn answer(line: &str) -> String {
    let case: Case<'_> = match serde_json::from_str(line) {
        Ok(case) => case,
        Err(error) => return serde_json::json!({ "not_a_case": error.to_string() }).to_string(),
    };
    let shown = |findings: &[Finding]| findings.iter().map(ToString::to_string).collect::<Vec<_>>();
    let (plan, plan_findings) = load_plan(case.plan.get());
    let inputs = read_inputs(case.inputs.get());
    let mut said = serde_json::json!({ "plan_findings": shown(&plan_findings) });
    match (plan, inputs) {
        (Some(plan), Ok(inputs)) => {
            said["example_failures"] = serde_json::json!(run_examples(&plan));
            match evaluate(&plan, &inputs, Trace::Full) {
                Ok(outcome) => {
                    said["en"] = render(&outcome, "en").into();
                    said["it"] = render(&outcome, "it").into();
                    said["outcome"] = serde_json::json!(outcome);
                }
                Err(findings) => said["refused"] = serde_json::json!(shown(&findings)),
            }
        }
        (_, Err(findings)) => said["inputs_findings"] = serde_json::json!(shown(&findings)),
        (None, Ok(_)) => {}
    }
    said.to_string()
}

/// Lines from the standard input, answers to the standard output.
pub fn main() -> std::io::Result<()> {
    let mut stdout = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        writeln!(stdout, "{}", answer(&line?))?;
    }
    stdout.flush()
}
