//! The calculation of a period.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use traguardo_domain::access::Operation;
use uuid::Uuid;

use crate::act::{ActBody, DecisionDto};
use crate::decimal::Decimal;
use crate::endpoint::{Json, Nothing, Permission};
use crate::job::JobDto;
use crate::page::Page;

/// A calculation of a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunDto {
    /// Identifies it.
    pub id: Uuid,
    /// Of which period.
    pub period_id: Uuid,
    /// `regular` or `reopened`.
    pub kind: String,
    /// Which of the period's runs, from 1.
    pub no: i64,
    /// `previewed`, `submitted`, `approved`, `published` or `closed`.
    pub state: String,
    /// The published run before it.
    pub previous_run_id: Option<Uuid>,
    /// The last import that counted.
    pub last_batch: i64,
    /// The day as of which the roster was read.
    pub roster_as_of: NaiveDate,
    /// What made it.
    pub engine: String,
    /// SHA-256 over all inputs, in hexadecimal.
    pub input_sha256: Option<String>,
    /// SHA-256 over all results, in hexadecimal.
    pub result_sha256: Option<String>,
    /// How many results it has.
    pub participants: i64,
    /// Whether no check blocks.
    pub complete: bool,
    /// Totals by currency and the proof that no line was lost; only for those who see the whole company.
    pub summary: Option<serde_json::Value>,
    /// Why it was made again.
    pub reason: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Counts changes; the ETag.
    pub version: i64,
}

/// A run with what was done on it and what you may do now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunDetail {
    /// Identifies it.
    pub id: Uuid,
    /// The run.
    pub run: RunDto,
    /// What you may do now.
    pub allowed: Vec<String>,
    /// What was done.
    pub decisions: Vec<DecisionDto>,
    /// The units whose heads approve it.
    pub unit_ids: Vec<Uuid>,
}

/// What one participant got by one plan version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunResultDto {
    /// Whose.
    pub participant_id: Uuid,
    /// Whose, by code.
    pub participant_code: String,
    /// Whose, by name.
    pub participant_name: String,
    /// By which plan version.
    pub plan_version_id: Uuid,
    /// Where.
    pub unit_id: Option<Uuid>,
    /// Earned.
    pub earned: Decimal,
    /// To be paid.
    pub payment: Decimal,
    /// ISO 4217.
    pub currency: String,
    /// SHA-256 of the result document.
    pub result_sha256: String,
}

/// Something a run found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunFindingDto {
    /// Its place, from 1.
    pub no: i64,
    /// `warning`, or `error`: it blocks.
    pub severity: String,
    /// Stable code.
    pub code: String,
    /// Where.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

list_query! {
    /// Filters of the list of runs.
    RunQuery {
        /// Only this period.
        period_id: Uuid,
        /// Only these states.
        state: String,
        /// Only `regular` or `reopened`.
        kind: String,
    }
}

list_query! {
    /// Filters of the results of a run.
    RunResultQuery {
        /// Only this participant.
        participant_code: String,
        /// Only this unit, without those below it.
        unit_id: Uuid,
        /// Only this plan version.
        plan_version_id: Uuid,
    }
}

list_query! {
    /// Filters of what a run found.
    RunFindingQuery {
        /// Only `error` or `warning`.
        severity: String,
        /// Only this code.
        code: String,
    }
}

const fn needs(operation: Operation) -> Permission {
    Permission::Needs(operation)
}

endpoints! { "run";
    /// Runs, latest first.
    ///
    /// A head of unit sees the runs without the totals of the company.
    ListRuns: Get "/runs" "list_runs", needs(Operation::RunRead), [],
        query RunQuery, body Nothing, answer 200 Json<Page<RunDto>>, problems [];
    /// Calculate a period as a preview.
    ///
    /// It is long work: follow the job; its result names the run.
    StartRun: Post "/periods/{id}/runs" "start_run", needs(Operation::RunPreview), [keyed],
        query Nothing, body Nothing, answer 202 Json<JobDto>, problems [PeriodClosed StillRunning];
    /// One run, what was done on it and what you may do now.
    GetRun: Get "/runs/{id}" "get_run", needs(Operation::RunRead), [],
        query Nothing, body Nothing, answer 200 Json<RunDetail>, problems [];
    /// Results of a run within reach.
    ListRunResults: Get "/runs/{id}/results" "list_run_results", needs(Operation::RunRead), [],
        query RunResultQuery, body Nothing, answer 200 Json<Page<RunResultDto>>, problems [];
    /// What a run found: its checks.
    ListRunFindings: Get "/runs/{id}/findings" "list_run_findings", needs(Operation::RunRead), [],
        query RunFindingQuery, body Nothing, answer 200 Json<Page<RunFindingDto>>, problems [];
    /// Put a run forward for approval; no check may block.
    SubmitRun: Post "/runs/{id}/submit" "submit_run", needs(Operation::RunSubmit), [keyed versioned],
        query Nothing, body Json<ActBody>, answer 200 Json<RunDto>, problems [IllegalTransition GuardFailed ValidationFailed];
    /// Approve a run for one's unit, or for finance.
    ApproveRun: Post "/runs/{id}/approve" "approve_run", needs(Operation::RunApprove), [keyed versioned stepup],
        query Nothing, body Json<ActBody>, answer 200 Json<RunDto>, problems [IllegalTransition OwnWork ValidationFailed];
    /// Send a run back with a reason.
    ReturnRun: Post "/runs/{id}/return" "return_run", needs(Operation::RunApprove), [keyed versioned],
        query Nothing, body Json<ActBody>, answer 200 Json<RunDto>, problems [IllegalTransition ValidationFailed];
    /// Publish an approved run: statements are issued.
    PublishRun: Post "/runs/{id}/publish" "publish_run", needs(Operation::RunPublish), [keyed versioned],
        query Nothing, body Json<ActBody>, answer 200 Json<RunDto>, problems [IllegalTransition ValidationFailed];
    /// Close the period of a published run.
    CloseRun: Post "/runs/{id}/close" "close_run", needs(Operation::RunClose), [keyed versioned],
        query Nothing, body Json<ActBody>, answer 200 Json<RunDto>, problems [IllegalTransition ValidationFailed];
    /// Ask for a new run of a closed period, with a reason; finance and planner together.
    ///
    /// With the second of them a new run begins; its differences are paid forward.
    ReopenRun: Post "/runs/{id}/reopen" "reopen_run", needs(Operation::RunReopen), [keyed versioned],
        query Nothing, body Json<ActBody>, answer 200 Json<RunDto>, problems [IllegalTransition ValidationFailed];
}
