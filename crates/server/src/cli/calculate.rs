//! `traguardo calculate`: a plan and its inputs in, results with their derivation out; needs no database.

use std::path::PathBuf;

use traguardo_domain::engine::evaluate;
use traguardo_domain::finding::Finding;
use traguardo_domain::inputs::read_inputs;
use traguardo_domain::plan::load_plan;
use traguardo_domain::result::text::render;
use traguardo_domain::trace::Trace;

use super::files::{Language, read_document};
use super::{Failure, Outcome, say};

/// Calculates what a plan pays for given inputs.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The plan document (`traguardo-plan/1`); `-` reads the standard input.
    #[arg(long)]
    plan: PathBuf,
    /// The inputs document (docs/plan-format.md, section 9); `-` reads the standard input.
    #[arg(long)]
    inputs: PathBuf,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// Language of the text form.
    #[arg(long, value_enum, default_value_t = Language::En)]
    lang: Language,
    /// Leave the derivation out.
    #[arg(long)]
    no_derivation: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    Json,
    Text,
}

/// Runs the command.
pub fn run(args: Args) -> Outcome {
    if args.plan.as_os_str() == "-" && args.inputs.as_os_str() == "-" {
        return Err(Failure::Wrong(
            "only one of `--plan` and `--inputs` can be read from the standard input".to_owned(),
        ));
    }
    let plan_text = read_document(&args.plan)?;
    let inputs_text = read_document(&args.inputs)?;
    // Both documents are read before anything is said, so that all faults come at once.
    let (plan, mut findings) = load_plan(&plan_text);
    for finding in &mut findings {
        finding.path = in_file("plan", &finding.path);
    }
    let mut refused = plan.is_none();
    let inputs = match read_inputs(&inputs_text) {
        Ok(inputs) => Some(inputs),
        Err(more) => {
            refused = true;
            findings.extend(more.into_iter().map(of_inputs));
            None
        }
    };
    let (Some(plan), Some(inputs), false) = (plan, inputs, refused) else { return Err(refusal(&findings)) };
    for warning in &findings {
        super::warn(&warning.to_string());
    }
    let trace = if args.no_derivation { Trace::Off } else { Trace::Full };
    let outcome = evaluate(&plan, &inputs, trace)
        .map_err(|findings| refusal(&findings.into_iter().map(of_inputs).collect::<Vec<_>>()))?;
    match args.format {
        Format::Text => say(&render(&outcome, args.lang.code())),
        Format::Json => {
            let json = serde_json::to_string_pretty(&outcome).map_err(|error| Failure::Failed(error.to_string()))?;
            say(&format!("{json}\n"))
        }
    }
}

fn of_inputs(mut finding: Finding) -> Finding {
    finding.path = in_file("inputs", &finding.path);
    finding
}

/// A path with the document it is in: two documents are at hand.
fn in_file(document: &str, path: &str) -> String {
    format!("{document} {path}")
}

/// All findings, one a line.
pub(super) fn refusal(findings: &[Finding]) -> Failure {
    let lines: Vec<String> = findings.iter().map(|finding| format!("\n  {finding}")).collect();
    let errors = findings.iter().filter(|finding| finding.is_error()).count();
    let word = if errors == 1 { "error" } else { "errors" };
    Failure::Wrong(format!("{errors} {word} found{}", lines.concat()))
}
