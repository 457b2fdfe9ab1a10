//! Charts on show.

use super::Part;
use super::sample::{self, band, d};
use crate::chart::{
    Above, Bar, Bars, Bin, Curve, CurvePoint, Distribution, Scatter, ScatterPoint, Shape, Sparkline, Step, StepKind,
    Unit, Waterfall,
};
use crate::fmt;
use crate::i18n::{K, t, tr};
use chrono::NaiveDate;
use leptos::prelude::*;
use rust_decimal::Decimal;

fn points(pairs: &[(&str, &str)]) -> Vec<CurvePoint> {
    pairs.iter().map(|(at, pay)| CurvePoint { at: d(at), pay: d(pay) }).collect()
}

fn months() -> Vec<Bar> {
    let figures = [
        ("71200", "80000"),
        ("84100", "80000"),
        ("78900", "82000"),
        ("91800", "84000"),
        ("88400", "86000"),
        ("94300", "88000"),
        ("69800", "70000"),
        ("52100", "60000"),
        ("97800", "90000"),
        ("41000", "92000"),
    ];
    let last = figures.len() - 1;
    figures
        .iter()
        .zip(1_u32..)
        .enumerate()
        .map(|(place, ((value, goal), month))| Bar {
            label: NaiveDate::from_ymd_opt(2026, month, 1).map(fmt::month_short).unwrap_or_default(),
            value: d(value),
            goal: Some(d(goal)),
            open: place == last,
        })
        .collect()
}

fn bins() -> Vec<Bin> {
    let counts = [3_usize, 5, 9, 14, 22, 31, 27, 18, 11, 6, 2];
    counts
        .iter()
        .zip(5_i64..)
        .map(|(count, tenth)| {
            let from = Decimal::new(tenth, 1);
            let to = Decimal::new(tenth + 1, 1);
            let label = format!("{}–{}", fmt::number(&(from * Decimal::ONE_HUNDRED), 0), fmt::percent_whole(&to));
            Bin { label, count: *count, band: band(&from) }
        })
        .collect()
}

fn steps() -> Vec<Step> {
    let step = |key: K, amount: &str, kind: StepKind| Step { label: t(key).to_owned(), amount: d(amount), kind };
    vec![
        step(K::DesignStepTarget, "3000.00", StepKind::Total),
        step(K::DesignLineCardio, "214.60", StepKind::Change),
        step(K::DesignLineRespiratory, "-381.20", StepKind::Change),
        step(K::DesignStepCoverage, "120.00", StepKind::Change),
        step(K::DesignStepProration, "-82.20", StepKind::Change),
        step(K::DesignStepEarned, "2871.20", StepKind::Total),
        step(K::DesignStepHoldback, "-287.12", StepKind::Change),
        step(K::DesignStepPayment, "2584.08", StepKind::Total),
    ]
}

#[component]
pub(super) fn Charts() -> impl IntoView {
    let curve = points(&[("0.8", "0.5"), ("1", "1"), ("1.1", "1.4"), ("1.3", "2")]);
    let here = Some(CurvePoint { at: d("1.046"), pay: d("1.184") });
    let stairs = points(&[("0.7", "0.25"), ("0.85", "0.6"), ("1", "1"), ("1.2", "1.5")]);
    let low = Some(CurvePoint { at: d("0.78"), pay: d("0.25") });
    let scatter: Vec<ScatterPoint> = sample::people(64)
        .into_iter()
        .filter_map(|person| {
            let band = person.band();
            Some(ScatterPoint { label: person.name, x: person.attainment, y: person.pay?, band })
        })
        .collect();
    let course = ["0.71", "0.74", "0.69", "0.82", "0.88", "0.95", "0.93", "1.046"].map(d).to_vec();
    view! {
        <Part title=K::DesignCharts>
            <div class="chart-grid">
                <Curve title=K::DesignCurve points=curve above=Above::Extend here=Signal::stored(here) />
                <Curve title=K::DesignStairs points=stairs shape=Shape::Steps here=Signal::stored(low) />
                <Bars title=K::DesignBars bars=Signal::derive(months) unit=Unit::Money("EUR") />
                <Distribution title=K::DesignDistribution bins=Signal::derive(bins) />
                <Waterfall title=K::DesignWaterfall steps=Signal::derive(steps) currency="EUR" />
                <Scatter
                    title=K::DesignScatter
                    x_label=K::ChartAttainment
                    y_label=K::ChartPay
                    points=scatter
                    across=Unit::Percent
                    up=Unit::Money("EUR")
                />
            </div>
            <p class="spark-line">
                {tr(K::DesignSpark)} <Sparkline label=K::ChartAttainment values=course full=fmt::percent />
            </p>
        </Part>
    }
}
