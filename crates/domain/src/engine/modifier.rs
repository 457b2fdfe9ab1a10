//! Modifiers: the factors of step 8.

use super::component::Evaluated;
use super::curve;
use super::world::World;
use crate::exact::Exact;
use crate::plan::{Factor, Missing, Modifier, Source, Whose};
use crate::result::{Check, Figure, ModifierResult};
use crate::trace::{Step, Steps};

/// The factor of a modifier for participant `i`, with how it came about.
pub(crate) fn factor<'a>(
    world: &World<'a>,
    i: usize,
    modifier: &'a Modifier,
    row: &[Option<Evaluated>],
    out: &mut Vec<ModifierResult>,
    checks: &mut Vec<Check>,
) -> (Exact, Option<Step>) {
    let whose = match modifier.of {
        Whose::Own => Some(i),
        Whose::Superior => world.superior(i),
    };
    let value = whose.and_then(|who| world.operand(who, &modifier.operand, if who == i { row } else { &[] }));
    let mut steps = Steps::new(world.trace);
    let factor = match &value {
        Some(value) => {
            steps.add(|| {
                let key = match &modifier.operand.source {
                    Source::Measure(key) | Source::Component(key) => key.clone(),
                };
                let superior =
                    whose.filter(|who| *who != i).and_then(|who| world.get(who)).map(|person| person.input.id.clone());
                let about = superior.map_or_else(|| key.clone(), |id| format!("{key} · {id}"));
                Step::new("value_read", value).about(about).formula(modifier.operand.read.word())
            });
            let plain = plain(&modifier.factor, value, &mut steps);
            let clamped = plain.clone().clamp(modifier.min.as_ref(), modifier.max.as_ref());
            if clamped != plain {
                steps.add(|| {
                    let bounds = [modifier.min.as_ref(), modifier.max.as_ref()]
                        .map(|b| b.map_or_else(|| "…".to_owned(), ToString::to_string));
                    Step::new("clamped", &clamped).formula(format!("{plain} → [{}]", bounds.join("; ")))
                });
            }
            clamped
        }
        None => {
            let (factor, message) = match modifier.missing {
                Missing::Neutral => (Exact::ONE, "there is no value for this modifier; the factor 1 was used"),
                Missing::Zero => (Exact::ZERO, "there is no value for this modifier; the plan makes that the factor 0"),
            };
            checks.push(Check {
                code: "modifier_without_value",
                about: modifier.id.clone(),
                message: message.to_owned(),
            });
            factor
        }
    };
    let step = steps.on().then(|| Step::new("factor", &factor).about(modifier.id.clone()).from(steps.take()));
    out.push(ModifierResult {
        id: modifier.id.clone(),
        value: value.map(Figure::exact),
        factor: Figure::exact(factor.clone()),
    });
    (factor, step)
}

/// The factor before its own bounds.
fn plain(factor: &Factor, value: &Exact, steps: &mut Steps) -> Exact {
    match factor {
        Factor::Value => value.clone(),
        Factor::Curve(of) => {
            let point = curve::value(of, value, steps.on());
            steps.add(|| Step::new("curve", &point.value).formula(point.formula.clone()));
            point.value
        }
        Factor::Steps { steps: table, boundary } => {
            let reached = curve::reached(table.iter().map(|s| &s.from), value, *boundary).and_then(|k| table.get(k));
            if let Some(step) = reached {
                steps.add(|| Step::new("step_reached", &step.times).formula(format!("{value} ≥ {}", step.from)));
            }
            reached.map_or(Exact::ONE, |step| step.times.clone())
        }
    }
}
