//! Payment batches.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use traguardo_domain::access::Operation;
use uuid::Uuid;

use crate::act::ActBody;
use crate::decimal::Decimal;
use crate::endpoint::{Json, Nothing, Permission, RowsFile};
use crate::page::Page;

/// A payment batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaymentBatchDto {
    /// Identifies it.
    pub id: Uuid,
    /// The period whose statements it pays.
    pub period_id: Uuid,
    /// Which of the period's batches, from 1.
    pub no: i64,
    /// `draft`, `approved`, `exported` or `confirmed`.
    pub state: String,
    /// ISO 4217: one currency a batch.
    pub currency: String,
    /// Sum of the items.
    pub total: Decimal,
    /// How many items.
    pub items: i64,
    /// SHA-256 of the CSV file as it was first exported.
    pub file_sha256: Option<String>,
    /// When it was approved.
    pub approved_at: Option<DateTime<Utc>>,
    /// When its file was made.
    pub exported_at: Option<DateTime<Utc>>,
    /// When it was confirmed as paid.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// What you may do now; empty in lists.
    pub allowed: Vec<String>,
    /// Counts changes; the ETag.
    pub version: i64,
}

/// One line of a payment batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaymentItemDto {
    /// What is paid.
    pub statement_id: Uuid,
    /// To whom.
    pub participant_id: Uuid,
    /// To whom, by code.
    pub participant_code: String,
    /// To whom, by name.
    pub participant_name: String,
    /// How much.
    pub amount: Decimal,
    /// ISO 4217.
    pub currency: String,
    /// For payroll.
    pub cost_center: Option<String>,
}

/// A payment batch to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PaymentBody {
    /// The period whose statements are to be paid.
    pub period_id: Uuid,
    /// ISO 4217; `EUR` where it is not given.
    #[serde(default)]
    pub currency: Option<String>,
}

list_query! {
    /// Filters of the list of payment batches.
    PaymentQuery {
        /// Only this period.
        period_id: Uuid,
        /// Only these states.
        state: String,
    }
}

/// How the file is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct FileQuery {
    /// `csv` or `xlsx`; `csv` where it is not given.
    #[cfg_attr(feature = "openapi", param(required = false, nullable = false, pattern = "^(csv|xlsx)$"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
}

const fn needs(operation: Operation) -> Permission {
    Permission::Needs(operation)
}

endpoints! { "payment";
    /// Payment batches, latest first.
    ListPayments: Get "/payment-batches" "list_payment_batches", needs(Operation::PaymentRead), [],
        query PaymentQuery, body Nothing, answer 200 Json<Page<PaymentBatchDto>>, problems [];
    /// Make a batch of all statements of a period that no batch pays yet.
    CreatePayment: Post "/payment-batches" "create_payment_batch", needs(Operation::PaymentPrepare), [keyed],
        query Nothing, body Json<PaymentBody>, answer 201 Json<PaymentBatchDto>, problems [ValidationFailed];
    /// One payment batch.
    GetPayment: Get "/payment-batches/{id}" "get_payment_batch", needs(Operation::PaymentRead), [],
        query Nothing, body Nothing, answer 200 Json<PaymentBatchDto>, problems [];
    /// What a batch pays, by code of the participant; all items in one answer.
    ListPaymentItems: Get "/payment-batches/{id}/items" "list_payment_items", needs(Operation::PaymentRead), [],
        query Nothing, body Nothing, answer 200 Json<Page<PaymentItemDto>>, problems [];
    /// Release the money; never by who made the batch, nor by who is paid by it.
    ApprovePayment: Post "/payment-batches/{id}/approve" "approve_payment_batch", needs(Operation::PaymentApprove), [keyed versioned stepup],
        query Nothing, body Json<ActBody>, answer 200 Json<PaymentBatchDto>, problems [IllegalTransition OwnWork ValidationFailed];
    /// Make the file for payroll of an approved batch.
    ExportPayment: Post "/payment-batches/{id}/export" "export_payment_batch", needs(Operation::PaymentExport), [keyed versioned stepup],
        query Nothing, body Json<ActBody>, answer 200 Json<PaymentBatchDto>, problems [IllegalTransition ValidationFailed];
    /// The file for payroll of an exported batch.
    GetPaymentFile: Get "/payment-batches/{id}/file" "get_payment_file", needs(Operation::PaymentExport), [],
        query FileQuery, body Nothing, answer 200 RowsFile, problems [IllegalTransition];
    /// Record that an exported batch was paid.
    ConfirmPayment: Post "/payment-batches/{id}/confirm" "confirm_payment_batch", needs(Operation::PaymentConfirm), [keyed versioned],
        query Nothing, body Json<ActBody>, answer 200 Json<PaymentBatchDto>, problems [IllegalTransition ValidationFailed];
}
