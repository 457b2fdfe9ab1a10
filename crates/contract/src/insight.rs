//! Where one stands, at any moment, without a run.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use traguardo_domain::access::Operation;
use uuid::Uuid;

use crate::decimal::Decimal;
use crate::endpoint::{Json, Nothing, Permission};
use crate::page::Page;

/// Which period.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct StandingQuery {
    /// Code of the period, as `2026-Q1`; the open one that contains today where it is not given.
    #[cfg_attr(feature = "openapi", param(required = false, nullable = false))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
}

/// Where somebody stands by one plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StandingDto {
    /// Who.
    pub participant_id: Uuid,
    /// Who, by code.
    pub participant_code: String,
    /// By which plan version.
    pub plan_version_id: Uuid,
    /// Code of the plan.
    pub plan_code: String,
    /// Code of the period.
    pub period_code: String,
    /// The last import that counts.
    pub last_batch: i64,
    /// Earned to date.
    pub earned: Decimal,
    /// What would be paid.
    pub payment: Decimal,
    /// ISO 4217.
    pub currency: String,
    /// The result document: per component state, attainment, payout and derivation.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub document: Box<RawValue>,
}

const READ: Permission = Permission::Needs(Operation::StandingRead);

endpoints! { "insight";
    /// Where I stand, from the data imported so far.
    GetMyStanding: Get "/me/standing" "get_my_standing", READ, [],
        query StandingQuery, body Nothing, answer 200 Json<Page<StandingDto>>, problems [NotFound];
    /// Where everybody within reach stands, from the data imported so far.
    GetStanding: Get "/standing" "get_standing", READ, [],
        query StandingQuery, body Nothing, answer 200 Json<Page<StandingDto>>, problems [NotFound];
}
