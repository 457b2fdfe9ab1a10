//! The payout curve with "you are here".

use super::frame::{Figures, Frame, bottom_axis, left_axis};
use super::scale::{Scale, Unit, float, ticks};
use crate::i18n::{K, t, tf};
use leptos::prelude::*;
use rust_decimal::Decimal;
use std::fmt::Write as _;
use std::sync::Arc;

/// A point of a curve: at attainment `at` it pays `pay`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CurvePoint {
    pub(crate) at: Decimal,
    pub(crate) pay: Decimal,
}

/// How a curve goes from point to point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Line,
    Steps,
}

/// How a curve goes on after its last point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Above {
    /// Stays as it is: a cap.
    Hold,
    /// Goes on with its last slope.
    Extend,
}

/// A payout curve. `here` is the reader's own point.
#[component]
pub(crate) fn Curve(
    #[prop(into)] title: TextProp,
    #[prop(into)] points: Signal<Vec<CurvePoint>>,
    #[prop(default = Shape::Line)] shape: Shape,
    #[prop(default = Above::Hold)] above: Above,
    #[prop(optional, into)] here: Signal<Option<CurvePoint>>,
    #[prop(default = Unit::Percent)] across: Unit,
    #[prop(default = Unit::Percent)] up: Unit,
) -> impl IntoView {
    let sentence = Signal::derive(move || {
        let points = points.get();
        let (Some(first), Some(last)) = (points.first(), points.last()) else { return t(K::ChartEmpty).to_owned() };
        let range = tf(
            K::ChartCurveSentence,
            &[
                ("from", &across.full(&first.at)),
                ("low", &up.full(&first.pay)),
                ("to", &across.full(&last.at)),
                ("high", &up.full(&last.pay)),
            ],
        );
        match here.get() {
            Some(here) => {
                let here = tf(K::ChartHereSentence, &[("at", &across.full(&here.at)), ("pay", &up.full(&here.pay))]);
                format!("{here} {range}")
            }
            None => range,
        }
    });
    let figures = Signal::derive(move || {
        let mut rows: Vec<Vec<String>> =
            points.get().iter().map(|point| vec![across.full(&point.at), up.full(&point.pay)]).collect();
        if let Some(here) = here.get() {
            rows.push(vec![format!("{} ({})", across.full(&here.at), t(K::ChartHere)), up.full(&here.pay)]);
        }
        Figures { heads: vec![t(K::ChartAttainment).to_owned(), t(K::ChartPays).to_owned()], rows }
    });
    let draw = move |width: f64| drawing(width, &points.get(), shape, above, here.get(), across, up);
    view! { <Frame title sentence figures height=260.0 draw=Arc::new(draw) /> }
}

fn drawing(
    width: f64,
    points: &[CurvePoint],
    shape: Shape,
    above: Above,
    here: Option<CurvePoint>,
    across: Unit,
    up: Unit,
) -> AnyView {
    let height = 260.0;
    let (left, right, top, bottom) = (52.0, width - 16.0, 26.0, height - 28.0);
    let mut line: Vec<(f64, f64)> = points.iter().map(|point| (float(&point.at), float(&point.pay))).collect();
    let Some(&(first_x, first_y)) = line.first() else { return ().into_any() };
    let here = here.map(|here| (float(&here.at), float(&here.pay), across.full(&here.at), up.full(&here.pay)));

    // Some room beyond the last point, and wherever the reader is.
    let last_x = line.last().map_or(first_x, |(x, _)| *x);
    let reach = here.as_ref().map_or(last_x, |here| here.0.max(last_x));
    let span = (reach - first_x).abs().max(0.1);
    let from_x = (first_x - span * 0.3).max(0.0).min(here.as_ref().map_or(f64::MAX, |here| here.0));
    let to_x = reach + span * 0.12;
    if let Some(beyond) = beyond(&line, to_x, shape, above) {
        line.push(beyond);
    }
    let highest = line.iter().map(|(_, y)| *y).chain(here.iter().map(|here| here.1)).fold(0.0, f64::max);
    let y_marks = ticks(0.0, highest.max(0.1), 4);
    let y = Scale::new((0.0, y_marks.last().copied().unwrap_or(1.0)), (bottom, top));
    let x = Scale::new((from_x, to_x), (left, right));
    let wanted = if width < 480.0 { 4 } else { 7 };
    let x_marks: Vec<(f64, String)> = ticks(from_x, to_x, wanted)
        .into_iter()
        .filter(|mark| *mark >= from_x && *mark <= to_x)
        .map(|mark| (x.at(mark), across.tick(mark)))
        .collect();
    let y_marks: Vec<(f64, String)> = y_marks.into_iter().map(|mark| (y.at(mark), up.tick(mark))).collect();

    let mut path = format!("M{} {}", x.at(from_x), y.at(0.0));
    if first_x > from_x {
        let _ = write!(path, " L{} {}", x.at(first_x), y.at(0.0));
    }
    let _ = write!(path, " L{} {}", x.at(first_x), y.at(first_y));
    for pair in line.windows(2) {
        if let [(_, before), (at, pay)] = pair {
            if shape == Shape::Steps {
                let _ = write!(path, " L{} {}", x.at(*at), y.at(*before));
            }
            let _ = write!(path, " L{} {}", x.at(*at), y.at(*pay));
        }
    }
    let area = format!("{path} L{} {bottom} L{} {bottom} Z", x.at(to_x), x.at(from_x));
    let dots = points
        .iter()
        .map(|point| {
            let tip = format!("{} → {}", across.full(&point.at), up.full(&point.pay));
            view! {
                <circle class="knot" cx=x.at(float(&point.at)).to_string() cy=y.at(float(&point.pay)).to_string() r="3.5">
                    <title>{tip}</title>
                </circle>
            }
        })
        .collect_view();
    let goal = (across == Unit::Percent && from_x < 1.0 && to_x > 1.0).then(|| {
        let at = x.at(1.0).to_string();
        view! {
            <line class="goal" x1=at.clone() x2=at.clone() y1=top.to_string() y2=bottom.to_string()></line>
            <text class="mark" x=at y="16" text-anchor="middle">{t(K::ChartGoal)}</text>
        }
    });
    let here = here.map(|(at, pay, at_text, pay_text)| {
        let (cx, cy) = (x.at(at), y.at(pay));
        // A curve that rises leaves room above at the left and below at the right; the label takes what is wide enough.
        let (anchor, shift, words_y) = if cx - left > 150.0 {
            ("end", -12.0, (cy - 24.0).max(top))
        } else if cy + 44.0 < bottom {
            ("start", 12.0, cy + 24.0)
        } else {
            ("start", left + 6.0 - cx, (cy - 24.0).max(top))
        };
        let figures_y = words_y + 16.0;
        view! {
            <line class="here-line" x1=cx.to_string() x2=cx.to_string() y1=cy.to_string() y2=bottom.to_string()></line>
            <line class="here-line" x1=left.to_string() x2=cx.to_string() y1=cy.to_string() y2=cy.to_string()></line>
            <circle class="here" cx=cx.to_string() cy=cy.to_string() r="7"></circle>
            <text class="here-text" x=(cx + shift).to_string() y=words_y.to_string() text-anchor=anchor>{t(K::ChartHere)}</text>
            <text class="here-figure" x=(cx + shift).to_string() y=figures_y.to_string() text-anchor=anchor>{format!("{at_text} → {pay_text}")}</text>
        }
    });
    view! {
        {left_axis(&y_marks, left, right)}
        {bottom_axis(&x_marks, height - 8.0)}
        <path class="area" d=area></path>
        {goal}
        <path class="line" d=path></path>
        {dots}
        {here}
    }
    .into_any()
}

/// Where the line ends beyond the last point.
fn beyond(line: &[(f64, f64)], to_x: f64, shape: Shape, above: Above) -> Option<(f64, f64)> {
    let (x, y) = line.last().copied()?;
    let before = line.len().checked_sub(2).and_then(|place| line.get(place)).copied();
    let slope = match (above, shape, before) {
        (Above::Extend, Shape::Line, Some((x0, y0))) if x > x0 => (y - y0) / (x - x0),
        _ => 0.0,
    };
    Some((to_x, y + slope * (to_x - x)))
}
