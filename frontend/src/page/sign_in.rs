//! The door. Shown at whatever address was asked for, so that the reader arrives there.

use crate::api::Problem;
use crate::i18n::{K, t, tr};
use crate::session::{self, Session};
use crate::shell::{Connection, LanguageChoice, ThemeChoice};
use crate::ui::{Button, Field, I, Icon, Kind, PasswordInput, ProblemNote, TextInput, focus_later};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use traguardo_contract::session::SignInBody;
use traguardo_domain::session::normalize_email;

/// While the server is asked who is there.
#[component]
pub(crate) fn Waiting() -> impl IntoView {
    view! {
        <div class="boot" role="status">
            <span class="sr-only">{tr(K::Loading)}</span>
            <div class="boot-bar" aria-hidden="true"></div>
        </div>
    }
}

/// E-mail and password.
#[component]
pub(crate) fn SignIn() -> impl IntoView {
    Effect::new(|| document().set_title(&format!("{} · {}", t(K::SignInTitle), t(K::ProductName))));
    view! {
        <a class="skip" href="#main">{tr(K::ShellSkip)}</a>
        <div class="door">
            <header class="door-head">
                <div class="door-side">
                    <Mark />
                </div>
                <div class="door-top">
                    <LanguageChoice />
                    <ThemeChoice />
                </div>
            </header>
            <main class="door-main" id="main" tabindex="-1">
                <Connection />
                <Form />
            </main>
        </div>
    }
}

/// The mark of the product with what it is for.
#[component]
fn Mark() -> impl IntoView {
    view! {
        <div class="door-mark">
            <p class="door-name">
                <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
                    <rect width="32" height="32" rx="8"></rect>
                    <path class="pole" d="M10 26V6"></path>
                    <path class="flag" d="M10 7c4.500-2.600 7.500 2.600 14 0v9.500c-6.500 2.600-9.500-2.600-14 0z"></path>
                </svg>
                <span>{tr(K::ProductName)}</span>
            </p>
            <p class="door-line">{tr(K::ProductLine)}</p>
            <svg class="door-curve" viewBox="0 0 420 220" aria-hidden="true">
                <path class="door-grid" d="M0 200H420M0 150H420M0 100H420M0 50H420"></path>
                <path class="door-area" d="M0 200H110L110 160L250 100L420 20V200Z"></path>
                <path class="door-path" d="M0 200H110L110 160L250 100L420 20"></path>
                <path class="door-goal" d="M250 12V200"></path>
                <circle cx="250" cy="100" r="8"></circle>
            </svg>
        </div>
    }
}

#[component]
fn Form() -> impl IntoView {
    let (email, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (email_wrong, password_wrong) = (RwSignal::new(false), RwSignal::new(false));
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<Problem>));
    // A session that could not be asked for is told too.
    let unclear = session::session();
    let shown = move || {
        problem.get().or_else(|| match unclear.get() {
            Session::Unclear(problem) => Some(problem),
            _ => None,
        })
    };
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        email_wrong.set(email.with_untracked(|email| normalize_email(email).is_err()));
        password_wrong.set(password.with_untracked(String::is_empty));
        problem.set(None);
        if email_wrong.get_untracked() || password_wrong.get_untracked() {
            let first = if email_wrong.get_untracked() { "sign-in-email" } else { "sign-in-password" };
            focus_later(first.to_owned());
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let body = SignInBody { email: email.get_untracked(), password: password.get_untracked() };
            let outcome = session::sign_in(&body).await;
            // The page is gone when it worked.
            let _ = busy.try_set(false);
            if let Err(failed) = outcome {
                let _ = problem.try_set(Some(failed));
                focus_later("sign-in-problem".to_owned());
            }
        });
    };
    let email_error = Signal::derive(move || email_wrong.get().then(|| t(K::SignInEmailWrong).to_owned()));
    let password_error = Signal::derive(move || password_wrong.get().then(|| t(K::SignInPasswordMissing).to_owned()));
    view! {
        <form class="door-form" novalidate on:submit=send>
            <h1 id="page-title" tabindex="-1">{tr(K::SignInTitle)}</h1>
            <p class="door-lead">{tr(K::SignInLead)}</p>
            <div id="sign-in-problem" tabindex="-1">
                {move || shown().map(|problem| view! { <ProblemNote problem /> })}
            </div>
            <Field label=K::SignInEmail required=true error=email_error id="sign-in-email">
                <TextInput value=email kind="email" autocomplete="username" />
            </Field>
            <Field label=K::SignInPassword required=true error=password_error id="sign-in-password">
                <PasswordInput value=password autocomplete="current-password" />
            </Field>
            <Button kind=Kind::Primary submit=true busy>{tr(K::SignInGo)}</Button>
            <p class="door-help">{tr(K::SignInForgot)}</p>
            <p class="door-help">
                <A href="/calculator">
                    <Icon icon=I::Calculator />
                    <span>{tr(K::SignInCalculator)}</span>
                </A>
            </p>
        </form>
    }
}
