//! Short messages that come by themselves: done, undone, failed. They also stand in the history of what they tell.

use super::icon::{I, Icon};
use crate::i18n::{K, t, tr};
use leptos::prelude::*;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

/// How long a message stays, enough to read it and to press "undo".
const STAY: Duration = Duration::from_secs(8);

#[derive(Clone)]
struct Message {
    id: String,
    text: String,
    is_error: bool,
    undo: Option<Arc<dyn Fn() + Send + Sync>>,
}

static MESSAGES: LazyLock<ArcRwSignal<Vec<Message>>> = LazyLock::new(|| ArcRwSignal::new(Vec::new()));

/// Says that something is done.
pub(crate) fn toast(text: impl Into<String>) {
    push(text.into(), false, None);
}

/// Says that something failed; stays until it is closed.
pub(crate) fn toast_error(text: impl Into<String>) {
    push(text.into(), true, None);
}

/// Says that something is done and offers to undo it.
pub(crate) fn toast_with_undo(text: impl Into<String>, undo: impl Fn() + Send + Sync + 'static) {
    push(text.into(), false, Some(Arc::new(undo)));
}

fn push(text: String, is_error: bool, undo: Option<Arc<dyn Fn() + Send + Sync>>) {
    let id = super::unique_id("toast");
    MESSAGES.update(|messages| messages.push(Message { id: id.clone(), text, is_error, undo }));
    if !is_error {
        set_timeout(move || remove(&id), STAY);
    }
}

fn remove(id: &str) {
    MESSAGES.update(|messages| messages.retain(|message| message.id != id));
}

/// The place where messages appear; once, in the shell.
#[component]
pub(crate) fn Toasts() -> impl IntoView {
    view! {
        <section class="toasts" aria-label=move || t(K::ToastRegion)>
            <div role="status" aria-live="polite">
                <For each=move || MESSAGES.get() key=|message| message.id.clone() let:message>
                    <ToastView message />
                </For>
            </div>
        </section>
    }
}

#[component]
fn ToastView(message: Message) -> impl IntoView {
    let Message { id, text, is_error, undo } = message;
    let undone = id.clone();
    view! {
        <div class="toast" class:is-error=is_error>
            <Icon icon=if is_error { I::Alert } else { I::Done } />
            <p>{text}</p>
            {undo
                .map(|undo| {
                    view! {
                        <button
                            type="button"
                            class="toast-act"
                            on:click=move |_| {
                                undo();
                                remove(&undone);
                            }
                        >
                            {tr(K::ToastUndo)}
                        </button>
                    }
                })}
            <button type="button" class="toast-close" aria-label=move || t(K::ToastClose) on:click=move |_| remove(&id)>
                <Icon icon=I::Close />
            </button>
        </div>
    }
}
