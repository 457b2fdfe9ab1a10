//! Inputs at random, for plans whose components are `c0` to `c4`.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::draw::{BEST_SCORES, MOST, object};
use super::text;

/// A day of the quarter, or after it.
pub fn day(offset: i64) -> String {
    let first = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    (first + chrono::Duration::days(offset)).to_string()
}

/// A line of component `c<of>`.
pub fn line(of: usize) -> BoxedStrategy<Value> {
    (
        prop_oneof![5 => (-200_000_i64..900_000).prop_map(|n| text(n, 2)), 1 => Just("0".to_owned())],
        option::of(-5_i64..20),
        option::of(-10_000_i64..30_000),
        option::of(select(vec!["P1", "P2", "P3"])),
        option::of(select(vec!["HOSP", "RETAIL"])),
        option::of(0_i64..90),
    )
        .prop_map(move |(amount, quantity, margin, product, channel, at)| {
            object(json!({ "measure": format!("c{of}"), "amount": amount, "quantity": quantity.map(|n| text(n, 0)),
                "margin": margin.map(|n| text(n, 2)), "product": product, "channel": channel, "date": at.map(day) }))
        })
        .boxed()
}

/// What is known of one measure.
fn entry() -> BoxedStrategy<Value> {
    let actual = prop_oneof![4 => 0_i64..200_000, 1 => -50_000_i64..0, 1 => Just(100_000_i64)];
    let goal = prop_oneof![6 => 1_i64..2_000, 2 => Just(1_000_i64), 1 => Just(0_i64)];
    (option::weighted(0.85, actual), option::weighted(0.85, goal), option::of(0_i64..2_000), option::of(0_i64..2_000))
        .prop_map(|(actual, goal, previous, last_year)| {
            object(json!({ "actual": actual.map(|n| text(n, 2)), "goal": goal.map(|n| text(n, 0)),
                "previous": previous.map(|n| text(n, 0)), "last_year": last_year.map(|n| text(n, 0)) }))
        })
        .boxed()
}

/// Balances of earlier periods; whole money fits every plan.
fn balances() -> BoxedStrategy<Value> {
    (0_i64..900, -500_i64..500, -100_i64..2_000, 0_i64..300, option::of((0_i64..200, -200_i64..0)))
        .prop_map(|(draw, carried, to_date, holdback, held)| {
            let held: Vec<Value> =
                held.into_iter().map(|(n, at)| json!({ "amount": text(n, 0), "earned_on": day(at) })).collect();
            json!({ "draw": text(draw, 0), "carried": text(carried, 0), "earned_to_date": text(to_date, 0),
                "holdback": text(holdback, 0), "held": held })
        })
        .boxed()
}

/// One participant, but for id and team.
fn person(components: usize) -> BoxedStrategy<Value> {
    let measures = (
        vec(option::weighted(0.9, entry()), MOST),
        vec(option::weighted(0.8, 0_i64..200), 3),
        vec(option::weighted(0.9, 0_i64..=10), 3),
    )
        .prop_map(move |(entries, kpis, scores)| {
            let mut measures = Map::new();
            for (k, entry) in entries.into_iter().enumerate().take(components) {
                measures.extend(entry.map(|entry| (format!("c{k}"), entry)));
            }
            for (key, value) in ["kpi:a", "kpi:b", "kpi:m"].iter().zip(kpis) {
                measures.extend(value.map(|n| ((*key).to_owned(), json!({ "actual": text(n, 2), "goal": "0.9" }))));
            }
            for (k, (tenths, best)) in scores.into_iter().zip(BEST_SCORES).enumerate() {
                measures.extend(tenths.map(|n| (format!("kpi:o{k}"), json!({ "actual": text(n * best, 1) }))));
            }
            measures
        });
    let lines = vec((0..components).prop_flat_map(line), 0..6);
    let days = prop_oneof![
        3 => Just(json!({})),
        1 => (0_i64..=90).prop_map(|n| json!({ "eligible_days": n, "period_days": 90 })),
        1 => (-20_i64..100).prop_map(|n| json!({ "hire_date": day(n) })),
        1 => (0_i64..60, 0_i64..40).prop_map(|(n, more)| json!({ "absences": [{ "from": day(n), "to": day(n + more) }] })),
    ];
    let about = (
        option::of(select(vec!["junior", "senior"])),
        option::of(select(vec!["NORD", "SUD"])),
        prop::bool::weighted(0.92),
        prop::bool::weighted(0.05),
        option::of(0_i64..=100),
        select(vec![1_000_i64, 1_800, 0, 777]),
    );
    let money = (
        option::weighted(0.6, balances()),
        option::weighted(0.2, 0_i64..300),
        vec((-300_i64..300, any::<bool>()), 0..3),
        option::weighted(0.1, 0_i64..900),
    );
    (measures, lines, days, about, money).prop_map(
        |(measures, lines, days, (level, unit, eligible, vacant, fte, target), (balances, release, adjustments, guarantee))| {
            let lines: Vec<Value> = lines
                .into_iter()
                .enumerate()
                .map(|(k, mut line)| {
                    line["ref"] = json!(format!("L{k}"));
                    line
                })
                .collect();
            let adjustments: Vec<Value> = adjustments
                .into_iter()
                .map(|(n, approved)| json!({ "amount": text(n, 0), "reason": "drawn", "approved": approved }))
                .collect();
            let mut person = object(json!({ "level": level, "unit": unit, "eligible": eligible, "vacant": vacant,
                "fte": fte.map(|n| text(n, 2)), "target_incentive": text(target, 0), "measures": measures, "lines": lines,
                "balances": balances, "release_holdback": release.map(|n| text(n, 0)), "adjustments": adjustments,
                "guarantee": guarantee.map(|n| text(n, 0)) }));
            if let (Value::Object(person), Value::Object(days)) = (&mut person, days) {
                person.extend(days);
            }
            person
        },
    ).boxed()
}

/// Inputs for a plan of so many components; nobody is in the team of somebody below.
pub fn any_inputs(components: usize) -> BoxedStrategy<Value> {
    (
        vec((person(components), any::<u8>()), 1..7),
        option::weighted(0.8, (0_i64..300, 1_i64..200)),
        1_u32..12,
        any::<bool>(),
    )
        .prop_map(|(people, company, number, dated)| {
            let count = people.len();
            let participants: Vec<Value> = people
                .into_iter()
                .enumerate()
                .map(|(i, (mut person, mask))| {
                    let team: Vec<String> =
                        (i + 1..count).filter(|j| mask & (1 << j) != 0).map(|j| format!("R{j}")).collect();
                    person["id"] = json!(format!("R{i}"));
                    person["team"] = json!(team);
                    person
                })
                .collect();
            let shared: Map<String, Value> = company
                .into_iter()
                .map(|(actual, goal)| ("kpi:company".to_owned(), json!({ "actual": text(actual, 2), "goal": text(goal, 2) })))
                .collect();
            object(json!({ "participants": participants, "measures": shared, "period_number": number,
                "period": { "from": day(0), "to": day(89) }, "as_of": if dated { json!(day(89)) } else { Value::Null } }))
        }).boxed()
}

/// A plan with inputs that fit it.
pub fn any_world() -> BoxedStrategy<(Value, Value)> {
    super::rules::any_plan()
        .prop_flat_map(|plan| {
            let components = plan["components"].as_array().unwrap().len();
            any_inputs(components).prop_map(move |inputs| (plan.clone(), inputs))
        })
        .boxed()
}
