//! The audit trail.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use traguardo_domain::access::Operation;
use uuid::Uuid;

use crate::endpoint::{Json, Nothing, Permission};
use crate::page::Page;

/// One event of the trail, chained to the one before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEventDto {
    /// Its place in the chain; the order of events, whatever the clock said.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// `person`, `service` or `system`.
    pub actor_kind: String,
    /// Who.
    pub actor_id: String,
    /// Who, by name.
    pub actor_name: String,
    /// For whom, when a substitute acted.
    pub on_behalf_of: Option<String>,
    /// What was done, as `<thing>.<verb>`.
    pub action: String,
    /// Kind of the thing.
    pub object_type: String,
    /// Which thing.
    pub object_id: String,
    /// What it was before.
    pub before: Option<serde_json::Value>,
    /// What it is since.
    pub after: Option<serde_json::Value>,
    /// Why.
    pub reason: Option<String>,
    /// The request.
    pub request_id: Option<String>,
    /// The session.
    pub session_id: Option<String>,
    /// SHA-256 of the event before, in hexadecimal.
    pub prev: String,
    /// SHA-256 of this event, in hexadecimal.
    pub hash: String,
}

list_query! {
    /// Filters of the trail.
    AuditQuery {
        /// Only what this user or system did, for themselves or for another.
        actor_id: Uuid,
        /// Only this action.
        action: String,
        /// Only things of this kind.
        object_type: String,
        /// Only this thing.
        object_id: String,
        /// Only from then on.
        at_from: DateTime<Utc>,
        /// Only until then.
        at_to: DateTime<Utc>,
        /// Only what this request did.
        request_id: String,
    }
}

/// The end of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditHeadDto {
    /// Number of the last event.
    pub seq: i64,
    /// Its hash, in hexadecimal. Kept elsewhere, it proves later that nothing was cut off.
    pub hash: String,
}

const READ: Permission = Permission::Needs(Operation::AuditRead);

endpoints! { "audit";
    /// The audit trail, newest first.
    ListAuditEvents: Get "/audit-events" "list_audit_events", READ, [],
        query AuditQuery, body Nothing, answer 200 Json<Page<AuditEventDto>>, problems [];
    /// The end of the chain, to be kept elsewhere.
    GetAuditHead: Get "/audit-events/head" "get_audit_head", READ, [],
        query Nothing, body Nothing, answer 200 Json<AuditHeadDto>, problems [];
}
