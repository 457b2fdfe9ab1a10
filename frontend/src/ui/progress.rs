//! How far long work has come.

use crate::i18n::{K, tf, tr};
use leptos::prelude::*;

/// A bar of progress; without `percent` it only says that work goes on.
#[component]
pub(crate) fn Progress(
    #[prop(into)] label: TextProp,
    /// From 0 to 100.
    #[prop(into)]
    percent: Signal<Option<u8>>,
) -> impl IntoView {
    let named = label.clone();
    view! {
        <div class="progress">
            <div class="progress-head">
                <span>{move || label.get()}</span>
                <span class="figure">
                    {move || match percent.get() {
                        Some(percent) => tf(K::ProgressPercent, &[("n", &percent.to_string())]),
                        None => String::new(),
                    }}
                </span>
            </div>
            <div
                class="progress-bar"
                class:running=move || percent.get().is_none()
                role="progressbar"
                aria-label=move || named.get()
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=move || percent.get().map(|percent| percent.to_string())
            >
                <div class="progress-fill" style:width=move || percent.get().map(|percent| format!("{percent}%"))></div>
            </div>
            <span class="sr-only" role="status">{move || (percent.get() == Some(100)).then(|| tr(K::ProgressDone)())}</span>
        </div>
    }
}
