//! A course in the size of a word.

use super::scale::{Scale, count, float};
use crate::i18n::{K, tf};
use leptos::prelude::*;
use rust_decimal::Decimal;
use std::fmt::Write as _;

/// A small line of `values`, the last one marked. `full` writes a value out.
#[component]
pub(crate) fn Sparkline(
    #[prop(into)] label: TextProp,
    #[prop(into)] values: Signal<Vec<Decimal>>,
    full: fn(&Decimal) -> String,
) -> impl IntoView {
    let sentence = move || {
        values.with(|values| match (values.first(), values.last()) {
            (Some(first), Some(last)) => {
                tf(K::ChartSparkSentence, &[("label", &label.get()), ("from", &full(first)), ("to", &full(last))])
            }
            _ => label.get().to_string(),
        })
    };
    let drawing = move || {
        let values: Vec<f64> = values.with(|values| values.iter().map(float).collect());
        let low = values.iter().copied().fold(f64::MAX, f64::min);
        let high = values.iter().copied().fold(f64::MIN, f64::max);
        let x = Scale::new((0.0, count(values.len().saturating_sub(1))), (3.0, 93.0));
        let y = Scale::new((low, high), (20.0, 4.0));
        let mut path = String::new();
        for (place, value) in values.iter().enumerate() {
            let _ = write!(path, "{}{} {} ", if place == 0 { 'M' } else { 'L' }, x.at(count(place)), y.at(*value));
        }
        let last = values.last().map(|value| (x.at(count(values.len().saturating_sub(1))), y.at(*value)));
        view! {
            <path d=path></path>
            {last.map(|(cx, cy)| view! { <circle cx=cx.to_string() cy=cy.to_string() r="2.5"></circle> })}
        }
    };
    view! {
        <svg class="spark" role="img" aria-label=sentence viewBox="0 0 96 24" width="96" height="24">
            {drawing}
        </svg>
    }
}
