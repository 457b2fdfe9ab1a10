//! Days, months and periods out of text, English and Italian.

use chrono::{Datelike, Days, NaiveDate};
use traguardo_domain::period::Period;

use super::DateOrder;

/// Why a text is not a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateFault {
    /// Nothing like a date.
    NotADate,
    /// The parts are there but no such day exists in that order.
    NoSuchDay,
    /// The year has two digits: which century?
    ShortYear,
    /// A bare number in a text file, probably a spreadsheet's day count.
    Serial,
    /// Outside 1900–2199.
    FarYear,
}

const MONTHS: [(&str, &str); 12] = [
    ("january", "gennaio"),
    ("february", "febbraio"),
    ("march", "marzo"),
    ("april", "aprile"),
    ("may", "maggio"),
    ("june", "giugno"),
    ("july", "luglio"),
    ("august", "agosto"),
    ("september", "settembre"),
    ("october", "ottobre"),
    ("november", "novembre"),
    ("december", "dicembre"),
];

/// The month (1–12) that `text` names: a number, or an English or Italian name or its first three letters or more.
pub fn month(text: &str) -> Option<u32> {
    let text = text.trim().trim_end_matches('.');
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok().filter(|m| (1..=12).contains(m) && text.len() <= 2);
    }
    if text.len() < 3 || !text.is_ascii() {
        return None;
    }
    let begins = |name: &str| name.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text));
    let at = MONTHS.iter().position(|(english, italian)| begins(english) || begins(italian))?;
    u32::try_from(at + 1).ok()
}

/// A year of four digits between 1900 and 2199.
pub(crate) fn year(text: &str) -> Result<i32, DateFault> {
    let text = text.trim();
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(DateFault::NotADate);
    }
    match text.len() {
        4 => text.parse().ok().filter(|year| (1900..2200).contains(year)).ok_or(DateFault::FarYear),
        1 | 2 => Err(DateFault::ShortYear),
        _ => Err(DateFault::NotADate),
    }
}

/// Reads a day: ISO always, else in `order`; separators `/ - .` or blank; month names allowed; a time of day after it
/// is dropped.
pub fn parse_date(text: &str, order: DateOrder) -> Result<NaiveDate, DateFault> {
    let text = day_part(text.trim());
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return match text.len() {
            8 => compact(text),
            4..=6 => Err(DateFault::Serial),
            _ => Err(DateFault::NotADate),
        };
    }
    let mut parts = [""; 3];
    let mut count = 0;
    for part in text.split(['/', '-', '.', ' ', ',']).filter(|part| !part.is_empty()) {
        *parts.get_mut(count).ok_or(DateFault::NotADate)? = part;
        count += 1;
    }
    if count != 3 {
        return Err(DateFault::NotADate);
    }
    let [a, b, c] = parts;
    let alphabetic = |part: &str| part.bytes().all(|b| b.is_ascii_alphabetic());
    let (day, month_text, year_text) = if a.len() == 4 {
        (c, b, a)
    } else if alphabetic(a) {
        (b, a, c)
    } else if alphabetic(b) {
        (a, b, c)
    } else {
        match order {
            DateOrder::Dmy => (a, b, c),
            DateOrder::Mdy => (b, a, c),
            // A year of two digits in front is told as such below.
            DateOrder::Ymd => (c, b, a),
        }
    };
    if day.len() > 2 || !day.bytes().all(|b| b.is_ascii_digit()) {
        return Err(DateFault::NotADate);
    }
    let day: u32 = day.parse().map_err(|_| DateFault::NotADate)?;
    let year = year(year_text)?;
    let month = match month(month_text) {
        Some(month) => month,
        None if alphabetic(month_text) || month_text.len() > 2 => return Err(DateFault::NotADate),
        None => return Err(DateFault::NoSuchDay),
    };
    NaiveDate::from_ymd_opt(year, month, day).ok_or(DateFault::NoSuchDay)
}

/// The part before a time of day.
fn day_part(text: &str) -> &str {
    let Some((day, time)) = text.split_once('T').or_else(|| text.rsplit_once(' ')) else {
        return text;
    };
    let time_like = time.contains(':') && time.bytes().all(|b| b.is_ascii_digit() || b":.Z+-".contains(&b));
    if time_like { day.trim_end() } else { text }
}

/// `20260131`.
fn compact(text: &str) -> Result<NaiveDate, DateFault> {
    let part = |range| text.get(range).unwrap_or_default();
    let year = year(part(0..4))?;
    let number = |range| part(range).parse::<u32>().map_err(|_| DateFault::NotADate);
    NaiveDate::from_ymd_opt(year, number(4..6)?, number(6..8)?).ok_or(DateFault::NoSuchDay)
}

/// The day of a spreadsheet's day count. In the 1900 system day 60 is the 29 February that never was.
pub(crate) fn day_of_serial(serial: u64, since_1904: bool) -> Option<NaiveDate> {
    let (epoch, days) = if since_1904 {
        (NaiveDate::from_ymd_opt(1904, 1, 1)?, serial)
    } else {
        let epoch = NaiveDate::from_ymd_opt(1899, 12, 30)?;
        (epoch, if serial < 60 { serial + 1 } else { serial })
    };
    let day = epoch.checked_add_days(Days::new(days))?;
    (1900..2200).contains(&day.year()).then_some(day)
}

/// The code of a period (see [`Period`]): `2026`, `2026-H1`, `2026-T1` (four months), `2026-Q1`, `2026-03`. Read from
/// those and from what people write: `Q1 2026`, `1Q2026`, `T1 2026` (an Italian quarter), `S2 2026`, `03/2026`, `March
/// 2026`, `marzo 2026`.
pub fn parse_period(text: &str) -> Option<String> {
    let text = text.trim();
    if let Ok(period) = Period::parse(text) {
        return Some(period.code());
    }
    if let Ok(year) = year(text) {
        return Some(year.to_string());
    }
    let bytes = text.len();
    let (year_text, rest) = match (text.get(..4), text.get(bytes.saturating_sub(4)..)) {
        (Some(head), _) if year(head).is_ok() => (head, text.get(4..)?),
        (_, Some(tail)) if year(tail).is_ok() => (tail, text.get(..bytes.saturating_sub(4))?),
        _ => return None,
    };
    let rest = rest.trim_matches(['-', '/', ' ', '.', '_']);
    if let Some(month) = month(rest) {
        return Some(format!("{year_text}-{month:02}"));
    }
    let rest = rest.to_ascii_uppercase();
    let digit = rest.chars().find(char::is_ascii_digit)?;
    let word: String = rest.chars().filter(|c| *c != digit).collect();
    match (word.trim().trim_start_matches(['°', '^']).trim(), digit) {
        ("Q" | "T" | "TRIM" | "TRIMESTRE" | "QUARTER", '1'..='4') => Some(format!("{year_text}-Q{digit}")),
        ("H" | "S" | "SEM" | "SEMESTRE", '1' | '2') => Some(format!("{year_text}-H{digit}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_the_files_order() {
        use DateFault::{FarYear, NoSuchDay, NotADate, Serial, ShortYear};
        use DateOrder::{Dmy, Mdy, Ymd};
        for (text, order, expected) in [
            ("2026-01-31", Dmy, Ok("2026-01-31")),
            ("2026/1/31", Mdy, Ok("2026-01-31")),
            ("20260131", Dmy, Ok("2026-01-31")),
            ("2026-01-31T00:00:00Z", Dmy, Ok("2026-01-31")),
            ("31/01/2026 00:00:00", Dmy, Ok("2026-01-31")),
            ("03/04/2026", Dmy, Ok("2026-04-03")),
            ("03/04/2026", Mdy, Ok("2026-03-04")),
            ("3.4.2026", Dmy, Ok("2026-04-03")),
            ("31-gen-2026", Dmy, Ok("2026-01-31")),
            ("31 Jan 2026", Mdy, Ok("2026-01-31")),
            ("January 31, 2026", Dmy, Ok("2026-01-31")),
            ("29/02/2024", Dmy, Ok("2024-02-29")),
            ("29/02/2026", Dmy, Err(NoSuchDay)),
            ("13/25/2026", Dmy, Err(NoSuchDay)),
            ("31/01/26", Dmy, Err(ShortYear)),
            ("26-01-31", Ymd, Err(ShortYear)),
            ("46053", Dmy, Err(Serial)),
            ("1/1/0001", Dmy, Err(FarYear)),
            ("2300-01-01", Dmy, Err(FarYear)),
            ("yesterday", Dmy, Err(NotADate)),
            ("31/01/2026/1", Dmy, Err(NotADate)),
            ("01/2026", Dmy, Err(NotADate)),
            ("", Dmy, Err(NotADate)),
        ] {
            let read = parse_date(text, order).map(|day| day.to_string());
            assert_eq!(read, expected.map(str::to_owned), "{text:?} {order:?}");
        }
    }

    #[test]
    fn months_are_known_in_both_languages() {
        for (text, expected) in [
            ("January", Some(1)),
            ("gen", Some(1)),
            ("GENNAIO", Some(1)),
            ("sett.", Some(9)),
            ("Sept", Some(9)),
            ("mag", Some(5)),
            ("12", Some(12)),
            ("07", Some(7)),
            ("13", None),
            ("0", None),
            ("007", None),
            ("ja", None),
            ("Januaryx", None),
        ] {
            assert_eq!(month(text), expected, "{text}");
        }
    }

    #[test]
    fn periods_have_one_name() {
        for (text, expected) in [
            ("2026", Some("2026")),
            ("2026-Q1", Some("2026-Q1")),
            ("2026-T1", Some("2026-T1")),
            ("T1 2026", Some("2026-Q1")),
            ("Q1 2026", Some("2026-Q1")),
            ("1Q2026", Some("2026-Q1")),
            ("1° trimestre 2026", Some("2026-Q1")),
            ("S2 2026", Some("2026-H2")),
            ("2026-03", Some("2026-03")),
            ("03/2026", Some("2026-03")),
            ("marzo 2026", Some("2026-03")),
            ("2026-Q5", None),
            ("Q1", None),
            ("26-Q1", None),
            ("2026-13", None),
        ] {
            assert_eq!(parse_period(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn serials_count_from_the_right_day() {
        for (serial, since_1904, expected) in [
            (1, false, Some("1900-01-01")),
            (59, false, Some("1900-02-28")),
            (61, false, Some("1900-03-01")),
            (43101, false, Some("2018-01-01")),
            (46053, false, Some("2026-01-31")),
            (41639, true, Some("2018-01-01")),
            (u64::MAX, false, None),
            (2_958_465, false, None),
        ] {
            let day = day_of_serial(serial, since_1904).map(|day| day.to_string());
            assert_eq!(day.as_deref(), expected, "{serial}");
        }
    }
}
