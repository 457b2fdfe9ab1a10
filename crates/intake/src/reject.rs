//! The file of rejected rows: what they held, and why they were not taken. Mended, it can be imported again as it is.

use std::io::{self, Write};

use crate::export::{self, guarded};
use crate::reading::Reading;
use crate::report::RowFinding;

/// Writes rejected rows as CSV with the source's delimiter.
pub struct Rejects<W: Write> {
    writer: csv::Writer<W>,
    columns: usize,
    line: Vec<String>,
}

impl<W: Write> Rejects<W> {
    /// Begins the file: a byte order mark, so that spreadsheets see UTF-8, and the header with `row` and `reason` added.
    pub fn new(mut output: W, reading: &Reading) -> io::Result<Self> {
        output.write_all(export::BYTE_ORDER_MARK)?;
        let delimiter = reading.delimiter.and_then(|c| u8::try_from(c).ok()).unwrap_or(b',');
        let mut writer = export::csv_writer(output, delimiter);
        let header = reading.columns.iter().map(String::as_str).chain(["reject row", "reject reason"]);
        writer.write_record(header.map(guarded).map(std::borrow::Cow::into_owned)).map_err(io::Error::other)?;
        Ok(Self { writer, columns: reading.columns.len(), line: Vec::new() })
    }

    /// Adds a row with its cells as the file holds them and the errors among `findings`.
    pub fn write<'c>(
        &mut self,
        row: u64,
        cells: impl Iterator<Item = &'c str>,
        findings: &[RowFinding],
    ) -> io::Result<()> {
        self.line.clear();
        self.line.extend(cells.take(self.columns).map(cell));
        self.line.resize(self.columns, String::new());
        self.line.push(row.to_string());
        let errors = findings.iter().filter(|finding| finding.finding.is_error());
        let reasons: Vec<String> = errors
            .map(|finding| match &finding.source {
                Some(source) => format!("{source}: {}", finding.finding.message),
                None => finding.finding.message.clone(),
            })
            .collect();
        self.line.push(guarded(&reasons.join("; ")).into_owned());
        self.writer.write_record(&self.line).map_err(io::Error::other)
    }

    /// Writes what is left and gives the output back.
    pub fn finish(self) -> io::Result<W> {
        self.writer.into_inner().map_err(|e| io::Error::other(e.to_string()))
    }
}

/// Numbers stay as they are, also negative ones; any other text is guarded.
fn cell(text: &str) -> String {
    if export::is_number(text) { text.to_owned() } else { guarded(text).into_owned() }
}
