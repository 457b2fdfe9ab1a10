//! A result as a person reads it: every figure with what it is made of.

use std::fmt::Write as _;

use super::{Outcome, ParticipantResult};
use crate::trace::{Step, label};

/// Columns at which values begin.
const VALUE_AT: usize = 46;

/// The whole result, with the derivation where it was kept, in `language` (`en` or `it`).
pub fn render(outcome: &Outcome, language: &str) -> String {
    let mut out = String::new();
    // Writing to a `String` cannot fail.
    let _ = writeln!(
        out,
        "{} {} · {} · {} {}",
        label("plan", language),
        outcome.plan,
        outcome.currency,
        outcome.participants.len(),
        label("participants", language)
    );
    for participant in &outcome.participants {
        render_participant(&mut out, participant, language);
    }
    let _ = writeln!(out, "\n{}", pair(label("total_earned", language), &outcome.totals.earned.to_string(), 0));
    let _ = writeln!(out, "{}", pair(label("total_payment", language), &outcome.totals.payment.to_string(), 0));
    out
}

fn render_participant(out: &mut String, p: &ParticipantResult, language: &str) {
    let _ = writeln!(out, "\n{}", "─".repeat(78));
    let _ = writeln!(out, "{} ({})", p.id, label(p.state.word(), language));
    match &p.derivation {
        Some(derivation) => render_step(out, derivation, 0, language),
        None => {
            for c in &p.components {
                let _ = writeln!(
                    out,
                    "{}",
                    pair(&format!("{} ({})", c.id, label(c.state.word(), language)), &c.payout.to_string(), 1)
                );
            }
            let _ = writeln!(out, "{}", pair(label("earned", language), &p.earned.to_string(), 0));
            for step in &p.payment_steps {
                let _ = writeln!(
                    out,
                    "{}  → {}",
                    pair(label(step.step, language), &step.amount.to_string(), 1),
                    step.value
                );
            }
            let _ = writeln!(out, "{}", pair(label("payment", language), &p.payment.to_string(), 0));
        }
    }
    let balances = [
        ("draw", &p.balances.draw),
        ("carried", &p.balances.carried),
        ("earned_to_date", &p.balances.earned_to_date),
        ("holdback", &p.balances.holdback),
    ];
    if balances.iter().any(|(_, figure)| !figure.value.is_zero()) || !p.balances.held.is_empty() {
        let _ = writeln!(out, "{}", label("balances", language));
        for (key, figure) in balances.into_iter().filter(|(_, figure)| !figure.value.is_zero()) {
            let _ = writeln!(out, "{}", pair(label(key, language), &figure.to_string(), 1));
        }
        for held in &p.balances.held {
            let _ = writeln!(
                out,
                "{}",
                pair(&format!("{} {}", label("holdback", language), held.earned_on), &held.amount.to_string(), 1)
            );
        }
    }
    if !p.checks.is_empty() {
        let _ = writeln!(out, "{}", label("to_check", language));
        for check in &p.checks {
            let told = if language == "en" { check.message.as_str() } else { label(check.code, language) };
            let _ = writeln!(out, "  ! {}: {told}", check.about);
        }
    }
}

/// A step and, indented below it, what it was made of.
fn render_step(out: &mut String, step: &Step, depth: usize, language: &str) {
    // A payment step is told by its own name; its formula is what it adds.
    let mut name = match step.key.as_ref() {
        "payment_step" => label(step.about.as_deref().unwrap_or_default(), language).to_owned(),
        key => label(key, language).to_owned(),
    };
    if step.key != "payment_step"
        && let Some(about) = &step.about
    {
        let _ = write!(name, " {about}");
    }
    let line = pair(&name, &step.value, depth);
    let told = match (step.key.as_ref(), step.formula.as_str()) {
        (_, "") => String::new(),
        ("payment_step", amount) if amount.starts_with('-') => format!("   ({amount})"),
        ("payment_step", amount) => format!("   (+{amount})"),
        ("component", state) => format!("   [{}]", label(state, language)),
        ("gate_passed" | "gate_failed" | "place" | "bonus_step" | "value_read" | "step_reached", formula) => {
            format!("   [{formula}]")
        }
        ("grid_cell", formula) => format!("   {formula}"),
        (_, formula) => format!("   = {formula}"),
    };
    let _ = writeln!(out, "{line}{told}");
    for part in &step.from {
        render_step(out, part, depth + 1, language);
    }
}

/// A name and its value, the value in its column.
fn pair(name: &str, value: &str, depth: usize) -> String {
    let indent = "  ".repeat(depth);
    let width = indent.chars().count() + name.chars().count();
    let gap = " ".repeat(VALUE_AT.saturating_sub(width).max(2));
    format!("{indent}{name}{gap}{value:>14}")
}
