//! Sign-in and sign-out of people, and their sessions.

use std::time::Duration;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::{HeaderName, SET_COOKIE};
use chrono::{DateTime, TimeDelta, Utc};
use traguardo_contract::endpoint::Endpoint;
use traguardo_contract::problem::ProblemCode;
use traguardo_contract::session::{
    ChangePassword, ConfirmSession, EndSession, GetSession, ListSessions, Me, Represented, SessionDto, SignIn, SignOut,
};
use traguardo_domain::access::{Operation, permit};
use traguardo_domain::actor::{Actor, ActorKind, Word};
use traguardo_domain::id::UserId;
use traguardo_domain::session::{
    ACCOUNT_FAILURES, ADDRESS_FAILURES, SESSION_ABSOLUTE_SECONDS, THROTTLE_WINDOW_SECONDS, normalize_email,
    throttle_seconds,
};
use traguardo_store::Tx;
use traguardo_store::audit::NewEvent;
use traguardo_store::session::login::{self, Session};
use traguardo_store::session::{self as users, User};

use super::{password, secret, show_roles};
use crate::config::Config;
use crate::http::{Answer, Body, Permit, Public, Routes};
use crate::problem::ApiError;
use crate::state::State;

pub fn register(routes: &mut Routes) {
    routes.on(sign_in).on(get_session).on(sign_out).on(confirm).on(change_password).on(list_sessions).on(end_session);
}

async fn sign_in(call: Public<SignIn>, body: Body<SignIn>) -> Result<Answer<SignIn>, ApiError> {
    let email = normalize_email(&body.value.email).unwrap_or_else(|_| body.value.email.trim().to_lowercase());
    let address = call.request.address.clone().unwrap_or_default();
    let subjects = Subjects::new(&email, &address);
    subjects.check(&call.state).await?;
    let found = call.state.db.read_tx(async |tx: &Tx| users::user_by_email(tx, &email).await).await?;
    let user = found.filter(|user| user.state == "active");
    let kept = user.as_ref().and_then(|user| user.password_hash.clone());
    let right = call.state.passwords.verify(body.value.password.clone(), kept).await?;
    let Some(user) = user.filter(|_| right) else {
        subjects.failed(&call.state).await?;
        tracing::warn!(request_id = %call.request.id, address = %address, "a sign-in failed");
        return Err(ApiError::plain(ProblemCode::SignInFailed));
    };
    let stronger = stronger_hash(&call.state, &user, &body.value.password).await?;
    let token = new_token()?;
    let me = call
        .state
        .db
        .write_tx(async |tx: &Tx| {
            login::clear_failures(tx, &subjects.account).await?;
            if let (Some(new), Some(old)) = (&stronger, &user.password_hash) {
                users::rehash_password(tx, user.id, old, new).await?;
            }
            let expires = tx.now() + TimeDelta::seconds(SESSION_ABSOLUTE_SECONDS);
            let hash = secret::token_hash(&token);
            let session = login::open(
                tx,
                user.id,
                &hash,
                expires,
                call.request.address.as_deref(),
                call.request.user_agent.as_deref(),
            )
            .await?;
            let event = NewEvent::new(&bare_actor(&user), "session.sign_in", "session", session.id);
            tx.note(event.from_request(Some(&call.request.id), Some(&session.id.to_string())));
            me(tx, &user, &session).await
        })
        .await?;
    Ok(with_cookie(Answer::json(&me)?, &call.state.config, &token))
}

fn new_token() -> Result<String, ApiError> {
    secret::new_token().map_err(|error| {
        tracing::error!(%error, "the system gives no random bytes");
        ApiError::plain(ProblemCode::Internal)
    })
}

async fn stronger_hash(state: &State, user: &User, password: &str) -> Result<Option<String>, ApiError> {
    if user.password_hash.as_deref().is_some_and(password::is_outdated) {
        return state.passwords.hash(password.to_owned()).await.map(Some);
    }
    Ok(None)
}

/// A user as actor of an event before there is a session.
pub fn bare_actor(user: &User) -> Actor {
    Actor {
        id: user.id.0,
        kind: ActorKind::Person,
        name: user.name.clone(),
        roles: Vec::new(),
        participant: user.participant_id.map(|id| id.0),
        on_behalf_of: None,
        scopes: None,
    }
}

/// What is throttled: the account, known or not, and the address.
struct Subjects {
    account: String,
    address: String,
}

impl Subjects {
    fn new(email: &str, address: &str) -> Self {
        let account: String = email.chars().take(254).collect();
        Self { account: format!("account:{account}"), address: format!("address:{address}") }
    }

    fn limits(&self) -> [(&str, u32); 2] {
        [(&self.account, ACCOUNT_FAILURES), (&self.address, ADDRESS_FAILURES)]
    }

    async fn check(&self, state: &State) -> Result<(), ApiError> {
        let now = state.db.now();
        let window = now - TimeDelta::seconds(THROTTLE_WINDOW_SECONDS);
        let wait = state
            .db
            .read_tx(async |tx: &Tx| {
                let mut longest = None;
                for (subject, allowed) in self.limits() {
                    let Some(failed) = login::throttle(tx, subject, window).await? else { continue };
                    let failures = u32::try_from(failed.failures).unwrap_or(u32::MAX);
                    longest =
                        longest.max(throttle_seconds(failures, allowed, (now - failed.last_failure_at).num_seconds()));
                }
                Ok::<_, ApiError>(longest)
            })
            .await?;
        match wait {
            None => Ok(()),
            Some(seconds) => Err(ApiError::too_many(
                "too many sign-ins failed; the right password works again after the wait",
                Duration::from_secs(u64::try_from(seconds).unwrap_or(1)),
            )),
        }
    }

    async fn failed(&self, state: &State) -> Result<(), ApiError> {
        let window = state.db.now() - TimeDelta::seconds(THROTTLE_WINDOW_SECONDS);
        let count = async |tx: &Tx| {
            for (subject, _) in self.limits() {
                login::count_failure(tx, subject, window).await?;
            }
            Ok::<_, ApiError>(())
        };
        state.db.write_tx(count).await
    }
}

fn with_cookie<E: Endpoint>(answer: Answer<E>, config: &Config, token: &str) -> Answer<E> {
    let life = actix_web::cookie::time::Duration::seconds(if token.is_empty() { 0 } else { SESSION_ABSOLUTE_SECONDS });
    let cookie = Cookie::build(config.cookie_name(), token.to_owned())
        .path("/")
        .http_only(true)
        .secure(config.is_secure())
        .same_site(SameSite::Strict)
        .max_age(life)
        .finish();
    answer.header(SET_COOKIE, &cookie.to_string())
}

/// Who is signed in, as the pages need it.
async fn me(tx: &Tx, user: &User, session: &Session) -> Result<Me, ApiError> {
    let roles = users::roles(tx, user.id).await?;
    let actor = Actor { roles: roles.clone(), ..bare_actor(user) };
    let permissions = Operation::ALL.iter().filter(|operation| permit(&actor, **operation).is_ok());
    Ok(Me {
        id: user.id.0,
        name: user.name.clone(),
        email: user.email.clone(),
        locale: user.locale.clone(),
        roles: show_roles(&roles),
        participant_id: user.participant_id.map(|id| id.0),
        permissions: permissions.map(ToString::to_string).collect(),
        expires_at: session.expires_at,
        may_represent: may_represent(tx, user.id).await?,
    })
}

async fn may_represent(tx: &Tx, user: UserId) -> Result<Vec<Represented>, ApiError> {
    let mut found = Vec::new();
    for delegation in users::delegations(tx, user).await? {
        let live = delegation.to_user_id == user && delegation.valid_from <= tx.now() && delegation.valid_to > tx.now();
        if !live || users::delegation_in_force(tx, delegation.from_user_id, user).await?.is_none() {
            continue;
        }
        let from = users::user(tx, delegation.from_user_id).await?;
        found.push(Represented { user_id: from.id.0, name: from.name, until: delegation.valid_to });
    }
    Ok(found)
}

/// The session of the permit. Whoever may `session.own` is a person and has one.
fn own<E: Endpoint>(permit: &Permit<E>) -> Result<Session, ApiError> {
    permit.session.clone().ok_or_else(|| ApiError::plain(ProblemCode::Unauthenticated))
}

async fn get_session(permit: Permit<GetSession>) -> Result<Answer<GetSession>, ApiError> {
    let session = own(&permit)?;
    let me = permit
        .state
        .db
        .read_tx(async |tx: &Tx| me(tx, &users::user(tx, session.user_id).await?, &session).await)
        .await?;
    Answer::json(&me)
}

async fn sign_out(permit: Permit<SignOut>) -> Result<Answer<SignOut>, ApiError> {
    let session = own(&permit)?;
    let end = async |tx: &Tx| {
        login::end(tx, session.user_id, session.id, "sign_out").await?;
        tx.note(permit.event("session.sign_out", session.id));
        Ok::<_, ApiError>(())
    };
    permit.state.db.write_tx(end).await?;
    let forget = HeaderName::from_static("clear-site-data");
    Ok(with_cookie(Answer::nothing(), &permit.state.config, "").header(forget, "\"cache\", \"cookies\", \"storage\""))
}

/// Checks the user's own password, throttled like a sign-in.
async fn check_own<E: Endpoint>(permit: &Permit<E>, given: &str) -> Result<User, ApiError> {
    let user = permit.state.db.read_tx(async |tx: &Tx| users::user(tx, permit.user()).await).await?;
    let subjects = Subjects::new(&user.email_key, permit.request.address.as_deref().unwrap_or(""));
    subjects.check(&permit.state).await?;
    if permit.state.passwords.verify(given.to_owned(), user.password_hash.clone()).await? {
        return Ok(user);
    }
    subjects.failed(&permit.state).await?;
    tracing::warn!(request_id = %permit.request.id, user = %user.id, "a password was refused");
    Err(ApiError::plain(ProblemCode::SignInFailed))
}

async fn confirm(
    permit: Permit<ConfirmSession>,
    body: Body<ConfirmSession>,
) -> Result<Answer<ConfirmSession>, ApiError> {
    let session = own(&permit)?;
    let user = check_own(&permit, &body.value.password).await?;
    let token = new_token()?;
    let renew = async |tx: &Tx| {
        login::renew(tx, session.id, &secret::token_hash(&token)).await?;
        tx.note(permit.event("session.confirm", session.id));
        me(tx, &user, &session).await
    };
    let me = permit.state.db.write_tx(renew).await?;
    Ok(with_cookie(Answer::json(&me)?, &permit.state.config, &token))
}

async fn change_password(
    permit: Permit<ChangePassword>,
    body: Body<ChangePassword>,
) -> Result<Answer<ChangePassword>, ApiError> {
    let session = own(&permit)?;
    let user = check_own(&permit, &body.value.current).await?;
    password::check(&body.value.password, &[&user.name, &user.email])?;
    let hash = permit.state.passwords.hash(body.value.password.clone()).await?;
    let token = new_token()?;
    let change = async |tx: &Tx| {
        users::set_password(tx, user.id, &hash).await?;
        login::end_all(tx, user.id, Some(session.id), "password").await?;
        login::renew(tx, session.id, &secret::token_hash(&token)).await?;
        tx.note(permit.event("user.change_password", user.id));
        Ok::<_, ApiError>(())
    };
    permit.state.db.write_tx(change).await?;
    Ok(with_cookie(Answer::nothing(), &permit.state.config, &token))
}

async fn list_sessions(permit: Permit<ListSessions>) -> Result<Answer<ListSessions>, ApiError> {
    let current = own(&permit)?.id;
    let sessions = permit.state.db.read_tx(async |tx: &Tx| login::sessions(tx, permit.user()).await).await?;
    Answer::whole(sessions.into_iter().map(|session| show(session, current.0)).collect())
}

fn show(session: Session, current: uuid::Uuid) -> SessionDto {
    let to_minute = |at: DateTime<Utc>| DateTime::from_timestamp(at.timestamp() / 60 * 60, 0).unwrap_or(at);
    SessionDto {
        id: session.id.0,
        created_at: session.created_at,
        last_seen_at: to_minute(session.last_seen_at),
        expires_at: session.expires_at,
        address: session.address,
        user_agent: session.user_agent,
        current: session.id.0 == current,
    }
}

async fn end_session(permit: Permit<EndSession>) -> Result<Answer<EndSession>, ApiError> {
    let id = permit.id()?;
    let end = async |tx: &Tx| {
        login::end(tx, permit.user(), id, "sign_out").await?;
        tx.note(permit.event("session.end", id));
        Ok::<_, ApiError>(())
    };
    permit.state.db.write_tx(end).await?;
    Ok(Answer::nothing())
}
