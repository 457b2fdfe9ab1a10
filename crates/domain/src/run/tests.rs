//! A small company through its first quarter of 2026, and what goes wrong.

use serde_json::{Value, json};

use super::*;
use crate::credit::tests::world::{day, days};
use crate::inputs::Absence;
use crate::organization::{Person, Post};
use crate::plan::load_plan;
use crate::result::State;
use crate::time::Timeline;

pub(crate) mod company;
mod goal;
mod late;
pub(crate) mod laws;

pub(crate) use company::{Company, curve_plan, plan};

/// The figures of one row: `earned / actual goal payout state`.
fn told(outcome: &RunOutcome, participant: &str) -> String {
    let rows = outcome.results.iter().filter(|row| row.participant == participant);
    let shown: Vec<String> = rows
        .map(|row| {
            let components: Vec<String> = row
                .evaluated
                .components
                .iter()
                .map(|c| {
                    let text = |figure: &Option<crate::result::Figure>| {
                        figure.as_ref().map_or("-".to_owned(), ToString::to_string)
                    };
                    format!("{} of {} pays {} {}", text(&c.actual), text(&c.goal), c.payout, c.state.word())
                })
                .collect();
            format!("{} = {}", row.evaluated.earned, components.join(" + "))
        })
        .collect();
    shown.join("; ")
}

fn codes(outcome: &RunOutcome) -> Vec<String> {
    outcome.findings.iter().map(|f| format!("{}{} {}", if f.is_error() { "!" } else { "?" }, f.code, f.path)).collect()
}

#[test]
fn a_quarter_worked_out_by_hand() {
    let mut company = Company::new();
    company.plan("reps", curve_plan(json!({"basis": "calendar_days", "applies_to": ["target", "goal"]})));
    let mut team = curve_plan(Value::Null);
    team["components"][0]["measure"]["credit"] = json!("team");
    company.plan("heads", team);
    for (who, plan) in [("R1", "reps"), ("R2", "reps"), ("R3", "reps"), ("M1", "heads"), ("M2", "heads")] {
        company.assign(who, plan, "2026-01-01", "");
    }
    // R3 was hired on 15 February and took T3 over that day; R2 moves from T2 to T4 on 1 March.
    company.person("R3").hire = Some(day("2026-02-15"));
    for (who, place, from, until) in [
        ("R1", "T1", "2025-01-01", ""),
        ("R2", "T2", "2025-01-01", "2026-03-01"),
        ("R2", "T4", "2026-03-01", ""),
        ("R3", "T3", "2026-02-15", ""),
    ] {
        company.holding(who, place, 1_000_000, from, until);
    }
    for (place, goal) in [("T1", "1000"), ("T2", "900"), ("T3", "1800"), ("T4", "1800")] {
        company.territory_goal("2026-Q1", place, goal);
    }
    for (date, place, amount) in
        [("2026-01-10", "T1", 1_100), ("2026-01-10", "T2", 890), ("2026-03-31", "T4", 310), ("2026-03-01", "T3", 900)]
    {
        company.line(date, "", place, "P1", amount);
    }
    let outcome = run(&company.input);
    assert_eq!(codes(&outcome), ["?no_plan participant H"]);
    // 110 % of the goal: 1,000 × 1.25.
    assert_eq!(told(&outcome, "R1"), "1250.00 = 1100 of 1000 pays 1250.00 ok");
    // 59 of 90 days in T2, 31 in T4: 900 × 59/90 + 1800 × 31/90 = 1,210; 1,200 is 99.17 % of it, and pays 97.93 %.
    assert_eq!(told(&outcome, "R2"), "979.34 = 1200 of 1210 pays 979.34 ok");
    // Hired with 45 of 90 days to go: half the goal and half the target.
    assert_eq!(told(&outcome, "R3"), "500.00 = 900 of 900 pays 500.00 ok");
    // A head's goal is that of the team, weighed by the days: 1,000 + 1,210; and 1,800 × 45/90.
    assert_eq!(told(&outcome, "M1"), "1101.81 = 2300 of 2210 pays 1101.81 ok");
    assert_eq!(told(&outcome, "M2"), "1000.00 = 900 of 900 pays 1000.00 ok");

    let input: Value = serde_json::from_str(&outcome.results[3].input).unwrap();
    assert_eq!(
        input["participants"][0]["measures"],
        json!({"sales": {"actual": "1200", "goal_parts": [{"days": "59", "goal": "900", "ref": "T2"}, {"days": "31", "goal": "1800", "ref": "T4"}]}})
    );
    let balance = &outcome.ledger.balances[0];
    assert_eq!((balance.total.to_string(), balance.credited.to_string()), ("3200".into(), "3200".into()));
    let totals: Vec<String> =
        outcome.totals.iter().map(|t| format!("{} {} {}", t.currency, t.participants, t.earned)).collect();
    assert_eq!(totals, ["EUR 5 4831.15"]);
    assert!(outcome.complete());
}

#[test]
fn two_plans_one_after_the_other_are_two_fractions() {
    // proration of the plans, what R1 earns from each
    let rows = [
        (
            Value::Null,
            ["400.00 = 400 of 400 pays 400.00 ok", "750.00 = 600 of 600 pays 600.00 ok + 5 of - pays 150.00 ok"],
        ),
        (
            json!({"applies_to": "target"}),
            ["400.00 = 400 of 400 pays 400.00 ok", "750.00 = 600 of 600 pays 600.00 ok + 5 of - pays 150.00 ok"],
        ),
        (
            json!({"applies_to": "payout"}),
            ["400.00 = 400 of 400 pays 1000.00 ok", "750.00 = 600 of 600 pays 1000.00 ok + 5 of - pays 250.00 ok"],
        ),
    ];
    for (proration, expected) in rows {
        let mut company = Company::new();
        company.plan("first", curve_plan(proration.clone()));
        let mut second = curve_plan(proration.clone());
        second["components"].as_array_mut().unwrap().push(json!({
            "id": "quality", "on_top": true, "weight": "0.25", "measure": {"of": "kpi:quality"}, "goal": "none",
            "payout": {"kind": "scorecard", "objectives": [{"code": "kpi:quality", "weight": 1, "max": 5}]}
        }));
        company.plan("second", second);
        company.assign("R1", "first", "2025-01-01", "2026-02-06");
        company.assign("R1", "second", "2026-02-06", "");
        company.participant_goal("2026-Q1", "R1", "1000");
        company.kpi("R1", "kpi:quality", "2026-Q1", "5");
        company.line("2026-02-05", "R1", "", "P1", 400);
        company.line("2026-02-06", "R1", "", "P1", 600);
        let outcome = run(&company.input);
        let errors: Vec<&Finding> = outcome.findings.iter().filter(|f| f.is_error()).collect();
        assert_eq!(errors, Vec::<&Finding>::new());
        assert_eq!(told(&outcome, "R1"), expected.join("; "), "proration {proration}");
        assert_eq!(outcome.payment("R1")["EUR"].to_string(), "1150");
    }
}

#[test]
fn a_new_version_ends_the_old_one() {
    let mut company = Company::new();
    company.plan("reps", curve_plan(Value::Null));
    company.version("reps@2", "reps", 2, curve_plan(Value::Null));
    company.assign("R1", "reps", "2025-01-01", "");
    company.assign("R1", "reps@2", "2026-02-15", "");
    company.participant_goal("2026-Q1", "R1", "1000");
    company.line("2026-02-01", "R1", "", "P1", 500);
    company.line("2026-03-01", "R1", "", "P1", 500);
    company.money("R1", "reps", |money| money.balances.carried = Exact::whole(-100));
    let outcome = run(&company.input);
    assert_eq!(told(&outcome, "R1"), "500.00 = 500 of 500 pays 500.00 ok; 500.00 = 500 of 500 pays 500.00 ok");
    // The debt is taken off once, from the last fraction.
    let paid: Vec<String> = outcome.results.iter().map(|row| row.evaluated.payment.to_string()).collect();
    assert_eq!(paid, ["500.00", "400.00"]);
    let numbers: Vec<Option<u32>> = outcome.groups.iter().map(|g| g.participants[0].period_number).collect();
    assert_eq!(numbers, [Some(5), Some(5)], "the fifth quarter since the first version");
}

#[test]
fn roster_facts_reach_the_plan() {
    let mut company = Company::new();
    let mut document = curve_plan(json!({"applies_to": ["target"], "fte": true, "absence_grace_days": 10}));
    document["target_incentive"] = Value::Null;
    company.plan("reps", document);
    company.assign("R1", "reps", "2026-01-01", "");
    company.participant_goal("2026-Q1", "R1", "100");
    company.line("2026-02-01", "R1", "", "P1", 100);
    let person = company.person("R1");
    let post = |fte: &str, target: &str| Post {
        unit: Some("NORD".into()),
        level: Some("senior".into()),
        fte: Some(Exact::parse(fte).unwrap()),
        target_incentive: Some(Exact::parse(target).unwrap()),
        ..Post::default()
    };
    // 31 days of 3,000 in full time, then 59 days of 3,900 in half time.
    person.posts = Timeline::new([
        (Validity::since(day("2020-01-01")), post("1", "3000")),
        (Validity::since(day("2026-02-01")), post("0.5", "3900")),
    ])
    .0;
    person.absences = vec![
        Absence { from: day("2026-03-01"), to: day("2026-03-09"), kind: Some("illness".into()) },
        Absence { from: day("2026-03-13"), to: day("2026-04-20"), kind: Some("parental".into()) },
        Absence { from: day("2025-03-13"), to: day("2025-04-20"), kind: Some("parental".into()) },
    ];
    let outcome = run(&company.input);
    let participant = &outcome.groups[0].participants[0];
    assert_eq!(participant.target_incentive.as_ref().unwrap().to_string(), "3590");
    assert_eq!(participant.fte.as_ref().unwrap().to_string(), "0.672222222222");
    assert_eq!(participant.absences.len(), 2, "those of the period");
    // 71 of 90 days: 3,590 × 71/90 × 0.672222222222.
    assert_eq!(told(&outcome, "R1"), "1903.81 = 100 of 100 pays 1903.81 ok");
    assert_eq!(outcome.results[0].unit.as_deref(), Some("NORD"));
    assert!(outcome.results[0].result.contains("parental"), "the absence stands in the derivation");
}

fn inputs(outcome: &RunOutcome, group: usize) -> Inputs {
    let group = &outcome.groups[group];
    Inputs { participants: group.participants.clone(), ..group.header.clone() }
}

#[test]
fn year_to_date_growth_and_lines() {
    let mut company = Company::new();
    company.input.period = Period::parse("2026-Q2").unwrap();
    company.plan(
        "reps",
        plan(json!([
            {"id": "ytd", "measure": {"of": "sales.amount", "window": "year_to_date"}, "goal": "assigned", "read": "attainment",
             "payout": {"kind": "bonus", "steps": [{"from": "1", "amount": "10"}]}},
            {"id": "growth", "measure": {"of": "sales.quantity", "as": "growth_on_last_year"}, "goal": "none",
             "payout": {"kind": "bonus", "steps": [{"from": "0.5", "amount": "100"}]}},
            {"id": "last", "measure": {"of": "sales.amount", "as": "growth_on_previous_period"}, "goal": "none",
             "payout": {"kind": "bonus", "steps": [{"from": "1", "amount": "1000"}]}},
            {"id": "spiff", "measure": {"of": "sales.amount", "products": ["P2"]}, "goal": "none",
             "payout": {"kind": "per_line", "rules": [{"id": "two", "when": {"categories": ["CARDIO"]}, "rate": "0.02"}]}},
            {"id": "coverage", "measure": {"of": "kpi:coverage"}, "goal": "assigned",
             "payout": {"kind": "bonus", "steps": [{"from": "0.9", "amount": "10000"}]}}
        ])),
    );
    company.assign("R1", "reps", "2025-01-01", "");
    for (period, goal) in
        [("2026-Q1", "300"), ("2026-04", "100"), ("2026-05", "100"), ("2026-06", "100"), ("2026-Q3", "999")]
    {
        company.participant_goal(period, "R1", goal);
    }
    company.goal(
        GoalHolder::Participant("R1".into()),
        "kpi:coverage",
        Scope::Category("visits".into()),
        "2026-Q2",
        "0.8",
    );
    company.kpi("R1", "kpi:coverage", "2026-Q2", "0.76");
    for (date, product, amount) in [
        ("2026-02-01", "P1", 200),
        ("2026-04-01", "P1", 300),
        ("2026-06-30", "P2", 150),
        ("2026-06-30", "P2", -50),
        ("2025-05-01", "P1", 200),
        ("2026-07-01", "P1", 7777),
    ] {
        company.line(date, "R1", "", product, amount);
    }
    let outcome = run(&company.input);
    let errors: Vec<&Finding> = outcome.findings.iter().filter(|f| f.is_error()).collect();
    assert_eq!(errors, Vec::<&Finding>::new());
    assert_eq!(
        told(&outcome, "R1"),
        "11112.00 = 600 of 600 pays 10.00 ok + 1 of - pays 100.00 ok + 1 of - pays 1000.00 ok + 100 of - pays 2.00 ok + 0.76 of 0.8 pays 10000.00 ok"
    );
    // A return pays the exact negative of its sale.
    let lines = &outcome.groups[0].participants[0].lines;
    let shown: Vec<String> =
        lines.iter().map(|l| format!("{} {} {:?}", l.reference, l.amount.as_ref().unwrap(), l.category)).collect();
    assert_eq!(shown, ["3 150 Some(\"CARDIO\")", "4 -50 Some(\"CARDIO\")"]);
}

#[test]
fn true_up_covers_the_year_and_pays_the_rest() {
    let mut company = Company::new();
    let mut document = curve_plan(Value::Null);
    document["true_up"] = json!("year_to_date");
    company.plan("reps", document);
    company.assign("R1", "reps", "2026-01-01", "");
    company.input.period = Period::parse("2026-Q2").unwrap();
    company.participant_goal("2026-Q1", "R1", "1000");
    company.participant_goal("2026-Q2", "R1", "1000");
    company.line("2026-02-01", "R1", "", "P1", 900);
    company.line("2026-05-01", "R1", "", "P1", 1100);
    company.money("R1", "reps", |money| money.balances.earned_to_date = Exact::whole(750));
    let outcome = run(&company.input);
    // 2,000 of 2,000 is 100 % of two quarters: 2,000 less the 750 of the first.
    assert_eq!(told(&outcome, "R1"), "2000.00 = 2000 of 2000 pays 2000.00 ok");
    assert_eq!(outcome.results[0].evaluated.payment.to_string(), "1250.00");
    assert_eq!(outcome.groups[0].header.periods, Some(Exact::whole(2)));
}

#[test]
fn every_check_names_who_where_and_what_to_do() {
    type Wrong = fn(&mut Company);
    let rows: [(&str, &str, Wrong); 18] = [
        ("", "", |_| {}),
        ("!missing_goal", "participant R1, component sales", |c| c.input.goals.clear()),
        ("!missing_goal", "participant R1, component sales", |c| c.input.goals[0].accepted = false),
        ("!missing_goal", "participant R1, component sales", |c| {
            c.input.goals[0].period = Period::parse("2026-02").unwrap()
        }),
        ("!two_plans", "participant R1", |c| {
            c.plan("other", curve_plan(Value::Null));
            c.assign("R1", "other", "2026-03-01", "");
        }),
        ("!plan_twice", "participant R1", |c| {
            c.input.assignments[0].validity.until = Some(day("2026-02-01"));
            c.assign("R1", "reps", "2026-03-01", "");
        }),
        ("!no_plan", "participant R2", |c| c.line("2026-01-05", "R2", "", "P1", 10)),
        ("!unknown_plan", "participant R1", |c| c.assign("R1", "gone", "2026-01-01", "")),
        ("!unknown_participant", "participant X", |c| c.assign("X", "reps", "2026-01-01", "")),
        ("!unassigned_territory", "territory T1", |c| c.line("2026-01-05", "", "T1", "P1", 10)),
        ("!sales_in_unknown_territory", "territory T99", |c| c.line("2026-01-05", "", "T99", "P1", 10)),
        ("!sales_of_unknown_participant", "participant X", |c| c.line("2026-01-05", "X", "", "P1", 10)),
        ("!sales_without_place", "sales", |c| c.line("2026-01-05", "", "", "P1", 10)),
        ("?shares_below_one", "territory T1", |c| {
            c.holding("R1", "T1", 600_000, "2026-01-01", "");
            c.line("2026-01-05", "", "T1", "P1", 10);
        }),
        ("!shares_exceed_one", "territory T1", |c| {
            c.holding("R1", "T1", 600_000, "2026-01-01", "");
            c.holding("M1", "T1", 600_000, "2026-03-01", "");
        }),
        ("!currency_mismatch", "plan reps, component sales", |c| {
            c.line("2026-01-05", "R1", "", "P1", 10);
            let chf = c.input.sales.names.currencies.intern("CHF");
            c.input.sales.facts.last_mut().unwrap().currency = chf;
        }),
        ("!interim_needs_true_up", "plan yearly", |c| {
            let mut document = curve_plan(Value::Null);
            document["measurement"] = json!("year");
            document["payment"] = json!("quarter");
            c.plan("yearly", document);
            c.assign("R2", "yearly", "2026-01-01", "");
            c.participant_goal("2026-Q1", "R2", "1");
        }),
        ("!missing_target", "participant R1, plan reps, $.participants[0].target_incentive", |c| {
            let mut document = curve_plan(Value::Null);
            document["target_incentive"] = Value::Null;
            c.plan("reps", document);
        }),
    ];
    for (code, path, make) in rows {
        let mut company = Company::new();
        company.plan("reps", curve_plan(Value::Null));
        company.assign("R1", "reps", "2026-01-01", "");
        company.participant_goal("2026-Q1", "R1", "1000");
        company.line("2026-02-01", "R1", "", "P1", 1000);
        make(&mut company);
        let outcome = run(&company.input);
        let known =
            ["no_plan participant H", "no_plan participant M", "no_plan participant R2", "no_plan participant R3"];
        let found: Vec<&Finding> = outcome
            .findings
            .iter()
            .filter(|f| f.is_error() || !known.iter().any(|k| format!("{} {}", f.code, f.path).starts_with(k)))
            .collect();
        let shown: Vec<String> =
            found.iter().map(|f| format!("{}{} {}", if f.is_error() { "!" } else { "?" }, f.code, f.path)).collect();
        if code.is_empty() {
            assert_eq!(shown, Vec::<String>::new());
        } else {
            assert!(shown.contains(&format!("{code} {path}")), "wanted {code} {path}, found {found:#?}");
        }
        assert_eq!(outcome.complete(), !code.starts_with('!'), "{code}");
        assert!(found.iter().all(|f| !f.help.is_empty()), "{code}: a finding without remedy");
        // What is tolerated is told and does not block.
        company.input.settings.tolerated = outcome.findings.iter().map(|f| f.code.clone()).collect();
        let tolerant = run(&company.input);
        assert!(tolerant.complete());
        assert_eq!(tolerant.findings.len(), outcome.findings.len());
    }
}

#[test]
fn heads_are_paid_on_what_their_teams_earn_on_other_plans() {
    let over = |rate: &str| {
        plan(json!([{"id": "override", "measure": {"of": TEAM_EARNED}, "goal": "none",
            "payout": {"kind": "rate", "mode": "retroactive", "tiers": [{"from": "0", "rate": rate}]}}]))
    };
    let mut company = Company::new();
    company.plan("reps", curve_plan(Value::Null));
    // The plan of the head of all comes first by its code, and must wait for both others.
    company.plan("a-heads", over("0.5"));
    company.plan("managers", over("0.1"));
    for (who, plan) in
        [("R1", "reps"), ("R2", "reps"), ("R3", "reps"), ("M1", "managers"), ("M2", "managers"), ("H", "a-heads")]
    {
        company.assign(who, plan, "2026-01-01", "");
    }
    for (who, amount) in [("R1", 1000), ("R2", 900), ("R3", 100)] {
        company.participant_goal("2026-Q1", who, "1000");
        company.line("2026-02-01", who, "", "P1", amount);
    }
    let outcome = run(&company.input);
    assert_eq!(codes(&outcome), Vec::<String>::new());
    assert_eq!(told(&outcome, "M1"), "175.00 = 1750 of - pays 175.00 ok");
    assert_eq!(told(&outcome, "M2"), "0.00 = 0 of - pays 0.00 ok");
    assert_eq!(told(&outcome, "H"), "87.50 = 175 of - pays 87.50 ok");
    // On the same plan as the team nobody can be worked out before the other.
    for assignment in &mut company.input.assignments {
        if assignment.participant == "H" {
            assignment.plan = "managers".into();
        }
    }
    assert_eq!(codes(&run(&company.input)), ["!team_not_done plan managers"]);
}

#[test]
fn somebody_who_left_is_only_settled() {
    let mut company = Company::new();
    company.plan("reps", curve_plan(Value::Null));
    company.assign("R1", "reps", "2025-01-01", "");
    company.person("R1").leave = Some(day("2025-12-15"));
    assert_eq!(run(&company.input).results.len(), 0);
    company.money("R1", "reps", |money| {
        money.balances.holdback = Exact::whole(80);
        money.release_holdback = Some(Exact::whole(50));
    });
    let outcome = run(&company.input);
    let result = &outcome.results[0].evaluated;
    assert_eq!(
        (result.state, result.payment.to_string(), result.balances.holdback.to_string()),
        (State::NotEligible, "50.00".into(), "30.00".into())
    );
    assert!(outcome.complete(), "{:?}", outcome.findings);
}

#[test]
fn stored_rows_prove_themselves() {
    let mut company = Company::new();
    // A ranking: results depend on who else is on the plan.
    company.plan(
        "reps",
        plan(json!([{"id": "sales", "measure": {"of": "sales.amount"}, "goal": "none",
            "payout": {"kind": "rank", "awards": [{"to_rank": 1, "amount": "500"}, {"to_rank": 2, "amount": "100"}]}}])),
    );
    company.kpi("", "kpi:company", "2026-Q1", "1.02");
    for (who, amount) in [("R1", 10), ("R2", 30), ("R3", 20)] {
        company.assign(who, "reps", "2026-01-01", "");
        company.line("2026-02-01", who, "", "P1", amount);
    }
    let outcome = run(&company.input);
    assert_eq!(told(&outcome, "R2"), "500.00 = 30 of - pays 500.00 ok");
    assert_eq!(
        outcome.results[0].input,
        canonical(&{
            let mut alone = inputs(&outcome, 0);
            alone.participants.retain(|p| p.id == "R1");
            alone
        })
        .unwrap()
    );
    let plans: BTreeMap<String, Arc<CheckedPlan>> =
        outcome.groups.iter().map(|g| (g.plan_id.clone(), Arc::clone(&g.plan.plan))).collect();
    let stored: Vec<Stored<'_>> = outcome
        .results
        .iter()
        .map(|row| Stored {
            participant: &row.participant,
            plan: &row.plan,
            input: &row.input,
            input_sha256: &row.input_sha256,
            result: &row.result,
            result_sha256: &row.result_sha256,
        })
        .collect();
    assert_eq!(verify(&plans, &stored), Ok(3));

    // Whatever is changed afterwards shows, also when its own hash is changed with it.
    let cheat = stored[0].input.replace("\"actual\":\"10\"", "\"actual\":\"90\"");
    assert_ne!(cheat, stored[0].input);
    let mut changed = stored.clone();
    changed[0].input = &cheat;
    assert!(matches!(verify(&plans, &changed), Err(Broken::Hash { what: "input", .. })));
    let hash = sha256(&cheat);
    changed[0].input_sha256 = &hash;
    assert!(matches!(verify(&plans, &changed), Err(Broken::Result { .. })));
    let pay = stored[1].result.replace("500.00", "900.00");
    let hash = sha256(&pay);
    let mut changed = stored.clone();
    (changed[1].result, changed[1].result_sha256) = (&pay, &hash);
    assert!(matches!(verify(&plans, &changed), Err(Broken::Result { .. })));
    assert!(matches!(verify(&plans, &stored[..2]), Err(Broken::Result { .. })), "one of those who were ranked is gone");
    assert!(matches!(verify(&BTreeMap::new(), &stored), Err(Broken::NoPlan { .. })));
    let other = stored[2].input.replace("1.02", "1.03");
    let hash = sha256(&other);
    let mut changed = stored.clone();
    (changed[2].input, changed[2].input_sha256) = (&other, &hash);
    assert!(matches!(verify(&plans, &changed), Err(Broken::Header { .. })));
}

#[test]
fn the_lines_behind_a_figure() {
    let mut company = Company::new();
    let mut document = curve_plan(Value::Null);
    document["components"][0]["measure"]["categories"] = json!(["CARDIO"]);
    company.plan("reps", document);
    company.assign("R1", "reps", "2026-01-01", "");
    company.participant_goal("2026-Q1", "R1", "1");
    company.holding("R1", "T1", 250_000, "2026-01-01", "");
    company.line("2026-02-01", "", "T1", "P1", 100);
    company.line("2026-01-01", "R1", "", "P2", 10);
    company.line("2026-01-01", "R1", "", "P3", 1000);
    company.line("2026-01-01", "R2", "", "P1", 1000);
    let prepared = prepare(&company.input);
    let lines = prepared.lines_behind("R1", "reps", "sales", &company.input.sales.facts);
    let shown: Vec<(i64, i64)> = lines.iter().map(|l| (l.fact.line, l.share)).collect();
    assert_eq!(shown, [(2, 1_000_000), (1, 250_000)]);
    assert_eq!(told(&run(&company.input), "R1").split(' ').nth(2), Some("35"));
    assert!(prepared.lines_behind("R2", "reps", "sales", &company.input.sales.facts).is_empty());
    assert_eq!(prepared.wanted_lines(), None);
    assert_eq!(prepared.reach(), [days("2026-01-01", "2026-03-31")]);
}

#[test]
fn exclusions_of_the_plan_are_listed_with_their_reason() {
    let mut company = Company::new();
    let mut document = curve_plan(Value::Null);
    document["components"][0]["measure"]["exclude"] =
        json!([{"reason": {"it": "gare", "en": "tenders"}, "when": {"channels": ["TENDER"]}}]);
    company.plan("reps", document);
    company.assign("R1", "reps", "2026-01-01", "");
    company.participant_goal("2026-Q1", "R1", "100");
    company.line("2026-02-01", "R1", "", "P1", 100);
    company.line("2026-02-01", "R1", "", "P1", 400);
    let tender = company.input.sales.names.channels.intern("TENDER");
    company.input.sales.facts[1].channel = tender;
    let outcome = run(&company.input);
    assert_eq!(told(&outcome, "R1"), "1000.00 = 100 of 100 pays 1000.00 ok");
    let excluded: Vec<String> = outcome
        .measure_exclusions
        .iter()
        .map(|e| format!("{} {} {} {} {}", e.plan, e.component, e.reason.in_language("en"), e.value, e.lines))
        .collect();
    assert_eq!(excluded, ["reps sales tenders 400 1"]);
}
