//! `/healthz`, `/readyz`, `/metrics`: for those who watch the process, not for its users.

use actix_web::{HttpRequest, HttpResponse, web};
use traguardo_contract::problem::ProblemCode;

use super::{frame, metrics};
use crate::config::Profile;
use crate::problem::ApiError;
use crate::state::State;

pub fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/healthz", web::get().to(alive))
        .route("/readyz", web::get().to(ready))
        .route("/metrics", web::get().to(counters));
}

/// The process answers.
async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

/// The process can work: the database answers and has our schema.
async fn ready(req: HttpRequest, state: web::Data<State>) -> HttpResponse {
    match state.db.ready().await {
        Ok(()) => HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            ApiError::plain(ProblemCode::Unavailable).response(&frame::request_id(&req))
        }
    }
}

/// In the production profile only a client on this machine sees the counters.
async fn counters(req: HttpRequest, state: web::Data<State>) -> HttpResponse {
    let local = req.peer_addr().is_some_and(|peer| peer.ip().is_loopback());
    let forwarded = req.headers().contains_key("x-forwarded-for");
    if state.config.profile == Profile::Production && (!local || forwarded) {
        return ApiError::plain(ProblemCode::NotFound).response(&frame::request_id(&req));
    }
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(metrics::render())
}
