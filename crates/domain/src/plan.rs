//! The plan document `traguardo-plan/1`: what `docs/plan-format.md` specifies, as types.
//!
//! Three forms: the document (JSON text) is read into a [`Plan`] with all findings
//! ([`read_plan`]), a plan is checked as a whole into a [`CheckedPlan`] ([`check_plan`]),
//! and only a checked plan can be evaluated.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::exact::{Exact, RoundingMode};

mod bands;
mod check;
mod payout;
mod read;
mod read_example;
mod read_payout;
mod read_rules;
mod rules;

pub(crate) use check::needs_goal;
pub use check::{CheckedPlan, check_plan, load_plan};
pub use payout::*;
pub use read::{read_plan, read_plan_node};
pub use rules::*;

/// The format that this crate reads.
pub const PLAN_FORMAT: &str = "traguardo-plan/1";

/// A text, in one language or in several (`it`, `en`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Text {
    /// The same in every language.
    Plain(String),
    /// By language code.
    Localized(BTreeMap<String, String>),
}

impl Text {
    /// The text in `language`, else in English, else in any.
    pub fn in_language(&self, language: &str) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Localized(texts) => texts
                .get(language)
                .or_else(|| texts.get("en"))
                .or_else(|| texts.values().next())
                .map_or("", String::as_str),
        }
    }
}

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Frequency {
    /// One month.
    Month,
    /// Three months.
    Quarter,
    /// Four months.
    FourMonth,
    /// Six months.
    HalfYear,
    /// Twelve months.
    Year,
}

impl Frequency {
    /// How many months it lasts.
    pub fn months(self) -> u32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::FourMonth => 4,
            Self::HalfYear => 6,
            Self::Year => 12,
        }
    }
}

/// An incentive plan as its document says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Always `traguardo-plan/1`.
    pub format: String,
    /// What the plan is known by.
    pub code: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// ISO 4217 code of the money paid.
    pub currency: String,
    /// The period over which results are measured.
    pub measurement: Frequency,
    /// How often it is paid; the measurement period unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment: Option<Frequency>,
    /// Target incentive per measurement period; absent: the participant's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_incentive: Option<Exact>,
    /// What is paid for.
    pub components: Vec<Component>,
    /// Factors on components or on the total.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modifiers: Vec<Modifier>,
    /// Cap and floor of the whole plan.
    #[serde(default)]
    pub limits: Limits,
    /// Conditions for taking part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eligibility: Option<Eligibility>,
    /// What becomes of part of a period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proration: Option<Proration>,
    /// Whether earlier payments of the year are set off.
    #[serde(default)]
    pub true_up: TrueUp,
    /// What becomes of a negative result.
    #[serde(default)]
    pub negative: Negative,
    /// From earned to paid.
    #[serde(default)]
    pub payment_rules: PaymentRules,
    /// Where and how money is rounded.
    #[serde(default)]
    pub rounding: Rounding,
    /// Golden cases that must hold before the plan can be published.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
}

/// One thing that is measured and paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Unique in the plan.
    pub id: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// Share of the target incentive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<Exact>,
    /// Paid on top of the others: not counted in the sum of the weights.
    #[serde(default)]
    pub on_top: bool,
    /// What is looked at.
    pub measure: Measure,
    /// What means 100 %.
    #[serde(default)]
    pub goal: Goal,
    /// What the payout looks at.
    pub read: Read,
    /// Once for the period, or for each credited line.
    #[serde(default)]
    pub per: Per,
    /// Conditions on the payout.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<Gate>,
    /// What it pays.
    pub payout: Payout,
    /// At most this, after the gates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap: Option<AmountLimit>,
    /// At least this, after the cap.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor: Option<AmountLimit>,
}

/// What a component measures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// `sales.amount`, `sales.quantity`, `sales.margin`, `kpi:<code>`, `share:<code>` or `component:<id>`.
    pub of: String,
    /// Products or categories whose sales count; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<String>,
    /// Categories whose sales count; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Channels whose sales count; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<String>,
    /// Sales that do not count, each with its reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<Exclusion>,
    /// Whose credited lines count.
    #[serde(default)]
    pub credit: Credit,
    /// Over which time.
    #[serde(default)]
    pub window: Window,
    /// The value itself, or what is made of it.
    #[serde(rename = "as", default)]
    pub transform: Transform,
}

/// Sales that do not count, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// Why.
    pub reason: Text,
    /// Which lines.
    pub when: When,
}

/// Whose credited lines count for a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Credit {
    /// The participant's own.
    #[default]
    Own,
    /// Those of everybody below the participant.
    Team,
    /// Everybody's.
    All,
}

/// Over which time a measure adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// The measurement period.
    #[default]
    Period,
    /// From the first day of the year to the end of the period.
    YearToDate,
}

/// What is made of the actual before it is compared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Transform {
    /// The actual.
    #[default]
    Value,
    /// (actual − previous) ÷ previous.
    GrowthOnPreviousPeriod,
    /// (actual − last year) ÷ last year.
    GrowthOnLastYear,
    /// actual ÷ actual of another measure.
    ShareOf(String),
}

impl Serialize for Transform {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value => serializer.serialize_str("value"),
            Self::GrowthOnPreviousPeriod => serializer.serialize_str("growth_on_previous_period"),
            Self::GrowthOnLastYear => serializer.serialize_str("growth_on_last_year"),
            Self::ShareOf(key) => serializer.collect_str(&format_args!("share_of:{key}")),
        }
    }
}

/// What means 100 %.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// The goal that the participant accepted.
    #[default]
    Assigned,
    /// There is none.
    None,
    /// The same for everybody.
    Value(Exact),
}

/// What the payout of a component looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Read {
    /// actual ÷ goal.
    Attainment,
    /// The actual.
    Actual,
    /// max(0, actual − goal).
    AboveGoal,
    /// What a component pays (only where another component is read).
    Payout,
}

impl Read {
    /// The word for it in the document.
    pub fn word(self) -> &'static str {
        match self {
            Self::Attainment => "attainment",
            Self::Actual => "actual",
            Self::AboveGoal => "above_goal",
            Self::Payout => "payout",
        }
    }
}

/// Once for the period, or for each line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Once.
    #[default]
    Period,
    /// Each credited line by itself, then the sum.
    Line,
}

/// A limit in times of the target, or in money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AmountLimit {
    /// So many times the target.
    TimesTarget(Exact),
    /// So much money.
    Amount(Exact),
}

impl AmountLimit {
    /// The limit in money.
    pub fn amount(&self, target: &Exact) -> Exact {
        match self {
            Self::TimesTarget(times) => times * target,
            Self::Amount(amount) => amount.clone(),
        }
    }
}

/// Where and how money is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rounding {
    /// Decimal places, 0 to 6.
    pub scale: u32,
    /// How.
    pub mode: RoundingMode,
    /// Each component, or the total only.
    pub at: RoundingStep,
}

impl Default for Rounding {
    fn default() -> Self {
        Self { scale: 2, mode: RoundingMode::HalfUp, at: RoundingStep::Component }
    }
}

/// At which step money is rounded first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundingStep {
    /// Each component (step 6) and the total (step 10).
    #[default]
    Component,
    /// Only the total (step 10).
    Total,
}

/// A golden case of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What it shows.
    pub name: Text,
    /// The inputs.
    pub inputs: crate::inputs::Inputs,
    /// What must come out, by participant.
    pub expect: BTreeMap<String, Expectation>,
}

/// What must come out for one participant; what is absent may be anything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// State of the participant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Earned (step 10).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earned: Option<Exact>,
    /// Paid (step 16).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment: Option<Exact>,
    /// New balances, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub balances: BTreeMap<String, Exact>,
    /// Components, by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub components: BTreeMap<String, ExpectedComponent>,
}

/// What must come out of one component; what is absent may be anything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedComponent {
    /// State.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Figures by name: `payout`, `modified`, `actual`, `goal`, `attainment`, `target`.
    #[serde(flatten)]
    pub figures: BTreeMap<String, Exact>,
}
