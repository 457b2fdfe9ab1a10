//! The first page after signing in.

use crate::i18n::{K, t, tf, tr};
use crate::session;
use crate::shell::PageHead;
use crate::ui::{Badge, I, Icon};
use leptos::prelude::*;
use leptos_router::components::A;

/// Greets, and shows what can be done from here.
#[component]
pub(crate) fn Home() -> impl IntoView {
    let title = || match session::me() {
        Some(me) => tf(K::HomeHello, &[("name", me.name.split_whitespace().next().unwrap_or_default())]),
        None => t(K::NavHome).to_owned(),
    };
    let roles = move || {
        let roles = session::me().map(|me| me.roles).unwrap_or_default();
        roles
            .into_iter()
            .map(|role| view! { <Badge>{move || crate::i18n::code_text("role.", &role.role)}</Badge> })
            .collect_view()
    };
    view! {
        <PageHead title />
        <div class="role-line">{roles}</div>
        <div class="cards">
            <A href="/calculator" attr:class="card card-link">
                <span class="card-icon"><Icon icon=I::Calculator /></span>
                <h2>{tr(K::NavCalculator)}</h2>
                <p>{tr(K::HomeCalculator)}</p>
            </A>
        </div>
    }
}
