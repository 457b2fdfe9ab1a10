//! Commands that act once: the key is claimed and its answer kept in the transaction of the command.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use traguardo_contract::endpoint::Endpoint;
use traguardo_contract::problem::ProblemCode;
use traguardo_store::Tx;
use traguardo_store::integration::idempotency::{self, Claim};

use super::body::Answer;
use super::permit::Permit;
use crate::problem::ApiError;

/// SHA-256 of no body.
pub const NO_BODY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Does `work` in one transaction. Where the endpoint takes an `Idempotency-Key`, the same key with
/// the same body (`sha256`) gives the answer of the first time and does nothing.
pub async fn write<E: Endpoint>(
    permit: &Permit<E>,
    sha256: &str,
    work: impl AsyncFn(&Tx) -> Result<Answer<E>, ApiError>,
) -> Result<Answer<E>, ApiError> {
    let actor = permit.actor.id.to_string();
    let done = permit.state.db.write_tx(async |tx: &Tx| {
        let Some(key) = permit.request.key.as_deref() else { return work(tx).await };
        let route = format!("{} {}", E::INFO.method.as_str(), permit.request.path);
        match idempotency::claim(tx, &actor, &route, key, sha256).await? {
            Claim::New => {
                let answer = work(tx).await?;
                let (status, headers, body) = answer.parts();
                idempotency::keep(tx, (&actor, &route, key), status, &headers, &body).await?;
                Ok(answer)
            }
            Claim::Done { status, headers, answer } => Ok(again(status, &headers, answer)),
            Claim::Other => Err(ApiError::plain(ProblemCode::KeyReused)),
            Claim::Running => Err(ApiError::plain(ProblemCode::StillRunning)),
        }
    });
    done.await
}

fn again<E: Endpoint>(status: i64, headers: &str, body: String) -> Answer<E> {
    let status =
        u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::OK);
    let kept: BTreeMap<String, String> = serde_json::from_str(headers).unwrap_or_default();
    let headers = kept
        .into_iter()
        .filter_map(|(name, value)| Some((name.parse::<HeaderName>().ok()?, HeaderValue::from_str(&value).ok()?)))
        .collect();
    Answer::kept(status, headers, body)
}
