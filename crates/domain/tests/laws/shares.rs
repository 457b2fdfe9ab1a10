//! What is shared out sums to the whole: pools, shared places, the largest remainder itself.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use traguardo_domain::exact::{Exact, RoundingMode};
use traguardo_domain::split::largest_remainder;

use super::draw::{maybe, object, word};
use super::rules::{plan_of, rounding};
use super::{outcome, sum, text};

/// Shares with noughts and ties among them.
fn shares() -> BoxedStrategy<Vec<i64>> {
    vec(prop_oneof![2 => Just(0_i64), 3 => Just(7_i64), 4 => 1_i64..1_000, 1 => 1_000_000_i64..9_000_000], 1..9).boxed()
}

fn whole_parts(n: i64, scale: u32, shares: &[i64], keys: &[String]) -> Vec<Exact> {
    let shares: Vec<Exact> = shares.iter().map(|share| Exact::from(*share)).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    largest_remainder(&Exact::scaled(i128::from(n), scale), &shares, &keys, scale)
}

fn keys(count: usize) -> Vec<String> {
    (0..count).map(|i| format!("R{i}")).collect()
}

proptest! {
    #[test]
    fn parts_sum_to_the_whole(shares in shares(), n in prop_oneof![-2_000_i64..2_000, -9_000_000_000_i64..9_000_000_000], scale in 0_u32..7) {
        let parts = whole_parts(n, scale, &shares, &keys(shares.len()));
        let whole = Exact::scaled(i128::from(n), scale);
        let (all, unit) = (Exact::from(shares.iter().sum::<i64>()), Exact::scaled(1, scale));
        if all.is_zero() {
            prop_assert!(parts.iter().all(Exact::is_zero));
            return Ok(());
        }
        prop_assert_eq!(sum(&parts), whole.clone());
        for (share, part) in shares.iter().zip(&parts) {
            let fair = (&whole * &Exact::from(*share)).checked_div(&all).unwrap();
            prop_assert!((&fair - part).abs() < unit, "{fair} became {part}");
            prop_assert_eq!(&part.round(scale, RoundingMode::Down), part);
            prop_assert!(*share != 0 || part.is_zero());
            prop_assert!(part.is_zero() || part.is_negative() == whole.is_negative());
        }
        // Who has the larger share does not get the smaller part.
        for (i, share) in shares.iter().enumerate() {
            for (j, other) in shares.iter().enumerate() {
                prop_assert!(share <= other || parts[i].abs() >= parts[j].abs());
                prop_assert!(share != other || i >= j || parts[i].abs() >= parts[j].abs(), "a tie goes by the keys");
            }
        }
    }

    #[test]
    fn neither_sign_nor_order_nor_unit_matters(shares in shares(), n in -5_000_i64..5_000, scale in 0_u32..4, turn in 0_usize..9, times in 1_i64..50) {
        let names = keys(shares.len());
        let parts = whole_parts(n, scale, &shares, &names);
        let negated: Vec<Exact> = whole_parts(-n, scale, &shares, &names).iter().map(|part| -part).collect();
        prop_assert_eq!(&negated, &parts);
        let larger: Vec<i64> = shares.iter().map(|share| share * times).collect();
        prop_assert_eq!(&whole_parts(n, scale, &larger, &names), &parts);
        let turned = |list: &[String]| { let mut list = list.to_vec(); list.rotate_left(turn % shares.len()); list };
        let mut turned_shares = shares.clone();
        turned_shares.rotate_left(turn % shares.len());
        let mut turned_parts = parts.clone();
        turned_parts.rotate_left(turn % shares.len());
        prop_assert_eq!(whole_parts(n, scale, &turned_shares, &turned(&names)), turned_parts);
    }

    #[test]
    fn a_pool_is_paid_out_to_the_last_cent(
        actuals in vec(prop_oneof![5 => -50_i64..500, 1 => Just(0_i64)], 1..8),
        amount in prop_oneof![-9_999_999_i64..9_999_999, -20_i64..20],
        (group, by, rounding) in (maybe(word(&["level"])), maybe(word(&["x", "target", "kpi:a"])), maybe(rounding())),
        absent in proptest::option::of(0_usize..8),
    ) {
        let component = json!({ "id": "c0", "goal": "none", "measure": { "of": "kpi:a" }, "weight": 1,
            "payout": object(json!({ "kind": "pool", "pool": { "amount": text(amount, 3) }, "group": group, "share_by": by })) });
        let document = plan_of(&[component], object(json!({ "rounding": rounding, "negative": "pay" })));
        let people: Vec<Value> = actuals.iter().enumerate().map(|(i, actual)| {
            json!({ "id": format!("R{i}"), "eligible": Some(i) != absent, "level": if i % 2 == 0 { "junior" } else { "senior" },
                "measures": { "kpi:a": { "actual": text(*actual, 1) } } })
        }).collect();
        let result = outcome(&document, &json!({ "participants": people }));
        let scale = u32::try_from(document["rounding"]["scale"].as_u64().unwrap_or(2)).unwrap();
        let mode = super::plan(&document).plan().rounding.mode;
        let whole = Exact::scaled(i128::from(amount), 3).round(scale, mode);
        for parity in 0..2 {
            let in_group = |i: usize| if group.is_null() { parity == 0 } else { i % 2 == parity };
            let members: Vec<usize> = (0..actuals.len()).filter(|i| in_group(*i) && Some(*i) != absent).collect();
            let shared = members.iter().any(|i| by == "target" || actuals[*i] > 0);
            let paid = sum(members.iter().map(|i| &result.participants[*i].components[0].payout.value));
            prop_assert_eq!(&paid, if shared { &whole } else { &Exact::ZERO });
            if by != "target" {
                prop_assert!(members.iter().all(|i| actuals[*i] > 0 || result.participants[*i].components[0].payout.value.is_zero()));
            }
        }
        prop_assert!(absent.is_none_or(|i| i >= actuals.len() || result.participants[i].components[0].payout.value.is_zero()));
    }

    #[test]
    fn shared_places_pay_what_the_places_are_worth(actuals in vec(0_i64..4, 1..9), awards in vec(0_i64..99_999, 1..6), rounding in maybe(rounding())) {
        let listed: Vec<Value> = awards.iter().enumerate().map(|(k, n)| json!({ "to_rank": k + 1, "amount": text(*n, 2) })).collect();
        let component = json!({ "id": "c0", "goal": "none", "measure": { "of": "kpi:a" },
            "payout": { "kind": "rank", "ties": "share", "awards": listed } });
        let document = plan_of(&[component], object(json!({ "rounding": rounding, "negative": "pay" })));
        let people: Vec<Value> = actuals.iter().enumerate()
            .map(|(i, n)| json!({ "id": format!("R{i}"), "measures": { "kpi:a": { "actual": n } } })).collect();
        let result = outcome(&document, &json!({ "participants": people }));
        let rules = super::plan(&document);
        let rounding = rules.plan().rounding;
        let mut order: Vec<usize> = (0..actuals.len()).collect();
        order.sort_by_key(|i| -actuals[*i]);
        for value in 0..4 {
            let places: Vec<usize> = (0..order.len()).filter(|place| actuals[order[*place]] == value).collect();
            let members: Vec<usize> = order.iter().copied().filter(|i| actuals[*i] == value).collect();
            let worth = sum(&places.iter().filter_map(|place| awards.get(*place)).map(|n| Exact::scaled(i128::from(*n), 2)).collect::<Vec<_>>());
            let paid: Vec<&Exact> = members.iter().map(|i| &result.participants[*i].components[0].payout.value).collect();
            if members.len() > 1 {
                prop_assert_eq!(sum(paid.iter().copied()), worth.round(rounding.scale, rounding.mode));
                let spread = &(*paid.iter().max().unwrap()).clone() - *paid.iter().min().unwrap();
                prop_assert!(spread <= Exact::scaled(1, rounding.scale));
            }
        }
    }

    /// Who stands before another is not paid less, whatever becomes of ties.
    #[test]
    fn a_better_place_is_not_paid_less(actuals in vec(0_i64..6, 1..9), mut amounts in vec(0_i64..999, 1..6), ties in word(&["best", "average", "share"]), ascending: bool) {
        amounts.sort_unstable();
        amounts.reverse();
        let listed: Vec<Value> = amounts.iter().enumerate().map(|(k, n)| json!({ "to_rank": k + 1, "amount": text(*n, 0) })).collect();
        let order = if ascending { "ascending" } else { "descending" };
        let component = json!({ "id": "c0", "goal": "none", "measure": { "of": "kpi:a" },
            "payout": { "kind": "rank", "ties": ties, "order": order, "awards": listed } });
        let document = plan_of(&[component], json!({}));
        let people: Vec<Value> = actuals.iter().enumerate()
            .map(|(i, n)| json!({ "id": format!("R{i}"), "measures": { "kpi:a": { "actual": n } } })).collect();
        let result = outcome(&document, &json!({ "participants": people }));
        for (i, one) in actuals.iter().enumerate() {
            for (j, other) in actuals.iter().enumerate() {
                let paid = |k: usize| &result.participants[k].components[0].payout.value;
                prop_assert!(one == other || (one > other) == ascending || paid(i) >= paid(j), "{i} and {j}");
            }
        }
    }
}
