//! What a calculation is fed: the inputs document of `docs/plan-format.md`, section 9.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use crate::exact::Exact;

pub mod read;
pub use read::{read_inputs, read_inputs_node};

/// A span of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Days {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// The whole input of one evaluation: one plan, one period, everybody on the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Inputs {
    /// The measurement period, for counting eligible days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<Days>,
    /// The day as of which holdbacks are released.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
    /// Which payment this is, from 1: draws start and stop by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_number: Option<u32>,
    /// How many measurement periods the measures cover; 1 unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub periods: Option<Exact>,
    /// Days that are no working days besides Saturdays and Sundays.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<NaiveDate>,
    /// Measures that hold for everybody who has no own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub measures: BTreeMap<String, MeasureEntry>,
    /// Everybody on the plan.
    pub participants: Vec<Participant>,
}

/// One person (or vacant position) and what counts for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Participant {
    /// Unique among the participants.
    pub id: String,
    /// Level, for rank groups and pools by level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Organisational unit, for rank groups and pools by unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Position; told, not calculated with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    /// Id of the superior, for modifiers that look at the superior's measure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manager: Option<String>,
    /// `false`: takes no part in this period.
    #[serde(skip_serializing_if = "is_true")]
    pub eligible: bool,
    /// A position that nobody holds: takes no part and no place.
    #[serde(default, skip_serializing_if = "is_false")]
    pub vacant: bool,
    /// Target incentive per measurement period, used where the plan sets none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_incentive: Option<Exact>,
    /// Eligible days, where they are counted elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eligible_days: Option<Exact>,
    /// Days of the period, where they are counted elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_days: Option<Exact>,
    /// Full-time equivalent, 0 to 1; 1 unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fte: Option<Exact>,
    /// First day of employment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hire_date: Option<NaiveDate>,
    /// Last day of employment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leave_date: Option<NaiveDate>,
    /// Absences, days included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absences: Vec<Absence>,
    /// As [`Inputs::period_number`], for this participant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_number: Option<u32>,
    /// As [`Inputs::periods`], for this participant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub periods: Option<Exact>,
    /// Measure entries by component id, `kpi:<code>`, `share:<code>` or any other key the plan reads.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub measures: BTreeMap<String, MeasureEntry>,
    /// Credited lines, where a payout looks at each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Line>,
    /// Ids of the team's members, for overrides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub team: Vec<String>,
    /// What earlier periods left.
    #[serde(default)]
    pub balances: Balances,
    /// How much of the plain holdback balance is released now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_holdback: Option<Exact>,
    /// Manual changes with their reasons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adjustments: Vec<Adjustment>,
    /// A minimum payment of the participant's own, in place of the plan's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guarantee: Option<Exact>,
}

impl Participant {
    /// A participant of whom nothing is known but the id.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            level: None,
            unit: None,
            position: None,
            manager: None,
            eligible: true,
            vacant: false,
            target_incentive: None,
            eligible_days: None,
            period_days: None,
            fte: None,
            hire_date: None,
            leave_date: None,
            absences: Vec::new(),
            period_number: None,
            periods: None,
            measures: BTreeMap::new(),
            lines: Vec::new(),
            team: Vec::new(),
            balances: Balances::default(),
            release_holdback: None,
            adjustments: Vec::new(),
            guarantee: None,
        }
    }
}

/// What is known of one measure of one participant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureEntry {
    /// The credited actual; absent: no data (or the sum of the lines).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<Exact>,
    /// The goal of the whole period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal: Option<Exact>,
    /// The actual of the period before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<Exact>,
    /// The actual of the same period of last year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_year: Option<Exact>,
    /// Goals of several territories, each held for some days.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub goal_parts: Vec<GoalPart>,
}

/// The goal of one territory and the days it was held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GoalPart {
    /// Which territory (or other source) it is the goal of.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Goal of the whole period.
    pub goal: Exact,
    /// Days held in the period.
    pub days: Exact,
}

/// A credited line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// What the line is known by.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Id of the component it counts for.
    pub measure: String,
    /// Money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Exact>,
    /// Units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Exact>,
    /// Margin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub margin: Option<Exact>,
    /// Product code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Product category code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Channel code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// Customer code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// Territory code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub territory: Option<String>,
    /// Date of the sale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// Anything else that rules look at.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
}

/// Days of absence, both included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Kind, as the plan's `absence_kinds` name it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// What earlier periods left open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Balances {
    /// Advances not yet recovered, owed by the participant; not negative.
    #[serde(default)]
    pub draw: Exact,
    /// Below zero owed by the participant, above zero owed to them.
    #[serde(default)]
    pub carried: Exact,
    /// Earned in the earlier periods of the year (true-up).
    #[serde(default)]
    pub earned_to_date: Exact,
    /// Held back without a date of release; not negative.
    #[serde(default)]
    pub holdback: Exact,
    /// Held back with a date of release.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<Held>,
}

/// An amount held back on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// How much.
    pub amount: Exact,
    /// The `as_of` of the calculation that held it.
    pub earned_on: NaiveDate,
}

/// A manual change with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Adjustment {
    /// Added to what was earned; may be negative.
    pub amount: Exact,
    /// Why.
    pub reason: String,
    /// Only approved ones count.
    #[serde(skip_serializing_if = "is_true")]
    pub approved: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape serde asks for")]
fn is_true(value: &bool) -> bool {
    *value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape serde asks for")]
fn is_false(value: &bool) -> bool {
    !*value
}
