//! `/api/openapi.json` and `/docs`: the description of the API, readable without any network.

use std::fmt::Write as _;
use std::sync::OnceLock;

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, web};
use traguardo_contract::problem::ProblemCode;

use super::openapi;

/// Adds the pages and the document.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/api/openapi.json", web::get().to(document))
        .route("/docs", web::get().to(page))
        .route("/docs/problems", web::get().to(problems))
        .route("/docs/docs.css", web::get().to(style))
        .route("/docs/docs.js", web::get().to(script));
}

async fn document() -> HttpResponse {
    static TEXT: OnceLock<String> = OnceLock::new();
    HttpResponse::Ok().content_type("application/json").body(TEXT.get_or_init(openapi::text).as_str())
}

fn kept(media: &str, text: impl Into<String>) -> HttpResponse {
    HttpResponse::Ok().content_type(media).insert_header((CACHE_CONTROL, "no-cache")).body(text.into())
}

async fn page() -> HttpResponse {
    kept("text/html; charset=utf-8", include_str!("../../assets/docs.html"))
}

async fn style() -> HttpResponse {
    kept("text/css; charset=utf-8", include_str!("../../assets/docs.css"))
}

async fn script() -> HttpResponse {
    kept("text/javascript; charset=utf-8", include_str!("../../assets/docs.js"))
}

async fn problems() -> HttpResponse {
    let mut rows = String::new();
    for code in ProblemCode::ALL {
        let (word, status, title, remedy) = (code.code(), code.status(), code.title(), code.remedy());
        let _ = write!(
            rows,
            "<tr id=\"{word}\"><td><code>{word}</code></td><td>{status}</td><td>{title}</td><td>{remedy}</td></tr>"
        );
    }
    let page = include_str!("../../assets/problems.html").replace("<!-- rows -->", &rows);
    kept("text/html; charset=utf-8", page)
}
