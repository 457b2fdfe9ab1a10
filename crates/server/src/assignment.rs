//! Who is on which plan, and what they signed.

use traguardo_contract::act::ActBody;
use traguardo_contract::assignment::{
    AcceptAssignment, ApproveAssignment, AssignmentDetail, AssignmentDto, ContestAssignment, CreateAssignments,
    GetAssignment, ListAssignments, SignatureDto, UpholdAssignment,
};
use traguardo_contract::endpoint::{Endpoint, Json};
use traguardo_contract::problem::ProblemCode;
use traguardo_domain::id::{AssignmentId, ParticipantId, PlanVersionId};
use traguardo_domain::workflow::{ASSIGNMENT, AssignmentAction, Guard, PlanState};
use traguardo_store::assignment::{self as store, Acceptance, Assignment};
use traguardo_store::{Tx, organization, plan};

use crate::http::{Answer, Body, Permit, Query, Routes, listing, write};
use crate::organization::{Checks, same_version};
use crate::problem::ApiError;
use crate::workflow::{self, Thing};

/// Adds the feature's routes.
pub fn register(routes: &mut Routes) {
    routes.on(list).on(create).on(get).on(accept);
    routes.on(act::<ApproveAssignment>).on(act::<ContestAssignment>).on(act::<UpholdAssignment>);
}

/// An endpoint that is an action on an assignment.
trait Action: Endpoint<Body = Json<ActBody>, Answer = Json<AssignmentDto>> {
    const ACTION: AssignmentAction;
}

macro_rules! actions {
    ($($endpoint:ident => $action:ident,)+) => { $(
        impl Action for $endpoint {
            const ACTION: AssignmentAction = AssignmentAction::$action;
        }
    )+ };
}

actions! {
    ApproveAssignment => Approve,
    ContestAssignment => Contest,
    UpholdAssignment => Uphold,
}

fn show(assignment: Assignment) -> AssignmentDto {
    AssignmentDto {
        id: assignment.id.0,
        plan_version_id: assignment.plan_version_id.0,
        participant_id: assignment.participant_id.0,
        valid_from: assignment.valid_from,
        valid_to: assignment.valid_to,
        state: assignment.state,
        comment: assignment.comment,
        version: assignment.version,
    }
}

fn show_signature(signature: Acceptance) -> SignatureDto {
    SignatureDto {
        user_id: signature.user_id.0,
        signed_name: signature.signed_name,
        meaning: signature.meaning,
        document_sha256: signature.document_sha256,
        signed_at: signature.signed_at,
    }
}

async fn list(
    permit: Permit<ListAssignments>,
    query: Query<ListAssignments>,
) -> Result<Answer<ListAssignments>, ApiError> {
    let listing = listing(&query.0)?;
    Answer::page(
        permit.state.db.read_tx(async |tx: &Tx| store::assignments(tx, &permit.scope, &listing).await).await?,
        show,
    )
}

fn thing(assignment: &Assignment) -> Thing {
    let mut thing = Thing::new("assignment", assignment.id, assignment.created_by.as_deref());
    thing.subject = Some(assignment.participant_id.0);
    thing
}

async fn get(permit: Permit<GetAssignment>) -> Result<Answer<GetAssignment>, ApiError> {
    let id: AssignmentId = permit.id()?;
    let read = async |tx: &Tx| {
        let found = store::assignment_within(tx, &permit.scope, id).await?;
        let (allowed, decisions) = workflow::allowed(&permit, tx, &ASSIGNMENT, &found.state, &thing(&found)).await?;
        let signatures = store::signatures(tx, id).await?.into_iter().map(show_signature).collect();
        Ok::<_, ApiError>(AssignmentDetail { id: id.0, assignment: show(found), allowed, decisions, signatures })
    };
    let found = permit.state.db.read_tx(read).await?;
    Ok(Answer::json(&found)?.version(found.assignment.version))
}

async fn create(
    permit: Permit<CreateAssignments>,
    body: Body<CreateAssignments>,
) -> Result<Answer<CreateAssignments>, ApiError> {
    let given = &body.value;
    let mut checks = Checks::default();
    checks.must(
        (1..=500).contains(&given.participant_ids.len()),
        "count",
        "participant_ids",
        "name 1 to 500 participants",
    );
    checks.must(given.valid_to.is_none_or(|to| to > given.valid_from), "dates", "valid_to", "it ends after it begins");
    checks.done()?;
    let by = permit.actor.id.to_string();
    write(&permit, &body.sha256, async |tx: &Tx| {
        let version = plan::version(tx, PlanVersionId(given.plan_version_id)).await?;
        if version.state != PlanState::Published.to_string() {
            return Err(ApiError::new(ProblemCode::GuardFailed, "people are put on published plan versions only"));
        }
        let mut made = Vec::new();
        for participant in &given.participant_ids {
            let id = organization::participant_within(tx, &permit.scope, ParticipantId(*participant)).await?.id;
            let days = (given.valid_from, given.valid_to);
            let one = store::create(tx, version.id, id, days, &ASSIGNMENT.initial.to_string(), Some(&by)).await?;
            let one = show(one);
            permit.note(tx, "assignment.create", one.id, None::<&()>, Some(&one));
            made.push(one);
        }
        Answer::whole(made)
    })
    .await
}

async fn act<E: Action>(permit: Permit<E>, body: Body<E>) -> Result<Answer<E>, ApiError>
where
    E::Query: serde::de::DeserializeOwned,
{
    let id: AssignmentId = permit.id()?;
    write(&permit, &body.sha256, async |tx: &Tx| {
        let before = store::assignment_within(tx, &permit.scope, id).await?;
        same_version("assignment", permit.request.version, before.version)?;
        let thing = thing(&before).body(&body.value);
        let step = workflow::step(&permit, tx, &ASSIGNMENT, (&before.state, E::ACTION), &thing).await?;
        let after = store::set_state(tx, id, before.version, &step.to.to_string(), thing.comment.as_deref()).await?;
        let after = show(after);
        permit.note(tx, &format!("assignment.{}", E::ACTION), id, Some(&show(before)), Some(&after));
        Ok(Answer::json(&after)?.version(after.version))
    })
    .await
}

/// A signature stands on the hash of exactly the document that is in force.
async fn accept(
    permit: Permit<AcceptAssignment>,
    body: Body<AcceptAssignment>,
) -> Result<Answer<AcceptAssignment>, ApiError> {
    let (id, given) = (permit.id::<AssignmentId>()?, &body.value);
    let mut checks = Checks::default();
    checks.text("meaning", &given.meaning, 500);
    checks.done()?;
    write(&permit, &body.sha256, async |tx: &Tx| {
        let before = store::assignment_within(tx, &permit.scope, id).await?;
        same_version("assignment", permit.request.version, before.version)?;
        let document = plan::version(tx, before.plan_version_id).await?.sha256;
        if document != given.document_sha256 {
            let text = "that is not the hash of the document that is in force; read it again";
            return Err(ApiError::at(ProblemCode::ValidationFailed, "document", "$.document_sha256", text));
        }
        let mut thing = thing(&before).holding(Guard::Signature, true);
        thing.sha256 = Some(document);
        let step = workflow::step(&permit, tx, &ASSIGNMENT, (&before.state, AssignmentAction::Accept), &thing).await?;
        let words = (permit.actor.name.as_str(), given.meaning.trim());
        let signed = show_signature(store::sign(tx, id, permit.user(), words, &given.document_sha256).await?);
        let after = show(store::set_state(tx, id, before.version, &step.to.to_string(), None).await?);
        permit.note(tx, "assignment.accept", id, Some(&show(before)), Some(&signed));
        Ok(Answer::json(&after)?.version(after.version))
    })
    .await
}
