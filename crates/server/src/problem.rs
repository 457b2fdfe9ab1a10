//! From what went wrong to the problem that is answered.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use traguardo_contract::problem::{Problem, ProblemCode, ProblemError};
use traguardo_domain::finding::Finding;
use traguardo_domain::workflow::{Guard, Refusal};
use traguardo_store::StoreError;
use traguardo_store::db::WorkError;

/// A problem on its way to the answer.
#[derive(Debug, Clone)]
pub struct ApiError {
    /// Which problem.
    pub code: ProblemCode,
    /// What happened.
    pub detail: String,
    /// Everything that is wrong, place by place.
    pub errors: Vec<ProblemError>,
    /// Headers that belong to it.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Whether the transaction may succeed when it is done again at once.
    retry: bool,
}

impl WorkError for ApiError {
    fn store(&self) -> Option<&StoreError> {
        self.retry.then_some(&StoreError::Retry)
    }
}

impl ApiError {
    /// A problem with what happened.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), errors: Vec::new(), headers: Vec::new(), retry: false }
    }

    /// A problem without more to say than its title.
    pub fn plain(code: ProblemCode) -> Self {
        Self::new(code, code.remedy())
    }

    /// One thing is wrong at `path`.
    pub fn at(code: ProblemCode, fault: &str, path: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        let error = ProblemError {
            code: fault.to_owned(),
            path: Some(path.to_owned()),
            row: None,
            column: None,
            message: message.clone(),
        };
        Self { errors: vec![error], ..Self::new(code, message) }
    }

    /// Not there, or out of reach.
    pub fn not_found(what: &str, id: &str) -> Self {
        let shown: String = id.chars().filter(|c| !c.is_control()).take(60).collect();
        Self::new(ProblemCode::NotFound, format!("there is no {what} `{shown}` within your reach"))
    }

    /// Too many; try again after a while.
    pub fn too_many(detail: impl Into<String>, wait: Duration) -> Self {
        let mut error = Self::new(ProblemCode::TooManyRequests, detail);
        error.headers.push((RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1))));
        error
    }

    /// Everything that a check found wrong; warnings are left out.
    pub fn findings(findings: &[Finding]) -> Self {
        let errors: Vec<ProblemError> = findings
            .iter()
            .filter(|finding| finding.is_error())
            .map(|finding| ProblemError {
                code: finding.code.clone(),
                path: Some(finding.path.clone()),
                row: None,
                column: None,
                message: if finding.help.is_empty() {
                    finding.message.clone()
                } else {
                    format!("{}; {}", finding.message, finding.help)
                },
            })
            .collect();
        let detail = match errors.as_slice() {
            [only] => only.message.clone(),
            many => format!("{} places break a rule", many.len()),
        };
        Self { errors, ..Self::new(ProblemCode::ValidationFailed, detail) }
    }

    /// Refuses unless `findings` holds no error.
    pub fn check(findings: &[Finding]) -> Result<(), Self> {
        if traguardo_domain::finding::has_errors(findings) { Err(Self::findings(findings)) } else { Ok(()) }
    }

    /// The answer to the request `request_id`.
    pub fn response(&self, request_id: &str) -> HttpResponse {
        let mut problem = Problem::new(self.code, &self.detail, request_id);
        problem.errors.clone_from(&self.errors);
        let status = StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut builder = HttpResponse::build(status);
        for (name, value) in &self.headers {
            builder.insert_header((name.clone(), value.clone()));
        }
        if status == StatusCode::UNAUTHORIZED {
            builder.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"traguardo\""));
        }
        let body = serde_json::to_string(&problem).unwrap_or_default();
        builder.content_type("application/problem+json").body(body)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let text = error.to_string();
        let retry = matches!(error, StoreError::Retry);
        match error {
            StoreError::NotFound { what, id } => Self::not_found(what, &id),
            StoreError::Stale { .. } => Self::new(ProblemCode::StaleVersion, text),
            StoreError::Exists { constraint } => Self::new(
                ProblemCode::AlreadyExists,
                format!("there is already one with these values ({})", columns(&constraint)),
            ),
            StoreError::Reference | StoreError::Check(_) | StoreError::Unfit(_) => {
                Self::new(ProblemCode::ValidationFailed, text)
            }
            StoreError::Immutable(what) => Self::new(ProblemCode::IllegalTransition, format!("{what} never changes")),
            StoreError::Refused { code: "period_closed", message } => Self::new(ProblemCode::PeriodClosed, message),
            StoreError::Refused { code, message } => Self::at(ProblemCode::ValidationFailed, code, "$", message),
            StoreError::Listing(message) => Self::at(ProblemCode::InvalidQuery, "invalid_listing", "$.query", message),
            StoreError::Busy | StoreError::Retry => {
                let mut busy = Self::new(ProblemCode::Unavailable, "the database is busy");
                busy.headers.push((RETRY_AFTER, HeaderValue::from(1)));
                busy.retry = retry;
                busy
            }
            StoreError::Full | StoreError::Corrupt { .. } | StoreError::Database(_) => {
                tracing::error!(error = %text, "the store failed");
                Self::plain(ProblemCode::Internal)
            }
        }
    }
}

/// The columns of a uniqueness, without the names of tables and indexes.
fn columns(constraint: &str) -> String {
    constraint.split(", ").map(|part| part.rsplit('.').next().unwrap_or(part)).collect::<Vec<_>>().join(", ")
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        let code = match refusal {
            Refusal::Illegal { .. } => ProblemCode::IllegalTransition,
            Refusal::NotPermitted { .. } | Refusal::NoSeat { .. } => ProblemCode::Forbidden,
            Refusal::Guarded { guard: Guard::NotOwn | Guard::NotOwnWork, .. } => ProblemCode::OwnWork,
            Refusal::Guarded { guard: Guard::IsOwn, .. } => ProblemCode::Forbidden,
            Refusal::Guarded {
                guard: Guard::Reason | Guard::Comment | Guard::CounterValue | Guard::Signature, ..
            } => ProblemCode::ValidationFailed,
            Refusal::Guarded { .. } => ProblemCode::GuardFailed,
        };
        Self::new(code, detail)
    }
}
