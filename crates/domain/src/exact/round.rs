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
        let cut = self.round(scale, RoundingMode::Down).to_big();
        let units = (cut * BigInt::from(10).pow(scale)).to_integer();
        let digits = units.magnitude().to_string();
        let places = usize::try_from(scale).unwrap_or(usize::MAX);
        let padded = format!("{digits:0>width$}", width = places.saturating_add(1));
        let (whole, fraction) = padded.split_at(padded.len() - places);
        let sign = if units.sign() == Sign::Minus { "-" } else { "" };
        if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }
}
