//! Tabs: one of several panels, moved through with the arrow keys.

use leptos::prelude::*;
use std::sync::Arc;

/// One tab with its panel.
#[derive(Clone)]
pub(crate) struct Tab {
    code: &'static str,
    label: TextProp,
    panel: Arc<dyn Fn() -> AnyView + Send + Sync>,
}

impl Tab {
    /// A tab known by `code`, whose `panel` is made when it is shown.
    pub(crate) fn new<V: IntoView + 'static>(
        code: &'static str,
        label: impl Into<TextProp>,
        panel: impl Fn() -> V + Send + Sync + 'static,
    ) -> Self {
        Self { code, label: label.into(), panel: Arc::new(move || panel().into_any()) }
    }
}

/// Tabs; `chosen` holds the code of the open one.
#[component]
pub(crate) fn Tabs(#[prop(into)] label: TextProp, tabs: Vec<Tab>, chosen: RwSignal<String>) -> impl IntoView {
    let base = super::unique_id("tabs");
    let codes: Vec<&'static str> = tabs.iter().map(|tab| tab.code).collect();
    let tab_id = {
        let base = base.clone();
        move |code: &str| format!("{base}-{code}")
    };
    let panel_id = format!("{base}-panel");
    let on_key = {
        let tab_id = tab_id.clone();
        move |event: leptos::ev::KeyboardEvent| {
            let Some(place) = codes.iter().position(|code| chosen.with_untracked(|chosen| chosen == code)) else {
                return;
            };
            let last = codes.len().saturating_sub(1);
            let next = match event.key().as_str() {
                "ArrowRight" => {
                    if place == last {
                        0
                    } else {
                        place + 1
                    }
                }
                "ArrowLeft" => {
                    if place == 0 {
                        last
                    } else {
                        place - 1
                    }
                }
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            if let Some(code) = codes.get(next) {
                chosen.set((*code).to_owned());
                super::focus_later(tab_id(code));
            }
        }
    };
    let labelled = {
        let tab_id = tab_id.clone();
        move || tab_id(&chosen.get())
    };
    let panels = tabs.clone();
    let panel = move || {
        let open = chosen.get();
        panels.iter().find(|tab| tab.code == open).map(|tab| (tab.panel)())
    };
    let heads = tabs
        .into_iter()
        .map(|Tab { code, label, .. }| {
            let is_open = move || chosen.with(|chosen| chosen == code);
            view! {
                <button
                    type="button"
                    role="tab"
                    class="tab"
                    id=tab_id(code)
                    aria-selected=move || if is_open() { "true" } else { "false" }
                    aria-controls=panel_id.clone()
                    tabindex=move || if is_open() { "0" } else { "-1" }
                    on:click=move |_| chosen.set(code.to_owned())
                >
                    {move || label.get()}
                </button>
            }
        })
        .collect_view();
    view! {
        <div class="tabs">
            <div class="tab-list" role="tablist" aria-label=move || label.get() on:keydown=on_key>
                {heads}
            </div>
            <div class="tab-panel" role="tabpanel" tabindex="0" id=panel_id.clone() aria-labelledby=labelled>
                {panel}
            </div>
        </div>
    }
}
