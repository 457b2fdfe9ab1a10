//! What stands where data is not: still coming, none, or not to be had.

use super::button::{Button, Kind};
use super::icon::{I, Icon};
use crate::api::{Problem, place_of};
use crate::i18n::{K, t, tf, tr};
use leptos::prelude::*;

/// What a skeleton stands for, so that nothing jumps when the data comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SkeletonShape {
    Lines(usize),
    Cards(usize),
    Table(usize),
    Chart,
}

/// The shape of what is coming.
#[component]
pub(crate) fn Skeleton(shape: SkeletonShape) -> impl IntoView {
    let (class, count) = match shape {
        SkeletonShape::Lines(count) => ("skeleton lines", count),
        SkeletonShape::Cards(count) => ("skeleton cards", count),
        SkeletonShape::Table(count) => ("skeleton rows", count),
        SkeletonShape::Chart => ("skeleton plot", 1),
    };
    view! {
        <div class=class role="status">
            <span class="sr-only">{tr(K::Loading)}</span>
            {(0..count).map(|_| view! { <div class="bone" aria-hidden="true"></div> }).collect_view()}
        </div>
    }
}

/// Nothing is there: says why, and the one next step.
#[component]
pub(crate) fn Empty(
    #[prop(default = I::Inbox)] icon: I,
    #[prop(into)] title: TextProp,
    #[prop(into)] text: TextProp,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-icon"><Icon icon /></span>
            <p class="empty-title">{move || title.get()}</p>
            <p>{move || text.get()}</p>
            {children.map(|children| view! { <div class="empty-act">{children()}</div> })}
        </div>
    }
}

/// Something failed: what, what to do, and the request id to quote.
#[component]
pub(crate) fn ProblemNote(problem: Problem, #[prop(optional, into)] on_retry: Option<Callback<()>>) -> impl IntoView {
    let (title, remedy) = (problem.clone(), problem.clone());
    let details = problem.errors.clone();
    let request = problem.instance.clone();
    view! {
        <div class="problem" role="alert">
            <Icon icon=I::Alert />
            <div>
                <p class="problem-title">{move || title.words()}</p>
                <p>{move || remedy.remedy()}</p>
                {(!details.is_empty())
                    .then(|| {
                        view! {
                            <ul>
                                {details
                                    .into_iter()
                                    .map(|error| view! { <li>{place_of(&error).map(|place| view! { <code>{place}</code> ": " })} {error.message}</li> })
                                    .collect_view()}
                            </ul>
                        }
                    })}
                <div class="problem-foot">
                    {on_retry
                        .map(|on_retry| {
                            view! { <Button icon=I::Retry on_press=on_retry>{tr(K::ProblemRetry)}</Button> }
                        })}
                    {request
                        .map(|request| {
                            let copied = request.clone();
                            view! {
                                <span class="request">
                                    {move || tf(K::ProblemRequest, &[("id", &request)])}
                                    <Button
                                        kind=Kind::Quiet
                                        icon=I::Copy
                                        name=K::ProblemCopy
                                        on_press=Callback::new(move |()| copy(&copied))
                                    />
                                </span>
                            }
                        })}
                </div>
            </div>
        </div>
    }
}

fn copy(text: &str) {
    let promise = window().navigator().clipboard().write_text(text);
    leptos::task::spawn_local(async move {
        match wasm_bindgen_futures::JsFuture::from(promise).await {
            Ok(_) => super::toast(t(K::ProblemCopied)),
            Err(_) => super::toast_error(t(K::ProblemNotCopied)),
        }
    });
}
