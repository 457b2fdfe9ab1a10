//! Dialogs and drawers: the browser's own `<dialog>`, which holds the focus and gives it back.

use super::button::{Button, Kind};
use super::icon::I;
use super::input::TextInput;
use super::{Field, unique_id};
use crate::i18n::{K, t, tf, tr};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

/// A modal dialog. `open` is shared: setting it opens or closes, Esc and the cross set it to false.
#[component]
pub(crate) fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] title: TextProp,
    /// Keeps the dialog open on Esc and without a cross: something must be answered.
    #[prop(optional)]
    must_answer: bool,
    children: ChildrenFn,
) -> impl IntoView {
    view! { <Modal open title class="dialog" must_answer children /> }
}

/// A panel from the side, for looking at one thing without losing the list.
#[component]
pub(crate) fn Drawer(open: RwSignal<bool>, #[prop(into)] title: TextProp, children: ChildrenFn) -> impl IntoView {
    view! { <Modal open title class="dialog drawer" must_answer=false children /> }
}

#[component]
fn Modal(
    open: RwSignal<bool>,
    title: TextProp,
    class: &'static str,
    must_answer: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<leptos::html::Dialog>::new();
    let heading = unique_id("dialog");
    let labelled = heading.clone();
    Effect::new(move || {
        let wanted = open.get();
        let Some(dialog) = node.get() else { return };
        if wanted && !dialog.open() {
            let _ = dialog.show_modal();
        } else if !wanted && dialog.open() {
            dialog.close();
        }
    });
    // A press on the dialog element itself is one on the backdrop: the content fills the box.
    let backdrop = move |event: leptos::ev::MouseEvent| {
        let on_backdrop = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .is_some_and(|element| element.tag_name().eq_ignore_ascii_case("dialog"));
        if on_backdrop && !must_answer {
            open.set(false);
        }
    };
    let title = StoredValue::new(title);
    let children = StoredValue::new(children);
    view! {
        <dialog
            class=class
            node_ref=node
            aria-labelledby=labelled
            on:close=move |_| open.set(false)
            on:cancel=move |event: leptos::ev::Event| if must_answer { event.prevent_default() }
            on:mousedown=backdrop
        >
            <Show when=move || open.get()>
                <div class="dialog-box">
                    <header class="dialog-head">
                        <h2 id=heading.clone()>{move || title.with_value(TextProp::get)}</h2>
                        {(!must_answer)
                            .then(|| {
                                view! { <Button kind=Kind::Quiet icon=I::Close name=K::DialogClose on_press=Callback::new(move |()| open.set(false)) /> }
                            })}
                    </header>
                    {children.with_value(|children| children())}
                </div>
            </Show>
        </dialog>
    }
}

/// Asks before something that cannot be undone. Where `typed` is given, that word must be typed.
#[component]
pub(crate) fn ConfirmDialog(
    open: RwSignal<bool>,
    #[prop(into)] title: TextProp,
    /// What will happen, with counts and amounts.
    #[prop(into)]
    text: TextProp,
    #[prop(into)] confirm: TextProp,
    #[prop(optional, into)] typed: Option<String>,
    #[prop(optional)] danger: bool,
    #[prop(into)] on_confirm: Callback<()>,
) -> impl IntoView {
    let answer = RwSignal::new(String::new());
    let wanted = StoredValue::new(typed);
    let (text, confirm) = (StoredValue::new(text), StoredValue::new(confirm));
    let ready = Signal::derive(move || {
        wanted.with_value(|wanted| wanted.as_ref().is_none_or(|wanted| answer.with(|answer| answer.trim() == wanted)))
    });
    let act = move || {
        open.set(false);
        answer.set(String::new());
        on_confirm.run(());
    };
    view! {
        <Dialog open title>
            <p>{move || text.with_value(TextProp::get)}</p>
            {move || {
                wanted
                    .get_value()
                    .map(|wanted| {
                        let label = move || tf(K::DialogTypeToConfirm, &[("word", &wanted)]);
                        view! { <Field label required=true><TextInput value=answer autocomplete="off" /></Field> }
                    })
            }}
            <footer class="dialog-foot">
                <Button on_press=Callback::new(move |()| open.set(false))>{tr(K::ButtonCancel)}</Button>
                <Button
                    kind=if danger { Kind::Danger } else { Kind::Primary }
                    disabled=Signal::derive(move || !ready.get())
                    on_press=Callback::new(move |()| act())
                >
                    {move || confirm.with_value(|confirm| confirm.get().to_string())}
                </Button>
            </footer>
        </Dialog>
        <span class="sr-only" aria-live="polite">
            {move || (open.get() && wanted.with_value(Option::is_some) && ready.get()).then(|| t(K::DialogReady))}
        </span>
    }
}
