//! A run: everything that is known of a period becomes credit, results and payments.
//!
//! [`prepare`] decides who is paid by which plan for which days and what is to be summed; [`credit::Crediting`] takes in
//! the sales, from memory or as a stream; [`Prepared::finish`] makes each participant's input document, evaluates every
//! plan for all who are on it together, and proves that nothing was lost. [`run`] does all three.
//!
//! Who has one plan for part of the period and another for the rest is evaluated once for each part: two fractions, one
//! payment. Balances and adjustments enter the last of them. A fraction's target is prorated by the plan's own rule
//! where the plan prorates target or payout by days, else by the days of the fraction.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;

use crate::credit::{self, CreditRow, Crediting, Detail, ExclusionRule, Ground, Ledger, Slot};
use crate::exact::Exact;
use crate::finding::{Finding, has_errors};
use crate::inputs::{Adjustment, Balances, Inputs, Participant};
use crate::organization::Roster;
use crate::period::Period;
use crate::plan::{CheckedPlan, Payout, Per};
use crate::product::Catalog;
use crate::result::ParticipantResult;
use crate::sales::{Fact, Kpi, Sales};
use crate::territory::TerritoryMap;
use crate::time::{Days, Validity};
use crate::trace::Trace;

mod canonical;
mod checks;
mod documents;
mod goals;
mod outcome;
mod population;
mod prepare;
pub mod restatement;
mod verify;

pub use canonical::{canonical, sha256};
pub use goals::{GoalHolder, GoalValue, Scope};
pub use prepare::prepare;
pub use verify::{Broken, Stored, verify};

/// The engine that made a result, for the record of the run.
pub const ENGINE: &str = concat!("traguardo-engine/", env!("CARGO_PKG_VERSION"));

/// A measure that the run itself works out: what those who report to a participant on the last day of the period earned
/// (step 10), on whatever plans. For plans of heads whose teams have plans of their own.
pub const TEAM_EARNED: &str = "kpi:team_earned";

/// A published version of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanVersion {
    /// Code of the plan.
    pub code: String,
    /// Number of the version.
    pub number: u32,
    /// SHA-256 of the document.
    pub sha256: String,
    /// The plan.
    pub plan: Arc<CheckedPlan>,
}

/// Who has which plan when.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlanAssignment {
    /// Code of the participant.
    pub participant: String,
    /// Since when, until when.
    pub validity: Validity,
    /// Id of the plan version, a key of [`RunInput::plans`].
    pub plan: String,
}

/// What a participant brings along of money, for one plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Money {
    /// What earlier periods left.
    pub balances: Balances,
    /// How much of the plain holdback is released now.
    pub release_holdback: Option<Exact>,
    /// Manual changes of this period.
    pub adjustments: Vec<Adjustment>,
    /// A minimum payment of the participant's own.
    pub guarantee: Option<Exact>,
    /// Which payment this is; none: counted from the start of the assignment.
    pub period_number: Option<u32>,
}

/// What the house decides about runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Whether the sales of a vacant territory go to who holds the district above it; else to nobody.
    pub vacant_to_district: bool,
    /// Codes of findings that are told but do not block.
    pub tolerated: BTreeSet<String>,
}

/// Everything a run looks at.
#[derive(Debug, Clone, PartialEq)]
pub struct RunInput {
    /// The period.
    pub period: Period,
    /// The last batch of sales that counts.
    pub as_of_batch: u32,
    /// People, posts, reporting lines, absences.
    pub roster: Roster,
    /// Territories and who holds them.
    pub territories: TerritoryMap,
    /// Products and categories.
    pub catalog: Catalog,
    /// Days that are no working days besides Saturdays and Sundays.
    pub holidays: BTreeSet<NaiveDate>,
    /// Plan versions by id.
    pub plans: BTreeMap<String, PlanVersion>,
    /// Who has which plan when.
    pub assignments: Vec<PlanAssignment>,
    /// Goals of the period (and of the periods inside it and of the year so far).
    pub goals: Vec<GoalValue>,
    /// KPI values of the period, of the one before and of that of last year.
    pub kpis: Vec<Kpi>,
    /// Sales: lines or groups of lines. What groups must keep apart tells [`detail`].
    pub sales: Sales,
    /// Single lines for what looks at each line, where `sales` are groups.
    pub lines: Option<Vec<Fact>>,
    /// Sales nobody is credited for.
    pub exclusions: Vec<ExclusionRule>,
    /// Balances and adjustments, by participant and code of the plan.
    pub money: BTreeMap<(String, String), Money>,
    /// What the house decides.
    pub settings: Settings,
}

impl RunInput {
    /// An empty input for a period.
    pub fn new(period: Period) -> Self {
        Self {
            period,
            as_of_batch: crate::sales::NEVER - 1,
            roster: Roster::default(),
            territories: TerritoryMap::default(),
            catalog: Catalog::default(),
            holidays: BTreeSet::new(),
            plans: BTreeMap::new(),
            assignments: Vec::new(),
            goals: Vec::new(),
            kpis: Vec::new(),
            sales: Sales::default(),
            lines: None,
            exclusions: Vec::new(),
            money: BTreeMap::new(),
            settings: Settings::default(),
        }
    }

    fn ground(&self) -> Ground<'_> {
        Ground {
            roster: &self.roster,
            territories: &self.territories,
            catalog: &self.catalog,
            names: &self.sales.names,
            exclusions: &self.exclusions,
            vacant_to_district: self.settings.vacant_to_district,
        }
    }
}

/// What of each line must be kept apart when sales are given as groups of lines.
pub fn detail<'a>(plans: impl IntoIterator<Item = &'a PlanVersion>, exclusions: &[ExclusionRule]) -> Detail {
    let mut detail = exclusions.iter().fold(Detail::default(), |detail, rule| detail.and(&rule.when));
    for component in plans.into_iter().flat_map(|version| &version.plan.plan().components) {
        detail = component.measure.exclude.iter().fold(detail, |detail, exclusion| detail.and(&exclusion.when));
    }
    detail
}

/// Whether a component looks at each line by itself.
pub fn wants_lines(component: &crate::plan::Component) -> bool {
    component.per == Per::Line || matches!(component.payout, Payout::PerLine(_))
}

/// Part of the period for which somebody has one plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fraction<'a> {
    participant: &'a str,
    plan: &'a str,
    version: &'a PlanVersion,
    /// What the plan covers in this run: the period, or the year to date.
    cover: Days,
    /// The part of it for which the participant has the plan.
    span: Days,
    /// Whether that is all of it on which the participant is employed.
    whole: bool,
    /// Whether it is the participant's last (only) one of this plan code: balances enter here.
    last: bool,
    /// Which payment this is.
    number: u32,
    /// Per component its place among the holders of the crediting.
    holders: Vec<Option<usize>>,
}

/// A run that waits for its sales.
pub struct Prepared<'a> {
    input: &'a RunInput,
    fractions: Vec<Fraction<'a>>,
    slots: Vec<Slot<'a>>,
    /// For each slot the plan version and component it is for.
    slot_of: Vec<(&'a str, &'a str)>,
    holders: Vec<(&'a str, usize)>,
    findings: Vec<Finding>,
}

impl<'a> Prepared<'a> {
    /// Begins the crediting: give it every line or group, then give what it makes to [`Self::finish`].
    pub fn crediting(&self) -> Crediting<'_> {
        let scope = self.input.period.days();
        Crediting::new(self.input.ground(), scope, self.input.as_of_batch, &self.slots, &self.holders)
    }

    /// The days over which sales are looked at: the period, and what plans compare it with.
    pub fn reach(&self) -> Vec<Days> {
        let mut reach: BTreeSet<Days> = BTreeSet::from([self.input.period.days()]);
        for slot in &self.slots {
            reach.extend(
                [Some(slot.windows.current), slot.windows.previous, slot.windows.last_year].into_iter().flatten(),
            );
        }
        reach.into_iter().collect()
    }

    /// Which products and categories are wanted line by line: empty lists mean all; none: no line is wanted.
    pub fn wanted_lines(&self) -> Option<BTreeSet<&'a str>> {
        let wanted: Vec<&Slot<'a>> = self.slots.iter().filter(|slot| slot.lines).collect();
        if wanted.is_empty() {
            return None;
        }
        let all = wanted.iter().any(|slot| slot.measure.products.is_empty() && slot.measure.categories.is_empty());
        let named = wanted.iter().flat_map(|slot| slot.measure.products.iter().chain(&slot.measure.categories));
        Some(if all { BTreeSet::new() } else { named.map(String::as_str).collect() })
    }

    /// The lines behind one participant's actual for one component, each with the share credited: for a statement that
    /// opens down to the sales lines. `facts` are single lines.
    pub fn lines_behind<'f>(
        &self,
        participant: &str,
        plan: &str,
        component: &str,
        facts: impl IntoIterator<Item = &'f Fact>,
    ) -> Vec<credit::LineCredit> {
        let found = self
            .slot_of
            .iter()
            .zip(&self.slots)
            .enumerate()
            .find(|(index, (of, _))| **of == (plan, component) && self.holders.contains(&(participant, *index)));
        let Some((_, (_, slot))) = found else { return Vec::new() };
        let mut slot = slot.clone();
        slot.lines = true;
        slot.windows.previous = None;
        slot.windows.last_year = None;
        let slots = [slot];
        let holders = [(participant, 0)];
        let mut crediting =
            Crediting::new(self.input.ground(), self.input.period.days(), self.input.as_of_batch, &slots, &holders);
        for fact in facts {
            crediting.add(fact);
        }
        crediting.finish().credited.into_iter().flat_map(|credited| credited.lines).collect()
    }

    /// Makes the input documents, evaluates the plans and checks the whole.
    pub fn finish(self, credit: credit::Outcome) -> RunOutcome {
        self.finish_with(credit, Trace::Full)
    }

    /// As [`Self::finish`]; without derivations where only figures are wanted (a preview, a forecast).
    pub fn finish_with(self, credit: credit::Outcome, trace: Trace) -> RunOutcome {
        outcome::finish(self, credit, trace)
    }
}

/// What one participant got out of one plan version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultRow {
    /// Code of the participant.
    pub participant: String,
    /// Id of the plan version.
    pub plan: String,
    /// Code of the plan.
    pub plan_code: String,
    /// Unit of the participant at the end of the days.
    pub unit: Option<String>,
    /// For which days of the period.
    pub days: Days,
    /// Currency of the money.
    pub currency: String,
    /// The complete input document, canonical JSON (one participant; those of a plan are evaluated together).
    pub input: String,
    /// SHA-256 of it.
    pub input_sha256: String,
    /// The result document, canonical JSON, derivation included.
    pub result: String,
    /// SHA-256 of it.
    pub result_sha256: String,
    /// The result.
    pub evaluated: ParticipantResult,
}

/// Everybody on one plan version, as they were evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Id of the plan version.
    pub plan_id: String,
    /// The plan version.
    pub plan: PlanVersion,
    /// The input document without participants.
    pub header: Inputs,
    /// The participants, in order of code.
    pub participants: Vec<Participant>,
}

/// Sums of a run in one currency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RunTotal {
    /// The currency.
    pub currency: String,
    /// How many people.
    pub participants: usize,
    /// Earned (step 10).
    pub earned: Exact,
    /// Paid (step 16).
    pub payment: Exact,
}

/// What the exclusions of one component took out of its credit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MeasureExclusion {
    /// Id of the plan version.
    pub plan: String,
    /// The component.
    pub component: String,
    /// Why.
    pub reason: crate::plan::Text,
    /// How much was credited and did not count.
    pub value: Exact,
    /// How many lines, counted once for each who is credited.
    pub lines: u64,
}

/// What a run makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunOutcome {
    /// The period.
    pub period: Period,
    /// What made it.
    pub engine: &'static str,
    /// The last batch that counted.
    pub as_of_batch: u32,
    /// One row per participant and plan version, in this order.
    pub results: Vec<ResultRow>,
    /// What was evaluated, by plan version.
    pub groups: Vec<Group>,
    /// The proof of conservation.
    pub ledger: Ledger,
    /// Credit per participant, category and way.
    pub credits: Vec<CreditRow>,
    /// What the exclusions of plans took out.
    pub measure_exclusions: Vec<MeasureExclusion>,
    /// All that blocks and all that should be looked at; errors first.
    pub findings: Vec<Finding>,
    /// Sums, by currency.
    pub totals: Vec<RunTotal>,
    /// SHA-256 over the input documents of all rows.
    pub input_sha256: String,
    /// SHA-256 over the result documents of all rows.
    pub result_sha256: String,
}

impl RunOutcome {
    /// Whether nothing blocks: only then may the run be submitted.
    pub fn complete(&self) -> bool {
        !has_errors(&self.findings)
    }

    /// What somebody is paid over all their rows, by currency.
    pub fn payment(&self, participant: &str) -> BTreeMap<&str, Exact> {
        let mut paid: BTreeMap<&str, Exact> = BTreeMap::new();
        for row in self.results.iter().filter(|row| row.participant == participant) {
            *paid.entry(&row.currency).or_default() += &row.evaluated.payment.value;
        }
        paid
    }
}

/// Runs a period on sales that are in memory.
pub fn run(input: &RunInput) -> RunOutcome {
    run_with(input, Trace::Full)
}

/// As [`run`]; without derivations where only figures are wanted.
pub fn run_with(input: &RunInput, trace: Trace) -> RunOutcome {
    let prepared = prepare(input);
    let credit = {
        let mut crediting = prepared.crediting();
        if input.lines.is_some() {
            crediting.lines_come_apart();
        }
        for fact in &input.sales.facts {
            crediting.add(fact);
        }
        for fact in input.lines.iter().flatten() {
            crediting.add_line(fact);
        }
        crediting.finish()
    };
    prepared.finish_with(credit, trace)
}

#[cfg(test)]
pub(crate) mod tests;
