//! Any text as a plan and its inputs, divided by a line of `---`: nothing may panic, and what is
//! accepted gives the same result twice, with and without its derivation.
#![no_main]

use libfuzzer_sys::fuzz_target;
use traguardo_domain::engine::{evaluate, run_examples};
use traguardo_domain::inputs::read_inputs;
use traguardo_domain::plan::load_plan;
use traguardo_domain::trace::Trace;

fuzz_target!(|text: &str| {
    let (plan, inputs) = text.split_once("\n---\n").unwrap_or((text, r#"{"participants":[]}"#));
    let (Some(plan), _) = load_plan(plan) else { return };
    let _ = run_examples(&plan);
    let Ok(inputs) = read_inputs(inputs) else { return };
    let full = evaluate(&plan, &inputs, Trace::Full);
    let bare = evaluate(&plan, &inputs, Trace::Off);
    match (full, bare) {
        (Ok(full), Ok(bare)) => {
            assert_eq!(full.totals, bare.totals, "the derivation changes the figures");
            for (a, b) in full.participants.iter().zip(&bare.participants) {
                assert_eq!((&a.earned, &a.payment, &a.balances, &a.components), (&b.earned, &b.payment, &b.balances, &b.components));
            }
            assert!(can_be_told(&full));
        }
        (Err(full), Err(bare)) => {
            // `internal` means that a figure is not the sum of what explains it: a fault of ours.
            assert!(full.iter().all(|finding| finding.code != "internal"), "{full:?}");
            assert_eq!(full, bare);
        }
        (full, bare) => panic!("accepted once and refused once: {full:?} {bare:?}"),
    }
});

/// The text form is total: every result can be told in both languages.
fn can_be_told(outcome: &traguardo_domain::result::Outcome) -> bool {
    let told = traguardo_domain::result::text::render(outcome, "en");
    !told.is_empty() && !traguardo_domain::result::text::render(outcome, "it").is_empty()
}
