//! Periods.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use traguardo_domain::access::Operation;
use uuid::Uuid;

use crate::endpoint::{Json, Nothing, Permission};
use crate::page::Page;

/// A period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PeriodDto {
    /// Identifies it.
    pub id: Uuid,
    /// `2026-01`, `2026-Q1`, `2026-T1` (four months), `2026-H1` or `2026`.
    pub code: String,
    /// `month`, `quarter`, `four_month`, `half_year` or `year`.
    pub kind: String,
    /// First day.
    pub first_day: NaiveDate,
    /// Last day.
    pub last_day: NaiveDate,
    /// `open` or `closed`.
    pub state: String,
    /// Counts changes; the ETag.
    pub version: i64,
}

/// A period to open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PeriodBody {
    /// `2026-01`, `2026-Q1`, `2026-T1` (four months), `2026-H1` or `2026`.
    #[cfg_attr(feature = "openapi", schema(max_length = 10, example = "2026-Q1"))]
    pub code: String,
}

list_query! {
    /// Filters of the list of periods.
    PeriodQuery {
        /// Only this code.
        code: String,
        /// Only this kind.
        kind: String,
        /// Only this state.
        state: String,
        /// Only those that begin on this day or later.
        first_day_from: NaiveDate,
        /// Only those that end on this day or before.
        last_day_to: NaiveDate,
    }
}

const READ: Permission = Permission::Needs(Operation::PeriodRead);
const MANAGE: Permission = Permission::Needs(Operation::PeriodManage);

endpoints! { "period";
    /// Periods, latest first.
    ListPeriods: Get "/periods" "list_periods", READ, [],
        query PeriodQuery, body Nothing, answer 200 Json<Page<PeriodDto>>, problems [];
    /// Open a period.
    OpenPeriod: Post "/periods" "open_period", MANAGE, [keyed],
        query Nothing, body Json<PeriodBody>, answer 201 Json<PeriodDto>, problems [AlreadyExists ValidationFailed];
    /// One period.
    GetPeriod: Get "/periods/{id}" "get_period", READ, [],
        query Nothing, body Nothing, answer 200 Json<PeriodDto>, problems [];
}
