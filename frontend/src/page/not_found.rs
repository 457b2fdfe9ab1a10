//! An address that leads nowhere.

use crate::i18n::{K, tr};
use crate::shell::PageHead;
use crate::ui::{Empty, I};
use leptos::prelude::*;
use leptos_router::components::A;

/// Says so, and leads home.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    view! {
        <PageHead title=K::NotFoundTitle />
        <Empty icon=I::Flag title=K::NotFoundWhat text=K::NotFoundText>
            <A href="/" attr:class="button primary">{tr(K::NotFoundHome)}</A>
        </Empty>
    }
}
