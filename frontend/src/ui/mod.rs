//! The components that every page is made of. Each is shown on `/design`.

mod badge;
mod button;
mod combobox;
mod date_picker;
mod dialog;
mod feedback;
mod field;
mod icon;
mod input;
mod period_picker;
mod progress;
mod table;
mod tabs;
mod toast;
mod value;

pub(crate) use badge::{Badge, Band, BandTag, Tone};
pub(crate) use button::{Button, Kind, Segmented};
pub(crate) use combobox::Combobox;
pub(crate) use date_picker::DatePicker;
pub(crate) use dialog::{ConfirmDialog, Dialog, Drawer};
pub(crate) use feedback::{Empty, ProblemNote, Skeleton, SkeletonShape};
pub(crate) use field::Field;
pub(crate) use icon::{I, Icon};
pub(crate) use input::{Checkbox, Choice, DecimalInput, PasswordInput, Select, Switch, TextArea, TextInput, Unit};
pub(crate) use period_picker::{Granularity, PeriodPicker};
pub(crate) use progress::Progress;
pub(crate) use table::{Column, DataTable, Format, Value};
pub(crate) use tabs::{Tab, Tabs};
pub(crate) use toast::{Toasts, toast, toast_error, toast_with_undo};
pub(crate) use value::{Money, Percent, Points};

use leptos::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};
use wasm_bindgen::JsCast as _;

/// An `id` that no other element of the page has.
pub(crate) fn unique_id(prefix: &str) -> String {
    static LAST: AtomicU32 = AtomicU32::new(0);
    format!("{prefix}-{}", LAST.fetch_add(1, Ordering::Relaxed))
}

/// Whether the window is as narrow as a phone; follows its size.
pub(crate) fn narrow() -> Signal<bool> {
    let is_narrow = || window().match_media("(max-width: 759px)").ok().flatten().is_some_and(|list| list.matches());
    let narrow = RwSignal::new(is_narrow());
    let handle = window_event_listener(leptos::ev::resize, move |_| {
        let now = is_narrow();
        if narrow.get_untracked() != now {
            narrow.set(now);
        }
    });
    on_cleanup(move || handle.remove());
    narrow.into()
}

/// Closes what pops up when the person points or moves the focus elsewhere.
pub(crate) fn close_when_left(container: NodeRef<leptos::html::Div>, open: RwSignal<bool>) {
    let leave = move |target: Option<web_sys::EventTarget>| {
        if !open.get_untracked() {
            return;
        }
        let inside = target
            .and_then(|target| target.dyn_into::<web_sys::Node>().ok())
            .is_some_and(|node| container.get_untracked().is_some_and(|container| container.contains(Some(&node))));
        if !inside {
            open.set(false);
        }
    };
    let pointer = window_event_listener(leptos::ev::pointerdown, move |event| leave(event.target()));
    let focus = window_event_listener(leptos::ev::focusin, move |event| leave(event.target()));
    on_cleanup(move || {
        pointer.remove();
        focus.remove();
    });
}

/// Moves the focus to the element with this `id`, after the page has settled.
pub(crate) fn focus_later(id: String) {
    request_animation_frame(move || {
        if let Some(element) = document().get_element_by_id(&id)
            && let Ok(element) = element.dyn_into::<web_sys::HtmlElement>()
        {
            let _ = element.focus();
        }
    });
}
