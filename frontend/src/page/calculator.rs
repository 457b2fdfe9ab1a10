//! The calculator: a plan and inputs, evaluated in the browser.

use crate::i18n::K;
use crate::shell::PageHead;
use leptos::prelude::*;

/// Evaluates a plan without the server.
#[component]
pub(crate) fn Calculator() -> impl IntoView {
    view! { <PageHead title=K::NavCalculator /> }
}
