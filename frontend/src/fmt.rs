//! Numbers, money and dates in the reader's format, through the browser's `Intl`.
//!
//! Decimals go to `Intl` as strings, which it formats exactly: no figure passes through a float.

use crate::i18n::{K, Lang, lang, t, tf};
use chrono::NaiveDate;
use js_sys::{Array, Function, Intl, Object, Reflect};
use leptos::prelude::GetUntracked as _;
use rust_decimal::Decimal;
use std::cell::RefCell;
use std::collections::HashMap;
use wasm_bindgen::JsValue;

/// How many digits an amount is shown with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) enum Detail {
    /// `2.871,20 €`: statements, tables, tooltips.
    #[default]
    Full,
    /// `201.340 €`: cards.
    Whole,
    /// `201K €`: axes and tiles only, never where something is paid or approved.
    Compact,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Style {
    Money { currency: String, detail: Detail, signed: bool },
    Percent { digits: u8, signed: bool },
    Points,
    Number { at_most: u8 },
    Fixed { digits: u8 },
    Compact,
    Date,
    LongDate,
    Month,
    ShortMonth,
    Weekday,
    Time,
}

thread_local! {
    /// Making a formatter is far dearer than using it.
    static FORMATTERS: RefCell<HashMap<(Lang, Style), Function>> = RefCell::new(HashMap::new());
}

fn formatter(style: Style) -> Function {
    let key = (lang(), style);
    if let Some(found) = FORMATTERS.with_borrow(|made| made.get(&key).cloned()) {
        return found;
    }
    let locales = Array::of1(&JsValue::from_str(key.0.locale()));
    let format = match options(&key.1) {
        Options::Number(options) => Intl::NumberFormat::new(&locales, &options).format(),
        Options::Date(options) => Intl::DateTimeFormat::new(&locales, &options).format(),
    };
    FORMATTERS.with_borrow_mut(|made| made.insert(key, format.clone()));
    format
}

enum Options {
    Number(Object),
    Date(Object),
}

fn options(style: &Style) -> Options {
    // it-IT groups only from five digits unless told "always", which breaks the look of columns.
    let number = |pairs: &[(&str, JsValue)]| {
        let options = object(pairs);
        set(&options, "useGrouping", &"always".into());
        Options::Number(options)
    };
    let date = |pairs: &[(&str, JsValue)]| {
        let options = object(pairs);
        if !matches!(style, Style::Time) {
            set(&options, "timeZone", &"UTC".into());
        }
        Options::Date(options)
    };
    let sign = |signed: bool| JsValue::from(if signed { "exceptZero" } else { "auto" });
    match style {
        Style::Money { currency, detail, signed } => {
            let options =
                object(&[("style", "currency".into()), ("currency", currency.into()), ("signDisplay", sign(*signed))]);
            match detail {
                Detail::Full => {}
                Detail::Whole => set(&options, "maximumFractionDigits", &0.into()),
                Detail::Compact => {
                    set(&options, "notation", &"compact".into());
                    set(&options, "maximumFractionDigits", &1.into());
                }
            }
            set(&options, "useGrouping", &"always".into());
            Options::Number(options)
        }
        Style::Percent { digits, signed } => number(&[
            ("style", "percent".into()),
            ("minimumFractionDigits", (*digits).into()),
            ("maximumFractionDigits", (*digits).into()),
            ("signDisplay", sign(*signed)),
        ]),
        Style::Points => number(&[
            ("minimumFractionDigits", 1.into()),
            ("maximumFractionDigits", 1.into()),
            ("signDisplay", sign(true)),
        ]),
        Style::Number { at_most } => number(&[("maximumFractionDigits", (*at_most).into())]),
        Style::Fixed { digits } => {
            number(&[("minimumFractionDigits", (*digits).into()), ("maximumFractionDigits", (*digits).into())])
        }
        Style::Compact => number(&[("notation", "compact".into()), ("maximumFractionDigits", 1.into())]),
        Style::Date => date(&[("day", "2-digit".into()), ("month", "2-digit".into()), ("year", "numeric".into())]),
        Style::LongDate => date(&[("day", "numeric".into()), ("month", "long".into()), ("year", "numeric".into())]),
        Style::Month => date(&[("month", "long".into()), ("year", "numeric".into())]),
        Style::ShortMonth => date(&[("month", "short".into())]),
        Style::Weekday => date(&[("weekday", "short".into())]),
        Style::Time => date(&[
            ("day", "2-digit".into()),
            ("month", "2-digit".into()),
            ("year", "numeric".into()),
            ("hour", "2-digit".into()),
            ("minute", "2-digit".into()),
        ]),
    }
}

fn object(pairs: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in pairs {
        set(&object, name, value);
    }
    object
}

fn set(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

fn apply(style: Style, value: &JsValue, otherwise: impl FnOnce() -> String) -> String {
    formatter(style).call1(&JsValue::NULL, value).ok().and_then(|text| text.as_string()).unwrap_or_else(otherwise)
}

fn decimal(style: Style, value: &Decimal) -> String {
    let plain = value.to_string();
    apply(style, &JsValue::from_str(&plain), || plain.clone())
}

/// An amount of money, `currency` an ISO 4217 code.
pub(crate) fn money(value: &Decimal, currency: &str, detail: Detail) -> String {
    decimal(Style::Money { currency: currency.to_owned(), detail, signed: false }, value)
}

/// A difference of money, with its sign.
pub(crate) fn money_change(value: &Decimal, currency: &str) -> String {
    decimal(Style::Money { currency: currency.to_owned(), detail: Detail::Full, signed: true }, value)
}

/// A fraction as a percentage with one decimal: 1.046 is `104,6%`.
pub(crate) fn percent(fraction: &Decimal) -> String {
    decimal(Style::Percent { digits: 1, signed: false }, fraction)
}

/// A fraction as a percentage without decimals, for axes.
pub(crate) fn percent_whole(fraction: &Decimal) -> String {
    decimal(Style::Percent { digits: 0, signed: false }, fraction)
}

/// A difference of two fractions in percentage points, with its sign: 0.032 is `+3,2 p.p.`.
pub(crate) fn points(difference: &Decimal) -> String {
    let points = difference.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(*difference);
    tf(K::UnitPoints, &[("n", &decimal(Style::Points, &points))])
}

/// A plain number with at most `digits` decimals.
pub(crate) fn number(value: &Decimal, digits: u8) -> String {
    decimal(Style::Number { at_most: digits }, value)
}

/// A plain number with exactly `digits` decimals.
pub(crate) fn fixed(value: &Decimal, digits: u8) -> String {
    decimal(Style::Fixed { digits }, value)
}

/// A plain number short enough for an axis: `400K`.
pub(crate) fn number_compact(value: &Decimal) -> String {
    decimal(Style::Compact, value)
}

/// A count of things.
pub(crate) fn count(count: usize) -> String {
    if cfg!(target_arch = "wasm32") { number(&Decimal::from(count), 0) } else { count.to_string() }
}

/// The signs for decimals and for groups in the language in use now; for reading what was typed, so not followed.
pub(crate) fn separators() -> (char, char) {
    match crate::prefs::language().get_untracked() {
        Lang::It => (',', '.'),
        Lang::En => ('.', ','),
    }
}

fn day(style: Style, date: NaiveDate) -> String {
    let millis = date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis();
    // A date is a few times 10^12 milliseconds: exact in a JavaScript number.
    #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
    let value = JsValue::from_f64(millis as f64);
    apply(style, &value, || date.to_string())
}

/// `31/10/2026`.
pub(crate) fn date(date: NaiveDate) -> String {
    day(Style::Date, date)
}

/// `31 ottobre 2026`.
pub(crate) fn date_long(date: NaiveDate) -> String {
    day(Style::LongDate, date)
}

/// `ottobre 2026`.
pub(crate) fn month(date: NaiveDate) -> String {
    day(Style::Month, date)
}

/// `ott`.
pub(crate) fn month_short(date: NaiveDate) -> String {
    day(Style::ShortMonth, date)
}

/// `lun`.
pub(crate) fn weekday(date: NaiveDate) -> String {
    day(Style::Weekday, date)
}

/// A moment (RFC 3339, UTC) in the reader's time zone; the text as it is where it is no moment.
pub(crate) fn moment(rfc3339: &str) -> String {
    let millis = js_sys::Date::parse(rfc3339);
    if millis.is_nan() {
        return rfc3339.to_owned();
    }
    apply(Style::Time, &JsValue::from_f64(millis), || rfc3339.to_owned())
}

/// The name of a period code: `2026`, `2026-H1`, `2026-T1` (four months), `2026-Q1`, `2026-03`.
pub(crate) fn period(code: &str) -> String {
    let Some((year, part)) = code.split_once('-') else { return code.to_owned() };
    let with = |key: K, n: &str| tf(key, &[("n", n), ("year", year)]);
    match part.split_at_checked(1) {
        Some(("Q", n)) => with(K::PeriodQuarter, n),
        Some(("H", n)) => with(K::PeriodHalf, n),
        Some(("T", n)) => with(K::PeriodFourMonth, n),
        _ => NaiveDate::parse_from_str(&format!("{code}-01"), "%Y-%m-%d").map_or_else(|_| code.to_owned(), month),
    }
}

/// What stands where a figure does not apply.
pub(crate) fn not_applicable() -> &'static str {
    t(K::ValueNotApplicable)
}
