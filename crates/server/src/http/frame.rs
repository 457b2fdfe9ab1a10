//! Around every answer: the request id, the security headers and one line of the log.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::HeaderName;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest};

use super::{metrics, security};

/// Identifies the request in the answer, the log and the trail.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// The operation that answers, for log and metrics.
#[derive(Debug, Clone, Copy)]
pub struct Operation(pub &'static str);

/// Who asks, for the log.
#[derive(Debug, Clone)]
pub struct Asker(pub String);

/// The id that the frame gave to the request.
pub fn request_id(req: &HttpRequest) -> String {
    req.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}

/// Gives the request its id, lets it be answered, and dresses the answer.
pub async fn frame<B: MessageBody>(req: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let begun = Instant::now();
    let id = crate::session::random_id();
    req.extensions_mut().insert(RequestId(id.clone()));
    let mut answer = next.call(req).await?;
    let request = answer.request().clone();
    security::dress(request.path(), answer.headers_mut());
    if let Ok(value) = id.parse() {
        answer.headers_mut().insert(HeaderName::from_static("request-id"), value);
    }
    let operation = request.extensions().get::<Operation>().map_or("-", |operation| operation.0);
    let asker = request.extensions().get::<Asker>().map(|asker| asker.0.clone()).unwrap_or_default();
    let (status, took) = (answer.status().as_u16(), begun.elapsed());
    metrics::count(operation, status, took);
    // Neither the address with its query nor any body: both may carry what the log must not.
    tracing::info!(target: "traguardo::request", request_id = %id, method = %request.method(), operation, status,
        took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX), asker = %asker);
    Ok(answer)
}
