//! What was earned, and why.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use traguardo_domain::access::Operation;
use uuid::Uuid;

use crate::decimal::Decimal;
use crate::endpoint::{Json, Nothing, Permission};
use crate::page::Page;

/// A statement, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatementDto {
    /// Identifies it.
    pub id: Uuid,
    /// The run that made it.
    pub run_id: Uuid,
    /// Whose.
    pub participant_id: Uuid,
    /// Whose, by code.
    pub participant_code: String,
    /// Whose, by name.
    pub participant_name: String,
    /// By which plan version.
    pub plan_version_id: Uuid,
    /// For when.
    pub period_id: Uuid,
    /// For when, by code.
    pub period_code: String,
    /// Earned.
    pub earned: Decimal,
    /// To be paid.
    pub payment: Decimal,
    /// ISO 4217.
    pub currency: String,
    /// SHA-256 of the document, in hexadecimal.
    pub sha256: String,
    /// The statement it takes the place of.
    pub replaces_id: Option<Uuid>,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
}

/// A statement with its whole derivation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatementDetail {
    /// Identifies it.
    pub id: Uuid,
    /// The run that made it.
    pub run_id: Uuid,
    /// Whose.
    pub participant_id: Uuid,
    /// By which plan version.
    pub plan_version_id: Uuid,
    /// For when.
    pub period_id: Uuid,
    /// Earned.
    pub earned: Decimal,
    /// To be paid.
    pub payment: Decimal,
    /// ISO 4217.
    pub currency: String,
    /// SHA-256 of the document, in hexadecimal.
    pub sha256: String,
    /// The statement it takes the place of.
    pub replaces_id: Option<Uuid>,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// The result document, derivation included, byte for byte as the run made it.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub document: Box<RawValue>,
}

list_query! {
    /// Filters of the list of statements.
    StatementQuery {
        /// Only this participant.
        participant_id: Uuid,
        /// Only this period.
        period_id: Uuid,
        /// Only this period, by code.
        period_code: String,
        /// Only this run.
        run_id: Uuid,
    }
}

const READ: Permission = Permission::Needs(Operation::StatementRead);

endpoints! { "statement";
    /// Statements within reach, latest first.
    ListStatements: Get "/statements" "list_statements", READ, [],
        query StatementQuery, body Nothing, answer 200 Json<Page<StatementDto>>, problems [];
    /// One statement with its whole derivation.
    GetStatement: Get "/statements/{id}" "get_statement", READ, [],
        query Nothing, body Nothing, answer 200 Json<StatementDetail>, problems [];
}
