//! Incentive plans and their versions.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use traguardo_domain::access::Operation;
use uuid::Uuid;

use crate::act::{ActBody, DecisionDto};
use crate::endpoint::{Json, Nothing, Permission};
use crate::page::Page;
use crate::problem::ProblemError;

/// One version of a plan, without its document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanVersionDto {
    /// Identifies the version.
    pub id: Uuid,
    /// The plan through all its versions.
    pub plan_id: Uuid,
    /// Code of the plan.
    pub code: String,
    /// The version, from 1.
    pub no: i64,
    /// `draft`, `submitted`, `approved`, `published` or `retired`.
    pub state: String,
    /// SHA-256 of the document, in hexadecimal.
    pub sha256: String,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
    /// Counts changes; the ETag.
    pub version: i64,
}

/// One version of a plan with its document.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanVersionDetail {
    /// Identifies the version.
    pub id: Uuid,
    /// The version.
    pub plan_version: PlanVersionDto,
    /// The plan document (`traguardo-plan/1`), exactly as it was given.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub document: Box<RawValue>,
    /// What its check found: warnings, and examples that do not hold.
    pub findings: Vec<ProblemError>,
    /// What you may do now.
    pub allowed: Vec<String>,
    /// What was done.
    pub decisions: Vec<DecisionDto>,
}

/// A plan document to keep as a draft.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PlanBody {
    /// The plan document (`traguardo-plan/1`); its `code` says which plan it is a version of.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub document: Box<RawValue>,
}

list_query! {
    /// Filters of the list of plan versions.
    PlanVersionQuery {
        /// Only the versions of this plan.
        code: String,
        /// Only these states.
        state: String,
        /// Only the versions of this plan.
        plan_id: Uuid,
    }
}

const fn needs(operation: Operation) -> Permission {
    Permission::Needs(operation)
}

endpoints! { "plan";
    /// Plan versions, latest first.
    ListPlanVersions: Get "/plan-versions" "list_plan_versions", needs(Operation::PlanRead), [],
        query PlanVersionQuery, body Nothing, answer 200 Json<Page<PlanVersionDto>>, problems [];
    /// Begin a plan, or the next version of one, as a draft.
    ///
    /// A document with faults is refused with all of them, each at its JSON path.
    CreatePlanVersion: Post "/plan-versions" "create_plan_version", needs(Operation::PlanDesign), [keyed],
        query Nothing, body Json<PlanBody>, answer 201 Json<PlanVersionDto>, problems [ValidationFailed];
    /// One version with its document, what was done on it and what you may do now.
    GetPlanVersion: Get "/plan-versions/{id}" "get_plan_version", needs(Operation::PlanRead), [],
        query Nothing, body Nothing, answer 200 Json<PlanVersionDetail>, problems [];
    /// Replace the document of a draft.
    ChangePlanVersion: Put "/plan-versions/{id}" "change_plan_version", needs(Operation::PlanDesign), [versioned],
        query Nothing, body Json<PlanBody>, answer 200 Json<PlanVersionDto>, problems [ValidationFailed IllegalTransition];
    /// Put a draft forward for approval.
    SubmitPlan: Post "/plan-versions/{id}/submit" "submit_plan", needs(Operation::PlanSubmit), [keyed versioned],
        query Nothing, body Json<ActBody>, answer 200 Json<PlanVersionDto>, problems [IllegalTransition ValidationFailed];
    /// Approve a version; head of a unit and finance, neither of them its author.
    ApprovePlan: Post "/plan-versions/{id}/approve" "approve_plan", needs(Operation::PlanApprove), [keyed versioned stepup],
        query Nothing, body Json<ActBody>, answer 200 Json<PlanVersionDto>, problems [IllegalTransition OwnWork ValidationFailed];
    /// Send a version back with a reason.
    ReturnPlan: Post "/plan-versions/{id}/return" "return_plan", needs(Operation::PlanApprove), [keyed versioned],
        query Nothing, body Json<ActBody>, answer 200 Json<PlanVersionDto>, problems [IllegalTransition ValidationFailed];
    /// Put an approved version in force; all its examples must hold.
    PublishPlan: Post "/plan-versions/{id}/publish" "publish_plan", needs(Operation::PlanPublish), [keyed versioned],
        query Nothing, body Json<ActBody>, answer 200 Json<PlanVersionDto>, problems [IllegalTransition GuardFailed ValidationFailed];
    /// Take a published version out of use, with a reason.
    RetirePlan: Post "/plan-versions/{id}/retire" "retire_plan", needs(Operation::PlanPublish), [keyed versioned],
        query Nothing, body Json<ActBody>, answer 200 Json<PlanVersionDto>, problems [IllegalTransition ValidationFailed];
}
