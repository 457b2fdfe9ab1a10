//! The head of a page: breadcrumbs, heading, document title; and the focus when the page changes.

use crate::i18n::{K, t, tr};
use crate::ui::focus_later;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_location;

/// A page above the open one.
#[derive(Clone)]
pub(crate) struct Crumb {
    pub(crate) label: TextProp,
    pub(crate) path: String,
}

/// What the open page says about itself.
#[derive(Clone, Copy)]
struct Open {
    title: RwSignal<Option<TextProp>>,
    crumbs: RwSignal<Vec<Crumb>>,
}

pub(super) fn provide_crumbs() {
    provide_context(Open { title: RwSignal::new(None), crumbs: RwSignal::new(Vec::new()) });
}

/// The heading of a page. Stands before its data is there, so that the reader knows where they are.
#[component]
pub(crate) fn PageHead(
    #[prop(into)] title: TextProp,
    #[prop(optional)] crumbs: Vec<Crumb>,
    /// What the figures can be trusted for: as-of date, state, version.
    #[prop(optional, into)]
    trust: Option<TextProp>,
    /// Acts on the page as a whole.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    if let Some(open) = use_context::<Open>() {
        open.title.set(Some(title.clone()));
        open.crumbs.set(crumbs);
    }
    let titled = title.clone();
    Effect::new(move || document().set_title(&format!("{} · {}", titled.get(), t(K::ProductName))));
    view! {
        <div class="page-head">
            <div>
                <h1 id="page-title" tabindex="-1">{move || title.get()}</h1>
                {trust.map(|trust| view! { <p class="trust">{move || trust.get()}</p> })}
            </div>
            {children.map(|children| view! { <div class="page-acts">{children()}</div> })}
        </div>
    }
}

/// The way from home to the open page.
#[component]
pub(super) fn Breadcrumbs() -> impl IntoView {
    let open = use_context::<Open>();
    move || {
        let open = open?;
        let title = open.title.get()?;
        let crumbs = open
            .crumbs
            .get()
            .into_iter()
            .map(|crumb| view! { <li><A href=crumb.path>{move || crumb.label.get()}</A></li> })
            .collect_view();
        Some(view! {
            <nav class="crumbs" aria-label=move || t(K::ShellCrumbs)>
                <ol>
                    <li>
                        <A href="/">{tr(K::NavHome)}</A>
                    </li>
                    {crumbs}
                    <li aria-current="page">{move || title.get()}</li>
                </ol>
            </nav>
        })
    }
}

/// Puts the focus on the heading of a page when it is opened, so that screen readers say it.
pub(super) fn focus_new_pages() {
    let place = use_location().pathname;
    Effect::new(move |earlier: Option<String>| {
        let now = place.get();
        if earlier.is_some_and(|earlier| earlier != now) {
            window().scroll_to_with_x_and_y(0.0, 0.0);
            focus_later("page-title".to_owned());
        }
        now
    });
}
