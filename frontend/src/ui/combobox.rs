//! A choice from a long list, found by typing (ARIA combobox with a list box).

use super::field::FieldContext;
use super::icon::{I, Icon};
use super::input::Choice;
use crate::i18n::{K, t, tr};
use leptos::prelude::*;

/// The most entries shown at once; typing narrows the rest.
const SHOWN: usize = 60;

/// A choice from a long list. `value` holds the stored code, empty while nothing is chosen.
#[component]
pub(crate) fn Combobox(
    value: RwSignal<String>,
    #[prop(into)] options: Signal<Vec<Choice>>,
    #[prop(optional, into)] placeholder: Option<TextProp>,
) -> impl IntoView {
    let field = FieldContext::here();
    let list_id = format!("{}-list", field.id);
    let container = NodeRef::<leptos::html::Div>::new();
    let open = RwSignal::new(false);
    let typed = RwSignal::new(None::<String>);
    let active = RwSignal::new(0_usize);
    super::close_when_left(container, open);

    let chosen_label = Signal::derive(move || {
        value.with(|value| {
            options.with(|options| {
                options.iter().find(|choice| choice.value == *value).map(|choice| choice.label.get().to_string())
            })
        })
    });
    let found = Memo::new(move |_| {
        let wanted = typed.get().unwrap_or_default().to_lowercase();
        options.with(|options| {
            options
                .iter()
                .map(|choice| (choice.value.clone(), choice.label.get().to_string()))
                .filter(|(_, label)| wanted.split_whitespace().all(|word| label.to_lowercase().contains(word)))
                .take(SHOWN)
                .collect::<Vec<_>>()
        })
    });
    Effect::new(move || {
        if !open.get() {
            // What was typed and not chosen is no choice.
            typed.set(None);
        }
    });
    let choose = move |code: String| {
        value.set(code);
        typed.set(None);
        open.set(false);
    };
    let step = move |by: isize| {
        if open.get_untracked() {
            let last = found.with_untracked(Vec::len).saturating_sub(1);
            active.update(|active| *active = active.saturating_add_signed(by).min(last));
        } else {
            active.set(0);
            open.set(true);
        }
    };
    let entry_id = {
        let list_id = list_id.clone();
        move |place: usize| format!("{list_id}-{place}")
    };
    Effect::new({
        let entry_id = entry_id.clone();
        move || {
            let id = entry_id(active.get());
            if open.get() {
                request_animation_frame(move || {
                    if let Some(entry) = document().get_element_by_id(&id) {
                        let options = web_sys::ScrollIntoViewOptions::new();
                        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                        entry.scroll_into_view_with_scroll_into_view_options(&options);
                    }
                });
            }
        }
    });
    let on_key = move |event: leptos::ev::KeyboardEvent| match event.key().as_str() {
        "ArrowDown" => {
            event.prevent_default();
            step(1);
        }
        "ArrowUp" => {
            event.prevent_default();
            step(-1);
        }
        "Enter" if open.get_untracked() => {
            event.prevent_default();
            let place = active.get_untracked();
            if let Some((code, _)) = found.with_untracked(|found| found.get(place).cloned()) {
                choose(code);
            }
        }
        "Escape" if open.get_untracked() => {
            // Esc closes the list, not the dialog around it.
            event.prevent_default();
            event.stop_propagation();
            open.set(false);
        }
        _ => {}
    };
    let active_id = {
        let entry_id = entry_id.clone();
        move || (open.get() && found.with(|found| !found.is_empty())).then(|| entry_id(active.get()))
    };
    let listed = list_id.clone();
    let entries = move || {
        let found = found.get();
        if found.is_empty() {
            return view! { <li class="nothing" role="presentation">{tr(K::ComboboxNothing)}</li> }.into_any();
        }
        found
            .into_iter()
            .enumerate()
            .map(|(place, (code, label))| {
                let id = entry_id(place);
                let is_chosen = value.with(|value| *value == code);
                view! {
                    <li
                        id=id
                        role="option"
                        aria-selected=if is_chosen { "true" } else { "false" }
                        class:active=move || active.get() == place
                        on:pointerdown=move |event| {
                            event.prevent_default();
                            choose(code.clone());
                        }
                    >
                        <span>{label}</span>
                        {is_chosen.then(|| view! { <Icon icon=I::Check /> })}
                    </li>
                }
            })
            .collect_view()
            .into_any()
    };
    view! {
        <div class="combobox popover-anchor" node_ref=container>
            <input
                class="input"
                type="text"
                role="combobox"
                id=field.id.clone()
                autocomplete="off"
                spellcheck="false"
                aria-autocomplete="list"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                aria-controls=list_id
                aria-activedescendant=active_id
                aria-describedby=field.described_by()
                aria-invalid=field.invalid()
                aria-required=field.required()
                placeholder=placeholder.map(|text| move || text.get())
                prop:value=move || typed.get().or_else(|| chosen_label.get()).unwrap_or_default()
                on:input:target=move |event| {
                    typed.set(Some(event.target().value()));
                    active.set(0);
                    open.set(true);
                }
                on:click=move |_| open.set(true)
                on:keydown=on_key
            />
            <Icon icon=I::Down />
            <ul class="popover list" role="listbox" id=listed aria-label=move || t(K::ComboboxList) hidden=move || !open.get()>
                {entries}
            </ul>
        </div>
    }
}
