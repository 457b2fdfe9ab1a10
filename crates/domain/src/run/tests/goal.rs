//! Which goal counts, row by row.

use super::*;

/// Holder, scope, period and value of a goal: `R1 CARDIO 2026-Q1 100`.
fn enter(company: &mut Company, text: &str) {
    let words: Vec<&str> = text.split(' ').collect();
    let [holder, scope, period, value] = words[..] else { panic!("{text}") };
    let holder = if holder.starts_with('R') || holder.starts_with('M') {
        GoalHolder::Participant(holder.to_owned())
    } else {
        GoalHolder::Territory(holder.to_owned())
    };
    let scope = match scope {
        "*" => Scope::All,
        "sales" => Scope::Component(scope.to_owned()),
        scope if scope.starts_with('P') => Scope::Product(scope.to_owned()),
        scope => Scope::Category(scope.to_owned()),
    };
    company.goal(holder, "sales.amount", scope, period, value);
}

#[test]
fn whose_goal_of_what_over_which_days() {
    // goals, selection of the measure, what R1 has to reach
    let rows: [(&[&str], &[&str], &str); 21] = [
        (&["R1 * 2026-Q1 100"], &[], "100"),
        (&["R1 * 2026-Q1 100", "T1 * 2026-Q1 70"], &[], "100"),
        (&["T1 * 2026-Q1 70"], &[], "70"),
        (&["D1 * 2026-Q1 70"], &[], "-"),
        (&["R1 * 2026-01 1", "R1 * 2026-02 2", "R1 * 2026-03 4"], &[], "7"),
        (&["R1 * 2026-01 1", "R1 * 2026-02 2", "R1 * 2026-03 4", "R1 * 2026-Q1 100"], &[], "100"),
        (&["R1 * 2026-01 1", "R1 * 2026-03 4"], &[], "-"),
        (&["R1 * 2026 400"], &[], "-"),
        (&["R1 * 2026-Q2 400"], &[], "-"),
        (&["R1 CARDIO 2026-Q1 100", "R1 ONCO 2026-Q1 10"], &[], "110"),
        (&["R1 CARDIO 2026-Q1 100", "R1 ONCO 2026-Q1 10"], &["CARDIO"], "100"),
        (&["R1 CARDIO 2026-Q1 100", "R1 STATINS 2026-Q1 30"], &["CARDIO"], "100"),
        (&["R1 CARDIO 2026-Q1 100", "R1 STATINS 2026-Q1 30"], &["STATINS"], "30"),
        (&["R1 STATINS 2026-Q1 30"], &["CARDIO"], "30"),
        (&["R1 CARDIO 2026-Q1 100"], &["STATINS"], "-"),
        (&["R1 P1 2026-Q1 5", "R1 P2 2026-Q1 6"], &["P1", "P2"], "11"),
        (&["R1 P1 2026-Q1 5", "R1 ONCO 2026-Q1 6"], &["P1", "ONCO"], "11"),
        (&["R1 CARDIO 2026-Q1 100", "R1 sales 2026-Q1 42"], &["CARDIO"], "42"),
        (&["R1 * 2026-Q1 7", "R1 CARDIO 2026-Q1 100"], &[], "7"),
        (&["T1 CARDIO 2026-Q1 100", "T1 ONCO 2026-Q1 1"], &["ONCO", "CARDIO"], "101"),
        (&["R2 * 2026-Q1 100"], &[], "-"),
    ];
    for (goals, products, expected) in rows {
        let mut company = Company::new();
        let mut document = curve_plan(Value::Null);
        document["components"][0]["measure"]["products"] = json!(products);
        company.plan("reps", document);
        company.assign("R1", "reps", "2026-01-01", "");
        company.holding("R1", "T1", 1_000_000, "2025-01-01", "");
        for goal in goals {
            enter(&mut company, goal);
        }
        let outcome = run(&company.input);
        let component = &outcome.results[0].evaluated.components[0];
        let goal = component.goal.as_ref().map_or("-".to_owned(), ToString::to_string);
        assert_eq!(goal, expected, "{goals:?} for {products:?}");
        assert_eq!(outcome.complete(), expected != "-", "{goals:?} for {products:?}");
    }
}

#[test]
fn territories_are_weighed_by_days_and_shares() {
    // holdings of R1 (territory, share, from, until), parts, goal
    type Held = (&'static str, i64, &'static str, &'static str);
    let rows: [(&[Held], usize, &str); 6] = [
        (&[("T1", 1_000_000, "2025-01-01", "")], 0, "900"),
        (&[("T1", 500_000, "2025-01-01", "")], 0, "450"),
        (&[("T1", 1_000_000, "2025-01-01", ""), ("T2", 1_000_000, "2025-01-01", "")], 0, "2700"),
        (&[("T1", 1_000_000, "2025-01-01", "2026-02-01"), ("T2", 1_000_000, "2026-02-01", "")], 2, "1490"),
        (&[("T1", 1_000_000, "2025-01-01", "2026-02-01")], 1, "310"),
        (&[("D1", 1_000_000, "2025-01-01", "")], 0, "2700"),
    ];
    for (held, parts, expected) in rows {
        let mut company = Company::new();
        company.plan("reps", curve_plan(Value::Null));
        company.assign("R1", "reps", "2026-01-01", "");
        company.territory_goal("2026-Q1", "T1", "900");
        company.territory_goal("2026-Q1", "T2", "1800");
        for (place, share, from, until) in held {
            company.holding("R1", place, *share, from, until);
        }
        let outcome = run(&company.input);
        let entry = &outcome.groups[0].participants[0].measures["sales"];
        assert_eq!(entry.goal_parts.len(), parts, "{held:?}");
        let goal = outcome.results[0].evaluated.components[0].goal.as_ref().unwrap();
        assert_eq!(goal.to_string(), expected, "{held:?}");
    }
}

proptest::proptest! {
    /// However the quarter is cut among territories of one goal, the weighed parts make that goal again.
    #[test]
    fn transfer_weights_sum_to_the_whole(cuts in proptest::collection::btree_set(1_u64..90, 0..6), goal in 1_i64..1_000_000) {
        let mut company = Company::new();
        company.plan("reps", curve_plan(Value::Null));
        company.assign("R1", "reps", "2026-01-01", "");
        let at = |offset: u64| day("2026-01-01").checked_add_days(chrono::Days::new(offset)).unwrap().to_string();
        let mut from = "2025-06-01".to_owned();
        for (index, cut) in cuts.iter().enumerate() {
            company.holding("R1", ["T1", "T2", "T3", "T4"][index % 4], 1_000_000, &from, &at(*cut));
            from = at(*cut);
        }
        company.holding("R1", "T1", 1_000_000, &from, "");
        for place in ["T1", "T2", "T3", "T4"] {
            company.territory_goal("2026-Q1", place, &goal.to_string());
        }
        let outcome = run(&company.input);
        let found = outcome.results[0].evaluated.components[0].goal.as_ref().unwrap();
        proptest::prop_assert_eq!(&found.value, &Exact::from(goal));
        let days: Exact = outcome.groups[0].participants[0].measures["sales"].goal_parts.iter().map(|part| &part.days).sum();
        proptest::prop_assert_eq!(days, Exact::from(if cuts.is_empty() { 0_u32 } else { 90 }));
    }
}
