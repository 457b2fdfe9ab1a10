//! Delimited text (RFC 4180 with any delimiter) as rows.
//!
//! Unlike the `csv` crate's reader this one tells a quote that is never closed: it gives that row its trouble and goes
//! on with the next line instead of swallowing the rest of the file into one cell. A cell that opens a quote can only
//! stay open over lines that do not themselves leave one open, so looking ahead for the closing quote, at most one row
//! limit far, stays linear in the size of the file.

use std::io::{self, Read};

use crate::limits::Limits;
use crate::lines::{Found, Line, Lines};
use crate::raw::{CellKind, RawRow};

pub(crate) struct Delimited<R> {
    lines: Lines<R>,
    delimiter: u8,
    limits: Limits,
    row: u64,
    /// A cell taken out of its quotes.
    unquoted: Vec<u8>,
}

/// How a row with quotes ended.
enum Quoted {
    /// The whole row was read; it takes so many bytes of the window.
    Row { full: usize },
    /// The quote was not closed within the limits.
    Open,
}

impl<R: Read> Delimited<R> {
    pub(crate) fn new(input: R, delimiter: u8, carriage_returns: bool, limits: Limits) -> Self {
        let terminator = if carriage_returns { b'\r' } else { b'\n' };
        Self { lines: Lines::new(input, terminator, limits.row_bytes), delimiter, limits, row: 0, unquoted: Vec::new() }
    }

    /// The next row, empty ones too; `false` at the end.
    pub(crate) fn next(&mut self, row: &mut RawRow) -> io::Result<bool> {
        let found = self.lines.line(0)?;
        if found == Found::End {
            return Ok(false);
        }
        self.row += 1;
        row.clear(self.row);
        match found {
            Found::End => {}
            Found::TooLong => {
                row.fail(
                    "row_too_long",
                    format!("the row is longer than `{}` bytes", self.limits.row_bytes),
                    "check that the file has line breaks and that its quotes are closed",
                );
                self.lines.skip_line()?;
            }
            Found::Line(line) => self.read(line, row)?,
        }
        if row.len() > self.limits.columns {
            row.fail(
                "too_many_cells",
                format!("the row has more than `{}` cells", self.limits.columns),
                "check the delimiter",
            );
        }
        Ok(true)
    }

    fn read(&mut self, line: Line, row: &mut RawRow) -> io::Result<()> {
        let bytes = self.lines.bytes().get(..line.len).unwrap_or_default();
        if memchr::memchr(b'"', bytes).is_none() {
            plain(trim_end(bytes), self.delimiter, &self.limits, row);
            self.lines.consume(line.full);
            return Ok(());
        }
        match self.quoted(line, row)? {
            Quoted::Row { full } => self.lines.consume(full),
            Quoted::Open => {
                row.clear(self.row);
                let bytes = self.lines.bytes().get(..line.len).unwrap_or_default();
                plain(trim_end(bytes), self.delimiter, &self.limits, row);
                row.fail(
                    "unclosed_quote",
                    "a quote is opened in this row and never closed",
                    "close it, or double a quote that belongs to the text",
                );
                self.lines.consume(line.full);
            }
        }
        Ok(())
    }

    /// Reads a row that holds quotes, over as many lines as they span.
    fn quoted(&mut self, first: Line, row: &mut RawRow) -> io::Result<Quoted> {
        let mut line = first;
        let mut at = 0;
        loop {
            let bytes = self.lines.bytes();
            let end = trim_end(bytes.get(..line.len).unwrap_or_default()).len();
            if bytes.get(at) != Some(&b'"') || at >= end {
                // A bare cell: quotes inside it are just characters.
                let rest = bytes.get(at..end).unwrap_or_default();
                let len = memchr::memchr(self.delimiter, rest).unwrap_or(rest.len());
                push(rest.get(..len).unwrap_or_default(), &self.limits, row);
                at += len;
            } else {
                at += 1;
                self.unquoted.clear();
                loop {
                    let bytes = self.lines.bytes();
                    let rest = bytes.get(at..line.full).unwrap_or_default();
                    let Some(quote) = memchr::memchr(b'"', rest) else {
                        // The line ends inside the quotes: take it with its break and go on with the next.
                        self.unquoted.extend_from_slice(rest);
                        at = line.full;
                        if self.unquoted.len() > self.limits.cell_bytes {
                            return Ok(Quoted::Open);
                        }
                        match self.lines.line(line.full)? {
                            Found::Line(next) if next.full > line.full => line = next,
                            _ => return Ok(Quoted::Open),
                        }
                        continue;
                    };
                    self.unquoted.extend_from_slice(rest.get(..quote).unwrap_or_default());
                    at += quote + 1;
                    if bytes.get(at) != Some(&b'"') || at >= line.len {
                        break;
                    }
                    self.unquoted.push(b'"');
                    at += 1;
                }
                let bytes = self.lines.bytes();
                let end = trim_end(bytes.get(..line.len).unwrap_or_default()).len();
                let rest = bytes.get(at.min(end)..end).unwrap_or_default();
                let len = memchr::memchr(self.delimiter, rest).unwrap_or(rest.len());
                if rest.get(..len).is_some_and(|junk| !junk.trim_ascii().is_empty()) {
                    if line.full != first.full {
                        // Over several lines this is no text of two lines but a quote that was never closed, ended by
                        // the opening quote of a later row.
                        return Ok(Quoted::Open);
                    }
                    row.fail(
                        "text_after_quote",
                        "text stands between a closing quote and the delimiter",
                        "double a quote that belongs to the text",
                    );
                }
                push(&self.unquoted, &self.limits, row);
                at = at.min(end) + len;
            }
            let end = trim_end(self.lines.bytes().get(..line.len).unwrap_or_default()).len();
            if at >= end {
                return Ok(Quoted::Row { full: line.full });
            }
            // Past the delimiter; when it is the last byte, an empty cell follows.
            at += 1;
            if at >= end {
                row.push("", CellKind::Text);
                return Ok(Quoted::Row { full: line.full });
            }
        }
    }
}

/// A line without the carriage return before its line feed.
fn trim_end(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Splits a line without quotes: the line is copied once, cells are places in it.
fn plain(line: &[u8], delimiter: u8, limits: &Limits, row: &mut RawRow) {
    let Ok(text) = std::str::from_utf8(line) else {
        for cell in line.split(|byte| *byte == delimiter).take(limits.columns + 1) {
            push(cell, limits, row);
        }
        return;
    };
    let base = row.text_mut().len();
    row.text_mut().push_str(text);
    let mut start = 0;
    let mut long = false;
    // One cell beyond the limit is enough to be told.
    let ends = memchr::memchr_iter(delimiter, line).take(limits.columns).chain(std::iter::once(line.len()));
    for end in ends {
        long |= end - start > limits.cell_bytes;
        row.mark(base + start, base + end, CellKind::Text);
        start = end + 1;
    }
    if long {
        too_long(row, limits);
    }
}

fn push(cell: &[u8], limits: &Limits, row: &mut RawRow) {
    match std::str::from_utf8(cell) {
        Ok(text) => row.push(text, CellKind::Text),
        Err(_) => {
            row.push(&String::from_utf8_lossy(cell), CellKind::Text);
            bad_encoding(row);
        }
    }
    if cell.len() > limits.cell_bytes {
        too_long(row, limits);
    }
}

fn bad_encoding(row: &mut RawRow) {
    row.fail(
        "wrong_encoding",
        "the row holds bytes that are not text in the file's encoding",
        "choose the encoding `windows-1252`, or save the file as UTF-8",
    );
}

fn too_long(row: &mut RawRow, limits: &Limits) {
    row.fail("cell_too_long", format!("a cell is longer than `{}` bytes", limits.cell_bytes), "shorten it");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[u8], limits: Limits) -> Vec<(Vec<String>, Option<&'static str>)> {
        let mut reader = Delimited::new(text, b',', false, limits);
        let mut row = RawRow::default();
        let mut out = Vec::new();
        while reader.next(&mut row).unwrap() {
            let cells = row.cells().map(|cell| cell.text.to_owned()).collect();
            out.push((cells, row.trouble.as_ref().map(|trouble| trouble.code)));
        }
        out
    }

    #[test]
    fn rows_and_their_troubles() {
        let small = Limits { row_bytes: 40, cell_bytes: 20, columns: 5, ..Limits::default() };
        type Expected<'a> = &'a [(&'a [&'a str], Option<&'a str>)];
        let cases: &[(&[u8], Expected<'_>)] = &[
            (b"a,b\nc,d\n", &[(&["a", "b"], None), (&["c", "d"], None)]),
            (b"a,b\r\nc,d", &[(&["a", "b"], None), (&["c", "d"], None)]),
            (b"a,\n,\n\n", &[(&["a", ""], None), (&["", ""], None), (&[""], None)]),
            (b"\"a,1\",\"b\"\"c\"\n", &[(&["a,1", "b\"c"], None)]),
            (b"\"a\",\n\"\",x\n", &[(&["a", ""], None), (&["", "x"], None)]),
            (b"\"a\nb\",c\nd,e\n", &[(&["a\nb", "c"], None), (&["d", "e"], None)]),
            (b"\"a\r\nb\",c\r\n", &[(&["a\r\nb", "c"], None)]),
            (b"a\"b,c\n", &[(&["a\"b", "c"], None)]),
            (b"\"a\"x,c\n", &[(&["a", "c"], Some("text_after_quote"))]),
            (b"\"a\" ,c\n", &[(&["a", "c"], None)]),
            (
                b"\"a,b\nc,d\ne,f\n",
                &[(&["\"a", "b"], Some("unclosed_quote")), (&["c", "d"], None), (&["e", "f"], None)],
            ),
            (b"\"a,b\nc,\"d\"\n", &[(&["\"a", "b"], Some("unclosed_quote")), (&["c", "d"], None)]),
            (b"a,\"", &[(&["a", "\""], Some("unclosed_quote"))]),
            (b"\"a\"", &[(&["a"], None)]),
            (b"\"a\"\"", &[(&["\"a\"\""], Some("unclosed_quote"))]),
            (b"caf\xe9,b\n", &[(&["caf\u{fffd}", "b"], Some("wrong_encoding"))]),
            (b"1,2,3,4,5,6,7\nx\n", &[(&["1", "2", "3", "4", "5", "6,7"], Some("too_many_cells")), (&["x"], None)]),
            (b"aaaaaaaaaaaaaaaaaaaaaaaaa,b\n", &[(&["aaaaaaaaaaaaaaaaaaaaaaaaa", "b"], Some("cell_too_long"))]),
            (
                b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nb\n",
                &[(&[], Some("row_too_long")), (&["b"], None)],
            ),
        ];
        for (text, expected) in cases {
            let got = rows(text, small);
            let got: Vec<(Vec<&str>, Option<&str>)> =
                got.iter().map(|(cells, trouble)| (cells.iter().map(String::as_str).collect(), *trouble)).collect();
            let expected: Vec<(Vec<&str>, Option<&str>)> =
                expected.iter().map(|(cells, t)| (cells.to_vec(), *t)).collect();
            assert_eq!(got, expected, "{}", String::from_utf8_lossy(text));
        }
    }

    proptest::proptest! {
        /// What the `csv` crate writes we read back cell for cell, wherever the window's edges fall.
        #[test]
        fn agrees_with_the_csv_crate(table in proptest::collection::vec(proptest::collection::vec("[a-z,\"\r\n é]{0,6}", 1..5), 1..20)) {
            let mut writer = csv::WriterBuilder::new().flexible(true).quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
            for row in &table {
                writer.write_record(row).unwrap();
            }
            let bytes = writer.into_inner().unwrap();
            let got = rows(&bytes, Limits::default());
            proptest::prop_assert!(got.iter().all(|(_, trouble)| trouble.is_none()));
            let got: Vec<Vec<String>> = got.into_iter().map(|(cells, _)| cells).collect();
            proptest::prop_assert_eq!(got, table);
        }
    }
}
