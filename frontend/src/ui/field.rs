//! A field: label, control, hint and error, bound together for eyes and for screen readers.

use super::icon::{I, Icon};
use crate::i18n::{K, tr};
use leptos::prelude::*;

/// What a control inside a [`Field`] takes from it.
#[derive(Clone)]
pub(crate) struct FieldContext {
    /// The `id` that the label points to.
    pub(crate) id: String,
    described_by: Signal<Option<String>>,
    invalid: Signal<bool>,
    required: bool,
    /// Set by controls that find what was typed wrong; shown like the field's own error.
    pub(crate) own_error: RwSignal<Option<String>>,
}

impl FieldContext {
    /// The field around, or one of its own for a control that stands alone.
    pub(crate) fn here() -> Self {
        use_context::<Self>().unwrap_or_else(|| Self {
            id: super::unique_id("control"),
            described_by: Signal::stored(None),
            invalid: Signal::stored(false),
            required: false,
            own_error: RwSignal::new(None),
        })
    }

    pub(crate) fn described_by(&self) -> impl Fn() -> Option<String> + Send + Sync + Clone + 'static + use<> {
        let described_by = self.described_by;
        move || described_by.get()
    }

    pub(crate) fn invalid(&self) -> impl Fn() -> Option<&'static str> + Send + Sync + Clone + 'static + use<> {
        let invalid = self.invalid;
        move || invalid.get().then_some("true")
    }

    pub(crate) fn required(&self) -> Option<&'static str> {
        self.required.then_some("true")
    }
}

/// Label, control, hint and error. The control is the child and finds its `id` by [`FieldContext::here`].
#[component]
pub(crate) fn Field(
    #[prop(into)] label: TextProp,
    #[prop(optional, into)] hint: Option<TextProp>,
    /// What is wrong and how to mend it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    #[prop(optional)] required: bool,
    /// A fixed `id`, for fields that code moves the focus to.
    #[prop(optional, into)]
    id: Option<String>,
    children: Children,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| super::unique_id("field"));
    let own_error = RwSignal::new(None::<String>);
    let shown_error = Signal::derive(move || error.get().or_else(|| own_error.get()));
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let has_hint = hint.is_some();
    let described_by = {
        let (hint_id, error_id) = (hint_id.clone(), error_id.clone());
        Signal::derive(move || match (shown_error.with(Option::is_some), has_hint) {
            (true, true) => Some(format!("{error_id} {hint_id}")),
            (true, false) => Some(error_id.clone()),
            (false, true) => Some(hint_id.clone()),
            (false, false) => None,
        })
    };
    provide_context(FieldContext {
        id: id.clone(),
        described_by,
        invalid: Signal::derive(move || shown_error.with(Option::is_some)),
        required,
        own_error,
    });
    view! {
        <div class="field" class:invalid=move || shown_error.with(Option::is_some)>
            <label for=id>
                {move || label.get()} {(!required).then(|| view! { <span class="optional">{tr(K::FieldOptional)}</span> })}
            </label>
            {children()} {hint.map(|hint| view! { <p class="hint" id=hint_id>{move || hint.get()}</p> })}
            {move || {
                let error_id = error_id.clone();
                shown_error
                    .get()
                    .map(move |error| {
                        view! { <p class="error" id=error_id><Icon icon=I::Alert /><span>{error}</span></p> }
                    })
            }}
        </div>
    }
}
