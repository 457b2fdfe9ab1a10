//! Differences between runs, by cause.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::credit::tests::world::day;
use crate::inputs::Adjustment;
use crate::run::run;
use crate::run::tests::laws::drawn;
use crate::run::tests::{Company, curve_plan};

fn company() -> Company {
    let mut company = Company::new();
    company.plan("reps", curve_plan(json!({"applies_to": ["target", "goal"]})));
    company.assign("R1", "reps", "2026-01-01", "");
    company.assign("R2", "reps", "2026-01-01", "");
    for who in ["R1", "R2"] {
        company.participant_goal("2026-Q1", who, "1000");
        company.line("2026-02-01", who, "", "P1", 1000);
    }
    company
}

fn told(a: &Company, b: &Company) -> Vec<String> {
    changes(&run(&a.input), &run(&b.input))
        .into_iter()
        .map(|change| {
            let causes: Vec<String> = change.causes.iter().map(|(cause, moved)| format!("{cause:?} {moved}")).collect();
            format!("{} {} → {}: {}", change.participant, change.before, change.after, causes.join(", "))
        })
        .collect()
}

#[test]
fn each_cause_by_itself_and_together() {
    type Step = fn(&mut Company);
    let data: Step = |c| c.line("2026-03-01", "R1", "", "P1", 100);
    let goal: Step = |c| c.input.goals[0].value = Exact::whole(1100);
    let roster: Step = |c| c.person("R1").hire = Some(day("2026-02-15"));
    let plan: Step = |c| {
        let mut document = curve_plan(json!({"applies_to": ["target", "goal"]}));
        document["target_incentive"] = json!("2000");
        c.version("reps@2", "reps", 2, document);
        c.input.assignments[0].plan = "reps@2".into();
    };
    let adjustment: Step = |c| {
        let adjustment = Adjustment { amount: Exact::whole(50), reason: "x".into(), approved: true };
        c.money("R1", "reps", |money| money.adjustments.push(adjustment));
        c.money("R1", "reps", |money| money.balances.carried = Exact::whole(-20));
    };
    let leaves: Step = |c| {
        c.input.assignments.remove(0);
    };
    let rows: [(&[Step], &str); 8] = [
        (&[data], "R1 1000 → 1250: Data 250"),
        (&[goal], "R1 1000 → 772.73: Goal -227.27"),
        (&[roster], "R1 1000 → 750: Roster -250"),
        (&[plan], "R1 1000 → 2000: Plan 1000"),
        (&[adjustment], "R1 1000 → 1030: Adjustment 30"),
        (&[leaves], "R1 1000 → 0: Roster -1000"),
        (&[data, goal, adjustment], "R1 1000 → 1030: Data 250, Goal -250, Adjustment 30"),
        (
            &[data, goal, roster, plan, adjustment],
            "R1 1000 → 1530: Data 250, Goal -250, Roster -250, Plan 750, Adjustment 30",
        ),
    ];
    // Half a quarter for half a goal: 1,100 of 550 is far above the curve's end, 150 % of half the target.
    for (steps, expected) in rows {
        let a = company();
        let mut b = company();
        for step in steps {
            step(&mut b);
        }
        assert_eq!(told(&a, &b), [expected]);
        assert_eq!(told(&b, &b), Vec::<String>::new());
    }
}

#[test]
fn others_move_with_a_ranking() {
    let ranking = |company: &mut Company| {
        let mut document = curve_plan(Value::Null);
        document["components"][0] = json!({"id": "sales", "goal": "none", "measure": {"of": "sales.amount"},
            "payout": {"kind": "rank", "awards": [{"to_rank": 1, "amount": "500"}]}});
        company.plan("reps", document);
        company.line("2026-02-01", "R1", "", "P1", 1);
    };
    let (mut a, mut b) = (company(), company());
    ranking(&mut a);
    ranking(&mut b);
    b.line("2026-02-01", "R2", "", "P1", 2);
    assert_eq!(told(&a, &b), ["R1 500 → 0: Data -500", "R2 0 → 500: Data 500"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever two runs are of: the causes sum to the difference, for everybody who is in either.
    #[test]
    fn causes_sum_to_the_difference(a in drawn(), b in drawn()) {
        let (a, b) = (run(&a.company().input), run(&b.company().input));
        let found = changes(&a, &b);
        for change in &found {
            let sum: Exact = change.causes.iter().map(|(_, moved)| moved).sum();
            prop_assert_eq!(sum, &change.after - &change.before, "{:?}", change);
        }
        let people: BTreeSet<&str> = a.results.iter().chain(&b.results).map(|row| row.participant.as_str()).collect();
        for who in people {
            let euros = |run: &RunOutcome| run.payment(who).get("EUR").cloned().unwrap_or_default();
            let told = found.iter().find(|change| change.participant == who);
            let (before, after) = (euros(&a), euros(&b));
            prop_assert!(told.is_some() || before == after);
            if let Some(told) = told {
                prop_assert_eq!((&told.before, &told.after), (&before, &after));
            }
        }
        prop_assert!(changes(&a, &a).is_empty());
    }
}
