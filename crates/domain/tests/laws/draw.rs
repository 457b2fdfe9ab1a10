//! Plans at random: components of every kind. All are valid; what is refused has its own tests.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::text;

/// The best scores of the objectives `o0`, `o1`, `o2`.
pub const BEST_SCORES: [i64; 3] = [5, 10, 3];
/// Most components of a plan.
pub const MOST: usize = 5;

/// One of some words.
pub fn word(words: &'static [&'static str]) -> BoxedStrategy<Value> {
    select(words).prop_map(|word| json!(word)).boxed()
}

/// Hundredths, with a third among them now and then: what is read of an attainment or a factor.
pub fn share() -> BoxedStrategy<String> {
    prop_oneof![8 => (0_i64..300).prop_map(|n| text(n, 2)), 1 => Just("0.333333333333".to_owned())].boxed()
}

/// Money of any size, with more places than are paid now and then; rarely negative.
pub fn money() -> BoxedStrategy<String> {
    prop_oneof![
        6 => (0_i64..5_000).prop_map(|n| text(n, 0)),
        3 => (0_i64..1_000_000).prop_map(|n| text(n, 3)),
        1 => (-5_000_i64..0).prop_map(|n| text(n, 1)),
        1 => Just("123456789012.345678".to_owned()),
    ]
    .boxed()
}

/// Rising numbers `scale` places deep, each with something beside it.
fn rising<T: std::fmt::Debug + 'static>(
    from: std::ops::Range<i64>,
    scale: u32,
    beside: impl Strategy<Value = T> + 'static,
    most: usize,
) -> BoxedStrategy<Vec<(String, T)>> {
    proptest::collection::btree_map(from, beside, 1..=most)
        .prop_map(move |map| map.into_iter().map(|(n, beside)| (text(n, scale), beside)).collect())
        .boxed()
}

/// Where a band begins: of attainments, or of amounts.
pub fn starts<T: std::fmt::Debug + 'static>(
    of_attainment: bool,
    beside: impl Strategy<Value = T> + 'static,
    most: usize,
) -> BoxedStrategy<Vec<(String, T)>> {
    if of_attainment { rising(0..250, 2, beside, most) } else { rising(-20..2_000, 0, beside, most) }
}

/// An object of the fields that are not `null`.
pub fn object(fields: Value) -> Value {
    let Value::Object(fields) = fields else { return fields };
    Value::Object(fields.into_iter().filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>())
}

/// `null` now and then.
pub fn maybe(strategy: impl Strategy<Value = Value> + 'static) -> BoxedStrategy<Value> {
    proptest::option::of(strategy).prop_map(|value| value.unwrap_or(Value::Null)).boxed()
}

fn limit() -> BoxedStrategy<Value> {
    prop_oneof![
        (0_i64..300).prop_map(|n| json!({ "times_target": text(n, 2) })),
        (0_i64..300_000).prop_map(|n| json!({ "amount": text(n, 2) })),
    ]
    .boxed()
}

/// Cap and floor that do not contradict one another.
pub fn limits() -> BoxedStrategy<(Value, Value)> {
    let floor = prop_oneof![
        (-20_i64..0).prop_map(|n| json!({ "amount": text(n * 333, 2) })),
        (0_i64..50).prop_map(|n| json!({ "times_target": text(n, 2) })),
        (0_i64..9_999).prop_map(|n| json!({ "amount": text(n, 3) })),
    ];
    (maybe(limit()), maybe(floor))
        .prop_map(|(cap, floor)| {
            let inverted = ["times_target", "amount"].iter().any(|unit| {
                let number = |limit: &Value| limit[*unit].as_str().map(super::exact);
                number(&cap).zip(number(&floor)).is_some_and(|(cap, floor)| cap < floor)
            });
            if inverted { (floor, cap) } else { (cap, floor) }
        })
        .boxed()
}

/// The fields of a curve.
pub fn curve(of_attainment: bool, pays: impl Strategy<Value = String> + 'static) -> BoxedStrategy<Value> {
    (
        starts(of_attainment, pays, 5),
        word(&["linear", "step"]),
        maybe(word(&["zero", "hold", "extend"])),
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

fn with(mut object: Value, more: Value) -> Value {
    if let (Value::Object(object), Value::Object(more)) = (&mut object, more) {
        object.extend(more);
    }
    object
}

fn tier() -> BoxedStrategy<Value> {
    let pays = prop_oneof![
        4 => (-20_i64..200).prop_map(|n| json!({ "rate": text(n, 3) })),
        1 => (0_i64..300).prop_map(|n| json!({ "times": text(n, 2) })),
        1 => money().prop_map(|amount| json!({ "amount": amount })),
        1 => (0_i64..200, money()).prop_map(|(n, amount)| json!({ "rate": text(n, 3), "amount": amount })),
    ];
    let bounds = (proptest::option::weighted(0.1, -50_i64..100), proptest::option::weighted(0.1, 100_i64..900));
    (pays, bounds)
        .prop_map(|(pays, (min, max))| {
            with(pays, object(json!({ "min": min.map(|n| text(n, 1)), "max": max.map(|n| text(n, 1)) })))
        })
        .boxed()
}

/// A rate table; overage only where there is a goal.
fn rate(goal: bool) -> BoxedStrategy<Value> {
    let modes: &'static [&'static str] =
        if goal { &["marginal", "retroactive", "overage"] } else { &["marginal", "retroactive"] };
    let tier_by: &'static [&'static str] = if goal { &["actual", "attainment", "kpi:a"] } else { &["actual", "kpi:a"] };
    (
        (word(modes), maybe(word(tier_by)), maybe(word(&["actual", "kpi:a", "kpi:b"])), any::<bool>()),
        starts(false, tier(), 4),
        maybe(word(&["from", "to"])),
        any::<bool>(),
    )
        .prop_map(move |((mode, tier_by, on, target_over_goal), tiers, boundary, open)| {
            let overage = mode == "overage";
            let by_attainment = tier_by == "attainment" || (overage && tier_by.is_null());
            let tiers: Vec<Value> = tiers
                .into_iter()
                .enumerate()
                .map(|(k, (from, tier))| {
                    let from = if by_attainment { text(i64::try_from(k).unwrap() * 40, 2) } else { from };
                    let from = if k == 0 && open { Value::Null } else { json!(from) };
                    with(tier, object(json!({ "from": from })))
                })
                .collect();
            let base_rate = if goal && target_over_goal { json!("target_over_goal") } else { json!("0.05") };
            let on = if overage { Value::Null } else { on };
            object(json!({ "kind": "rate", "mode": mode, "tier_by": tier_by, "on": on, "base_rate": base_rate,
                "tiers": tiers, "boundary": boundary }))
        })
        .boxed()
}

fn bonus(of_attainment: bool) -> BoxedStrategy<Value> {
    (starts(of_attainment, money(), 4), maybe(word(&["highest", "cumulative"])), maybe(word(&["from", "to"])))
        .prop_map(|(steps, mode, boundary)| {
            let steps: Vec<Value> =
                steps.into_iter().map(|(from, amount)| json!({ "from": from, "amount": amount })).collect();
            object(json!({ "kind": "bonus", "steps": steps, "mode": mode, "boundary": boundary }))
        })
        .boxed()
}

fn grid(goal: bool) -> BoxedStrategy<Value> {
    let rows: &'static [&'static str] = if goal { &["attainment", "kpi:a"] } else { &["actual", "kpi:a"] };
    (
        word(rows),
        starts(goal, Just(()), 3),
        starts(true, Just(()), 3),
        proptest::collection::vec(share(), 9),
        (maybe(word(&["step", "bilinear"])), maybe(word(&["share", "amount", "rate"])), maybe(word(&["from", "to"]))),
    )
        .prop_map(|(read, rows, columns, cells, (between, pays, boundary))| {
            let from = |starts: &[(String, ())]| starts.iter().map(|(n, ())| json!(n)).collect::<Vec<_>>();
            let cells: Vec<Vec<&String>> =
                (0..rows.len()).map(|r| cells.iter().skip(r * 3).take(columns.len()).collect()).collect();
            object(json!({ "kind": "grid", "rows": { "read": read, "from": from(&rows) },
                "columns": { "read": "kpi:b", "from": from(&columns) }, "cells": cells,
                "between": between, "pays": pays, "boundary": boundary }))
        })
        .boxed()
}

fn scorecard() -> BoxedStrategy<Value> {
    (proptest::collection::vec(1_u32..6, 1..=3), maybe(curve(true, share())))
        .prop_map(|(parts, curve)| {
            let whole: u32 = parts.iter().sum();
            let objectives: Vec<Value> = parts
            .iter()
            .zip(BEST_SCORES)
            .enumerate()
            .map(|(k, (part, max))| json!({ "code": format!("o{k}"), "weight": format!("{part}/{whole}"), "max": max }))
            .collect();
            object(json!({ "kind": "scorecard", "objectives": objectives, "curve": curve }))
        })
        .boxed()
}

fn rank() -> BoxedStrategy<Value> {
    (
        maybe(word(&["plan", "level", "unit"])),
        maybe(word(&["x", "kpi:a"])),
        maybe(word(&["ascending", "descending"])),
        maybe(word(&["best", "average", "share"])),
        proptest::collection::btree_map(1_u32..6, money(), 1..4),
        any::<(bool, bool)>(),
    )
        .prop_map(|(group, by, order, ties, awards, (percentile, shares))| {
            let awards: Vec<Value> = awards
                .into_iter()
                .map(|(to, amount)| {
                    let reach = if percentile {
                        ("to_percentile", json!(text(i64::from(to) * 20, 2)))
                    } else {
                        ("to_rank", json!(to))
                    };
                    let pays =
                        if shares { ("share", json!(text(i64::from(to) * 7, 1))) } else { ("amount", json!(amount)) };
                    json!({ reach.0: reach.1, pays.0: pays.1 })
                })
                .collect();
            object(json!({ "kind": "rank", "group": group, "by": by, "order": order, "ties": ties, "awards": awards }))
        })
        .boxed()
}

fn pool() -> BoxedStrategy<Value> {
    let money = prop_oneof![
        money().prop_map(|amount| json!({ "amount": amount })),
        (-100_i64..500, word(&["actual", "kpi:a"])).prop_map(|(n, of)| json!({ "rate": text(n, 3), "of": of })),
    ];
    let funding = (curve(true, share()), maybe(word(&["attainment", "actual"])))
        .prop_map(|(curve, read)| with(curve, object(json!({ "measure": "kpi:company", "read": read }))));
    (money, maybe(word(&["plan", "level", "unit"])), maybe(word(&["x", "target", "kpi:a"])), maybe(funding))
        .prop_map(|(pool, group, share_by, funding)| {
            object(json!({ "kind": "pool", "pool": pool, "group": group, "share_by": share_by, "funding": funding }))
        })
        .boxed()
}

fn over() -> BoxedStrategy<Value> {
    (-10_i64..200).prop_map(|n| json!({ "kind": "override", "rate": text(n, 3), "of": "team_payout" })).boxed()
}

/// Which lines; never by the size of a line where `by_size` is false.
pub fn when(by_size: bool) -> BoxedStrategy<Value> {
    (
        maybe(word(&["P1", "P2"])),
        maybe(word(&["HOSP", "RETAIL"])),
        if by_size { proptest::option::weighted(0.3, 0_i64..900).boxed() } else { Just(None).boxed() },
        proptest::option::weighted(0.2, 0_i64..90),
    )
        .prop_map(|(product, channel, least, day)| {
            let list = |code: Value| if code.is_null() { Value::Null } else { json!([code]) };
            object(json!({ "products": list(product), "channels": list(channel),
                "amount": least.map(|n| json!({ "at_least": text(n, 0) })),
                "from": day.map(super::people::day) }))
        })
        .boxed()
}

/// Rules for single lines; only rates without bounds where `additive`.
pub fn per_line(additive: bool) -> BoxedStrategy<Value> {
    let rate = (-20_i64..200, maybe(word(&["amount", "quantity", "margin"])))
        .prop_map(|(n, on)| object(json!({ "rate": text(n, 3), "on": on })));
    let fixed = money().prop_map(|amount| json!({ "amount": amount }));
    let pays = if additive { rate.boxed() } else { prop_oneof![rate, fixed].boxed() };
    let some = |range: std::ops::Range<i64>| {
        if additive { Just(None).boxed() } else { proptest::option::weighted(0.2, range).boxed() }
    };
    let bounds = (some(0..50), some(50..900));
    let rule = (when(!additive), pays, bounds).prop_map(|(when, pays, (min, max))| {
        let more = json!({ "when": when, "min": min.map(|n| text(n, 1)), "max": max.map(|n| text(n, 1)) });
        with(pays, object(more))
    });
    (proptest::collection::vec(rule, 1..4), maybe(word(&["first", "most_specific", "all"])))
        .prop_map(|(rules, pick)| {
            let rules: Vec<Value> =
                rules.into_iter().enumerate().map(|(k, rule)| with(rule, json!({ "id": format!("r{k}") }))).collect();
            object(json!({ "kind": "per_line", "rules": rules, "pick": pick }))
        })
        .boxed()
}

/// A payout that is worked out line by line.
pub fn line_by_line() -> BoxedStrategy<Value> {
    prop_oneof![
        (curve(false, money())).prop_map(|curve| with(curve, json!({ "kind": "curve", "pays": "amount" }))),
        rate(false).prop_map(|rate| {
            let Value::Object(mut fields) = rate else { return rate };
            fields.retain(|name, value| !(matches!(name.as_str(), "on" | "tier_by") && value != "actual"));
            Value::Object(fields)
        }),
        bonus(false),
    ]
    .prop_map(|payout| json!({ "goal": "none", "per": "line", "measure": { "of": "sales.amount" }, "payout": payout }))
    .boxed()
}

/// A component that looks at a goal.
fn with_goal() -> BoxedStrategy<Value> {
    let goal = prop_oneof![
        3 => Just(Value::Null),
        1 => (0_i64..2_000).prop_map(|n| json!({ "value": text(n, 0) })),
    ];
    let read = select(vec!["attainment", "actual", "above_goal"]);
    let sums = maybe(word(&["growth_on_previous_period", "growth_on_last_year", "share_of:kpi:a"]));
    (goal, read, prop::bool::weighted(0.15), sums)
        .prop_flat_map(|(goal, read, transformed, sums)| {
            let by_attainment = read == "attainment";
            let of_curve = (curve(by_attainment, share()), maybe(word(&["share", "amount"])))
                .prop_map(|(curve, pays)| with(curve, object(json!({ "kind": "curve", "pays": pays }))));
            prop_oneof![of_curve, rate(true), bonus(by_attainment), grid(true), rank(), pool()].prop_map(
                move |payout| {
                    let measure =
                        object(json!({ "of": "sales.amount", "as": if transformed { &sums } else { &Value::Null } }));
                    object(json!({ "goal": goal, "read": read, "measure": measure, "payout": payout }))
                },
            )
        })
        .boxed()
}

/// A component without a goal.
fn without_goal() -> BoxedStrategy<Value> {
    let of_curve = (curve(false, share()), maybe(word(&["share", "amount"])))
        .prop_map(|(curve, pays)| with(curve, object(json!({ "kind": "curve", "pays": pays }))));
    let of = word(&["sales.amount", "sales.quantity", "sales.margin"]);
    (
        of,
        prop_oneof![
            of_curve,
            rate(false),
            bonus(false),
            grid(false),
            scorecard(),
            rank(),
            pool(),
            over(),
            per_line(false)
        ],
    )
        .prop_map(|(of, payout)| json!({ "goal": "none", "measure": { "of": of }, "payout": payout }))
        .boxed()
}

/// A component of any kind, without id, weight, gates and limits.
pub fn component() -> BoxedStrategy<Value> {
    prop_oneof![4 => with_goal(), 4 => without_goal(), 1 => line_by_line()].boxed()
}
