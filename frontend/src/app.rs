//! The app: what is shown at which address, and to whom.

use crate::page;
use crate::session::{self, Session};
use crate::shell::Shell;
use crate::{prefs, ui};
use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{StaticSegment, path};

/// Starts the app in the document.
pub(crate) fn start() {
    mount_to_body(App);
    // The splash has done its part.
    if let Some(splash) = document().get_element_by_id("boot") {
        splash.remove();
    }
}

#[component]
fn App() -> impl IntoView {
    prefs::follow();
    session::follow();
    session::load();
    view! {
        <Router>
            <Pages />
            <ui::Toasts />
        </Router>
    }
}

#[component]
fn Pages() -> impl IntoView {
    let session = session::session();
    // Only a change of the kind of session changes the page, not a change of the person's name.
    let kind = Memo::new(move |_| match session.get() {
        Session::Unknown => Kind::Unknown,
        Session::SignedIn(_) => Kind::In,
        Session::SignedOut | Session::Unclear(_) => Kind::Out,
    });
    let place = leptos_router::hooks::use_location().pathname;
    // These need nobody signed in: the components on show, and the calculator, which never leaves the browser.
    let open = Memo::new(move |_| matches!(place.get().trim_end_matches('/'), "/design" | "/calculator"));
    move || match (kind.get(), open.get()) {
        (Kind::In, _) | (_, true) => view! { <Signed /> }.into_any(),
        (Kind::Unknown, _) => view! { <page::Waiting /> }.into_any(),
        // Shown at the address that was asked for: after signing in the reader is where they wanted to be.
        (Kind::Out, _) => view! { <page::SignIn /> }.into_any(),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Unknown,
    In,
    Out,
}

#[component]
fn Signed() -> impl IntoView {
    view! {
        <Shell>
            <Routes fallback=page::NotFound>
                <Route path=path!("/") view=page::Home />
                <Route path=StaticSegment("calculator") view=page::Calculator />
                <Route path=StaticSegment("design") view=page::Design />
            </Routes>
        </Shell>
    }
}
