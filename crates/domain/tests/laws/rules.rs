//! Plans at random: what stands around the components.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::draw::{MOST, component, curve, limits, maybe, object, share, word};
use super::text;

/// How money is rounded.
pub fn rounding() -> BoxedStrategy<Value> {
    (
        prop_oneof![4 => Just(2_u32), 1 => Just(0), 1 => Just(3)],
        maybe(word(&["half_up", "half_down", "half_even", "up", "down", "ceiling", "floor"])),
        maybe(word(&["component", "total"])),
    )
        .prop_map(|(scale, mode, at)| object(json!({ "scale": scale, "mode": mode, "at": at })))
        .boxed()
}

/// A gate of component `index`; `late`: no gate on other components.
fn gates(index: usize, late: bool) -> BoxedStrategy<Vec<Value>> {
    let otherwise = maybe(prop_oneof![
        Just(json!("zero")),
        share().prop_map(|n| json!({ "times": n })),
        share().prop_map(|n| json!({ "at_most_times_target": n })),
    ]);
    let on_measure = (word(&["kpi:a", "kpi:b", "kpi:company"]), word(&["actual", "attainment"]), share()).prop_map(
        |(key, read, n)| {
            let inner = json!({ "measure": key, "read": read, "at_least": n });
            if n.len() % 2 == 0 {
                inner
            } else {
                json!({ "any": [inner, { "measure": "kpi:b", "read": "actual", "more_than": "1" }] })
            }
        },
    );
    let on_component = (0..index.max(1), word(&["attainment", "payout", "actual"]), share())
        .prop_map(|(of, read, n)| json!({ "component": format!("c{of}"), "read": read, "at_least": n }));
    let gate = if index == 0 || late { on_measure.boxed() } else { prop_oneof![on_measure, on_component].boxed() };
    proptest::collection::vec((gate, otherwise), 0..2)
        .prop_map(|gates| {
            gates
                .into_iter()
                .map(|(mut gate, otherwise)| {
                    if !otherwise.is_null() {
                        gate["else"] = otherwise;
                    }
                    gate
                })
                .collect()
        })
        .boxed()
}

fn modifier() -> BoxedStrategy<Value> {
    let factor = prop_oneof![
        curve(true, share()),
        (0_i64..200, share()).prop_map(|(from, times)| json!({ "steps": [{ "from": text(from, 2), "times": times }] })),
        Just(json!("value")),
    ];
    (
        maybe(prop_oneof![Just(json!("total")), Just(json!(["c0"]))]),
        word(&["kpi:a", "kpi:m"]),
        maybe(word(&["own", "superior"])),
        factor,
        maybe(word(&["neutral", "zero"])),
        proptest::option::weighted(0.3, 0_i64..100),
    )
        .prop_map(|(applies_to, measure, of, factor, missing, min)| {
            object(json!({ "applies_to": applies_to, "measure": measure, "read": "actual", "of": of, "factor": factor,
                "missing": missing, "min": min.map(|n| text(n, 2)), "max": min.map(|_| "2") }))
        })
        .boxed()
}

fn proration() -> BoxedStrategy<Value> {
    (
        maybe(word(&["calendar_days", "working_days"])),
        proptest::sample::subsequence(vec!["target", "goal", "payout"], 0..=3),
        any::<bool>(),
        maybe(Just(json!({ "scale": 4, "mode": "half_even" }))),
        maybe(word(&["from_hire", "from_next_month"])),
    )
        .prop_map(|(basis, applies_to, fte, round, new_hires)| {
            object(
                json!({ "basis": basis, "applies_to": applies_to, "fte": fte, "round": round, "new_hires": new_hires }),
            )
        })
        .boxed()
}

/// Rules from earned to paid; all money whole.
pub fn payment_rules() -> BoxedStrategy<Value> {
    let holdback =
        (0_i64..100, maybe(prop_oneof![Just(json!({ "after_days": 30 })), Just(json!({ "after_months": 3 }))]))
            .prop_map(|(share, release)| object(json!({ "share": text(share, 2), "release": release })));
    let held_amount = (0_i64..500).prop_map(|n| json!({ "amount": text(n, 0) }));
    let draw = (
        0_i64..900,
        any::<bool>(),
        0_i64..=100,
        proptest::option::of(1_u32..9),
        proptest::option::of(1_u32..9),
        any::<bool>(),
    )
        .prop_map(|(amount, recoverable, share, from, until, in_advance)| {
            object(json!({ "amount": text(amount, 0), "recoverable": recoverable, "recovery_share": text(share, 2),
                "recovery_from": from, "until": until, "paid_in_advance": in_advance }))
        });
    let guarantee = (0_i64..900).prop_map(|n| json!({ "amount": text(n, 0) }));
    let cap = prop_oneof![
        (0_i64..3_000).prop_map(|n| json!({ "amount": text(n, 0) })),
        (0_i64..300).prop_map(|n| json!({ "times_target": text(n, 2) })),
    ];
    (maybe(prop_oneof![holdback, held_amount]), maybe(draw), maybe(guarantee), maybe(cap))
        .prop_map(|(holdback, draw, guarantee, cap)| {
            object(json!({ "holdback": holdback, "draw": draw, "guarantee": guarantee, "cap": cap }))
        })
        .boxed()
}

/// The rules around the components: fields of the plan.
fn around() -> BoxedStrategy<Value> {
    (
        proptest::collection::vec(modifier(), 0..3),
        limits(),
        maybe(proration()),
        maybe(word(&["none", "year_to_date"])),
        maybe(word(&["carry", "pay", "floor_at_zero"])),
        maybe(payment_rules()),
        maybe(rounding()),
    )
        .prop_map(|(modifiers, (cap, floor), proration, true_up, negative, payment_rules, rounding)| {
            object(json!({ "modifiers": modifiers, "limits": object(json!({ "cap": cap, "floor": floor })),
                "proration": proration, "true_up": true_up, "negative": negative, "payment_rules": payment_rules,
                "rounding": rounding }))
        })
        .boxed()
}

/// A plan of the given components, `around` holding the other fields.
pub fn plan_of(components: &[Value], around: Value) -> Value {
    let mut plan = json!({ "format": "traguardo-plan/1", "code": "LAW", "currency": "EUR", "measurement": "quarter",
        "target_incentive": "1000", "components": components });
    if let (Value::Object(plan), Value::Object(around)) = (&mut plan, around) {
        plan.extend(around);
    }
    plan
}

/// Whole plans.
pub fn any_plan() -> BoxedStrategy<Value> {
    let count = 1..=MOST;
    let parts = count.prop_flat_map(|count| {
        let one = move |index: usize| {
            (component(), 1_u32..6, limits(), gates(index, false), gates(index, true), prop::bool::weighted(0.1))
        };
        (0..count).map(one).collect::<Vec<_>>()
    });
    (parts, around(), any::<bool>())
        .prop_map(|(parts, mut around, own_target)| {
            let shared: u32 =
                parts.iter().enumerate().filter(|(k, part)| *k == 0 || !part.5).map(|(_, part)| part.1).sum();
            let components: Vec<Value> = parts
                .into_iter()
                .enumerate()
                .map(|(k, (mut component, weight, (cap, floor), gates, late_gates, on_top))| {
                    let together = matches!(component["payout"]["kind"].as_str(), Some("rank" | "pool"));
                    component["id"] = json!(format!("c{k}"));
                    component["weight"] = json!(format!("{weight}/{shared}"));
                    if k > 0 && on_top {
                        component["on_top"] = json!(true);
                        component["weight"] = json!("0.25");
                    }
                    component["gates"] = json!(if together { late_gates } else { gates });
                    component["cap"] = cap;
                    component["floor"] = floor;
                    object(component)
                })
                .collect();
            if own_target {
                around["target_incentive"] = Value::Null;
            }
            plan_of(&components, around)
        })
        .boxed()
}
