//! Runs by the API.

use traguardo_contract::act::ActBody;
use traguardo_contract::endpoint::{Endpoint, Json};
use traguardo_contract::problem::ProblemCode;
use traguardo_contract::run::{
    ApproveRun, CloseRun, GetRun, ListRunFindings, ListRunResults, ListRuns, PublishRun, ReopenRun, ReturnRun,
    RunDetail, RunDto, RunFindingDto, RunResultDto, StartRun, SubmitRun,
};
use traguardo_domain::access::Scope;
use traguardo_domain::id::{PeriodId, RunId, UnitId};
use traguardo_domain::workflow::{Effect, Guard, RUN, RunAction, RunState};
use traguardo_store::db::Exclusive;
use traguardo_store::integration::job::{self, NewJob};
use traguardo_store::run::{self as store, Run, RunFinding, RunRow};
use traguardo_store::{StoreError, Tx, organization, period, statement};

use super::work::{JOB, Order};
use crate::http::{Answer, Body, NO_BODY, Permit, Query, Routes, listing, write};
use crate::organization::{decimal, same_version};
use crate::problem::ApiError;
use crate::workflow::{self, Thing};

/// Adds the feature's routes.
pub fn register(routes: &mut Routes) {
    routes.on(list).on(start).on(get).on(results).on(findings);
    routes.on(act::<SubmitRun>).on(act::<ApproveRun>).on(act::<ReturnRun>);
    routes.on(act::<PublishRun>).on(act::<CloseRun>).on(act::<ReopenRun>);
}

/// An endpoint that is an action on a run.
trait Action: Endpoint<Body = Json<ActBody>, Answer = Json<RunDto>> {
    const ACTION: RunAction;
}

macro_rules! actions {
    ($($endpoint:ident => $action:ident,)+) => { $(
        impl Action for $endpoint {
            const ACTION: RunAction = RunAction::$action;
        }
    )+ };
}

actions! {
    SubmitRun => Submit,
    ApproveRun => Approve,
    ReturnRun => Return,
    PublishRun => Publish,
    CloseRun => Close,
    ReopenRun => Reopen,
}

/// A run as it travels; the totals of the company only for those who reach all of it.
fn show(run: Run, scope: &Scope) -> RunDto {
    let summary = (*scope == Scope::All).then(|| serde_json::from_str(&run.summary).ok()).flatten();
    RunDto {
        id: run.id.0,
        period_id: run.period_id.0,
        kind: run.kind,
        no: run.no,
        state: run.state,
        previous_run_id: run.previous_run_id.map(|id| id.0),
        last_batch: run.last_batch,
        roster_as_of: run.roster_as_of,
        engine: run.engine,
        input_sha256: run.input_sha256,
        result_sha256: run.result_sha256,
        participants: run.participants,
        complete: run.complete,
        summary,
        reason: run.reason,
        created_at: run.created_at,
        version: run.version,
    }
}

async fn list(permit: Permit<ListRuns>, query: Query<ListRuns>) -> Result<Answer<ListRuns>, ApiError> {
    let listing = listing(&query.0)?;
    let listed = permit.state.db.read_tx(async |tx: &Tx| store::runs(tx, &listing).await).await?;
    Answer::page(listed, |run| show(run, &permit.scope))
}

/// Queues a run; one at a time for each period.
async fn enqueue<E: Endpoint>(permit: &Permit<E>, tx: &Tx, order: &Order) -> Result<job::Job, ApiError> {
    let payload = serde_json::to_string(order).map_err(|_| ApiError::plain(ProblemCode::Internal))?;
    let new = NewJob {
        created_by: Some(permit.actor.id.to_string()),
        single_key: Some(format!("run:{}", order.period)),
        ..NewJob::new(JOB, payload)
    };
    let running = |_| ApiError::new(ProblemCode::StillRunning, "this period is being calculated already");
    let id = job::enqueue(tx, &new).await.map_err(|error| match error {
        StoreError::Exists { .. } => running(()),
        other => other.into(),
    })?;
    Ok(job::job(tx, id).await?)
}

async fn start(permit: Permit<StartRun>) -> Result<Answer<StartRun>, ApiError> {
    let id: PeriodId = permit.id()?;
    write(&permit, NO_BODY, async |tx: &Tx| {
        let period = period::period(tx, id).await?;
        if period.state == "closed" {
            let text = format!("the period `{}` is closed; reopen its run", period.code);
            return Err(ApiError::new(ProblemCode::PeriodClosed, text));
        }
        let order = Order {
            period: id,
            kind: "regular".to_owned(),
            reason: None,
            actor: permit.actor.clone(),
            request_id: Some(permit.request.id.clone()),
        };
        let job = enqueue(&permit, tx, &order).await?;
        let place = format!("/jobs/{}", job.id);
        Ok(Answer::json(&crate::job::show(job))?.location(&place))
    })
    .await
}

/// The units below those that the actor reaches; `None`: all.
async fn reached(tx: &Tx, scope: &Scope) -> Result<Option<Vec<UnitId>>, ApiError> {
    let Scope::Within { units, .. } = scope else { return Ok(None) };
    let mut all = Vec::new();
    for root in units {
        all.extend(organization::subtree(tx, UnitId(*root)).await?);
    }
    Ok(Some(all))
}

/// The run and its units, where one of them is within reach.
async fn within(tx: &Tx, scope: &Scope, id: RunId) -> Result<(Run, Vec<UnitId>), ApiError> {
    let (run, units) = (store::run(tx, id).await?, store::units(tx, id).await?);
    let seen = match reached(tx, scope).await? {
        None => true,
        Some(mine) => units.iter().any(|unit| mine.contains(unit)),
    };
    if seen { Ok((run, units)) } else { Err(ApiError::not_found("run", &id.to_string())) }
}

fn thing(run: &Run, units: &[UnitId]) -> Thing {
    let mut thing = Thing::new("run", run.id, run.created_by.as_deref()).holding(Guard::ChecksPass, run.complete);
    thing.units = units.iter().map(|unit| unit.0).collect();
    thing.sha256 = run.result_sha256.clone();
    thing
}

async fn get(permit: Permit<GetRun>) -> Result<Answer<GetRun>, ApiError> {
    let id: RunId = permit.id()?;
    let read = async |tx: &Tx| {
        let (run, units) = within(tx, &permit.scope, id).await?;
        let thing = thing(&run, &units);
        let (allowed, decisions) = workflow::allowed(&permit, tx, &RUN, &run.state, &thing).await?;
        Ok::<_, ApiError>(RunDetail {
            id: id.0,
            run: show(run, &permit.scope),
            allowed,
            decisions,
            unit_ids: thing.units,
        })
    };
    let found = permit.state.db.read_tx(read).await?;
    Ok(Answer::json(&found)?.version(found.run.version))
}

async fn results(
    permit: Permit<ListRunResults>,
    query: Query<ListRunResults>,
) -> Result<Answer<ListRunResults>, ApiError> {
    let (id, listing) = (permit.id::<RunId>()?, listing(&query.0)?);
    let read = async |tx: &Tx| {
        within(tx, &permit.scope, id).await?;
        Ok::<_, ApiError>(store::results(tx, &permit.scope, id, &listing).await?)
    };
    let show = |row: RunRow| RunResultDto {
        participant_id: row.participant_id.0,
        participant_code: row.participant_code,
        participant_name: row.participant_name,
        plan_version_id: row.plan_version_id.0,
        unit_id: row.unit_id.map(|id| id.0),
        earned: decimal(row.earned),
        payment: decimal(row.payment),
        currency: row.currency,
        result_sha256: row.result_sha256,
    };
    Answer::page(permit.state.db.read_tx(read).await?, show)
}

async fn findings(
    permit: Permit<ListRunFindings>,
    query: Query<ListRunFindings>,
) -> Result<Answer<ListRunFindings>, ApiError> {
    let (id, listing) = (permit.id::<RunId>()?, listing(&query.0)?);
    let read = async |tx: &Tx| {
        within(tx, &permit.scope, id).await?;
        Ok::<_, ApiError>(store::findings(tx, id, &listing).await?)
    };
    let show = |row: RunFinding| RunFindingDto {
        no: row.no,
        severity: row.severity,
        code: row.code,
        path: row.path,
        message: row.message,
        help: row.help,
    };
    Answer::page(permit.state.db.read_tx(read).await?, show)
}

async fn act<E: Action>(permit: Permit<E>, body: Body<E>) -> Result<Answer<E>, ApiError>
where
    E::Query: serde::de::DeserializeOwned,
{
    let id: RunId = permit.id()?;
    write(&permit, &body.sha256, async |tx: &Tx| {
        tx.exclusive(Exclusive::Run).await?;
        let (before, units) = within(tx, &permit.scope, id).await?;
        same_version("run", permit.request.version, before.version)?;
        let thing = thing(&before, &units).body(&body.value);
        let step = workflow::step(&permit, tx, &RUN, (&before.state, E::ACTION), &thing).await?;
        let after = store::set_state(tx, id, before.version, &step.to.to_string()).await?;
        if step.complete {
            effects(&permit, tx, &before, (E::ACTION, step.effect), thing.comment.clone()).await?;
        }
        let after = show(after, &permit.scope);
        permit.note(tx, &format!("run.{}", E::ACTION), id, Some(&show(before, &permit.scope)), Some(&after));
        Ok(Answer::json(&after)?.version(after.version))
    })
    .await
}

/// What a complete step brings about besides the state.
async fn effects<E: Endpoint>(
    permit: &Permit<E>,
    tx: &Tx,
    run: &Run,
    (action, effect): (RunAction, Effect),
    reason: Option<String>,
) -> Result<(), ApiError> {
    match (action, effect) {
        (_, Effect::IssueStatements) => {
            statement::issue(tx, run.id).await?;
            store::save_balances(tx, run.id).await?;
        }
        (_, Effect::NewRun) => {
            let order = Order {
                period: run.period_id,
                kind: "reopened".to_owned(),
                reason,
                actor: permit.actor.clone(),
                request_id: Some(permit.request.id.clone()),
            };
            enqueue(permit, tx, &order).await?;
        }
        (RunAction::Close, _) => {
            let period = period::lock(tx, run.period_id).await?;
            // A reopened run is closed in a period that stayed closed.
            if period.state != RunState::Closed.to_string() {
                period::set_state(tx, period.id, period.version, "closed").await?;
            }
        }
        _ => {}
    }
    Ok(())
}
