//! What people see: the single-page app.
// tidy: allow(dead-code) fetch and design system are whole before the pages that use all of them
#![allow(dead_code, reason = "fetch and design system are whole before the pages that use all of them")]

mod api;
mod app;
mod chart;
mod fmt;
mod i18n;
mod number;
mod page;
mod prefs;
mod session;
mod shell;
mod ui;

fn main() {
    app::start();
}
