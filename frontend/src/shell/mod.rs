//! What is around every page: navigation, breadcrumbs, account, shortcuts, and what to do when something is amiss.

mod account;
mod again;
mod head;
mod nav;
mod shortcuts;

pub(crate) use account::{LanguageChoice, ThemeChoice};
pub(crate) use head::PageHead;

use crate::api;
use crate::i18n::{K, t, tr};
use crate::session;
use crate::ui::{I, Icon};
use leptos::prelude::*;

/// The frame of the application around a page.
#[component]
pub(crate) fn Shell(children: Children) -> impl IntoView {
    head::provide_crumbs();
    shortcuts::follow();
    head::focus_new_pages();
    view! {
        <a class="skip" href="#main">{tr(K::ShellSkip)}</a>
        <div class="shell">
            <nav::SideNav />
            <div class="shell-main">
                <header class="topbar">
                    <nav::Brand />
                    <head::Breadcrumbs />
                    <account::TopActions />
                </header>
                <Connection />
                <main id="main" tabindex="-1">
                    {children()}
                </main>
            </div>
        </div>
        <nav::BottomNav />
        <shortcuts::Help />
        <again::Again />
    }
}

/// Tells that the server cannot be reached, and that nothing typed is lost.
#[component]
pub(crate) fn Connection() -> impl IntoView {
    let reached = api::reached();
    let online = RwSignal::new(window().navigator().on_line());
    let on = window_event_listener_untyped("online", move |_| {
        online.set(true);
        session::load_again();
    });
    let off = window_event_listener_untyped("offline", move |_| online.set(false));
    on_cleanup(move || {
        on.remove();
        off.remove();
    });
    view! {
        <div role="status" class="connection-place">
            {move || {
                (!online.get() || !reached.get())
                    .then(|| {
                        view! {
                            <p class="connection">
                                <Icon icon=I::Offline />
                                <span>{if online.get() { t(K::ShellUnreachable) } else { t(K::ShellOffline) }}</span>
                                <button type="button" class="link" on:click=move |_| session::load_again()>
                                    {tr(K::ProblemRetry)}
                                </button>
                            </p>
                        }
                    })
            }}
        </div>
    }
}
