//! Who is paid by which plan for which days, and what must be summed for them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use super::{Fraction, PlanAssignment, PlanVersion, Prepared, RunInput, wants_lines};
use crate::credit::{Of, Slot, Windows};
use crate::finding::Finding;
use crate::period::{Period, PeriodKind};
use crate::plan::{Component, Frequency, Plan, Transform, TrueUp, Window};
use crate::time::{Days, plus_months};

/// Reads off the input who has which plan for which days of the period, and what is to be summed.
pub fn prepare(input: &RunInput) -> Prepared<'_> {
    let mut findings = Vec::new();
    findings.extend(input.roster.check(input.period.days()));
    findings.extend(input.territories.check(input.period.days()));
    let mut fractions = fractions(input, &mut findings);

    let mut slots: Vec<Slot<'_>> = Vec::new();
    let mut slot_of = Vec::new();
    let mut holders = Vec::new();
    let mut known: BTreeMap<(&str, usize, Windows), usize> = BTreeMap::new();
    for fraction in &mut fractions {
        let plan = fraction.version.plan.plan();
        for (index, component) in plan.components.iter().enumerate() {
            let Some(of) = Of::of_key(&component.measure.of) else {
                fraction.holders.push(None);
                continue;
            };
            let windows = windows(input.period, component, fraction);
            let slot = *known.entry((fraction.plan, index, windows)).or_insert_with(|| {
                slots.push(Slot {
                    of,
                    measure: &component.measure,
                    windows,
                    lines: wants_lines(component),
                    currency: &plan.currency,
                });
                slot_of.push((fraction.plan, component.id.as_str()));
                slots.len().saturating_sub(1)
            });
            fraction.holders.push(Some(holders.len()));
            holders.push((fraction.participant, slot));
        }
    }
    Prepared { input, fractions, slots, slot_of, holders, findings }
}

/// The kind of period that a plan's word means.
pub(super) fn kind(frequency: Frequency) -> PeriodKind {
    match frequency {
        Frequency::Month => PeriodKind::Month,
        Frequency::Quarter => PeriodKind::Quarter,
        Frequency::FourMonth => PeriodKind::FourMonth,
        Frequency::HalfYear => PeriodKind::HalfYear,
        Frequency::Year => PeriodKind::Year,
    }
}

/// What a plan covers in a run of `period`; none: the plan is not paid for such a period.
fn cover(plan: &Plan, period: Period) -> Option<Days> {
    let measured = kind(plan.measurement);
    let paid = plan.payment.map_or(measured, kind);
    if period.kind() != measured && period.kind() != paid {
        return None;
    }
    Some(match plan.true_up {
        TrueUp::YearToDate => period.year_to_date(),
        TrueUp::None => period.days(),
    })
}

fn fractions<'a>(input: &'a RunInput, findings: &mut Vec<Finding>) -> Vec<Fraction<'a>> {
    let mut mine: BTreeMap<&str, Vec<(&PlanAssignment, &PlanVersion)>> = BTreeMap::new();
    for assignment in &input.assignments {
        let place = format!("participant {}", assignment.participant);
        let Some(version) = input.plans.get(&assignment.plan) else {
            findings.push(
                Finding::error(
                    "unknown_plan",
                    place,
                    format!(
                        "`{}` has the plan version `{}`, which is unknown",
                        assignment.participant, assignment.plan
                    ),
                )
                .help("load every plan version that is assigned in the period"),
            );
            continue;
        };
        if input.roster.person(&assignment.participant).is_none() {
            findings.push(
                Finding::error(
                    "unknown_participant",
                    place,
                    format!("`{}` has the plan `{}` but is not in the roster", assignment.participant, version.code),
                )
                .help("import the participant, or end the assignment"),
            );
            continue;
        }
        mine.entry(&assignment.participant).or_default().push((assignment, version));
    }
    let mut interim: BTreeSet<&str> = BTreeSet::new();
    let mut all = Vec::new();
    for (participant, mut assignments) in mine {
        assignments.sort_by(|a, b| a.0.cmp(b.0));
        let Some(person) = input.roster.person(participant) else { continue };
        let mut parts: Vec<Fraction<'a>> = Vec::new();
        for (assignment, version) in &assignments {
            let plan = version.plan.plan();
            let Some(cover) = cover(plan, input.period) else { continue };
            let Some(span) = assignment.validity.within(cover) else { continue };
            if span.intersect(input.period.days()).is_none() {
                continue;
            }
            if kind(plan.measurement) != input.period.kind()
                && plan.true_up == TrueUp::None
                && interim.insert(&assignment.plan)
            {
                findings.push(
                    Finding::error(
                        "interim_needs_true_up",
                        format!("plan {}", version.code),
                        format!(
                            "`{}` is measured by `{}` but paid by `{}`, and does not set off what was paid before",
                            version.code,
                            kind(plan.measurement).word(),
                            input.period.kind().word()
                        ),
                    )
                    .help("set `true_up` to `year_to_date`, or pay the plan once per measurement period"),
                );
            }
            let employed = person.employed(cover);
            let owed = || input.money.contains_key(&(participant.to_owned(), version.code.clone()));
            if employed.is_none() && !owed() {
                // Gone (or not there yet) and nothing left to settle.
                continue;
            }
            let whole = employed.is_none_or(|employed| span.covers(employed));
            let start = assignments
                .iter()
                .filter(|(_, other)| other.code == version.code)
                .map(|(other, _)| other.validity.from)
                .min()
                .unwrap_or(assignment.validity.from);
            parts.push(Fraction {
                participant,
                plan: &assignment.plan,
                version,
                cover,
                span,
                whole,
                last: true,
                number: number(input.period, start),
                holders: Vec::new(),
            });
        }
        settle(participant, parts, &mut all, findings);
    }
    all
}

/// Puts the parts of one participant in order: later versions of a plan end the earlier ones; two plans at once and the
/// same version twice are told.
fn settle<'a>(
    participant: &str,
    mut parts: Vec<Fraction<'a>>,
    all: &mut Vec<Fraction<'a>>,
    findings: &mut Vec<Finding>,
) {
    let place = || format!("participant {participant}");
    let mut kept: Vec<Fraction<'a>> = Vec::new();
    parts.sort_by_key(|part| (part.span.first, part.plan));
    for part in parts {
        let mut drop = false;
        for earlier in &mut kept {
            if earlier.plan == part.plan {
                findings.push(
                    Finding::error(
                        "plan_twice",
                        place(),
                        format!("`{participant}` has the same version of `{}` twice in the period", part.version.code),
                    )
                    .help("join the two assignments, or publish a new version for the second"),
                );
                drop = true;
                continue;
            }
            let Some(both) = earlier.span.intersect(part.span) else { continue };
            if earlier.version.code == part.version.code {
                // The later version is in force from its first day on.
                match part.span.first.pred_opt().and_then(|last| Days::new(earlier.span.first, last)) {
                    Some(span) => earlier.span = span,
                    None => drop = true,
                }
                earlier.whole = false;
            } else {
                findings.push(
                    Finding::error(
                        "two_plans",
                        place(),
                        format!(
                            "`{participant}` has the plans `{}` and `{}` from {both}",
                            earlier.version.code, part.version.code
                        ),
                    )
                    .help("end one of the assignments"),
                );
            }
        }
        if !drop {
            kept.push(part);
        }
    }
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for part in kept.iter_mut().rev() {
        part.last = seen.insert(&part.version.code);
    }
    all.append(&mut kept);
}

/// Which payment of a plan the period is, from 1.
fn number(period: Period, start: NaiveDate) -> u32 {
    let Some(first) = Period::containing(start.max(earliest()), period.kind()) else { return 1 };
    let place =
        |period: Period| i64::from(period.year()) * i64::from(period.kind().per_year()) + i64::from(period.number());
    u32::try_from(place(period) - place(first)).unwrap_or(0).saturating_add(1)
}

fn earliest() -> NaiveDate {
    NaiveDate::from_ymd_opt(*Period::YEARS.start(), 1, 1).unwrap_or_default()
}

/// How many months some days are, where they are whole months.
pub(super) fn months(days: Days) -> u32 {
    let place = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
    u32::try_from(place(days.last) - place(days.first)).unwrap_or(0).saturating_add(1)
}

/// The same days some months earlier; a last day of a month stays one.
fn earlier(days: Days, by: u32) -> Option<Days> {
    let by = i32::try_from(by).ok()?.checked_neg()?;
    let is_end = days.last.succ_opt().is_some_and(|next| next.day() == 1);
    let last = if is_end { plus_months(days.last.succ_opt()?, by)?.pred_opt()? } else { plus_months(days.last, by)? };
    Days::new(plus_months(days.first, by)?, last)
}

fn windows(period: Period, component: &Component, fraction: &Fraction<'_>) -> Windows {
    let year_to_date = component.measure.window == Window::YearToDate;
    let part = if fraction.whole { fraction.cover } else { fraction.span };
    let current = if year_to_date { Days::new(period.year_to_date().first, part.last).unwrap_or(part) } else { part };
    let previous = || {
        if current.first == period.year_to_date().first && current.last == period.last() && current != period.days() {
            // Year to date: up to the period before; in the first period of a year, the whole year before.
            return period.previous().map(Period::year_to_date);
        }
        earlier(current, period.kind().months())
    };
    Windows {
        current,
        previous: (component.measure.transform == Transform::GrowthOnPreviousPeriod).then(previous).flatten(),
        last_year: (component.measure.transform == Transform::GrowthOnLastYear).then(|| earlier(current, 12)).flatten(),
    }
}
