//! Buttons and groups of them.

use super::icon::{I, Icon};
use crate::i18n::{K, tr};
use leptos::prelude::*;

/// How much a button asks for attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Kind {
    /// The one act a page is for.
    Primary,
    #[default]
    Plain,
    /// Without a border: toolbars.
    Quiet,
    /// Destroys or cannot be undone.
    Danger,
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button primary",
            Self::Plain => "button",
            Self::Quiet => "button quiet",
            Self::Danger => "button danger",
        }
    }
}

/// A button. While `busy` it keeps its focus and its words, shows that it works and ignores presses.
#[component]
pub(crate) fn Button(
    #[prop(optional)] kind: Kind,
    #[prop(optional, into)] icon: Option<I>,
    /// Sends the form it stands in.
    #[prop(optional)]
    submit: bool,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] on_press: Option<Callback<()>>,
    /// Words for screen readers where the button shows only its icon; also its tooltip.
    #[prop(optional, into)]
    name: Option<TextProp>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let only_icon = children.is_none();
    let (label, title) = (name.clone(), name);
    let press = move |event: leptos::ev::MouseEvent| {
        if busy.get_untracked() {
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=kind.class()
            class:only-icon=only_icon
            class:busy=move || busy.get()
            aria-busy=move || busy.get().then_some("true")
            aria-label=label.map(|label| move || label.get())
            title=title.map(|title| move || title.get())
            disabled=move || disabled.get()
            on:click=press
        >
            {icon.map(|icon| view! { <Icon icon /> })}
            {children.map(|children| view! { <span class="button-text">{children()}</span> })}
            {move || busy.get().then(|| view! { <span class="spinner" aria-hidden="true"></span><span class="sr-only">{tr(K::ButtonBusy)}</span> })}
        </button>
    }
}

/// A choice between a few, all visible: radio buttons that look like one control.
#[component]
pub(crate) fn Segmented(
    #[prop(into)] label: TextProp,
    /// Value and words of each choice.
    options: Vec<(&'static str, TextProp)>,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_choose: Callback<String>,
) -> impl IntoView {
    let name = super::unique_id("segment");
    let options = options
        .into_iter()
        .map(|(code, words)| {
            view! {
                <label class="segment" class:on=move || value.get() == code>
                    <input
                        type="radio"
                        class="sr-only"
                        name=name.clone()
                        value=code
                        prop:checked=move || value.get() == code
                        on:change=move |_| on_choose.run(code.to_owned())
                    />
                    <span>{move || words.get()}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <div class="segmented" role="radiogroup" aria-label=move || label.get()>
            {options}
        </div>
    }
}
