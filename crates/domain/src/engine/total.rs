//! From components to what was earned: steps 7 to 10.

use super::component::Evaluated;
use super::world::{Person, World};
use super::{curve, payment};
use crate::exact::Exact;
use crate::finding::Finding;
use crate::plan::{AppliesTo, Factor, Missing, Modifier, NewHires, RoundingStep, Whose};
use crate::result::{Check, ComponentResult, Figure, ModifierResult, ParticipantResult, State};
use crate::trace::{Step, Steps};

/// Everything of one participant, once all components are known.
pub(crate) fn participant(
    world: &World<'_>,
    i: usize,
    row: &mut [Option<Evaluated>],
) -> Result<ParticipantResult, Finding> {
    let internal = |what: &str| {
        Finding::error("internal", format!("$.participants[{i}]"), what.to_owned())
            .help("report this; nothing was saved")
    };
    let person = world.get(i).ok_or_else(|| internal("a participant is not there"))?;
    let plan = world.plan.plan();
    let rounding = plan.rounding;
    let mut checks = Vec::new();
    let mut modifiers = Vec::new();
    let factors: Vec<(usize, Exact)> = if person.eligible {
        plan.modifiers
            .iter()
            .enumerate()
            .map(|(k, modifier)| (k, factor(world, i, modifier, row, &mut modifiers, &mut checks)))
            .collect()
    } else {
        Vec::new()
    };
    let mut components = Vec::with_capacity(row.len());
    let mut sum = Exact::ZERO;
    let mut steps = Steps::new(world.trace);
    for step in &person.steps {
        steps.add(|| step.clone());
    }
    for (component, slot) in plan.components.iter().zip(row.iter_mut()) {
        let Some(evaluated) = slot.as_mut() else { return Err(internal("a component was not worked out")) };
        let mut modified = evaluated.payout.clone();
        let mut words = String::new();
        for (k, factor) in &factors {
            let named = plan
                .modifiers
                .get(*k)
                .is_some_and(|m| matches!(&m.applies_to, AppliesTo::Components(ids) if ids.contains(&component.id)));
            if named {
                modified = &modified * factor;
                if steps.on() {
                    words = format!("{words} × {factor}");
                }
            }
        }
        if rounding.at == RoundingStep::Component {
            modified = modified.round(rounding.scale, rounding.mode);
        }
        sum += &modified;
        let derivation = evaluated.derivation.take();
        steps.add(|| {
            let step = derivation.unwrap_or_else(|| Step::new("component", world.money(&evaluated.payout)));
            if words.is_empty() {
                step
            } else {
                Step::new("modified", world.money(&modified))
                    .about(component.id.clone())
                    .formula(format!("{}{words}", evaluated.payout))
                    .from(vec![step])
            }
        });
        if let Some(check) = component_check(person, &component.id, evaluated.state) {
            checks.push(check);
        }
        components.push(ComponentResult {
            id: component.id.clone(),
            state: evaluated.state,
            actual: evaluated.actual.clone().map(Figure::exact),
            goal: evaluated.goal.clone().map(Figure::exact),
            attainment: evaluated.attainment.clone().map(Figure::exact),
            target: evaluated.target.clone().map(Figure::exact),
            payout: world.money(&evaluated.payout),
            modified: world.money(&modified),
        });
    }
    if person.eligible && !person.why_not.is_empty() {
        return Err(internal("somebody is eligible for a reason against it"));
    }
    let mut earned = sum.clone();
    let mut capped = false;
    steps.add(|| {
        let parts: Vec<String> = components.iter().map(|c| c.modified.to_string()).collect();
        Step::new("sum", &sum).formula(parts.join(" + "))
    });
    if person.eligible {
        for (k, factor) in &factors {
            let Some(modifier) = plan.modifiers.get(*k).filter(|m| m.applies_to == AppliesTo::Total) else { continue };
            let before = earned.clone();
            earned = &earned * factor;
            steps.add(|| {
                Step::new("modifier", &earned).about(modifier.id.clone()).formula(format!("{before} × {factor}"))
            });
        }
        if let Some(cap) = &plan.limits.cap {
            let cap = World::limit(cap, person.target.as_ref());
            if earned > cap {
                steps.add(|| Step::new("plan_cap", &cap).formula(format!("min({earned}, {cap})")));
                earned = cap;
                capped = true;
            }
        }
        for floor in floors(world, person) {
            if earned < floor {
                steps.add(|| Step::new("plan_floor", &floor).formula(format!("max({earned}, {floor})")));
                earned = floor;
            }
        }
        if plan.proration.as_ref().is_some_and(|p| p.applies_to.payout) {
            let before = earned.clone();
            earned = &earned * &person.factor;
            steps.add(|| Step::new("prorated_payout", &earned).formula(format!("{before} × {}", person.factor)));
        }
    }
    let rounded = earned.round(rounding.scale, rounding.mode);
    if rounded != earned {
        steps.add(|| Step::new("rounded", Figure::fixed(rounded.clone(), rounding.scale)).formula(earned.to_string()));
    }
    let earned = rounded;
    let earned_step = Step::new("earned", Figure::fixed(earned.clone(), rounding.scale))
        .about(person.input.id.clone())
        .from(steps.take());
    let paid = payment::pay(world, i, person, &earned, &mut checks)?;
    let derivation = (world.trace == crate::trace::Trace::Full).then(|| {
        let mut from = vec![earned_step];
        from.extend(paid.derivation);
        Step::new("payment", &paid.payment).about(person.input.id.clone()).from(from)
    });
    Ok(ParticipantResult {
        id: person.input.id.clone(),
        state: if !person.eligible {
            State::NotEligible
        } else if capped {
            State::Capped
        } else {
            State::Ok
        },
        target: person.target.clone().map(Figure::exact),
        weighted_attainment: weighted_attainment(world, row).map(Figure::exact),
        components,
        modifiers,
        earned: Figure::fixed(earned, rounding.scale),
        payment_steps: paid.steps,
        payment: paid.payment,
        balances: paid.balances,
        checks,
        derivation,
    })
}

/// The plan's floor, and what a new hire is guaranteed in the first period.
fn floors(world: &World<'_>, person: &Person<'_>) -> Vec<Exact> {
    let plan = world.plan.plan();
    let mut floors: Vec<Exact> =
        plan.limits.floor.iter().map(|floor| World::limit(floor, person.target.as_ref())).collect();
    if let Some(NewHires::Guarantee(share)) = plan.proration.as_ref().map(|p| &p.new_hires)
        && person.hired_in_period
    {
        floors.extend(person.whole_target.as_ref().map(|target| target * share));
    }
    floors
}

fn weighted_attainment(world: &World<'_>, row: &[Option<Evaluated>]) -> Option<Exact> {
    let mut sum = Exact::ZERO;
    let mut any = false;
    for (component, evaluated) in world.plan.plan().components.iter().zip(row) {
        if component.on_top {
            continue;
        }
        if let Some(weight) = &component.weight {
            let attainment = evaluated.as_ref().and_then(|e| e.attainment.as_ref())?;
            sum += &(weight * attainment);
            any = true;
        }
    }
    any.then_some(sum)
}

fn factor<'a>(
    world: &World<'a>,
    i: usize,
    modifier: &'a Modifier,
    row: &[Option<Evaluated>],
    out: &mut Vec<ModifierResult>,
    checks: &mut Vec<Check>,
) -> Exact {
    let whose = match modifier.of {
        Whose::Own => Some(i),
        Whose::Superior => world.superior(i),
    };
    let value = whose.and_then(|who| world.operand(who, &modifier.operand, if who == i { row } else { &[] }));
    let factor = match &value {
        Some(value) => {
            let plain = match &modifier.factor {
                Factor::Value => value.clone(),
                Factor::Curve(of) => curve::value(of, value, false).value,
                Factor::Steps { steps, boundary } => curve::reached(steps.iter().map(|s| &s.from), value, *boundary)
                    .and_then(|k| steps.get(k))
                    .map_or(Exact::ONE, |step| step.times.clone()),
            };
            plain.clamp(modifier.min.as_ref(), modifier.max.as_ref())
        }
        None => {
            checks.push(Check {
                code: "modifier_without_value",
                about: modifier.id.clone(),
                message: match modifier.missing {
                    Missing::Neutral => "there is no value for this modifier; the factor 1 was used".to_owned(),
                    Missing::Zero => "there is no value for this modifier; the plan makes that the factor 0".to_owned(),
                },
            });
            match modifier.missing {
                Missing::Neutral => Exact::ONE,
                Missing::Zero => Exact::ZERO,
            }
        }
    };
    out.push(ModifierResult {
        id: modifier.id.clone(),
        value: value.map(Figure::exact),
        factor: Figure::exact(factor.clone()),
    });
    factor
}

/// What a person can do about a state.
fn component_check(person: &Person<'_>, id: &str, state: State) -> Option<Check> {
    let message = match state {
        State::Ok | State::Capped => return None,
        State::NotEligible => match person.why_not {
            "vacant" => "the position is vacant: nobody is paid for it",
            "no_eligible_days" => "there is no eligible day in the period: check hire date, leave date and absences",
            "condition" => "a condition of the plan is not met: check the measures it names",
            _ => "the participant is marked as not eligible",
        },
        State::NoData => "there is no result yet: import the measure, or its base or score",
        State::NoGoal => "there is no accepted goal: assign one or have it accepted",
        State::GoalZero => "the goal is 0: correct it, or plan without a goal",
        State::Gated => "a condition of the component is not met",
        State::BelowThreshold => "the result lies below what the component begins to pay for",
    };
    Some(Check { code: state.word(), about: id.to_owned(), message: message.to_owned() })
}
