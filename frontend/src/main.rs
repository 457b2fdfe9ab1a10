//! What people see: the single-page app.

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
