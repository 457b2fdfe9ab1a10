//! What comes in and what goes out: queries, bodies, answers.

use std::marker::PhantomData;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, LOCATION,
};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::StreamExt;
use serde::Serialize;
use serde::de::DeserializeOwned;
use traguardo_contract::endpoint::{BASE, Content, Endpoint, Form, Json, Nothing};
use traguardo_contract::page::{ListQuery, Page};
use traguardo_contract::problem::ProblemCode;
use traguardo_store::{Listed, Listing};

use super::dispatch::Extract;
use crate::problem::ApiError;

/// Most bytes of a JSON body or a form.
pub const BODY_LIMIT: usize = 2 * 1024 * 1024;
/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(30);

/// The query of the endpoint.
#[derive(Debug)]
pub struct Query<E: Endpoint>(pub E::Query);

impl<E: Endpoint> Extract<E> for Query<E>
where
    E::Query: DeserializeOwned,
{
    async fn extract(req: &HttpRequest, _: &mut Payload) -> Result<Self, ApiError> {
        actix_web::web::Query::<E::Query>::from_query(req.query_string()).map(|query| Self(query.into_inner())).map_err(
            |error| {
                let message = error.to_string().replace("Query deserialize error: ", "");
                ApiError::at(ProblemCode::InvalidQuery, "invalid_query", "$.query", message)
            },
        )
    }
}

/// How a body is read.
pub trait ReadBody: Content {
    /// From its bytes.
    fn read(bytes: &[u8]) -> Result<Self::Value, ApiError>;
}

impl<T: DeserializeOwned> ReadBody for Json<T>
where
    Json<T>: Content<Value = T>,
{
    fn read(bytes: &[u8]) -> Result<T, ApiError> {
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let invalid = |path: String, message: String| {
            let path = if path == "." { "$".to_owned() } else { format!("$.{path}") };
            let fault = if message.starts_with("unknown field") { "unknown_field" } else { "invalid_value" };
            ApiError::at(ProblemCode::InvalidBody, fault, &path, message)
        };
        let value = serde_path_to_error::deserialize(&mut reader)
            .map_err(|error| invalid(error.path().to_string(), error.inner().to_string()))?;
        reader.end().map_err(|error| invalid(".".to_owned(), error.to_string()))?;
        Ok(value)
    }
}

impl<T: DeserializeOwned> ReadBody for Form<T>
where
    Form<T>: Content<Value = T>,
{
    fn read(bytes: &[u8]) -> Result<T, ApiError> {
        let text = std::str::from_utf8(bytes).unwrap_or("\u{0}");
        actix_web::web::Query::<T>::from_query(text).map(actix_web::web::Query::into_inner).map_err(|error| {
            let message = error.to_string().replace("Query deserialize error: ", "");
            ApiError::at(ProblemCode::InvalidBody, "invalid_value", "$", message)
        })
    }
}

/// The body of the endpoint, and the hash of its bytes for `Idempotency-Key`.
pub struct Body<E: Endpoint> {
    /// What it says.
    pub value: <E::Body as Content>::Value,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

impl<E: Endpoint> Extract<E> for Body<E>
where
    E::Body: ReadBody,
{
    async fn extract(req: &HttpRequest, payload: &mut Payload) -> Result<Self, ApiError> {
        check_media_type(req.headers(), E::Body::MEDIA)?;
        let bytes = read_all(payload, BODY_LIMIT).await?;
        Ok(Self { value: E::Body::read(&bytes)?, sha256: traguardo_store::audit::sha256(&bytes) })
    }
}

/// Refuses a body in another form than one of `media`.
pub fn check_media_type(headers: &HeaderMap, media: &[&str]) -> Result<(), ApiError> {
    if headers.get(CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return Err(ApiError::new(ProblemCode::UnsupportedMediaType, "send the body without Content-Encoding"));
    }
    let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let kind = given.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    if media.contains(&kind.as_str()) {
        return Ok(());
    }
    let detail = format!("this operation takes {}", media.join(" or "));
    Err(ApiError::new(ProblemCode::UnsupportedMediaType, detail))
}

/// Refuses a client that accepts nothing of `media`.
pub fn check_accept(headers: &HeaderMap, media: &[&str]) -> Result<(), ApiError> {
    let Some(accept) = headers.get(ACCEPT).and_then(|value| value.to_str().ok()) else { return Ok(()) };
    let accepted = accept.split(',').any(|range| {
        let range = range.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
        let family = range.strip_suffix("/*");
        range == "*/*"
            || media.contains(&range.as_str())
            || family.is_some_and(|family| media.iter().any(|kind| kind.starts_with(family)))
    });
    if accepted || media.is_empty() || accept.trim().is_empty() {
        return Ok(());
    }
    Err(ApiError::new(ProblemCode::NotAcceptable, format!("the answer is {}", media.join(" or "))))
}

/// Reads a whole body of at most `limit` bytes, in time.
pub async fn read_all(payload: &mut Payload, limit: usize) -> Result<Vec<u8>, ApiError> {
    let read = async {
        let mut bytes = Vec::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| ApiError::new(ProblemCode::InvalidBody, "the body broke off"))?;
            if bytes.len().saturating_add(chunk.len()) > limit {
                return Err(ApiError::new(ProblemCode::TooLarge, format!("the body is larger than {limit} bytes")));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    match actix_web::rt::time::timeout(BODY_TIME, read).await {
        Ok(done) => done,
        Err(_) => Err(ApiError::new(ProblemCode::Timeout, "the body did not arrive within 30 seconds")),
    }
}

/// The wish of a list query, for the store. What is not `limit`, `cursor` or `sort` is a filter.
pub fn listing<Q: ListQuery>(query: &Q) -> Result<Listing, ApiError> {
    let mut listing = Listing::default();
    let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(query) else {
        return Err(ApiError::plain(ProblemCode::InvalidQuery));
    };
    for (name, value) in fields {
        let text = match value {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        match name.as_str() {
            "limit" => {
                let limit = text.parse().ok().filter(|limit| (1..=traguardo_contract::page::LIMIT_MAX).contains(limit));
                let wrong = || {
                    ApiError::at(
                        ProblemCode::InvalidQuery,
                        "limit",
                        "$.query.limit",
                        "`limit` is a number from 1 to 200",
                    )
                };
                listing.limit = limit.ok_or_else(wrong)?;
            }
            "cursor" => listing.cursor = Some(text),
            "sort" => listing.sort = Some(text),
            _ => listing.filters.push((name, moment(text))),
        }
    }
    Ok(listing)
}

/// A moment in the spelling of the store, so that texts compare as times do.
fn moment(text: String) -> String {
    match chrono::DateTime::parse_from_rfc3339(&text) {
        Ok(at) if text.contains('T') => traguardo_store::db::moment_text(at.to_utc()),
        _ => text,
    }
}

/// The good answer of the endpoint.
pub struct Answer<E: Endpoint> {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    content: Given,
    endpoint: PhantomData<E>,
}

enum Given {
    Json(String),
    Nothing,
    Raw(HttpResponse),
}

impl<E: Endpoint> Answer<E> {
    fn new(content: Given) -> Self {
        let status = StatusCode::from_u16(E::INFO.status).unwrap_or(StatusCode::OK);
        Self { status, headers: Vec::new(), content, endpoint: PhantomData }
    }

    /// The answer as HTTP.
    pub fn into_response(self) -> HttpResponse {
        let mut response = match self.content {
            Given::Json(text) => HttpResponse::build(self.status).content_type("application/json").body(text),
            Given::Nothing => HttpResponse::build(self.status).finish(),
            Given::Raw(response) => response,
        };
        for (name, value) in self.headers {
            response.headers_mut().append(name, value);
        }
        response
    }

    /// An answer made elsewhere: a stream, a file. It cannot be kept for an `Idempotency-Key`.
    pub fn raw(response: HttpResponse) -> Self {
        Self::new(Given::Raw(response))
    }

    /// An answer that was given before.
    pub(super) fn kept(status: StatusCode, headers: Vec<(HeaderName, HeaderValue)>, body: String) -> Self {
        let content = if body.is_empty() { Given::Nothing } else { Given::Json(body) };
        Self { status, headers, content, endpoint: PhantomData }
    }

    /// What is kept of it: status, headers as JSON, body.
    pub(super) fn parts(&self) -> (i64, String, String) {
        let headers: std::collections::BTreeMap<&str, &str> =
            self.headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?))).collect();
        let body = match &self.content {
            Given::Json(text) => text.clone(),
            Given::Nothing | Given::Raw(_) => String::new(),
        };
        (i64::from(self.status.as_u16()), serde_json::to_string(&headers).unwrap_or_default(), body)
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// Where the new thing is, relative to the base.
    #[must_use]
    pub fn location(self, path: &str) -> Self {
        self.header(LOCATION, &format!("{BASE}{path}"))
    }

    /// The version that `If-Match` refers to.
    #[must_use]
    pub fn version(self, version: i64) -> Self {
        self.header(ETAG, &format!("\"{version}\""))
    }
}

impl<E, T> Answer<E>
where
    E: Endpoint<Answer = Json<T>>,
    T: Serialize,
{
    /// A JSON answer.
    pub fn json(value: &T) -> Result<Self, ApiError> {
        let body = serde_json::to_string(value).map_err(|error| {
            tracing::error!(%error, "an answer cannot be written");
            ApiError::plain(ProblemCode::Internal)
        })?;
        Ok(Self::new(Given::Json(body)))
    }
}

impl<E, T> Answer<E>
where
    E: Endpoint<Answer = Json<Page<T>>>,
    T: Serialize,
{
    /// One page of a list; `show` makes what travels from what is kept.
    pub fn page<R>(listed: Listed<R>, show: impl FnMut(R) -> T) -> Result<Self, ApiError> {
        let page = Page {
            items: listed.items.into_iter().map(show).collect(),
            next_cursor: listed.next_cursor,
            total: u64::try_from(listed.total).unwrap_or(0),
        };
        Self::json(&page)
    }

    /// A list that has only one page.
    pub fn whole(items: Vec<T>) -> Result<Self, ApiError> {
        let total = u64::try_from(items.len()).unwrap_or(u64::MAX);
        Self::json(&Page { items, next_cursor: None, total })
    }
}

impl<E: Endpoint<Answer = Nothing>> Answer<E> {
    /// An answer without content.
    pub fn nothing() -> Self {
        Self::new(Given::Nothing)
    }
}
