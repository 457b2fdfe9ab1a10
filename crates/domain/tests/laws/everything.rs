//! Laws of every evaluation, whatever the plan.

use std::collections::BTreeMap;

use proptest::prelude::*;
use traguardo_domain::engine::evaluate;
use traguardo_domain::exact::Exact;
use traguardo_domain::result::{Outcome, ParticipantResult, State};
use traguardo_domain::trace::Trace;

use super::people::any_world;
use super::{exact, inputs, moved, outcome, plan, sum};

/// The result without its derivation.
fn figures(mut outcome: Outcome) -> Outcome {
    for person in &mut outcome.participants {
        person.derivation = None;
    }
    outcome
}

/// What comes in between two payments, and what goes out: the line that closes section 8.
fn balance(before: &serde_json::Value, person: &ParticipantResult) -> (Exact, Exact) {
    let owed = |name: &str| before["balances"][name].as_str().map_or(Exact::ZERO, exact);
    let steps = |names: &[&str]| names.iter().map(|name| moved(person, name)).sum::<Exact>();
    let this_period = &person.earned.value + &steps(&["adjustments", "true_up", "negative"]);
    let came_in = [this_period, steps(&["draw_advance", "guarantee", "release"]), owed("carried")];
    let taken = steps(&["holdback", "draw_recovery", "draw_paid_in_advance"]);
    let went_out = [person.payment.value.clone(), -&taken, person.balances.carried.value.clone()];
    (sum(&came_in), sum(&went_out))
}

proptest! {
    #[test]
    fn the_same_inputs_give_the_same_bytes((document, people) in any_world()) {
        let first = serde_json::to_string(&outcome(&document, &people)).unwrap();
        let again = serde_json::to_string(&outcome(&document, &people)).unwrap();
        prop_assert_eq!(&first, &again);
        // Inputs are stored as they were read, and read again when a result is verified.
        let inputs = inputs(&people);
        let stored = traguardo_domain::inputs::read_inputs(&serde_json::to_string(&inputs).unwrap());
        prop_assert_eq!(stored.as_ref(), Ok(&inputs));
    }

    #[test]
    fn the_derivation_changes_no_figure((document, people) in any_world()) {
        let (plan, inputs) = (plan(&document), inputs(&people));
        let bare = evaluate(&plan, &inputs, Trace::Off).unwrap();
        prop_assert!(bare.participants.iter().all(|p| p.derivation.is_none()));
        let traced = evaluate(&plan, &inputs, Trace::Full).unwrap();
        prop_assert!(traced.participants.iter().all(|p| p.derivation.is_some()));
        prop_assert_eq!(figures(traced), bare);
    }

    #[test]
    fn the_order_of_people_does_not_matter((document, people) in any_world(), turn in 0_usize..6, turned_round: bool) {
        let by_id = |outcome: Outcome| -> BTreeMap<String, ParticipantResult> {
            outcome.participants.into_iter().map(|p| (p.id.clone(), p)).collect()
        };
        let mut other = people.clone();
        let list = other["participants"].as_array_mut().unwrap();
        let middle = turn % list.len();
        list.rotate_left(middle);
        if turned_round {
            list.reverse();
        }
        let (first, second) = (outcome(&document, &people), outcome(&document, &other));
        prop_assert_eq!(&first.totals, &second.totals);
        let order: Vec<&str> = second.participants.iter().map(|p| p.id.as_str()).collect();
        let asked: Vec<&str> = other["participants"].as_array().unwrap().iter().map(|p| p["id"].as_str().unwrap()).collect();
        prop_assert_eq!(order, asked);
        prop_assert_eq!(by_id(first), by_id(second));
    }

    #[test]
    fn totals_and_sums_are_the_sums_of_their_parts((document, people) in any_world()) {
        let scale = u32::try_from(document["rounding"]["scale"].as_u64().unwrap_or(2)).unwrap();
        let at_total = document["rounding"]["at"] == "total";
        let result = outcome(&document, &people);
        prop_assert_eq!(&result.totals.earned.value, &sum(result.participants.iter().map(|p| &p.earned.value)));
        prop_assert_eq!(&result.totals.payment.value, &sum(result.participants.iter().map(|p| &p.payment.value)));
        for person in &result.participants {
            let earned = &person.earned.value;
            // Money is whole cents.
            for money in [earned, &person.payment.value, &person.balances.draw.value, &person.balances.carried.value] {
                prop_assert_eq!(&money.round(scale, traguardo_domain::exact::RoundingMode::Down), money);
            }
            let on_total = document["modifiers"].as_array().unwrap().iter().any(|m| m["applies_to"] != serde_json::json!(["c0"]));
            let bare = !on_total && document["limits"].as_object().unwrap().is_empty() && document["proration"].is_null();
            if bare && !at_total {
                prop_assert_eq!(earned, &sum(person.components.iter().map(|c| &c.modified.value)));
            }
        }
    }

    #[test]
    fn what_comes_in_goes_out((document, people) in any_world()) {
        let result = outcome(&document, &people);
        for (before, person) in people["participants"].as_array().unwrap().iter().zip(&result.participants) {
            let (came_in, went_out) = balance(before, person);
            prop_assert_eq!(came_in, went_out, "{}", serde_json::to_string_pretty(person).unwrap());
            // Each step goes on from the one before, from what was earned to what is paid.
            let mut value = person.earned.value.clone();
            for step in &person.payment_steps {
                value += &step.amount.value;
                prop_assert_eq!(&value, &step.value.value, "{}", step.step);
            }
            prop_assert_eq!(&value, &person.payment.value);
            prop_assert!(!person.balances.draw.value.is_negative());
            prop_assert!(!person.balances.holdback.value.is_negative());
            let paid_back = document["negative"] == "pay" || document["payment_rules"]["cap"].is_object();
            prop_assert!(paid_back || !person.payment.value.is_negative());
        }
    }

    #[test]
    fn somebody_who_is_not_eligible_earns_nothing((document, people) in any_world()) {
        for (input, person) in people["participants"].as_array().unwrap().iter().zip(&outcome(&document, &people).participants) {
            let out = input["eligible"] == false || input["vacant"] == true;
            prop_assert!(!out || person.state == State::NotEligible);
            let silent = [State::NotEligible, State::NoData, State::NoGoal, State::GoalZero];
            for component in &person.components {
                prop_assert!(!silent.contains(&component.state) || component.payout.value.is_zero());
                prop_assert_eq!(person.state == State::NotEligible, component.state == State::NotEligible);
            }
            prop_assert!(person.state != State::NotEligible || person.earned.value.is_zero());
        }
    }
}
