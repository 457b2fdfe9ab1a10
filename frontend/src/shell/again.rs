//! The session ended under an open page, or an act needs the password: asked over the page, which stays as it is.

use crate::api::Problem;
use crate::i18n::{K, t, tr};
use crate::session::{self, Ask};
use crate::ui::{Button, Dialog, Field, Kind, PasswordInput, ProblemNote, TextInput};
use leptos::prelude::*;
use leptos::task::spawn_local;
use traguardo_contract::session::SignInBody;

/// The dialog that asks.
#[component]
pub(super) fn Again() -> impl IntoView {
    let asked = session::asked();
    let open = RwSignal::new(false);
    let ask = RwSignal::new(Ask::SignIn);
    Effect::new(move || {
        let now = asked.get();
        if let Some(now) = now {
            ask.set(now);
        }
        open.set(now.is_some());
    });
    let title = move || match ask.get() {
        Ask::SignIn => t(K::AgainTitle),
        Ask::Confirm => t(K::AgainConfirmTitle),
    };
    view! {
        <Dialog open title must_answer=true>
            <Form ask />
        </Dialog>
    }
}

#[component]
fn Form(ask: RwSignal<Ask>) -> impl IntoView {
    let known = session::me().map(|me| me.email).unwrap_or_default();
    let (email, password) = (RwSignal::new(known), RwSignal::new(String::new()));
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<Problem>));
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let given = password.get_untracked();
            let outcome = match ask.get_untracked() {
                Ask::SignIn => session::sign_in(&SignInBody { email: email.get_untracked(), password: given }).await,
                Ask::Confirm => session::confirm(given).await,
            };
            // The dialog is gone when it worked.
            let _ = busy.try_set(false);
            if let Err(failed) = outcome {
                let _ = problem.try_set(Some(failed));
            }
        });
    };
    let give_up = move |()| match ask.get_untracked() {
        Ask::SignIn => session::leave(),
        Ask::Confirm => session::give_up(),
    };
    view! {
        <form on:submit=send>
            <p>{move || if ask.get() == Ask::SignIn { t(K::AgainText) } else { t(K::AgainConfirmText) }}</p>
            {move || problem.get().map(|problem| view! { <ProblemNote problem /> })}
            {move || {
                (ask.get() == Ask::SignIn)
                    .then(|| {
                        view! {
                            <Field label=K::SignInEmail required=true>
                                <TextInput value=email kind="email" autocomplete="username" />
                            </Field>
                        }
                    })
            }}
            <Field label=K::SignInPassword required=true>
                <PasswordInput value=password autocomplete="current-password" />
            </Field>
            <footer class="dialog-foot">
                <Button on_press=Callback::new(give_up)>
                    {move || if ask.get() == Ask::SignIn { t(K::AgainLeave) } else { t(K::ButtonCancel) }}
                </Button>
                <Button kind=Kind::Primary submit=true busy>{tr(K::AgainGoOn)}</Button>
            </footer>
        </form>
    }
}
