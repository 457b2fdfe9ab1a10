//! The one way to the server: every request of the app passes through [`Call`].
//!
//! An endpoint is a type of the contract, which says method, path, body and answer; so a page cannot ask for what
//! the server does not have. A session that ended in between is renewed here, and the request is sent again:
//! nothing that was typed is lost.

use crate::i18n::{K, by_code, t, tf};
use crate::session::{self, Ask};
use gloo_net::http::{Method as HttpMethod, RequestBuilder};
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Write as _;
use std::marker::PhantomData;
use std::sync::LazyLock;
use traguardo_contract::endpoint::{BASE, Content, Endpoint, Info, Method};
use traguardo_contract::problem::ProblemError;

/// Proves to the server that a page of this origin asks: other origins cannot set it without being asked first.
const OWN_HEADER: (&str, &str) = ("X-Requested-With", "traguardo");

/// Whether the server could be reached at the last try.
static REACHED: LazyLock<ArcRwSignal<bool>> = LazyLock::new(|| ArcRwSignal::new(true));

/// Whether the server could be reached at the last try; the shell shows a banner when not.
pub(crate) fn reached() -> ArcRwSignal<bool> {
    REACHED.clone()
}

/// What went wrong, in the words of the server's problem codes, or with one of our own codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// `stale_version`, `offline` …: what the texts are found by.
    pub(crate) code: String,
    /// What happened, as the server says it; shown where we have no words for the code.
    pub(crate) detail: String,
    pub(crate) status: u16,
    /// The id to quote to an administrator.
    pub(crate) instance: Option<String>,
    /// Everything that is wrong, place by place.
    pub(crate) errors: Vec<ProblemError>,
    /// Seconds to wait before trying again.
    pub(crate) retry_after: Option<u32>,
}

impl Problem {
    fn own(code: &str, detail: String) -> Self {
        Self { code: code.to_owned(), detail, status: 0, instance: None, errors: Vec::new(), retry_after: None }
    }

    /// The problem in the reader's words.
    pub(crate) fn words(&self) -> String {
        match by_code("problem.", &self.code) {
            Some(key) => t(key).to_owned(),
            None if self.detail.is_empty() => t(K::ProblemUnknown).to_owned(),
            None => self.detail.clone(),
        }
    }

    /// What the reader can do about it.
    pub(crate) fn remedy(&self) -> String {
        if let Some(seconds) = self.retry_after {
            return tf(K::ProblemWait, &[("seconds", &seconds.to_string())]);
        }
        let key = by_code("problem.", &format!("{}.remedy", self.code)).unwrap_or(K::ProblemUnknownRemedy);
        t(key).to_owned()
    }

    /// The error about the field at this JSON path.
    pub(crate) fn at(&self, path: &str) -> Option<String> {
        self.errors.iter().find(|error| error.path.as_deref() == Some(path)).map(|error| error.message.clone())
    }
}

/// Where in a file or a body an error lies, in words.
pub(crate) fn place_of(error: &ProblemError) -> Option<String> {
    match (error.row, &error.column, &error.path) {
        (Some(row), Some(column), _) => Some(tf(K::ProblemRowColumn, &[("row", &row.to_string()), ("column", column)])),
        (Some(row), None, _) => Some(tf(K::ProblemRow, &[("row", &row.to_string())])),
        (None, Some(column), _) => Some(column.clone()),
        (None, None, path) => path.clone(),
    }
}

/// One intent of the reader: sent twice, it still acts once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IntentKey(String);

impl IntentKey {
    /// A new random key. Keep it while the same form is sent again; take a new one for a new intent.
    pub(crate) fn new() -> Self {
        Self(window().crypto().map(|crypto| crypto.random_uuid()).unwrap_or_default())
    }
}

/// A good answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer<T> {
    pub(crate) value: T,
    /// The version that was read; give it to [`Call::if_match`].
    pub(crate) version: Option<String>,
}

/// A request to the endpoint `E`.
pub(crate) struct Call<E> {
    path: String,
    query: String,
    body: Option<Result<String, String>>,
    version: Option<String>,
    key: Option<IntentKey>,
    endpoint: PhantomData<E>,
}

impl<E: Endpoint> Call<E> {
    pub(crate) fn new() -> Self {
        Self {
            path: E::INFO.path.to_owned(),
            query: String::new(),
            body: None,
            version: None,
            key: None,
            endpoint: PhantomData,
        }
    }

    /// Fills the parameter `{name}` of the path.
    pub(crate) fn at(mut self, name: &str, value: &str) -> Self {
        self.path = self.path.replace(&format!("{{{name}}}"), &encoded(value));
        self
    }

    /// Adds the query; what is empty is left out.
    pub(crate) fn query(mut self, query: &E::Query) -> Self
    where
        E::Query: Serialize,
    {
        if let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(query) {
            for (name, value) in fields {
                let value = match value {
                    serde_json::Value::Null => continue,
                    serde_json::Value::String(text) => text,
                    other => other.to_string(),
                };
                let sign = if self.query.is_empty() { '?' } else { '&' };
                let _ = write!(self.query, "{sign}{}={}", encoded(&name), encoded(&value));
            }
        }
        self
    }

    pub(crate) fn body(mut self, body: &<E::Body as Content>::Value) -> Self
    where
        <E::Body as Content>::Value: Serialize,
    {
        self.body = Some(serde_json::to_string(body).map_err(|error| error.to_string()));
        self
    }

    /// Acts only if nobody changed the thing since this version was read.
    pub(crate) fn if_match(mut self, version: &str) -> Self {
        self.version = Some(version.to_owned());
        self
    }

    /// Acts once for this key, however often it is sent.
    pub(crate) fn once(mut self, key: &IntentKey) -> Self {
        self.key = Some(key.clone());
        self
    }

    /// Sends it and reads the answer.
    pub(crate) async fn send(self) -> Result<Answer<<E::Answer as Content>::Value>, Problem>
    where
        <E::Answer as Content>::Value: DeserializeOwned,
    {
        let body = self.body.transpose().map_err(|error| Problem::own("unreadable", error))?;
        // Every act has a key, so that sending again after a lost answer is safe.
        let key = if E::INFO.keyed { Some(self.key.unwrap_or_else(IntentKey::new)) } else { None };
        let parcel = Parcel {
            info: &E::INFO,
            url: format!("{BASE}{}{}", self.path, self.query),
            body,
            version: self.version,
            key,
            asks_by_itself: E::INFO.path.starts_with("/session"),
        };
        let raw = parcel.send().await?;
        // An answer without content is read as an empty object.
        let text = if raw.text.is_empty() { "{}" } else { &raw.text };
        let value = serde_json::from_str(text).map_err(|error| Problem::own("unreadable", error.to_string()))?;
        Ok(Answer { value, version: raw.version })
    }
}

/// A request without its types: one copy of this code serves all endpoints.
struct Parcel {
    info: &'static Info,
    url: String,
    body: Option<String>,
    version: Option<String>,
    key: Option<IntentKey>,
    /// The session's own requests: their page says itself what is missing.
    asks_by_itself: bool,
}

struct Raw {
    text: String,
    version: Option<String>,
}

impl Parcel {
    async fn send(self) -> Result<Raw, Problem> {
        let first = self.exchange().await;
        let ask = match &first {
            // The session ended while the page was open, or the act needs the password: ask over the page, then go on.
            Err(problem) if problem.code == "unauthenticated" && session::is_signed_in() => Ask::SignIn,
            Err(problem) if problem.code == "step_up_required" => Ask::Confirm,
            _ => return first,
        };
        if self.asks_by_itself || !session::wait_for(ask).await {
            return first;
        }
        self.exchange().await
    }

    async fn exchange(&self) -> Result<Raw, Problem> {
        let method = match self.info.method {
            Method::Get => HttpMethod::GET,
            Method::Post => HttpMethod::POST,
            Method::Put => HttpMethod::PUT,
            Method::Delete => HttpMethod::DELETE,
        };
        let mut request = RequestBuilder::new(&self.url)
            .method(method)
            .header("Accept", "application/json, application/problem+json")
            .header(OWN_HEADER.0, OWN_HEADER.1);
        if let Some(version) = &self.version {
            request = request.header("If-Match", version);
        }
        if let Some(IntentKey(key)) = &self.key {
            request = request.header("Idempotency-Key", key);
        }
        let request = match &self.body {
            Some(body) => request.header("Content-Type", "application/json").body(body.clone()),
            None => request.build(),
        };
        let response = match request {
            Ok(request) => request.send().await,
            Err(error) => Err(error),
        };
        let response = match response {
            Ok(response) => {
                note_reached(true);
                response
            }
            Err(error) => {
                note_reached(false);
                let code = if window().navigator().on_line() { "unreachable" } else { "offline" };
                return Err(Problem::own(code, error.to_string()));
            }
        };
        let status = response.status();
        let (version, wait) = (response.headers().get("etag"), response.headers().get("retry-after"));
        let text = response.text().await.map_err(|error| Problem::own("unreachable", error.to_string()))?;
        if response.ok() {
            return Ok(Raw { text, version });
        }
        Err(problem_of(status, &text, wait.and_then(|seconds| seconds.parse().ok())))
    }
}

fn note_reached(now: bool) {
    if REACHED.get_untracked() != now {
        REACHED.set(now);
    }
}

/// A problem document as it comes: a code that this build does not know yet must not hide the rest.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Sent {
    code: String,
    detail: String,
    instance: Option<String>,
    errors: Vec<ProblemError>,
}

fn problem_of(status: u16, text: &str, retry_after: Option<u32>) -> Problem {
    let sent: Sent = serde_json::from_str(text).unwrap_or_default();
    let code = match (sent.code.is_empty(), status) {
        (false, _) => sent.code,
        // Something between us and the server answered in its own words.
        (true, 502..=504) => "unavailable".to_owned(),
        (true, _) => "unknown".to_owned(),
    };
    let instance = sent.instance.map(|instance| instance.trim_start_matches("urn:uuid:").to_owned());
    Problem { code, detail: sent.detail, status, instance, errors: sent.errors, retry_after }
}

/// Percent-encodes a part of an address.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use traguardo_contract::problem::ProblemCode;

    #[test]
    fn every_problem_code_has_words_and_a_remedy() {
        let own = ["offline", "unreachable", "unreadable", "unknown"];
        for code in ProblemCode::ALL.iter().map(|code| code.code()).chain(own) {
            assert!(by_code("problem.", code).is_some(), "locales: `problem.{code}` is missing");
            assert!(
                by_code("problem.", &format!("{code}.remedy")).is_some(),
                "locales: `problem.{code}.remedy` is missing"
            );
        }
    }

    #[test]
    fn a_problem_is_read_and_an_answer_that_is_none_is_still_a_problem() {
        let sent = r#"{"type":"/x","title":"T","status":412,"detail":"d","instance":"urn:uuid:1","code":"stale_version","new":1}"#;
        let problem = problem_of(412, sent, None);
        assert_eq!((problem.code.as_str(), problem.instance.as_deref()), ("stale_version", Some("1")));
        assert_eq!(problem_of(502, "<html>", None).code, "unavailable");
        assert_eq!(problem_of(500, "", None).code, "unknown");
        assert_eq!(problem_of(429, r#"{"code":"too_many_requests"}"#, Some(7)).retry_after, Some(7));
    }

    #[test]
    fn what_stands_in_an_address_cannot_leave_its_place() {
        assert_eq!(encoded("a/b?c=ò#"), "a%2Fb%3Fc%3D%C3%B2%23");
    }
}
