//! Attainment as a bar against its goal: a gauge that is read at a glance.

use super::scale::float;
use crate::fmt;
use crate::i18n::{K, t, tf};
use crate::ui::Band;
use leptos::prelude::*;
use rust_decimal::Decimal;

/// A bar of attainment with marks at the plan's threshold and at the goal.
#[component]
pub(crate) fn Bullet(
    /// What is measured.
    #[prop(into)]
    label: TextProp,
    /// A fraction: 1 is the goal.
    #[prop(into)]
    attainment: Signal<Decimal>,
    #[prop(default = Decimal::new(8, 1))] threshold: Decimal,
    #[prop(default = Decimal::new(11, 1))] accelerator: Decimal,
    /// Where the reader would stand today at an even pace.
    #[prop(optional, into)]
    pace: Signal<Option<Decimal>>,
) -> impl IntoView {
    let band = Signal::derive(move || Band::of(&attainment.get(), &threshold, &accelerator));
    // The bar ends at 150 %, or beyond whoever is further.
    let full = Signal::derive(move || float(&attainment.get()).max(1.5));
    let share = move |value: f64| format!("{:.2}%", (value / full.get() * 100.0).clamp(0.0, 100.0));
    let sentence = move || {
        let said = tf(
            K::ChartBulletSentence,
            &[("label", &label.get()), ("value", &fmt::percent(&attainment.get())), ("band", t(band.get().words()))],
        );
        match pace.get() {
            Some(pace) => format!("{said} {}", tf(K::ChartPaceSentence, &[("pace", &fmt::percent(&pace))])),
            None => said,
        }
    };
    let named = sentence.clone();
    view! {
        <div class="bullet" role="img" aria-label=sentence title=named>
            <div class="bullet-threshold" style:width=move || share(float(&threshold))></div>
            <div class=move || format!("bullet-fill {}", band.get().class()) style:width=move || share(float(&attainment.get()))></div>
            {move || pace.get().map(|pace| view! { <div class="bullet-pace" style:left=share(float(&pace))></div> })}
            <div class="bullet-goal" style:left=move || share(1.0)></div>
        </div>
    }
}
