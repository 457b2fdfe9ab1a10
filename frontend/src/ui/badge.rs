//! Small marks: states and attainment bands. Colour never speaks alone: a glyph and words go with it.

use crate::i18n::{K, tr};
use leptos::prelude::*;
use rust_decimal::Decimal;

/// What a badge says by its colour, beside its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Tone {
    #[default]
    Neutral,
    Accent,
    Positive,
    Caution,
    Error,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Neutral => "badge",
            Self::Accent => "badge accent",
            Self::Positive => "badge positive",
            Self::Caution => "badge caution",
            Self::Error => "badge error",
        }
    }
}

/// A state in a word or two.
#[component]
pub(crate) fn Badge(#[prop(optional)] tone: Tone, children: Children) -> impl IntoView {
    view! { <span class=tone.class()>{children()}</span> }
}

/// Where an attainment stands. The limits come from the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Band {
    Below,
    OnTheWay,
    Met,
    Accelerated,
}

impl Band {
    /// The band of `attainment` between the plan's `threshold` and its `accelerator` (fractions).
    pub(crate) fn of(attainment: &Decimal, threshold: &Decimal, accelerator: &Decimal) -> Self {
        if attainment < threshold {
            Self::Below
        } else if *attainment < Decimal::ONE {
            Self::OnTheWay
        } else if attainment < accelerator {
            Self::Met
        } else {
            Self::Accelerated
        }
    }

    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Below => "below",
            Self::OnTheWay => "way",
            Self::Met => "met",
            Self::Accelerated => "above",
        }
    }

    pub(crate) fn glyph(self) -> &'static str {
        match self {
            Self::Below => "▼",
            Self::OnTheWay => "◆",
            Self::Met => "●",
            Self::Accelerated => "★",
        }
    }

    pub(crate) fn words(self) -> K {
        match self {
            Self::Below => K::BandBelow,
            Self::OnTheWay => K::BandWay,
            Self::Met => K::BandMet,
            Self::Accelerated => K::BandAbove,
        }
    }
}

/// The band as glyph and words.
#[component]
pub(crate) fn BandTag(band: Band) -> impl IntoView {
    view! {
        <span class=format!("band {}", band.class())>
            <span aria-hidden="true">{band.glyph()}</span>
            <span>{tr(band.words())}</span>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_begins_at_its_limit() {
        let band =
            |attainment: &str| Band::of(&attainment.parse().unwrap(), &"0.8".parse().unwrap(), &"1.1".parse().unwrap());
        let cases = [
            ("-0.1", Band::Below),
            ("0.7999", Band::Below),
            ("0.8", Band::OnTheWay),
            ("0.9999", Band::OnTheWay),
            ("1", Band::Met),
            ("1.0999", Band::Met),
            ("1.1", Band::Accelerated),
        ];
        for (attainment, expected) in cases {
            assert_eq!(band(attainment), expected, "{attainment}");
        }
    }
}
