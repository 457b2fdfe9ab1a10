//! Head, rows and cards of a table.

use super::column::Column;
use super::{Sorting, State, Window};
use crate::i18n::{K, t};
use crate::ui::icon::{I, Icon};
use leptos::prelude::*;

#[component]
pub(super) fn Head(state: State) -> impl IntoView {
    let heads = move || {
        let columns = state.columns();
        state
            .visible()
            .into_iter()
            .filter_map(|place| columns.get(place).cloned().map(|column| (place, column)))
            .map(|(place, column)| view! { <HeadCell state place column /> })
            .collect_view()
    };
    let widths = move || {
        let columns = state.columns();
        state
            .visible()
            .into_iter()
            .filter_map(|place| columns.get(place).map(|column| column.width))
            .map(|width| view! { <col style:width=format!("{width}px") /> })
            .collect_view()
    };
    view! {
        <colgroup>{widths}</colgroup>
        <thead>
            <tr aria-rowindex="1">{heads}</tr>
        </thead>
    }
}

#[component]
fn HeadCell(state: State, place: usize, column: Column) -> impl IntoView {
    let direction = move || match state.sorting.get() {
        Some(Sorting { column, descending }) if column == place => Some(descending),
        _ => None,
    };
    let aria_sort = move || match direction() {
        Some(true) => "descending",
        Some(false) => "ascending",
        None => "none",
    };
    let label = column.label;
    view! {
        <th scope="col" class:figure=column.format.is_figure() aria-sort=aria_sort>
            <button type="button" on:click=move |_| state.turn(place)>
                <span>{move || label.get()}</span>
                <span class="sort" aria-hidden="true">
                    {move || direction().map(|descending| view! { <Icon icon=if descending { I::Down } else { I::Up } /> })}
                </span>
            </button>
        </th>
    }
}

/// What a drawn row is known by: it is drawn again when its place, its columns or the data change.
fn drawn(state: State, window: Window) -> Vec<(usize, usize, u32)> {
    let (first, past, version) = (window.first.get(), window.past.get(), state.version.get());
    state.rows.with(|rows| {
        let shown = rows.get(first..past.min(rows.len())).unwrap_or_default();
        shown.iter().enumerate().map(|(place, row)| (first + place, *row, version)).collect()
    })
}

#[component]
pub(super) fn Rows(state: State, window: Window, on_open: Option<Callback<usize>>) -> impl IntoView {
    let columns = state.columns();
    let total = move || state.rows.with(|rows| rows.len());
    let visible = Memo::new(move |_| state.visible());
    let row = move |(place, row, _): (usize, usize, u32)| {
        let columns = columns.clone();
        let cells = move || {
            visible
                .get()
                .into_iter()
                .filter_map(|column| columns.get(column))
                .enumerate()
                .map(|(order, column)| view_cell(column, order == 0, row, on_open))
                .collect_view()
        };
        view! {
            <tr aria-rowindex=(place + 2).to_string() class:odd=place % 2 == 1>
                {cells}
            </tr>
        }
    };
    view! {
        <tbody>
            <tr class="spacer" aria-hidden="true" style:height=move || window.above()></tr>
            <For each=move || drawn(state, window) key=|key| *key children=row />
            <tr class="spacer" aria-hidden="true" style:height=move || window.below(total())></tr>
        </tbody>
    }
}

fn view_cell(column: &Column, is_first: bool, row: usize, on_open: Option<Callback<usize>>) -> AnyView {
    if !is_first {
        return view! { <td class:figure=column.format.is_figure()>{column.view(row)}</td> }.into_any();
    }
    let content = column.view(row);
    match on_open {
        Some(on_open) => view! {
            <th scope="row">
                <button type="button" class="link" on:click=move |_| on_open.run(row)>{content}</button>
            </th>
        }
        .into_any(),
        None => view! { <th scope="row">{content}</th> }.into_any(),
    }
}

/// The rows as cards: the first column as heading, the chosen ones below.
#[component]
pub(super) fn Cards(state: State, on_open: Option<Callback<usize>>) -> impl IntoView {
    let columns = state.columns();
    let shown: Vec<usize> =
        columns.iter().enumerate().skip(1).filter(|(_, column)| column.on_card).map(|(place, _)| place).collect();
    // The height that the style sheet gives a card: heading and one line for each column.
    let height = 62 + shown.len() * 28;
    let window = Window::over(state.rows, Signal::stored(height));
    Effect::new(move || {
        state.rows.track();
        window.scrolled();
    });
    let total = move || state.rows.with(|rows| rows.len());
    let card = move |(_, row, _): (usize, usize, u32)| {
        let lines = shown
            .iter()
            .filter_map(|place| columns.get(*place))
            .map(|column| {
                let label = column.label.clone();
                view! { <div><dt>{move || label.get()}</dt><dd class:figure=column.format.is_figure()>{column.view(row)}</dd></div> }
            })
            .collect_view();
        let heading = columns.first().map(|column| column.view(row));
        let heading = match on_open {
            Some(on_open) => {
                view! { <button type="button" class="link" on:click=move |_| on_open.run(row)>{heading}</button> }
                    .into_any()
            }
            None => heading.into_any(),
        };
        view! {
            <li class="row-card" style:height=format!("{}px", height - 10)>
                <p class="row-card-name">{heading}</p>
                <dl>{lines}</dl>
            </li>
        }
    };
    view! {
        <div
            class="card-scroll"
            role="region"
            tabindex="0"
            aria-label=move || t(K::TableCards)
            node_ref=window.node
            on:scroll=move |_| window.scrolled()
        >
            <ul class="row-cards">
                <li class="spacer" aria-hidden="true" style:height=move || window.above()></li>
                <For each=move || drawn(state, window) key=|key| *key children=card />
                <li class="spacer" aria-hidden="true" style:height=move || window.below(total())></li>
            </ul>
        </div>
    }
}
