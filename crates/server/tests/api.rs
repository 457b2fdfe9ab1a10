//! The API, tried against the real server over TCP, on SQLite and on PostgreSQL.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "what goes wrong in a test is told by a panic"
)]

#[path = "api/kit.rs"]
mod kit;

#[path = "api/access.rs"]
mod access;
#[path = "api/browser.rs"]
mod browser;
#[path = "api/convention.rs"]
mod convention;
#[path = "api/document.rs"]
mod document;
#[path = "api/import.rs"]
mod import;
#[path = "api/job.rs"]
mod job;
#[path = "api/session.rs"]
mod session;
#[path = "api/user.rs"]
mod user;
