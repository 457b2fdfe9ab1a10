//! A cell against its column's type: the value, or what is wrong with it and what to do.

use std::borrow::Cow;

use rust_decimal::{Decimal, RoundingStrategy};
use traguardo_domain::finding::Finding;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::kind::{Bounds, Column, Type};
use crate::raw::{Cell, CellKind};
use crate::value::{
    DateFault, DateOrder, Mark, NumberFault, Value, day_of_serial, parse_date, parse_number, parse_period, plain_number,
};

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) help: Cow<'static, str>,
}

impl Fault {
    fn new(code: &'static str, message: impl Into<String>, help: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), help: help.into() }
    }

    pub(crate) fn at(self, place: impl Into<String>) -> Finding {
        Finding::error(self.code, place, self.message).help(self.help)
    }
}

/// A good value, and whether it is other than what the cell says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Checked {
    pub(crate) value: Value,
    pub(crate) rounded: bool,
}

impl From<Value> for Checked {
    fn from(value: Value) -> Self {
        Self { value, rounded: false }
    }
}

/// The most characters of a cell that a message repeats.
const SHOWN: usize = 60;
/// Twelve digits before the point: what a 64-bit integer holds with six decimals.
const LARGEST: i64 = 999_999_999_999;

/// A cell's text, short enough for a message.
pub(crate) fn shown(text: &str) -> String {
    let mut out: String = text.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(SHOWN).is_some() {
        out.push('…');
    }
    out
}

/// The constant of a mapping as a value of `column`; written as machines write.
pub(crate) fn constant(column: &Column, text: &str) -> Result<Value, Fault> {
    let cell = Cell { text, kind: CellKind::Text };
    value(column, cell, Mark::Point, DateOrder::Ymd).map(|checked| checked.value)
}

/// The value of a cell in `column`. Empty is [`Value::Missing`]; whether that is allowed is for the row to say.
pub(crate) fn value(column: &Column, cell: Cell<'_>, mark: Mark, order: DateOrder) -> Result<Checked, Fault> {
    let text = trimmed(cell.text);
    if cell.kind == CellKind::Fault {
        let help = "mend the formula or the number in the spreadsheet";
        return Err(Fault::new("cell_error", format!("the cell holds `{}`, not a value", shown(text)), help));
    }
    if text.is_empty() {
        return Ok(Value::Missing.into());
    }
    match column.ty {
        Type::Code => bounded(text, 64).map(Into::into),
        Type::Text => bounded(text, 500).map(Into::into),
        Type::Email => email(text).map(Into::into),
        Type::Currency => currency(text).map(Into::into),
        Type::Date => date(cell.kind, text, order).map(Into::into),
        Type::Period => match parse_period(text) {
            Some(period) => Ok(Value::Text(period).into()),
            None => Err(Fault::new(
                "not_a_period",
                format!("`{}` is not a period", shown(text)),
                "write `2026-Q1`, `2026-03`, `2026-H1` or `2026`",
            )),
        },
        Type::Decimal(bounds) => number(cell.kind, text, mark, &bounds),
        Type::Choice(words) => choice(text, words).map(Into::into),
    }
}

/// Without blanks and invisible marks at the ends, and without the apostrophe that keeps a spreadsheet from taking a
/// text for a formula (our own exports write it, see [`crate::export`]).
fn trimmed(text: &str) -> &str {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'));
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => text,
    }
}

/// Text in composed form, line breaks and tabs as blanks.
fn bounded(text: &str, most: usize) -> Result<Value, Fault> {
    let mut out: String;
    if text.is_ascii() && !text.bytes().any(|b| b.is_ascii_control()) {
        out = text.to_owned();
    } else {
        out = match is_nfc_quick(text.chars()) {
            IsNormalized::Yes => text.to_owned(),
            _ => text.nfc().collect(),
        };
        if out.contains(['\r', '\n', '\t']) {
            out = out.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        if let Some(c) = out.chars().find(|c| c.is_control()) {
            let message = format!("the text holds the control character U+{:04X}", u32::from(c));
            return Err(Fault::new("control_character", message, "remove it"));
        }
    }
    let length = out.chars().count();
    if length > most {
        return Err(Fault::new(
            "text_too_long",
            format!("the text has `{length}` characters, more than `{most}`"),
            "shorten it",
        ));
    }
    Ok(Value::Text(out))
}

fn email(text: &str) -> Result<Value, Fault> {
    let good = text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !text.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '<' | '>'))
            && !host.contains('@')
    });
    if good && text.len() <= 254 {
        return Ok(Value::Text(text.to_owned()));
    }
    Err(Fault::new(
        "not_an_email",
        format!("`{}` is not an e-mail address", shown(text)),
        "write one address such as `anna@example.com`",
    ))
}

fn currency(text: &str) -> Result<Value, Fault> {
    if text == "€" {
        return Ok(Value::Text("EUR".to_owned()));
    }
    if text.len() == 3 && text.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Ok(Value::Text(text.to_ascii_uppercase()));
    }
    Err(Fault::new(
        "not_a_currency",
        format!("`{}` is not a currency code", shown(text)),
        "write the three letters of ISO 4217 such as `EUR`",
    ))
}

fn choice(text: &str, words: &'static [(&'static str, &'static [&'static str])]) -> Result<Value, Fault> {
    let plain = crate::proposal::normal(text);
    for (word, others) in words {
        if plain == *word || others.contains(&plain.as_str()) {
            return Ok(Value::Text((*word).to_owned()));
        }
    }
    let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    Err(Fault::new(
        "unknown_word",
        format!("`{}` is not known here", shown(text)),
        format!("use one of `{}`, or map the value in the mapping", known.join("`, `")),
    ))
}

fn date(kind: CellKind, text: &str, order: DateOrder) -> Result<Value, Fault> {
    let day = match kind {
        CellKind::Date => parse_date(text, DateOrder::Ymd),
        // A day count without a date style: 1954 to 2119, beyond which a plain number is more likely.
        CellKind::Number => match text.split('.').next().unwrap_or(text).parse::<u64>() {
            Ok(serial @ 20_000..=80_000) => day_of_serial(serial, false).ok_or(DateFault::NotADate),
            _ => parse_date(text, order),
        },
        CellKind::Text | CellKind::Fault => parse_date(text, order),
    };
    let written = match order {
        DateOrder::Dmy => "day/month/year",
        DateOrder::Mdy => "month/day/year",
        DateOrder::Ymd => "year-month-day",
    };
    day.map(Value::Day).map_err(|fault| {
        let text = shown(text);
        match fault {
            DateFault::NotADate => {
                Fault::new("not_a_date", format!("`{text}` is not a date"), "write `2026-01-31` or `31/01/2026`")
            }
            DateFault::NoSuchDay => {
                let message = format!("`{text}` is no day when read as {written}");
                Fault::new("no_such_day", message, "correct it, or choose the other date order")
            }
            DateFault::ShortYear => Fault::new(
                "short_year",
                format!("`{text}` has a year of two digits"),
                "write the year with four digits",
            ),
            DateFault::Serial => {
                let message = format!("`{text}` looks like a spreadsheet's day count");
                Fault::new(
                    "day_count",
                    message,
                    "format the column as a date before saving it as CSV, or send the XLSX",
                )
            }
            DateFault::FarYear => {
                Fault::new("far_year", format!("`{text}` is outside the years 1900 to 2199"), "correct the year")
            }
        }
    })
}

fn number(kind: CellKind, text: &str, mark: Mark, bounds: &Bounds) -> Result<Checked, Fault> {
    let (read, percent) = match kind {
        CellKind::Number => (plain_number(text), false),
        _ => match parse_number(text, mark) {
            Ok(number) => (Ok(number.value), number.percent),
            Err(fault) => (Err(fault), false),
        },
    };
    let value = read.map_err(|fault| number_fault(fault, text, mark))?;
    if percent && bounds.at_most != Some(1) {
        return Err(Fault::new(
            "percentage",
            format!("`{}` is a percentage where an amount is expected", shown(text)),
            "write the amount",
        ));
    }
    within(value, text, bounds)?;
    let kept = if value.scale() > bounds.scale {
        value.round_dp_with_strategy(bounds.scale, RoundingStrategy::MidpointNearestEven)
    } else {
        value
    };
    Ok(Checked { rounded: kept != value, value: Value::Number(kept) })
}

fn within(value: Decimal, text: &str, bounds: &Bounds) -> Result<(), Fault> {
    if value.abs().trunc() > Decimal::from(LARGEST) {
        let message = format!("`{}` has more than 12 digits before the decimals", shown(text));
        return Err(Fault::new("number_too_large", message, "check the number and the decimal mark"));
    }
    if !bounds.negative && value < Decimal::ZERO {
        return Err(Fault::new(
            "negative",
            format!("`{}` is below zero", shown(text)),
            "write a value of zero or more",
        ));
    }
    if let Some(most) = bounds.at_most
        && value > Decimal::from(most)
    {
        let help = format!("write a share between 0 and {most}, such as `0.8` or `80%`");
        return Err(Fault::new("above_limit", format!("`{}` is more than `{most}`", shown(text)), help));
    }
    Ok(())
}

fn number_fault(fault: NumberFault, text: &str, mark: Mark) -> Fault {
    let text = shown(text);
    match fault {
        NumberFault::NotANumber => {
            Fault::new("not_a_number", format!("`{text}` is not a number"), "write digits only, such as `1234.50`")
        }
        NumberFault::Grouping => {
            let message = format!("`{text}` is no number when decimals follow `{}`", mark.char());
            Fault::new("number_marks", message, "correct it, or choose the other decimal mark")
        }
        NumberFault::Scientific => {
            let message = format!("`{text}` is in scientific notation: the spreadsheet has dropped digits");
            Fault::new("scientific", message, "format the column as a number before saving it, or send the XLSX")
        }
        NumberFault::TooLong => {
            Fault::new("number_too_long", format!("`{text}` has more digits than are kept exactly (28)"), "shorten it")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::{Kind, MONEY, SHARE};

    fn column(ty: Type) -> Column {
        Column::new("x", ty)
    }

    #[test]
    fn cells_and_their_faults() {
        let level = *Kind::Territories.column("level").unwrap();
        let long = "x".repeat(65);
        let cases: &[(Column, &str, Result<&str, &str>)] = &[
            (column(Type::Code), " R-001 ", Ok("R-001")),
            (column(Type::Code), "'-R1", Ok("-R1")),
            (column(Type::Code), &long, Err("text_too_long")),
            (column(Type::Code), "a\u{7}b", Err("control_character")),
            (column(Type::Text), "Jose\u{301}", Ok("José")),
            (column(Type::Text), "two\r\nlines", Ok("two lines")),
            (column(Type::Email), "anna@example.com", Ok("anna@example.com")),
            (column(Type::Email), "anna@example", Err("not_an_email")),
            (column(Type::Email), "a@b.c,d@e.f", Err("not_an_email")),
            (column(Type::Currency), "eur", Ok("EUR")),
            (column(Type::Currency), "€", Ok("EUR")),
            (column(Type::Currency), "euro", Err("not_a_currency")),
            (column(Type::Period), "Q1 2026", Ok("2026-Q1")),
            (column(Type::Period), "soon", Err("not_a_period")),
            (level, "Nazionale", Ok("national")),
            (level, "galaxy", Err("unknown_word")),
            (column(Type::Date), "31/01/2026", Ok("2026-01-31")),
            (column(Type::Date), "46053", Err("day_count")),
            (column(MONEY), "1.234,50", Ok("1234.50")),
            (column(MONEY), "10%", Err("percentage")),
            (column(MONEY), "1234567890123", Err("number_too_large")),
            (column(MONEY), "1,0000005", Ok("1.000000 rounded")),
            (column(MONEY), "1,00000000", Ok("1.000000")),
            (column(SHARE), "80%", Ok("0.80")),
            (column(SHARE), "80", Err("above_limit")),
            (column(SHARE), "-1", Err("negative")),
        ];
        for (column, text, expected) in cases {
            let cell = Cell { text, kind: CellKind::Text };
            let got = match value(column, cell, Mark::Comma, DateOrder::Dmy) {
                Ok(checked) => {
                    let mark = if checked.rounded { " rounded" } else { "" };
                    Ok(match checked.value {
                        Value::Text(text) => text,
                        Value::Number(number) => format!("{number}{mark}"),
                        Value::Day(day) => day.to_string(),
                        Value::Missing => String::new(),
                    })
                }
                Err(fault) => Err(fault.code),
            };
            assert_eq!(got, expected.map(str::to_owned), "{text:?}");
        }
    }
}
