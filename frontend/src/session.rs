//! Who is signed in, on this page and on every other tab of the browser.

use crate::api::{Call, Problem};
use crate::prefs;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::sync::LazyLock;
use traguardo_contract::session::{ConfirmBody, ConfirmSession, GetSession, Me, SignIn, SignInBody, SignOut};
use wasm_bindgen::prelude::*;

/// What the app knows about the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Session {
    /// Not asked yet.
    Unknown,
    SignedOut,
    SignedIn(Me),
    /// Could not be asked.
    Unclear(Problem),
}

/// What the reader must give before a request can go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ask {
    /// The session ended: address and password.
    SignIn,
    /// The act needs the password once more.
    Confirm,
}

/// Set while a session may exist, so that a first visit asks nothing that must be refused.
const HINT: &str = "traguardo.session";

static SESSION: LazyLock<ArcRwSignal<Session>> = LazyLock::new(|| ArcRwSignal::new(Session::Unknown));
/// What a request waits for.
static ASKED: LazyLock<ArcRwSignal<Option<Ask>>> = LazyLock::new(|| ArcRwSignal::new(None));

thread_local! {
    /// Requests that wait for the reader to sign in again.
    static WAITING: RefCell<Vec<js_sys::Function>> = const { RefCell::new(Vec::new()) };
}

pub(crate) fn session() -> ArcRwSignal<Session> {
    SESSION.clone()
}

/// What a request waits for; the shell shows a dialog for it over the open page.
pub(crate) fn asked() -> ArcRwSignal<Option<Ask>> {
    ASKED.clone()
}

pub(crate) fn is_signed_in() -> bool {
    SESSION.with_untracked(|session| matches!(session, Session::SignedIn(_)))
}

/// The person signed in.
pub(crate) fn me() -> Option<Me> {
    SESSION.with(|session| match session {
        Session::SignedIn(me) => Some(me.clone()),
        _ => None,
    })
}

/// Asks the server who is signed in; called at the start and when another tab signed in or out.
pub(crate) fn load() {
    if prefs::read(HINT).as_deref() != Some("1") {
        SESSION.set(Session::SignedOut);
        return;
    }
    spawn_local(async {
        let answer = Call::<GetSession>::new().send().await;
        SESSION.set(match answer {
            Ok(answer) => Session::SignedIn(answer.value),
            Err(problem) if problem.status == 401 => {
                prefs::write(HINT, "0");
                Session::SignedOut
            }
            // Whoever is at work keeps their page.
            Err(_) if is_signed_in() => return,
            Err(problem) => Session::Unclear(problem),
        });
    });
}

/// Asks once more after the server could not be reached.
pub(crate) fn load_again() {
    if !is_signed_in() {
        load();
        return;
    }
    spawn_local(async {
        match Call::<GetSession>::new().send().await {
            Ok(answer) => SESSION.set(Session::SignedIn(answer.value)),
            // The open page stays as it is: the dialog asks over it.
            Err(problem) if problem.status == 401 => ASKED.set(Some(Ask::SignIn)),
            Err(_) => {}
        }
    });
}

/// Signs in; requests that waited for it go on.
pub(crate) async fn sign_in(body: &SignInBody) -> Result<(), Problem> {
    let me = Call::<SignIn>::new().body(body).send().await?.value;
    let same_person = SESSION.with_untracked(|session| match session {
        Session::SignedIn(before) => before.id == me.id,
        _ => true,
    });
    prefs::write(HINT, "1");
    SESSION.set(Session::SignedIn(me));
    ASKED.set(None);
    // What somebody else had typed is not sent in this person's name.
    resume(same_person);
    tell_other_tabs();
    Ok(())
}

/// Signs out here and in every other tab. The page is left even where the server cannot be told.
pub(crate) fn sign_out() {
    spawn_local(async {
        let answer = Call::<SignOut>::new().send().await;
        let gone = match &answer {
            Ok(_) => true,
            Err(problem) => problem.status == 401,
        };
        if gone {
            leave();
            tell_other_tabs();
        } else if let Err(problem) = answer {
            crate::ui::toast_error(format!("{} {}", problem.words(), problem.remedy()));
        }
    });
}

/// Forgets the session on this page.
pub(crate) fn leave() {
    prefs::write(HINT, "0");
    ASKED.set(None);
    SESSION.set(Session::SignedOut);
    resume(false);
}

/// Gives the password once more; acts that waited for it go on.
pub(crate) async fn confirm(password: String) -> Result<(), Problem> {
    let me = Call::<ConfirmSession>::new().body(&ConfirmBody { password }).send().await?.value;
    SESSION.set(Session::SignedIn(me));
    ASKED.set(None);
    resume(true);
    Ok(())
}

/// Gives up what waited.
pub(crate) fn give_up() {
    ASKED.set(None);
    resume(false);
}

/// Opens the dialog that asks for `ask` and waits; whether the same person gave it.
pub(crate) async fn wait_for(ask: Ask) -> bool {
    ASKED.set(Some(ask));
    let promise = js_sys::Promise::new(&mut |resolve, _| WAITING.with_borrow_mut(|waiting| waiting.push(resolve)));
    wasm_bindgen_futures::JsFuture::from(promise).await.is_ok_and(|same| same.is_truthy())
}

fn resume(same_person: bool) {
    for resolve in WAITING.take() {
        let _ = resolve.call1(&JsValue::NULL, &JsValue::from_bool(same_person));
    }
}

const CHANNEL: &str = "traguardo.session";

fn tell_other_tabs() {
    if let Ok(channel) = web_sys::BroadcastChannel::new(CHANNEL) {
        let _ = channel.post_message(&JsValue::TRUE);
        channel.close();
    }
}

/// Follows what other tabs do, and asks again when the browser shows a page from its memory.
pub(crate) fn follow() {
    if let Ok(channel) = web_sys::BroadcastChannel::new(CHANNEL) {
        let heard = Closure::<dyn FnMut()>::new(load);
        channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        // Both live as long as the app.
        heard.forget();
        std::mem::forget(channel);
    }
    let handle = window_event_listener_untyped("pageshow", |event| {
        let kept = js_sys::Reflect::get(&event, &"persisted".into()).is_ok_and(|kept| kept.is_truthy());
        if kept {
            load();
        }
    });
    on_cleanup(move || handle.remove());
}
