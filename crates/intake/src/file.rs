//! A file that has been looked at and can be read.

use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use traguardo_domain::finding::{Finding, has_errors};

use crate::delimited::Delimited;
use crate::kind::Kind;
use crate::limits::Limits;
use crate::mapping::Mapping;
use crate::ndjson::{Columns, Ndjson};
pub use crate::proposal::{Proposal, SURE};
use crate::raw::RawRow;
use crate::reading::{Encoding, Format, Mark, Reading, Wish};
use crate::rows::{Rows, Source};
use crate::sniff::{self, SAMPLE_ROWS, Votes};
use crate::survey::{Survey, survey, unreadable};
use crate::transcode::Transcoder;
use crate::xlsx::{self, Book, Sheet};

/// How much text is looked at before the import itself.
const SAMPLE_BYTES: u64 = 1 << 20;
/// Rows shown beside the reading.
const SHOWN_ROWS: usize = 5;

/// A file with its survey and the way that it will be read.
pub struct File<R> {
    input: R,
    limits: Limits,
    survey: Survey,
    reading: Reading,
    /// Rows below the header.
    sample: Vec<RawRow>,
    book: Option<Arc<Book>>,
}

/// What the sample of one format gives.
struct Sampled {
    rows: Vec<RawRow>,
    header: Header,
    delimiter: Option<u8>,
    book: Option<Arc<Book>>,
    sheet: Option<String>,
    notes: Vec<Finding>,
}

enum Header {
    /// In the sample, to be found at or after this row of it.
    From(usize),
    /// The keys of the objects.
    Keys(Vec<String>),
}

impl<R: Read + Seek> File<R> {
    /// Surveys and sniffs `input`. `name` is the file's name, whose extension must agree with the content; `wish` is what
    /// a person wants instead of what would be sniffed. Refused with all findings where the file cannot be read at all.
    pub fn open(mut input: R, name: Option<&str>, wish: &Wish, limits: Limits) -> Result<Self, Vec<Finding>> {
        let survey = survey(&mut input, name, &limits)?;
        let encoding = match survey.encoding {
            // A mark leaves no choice.
            found @ (Encoding::Utf16Le | Encoding::Utf16Be) => found,
            found => wish.encoding.unwrap_or(found),
        };
        let sampled = match survey.format {
            Format::Csv => sample_csv(&mut input, &survey, encoding, wish, &limits),
            Format::Ndjson => sample_ndjson(&mut input, &survey, encoding, &limits),
            Format::Xlsx => sample_xlsx(&mut input, wish, &limits),
        };
        let mut sampled = sampled.map_err(|finding| vec![*finding])?;
        let (header_row, columns, below) = header(&sampled, wish).map_err(|finding| vec![*finding])?;
        let sample = sampled.rows.split_off(below.min(sampled.rows.len()));
        let votes = Votes::of(&sample);
        let mut notes = sampled.notes;
        let sniffed_delimiter = sampled.delimiter;
        let decimal = wish.decimal.unwrap_or_else(|| {
            let (mark, note) =
                if survey.format == Format::Ndjson { (Mark::Point, None) } else { votes.decimal(sniffed_delimiter) };
            notes.extend(note);
            mark
        });
        let date_order = wish.date_order.unwrap_or_else(|| {
            let (order, note) = votes.date_order();
            notes.extend(note);
            order
        });
        for (at, name) in columns.iter().enumerate() {
            if columns.iter().take(at).any(|other| other == name) {
                let message = format!("two columns are named `{name}`");
                notes.push(
                    Finding::warning("column_twice", format!("row {header_row}"), message)
                        .help("rename one before mapping it"),
                );
            }
        }
        if !survey.ends_with_line_break && survey.format != Format::Xlsx {
            let message = "the last line has no line break: the file may have been cut";
            notes.push(
                Finding::warning("no_last_line_break", "file", message)
                    .help("compare the control totals with the sender's"),
            );
        }
        let reading = Reading {
            format: survey.format,
            encoding,
            delimiter: sampled.delimiter.map(char::from),
            decimal,
            date_order,
            sheet: sampled.sheet,
            sheets: sampled.book.iter().flat_map(|book| visible(book)).map(str::to_owned).collect(),
            header_row,
            columns,
            sample: sample
                .iter()
                .take(SHOWN_ROWS)
                .map(|row| row.cells().map(|c| crate::check::shown(c.text)).collect())
                .collect(),
            notes,
        };
        Ok(Self { input, limits, survey, reading, sample, book: sampled.book })
    }

    /// What the bytes say: hash, size, encoding.
    pub const fn survey(&self) -> &Survey {
        &self.survey
    }

    /// How it will be read.
    pub const fn reading(&self) -> &Reading {
        &self.reading
    }

    /// A mapping proposed from the header and the first rows.
    pub fn propose(&self, kind: Kind) -> Proposal {
        crate::proposal::propose(kind, &self.reading, &self.sample)
    }

    /// What is wrong with `mapping` for this file and kind; empty when it can be applied.
    pub fn check(&self, kind: Kind, mapping: &Mapping) -> Vec<Finding> {
        // An object need not have every key, so that the sample does not tell which there are.
        let header = (self.reading.format != Format::Ndjson).then_some(self.reading.columns.as_slice());
        mapping.check(kind, header)
    }

    /// Begins reading rows as records of `kind`.
    pub fn rows(self, kind: Kind, mapping: &Mapping) -> Result<Rows<R>, Vec<Finding>> {
        let findings = self.check(kind, mapping);
        if has_errors(&findings) {
            return Err(findings);
        }
        let mut columns = self.reading.columns.clone();
        if self.reading.format == Format::Ndjson {
            let named = mapping.columns.values().flat_map(|source| source.reads());
            for name in named.map(|(_, name)| name) {
                if !columns.iter().any(|column| column == name) {
                    columns.push(name.to_owned());
                }
            }
        }
        let Self { mut input, limits, survey, reading, book, .. } = self;
        let refuse = |finding: Box<Finding>| vec![*finding];
        let source = match reading.format {
            Format::Csv => {
                let text = text(input, &survey, reading.encoding).map_err(refuse)?;
                let delimiter = reading.delimiter.and_then(|c| u8::try_from(c).ok()).unwrap_or(b',');
                Source::Delimited(Delimited::new(text, delimiter, survey.carriage_returns, limits))
            }
            Format::Ndjson => {
                let text = text(input, &survey, reading.encoding).map_err(refuse)?;
                Source::Ndjson(Ndjson::new(text, Columns::known(columns.iter().cloned()), limits))
            }
            Format::Xlsx => {
                let book = match book {
                    Some(book) => book,
                    None => xlsx::open(&mut input, &limits).map_err(refuse)?,
                };
                let sheet = book.sheets.iter().find(|sheet| Some(&sheet.name) == reading.sheet.as_ref()).cloned();
                let sheet = sheet.ok_or_else(|| vec![no_sheet(&book, reading.sheet.as_deref())])?;
                Source::Sheet(Box::new(Sheet::open(input, book, &sheet, &limits).map_err(refuse)?))
            }
        };
        Rows::new(source, kind, mapping, columns, &reading, limits).map_err(refuse)
    }
}

/// The file's text as UTF-8 from its beginning.
fn text<R: Read + Seek>(mut input: R, survey: &Survey, encoding: Encoding) -> Result<Transcoder<R>, Box<Finding>> {
    input.seek(SeekFrom::Start(survey.mark_bytes)).map_err(|e| Box::new(unreadable(&e)))?;
    Ok(Transcoder::new(input, encoding))
}

/// The first megabyte of text, up to its last whole line.
fn head<R: Read + Seek>(input: &mut R, survey: &Survey, encoding: Encoding) -> Result<Vec<u8>, Box<Finding>> {
    let mut sample = Vec::new();
    let mut source = text(input, survey, encoding)?.take(SAMPLE_BYTES);
    source.read_to_end(&mut sample).map_err(|e| Box::new(unreadable(&e)))?;
    if sample.len() as u64 == SAMPLE_BYTES {
        let terminator = if survey.carriage_returns { b'\r' } else { b'\n' };
        if let Some(last) = memchr::memrchr(terminator, &sample) {
            sample.truncate(last + 1);
        }
    }
    Ok(sample)
}

fn sample_csv<R: Read + Seek>(
    input: &mut R,
    survey: &Survey,
    encoding: Encoding,
    wish: &Wish,
    limits: &Limits,
) -> Result<Sampled, Box<Finding>> {
    let sample = head(input, survey, encoding)?;
    let (delimiter, note) = match wish.delimiter {
        Some(c) if c.is_ascii() && !c.is_ascii_alphanumeric() && !matches!(c, '"' | '\r' | '\n' | '\0') => {
            (u8::try_from(c).unwrap_or(b','), None)
        }
        Some(c) => {
            let finding = Finding::error("bad_delimiter", "reading.delimiter", format!("`{c}` cannot separate cells"));
            return Err(Box::new(finding.help("use one of `,` `;` `|` or a tab")));
        }
        None => sniff::delimiter(&sample, survey.carriage_returns, limits),
    };
    Ok(Sampled {
        rows: sniff::read(&sample, delimiter, survey.carriage_returns, limits, SAMPLE_ROWS),
        header: Header::From(usize::from(sniff::said_by_excel(&sample).is_some())),
        delimiter: Some(delimiter),
        book: None,
        sheet: None,
        notes: note.into_iter().collect(),
    })
}

fn sample_ndjson<R: Read + Seek>(
    input: &mut R,
    survey: &Survey,
    encoding: Encoding,
    limits: &Limits,
) -> Result<Sampled, Box<Finding>> {
    let sample = head(input, survey, encoding)?;
    let mut reader = Ndjson::new(sample.as_slice(), Columns::learning(), *limits);
    let mut rows = Vec::new();
    let mut row = RawRow::default();
    while rows.len() < SAMPLE_ROWS && reader.next(&mut row).map_err(|e| Box::new(unreadable(&e)))? {
        rows.push(std::mem::take(&mut row));
    }
    Ok(Sampled {
        rows,
        header: Header::Keys(reader.columns().names().to_vec()),
        delimiter: None,
        book: None,
        sheet: None,
        notes: Vec::new(),
    })
}

fn sample_xlsx<R: Read + Seek>(input: &mut R, wish: &Wish, limits: &Limits) -> Result<Sampled, Box<Finding>> {
    let book = xlsx::open(input, limits)?;
    let wanted = wish.sheet.as_deref();
    let candidates = book.sheets.iter().filter(|sheet| wanted.map_or(!sheet.hidden, |name| sheet.name == name));
    let mut first = None;
    for sheet in candidates {
        let mut reader = Sheet::open(&mut *input, Arc::clone(&book), sheet, limits)?;
        let mut rows = Vec::new();
        let mut row = RawRow::default();
        while rows.len() < SAMPLE_ROWS && reader.next(&mut row)? {
            rows.push(std::mem::take(&mut row));
        }
        let empty = rows.iter().all(RawRow::is_blank);
        if first.is_none() || !empty {
            first = Some((sheet.name.clone(), rows));
        }
        // Empty sheets before the table are common.
        if !empty {
            break;
        }
    }
    let Some((name, rows)) = first else {
        return Err(Box::new(no_sheet(&book, wanted)));
    };
    let mut notes = Vec::new();
    let others: Vec<&str> = visible(&book).filter(|other| *other != name).collect();
    if wanted.is_none() && !others.is_empty() {
        let message = format!("the sheet `{name}` is read, not `{}`", others.join("`, `"));
        notes.push(
            Finding::warning("several_sheets", "reading.sheet", message).help("choose the sheet if it is another one"),
        );
    }
    Ok(Sampled { rows, header: Header::From(0), delimiter: None, book: Some(book), sheet: Some(name), notes })
}

fn visible(book: &Book) -> impl Iterator<Item = &str> {
    book.sheets.iter().filter(|sheet| !sheet.hidden).map(|sheet| sheet.name.as_str())
}

fn no_sheet(book: &Book, wanted: Option<&str>) -> Finding {
    let message = match wanted {
        Some(name) => format!("the workbook has no sheet `{name}`"),
        None => "the workbook has no visible sheet".to_owned(),
    };
    let names: Vec<&str> = visible(book).collect();
    Finding::error("no_such_sheet", "reading.sheet", message).help(format!("it has `{}`", names.join("`, `")))
}

/// The header's row, the columns' names, and where the rows below it begin in the sample.
fn header(sampled: &Sampled, wish: &Wish) -> Result<(u64, Vec<String>, usize), Box<Finding>> {
    let from = match &sampled.header {
        Header::Keys(names) if names.is_empty() => {
            let finding = Finding::error("no_header", "file", "no line holds a JSON object with keys");
            return Err(Box::new(finding.help("write one flat JSON object for each line")));
        }
        Header::Keys(names) => return Ok((0, names.clone(), 0)),
        Header::From(from) => *from,
    };
    let at = match wish.header_row {
        Some(wanted) => {
            sampled.rows.iter().position(|row| row.number == wanted && !row.is_blank()).ok_or_else(|| {
                let finding = Finding::error(
                    "no_header",
                    "reading.header_row",
                    format!("row `{wanted}` is empty or not among the first rows"),
                );
                Box::new(finding.help("say the number of the row that holds the columns' names"))
            })?
        }
        None => from + sniff::header(sampled.rows.get(from..).unwrap_or_default())?,
    };
    let Some(row) = sampled.rows.get(at) else {
        return Err(Box::new(Finding::error("no_header", "file", "the file has no header row").help("add one")));
    };
    let mut names: Vec<String> =
        row.cells().map(|cell| cell.text.trim().trim_start_matches('\u{feff}').to_owned()).collect();
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    for (at, name) in names.iter_mut().enumerate() {
        if name.is_empty() {
            *name = format!("column {}", at + 1);
        }
    }
    Ok((row.number, names, at + 1))
}
