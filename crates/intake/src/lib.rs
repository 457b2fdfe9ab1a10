//! What comes in and goes out as a file.
//!
//! A file is **surveyed** (hash, size, encoding; binary junk refused), **sniffed** (format, delimiter, number and date
//! style, header: a [`reading::Reading`] that can be shown and overridden), **mapped** (which column is what: a
//! [`mapping::Mapping`], proposed from the header) and then **read** as a stream of rows, each of which is a typed
//! [`record::Record`] or a set of [`report::RowFinding`]s. Nothing is thrown at a bad row; only a file that cannot be
//! read at all is refused, with findings that say where and what to do.
//!
//! ```
//! use std::io::Cursor;
//! use traguardo_intake::{file::File, kind::Kind, limits::Limits, reading::Wish, record::Record};
//!
//! let csv = "Data;Prodotto;Importo;Agente\n31/01/2026;Aurora;1.234,50;R-001\n";
//! let file = File::open(Cursor::new(csv), Some("vendite.csv"), &Wish::default(), Limits::default())?;
//! let mapping = file.propose(Kind::Sales).mapping;
//! let mut rows = file.rows(Kind::Sales, &mapping)?;
//! let row = rows.next_row().map_err(|f| vec![*f])?.expect("one row");
//! let Some(Record::Sale(sale)) = row.record else { panic!("{:?}", row.findings) };
//! assert_eq!(sale.amount.to_string(), "1234.50");
//! # Ok::<(), Vec<traguardo_domain::finding::Finding>>(())
//! ```
//!
//! The crate does no IO beyond the `Read + Seek` or `Write` that it is given, reads no clock and knows no database.
//! Amounts never pass through floating point: XLSX numbers are read from the text of the cell.

pub mod export;
pub mod file;
pub mod kind;
pub mod limits;
pub mod mapping;
pub mod names;
pub mod reading;
pub mod record;
pub mod references;
pub mod reject;
pub mod report;
pub mod survey;
pub mod totals;
pub mod twins;
pub mod value;

mod check;
mod delimited;
mod lines;
mod ndjson;
mod proposal;
mod raw;
mod rows;
mod sniff;
mod transcode;
mod xlsx;

pub use rows::{Row, Rows};
