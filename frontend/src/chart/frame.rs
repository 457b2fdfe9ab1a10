//! What every chart has: a heading, a sentence, its own width, and a table with the same figures.

use crate::i18n::{K, tr};
use crate::ui::unique_id;
use crate::ui::{I, Icon};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;

/// The figures of a chart: headings, then rows; the first cell of a row names it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Figures {
    pub(super) heads: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

/// The width of `node` in pixels, as it changes.
pub(super) fn width_of(node: NodeRef<leptos::html::Div>) -> Signal<f64> {
    let width = RwSignal::new(0.0_f64);
    let watched = StoredValue::new_local(None::<(web_sys::ResizeObserver, Closure<dyn FnMut()>)>);
    Effect::new(move || {
        let Some(element) = node.get() else { return };
        width.set(f64::from(element.client_width()));
        let measured = element.clone();
        let changed = Closure::<dyn FnMut()>::new(move || {
            let now = f64::from(measured.client_width());
            if now > 0.0 && (width.get_untracked() - now).abs() >= 1.0 {
                width.set(now);
            }
        });
        if let Ok(observer) = web_sys::ResizeObserver::new(changed.as_ref().unchecked_ref()) {
            observer.observe(&element);
            watched.set_value(Some((observer, changed)));
        }
    });
    on_cleanup(move || {
        watched.try_update_value(|watched| {
            if let Some((observer, _)) = watched.take() {
                observer.disconnect();
            }
        });
    });
    width.into()
}

/// The frame around a drawing of a given width.
#[component]
pub(super) fn Frame(
    title: TextProp,
    /// Says what the drawing shows.
    sentence: Signal<String>,
    figures: Signal<Figures>,
    #[prop(into)] height: Signal<f64>,
    draw: Arc<dyn Fn(f64) -> AnyView + Send + Sync>,
) -> impl IntoView {
    let node = NodeRef::<leptos::html::Div>::new();
    let width = width_of(node);
    let as_table = RwSignal::new(false);
    let (sentence_id, heading) = (unique_id("chart"), unique_id("chart-title"));
    let headed = heading.clone();
    let labelled = sentence_id.clone();
    let captioned = title.clone();
    let drawing = move || {
        let width = width.get();
        // Nothing is drawn until the width is known: text keeps its size because pixels are real pixels.
        (width > 0.0).then(|| {
            let height = height.get();
            view! {
                <svg
                    class="chart-svg"
                    role="img"
                    aria-labelledby=labelled.clone()
                    width=width.to_string()
                    height=height.to_string()
                    viewBox=format!("0 0 {width} {height}")
                >
                    {draw(width)}
                </svg>
            }
        })
    };
    view! {
        <figure class="chart" aria-labelledby=headed>
            <div class="chart-head">
                <figcaption id=heading>{move || title.get()}</figcaption>
                <button type="button" class="button quiet small" aria-pressed=move || if as_table.get() { "true" } else { "false" } on:click=move |_| as_table.update(|on| *on = !*on)>
                    {move || view! { <Icon icon=if as_table.get() { I::Chart } else { I::Table } /> }}
                    <span class="button-text">{move || if as_table.get() { tr(K::ChartAsChart)() } else { tr(K::ChartAsTable)() }}</span>
                </button>
            </div>
            <div class="chart-body" node_ref=node hidden=move || as_table.get()>
                {drawing}
            </div>
            {move || as_table.get().then(|| view! { <FiguresTable title=captioned.clone() figures /> })}
            <p class="chart-sentence" id=sentence_id>{move || sentence.get()}</p>
        </figure>
    }
}

#[component]
fn FiguresTable(title: TextProp, figures: Signal<Figures>) -> impl IntoView {
    let named = title.clone();
    let content = move || {
        let Figures { heads, rows } = figures.get();
        let heads = heads
            .into_iter()
            .enumerate()
            .map(|(place, head)| view! { <th scope="col" class:figure=place != 0>{head}</th> })
            .collect_view();
        let rows = rows
            .into_iter()
            .map(|row| {
                let cells = row
                    .into_iter()
                    .enumerate()
                    .map(|(place, cell)| {
                        if place == 0 {
                            view! { <th scope="row">{cell}</th> }.into_any()
                        } else {
                            view! { <td class="figure">{cell}</td> }.into_any()
                        }
                    })
                    .collect_view();
                view! { <tr>{cells}</tr> }
            })
            .collect_view();
        view! {
            <thead>
                <tr>{heads}</tr>
            </thead>
            <tbody>{rows}</tbody>
        }
    };
    view! {
        <div class="chart-table" tabindex="0" role="region" aria-label=move || named.get()>
            <table class="plain-table">
                <caption class="sr-only">{move || title.get()}</caption>
                {content}
            </table>
        </div>
    }
}

/// Lines and figures of a vertical axis at the left, from `left` to `right`.
pub(super) fn left_axis(marks: &[(f64, String)], left: f64, right: f64) -> AnyView {
    marks
        .iter()
        .map(|(y, text)| {
            view! {
                <line class="grid" x1=left.to_string() x2=right.to_string() y1=y.to_string() y2=y.to_string()></line>
                <text class="tick" x=(left - 8.0).to_string() y=(y + 4.0).to_string() text-anchor="end">{text.clone()}</text>
            }
        })
        .collect_view()
        .into_any()
}

/// Figures of a horizontal axis at height `y`.
pub(super) fn bottom_axis(marks: &[(f64, String)], y: f64) -> AnyView {
    marks
        .iter()
        .map(|(x, text)| {
            view! { <text class="tick" x=x.to_string() y=y.to_string() text-anchor="middle">{text.clone()}</text> }
        })
        .collect_view()
        .into_any()
}
