//! Who asks and whether they may: the first parameter of every handler.

use std::marker::PhantomData;
use std::net::IpAddr;
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::http::header::{
    AUTHORIZATION, CONTENT_LENGTH, HeaderMap, HeaderName, IF_MATCH, ORIGIN, TRANSFER_ENCODING, USER_AGENT,
};
use actix_web::{HttpMessage, HttpRequest, web};
use chrono::{DateTime, TimeDelta, Utc};
use serde::de::DeserializeOwned;
use traguardo_contract::endpoint::{CLIENT_HEADER, CLIENT_VALUE, Endpoint, Info, Method, ON_BEHALF_HEADER, Permission};
use traguardo_contract::problem::ProblemCode;
use traguardo_domain::access::{self, Denial, Operation, Scope};
use traguardo_domain::actor::{Actor, ActorKind, Principal, Role, RoleGrant};
use traguardo_domain::session::SESSION_IDLE_SECONDS;
use traguardo_store::audit::NewEvent;
use traguardo_store::session::login::{self, Session};
use traguardo_store::session::{self as users, client};
use traguardo_store::{Db, Tx};

use super::body::{Query, check_accept};
use super::dispatch::Extract;
use super::frame::{Asker, request_id};
use crate::config::Config;
use crate::problem::ApiError;
use crate::state::State;

/// How long after giving the password an act that needs it may be done.
const STEP_UP_SECONDS: i64 = 15 * 60;
/// A session's last use is noted at most this often.
const TOUCH_SECONDS: i64 = 60;

/// What a handler may want to know of its request.
#[derive(Debug, Clone)]
pub struct Request {
    /// Identifies it.
    pub id: String,
    /// The address with its parameters filled in.
    pub path: String,
    /// Where it comes from.
    pub address: Option<String>,
    /// The browser, as it names itself.
    pub user_agent: Option<String>,
    /// `Idempotency-Key`.
    pub key: Option<String>,
    /// `If-Match`.
    pub version: i64,
    id_in_path: Option<String>,
    cookie: Option<String>,
    authorization: Option<String>,
}

/// First parameter of a handler whose endpoint needs a permission: it exists only if the actor has it.
pub struct Permit<E: Endpoint> {
    /// Who acts.
    pub actor: Actor,
    /// How far they reach.
    pub scope: Scope,
    /// The session, for people.
    pub session: Option<Session>,
    /// What all handlers share.
    pub state: web::Data<State>,
    /// The request.
    pub request: Request,
    endpoint: PhantomData<E>,
}

/// First parameter of a handler that anybody may call.
pub struct Public<E: Endpoint> {
    /// What all handlers share.
    pub state: web::Data<State>,
    /// The request.
    pub request: Request,
    endpoint: PhantomData<E>,
}

/// What may be a handler's first parameter: a [`Permit`], or [`Public`] where the table says so.
pub trait Entry<E: Endpoint> {}
impl<E: Endpoint> Entry<E> for Permit<E> {}
impl<E: Endpoint> Entry<E> for Public<E> {}

impl<E: Endpoint> Permit<E> {
    /// The id in the path.
    pub fn id<T: FromStr>(&self) -> Result<T, ApiError> {
        let text = self.request.id_in_path.as_deref().unwrap_or_default();
        text.parse().map_err(|_| ApiError::not_found(E::INFO.tag, text))
    }

    /// The id of the user who acts.
    pub fn user(&self) -> traguardo_domain::id::UserId {
        self.actor.id.into()
    }

    /// Notes for the trail that the actor did `action` (`user.create`) to the thing `id`.
    pub fn event(&self, action: &str, id: impl ToString) -> NewEvent {
        let object = action.split('.').next().unwrap_or(action);
        let session = self.session.as_ref().map(|session| session.id.to_string());
        NewEvent::new(&self.actor, action, object, id).from_request(Some(&self.request.id), session.as_deref())
    }

    /// Notes `action` with what the thing was and is; `None` where it was or is not.
    pub fn note(
        &self,
        tx: &Tx,
        action: &str,
        id: impl ToString,
        before: Option<&impl serde::Serialize>,
        after: Option<&impl serde::Serialize>,
    ) {
        let mut event = self.event(action, id);
        event.before = before.and_then(|value| serde_json::to_string(value).ok());
        event.after = after.and_then(|value| serde_json::to_string(value).ok());
        tx.note(event);
    }
}

impl<E: Endpoint> Public<E> {
    /// The cookie of a session that the request carries besides.
    pub fn cookie(&self) -> Option<&str> {
        self.request.cookie.as_deref()
    }

    /// The header `Authorization`.
    pub fn authorization(&self) -> Option<&str> {
        self.request.authorization.as_deref()
    }
}

impl<E: Endpoint> Extract<E> for Public<E>
where
    E::Query: DeserializeOwned,
{
    async fn extract(req: &HttpRequest, payload: &mut Payload) -> Result<Self, ApiError> {
        const {
            assert!(matches!(E::INFO.permission, Permission::Public), "this endpoint needs a permission: take `Permit`")
        };
        let state = shared(req)?;
        check_form::<E>(req, payload).await?;
        // A token is asked for by systems; they send no cookie that a foreign page could use.
        if E::INFO.method != Method::Get && !E::INFO.body_media.contains(&"application/x-www-form-urlencoded") {
            check_site(req.headers(), &state.config)?;
        }
        let request = Request::read(req, &state.config, &E::INFO)?;
        Ok(Self { state, request, endpoint: PhantomData })
    }
}

impl<E: Endpoint> Extract<E> for Permit<E>
where
    E::Query: DeserializeOwned,
{
    async fn extract(req: &HttpRequest, payload: &mut Payload) -> Result<Self, ApiError> {
        const {
            assert!(matches!(E::INFO.permission, Permission::Needs(_)), "anybody may call this endpoint: take `Public`")
        };
        let Permission::Needs(operation) = E::INFO.permission else {
            return Err(ApiError::plain(ProblemCode::Internal));
        };
        let state = shared(req)?;
        let (actor, session) = authenticate(req, &state).await?;
        req.extensions_mut().insert(Asker(actor.id.to_string()));
        if session.is_some() && E::INFO.method != Method::Get {
            check_site(req.headers(), &state.config)?;
        }
        let actor = represent(req, &state.db, actor, operation).await?;
        let scope = access::permit(&actor, operation).map_err(|denial| denied(&actor, operation, denial))?;
        if let Some(session) = &session {
            step_up(session, &E::INFO, state.db.now())?;
        }
        check_form::<E>(req, payload).await?;
        let request = Request::read(req, &state.config, &E::INFO)?;
        Ok(Self { actor, scope, session, state, request, endpoint: PhantomData })
    }
}

fn denied(actor: &Actor, operation: Operation, denial: Denial) -> ApiError {
    tracing::warn!(actor = %actor.id, %operation, %denial, "denied");
    ApiError::new(ProblemCode::Forbidden, format!("`{operation}`: {denial}"))
}

fn shared(req: &HttpRequest) -> Result<web::Data<State>, ApiError> {
    req.app_data::<web::Data<State>>().cloned().ok_or_else(|| ApiError::plain(ProblemCode::Internal))
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Refuses what the operation does not know: an answer in another form, a query, a body.
async fn check_form<E: Endpoint>(req: &HttpRequest, payload: &mut Payload) -> Result<(), ApiError>
where
    E::Query: DeserializeOwned,
{
    check_accept(req.headers(), E::INFO.answer_media)?;
    Query::<E>::extract(req, payload).await?;
    let has_body = req.headers().contains_key(TRANSFER_ENCODING)
        || header(req.headers(), CONTENT_LENGTH.as_str()).is_some_and(|length| length.trim() != "0");
    if has_body && !E::INFO.has_body && E::INFO.method != Method::Get {
        return Err(ApiError::new(ProblemCode::InvalidBody, "this operation takes no body"));
    }
    Ok(())
}

impl Request {
    fn read(req: &HttpRequest, config: &Config, info: &Info) -> Result<Self, ApiError> {
        let headers = req.headers();
        Ok(Self {
            id: request_id(req),
            path: req.path().to_owned(),
            address: client_address(req, config).map(|address| address.to_string()),
            user_agent: header(headers, USER_AGENT.as_str())
                .map(|text| text.chars().filter(|c| !c.is_control()).take(300).collect()),
            key: if info.keyed { Some(key(headers)?) } else { None },
            version: if info.versioned { version(headers)? } else { 0 },
            id_in_path: req.match_info().get("id").map(str::to_owned),
            cookie: req.cookie(config.cookie_name()).map(|cookie| cookie.value().to_owned()),
            authorization: header(headers, AUTHORIZATION.as_str()).map(str::to_owned),
        })
    }
}

fn key(headers: &HeaderMap) -> Result<String, ApiError> {
    let Some(key) = headers.get("idempotency-key") else {
        return Err(ApiError::plain(ProblemCode::IdempotencyKeyMissing));
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    match key.to_str() {
        Ok(key) if (8..=100).contains(&key.len()) && key.chars().all(plain) => Ok(key.to_owned()),
        _ => Err(ApiError::at(
            ProblemCode::InvalidHeader,
            "idempotency_key",
            "$.headers.idempotency-key",
            "`Idempotency-Key` is 8 to 100 letters, digits, `-` or `_`",
        )),
    }
}

fn version(headers: &HeaderMap) -> Result<i64, ApiError> {
    let Some(tag) = headers.get(IF_MATCH) else { return Err(ApiError::plain(ProblemCode::PreconditionRequired)) };
    let number = tag.to_str().ok().and_then(|tag| tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok());
    number.ok_or_else(|| {
        let message = "`If-Match` is the ETag of the version that you read, as `\"3\"`";
        ApiError::at(ProblemCode::InvalidHeader, "if_match", "$.headers.if-match", message)
    })
}

/// The client's address: the peer's, or behind trusted proxies the one they name.
pub fn client_address(req: &HttpRequest, config: &Config) -> Option<IpAddr> {
    let peer = req.peer_addr()?.ip();
    if !config.trusted_proxies.contains(&peer) {
        return Some(peer);
    }
    // The last proxy is believed about the one before it, and so on back to the first stranger.
    let forwarded = header(req.headers(), "x-forwarded-for").unwrap_or("");
    let mut hops = forwarded.rsplit(',').map(|hop| hop.trim().parse::<IpAddr>());
    hops.find_map(|hop| match hop {
        Ok(address) if config.trusted_proxies.contains(&address) => None,
        Ok(address) => Some(Some(address)),
        Err(_) => Some(None),
    })
    .flatten()
    .or(Some(peer))
}

/// Refuses a change that a page of another origin caused: such a page can neither set the header
/// nor hide its origin.
fn check_site(headers: &HeaderMap, config: &Config) -> Result<(), ApiError> {
    let refuse = |why: &str| Err(ApiError::new(ProblemCode::CrossSite, why));
    if header(headers, CLIENT_HEADER) != Some(CLIENT_VALUE) {
        return refuse("send the header `X-Requested-With: traguardo`");
    }
    if let Some(site) = header(headers, "sec-fetch-site")
        && !matches!(site, "same-origin" | "none")
    {
        return refuse("the request comes from a page of another site");
    }
    match headers.get(ORIGIN) {
        None => Ok(()),
        Some(origin) if origin.to_str().is_ok_and(|origin| is_own_origin(origin, headers, config)) => Ok(()),
        Some(_) => refuse("the request comes from a page of another origin"),
    }
}

/// Our origin; in development over plain HTTP also the loopback name under which the page was asked for.
fn is_own_origin(origin: &str, headers: &HeaderMap, config: &Config) -> bool {
    if origin == config.origin {
        return true;
    }
    let host = header(headers, "host").unwrap_or("");
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    !config.is_secure() && matches!(name, "localhost" | "127.0.0.1" | "[::1]") && origin == format!("http://{host}")
}

async fn authenticate(req: &HttpRequest, state: &State) -> Result<(Actor, Option<Session>), ApiError> {
    if let Some(given) = header(req.headers(), AUTHORIZATION.as_str()) {
        let token = given.strip_prefix("Bearer ").or_else(|| given.strip_prefix("bearer "));
        return Ok((system(state, token.unwrap_or("")).await?, None));
    }
    let cookie = req.cookie(state.config.cookie_name());
    let token = cookie.as_ref().map_or("", |cookie| cookie.value());
    let (actor, session) = person(&state.db, token).await?;
    Ok((actor, Some(session)))
}

/// The system of an access token, checked against the live record.
async fn system(state: &State, token: &str) -> Result<Actor, ApiError> {
    let refused = || ApiError::new(ProblemCode::Unauthenticated, "the access token is not good: get a new one");
    let claims = state.tokens.check(token).ok_or_else(refused)?;
    let id = claims.sub.into();
    let found = state.db.read_tx(async |tx: &Tx| client::client(tx, id).await).await;
    let client = found.map_err(|_| refused())?;
    if client.state != "active" {
        return Err(refused());
    }
    let live: Vec<String> = serde_json::from_str(&client.scopes).unwrap_or_default();
    let scopes =
        claims.scope.split(' ').filter(|scope| live.iter().any(|one| one == scope)).map(str::to_owned).collect();
    Ok(Actor {
        id: claims.sub,
        kind: ActorKind::Service,
        name: client.name,
        roles: vec![RoleGrant { role: Role::Service, unit: client.unit_id.map(|unit| unit.0) }],
        participant: None,
        on_behalf_of: None,
        scopes: Some(scopes),
    })
}

/// The person of a session, with the roles in force at this moment.
async fn person(db: &Db, token: &str) -> Result<(Actor, Session), ApiError> {
    let refused = || ApiError::plain(ProblemCode::Unauthenticated);
    if token.is_empty() {
        return Err(refused());
    }
    let hash = crate::session::token_hash(token);
    let idle_since = db.now() - TimeDelta::seconds(SESSION_IDLE_SECONDS);
    let found = db
        .read_tx(async |tx: &Tx| {
            let Some(session) = login::live(tx, &hash, idle_since).await? else { return Ok(None) };
            let user = users::user(tx, session.user_id).await?;
            let roles = users::roles(tx, session.user_id).await?;
            Ok::<_, ApiError>(Some((session, user, roles)))
        })
        .await?;
    let (session, user, roles) = found.ok_or_else(refused)?;
    if db.now() - session.last_seen_at > TimeDelta::seconds(TOUCH_SECONDS) {
        db.write_tx(async |tx: &Tx| login::touch(tx, session.id).await).await?;
    }
    let actor = Actor {
        id: user.id.0,
        kind: ActorKind::Person,
        name: user.name,
        roles,
        participant: user.participant_id.map(|id| id.0),
        on_behalf_of: None,
        scopes: None,
    };
    Ok((actor, session))
}

/// The actor as a substitute, where the request says so and the person represented agreed.
async fn represent(req: &HttpRequest, db: &Db, actor: Actor, operation: Operation) -> Result<Actor, ApiError> {
    let name = HeaderName::from_static(ON_BEHALF_HEADER);
    let Some(given) = req.headers().get(&name) else { return Ok(actor) };
    let place = format!("$.headers.{ON_BEHALF_HEADER}");
    let wrong = |message: &str| ApiError::at(ProblemCode::InvalidHeader, "on_behalf_of", &place, message);
    let from: uuid::Uuid =
        given.to_str().ok().and_then(|text| text.parse().ok()).ok_or_else(|| wrong("it is the id of a user"))?;
    // What is personal is never done for another: sessions, passwords, substitutes, users and roles.
    let personal = [
        Operation::SessionOwn,
        Operation::DelegationOwn,
        Operation::UserManage,
        Operation::UserGrant,
        Operation::ClientManage,
    ];
    if actor.kind != ActorKind::Person || personal.contains(&operation) {
        return Err(wrong("this cannot be done for another"));
    }
    let substitute = actor.id.into();
    let found = db
        .read_tx(async |tx: &Tx| {
            if users::delegation_in_force(tx, from.into(), substitute).await?.is_none() {
                return Ok(None);
            }
            let user = users::user(tx, from.into()).await?;
            Ok::<_, ApiError>(Some((user, users::roles(tx, from.into()).await?)))
        })
        .await?;
    let Some((user, roles)) = found else {
        return Err(ApiError::new(ProblemCode::Forbidden, "nobody with this id has named you as substitute for now"));
    };
    let represented = Principal { id: from, participant: user.participant_id.map(|id| id.0) };
    Ok(Actor { roles, on_behalf_of: Some(represented), ..actor })
}

fn step_up(session: &Session, info: &Info, now: DateTime<Utc>) -> Result<(), ApiError> {
    if info.stepup && now - session.authenticated_at > TimeDelta::seconds(STEP_UP_SECONDS) {
        return Err(ApiError::new(ProblemCode::StepUpRequired, "give your password again: `POST /session/confirm`"));
    }
    Ok(())
}
