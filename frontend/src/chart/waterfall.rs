//! From target to payment: each step adds to or takes from the one before. Rows, so that long words have room.

use super::frame::{Figures, Frame};
use super::scale::{Scale, Unit, count, float};
use crate::fmt;
use crate::i18n::{K, t, tf};
use leptos::prelude::*;
use rust_decimal::Decimal;
use std::sync::Arc;

/// Whether a step changes the sum or states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepKind {
    /// Adds `amount` to the sum so far.
    Change,
    /// States the sum: `amount` is the whole.
    Total,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) label: String,
    pub(crate) amount: Decimal,
    pub(crate) kind: StepKind,
}

const ROW: f64 = 34.0;

/// Steps from a first sum to a last one, in `currency`.
#[component]
pub(crate) fn Waterfall(
    #[prop(into)] title: TextProp,
    #[prop(into)] steps: Signal<Vec<Step>>,
    currency: &'static str,
) -> impl IntoView {
    let unit = Unit::Money(currency);
    let sentence = Signal::derive(move || {
        steps.with(|steps| {
            let (Some(first), Some(last)) = (steps.first(), steps.last()) else { return t(K::ChartEmpty).to_owned() };
            let largest =
                steps.iter().skip(1).filter(|step| step.kind == StepKind::Change).max_by_key(|step| step.amount.abs());
            let said = tf(
                K::ChartWaterfallSentence,
                &[
                    ("first", &first.label),
                    ("from", &unit.full(&first.amount)),
                    ("last", &last.label),
                    ("to", &unit.full(&last.amount)),
                ],
            );
            match largest {
                Some(step) => {
                    let change = fmt::money_change(&step.amount, currency);
                    format!("{said} {}", tf(K::ChartLargestSentence, &[("label", &step.label), ("amount", &change)]))
                }
                None => said,
            }
        })
    });
    let figures = Signal::derive(move || Figures {
        heads: vec![t(K::ChartStep).to_owned(), t(K::ChartAmount).to_owned()],
        rows: steps.get().iter().map(|step| vec![step.label.clone(), written(step, currency)]).collect(),
    });
    let height = Signal::derive(move || steps.with(|steps| count(steps.len())) * ROW + 8.0);
    let draw = move |width: f64| drawing(width, &steps.get(), currency);
    view! { <Frame title sentence figures height draw=Arc::new(draw) /> }
}

fn written(step: &Step, currency: &str) -> String {
    match step.kind {
        StepKind::Change => fmt::money_change(&step.amount, currency),
        StepKind::Total => fmt::money(&step.amount, currency, fmt::Detail::Full),
    }
}

fn drawing(width: f64, steps: &[Step], currency: &'static str) -> AnyView {
    // Where each step begins and ends.
    let mut sum = 0.0_f64;
    let spans: Vec<(f64, f64)> = steps
        .iter()
        .map(|step| {
            let amount = float(&step.amount);
            let span = match step.kind {
                StepKind::Total => (0.0, amount),
                StepKind::Change => (sum, sum + amount),
            };
            sum = span.1;
            span
        })
        .collect();
    let low = spans.iter().map(|(from, to)| from.min(*to)).fold(0.0, f64::min);
    let high = spans.iter().map(|(from, to)| from.max(*to)).fold(0.0, f64::max);
    let names = (width * 0.34).clamp(96.0, 240.0);
    let amounts = 104.0;
    let x = Scale::new((low, high), (names + 8.0, (width - amounts - 8.0).max(names + 30.0)));
    let letters = names / 7.2;
    let rows = steps
        .iter()
        .zip(&spans)
        .enumerate()
        .map(|(place, (step, (from, to)))| {
            let top = 4.0 + ROW * count(place);
            let (start, end) = (x.at(from.min(*to)), x.at(from.max(*to)));
            let class = match step.kind {
                StepKind::Total => "fall total",
                StepKind::Change if step.amount.is_sign_negative() => "fall minus",
                StepKind::Change => "fall plus",
            };
            let text_y = (top + ROW / 2.0 + 1.0).to_string();
            let join = x.at(*to).to_string();
            let is_last = place + 1 == steps.len();
            view! {
                <text class="fall-name" class:strong=step.kind == StepKind::Total x="0" y=text_y.clone()>
                    {shortened(&step.label, letters)}
                    <title>{step.label.clone()}</title>
                </text>
                <rect class=class x=start.to_string() y=(top + 5.0).to_string() width=(end - start).max(1.5).to_string() height=(ROW - 14.0).to_string() rx="3">
                    <title>{format!("{}: {}", step.label, written(step, currency))}</title>
                </rect>
                {(!is_last)
                    .then(|| {
                        view! { <line class="join" x1=join.clone() x2=join.clone() y1=(top + ROW - 9.0).to_string() y2=(top + ROW + 5.0).to_string()></line> }
                    })}
                <text class="fall-amount" class:strong=step.kind == StepKind::Total x=width.to_string() y=text_y text-anchor="end">
                    {written(step, currency)}
                </text>
            }
        })
        .collect_view();
    rows.into_any()
}

/// The label, cut where it has no room; the whole is in the tooltip and in the table.
fn shortened(label: &str, letters: f64) -> String {
    if count(label.chars().count()) <= letters {
        return label.to_owned();
    }
    let kept = label.char_indices().take_while(|(place, _)| count(*place) + 1.0 < letters).map(|(_, letter)| letter);
    let mut text: String = kept.collect();
    text.truncate(text.trim_end().len());
    text.push('…');
    text
}
