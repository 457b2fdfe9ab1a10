//! Decimals as both databases keep them: integers in millionths.

use std::fmt;

use rust_decimal::Decimal;

/// Digits after the decimal point that are kept. Sales lines are seen with five.
pub const SCALE: u32 = 6;

/// An exact decimal in millionths: from -9223372036854.775808 to 9223372036854.775807.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Scaled(pub i64);

/// A decimal that the database cannot keep exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// More digits after the point than are kept, and not zeros.
    #[error("`{0}` has more than 6 digits after the decimal point: round it first")]
    TooFine(Decimal),
    /// Beyond nine million millions.
    #[error("`{0}` is beyond ±9223372036854.775807")]
    TooLarge(Decimal),
}

impl Scaled {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// 1, for shares and FTE: the whole.
    pub const ONE: Self = Self(1_000_000);

    /// The same value as a decimal, without zeros at the end.
    pub fn decimal(self) -> Decimal {
        Decimal::new(self.0, SCALE).normalize()
    }
}

impl TryFrom<Decimal> for Scaled {
    type Error = Unfit;

    fn try_from(decimal: Decimal) -> Result<Self, Unfit> {
        let plain = decimal.normalize();
        if plain.scale() > SCALE {
            return Err(Unfit::TooFine(decimal));
        }
        let missing = SCALE.saturating_sub(plain.scale());
        10_i128
            .checked_pow(missing)
            .and_then(|factor| plain.mantissa().checked_mul(factor))
            .and_then(|millionths| i64::try_from(millionths).ok())
            .map(Self)
            .ok_or(Unfit::TooLarge(decimal))
    }
}

impl From<Scaled> for Decimal {
    fn from(scaled: Scaled) -> Self {
        scaled.decimal()
    }
}

impl fmt::Display for Scaled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.decimal().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_both_ways_or_refused() {
        // (decimal, millionths or the refusal)
        let rows = [
            ("0", Ok(0)),
            ("-0.000001", Ok(-1)),
            ("0.30", Ok(300_000)),
            ("2701480740.81559", Ok(2_701_480_740_815_590)),
            ("9223372036854.775807", Ok(i64::MAX)),
            ("-9223372036854.775808", Ok(i64::MIN)),
            ("1.0000000000", Ok(1_000_000)),
            ("9223372036854.775808", Err("is beyond ±9223372036854.775807")),
            ("79228162514264337593543950335", Err("is beyond ±9223372036854.775807")),
            ("0.0000001", Err("has more than 6 digits after the decimal point: round it first")),
        ];
        for (text, expected) in rows {
            let decimal: Decimal = text.parse().unwrap();
            match (Scaled::try_from(decimal), expected) {
                (Ok(scaled), Ok(millionths)) => {
                    assert_eq!(scaled.0, millionths, "{text}");
                    assert_eq!(scaled.decimal(), decimal, "{text}");
                }
                (Err(unfit), Err(words)) => assert_eq!(unfit.to_string(), format!("`{text}` {words}")),
                other => panic!("{text}: {other:?}"),
            }
        }
    }
}
