//! Search, filters, columns, cards and CSV above a table.

use super::{State, logic};
use crate::fmt;
use crate::i18n::{K, P, t, tf, tn, tr};
use crate::ui::button::{Button, Kind};
use crate::ui::icon::{I, Icon};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

#[component]
pub(super) fn Toolbar(state: State, narrow: Signal<bool>, file: TextProp) -> impl IntoView {
    let search_id = crate::ui::unique_id("search");
    let save = Callback::new(move |()| {
        let columns = state.columns();
        let visible: Vec<_> = state.visible().into_iter().filter_map(|place| columns.get(place)).collect();
        let (decimal, _) = fmt::separators();
        let text = state.rows.with_untracked(|rows| logic::csv(&visible, rows, decimal));
        download(&format!("{}.csv", file.get()), &text);
    });
    view! {
        <div class="table-tools">
            <div class="search">
                <label class="sr-only" for=search_id.clone()>{tr(K::TableSearch)}</label>
                <Icon icon=I::Search />
                <input
                    class="input"
                    type="search"
                    id=search_id
                    data-search="true"
                    placeholder=move || t(K::TableSearch)
                    prop:value=move || state.search.get()
                    on:input:target=move |event| state.search.set(event.target().value())
                />
            </div>
            <Choices state />
            <div class="table-actions">
                {move || {
                    narrow
                        .get()
                        .then(|| {
                            let name = move || t(if state.as_cards.get() { K::TableAsTable } else { K::TableAsCards });
                            view! {
                                <button
                                    type="button"
                                    class="button quiet only-icon"
                                    aria-label=name
                                    title=name
                                    on:click=move |_| state.as_cards.update(|cards| *cards = !*cards)
                                >
                                    {move || view! { <Icon icon=if state.as_cards.get() { I::Table } else { I::Cards } /> }}
                                </button>
                            }
                        })
                }} <ColumnChoice state />
                <Button kind=Kind::Quiet icon=I::Download on_press=save>{tr(K::TableCsv)}</Button>
            </div>
        </div>
        <div class="table-status">
            <span role="status">
                {move || {
                    let (shown, total) = (state.rows.with(|rows| rows.len()), state.total.get());
                    if shown == total {
                        tn(P::TableRows, total, &[])
                    } else {
                        tn(P::TableRowsOf, total, &[("shown", &fmt::count(shown))])
                    }
                }}
            </span>
            <Chips state />
        </div>
    }
}

/// A select for each column that offers its values.
#[component]
fn Choices(state: State) -> impl IntoView {
    let offered: Vec<usize> =
        state.columns().iter().enumerate().filter(|(_, column)| column.choice).map(|(place, _)| place).collect();
    offered
        .into_iter()
        .filter_map(|place| {
            let column = state.columns().get(place)?.clone();
            let label = column.label.clone();
            let (named, all) = (label.clone(), label);
            let values = Memo::new(move |_| logic::distinct(&column, state.total.get()));
            let chosen = move || {
                state.choices.with(|choices| {
                    choices
                        .iter()
                        .find(|(column, _)| *column == place)
                        .map(|(_, value)| value.clone())
                        .unwrap_or_default()
                })
            };
            let choose = move |value: String| {
                state.choices.update(|choices| {
                    choices.retain(|(column, _)| *column != place);
                    if !value.is_empty() {
                        choices.push((place, value));
                    }
                });
            };
            Some(view! {
                <div class="select">
                    <select
                        class="input"
                        aria-label=move || tf(K::TableFilterBy, &[("column", &named.get())])
                        prop:value=chosen
                        on:change:target=move |event| choose(event.target().value())
                    >
                        <option value="">{move || tf(K::TableFilterAll, &[("column", &all.get())])}</option>
                        {move || {
                            values
                                .get()
                                .into_iter()
                                .map(|value| {
                                    let (same, code) = (value.clone(), value.clone());
                                    view! {
                                        <option value=code prop:selected=move || chosen() == same>
                                            {value}
                                        </option>
                                    }
                                })
                                .collect_view()
                        }}
                    </select>
                    <Icon icon=I::Down />
                </div>
            })
        })
        .collect_view()
}

/// What is filtered by, each with a cross.
#[component]
fn Chips(state: State) -> impl IntoView {
    let chip = |text: String, clear: Callback<()>| {
        let name = text.clone();
        view! {
            <button type="button" class="chip" aria-label=move || tf(K::TableRemoveFilter, &[("filter", &name)]) on:click=move |_| clear.run(())>
                <span>{text}</span>
                <Icon icon=I::Close />
            </button>
        }
    };
    move || {
        state.is_filtered().then(|| {
            let columns = state.columns();
            let search = state.search.get();
            let by_search = (!search.trim().is_empty()).then(|| {
                chip(format!("“{}”", search.trim()), Callback::new(move |()| state.search.set(String::new())))
            });
            let by_choice = state
                .choices
                .get()
                .into_iter()
                .filter_map(|(place, value)| {
                    let label = columns.get(place)?.label.get();
                    let clear = Callback::new(move |()| {
                        state.choices.update(|choices| choices.retain(|(column, _)| *column != place));
                    });
                    Some(chip(format!("{label}: {value}"), clear))
                })
                .collect_view();
            view! {
                <span class="chips">
                    {by_search} {by_choice}
                    <button type="button" class="link" on:click=move |_| state.clear()>{tr(K::TableClear)}</button>
                </span>
            }
        })
    }
}

/// Which columns are shown.
#[component]
fn ColumnChoice(state: State) -> impl IntoView {
    let container = NodeRef::<leptos::html::Div>::new();
    let open = RwSignal::new(false);
    crate::ui::close_when_left(container, open);
    let boxes = state
        .columns()
        .iter()
        .enumerate()
        // The first column names the row and stays.
        .skip(1)
        .map(|(place, column)| {
            let label = column.label.clone();
            let shown = move || state.hidden.with(|hidden| !hidden.contains(&place));
            let change = move |show: bool| {
                state.hidden.update(|hidden| {
                    hidden.retain(|other| *other != place);
                    if !show {
                        hidden.push(place);
                    }
                });
            };
            view! {
                <label class="check">
                    <input type="checkbox" prop:checked=shown on:change:target=move |event| change(event.target().checked()) />
                    <span>{move || label.get()}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <div
            class="popover-anchor"
            node_ref=container
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    open.set(false);
                }
            }
        >
            <button
                type="button"
                class="button quiet"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <Icon icon=I::Columns />
                <span class="button-text">{tr(K::TableColumns)}</span>
            </button>
            <fieldset class="popover end columns" hidden=move || !open.get()>
                <legend class="sr-only">{tr(K::TableColumns)}</legend>
                {boxes}
            </fieldset>
        </div>
    }
}

/// Hands a text to the browser as a file.
fn download(name: &str, text: &str) {
    let parts = js_sys::Array::of1(&text.into());
    let options = web_sys::BlobPropertyBag::new();
    options.set_type("text/csv;charset=utf-8");
    let Ok(blob) = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options) else { return };
    let Ok(url) = web_sys::Url::create_object_url_with_blob(&blob) else { return };
    let link = document().create_element("a").ok().and_then(|link| link.dyn_into::<web_sys::HtmlAnchorElement>().ok());
    if let Some(link) = link {
        link.set_href(&url);
        link.set_download(name);
        link.click();
    }
    // The browser needs the address until it has begun to save.
    set_timeout(
        move || {
            let _ = web_sys::Url::revoke_object_url(&url);
        },
        std::time::Duration::from_secs(10),
    );
}
