//! Gates, modifiers, limits, proration and payment rules.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::{AmountLimit, Curve, Read, Text};
use crate::exact::{Exact, RoundingMode};

/// A value that a gate, a modifier or a grid axis looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Operand {
    /// Which.
    #[serde(flatten)]
    pub source: Source,
    /// What of it.
    pub read: Read,
}

/// Where an operand comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A measure entry, by key.
    Measure(String),
    /// Another component, by id.
    Component(String),
}

/// Bounds of a value; at least one is set.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// ≥
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Exact>,
    /// >
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more_than: Option<Exact>,
    /// ≤
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Exact>,
    /// <
    #[serde(skip_serializing_if = "Option::is_none")]
    pub less_than: Option<Exact>,
}

impl Bounds {
    /// Whether `value` lies inside.
    pub fn hold(&self, value: &Exact) -> bool {
        self.at_least.as_ref().is_none_or(|b| value >= b)
            && self.more_than.as_ref().is_none_or(|b| value > b)
            && self.at_most.as_ref().is_none_or(|b| value <= b)
            && self.less_than.as_ref().is_none_or(|b| value < b)
    }

    /// Whether no bound is set.
    pub fn is_empty(&self) -> bool {
        self.at_least.is_none() && self.more_than.is_none() && self.at_most.is_none() && self.less_than.is_none()
    }

    /// As a person writes it: `≥ 0.9, < 1.2`.
    pub fn words(&self) -> String {
        let parts = [("≥", &self.at_least), (">", &self.more_than), ("≤", &self.at_most), ("<", &self.less_than)];
        parts
            .iter()
            .filter_map(|(sign, bound)| bound.as_ref().map(|b| format!("{sign} {b}")))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// A condition on a payout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gate {
    /// What must hold.
    #[serde(flatten)]
    pub condition: Condition,
    /// What happens otherwise.
    #[serde(rename = "else", default)]
    pub otherwise: Otherwise,
}

/// What must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Condition {
    /// A value inside bounds.
    Test {
        /// The value.
        #[serde(flatten)]
        operand: Operand,
        /// The bounds.
        #[serde(flatten)]
        bounds: Box<Bounds>,
    },
    /// At least one of several.
    Any {
        /// The conditions.
        any: Vec<Condition>,
    },
    /// Every one of several.
    All {
        /// The conditions.
        all: Vec<Condition>,
    },
}

/// What becomes of the payout when a gate fails.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Otherwise {
    /// Nothing is paid.
    #[default]
    Zero,
    /// The payout is multiplied.
    Times(Exact),
    /// The payout is at most so many times the component's target.
    AtMostTimesTarget(Exact),
}

/// Conditions for taking part in the plan.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Eligibility {
    /// All must hold.
    pub conditions: Vec<Condition>,
}

/// A factor on components or on the total.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Modifier {
    /// Unique among the modifiers; `modifier-1` and so on unless said.
    pub id: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// What is multiplied.
    pub applies_to: AppliesTo,
    /// What it looks at.
    #[serde(flatten)]
    pub operand: Operand,
    /// Whose.
    pub of: Whose,
    /// The factor.
    pub factor: Factor,
    /// At least this factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<Exact>,
    /// At most this factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<Exact>,
    /// What a missing value means.
    pub missing: Missing,
}

/// What a modifier multiplies.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AppliesTo {
    /// The sum of the components.
    #[default]
    Total,
    /// Some components.
    Components(Vec<String>),
}

impl Serialize for AppliesTo {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Total => serializer.serialize_str("total"),
            Self::Components(ids) => serializer.collect_seq(ids),
        }
    }
}

/// Whose value a modifier looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// The participant's.
    #[default]
    Own,
    /// The superior's.
    Superior,
}

/// Where a modifier's factor comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Factor {
    /// A curve over the value.
    Curve(Curve),
    /// The factor of the highest step reached; 1 below the first.
    Steps {
        /// The steps, rising.
        steps: Vec<FactorStep>,
        /// To which side a border belongs.
        boundary: super::Boundary,
    },
    /// The value itself.
    Value,
}

impl Serialize for Factor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        match self {
            Self::Curve(curve) => curve.serialize(serializer),
            Self::Steps { steps, boundary } => {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("steps", steps)?;
                map.serialize_entry("boundary", boundary)?;
                map.end()
            }
            Self::Value => serializer.serialize_str("value"),
        }
    }
}

/// A step of a modifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FactorStep {
    /// Where it begins.
    pub from: Exact,
    /// The factor.
    pub times: Exact,
}

/// What a missing value means to a modifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// Factor 1.
    #[default]
    Neutral,
    /// Factor 0.
    Zero,
}

/// Cap and floor of the plan, in times of the participant's target or in money.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// At most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap: Option<AmountLimit>,
    /// At least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor: Option<AmountLimit>,
}

/// Which lines a rule is for: all that is named must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// One of these products.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<String>,
    /// One of these categories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// One of these channels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<String>,
    /// One of these customers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub customers: Vec<String>,
    /// One of these territories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub territories: Vec<String>,
    /// Each attribute has one of its values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Vec<String>>,
    /// Bounds of the absolute amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Bounds>,
    /// Bounds of the absolute quantity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Bounds>,
    /// Bounds of attributes read as decimals.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub numbers: BTreeMap<String, Bounds>,
    /// From this day on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Up to this day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}

/// What becomes of part of a period.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Proration {
    /// Which days are counted.
    pub basis: Basis,
    /// What is multiplied by the factor.
    pub applies_to: ProrationTargets,
    /// Whether the full-time equivalent is part of the factor.
    pub fte: bool,
    /// Rounding of the factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round: Option<ScaleMode>,
    /// Rounding of the prorated goal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal_round: Option<ScaleMode>,
    /// Whether the day of hire counts.
    pub hire_day: HireDay,
    /// Absences up to so many days do not count.
    pub absence_grace_days: u32,
    /// Which absences count; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absence_kinds: Vec<String>,
    /// From when a new hire counts.
    pub new_hires: NewHires,
}

/// Which days a proration counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Every day.
    #[default]
    CalendarDays,
    /// Monday to Friday without holidays.
    WorkingDays,
}

/// What a proration multiplies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct ProrationTargets {
    /// The target incentive.
    pub target: bool,
    /// The goal.
    pub goal: bool,
    /// The payout, after cap and floor of the plan.
    pub payout: bool,
}

/// Decimal places and mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ScaleMode {
    /// Decimal places, 0 to 12.
    pub scale: u32,
    /// How.
    pub mode: RoundingMode,
}

/// Whether the day of hire counts as eligible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HireDay {
    /// It does.
    #[default]
    Counted,
    /// Counting begins the day after.
    NotCounted,
}

/// From when a new hire counts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NewHires {
    /// From the date of hire.
    #[default]
    FromHire,
    /// From the first day of the next month (a hire on the first counts at once).
    FromNextMonth,
    /// So many days after the date of hire.
    AfterDays(u32),
    /// From the date of hire, and the first period pays at least this share of the target.
    Guarantee(Exact),
}

/// Whether earlier payments of the year are set off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TrueUp {
    /// Each period by itself.
    #[default]
    None,
    /// Earned year to date less what was earned before.
    YearToDate,
}

/// What becomes of a negative result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Negative {
    /// Nothing is paid, the debt is carried on.
    #[default]
    Carry,
    /// It is paid, as a deduction.
    Pay,
    /// It is forgiven.
    FloorAtZero,
}

/// From earned to paid.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentRules {
    /// What is kept back for later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holdback: Option<Holdback>,
    /// What is advanced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draw: Option<Draw>,
    /// What is paid at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guarantee: Option<Guarantee>,
    /// What is paid at most; the rest is carried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap: Option<AmountLimit>,
}

/// What is kept back for later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Holdback {
    /// How much.
    #[serde(flatten)]
    pub part: Part,
    /// When it is released; absent: by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
}

/// A share of a result, or a fixed amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// This share.
    Share(Exact),
    /// This much.
    Amount(Exact),
}

/// When something held back is released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Release {
    /// So many days after it was held.
    AfterDays(u32),
    /// So many months after it was held.
    AfterMonths(u32),
}

/// What is advanced against later earnings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Draw {
    /// The least that is paid each time.
    pub amount: Exact,
    /// Whether an advance is owed back.
    pub recoverable: bool,
    /// Share of what exceeds the draw that goes into recovery.
    pub recovery_share: Exact,
    /// First period number in which advances are recovered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery_from: Option<u32>,
    /// Last period number in which an advance is paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<u32>,
    /// Whether the draw has been paid before this payment.
    pub paid_in_advance: bool,
}

impl Draw {
    /// Whether advances are still paid at payment `number`.
    pub fn runs(&self, number: Option<u32>) -> bool {
        self.until.is_none_or(|until| number.unwrap_or(0) <= until)
    }
}

/// What is paid at least.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Guarantee {
    /// How much.
    #[serde(flatten)]
    pub limit: AmountLimit,
    /// Last period number for which it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<u32>,
}
