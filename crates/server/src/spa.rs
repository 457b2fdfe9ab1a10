//! The files of the single-page app: inside the binary in a release build, from `frontend/dist`
//! beside the sources otherwise.

use actix_web::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, VARY};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::RustEmbed;
use traguardo_contract::problem::ProblemCode;

use crate::http::request_id;
use crate::problem::ApiError;

#[derive(RustEmbed)]
#[folder = "../../frontend/dist"]
#[allow_missing = true]
struct Files;

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><title>Traguardo</title><p>The pages have not been built: \
                         run <code>cargo xtask build</code>. The API is at <a href=\"/docs\">/docs</a>.</p></html>";

/// The media type of a file, by its name.
fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" | "webmanifest" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// A file, or the page for every address that is not a file: the app finds its way itself.
pub async fn serve(req: HttpRequest) -> HttpResponse {
    if req.method() != Method::GET && req.method() != Method::HEAD {
        let mut error = ApiError::new(ProblemCode::MethodNotAllowed, "pages take GET and HEAD");
        error
            .headers
            .push((actix_web::http::header::ALLOW, actix_web::http::header::HeaderValue::from_static("GET, HEAD")));
        return error.response(&request_id(&req));
    }
    let path = req.path().trim_start_matches('/');
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    if !is_file {
        return page(&req);
    }
    match file(&req, path) {
        Some(response) => response,
        None => ApiError::new(ProblemCode::NotFound, "there is no such file").response(&request_id(&req)),
    }
}

fn page(req: &HttpRequest) -> HttpResponse {
    file(req, "index.html")
        .unwrap_or_else(|| HttpResponse::build(StatusCode::OK).content_type("text/html; charset=utf-8").body(NOT_BUILT))
}

fn file(req: &HttpRequest, path: &str) -> Option<HttpResponse> {
    if path.ends_with(".br") {
        return None;
    }
    let accepts = req.headers().get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    let brotli = accepts.split(',').any(|coding| coding.trim().split(';').next() == Some("br"));
    let packed = brotli.then(|| Files::get(&format!("{path}.br"))).flatten();
    // The names of all files but the page carry the hash of their content.
    let keep = if path == "index.html" { "no-cache" } else { "public, max-age=31536000, immutable" };
    let mut builder = HttpResponse::Ok();
    builder
        .content_type(media_type(path))
        .insert_header((CACHE_CONTROL, keep))
        .insert_header((VARY, "Accept-Encoding"));
    match packed {
        Some(file) => Some(builder.insert_header((CONTENT_ENCODING, "br")).body(file.data.into_owned())),
        None => Files::get(path).map(|file| builder.body(file.data.into_owned())),
    }
}
