//! Other actuals, tried by moving them: the result follows at once. Nothing of it is kept.

use super::evaluate::{Located, Overrides, Read, shown};
use crate::fmt;
use crate::i18n::{K, lang, t, tf, tr};
use crate::ui::{Button, DecimalInput, Field, I, Kind, Unit};
use leptos::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use std::sync::Arc;

/// The furthest that a slider goes, in percent of the goal.
const FURTHEST: u32 = 160;

/// A measure of a person that can be tried.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    person: String,
    measure: String,
    label: String,
    actual: Decimal,
    goal: Option<Decimal>,
}

fn rows(read: &Read, place: usize, language: &str) -> Vec<Row> {
    let Some(person) = read.inputs.participants.get(place) else { return Vec::new() };
    person
        .measures
        .iter()
        .filter_map(|(measure, entry)| {
            let component = read.plan().components.iter().find(|component| component.id == *measure);
            let label = component.and_then(|component| component.name.as_ref()).map(|name| name.in_language(language));
            Some(Row {
                person: person.id.clone(),
                measure: measure.clone(),
                label: label.unwrap_or(measure.trim_start_matches("kpi:")).to_owned(),
                actual: shown(entry.actual.as_ref()?),
                goal: entry.goal.as_ref().map(shown).filter(|goal| *goal > Decimal::ZERO),
            })
        })
        .collect()
}

/// Fields for the actuals of one person.
#[component]
pub(super) fn WhatIf(
    read: Memo<Result<Arc<Read>, Vec<Located>>>,
    place: usize,
    overrides: RwSignal<Overrides>,
) -> impl IntoView {
    let listed = Memo::new(move |_| read.get().map(|read| rows(&read, place, lang().code())).unwrap_or_default());
    // The fields are made again to show the figures of the documents.
    let round = RwSignal::new(0_u32);
    let fields = move || {
        round.track();
        listed.get().into_iter().map(|row| view! { <Try row overrides /> }).collect_view()
    };
    let again = Callback::new(move |()| {
        overrides.set(Overrides::new());
        round.update(|round| *round = round.wrapping_add(1));
    });
    let untouched = Signal::derive(move || overrides.with(Overrides::is_empty));
    view! {
        <section class="card part" aria-labelledby="what-if" hidden=move || listed.with(Vec::is_empty)>
            <div class="part-head">
                <div>
                    <h2 id="what-if">{tr(K::CalcWhatIf)}</h2>
                    <p class="hint">{tr(K::CalcWhatIfHint)}</p>
                </div>
                <Button kind=Kind::Quiet icon=I::Retry disabled=untouched on_press=again>{tr(K::CalcWhatIfReset)}</Button>
            </div>
            <div class="form-grid">{fields}</div>
        </section>
    }
}

#[component]
fn Try(row: Row, overrides: RwSignal<Overrides>) -> impl IntoView {
    let Row { person, measure, label, actual, goal } = row;
    let key = (person, measure);
    let now = overrides.with_untracked(|overrides| overrides.get(&key).copied()).unwrap_or(actual);
    let value = RwSignal::new(Some(now));
    Effect::new(move |earlier: Option<()>| {
        let tried = value.get();
        if earlier.is_none() {
            return;
        }
        overrides.update(|overrides| match tried {
            Some(tried) if tried != actual => {
                overrides.insert(key.clone(), tried);
            }
            _ => {
                overrides.remove(&key);
            }
        });
    });
    let named = label.clone();
    let slider = goal.map(|goal| {
        let percent = move || {
            let share = value
                .get()
                .unwrap_or(actual)
                .checked_div(goal)
                .and_then(|share| share.checked_mul(Decimal::ONE_HUNDRED));
            share.and_then(|share| share.round().to_u32()).unwrap_or(0).min(FURTHEST)
        };
        let slide = move |typed: String| {
            let share = typed.parse::<Decimal>().ok().and_then(|share| share.checked_mul(goal));
            if let Some(tried) = share.and_then(|share| share.checked_div(Decimal::ONE_HUNDRED)) {
                value.set(Some(tried.normalize()));
            }
        };
        view! {
            <input
                type="range"
                class="slider"
                min="0"
                max=FURTHEST.to_string()
                aria-label=move || tf(K::CalcSlider, &[("measure", &named)])
                aria-valuetext=move || format!("{}%", percent())
                prop:value=move || percent().to_string()
                on:input:target=move |event| slide(event.target().value())
            />
        }
    });
    let hint = move || match goal {
        Some(goal) => {
            let share = value.get().unwrap_or(actual).checked_div(goal).unwrap_or_default();
            tf(K::CalcOfGoal, &[("share", &fmt::percent(&share)), ("goal", &fmt::number(&goal, 2))])
        }
        None => t(K::CalcNoGoal).to_owned(),
    };
    view! {
        <div class="try">
            <Field label hint required=true>
                <DecimalInput value unit=Unit::Plain />
            </Field>
            {slider}
        </div>
    }
}
