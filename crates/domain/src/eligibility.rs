//! On how many days of a period somebody counts, and why not on the others.
//!
//! The rules are those of a plan's `proration` (docs/plan-format.md, section 7). Every day of the period that does
//! not count is subtracted once, with its reason: eligible days + subtractions = days of the period.

use std::collections::BTreeSet;

use chrono::{Datelike, Days as DayCount, NaiveDate};
use serde::Serialize;

use crate::inputs::Absence;
pub use crate::time::Basis;
use crate::time::{Days, count_days, counts, plus_months};

/// From when a new hire counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NewHires {
    /// From the day of hire.
    #[default]
    FromHire,
    /// From the first day of the month after the hire; a hire on the first of a month counts at once.
    FromNextMonth,
    /// From so many days after the hire.
    AfterDays(u32),
}

/// The rules of the plan.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rules<'a> {
    /// How days are counted.
    pub basis: Basis,
    /// Whether the day of hire does not count.
    pub hire_day_not_counted: bool,
    /// Absences of at most so many calendar days are disregarded.
    pub absence_grace_days: u32,
    /// The kinds of absence that count; none: all.
    pub absence_kinds: Option<&'a [String]>,
    /// From when a new hire counts.
    pub new_hires: NewHires,
}

/// What is known about the person.
#[derive(Debug, Clone, Copy, Default)]
pub struct Employment<'a> {
    /// Day of hire; none: always there.
    pub hire: Option<NaiveDate>,
    /// Last day; none: still there.
    pub leave: Option<NaiveDate>,
    /// Absences, in any order.
    pub absences: &'a [Absence],
}

/// Why days do not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum Reason {
    /// Not hired yet.
    BeforeHire,
    /// The day of hire, which the plan does not count.
    HireDay,
    /// Hired, but counted only from the next month.
    WaitingForMonth,
    /// Hired, but counted only after some days.
    WaitingDays,
    /// Gone.
    AfterLeave,
    /// Away longer than the grace.
    Absence {
        /// Its kind, where it was told.
        kind: Option<String>,
    },
}

impl Reason {
    /// The word for it in documents and derivations.
    pub fn word(&self) -> &'static str {
        match self {
            Self::BeforeHire => "before_hire",
            Self::HireDay => "hire_day",
            Self::WaitingForMonth => "waiting_for_month",
            Self::WaitingDays => "waiting_days",
            Self::AfterLeave => "after_leave",
            Self::Absence { .. } => "absence",
        }
    }
}

/// A stretch of days that do not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subtraction {
    /// Why.
    pub reason: Reason,
    /// First day of the stretch inside the period.
    pub from: NaiveDate,
    /// Last day of it, included.
    pub to: NaiveDate,
    /// How many days are subtracted for it, on the basis of the plan; days already subtracted for another reason are not.
    pub days: u32,
}

/// The days of a period, and those on which somebody counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Eligibility {
    /// Days of the period on the basis.
    pub period_days: u32,
    /// Those that count; `period_days` less the subtractions.
    pub eligible_days: u32,
    /// Whether the day of hire lies in the period.
    pub hired_in_period: bool,
    /// What was subtracted, in order of time for each reason.
    pub subtractions: Vec<Subtraction>,
}

/// The eligible days of `person` in `period`.
pub fn eligible(
    period: Days,
    person: &Employment<'_>,
    rules: &Rules<'_>,
    holidays: &BTreeSet<NaiveDate>,
) -> Eligibility {
    let mut stretches: Vec<(Reason, Days)> = Vec::new();
    let mut add = |reason: Reason, first: NaiveDate, last: NaiveDate| {
        if let Some(days) = Days::new(first, last).and_then(|days| days.intersect(period)) {
            stretches.push((reason, days));
        }
    };
    if let Some(hire) = person.hire {
        if let Some(eve) = hire.pred_opt() {
            add(Reason::BeforeHire, NaiveDate::MIN, eve);
        }
        let (start, reason) = match rules.new_hires {
            NewHires::FromHire => (hire, Reason::HireDay),
            NewHires::FromNextMonth if hire.day() == 1 => (hire, Reason::WaitingForMonth),
            NewHires::FromNextMonth => {
                let first = hire.with_day(1).and_then(|day| plus_months(day, 1));
                (first.unwrap_or(NaiveDate::MAX), Reason::WaitingForMonth)
            }
            NewHires::AfterDays(days) => {
                let start = hire.checked_add_days(DayCount::new(u64::from(days)));
                (start.unwrap_or(NaiveDate::MAX), Reason::WaitingDays)
            }
        };
        if rules.hire_day_not_counted {
            add(Reason::HireDay, hire, hire);
        }
        if let Some(eve) = start.pred_opt() {
            add(reason, hire, eve);
        }
    }
    if let Some(morrow) = person.leave.and_then(|leave| leave.succ_opt()) {
        add(Reason::AfterLeave, morrow, NaiveDate::MAX);
    }
    let mut absences: Vec<&Absence> = person
        .absences
        .iter()
        .filter(|absence| {
            rules.absence_kinds.is_none_or(|kinds| absence.kind.as_ref().is_some_and(|kind| kinds.contains(kind)))
                && Days::new(absence.from, absence.to).is_some_and(|days| days.len() > rules.absence_grace_days)
        })
        .collect();
    absences.sort_by_key(|absence| (absence.from, absence.to, absence.kind.as_deref()));
    for absence in absences {
        let kind = absence.kind.clone();
        add(Reason::Absence { kind }, absence.from, absence.to);
    }

    let period_days = count_days(period, rules.basis, holidays);
    let mut gone: BTreeSet<NaiveDate> = BTreeSet::new();
    let mut subtractions = Vec::new();
    for (reason, stretch) in stretches {
        let mut days: u32 = 0;
        for day in stretch.iter().filter(|day| counts(*day, rules.basis, holidays)) {
            if gone.insert(day) {
                days = days.saturating_add(1);
            }
        }
        if days > 0 {
            subtractions.push(Subtraction { reason, from: stretch.first, to: stretch.last, days });
        }
    }
    let subtracted = subtractions.iter().fold(0_u32, |sum, s| sum.saturating_add(s.days));
    Eligibility {
        period_days,
        eligible_days: period_days.saturating_sub(subtracted),
        hired_in_period: person.hire.is_some_and(|hire| period.contains(hire)),
        subtractions,
    }
}

#[cfg(test)]
#[path = "eligibility/tests.rs"]
mod tests;
