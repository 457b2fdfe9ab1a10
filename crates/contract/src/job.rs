//! Long work: progress, cancel, retry.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use traguardo_domain::access::Operation;
use uuid::Uuid;

use crate::endpoint::{Events, Json, Nothing, Permission};
use crate::page::Page;

/// A piece of long work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobDto {
    /// Identifies it.
    pub id: Uuid,
    /// What kind of work (`import`, `run`, `export`, …).
    pub kind: String,
    /// `queued`, `running`, `done`, `failed` or `cancelled`.
    pub state: String,
    /// Steps done.
    pub progress_done: i64,
    /// Steps in all, where that is known.
    pub progress_total: Option<i64>,
    /// What is being done.
    pub progress_note: String,
    /// Whether somebody asked to stop it.
    pub cancel_requested: bool,
    /// How often it was begun.
    pub attempts: i64,
    /// What came of it.
    pub result: Option<serde_json::Value>,
    /// Why it failed.
    pub error: Option<String>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it was begun.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

list_query! {
    /// Filters of the list of jobs.
    JobQuery {
        /// Only this kind.
        kind: String,
        /// Only this state.
        state: String,
    }
}

const READ: Permission = Permission::Needs(Operation::JobRead);
const CONTROL: Permission = Permission::Needs(Operation::JobControl);

endpoints! { "job";
    /// Long work, newest first.
    ListJobs: Get "/jobs" "list_jobs", READ, [],
        query JobQuery, body Nothing, answer 200 Json<Page<JobDto>>, problems [];
    /// One piece of long work.
    GetJob: Get "/jobs/{id}" "get_job", READ, [],
        query Nothing, body Nothing, answer 200 Json<JobDto>, problems [];
    /// Follow long work as server-sent events.
    ///
    /// Each event is named `job` and carries the work as JSON; the stream ends with the work.
    FollowJob: Get "/jobs/{id}/events" "follow_job", READ, [],
        query Nothing, body Nothing, answer 200 Events, problems [];
    /// Ask long work to stop.
    ///
    /// What it had begun is undone; work that is done stays done.
    CancelJob: Post "/jobs/{id}/cancel" "cancel_job", CONTROL, [keyed],
        query Nothing, body Nothing, answer 200 Json<JobDto>, problems [IllegalTransition];
    /// Begin failed or cancelled work again.
    RetryJob: Post "/jobs/{id}/retry" "retry_job", CONTROL, [keyed],
        query Nothing, body Nothing, answer 200 Json<JobDto>, problems [IllegalTransition];
}
