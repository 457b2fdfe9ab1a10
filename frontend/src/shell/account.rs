//! Language, theme and the person signed in.

use super::shortcuts;
use crate::i18n::{K, code_text, t, tr};
use crate::prefs::{self, Theme};
use crate::session;
use crate::ui::{Button, I, Icon, Kind, Segmented, Switch, close_when_left};
use leptos::prelude::*;

/// Italian or English.
#[component]
pub(crate) fn LanguageChoice() -> impl IntoView {
    let language = prefs::language();
    let shown = language.clone();
    // Each language is named in itself, so that whoever needs it finds it.
    let options = vec![("it", TextProp::from(K::LanguageIt)), ("en", TextProp::from(K::LanguageEn))];
    view! {
        <Segmented
            label=K::LanguageChoose
            options
            value=Signal::derive(move || shown.get().code().to_owned())
            on_choose=Callback::new(move |code: String| {
                language.set(if code == "en" { crate::i18n::Lang::En } else { crate::i18n::Lang::It });
            })
        />
    }
}

/// Light, dark, or as the system has it.
#[component]
pub(crate) fn ThemeChoice() -> impl IntoView {
    let theme = prefs::theme();
    let shown = theme.clone();
    let options = vec![
        ("light", TextProp::from(K::ThemeLight)),
        ("dark", TextProp::from(K::ThemeDark)),
        ("system", TextProp::from(K::ThemeSystem)),
    ];
    view! {
        <Segmented
            label=K::ThemeChoose
            options
            value=Signal::derive(move || shown.get().code().to_owned())
            on_choose=Callback::new(move |code: String| theme.set(Theme::from_code(&code)))
        />
    }
}

/// What stands at the right of the top bar.
#[component]
pub(super) fn TopActions() -> impl IntoView {
    let container = NodeRef::<leptos::html::Div>::new();
    let open = RwSignal::new(false);
    close_when_left(container, open);
    let (compact, keys) = (prefs::compact(), prefs::shortcuts());
    let (shown_compact, shown_keys) = (compact.clone(), keys.clone());
    let initials = move || {
        session::me()
            .map(|me| me.name.split_whitespace().filter_map(|word| word.chars().next()).take(2).collect::<String>())
    };
    let person = move || {
        session::me().map(|me| {
            let roles = me.roles.clone();
            view! {
                <div class="account-person">
                    <strong>{me.name}</strong>
                    <span>{me.email}</span>
                    <span class="account-roles">
                        {move || roles.iter().map(|role| code_text("role.", &role.role)).collect::<Vec<_>>().join(" · ")}
                    </span>
                </div>
            }
        })
    };
    view! {
        <div class="top-actions">
            <Button kind=Kind::Quiet icon=I::Keyboard name=K::ShortcutsTitle on_press=Callback::new(move |()| shortcuts::show()) />
            <div
                class="popover-anchor"
                node_ref=container
                on:keydown=move |event| {
                    if event.key() == "Escape" && open.get_untracked() {
                        open.set(false);
                        crate::ui::focus_later("account-button".to_owned());
                    }
                }
            >
                <button
                    type="button"
                    id="account-button"
                    class="avatar"
                    aria-label=move || t(K::AccountOpen)
                    aria-expanded=move || if open.get() { "true" } else { "false" }
                    // Drawn by the style sheet: letters that are no word are nothing to read out.
                    data-initials=initials
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    {move || session::me().is_none().then(|| view! { <Icon icon=I::Person /> })}
                </button>
                <div class="popover end account" role="group" aria-label=move || t(K::AccountOpen) hidden=move || !open.get()>
                    {person} <p class="account-label">{tr(K::LanguageChoose)}</p> <LanguageChoice />
                    <p class="account-label">{tr(K::ThemeChoose)}</p> <ThemeChoice />
                    <Switch
                        label=K::AccountCompact
                        value=Signal::derive(move || shown_compact.get())
                        on_change=Callback::new(move |on| compact.set(on))
                    />
                    <Switch
                        label=K::AccountShortcuts
                        value=Signal::derive(move || shown_keys.get())
                        on_change=Callback::new(move |on| keys.set(on))
                    />
                    {move || {
                        session::me()
                            .map(|_| {
                                view! {
                                    <Button icon=I::SignOut on_press=Callback::new(move |()| session::sign_out())>
                                        {tr(K::AccountSignOut)}
                                    </Button>
                                }
                            })
                    }}
                </div>
            </div>
        </div>
    }
}
