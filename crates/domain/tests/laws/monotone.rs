//! Who achieves more is not paid less, where nothing in the plan falls.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Value, json};
use traguardo_domain::exact::Exact;

use super::draw::{limits, maybe, object, share, word};
use super::rules::{payment_rules, plan_of, rounding};
use super::{outcome, text};

/// Rising starts with rising values, none below 0.
fn climb(most: i64) -> BoxedStrategy<Vec<(String, String)>> {
    btree_map(0_i64..200, 0_i64..most, 1..5)
        .prop_map(|map| {
            let mut values: Vec<i64> = map.values().copied().collect();
            values.sort_unstable();
            map.keys().zip(values).map(|(at, value)| (text(*at, 2), text(value, 2))).collect()
        })
        .boxed()
}

/// Fields of a curve that rises; `below` keeps to what cannot fall.
fn rising_curve(most: i64) -> BoxedStrategy<Value> {
    (
        climb(most),
        word(&["linear", "step"]),
        maybe(word(&["zero", "hold"])),
        maybe(word(&["hold", "extend"])),
        maybe(word(&["from", "to"])),
    )
        .prop_map(|(points, between, below, above, boundary)| {
            let points: Vec<Value> = points.into_iter().map(|(at, pay)| json!({ "at": at, "pay": pay })).collect();
            let boundary = if between == "step" { boundary } else { Value::Null };
            object(
                json!({ "points": points, "between": between, "below": below, "above": above, "boundary": boundary }),
            )
        })
        .boxed()
}

fn kind(mut payout: Value, kind: &str) -> Value {
    payout["kind"] = json!(kind);
    payout
}

/// A payout of `x` (an attainment) or of the actual that cannot fall.
fn payout() -> BoxedStrategy<Value> {
    let rate = (word(&["marginal", "retroactive"]), climb(300), maybe(word(&["from", "to"]))).prop_map(
        |(mode, tiers, boundary)| {
            let tiers: Vec<Value> = tiers.iter().map(|(from, rate)| json!({ "from": from, "rate": rate })).collect();
            object(json!({ "kind": "rate", "mode": mode, "tiers": tiers, "boundary": boundary }))
        },
    );
    let bonus = (climb(90_000), word(&["highest", "cumulative"])).prop_map(|(steps, mode)| {
        let steps: Vec<Value> = steps.iter().map(|(from, amount)| json!({ "from": from, "amount": amount })).collect();
        json!({ "kind": "bonus", "steps": steps, "mode": mode })
    });
    let overage = (0_i64..200).prop_map(|n| {
        json!({ "kind": "rate", "mode": "overage", "base_rate": "target_over_goal", "tiers": [{ "from": 1, "times": text(n, 2) }] })
    });
    prop_oneof![
        3 => (rising_curve(300), maybe(word(&["share", "amount"]))).prop_map(|(curve, pays)| {
            let mut curve = kind(curve, "curve");
            curve["pays"] = if pays.is_null() { json!("share") } else { pays };
            curve
        }),
        1 => rate,
        1 => bonus,
        1 => overage,
    ]
    .boxed()
}

proptest! {
    #[test]
    fn more_is_never_paid_less(
        (payout, read) in (payout(), word(&["attainment", "actual", "above_goal"])),
        (cap, floor) in limits(),
        (plan_cap, plan_floor) in limits(),
        (otherwise, least) in (prop_oneof![Just(json!("zero")), share().prop_map(|n| json!({ "times": n }))], share()),
        factor in maybe(rising_curve(200)),
        rules in payment_rules(),
        (rounding, negative) in (maybe(rounding()), maybe(word(&["carry", "pay", "floor_at_zero"]))),
        actuals in vec(prop_oneof![3 => 0_i64..400, 1 => Just(100_i64)], 2..7),
    ) {
        // A failing gate that multiplies by more than 1 would pay more for less.
        let otherwise = if otherwise["times"].as_str().is_some_and(|n| super::exact(n) > Exact::ONE) { json!("zero") } else { otherwise };
        // Below the gate's bound the floor may stand above what is paid beyond it with "zero": both rise with it.
        let component = object(json!({ "id": "c0", "weight": 1, "measure": { "of": "sales.amount" }, "read": read,
            "gates": [{ "measure": "c0", "at_least": least, "else": otherwise }], "payout": payout, "cap": cap, "floor": floor }));
        let modifiers: Vec<Value> = factor.as_object().map(|factor| json!({ "measure": "c0", "read": "actual", "factor": factor })).into_iter().collect();
        // Money below nought, multiplied by more, falls: no negative floor beside a factor.
        let around = object(json!({ "modifiers": if floor_is_negative(&floor) { Vec::new() } else { modifiers },
            "limits": object(json!({ "cap": plan_cap, "floor": plan_floor })),
            "payment_rules": rules, "rounding": rounding, "negative": negative }));
        let document = plan_of(&[component], around);
        let mut actuals = actuals;
        actuals.sort_unstable();
        let people: Vec<Value> = actuals.iter().enumerate().map(|(i, actual)| {
            json!({ "id": format!("R{i}"), "measures": { "c0": { "actual": text(*actual, 2), "goal": 1 } } })
        }).collect();
        let result = outcome(&document, &json!({ "participants": people, "period_number": 3, "as_of": "2026-03-31" }));
        for pair in result.participants.windows(2) {
            let payout = |i: usize| &pair[i].components[0].payout.value;
            prop_assert!(payout(0) <= payout(1), "{} then {}\n{}", payout(0), payout(1), document);
            prop_assert!(pair[0].earned.value <= pair[1].earned.value, "{} then {}\n{document}", pair[0].earned, pair[1].earned);
            prop_assert!(pair[0].payment.value <= pair[1].payment.value, "{} then {}\n{document}", pair[0].payment, pair[1].payment);
        }
    }
}

fn floor_is_negative(floor: &Value) -> bool {
    ["amount", "times_target"].iter().any(|unit| floor[*unit].as_str().is_some_and(|n| super::exact(n).is_negative()))
}
