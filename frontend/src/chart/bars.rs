//! Bars over time with the goal as a dashed line.

use super::frame::{Figures, Frame, left_axis};
use super::scale::{Scale, Unit, count, float, ticks};
use crate::i18n::{K, t, tf};
use crate::ui::unique_id;
use leptos::prelude::*;
use rust_decimal::Decimal;
use std::sync::Arc;

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bar {
    pub(crate) label: String,
    pub(crate) value: Decimal,
    pub(crate) goal: Option<Decimal>,
    /// The period is not over: the bar is hatched.
    pub(crate) open: bool,
}

/// Bars; where a bar has a goal, a dashed line crosses it.
#[component]
pub(crate) fn Bars(#[prop(into)] title: TextProp, #[prop(into)] bars: Signal<Vec<Bar>>, unit: Unit) -> impl IntoView {
    let sentence = Signal::derive(move || {
        bars.with(|bars| {
            let Some(last) = bars.last() else { return t(K::ChartEmpty).to_owned() };
            let met = bars.iter().filter(|bar| bar.goal.is_some_and(|goal| bar.value >= goal)).count();
            tf(
                K::ChartBarsSentence,
                &[
                    ("met", &crate::fmt::count(met)),
                    ("all", &crate::fmt::count(bars.len())),
                    ("last", &last.label),
                    ("value", &unit.full(&last.value)),
                    (
                        "goal",
                        &last.goal.map_or_else(|| crate::fmt::not_applicable().to_owned(), |goal| unit.full(&goal)),
                    ),
                ],
            )
        })
    });
    let figures = Signal::derive(move || {
        let rows = bars.get().into_iter().map(|bar| {
            let goal = bar.goal.map_or_else(|| crate::fmt::not_applicable().to_owned(), |goal| unit.full(&goal));
            vec![bar.label.clone(), unit.full(&bar.value), goal]
        });
        Figures {
            heads: [K::ChartPeriod, K::ChartActual, K::ChartGoal].map(|key| t(key).to_owned()).to_vec(),
            rows: rows.collect(),
        }
    });
    let hatch = unique_id("hatch");
    let draw = move |width: f64| drawing(width, &bars.get(), unit, &hatch);
    view! { <Frame title sentence figures height=240.0 draw=Arc::new(draw) /> }
}

fn drawing(width: f64, bars: &[Bar], unit: Unit, hatch: &str) -> AnyView {
    let height = 240.0;
    let (left, right, top, bottom) = (58.0, width - 8.0, 14.0, height - 26.0);
    let values = || bars.iter().flat_map(|bar| [Some(bar.value), bar.goal]).flatten().map(|value| float(&value));
    let marks = ticks(values().fold(0.0, f64::min), values().fold(0.0, f64::max).max(1e-9), 4);
    let (low, high) = (marks.first().copied().unwrap_or(0.0), marks.last().copied().unwrap_or(1.0));
    let y = Scale::new((low, high), (bottom, top));
    let marks: Vec<(f64, String)> = marks.into_iter().map(|mark| (y.at(mark), unit.tick(mark))).collect();
    let slot = (right - left) / count(bars.len().max(1));
    let breadth = (slot * 0.62).min(44.0);
    // Labels that would run into each other are left out, evenly.
    let longest = bars.iter().map(|bar| bar.label.chars().count()).max().unwrap_or(1);
    let every = ((count(longest) * 7.0 + 8.0) / slot).ceil().max(1.0);
    let zero = y.at(0.0);
    let drawn = bars
        .iter()
        .enumerate()
        .map(|(place, bar)| {
            let middle = left + slot * (count(place) + 0.5);
            let end = y.at(float(&bar.value));
            let class = if bar.open { "bar open" } else { "bar" };
            let tip = match bar.goal {
                Some(goal) => format!("{}: {} / {}", bar.label, unit.full(&bar.value), unit.full(&goal)),
                None => format!("{}: {}", bar.label, unit.full(&bar.value)),
            };
            let labelled = (count(place) % every).abs() < 0.5;
            let goal = bar.goal.map(|goal| {
                let at = y.at(float(&goal)).to_string();
                view! {
                    <line
                        class="goal"
                        x1=(middle - slot * 0.46).to_string()
                        x2=(middle + slot * 0.46).to_string()
                        y1=at.clone()
                        y2=at
                    ></line>
                }
            });
            view! {
                <rect
                    class=class
                    fill=bar.open.then(|| format!("url(#{hatch})"))
                    x=(middle - breadth / 2.0).to_string()
                    y=end.min(zero).to_string()
                    width=breadth.to_string()
                    height=(end - zero).abs().max(1.0).to_string()
                    rx="3"
                >
                    <title>{tip}</title>
                </rect>
                {goal}
                {labelled
                    .then(|| {
                        view! {
                            <text class="tick" x=middle.to_string() y=(height - 8.0).to_string() text-anchor="middle">
                                {bar.label.clone()}
                            </text>
                        }
                    })}
            }
        })
        .collect_view();
    view! {
        <defs>
            <pattern id=hatch.to_owned() width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <rect class="hatch-ground" width="6" height="6"></rect>
                <line class="hatch-line" x1="0" x2="0" y1="0" y2="6"></line>
            </pattern>
        </defs>
        {left_axis(&marks, left, right)}
        <line class="axis" x1=left.to_string() x2=right.to_string() y1=zero.to_string() y2=zero.to_string()></line>
        {drawn}
    }
    .into_any()
}
