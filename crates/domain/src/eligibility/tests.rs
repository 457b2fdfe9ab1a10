use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn days(first: &str, last: &str) -> Days {
    Days::new(day(first), day(last)).unwrap()
}

fn away(from: &str, to: &str, kind: &str) -> Absence {
    Absence { from: day(from), to: day(to), kind: (!kind.is_empty()).then(|| kind.to_owned()) }
}

/// What the breakdown says, in short: `before_hire 14, absence parental 28`.
fn told(found: &Eligibility) -> String {
    let word = |reason: &Reason| match reason {
        Reason::Absence { kind } => format!("absence {}", kind.as_deref().unwrap_or("-")),
        reason => reason.word().to_owned(),
    };
    let parts: Vec<String> = found.subtractions.iter().map(|s| format!("{} {}", word(&s.reason), s.days)).collect();
    parts.join(", ")
}

#[test]
fn each_rule_on_the_first_quarter_of_2026() {
    use NewHires::{AfterDays, FromHire, FromNextMonth};
    let quarter = days("2026-01-01", "2026-03-31");
    // hire, leave, hire day not counted, new hires, eligible of 90, breakdown
    let rows = [
        (None, None, false, FromHire, 90, ""),
        (Some("2026-01-15"), None, false, FromHire, 76, "before_hire 14"),
        (Some("2026-01-15"), None, true, FromHire, 75, "before_hire 14, hire_day 1"),
        (Some("2026-01-15"), None, false, FromNextMonth, 59, "before_hire 14, waiting_for_month 17"),
        (Some("2026-02-01"), None, false, FromNextMonth, 59, "before_hire 31"),
        (Some("2026-02-01"), None, true, FromNextMonth, 58, "before_hire 31, hire_day 1"),
        (Some("2026-01-15"), None, false, AfterDays(30), 46, "before_hire 14, waiting_days 30"),
        (Some("2025-12-20"), None, false, AfterDays(30), 72, "waiting_days 18"),
        (Some("2026-01-15"), None, false, AfterDays(0), 76, "before_hire 14"),
        (Some("2026-04-01"), None, false, FromHire, 0, "before_hire 90"),
        (None, Some("2026-02-28"), false, FromHire, 59, "after_leave 31"),
        (None, Some("2025-12-31"), false, FromHire, 0, "after_leave 90"),
        (Some("2026-02-10"), Some("2026-02-10"), false, FromHire, 1, "before_hire 40, after_leave 49"),
    ];
    for (hire, leave, hire_day_not_counted, new_hires, expected, breakdown) in rows {
        let person = Employment { hire: hire.map(day), leave: leave.map(day), absences: &[] };
        let rules = Rules { hire_day_not_counted, new_hires, ..Rules::default() };
        let found = eligible(quarter, &person, &rules, &BTreeSet::new());
        assert_eq!(
            (found.period_days, found.eligible_days, told(&found).as_str()),
            (90, expected, breakdown),
            "hire {hire:?}, leave {leave:?}, {new_hires:?}"
        );
    }
}

#[test]
fn absences_by_grace_kind_and_overlap() {
    let quarter = days("2026-01-01", "2026-03-31");
    let absences = [
        away("2026-02-01", "2026-02-28", "parental"),
        away("2026-02-20", "2026-03-05", "illness"),
        away("2025-12-20", "2026-01-10", ""),
    ];
    let parental = ["parental".to_owned()];
    let nothing: [String; 0] = [];
    // grace, kinds, eligible, breakdown
    let rows: [(u32, Option<&[String]>, u32, &str); 6] = [
        (0, None, 47, "absence - 10, absence parental 28, absence illness 5"),
        (14, None, 52, "absence - 10, absence parental 28"),
        (13, None, 47, "absence - 10, absence parental 28, absence illness 5"),
        (28, None, 90, ""),
        (0, Some(&parental), 62, "absence parental 28"),
        (0, Some(&nothing), 90, ""),
    ];
    for (absence_grace_days, absence_kinds, expected, breakdown) in rows {
        let person = Employment { absences: &absences, ..Employment::default() };
        let rules = Rules { absence_grace_days, absence_kinds, ..Rules::default() };
        let found = eligible(quarter, &person, &rules, &BTreeSet::new());
        assert_eq!(
            (found.eligible_days, told(&found).as_str()),
            (expected, breakdown),
            "grace {absence_grace_days}, kinds {absence_kinds:?}"
        );
    }
}

#[test]
fn working_days_leave_out_weekends_and_holidays() {
    let january = days("2026-01-01", "2026-01-31");
    let holidays: BTreeSet<NaiveDate> = [day("2026-01-01"), day("2026-01-06"), day("2026-01-10")].into();
    let rules = Rules { basis: Basis::WorkingDays, ..Rules::default() };
    // 22 weekdays less New Year and Epiphany; 10 January is a Saturday anyway.
    let all = eligible(january, &Employment::default(), &rules, &holidays);
    assert_eq!((all.period_days, all.eligible_days), (20, 20));
    let absences = [away("2026-01-09", "2026-01-12", "illness")];
    let person = Employment { hire: Some(day("2026-01-07")), leave: None, absences: &absences };
    let found = eligible(january, &person, &rules, &holidays);
    assert_eq!(told(&found), "before_hire 2, absence illness 2");
    assert!(found.hired_in_period);
    assert_eq!(found.eligible_days, 16);
}

#[test]
fn an_absence_that_ends_before_it_begins_counts_nothing() {
    let absences = [away("2026-02-10", "2026-02-01", "illness")];
    let person = Employment { absences: &absences, ..Employment::default() };
    let found = eligible(days("2026-02-01", "2026-02-28"), &person, &Rules::default(), &BTreeSet::new());
    assert_eq!((found.eligible_days, found.subtractions.len()), (28, 0));
}

proptest::proptest! {
    /// Eligible days and subtractions are the days of the period, whatever the rules.
    #[test]
    fn subtractions_and_eligible_days_are_the_period(
        hire in proptest::option::of(0_u64..200), leave in proptest::option::of(0_u64..200),
        away in proptest::collection::vec((0_u64..200, 0_u64..60), 0..5),
        working in proptest::bool::ANY, not_counted in proptest::bool::ANY,
        new_hires in 0_u32..60, grace in 0_u32..20,
    ) {
        let start = day("2025-11-01");
        let at = |offset: u64| start.checked_add_days(DayCount::new(offset)).unwrap();
        let absences: Vec<Absence> =
            away.iter().map(|(from, len)| Absence { from: at(*from), to: at(from + len), kind: None }).collect();
        let person = Employment { hire: hire.map(at), leave: leave.map(at), absences: &absences };
        let rules = Rules {
            basis: if working { Basis::WorkingDays } else { Basis::CalendarDays },
            hire_day_not_counted: not_counted,
            absence_grace_days: grace,
            absence_kinds: None,
            new_hires: match new_hires { 0 => NewHires::FromHire, 1 => NewHires::FromNextMonth, n => NewHires::AfterDays(n) },
        };
        let found = eligible(days("2026-01-01", "2026-03-31"), &person, &rules, &BTreeSet::new());
        let subtracted: u32 = found.subtractions.iter().map(|s| s.days).sum();
        proptest::prop_assert_eq!(found.period_days, found.eligible_days + subtracted);
        // A day more of absence never makes more eligible days.
        let mut more = absences.clone();
        more.push(Absence { from: at(90), to: at(90 + u64::from(grace)), kind: None });
        let person = Employment { absences: &more, ..person };
        let fewer = eligible(days("2026-01-01", "2026-03-31"), &person, &rules, &BTreeSet::new());
        proptest::prop_assert!(fewer.eligible_days <= found.eligible_days);
    }
}
