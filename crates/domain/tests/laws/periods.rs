//! Several periods one after the other: true-up, draws, holdbacks, balances.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use traguardo_domain::exact::Exact;
use traguardo_domain::result::ParticipantResult;

use super::draw::{limits, object};
use super::people::day;
use super::rules::{payment_rules, plan_of, rounding};
use super::{moved, outcome, sum, text};

/// A plan that pays `actual ÷ goal` on a curve and a rate on top.
fn two_components(around: Value) -> Value {
    plan_of(
        &[
            json!({ "id": "c0", "weight": 1, "measure": { "of": "sales.amount" },
                "payout": { "kind": "curve", "points": [{ "at": "0.5", "pay": "0" }, { "at": 1, "pay": 1 }], "above": "extend" } }),
            json!({ "id": "c1", "measure": { "of": "sales.quantity" }, "goal": "none",
                "payout": { "kind": "rate", "mode": "marginal", "tiers": [{ "rate": "0.333" }, { "from": 100, "rate": "1.1111" }] } }),
        ],
        around,
    )
}

/// The balances with which the next period begins.
fn left(person: &ParticipantResult) -> Value {
    serde_json::to_value(&person.balances).unwrap()
}

fn held(person: &ParticipantResult) -> Exact {
    let dated: Vec<Exact> = left(person)["held"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|item| super::exact(item["amount"].as_str().unwrap()))
        .collect();
    &person.balances.holdback.value + &sum(&dated)
}

proptest! {
    /// Paid bit by bit or at once: the year is worth what it is worth at its end.
    #[test]
    fn true_up_over_periods_equals_one_evaluation_at_the_end(
        periods in vec((0_i64..300, -80_i64..200), 1..8),
        (cap, floor) in limits(),
        rounding in proptest::option::of(rounding()),
        negative in prop::sample::select(vec!["carry", "pay"]),
    ) {
        let around = |true_up: bool| object(json!({ "negative": negative, "rounding": rounding,
            "true_up": if true_up { json!("year_to_date") } else { Value::Null },
            "limits": object(json!({ "cap": cap, "floor": floor })) }));
        let (mut sales, mut units, mut goal) = (0_i64, 0_i64, 0_i64);
        let (mut paid, mut earned_each) = (Exact::ZERO, Exact::ZERO);
        let mut balances = json!({});
        let mut last = None;
        for (k, (amount, quantity)) in periods.iter().enumerate() {
            sales += amount;
            units += quantity;
            goal += 100;
            let to_date = |balances: &Value| json!({ "participants": [{ "id": "R", "periods": k + 1, "balances": balances,
                "measures": { "c0": { "actual": sales, "goal": goal }, "c1": { "actual": units } } }] });
            let person = outcome(&two_components(around(true)), &to_date(&balances)).participants.remove(0);
            earned_each += &(&person.earned.value + &moved(&person, "true_up"));
            paid += &person.payment.value;
            balances = left(&person);
            prop_assert_eq!(&person.balances.earned_to_date.value, &person.earned.value);
            let at_once = outcome(&two_components(around(false)), &to_date(&json!({}))).participants.remove(0);
            prop_assert_eq!(&earned_each, &at_once.earned.value, "after {} periods", k + 1);
            // What is not paid is owed, and what is paid too early is taken back.
            prop_assert_eq!(&paid + &person.balances.carried.value, at_once.earned.value.clone());
            last = Some(at_once);
        }
        prop_assert!(last.is_some());
    }

    /// However draws, holdbacks, guarantees and caps play together over a year: every cent earned is paid, owed or held.
    #[test]
    fn no_cent_is_lost_over_a_year(
        rules in payment_rules(),
        periods in vec((0_i64..400, -150_i64..200), 1..9),
        negative in prop::sample::select(vec!["carry", "pay", "floor_at_zero"]),
    ) {
        let document = two_components(json!({ "payment_rules": rules, "negative": negative }));
        let mut balances = json!({});
        let (mut earned, mut paid, mut given, mut had) = (Exact::ZERO, Exact::ZERO, Exact::ZERO, Exact::ZERO);
        let recoverable = document["payment_rules"]["draw"]["recoverable"] != false;
        for (k, (amount, quantity)) in periods.iter().enumerate() {
            let month = i64::try_from(k).unwrap() * 30;
            let person = outcome(&document, &json!({ "period_number": k + 1, "as_of": day(month), "participants": [{ "id": "R",
                "balances": balances, "measures": { "c0": { "actual": amount, "goal": 100 }, "c1": { "actual": quantity } } }] }))
                .participants
                .remove(0);
            earned += &(&person.earned.value + &moved(&person, "negative"));
            paid += &person.payment.value;
            given += &moved(&person, "guarantee");
            if !recoverable {
                given += &moved(&person, "draw_advance");
            }
            had += &-&moved(&person, "draw_paid_in_advance");
            let owed = &person.balances.draw.value;
            prop_assert!(!owed.is_negative(), "a draw below nought: {owed}");
            prop_assert!(!held(&person).is_negative());
            prop_assert!(recoverable || owed.is_zero());
            // earned + given = paid + had before + held + carried − owed
            let have = sum(&[paid.clone(), had.clone(), held(&person), person.balances.carried.value.clone(), -owed]);
            prop_assert_eq!(&earned + &given, have, "after {} periods\n{}", k + 1, document);
            balances = left(&person);
        }
    }

    /// While the draw runs nobody gets less than it, unless something else takes it.
    #[test]
    fn a_draw_is_paid_at_least(draw in 0_i64..900, share in 0_i64..=100, actuals in vec(0_i64..400, 1..8), number in 1_u32..9) {
        let rules = json!({ "draw": { "amount": text(draw, 0), "recovery_share": text(share, 2), "until": 8 } });
        let document = two_components(json!({ "payment_rules": rules }));
        let mut balances = json!({});
        for actual in actuals {
            let inputs = json!({ "period_number": number, "participants": [{ "id": "R", "balances": balances,
                "measures": { "c0": { "actual": actual, "goal": 100 }, "c1": { "actual": 0 } } }] });
            let person = outcome(&document, &inputs).participants.remove(0);
            prop_assert!(person.payment.value >= Exact::from(draw));
            prop_assert!(person.payment.value <= person.earned.value.clone().max(Exact::from(draw)));
            balances = left(&person);
        }
    }

    /// Dated holdbacks come back whole, each once.
    #[test]
    fn what_is_held_comes_back_once(share in 0_i64..=100, actuals in vec(0_i64..400, 1..6), after in 0_u32..5) {
        let rules = json!({ "holdback": { "share": text(share, 2), "release": { "after_months": after } } });
        let document = two_components(json!({ "payment_rules": rules }));
        let mut balances = json!({});
        let (mut earned, mut paid) = (Exact::ZERO, Exact::ZERO);
        let quiet = 6;
        for (k, actual) in actuals.iter().copied().chain(std::iter::repeat_n(0, quiet)).enumerate() {
            let as_of = chrono::NaiveDate::from_ymd_opt(2026, 1, 31).unwrap() + chrono::Months::new(u32::try_from(k).unwrap());
            let inputs = json!({ "as_of": as_of.to_string(), "participants": [{ "id": "R", "balances": balances,
                "measures": { "c0": { "actual": actual, "goal": 100 }, "c1": { "actual": 0 } } }] });
            let person = outcome(&document, &inputs).participants.remove(0);
            earned += &person.earned.value;
            paid += &person.payment.value;
            balances = left(&person);
        }
        prop_assert_eq!(earned, paid);
        prop_assert!(balances["held"].as_array().is_none_or(Vec::is_empty), "{}", balances);
    }
}
