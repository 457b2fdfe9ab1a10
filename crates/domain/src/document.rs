//! Reading JSON documents with all their faults at once.
//!
//! serde stops at the first fault and reads plain numbers as floats; a person who writes a
//! plan wants every fault with its path, and the digits as they stand. So documents are
//! walked by hand over serde_json's raw values.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use chrono::NaiveDate;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::exact::{Exact, NumberError};
use crate::finding::Finding;

/// Findings beyond this many are counted, not kept.
const MOST_FINDINGS: usize = 1_000;

/// Where the readers put what they find.
#[derive(Debug, Default)]
pub struct Findings {
    list: RefCell<Vec<Finding>>,
}

impl Findings {
    /// Adds one.
    pub fn push(&self, finding: Finding) {
        let mut list = self.list.borrow_mut();
        if list.len() < MOST_FINDINGS {
            list.push(finding);
        }
    }

    /// All that were found, in the order of the document.
    pub fn into_vec(self) -> Vec<Finding> {
        self.list.into_inner()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.list.borrow().len()
    }
}

/// A value of the document and where it stands.
#[derive(Clone)]
pub struct Node<'a> {
    raw: &'a str,
    path: String,
    out: &'a Findings,
}

/// What kind of JSON value a text begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Null,
    Bool,
    Number,
    Text,
    List,
    Object,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "true or false",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::List => "a list",
            Self::Object => "an object",
        }
    }
}

impl<'a> Node<'a> {
    /// The whole of a document. `None`, with a finding, when it is no JSON.
    pub fn root(text: &'a str, out: &'a Findings) -> Option<Self> {
        match serde_json::from_str::<&'a RawValue>(text) {
            Ok(raw) => Some(Self { raw: raw.get(), path: "$".to_owned(), out }),
            Err(error) => {
                out.push(
                    Finding::error("not_json", "$", format!("the document is not JSON: {error}"))
                        .help("write valid JSON in UTF-8; the message names line and column"),
                );
                None
            }
        }
    }

    /// A value that was taken out of a larger document, at `path`.
    pub fn at(raw: &'a RawValue, path: impl Into<String>, out: &'a Findings) -> Self {
        Self { raw: raw.get(), path: path.into(), out }
    }

    /// The JSON path of this value.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The text of this value as it stands.
    pub fn raw(&self) -> &'a str {
        self.raw
    }

    fn kind(&self) -> Kind {
        match self.raw.bytes().next() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::List,
            Some(b'"') => Kind::Text,
            Some(b't' | b'f') => Kind::Bool,
            Some(b'n') => Kind::Null,
            _ => Kind::Number,
        }
    }

    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    /// Whether this is an object.
    pub fn is_object(&self) -> bool {
        self.kind() == Kind::Object
    }

    /// Whether this is a text.
    pub fn is_text(&self) -> bool {
        self.kind() == Kind::Text
    }

    /// Adds an error at this value.
    pub fn error(&self, code: &str, message: impl Into<String>, help: impl Into<String>) {
        self.out.push(Finding::error(code, self.path.clone(), message).help(help));
    }

    /// Adds a warning at this value.
    pub fn warning(&self, code: &str, message: impl Into<String>, help: impl Into<String>) {
        self.out.push(Finding::warning(code, self.path.clone(), message).help(help));
    }

    /// Adds a finding about some part of this value.
    pub fn push(&self, finding: Finding) {
        self.out.push(finding);
    }

    fn expected(&self, what: &str) {
        self.error(
            "wrong_type",
            format!("expected {what}, found {}", self.kind().name()),
            format!("write {what} here"),
        );
    }

    /// The fields of an object.
    pub fn object(&self) -> Option<Object<'a>> {
        if self.kind() != Kind::Object {
            self.expected("an object");
            return None;
        }
        let entries = match serde_json::Deserializer::from_str(self.raw).deserialize_map(Entries) {
            Ok(entries) => entries,
            Err(error) => {
                self.error("not_json", format!("the object cannot be read: {error}"), "write valid JSON");
                return None;
            }
        };
        let mut fields: BTreeMap<String, (&'a RawValue, bool)> = BTreeMap::new();
        for (name, raw) in entries {
            match fields.entry(name) {
                Entry::Occupied(field) => {
                    let name = field.key().escape_debug().to_string();
                    self.error("duplicate_field", format!("the field `{name}` stands here twice"), "keep one of them");
                }
                Entry::Vacant(field) => {
                    field.insert((raw, false));
                }
            }
        }
        Some(Object { fields, node: self.clone(), known: Vec::new() })
    }

    /// The values of a list.
    pub fn list(&self) -> Option<Vec<Self>> {
        if self.kind() != Kind::List {
            self.expected("a list");
            return None;
        }
        let items: Vec<&'a RawValue> = match serde_json::from_str(self.raw) {
            Ok(items) => items,
            Err(error) => {
                self.error("not_json", format!("the list cannot be read: {error}"), "write valid JSON");
                return None;
            }
        };
        Some(
            items
                .iter()
                .enumerate()
                .map(|(i, raw)| Self { raw: raw.get(), path: format!("{}[{i}]", self.path), out: self.out })
                .collect(),
        )
    }

    /// Each value of a list through `read`; those that cannot be read are left out, with their findings.
    pub fn each<T>(&self, mut read: impl FnMut(&Self) -> Option<T>) -> Option<Vec<T>> {
        let items = self.list()?;
        let wanted = items.len();
        let read: Vec<T> = items.iter().filter_map(&mut read).collect();
        (read.len() == wanted).then_some(read)
    }

    /// A text.
    pub fn text(&self) -> Option<String> {
        if self.kind() != Kind::Text {
            self.expected("a text");
            return None;
        }
        match serde_json::from_str::<String>(self.raw) {
            Ok(text) => Some(text),
            Err(error) => {
                self.error("not_json", format!("the text cannot be read: {error}"), "write a valid JSON string");
                None
            }
        }
    }

    /// A code: 1 to 100 characters, none of them a control character, no blank at either end.
    pub fn code(&self) -> Option<String> {
        let text = self.text()?;
        let length = text.chars().count();
        if length == 0 || length > 100 || text.chars().any(char::is_control) || text.trim() != text {
            self.error(
                "bad_code",
                format!("`{}` is no code", text.escape_debug()),
                "use 1 to 100 characters, no control characters, no blank at either end",
            );
            return None;
        }
        Some(text)
    }

    /// `true` or `false`.
    pub fn boolean(&self) -> Option<bool> {
        match self.raw {
            "true" => Some(true),
            "false" => Some(false),
            _ => {
                self.expected("true or false");
                None
            }
        }
    }

    /// A decimal, written as a string or as a plain number, read exactly.
    pub fn decimal(&self) -> Option<Exact> {
        let text = match self.kind() {
            Kind::Text => self.text()?,
            Kind::Number => self.raw.to_owned(),
            _ => {
                self.expected("a decimal such as \"0.85\"");
                return None;
            }
        };
        match Exact::parse(&text) {
            Ok(value) => Some(value),
            Err(NumberError::NotANumber) => {
                self.error(
                    "not_a_number",
                    format!("`{}` is not a decimal number", text.escape_debug()),
                    "write digits with a point, such as \"1234.56\"",
                );
                None
            }
            Err(NumberError::OutOfRange) => {
                let shown: String = text.chars().take(60).collect();
                self.error(
                    "number_out_of_range",
                    format!("`{shown}` is out of range"),
                    "use at most 28 digits, 12 decimal places and an absolute value of 10^15",
                );
                None
            }
        }
    }

    /// A decimal inside bounds (both included); `what` says what it is in the message.
    pub fn decimal_in(&self, low: Option<i64>, high: Option<i64>) -> Option<Exact> {
        let value = self.decimal()?;
        let too_low = low.is_some_and(|low| value < Exact::from(low));
        let too_high = high.is_some_and(|high| value > Exact::from(high));
        if too_low || too_high {
            let range = match (low, high) {
                (Some(low), Some(high)) => format!("between {low} and {high}"),
                (Some(low), None) => format!("at least {low}"),
                (None, Some(high)) => format!("at most {high}"),
                (None, None) => String::new(),
            };
            self.error("number_out_of_range", format!("`{value}` is out of range"), format!("use a value {range}"));
            return None;
        }
        Some(value)
    }

    /// A whole number inside bounds (both included), as number or as string.
    pub fn whole(&self, low: u32, high: u32) -> Option<u32> {
        let value = self.decimal()?;
        let whole = value.to_string().parse::<u32>().ok().filter(|n| (low..=high).contains(n));
        if whole.is_none() {
            self.error(
                "number_out_of_range",
                format!("`{value}` is not a whole number between {low} and {high}"),
                format!("use a whole number between {low} and {high}"),
            );
        }
        whole
    }

    /// A date `2026-01-31`.
    pub fn date(&self) -> Option<NaiveDate> {
        let text = self.text()?;
        match NaiveDate::parse_from_str(&text, "%Y-%m-%d") {
            Ok(date) if text.len() == 10 => Some(date),
            _ => {
                self.error(
                    "not_a_date",
                    format!("`{}` is not a date", text.escape_debug()),
                    "write a date as 2026-01-31",
                );
                None
            }
        }
    }

    /// One of a few words.
    pub fn word<T: Copy>(&self, words: &[(&str, T)]) -> Option<T> {
        let choices = || words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        if self.kind() != Kind::Text {
            self.error(
                "wrong_type",
                format!("expected one of {}, found {}", choices(), self.kind().name()),
                "use one of these words",
            );
            return None;
        }
        let text = self.text()?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            self.error(
                "unknown_word",
                format!("`{}` is not one of {}", text.escape_debug(), choices()),
                nearest(&text, words.iter().map(|(word, _)| *word)),
            );
        }
        found
    }
}

/// What to write instead: the nearest known word, or all of them.
fn nearest<'w>(text: &str, words: impl Iterator<Item = &'w str> + Clone) -> String {
    let close = words.clone().map(|word| (strsim::damerau_levenshtein(text, word), word)).min();
    match close {
        Some((distance, word)) if distance <= 2.max(word.len() / 3) => format!("did you mean `{word}`?"),
        _ => format!("use one of: {}", words.collect::<Vec<_>>().join(", ")),
    }
}

/// The fields of an object, each to be asked for; those never asked for are unknown.
pub struct Object<'a> {
    fields: BTreeMap<String, (&'a RawValue, bool)>,
    node: Node<'a>,
    known: Vec<&'static str>,
}

impl<'a> Object<'a> {
    /// The object itself, for findings about the whole of it.
    pub fn node(&self) -> &Node<'a> {
        &self.node
    }

    /// Whether a field is there and not `null`, without marking it as known.
    pub fn has(&self, name: &str) -> bool {
        self.fields.get(name).is_some_and(|(raw, _)| raw.get() != "null")
    }

    /// A field that may be absent; `null` is the same as absent.
    pub fn get(&mut self, name: &'static str) -> Option<Node<'a>> {
        self.known.push(name);
        let (raw, used) = self.fields.get_mut(name)?;
        *used = true;
        if raw.get() == "null" {
            return None;
        }
        Some(Node { raw: raw.get(), path: format!("{}.{name}", self.node.path), out: self.node.out })
    }

    /// A field that must be there.
    pub fn need(&mut self, name: &'static str) -> Option<Node<'a>> {
        let found = self.get(name);
        if found.is_none() {
            self.node.error("missing_field", format!("the field `{name}` is missing"), format!("add `{name}`"));
        }
        found
    }

    /// All fields, for objects whose names are data.
    pub fn entries(self) -> Vec<(String, Node<'a>)> {
        let Self { fields, node, .. } = self;
        fields
            .into_iter()
            .filter(|(_, (raw, _))| raw.get() != "null")
            .map(|(name, (raw, _))| {
                let path = if name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                    format!("{}.{name}", node.path)
                } else {
                    format!("{}['{name}']", node.path)
                };
                (name, Node { raw: raw.get(), path, out: node.out })
            })
            .collect()
    }

    /// Reports the fields that nobody asked for.
    pub fn finish(self) {
        for (name, (_, used)) in &self.fields {
            if !used {
                self.node.error(
                    "unknown_field",
                    format!("the field `{}` is unknown", name.escape_debug()),
                    nearest(name, self.known.iter().copied()),
                );
            }
        }
    }
}

/// Reads the entries of an object in their order, doubles included.
struct Entries;

impl<'a> Visitor<'a> for Entries {
    type Value = Vec<(String, &'a RawValue)>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry::<String, &'a RawValue>()? {
            entries.push(entry);
        }
        Ok(entries)
    }
}
