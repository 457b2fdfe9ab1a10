//! Goals and their agreement.

use serde::{Deserialize, Serialize};
use traguardo_domain::access::Operation;
use uuid::Uuid;

use crate::act::DecisionDto;
use crate::decimal::Decimal;
use crate::endpoint::{Json, Nothing, Permission};
use crate::page::Page;

/// One version of a goal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GoalDto {
    /// Identifies the version.
    pub id: Uuid,
    /// The goal through all its versions.
    pub series_id: Uuid,
    /// The version, from 1.
    pub no: i64,
    /// For when.
    pub period_id: Uuid,
    /// For which products.
    pub category_id: Uuid,
    /// For which territory.
    pub territory_id: Option<Uuid>,
    /// For whom.
    pub participant_id: Option<Uuid>,
    /// Of which measure: `sales.amount`, `sales.quantity`, …
    pub measure: String,
    /// How much.
    pub value: Decimal,
    /// `draft`, `proposed`, `validated`, `challenged`, `accepted` or `superseded`.
    pub state: String,
    /// What was last said about it.
    pub comment: Option<String>,
    /// Counts changes; the ETag.
    pub version: i64,
}

/// A goal with what was done on it and what you may do now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GoalDetail {
    /// Identifies the version.
    pub id: Uuid,
    /// The goal.
    pub goal: GoalDto,
    /// What you may do now.
    pub allowed: Vec<String>,
    /// What was done.
    pub decisions: Vec<DecisionDto>,
}

/// A goal to draft, for a participant or a territory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GoalBody {
    /// For when.
    pub period_id: Uuid,
    /// For which products.
    pub category_id: Uuid,
    /// For which territory; either this or `participant_id`.
    #[serde(default)]
    pub territory_id: Option<Uuid>,
    /// For whom; either this or `territory_id`.
    #[serde(default)]
    pub participant_id: Option<Uuid>,
    /// Of which measure; `sales.amount` where it is not given.
    #[serde(default)]
    pub measure: Option<String>,
    /// How much.
    pub value: Decimal,
}

/// What goes with an act on a goal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GoalAct {
    /// Why; needed to return, uphold and revise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// A comment; needed to challenge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The value proposed instead (challenge), or from now on (revise).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Decimal>,
}

list_query! {
    /// Filters of the list of goals.
    GoalQuery {
        /// Only these states.
        state: String,
        /// Only this period.
        period_id: Uuid,
        /// Only this category.
        category_id: Uuid,
        /// Only this territory.
        territory_id: Uuid,
        /// Only this participant.
        participant_id: Uuid,
        /// Only this measure.
        measure: String,
        /// Only the versions of this goal.
        series_id: Uuid,
    }
}

const fn needs(operation: Operation) -> Permission {
    Permission::Needs(operation)
}

endpoints! { "goal";
    /// Goals within reach, latest first.
    ListGoals: Get "/goals" "list_goals", needs(Operation::GoalRead), [],
        query GoalQuery, body Nothing, answer 200 Json<Page<GoalDto>>, problems [];
    /// Draft a goal.
    CreateGoal: Post "/goals" "create_goal", needs(Operation::GoalWrite), [keyed],
        query Nothing, body Json<GoalBody>, answer 201 Json<GoalDto>, problems [ValidationFailed PeriodClosed AlreadyExists];
    /// One goal, what was done on it and what you may do now.
    GetGoal: Get "/goals/{id}" "get_goal", needs(Operation::GoalRead), [],
        query Nothing, body Nothing, answer 200 Json<GoalDetail>, problems [];
    /// Put a goal forward.
    ProposeGoal: Post "/goals/{id}/propose" "propose_goal", needs(Operation::GoalPropose), [keyed versioned],
        query Nothing, body Json<GoalAct>, answer 200 Json<GoalDto>, problems [IllegalTransition PeriodClosed ValidationFailed];
    /// Approve a goal for the unit.
    ValidateGoal: Post "/goals/{id}/validate" "validate_goal", needs(Operation::GoalValidate), [keyed versioned],
        query Nothing, body Json<GoalAct>, answer 200 Json<GoalDto>, problems [IllegalTransition OwnWork PeriodClosed ValidationFailed];
    /// Send a goal back with a reason.
    ReturnGoal: Post "/goals/{id}/return" "return_goal", needs(Operation::GoalReturn), [keyed versioned],
        query Nothing, body Json<GoalAct>, answer 200 Json<GoalDto>, problems [IllegalTransition PeriodClosed ValidationFailed];
    /// Accept one's own goal.
    AcceptGoal: Post "/goals/{id}/accept" "accept_goal", needs(Operation::GoalAnswer), [keyed versioned],
        query Nothing, body Json<GoalAct>, answer 200 Json<GoalDto>, problems [IllegalTransition PeriodClosed ValidationFailed];
    /// Propose another value for one's own goal.
    ChallengeGoal: Post "/goals/{id}/challenge" "challenge_goal", needs(Operation::GoalAnswer), [keyed versioned],
        query Nothing, body Json<GoalAct>, answer 200 Json<GoalDto>, problems [IllegalTransition PeriodClosed ValidationFailed];
    /// Keep the value of a challenged goal, with a reason.
    UpholdGoal: Post "/goals/{id}/uphold" "uphold_goal", needs(Operation::GoalResolve), [keyed versioned],
        query Nothing, body Json<GoalAct>, answer 200 Json<GoalDto>, problems [IllegalTransition OwnWork PeriodClosed ValidationFailed];
    /// Change the value of a challenged goal; it is validated again.
    ReviseGoal: Post "/goals/{id}/revise" "revise_goal", needs(Operation::GoalResolve), [keyed versioned],
        query Nothing, body Json<GoalAct>, answer 200 Json<GoalDto>, problems [IllegalTransition OwnWork PeriodClosed ValidationFailed];
    /// Begin a new version of an accepted goal as a draft; the accepted one stays in force until the new one is accepted.
    RenewGoal: Post "/goals/{id}/new-version" "renew_goal", needs(Operation::GoalRevise), [keyed versioned],
        query Nothing, body Json<GoalAct>, answer 201 Json<GoalDto>, problems [IllegalTransition OwnWork PeriodClosed ValidationFailed];
}
