//! From figures to pixels, and the figures written beside an axis.

use crate::fmt::{self, Detail};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive as _, ToPrimitive as _};

/// What an axis counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Percent,
    /// Money in this ISO 4217 currency.
    Money(&'static str),
    Number,
}

impl Unit {
    /// Short, for axes.
    pub(super) fn tick(self, value: f64) -> String {
        let exact = Decimal::from_f64(value).unwrap_or_default().round_dp(6);
        match self {
            Self::Percent => fmt::percent_whole(&exact),
            Self::Money(currency) => fmt::money(&exact, currency, Detail::Compact),
            Self::Number => fmt::number_compact(&exact),
        }
    }

    /// In full, for labels, tooltips and tables.
    pub(crate) fn full(self, value: &Decimal) -> String {
        match self {
            Self::Percent => fmt::percent(value),
            Self::Money(currency) => fmt::money(value, currency, Detail::Full),
            Self::Number => fmt::number(value, 2),
        }
    }
}

/// A figure as a number to draw with.
pub(super) fn float(value: &Decimal) -> f64 {
    value.to_f64().unwrap_or(0.0)
}

/// A count as a number to draw with.
pub(super) fn count(value: usize) -> f64 {
    u32::try_from(value).map_or(f64::from(u32::MAX), f64::from)
}

/// A straight scale from values to pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    from: f64,
    to: f64,
    start: f64,
    end: f64,
}

impl Scale {
    /// Puts `from` at pixel `start` and `to` at pixel `end`.
    pub(super) fn new((from, to): (f64, f64), (start, end): (f64, f64)) -> Self {
        // A scale of no width would divide by zero.
        let to = if (to - from).abs() < f64::EPSILON { from + 1.0 } else { to };
        Self { from, to, start, end }
    }

    pub(super) fn at(&self, value: f64) -> f64 {
        let pixel = self.start + (value - self.from) / (self.to - self.from) * (self.end - self.start);
        (pixel * 10.0).round() / 10.0
    }
}

/// Round values from below `from` to above `to`, about `wanted` of them.
pub(super) fn ticks(from: f64, to: f64, wanted: usize) -> Vec<f64> {
    let span = (to - from).abs().max(f64::EPSILON);
    let raw = span / count(wanted.max(1));
    let power = 10_f64.powf(raw.log10().floor());
    let unit = raw / power;
    let step = power
        * if unit <= 1.0 {
            1.0
        } else if unit <= 2.0 {
            2.0
        } else if unit <= 2.5 {
            2.5
        } else if unit <= 5.0 {
            5.0
        } else {
            10.0
        };
    let first = (from / step + 1e-9).floor();
    let last = (to / step - 1e-9).ceil();
    let mut found = Vec::new();
    let mut place = first;
    while place <= last && found.len() < 50 {
        found.push((place * step * 1e9).round() / 1e9);
        place += 1.0;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_hold_the_range() {
        assert_eq!(ticks(0.0, 1.4, 5), [0.0, 0.5, 1.0, 1.5]);
        assert_eq!(ticks(0.0, 97.0, 5), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(ticks(-30.0, 100.0, 4), [-50.0, 0.0, 50.0, 100.0]);
        assert!(!ticks(0.0, 0.0, 4).is_empty());
    }

    #[test]
    fn a_scale_puts_its_ends_at_its_ends() {
        let scale = Scale::new((0.0, 10.0), (100.0, 0.0));
        assert_eq!((scale.at(0.0), scale.at(10.0), scale.at(5.0)), (100.0, 0.0, 50.0));
        assert!(Scale::new((3.0, 3.0), (0.0, 1.0)).at(3.0).is_finite());
    }
}
