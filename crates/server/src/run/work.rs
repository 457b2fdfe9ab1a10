//! A run: load from one snapshot, think without the database, keep in one transaction.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::json;
use traguardo_domain::actor::Actor;
use traguardo_domain::id::{JobId, PeriodId};
use traguardo_domain::run::{RunOutcome, prepare};
use traguardo_store::audit::NewEvent;
use traguardo_store::run::facts::facts;
use traguardo_store::run::load::{Loaded, Request, load};
use traguardo_store::run::{NewRun, Run, save};
use traguardo_store::{Db, StoreError, Tx};

use crate::job::worker::{Ended, Task};

/// The kind of job.
pub const JOB: &str = "run";
/// Whose plans count: those that were accepted.
const STATES: &[&str] = &["accepted"];
/// The calendar of working days.
const CALENDAR: &str = "it";

/// What a run is asked for with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Order {
    /// Of which period.
    pub period: PeriodId,
    /// `regular` or `reopened`.
    pub kind: String,
    /// Why it is made again.
    pub reason: Option<String>,
    /// Who asks.
    pub actor: Actor,
    /// The request that asked.
    pub request_id: Option<String>,
}

/// What came of a calculation, and what it was made from.
pub struct Calculated {
    /// The outcome.
    pub outcome: Arc<RunOutcome>,
    /// The last publication that counted.
    pub last_batch: i64,
    /// What else was fixed.
    pub fixed: String,
}

/// Calculates a period from one snapshot; nothing is written.
pub async fn calculate(db: &Db, period: PeriodId) -> Result<Calculated, StoreError> {
    db.read_tx(async |tx: &Tx| {
        let request = Request { period, as_of: None, assignment_states: STATES, calendar: CALENDAR };
        let Loaded { input, index, last_batch, fixed } = load(tx, &request).await?;
        let prepared = prepare(&input);
        let reach = prepared.reach();
        let credit = {
            let mut crediting = prepared.crediting();
            facts(tx, &index, &reach, last_batch, |fact| crediting.add(fact)).await?;
            crediting.finish()
        };
        Ok::<_, StoreError>(Calculated { outcome: Arc::new(prepared.finish(credit)), last_batch, fixed })
    })
    .await
}

/// Keeps a calculation as a previewed run, with its event.
pub async fn keep(tx: &Tx, order: &Order, calculated: &Calculated, job: Option<JobId>) -> Result<Run, StoreError> {
    let new = NewRun {
        period_id: order.period,
        kind: order.kind.clone(),
        last_batch: calculated.last_batch,
        roster_as_of: tx.now().date_naive(),
        fixed: calculated.fixed.clone(),
        reason: order.reason.clone(),
        job_id: job,
        created_by: Some(order.actor.id.to_string()),
    };
    let run = save(tx, &new, &calculated.outcome).await?;
    let after = json!({
        "period_id": order.period, "no": run.no, "complete": run.complete, "participants": run.participants,
        "input_sha256": run.input_sha256, "result_sha256": run.result_sha256,
    });
    let event = NewEvent::new(&order.actor, "run.preview", "run", run.id).after(after);
    tx.note(event.from_request(order.request_id.as_deref(), None));
    Ok(run)
}

/// The work of a job.
pub fn job(task: Task) -> LocalBoxFuture<'static, Ended> {
    async move {
        match work(&task).await {
            Ok(ended) => ended,
            Err(error) if error.is_transient() => Ended::Again(error.to_string()),
            Err(error) => Ended::Failed(error.to_string()),
        }
    }
    .boxed_local()
}

async fn work(task: &Task) -> Result<Ended, StoreError> {
    let order: Order = match serde_json::from_str(&task.job.payload) {
        Ok(order) => order,
        Err(error) => return Ok(Ended::Failed(format!("the order of the job cannot be read: {error}"))),
    };
    task.progress.tell(0, Some(2), "calculating");
    let calculated = calculate(&task.state.db, order.period).await?;
    if task.progress.stopped() {
        return Ok(Ended::Stopped);
    }
    task.progress.tell(1, Some(2), "saving");
    let save = async |tx: &Tx| {
        let run = keep(tx, &order, &calculated, Some(task.job.id)).await?;
        task.finish(tx, &json!({ "run_id": run.id, "complete": run.complete })).await
    };
    task.state.db.write_tx(save).await?;
    Ok(Ended::Finished)
}
