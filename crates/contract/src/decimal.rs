//! Exact decimals: a string on the wire, never a JSON number.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Digits after the point that the databases keep.
pub const SCALE: u32 = 6;

/// An exact decimal with at most six digits after the point, written as a string (`"1234.50"`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decimal(rust_decimal::Decimal);

impl Decimal {
    /// From millionths, as the databases keep it.
    pub fn from_micros(micros: i64) -> Self {
        Self(rust_decimal::Decimal::new(micros, SCALE).normalize())
    }

    /// Millionths; `None` where it does not fit 64 bits.
    pub fn to_micros(self) -> Option<i64> {
        let mut scaled = self.0;
        scaled.rescale(SCALE);
        (scaled.scale() == SCALE).then(|| i64::try_from(scaled.mantissa()).ok()).flatten()
    }

    /// From an amount with its own scale.
    pub fn new(value: rust_decimal::Decimal) -> Self {
        Self(value)
    }

    /// The value.
    pub fn value(self) -> rust_decimal::Decimal {
        self.0
    }

    /// Written with at least `digits` after the point (`1234.50` for money).
    pub fn at_scale(self, digits: u32) -> String {
        let mut value = self.0.normalize();
        if value.scale() < digits {
            value.rescale(digits);
        }
        value.to_string()
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Why a text is not a decimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotADecimal(String);

impl fmt::Display for NotADecimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a decimal; write digits, a point and at most 6 digits, as in \"1234.50\"", self.0)
    }
}

impl std::error::Error for NotADecimal {}

impl FromStr for Decimal {
    type Err = NotADecimal;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NotADecimal(text.chars().take(40).collect());
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !plain(whole) || !plain(part) || part.len() > SCALE as usize {
            return Err(wrong());
        }
        let value = Self(rust_decimal::Decimal::from_str_exact(text).map_err(|_| wrong())?);
        value.to_micros().map(|_| value).ok_or_else(wrong)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Decimal;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a decimal written as a string, as in \"1234.50\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Decimal, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Decimal {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some(r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$"))
            .description(Some("Exact decimal as a string: at most six digits after the point."))
            .examples(["1234.50"])
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Decimal {
    fn name() -> std::borrow::Cow<'static, str> {
        "Decimal".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes() {
        for (text, micros) in
            [("0", 0), ("1234.50", 1_234_500_000), ("-0.000001", -1), ("9223372036854.775807", i64::MAX)]
        {
            let value: Decimal = text.parse().unwrap();
            assert_eq!(value.to_micros(), Some(micros), "{text}");
            assert_eq!(serde_json::to_value(value).unwrap(), text);
            assert_eq!(Decimal::from_micros(micros), value);
        }
        for wrong in ["", "-", ".5", "5.", "1e3", "1,5", " 1", "0.0000001", "9223372036854.775808", "NaN", "+1"] {
            assert!(wrong.parse::<Decimal>().is_err(), "{wrong}");
        }
        assert!(serde_json::from_str::<Decimal>("1.5").is_err(), "a number is not taken");
        assert_eq!(Decimal::from_micros(1_500_000).at_scale(2), "1.50");
        assert_eq!(Decimal::from_micros(1_234_567).at_scale(2), "1.234567");
    }
}
