//! Rounding and printing.

use num_bigint::{BigInt, Sign};
use num_traits::{Signed, Zero};
use serde::{Deserialize, Serialize};

use super::{Exact, Repr};

/// What becomes of the part that does not fit the places kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundingMode {
    /// To the nearest; a half away from zero.
    #[default]
    HalfUp,
    /// To the nearest; a half towards zero.
    HalfDown,
    /// To the nearest; a half to the even neighbour.
    HalfEven,
    /// Away from zero.
    Up,
    /// Towards zero.
    Down,
    /// Towards positive infinity.
    Ceiling,
    /// Towards negative infinity.
    Floor,
}

impl RoundingMode {
    /// Whether a positive quotient `q` with remainder is raised by one: `twice` compares twice the remainder with the divisor.
    fn raises(self, negative: bool, odd: bool, twice: std::cmp::Ordering) -> bool {
        use std::cmp::Ordering::{Equal, Greater, Less};
        match (self, twice) {
            (Self::Up, _) => true,
            (Self::Down, _) => false,
            (Self::Ceiling, _) => !negative,
            (Self::Floor, _) => negative,
            (Self::HalfUp | Self::HalfDown | Self::HalfEven, Greater) => true,
            (Self::HalfUp | Self::HalfDown | Self::HalfEven, Less) => false,
            (Self::HalfUp, Equal) => true,
            (Self::HalfDown, Equal) => false,
            (Self::HalfEven, Equal) => odd,
        }
    }
}

impl Exact {
    /// Rounded to `scale` decimal places.
    #[must_use]
    pub fn round(&self, scale: u32, mode: RoundingMode) -> Self {
        if let Repr::Small(n, d) = &self.0
            && let Some(power) = 10_i128.checked_pow(scale)
        {
            if *d == power {
                return self.clone();
            }
            if let Some(scaled) = n.checked_mul(power)
                && let (Some(q), Some(r)) = (scaled.checked_div(*d), scaled.checked_rem(*d))
            {
                let r = r.unsigned_abs();
                let raised = r != 0 && mode.raises(*n < 0, q % 2 != 0, r.cmp(&(d.unsigned_abs() - r)));
                let q = if !raised {
                    q
                } else if *n < 0 {
                    q - 1
                } else {
                    q + 1
                };
                return Self(Repr::Small(q, power));
            }
        }
        let value = self.to_big();
        let power = BigInt::from(10).pow(scale);
        let scaled = value.numer() * &power;
        let (q, r) = (&scaled / value.denom(), (&scaled % value.denom()).abs());
        let odd = &q % BigInt::from(2) != BigInt::zero();
        let negative = value.is_negative();
        let raised = !r.is_zero() && mode.raises(negative, odd, r.cmp(&(value.denom() - &r)));
        let q = if !raised {
            q
        } else if negative {
            q - BigInt::from(1)
        } else {
            q + BigInt::from(1)
        };
        Self::from_big(num_rational::BigRational::new(q, power))
    }

    /// Printed with exactly `scale` decimal places; digits beyond them are cut (round first).
    pub fn to_fixed(&self, scale: u32) -> String {
        let mut out = String::with_capacity(16);
        if let Self(Repr::Small(n, d)) = self.round(scale, RoundingMode::Down)
            && let Some(power) = 10_i128.checked_pow(scale)
            && let Some(units) = n.checked_mul(power).and_then(|n| n.checked_div(d))
        {
            write_units(&mut out, units, scale, false);
            return out;
        }
        let cut = self.round(scale, RoundingMode::Down).to_big();
        let units = (cut * BigInt::from(10).pow(scale)).to_integer();
        place_point(&mut out, units.sign() == Sign::Minus, &units.magnitude().to_string(), scale, false);
        out
    }

    /// Writes the shortest decimal of at most `places` places, rounded half-even where it has more.
    pub(super) fn write_short(&self, out: &mut String, places: u32) {
        if let Repr::Small(n, d) = &self.0 {
            // Almost every figure is a decimal already: its denominator is a power of ten.
            if let Some(scale) = power_of_ten(*d).filter(|scale| *scale <= places) {
                write_units(out, *n, scale, true);
                return;
            }
        }
        let rounded = self.round(places, RoundingMode::HalfEven);
        match (&rounded.0, 10_i128.checked_pow(places)) {
            (Repr::Small(n, d), Some(power)) if *d == power => write_units(out, *n, places, true),
            _ => {
                let units = (rounded.to_big() * BigInt::from(10).pow(places)).to_integer();
                place_point(out, units.sign() == Sign::Minus, &units.magnitude().to_string(), places, true);
            }
        }
    }
}

/// k where `d` is 10^k, for k up to 12.
fn power_of_ten(d: i128) -> Option<u32> {
    const POWERS: [i128; 13] = [
        1,
        10,
        100,
        1_000,
        10_000,
        100_000,
        1_000_000,
        10_000_000,
        100_000_000,
        1_000_000_000,
        10_000_000_000,
        100_000_000_000,
        1_000_000_000_000,
    ];
    POWERS.iter().position(|power| *power == d).and_then(|k| u32::try_from(k).ok())
}

/// Writes `units` of 10^-`scale`; `short` leaves trailing zeros out.
fn write_units(out: &mut String, units: i128, scale: u32, short: bool) {
    let size = units.unsigned_abs();
    // Printing a u64 is several times faster than printing a u128.
    match u64::try_from(size) {
        Ok(small) => place_point(out, units < 0, Digits::of(small).text(), scale, short),
        Err(_) => place_point(out, units < 0, &size.to_string(), scale, short),
    }
}

/// The decimal digits of a number, without an allocation.
struct Digits {
    bytes: [u8; 20],
    from: usize,
}

impl Digits {
    fn of(mut n: u64) -> Self {
        let mut bytes = [b'0'; 20];
        let mut from = bytes.len();
        loop {
            from = from.saturating_sub(1);
            if let Some(byte) = bytes.get_mut(from) {
                *byte = b'0'.saturating_add(u8::try_from(n % 10).unwrap_or(0));
            }
            n /= 10;
            if n == 0 {
                return Self { bytes, from };
            }
        }
    }

    fn text(&self) -> &str {
        self.bytes.get(self.from..).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("0")
    }
}

/// Writes digits with the point `scale` places from the right.
fn place_point(out: &mut String, negative: bool, digits: &str, scale: u32, short: bool) {
    let places = usize::try_from(scale).unwrap_or(usize::MAX);
    let nought = digits.bytes().all(|b| b == b'0');
    if negative && !nought {
        out.push('-');
    }
    let (whole, fraction) = match digits.len().checked_sub(places) {
        Some(at) => digits.split_at(at),
        None => ("", digits),
    };
    out.push_str(if whole.is_empty() { "0" } else { whole });
    let missing = places.saturating_sub(fraction.len());
    let shown = if short { fraction.trim_end_matches('0') } else { fraction };
    if shown.is_empty() && (short || places == 0) {
        return;
    }
    out.push('.');
    for _ in 0..missing {
        out.push('0');
    }
    out.push_str(shown);
}
