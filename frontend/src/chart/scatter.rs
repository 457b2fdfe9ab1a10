//! Two figures of many people: is pay fair to performance?

use super::frame::{Figures, Frame, bottom_axis, left_axis};
use super::scale::{Scale, Unit, count, float, ticks};
use crate::i18n::{K, P, t, tn};
use crate::ui::Band;
use leptos::prelude::*;
use rust_decimal::Decimal;
use std::sync::Arc;

/// One person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScatterPoint {
    pub(crate) label: String,
    pub(crate) x: Decimal,
    pub(crate) y: Decimal,
    pub(crate) band: Band,
}

/// Points with their straight trend; the glyph of a point says its band, not its colour alone.
#[component]
pub(crate) fn Scatter(
    #[prop(into)] title: TextProp,
    #[prop(into)] x_label: TextProp,
    #[prop(into)] y_label: TextProp,
    #[prop(into)] points: Signal<Vec<ScatterPoint>>,
    across: Unit,
    up: Unit,
) -> impl IntoView {
    let (x_name, y_name) = (x_label.clone(), y_label.clone());
    let sentence = Signal::derive(move || {
        points.with(|points| {
            let r = correlation(points);
            let strength = match r {
                r if r >= 0.7 => K::ChartFitStrong,
                r if r >= 0.4 => K::ChartFitFair,
                r if r >= 0.1 => K::ChartFitWeak,
                _ => K::ChartFitNone,
            };
            tn(
                P::ChartScatterSentence,
                points.len(),
                &[("x", &x_name.get()), ("y", &y_name.get()), ("fit", t(strength))],
            )
        })
    });
    let (x_head, y_head) = (x_label.clone(), y_label.clone());
    let figures = Signal::derive(move || Figures {
        heads: vec![t(K::ChartPerson).to_owned(), x_head.get().to_string(), y_head.get().to_string()],
        rows: points
            .get()
            .iter()
            .map(|point| vec![point.label.clone(), across.full(&point.x), up.full(&point.y)])
            .collect(),
    });
    let draw = move |width: f64| drawing(width, &points.get(), &x_label.get(), &y_label.get(), across, up);
    view! { <Frame title sentence figures height=300.0 draw=Arc::new(draw) /> }
}

fn pairs(points: &[ScatterPoint]) -> Vec<(f64, f64)> {
    points.iter().map(|point| (float(&point.x), float(&point.y))).collect()
}

/// Means, and the sums of squares around them: x, y, and both.
fn moments(pairs: &[(f64, f64)]) -> (f64, f64, f64, f64, f64) {
    let n = count(pairs.len()).max(1.0);
    let mean_x = pairs.iter().map(|(x, _)| x).sum::<f64>() / n;
    let mean_y = pairs.iter().map(|(_, y)| y).sum::<f64>() / n;
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in pairs {
        xx += (x - mean_x) * (x - mean_x);
        yy += (y - mean_y) * (y - mean_y);
        xy += (x - mean_x) * (y - mean_y);
    }
    (mean_x, mean_y, xx, yy, xy)
}

fn correlation(points: &[ScatterPoint]) -> f64 {
    let (_, _, xx, yy, xy) = moments(&pairs(points));
    if xx * yy > 0.0 { xy / (xx * yy).sqrt() } else { 0.0 }
}

fn drawing(width: f64, points: &[ScatterPoint], x_label: &str, y_label: &str, across: Unit, up: Unit) -> AnyView {
    let height = 300.0;
    let (left, right, top, bottom) = (64.0, width - 10.0, 28.0, height - 46.0);
    let pairs = pairs(points);
    let lowest_x = pairs.iter().map(|(x, _)| *x).fold(f64::MAX, f64::min).min(1.0);
    let highest_x = pairs.iter().map(|(x, _)| *x).fold(1.0, f64::max);
    let highest_y = pairs.iter().map(|(_, y)| *y).fold(0.0, f64::max).max(1e-9);
    let x_marks = ticks(lowest_x, highest_x, if width < 480.0 { 4 } else { 7 });
    let y_marks = ticks(0.0, highest_y, 4);
    let ends = |marks: &[f64]| (marks.first().copied().unwrap_or(0.0), marks.last().copied().unwrap_or(1.0));
    let (x_ends, y_ends) = (ends(&x_marks), ends(&y_marks));
    let (x, y) = (Scale::new(x_ends, (left, right)), Scale::new(y_ends, (bottom, top)));
    let x_marks: Vec<(f64, String)> = x_marks.into_iter().map(|mark| (x.at(mark), across.tick(mark))).collect();
    let y_marks: Vec<(f64, String)> = y_marks.into_iter().map(|mark| (y.at(mark), up.tick(mark))).collect();

    let (mean_x, mean_y, xx, _, xy) = moments(&pairs);
    let trend = (xx > 0.0).then(|| {
        let slope = xy / xx;
        let line = |at: f64| (mean_y + slope * (at - mean_x)).clamp(y_ends.0, y_ends.1);
        let (first, last) = (lowest_x, highest_x);
        view! {
            <line
                class="trend"
                x1=x.at(first).to_string()
                x2=x.at(last).to_string()
                y1=y.at(line(first)).to_string()
                y2=y.at(line(last)).to_string()
            ></line>
        }
    });
    let dots = points
        .iter()
        .map(|point| {
            let (cx, cy) = (x.at(float(&point.x)), y.at(float(&point.y)));
            view! {
                <text class=format!("dot {}", point.band.class()) x=cx.to_string() y=(cy + 4.0).to_string() text-anchor="middle">
                    {point.band.glyph()}
                    <title>{format!("{}: {} · {}", point.label, across.full(&point.x), up.full(&point.y))}</title>
                </text>
            }
        })
        .collect_view();
    view! {
        {left_axis(&y_marks, left, right)}
        {bottom_axis(&x_marks, height - 28.0)}
        <text class="axis-name" x="0" y="14">{y_label.to_owned()}</text>
        <text class="axis-name" x=right.to_string() y=(height - 6.0).to_string() text-anchor="end">{x_label.to_owned()}</text>
        {trend}
        {dots}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correlation_is_one_on_a_line_and_zero_without_spread() {
        let point = |x: i64, y: i64| ScatterPoint { label: String::new(), x: x.into(), y: y.into(), band: Band::Met };
        let line = [point(1, 2), point(2, 4), point(3, 6)];
        assert!((correlation(&line) - 1.0).abs() < 1e-9);
        assert_eq!(correlation(&[point(1, 2), point(1, 5)]), 0.0);
        assert_eq!(correlation(&[]), 0.0);
    }
}
