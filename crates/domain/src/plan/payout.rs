//! What a component pays.

use serde::Serialize;

use super::{Operand, Read, When};
use crate::exact::Exact;

/// The kinds of payout; see section 5 of the specification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Payout {
    /// A payout curve.
    Curve(CurvePayout),
    /// A rate table.
    Rate(Rate),
    /// Fixed amounts.
    Bonus(Bonus),
    /// Two measures together.
    Grid(Grid),
    /// Scored objectives.
    Scorecard(Scorecard),
    /// Place among peers.
    Rank(Rank),
    /// A share of fixed money.
    Pool(Pool),
    /// A share of what the team earned.
    Override(Override),
    /// Each credited line by itself.
    PerLine(PerLine),
}

impl Payout {
    /// The word for its kind in the document.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Curve(_) => "curve",
            Self::Rate(_) => "rate",
            Self::Bonus(_) => "bonus",
            Self::Grid(_) => "grid",
            Self::Scorecard(_) => "scorecard",
            Self::Rank(_) => "rank",
            Self::Pool(_) => "pool",
            Self::Override(_) => "override",
            Self::PerLine(_) => "per_line",
        }
    }
}

/// To which side the border between two bands belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Boundary {
    /// To the band that begins there.
    #[default]
    From,
    /// To the band that ends there.
    To,
}

/// A payout curve and what its values are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CurvePayout {
    /// The curve.
    #[serde(flatten)]
    pub curve: Curve,
    /// Shares of the target, or money.
    pub pays: Pays,
}

/// A line through points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Curve {
    /// At least one, `at` rising.
    pub points: Vec<Point>,
    /// What holds between two points.
    pub between: Between,
    /// What holds below the first point.
    pub below: Below,
    /// What holds above the last point.
    pub above: Above,
    /// To which side a point belongs in a step curve.
    pub boundary: Boundary,
}

/// A point of a curve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// Value looked at.
    pub at: Exact,
    /// What it pays.
    pub pay: Exact,
}

/// What holds between two points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Between {
    /// The straight line.
    #[default]
    Linear,
    /// The highest point reached.
    Step,
}

/// What holds below the first point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Below {
    /// Nothing: the first point is a threshold.
    #[default]
    Zero,
    /// The first value.
    Hold,
    /// The first line goes on.
    Extend,
}

/// What holds above the last point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Above {
    /// The last value.
    #[default]
    Hold,
    /// The last line goes on: uncapped.
    Extend,
}

/// Whether values are shares of the target or money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pays {
    /// Shares of the component's target.
    #[default]
    Share,
    /// Money.
    Amount,
    /// A rate on the component's actual (grids only).
    Rate,
}

/// A rate table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rate {
    /// How the tiers work together.
    pub mode: RateMode,
    /// The tiers, rising.
    pub tiers: Vec<Tier>,
    /// What chooses the tier.
    pub tier_by: TierBy,
    /// What the rate is on.
    pub on: RateOn,
    /// What `times` multiplies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_rate: Option<BaseRate>,
    /// To which side a border belongs.
    pub boundary: Boundary,
}

/// How the tiers of a rate table work together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RateMode {
    /// Each tier on its own part.
    Marginal,
    /// The tier reached on the whole.
    Retroactive,
    /// The base rate up to the goal, the tier reached on all above it.
    Overage,
}

/// A tier of a rate table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Where it begins; the first may have no beginning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Exact>,
    /// Where it ends, when before the next begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Exact>,
    /// Rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<Exact>,
    /// Multiple of the base rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<Exact>,
    /// Fixed amount for reaching it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Exact>,
    /// Least it pays once reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<Exact>,
    /// Most it pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<Exact>,
}

/// What chooses the tier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TierBy {
    /// The component's actual.
    Actual,
    /// The component's attainment.
    Attainment,
    /// Another measure entry.
    Measure(String),
}

/// What a rate is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RateOn {
    /// The component's actual.
    Actual,
    /// Another measure entry.
    Measure(String),
}

macro_rules! as_words {
    ($type:ty { $($pattern:pat => $word:expr),+ $(,)? }) => {
        impl Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(match self { $($pattern => $word),+ })
            }
        }
    };
}
as_words!(TierBy { Self::Actual => "actual", Self::Attainment => "attainment", Self::Measure(key) => key });
as_words!(RateOn { Self::Actual => "actual", Self::Measure(key) => key });

/// What `times` multiplies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BaseRate {
    /// This rate.
    Rate(Exact),
    /// The component's target ÷ its goal.
    TargetOverGoal,
}

impl Serialize for BaseRate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Rate(rate) => rate.serialize(serializer),
            Self::TargetOverGoal => serializer.serialize_str("target_over_goal"),
        }
    }
}

/// Fixed amounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bonus {
    /// The steps, rising.
    pub steps: Vec<BonusStep>,
    /// The highest reached, or all reached.
    pub mode: BonusMode,
    /// To which side a border belongs.
    pub boundary: Boundary,
}

/// A step of a bonus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BonusStep {
    /// Where it begins.
    pub from: Exact,
    /// Money.
    pub amount: Exact,
}

/// Which steps of a bonus are paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BonusMode {
    /// The highest reached.
    #[default]
    Highest,
    /// All reached.
    Cumulative,
}

/// A payout looked up from two values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Grid {
    /// First value and where its bands begin.
    pub rows: Axis,
    /// Second value and where its bands begin.
    pub columns: Axis,
    /// One list per row.
    pub cells: Vec<Vec<Exact>>,
    /// What holds between two starts.
    pub between: GridBetween,
    /// What the cells are.
    pub pays: Pays,
}

/// What holds between the starts of a grid's bands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GridBetween {
    /// The cell of the band.
    #[default]
    Step,
    /// Straight lines in both directions.
    Bilinear,
}

/// One axis of a grid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Axis {
    /// What is looked at.
    pub read: AxisRead,
    /// Where the bands begin, rising.
    pub from: Vec<Exact>,
    /// To which side a border belongs.
    pub boundary: Boundary,
}

/// What an axis, a ranking or a pool looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum AxisRead {
    /// The component's own attainment, actual or actual above goal.
    Own(Read),
    /// Something else.
    Other(Operand),
}

/// Scored objectives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scorecard {
    /// The objectives; their weights sum to 1.
    pub objectives: Vec<Objective>,
    /// What the weighted result pays; absent: itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub curve: Option<Curve>,
}

/// One objective.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Objective {
    /// Key of its score among the measures (or `kpi:` and the code).
    pub code: String,
    /// Its share.
    pub weight: Exact,
    /// The best score.
    pub max: Exact,
}

/// Pay by place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rank {
    /// Among whom.
    pub group: Group,
    /// By what; absent: what the component reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Operand>,
    /// Whether the highest or the lowest value comes first.
    pub order: Order,
    /// What equal values mean.
    pub ties: Ties,
    /// What the places pay, rising.
    pub awards: Vec<Award>,
}

/// Among whom a ranking or a pool is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Everybody on the plan.
    #[default]
    Plan,
    /// Those of the same level.
    Level,
    /// Those of the same unit.
    Unit,
}

/// Which end of a ranking comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The highest value.
    #[default]
    Descending,
    /// The lowest value.
    Ascending,
}

/// What equal values mean in a ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ties {
    /// All get the best place.
    #[default]
    Best,
    /// All get the mean place.
    Average,
    /// All get the mean of the awards of their places.
    Share,
}

/// What places pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Award {
    /// Up to which place.
    #[serde(flatten)]
    pub reach: Reach,
    /// How much.
    #[serde(flatten)]
    pub pays: super::Part,
}

/// Up to which place an award reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// This place.
    ToRank(u32),
    /// This part of all places, 0 to 1.
    ToPercentile(Exact),
}

/// Fixed money shared out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pool {
    /// How much.
    pub pool: PoolMoney,
    /// Among whom.
    pub group: Group,
    /// In proportion to what.
    pub share_by: ShareBy,
    /// What funds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub funding: Option<Funding>,
}

/// How much a pool holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum PoolMoney {
    /// This much.
    Amount {
        /// Money.
        amount: Exact,
    },
    /// A rate on the sum of a measure.
    Rate {
        /// The rate.
        rate: Exact,
        /// `actual` or a measure key.
        of: RateOn,
    },
}

/// In proportion to what a pool is shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShareBy {
    /// What the component reads.
    X,
    /// The component's target.
    Target,
    /// Another measure entry.
    Measure(String),
}
as_words!(ShareBy { Self::X => "x", Self::Target => "target", Self::Measure(key) => key });

/// A curve that funds a pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Funding {
    /// Key of a shared measure.
    pub measure: String,
    /// What of it.
    pub read: Read,
    /// The factor on the pool.
    #[serde(flatten)]
    pub curve: Curve,
}

/// A share of what the team earned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Override {
    /// The share.
    pub rate: Exact,
    /// Of what.
    pub of: OverrideOf,
}

/// Of what an override is a share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OverrideOf {
    /// What the members earned.
    TeamPayout,
    /// What one component paid them.
    Component(String),
}

impl Serialize for OverrideOf {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::TeamPayout => serializer.serialize_str("team_payout"),
            Self::Component(id) => serializer.collect_str(&format_args!("component:{id}")),
        }
    }
}

/// Each credited line by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PerLine {
    /// The rules, in order.
    pub rules: Vec<LineRule>,
    /// Which of the rules that match counts.
    pub pick: Pick,
}

/// A rule for lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineRule {
    /// What it is known by; `rule-1` and so on unless said.
    pub id: String,
    /// Which lines.
    pub when: When,
    /// What it pays.
    #[serde(flatten)]
    pub pays: LinePay,
    /// What a rate is on; absent: what the component measures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<LineValue>,
    /// Least it pays per line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<Exact>,
    /// Most it pays per line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<Exact>,
}

/// What a line rule pays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LinePay {
    /// A rate on the line's value.
    Rate(Exact),
    /// A fixed amount.
    Amount(Exact),
}

/// Which value of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LineValue {
    /// Money.
    Amount,
    /// Units.
    Quantity,
    /// Margin.
    Margin,
}

/// Which of the rules that match a line counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pick {
    /// The first.
    #[default]
    First,
    /// The one that names most.
    MostSpecific,
    /// All.
    All,
}
