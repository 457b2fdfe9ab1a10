//! Late data: what a correction of sales would change in a period that is closed, and what is to be done about it.
//!
//! A closed period is never rewritten. Lines that came after the batch of its last run (or were superseded since) are
//! found, the policy of their source says whether they count, and the period is worked out again beside the closed run:
//! the difference is shown per participant and per line, and is paid in the next period or makes a case for reopening.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{RunInput, prepare, run_with};
use crate::credit::{Crediting, Of, Slot, Whose, Windows};
use crate::exact::Exact;
use crate::inputs::Adjustment;
use crate::plan::{Measure, Transform, Window};
use crate::sales::{CREDIT_PLACES, Fact, NEVER};
use crate::time::Days;
use crate::trace::Trace;

/// What is done with late data that matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Treatment {
    /// Nothing: it is only told.
    Ignore,
    /// The difference is paid in the next period.
    PayDifference,
    /// The period is proposed for reopening.
    Reopen,
}

/// What the house does with late data of one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LatePolicy {
    /// The source; a line of a source without a policy is paid as a difference.
    pub source: String,
    /// What is done above the threshold.
    pub treatment: Treatment,
    /// Up to this much moved credit (in money, summed over participants) the late lines are ignored.
    pub threshold: Exact,
}

/// What was decided for a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// The source.
    pub source: String,
    /// How many lines came or went.
    pub lines: usize,
    /// Σ over participants of the absolute change of their credit, in money.
    pub moved: Exact,
    /// What is done.
    pub treatment: Treatment,
}

/// A late line and what it changes for one participant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct LateLine {
    /// Who is credited.
    pub participant: String,
    /// Day of the sale.
    pub date: NaiveDate,
    /// Number of the line.
    pub line: i64,
    /// Where it came from.
    pub source: String,
    /// Whether the line came (or was superseded and went).
    pub came: bool,
    /// By how much the participant's credited money changes.
    pub amount: Exact,
    /// By how much the participant's credited units change.
    pub quantity: Exact,
}

/// What late data change for one participant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Who.
    pub participant: String,
    /// Code of the plan.
    pub plan_code: String,
    /// Currency of the money.
    pub currency: String,
    /// Earned as the period was closed.
    pub before: Exact,
    /// Earned with the late data that count.
    pub after: Exact,
}

impl Difference {
    /// After less before.
    pub fn amount(&self) -> Exact {
        &self.after - &self.before
    }
}

/// The whole case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restatement {
    /// Per source.
    pub decisions: Vec<Decision>,
    /// Who would have earned otherwise.
    pub differences: Vec<Difference>,
    /// Every late line with everybody it is credited to, also those that are ignored.
    pub lines: Vec<LateLine>,
    /// Whether a source's policy asks for reopening the period.
    pub reopen: bool,
}

impl Restatement {
    /// The differences as adjustments of the next period, by participant and code of the plan; none where the period is
    /// to be reopened. They are not approved yet.
    pub fn adjustments(&self, reason: &str) -> Vec<(String, String, Adjustment)> {
        if self.reopen {
            return Vec::new();
        }
        self.differences
            .iter()
            .map(|difference| {
                let adjustment = Adjustment { amount: difference.amount(), reason: reason.to_owned(), approved: false };
                (difference.participant.clone(), difference.plan_code.clone(), adjustment)
            })
            .collect()
    }
}

/// Compares a period closed as of the batch `closed` with the data as of `input.as_of_batch`. All else of `input` is as
/// the period was closed; `input.sales` holds single lines with their batches.
pub fn restate(input: &RunInput, closed: u32, policies: &[LatePolicy]) -> Restatement {
    let now = input.as_of_batch;
    let late: Vec<&Fact> =
        input.sales.facts.iter().filter(|fact| fact.in_force(closed) != fact.in_force(now)).collect();
    let reach = prepare(input).reach();
    let late: Vec<&Fact> = late.into_iter().filter(|fact| reach.iter().any(|days| days.contains(fact.date))).collect();
    let lines = late_lines(input, &late, closed);

    let source = |fact: &Fact| input.sales.names.sources.name(fact.source).unwrap_or("").to_owned();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for fact in &late {
        let count = counts.entry(source(fact)).or_default();
        *count = count.saturating_add(1);
    }
    let mut net: BTreeMap<(&str, &str), Exact> = BTreeMap::new();
    for line in &lines {
        *net.entry((&line.source, &line.participant)).or_default() += &line.amount;
    }
    let decisions: Vec<Decision> = counts
        .into_iter()
        .map(|(source, lines)| {
            let moved: Exact = net.iter().filter(|((of, _), _)| *of == source).map(|(_, amount)| amount.abs()).sum();
            let policy = policies.iter().find(|policy| policy.source == source);
            let treatment = match policy {
                Some(policy) if moved <= policy.threshold => Treatment::Ignore,
                Some(policy) => policy.treatment,
                None => Treatment::PayDifference,
            };
            Decision { source, lines, moved, treatment }
        })
        .collect();

    let ignored: BTreeSet<&str> =
        decisions.iter().filter(|d| d.treatment == Treatment::Ignore).map(|d| d.source.as_str()).collect();
    let as_of = |ignore_all: bool| {
        let mut scenario = input.clone();
        scenario.as_of_batch = NEVER - 1;
        scenario.sales.facts.retain_mut(|fact| {
            let old = ignore_all || ignored.contains(source(fact).as_str());
            let counts = fact.in_force(if old { closed } else { now });
            (fact.batch, fact.superseded) = (0, NEVER);
            counts
        });
        run_with(&scenario, Trace::Off)
    };
    let (before, after) = (as_of(true), as_of(false));
    let mut earned: BTreeMap<(&str, &str, &str), (Exact, Exact)> = BTreeMap::new();
    for row in &before.results {
        earned.entry((&row.participant, &row.plan_code, &row.currency)).or_default().0 += &row.evaluated.earned.value;
    }
    for row in &after.results {
        earned.entry((&row.participant, &row.plan_code, &row.currency)).or_default().1 += &row.evaluated.earned.value;
    }
    let differences = earned
        .into_iter()
        .filter(|(_, (before, after))| before != after)
        .map(|((participant, plan_code, currency), (before, after))| Difference {
            participant: participant.to_owned(),
            plan_code: plan_code.to_owned(),
            currency: currency.to_owned(),
            before,
            after,
        })
        .collect();
    let reopen = decisions.iter().any(|decision| decision.treatment == Treatment::Reopen);
    Restatement { decisions, differences, lines, reopen }
}

/// Whose the late lines are, and by how much each changes what they are credited.
fn late_lines(input: &RunInput, late: &[&Fact], closed: u32) -> Vec<LateLine> {
    let everything = Measure {
        of: Of::Amount.key().to_owned(),
        products: Vec::new(),
        categories: Vec::new(),
        channels: Vec::new(),
        exclude: Vec::new(),
        credit: Whose::Own,
        window: Window::Period,
        transform: Transform::Value,
    };
    let Some(all) = late.iter().map(|fact| fact.date).min().zip(late.iter().map(|fact| fact.date).max()) else {
        return Vec::new();
    };
    let Some(days) = Days::new(all.0, all.1) else { return Vec::new() };
    let holders: Vec<(&str, usize)> = input.roster.people.keys().map(|code| (code.as_str(), 0)).collect();
    let mut lines = Vec::new();
    // Quantities move whatever the currency: the slot takes units, money is read off the lines.
    let windows = Windows { current: days, previous: None, last_year: None };
    let slots = [Slot { of: Of::Quantity, measure: &everything, windows, lines: true, currency: "" }];
    let mut crediting = Crediting::new(input.ground(), days, NEVER - 1, &slots, &holders);
    for fact in late {
        crediting.add(&Fact { batch: 0, superseded: NEVER, ..**fact });
    }
    let went: BTreeSet<i64> = late.iter().filter(|fact| fact.in_force(closed)).map(|fact| fact.line).collect();
    for ((participant, _), credited) in holders.iter().zip(crediting.finish().credited) {
        for line in credited.lines {
            let came = !went.contains(&line.fact.line);
            let part = |value: i64| {
                let credit = Exact::scaled(i128::from(value).saturating_mul(i128::from(line.share)), CREDIT_PLACES);
                if came { credit } else { -&credit }
            };
            lines.push(LateLine {
                participant: (*participant).to_owned(),
                date: line.fact.date,
                line: line.fact.line,
                source: input.sales.names.sources.name(line.fact.source).unwrap_or("").to_owned(),
                came,
                amount: part(line.fact.amount),
                quantity: part(line.fact.quantity),
            });
        }
    }
    lines.sort();
    lines
}
