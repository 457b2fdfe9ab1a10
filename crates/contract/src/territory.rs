//! Territories and who holds them when.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use traguardo_domain::access::Operation;
use uuid::Uuid;

use crate::decimal::Decimal;
use crate::endpoint::{Json, Nothing, Permission};
use crate::page::Page;

/// A territory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TerritoryDto {
    /// Identifies it.
    pub id: Uuid,
    /// Unique code.
    pub code: String,
    /// Name.
    pub name: String,
    /// `national`, `area`, `district`, `territory` or `brick`.
    pub level: String,
    /// Counts changes; the ETag.
    pub version: i64,
}

/// A territory to create, hung below another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TerritoryBody {
    /// Unique code; it never changes.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 60, example = "LOM-MI-1"))]
    pub code: String,
    /// Name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200, example = "Milano 1"))]
    pub name: String,
    /// `national`, `area`, `district`, `territory` or `brick`.
    pub level: String,
    /// From when it hangs there.
    pub valid_from: NaiveDate,
    /// The territory above.
    #[serde(default)]
    pub parent_id: Option<Uuid>,
    /// What could be sold there.
    #[serde(default)]
    pub potential: Option<Decimal>,
}

list_query! {
    /// Filters of the list of territories.
    TerritoryQuery {
        /// Only this code.
        code: String,
        /// Only this level.
        level: String,
    }
}

/// That a participant holds a territory for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HolderDto {
    /// Identifies it.
    pub id: Uuid,
    /// Who.
    pub participant_id: Uuid,
    /// Which territory.
    pub territory_id: Uuid,
    /// `direct`, or `overlay`: credited besides.
    pub role: String,
    /// Part of the direct credit, 0 to 1.
    pub share: Decimal,
    /// First day.
    pub valid_from: NaiveDate,
    /// First day on which it no longer holds.
    pub valid_to: Option<NaiveDate>,
    /// Counts changes; the ETag.
    pub version: i64,
}

/// Whom to give a territory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HolderBody {
    /// Who.
    pub participant_id: Uuid,
    /// Which territory.
    pub territory_id: Uuid,
    /// `direct` or `overlay`; `direct` where it is not given.
    #[serde(default)]
    pub role: Option<String>,
    /// Part of the direct credit, 0 to 1; 1 where it is not given.
    #[serde(default)]
    pub share: Option<Decimal>,
    /// First day.
    pub valid_from: NaiveDate,
    /// First day on which it no longer holds.
    #[serde(default)]
    pub valid_to: Option<NaiveDate>,
}

/// When somebody no longer holds a territory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HolderEnd {
    /// First day on which it no longer holds.
    pub valid_to: NaiveDate,
}

list_query! {
    /// Filters of the list of who holds what.
    HolderQuery {
        /// Only this participant.
        participant_id: Uuid,
        /// Only this territory.
        territory_id: Uuid,
        /// Only `direct` or `overlay`.
        role: String,
    }
}

const READ: Permission = Permission::Needs(Operation::TerritoryRead);
const PEOPLE: Permission = Permission::Needs(Operation::OrganizationRead);
const WRITE: Permission = Permission::Needs(Operation::TerritoryWrite);

endpoints! { "territory";
    /// Territories, by code.
    ListTerritories: Get "/territories" "list_territories", READ, [],
        query TerritoryQuery, body Nothing, answer 200 Json<Page<TerritoryDto>>, problems [];
    /// Create a territory, hung below another.
    CreateTerritory: Post "/territories" "create_territory", WRITE, [keyed],
        query Nothing, body Json<TerritoryBody>, answer 201 Json<TerritoryDto>, problems [AlreadyExists ValidationFailed];
    /// One territory.
    GetTerritory: Get "/territories/{id}" "get_territory", READ, [],
        query Nothing, body Nothing, answer 200 Json<TerritoryDto>, problems [];
    /// Who within reach holds what, latest first.
    ListHolders: Get "/territory-assignments" "list_territory_assignments", PEOPLE, [],
        query HolderQuery, body Nothing, answer 200 Json<Page<HolderDto>>, problems [];
    /// Give a territory to a participant for a time.
    CreateHolder: Post "/territory-assignments" "create_territory_assignment", WRITE, [keyed],
        query Nothing, body Json<HolderBody>, answer 201 Json<HolderDto>, problems [ValidationFailed];
    /// End it, or move its end.
    EndHolder: Post "/territory-assignments/{id}/end" "end_territory_assignment", WRITE, [keyed versioned],
        query Nothing, body Json<HolderEnd>, answer 204 Nothing, problems [ValidationFailed];
}
