//! Evaluates `{"plan": …, "inputs": …}` documents, one per line, for the comparison with the naive twin.
#![allow(clippy::print_stdout, clippy::print_stderr, missing_docs)]

use std::io::{BufRead, Write};

use traguardo_domain::document::{Findings, Node};
use traguardo_domain::engine::evaluate;
use traguardo_domain::finding::has_errors;
use traguardo_domain::inputs::read_inputs_node;
use traguardo_domain::plan::{check_plan, read_plan_node};
use traguardo_domain::trace::Trace;

fn one(text: &str) -> Result<String, String> {
    let out = Findings::default();
    let documents = Node::root(text, &out).and_then(|node| {
        let mut o = node.object()?;
        let plan = o.need("plan").and_then(|n| read_plan_node(&n));
        let inputs = o.need("inputs").and_then(|n| read_inputs_node(&n, false));
        plan.zip(inputs)
    });
    let findings = out.into_vec();
    let shown = |findings: &[traguardo_domain::finding::Finding]| {
        findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    let Some((plan, inputs)) = documents.filter(|_| !has_errors(&findings)) else { return Err(shown(&findings)) };
    let (checked, _) = check_plan(plan).map_err(|findings| shown(&findings))?;
    let outcome = evaluate(&checked, &inputs, Trace::Off).map_err(|findings| shown(&findings))?;
    serde_json::to_string(&outcome).map_err(|e| e.to_string())
}

fn main() -> std::io::Result<()> {
    let stdin = std::io::stdin().lock();
    let mut stdout = std::io::BufWriter::new(std::io::stdout().lock());
    for line in stdin.lines() {
        match one(&line?) {
            Ok(result) => writeln!(stdout, "{result}")?,
            Err(why) => writeln!(stdout, "{}", serde_json::json!({ "refused": true, "why": why }))?,
        }
    }
    stdout.flush()
}
