//! Exact numbers: fractions of whole numbers of any size.
//!
//! Pay is worked out on fractions and rounded only where the plan says so, so a third of
//! a goal times three is the goal, and a half cent is a half cent however it came about.
//! Numbers that fit two `i128` are kept there (almost all do); the rest are `BigRational`s.

use std::cmp::Ordering;
use std::fmt;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

mod ops;
mod round;
pub use round::RoundingMode;

/// Decimal places to which a figure is printed that the plan has not rounded.
pub const PRINTED_PLACES: u32 = 12;
/// Most decimal places a number of a document may have.
pub const MOST_PLACES: u32 = 12;
/// Most significant digits a number of a document may have.
pub const MOST_DIGITS: usize = 28;
/// Largest absolute value of a number of a document: 10^15.
pub const LARGEST: i128 = 1_000_000_000_000_000;

/// An exact number. Equality, order and arithmetic are those of the value.
#[derive(Clone)]
pub struct Exact(Repr);

/// `Small` is a fraction with a positive denominator, not necessarily in lowest terms.
#[derive(Clone)]
enum Repr {
    Small(i128, i128),
    Big(Box<BigRational>),
}

/// Why a text is not a number that a document may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Not of the form `-12.34` or `1.5e3`.
    #[error("not a decimal number")]
    NotANumber,
    /// Too many digits, too many places or too large.
    #[error("out of range: at most 28 digits, 12 decimal places and an absolute value of 10^15")]
    OutOfRange,
}

impl Exact {
    /// Nought.
    pub const ZERO: Self = Self(Repr::Small(0, 1));
    /// One.
    pub const ONE: Self = Self(Repr::Small(1, 1));

    /// A whole number.
    pub const fn whole(n: i128) -> Self {
        Self(Repr::Small(n, 1))
    }

    /// `n` units of 10^-`scale`: `scaled(12345, 2)` is 123.45.
    pub fn scaled(n: i128, scale: u32) -> Self {
        match 10_i128.checked_pow(scale) {
            Some(d) => Self(Repr::Small(n, d)),
            None => Self::from_big(BigRational::new(BigInt::from(n), BigInt::from(10).pow(scale))),
        }
    }

    /// Reads a decimal number exactly from its digits, within the range that documents allow.
    ///
    /// # Errors
    /// [`NumberError`] when the text is no number or out of range.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => {
                let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
                if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(NumberError::NotANumber);
                }
                (
                    mantissa,
                    exponent
                        .strip_prefix('+')
                        .unwrap_or(exponent)
                        .parse::<i32>()
                        .map_err(|_| NumberError::OutOfRange)?,
                )
            }
            None => (rest, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
            Some(_) => return Err(NumberError::NotANumber),
            None => (mantissa, ""),
        };
        if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
            return Err(NumberError::NotANumber);
        }
        let digits: String = [whole, fraction].concat();
        let leading = digits.trim_start_matches('0');
        if leading.is_empty() {
            return Ok(Self::ZERO);
        }
        let significant = leading.trim_end_matches('0');
        if significant.len() > MOST_DIGITS {
            return Err(NumberError::OutOfRange);
        }
        let trailing = i64::try_from(leading.len() - significant.len()).map_err(|_| NumberError::OutOfRange)?;
        let places =
            i64::try_from(fraction.len()).map_err(|_| NumberError::OutOfRange)? - i64::from(exponent) - trailing;
        let n: i128 = significant.parse().map_err(|_| NumberError::OutOfRange)?;
        let n = if negative { -n } else { n };
        let value = if places > i64::from(MOST_PLACES) {
            return Err(NumberError::OutOfRange);
        } else if places >= 0 {
            Self::scaled(n, u32::try_from(places).map_err(|_| NumberError::OutOfRange)?)
        } else {
            let zeros = u32::try_from(-places).map_err(|_| NumberError::OutOfRange)?;
            let factor = 10_i128.checked_pow(zeros).ok_or(NumberError::OutOfRange)?;
            Self::whole(n.checked_mul(factor).ok_or(NumberError::OutOfRange)?)
        };
        if value.abs() > Self::whole(LARGEST) { Err(NumberError::OutOfRange) } else { Ok(value) }
    }

    fn from_big(value: BigRational) -> Self {
        match (value.numer().to_i128(), value.denom().to_i128()) {
            // `i128::MIN` has no absolute value: leave it big.
            (Some(n), Some(d)) if n != i128::MIN => Self(Repr::Small(n, d)),
            _ => Self(Repr::Big(Box::new(value))),
        }
    }

    fn to_big(&self) -> BigRational {
        match &self.0 {
            Repr::Small(n, d) => BigRational::new(BigInt::from(*n), BigInt::from(*d)),
            Repr::Big(value) => (**value).clone(),
        }
    }

    /// Whether this is nought.
    pub fn is_zero(&self) -> bool {
        match &self.0 {
            Repr::Small(n, _) => *n == 0,
            Repr::Big(value) => value.is_zero(),
        }
    }

    /// Whether this is below nought.
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Repr::Small(n, _) => *n < 0,
            Repr::Big(value) => value.is_negative(),
        }
    }

    /// Whether this is above nought.
    pub fn is_positive(&self) -> bool {
        !self.is_zero() && !self.is_negative()
    }

    /// The value without its sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.is_negative() { -self } else { self.clone() }
    }

    /// The smaller of two.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        if other < self { other } else { self }
    }

    /// The larger of two.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        if other > self { other } else { self }
    }

    /// Not below `low` and, if still above `high`, `high`. Either end may be absent.
    #[must_use]
    pub fn clamp(self, low: Option<&Self>, high: Option<&Self>) -> Self {
        let raised = match low {
            Some(low) if self < *low => low.clone(),
            _ => self,
        };
        match high {
            Some(high) if raised > *high => high.clone(),
            _ => raised,
        }
    }

    /// As a `Decimal`, if it is one (a finite decimal that fits).
    pub fn to_decimal(&self) -> Option<Decimal> {
        let text = self.to_string();
        let decimal = Decimal::from_str_exact(&text).ok()?;
        (Self::from(decimal) == *self).then_some(decimal)
    }
}

impl From<Decimal> for Exact {
    fn from(value: Decimal) -> Self {
        Self::scaled(value.mantissa(), value.scale())
    }
}

impl From<u32> for Exact {
    fn from(value: u32) -> Self {
        Self::whole(i128::from(value))
    }
}

impl From<i64> for Exact {
    fn from(value: i64) -> Self {
        Self::whole(i128::from(value))
    }
}

impl From<usize> for Exact {
    fn from(value: usize) -> Self {
        // Counts are far below 2^127.
        Self::whole(i128::try_from(value).unwrap_or(i128::MAX))
    }
}

impl Default for Exact {
    fn default() -> Self {
        Self::ZERO
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Exact {}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Repr::Small(a, b), Repr::Small(c, d)) = (&self.0, &other.0) {
            if b == d {
                return a.cmp(c);
            }
            if let (Some(left), Some(right)) = (a.checked_mul(*d), c.checked_mul(*b)) {
                return left.cmp(&right);
            }
        }
        self.to_big().cmp(&other.to_big())
    }
}

/// The shortest exact decimal of at most twelve places, else half-even at twelve.
impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = String::with_capacity(24);
        self.write_short(&mut shown, PRINTED_PLACES);
        f.write_str(&shown)
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|e| serde::de::Error::custom(format!("`{text}` is {e}")))
    }
}

#[cfg(test)]
mod tests;
