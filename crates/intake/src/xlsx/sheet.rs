//! One sheet as a stream of rows.

use std::io::{Read, Seek};
use std::sync::Arc;

use quick_xml::events::{BytesStart, Event};
use traguardo_domain::finding::Finding;

use super::book::{Book, SheetEntry, unescape_tail};
use super::xml::{Xml, attributes, reference};
use super::{bomb, damaged, finding_of};
use crate::limits::Limits;
use crate::raw::{CellKind, RawRow};
use crate::value::{as_shown, day_of_serial};

pub(crate) struct Sheet<R: Read> {
    xml: Xml<R>,
    book: Arc<Book>,
    limits: Limits,
    row: u64,
    rows: u64,
    cell: CellParts,
}

/// What is known of the cell being read.
#[derive(Debug, Default)]
struct CellParts {
    column: usize,
    kind: String,
    style: usize,
    text: String,
    formula: bool,
}

/// Which text is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Nothing,
    Value,
    Formula,
}

impl<R: Read + Seek> Sheet<R> {
    pub(crate) fn open(input: R, book: Arc<Book>, sheet: &SheetEntry, limits: &Limits) -> Result<Self, Box<Finding>> {
        let part = sheet.entry.open(input, limits).map_err(|e| finding_of(&e))?;
        Ok(Self { xml: Xml::new(part, limits), book, limits: *limits, row: 0, rows: 0, cell: CellParts::default() })
    }
}

impl<R: Read> Sheet<R> {
    /// The next row that the sheet stores; `false` at the end. Rows without any cell may be left out by the writer.
    pub(crate) fn next(&mut self, row: &mut RawRow) -> Result<bool, Box<Finding>> {
        loop {
            match self.xml.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "row" => {
                    let number = row_number(&tag, self.row, &self.limits)?;
                    self.begin(number, row)?;
                    self.cells(row)?;
                    return Ok(true);
                }
                Event::Empty(tag) if tag.local_name().as_ref() == "row" => {
                    let number = row_number(&tag, self.row, &self.limits)?;
                    self.begin(number, row)?;
                }
                Event::Eof => return Ok(false),
                _ => {}
            }
        }
    }

    fn begin(&mut self, number: u64, row: &mut RawRow) -> Result<(), Box<Finding>> {
        self.rows += 1;
        if number <= self.row || number > 1_048_576 || self.rows > self.limits.rows {
            return Err(damaged(&format!("row `{number}` is out of order or beyond a sheet's end")));
        }
        self.row = number;
        row.clear(number);
        Ok(())
    }

    /// The cells up to the end of the row.
    fn cells(&mut self, row: &mut RawRow) -> Result<(), Box<Finding>> {
        let mut inside = Inside::Nothing;
        let mut next_column = 0;
        loop {
            match self.xml.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "c" => {
                        self.cell.begin(&tag, next_column, &self.limits)?;
                        next_column = self.cell.column + 1;
                    }
                    "v" | "t" => inside = Inside::Value,
                    "f" => {
                        inside = Inside::Formula;
                        self.cell.formula = true;
                    }
                    // A phonetic guide's text is not the cell's.
                    "rPh" => inside = Inside::Formula,
                    _ => {}
                },
                Event::Empty(tag) => match tag.local_name().as_ref() {
                    "c" => {
                        self.cell.begin(&tag, next_column, &self.limits)?;
                        next_column = self.cell.column + 1;
                    }
                    "f" => self.cell.formula = true,
                    _ => {}
                },
                Event::Text(text) if inside == Inside::Value => self.cell.text.push_str(&text.xml10_content()),
                Event::CData(text) if inside == Inside::Value => self.cell.text.push_str(&text.xml10_content()),
                Event::GeneralRef(name) if inside == Inside::Value => self.cell.text.push(reference(&name)?),
                Event::End(tag) => match tag.local_name().as_ref() {
                    "v" | "t" | "f" | "rPh" => inside = Inside::Nothing,
                    "c" => self.cell.finish(&self.book, row),
                    "row" => return Ok(()),
                    _ => {}
                },
                Event::Eof => return Err(damaged("a sheet ends in the middle of a row")),
                _ => {}
            }
            if self.cell.text.len() > self.limits.cell_bytes {
                return Err(Box::new(bomb(
                    "cell_too_long",
                    format!("a cell in row `{}` is longer than `{}` bytes", self.row, self.limits.cell_bytes),
                )));
            }
        }
    }
}

fn row_number(tag: &BytesStart<'_>, last: u64, limits: &Limits) -> Result<u64, Box<Finding>> {
    let mut number = Some(last + 1);
    attributes(tag, limits, |name, value| {
        if name == "r" {
            number = value.parse().ok();
        }
    })?;
    number.ok_or_else(|| damaged("a row has no number"))
}

impl CellParts {
    fn begin(&mut self, tag: &BytesStart<'_>, next_column: usize, limits: &Limits) -> Result<(), Box<Finding>> {
        self.column = next_column;
        self.kind.clear();
        self.style = 0;
        self.text.clear();
        self.formula = false;
        attributes(tag, limits, |name, value| match name {
            "r" => self.column = column_index(value).unwrap_or(usize::MAX),
            "t" => value.clone_into(&mut self.kind),
            "s" => self.style = value.parse().unwrap_or(0),
            _ => {}
        })?;
        if self.column >= limits.columns {
            let message = format!("the sheet has a cell beyond column `{}`", limits.columns);
            return Err(Box::new(bomb("extent_too_wide", message)));
        }
        Ok(())
    }

    /// Puts what was read into the row.
    fn finish(&mut self, book: &Book, row: &mut RawRow) {
        let text = self.text.trim_matches(['\r', '\n']);
        match self.kind.as_str() {
            "s" => match text.trim().parse().ok().and_then(|index| book.strings.get(index)) {
                Some(shared) => row.put(self.column, shared, CellKind::Text),
                None => row.put(self.column, "a text that is missing", CellKind::Fault),
            },
            "str" | "inlineStr" => {
                unescape_tail(&mut self.text, 0);
                row.put(self.column, &self.text, CellKind::Text);
            }
            "b" => row.put(self.column, if text.trim() == "1" { "TRUE" } else { "FALSE" }, CellKind::Text),
            "e" => row.put(self.column, text, CellKind::Fault),
            "d" => row.put(self.column, text, CellKind::Text),
            _ if text.trim().is_empty() => {
                if self.formula {
                    row.put(self.column, "a formula without a stored value", CellKind::Fault);
                }
            }
            _ => self.number(text.trim(), book, row),
        }
    }

    fn number(&self, text: &str, book: &Book, row: &mut RawRow) {
        let Ok(value) = as_shown(text) else {
            row.put(self.column, text, CellKind::Fault);
            return;
        };
        let is_day = book.days.get(self.style).copied().unwrap_or(false);
        let serial = value.trunc().try_into().ok().filter(|serial: &u64| *serial > 0);
        match serial.filter(|_| is_day).and_then(|serial| day_of_serial(serial, book.since_1904)) {
            Some(day) => row.put(self.column, &day.to_string(), CellKind::Date),
            None => row.put(self.column, &value.to_string(), CellKind::Number),
        }
    }
}

/// The column of a reference such as `AB12`, counted from 0.
fn column_index(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    let mut column = 0usize;
    let mut any = false;
    for letter in letters.take(4) {
        column = column * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1;
        any = true;
    }
    any.then(|| column - 1)
}
