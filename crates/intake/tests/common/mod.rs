//! Files built for the tests.
// tidy: allow(dead-code) each test binary uses a part of this module
#![allow(dead_code, reason = "each test binary uses a part")]

use std::io::{Cursor, Write};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use traguardo_domain::finding::Finding;
use traguardo_intake::file::File;
use traguardo_intake::kind::Kind;
use traguardo_intake::limits::Limits;
use traguardo_intake::mapping::Mapping;
use traguardo_intake::reading::Wish;
use traguardo_intake::record::Record;
use traguardo_intake::report::{Balance, Books, Verdict};

/// What came of a file.
#[derive(Debug)]
pub struct Outcome {
    pub records: Vec<Record>,
    /// `row code` or `row column code` of each finding kept.
    pub findings: Vec<String>,
    pub verdicts: Vec<(u64, Verdict)>,
    pub balance: Balance,
    pub books: Books,
}

/// Reads a whole file; the mapping is the proposed one where none is given.
pub fn import(
    bytes: impl Into<Vec<u8>>,
    name: &str,
    kind: Kind,
    mapping: Option<&str>,
) -> Result<Outcome, Vec<Finding>> {
    import_with(bytes, name, kind, mapping, &Wish::default(), Limits::default())
}

pub fn import_with(
    bytes: impl Into<Vec<u8>>,
    name: &str,
    kind: Kind,
    mapping: Option<&str>,
    wish: &Wish,
    limits: Limits,
) -> Result<Outcome, Vec<Finding>> {
    let file = File::open(Cursor::new(bytes.into()), Some(name), wish, limits)?;
    let mapping = match mapping {
        Some(json) => Mapping::parse(json)?,
        None => file.propose(kind).mapping,
    };
    let mut rows = file.rows(kind, &mapping)?;
    let mut books = Books::new(&limits);
    let (mut records, mut verdicts) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next_row().map_err(|finding| vec![*finding])? {
        books.enter(&row);
        verdicts.push((row.number, row.verdict));
        if row.verdict == Verdict::Accepted {
            records.extend(row.record);
        }
    }
    let findings = books.log.kept().iter().map(|f| match &f.column {
        Some(column) => format!("{} {column} {}", f.row, f.finding.code),
        None => format!("{} {}", f.row, f.finding.code),
    });
    Ok(Outcome {
        findings: findings.collect(),
        records,
        verdicts,
        balance: books.tally.close(rows.read()).expect("each row has one verdict"),
        books,
    })
}

/// The codes of a refusal.
pub fn refusal<T: std::fmt::Debug>(result: Result<T, Vec<Finding>>) -> Vec<String> {
    let findings = result.expect_err("must be refused");
    for finding in &findings {
        assert!(!finding.message.is_empty(), "{finding:?}");
        assert!(finding.message.starts_with(|c: char| !c.is_uppercase()), "{finding}");
    }
    findings.into_iter().map(|finding| finding.code).collect()
}

/// A ZIP archive whose directory can be made to lie.
#[derive(Default)]
pub struct Zip {
    out: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
}

/// What the directory says of an entry instead of the truth.
#[derive(Default, Clone, Copy)]
pub struct Lie {
    pub size: Option<u32>,
    pub crc: Option<u32>,
    pub flags: u16,
    pub method: Option<u16>,
}

impl Zip {
    pub fn file(self, name: &str, content: &[u8]) -> Self {
        self.lying(name, content, Lie::default())
    }

    pub fn lying(self, name: &str, content: &[u8], lie: Lie) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(content).unwrap();
        let mut crc = Crc::new();
        crc.update(content);
        self.raw(name, &encoder.finish().unwrap(), content.len() as u64, crc.sum(), lie)
    }

    /// An entry whose content is `piece` repeated, without ever holding all of it.
    pub fn repeated(self, name: &str, head: &[u8], piece: &[u8], times: usize) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        let mut crc = Crc::new();
        encoder.write_all(head).unwrap();
        crc.update(head);
        for _ in 0..times {
            encoder.write_all(piece).unwrap();
            crc.update(piece);
        }
        let size = head.len() as u64 + piece.len() as u64 * times as u64;
        self.raw(name, &encoder.finish().unwrap(), size, crc.sum(), Lie::default())
    }

    fn raw(mut self, name: &str, packed: &[u8], size: u64, crc: u32, lie: Lie) -> Self {
        let at = self.out.len() as u32;
        let size = lie.size.unwrap_or(u32::try_from(size).unwrap_or(u32::MAX - 1));
        let method = lie.method.unwrap_or(8);
        let mut common = Vec::new();
        common.extend(20u16.to_le_bytes());
        common.extend(lie.flags.to_le_bytes());
        common.extend(method.to_le_bytes());
        common.extend([0; 4]);
        common.extend(lie.crc.unwrap_or(crc).to_le_bytes());
        common.extend((packed.len() as u32).to_le_bytes());
        common.extend(size.to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend(0u16.to_le_bytes());
        self.out.extend(b"PK\x03\x04");
        self.out.extend(&common);
        self.out.extend(name.as_bytes());
        self.out.extend(packed);
        self.directory.extend(b"PK\x01\x02");
        self.directory.extend(20u16.to_le_bytes());
        self.directory.extend(&common);
        self.directory.extend([0; 10]);
        self.directory.extend(at.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.count += 1;
        self
    }

    pub fn finish(mut self) -> Vec<u8> {
        let at = self.out.len() as u32;
        self.out.extend(&self.directory);
        self.out.extend(b"PK\x05\x06\0\0\0\0");
        self.out.extend(self.count.to_le_bytes());
        self.out.extend(self.count.to_le_bytes());
        self.out.extend((self.directory.len() as u32).to_le_bytes());
        self.out.extend(at.to_le_bytes());
        self.out.extend(0u16.to_le_bytes());
        self.out
    }
}

pub const ROOT_RELS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
pub const BOOK_RELS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
pub const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Foglio1" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
/// Style 1 shows a day.
pub const STYLES: &str = r#"<styleSheet><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>"#;
pub const TEXTS: &str = r#"<sst><si><t>date</t></si><si><t>product</t></si><si><t>amount</t></si><si><t>participant</t></si><si><r><t>Au</t></r><r><t>rora</t></r><rPh><t>x</t></rPh></si><si><t>R &amp; B &#233;</t></si></sst>"#;
/// A sheet's header row over the shared texts.
pub const HEADER: &str = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c></row>"#;

/// The parts of a workbook other than its sheet.
pub fn book() -> Zip {
    book_with(TEXTS)
}

pub fn book_with(texts: &str) -> Zip {
    book_without_texts().file("xl/sharedStrings.xml", texts.as_bytes())
}

pub fn book_without_texts() -> Zip {
    Zip::default()
        .file("[Content_Types].xml", b"<Types/>")
        .file("_rels/.rels", ROOT_RELS.as_bytes())
        .file("xl/_rels/workbook.xml.rels", BOOK_RELS.as_bytes())
        .file("xl/workbook.xml", BOOK.as_bytes())
        .file("xl/styles.xml", STYLES.as_bytes())
}

pub const SHEET: &str = "xl/worksheets/sheet1.xml";

/// A sheet out of its rows.
pub fn sheet(rows: &str) -> String {
    format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")
}

/// A workbook out of its sheet's rows below the usual header.
pub fn workbook(rows: &str) -> Vec<u8> {
    book().file(SHEET, sheet(&format!("{HEADER}{rows}")).as_bytes()).finish()
}
