//! Every component on one page, to look at and to test in both themes.

mod charts;
mod controls;
mod feedback;
mod sample;
mod tables;

use crate::i18n::{K, tr};
use crate::shell::{LanguageChoice, PageHead, ThemeChoice};
use leptos::prelude::*;

/// The components on show.
#[component]
pub(crate) fn Design() -> impl IntoView {
    view! {
        <PageHead title=K::DesignTitle trust=K::DesignLead>
            <LanguageChoice />
            <ThemeChoice />
        </PageHead>
        <controls::Buttons />
        <controls::Fields />
        <feedback::Marks />
        <charts::Charts />
        <tables::Tables />
        <feedback::States />
        <Colours />
    }
}

/// A part of the page with its heading.
#[component]
fn Part(title: K, children: Children) -> impl IntoView {
    let id = crate::ui::unique_id("part");
    let labelled = id.clone();
    view! {
        <section class="card part" aria-labelledby=labelled>
            <h2 id=id>{tr(title)}</h2>
            {children()}
        </section>
    }
}

const COLOURS: [&str; 12] = [
    "ground",
    "surface",
    "raised",
    "line",
    "ink",
    "soft",
    "accent",
    "accent-soft",
    "band-below",
    "band-way",
    "band-met",
    "band-above",
];

#[component]
fn Colours() -> impl IntoView {
    let swatches = COLOURS
        .into_iter()
        .map(|name| view! { <li><span class=format!("swatch {name}")></span><code>{name}</code></li> })
        .collect_view();
    view! {
        <Part title=K::DesignColours>
            <ul class="swatches">{swatches}</ul>
        </Part>
    }
}
