//! From components to what was earned: steps 7 to 10.

use super::component::Evaluated;
use super::payment;
use super::world::World;
use crate::exact::Exact;
use crate::finding::Finding;
use crate::plan::{AmountLimit, AppliesTo, NewHires, RoundingStep};
use crate::result::{Check, ComponentResult, Figure, ParticipantResult, State};
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
    if !person.eligible {
        let message = not_eligible_message(person.why_not).to_owned();
        checks.push(Check { code: State::NotEligible.word(), about: person.input.id.clone(), message });
    }
    let mut modifiers = Vec::new();
    let factors: Vec<(usize, Exact, Option<Step>)> = if person.eligible {
        let one = |(k, modifier)| {
            let (factor, step) = super::modifier::factor(world, i, modifier, row, &mut modifiers, &mut checks);
            (k, factor, step)
        };
        plan.modifiers.iter().enumerate().map(one).collect()
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
        let mut from = Vec::new();
        for (k, factor, step) in &factors {
            let applies = plan
                .modifiers
                .get(*k)
                .is_some_and(|m| matches!(&m.applies_to, AppliesTo::Components(ids) if ids.contains(&component.id)));
            if applies {
                modified = &modified * factor;
                if steps.on() {
                    words = format!("{words} × {factor}");
                    from.extend(step.clone());
                }
            }
        }
        let product = modified.clone();
        if rounding.at == RoundingStep::Component {
            modified = modified.round(rounding.scale, rounding.mode);
        }
        sum += &modified;
        let derivation = evaluated.derivation.take();
        steps.add(|| {
            let step = derivation.unwrap_or_else(|| Step::new("component", world.money(&evaluated.payout)));
            if words.is_empty() {
                return step;
            }
            let mut parts: Vec<Step> = std::iter::once(step).chain(from).collect();
            let mut formula = format!("{}{words}", evaluated.payout);
            if product != modified {
                parts.push(Step::new("times_factor", &product).formula(formula));
                parts.push(Step::new("rounded", world.money(&modified)).formula(product.to_string()));
                formula = String::new();
            }
            Step::new("modified", world.money(&modified)).about(component.id.clone()).formula(formula).from(parts)
        });
        if let Some(message) = state_message(evaluated.state) {
            checks.push(Check {
                code: evaluated.state.word(),
                about: component.id.clone(),
                message: message.to_owned(),
            });
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
        for (k, factor, step) in &factors {
            let Some(modifier) = plan.modifiers.get(*k).filter(|m| m.applies_to == AppliesTo::Total) else { continue };
            let before = earned.clone();
            earned = &earned * factor;
            steps.add(|| {
                Step::new("modifier", &earned)
                    .about(modifier.id.clone())
                    .formula(format!("{before} × {factor}"))
                    .from(step.iter().cloned().collect())
            });
        }
        if let Some(cap) = &plan.limits.cap {
            let limit = cap;
            let cap = World::limit(limit, person.target.as_ref());
            if earned > cap {
                steps.add(|| {
                    Step::new("plan_cap", &cap).formula(limit_words("min", &earned, limit, person.target.as_ref()))
                });
                earned = cap;
                capped = true;
            }
        }
        if let Some(floor) = &plan.limits.floor {
            let limit = floor;
            let floor = World::limit(limit, person.target.as_ref());
            if earned < floor {
                steps.add(|| {
                    Step::new("plan_floor", &floor).formula(limit_words("max", &earned, limit, person.target.as_ref()))
                });
                earned = floor;
            }
        }
        if plan.proration.as_ref().is_some_and(|p| p.applies_to.payout) {
            let before = earned.clone();
            earned = &earned * &person.factor;
            steps.add(|| Step::new("prorated_payout", &earned).formula(format!("{before} × {}", person.factor)));
        }
        if let Some(NewHires::Guarantee(share)) = plan.proration.as_ref().map(|p| &p.new_hires)
            && person.hired_in_period
            && let Some(target) = &person.whole_target
        {
            let floor = share * target;
            if earned < floor {
                steps.add(|| {
                    Step::new("new_hire_guarantee", &floor).formula(format!("max({earned}, {share} × {target})"))
                });
                earned = floor;
            }
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

/// A limit with the numbers in it: `min(2250, 1.4 × 1500)`.
pub(super) fn limit_words(which: &str, amount: &Exact, limit: &AmountLimit, target: Option<&Exact>) -> String {
    match limit {
        AmountLimit::TimesTarget(times) => format!("{which}({amount}, {times} × {})", target.unwrap_or(&Exact::ZERO)),
        AmountLimit::Amount(limit) => format!("{which}({amount}, {limit})"),
    }
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

/// What a person can do about the state of a component.
fn state_message(state: State) -> Option<&'static str> {
    match state {
        // Said once, for the participant.
        State::Ok | State::Capped | State::NotEligible => None,
        State::NoData => Some("there is no result yet: import the measure, or its base or score"),
        State::NoGoal => Some("there is no accepted goal: assign one or have it accepted"),
        State::GoalZero => Some("the goal is 0: correct it, or plan without a goal"),
        State::Gated => Some("a condition of the component is not met"),
        State::BelowThreshold => Some("the result lies below what the component begins to pay for"),
    }
}

/// Why somebody takes no part, and what to do about it.
fn not_eligible_message(why: &str) -> &'static str {
    match why {
        "vacant" => "the position is vacant: nobody is paid for it",
        "no_eligible_days" => "there is no eligible day in the period: check hire date, leave date and absences",
        "condition" => "a condition of the plan is not met: check the measures it names",
        _ => "the participant is marked as not eligible",
    }
}
