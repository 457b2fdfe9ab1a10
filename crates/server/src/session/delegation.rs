//! Substitutes.

use chrono::TimeDelta;
use traguardo_contract::problem::ProblemCode;
use traguardo_contract::session::{CreateDelegation, DelegationDto, ListDelegations, RevokeDelegation};
use traguardo_domain::finding::Finding;
use traguardo_domain::id::{DelegationId, UserId};
use traguardo_domain::session::normalize_email;
use traguardo_store::Tx;
use traguardo_store::session::{self as users, Delegation};

use super::user::reason;
use crate::http::{Answer, Body, NO_BODY, Permit, Routes, write};
use crate::problem::ApiError;

/// Longest substitution, in days.
const LONGEST_DAYS: i64 = 90;

pub fn register(routes: &mut Routes) {
    routes.on(list).on(create).on(revoke);
}

fn show(delegation: Delegation) -> DelegationDto {
    DelegationDto {
        id: delegation.id.0,
        from_user_id: delegation.from_user_id.0,
        to_user_id: delegation.to_user_id.0,
        valid_from: delegation.valid_from,
        valid_to: delegation.valid_to,
        reason: delegation.reason,
        revoked_at: delegation.revoked_at,
    }
}

async fn list(permit: Permit<ListDelegations>) -> Result<Answer<ListDelegations>, ApiError> {
    let all = permit.state.db.read_tx(async |tx: &Tx| users::delegations(tx, permit.user()).await).await?;
    Answer::whole(all.into_iter().map(show).collect())
}

async fn create(
    permit: Permit<CreateDelegation>,
    body: Body<CreateDelegation>,
) -> Result<Answer<CreateDelegation>, ApiError> {
    let given = &body.value;
    let email = normalize_email(&given.to_email).map_err(|finding| ApiError::findings(&[finding]))?;
    let why = reason(&given.reason)?;
    let lasts = given.valid_to - given.valid_from;
    if lasts <= TimeDelta::zero() || lasts > TimeDelta::days(LONGEST_DAYS) {
        let text = format!("a substitution lasts from its begin for at most {LONGEST_DAYS} days");
        return Err(ApiError::findings(&[Finding::error("period", "$.valid_to", text)]));
    }
    write(&permit, &body.sha256, async |tx: &Tx| {
        let to =
            users::user_by_email(tx, &email).await?.filter(|user| user.state == "active" && user.id != permit.user());
        let nobody = || {
            ApiError::at(
                ProblemCode::ValidationFailed,
                "substitute",
                "$.to_email",
                "nobody else who is active has this address",
            )
        };
        let to = to.ok_or_else(nobody)?;
        let span = (given.valid_from, given.valid_to);
        let id = users::delegate(tx, (permit.user(), to.id), span, why, &permit.actor.id.to_string()).await?;
        let made = find(tx, permit.user(), id).await?;
        tx.note(
            permit.event("delegation.create", id).reason(why).after(serde_json::to_string(&made).unwrap_or_default()),
        );
        Answer::json(&made)
    })
    .await
}

async fn find(tx: &Tx, from: UserId, id: DelegationId) -> Result<DelegationDto, ApiError> {
    let all = users::delegations(tx, from).await?;
    let found = all.into_iter().find(|one| one.id == id && one.from_user_id == from);
    found.map(show).ok_or_else(|| ApiError::not_found("delegation", &id.to_string()))
}

async fn revoke(permit: Permit<RevokeDelegation>) -> Result<Answer<RevokeDelegation>, ApiError> {
    let id: DelegationId = permit.id()?;
    write(&permit, NO_BODY, async |tx: &Tx| {
        let before = find(tx, permit.user(), id).await?;
        if before.revoked_at.is_some() {
            return Err(ApiError::new(ProblemCode::IllegalTransition, "the substitution has ended already"));
        }
        users::end_delegation(tx, id, permit.user()).await?;
        tx.note(permit.event("delegation.revoke", id));
        Answer::json(&find(tx, permit.user(), id).await?)
    })
    .await
}
