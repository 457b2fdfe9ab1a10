//! XML events within limits: no DTD, no entities of its own, bounded events, attributes and depth.

use std::io::{BufRead, BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use traguardo_domain::finding::Finding;

use super::archive::Inflating;
use super::{bomb, damaged, finding_of, refusal};
use crate::limits::Limits;

pub(crate) struct Xml<R: Read> {
    reader: Reader<Metered<BufReader<Inflating<R>>>>,
    buffer: Vec<u8>,
    depth: usize,
    limits: Limits,
}

impl<R: Read> Xml<R> {
    pub(crate) fn new(part: Inflating<R>, limits: &Limits) -> Self {
        let metered =
            Metered { input: BufReader::with_capacity(64 * 1024, part), since: 0, limit: limits.xml_event_bytes };
        Self { reader: Reader::from_reader(metered), buffer: Vec::new(), depth: 0, limits: *limits }
    }

    /// The next event. A document type is refused; comments and instructions are passed over by the caller's `_`.
    pub(crate) fn next(&mut self) -> Result<Event<'_>, Box<Finding>> {
        self.buffer.clear();
        self.reader.get_mut().since = 0;
        let event = match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => event,
            Err(quick_xml::Error::Io(error)) => return Err(finding_of(&error)),
            Err(error) => return Err(damaged(&error.to_string())),
        };
        match &event {
            Event::Start(_) => {
                self.depth += 1;
                if self.depth > self.limits.xml_depth {
                    return Err(Box::new(bomb(
                        "xml_too_deep",
                        format!("the workbook nests elements deeper than `{}`", self.limits.xml_depth),
                    )));
                }
            }
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::DocType(_) => {
                return Err(Box::new(bomb(
                    "xml_doctype",
                    "the workbook holds a document type, which no spreadsheet writes".to_owned(),
                )));
            }
            Event::Eof if self.depth > 0 => return Err(damaged("a part of it ends in the middle")),
            _ => {}
        }
        Ok(event)
    }
}

/// Gives each of the tag's attributes to `each`, by local name and with its value unescaped.
pub(crate) fn attributes(
    tag: &BytesStart<'_>,
    limits: &Limits,
    mut each: impl FnMut(&str, &str),
) -> Result<(), Box<Finding>> {
    let mut attributes = tag.attributes();
    // Looking for twins takes quadratic time; a twin here would only mean the last one wins.
    attributes.with_checks(false);
    for (count, attribute) in attributes.enumerate() {
        if count >= limits.xml_attributes {
            return Err(Box::new(bomb(
                "xml_attributes",
                format!("a tag of the workbook has more than `{}` attributes", limits.xml_attributes),
            )));
        }
        let attribute = attribute.map_err(|e| damaged(&e.to_string()))?;
        let value =
            attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).map_err(|e| damaged(&e.to_string()))?;
        each(attribute.key.local_name().as_ref(), &value);
    }
    Ok(())
}

/// The character that a reference stands for: the five of XML and numbered ones, nothing else.
pub(crate) fn reference(reference: &BytesRef<'_>) -> Result<char, Box<Finding>> {
    match reference.resolve_char_ref() {
        Ok(Some(c)) => return Ok(c),
        Ok(None) => {}
        Err(e) => return Err(damaged(&e.to_string())),
    }
    match &**reference {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(Box::new(bomb("xml_entity", "the workbook refers to an entity of its own".to_owned()))),
    }
}

/// Counts what is taken since the last event, so that no single event grows beyond the limit.
struct Metered<B> {
    input: B,
    since: usize,
    limit: usize,
}

impl<B: BufRead> Read for Metered<B> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        self.input.read(out)
    }
}

impl<B: BufRead> BufRead for Metered<B> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        if self.since > self.limit {
            return Err(refusal(bomb(
                "xml_too_long",
                format!("a text or tag of the workbook is longer than `{}` bytes", self.limit),
            )));
        }
        self.input.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.since += amount;
        self.input.consume(amount);
    }
}
