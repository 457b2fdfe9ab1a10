//! Long work: queued with the change that asks for it, done by whichever process comes first.
//!
//! A worker claims a job for the length of a lease and renews it while it works. A worker that dies
//! lets its lease run out, and another begins the job anew; so a job's own writes are done in one
//! transaction with [`finish`], or can be told apart by the job's id. A worker whose lease was taken
//! by another learns it at its next heartbeat and at its [`finish`], which then refuses.
//!
//! It is ours and not apalis: that enqueues through a pool of its own, so never in the transaction of
//! the change; on SQLite it would be a second writer beside ours; on PostgreSQL it needs the
//! extension `hstore`; and it knows neither progress nor cancelling.

use chrono::{DateTime, Utc};
use traguardo_domain::access::Scope;
use traguardo_domain::id::JobId;

use crate::db::list::{self, Source, text};
use crate::db::{Backend, Listed, Listing, StoreError, Tx, args, new_id, row};

row! {
    /// A piece of long work.
    pub struct Job {
        /// Its id.
        pub id: JobId,
        /// What kind: `import`, `run`, `export`, …
        pub kind: String,
        /// JSON of what is to be done.
        pub payload: String,
        /// `queued`, `running`, `done`, `failed` or `cancelled`.
        pub state: String,
        /// How often it was begun.
        pub attempts: i64,
        /// How often it may be begun.
        pub max_attempts: i64,
        /// Not before.
        pub run_after: DateTime<Utc>,
        /// The worker that has it.
        pub lease_owner: Option<String>,
        /// Until when.
        pub lease_until: Option<DateTime<Utc>>,
        /// Steps done.
        pub progress_done: i64,
        /// Steps in all, once known.
        pub progress_total: Option<i64>,
        /// What it is at.
        pub progress_note: String,
        /// Somebody wants it to stop.
        pub cancel_requested: bool,
        /// JSON of what came out.
        pub result: Option<String>,
        /// Why it failed, the last time.
        pub error: Option<String>,
        /// Who asked for it.
        pub created_by: Option<String>,
        /// When.
        pub created_at: DateTime<Utc>,
        /// Begun.
        pub started_at: Option<DateTime<Utc>>,
        /// Ended.
        pub finished_at: Option<DateTime<Utc>>,
        /// Last change: a follower that saw this has seen everything.
        pub updated_at: DateTime<Utc>,
    }
}

/// A job to be.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// What kind.
    pub kind: String,
    /// JSON.
    pub payload: String,
    /// Who asks.
    pub created_by: Option<String>,
    /// At most one job of this key waits or runs; another is refused with `Exists`.
    pub single_key: Option<String>,
    /// Larger first.
    pub priority: i64,
    /// How often it may be begun, deaths of workers included.
    pub max_attempts: i64,
}

impl NewJob {
    /// A job of `kind` that may be begun three times.
    pub fn new(kind: &str, payload: impl ToString) -> Self {
        Self {
            kind: kind.to_owned(),
            payload: payload.to_string(),
            created_by: None,
            single_key: None,
            priority: 0,
            max_attempts: 3,
        }
    }
}

/// How a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Done, with JSON of what came out.
    Done(String),
    /// Failed: tried again at the given moment while attempts are left.
    Failed {
        /// Why.
        error: String,
        /// When to try again; absent: never.
        retry_at: Option<DateTime<Utc>>,
    },
    /// Stopped because somebody asked for it.
    Cancelled,
}

/// What a worker learns from its heartbeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pulse {
    /// Go on.
    Go,
    /// Stop and finish with [`Outcome::Cancelled`].
    Cancel,
    /// Another worker has the job: stop, keep nothing.
    Lost,
}

const JOB: &str = "id, kind, payload, state, attempts, max_attempts, run_after, lease_owner, lease_until, progress_done, \
                   progress_total, progress_note, cancel_requested, result, error, created_by, created_at, started_at, \
                   finished_at, updated_at";

/// Queues a job; with the transaction, or not at all.
pub async fn enqueue(tx: &Tx, new: &NewJob) -> Result<JobId, StoreError> {
    let id: JobId = new_id();
    tx.execute(
        "INSERT INTO jobs (id, kind, payload, state, priority, single_key, max_attempts, run_after, created_by, \
         created_at, updated_at) VALUES ($1, $2, $3, 'queued', $4, $5, $6, $7, $8, $7, $7)",
        args![id, &new.kind, &new.payload, new.priority, &new.single_key, new.max_attempts, tx.now(), &new.created_by],
    )
    .await?;
    Ok(id)
}

/// Claims the next job of one of `kinds` that is due, or whose worker's lease ran out, until `until`.
/// A job that was begun as often as it may be fails instead.
pub async fn claim(tx: &Tx, worker: &str, kinds: &[&str], until: DateTime<Utc>) -> Result<Option<Job>, StoreError> {
    let now = tx.now();
    tx.execute(
        "UPDATE jobs SET state = 'failed', error = 'the worker died and no attempt is left', finished_at = $1, \
         updated_at = $1, lease_owner = NULL, lease_until = NULL \
         WHERE state = 'running' AND lease_until < $1 AND attempts >= max_attempts",
        args![now],
    )
    .await?;
    let mut args = args![now, worker, until];
    let places: Vec<String> = kinds.iter().map(|kind| crate::db::reach::place(&mut args, *kind)).collect();
    let skip = if tx.backend() == Backend::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
    let sql = format!(
        "UPDATE jobs SET state = 'running', lease_owner = $2, lease_until = $3, attempts = attempts + 1, \
         started_at = $1, updated_at = $1, progress_done = 0, progress_total = NULL, progress_note = '' \
         WHERE id = (SELECT id FROM jobs WHERE kind IN ({}) \
         AND ((state = 'queued' AND run_after <= $1) OR (state = 'running' AND lease_until < $1)) \
         ORDER BY priority DESC, run_after, id LIMIT 1{skip}) RETURNING {JOB}",
        places.join(", ")
    );
    tx.maybe(&sql, args).await
}

/// Renews the lease and tells how far the work is.
pub async fn heartbeat(
    tx: &Tx,
    id: JobId,
    worker: &str,
    until: DateTime<Utc>,
    (done, total, note): (i64, Option<i64>, &str),
) -> Result<Pulse, StoreError> {
    let sql = "UPDATE jobs SET lease_until = $3, progress_done = $4, progress_total = $5, progress_note = $6, \
               updated_at = $7 WHERE id = $1 AND lease_owner = $2 AND state = 'running' \
               RETURNING cancel_requested AS value";
    let answer: Option<i64> = tx.maybe(sql, args![id, worker, until, done, total, note, tx.now()]).await?;
    Ok(match answer {
        None => Pulse::Lost,
        Some(0) => Pulse::Go,
        Some(_) => Pulse::Cancel,
    })
}

/// Ends the job, in the transaction of its effect. Refused with `Retry` semantics of its own,
/// `lease_lost`, when another worker has it: then the effect must not be kept either.
pub async fn finish(tx: &Tx, id: JobId, worker: &str, outcome: &Outcome) -> Result<(), StoreError> {
    let (state, result, error, retry_at) = match outcome {
        Outcome::Done(result) => ("done", Some(result.as_str()), None, None),
        Outcome::Cancelled => ("cancelled", None, None, None),
        Outcome::Failed { error, retry_at } => ("failed", None, Some(error.as_str()), *retry_at),
    };
    let rows = tx
        .execute(
            "UPDATE jobs SET lease_owner = NULL, lease_until = NULL, result = $4, error = $5, updated_at = $6, \
             state = CASE WHEN $7 IS NOT NULL AND attempts < max_attempts AND cancel_requested = 0 \
             THEN 'queued' ELSE $3 END, \
             finished_at = CASE WHEN $7 IS NOT NULL AND attempts < max_attempts AND cancel_requested = 0 \
             THEN NULL ELSE $6 END, \
             run_after = COALESCE($7, run_after) \
             WHERE id = $1 AND lease_owner = $2 AND state = 'running'",
            args![id, worker, state, result, error, tx.now(), retry_at],
        )
        .await?;
    if rows > 0 {
        return Ok(());
    }
    Err(StoreError::refused("lease_lost", format!("the job `{id}` is no longer this worker's: keep nothing of it")))
}

/// Asks a job to stop: one that waits is cancelled at once, one that runs at its next heartbeat.
/// Refused when it has ended.
pub async fn cancel(tx: &Tx, id: JobId) -> Result<Job, StoreError> {
    let sql = format!(
        "UPDATE jobs SET cancel_requested = 1, updated_at = $2, \
         finished_at = CASE state WHEN 'queued' THEN $2 ELSE NULL END, \
         state = CASE state WHEN 'queued' THEN 'cancelled' ELSE state END \
         WHERE id = $1 AND state IN ('queued', 'running') RETURNING {JOB}"
    );
    changed(tx, id, &sql, "it has ended").await
}

/// Queues a job that failed or was cancelled again.
pub async fn retry(tx: &Tx, id: JobId) -> Result<Job, StoreError> {
    let sql = format!(
        "UPDATE jobs SET state = 'queued', cancel_requested = 0, max_attempts = attempts + 1, run_after = $2, \
         finished_at = NULL, updated_at = $2 WHERE id = $1 AND state IN ('failed', 'cancelled') RETURNING {JOB}"
    );
    changed(tx, id, &sql, "only a failed or cancelled one can be tried again").await
}

async fn changed(tx: &Tx, id: JobId, sql: &str, why: &str) -> Result<Job, StoreError> {
    if let Some(job) = tx.maybe(sql, args![id, tx.now()]).await? {
        return Ok(job);
    }
    let job = job(tx, id).await?;
    Err(StoreError::refused("job_state", format!("the job `{id}` is `{}`: {why}", job.state)))
}

/// The job.
pub async fn job(tx: &Tx, id: JobId) -> Result<Job, StoreError> {
    tx.one("job", id, &format!("SELECT {JOB} FROM jobs WHERE id = $1"), args![id]).await
}

const JOBS: Source = Source {
    columns: JOB,
    from: "jobs",
    id: "id",
    fields: &[text("kind", "kind"), text("state", "state"), text("created_at", "created_at")],
    sort: "-created_at",
};

/// Jobs within reach: the actor's own, or everybody's.
pub async fn jobs(tx: &Tx, scope: &Scope, listing: &Listing) -> Result<Listed<Job>, StoreError> {
    let mut args = Vec::new();
    let condition = crate::db::reach::users(scope, "created_by", &mut args);
    list::list(tx, &JOBS, listing, vec![condition], args).await
}
