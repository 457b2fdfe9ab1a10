//! A date: typed as people write it, or picked from a month.

use super::field::FieldContext;
use super::icon::{I, Icon};
use crate::fmt;
use crate::i18n::{K, t};
use chrono::{Datelike as _, Days, Months, NaiveDate, Weekday};
use leptos::prelude::*;

/// Reads `31/10/2026`, `31.10.26`, `31-10-2026`, `2026-10-31` and `311026`; day before month, as in both our languages.
fn read(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return (text.len() >= 8).then_some(date);
    }
    let parts: Vec<&str> = text.split(['/', '.', '-', ' ']).filter(|part| !part.is_empty()).collect();
    let (day, month, year) = match parts.as_slice() {
        [day, month, year] => (*day, *month, *year),
        [run] if run.is_ascii() && (run.len() == 6 || run.len() == 8) => {
            (run.get(0..2)?, run.get(2..4)?, run.get(4..)?)
        }
        _ => return None,
    };
    let year: i32 = match year.len() {
        2 => 2000 + year.parse::<i32>().ok()?,
        4 => year.parse().ok()?,
        _ => return None,
    };
    NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
}

/// The days that the page of a month shows: whole weeks from Monday.
fn page_of(month: NaiveDate) -> Vec<NaiveDate> {
    let first = month.with_day(1).unwrap_or(month);
    let start = first.week(Weekday::Mon).first_day();
    start.iter_days().take(42).collect()
}

fn step(date: NaiveDate, key: &str) -> Option<NaiveDate> {
    match key {
        "ArrowLeft" => date.checked_sub_days(Days::new(1)),
        "ArrowRight" => date.checked_add_days(Days::new(1)),
        "ArrowUp" => date.checked_sub_days(Days::new(7)),
        "ArrowDown" => date.checked_add_days(Days::new(7)),
        "PageUp" => date.checked_sub_months(Months::new(1)),
        "PageDown" => date.checked_add_months(Months::new(1)),
        "Home" => Some(date.week(Weekday::Mon).first_day()),
        "End" => Some(date.week(Weekday::Mon).last_day()),
        _ => None,
    }
}

fn today() -> NaiveDate {
    let now = js_sys::Date::new_0();
    let year = i32::try_from(now.get_full_year()).unwrap_or(2026);
    NaiveDate::from_ymd_opt(year, now.get_month() + 1, now.get_date()).unwrap_or_default()
}

/// A date field with a month to pick from.
#[component]
pub(crate) fn DatePicker(value: RwSignal<Option<NaiveDate>>) -> impl IntoView {
    let field = FieldContext::here();
    let own_error = field.own_error;
    let container = NodeRef::<leptos::html::Div>::new();
    let (open, text) = (RwSignal::new(false), RwSignal::new(String::new()));
    let shown = RwSignal::new(today());
    let grid_id = format!("{}-grid", field.id);
    let button_id = format!("{}-button", field.id);
    super::close_when_left(container, open);

    Effect::new(move || text.set(value.get().map(fmt::date).unwrap_or_default()));
    let leave = move || {
        let typed = text.get_untracked();
        match (typed.trim().is_empty(), read(&typed)) {
            (true, _) => {
                own_error.set(None);
                value.set(None);
            }
            (false, Some(date)) => {
                own_error.set(None);
                value.set(Some(date));
                text.set(fmt::date(date));
            }
            (false, None) => own_error.set(Some(t(K::DateUnreadable).to_owned())),
        }
    };
    let day_id = {
        let grid_id = grid_id.clone();
        move |date: NaiveDate| format!("{grid_id}-{date}")
    };
    let toggle = {
        let day_id = day_id.clone();
        move |_| {
            let opens = !open.get_untracked();
            shown.set(value.get_untracked().unwrap_or_else(today));
            open.set(opens);
            if opens {
                super::focus_later(day_id(shown.get_untracked()));
            }
        }
    };
    let close = {
        let button_id = button_id.clone();
        move || {
            open.set(false);
            super::focus_later(button_id.clone());
        }
    };
    let choose = {
        let close = close.clone();
        move |date: NaiveDate| {
            own_error.set(None);
            value.set(Some(date));
            close();
        }
    };
    let on_key = {
        let (day_id, close) = (day_id.clone(), close);
        move |event: leptos::ev::KeyboardEvent| {
            let key = event.key();
            if key == "Escape" {
                event.prevent_default();
                event.stop_propagation();
                close();
            } else if let Some(next) = step(shown.get_untracked(), &key) {
                event.prevent_default();
                shown.set(next);
                super::focus_later(day_id(next));
            }
        }
    };
    let turn = move |months: i32| {
        let months_abs = Months::new(months.unsigned_abs());
        let next = shown.with_untracked(|shown| {
            if months < 0 { shown.checked_sub_months(months_abs) } else { shown.checked_add_months(months_abs) }
        });
        if let Some(next) = next {
            shown.set(next);
        }
    };
    let month = Memo::new(move |_| shown.get().with_day(1).unwrap_or_default());
    let days = move || {
        let month = month.get();
        page_of(month)
            .chunks(7)
            .map(|week| {
                let cells = week
                    .iter()
                    .map(|date| {
                        let date = *date;
                        let choose = choose.clone();
                        view! {
                            <td role="gridcell" aria-selected=move || if value.get() == Some(date) { "true" } else { "false" }>
                                <button
                                    type="button"
                                    class="day"
                                    class:other=date.month() != month.month()
                                    class:today=date == today()
                                    class:chosen=move || value.get() == Some(date)
                                    id=day_id(date)
                                    tabindex=move || if shown.get() == date { "0" } else { "-1" }
                                    aria-label=move || fmt::date_long(date)
                                    aria-current=(date == today()).then_some("date")
                                    on:click=move |_| choose(date)
                                >
                                    {date.day()}
                                </button>
                            </td>
                        }
                    })
                    .collect_view();
                view! { <tr>{cells}</tr> }
            })
            .collect_view()
    };
    let weekdays = move || {
        page_of(month.get())
            .into_iter()
            .take(7)
            .map(|date| view! { <th scope="col">{fmt::weekday(date)}</th> })
            .collect_view()
    };
    view! {
        <div class="with-button popover-anchor" node_ref=container>
            <input
                class="input"
                type="text"
                inputmode="numeric"
                autocomplete="off"
                id=field.id.clone()
                placeholder=move || t(K::DatePlaceholder)
                aria-describedby=field.described_by()
                aria-invalid=field.invalid()
                aria-required=field.required()
                prop:value=move || text.get()
                on:input:target=move |event| text.set(event.target().value())
                on:change=move |_| leave()
            />
            <button
                type="button"
                class="inside"
                id=button_id
                aria-label=move || t(K::DateOpen)
                aria-expanded=move || if open.get() { "true" } else { "false" }
                on:click=toggle
            >
                <Icon icon=I::Calendar />
            </button>
            <div class="popover calendar" role="dialog" aria-label=move || t(K::DateOpen) hidden=move || !open.get() on:keydown=on_key>
                <div class="calendar-head">
                    <button type="button" class="button quiet only-icon" aria-label=move || t(K::DatePreviousMonth) on:click=move |_| turn(-1)>
                        <Icon icon=I::Left />
                    </button>
                    <strong aria-live="polite">{move || fmt::month(month.get())}</strong>
                    <button type="button" class="button quiet only-icon" aria-label=move || t(K::DateNextMonth) on:click=move |_| turn(1)>
                        <Icon icon=I::Right />
                    </button>
                </div>
                <table role="grid" id=grid_id aria-label=move || fmt::month(month.get())>
                    <thead>
                        <tr>{weekdays}</tr>
                    </thead>
                    <tbody>{days}</tbody>
                </table>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_type_them() {
        let cases = [
            ("31/10/2026", Some("2026-10-31")),
            ("1.2.26", Some("2026-02-01")),
            ("2026-10-31", Some("2026-10-31")),
            ("311026", Some("2026-10-31")),
            ("29/02/2028", Some("2028-02-29")),
            ("29/02/2026", None),
            ("31/10", None),
            ("10/2026", None),
            ("abc", None),
            ("1/1/026", None),
        ];
        for (typed, expected) in cases {
            assert_eq!(read(typed).map(|date| date.to_string()).as_deref(), expected, "{typed}");
        }
    }

    #[test]
    fn a_month_shows_whole_weeks_from_monday() {
        let days = page_of("2026-11-15".parse().unwrap());
        assert_eq!(days[0].to_string(), "2026-10-26");
        assert_eq!(days[0].weekday(), Weekday::Mon);
        assert_eq!(days.len(), 42);
    }
}
