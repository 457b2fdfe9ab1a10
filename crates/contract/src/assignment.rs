//! Who is on which plan, and what they signed.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use traguardo_domain::access::Operation;
use uuid::Uuid;

use crate::act::{ActBody, DecisionDto};
use crate::endpoint::{Json, Nothing, Permission};
use crate::page::Page;

/// A plan version given to a participant for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssignmentDto {
    /// Identifies it.
    pub id: Uuid,
    /// What.
    pub plan_version_id: Uuid,
    /// To whom.
    pub participant_id: Uuid,
    /// First day.
    pub valid_from: NaiveDate,
    /// First day on which it no longer holds.
    pub valid_to: Option<NaiveDate>,
    /// `proposed`, `offered`, `accepted` or `contested`.
    pub state: String,
    /// What was last said about it.
    pub comment: Option<String>,
    /// Counts changes; the ETag.
    pub version: i64,
}

/// A signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignatureDto {
    /// Who signed.
    pub user_id: Uuid,
    /// Name as it was shown.
    pub signed_name: String,
    /// What it means.
    pub meaning: String,
    /// SHA-256 of the exact document.
    pub document_sha256: String,
    /// When.
    pub signed_at: DateTime<Utc>,
}

/// An assignment with its signatures and what you may do now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssignmentDetail {
    /// Identifies it.
    pub id: Uuid,
    /// The assignment.
    pub assignment: AssignmentDto,
    /// What you may do now.
    pub allowed: Vec<String>,
    /// What was done.
    pub decisions: Vec<DecisionDto>,
    /// Who signed what.
    pub signatures: Vec<SignatureDto>,
}

/// People to put on a published plan version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AssignmentBody {
    /// What; it must be published.
    pub plan_version_id: Uuid,
    /// To whom, at most 500 at once.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 500))]
    pub participant_ids: Vec<Uuid>,
    /// First day.
    pub valid_from: NaiveDate,
    /// First day on which it no longer holds.
    #[serde(default)]
    pub valid_to: Option<NaiveDate>,
}

/// What one signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignatureBody {
    /// SHA-256 of the plan document that was read, in hexadecimal.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[0-9a-f]{64}$"))]
    pub document_sha256: String,
    /// What the signature means, as it was shown.
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 500, example = "I have read and accept this plan.")
    )]
    pub meaning: String,
}

list_query! {
    /// Filters of the list of assignments.
    AssignmentQuery {
        /// Only these states.
        state: String,
        /// Only this participant.
        participant_id: Uuid,
        /// Only this plan version.
        plan_version_id: Uuid,
    }
}

const fn needs(operation: Operation) -> Permission {
    Permission::Needs(operation)
}

endpoints! { "assignment";
    /// Assignments within reach, latest first.
    ListAssignments: Get "/assignments" "list_assignments", needs(Operation::AssignmentRead), [],
        query AssignmentQuery, body Nothing, answer 200 Json<Page<AssignmentDto>>, problems [];
    /// Put people on a published plan version.
    CreateAssignments: Post "/assignments" "create_assignments", needs(Operation::AssignmentPropose), [keyed],
        query Nothing, body Json<AssignmentBody>, answer 201 Json<Page<AssignmentDto>>, problems [ValidationFailed AlreadyExists GuardFailed];
    /// One assignment, its signatures and what you may do now.
    GetAssignment: Get "/assignments/{id}" "get_assignment", needs(Operation::AssignmentRead), [],
        query Nothing, body Nothing, answer 200 Json<AssignmentDetail>, problems [];
    /// Approve an assignment for the unit: it is offered.
    ApproveAssignment: Post "/assignments/{id}/approve" "approve_assignment", needs(Operation::AssignmentApprove), [keyed versioned],
        query Nothing, body Json<ActBody>, answer 200 Json<AssignmentDto>, problems [IllegalTransition OwnWork ValidationFailed];
    /// Accept one's own plan by a signature on exactly that document.
    AcceptAssignment: Post "/assignments/{id}/accept" "accept_assignment", needs(Operation::AssignmentAnswer), [keyed versioned stepup],
        query Nothing, body Json<SignatureBody>, answer 200 Json<AssignmentDto>, problems [IllegalTransition ValidationFailed];
    /// Disagree with one's own plan, with a comment.
    ContestAssignment: Post "/assignments/{id}/contest" "contest_assignment", needs(Operation::AssignmentAnswer), [keyed versioned],
        query Nothing, body Json<ActBody>, answer 200 Json<AssignmentDto>, problems [IllegalTransition ValidationFailed];
    /// Offer a contested assignment again, unchanged, with a reason.
    UpholdAssignment: Post "/assignments/{id}/uphold" "uphold_assignment", needs(Operation::AssignmentResolve), [keyed versioned],
        query Nothing, body Json<ActBody>, answer 200 Json<AssignmentDto>, problems [IllegalTransition OwnWork ValidationFailed];
}
