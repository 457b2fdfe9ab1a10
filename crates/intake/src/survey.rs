//! The first look at a file, over all its bytes: hash, size, encoding, and whether it is what it says it is.

use std::io::{Read, Seek, SeekFrom};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use traguardo_domain::finding::Finding;

use crate::limits::Limits;
use crate::reading::{Encoding, Format};

/// What the bytes of a file say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// SHA-256 of the file, lower-case hexadecimal.
    pub sha256: String,
    /// Size.
    pub bytes: u64,
    /// XLSX, or text that is CSV or NDJSON by its first character.
    pub format: Format,
    /// Encoding of text; UTF-8 for XLSX.
    pub encoding: Encoding,
    /// Bytes of a byte order mark, to be skipped.
    pub mark_bytes: u64,
    /// Lines end with a bare carriage return (old Macintosh).
    pub carriage_returns: bool,
    /// The last line has its line break; without one the file may have been cut.
    pub ends_with_line_break: bool,
}

/// What the content of a file begins with, when it is not one that we read.
const FOREIGN: &[(&[u8], &str, &str)] = &[
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls) or one with a password", "save it as .xlsx without a password"),
    (b"%PDF", "a PDF", "export the table as CSV or XLSX"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"\x89PNG", "a picture", "send the table itself as CSV or XLSX"),
    (b"\xff\xd8\xff", "a picture", "send the table itself as CSV or XLSX"),
    (b"\x7fELF", "a program", "send a CSV, XLSX or NDJSON file"),
    (b"MZ", "a program", "send a CSV, XLSX or NDJSON file"),
    (b"SQLite format 3", "a database", "export the table as CSV or XLSX"),
];

/// Reads all of `input` once, from its beginning.
pub fn survey<R: Read + Seek>(input: &mut R, name: Option<&str>, limits: &Limits) -> Result<Survey, Vec<Finding>> {
    input.seek(SeekFrom::Start(0)).map_err(|e| vec![unreadable(&e)])?;
    let mut look = Look::default();
    let mut chunk = vec![0u8; 128 * 1024];
    loop {
        let got = match input.read(&mut chunk) {
            Ok(0) => break,
            Ok(got) => got,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(vec![unreadable(&e)]),
        };
        look.take(chunk.get(..got).unwrap_or_default());
        if look.bytes > limits.file_bytes {
            return Err(vec![
                Finding::error(
                    "file_too_large",
                    "file",
                    format!("the file is larger than the limit of `{}` bytes", limits.file_bytes),
                )
                .help("split it, or raise the limit in the configuration"),
            ]);
        }
    }
    look.judge(name)
}

/// The finding for a file whose bytes cannot be had.
pub(crate) fn unreadable(error: &std::io::Error) -> Finding {
    Finding::error("unreadable", "file", format!("the file cannot be read: {error}")).help("send it again")
}

/// What has been seen so far.
#[derive(Default)]
struct Look {
    hash: Sha256,
    bytes: u64,
    head: Vec<u8>,
    nul_at: Option<u64>,
    control: u64,
    line_feeds: bool,
    carriage_returns: bool,
    last: u8,
    not_utf8: bool,
    /// The bytes of a character that the chunk's end cut.
    carry: Vec<u8>,
}

impl Look {
    fn take(&mut self, chunk: &[u8]) {
        self.hash.update(chunk);
        if self.head.len() < 4096 {
            let room = 4096 - self.head.len();
            self.head.extend(chunk.iter().take(room));
        }
        if self.nul_at.is_none() {
            self.nul_at = memchr::memchr(0, chunk).map(|at| self.bytes + at as u64);
        }
        self.line_feeds |= memchr::memchr(b'\n', chunk).is_some();
        self.carriage_returns |= memchr::memchr(b'\r', chunk).is_some();
        let control = chunk.iter().filter(|b| **b < 0x20 && !matches!(**b, b'\t' | b'\n' | b'\r' | 0x0c)).count();
        self.control += control as u64;
        self.last = chunk.last().copied().unwrap_or(self.last);
        self.bytes += chunk.len() as u64;
        self.utf8(chunk);
    }

    fn utf8(&mut self, mut chunk: &[u8]) {
        if self.not_utf8 {
            return;
        }
        // A character cut by the last chunk's end: complete it byte by byte.
        while !self.carry.is_empty() {
            let Some((first, rest)) = chunk.split_first() else { return };
            self.carry.push(*first);
            chunk = rest;
            match std::str::from_utf8(&self.carry) {
                Ok(_) => self.carry.clear(),
                Err(e) if e.error_len().is_none() => {}
                Err(_) => {
                    self.not_utf8 = true;
                    return;
                }
            }
        }
        if let Err(e) = std::str::from_utf8(chunk) {
            if e.error_len().is_some() {
                self.not_utf8 = true;
            } else {
                self.carry = chunk.get(e.valid_up_to()..).unwrap_or_default().to_vec();
            }
        }
    }

    fn judge(self, name: Option<&str>) -> Result<Survey, Vec<Finding>> {
        let refuse =
            |code: &str, message: String, help: &str| Err(vec![Finding::error(code, "file", message).help(help)]);
        if self.bytes == 0 {
            return refuse("empty_file", "the file is empty".to_owned(), "send a file with a header row and rows");
        }
        for (magic, what, help) in FOREIGN {
            if self.head.starts_with(magic) {
                return refuse("wrong_file_type", format!("the file is {what}, not CSV, XLSX or NDJSON"), help);
            }
        }
        let zip = self.head.starts_with(b"PK\x03\x04");
        let (mark_bytes, encoding) = match self.head.as_slice() {
            _ if zip => (0, Encoding::Utf8),
            [0xef, 0xbb, 0xbf, ..] => (3, Encoding::Utf8),
            [0xff, 0xfe, ..] => (2, Encoding::Utf16Le),
            [0xfe, 0xff, ..] => (2, Encoding::Utf16Be),
            _ if self.not_utf8 || !self.carry.is_empty() => (0, Encoding::Windows1252),
            _ => (0, Encoding::Utf8),
        };
        let wide = matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be);
        if !zip && !wide {
            if let Some(at) = self.nul_at {
                return refuse(
                    "nul_byte",
                    format!("byte `{at}` of the file is NUL: this is no text, or UTF-16 without its mark"),
                    "save it as `CSV UTF-8` or send the XLSX",
                );
            }
            if self.control > 16 && self.control > self.bytes / 200 {
                return refuse(
                    "binary_file",
                    format!("the file holds `{}` control characters: this is no text", self.control),
                    "send a CSV, XLSX or NDJSON file",
                );
            }
        }
        let first = self.head.iter().skip(usize::try_from(mark_bytes).unwrap_or(0));
        let first = first.copied().find(|b| !b.is_ascii_whitespace() && *b != 0);
        let format = match first {
            _ if zip => Format::Xlsx,
            Some(b'{') => Format::Ndjson,
            Some(b'[') => {
                return refuse(
                    "wrong_file_type",
                    "the file is one JSON array".to_owned(),
                    "send NDJSON: one object for each line",
                );
            }
            Some(b'<') => {
                return refuse(
                    "wrong_file_type",
                    "the file is HTML or XML, whatever its name says".to_owned(),
                    "open it in the spreadsheet and save it as .xlsx or CSV",
                );
            }
            None => {
                return refuse(
                    "empty_file",
                    "the file holds only blanks".to_owned(),
                    "send a file with a header row and rows",
                );
            }
            Some(_) => Format::Csv,
        };
        by_name(name, format)?;
        Ok(Survey {
            sha256: hex(&self.hash.finalize()),
            bytes: self.bytes,
            format,
            encoding,
            mark_bytes,
            carriage_returns: self.carriage_returns && !self.line_feeds,
            ends_with_line_break: matches!(self.last, b'\n' | b'\r') || wide,
        })
    }
}

/// Whether the extension agrees with the content.
fn by_name(name: Option<&str>, format: Format) -> Result<(), Vec<Finding>> {
    let Some((_, extension)) = name.and_then(|name| name.rsplit_once('.')) else {
        return Ok(());
    };
    let extension = extension.to_ascii_lowercase();
    let fits = match extension.as_str() {
        "csv" | "txt" | "tsv" | "tab" => format == Format::Csv,
        "xlsx" | "xlsm" => format == Format::Xlsx,
        "ndjson" | "jsonl" | "json" => format == Format::Ndjson,
        _ => {
            let message = format!("files named `.{extension}` are not imported");
            let finding = Finding::error("wrong_file_type", "file", message).help("send a .csv, .xlsx or .ndjson file");
            return Err(vec![finding]);
        }
    };
    if fits {
        return Ok(());
    }
    let message = format!("the name ends with `.{extension}` but the content is {format}");
    Err(vec![
        Finding::error("wrong_file_type", "file", message)
            .help("give it its right name, or save it again in the format of its name"),
    ])
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
