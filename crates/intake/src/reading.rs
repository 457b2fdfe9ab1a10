//! How a file was understood, to be shown before it is applied, and what a person wants otherwise.

use serde::{Deserialize, Serialize};
use traguardo_domain::finding::Finding;

pub use crate::value::{DateOrder, Mark};

/// A file format that we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Delimited text with a header row.
    Csv,
    /// An Excel workbook.
    Xlsx,
    /// One JSON object for each line.
    Ndjson,
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Csv => "delimited text",
            Self::Xlsx => "an XLSX workbook",
            Self::Ndjson => "NDJSON",
        })
    }
}

/// A text encoding that we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Encoding {
    /// With or without a byte order mark.
    #[serde(rename = "utf-8")]
    Utf8,
    /// Western Windows, and with it Latin-1.
    #[serde(rename = "windows-1252", alias = "latin-1", alias = "iso-8859-1")]
    Windows1252,
    /// With its byte order mark.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// With its byte order mark.
    #[serde(rename = "utf-16be")]
    Utf16Be,
}

/// How a file is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Its format.
    pub format: Format,
    /// Encoding of its text.
    pub encoding: Encoding,
    /// What separates the cells of delimited text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// What stands before the decimals of numbers written as text.
    pub decimal: Mark,
    /// Order of dates written with digits.
    pub date_order: DateOrder,
    /// The sheet read, in a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// All visible sheets of the workbook.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sheets: Vec<String>,
    /// Row of the header, counted from 1; 0 for NDJSON, which has none.
    pub header_row: u64,
    /// The columns' names, in their order.
    pub columns: Vec<String>,
    /// The first rows below the header.
    pub sample: Vec<Vec<String>>,
    /// What a person should look at before applying it: what was ambiguous and how it was decided.
    pub notes: Vec<Finding>,
}

/// What a person wants instead of what was sniffed; each absent part is sniffed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wish {
    /// See [`Reading::encoding`].
    pub encoding: Option<Encoding>,
    /// See [`Reading::delimiter`].
    pub delimiter: Option<char>,
    /// See [`Reading::decimal`].
    pub decimal: Option<Mark>,
    /// See [`Reading::date_order`].
    pub date_order: Option<DateOrder>,
    /// See [`Reading::sheet`].
    pub sheet: Option<String>,
    /// See [`Reading::header_row`].
    pub header_row: Option<u64>,
}
