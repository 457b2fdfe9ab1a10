//! The calculator: a plan and inputs, evaluated in the browser by the same engine as on the server.

mod derivation;
mod documents;
mod evaluate;
mod outcome;
mod what_if;

use crate::i18n::{K, P, lang, t, tn, tr};
use crate::shell::PageHead;
use crate::ui::{Badge, Choice, Empty, Field, I, Icon, Select, Tone};
use documents::{Documents, Sample};
use evaluate::{Evaluated, Located, Overrides, base, evaluate};
use leptos::prelude::*;
use std::sync::Arc;

/// Evaluates a plan without the server.
#[component]
pub(crate) fn Calculator() -> impl IntoView {
    let sample = RwSignal::new(Sample::Everything.code().to_owned());
    let (plan, inputs) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let overrides = RwSignal::new(Overrides::new());
    let chosen = RwSignal::new(String::new());

    Effect::new(move || {
        if let Some(found) = Sample::by_code(&sample.get()) {
            plan.set(found.plan().to_owned());
            inputs.set(found.inputs().to_owned());
        }
    });
    // What somebody tried belongs to the documents it was tried on.
    Effect::new(move || {
        plan.track();
        inputs.track();
        overrides.set(Overrides::new());
    });
    // Reading is dear, evaluating is not: moving a slider evaluates what was read once.
    let read = Memo::new_with_compare(move |_| base(&plan.get(), &inputs.get()).map(Arc::new), |_, _| true);
    let evaluated = Memo::new_with_compare(
        move |_| match read.get() {
            Ok(read) => evaluate(&read, &overrides.get()).map(Arc::new),
            Err(findings) => Err(findings),
        },
        |_, _| true,
    );
    let people = Memo::new(move |_| {
        evaluated
            .with(|outcome| {
                outcome
                    .as_ref()
                    .ok()
                    .map(|found| found.outcome.participants.iter().map(|p| p.id.clone()).collect::<Vec<_>>())
            })
            .unwrap_or_default()
    });
    Effect::new(move || {
        let people = people.get();
        let is_there = chosen.with_untracked(|chosen| people.contains(chosen));
        if let (false, Some(first)) = (is_there, people.first()) {
            chosen.set(first.clone());
        }
    });
    let person = Memo::new(move |_| {
        let chosen = chosen.get();
        people.get().iter().position(|id| *id == chosen)
    });
    view! {
        <PageHead title=K::NavCalculator trust=K::CalcLead />
        <Documents sample plan inputs />
        <Findings evaluated />
        {move || {
            (people.with(Vec::len) > 0)
                .then(|| {
                    let choices = people.get().into_iter().map(|id| Choice::new(id.clone(), id)).collect::<Vec<_>>();
                    view! {
                        <div class="calc-person">
                            <Field label=K::CalcPerson required=true>
                                <Select value=chosen options=choices />
                            </Field>
                            <Totals evaluated />
                        </div>
                    }
                })
        }}
        {move || {
            person
                .get()
                .map(|place| {
                    view! {
                        <what_if::WhatIf read place overrides />
                        <outcome::Outcome evaluated place />
                    }
                })
        }}
        {move || {
            (plan.with(|plan| plan.trim().is_empty()))
                .then(|| view! { <Empty icon=I::Calculator title=K::CalcEmptyTitle text=K::CalcEmptyText /> })
        }}
    }
}

type Evaluation = Memo<Result<Arc<Evaluated>, Vec<Located>>>;

#[component]
fn Totals(evaluated: Evaluation) -> impl IntoView {
    move || {
        let found = evaluated.get().ok()?;
        let currency = found.outcome.currency.clone();
        let payment = evaluate::decimal(&found.outcome.totals.payment);
        let amount = crate::fmt::money(&payment, &currency, crate::fmt::Detail::Full);
        Some(
            view! { <p class="calc-totals">{tn(P::CalcTotals, found.outcome.participants.len(), &[("amount", &amount)])}</p> },
        )
    }
}

/// What is wrong or odd in the documents, each with its place.
#[component]
fn Findings(evaluated: Evaluation) -> impl IntoView {
    move || {
        let (is_error, findings) = match evaluated.get() {
            Ok(found) => (false, found.warnings.clone()),
            Err(findings) => (true, findings),
        };
        if findings.is_empty() {
            return None;
        }
        let items = findings
            .into_iter()
            .map(|Located { document, finding }| {
                let help = (!finding.help.is_empty()).then(|| format!(" — {}", finding.help));
                view! {
                    <li>
                        <Badge tone=if finding.is_error() { Tone::Error } else { Tone::Caution }>{tr(document.words())}</Badge>
                        " "
                        <code>{finding.path}</code>
                        ": "
                        {finding.message}
                        {help}
                    </li>
                }
            })
            .collect_view();
        let title = if is_error { K::CalcFaults } else { K::CalcWarnings };
        // The engine explains in English; the page says so rather than leave it to be wondered at.
        let note = (lang() == crate::i18n::Lang::It).then(|| view! { <p class="hint">{t(K::CalcFindingsEnglish)}</p> });
        Some(view! {
            <div class="problem calc-findings" class:mild=!is_error role="status">
                <Icon icon=I::Alert />
                <div>
                    <p class="problem-title">{tr(title)}</p>
                    {note}
                    <ul>{items}</ul>
                </div>
            </div>
        })
    }
}
