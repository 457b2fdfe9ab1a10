//! Keys: `/` searches, `?` helps, `g` and a letter go to a page. They can be switched off (WCAG 2.1.4).

use super::nav;
use crate::i18n::{K, t, tr};
use crate::prefs;
use crate::ui::{Dialog, Switch};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use std::sync::LazyLock;
use wasm_bindgen::JsCast as _;

/// How long the second key of `g h` may take, in milliseconds.
const CHORD_MS: f64 = 1500.0;

static HELP: LazyLock<ArcRwSignal<bool>> = LazyLock::new(|| ArcRwSignal::new(false));

/// Opens the list of shortcuts.
pub(super) fn show() {
    HELP.set(true);
}

/// Acts on keys until the shell goes.
pub(super) fn follow() {
    let navigate = use_navigate();
    let chord = StoredValue::new(None::<f64>);
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let with_modifier = event.ctrl_key() || event.meta_key() || event.alt_key();
        if !prefs::shortcuts().get_untracked() || with_modifier || event.default_prevented() || is_typing(&event) {
            return;
        }
        let key = event.key();
        let now = event.time_stamp();
        // A key struck late begins anew; the clock only widens or narrows the wait.
        let is_chord = chord.get_value().is_some_and(|since| within(now, since));
        chord.set_value(None);
        if is_chord {
            let Some(letter) = key.chars().next().filter(|_| key.chars().count() == 1) else { return };
            if let Some(entry) = nav::entries().into_iter().find(|entry| entry.key == letter) {
                event.prevent_default();
                navigate(entry.path, Default::default());
            }
            return;
        }
        match key.as_str() {
            "g" => chord.set_value(Some(now)),
            "?" => {
                event.prevent_default();
                show();
            }
            "/" if focus_search() => event.prevent_default(),
            _ => {}
        }
    });
    on_cleanup(move || handle.remove());
}

#[allow(clippy::float_arithmetic, reason = "the browser's clock counts in fractions of milliseconds")]
fn within(now: f64, since: f64) -> bool {
    now - since <= CHORD_MS
}

/// Whether the key goes into something that takes text, or a dialog is open.
fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    let in_field =
        event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()).is_some_and(|element| {
            let tag = element.tag_name().to_lowercase();
            matches!(tag.as_str(), "input" | "textarea" | "select")
                || element.closest("dialog").ok().flatten().is_some()
        });
    in_field || document().query_selector("dialog[open]").ok().flatten().is_some()
}

fn focus_search() -> bool {
    let search = document().query_selector("main [data-search]").ok().flatten();
    let search = search.and_then(|search| search.dyn_into::<web_sys::HtmlElement>().ok());
    search.is_some_and(|search| search.focus().is_ok())
}

/// The list of shortcuts, with the switch for them.
#[component]
pub(super) fn Help() -> impl IntoView {
    let open = RwSignal::new(false);
    let (help, told) = (HELP.clone(), HELP.clone());
    Effect::new(move || {
        if help.get() {
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() {
            told.set(false);
        }
    });
    view! {
        <Dialog open title=K::ShortcutsTitle>
            <Keys />
        </Dialog>
    }
}

#[component]
fn Keys() -> impl IntoView {
    let on = prefs::shortcuts();
    let shown = on.clone();
    let row = |keys: String, words: K| {
        let keys = keys.split(' ').map(|key| view! { <kbd>{key.to_owned()}</kbd> }).collect_view();
        view! {
            <div>
                <dt>{keys}</dt>
                <dd>{tr(words)}</dd>
            </div>
        }
    };
    let going =
        move || nav::entries().into_iter().map(|entry| row(format!("g {}", entry.key), entry.label)).collect_view();
    view! {
        <dl class="keys">
            {row("/".to_owned(), K::ShortcutsSearch)} {row("?".to_owned(), K::ShortcutsHelp)}
            {row(t(K::ShortcutsEsc).to_owned(), K::ShortcutsClose)} {going}
        </dl>
        <Switch
            label=K::AccountShortcuts
            value=Signal::derive(move || shown.get())
            on_change=Callback::new(move |value| on.set(value))
        />
    }
}
