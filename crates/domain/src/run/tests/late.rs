//! Late data against a closed period.

use super::restatement::{LateLine, LatePolicy, Restatement, Treatment, restate};
use super::*;

/// Closed as of batch 2; then lines came, and one was corrected.
fn company() -> Company {
    let mut company = Company::new();
    company.plan("reps", curve_plan(Value::Null));
    company.holding("R1", "T1", 600_000, "2026-01-01", "");
    company.holding("R2", "T1", 400_000, "2026-01-01", "");
    for (who, goal) in [("R1", "1000"), ("R2", "1000")] {
        company.assign(who, "reps", "2026-01-01", "");
        company.participant_goal("2026-Q1", who, goal);
    }
    // date, who, place, amount, source, batch, superseded by
    for (date, who, place, amount, source, batch, superseded) in [
        ("2026-01-10", "R1", "", 900, "erp", 1, 0),
        ("2026-01-10", "R2", "", 1000, "erp", 2, 3),
        ("2026-01-10", "R2", "", 1040, "erp", 3, 0),
        ("2026-02-10", "", "T1", 100, "iqvia", 4, 0),
        ("2026-04-10", "R1", "", 777, "erp", 4, 0),
        ("2026-02-10", "R1", "", 50, "erp", 9, 0),
    ] {
        company.line(date, who, place, "P1", amount);
        let source = company.input.sales.names.sources.intern(source);
        let line = company.last_line();
        line.source = source;
        line.batch = batch;
        if superseded > 0 {
            line.superseded = superseded;
        }
    }
    company.input.as_of_batch = 4;
    company
}

fn policy(source: &str, treatment: Treatment, threshold: i128) -> LatePolicy {
    LatePolicy { source: source.to_owned(), treatment, threshold: Exact::whole(threshold) }
}

fn told(case: &Restatement) -> (Vec<String>, Vec<String>) {
    (
        case.decisions.iter().map(|d| format!("{} {} {} {:?}", d.source, d.lines, d.moved, d.treatment)).collect(),
        case.differences.iter().map(|d| format!("{} {} → {}", d.participant, d.before, d.after)).collect(),
    )
}

#[test]
fn the_policy_of_the_source_decides() {
    use Treatment::{Ignore, PayDifference, Reopen};
    let company = company();
    // policies, decisions, differences, reopen
    type Row = (Vec<LatePolicy>, [&'static str; 2], &'static [&'static str], bool);
    let rows: [Row; 5] = [
        (vec![], ["erp 2 40 PayDifference", "iqvia 1 100 PayDifference"], &["R1 750 → 900", "R2 1000 → 1200"], false),
        (
            vec![policy("erp", PayDifference, 40), policy("iqvia", PayDifference, 99)],
            ["erp 2 40 Ignore", "iqvia 1 100 PayDifference"],
            &["R1 750 → 900", "R2 1000 → 1100"],
            false,
        ),
        (
            vec![policy("erp", Reopen, 39), policy("iqvia", Ignore, 0)],
            ["erp 2 40 Reopen", "iqvia 1 100 Ignore"],
            &["R2 1000 → 1100"],
            true,
        ),
        (
            vec![policy("erp", Reopen, 40), policy("iqvia", Ignore, 0)],
            ["erp 2 40 Ignore", "iqvia 1 100 Ignore"],
            &[],
            false,
        ),
        (
            vec![policy("iqvia", Reopen, 1000)],
            ["erp 2 40 PayDifference", "iqvia 1 100 Ignore"],
            &["R2 1000 → 1100"],
            false,
        ),
    ];
    for (policies, decisions, differences, reopen) in rows {
        let case = restate(&company.input, 2, &policies);
        assert_eq!(
            told(&case),
            (decisions.map(str::to_owned).to_vec(), differences.iter().map(|d| (*d).to_owned()).collect()),
            "{policies:?}"
        );
        assert_eq!(case.reopen, reopen);
        let adjustments = case.adjustments("late sales of 2026-Q1");
        let paid: Exact = adjustments.iter().map(|(_, _, adjustment)| &adjustment.amount).sum();
        let moved: Exact = case.differences.iter().map(|d| d.amount()).sum();
        assert_eq!(paid, if reopen { Exact::ZERO } else { moved });
        assert!(adjustments.iter().all(|(_, plan, a)| plan == "reps" && !a.approved));
    }
}

#[test]
fn the_difference_is_shown_line_by_line() {
    let case = restate(&company().input, 2, &[]);
    let line = |l: &LateLine| {
        format!("{} {} {} {} {}", l.participant, l.line, l.source, if l.came { "came" } else { "went" }, l.amount)
    };
    let lines: Vec<String> = case.lines.iter().map(line).collect();
    assert_eq!(lines, ["R1 4 iqvia came 60", "R2 2 erp went -1000", "R2 3 erp came 1040", "R2 4 iqvia came 40"]);
    assert_eq!(
        restate(&company().input, 4, &[]),
        Restatement { decisions: vec![], differences: vec![], lines: vec![], reopen: false }
    );
}
