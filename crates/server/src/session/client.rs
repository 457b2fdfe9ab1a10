//! Systems that use the API, their secrets and their access tokens.

use traguardo_contract::problem::ProblemCode;
use traguardo_contract::session::{
    ClientDto, ClientSecretDto, CreateClient, DeactivateClient, GetClient, IssueToken, ListClients, RotateClientSecret,
    TokenDto,
};
use traguardo_domain::access::{self, Operation};
use traguardo_domain::actor::{Role, Word};
use traguardo_domain::finding::Finding;
use traguardo_domain::id::ClientId;
use traguardo_domain::session::ACCESS_TOKEN_SECONDS;
use traguardo_store::Tx;
use traguardo_store::session::client::{self, Client};

use super::secret;
use super::user::reason;
use crate::http::{Answer, Body, Permit, Public, Query, Routes, listing, write};
use crate::problem::ApiError;

pub fn register(routes: &mut Routes) {
    routes.on(list).on(create).on(get).on(rotate).on(deactivate).on(issue);
}

fn show(client: Client) -> ClientDto {
    ClientDto {
        id: client.id.0,
        name: client.name,
        scopes: serde_json::from_str(&client.scopes).unwrap_or_default(),
        state: client.state,
        created_at: client.created_at,
        version: client.version,
    }
}

async fn list(permit: Permit<ListClients>, query: Query<ListClients>) -> Result<Answer<ListClients>, ApiError> {
    let listing = listing(&query.0)?;
    let listed = permit.state.db.read_tx(async |tx: &Tx| client::clients(tx, &listing).await).await?;
    Answer::page(listed, show)
}

async fn get(permit: Permit<GetClient>) -> Result<Answer<GetClient>, ApiError> {
    let id: ClientId = permit.id()?;
    let found = permit.state.db.read_tx(async |tx: &Tx| client::client(tx, id).await).await?;
    let version = found.version;
    Ok(Answer::json(&show(found))?.version(version))
}

/// Scopes that a system may have: operations of the role `service`.
fn check(name: &str, scopes: &[String]) -> Result<(), ApiError> {
    let mut findings = Vec::new();
    if name.trim().is_empty() || name.chars().count() > 200 || name.chars().any(char::is_control) {
        findings.push(Finding::error("name", "$.name", "a name has 1 to 200 characters"));
    }
    if scopes.is_empty() {
        findings.push(
            Finding::error("scopes", "$.scopes", "a system without scopes can do nothing")
                .help("name the operations it needs"),
        );
    }
    for (index, scope) in scopes.iter().enumerate() {
        let granted = Operation::parse(scope)
            .is_some_and(|operation| access::grants(operation).iter().any(|(role, _)| *role == Role::Service));
        if !granted {
            findings.push(Finding::error(
                "scope",
                format!("$.scopes[{index}]"),
                format!("systems are never granted `{scope}`"),
            ));
        }
    }
    ApiError::check(&findings)
}

/// The secret is shown once and never kept, so this answer is not repeated for a key.
async fn create(permit: Permit<CreateClient>, body: Body<CreateClient>) -> Result<Answer<CreateClient>, ApiError> {
    let mut scopes = body.value.scopes.clone();
    scopes.sort();
    scopes.dedup();
    check(&body.value.name, &scopes)?;
    let scopes = serde_json::to_string(&scopes).unwrap_or_default();
    let by = permit.actor.id.to_string();
    write(&permit, &body.sha256, async |tx: &Tx| {
        let made = client::create(tx, body.value.name.trim(), &scopes, None, &by).await?;
        let secret = new_secret(tx, made.id).await?;
        let shown = show(made);
        permit.note(tx, "client.create", shown.id, None::<&()>, Some(&shown));
        let place = format!("/service-clients/{}", shown.id);
        Ok(Answer::json(&ClientSecretDto { client: shown, secret })?.location(&place))
    })
    .await
}

/// A new secret; the ones before are void at once.
async fn new_secret(tx: &Tx, id: ClientId) -> Result<String, ApiError> {
    let secret = secret::new_token().map_err(|_| ApiError::plain(ProblemCode::Internal))?;
    client::add_secret(tx, id, &secret::token_hash(&secret), tx.now()).await?;
    Ok(secret)
}

async fn rotate(permit: Permit<RotateClientSecret>) -> Result<Answer<RotateClientSecret>, ApiError> {
    let id: ClientId = permit.id()?;
    write(&permit, crate::http::NO_BODY, async |tx: &Tx| {
        let found = client::client(tx, id).await?;
        if found.state != "active" {
            return Err(ApiError::new(ProblemCode::IllegalTransition, "the system is disabled"));
        }
        let secret = new_secret(tx, id).await?;
        tx.note(permit.event("client.rotate_secret", id));
        Answer::json(&ClientSecretDto { client: show(found), secret })
    })
    .await
}

async fn deactivate(
    permit: Permit<DeactivateClient>,
    body: Body<DeactivateClient>,
) -> Result<Answer<DeactivateClient>, ApiError> {
    let id: ClientId = permit.id()?;
    let reason = reason(&body.value.reason)?;
    write(&permit, &body.sha256, async |tx: &Tx| {
        let found = client::client(tx, id).await?;
        if found.state != "active" {
            return Err(ApiError::new(ProblemCode::IllegalTransition, "the system is disabled already"));
        }
        let after = Client { state: "disabled".to_owned(), ..found };
        client::update(tx, &after, permit.request.version).await?;
        tx.note(permit.event("client.deactivate", id).reason(reason));
        let after = client::client(tx, id).await?;
        let version = after.version;
        Ok(Answer::json(&show(after))?.version(version))
    })
    .await
}

/// Client id and secret, from the form or from HTTP Basic.
fn credentials(call: &Public<IssueToken>, body: &Body<IssueToken>) -> Option<(ClientId, String)> {
    if let (Some(id), Some(secret)) = (&body.value.client_id, &body.value.client_secret) {
        return Some((id.parse().ok()?, secret.clone()));
    }
    let basic = call.authorization()?.strip_prefix("Basic ")?;
    let text = String::from_utf8(decode_base64(basic)?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.parse().ok()?, secret.to_owned()))
}

fn decode_base64(text: &str) -> Option<Vec<u8>> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut held, mut bytes) = (0_u32, 0_u32, Vec::new());
    for digit in text.trim_end_matches('=').bytes() {
        let value = u32::try_from(DIGITS.iter().position(|known| *known == digit)?).ok()?;
        bits = bits << 6 | value;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).ok()?);
            bits &= (1 << held) - 1;
        }
    }
    Some(bytes)
}

async fn issue(call: Public<IssueToken>, body: Body<IssueToken>) -> Result<Answer<IssueToken>, ApiError> {
    let rejected = || ApiError::plain(ProblemCode::ClientRejected);
    if body.value.grant_type != "client_credentials" {
        return Err(ApiError::at(
            ProblemCode::ValidationFailed,
            "unsupported_grant_type",
            "$.grant_type",
            "only `client_credentials` is possible",
        ));
    }
    let (id, secret) = credentials(&call, &body).ok_or_else(rejected)?;
    let hash = secret::token_hash(&secret);
    let look = async |tx: &Tx| {
        // 256 random bits are not guessed, so that comparing hashes as texts tells nothing of use.
        if !client::secrets(tx, id).await?.contains(&hash) {
            return Err(rejected());
        }
        Ok::<_, ApiError>(client::client(tx, id).await?)
    };
    let refused = |_: &ApiError| tracing::warn!(request_id = %call.request.id, "a system was refused");
    let found = call.state.db.read_tx(look).await.inspect_err(refused)?;
    let held = show(found).scopes;
    let wanted: Vec<&str> = body.value.scope.as_deref().unwrap_or("").split_whitespace().collect();
    if let Some(other) = wanted.iter().find(|scope| !held.iter().any(|one| one == *scope)) {
        let text = format!("the system does not have the scope `{other}`");
        return Err(ApiError::at(ProblemCode::ValidationFailed, "invalid_scope", "$.scope", text));
    }
    let scope = if wanted.is_empty() { held.join(" ") } else { wanted.join(" ") };
    let token = call.state.tokens.issue(id.0, &scope, chrono::Utc::now().timestamp())?;
    Answer::json(&TokenDto {
        access_token: token,
        token_type: "Bearer".to_owned(),
        expires_in: u32::try_from(ACCESS_TOKEN_SECONDS).unwrap_or(0),
        scope,
    })
}

#[cfg(test)]
mod tests {
    use super::decode_base64;

    #[test]
    fn base64() {
        let rows: &[(&str, Option<&[u8]>)] = &[
            ("", Some(b"")),
            ("Zg==", Some(b"f")),
            ("Zm8=", Some(b"fo")),
            ("Zm9v", Some(b"foo")),
            ("aWQ6c2VjcmV0", Some(b"id:secret")),
            ("a b", None),
        ];
        for (text, bytes) in rows {
            assert_eq!(decode_base64(text).as_deref(), *bytes, "{text}");
        }
    }
}
