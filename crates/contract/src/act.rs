//! What acts on a workflow carry.

use serde::{Deserialize, Serialize};

/// What goes with an act: a reason or a comment, where the act asks for one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ActBody {
    /// Why; needed to send back, uphold, revise, retire and reopen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000))]
    pub reason: Option<String>,
    /// A comment; needed to challenge and to contest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000))]
    pub comment: Option<String>,
}

/// What was done on a thing, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DecisionDto {
    /// Which round; what is sent back begins the next.
    pub round: i64,
    /// The action.
    pub action: String,
    /// The role, with its unit where each unit decides, that was filled by it.
    pub seat: Option<String>,
    /// Who.
    pub actor_id: String,
    /// For whom, when a substitute acted.
    pub on_behalf_of: Option<String>,
    /// What was said.
    pub comment: Option<String>,
    /// When.
    pub decided_at: chrono::DateTime<chrono::Utc>,
}
