//! One-time links: how somebody comes to a password that nobody else ever knew.

use chrono::{DateTime, TimeDelta, Utc};
use traguardo_contract::problem::ProblemCode;
use traguardo_contract::session::{CreateLink, LinkDto, RedeemLink};
use traguardo_domain::id::UserId;
use traguardo_domain::session::RESET_LINK_SECONDS;
use traguardo_store::Tx;
use traguardo_store::audit::NewEvent;
use traguardo_store::session::login;
use traguardo_store::session::{self as users};

use super::{password, secret};
use crate::http::{Answer, Body, Permit, Public, Routes};
use crate::problem::ApiError;

pub fn register(routes: &mut Routes) {
    routes.on(create).on(redeem);
}

/// A link as it is shown once.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// The user.
    pub user: UserId,
    /// The whole link; its secret stands after `#`, which browsers never send.
    pub link: String,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// Makes a link for a user who is not disabled; earlier ones are void.
pub async fn make_link(tx: &Tx, origin: &str, user: UserId, by: Option<&str>) -> Result<Invitation, ApiError> {
    let found = users::user(tx, user).await?;
    if found.state == "disabled" {
        return Err(ApiError::new(ProblemCode::IllegalTransition, "the user is disabled; create a new one"));
    }
    let token = secret::new_token().map_err(|_| ApiError::plain(ProblemCode::Internal))?;
    let expires_at = tx.now() + TimeDelta::seconds(RESET_LINK_SECONDS);
    let purpose = if found.state == "invited" { "activate" } else { "reset" };
    login::create_link(tx, purpose, user, &secret::token_hash(&token), expires_at, by).await?;
    Ok(Invitation { user, link: format!("{origin}/activate#{token}"), expires_at })
}

/// Makes a link for the user with this address; for the command line.
pub async fn invite(tx: &Tx, origin: &str, email_key: &str) -> Result<Invitation, ApiError> {
    let user = users::user_by_email(tx, email_key).await?;
    let user = user.ok_or_else(|| ApiError::not_found("user", email_key))?;
    make_link(tx, origin, user.id, None).await
}

async fn create(permit: Permit<CreateLink>) -> Result<Answer<CreateLink>, ApiError> {
    let id: UserId = permit.id()?;
    let origin = &permit.state.config.origin;
    let make = async |tx: &Tx| {
        let made = make_link(tx, origin, id, Some(&permit.actor.id.to_string())).await?;
        tx.note(permit.event("user.create_link", id));
        Ok::<_, ApiError>(made)
    };
    let made = permit.state.db.write_tx(make).await?;
    Answer::json(&LinkDto { user_id: made.user.0, link: made.link, expires_at: made.expires_at })
}

async fn redeem(call: Public<RedeemLink>, body: Body<RedeemLink>) -> Result<Answer<RedeemLink>, ApiError> {
    let invalid = || ApiError::plain(ProblemCode::LinkInvalid);
    let token = secret::token_hash(&body.value.token);
    let looked = async |tx: &Tx| {
        let Some(link) = login::link(tx, &token).await? else { return Err(invalid()) };
        Ok::<_, ApiError>(users::user(tx, link.user_id).await?)
    };
    let user = call.state.db.read_tx(looked).await?;
    password::check(&body.value.password, &[&user.name, &user.email])?;
    let hash = call.state.passwords.hash(body.value.password.clone()).await?;
    let redeem = async |tx: &Tx| {
        let link = login::use_link(tx, &token).await?.ok_or_else(invalid)?;
        users::set_password(tx, link.user_id, &hash).await?;
        login::end_all(tx, link.user_id, None, "password").await?;
        login::clear_failures(tx, &format!("account:{}", user.email_key)).await?;
        let actor = super::sign_in::bare_actor(&user);
        tx.note(NewEvent::new(&actor, "user.redeem_link", "user", user.id).from_request(Some(&call.request.id), None));
        Ok::<_, ApiError>(())
    };
    call.state.db.write_tx(redeem).await?;
    Ok(Answer::nothing())
}
