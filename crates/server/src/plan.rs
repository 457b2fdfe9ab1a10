//! Incentive plans and their versions.

use serde_json::value::RawValue;
use traguardo_contract::act::ActBody;
use traguardo_contract::endpoint::{Endpoint, Json};
use traguardo_contract::plan::{
    ApprovePlan, ChangePlanVersion, CreatePlanVersion, GetPlanVersion, ListPlanVersions, PlanVersionDetail,
    PlanVersionDto, PublishPlan, RetirePlan, ReturnPlan, SubmitPlan,
};
use traguardo_contract::problem::{ProblemCode, ProblemError};
use traguardo_domain::access::Scope;
use traguardo_domain::engine::run_examples;
use traguardo_domain::finding::Finding;
use traguardo_domain::id::PlanVersionId;
use traguardo_domain::plan::{CheckedPlan, load_plan};
use traguardo_domain::workflow::{Guard, PLAN, PlanAction, PlanState};
use traguardo_store::plan::{self as store, PlanVersion};
use traguardo_store::{Listed, Listing, Tx, assignment};

use crate::http::{Answer, Body, Permit, Query, Routes, listing, write};
use crate::organization::same_version;
use crate::problem::ApiError;
use crate::workflow::{self, Thing};

/// Adds the feature's routes.
pub fn register(routes: &mut Routes) {
    routes.on(list).on(create).on(get).on(change);
    routes
        .on(act::<SubmitPlan>)
        .on(act::<ApprovePlan>)
        .on(act::<ReturnPlan>)
        .on(act::<PublishPlan>)
        .on(act::<RetirePlan>);
}

/// An endpoint that is an action on a plan version.
trait Action: Endpoint<Body = Json<ActBody>, Answer = Json<PlanVersionDto>> {
    const ACTION: PlanAction;
}

macro_rules! actions {
    ($($endpoint:ident => $action:ident,)+) => { $(
        impl Action for $endpoint {
            const ACTION: PlanAction = PlanAction::$action;
        }
    )+ };
}

actions! {
    SubmitPlan => Submit,
    ApprovePlan => Approve,
    ReturnPlan => Return,
    PublishPlan => Publish,
    RetirePlan => Retire,
}

fn show(version: &PlanVersion) -> PlanVersionDto {
    PlanVersionDto {
        id: version.id.0,
        plan_id: version.plan_id.0,
        code: version.code.clone(),
        no: version.no,
        state: version.state.clone(),
        sha256: version.sha256.clone(),
        created_at: version.created_at,
        published_at: version.published_at,
        version: version.version,
    }
}

/// The plan versions on which somebody within a narrow reach is.
async fn own(tx: &Tx, scope: &Scope) -> Result<Vec<PlanVersionId>, ApiError> {
    let listing = Listing { limit: 200, ..Listing::default() };
    let mut ids: Vec<_> =
        assignment::assignments(tx, scope, &listing).await?.items.into_iter().map(|one| one.plan_version_id).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

async fn list(
    permit: Permit<ListPlanVersions>,
    query: Query<ListPlanVersions>,
) -> Result<Answer<ListPlanVersions>, ApiError> {
    let listing = listing(&query.0)?;
    let read = async |tx: &Tx| {
        if permit.scope == Scope::All {
            return Ok(store::versions(tx, &listing).await?);
        }
        let items = store::versions_of(tx, &own(tx, &permit.scope).await?).await?;
        let total = i64::try_from(items.len()).unwrap_or(i64::MAX);
        Ok::<_, ApiError>(Listed { items, next_cursor: None, total })
    };
    Answer::page(permit.state.db.read_tx(read).await?, |version| show(&version))
}

/// The version, where it is within reach.
async fn within(tx: &Tx, scope: &Scope, id: PlanVersionId) -> Result<PlanVersion, ApiError> {
    if *scope != Scope::All && !own(tx, scope).await?.contains(&id) {
        return Err(ApiError::not_found("plan version", &id.to_string()));
    }
    Ok(store::version(tx, id).await?)
}

fn shown(finding: &Finding) -> ProblemError {
    ProblemError {
        code: finding.code.clone(),
        path: Some(finding.path.clone()),
        row: None,
        column: None,
        message: if finding.help.is_empty() {
            finding.message.clone()
        } else {
            format!("{}; {}", finding.message, finding.help)
        },
    }
}

/// What of the examples of a plan does not hold.
fn failing(plan: &CheckedPlan) -> Vec<Finding> {
    run_examples(plan).iter().map(|failure| failure.finding()).collect()
}

async fn get(permit: Permit<GetPlanVersion>) -> Result<Answer<GetPlanVersion>, ApiError> {
    let id: PlanVersionId = permit.id()?;
    let read = async |tx: &Tx| {
        let found = within(tx, &permit.scope, id).await?;
        let thing = Thing::new("plan_version", id, found.created_by.as_deref());
        let (allowed, decisions) = workflow::allowed(&permit, tx, &PLAN, &found.state, &thing).await?;
        Ok::<_, ApiError>((found, allowed, decisions))
    };
    let (found, allowed, decisions) = permit.state.db.read_tx(read).await?;
    let (plan, mut findings) = load_plan(&found.document);
    findings.extend(plan.iter().flat_map(failing));
    let document = RawValue::from_string(found.document.clone()).map_err(|_| ApiError::plain(ProblemCode::Internal))?;
    let findings = findings.iter().map(shown).collect();
    let detail = PlanVersionDetail { id: id.0, plan_version: show(&found), document, findings, allowed, decisions };
    Ok(Answer::json(&detail)?.version(found.version))
}

/// The plan of a document without faults.
fn check(document: &str) -> Result<CheckedPlan, ApiError> {
    let (plan, findings) = load_plan(document);
    ApiError::check(&findings)?;
    plan.ok_or_else(|| ApiError::findings(&findings))
}

async fn create(
    permit: Permit<CreatePlanVersion>,
    body: Body<CreatePlanVersion>,
) -> Result<Answer<CreatePlanVersion>, ApiError> {
    let document = body.value.document.get();
    let code = check(document)?.plan().code.clone();
    let by = permit.actor.id.to_string();
    write(&permit, &body.sha256, async |tx: &Tx| {
        let plan = store::put(tx, &code, None, Some(&by)).await?;
        let made = show(&store::create_version(tx, plan.id, document, Some(&by)).await?);
        permit.note(tx, "plan_version.create", made.id, None::<&()>, Some(&made));
        Ok(Answer::json(&made)?.version(made.version).location(&format!("/plan-versions/{}", made.id)))
    })
    .await
}

async fn change(
    permit: Permit<ChangePlanVersion>,
    body: Body<ChangePlanVersion>,
) -> Result<Answer<ChangePlanVersion>, ApiError> {
    let (id, document) = (permit.id::<PlanVersionId>()?, body.value.document.get());
    let code = check(document)?.plan().code.clone();
    write(&permit, &body.sha256, async |tx: &Tx| {
        let before = store::version(tx, id).await?;
        same_version("plan version", permit.request.version, before.version)?;
        if before.state != PlanState::Draft.to_string() {
            return Err(ApiError::new(ProblemCode::IllegalTransition, "only a draft is changed; begin a new version"));
        }
        if before.code != code {
            return Err(ApiError::at(
                ProblemCode::ValidationFailed,
                "code",
                "$.document.code",
                "the code of a plan never changes",
            ));
        }
        let after = show(&store::set_document(tx, id, before.version, document).await?);
        permit.note(tx, "plan_version.change", id, Some(&show(&before)), Some(&after));
        Ok(Answer::json(&after)?.version(after.version))
    })
    .await
}

async fn act<E: Action>(permit: Permit<E>, body: Body<E>) -> Result<Answer<E>, ApiError>
where
    E::Query: serde::de::DeserializeOwned,
{
    let id: PlanVersionId = permit.id()?;
    write(&permit, &body.sha256, async |tx: &Tx| {
        let before = store::version(tx, id).await?;
        same_version("plan version", permit.request.version, before.version)?;
        let mut thing = Thing::new("plan_version", id, before.created_by.as_deref()).body(&body.value);
        if E::ACTION == PlanAction::Publish {
            let red = failing(&check(&before.document)?);
            thing = thing.holding(Guard::ExamplesGreen, red.is_empty());
        }
        thing.sha256 = Some(before.sha256.clone());
        let step = workflow::step(&permit, tx, &PLAN, (&before.state, E::ACTION), &thing).await?;
        let after = show(&store::set_state(tx, id, before.version, &step.to.to_string()).await?);
        permit.note(tx, &format!("plan_version.{}", E::ACTION), id, Some(&show(&before)), Some(&after));
        Ok(Answer::json(&after)?.version(after.version))
    })
    .await
}
