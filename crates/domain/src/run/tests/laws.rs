//! Laws of whole runs.

use proptest::prelude::*;

use super::*;

const REPS: [&str; 3] = ["R1", "R2", "R3"];

/// What a company is drawn from.
#[derive(Debug, Clone)]
pub(crate) struct Drawn {
    lines: Vec<(u64, usize, usize, usize, i64)>,
    goals: Vec<(usize, i64)>,
    moves: Vec<(usize, u64)>,
    plan_change: Option<u64>,
    hire: Option<u64>,
    adjustments: Vec<(usize, i64)>,
    top: i64,
}

pub(crate) fn drawn() -> impl Strategy<Value = Drawn> {
    (
        prop::collection::vec((0_u64..100, 0_usize..5, 0_usize..6, 0_usize..4, -200_i64..900), 0..25),
        prop::collection::vec((0_usize..8, 1_i64..3000), 3..10),
        prop::collection::vec((0_usize..4, 0_u64..90), 0..4),
        prop::option::of(1_u64..89),
        prop::option::of(0_u64..95),
        prop::collection::vec((0_usize..3, -300_i64..300), 0..3),
        100_i64..200,
    )
        .prop_map(|(lines, goals, moves, plan_change, hire, adjustments, top)| Drawn {
            lines,
            goals,
            moves,
            plan_change,
            hire,
            adjustments,
            top,
        })
}

fn date(offset: u64) -> String {
    day("2025-12-28").checked_add_days(chrono::Days::new(offset)).unwrap().to_string()
}

impl Drawn {
    pub(crate) fn company(&self) -> Company {
        let mut company = Company::new();
        let mut document = plan(json!([
            {"id": "sales", "weight": "0.7", "measure": {"of": "sales.amount"},
             "payout": {"kind": "curve", "points": [{"at": "0.5", "pay": "0.2"}, {"at": "1", "pay": "1"}, {"at": "1.5", "pay": Exact::scaled(self.top.into(), 2).to_string()}]}},
            {"id": "cardio", "weight": "0.3", "goal": "none", "measure": {"of": "sales.quantity", "products": ["CARDIO"]},
             "payout": {"kind": "rank", "awards": [{"to_rank": 1, "amount": "500"}, {"to_rank": 2, "share": "0.1"}]}},
            {"id": "spiff", "goal": "none", "measure": {"of": "sales.amount", "products": ["P3"]},
             "payout": {"kind": "per_line", "rules": [{"rate": "0.013"}]}}
        ]));
        document["components"][1]["payout"]["awards"][1] = json!({"to_rank": 2, "amount": "77.5"});
        document["proration"] = json!({"applies_to": ["target", "goal"]});
        company.plan("reps", document.clone());
        document["components"][0]["payout"]["points"][1]["pay"] = json!("0.9");
        company.plan("other", document);
        let mut heads = curve_plan(Value::Null);
        heads["components"][0]["measure"]["credit"] = json!("team");
        company.plan("heads", heads);
        for who in REPS {
            match self.plan_change.filter(|_| who == "R2") {
                None => company.assign(who, "reps", "2025-01-01", ""),
                Some(at) => {
                    company.assign(who, "reps", "2025-01-01", &date(at + 4));
                    company.assign(who, "other", &date(at + 4), "");
                }
            }
        }
        company.assign("M1", "heads", "2025-01-01", "");
        company.person("R3").hire = self.hire.map(|at| day(&date(at)));
        company.holding("R1", "T1", 700_000, "2025-01-01", "");
        company.holding("R2", "T1", 300_000, "2025-01-01", "");
        let mut from = "2025-01-01".to_owned();
        for (place, at) in &self.moves {
            let until = date(*at);
            company.holding("R3", ["T2", "T3", "T4", "D1"][*place], 1_000_000, &from, &until);
            from = until;
        }
        for (holder, value) in &self.goals {
            let holder = ["R1", "R2", "R3", "T1", "T2", "T3", "T4", "M1"][*holder];
            if holder.starts_with('T') {
                company.territory_goal("2026-Q1", holder, &value.to_string());
            } else {
                company.participant_goal("2026-Q1", holder, &value.to_string());
            }
        }
        // One goal per holder is in force.
        let mut seen = BTreeSet::new();
        company.input.goals.retain(|goal| seen.insert(goal.holder.clone()));
        for (at, who, place, product, amount) in &self.lines {
            let who = ["R1", "R2", "R3", "M1", ""][*who];
            let place = ["T1", "T2", "T3", "T4", "D1", ""][*place];
            company.line(&date(*at), who, place, ["P1", "P2", "P3", "P9"][*product], *amount);
        }
        for (who, amount) in &self.adjustments {
            let adjustment = Adjustment { amount: Exact::from(*amount), reason: "x".into(), approved: true };
            company.money(REPS[*who], "reps", |money| money.adjustments.push(adjustment));
        }
        company
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_order_of_the_input_leaves_no_trace(drawn in drawn(), turn in 0_usize..25) {
        let company = drawn.company();
        let outcome = run(&company.input);
        prop_assert_eq!(&run(&company.input), &outcome, "the same again");
        let mut turned = company.input.clone();
        let len = turned.sales.facts.len().max(1);
        turned.sales.facts.rotate_left(turn % len);
        turned.assignments.reverse();
        turned.goals.reverse();
        turned.kpis.reverse();
        turned.territories.holdings.reverse();
        let other = run(&turned);
        prop_assert_eq!(&other.input_sha256, &outcome.input_sha256);
        prop_assert_eq!(&other.result_sha256, &outcome.result_sha256);
        prop_assert_eq!(&other, &outcome);
    }

    #[test]
    fn every_run_proves_itself(drawn in drawn()) {
        let outcome = run(&drawn.company().input);
        prop_assert!(outcome.ledger.unbalanced().is_empty());
        let plans: BTreeMap<String, Arc<CheckedPlan>> = outcome.groups.iter().map(|g| (g.plan_id.clone(), Arc::clone(&g.plan.plan))).collect();
        let stored: Vec<Stored<'_>> = outcome.results.iter().map(|row| Stored {
            participant: &row.participant,
            plan: &row.plan,
            input: &row.input,
            input_sha256: &row.input_sha256,
            result: &row.result,
            result_sha256: &row.result_sha256,
        }).collect();
        prop_assert_eq!(verify(&plans, &stored), Ok(outcome.results.len()));
        // The totals are the sums of the rows, and the figures do not depend on whether derivations are kept.
        let earned: Exact = outcome.results.iter().map(|row| &row.evaluated.earned.value).sum();
        prop_assert_eq!(earned, outcome.totals.iter().map(|t| &t.earned).sum::<Exact>());
        let bare = run_with(&drawn.company().input, Trace::Off);
        let figures = |o: &RunOutcome| -> Vec<(String, String)> {
            o.results.iter().map(|row| (row.participant.clone(), row.evaluated.payment.to_string())).collect()
        };
        prop_assert_eq!(figures(&bare), figures(&outcome));
    }
}
