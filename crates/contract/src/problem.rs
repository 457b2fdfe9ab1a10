//! What goes wrong, from one table of codes (RFC 9457).

use serde::{Deserialize, Serialize};

macro_rules! problems {
    ($($(#[doc = $remedy:literal])+ $name:ident = $code:literal, $status:literal, $title:literal;)+) => {
        /// Every problem that the API can answer with.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum ProblemCode { $($(#[doc = $remedy])+ #[serde(rename = $code)] $name,)+ }

        impl ProblemCode {
            /// All codes, as the page lists them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The stable code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The HTTP status.
            pub fn status(self) -> u16 {
                match self { $(Self::$name => $status,)+ }
            }

            /// The title, the same for every occurrence.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }

            /// What to do about it.
            pub fn remedy(self) -> &'static str {
                match self { $(Self::$name => concat!($($remedy),+).trim_ascii(),)+ }
            }
        }
    };
}

problems! {
    /// Mend the body as `errors` say, place by place.
    InvalidBody = "invalid_body", 400, "The body is not what this operation takes";
    /// Mend the query or the path as `errors` say.
    InvalidQuery = "invalid_query", 400, "The address or its query is not what this operation takes";
    /// Mend the header that `errors` name.
    InvalidHeader = "invalid_header", 400, "A header is not what this operation takes";
    /// Send `Idempotency-Key` with a new random value for each intent, and the same value when you try again.
    IdempotencyKeyMissing = "idempotency_key_missing", 400, "The header Idempotency-Key is missing";
    /// Sign in, or get a new access token.
    Unauthenticated = "unauthenticated", 401, "You are not signed in";
    /// Check address and password; ask an administrator for a reset link if you forgot it.
    SignInFailed = "sign_in_failed", 401, "Address or password is wrong";
    /// Ask for a new link; each is good once and for a limited time.
    LinkInvalid = "link_invalid", 401, "The link is used, expired or unknown";
    /// Check client id and secret.
    ClientRejected = "client_rejected", 401, "The client is unknown, disabled or the secret is wrong";
    /// Give your password again, then repeat the request.
    StepUpRequired = "step_up_required", 401, "This act needs your password again";
    /// Ask an administrator for the role if it is your task.
    Forbidden = "forbidden", 403, "You may not do this";
    /// Use the application itself; a page of another origin cannot act for you.
    CrossSite = "cross_site", 403, "The request does not come from this application";
    /// Let somebody else decide.
    OwnWork = "own_work", 403, "Nobody decides on their own work or their own pay";
    /// Check the id; it may also lie outside your reach.
    NotFound = "not_found", 404, "There is no such thing within your reach";
    /// See /docs for the operations there are.
    NoSuchOperation = "no_such_operation", 404, "There is no such operation";
    /// Use a method that the header Allow names.
    MethodNotAllowed = "method_not_allowed", 405, "This address does not take that method";
    /// Accept application/json.
    NotAcceptable = "not_acceptable", 406, "The answer cannot be given in a form you accept";
    /// Send the body without pause.
    Timeout = "timeout", 408, "The body did not arrive in time";
    /// Choose another key, or change what is there.
    AlreadyExists = "already_exists", 409, "It is there already";
    /// Do one of the actions that the answer names as possible.
    IllegalTransition = "illegal_transition", 409, "That is not possible in this state";
    /// Provide what the answer names, then try again.
    GuardFailed = "guard_failed", 409, "A condition for this step does not hold";
    /// Post the correction to an open period.
    PeriodClosed = "period_closed", 409, "The period is closed";
    /// Wait for the first request to be answered, then ask with the same key for its answer.
    StillRunning = "still_running", 409, "A request with this key is still being worked on";
    /// Read it again; somebody changed it meanwhile.
    Conflict = "conflict", 409, "It collides with the work of somebody else";
    /// Read it again and repeat your change on the version that is there now.
    StaleVersion = "stale_version", 412, "It was changed since you read it";
    /// Send less, or in parts.
    TooLarge = "too_large", 413, "The body is too large";
    /// Send one of the content types that this operation takes.
    UnsupportedMediaType = "unsupported_media_type", 415, "The body is in a form that this operation does not take";
    /// Mend everything that `errors` name.
    ValidationFailed = "validation_failed", 422, "What was sent breaks a rule";
    /// Take a new key for a new intent.
    KeyReused = "key_reused", 422, "The key was used for another body";
    /// Send `If-Match` with the ETag of the version that you read.
    PreconditionRequired = "precondition_required", 428, "The header If-Match is missing";
    /// Wait as long as the header Retry-After says.
    TooManyRequests = "too_many_requests", 429, "Too many requests";
    /// Try again; if it stays, give the request id to your administrator.
    Internal = "internal", 500, "Something broke on our side";
    /// Try again after a while.
    Unavailable = "unavailable", 503, "The service is not ready";
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProblemError {
    /// Stable code of the fault.
    pub code: String,
    /// Where in the body, query or headers, as a JSON path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Row of the file, the header being row 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// Column of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What is wrong and what to do about it.
    pub message: String,
}

/// The answer when something is wrong (`application/problem+json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Address of the description of this kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// Title, the same for every occurrence of the code.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened here.
    pub detail: String,
    /// The request, as `urn:uuid:` of its id; the log knows it by the same.
    pub instance: String,
    /// Stable code.
    pub code: ProblemCode,
    /// Everything that is wrong, place by place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemError>,
}

impl Problem {
    /// A problem of `code`; `request_id` identifies the request.
    pub fn new(code: ProblemCode, detail: impl Into<String>, request_id: &str) -> Self {
        Self {
            kind: format!("/docs/problems#{}", code.code()),
            title: code.title().to_owned(),
            status: code.status(),
            detail: detail.into(),
            instance: format!("urn:uuid:{request_id}"),
            code,
            errors: Vec::new(),
        }
    }
}

/// The table of codes as a Markdown page.
pub fn render() -> String {
    let mut page = String::from(
        "# Problems\n\nGenerated from `crates/contract/src/problem.rs`; a test keeps it equal. Every answer from 400 on is \
         `application/problem+json` with `type`, `title`, `status`, `detail`, `instance`, `code` and, where it has several \
         places, `errors`.\n\n| code | status | title | what to do |\n|---|---|---|---|\n",
    );
    for code in ProblemCode::ALL {
        page.push_str(&format!("| `{}` | {} | {} | {} |\n", code.code(), code.status(), code.title(), code.remedy()));
    }
    page
}
