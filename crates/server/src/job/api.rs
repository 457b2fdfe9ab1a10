//! Progress, cancel and retry of long work.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_ENCODING;
use futures_util::stream;
use traguardo_contract::job::{CancelJob, FollowJob, GetJob, JobDto, ListJobs, RetryJob};
use traguardo_contract::problem::ProblemCode;
use traguardo_domain::access::Scope;
use traguardo_domain::id::JobId;
use traguardo_store::integration::job::{self, Job};
use traguardo_store::{Db, StoreError, Tx};

use crate::http::{Answer, NO_BODY, Permit, Query, Routes, listing, write};
use crate::problem::ApiError;

/// How often a followed job is looked at.
const LOOK: Duration = Duration::from_millis(300);
/// A stream is cut after this many looks; the browser opens another.
const LOOKS: u32 = 4_000;

/// Adds the feature's routes.
pub fn register(routes: &mut Routes) {
    routes.on(list).on(get).on(follow).on(cancel).on(retry);
}

/// A job as it travels.
pub fn show(job: Job) -> JobDto {
    JobDto {
        id: job.id.0,
        kind: job.kind,
        state: job.state,
        progress_done: job.progress_done,
        progress_total: job.progress_total,
        progress_note: job.progress_note,
        cancel_requested: job.cancel_requested,
        attempts: job.attempts,
        result: job.result.and_then(|text| serde_json::from_str(&text).ok()),
        error: job.error,
        created_at: job.created_at,
        started_at: job.started_at,
        finished_at: job.finished_at,
    }
}

/// The job, where it is within reach.
async fn within(tx: &Tx, scope: &Scope, id: JobId) -> Result<Job, ApiError> {
    let job = job::job(tx, id).await?;
    let reached = match scope {
        Scope::All => true,
        Scope::Within { user, .. } => user.is_some_and(|user| job.created_by == Some(user.to_string())),
    };
    if reached { Ok(job) } else { Err(ApiError::not_found("job", &id.to_string())) }
}

async fn list(permit: Permit<ListJobs>, query: Query<ListJobs>) -> Result<Answer<ListJobs>, ApiError> {
    let listing = listing(&query.0)?;
    Answer::page(permit.state.db.read_tx(async |tx: &Tx| job::jobs(tx, &permit.scope, &listing).await).await?, show)
}

async fn get(permit: Permit<GetJob>) -> Result<Answer<GetJob>, ApiError> {
    let id = permit.id()?;
    let found = permit.state.db.read_tx(async |tx: &Tx| within(tx, &permit.scope, id).await).await?;
    Answer::json(&show(found))
}

/// The state of a stream: what to look at, the change seen last, and whether the end was told.
struct Follow {
    db: Db,
    id: JobId,
    seen: Option<chrono::DateTime<chrono::Utc>>,
    ended: bool,
    looks: u32,
}

impl Follow {
    /// The next event, or `None` at the end.
    async fn next(&mut self) -> Option<String> {
        while !self.ended && self.looks < LOOKS {
            if self.looks > 0 {
                actix_web::rt::time::sleep(LOOK).await;
            }
            self.looks = self.looks.saturating_add(1);
            let id = self.id;
            let job = self.db.read_tx(async |tx: &Tx| job::job(tx, id).await).await.ok()?;
            if self.seen == Some(job.updated_at) {
                // A comment now and then keeps proxies from cutting the line.
                if self.looks.is_multiple_of(50) {
                    return Some(": still there\n\n".to_owned());
                }
                continue;
            }
            self.seen = Some(job.updated_at);
            self.ended = matches!(job.state.as_str(), "done" | "failed" | "cancelled");
            let json = serde_json::to_string(&show(job)).ok()?;
            return Some(format!("event: job\ndata: {json}\n\n"));
        }
        None
    }
}

async fn follow(permit: Permit<FollowJob>) -> Result<Answer<FollowJob>, ApiError> {
    let id: JobId = permit.id()?;
    permit.state.db.read_tx(async |tx: &Tx| within(tx, &permit.scope, id).await).await?;
    let begin = Follow { db: permit.state.db.clone(), id, seen: None, ended: false, looks: 0 };
    let events = stream::unfold(begin, |mut follow| async move {
        let event = follow.next().await?;
        Some((Ok::<_, actix_web::Error>(actix_web::web::Bytes::from(event)), follow))
    });
    // Compression would hold events back.
    let response = HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((CONTENT_ENCODING, "identity"))
        .streaming(events);
    Ok(Answer::raw(response))
}

fn refused(error: StoreError) -> ApiError {
    match error {
        StoreError::Refused { code: "job_state", message } => ApiError::new(ProblemCode::IllegalTransition, message),
        other => other.into(),
    }
}

async fn cancel(permit: Permit<CancelJob>) -> Result<Answer<CancelJob>, ApiError> {
    let id = permit.id()?;
    write(&permit, NO_BODY, async |tx: &Tx| {
        within(tx, &permit.scope, id).await?;
        let job = job::cancel(tx, id).await.map_err(refused)?;
        tx.note(permit.event("job.cancel", id));
        Answer::json(&show(job))
    })
    .await
}

async fn retry(permit: Permit<RetryJob>) -> Result<Answer<RetryJob>, ApiError> {
    let id = permit.id()?;
    write(&permit, NO_BODY, async |tx: &Tx| {
        within(tx, &permit.scope, id).await?;
        let job = job::retry(tx, id).await.map_err(refused)?;
        tx.note(permit.event("job.retry", id));
        Answer::json(&show(job))
    })
    .await
}
