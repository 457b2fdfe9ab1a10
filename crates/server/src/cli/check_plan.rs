//! `traguardo check-plan`: validates a plan document and runs its examples; needs no database.

use std::path::PathBuf;

use traguardo_domain::engine::run_examples;
use traguardo_domain::finding::has_errors;
use traguardo_domain::plan::load_plan;

use super::calculate::refusal;
use super::files::read_document;
use super::{Failure, Outcome, say};

/// Checks a plan document and runs its examples.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The plan document (`traguardo-plan/1`); `-` reads the standard input.
    plan: PathBuf,
    /// How the findings are written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    Json,
    Text,
}

/// Runs the command.
pub fn run(args: Args) -> Outcome {
    let (plan, mut findings) = load_plan(&read_document(&args.plan)?);
    let examples = plan.as_ref().map_or(0, |plan| plan.plan().examples.len());
    let failures = plan.as_ref().map(run_examples).unwrap_or_default();
    findings.extend(failures.iter().map(|failure| failure.finding()));
    let refused = has_errors(&findings);
    if matches!(args.format, Format::Json) {
        let report = serde_json::json!({ "ok": !refused, "findings": findings, "examples": { "run": examples, "failures": failures } });
        say(&format!("{report:#}\n"))?;
        return if refused { Err(Failure::Wrong("the plan has errors".to_owned())) } else { Ok(()) };
    }
    if refused {
        return Err(refusal(&findings));
    }
    for warning in &findings {
        super::warn(&warning.to_string());
    }
    let Some(plan) = plan else { return Err(Failure::Wrong("the plan cannot be read".to_owned())) };
    let plan = plan.plan();
    say(&format!("the plan `{}` is fine: {} components, {examples} examples hold\n", plan.code, plan.components.len()))
}
