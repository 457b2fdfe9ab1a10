//! The two documents: from an example, pasted, or from files. They never leave the browser.

use crate::i18n::{K, t, tr};
use crate::ui::{Choice, Field, I, Icon, Select, TextArea, toast_error};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

/// A file larger than this is no plan and no input that somebody meant to open here.
const LARGEST_BYTES: f64 = 8.0 * 1024.0 * 1024.0;

/// An example of the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sample {
    Everything,
    Curve,
    Overage,
    Rank,
}

impl Sample {
    pub(super) const ALL: [Self; 4] = [Self::Everything, Self::Curve, Self::Overage, Self::Rank];

    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Everything => "everything",
            Self::Curve => "curve",
            Self::Overage => "overage",
            Self::Rank => "rank",
        }
    }

    fn words(self) -> K {
        match self {
            Self::Everything => K::CalcSampleEverything,
            Self::Curve => K::CalcSampleCurve,
            Self::Overage => K::CalcSampleOverage,
            Self::Rank => K::CalcSampleRank,
        }
    }

    pub(super) fn by_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sample| sample.code() == code)
    }

    pub(super) fn plan(self) -> &'static str {
        match self {
            Self::Everything => include_str!("../../../../docs/examples/everything.plan.json"),
            Self::Curve => include_str!("../../../../docs/examples/curve.plan.json"),
            Self::Overage => include_str!("../../../../docs/examples/rate-overage.plan.json"),
            Self::Rank => include_str!("../../../../docs/examples/rank.plan.json"),
        }
    }

    pub(super) fn inputs(self) -> &'static str {
        match self {
            Self::Everything => include_str!("../../../../docs/examples/everything.inputs.json"),
            Self::Curve => include_str!("../../../../docs/examples/curve.inputs.json"),
            Self::Overage => include_str!("../../../../docs/examples/rate-overage.inputs.json"),
            Self::Rank => include_str!("../../../../docs/examples/rank.inputs.json"),
        }
    }
}

/// Chooses, opens and edits the documents.
#[component]
pub(super) fn Documents(sample: RwSignal<String>, plan: RwSignal<String>, inputs: RwSignal<String>) -> impl IntoView {
    let samples: Vec<Choice> =
        Sample::ALL.into_iter().map(|sample| Choice::new(sample.code(), sample.words())).collect();
    view! {
        <section class="card part" aria-label=move || t(K::CalcDocuments)>
            <div class="calc-source">
                <Field label=K::CalcSample required=true>
                    <Select value=sample options=samples />
                </Field>
                <OpenFile label=K::CalcOpenPlan text=plan />
                <OpenFile label=K::CalcOpenInputs text=inputs />
            </div>
            <details class="calc-texts">
                <summary>{tr(K::CalcEdit)}</summary>
                <div class="columns-2">
                    <Field label=K::CalcPlan required=true hint=K::CalcPlanHint>
                        <TextArea value=plan rows=16 code=true />
                    </Field>
                    <Field label=K::CalcInputs required=true hint=K::CalcInputsHint>
                        <TextArea value=inputs rows=16 code=true />
                    </Field>
                </div>
            </details>
        </section>
    }
}

/// A button that opens a file of the reader's machine as text.
#[component]
fn OpenFile(label: K, text: RwSignal<String>) -> impl IntoView {
    let chosen = move |input: web_sys::HtmlInputElement| {
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        // The same file can be opened again after it was changed.
        input.set_value("");
        if file.size() > LARGEST_BYTES {
            toast_error(t(K::CalcFileTooLarge));
            return;
        }
        spawn_local(async move {
            match JsFuture::from(file.text()).await.ok().and_then(|content| content.as_string()) {
                Some(content) => {
                    let _ = text.try_set(content);
                }
                None => toast_error(t(K::CalcFileUnreadable)),
            }
        });
    };
    view! {
        <label class="button file-button">
            <input type="file" class="sr-only" accept=".json,application/json" on:change:target=move |event| chosen(event.target()) />
            <Icon icon=I::File />
            <span>{tr(label)}</span>
        </label>
    }
}
