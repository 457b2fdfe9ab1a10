//! The table: sorted, filtered, with chosen columns, drawn only where it is seen, saved as CSV; cards on phones.

mod body;
mod column;
mod logic;
mod toolbar;

pub(crate) use column::{Column, Format, Value};

use crate::i18n::{K, t};
use crate::prefs;
use body::{Cards, Head, Rows};
use leptos::prelude::*;
use std::sync::Arc;
use toolbar::Toolbar;

/// Up to this many rows are all drawn, so that they can be printed and found by the browser.
const ALL_DRAWN: usize = 80;

/// Which column the rows are in order of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sorting {
    column: usize,
    descending: bool,
}

/// What the person set on a table. `Copy`: it holds only signals.
#[derive(Clone, Copy)]
struct State {
    columns: StoredValue<Arc<Vec<Column>>>,
    total: Signal<usize>,
    search: RwSignal<String>,
    /// Column and value that rows must have.
    choices: RwSignal<Vec<(usize, String)>>,
    sorting: RwSignal<Option<Sorting>>,
    hidden: RwSignal<Vec<usize>>,
    /// The places of the rows to show, in their order.
    rows: Memo<Arc<Vec<usize>>>,
    /// Changes whenever the data does, so that drawn rows are drawn again.
    version: Memo<u32>,
    as_cards: RwSignal<bool>,
}

impl State {
    fn columns(self) -> Arc<Vec<Column>> {
        self.columns.get_value()
    }

    /// The places of the visible columns.
    fn visible(self) -> Vec<usize> {
        let hidden = self.hidden.get();
        (0..self.columns().len()).filter(|place| !hidden.contains(place)).collect()
    }

    fn is_filtered(self) -> bool {
        self.search.with(|search| !search.trim().is_empty()) || self.choices.with(|choices| !choices.is_empty())
    }

    fn clear(self) {
        self.search.set(String::new());
        self.choices.set(Vec::new());
    }

    /// Ascending, descending, as it came.
    fn turn(self, column: usize) {
        self.sorting.update(|sorting| {
            *sorting = match *sorting {
                Some(Sorting { column: same, descending: false }) if same == column => {
                    Some(Sorting { column, descending: true })
                }
                Some(Sorting { column: same, descending: true }) if same == column => None,
                _ => Some(Sorting { column, descending: false }),
            };
        });
    }
}

/// A table of `count` rows; the columns know what is in row n. `count` must notify when the data changes.
#[component]
pub(crate) fn DataTable(
    /// What the rows are; also the name of the CSV file.
    #[prop(into)]
    label: TextProp,
    columns: Vec<Column>,
    #[prop(into)] count: Signal<usize>,
    /// Opens a row; the first column becomes a button.
    #[prop(optional, into)]
    on_open: Option<Callback<usize>>,
    /// Keeps search, filters and order in the address under this name, so that they can be sent to others.
    #[prop(optional)]
    in_url: Option<&'static str>,
) -> impl IntoView {
    let hidden = columns.iter().enumerate().filter(|(_, column)| column.hidden).map(|(place, _)| place).collect();
    let columns = Arc::new(columns);
    let (search, choices) = (RwSignal::new(String::new()), RwSignal::new(Vec::new()));
    let sorting = RwSignal::new(None);
    if let Some(name) = in_url {
        logic::url::keep(name, &columns, search, choices, sorting);
    }
    let haystacks = {
        let columns = Arc::clone(&columns);
        Memo::new(move |_| Arc::new(logic::haystacks(&columns, count.get())))
    };
    let rows = {
        let columns = Arc::clone(&columns);
        Memo::new(move |_| {
            let words = logic::words(&search.get());
            // What can be searched is only gathered once somebody searches.
            let haystacks = (!words.is_empty()).then(|| haystacks.get());
            let haystacks = haystacks.as_ref().map(|haystacks| haystacks.as_slice());
            Arc::new(logic::rows(&columns, count.get(), haystacks, &words, &choices.get(), sorting.get()))
        })
    };
    let version = Memo::new(move |earlier: Option<&u32>| {
        count.track();
        earlier.map_or(0, |earlier| earlier.wrapping_add(1))
    });
    let narrow = super::narrow();
    let as_cards = RwSignal::new(narrow.get_untracked());
    Effect::new(move || as_cards.set(narrow.get()));
    let state = State {
        columns: StoredValue::new(columns),
        total: count,
        search,
        choices,
        sorting,
        hidden: RwSignal::new(hidden),
        rows,
        version,
        as_cards,
    };
    let filed = label;
    view! {
        <div class="data-table">
            <Toolbar state narrow file=filed.clone() />
            {move || {
                if state.as_cards.get() {
                    view! { <Cards state on_open /> }.into_any()
                } else {
                    view! { <Grid state label=filed.clone() on_open /> }.into_any()
                }
            }}
            {move || {
                (state.rows.with(|rows| rows.is_empty()) && state.total.get() > 0)
                    .then(|| {
                        view! {
                            <div class="no-match">
                                <p>{t(K::TableNoMatch)}</p>
                                <button type="button" class="button" on:click=move |_| state.clear()>
                                    {t(K::TableClear)}
                                </button>
                            </div>
                        }
                    })
            }}
        </div>
    }
}

/// Which rows of a long list are drawn.
#[derive(Clone, Copy)]
struct Window {
    node: NodeRef<leptos::html::Div>,
    first: Memo<usize>,
    past: Memo<usize>,
    height: Signal<usize>,
    top: RwSignal<i32>,
    seen: RwSignal<i32>,
}

impl Window {
    /// Watches a box that scrolls over rows of one `height` in CSS pixels.
    fn over(rows: Memo<Arc<Vec<usize>>>, height: Signal<usize>) -> Self {
        let node = NodeRef::<leptos::html::Div>::new();
        let (top, seen) = (RwSignal::new(0_i32), RwSignal::new(800_i32));
        let first = Memo::new(move |_| {
            if rows.with(|rows| rows.len()) <= ALL_DRAWN {
                return 0;
            }
            // Some rows more than seen, and steps of four, so that most scroll events change nothing.
            let first = usize::try_from(top.get()).unwrap_or(0) / height.get().max(1);
            first.saturating_sub(8) / 4 * 4
        });
        let past = Memo::new(move |_| {
            let total = rows.with(|rows| rows.len());
            if total <= ALL_DRAWN {
                return total;
            }
            let drawn = usize::try_from(seen.get()).unwrap_or(0) / height.get().max(1) + 24;
            (first.get() + drawn).min(total)
        });
        Self { node, first, past, height, top, seen }
    }

    fn scrolled(self) {
        if let Some(node) = self.node.get_untracked() {
            self.top.set(node.scroll_top());
            let seen = node.client_height();
            if self.seen.get_untracked() != seen {
                self.seen.set(seen);
            }
        }
    }

    /// The height of what is not drawn above and below, in CSS pixels.
    fn above(self) -> String {
        format!("{}px", self.first.get() * self.height.get())
    }

    fn below(self, total: usize) -> String {
        format!("{}px", total.saturating_sub(self.past.get()) * self.height.get())
    }
}

#[component]
fn Grid(state: State, label: TextProp, on_open: Option<Callback<usize>>) -> impl IntoView {
    let compact = prefs::compact();
    let window = Window::over(state.rows, Signal::derive(move || if compact.get() { 34 } else { 44 }));
    Effect::new(move || {
        // A new order or filter begins at its top.
        state.rows.track();
        if let Some(node) = window.node.get_untracked() {
            node.set_scroll_top(0);
        }
        window.scrolled();
    });
    let named = label.clone();
    view! {
        <div
            class="table-scroll"
            role="region"
            tabindex="0"
            aria-label=move || label.get()
            node_ref=window.node
            on:scroll=move |_| window.scrolled()
        >
            <table aria-rowcount=move || (state.rows.with(|rows| rows.len()) + 1).to_string()>
                <caption class="sr-only">{move || named.get()}</caption>
                <Head state />
                <Rows state window on_open />
            </table>
        </div>
    }
}
