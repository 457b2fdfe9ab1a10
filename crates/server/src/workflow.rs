//! Steps of a workflow: what was done before, what follows now, and its record.
//!
//! What may follow is the table's to say (`traguardo_domain::workflow`); here is only what it needs to know.

use traguardo_contract::act::{ActBody, DecisionDto};
use traguardo_contract::endpoint::Endpoint;
use traguardo_contract::problem::ProblemCode;
use traguardo_domain::actor::Word;
use traguardo_domain::id::UnitId;
use traguardo_domain::workflow::{Act, Case, Guard, Machine, Seat, Step};
use traguardo_store::Tx;
use traguardo_store::integration::approval::{self, Approval, NewApproval};
use uuid::Uuid;

use crate::http::Permit;
use crate::problem::ApiError;

/// The thing on which somebody acts.
#[derive(Debug, Clone, Default)]
pub struct Thing {
    /// Its kind, singular.
    pub kind: &'static str,
    /// Which.
    pub id: String,
    /// Who made it.
    pub created_by: Option<String>,
    /// The participant whom it concerns.
    pub subject: Option<Uuid>,
    /// The units that it touches.
    pub units: Vec<Uuid>,
    /// Guards on content that hold.
    pub holds: Vec<Guard>,
    /// What the actor says with it.
    pub comment: Option<String>,
    /// SHA-256 of what is decided on.
    pub sha256: Option<String>,
}

impl Thing {
    /// A thing of a kind, made by somebody.
    pub fn new(kind: &'static str, id: impl ToString, created_by: Option<&str>) -> Self {
        Self { kind, id: id.to_string(), created_by: created_by.map(str::to_owned), ..Self::default() }
    }

    /// With what the actor says.
    pub fn said(mut self, reason: Option<&str>, comment: Option<&str>) -> Self {
        let given = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        if given(reason).is_some() {
            self.holds.push(Guard::Reason);
        }
        if given(comment).is_some() {
            self.holds.push(Guard::Comment);
        }
        self.comment = given(reason).or_else(|| given(comment));
        self
    }

    /// With what the body says.
    pub fn body(self, body: &ActBody) -> Self {
        self.said(body.reason.as_deref(), body.comment.as_deref())
    }

    /// With a guard, where it holds.
    pub fn holding(mut self, guard: Guard, holds: bool) -> Self {
        if holds {
            self.holds.push(guard);
        }
        self
    }
}

/// Actions that begin the next round of approval.
const NEXT_ROUND: &[&str] = &["return", "revise", "uphold", "refuse"];

/// What was done on a thing.
pub struct History {
    kept: Vec<Approval>,
    round: i64,
    acts: Vec<Act>,
}

impl History {
    /// Reads it.
    pub async fn of(tx: &Tx, thing: &Thing) -> Result<Self, ApiError> {
        let kept = approval::approvals(tx, thing.kind, &thing.id).await?;
        let ended = kept.iter().filter(|one| NEXT_ROUND.contains(&one.decision.as_str())).count();
        let round = i64::try_from(ended).unwrap_or(i64::MAX).saturating_add(1);
        let id = |text: &str| text.parse::<Uuid>().unwrap_or_default();
        let made = thing.created_by.iter().map(|by| Act {
            action: "create".to_owned(),
            actor: id(by),
            on_behalf_of: None,
            seat: None,
        });
        let done = kept.iter().filter(|one| one.round == round).map(|one| Act {
            action: one.decision.clone(),
            actor: id(&one.actor_id),
            on_behalf_of: one.on_behalf_of.as_deref().map(id),
            seat: read_seat(&one.step),
        });
        let acts = made.chain(done).filter(|act| !act.actor.is_nil()).collect();
        Ok(Self { acts, round, kept })
    }

    /// As it travels.
    pub fn show(&self) -> Vec<DecisionDto> {
        let show = |one: &Approval| DecisionDto {
            round: one.round,
            action: one.decision.clone(),
            seat: read_seat(&one.step).map(write_seat),
            actor_id: one.actor_id.clone(),
            on_behalf_of: one.on_behalf_of.clone(),
            comment: one.comment.clone(),
            decided_at: one.decided_at,
        };
        self.kept.iter().map(show).collect()
    }
}

/// A seat as it is kept: `bu_manager`, or `bu_manager:<unit>`.
fn write_seat(seat: Seat) -> String {
    match seat.unit {
        Some(unit) => format!("{}:{unit}", seat.role),
        None => seat.role.to_string(),
    }
}

fn read_seat(step: &str) -> Option<Seat> {
    let (role, unit) = step.split_once(':').map_or((step, None), |(role, unit)| (role, Some(unit)));
    Some(Seat { role: Word::parse(role)?, unit: unit.map(|unit| unit.parse().unwrap_or_default()) })
}

/// The units that the actor manages, with all below them.
async fn managed<E: Endpoint>(permit: &Permit<E>, tx: &Tx) -> Result<Vec<Uuid>, ApiError> {
    let mut all = Vec::new();
    for root in permit.actor.roles.iter().filter_map(|grant| grant.unit) {
        all.extend(traguardo_store::organization::subtree(tx, UnitId(root)).await?.into_iter().map(|unit| unit.0));
    }
    Ok(all)
}

fn read_state<S: Word>(thing: &Thing, state: &str) -> Result<S, ApiError> {
    S::parse(state).ok_or_else(|| {
        ApiError::new(
            ProblemCode::IllegalTransition,
            format!("nothing more can be done with a {} that is `{state}`", thing.kind),
        )
    })
}

/// What the actor may do with the thing now, and what was done.
pub async fn allowed<E: Endpoint, S: Word, A: Word>(
    permit: &Permit<E>,
    tx: &Tx,
    machine: &Machine<S, A>,
    state: &str,
    thing: &Thing,
) -> Result<(Vec<String>, Vec<DecisionDto>), ApiError> {
    let history = History::of(tx, thing).await?;
    let reached = managed(permit, tx).await?;
    let case = Case {
        actor: &permit.actor,
        acts: &history.acts,
        subject: thing.subject,
        units: &thing.units,
        reached_units: Some(&reached),
        holds: &thing.holds,
    };
    let possible = S::parse(state).map(|state| machine.allowed(state, &case)).unwrap_or_default();
    Ok((possible.into_iter().map(|action| action.as_str().to_owned()).collect(), history.show()))
}

/// Takes the step, if the table lets the actor, and records it. The caller moves the state.
pub async fn step<E: Endpoint, S: Word, A: Word>(
    permit: &Permit<E>,
    tx: &Tx,
    machine: &Machine<S, A>,
    (state, action): (&str, A),
    thing: &Thing,
) -> Result<Step<S>, ApiError> {
    let state = read_state::<S>(thing, state)?;
    let history = History::of(tx, thing).await?;
    let reached = managed(permit, tx).await?;
    let case = Case {
        actor: &permit.actor,
        acts: &history.acts,
        subject: thing.subject,
        units: &thing.units,
        reached_units: Some(&reached),
        holds: &thing.holds,
    };
    let step = machine.step(state, action, &case)?;
    let mut place = step.seat.map_or_else(|| format!("#{}", action.as_str()), write_seat);
    let again = history.kept.iter().filter(|one| one.round == history.round && one.step.starts_with(&place)).count();
    if step.seat.is_none() && again > 0 {
        place = format!("{place} {again}");
    }
    let (actor, behalf) =
        (permit.actor.id.to_string(), permit.actor.on_behalf_of.as_ref().map(|one| one.id.to_string()));
    let new = NewApproval {
        object: (thing.kind, &thing.id),
        round: history.round,
        step: &place,
        decision: action.as_str(),
        actor: (&actor, behalf.as_deref()),
        comment: thing.comment.as_deref(),
        content_sha256: thing.sha256.as_deref(),
    };
    approval::decide(tx, &new).await?;
    Ok(step)
}
