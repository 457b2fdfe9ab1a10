//! Tables written as CSV or XLSX: text can never become a formula, numbers stay numbers.
//!
//! In CSV a text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab, a carriage
//! return or NUL) gets an apostrophe in front, which our own import takes off again. In XLSX a text cell is typed as text
//! and marked as such (quote prefix), so that its value stays untouched and saving it as CSV from the spreadsheet is safe.

use std::borrow::Cow;
use std::io::{self, Seek, Write};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};

use crate::value::{Mark, parse_number};

/// Tells spreadsheets that a CSV is UTF-8.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// One value of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text, whatever it looks like.
    Text(String),
    /// An exact number.
    Number(Decimal),
    /// A day.
    Day(NaiveDate),
    /// A number as a file wrote it; made by [`Cell::from_file`].
    #[doc(hidden)]
    Verbatim(String),
}

impl Cell {
    /// A cell as a file held it: a number where the text is one (`-12,50` in any style), so that it stays one; else text.
    pub fn from_file(text: String) -> Self {
        if is_number(&text) { Self::Verbatim(text) } else { Self::Text(text) }
    }
}

/// Whether a text is nothing but a number, in either style: it cannot be a formula that does harm.
pub(crate) fn is_number(text: &str) -> bool {
    let number = |mark| parse_number(text, mark).is_ok();
    // A number that begins with a tab is no number for a spreadsheet.
    text.trim() == text && (number(Mark::Point) || number(Mark::Comma))
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Decimal> for Cell {
    fn from(number: Decimal) -> Self {
        Self::Number(number)
    }
}

impl From<NaiveDate> for Cell {
    fn from(day: NaiveDate) -> Self {
        Self::Day(day)
    }
}

/// Whether a spreadsheet may take a text for a formula.
fn tempting(text: &str) -> bool {
    // Full-width forms are folded to ASCII by some spreadsheets.
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'])
}

/// `text` with an apostrophe in front where a spreadsheet would take it for a formula; NUL characters are dropped.
///
/// ```
/// use traguardo_intake::export::guarded;
/// assert_eq!(guarded("=1+1"), "'=1+1");
/// assert_eq!(guarded("Anna"), "Anna");
/// ```
pub fn guarded(text: &str) -> Cow<'_, str> {
    if !tempting(text) && !text.contains('\0') {
        return Cow::Borrowed(text);
    }
    let mark = if tempting(text) { "'" } else { "" };
    Cow::Owned(format!("{mark}{}", text.replace('\0', "")))
}

pub(crate) fn csv_writer<W: Write>(output: W, delimiter: u8) -> csv::Writer<W> {
    csv::WriterBuilder::new().delimiter(delimiter).terminator(csv::Terminator::CRLF).flexible(false).from_writer(output)
}

/// Writes a table as CSV (RFC 4180, UTF-8 with a byte order mark, decimal point, ISO days).
pub struct CsvTable<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> CsvTable<W> {
    /// Begins with the header.
    pub fn new<'h>(mut output: W, delimiter: u8, header: impl IntoIterator<Item = &'h str>) -> io::Result<Self> {
        output.write_all(BYTE_ORDER_MARK)?;
        let mut writer = csv_writer(output, delimiter);
        writer.write_record(header.into_iter().map(|name| guarded(name).into_owned())).map_err(io::Error::other)?;
        Ok(Self { writer })
    }

    /// Adds a row of as many cells as the header has.
    pub fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        let fields = cells.iter().map(|cell| match cell {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Text(text) => guarded(text),
            Cell::Verbatim(text) => Cow::Borrowed(if is_number(text) { text.as_str() } else { "" }),
            Cell::Number(number) => Cow::Owned(number.to_string()),
            Cell::Day(day) => Cow::Owned(day.to_string()),
        });
        self.writer.write_record(fields.map(Cow::into_owned)).map_err(io::Error::other)
    }

    /// Writes what is left and gives the output back.
    pub fn finish(self) -> io::Result<W> {
        self.writer.into_inner().map_err(|e| io::Error::other(e.to_string()))
    }
}

/// Builds an XLSX workbook, sheet by sheet, in memory.
pub struct XlsxBook {
    book: Workbook,
    day: Format,
    text: Format,
    header: Format,
}

/// A spreadsheet cell holds at most so many characters.
const CELL_CHARACTERS: usize = 32_767;

impl Default for XlsxBook {
    fn default() -> Self {
        Self {
            book: Workbook::new(),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            text: Format::new().set_quote_prefix(),
            header: Format::new().set_bold(),
        }
    }
}

impl XlsxBook {
    /// Adds a sheet; the header row is bold and stays in sight.
    pub fn sheet<'r>(
        &mut self,
        name: &str,
        header: &[&str],
        rows: impl IntoIterator<Item = &'r [Cell]>,
    ) -> io::Result<()> {
        self.try_sheet(name, header, rows).map_err(io::Error::other)
    }

    fn try_sheet<'r>(
        &mut self,
        name: &str,
        header: &[&str],
        rows: impl IntoIterator<Item = &'r [Cell]>,
    ) -> Result<(), XlsxError> {
        let sheet = self.book.add_worksheet();
        sheet.set_name(name)?;
        for (column, title) in (0u16..).zip(header) {
            sheet.write_string_with_format(0, column, *title, &self.header)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        for (row, cells) in (1u32..).zip(rows) {
            for (column, cell) in (0u16..).zip(cells) {
                match cell {
                    Cell::Empty => {}
                    Cell::Day(day) => {
                        let text = day.to_string();
                        sheet.write_datetime_with_format(
                            row,
                            column,
                            ExcelDateTime::parse_from_str(&text)?,
                            &self.day,
                        )?;
                    }
                    Cell::Number(number) => match spreadsheet_number(*number) {
                        Some(number) => {
                            sheet.write_number(row, column, number)?;
                        }
                        None => {
                            sheet.write_string(row, column, number.to_string())?;
                        }
                    },
                    Cell::Text(text) | Cell::Verbatim(text) => {
                        let cut: String = text.chars().filter(|c| *c != '\0').take(CELL_CHARACTERS).collect();
                        if tempting(&cut) {
                            sheet.write_string_with_format(row, column, cut, &self.text)?;
                        } else {
                            sheet.write_string(row, column, cut)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Writes the workbook.
    pub fn finish<W: Write + Seek + Send>(mut self, output: W) -> io::Result<()> {
        self.book.save_to_writer(output).map_err(io::Error::other)
    }
}

/// The number as a spreadsheet stores it, when that loses nothing: at most 15 digits. Others are written as text.
fn spreadsheet_number(number: Decimal) -> Option<f64> {
    let normal = number.normalize();
    if normal.mantissa().unsigned_abs() >= 10u128.pow(15) {
        return None;
    }
    normal.to_string().parse().ok()
}
