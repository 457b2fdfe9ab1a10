//! The controls that stand in fields.

use super::field::FieldContext;
use super::icon::{I, Icon};
use crate::i18n::{K, t, tr};
use crate::{fmt, number};
use leptos::prelude::*;
use rust_decimal::Decimal;

/// One line of text.
#[component]
pub(crate) fn TextInput(
    value: RwSignal<String>,
    #[prop(optional)] kind: Option<&'static str>,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional, into)] placeholder: Option<TextProp>,
) -> impl IntoView {
    let field = FieldContext::here();
    view! {
        <input
            class="input"
            type=kind.unwrap_or("text")
            id=field.id.clone()
            autocomplete=autocomplete
            placeholder=placeholder.map(|text| move || text.get())
            aria-describedby=field.described_by()
            aria-invalid=field.invalid()
            aria-required=field.required()
            prop:value=move || value.get()
            on:input:target=move |event| value.set(event.target().value())
        />
    }
}

/// A password that can be shown; pasting and password managers work.
#[component]
pub(crate) fn PasswordInput(value: RwSignal<String>, autocomplete: &'static str) -> impl IntoView {
    let field = FieldContext::here();
    let shown = RwSignal::new(false);
    let name = move || if shown.get() { t(K::PasswordHide) } else { t(K::PasswordShow) };
    view! {
        <div class="with-button">
            <input
                class="input"
                type=move || if shown.get() { "text" } else { "password" }
                id=field.id.clone()
                autocomplete=autocomplete
                spellcheck="false"
                autocapitalize="none"
                aria-describedby=field.described_by()
                aria-invalid=field.invalid()
                aria-required=field.required()
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
            />
            <button
                type="button"
                class="inside"
                aria-label=name
                title=name
                aria-pressed=move || if shown.get() { "true" } else { "false" }
                on:click=move |_| shown.update(|shown| *shown = !*shown)
            >
                {move || view! { <Icon icon=if shown.get() { I::EyeOff } else { I::Eye } /> }}
            </button>
        </div>
    }
}

/// Several lines of text.
#[component]
pub(crate) fn TextArea(
    value: RwSignal<String>,
    #[prop(default = 4)] rows: u32,
    /// Code and documents: fixed width, no spelling.
    #[prop(optional)]
    code: bool,
) -> impl IntoView {
    let field = FieldContext::here();
    view! {
        <textarea
            class="input"
            class:code=code
            id=field.id.clone()
            rows=rows
            spellcheck=if code { "false" } else { "true" }
            aria-describedby=field.described_by()
            aria-invalid=field.invalid()
            aria-required=field.required()
            prop:value=move || value.get()
            on:input:target=move |event| value.set(event.target().value())
        ></textarea>
    }
}

/// One of several things to choose from.
#[derive(Clone)]
pub(crate) struct Choice {
    /// What is stored and sent.
    pub(crate) value: String,
    /// What is read.
    pub(crate) label: TextProp,
}

impl Choice {
    pub(crate) fn new(value: impl Into<String>, label: impl Into<TextProp>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// A choice from a short list: the browser's own control, at home on phones too.
#[component]
pub(crate) fn Select(
    value: RwSignal<String>,
    #[prop(into)] options: Signal<Vec<Choice>>,
    /// A first, empty entry.
    #[prop(optional, into)]
    empty: Option<TextProp>,
) -> impl IntoView {
    let field = FieldContext::here();
    let entries = move || {
        options
            .get()
            .into_iter()
            .map(|choice| {
                let code = choice.value.clone();
                view! {
                    <option value=choice.value prop:selected=move || value.with(|value| *value == code)>
                        {move || choice.label.get()}
                    </option>
                }
            })
            .collect_view()
    };
    view! {
        <div class="select">
            <select
                class="input"
                id=field.id.clone()
                aria-describedby=field.described_by()
                aria-invalid=field.invalid()
                aria-required=field.required()
                on:change:target=move |event| value.set(event.target().value())
            >
                {empty
                    .map(|text| {
                        view! {
                            <option value="" prop:selected=move || value.with(String::is_empty)>
                                {move || text.get()}
                            </option>
                        }
                    })} {entries}
            </select>
            <Icon icon=I::Down />
        </div>
    }
}

/// A yes or no that is sent with a form.
#[component]
pub(crate) fn Checkbox(value: RwSignal<bool>, #[prop(into)] label: TextProp) -> impl IntoView {
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=move || value.get() on:change:target=move |event| value.set(event.target().checked()) />
            <span>{move || label.get()}</span>
        </label>
    }
}

/// A yes or no that acts at once.
#[component]
pub(crate) fn Switch(
    #[prop(into)] value: Signal<bool>,
    #[prop(into)] on_change: Callback<bool>,
    #[prop(into)] label: TextProp,
) -> impl IntoView {
    view! {
        <label class="check switch">
            <input
                type="checkbox"
                role="switch"
                prop:checked=move || value.get()
                on:change:target=move |event| on_change.run(event.target().checked())
            />
            <span>{move || label.get()}</span>
        </label>
    }
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Money, in this ISO 4217 currency.
    Money(&'static str),
    /// A fraction, typed and shown as a percentage.
    Percent,
    /// A plain number.
    Plain,
}

impl Unit {
    fn sign(self) -> &'static str {
        match self {
            Self::Money("EUR") => "€",
            Self::Money("USD") => "$",
            Self::Money("GBP") => "£",
            Self::Money(currency) => currency,
            Self::Percent => "%",
            Self::Plain => "",
        }
    }

    /// The number as typed: a fraction of 1.046 is typed 104.6.
    fn typed(self, value: Decimal) -> Decimal {
        if self == Self::Percent { value.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(value) } else { value }
    }

    fn meant(self, typed: Decimal) -> Option<Decimal> {
        if self == Self::Percent { typed.checked_div(Decimal::ONE_HUNDRED) } else { Some(typed) }
    }

    fn shown(self, value: Decimal) -> String {
        let typed = self.typed(value).normalize();
        match self {
            // Two decimals for money, unless the person typed more: nothing typed is hidden.
            Self::Money(_) if typed.scale() <= 2 => fmt::fixed(&typed, 2),
            _ => fmt::number(&typed, 12),
        }
    }
}

/// A number with its unit. Reads `,` and `.`, keeps what was typed while it is wrong, tidies up when left.
#[component]
pub(crate) fn DecimalInput(
    value: RwSignal<Option<Decimal>>,
    unit: Unit,
    /// Takes the numbers of a pasted spreadsheet column.
    #[prop(optional, into)]
    on_column: Option<Callback<Vec<Option<Decimal>>>>,
    /// Words for a control that stands in no field.
    #[prop(optional, into)]
    name: Option<TextProp>,
) -> impl IntoView {
    let field = FieldContext::here();
    let own_error = field.own_error;
    let text = RwSignal::new(String::new());
    let focused = RwSignal::new(false);

    // Follows the value and the language, but never under the fingers of who types.
    Effect::new(move || {
        let shown = value.get().map(|value| unit.shown(value)).unwrap_or_default();
        if !focused.get_untracked() && own_error.with_untracked(Option::is_none) {
            text.set(shown);
        }
    });
    let typed = move |typed: String| {
        let (mark, _) = fmt::separators();
        if typed.trim().is_empty() {
            own_error.set(None);
            value.set(None);
        } else if let Some(meant) = number::parse(&typed, mark).and_then(|number| unit.meant(number)) {
            own_error.set(None);
            value.set(Some(meant));
        }
        text.set(typed);
    };
    let leave = move || {
        focused.set(false);
        let (mark, _) = fmt::separators();
        let raw = text.get_untracked();
        if raw.trim().is_empty() || number::parse(&raw, mark).is_some() {
            own_error.set(None);
            text.set(value.get_untracked().map(|value| unit.shown(value)).unwrap_or_default());
        } else {
            own_error.set(Some(t(K::NumberUnreadable).to_owned()));
        }
    };
    let paste = move |event: leptos::ev::ClipboardEvent| {
        let Some(on_column) = on_column else { return };
        let pasted = event.clipboard_data().and_then(|data| data.get_data("text").ok()).unwrap_or_default();
        let (mark, _) = fmt::separators();
        let column = number::pasted_column(&pasted, mark);
        if column.len() > 1 {
            event.prevent_default();
            on_column.run(column);
        }
    };
    view! {
        <div class="with-unit" class:leading=unit == Unit::Plain>
            <input
                class="input number"
                type="text"
                inputmode="decimal"
                autocomplete="off"
                id=field.id.clone()
                aria-label=name.map(|name| move || name.get())
                aria-describedby=field.described_by()
                aria-invalid=field.invalid()
                aria-required=field.required()
                prop:value=move || text.get()
                on:input:target=move |event| typed(event.target().value())
                on:focus=move |_| focused.set(true)
                on:blur=move |_| leave()
                on:paste=paste
            />
            {(unit != Unit::Plain).then(|| view! { <span class="unit" aria-hidden="true">{unit.sign()}</span> })}
            <span class="sr-only">{(unit == Unit::Percent).then(|| tr(K::UnitPercentWord))}</span>
        </div>
    }
}
