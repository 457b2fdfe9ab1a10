//! What a sample of a file says about its style: delimiter, header row, number and date style.

use std::collections::BTreeMap;

use traguardo_domain::finding::Finding;

use crate::limits::Limits;
use crate::raw::{CellKind, RawRow};
use crate::value::{DateOrder, Mark};

/// Rows of a sample; more are not looked at before the import itself.
pub(crate) const SAMPLE_ROWS: usize = 2_000;
/// The header is looked for in so many first rows.
const HEADER_WITHIN: usize = 30;

/// The delimiter under which most of the sample's rows have the same number of cells, and the row that a `sep=;` first
/// line takes.
pub(crate) fn delimiter(sample: &[u8], carriage_returns: bool, limits: &Limits) -> (u8, Option<Finding>) {
    if let Some(said) = said_by_excel(sample) {
        return (said, None);
    }
    let mut scores: Vec<(usize, usize, u8)> = Vec::new();
    for candidate in [b';', b'\t', b'|', b','] {
        let widths: Vec<usize> =
            read(sample, candidate, carriage_returns, limits, 200).iter().map(RawRow::len).collect();
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for width in widths.iter().filter(|width| **width > 1) {
            *counts.entry(*width).or_default() += 1;
        }
        // First the rows that it splits at all (the header of a file with decimal commas has none), then how well.
        let split = counts.values().sum();
        if let Some((width, rows)) = counts.into_iter().max_by_key(|(width, rows)| (*rows, *width)) {
            scores.push((split, rows * width, candidate));
        }
    }
    scores.sort_by_key(|(split, weight, _)| std::cmp::Reverse((*split, *weight)));
    match scores.as_slice() {
        [] => (b',', None),
        [(split, weight, best), (other_split, other_weight, other), ..]
            if split == other_split && weight == other_weight =>
        {
            let (best, other) = (char::from(*best), char::from(*other));
            let message = format!("both `{best}` and `{other}` could separate the cells; `{best}` was taken");
            let note = Finding::warning("ambiguous_delimiter", "reading.delimiter", message);
            (u8::try_from(best).unwrap_or(b','), Some(note.help("choose the other one if the columns look wrong")))
        }
        [(_, _, best), ..] => (*best, None),
    }
}

/// The delimiter of a first line `sep=;`, which only spreadsheets understand.
pub(crate) fn said_by_excel(sample: &[u8]) -> Option<u8> {
    let line = sample.split(|b| *b == b'\n').next()?.trim_ascii();
    match line.strip_prefix(b"sep=")? {
        [delimiter] => Some(*delimiter),
        _ => None,
    }
}

/// The first rows of a sample.
pub(crate) fn read(sample: &[u8], delimiter: u8, carriage_returns: bool, limits: &Limits, most: usize) -> Vec<RawRow> {
    let mut reader = crate::delimited::Delimited::new(sample, delimiter, carriage_returns, *limits);
    let mut rows = Vec::new();
    let mut row = RawRow::default();
    while rows.len() < most && matches!(reader.next(&mut row), Ok(true)) {
        rows.push(std::mem::take(&mut row));
    }
    rows
}

/// The header's place in the sample: the first row that has the table's width, only texts and no blank between them.
pub(crate) fn header(sample: &[RawRow]) -> Result<usize, Finding> {
    let filled = |row: &RawRow| row.cells().filter(|cell| !cell.text.trim().is_empty()).count();
    // The width that most rows have, blank ones and broken ones apart.
    let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
    for row in sample.iter().filter(|row| row.trouble.is_none()) {
        *widths.entry(filled(row)).or_default() += 1;
    }
    widths.remove(&0);
    let width = widths.into_iter().max_by_key(|(width, rows)| (*rows, *width)).map_or(0, |(width, _)| width);
    if width == 0 {
        return Err(Finding::error("empty_file", "file", "the file holds only empty rows")
            .help("send a file with a header row and rows"));
    }
    for (at, row) in sample.iter().take(HEADER_WITHIN).enumerate() {
        // Titles above the table have fewer cells; a header may lack the name of a column or two.
        if filled(row) * 3 < width * 2 {
            continue;
        }
        let names = row.cells().filter(|cell| !cell.text.trim().is_empty());
        let data_like = names.filter(|cell| cell.kind != CellKind::Text || looks_like_data(cell.text)).count();
        if data_like == 0 {
            return Ok(at);
        }
        break;
    }
    Err(Finding::error(
        "no_header",
        "file",
        "the first row of the table holds numbers or dates: the columns have no names",
    )
    .help("add a header row, or say which row it is"))
}

fn looks_like_data(text: &str) -> bool {
    let text = text.trim();
    let date = crate::value::parse_date(text, DateOrder::Dmy).is_ok()
        || crate::value::parse_date(text, DateOrder::Mdy).is_ok();
    let number = |mark| crate::value::parse_number(text, mark).is_ok();
    // A year is a fair name for a column.
    let year = text.len() == 4 && crate::value::year(text).is_ok();
    !year && (date || number(Mark::Point) || number(Mark::Comma))
}

/// What is said for and against each style.
#[derive(Debug, Default)]
pub(crate) struct Votes {
    point: usize,
    comma: usize,
    unclear_number: Option<String>,
    dmy: usize,
    mdy: usize,
    unclear_date: Option<String>,
}

impl Votes {
    pub(crate) fn of(rows: &[RawRow]) -> Self {
        let mut votes = Self::default();
        for row in rows {
            for cell in row.cells().filter(|cell| cell.kind == CellKind::Text) {
                votes.number(cell.text.trim());
                votes.date(cell.text.trim());
            }
        }
        votes
    }

    fn number(&mut self, text: &str) {
        if !text.bytes().any(|b| b == b'.' || b == b',') || text.len() > 40 {
            return;
        }
        // The grouping rules leave one mark for most numbers.
        let point = crate::value::parse_number(text, Mark::Point).is_ok();
        let comma = crate::value::parse_number(text, Mark::Comma).is_ok();
        match (point, comma) {
            (true, false) => self.point += 1,
            (false, true) => self.comma += 1,
            (true, true) if text.trim_start_matches(['-', '+']).starts_with('0') => {
                // `0.125` has no group before its mark.
                if text.contains('.') {
                    self.point += 1;
                } else {
                    self.comma += 1;
                }
            }
            (true, true) => {
                self.unclear_number.get_or_insert_with(|| text.to_owned());
            }
            (false, false) => {}
        }
    }

    fn date(&mut self, text: &str) {
        let mut parts = text.split(['/', '-', '.']);
        let (Some(a), Some(b), Some(c), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return;
        };
        let two = |part: &str| part.len() <= 2 && part.parse::<u32>().is_ok();
        let four = c.len() >= 4 && c.bytes().take(4).all(|b| b.is_ascii_digit());
        if !(two(a) && two(b) && four) {
            return;
        }
        match (a.parse::<u32>().unwrap_or(0), b.parse::<u32>().unwrap_or(0)) {
            (13..=31, 1..=12) => self.dmy += 1,
            (1..=12, 13..=31) => self.mdy += 1,
            (1..=12, 1..=12) => {
                self.unclear_date.get_or_insert_with(|| text.to_owned());
            }
            _ => {}
        }
    }

    /// The decimal mark, and a note where the sample does not settle it.
    pub(crate) fn decimal(&self, delimiter: Option<u8>) -> (Mark, Option<Finding>) {
        let usual = if delimiter == Some(b';') { Mark::Comma } else { Mark::Point };
        let place = "reading.decimal";
        match (self.point, self.comma) {
            (0, 0) => {
                let note = self.unclear_number.as_ref().map(|text| {
                    let message =
                        format!("`{text}` can be read in two ways; `{}` was taken as the decimal mark", usual.char());
                    Finding::warning("ambiguous_numbers", place, message)
                        .help("check the sample, choose the other mark if it is wrong")
                });
                (usual, note)
            }
            (_, 0) => (Mark::Point, None),
            (0, _) => (Mark::Comma, None),
            (point, comma) => {
                let mark = match point.cmp(&comma) {
                    std::cmp::Ordering::Greater => Mark::Point,
                    std::cmp::Ordering::Less => Mark::Comma,
                    std::cmp::Ordering::Equal => usual,
                };
                let message = format!("some numbers have a decimal point, others a comma; `{}` was taken", mark.char());
                (
                    mark,
                    Some(
                        Finding::warning("mixed_numbers", place, message)
                            .help("set `decimal` for single columns in the mapping"),
                    ),
                )
            }
        }
    }

    /// The date order, and a note where the sample does not settle it.
    pub(crate) fn date_order(&self) -> (DateOrder, Option<Finding>) {
        let place = "reading.date_order";
        match (self.dmy, self.mdy) {
            (0, 0) => {
                let note = self.unclear_date.as_ref().map(|text| {
                    let message = format!("`{text}` can be read in two ways; day/month/year was taken");
                    Finding::warning("ambiguous_dates", place, message)
                        .help("check the sample, choose `mdy` if it is wrong")
                });
                (DateOrder::Dmy, note)
            }
            (dmy, mdy) if dmy > 0 && mdy > 0 => {
                let order = if mdy > dmy { DateOrder::Mdy } else { DateOrder::Dmy };
                let message = "some dates begin with the day, others with the month";
                (order, Some(Finding::warning("mixed_dates", place, message).help("write all dates in one order")))
            }
            (0, _) => (DateOrder::Mdy, None),
            _ => (DateOrder::Dmy, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_found() {
        for (text, expected) in [
            ("a,b\n1,2\n", b','),
            ("a;b\n1,5;2,5\n", b';'),
            ("a;b\n1,5;2\n", b';'),
            ("a\tb,c\n1\t2,5\n3\t4\n", b'\t'),
            ("a|b\n1|2\n", b'|'),
            ("a,b\n\"x;y;z\",2\n\"x;y\",3\n", b','),
            ("sep=;\na,b;c\n", b';'),
            ("name\nanna\n", b','),
        ] {
            assert_eq!(
                char::from(delimiter(text.as_bytes(), false, &Limits::default()).0),
                char::from(expected),
                "{text:?}"
            );
        }
    }

    #[test]
    fn styles_are_voted() {
        let votes = |text: &str| Votes::of(&read(text.as_bytes(), b';', false, &Limits::default(), 100));
        for (text, mark, noted) in [
            ("1.234,56;2", Mark::Comma, false),
            ("1,234.56;2", Mark::Point, false),
            ("48.8264", Mark::Point, false),
            ("0,125", Mark::Comma, false),
            ("1.234", Mark::Comma, true),
            ("12;13", Mark::Comma, false),
            ("1,5;2,5;1.5", Mark::Comma, true),
            ("31.01.2026", Mark::Comma, false),
        ] {
            let (got, note) = votes(text).decimal(Some(b';'));
            assert_eq!((got, note.is_some()), (mark, noted), "{text}");
        }
        for (text, order, noted) in [
            ("31/01/2026;01/02/2026", DateOrder::Dmy, false),
            ("01/31/2026", DateOrder::Mdy, false),
            ("01/02/2026", DateOrder::Dmy, true),
            ("2026-01-02", DateOrder::Dmy, false),
            ("31/01/2026;01/31/2026", DateOrder::Dmy, true),
        ] {
            let (got, note) = votes(text).date_order();
            assert_eq!((got, note.is_some()), (order, noted), "{text}");
        }
    }

    #[test]
    fn the_header_is_found_below_titles() {
        let find = |text: &str| header(&read(text.as_bytes(), b',', false, &Limits::default(), 100));
        assert_eq!(find("date,amount,rep\n2026-01-01,1,A\n").unwrap(), 0);
        assert_eq!(find("Sales report\n\ndate,amount,rep\n2026-01-01,1,A\n").unwrap(), 2);
        assert_eq!(find("product,2025,2026\nA,1,2\n").unwrap(), 0);
        assert_eq!(find("2026-01-01,1,A\n2026-01-02,1,A\n").unwrap_err().code, "no_header");
        assert_eq!(find("\n,,\n").unwrap_err().code, "empty_file");
    }
}
