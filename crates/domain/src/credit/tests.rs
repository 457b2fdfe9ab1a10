//! Crediting against tables and against a naive twin that looks at every line by itself.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::*;
use crate::exact::Exact;
use crate::sales::{Key, ONE, exact_credit};

mod laws;
pub(crate) mod world;

use world::{World, day, days, measure};

/// `R1 0.5, R2 0.5` for each row: who is credited what for the current window.
fn told(outcome: &Outcome, holders: &[(&str, usize)]) -> String {
    let parts: Vec<String> = holders
        .iter()
        .zip(&outcome.credited)
        .filter(|(_, credited)| credited.sums != Sums::default())
        .map(|((code, slot), credited)| format!("{code}/{slot} {}", exact_credit(credited.sums.current)))
        .collect();
    parts.join(", ")
}

/// The demo of every test here: two districts under a head, a split territory, an overlay, a transfer, a vacancy.
fn house() -> World {
    let mut world = World::default();
    for (code, manager) in
        [("H", ""), ("M1", "H"), ("M2", "H"), ("R1", "M1"), ("R2", "M1"), ("R3", "M2"), ("S", "M1"), ("S2", "M2")]
    {
        world.person(code, manager, "2020-01-01");
    }
    for (code, level, parent) in [
        ("D1", "district", ""),
        ("D2", "district", ""),
        ("T1", "territory", "D1"),
        ("T2", "territory", "D1"),
        ("T3", "territory", "D2"),
        ("B1", "brick", "T1"),
        ("B2", "brick", "T2"),
        ("B3", "brick", "T3"),
    ] {
        world.territory(code, level, parent);
    }
    // participant, territory, role, share, from, until
    for (who, place, role, share, from, until) in [
        ("R1", "T1", "direct", 600_000, "2026-01-01", ""),
        ("R2", "T1", "direct", 400_000, "2026-01-01", ""),
        ("R2", "T2", "direct", 1_000_000, "2026-01-01", "2026-02-01"),
        ("R3", "T2", "direct", 1_000_000, "2026-02-15", ""),
        ("R3", "T3", "direct", 700_000, "2026-01-01", ""),
        ("S", "D1", "overlay", 1_000_000, "2026-01-01", ""),
        ("S2", "T1", "overlay", 500_000, "2026-01-01", ""),
    ] {
        world.holding(who, place, role, share, from, until);
    }
    for (code, parent) in [("CARDIO", ""), ("STATINS", "CARDIO"), ("ONCO", "")] {
        world.category(code, parent);
    }
    for (code, category) in [("P1", "STATINS"), ("P2", "CARDIO"), ("P3", "ONCO")] {
        world.product(code, category);
    }
    world
}

const HOLDERS: [&str; 8] = ["H", "M1", "M2", "R1", "R2", "R3", "S", "S2"];

#[test]
fn whose_a_line_is() {
    // territory, participant, date, own credit, team credit, uncredited
    let rows = [
        ("T1", "", "2026-01-10", "R1 60, R2 40, S 100, S2 50", "H 100, M1 100, M2 50, R1 60, R2 40, S 100, S2 50", ""),
        ("B1", "", "2026-01-10", "R1 60, R2 40, S 100, S2 50", "H 100, M1 100, M2 50, R1 60, R2 40, S 100, S2 50", ""),
        ("B2", "", "2026-01-31", "R2 100, S 100", "H 100, M1 100, R2 100, S 100", ""),
        ("B2", "", "2026-02-01", "S 100", "H 100, M1 100, S 100", "Vacant B2 100"),
        ("B2", "", "2026-02-15", "R3 100, S 100", "H 100, M1 100, M2 100, R3 100, S 100", ""),
        ("B3", "", "2026-01-10", "R3 70", "H 70, M2 70, R3 70", "SharesShort B3 30"),
        ("", "R3", "2026-01-10", "R3 100", "H 100, M2 100, R3 100", ""),
        ("T1", "R3", "2026-01-10", "R3 100, S 100, S2 50", "H 100, M1 100, M2 100, R3 100, S 100, S2 50", ""),
        ("", "M1", "2026-01-10", "M1 100", "H 100, M1 100", ""),
        ("", "X9", "2026-01-10", "", "", "UnknownParticipant X9 100"),
        ("T9", "", "2026-01-10", "", "", "UnknownTerritory T9 100"),
        ("", "", "2026-01-10", "", "", "NoPlace  100"),
    ];
    for (territory, participant, date, own, team, left) in rows {
        let mut world = house();
        world.line(date, participant, territory, "P1", "", 100_000_000);
        for (whose, expected) in [("own", own), ("team", team)] {
            let measures = [measure(whose, &[], &[], &[])];
            let holders: Vec<(&str, usize)> = HOLDERS.iter().map(|code| (*code, 0)).collect();
            let outcome = world.credit(&measures, &holders);
            assert_eq!(
                told(&outcome, &holders).replace("/0", ""),
                expected,
                "{whose} credit of a line in `{territory}` by `{participant}` on {date}"
            );
            let found: Vec<String> =
                outcome.ledger.uncredited.iter().map(|u| format!("{:?} {} {}", u.cause, u.place, u.amount)).collect();
            assert_eq!(found.join(", "), left);
            assert_eq!(outcome.ledger.unbalanced(), Vec::<&Balance>::new());
        }
    }
}

#[test]
fn a_vacant_territory_may_go_to_the_district() {
    let mut world = house();
    world.holding("M1", "D1", "direct", 1_000_000, "2026-01-01", "");
    world.line("2026-02-05", "", "B2", "P1", "", 100_000_000);
    let measures = [measure("own", &[], &[], &[])];
    let holders = [("M1", 0)];
    assert_eq!(told(&world.credit(&measures, &holders), &holders), "");
    world.vacant_to_district = true;
    assert_eq!(told(&world.credit(&measures, &holders), &holders), "M1/0 100");
}

#[test]
fn what_a_measure_selects() {
    let mut world = house();
    for (date, product, channel, amount) in [
        ("2026-01-10", "P1", "HOSP", 1_000_000),
        ("2026-01-11", "P2", "PHARM", 10_000_000),
        ("2026-02-12", "P3", "HOSP", 100_000_000),
        ("2026-03-13", "P9", "", 1_000_000_000),
        ("2026-03-13", "P1", "HOSP", -4_000_000),
        ("2025-12-31", "P1", "HOSP", 7_000_000),
        ("2025-02-28", "P1", "HOSP", 8_000_000),
    ] {
        world.line(date, "R1", "", product, channel, amount);
    }
    // products, categories, channels, sum
    let rows: [(&[&str], &[&str], &[&str], &str); 9] = [
        (&[], &[], &[], "1107"),
        (&["P1"], &[], &[], "-3"),
        (&["CARDIO"], &[], &[], "7"),
        (&[], &["CARDIO"], &[], "7"),
        (&[], &["STATINS"], &[], "-3"),
        (&["P1", "ONCO"], &[], &[], "97"),
        (&["P2"], &["STATINS"], &[], "0"),
        (&[], &[], &["HOSP"], "97"),
        (&[], &["CARDIO"], &["HOSP"], "-3"),
    ];
    for (products, categories, channels, expected) in rows {
        let measures = [measure("own", products, categories, channels)];
        let outcome = world.credit(&measures, &[("R1", 0), ("R2", 0)]);
        let sums = outcome.credited[0].sums;
        assert_eq!(exact_credit(sums.current).to_string(), expected, "{products:?} {categories:?} {channels:?}");
        assert_eq!(outcome.credited[0].known, (true, true, true));
        assert_eq!(outcome.credited[1].sums, Sums::default());
    }
    let measures = [measure("all", &["P1"], &[], &[])];
    let outcome = world.credit(&measures, &[("R2", 0)]);
    let sums = outcome.credited[0].sums;
    let figures = [sums.current, sums.previous, sums.last_year].map(|sum| exact_credit(sum).to_string());
    assert_eq!(figures, ["-3", "7", "8"]);
}

#[test]
fn exclusions_are_listed_and_never_lost() {
    let mut world = house();
    world.exclusion("off-label", |when| when.attributes = BTreeMap::from([("specialty".into(), vec!["other".into()])]));
    world.exclusion("tender", |when| {
        when.amount = Some(crate::plan::Bounds { at_least: Some(Exact::whole(500)), ..Default::default() });
    });
    world.line("2026-01-10", "", "T1", "P1", "", 100_000_000);
    world.line("2026-01-10", "", "T1", "P1", "", 500_000_000);
    world.line("2026-01-10", "", "T1", "P1", "", -500_000_000);
    world.attributes("2026-01-11", "R1", "P1", 30_000_000, &[("specialty", "other")]);
    world.attributes("2026-01-11", "R1", "P1", 5_000_000, &[("specialty", "cardiology")]);
    let mut selected = measure("own", &[], &[], &[]);
    selected.exclude.push(crate::plan::Exclusion {
        reason: Text::Plain("not in January's second week".into()),
        when: When { from: Some(day("2026-01-11")), to: Some(day("2026-01-17")), ..When::default() },
    });
    let outcome = world.credit(&[selected], &[("R1", 0)]);
    let excluded: Vec<String> =
        outcome.ledger.excluded.iter().map(|e| format!("{} {} {}", e.rule, e.amount, e.lines)).collect();
    assert_eq!(excluded, ["off-label 30 1", "tender 0 2"]);
    assert_eq!(exact_credit(outcome.credited[0].sums.current).to_string(), "60");
    assert_eq!(outcome.slot_excluded, [(0, 0, 5_000_000 * 1_000_000, 1)]);
    let balance = &outcome.ledger.balances[0];
    let figures = [&balance.total, &balance.credited, &balance.excluded, &balance.uncredited, &balance.overlay];
    assert_eq!(figures.map(Exact::to_string), ["135", "105", "30", "0", "150"]);
    assert!(balance.holds());
}

#[test]
fn corrections_count_as_of_their_batch() {
    let mut world = house();
    world.line("2026-01-10", "R1", "", "P1", "", 100_000_000);
    world.line("2026-01-10", "R1", "", "P1", "", 90_000_000);
    world.sales.facts[0].batch = 1;
    world.sales.facts[0].superseded = 3;
    world.sales.facts[1].batch = 3;
    for (as_of, expected) in [(0, ""), (1, "R1/0 100"), (2, "R1/0 100"), (3, "R1/0 90"), (9, "R1/0 90")] {
        world.as_of = as_of;
        let holders = [("R1", 0)];
        assert_eq!(told(&world.credit(&[measure("own", &[], &[], &[])], &holders), &holders), expected);
    }
}

#[test]
fn other_currencies_do_not_count_and_are_told() {
    let mut world = house();
    world.line("2026-01-10", "R1", "", "P1", "", 100_000_000);
    world.line("2026-01-10", "R1", "", "P1", "", 50_000_000);
    world.sales.facts[1].currency = world.sales.names.currencies.intern("CHF");
    let outcome = world.credit(&[measure("own", &[], &[], &[])], &[("R1", 0)]);
    assert_eq!(exact_credit(outcome.credited[0].sums.current).to_string(), "100");
    assert_eq!(outcome.foreign, [(0, "CHF".to_owned(), 1)]);
    let totals: Vec<String> = outcome
        .ledger
        .balances
        .iter()
        .filter(|b| b.measure == "sales.amount")
        .map(|b| format!("{} {}", b.currency, b.total))
        .collect();
    assert_eq!(totals, ["CHF 50", "EUR 100"]);
}

#[test]
fn lines_are_kept_where_they_are_wanted_and_may_come_apart() {
    let mut world = house();
    world.line("2026-01-12", "", "T1", "P1", "", 10_000_000);
    world.line("2026-01-10", "", "T1", "P1", "", 20_000_000);
    world.line("2026-01-10", "", "T1", "P3", "", 40_000_000);
    world.lines = true;
    let measures = [measure("own", &["P1"], &[], &[])];
    let holders = [("R1", 0), ("R3", 0)];
    let whole = world.credit(&measures, &holders);
    let seen: Vec<(i64, i64)> = whole.credited[0].lines.iter().map(|line| (line.fact.line, line.share)).collect();
    assert_eq!(seen, [(2, 600_000), (1, 600_000)]);
    assert_eq!((whole.credited[1].lines.len(), whole.without_lines.len()), (0, 0));

    // The same as groups, with the lines beside them.
    let lines = world.sales.facts.clone();
    world.sales.facts = lines[1..].to_vec();
    let group = &mut world.sales.facts[0];
    (group.amount, group.quantity, group.margin, group.lines) = (30_000_000, 3_000_000, 7_500_000, 2);
    assert_eq!(world.credit(&measures, &holders).without_lines, [0], "a group where lines are wanted");
    let apart = world.credit_apart(&measures, &holders, &lines);
    assert_eq!(apart, whole);
    let incomplete = world.credit_apart(&measures, &holders, &lines[1..]);
    assert_eq!(incomplete.without_lines, [0], "lines that do not make the sums of the groups");
}

#[test]
fn no_sales_at_all_are_not_a_sum_of_zero() {
    let mut world = house();
    world.line("2026-01-12", "", "T1", "P1", "", 10_000_000);
    let outcome = world.credit(&[measure("own", &[], &[], &[])], &[("R3", 0)]);
    assert_eq!(outcome.credited[0].known, (true, false, false));
}

#[test]
fn hundreds_of_exclusions_are_told_apart() {
    let mut world = house();
    let mut selected = measure("own", &[], &[], &[]);
    for number in 0..150_i64 {
        world.line("2026-01-10", "R1", "", "P1", "", (number + 1) * 1_000_000);
        let exactly = Some(Exact::from(number + 1));
        let amount = crate::plan::Bounds { at_least: exactly.clone(), at_most: exactly, ..Default::default() };
        if number != 7 && number != 71 && number != 140 {
            let when = When { amount: Some(amount), ..When::default() };
            selected.exclude.push(crate::plan::Exclusion { reason: Text::Plain(number.to_string()), when });
        }
    }
    let outcome = world.credit(&[selected], &[("R1", 0)]);
    assert_eq!(exact_credit(outcome.credited[0].sums.current).to_string(), "221");
    assert_eq!(outcome.slot_excluded.len(), 147);
}
