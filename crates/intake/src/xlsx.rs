//! XLSX as rows, guarded: every size is checked while it arrives, none is believed.
//!
//! The parts that a table needs are read and nothing else: the list of sheets, shared texts, which styles are dates, and
//! one sheet as a stream. See ADR 0002 for why calamine is the twin in the tests and not the reader.

use std::io::{self, Read, Seek};
use std::sync::Arc;

use traguardo_domain::finding::Finding;

use crate::limits::Limits;

mod archive;
mod book;
mod sheet;
mod xml;

pub(crate) use book::Book;
pub(crate) use sheet::Sheet;

/// Reads a workbook's parts other than its sheets.
pub(crate) fn open<R: Read + Seek>(input: &mut R, limits: &Limits) -> Result<Arc<Book>, Box<Finding>> {
    Book::read(input, limits).map(Arc::new)
}

/// A refusal that travels inside an [`io::Error`] through readers that know only those.
#[derive(Debug)]
struct Refusal(Box<Finding>);

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Refusal {}

fn refusal(finding: Finding) -> io::Error {
    io::Error::other(Refusal(Box::new(finding)))
}

/// The finding inside `error`, or one that says that the workbook is damaged.
pub(crate) fn finding_of(error: &io::Error) -> Box<Finding> {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<Refusal>());
    inner.map_or_else(|| damaged(&error.to_string()), |refusal| refusal.0.clone())
}

fn damaged(detail: &str) -> Box<Finding> {
    Box::new(
        Finding::error("damaged_workbook", "file", format!("the workbook cannot be read: {detail}"))
            .help("open it in the spreadsheet, save it again as .xlsx and send that"),
    )
}

fn bomb(code: &str, message: String) -> Finding {
    Finding::error(code, "file", message).help("save the table as CSV and send that")
}
