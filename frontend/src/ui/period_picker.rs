//! A period of the calendar: the step before, the step after, or any from a year's page.

use super::icon::{I, Icon};
use crate::fmt;
use crate::i18n::{K, t};
use leptos::prelude::*;

/// How long the periods are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Granularity {
    Month,
    Quarter,
    FourMonth,
    Half,
    Year,
}

impl Granularity {
    fn per_year(self) -> i32 {
        match self {
            Self::Month => 12,
            Self::Quarter => 4,
            Self::FourMonth => 3,
            Self::Half => 2,
            Self::Year => 1,
        }
    }

    /// The code of the `index`-th period (from 0) of `year`.
    fn code(self, year: i32, index: i32) -> String {
        let n = index + 1;
        match self {
            Self::Month => format!("{year}-{n:02}"),
            Self::Quarter => format!("{year}-Q{n}"),
            Self::FourMonth => format!("{year}-T{n}"),
            Self::Half => format!("{year}-H{n}"),
            Self::Year => year.to_string(),
        }
    }

    fn read(self, code: &str) -> Option<(i32, i32)> {
        let (year, part) = code.split_once('-').unwrap_or((code, "1"));
        let n: i32 = part.trim_start_matches(['Q', 'T', 'H']).parse().ok()?;
        let year: i32 = year.parse().ok()?;
        (self.code(year, n - 1) == code).then_some((year, n - 1))
    }

    /// The period `by` steps after `code`.
    fn step(self, code: &str, by: i32) -> Option<String> {
        let (year, index) = self.read(code)?;
        let place = year * self.per_year() + index + by;
        Some(self.code(place.div_euclid(self.per_year()), place.rem_euclid(self.per_year())))
    }
}

/// Chooses a period by its code (`2026-Q1`).
#[component]
pub(crate) fn PeriodPicker(
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_choose: Callback<String>,
    granularity: Granularity,
) -> impl IntoView {
    let container = NodeRef::<leptos::html::Div>::new();
    let open = RwSignal::new(false);
    let year = RwSignal::new(2026);
    let button_id = super::unique_id("period");
    super::close_when_left(container, open);
    let go = move |by: i32| {
        if let Some(next) = granularity.step(&value.get_untracked(), by) {
            on_choose.run(next);
        }
    };
    let close = {
        let button_id = button_id.clone();
        move || {
            open.set(false);
            super::focus_later(button_id.clone());
        }
    };
    let toggle = move |_| {
        if let Some((shown, _)) = granularity.read(&value.get_untracked()) {
            year.set(shown);
        }
        open.update(|open| *open = !*open);
    };
    let on_key = {
        let close = close.clone();
        move |event: leptos::ev::KeyboardEvent| {
            if event.key() == "Escape" && open.get_untracked() {
                event.prevent_default();
                event.stop_propagation();
                close();
            }
        }
    };
    let periods = move || {
        let year = year.get();
        (0..granularity.per_year())
            .map(|index| {
                let code = granularity.code(year, index);
                let (chosen, pressed) = (code.clone(), code.clone());
                let close = close.clone();
                view! {
                    <button
                        type="button"
                        class="period"
                        aria-pressed=move || if value.get() == pressed { "true" } else { "false" }
                        on:click=move |_| {
                            on_choose.run(chosen.clone());
                            close();
                        }
                    >
                        {move || fmt::period(&code)}
                    </button>
                }
            })
            .collect_view()
    };
    view! {
        <div class="period-picker popover-anchor" node_ref=container on:keydown=on_key>
            <button type="button" class="button quiet only-icon" aria-label=move || t(K::PeriodPrevious) on:click=move |_| go(-1)>
                <Icon icon=I::Left />
            </button>
            <button
                type="button"
                class="button"
                id=button_id
                aria-expanded=move || if open.get() { "true" } else { "false" }
                on:click=toggle
            >
                <Icon icon=I::Calendar />
                <span class="button-text">{move || fmt::period(&value.get())}</span>
            </button>
            <button type="button" class="button quiet only-icon" aria-label=move || t(K::PeriodNext) on:click=move |_| go(1)>
                <Icon icon=I::Right />
            </button>
            <div class="popover periods" role="dialog" aria-label=move || t(K::PeriodChoose) hidden=move || !open.get()>
                <div class="calendar-head">
                    <button type="button" class="button quiet only-icon" aria-label=move || t(K::PeriodPreviousYear) on:click=move |_| year.update(|year| *year -= 1)>
                        <Icon icon=I::Left />
                    </button>
                    <strong aria-live="polite">{move || year.get()}</strong>
                    <button type="button" class="button quiet only-icon" aria-label=move || t(K::PeriodNextYear) on:click=move |_| year.update(|year| *year += 1)>
                        <Icon icon=I::Right />
                    </button>
                </div>
                <div class="period-grid">{periods}</div>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_cross_the_year() {
        let cases = [
            (Granularity::Month, "2026-12", 1, "2027-01"),
            (Granularity::Month, "2026-01", -1, "2025-12"),
            (Granularity::Quarter, "2026-Q4", 1, "2027-Q1"),
            (Granularity::FourMonth, "2026-T1", -1, "2025-T3"),
            (Granularity::Half, "2026-H1", 3, "2027-H2"),
            (Granularity::Year, "2026", -1, "2025"),
        ];
        for (granularity, from, by, to) in cases {
            assert_eq!(granularity.step(from, by).as_deref(), Some(to), "{from} {by:+}");
        }
    }

    #[test]
    fn a_code_of_another_kind_is_no_period() {
        assert_eq!(Granularity::Quarter.read("2026-03"), None);
        assert_eq!(Granularity::Month.read("2026-Q3"), None);
        assert_eq!(Granularity::Year.read("x"), None);
    }
}
