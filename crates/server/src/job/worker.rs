//! The workers: each process takes jobs from the database and does them beside its requests.
//!
//! A kind of work is a [`Work`]; it must keep its effect in one transaction together with the
//! job's end (`traguardo_store::integration::job::finish`), so that a worker that dies leaves nothing half done.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::LocalBoxFuture;
use traguardo_domain::id::JobId;
use traguardo_store::integration::job::{self, Job, Outcome, Pulse};
use traguardo_store::{StoreError, Tx};

use crate::state::State;

/// A lease lasts this long without a heartbeat.
const LEASE: TimeDelta = TimeDelta::seconds(20);
/// Between two heartbeats.
const BEAT: Duration = Duration::from_secs(1);
/// Between two looks for work.
const LOOK: Duration = Duration::from_millis(250);

/// Told to work that goes on for long.
#[derive(Debug, Clone)]
pub struct Progress {
    inner: Arc<std::sync::Mutex<(i64, Option<i64>, String)>>,
    stop: Arc<AtomicBool>,
}

impl Progress {
    fn new() -> Self {
        Self { inner: Arc::default(), stop: Arc::default() }
    }

    /// Tells how far the work is.
    pub fn tell(&self, done: i64, total: Option<i64>, note: &str) {
        *self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = (done, total, note.to_owned());
    }

    /// Whether the work is to stop: somebody asked for it, or another worker has the job.
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    fn now(&self) -> (i64, Option<i64>, String) {
        self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
}

/// What a piece of work is given.
pub struct Task {
    /// What all share.
    pub state: State,
    /// The job.
    pub job: Job,
    /// Who does it; `finish` wants to know.
    pub worker: String,
    /// Where to tell how far it is.
    pub progress: Progress,
}

impl Task {
    /// Ends the job inside the transaction of its effect.
    pub async fn finish(&self, tx: &Tx, result: &serde_json::Value) -> Result<(), StoreError> {
        job::finish(tx, self.job.id, &self.worker, &Outcome::Done(result.to_string())).await
    }
}

/// How work ends that has not ended itself by [`Task::finish`].
#[derive(Debug)]
pub enum Ended {
    /// It called [`Task::finish`].
    Finished,
    /// It stopped because it was told to.
    Stopped,
    /// It failed for good.
    Failed(String),
    /// It failed in a way that may pass: it is tried again while attempts are left.
    Again(String),
}

/// A kind of work.
pub type Work = fn(Task) -> LocalBoxFuture<'static, Ended>;

/// Starts a worker on a thread of its own. Work that computes for long goes to `spawn_blocking`:
/// on this thread it would hold back its own heartbeat.
pub fn start(state: State) -> actix_rt::Arbiter {
    let thread = actix_rt::Arbiter::new();
    thread.spawn_fn(move || drop(actix_rt::spawn(run(state, crate::routes::WORK))));
    thread
}

/// Works until the process ends. `kinds` are the kinds of work this process can do.
async fn run(state: State, kinds: &'static [(&'static str, Work)]) {
    let worker = crate::session::random_id();
    let names: Vec<&str> = kinds.iter().map(|(name, _)| *name).collect();
    loop {
        match claim(&state, &worker, &names).await {
            Ok(Some(job)) => {
                let Some((_, work)) = kinds.iter().find(|(name, _)| *name == job.kind) else { continue };
                one(&state, &worker, job, *work).await;
            }
            Ok(None) => actix_web::rt::time::sleep(LOOK).await,
            Err(error) => {
                tracing::error!(%error, "jobs cannot be looked for");
                actix_web::rt::time::sleep(Duration::from_secs(2)).await;
            }
        }
    }
}

async fn claim(state: &State, worker: &str, names: &[&str]) -> Result<Option<Job>, StoreError> {
    if names.is_empty() {
        return Ok(None);
    }
    state.db.write_tx(async |tx: &Tx| job::claim(tx, worker, names, tx.now() + LEASE).await).await
}

/// Does one job, with a heartbeat beside it.
async fn one(state: &State, worker: &str, job: Job, work: Work) {
    let (id, kind) = (job.id, job.kind.clone());
    tracing::info!(job = %id, kind, attempt = job.attempts, "a job begins");
    let progress = Progress::new();
    let task = Task { state: state.clone(), job, worker: worker.to_owned(), progress: progress.clone() };
    let guarded = futures_util::FutureExt::catch_unwind(std::panic::AssertUnwindSafe(work(task)));
    let beat = heartbeat(state, worker, id, &progress);
    futures_util::pin_mut!(guarded, beat);
    let ended = match futures_util::future::select(guarded, beat).await {
        futures_util::future::Either::Left((ended, _)) => {
            ended.unwrap_or_else(|_| Ended::Failed("the work panicked; see the log".to_owned()))
        }
        futures_util::future::Either::Right((never, _)) => match never {},
    };
    tracing::info!(job = %id, kind, ?ended, "a job ends");
    let outcome = match ended {
        Ended::Finished => return,
        Ended::Stopped => Outcome::Cancelled,
        Ended::Failed(error) => Outcome::Failed { error, retry_at: None },
        Ended::Again(error) => Outcome::Failed { error, retry_at: Some(state.db.now() + TimeDelta::seconds(5)) },
    };
    let finish = async |tx: &Tx| job::finish(tx, id, worker, &outcome).await;
    if let Err(error) = state.db.write_tx(finish).await {
        tracing::warn!(job = %id, %error, "the end of a job was not kept");
    }
}

/// Renews the lease for as long as it is polled.
async fn heartbeat(state: &State, worker: &str, id: JobId, progress: &Progress) -> std::convert::Infallible {
    loop {
        actix_web::rt::time::sleep(if progress.stopped() { LOOK } else { BEAT }).await;
        let (done, total, note) = progress.now();
        let beat = async |tx: &Tx| job::heartbeat(tx, id, worker, tx.now() + LEASE, (done, total, &note)).await;
        match state.db.write_tx(beat).await {
            Ok(Pulse::Go) => {}
            Ok(Pulse::Cancel | Pulse::Lost) => progress.stop.store(true, Ordering::SeqCst),
            Err(error) => tracing::warn!(job = %id, %error, "a heartbeat failed"),
        }
    }
}
