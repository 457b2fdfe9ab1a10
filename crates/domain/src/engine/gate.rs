//! Gates: step 3.

use super::component::Evaluated;
use super::world::World;
use crate::exact::Exact;
use crate::plan::{Condition, Gate, Otherwise, Source};
use crate::trace::{Step, Steps};

/// What a failing gate does to the payout.
#[derive(Debug, Clone)]
pub(crate) enum Effect {
    Zero,
    Times(Exact),
    AtMost(Exact),
}

impl Effect {
    pub fn apply(&self, amount: Exact, target: &Exact) -> Exact {
        match self {
            Self::Zero => Exact::ZERO,
            Self::Times(times) => &amount * times,
            Self::AtMost(times) => amount.min(times * target),
        }
    }

    pub fn words(&self, before: &Exact, target: &Exact) -> String {
        match self {
            Self::Zero => format!("{before} × 0"),
            Self::Times(times) => format!("{before} × {times}"),
            Self::AtMost(times) => format!("min({before}, {times} × {target})"),
        }
    }
}

/// The effects of the gates that fail, in order.
pub(crate) fn failing<'a>(
    world: &World<'a>,
    i: usize,
    gates: &'a [Gate],
    done: &[Option<Evaluated>],
    steps: &mut Steps,
) -> Vec<Effect> {
    let mut effects = Vec::new();
    for gate in gates {
        if !holds(world, i, &gate.condition, done, steps) {
            effects.push(match &gate.otherwise {
                Otherwise::Zero => Effect::Zero,
                Otherwise::Times(times) => Effect::Times(times.clone()),
                Otherwise::AtMostTimesTarget(times) => Effect::AtMost(times.clone()),
            });
        }
    }
    effects
}

/// Whether a condition holds; a value that is missing fails.
pub(crate) fn holds<'a>(
    world: &World<'a>,
    i: usize,
    condition: &'a Condition,
    done: &[Option<Evaluated>],
    steps: &mut Steps,
) -> bool {
    match condition {
        Condition::Test { operand, bounds } => {
            let value = world.operand(i, operand, done);
            let holds = value.as_ref().is_some_and(|value| bounds.hold(value));
            steps.add(|| {
                let shown = value.as_ref().map_or_else(|| "–".to_owned(), ToString::to_string);
                let about = match &operand.source {
                    Source::Measure(key) => key.clone(),
                    Source::Component(id) => id.clone(),
                };
                Step::new(if holds { "gate_passed" } else { "gate_failed" }, shown).about(about).formula(format!(
                    "{}: {}",
                    operand.read.word(),
                    bounds.words()
                ))
            });
            holds
        }
        Condition::Any { any } => {
            let mut inner = Steps::new(world.trace);
            // All are tried, so that the derivation shows each.
            let held: Vec<bool> = any.iter().map(|c| holds(world, i, c, done, &mut inner)).collect();
            let one = held.contains(&true);
            steps.add(|| {
                Step::new(if one { "gate_passed" } else { "gate_failed" }, if one { "1" } else { "0" })
                    .formula("any")
                    .from(inner.take())
            });
            one
        }
        Condition::All { all } => {
            let mut inner = Steps::new(world.trace);
            let held: Vec<bool> = all.iter().map(|c| holds(world, i, c, done, &mut inner)).collect();
            let every = !held.contains(&false);
            steps.add(|| {
                Step::new(if every { "gate_passed" } else { "gate_failed" }, if every { "1" } else { "0" })
                    .formula("all")
                    .from(inner.take())
            });
            every
        }
    }
}
