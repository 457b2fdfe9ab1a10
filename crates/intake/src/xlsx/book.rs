//! The parts of a workbook beside its sheets: which sheets there are, the shared texts, which styles show a day.

use std::io::{Read, Seek};

use quick_xml::events::Event;
use traguardo_domain::finding::Finding;

use super::archive::{Archive, Entry};
use super::xml::{Xml, attributes, reference};
use super::{bomb, damaged, finding_of};
use crate::limits::Limits;

/// What sheets are read with.
#[derive(Debug)]
pub(crate) struct Book {
    pub(crate) sheets: Vec<SheetEntry>,
    pub(super) strings: Strings,
    /// For each cell style, whether it shows a day.
    pub(super) days: Vec<bool>,
    pub(super) since_1904: bool,
}

/// A sheet that can be read.
#[derive(Debug, Clone)]
pub(crate) struct SheetEntry {
    pub(crate) name: String,
    pub(crate) hidden: bool,
    pub(super) entry: Entry,
}

/// All shared texts in one string.
#[derive(Debug, Default)]
pub(crate) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = match index.checked_sub(1) {
            Some(before) => *self.ends.get(before)? as usize,
            None => 0,
        };
        self.text.get(start..end)
    }
}

impl Book {
    pub(super) fn read<R: Read + Seek>(input: &mut R, limits: &Limits) -> Result<Self, Box<Finding>> {
        let archive = Archive::read(input, limits)?;
        let root = relations(input, &archive, "_rels/.rels", limits)?;
        let main =
            root.iter().find(|r| r.kind.ends_with("/officeDocument")).map_or("xl/workbook.xml", |r| r.target.as_str());
        let main = join("", main);
        if archive.entry(&main).is_none() {
            let finding = Finding::error("wrong_file_type", "file", "the file is a ZIP archive but no Excel workbook");
            return Err(Box::new(finding.help("send the .xlsx itself, or unpack the archive first")));
        }
        let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let file = main.rsplit_once('/').map_or(main.as_str(), |(_, file)| file);
        let relations = relations(input, &archive, &join(&folder, &format!("_rels/{file}.rels")), limits)?;
        let part = |suffix: &str| {
            let relation = relations.iter().find(|r| r.kind.ends_with(suffix))?;
            archive.entry(&join(&folder, &relation.target))
        };
        let (listed, since_1904) = list(input, &archive, &main, limits)?;
        let mut sheets = Vec::new();
        for sheet in listed {
            // Chart sheets and macro sheets have no table.
            let relation = relations.iter().find(|r| r.id == sheet.relation && r.kind.ends_with("/worksheet"));
            if let Some(entry) = relation.and_then(|r| archive.entry(&join(&folder, &r.target))) {
                sheets.push(SheetEntry { name: sheet.name, hidden: sheet.hidden, entry: entry.clone() });
            }
        }
        Ok(Self {
            sheets,
            strings: part("/sharedStrings").map(|entry| strings(input, entry, limits)).transpose()?.unwrap_or_default(),
            days: part("/styles").map(|entry| days(input, entry, limits)).transpose()?.unwrap_or_default(),
            since_1904,
        })
    }
}

/// A path of the archive out of a folder and a relation's target.
fn join(folder: &str, target: &str) -> String {
    let (mut parts, target): (Vec<&str>, &str) = match target.strip_prefix('/') {
        Some(absolute) => (Vec::new(), absolute),
        None => (folder.split('/').filter(|part| !part.is_empty()).collect(), target),
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn xml<'r, R: Read + Seek>(input: &'r mut R, entry: &Entry, limits: &Limits) -> Result<Xml<&'r mut R>, Box<Finding>> {
    let part = entry.open(input, limits).map_err(|e| finding_of(&e))?;
    Ok(Xml::new(part, limits))
}

struct Relation {
    id: String,
    kind: String,
    target: String,
}

fn relations<R: Read + Seek>(
    input: &mut R,
    archive: &Archive,
    name: &str,
    limits: &Limits,
) -> Result<Vec<Relation>, Box<Finding>> {
    let mut found = Vec::new();
    let Some(entry) = archive.entry(name) else { return Ok(found) };
    let mut xml = xml(input, entry, limits)?;
    loop {
        match xml.next()? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "Relationship" => {
                let mut relation = Relation { id: String::new(), kind: String::new(), target: String::new() };
                attributes(&tag, limits, |name, value| match name {
                    "Id" => value.clone_into(&mut relation.id),
                    "Type" => value.clone_into(&mut relation.kind),
                    "Target" => value.clone_into(&mut relation.target),
                    _ => {}
                })?;
                found.push(relation);
                few(found.len(), limits)?;
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// Lists that a workbook can only make long by intent are held to the number of entries.
fn few(count: usize, limits: &Limits) -> Result<(), Box<Finding>> {
    if count > limits.archive_entries {
        return Err(Box::new(bomb(
            "too_many_entries",
            format!("the workbook lists more than `{}` parts", limits.archive_entries),
        )));
    }
    Ok(())
}

struct Listed {
    name: String,
    hidden: bool,
    relation: String,
}

fn list<R: Read + Seek>(
    input: &mut R,
    archive: &Archive,
    main: &str,
    limits: &Limits,
) -> Result<(Vec<Listed>, bool), Box<Finding>> {
    let entry = archive.entry(main).ok_or_else(|| damaged("its list of sheets is missing"))?;
    let (mut sheets, mut since_1904) = (Vec::new(), false);
    let mut xml = xml(input, entry, limits)?;
    loop {
        match xml.next()? {
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                "workbookPr" => attributes(&tag, limits, |name, value| {
                    since_1904 |= name == "date1904" && matches!(value, "1" | "true");
                })?,
                "sheet" => {
                    let mut sheet = Listed { name: String::new(), hidden: false, relation: String::new() };
                    attributes(&tag, limits, |name, value| match name {
                        "name" => value.clone_into(&mut sheet.name),
                        "state" => sheet.hidden = value != "visible",
                        "id" => value.clone_into(&mut sheet.relation),
                        _ => {}
                    })?;
                    sheets.push(sheet);
                    few(sheets.len(), limits)?;
                }
                _ => {}
            },
            Event::Eof => return Ok((sheets, since_1904)),
            _ => {}
        }
    }
}

/// Reads the shared texts: `<si>` with one `<t>` or several runs; phonetic guides (`<rPh>`) are not part of the text.
fn strings<R: Read + Seek>(input: &mut R, entry: &Entry, limits: &Limits) -> Result<Strings, Box<Finding>> {
    let mut all = Strings::default();
    let mut xml = xml(input, entry, limits)?;
    let (mut in_text, mut phonetic) = (false, false);
    let mut from = 0;
    loop {
        match xml.next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "si" => from = all.text.len(),
                "t" => in_text = !phonetic,
                "rPh" => phonetic = true,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "t" => in_text = false,
                "rPh" => phonetic = false,
                "si" => {
                    unescape_tail(&mut all.text, from);
                    all.ends.push(u32::try_from(all.text.len()).unwrap_or(u32::MAX));
                }
                _ => {}
            },
            Event::Empty(tag) if tag.local_name().as_ref() == "si" => {
                all.ends.push(u32::try_from(all.text.len()).unwrap_or(u32::MAX));
            }
            Event::Text(text) if in_text => all.text.push_str(&text.xml10_content()),
            Event::CData(text) if in_text => all.text.push_str(&text.xml10_content()),
            Event::GeneralRef(name) if in_text => all.text.push(reference(&name)?),
            Event::Eof => return Ok(all),
            _ => {}
        }
        if all.text.len() + all.ends.len() * 4 > limits.shared_bytes || all.text.len() - from > limits.cell_bytes {
            return Err(Box::new(bomb(
                "texts_too_large",
                format!(
                    "the workbook's texts take more than `{}` bytes, or one cell more than `{}`",
                    limits.shared_bytes, limits.cell_bytes
                ),
            )));
        }
    }
}

/// Undoes `_x000D_`, with which spreadsheets write characters that XML cannot hold, in the text from `from` on.
pub(super) fn unescape_tail(text: &mut String, from: usize) {
    let tail = text.get(from..).unwrap_or_default();
    if !tail.contains("_x") {
        return;
    }
    let mut out = String::with_capacity(tail.len());
    let mut rest = tail;
    while let Some(at) = rest.find("_x") {
        out.push_str(rest.get(..at).unwrap_or_default());
        let code = rest.get(at + 2..at + 6).filter(|_| rest.get(at + 6..at + 7) == Some("_"));
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
            Some(c) => {
                out.push(c);
                rest = rest.get(at + 7..).unwrap_or_default();
            }
            None => {
                out.push_str("_x");
                rest = rest.get(at + 2..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    text.truncate(from);
    text.push_str(&out);
}

/// Which of the cell styles (`cellXfs`) show a day, by number format.
fn days<R: Read + Seek>(input: &mut R, entry: &Entry, limits: &Limits) -> Result<Vec<bool>, Box<Finding>> {
    const MOST: usize = 100_000;
    let mut custom = std::collections::HashMap::new();
    let mut styles = Vec::new();
    let mut in_cells = false;
    let mut xml = xml(input, entry, limits)?;
    loop {
        match xml.next()? {
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                "cellXfs" => in_cells = true,
                "cellStyleXfs" | "cellStyles" | "dxfs" => in_cells = false,
                "numFmt" => {
                    let (mut id, mut day) = (0u32, false);
                    attributes(&tag, limits, |name, value| match name {
                        "numFmtId" => id = value.parse().unwrap_or(0),
                        "formatCode" => day = shows_day(value),
                        _ => {}
                    })?;
                    custom.insert(id, day);
                }
                "xf" if in_cells => {
                    let mut id = 0u32;
                    attributes(&tag, limits, |name, value| {
                        if name == "numFmtId" {
                            id = value.parse().unwrap_or(0);
                        }
                    })?;
                    let built_in = matches!(id, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58);
                    styles.push(custom.get(&id).copied().unwrap_or(built_in));
                }
                _ => {}
            },
            Event::Eof => return Ok(styles),
            _ => {}
        }
        if styles.len() > MOST || custom.len() > MOST {
            return Err(Box::new(bomb("too_many_styles", format!("the workbook has more than `{MOST}` styles"))));
        }
    }
}

/// Whether a number format shows a day or a month: `d`, `m` or `y` outside quotes, brackets and escapes, and not only
/// minutes beside hours or seconds.
fn shows_day(format: &str) -> bool {
    let (mut quoted, mut bracket, mut skip) = (false, false, false);
    let (mut day, mut month, mut time) = (false, false, false);
    for c in format.chars() {
        if std::mem::take(&mut skip) {
            continue;
        }
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => skip = true,
            '[' => bracket = true,
            ']' => bracket = false,
            _ if bracket => {}
            // The first section is the one for positive numbers.
            ';' => break,
            'd' | 'D' | 'y' | 'Y' => day = true,
            'm' | 'M' => month = true,
            'h' | 'H' | 's' | 'S' => time = true,
            _ => {}
        }
    }
    day || (month && !time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_that_show_a_day() {
        for (format, expected) in [
            ("dd/mm/yyyy", true),
            ("mmm-yy", true),
            ("[$-410]d mmmm yyyy;@", true),
            ("yyyy\\-mm\\-dd hh:mm", true),
            ("mmmm", true),
            ("hh:mm", false),
            ("[h]:mm:ss", false),
            ("0.00", false),
            ("#,##0.00 \"days\"", false),
            ("[Red]0.00", false),
            ("General", false),
            ("0.00\\d", false),
        ] {
            assert_eq!(shows_day(format), expected, "{format}");
        }
    }

    #[test]
    fn escapes_of_unprintable_characters() {
        for (text, expected) in
            [("a_x000D_b", "a\rb"), ("_x005F_x000D_", "_x000D_"), ("a_xyz_", "a_xyz_"), ("_x00", "_x00")]
        {
            let mut text = text.to_owned();
            unescape_tail(&mut text, 0);
            assert_eq!(text, expected);
        }
    }

    #[test]
    fn targets_stay_inside_the_archive() {
        for (folder, target, path) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "/xl/styles.xml", "xl/styles.xml"),
            ("xl", "../custom/a.xml", "custom/a.xml"),
            ("xl", "../../../etc/passwd", "etc/passwd"),
        ] {
            assert_eq!(join(folder, target), path);
        }
    }
}
