//! What a person chose for this browser: language, theme, density, shortcuts. Kept in `localStorage`.

use crate::i18n::Lang;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

const KEY: &str = "traguardo.preferences";

/// Light, dark, or as the system has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub(crate) fn from_code(code: &str) -> Self {
        match code {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

/// As kept; `boot.js` reads the same before the first paint.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    language: Option<String>,
    theme: Option<String>,
    density: Option<String>,
    shortcuts: Option<bool>,
}

struct Preferences {
    language: ArcRwSignal<Lang>,
    theme: ArcRwSignal<Theme>,
    compact: ArcRwSignal<bool>,
    shortcuts: ArcRwSignal<bool>,
}

static PREFERENCES: LazyLock<Preferences> = LazyLock::new(|| {
    let kept: Kept = read(KEY).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let language = kept.language.or_else(|| root().and_then(|root| root.get_attribute("lang")));
    Preferences {
        language: ArcRwSignal::new(if language.as_deref() == Some("en") { Lang::En } else { Lang::It }),
        theme: ArcRwSignal::new(Theme::from_code(kept.theme.as_deref().unwrap_or_default())),
        compact: ArcRwSignal::new(kept.density.as_deref() == Some("compact")),
        shortcuts: ArcRwSignal::new(kept.shortcuts.unwrap_or(true)),
    }
});

/// The language of texts and formats.
pub(crate) fn language() -> ArcRwSignal<Lang> {
    PREFERENCES.language.clone()
}

/// The chosen theme.
pub(crate) fn theme() -> ArcRwSignal<Theme> {
    PREFERENCES.theme.clone()
}

/// Whether tables are dense.
pub(crate) fn compact() -> ArcRwSignal<bool> {
    PREFERENCES.compact.clone()
}

/// Whether single-key shortcuts act (WCAG 2.1.4: they can be switched off).
pub(crate) fn shortcuts() -> ArcRwSignal<bool> {
    PREFERENCES.shortcuts.clone()
}

/// Keeps every later choice and applies it to the document. Called once, by the app.
pub(crate) fn follow() {
    Effect::new(|earlier: Option<()>| {
        let (language, theme) = (language().get(), theme().get());
        let (compact, shortcuts) = (compact().get(), shortcuts().get());
        if let Some(root) = root() {
            let dark = match theme {
                Theme::System => system_is_dark(),
                Theme::Light => false,
                Theme::Dark => true,
            };
            let _ = root.set_attribute("lang", language.code());
            let _ = root.set_attribute("data-theme", if dark { "dark" } else { "light" });
            let _ = root.set_attribute("data-density", if compact { "compact" } else { "normal" });
        }
        // The first run only reads: whoever has chosen nothing keeps following the system.
        if earlier.is_some() {
            let kept = Kept {
                language: Some(language.code().to_owned()),
                theme: Some(theme.code().to_owned()),
                density: Some(if compact { "compact" } else { "normal" }.to_owned()),
                shortcuts: Some(shortcuts),
            };
            write(KEY, &serde_json::to_string(&kept).unwrap_or_default());
        }
    });
}

fn system_is_dark() -> bool {
    window().match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|list| list.matches())
}

fn root() -> Option<web_sys::Element> {
    // Native tests have no document.
    if cfg!(target_arch = "wasm32") { document().document_element() } else { None }
}

/// Reads a text from `localStorage`; nothing where storage is blocked.
pub(crate) fn read(key: &str) -> Option<String> {
    if cfg!(target_arch = "wasm32") {
        window().local_storage().ok().flatten()?.get_item(key).ok().flatten()
    } else {
        None
    }
}

/// Writes a text to `localStorage`; without effect where storage is blocked.
pub(crate) fn write(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(key, value);
    }
}
