//! Exact decimals out of text, whatever the marks; never through floating point.

use rust_decimal::Decimal;

use super::Mark;

/// Why a text is not a number that we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberFault {
    /// Not digits, marks and a sign.
    NotANumber,
    /// The grouping marks do not stand every three digits: probably the other decimal mark.
    Grouping,
    /// `1,23E+05`: the spreadsheet has already dropped digits.
    Scientific,
    /// More digits than are kept exactly (28).
    TooLong,
}

/// A number as read, with whether a percent sign followed it (the value is already divided by 100).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    /// The exact value.
    pub value: Decimal,
    /// Whether it was written as a percentage.
    pub percent: bool,
}

/// Most digits after the point, and most digits in all, that [`Decimal`] holds exactly.
const DIGITS: u32 = 28;

/// Mantissa and scale while digits arrive.
#[derive(Default, Clone, Copy)]
struct Digits {
    mantissa: i128,
    significant: u32,
    scale: u32,
    fraction: bool,
}

impl Digits {
    fn push(&mut self, digit: u8) -> Result<(), NumberFault> {
        if self.significant > 0 || digit > b'0' {
            self.significant += 1;
        }
        if self.fraction {
            self.scale += 1;
        }
        if self.significant > DIGITS || self.scale > DIGITS {
            return Err(NumberFault::TooLong);
        }
        self.mantissa = self.mantissa * 10 + i128::from(digit.saturating_sub(b'0'));
        Ok(())
    }

    fn value(self, negative: bool, extra_scale: u32) -> Result<Decimal, NumberFault> {
        let mantissa = if negative { -self.mantissa } else { self.mantissa };
        Decimal::try_from_i128_with_scale(mantissa, self.scale + extra_scale).map_err(|_| NumberFault::TooLong)
    }
}

/// Reads `text` with `mark` before the decimals. Groups of three may be set apart by the other mark, a space or an
/// apostrophe; a sign may stand before or after, or parentheses for a negative; a currency sign or a percent sign is
/// understood.
pub fn parse_number(text: &str, mark: Mark) -> Result<Number, NumberFault> {
    let (body, negative, percent) = strip(text)?;
    let group_mark = match mark {
        Mark::Point => ',',
        Mark::Comma => '.',
    };
    let mut digits = Digits::default();
    let mut any = false;
    // Digits since the last group mark, and whether there was one: all groups but the first hold three.
    let (mut group, mut grouped) = (0u32, None);
    for c in body.chars() {
        match c {
            '0'..='9' => {
                digits.push(u8::try_from(c).unwrap_or(b'0'))?;
                any = true;
                group += 1;
            }
            c if c == mark.char() => {
                if digits.fraction {
                    return Err(if grouped.is_none() { NumberFault::Grouping } else { NumberFault::NotANumber });
                }
                if grouped.is_some() && group != 3 {
                    return Err(NumberFault::Grouping);
                }
                digits.fraction = true;
                grouped = None;
            }
            c if c == group_mark || matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '\u{2019}') => {
                let misplaced = digits.fraction
                    || group == 0
                    || grouped.is_some_and(|used| used != c || group != 3)
                    || (grouped.is_none() && group > 3);
                if misplaced {
                    return Err(if any { NumberFault::Grouping } else { NumberFault::NotANumber });
                }
                grouped = Some(c);
                group = 0;
            }
            'e' | 'E' if any => return Err(NumberFault::Scientific),
            _ => return Err(NumberFault::NotANumber),
        }
    }
    if !any {
        return Err(NumberFault::NotANumber);
    }
    if grouped.is_some() && !digits.fraction && group != 3 {
        return Err(NumberFault::Grouping);
    }
    let value = digits.value(negative, if percent { 2 } else { 0 })?;
    Ok(Number { value, percent })
}

/// Takes sign, parentheses, currency and percent signs off.
fn strip(text: &str) -> Result<(&str, bool, bool), NumberFault> {
    let blank = |c: char| c.is_whitespace() || c == '\u{202f}';
    let money = |c: char| matches!(c, '€' | '$' | '£');
    let mut body = text.trim_matches(blank);
    let (mut negative, mut percent) = (false, false);
    let mut signs = 0;
    if let Some(inner) = body.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        body = inner.trim_matches(blank);
        negative = true;
        signs += 1;
    }
    if let Some(rest) = body.strip_suffix('%') {
        body = rest.trim_end_matches(blank);
        percent = true;
    }
    body = body.trim_matches(|c| money(c) || blank(c));
    if let Some(rest) = body.strip_prefix(['-', '\u{2212}']).or_else(|| body.strip_suffix(['-', '\u{2212}'])) {
        body = rest;
        negative = true;
        signs += 1;
    } else if let Some(rest) = body.strip_prefix('+') {
        body = rest;
        signs += 1;
    }
    body = body.trim_matches(|c| money(c) || blank(c));
    if signs > 1 || body.starts_with(['-', '+', '\u{2212}']) {
        return Err(NumberFault::NotANumber);
    }
    Ok((body, negative, percent))
}

/// Reads a number as machines write it: `-12.5`, `1e-3`. Exact; nothing is dropped.
pub(crate) fn plain_number(text: &str) -> Result<Decimal, NumberFault> {
    let (negative, digits, exponent) = machine(text)?;
    shift(digits, exponent).and_then(|digits| digits.value(negative, 0))
}

/// Reads the number of a spreadsheet cell as the sheet shows it.
///
/// A spreadsheet computes with 15 digits but stores up to 17 (`1.1` is often stored as `1.1000000000000001`), so a
/// fraction with more than 15 digits is rounded half up to 15: that is the number people saw. Whole numbers keep all
/// their digits.
pub(crate) fn as_shown(text: &str) -> Result<Decimal, NumberFault> {
    const SHOWN: u32 = 15;
    let (negative, digits, exponent) = machine(text)?;
    let digits = match shift(digits, exponent) {
        // What subtracting leaves behind (`5.5E-17`): nothing at any scale that is kept.
        Err(NumberFault::TooLong) if exponent < 0 => Digits::default(),
        shifted => shifted?,
    };
    let value = digits.value(negative, 0)?;
    if digits.significant <= SHOWN || value.normalize().scale() == 0 {
        return Ok(value);
    }
    let rounded = value.round_sf_with_strategy(SHOWN, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    rounded.map(|value| value.normalize()).ok_or(NumberFault::TooLong)
}

/// Sign, digits and exponent of a machine-written number.
fn machine(text: &str) -> Result<(bool, Digits, i32), NumberFault> {
    let (number, exponent) = match text.split_once(['e', 'E']) {
        Some((number, exponent)) => {
            let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
            (number, exponent.parse::<i32>().map_err(|_| NumberFault::NotANumber)?)
        }
        None => (text, 0),
    };
    let (negative, number) = match number.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, number),
    };
    let mut digits = Digits::default();
    let mut any = false;
    for byte in number.bytes() {
        match byte {
            b'0'..=b'9' => {
                digits.push(byte)?;
                any = true;
            }
            b'.' if !digits.fraction => digits.fraction = true,
            _ => return Err(NumberFault::NotANumber),
        }
    }
    if any { Ok((negative, digits, exponent)) } else { Err(NumberFault::NotANumber) }
}

/// Moves the decimal point by the exponent.
fn shift(mut digits: Digits, exponent: i32) -> Result<Digits, NumberFault> {
    if digits.mantissa == 0 {
        return Ok(Digits { scale: 0, ..digits });
    }
    let scale = i64::from(digits.scale) - i64::from(exponent);
    if scale < 0 {
        let zeros = u32::try_from(-scale).map_err(|_| NumberFault::TooLong)?;
        if digits.significant.saturating_add(zeros) > DIGITS {
            return Err(NumberFault::TooLong);
        }
        digits.mantissa *= 10i128.pow(zeros);
        digits.significant += zeros;
        digits.scale = 0;
    } else {
        digits.scale = u32::try_from(scale).map_err(|_| NumberFault::TooLong)?;
        if digits.scale > DIGITS {
            return Err(NumberFault::TooLong);
        }
    }
    Ok(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        use NumberFault::{Grouping, NotANumber, Scientific, TooLong};
        let point = [
            ("0", Ok("0")),
            ("1234.56", Ok("1234.56")),
            ("1,234.56", Ok("1234.56")),
            ("12,345,678", Ok("12345678")),
            ("-12.50", Ok("-12.50")),
            ("12.50-", Ok("-12.50")),
            ("(12.50)", Ok("-12.50")),
            ("\u{2212}3", Ok("-3")),
            ("+3", Ok("3")),
            ("$ -1,000.00", Ok("-1000.00")),
            ("1'234.5", Ok("1234.5")),
            (".5", Ok("0.5")),
            ("5.", Ok("5")),
            ("50%", Ok("0.50")),
            ("26495.30669", Ok("26495.30669")),
            ("0.1234567890123456789012345678", Ok("0.1234567890123456789012345678")),
            ("", Err(NotANumber)),
            ("-", Err(NotANumber)),
            ("--1", Err(NotANumber)),
            ("(-1)", Err(NotANumber)),
            ("12a", Err(NotANumber)),
            ("NaN", Err(NotANumber)),
            ("Infinity", Err(NotANumber)),
            ("1,23E+05", Err(Scientific)),
            ("1.23E+05", Err(Scientific)),
            ("12,34", Err(Grouping)),
            ("1,2345", Err(Grouping)),
            ("1234,567", Err(Grouping)),
            ("1.234.567", Err(Grouping)),
            ("1,234'567", Err(Grouping)),
            ("1.234,5", Err(Grouping)),
            (",5", Err(NotANumber)),
            ("123456789012345678901234567890", Err(TooLong)),
        ];
        for (text, expected) in point {
            let read = parse_number(text, Mark::Point).map(|n| n.value.to_string());
            assert_eq!(read, expected.map(str::to_owned), "{text:?} with a point");
        }
        let comma = [
            ("1.234,56", Ok("1234.56")),
            ("1 234,5", Ok("1234.5")),
            ("1\u{a0}234,5", Ok("1234.5")),
            ("1.234.567", Ok("1234567")),
            ("€ 1.234,56", Ok("1234.56")),
            ("-1.234,56 €", Ok("-1234.56")),
            ("1234.56", Err(Grouping)),
            ("12,3,4", Err(Grouping)),
        ];
        for (text, expected) in comma {
            let read = parse_number(text, Mark::Comma).map(|n| n.value.to_string());
            assert_eq!(read, expected.map(str::to_owned), "{text:?} with a comma");
        }
    }

    #[test]
    fn sheet_numbers_are_what_the_sheet_shows() {
        for (stored, shown) in [
            ("1.1000000000000001", "1.1"),
            ("1234.5599999999999", "1234.56"),
            ("0.30000000000000004", "0.3"),
            ("26495.30669", "26495.30669"),
            ("12345678901234567", "12345678901234567"),
            ("1E-3", "0.001"),
            ("1.5E+3", "1500"),
            ("-2.5e2", "-250"),
            ("0", "0"),
            ("0E-50", "0"),
            ("5.5511151231257827E-17", "0"),
        ] {
            assert_eq!(as_shown(stored).unwrap().to_string(), shown, "{stored}");
        }
        for text in ["1e999", "", "-", "1e", "0x1", "1.2.3", "INF", "1e99999999999"] {
            assert!(as_shown(text).is_err(), "{text}");
        }
    }
}
