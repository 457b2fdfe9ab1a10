//! How fast plans are evaluated: component payouts per second and core, and what the derivation costs.
//!
//! `cargo bench -p traguardo-domain --bench engine`; the figures stand in docs/performance.md.
#![allow(clippy::unwrap_used, missing_docs)]

use divan::counter::ItemsCount;
use traguardo_domain::engine::evaluate;
use traguardo_domain::exact::Exact;
use traguardo_domain::inputs::{Inputs, MeasureEntry, Participant};
use traguardo_domain::plan::{CheckedPlan, load_plan};
use traguardo_domain::trace::Trace;

fn main() {
    divan::main();
}

/// Five components of the common kinds: two curves, marginal rate, bonus, grid.
fn plan() -> CheckedPlan {
    let text = r#"{
      "format": "traguardo-plan/1", "code": "BENCH", "currency": "EUR", "measurement": "quarter",
      "components": [
        { "id": "a", "weight": "0.4", "measure": { "of": "sales.amount" },
          "payout": { "kind": "curve", "points": [ { "at": "0.8", "pay": "0.5" }, { "at": "1", "pay": "1" }, { "at": "1.2", "pay": "2" } ] } },
        { "id": "b", "weight": "0.3", "measure": { "of": "sales.amount" }, "gates": [ { "component": "a", "at_least": "0.5", "else": { "times": "0.5" } } ],
          "payout": { "kind": "curve", "points": [ { "at": "0.7", "pay": "0" }, { "at": "1", "pay": "1" } ], "above": "extend" }, "cap": { "times_target": "1.5" } },
        { "id": "c", "measure": { "of": "sales.amount" }, "goal": "none",
          "payout": { "kind": "rate", "mode": "marginal", "tiers": [ { "from": 0, "rate": "0.001" }, { "from": 50000, "rate": "0.002" }, { "from": 100000, "rate": "0.003" } ] } },
        { "id": "d", "measure": { "of": "kpi:coverage" }, "goal": "none",
          "payout": { "kind": "bonus", "steps": [ { "from": "0.8", "amount": "50" }, { "from": "0.9", "amount": "120" } ] } },
        { "id": "e", "weight": "0.3", "measure": { "of": "sales.quantity" },
          "payout": { "kind": "grid", "rows": { "read": "attainment", "from": [ "0.8", "1" ] }, "columns": { "read": "kpi:coverage", "from": [ "0", "0.9" ] },
                      "cells": [ [ "0.5", "0.75" ], [ "1", "1.25" ] ] } }
      ] }"#;
    load_plan(text).0.unwrap()
}

fn inputs(count: u32) -> Inputs {
    let entry = |actual: i128, goal: i128| MeasureEntry {
        actual: Some(Exact::scaled(actual, 2)),
        goal: Some(Exact::whole(goal)),
        ..MeasureEntry::default()
    };
    let participants = (0..count)
        .map(|i| {
            let n = i128::from(i);
            let mut p = Participant::new(format!("R{i:05}"));
            p.target_incentive = Some(Exact::whole(3_000 + n % 7 * 100));
            p.measures.insert("a".into(), entry(7_000_000 + n * 7_919 % 6_000_000, 100_000 + n % 1_000));
            p.measures.insert("b".into(), entry(6_000_000 + n * 104_729 % 7_000_000, 99_000 + n % 777));
            p.measures.insert("c".into(), entry(n * 15_485_863 % 20_000_000, 1));
            p.measures.insert("kpi:coverage".into(), entry(70 + n % 31, 1));
            p.measures.insert("e".into(), entry(70_000 + n * 13 % 60_000, 1_000));
            p
        })
        .collect();
    Inputs { participants, ..Inputs::default() }
}

/// 5,000 participants × 5 components; the counter counts component payouts.
#[divan::bench(args = [false, true], sample_count = 20)]
fn population(bencher: divan::Bencher<'_, '_>, derivation: bool) {
    let (plan, inputs) = (plan(), inputs(5_000));
    let trace = if derivation { Trace::Full } else { Trace::Off };
    bencher.counter(ItemsCount::new(25_000_u32)).bench(|| evaluate(&plan, &inputs, trace).unwrap());
}

/// The same result as JSON with its derivation, as a run stores it.
#[divan::bench(sample_count = 20)]
fn population_as_json(bencher: divan::Bencher<'_, '_>) {
    let (plan, inputs) = (plan(), inputs(5_000));
    let outcome = evaluate(&plan, &inputs, Trace::Full).unwrap();
    bencher.counter(ItemsCount::new(25_000_u32)).bench(|| serde_json::to_vec(&outcome).unwrap());
}

/// One participant alone: what a what-if costs.
#[divan::bench(args = [false, true])]
fn one_participant(bencher: divan::Bencher<'_, '_>, derivation: bool) {
    let (plan, inputs) = (plan(), inputs(1));
    let trace = if derivation { Trace::Full } else { Trace::Off };
    bencher.counter(ItemsCount::new(5_u32)).bench(|| evaluate(&plan, &inputs, trace).unwrap());
}

/// Reading and checking the plan document.
#[divan::bench]
fn read_and_check(bencher: divan::Bencher<'_, '_>) {
    bencher.bench(plan);
}
