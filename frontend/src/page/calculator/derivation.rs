//! How a figure came about, opened step by step down to its lines.

use crate::i18n::{K, Lang, lang, tr};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use traguardo_domain::trace::{Step, label};

/// What components and modifiers are called, by id.
pub(super) type Names = BTreeMap<String, String>;

/// The derivation of a payment.
#[component]
pub(super) fn Derivation(step: Step, names: Arc<Names>) -> impl IntoView {
    view! {
        <section class="card part" aria-labelledby="derivation">
            <div>
                <h2 id="derivation">{tr(K::CalcDerivation)}</h2>
                <p class="hint">{tr(K::CalcDerivationHint)}</p>
            </div>
            <div class="tree">{node(step, names, 0)}</div>
        </section>
    }
}

/// One step; what it came from is made when it is opened, because a derivation can have thousands of lines.
fn node(step: Step, names: Arc<Names>, depth: usize) -> AnyView {
    let Step { key, about, formula, value, from } = step;
    let words = move || label(&key, lang().code()).to_owned();
    let about = about.map(|about| {
        let name = names.get(&about).cloned();
        let text = move || name.clone().unwrap_or_else(|| label(&about, lang().code()).to_owned());
        view! { <span class="step-about">{text}</span> }
    });
    let formula =
        (!formula.is_empty()).then(|| view! { <code class="step-formula">{move || written(&formula, lang())}</code> });
    let line = view! {
        <span class="step-name">{words} " " {about}</span>
        {formula}
        <span class="step-value figure">{move || written(&value, lang())}</span>
    };
    if from.is_empty() {
        return view! { <div class="step leaf">{line}</div> }.into_any();
    }
    let open = RwSignal::new(depth < 2);
    let from = StoredValue::new(from);
    view! {
        <details
            class="branch"
            prop:open=open.get_untracked()
            on:toggle:target=move |event| open.set(event.target().has_attribute("open"))
        >
            <summary class="step">{line}</summary>
            <div class="step-from">
                {move || {
                    open.get()
                        .then(|| {
                            from.get_value()
                                .into_iter()
                                .map(|step| node(step, Arc::clone(&names), depth.saturating_add(1)))
                                .collect_view()
                        })
                }}
            </div>
        </details>
    }
    .into_any()
}

/// Figures and formulas in the reader's signs, every digit kept: `min(5088.6, 4500)` is `min(5088,6; 4500)` in Italian.
fn written(text: &str, lang: Lang) -> String {
    let known = label(text, lang.code());
    if known != text || lang == Lang::En {
        return known.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let is_digit = |place: Option<usize>| place.and_then(|place| letters.get(place)).is_some_and(char::is_ascii_digit);
    letters
        .iter()
        .enumerate()
        .map(|(place, letter)| match letter {
            '.' if is_digit(place.checked_sub(1)) && is_digit(place.checked_add(1)) => ',',
            ',' => ';',
            other => *other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_written_in_the_readers_signs() {
        assert_eq!(written("min(5088.6, 4500)", Lang::It), "min(5088,6; 4500)");
        assert_eq!(written("min(5088.6, 4500)", Lang::En), "min(5088.6, 4500)");
        assert_eq!(written("2100.00 + 750.00.", Lang::It), "2100,00 + 750,00.");
        assert_eq!(written("no_data", Lang::It), "nessun dato");
    }
}
