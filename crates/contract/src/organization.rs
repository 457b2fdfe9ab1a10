//! People, units, reporting lines and absences.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use traguardo_domain::access::Operation;
use uuid::Uuid;

use crate::decimal::Decimal;
use crate::endpoint::{Json, Nothing, Permission};
use crate::page::Page;

/// A unit of the organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnitDto {
    /// Identifies it.
    pub id: Uuid,
    /// Unique code.
    pub code: String,
    /// Name.
    pub name: String,
    /// The unit above.
    pub parent_id: Option<Uuid>,
    /// A free word: `business_unit`, `area`, `team`, …
    pub kind: String,
    /// Counts changes; the ETag.
    pub version: i64,
}

/// A unit to create or as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UnitBody {
    /// Unique code; it never changes.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 60, example = "CARDIO-NORD"))]
    pub code: String,
    /// Name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200, example = "Cardio Nord"))]
    pub name: String,
    /// The unit above.
    #[serde(default)]
    pub parent_id: Option<Uuid>,
    /// A free word.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 60, example = "team"))]
    pub kind: String,
}

list_query! {
    /// Filters of the list of units.
    UnitQuery {
        /// Only this code.
        code: String,
        /// Only this kind.
        kind: String,
        /// Only those directly below this unit.
        parent_id: Uuid,
    }
}

/// A participant with the place of today (after leaving: the last one).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ParticipantDto {
    /// Identifies the participant.
    pub id: Uuid,
    /// Unique code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Address, if known.
    pub email: Option<String>,
    /// First day.
    pub hire_date: NaiveDate,
    /// Last day.
    pub leave_date: Option<NaiveDate>,
    /// Position.
    pub position: Option<String>,
    /// Level within the position.
    pub level: Option<String>,
    /// Who leads.
    pub manager_id: Option<Uuid>,
    /// Where.
    pub unit_id: Option<Uuid>,
    /// Where, by name.
    pub unit_name: Option<String>,
    /// Part of full time, 0 to 1.
    pub fte: Option<Decimal>,
    /// Incentive at 100 %, per measurement period; only for those who may see pay.
    pub target_incentive: Option<Decimal>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// For payroll.
    pub cost_center: Option<String>,
    /// Counts changes; the ETag.
    pub version: i64,
}

/// What is true of a participant for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaceDto {
    /// First day.
    pub valid_from: NaiveDate,
    /// First day on which it no longer holds.
    pub valid_to: Option<NaiveDate>,
    /// Position.
    pub position: String,
    /// Level within the position.
    pub level: Option<String>,
    /// Who leads.
    pub manager_id: Option<Uuid>,
    /// Where.
    pub unit_id: Uuid,
    /// Part of full time, 0 to 1.
    pub fte: Decimal,
    /// Incentive at 100 %; only for those who may see pay.
    pub target_incentive: Option<Decimal>,
    /// ISO 4217.
    pub currency: String,
    /// For payroll.
    pub cost_center: Option<String>,
}

/// A participant with all places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ParticipantDetail {
    /// Identifies the participant.
    pub id: Uuid,
    /// Unique code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Address, if known.
    pub email: Option<String>,
    /// First day.
    pub hire_date: NaiveDate,
    /// Last day.
    pub leave_date: Option<NaiveDate>,
    /// All places, in order.
    pub places: Vec<PlaceDto>,
    /// Counts changes; the ETag.
    pub version: i64,
}

/// A place to give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PlaceBody {
    /// First day; it holds up to the next place that is known.
    pub valid_from: NaiveDate,
    /// Position.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100, example = "account_manager"))]
    pub position: String,
    /// Level within the position.
    #[serde(default)]
    pub level: Option<String>,
    /// Who leads.
    #[serde(default)]
    pub manager_id: Option<Uuid>,
    /// Where.
    pub unit_id: Uuid,
    /// Part of full time, 0 to 1; 1 where it is not given.
    #[serde(default)]
    pub fte: Option<Decimal>,
    /// Incentive at 100 %, per measurement period.
    #[serde(default)]
    pub target_incentive: Option<Decimal>,
    /// ISO 4217; `EUR` where it is not given.
    #[serde(default)]
    pub currency: Option<String>,
    /// For payroll.
    #[serde(default)]
    pub cost_center: Option<String>,
}

/// A participant to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ParticipantBody {
    /// Unique code; it never changes.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 60, example = "R0042"))]
    pub code: String,
    /// Name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200, example = "Giulia Bianchi"))]
    pub name: String,
    /// Address, if known.
    #[serde(default)]
    pub email: Option<String>,
    /// First day.
    pub hire_date: NaiveDate,
    /// Last day.
    #[serde(default)]
    pub leave_date: Option<NaiveDate>,
    /// The first place.
    pub place: PlaceBody,
}

/// What of a participant does not depend on time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ParticipantChange {
    /// Name.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: String,
    /// Address, if known.
    pub email: Option<String>,
    /// First day.
    pub hire_date: NaiveDate,
    /// Last day.
    pub leave_date: Option<NaiveDate>,
}

list_query! {
    /// Filters of the list of participants.
    ParticipantQuery {
        /// Only this code.
        code: String,
        /// Only these positions.
        position: String,
        /// Only this level.
        level: String,
        /// Only this unit, without those below it.
        unit_id: Uuid,
        /// Only those whom this participant leads.
        manager_id: Uuid,
    }
}

/// An absence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AbsenceDto {
    /// Identifies it.
    pub id: Uuid,
    /// Whose.
    pub participant_id: Uuid,
    /// First day.
    pub first_day: NaiveDate,
    /// Last day, included.
    pub last_day: NaiveDate,
    /// A free word: `leave`, `sickness`, `parental`, …
    pub kind: String,
    /// Counts changes; the ETag.
    pub version: i64,
}

/// An absence to enter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AbsenceBody {
    /// First day.
    pub first_day: NaiveDate,
    /// Last day, included.
    pub last_day: NaiveDate,
    /// A free word.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 60, example = "parental"))]
    pub kind: String,
}

const READ: Permission = Permission::Needs(Operation::OrganizationRead);
const WRITE: Permission = Permission::Needs(Operation::OrganizationWrite);

endpoints! { "organization";
    /// Units within reach, by code.
    ListUnits: Get "/units" "list_units", READ, [],
        query UnitQuery, body Nothing, answer 200 Json<Page<UnitDto>>, problems [];
    /// Create a unit.
    CreateUnit: Post "/units" "create_unit", WRITE, [keyed],
        query Nothing, body Json<UnitBody>, answer 201 Json<UnitDto>, problems [AlreadyExists ValidationFailed];
    /// One unit.
    GetUnit: Get "/units/{id}" "get_unit", READ, [],
        query Nothing, body Nothing, answer 200 Json<UnitDto>, problems [];
    /// Change a unit.
    ///
    /// A unit is never put below itself; its code stays.
    ChangeUnit: Put "/units/{id}" "change_unit", WRITE, [versioned],
        query Nothing, body Json<UnitBody>, answer 200 Json<UnitDto>, problems [ValidationFailed];
    /// Participants within reach, with their place of today.
    ListParticipants: Get "/participants" "list_participants", READ, [],
        query ParticipantQuery, body Nothing, answer 200 Json<Page<ParticipantDto>>, problems [];
    /// Create a participant with a first place.
    CreateParticipant: Post "/participants" "create_participant", WRITE, [keyed],
        query Nothing, body Json<ParticipantBody>, answer 201 Json<ParticipantDetail>, problems [AlreadyExists ValidationFailed];
    /// One participant with all places.
    GetParticipant: Get "/participants/{id}" "get_participant", READ, [],
        query Nothing, body Nothing, answer 200 Json<ParticipantDetail>, problems [];
    /// Change what of a participant does not depend on time.
    ChangeParticipant: Put "/participants/{id}" "change_participant", WRITE, [versioned],
        query Nothing, body Json<ParticipantChange>, answer 200 Json<ParticipantDetail>, problems [ValidationFailed];
    /// Give a participant a place from a day on.
    AddPlace: Post "/participants/{id}/places" "add_place", WRITE, [keyed versioned],
        query Nothing, body Json<PlaceBody>, answer 200 Json<ParticipantDetail>, problems [ValidationFailed];
    /// Absences of a participant, latest first.
    ListAbsences: Get "/participants/{id}/absences" "list_absences", READ, [],
        query Nothing, body Nothing, answer 200 Json<Page<AbsenceDto>>, problems [];
    /// Enter an absence; the same first day and kind again moves its end.
    PutAbsence: Post "/participants/{id}/absences" "put_absence", WRITE, [keyed],
        query Nothing, body Json<AbsenceBody>, answer 201 Json<AbsenceDto>, problems [ValidationFailed];
    /// Remove an absence that never was.
    RemoveAbsence: Delete "/absences/{id}" "remove_absence", WRITE, [versioned],
        query Nothing, body Nothing, answer 204 Nothing, problems [];
}
