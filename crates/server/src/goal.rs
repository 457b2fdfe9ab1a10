//! Goals and their agreement.

use traguardo_contract::endpoint::{Endpoint, Json};
use traguardo_contract::goal::{
    AcceptGoal, ChallengeGoal, CreateGoal, GetGoal, GoalAct, GoalDetail, GoalDto, ListGoals, ProposeGoal, RenewGoal,
    ReturnGoal, ReviseGoal, UpholdGoal, ValidateGoal,
};
use traguardo_contract::problem::ProblemCode;
use traguardo_domain::access::Scope;
use traguardo_domain::id::{CategoryId, GoalId, ParticipantId, PeriodId, TerritoryId};
use traguardo_domain::workflow::{Effect, GOAL, GoalAction, GoalState, Guard};
use traguardo_store::goal::{self as store, Goal, NewGoal};
use traguardo_store::{Listing, Scaled, Tx, period, territory};

use crate::http::{Answer, Body, Permit, Query, Routes, listing, write};
use crate::organization::{Checks, decimal, same_version, scaled};
use crate::problem::ApiError;
use crate::workflow::{self, Thing};

/// Adds the feature's routes.
pub fn register(routes: &mut Routes) {
    routes.on(list).on(create).on(get);
    routes.on(act::<ProposeGoal>).on(act::<ValidateGoal>).on(act::<ReturnGoal>).on(act::<AcceptGoal>);
    routes.on(act::<ChallengeGoal>).on(act::<UpholdGoal>).on(act::<ReviseGoal>).on(act::<RenewGoal>);
}

/// An endpoint that is an action on a goal.
trait Action: Endpoint<Body = Json<GoalAct>, Answer = Json<GoalDto>> {
    const ACTION: GoalAction;
}

macro_rules! actions {
    ($($endpoint:ident => $action:ident,)+) => { $(
        impl Action for $endpoint {
            const ACTION: GoalAction = GoalAction::$action;
        }
    )+ };
}

actions! {
    ProposeGoal => Propose,
    ValidateGoal => Validate,
    ReturnGoal => Return,
    AcceptGoal => Accept,
    ChallengeGoal => Challenge,
    UpholdGoal => Uphold,
    ReviseGoal => Revise,
    RenewGoal => Revise,
}

fn show(goal: Goal) -> GoalDto {
    GoalDto {
        id: goal.id.0,
        series_id: goal.series_id.0,
        no: goal.no,
        period_id: goal.period_id.0,
        category_id: goal.category_id.0,
        territory_id: goal.territory_id.map(|id| id.0),
        participant_id: goal.participant_id.map(|id| id.0),
        measure: goal.measure,
        value: decimal(goal.value),
        state: goal.state,
        comment: goal.comment,
        version: goal.version,
    }
}

async fn list(permit: Permit<ListGoals>, query: Query<ListGoals>) -> Result<Answer<ListGoals>, ApiError> {
    let listing = listing(&query.0)?;
    Answer::page(permit.state.db.read_tx(async |tx: &Tx| store::goals(tx, &permit.scope, &listing).await).await?, show)
}

/// What the workflow needs to know of a goal. A territory's goal concerns whoever acts and holds it.
async fn thing<E: Endpoint>(permit: &Permit<E>, tx: &Tx, goal: &Goal) -> Result<Thing, ApiError> {
    let mut thing = Thing::new("goal", goal.id, goal.created_by.as_deref());
    thing.subject = goal.participant_id.map(|id| id.0);
    if let (None, Some(territory), Some(own)) = (thing.subject, goal.territory_id, permit.actor.participant) {
        let mine = Scope::Within { units: Vec::new(), participant: Some(own), user: None };
        let held = Listing::default().filter("territory_id", territory);
        if territory::assignment_list(tx, &mine, &held).await?.total > 0 {
            thing.subject = Some(own);
        }
    }
    Ok(thing)
}

async fn get(permit: Permit<GetGoal>) -> Result<Answer<GetGoal>, ApiError> {
    let id: GoalId = permit.id()?;
    let read = async |tx: &Tx| {
        let goal = store::goal_within(tx, &permit.scope, id).await?;
        let thing = thing(&permit, tx, &goal).await?;
        let (allowed, decisions) = workflow::allowed(&permit, tx, &GOAL, &goal.state, &thing).await?;
        Ok::<_, ApiError>(GoalDetail { id: id.0, goal: show(goal), allowed, decisions })
    };
    let found = permit.state.db.read_tx(read).await?;
    Ok(Answer::json(&found)?.version(found.goal.version))
}

/// Refuses changes in a closed period.
async fn open_period(tx: &Tx, id: PeriodId) -> Result<(), ApiError> {
    let found = period::lock(tx, id).await?;
    if found.state == "closed" {
        return Err(ApiError::new(ProblemCode::PeriodClosed, format!("the period `{}` is closed", found.code)));
    }
    Ok(())
}

async fn create(permit: Permit<CreateGoal>, body: Body<CreateGoal>) -> Result<Answer<CreateGoal>, ApiError> {
    let given = &body.value;
    let mut checks = Checks::default();
    let one = given.territory_id.is_some() != given.participant_id.is_some();
    checks.must(one, "holder", "participant_id", "a goal is for a participant or for a territory, one of them");
    let value = scaled(given.value)?;
    checks.must(value >= Scaled::ZERO, "value", "value", "a goal is not negative");
    let measure = given.measure.clone().unwrap_or_else(|| "sales.amount".to_owned());
    checks.text("measure", &measure, 100);
    checks.done()?;
    let new = NewGoal {
        period_id: PeriodId(given.period_id),
        category_id: CategoryId(given.category_id),
        territory_id: given.territory_id.map(TerritoryId),
        participant_id: given.participant_id.map(ParticipantId),
        measure,
        value,
        state: GOAL.initial.to_string(),
        batch_id: None,
        created_by: Some(permit.actor.id.to_string()),
    };
    write(&permit, &body.sha256, async |tx: &Tx| {
        open_period(tx, new.period_id).await?;
        let made = show(store::create(tx, &new).await?);
        permit.note(tx, "goal.create", made.id, None::<&()>, Some(&made));
        Ok(Answer::json(&made)?.version(made.version).location(&format!("/goals/{}", made.id)))
    })
    .await
}

async fn act<E: Action>(permit: Permit<E>, body: Body<E>) -> Result<Answer<E>, ApiError>
where
    E::Query: serde::de::DeserializeOwned,
{
    let (id, given): (GoalId, &GoalAct) = (permit.id()?, &body.value);
    let value = given.value.map(scaled).transpose()?;
    write(&permit, &body.sha256, async |tx: &Tx| {
        let before = store::goal_within(tx, &permit.scope, id).await?;
        same_version("goal", permit.request.version, before.version)?;
        open_period(tx, before.period_id).await?;
        let thing = thing(&permit, tx, &before).await?;
        let thing =
            thing.said(given.reason.as_deref(), given.comment.as_deref()).holding(Guard::CounterValue, value.is_some());
        let step = workflow::step(&permit, tx, &GOAL, (&before.state, E::ACTION), &thing).await?;
        let comment = said(E::ACTION, given);
        let after = if step.effect == Effect::NewVersion {
            store::create_version(tx, &before, &next(&permit, &before, value)).await?
        } else {
            // A challenge proposes a value; only a revision changes it.
            let kept = if E::ACTION == GoalAction::Revise { value.unwrap_or(before.value) } else { before.value };
            store::step(tx, id, before.version, (&step.to.to_string(), kept, comment.as_deref())).await?
        };
        let (before, after) = (show(before), show(after));
        permit.note(tx, &format!("goal.{}", E::ACTION), id, Some(&before), Some(&after));
        Ok(Answer::json(&after)?.version(after.version))
    })
    .await
}

/// What stays written at the goal.
fn said(action: GoalAction, given: &GoalAct) -> Option<String> {
    let text = given.reason.clone().or_else(|| given.comment.clone());
    match (action, given.value) {
        (GoalAction::Challenge, Some(value)) => Some(format!("{value}: {}", text.unwrap_or_default())),
        _ => text,
    }
}

/// The next version of an accepted goal, as a draft.
fn next<E: Endpoint>(permit: &Permit<E>, goal: &Goal, value: Option<Scaled>) -> NewGoal {
    NewGoal {
        period_id: goal.period_id,
        category_id: goal.category_id,
        territory_id: goal.territory_id,
        participant_id: goal.participant_id,
        measure: goal.measure.clone(),
        value: value.unwrap_or(goal.value),
        state: GoalState::Draft.to_string(),
        batch_id: None,
        created_by: Some(permit.actor.id.to_string()),
    }
}
