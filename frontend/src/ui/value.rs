//! Figures as people read them; the full value is always in the tooltip.

use crate::fmt::{self, Detail};
use leptos::prelude::*;
use rust_decimal::Decimal;

/// An amount of money.
#[component]
pub(crate) fn Money(
    #[prop(into)] value: Signal<Decimal>,
    #[prop(into)] currency: String,
    #[prop(optional)] detail: Detail,
    /// Shows the sign of a difference.
    #[prop(optional)]
    change: bool,
) -> impl IntoView {
    let (shown, full) = (currency.clone(), currency);
    let title = (detail != Detail::Full).then_some(move || fmt::money(&value.get(), &full, Detail::Full));
    view! {
        <span class="figure" title=title>
            {move || {
                if change { fmt::money_change(&value.get(), &shown) } else { fmt::money(&value.get(), &shown, detail) }
            }}
        </span>
    }
}

/// A fraction as a percentage with one decimal; the exact figure in the tooltip.
#[component]
pub(crate) fn Percent(#[prop(into)] value: Signal<Decimal>) -> impl IntoView {
    let exact = move || {
        let percentage = value.get().checked_mul(Decimal::ONE_HUNDRED).unwrap_or_default();
        format!("{}%", fmt::number(&percentage, 12))
    };
    view! { <span class="figure" title=exact>{move || fmt::percent(&value.get())}</span> }
}

/// A difference between two percentages, in points.
#[component]
pub(crate) fn Points(#[prop(into)] value: Signal<Decimal>) -> impl IntoView {
    view! { <span class="figure">{move || fmt::points(&value.get())}</span> }
}
