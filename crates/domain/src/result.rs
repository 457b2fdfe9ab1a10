//! What a calculation gives: figures, states, checks and the derivation.

use serde::{Serialize, Serializer};

use crate::exact::Exact;
use crate::trace::Step;

pub mod text;

/// What became of a component, or of a participant; the first that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Took no part in this period.
    NotEligible,
    /// There is no actual (or no base of a growth, or no score).
    NoData,
    /// A goal is needed and there is none.
    NoGoal,
    /// A goal is needed and it is 0.
    GoalZero,
    /// A gate was not passed.
    Gated,
    /// Nothing was reached.
    BelowThreshold,
    /// The cap lowered it.
    Capped,
    /// Worked out as the plan says.
    Ok,
}

impl State {
    /// The word for it in documents.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotEligible => "not_eligible",
            Self::NoData => "no_data",
            Self::NoGoal => "no_goal",
            Self::GoalZero => "goal_zero",
            Self::Gated => "gated",
            Self::BelowThreshold => "below_threshold",
            Self::Capped => "capped",
            Self::Ok => "ok",
        }
    }
}

/// A figure and the number of places it was rounded to, if it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The value.
    pub value: Exact,
    /// Places it is printed with; absent: as few as are exact.
    pub places: Option<u32>,
}

impl Figure {
    /// A figure that was not rounded.
    pub fn exact(value: Exact) -> Self {
        Self { value, places: None }
    }

    /// A figure rounded to `places`.
    pub fn fixed(value: Exact, places: u32) -> Self {
        Self { value, places: Some(places) }
    }
}

impl std::fmt::Display for Figure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.places {
            Some(places) => f.write_str(&self.value.to_fixed(places)),
            None => self.value.fmt(f),
        }
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The result of one evaluation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Always `traguardo-result/1`.
    pub format: &'static str,
    /// Code of the plan.
    pub plan: String,
    /// Currency of all money.
    pub currency: String,
    /// One entry per participant, in the order of the input.
    pub participants: Vec<ParticipantResult>,
    /// Sums over the participants.
    pub totals: Totals,
}

/// Sums over the participants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Of what was earned (step 10).
    pub earned: Figure,
    /// Of what is paid (step 16).
    pub payment: Figure,
}

/// What one participant earned and is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ParticipantResult {
    /// Who.
    pub id: String,
    /// `not_eligible`, `capped` (by the plan's cap) or `ok`.
    pub state: State,
    /// Target incentive of the period, prorated where the plan says so.
    pub target: Option<Figure>,
    /// Σ weight × attainment, where every weighted component has an attainment.
    pub weighted_attainment: Option<Figure>,
    /// In the order of the plan.
    pub components: Vec<ComponentResult>,
    /// Factors that were applied.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub modifiers: Vec<ModifierResult>,
    /// Earned: step 10.
    pub earned: Figure,
    /// From earned to paid: steps 11 to 16, each with what it changed and what it left.
    pub payment_steps: Vec<PaymentStep>,
    /// Paid: step 16.
    pub payment: Figure,
    /// What is left for the next period.
    pub balances: NewBalances,
    /// What a person should look at.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// How it came about: payment ← earned ← components ← …; a component's part has its id as `about`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub derivation: Option<Step>,
}

impl ParticipantResult {
    /// The part of the derivation that explains a component.
    pub fn component_derivation(&self, id: &str) -> Option<&Step> {
        fn find<'s>(step: &'s Step, id: &str) -> Option<&'s Step> {
            if step.key == "component" {
                return (step.about.as_deref() == Some(id)).then_some(step);
            }
            step.from.iter().find_map(|part| find(part, id))
        }
        self.derivation.as_ref().and_then(|step| find(step, id))
    }
}

/// What one component paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ComponentResult {
    /// Which.
    pub id: String,
    /// What became of it.
    pub state: State,
    /// The actual, after `as`.
    pub actual: Option<Figure>,
    /// The goal, prorated where the plan says so.
    pub goal: Option<Figure>,
    /// actual ÷ goal.
    pub attainment: Option<Figure>,
    /// The component's target.
    pub target: Option<Figure>,
    /// What it pays: step 6.
    pub payout: Figure,
    /// After the modifiers of step 8 on this component.
    pub modified: Figure,
}

/// A factor that was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ModifierResult {
    /// Which.
    pub id: String,
    /// The value it looked at, if there was one.
    pub value: Option<Figure>,
    /// The factor.
    pub factor: Figure,
}

/// One of the steps from earned to paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaymentStep {
    /// `adjustments`, `true_up`, `negative`, `holdback`, `release`, `draw_advance`, `draw_recovery`, `draw_paid_in_advance`, `guarantee`, `carried`, `carried_forward`, `payment_cap`.
    pub step: &'static str,
    /// What it adds (negative: takes away).
    pub amount: Figure,
    /// Where the amount comes from; of an adjustment: its reason.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub formula: String,
    /// What is left after it.
    pub value: Figure,
}

/// What is left for the next period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewBalances {
    /// Advances not yet recovered.
    pub draw: Figure,
    /// Below zero owed by the participant, above zero owed to them.
    pub carried: Figure,
    /// Earned in the year so far.
    pub earned_to_date: Figure,
    /// Held back without a date of release.
    pub holdback: Figure,
    /// Held back with a date of release.
    pub held: Vec<HeldMoney>,
}

/// An amount held back on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldMoney {
    /// How much.
    pub amount: Figure,
    /// The `as_of` of the calculation that held it.
    pub earned_on: chrono::NaiveDate,
}

/// Something a person should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Stable code: a [`State`] word, or `modifier_without_value`, `adjustment_not_approved`, `pool_not_shared`.
    pub code: &'static str,
    /// Component, modifier or other place.
    pub about: String,
    /// What a person can do about it.
    pub message: String,
}
