//! Navigation: what the reader may use, nothing else.

use crate::i18n::{K, t, tr};
use crate::session;
use crate::ui::{I, Icon};
use leptos::prelude::*;
use leptos_router::components::A;

/// Who sees an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    Nothing,
    /// Somebody signed in.
    Session,
}

/// An entry of the navigation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) path: &'static str,
    pub(super) label: K,
    pub(super) icon: I,
    /// The letter after `g` that goes there.
    pub(super) key: char,
    needs: Needs,
}

/// All pages that stand in the navigation, in its order.
pub(super) const ENTRIES: &[Entry] = &[
    Entry { path: "/", label: K::NavHome, icon: I::Home, key: 'h', needs: Needs::Session },
    Entry { path: "/calculator", label: K::NavCalculator, icon: I::Calculator, key: 'c', needs: Needs::Nothing },
    Entry { path: "/design", label: K::NavDesign, icon: I::Palette, key: 'd', needs: Needs::Nothing },
];

/// The entries that the person signed in may use.
pub(super) fn entries() -> Vec<Entry> {
    let me = session::me();
    ENTRIES
        .iter()
        .filter(|entry| match entry.needs {
            Needs::Nothing => true,
            Needs::Session => me.is_some(),
        })
        .copied()
        .collect()
}

fn links() -> impl IntoView {
    move || {
        entries()
            .into_iter()
            .map(|entry| {
                view! {
                    <li>
                        <A href=entry.path exact=entry.path == "/" attr:class="nav-link">
                            <Icon icon=entry.icon />
                            <span>{tr(entry.label)}</span>
                        </A>
                    </li>
                }
            })
            .collect_view()
    }
}

/// The mark and the name of the product, leading home.
#[component]
pub(super) fn Brand() -> impl IntoView {
    view! {
        <A href="/" attr:class="brand">
            <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
                <rect width="32" height="32" rx="8"></rect>
                <path class="pole" d="M10 26V6"></path>
                <path class="flag" d="M10 7c4.500-2.600 7.500 2.600 14 0v9.500c-6.500 2.600-9.500-2.600-14 0z"></path>
            </svg>
            <span>{tr(K::ProductName)}</span>
        </A>
    }
}

/// The navigation at the side.
#[component]
pub(super) fn SideNav() -> impl IntoView {
    view! {
        <div class="side">
            <nav aria-label=move || t(K::NavMain)>
                <Brand />
                <ul>{links()}</ul>
            </nav>
        </div>
    }
}

/// The navigation of phones.
#[component]
pub(super) fn BottomNav() -> impl IntoView {
    view! {
        <nav class="bottom-nav" aria-label=move || t(K::NavMain)>
            <ul>{links()}</ul>
        </nav>
    }
}
