//! How many stand where.

use super::frame::{Figures, Frame, left_axis};
use super::scale::{Scale, count, ticks};
use crate::fmt;
use crate::i18n::{K, P, t, tf, tn};
use crate::ui::Band;
use leptos::prelude::*;
use std::sync::Arc;

/// People between two limits of attainment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bin {
    /// The limits in words, such as `90–100%`.
    pub(crate) label: String,
    pub(crate) count: usize,
    pub(crate) band: Band,
}

const BANDS: [Band; 4] = [Band::Below, Band::OnTheWay, Band::Met, Band::Accelerated];

fn in_band(bins: &[Bin], band: Band) -> usize {
    bins.iter().filter(|bin| bin.band == band).map(|bin| bin.count).sum()
}

/// A histogram of attainment, with a strip that counts the bands.
#[component]
pub(crate) fn Distribution(#[prop(into)] title: TextProp, #[prop(into)] bins: Signal<Vec<Bin>>) -> impl IntoView {
    let sentence = Signal::derive(move || {
        bins.with(|bins| {
            let all: usize = bins.iter().map(|bin| bin.count).sum();
            let met = in_band(bins, Band::Met) + in_band(bins, Band::Accelerated);
            let below = in_band(bins, Band::Below);
            tn(P::ChartDistributionSentence, all, &[("met", &fmt::count(met)), ("below", &fmt::count(below))])
        })
    });
    let figures = Signal::derive(move || {
        let rows = bins.get().iter().map(|bin| vec![bin.label.clone(), fmt::count(bin.count)]).collect();
        Figures { heads: vec![t(K::ChartAttainment).to_owned(), t(K::ChartPeople).to_owned()], rows }
    });
    let draw = move |width: f64| drawing(width, &bins.get());
    view! { <Frame title sentence figures height=250.0 draw=Arc::new(draw) /> }
}

fn drawing(width: f64, bins: &[Bin]) -> AnyView {
    let height = 250.0;
    let (left, right, top, bottom) = (36.0, width - 4.0, 62.0, height - 26.0);
    let most = bins.iter().map(|bin| bin.count).max().unwrap_or(0);
    let marks = ticks(0.0, count(most).max(1.0), 3);
    let y = Scale::new((0.0, marks.last().copied().unwrap_or(1.0)), (bottom, top));
    let marks: Vec<(f64, String)> =
        marks.into_iter().filter(|mark| mark.fract() == 0.0).map(|mark| (y.at(mark), format!("{mark:.0}"))).collect();
    let slot = (right - left) / count(bins.len().max(1));
    let longest = bins.iter().map(|bin| bin.label.chars().count()).max().unwrap_or(1);
    let every = ((count(longest) * 6.6 + 6.0) / slot).ceil().max(1.0);
    let columns = bins
        .iter()
        .enumerate()
        .map(|(place, bin)| {
            let x = left + slot * count(place);
            let up = y.at(count(bin.count));
            let labelled = (count(place) % every).abs() < 0.5;
            view! {
                <rect
                    class=format!("band-fill {}", bin.band.class())
                    x=(x + slot * 0.06).to_string()
                    y=up.to_string()
                    width=(slot * 0.88).to_string()
                    height=(bottom - up).max(0.0).to_string()
                    rx="3"
                >
                    <title>{tf(K::ChartBin, &[("label", &bin.label), ("n", &fmt::count(bin.count))])}</title>
                </rect>
                {labelled
                    .then(|| {
                        view! {
                            <text class="tick" x=(x + slot / 2.0).to_string() y=(height - 8.0).to_string() text-anchor="middle">
                                {bin.label.clone()}
                            </text>
                        }
                    })}
            }
        })
        .collect_view();
    view! {
        {strip(bins, left, right)}
        {left_axis(&marks, left, right)}
        {columns}
    }
    .into_any()
}

/// One bar across, cut by band, with glyph and count above each part that has room for them.
fn strip(bins: &[Bin], left: f64, right: f64) -> AnyView {
    let all = count(bins.iter().map(|bin| bin.count).sum::<usize>()).max(1.0);
    let mut x = left;
    BANDS
        .into_iter()
        .map(|band| {
            let people = in_band(bins, band);
            let part = (right - left) * count(people) / all;
            let at = x;
            x += part;
            let text = if part > 120.0 {
                format!("{} {} {}", band.glyph(), t(band.words()), fmt::count(people))
            } else if part > 30.0 {
                format!("{} {}", band.glyph(), fmt::count(people))
            } else {
                String::new()
            };
            view! {
                <rect
                    class=format!("band-fill {}", band.class())
                    x=at.to_string()
                    y="24"
                    width=(part - 2.0).max(0.0).to_string()
                    height="12"
                    rx="3"
                ></rect>
                <text class=format!("band-text {}", band.class()) x=at.to_string() y="16">{text}</text>
            }
        })
        .collect_view()
        .into_any()
}
