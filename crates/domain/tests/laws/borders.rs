//! Caps and floors hold wherever the specification says so.

use proptest::prelude::*;
use serde_json::Value;
use traguardo_domain::exact::{Exact, RoundingMode};
use traguardo_domain::plan::{AmountLimit, Plan, RoundingStep};
use traguardo_domain::result::State;

use super::people::any_world;
use super::{outcome, plan};

fn limit(limit: Option<&AmountLimit>, target: &Exact) -> Option<Exact> {
    limit.map(|limit| match limit {
        AmountLimit::TimesTarget(times) => times * target,
        AmountLimit::Amount(amount) => amount.clone(),
    })
}

/// Rounds a border of step 5 as the step that follows does: rounding keeps the order, so the border holds after it.
fn rounded(plan: &Plan, value: Exact) -> Exact {
    match plan.rounding.at {
        RoundingStep::Component => value.round(plan.rounding.scale, plan.rounding.mode),
        RoundingStep::Total => value,
    }
}

/// The factor of a proration where the input says the days; `None` where they are counted or FTE counts.
fn plain_factor(document: &Value, person: &Value) -> Option<Exact> {
    let proration = &document["proration"];
    if proration.is_null() {
        return Some(Exact::ONE);
    }
    if proration["fte"] == true || proration["round"].is_object() {
        return None;
    }
    Exact::from(person["eligible_days"].as_i64()?).checked_div(&Exact::from(person["period_days"].as_i64()?))
}

proptest! {
    #[test]
    fn a_component_stays_between_its_floor_and_its_cap((document, people) in any_world()) {
        let checked = plan(&document);
        let result = outcome(&document, &people);
        for person in &result.participants {
            for (component, paid) in checked.plan().components.iter().zip(&person.components) {
                let target = paid.target.as_ref().map_or(Exact::ZERO, |t| t.value.clone());
                let (cap, floor) = (limit(component.cap.as_ref(), &target), limit(component.floor.as_ref(), &target));
                let payout = &paid.payout.value;
                if matches!(paid.state, State::NotEligible | State::NoData | State::NoGoal | State::GoalZero) {
                    prop_assert!(payout.is_zero());
                    continue;
                }
                // The floor comes after the cap.
                let highest = cap.clone().map(|cap| floor.clone().map_or(cap.clone(), |floor| floor.max(cap)));
                if let Some(highest) = highest {
                    prop_assert!(*payout <= rounded(checked.plan(), highest), "{}: {}", component.id, payout);
                }
                if let Some(floor) = floor {
                    prop_assert!(*payout >= rounded(checked.plan(), floor), "{}: {}", component.id, payout);
                }
                if paid.state == State::Capped {
                    prop_assert!(cap.is_some());
                }
                if matches!(paid.state, State::Gated | State::BelowThreshold) && component.floor.is_none() {
                    prop_assert!(!payout.is_positive());
                }
            }
        }
    }

    #[test]
    fn what_is_earned_stays_between_floor_and_cap_of_the_plan((document, people) in any_world()) {
        let checked = plan(&document);
        let rules = checked.plan();
        let result = outcome(&document, &people);
        for (input, person) in people["participants"].as_array().unwrap().iter().zip(&result.participants) {
            let Some(target) = person.target.as_ref().map(|t| t.value.clone()).filter(|_| person.state != State::NotEligible) else { continue };
            let prorates = rules.proration.as_ref().is_some_and(|p| p.applies_to.payout);
            let Some(factor) = (if prorates { plain_factor(&document, input) } else { Some(Exact::ONE) }) else { continue };
            let (cap, floor) = (limit(rules.limits.cap.as_ref(), &target), limit(rules.limits.floor.as_ref(), &target));
            let round = |value: &Exact| (value * &factor).round(rules.rounding.scale, rules.rounding.mode);
            if let Some(cap) = &cap {
                let highest = floor.clone().map_or(cap.clone(), |floor| floor.max(cap.clone()));
                prop_assert!(person.earned.value <= round(&highest), "{} of {}", person.id, person.earned.value);
            }
            if let Some(floor) = &floor {
                prop_assert!(person.earned.value >= round(floor), "{} of {}", person.id, person.earned.value);
            }
            prop_assert!(person.state != State::Capped || cap.is_some());
        }
    }

    #[test]
    fn nobody_is_paid_above_the_payment_cap_nor_below_a_guarantee((document, people) in any_world()) {
        let checked = plan(&document);
        let rules = checked.plan();
        let result = outcome(&document, &people);
        for (input, person) in people["participants"].as_array().unwrap().iter().zip(&result.participants) {
            let target = person.target.as_ref().map_or(Exact::ZERO, |t| t.value.clone());
            if let Some(cap) = limit(rules.payment_rules.cap.as_ref(), &target) {
                let cap = cap.round(rules.rounding.scale, rules.rounding.mode);
                prop_assert!(person.payment.value <= cap);
                // What is cut off is carried on, not lost.
                let cut = super::moved(person, "payment_cap");
                prop_assert!(cut.is_zero() || person.payment.value == cap);
                prop_assert!(cut.is_zero() || -&cut <= person.balances.carried.value.clone());
            }
            let guarantee = limit(rules.payment_rules.guarantee.as_ref().map(|g| &g.limit), &target);
            let carried = input["balances"]["carried"].as_str().map_or(Exact::ZERO, super::exact);
            let in_advance = super::moved(person, "draw_paid_in_advance");
            if let Some(guarantee) = guarantee
                && person.state != State::NotEligible
                && !carried.is_negative()
                && input["guarantee"].is_null()
                && rules.payment_rules.cap.is_none()
            {
                let guarantee = guarantee.round(rules.rounding.scale, RoundingMode::Down);
                prop_assert!(&person.payment.value - &in_advance >= guarantee, "{}: {}", person.id, person.payment.value);
            }
        }
    }
}
