//! NDJSON as rows: one flat object for each line; a key is a column.

use std::collections::HashMap;
use std::io::{self, Read};

use serde::Deserializer as _;
use serde::de::{DeserializeSeed, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::limits::Limits;
use crate::lines::{Found, Lines};
use crate::raw::{CellKind, RawRow};
use crate::value::plain_number;

pub(crate) struct Ndjson<R> {
    lines: Lines<R>,
    columns: Columns,
    limits: Limits,
    row: u64,
}

/// The keys known so far; in a sample unknown ones are learnt, later they are only told.
#[derive(Debug, Default, Clone)]
pub(crate) struct Columns {
    names: Vec<String>,
    index: HashMap<String, usize>,
    learning: bool,
}

impl Columns {
    /// Learns every key that comes.
    pub(crate) fn learning() -> Self {
        Self { learning: true, ..Self::default() }
    }

    pub(crate) fn known(names: impl IntoIterator<Item = String>) -> Self {
        let mut columns = Self::default();
        for name in names {
            columns.add(&name);
        }
        columns
    }

    pub(crate) fn add(&mut self, name: &str) -> usize {
        if let Some(at) = self.index.get(name) {
            return *at;
        }
        let at = self.names.len();
        self.names.push(name.to_owned());
        self.index.insert(name.to_owned(), at);
        at
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }
}

impl<R: Read> Ndjson<R> {
    pub(crate) fn new(input: R, columns: Columns, limits: Limits) -> Self {
        Self { lines: Lines::new(input, b'\n', limits.row_bytes), columns, limits, row: 0 }
    }

    pub(crate) fn columns(&self) -> &Columns {
        &self.columns
    }

    pub(crate) fn next(&mut self, row: &mut RawRow) -> io::Result<bool> {
        let found = self.lines.line(0)?;
        self.row += 1;
        row.clear(self.row);
        match found {
            Found::End => return Ok(false),
            Found::TooLong => {
                let message = format!("the line is longer than `{}` bytes", self.limits.row_bytes);
                row.fail("row_too_long", message, "write one object for each line");
                self.lines.skip_line()?;
            }
            Found::Line(line) => {
                let bytes = self.lines.bytes().get(..line.len).unwrap_or_default();
                match std::str::from_utf8(bytes) {
                    Ok(text) if text.trim().is_empty() => {}
                    Ok(text) => object(text, &mut self.columns, &self.limits, row),
                    Err(_) => row.fail("wrong_encoding", "the line is not UTF-8", "save the file as UTF-8"),
                }
                self.lines.consume(line.full);
            }
        }
        Ok(true)
    }
}

fn object(text: &str, columns: &mut Columns, limits: &Limits, row: &mut RawRow) {
    let mut reader = serde_json::Deserializer::from_str(text);
    let visitor = Object { columns, row: &mut *row, limits };
    let result = reader.deserialize_map(visitor).and_then(|()| reader.end());
    if let Err(error) = result {
        row.fail(
            "not_json",
            format!("the line is not a JSON object: {error}"),
            "write one flat JSON object for each line",
        );
    }
}

struct Object<'a> {
    columns: &'a mut Columns,
    row: &'a mut RawRow,
    limits: &'a Limits,
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = vec![false; self.columns.names.len()];
        let mut keys = 0;
        while let Some(at) = map.next_key_seed(Key { columns: self.columns })? {
            keys += 1;
            if keys > self.limits.columns {
                return Err(A::Error::custom("too many keys"));
            }
            let value: &RawValue = map.next_value()?;
            let at = match at {
                Known::At(at) => at,
                Known::Not(key) => {
                    self.row.unknown.get_or_insert(key);
                    continue;
                }
            };
            if seen.len() <= at {
                seen.resize(at + 1, false);
            }
            if let Some(seen) = seen.get_mut(at)
                && std::mem::replace(seen, true)
            {
                self.row.fail("key_twice_in_object", "a key stands twice in the object", "write each key once");
            }
            put(value.get(), at, self.limits, self.row);
        }
        Ok(())
    }
}

/// One value of a known key.
fn put(json: &str, at: usize, limits: &Limits, row: &mut RawRow) {
    match json.as_bytes().first() {
        Some(b'"') => match serde_json::from_str::<std::borrow::Cow<'_, str>>(json) {
            Ok(text) if text.contains('\0') => row.fail("nul_byte", "a text holds a NUL character", "remove it"),
            Ok(text) if text.len() > limits.cell_bytes => {
                row.fail("cell_too_long", format!("a text is longer than `{}` bytes", limits.cell_bytes), "shorten it");
            }
            Ok(text) => row.put(at, &text, CellKind::Text),
            Err(error) => row.fail("not_json", format!("a text cannot be read: {error}"), "check its escapes"),
        },
        Some(b'0'..=b'9' | b'-') => match plain_number(json) {
            Ok(number) => row.put(at, &number.to_string(), CellKind::Number),
            Err(_) => row.put(at, json, CellKind::Fault),
        },
        Some(b't' | b'f') => row.put(at, json, CellKind::Text),
        Some(b'{' | b'[') => {
            row.fail("nested_value", "a value is an object or an array", "write one flat JSON object for each line")
        }
        _ => row.put(at, "", CellKind::Text),
    }
}

enum Known {
    At(usize),
    Not(String),
}

struct Key<'a> {
    columns: &'a mut Columns,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Known;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Known, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Known;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Known, E> {
        Ok(match self.columns.index.get(key) {
            Some(at) => Known::At(*at),
            None if self.columns.learning => Known::At(self.columns.add(key)),
            None => Known::Not(key.to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_cells_or_trouble() {
        let known = || Columns::known(["a".to_owned(), "b".to_owned()]);
        type Case<'a> = (&'a str, &'a [&'a str], Option<&'a str>);
        let cases: &[Case<'_>] = &[
            (r#"{"a": "x", "b": 1.50}"#, &["x", "1.50"], None),
            (r#"{"b": 9007199254740993.000001}"#, &["", "9007199254740993.000001"], None),
            (r#"{"b": 1e3, "a": null}"#, &["", "1000"], None),
            (r#"{"a": "caff\u00e8", "z": 1}"#, &["caffè"], None),
            (r#"{"a": true}"#, &["true"], None),
            (r#"{"a": 1, "a": 2}"#, &["2"], Some("key_twice_in_object")),
            (r#"{"a": {"x": 1}}"#, &[], Some("nested_value")),
            (r#"{"a": [1]}"#, &[], Some("nested_value")),
            (r#"{"a": "x""#, &["x"], Some("not_json")),
            (r#"{"a": 1} {"a": 2}"#, &["1"], Some("not_json")),
            (r#"{"a": NaN}"#, &[], Some("not_json")),
            (r#""a""#, &[], Some("not_json")),
            (r#"{"a": "x\u0000"}"#, &[], Some("nul_byte")),
            (r#"{"a": 1e999}"#, &["1e999"], None),
        ];
        for (line, cells, trouble) in cases {
            let mut reader = Ndjson::new(line.as_bytes(), known(), Limits::default());
            let mut row = RawRow::default();
            assert!(reader.next(&mut row).unwrap());
            assert_eq!(row.cells().map(|c| c.text).collect::<Vec<_>>(), *cells, "{line}");
            assert_eq!(row.trouble.as_ref().map(|t| t.code), *trouble, "{line}");
            assert!(!reader.next(&mut row).unwrap());
        }
        let deep = format!("{{\"a\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        let mut reader = Ndjson::new(deep.as_bytes(), known(), Limits::default());
        let mut row = RawRow::default();
        assert!(reader.next(&mut row).unwrap());
        assert!(row.trouble.is_some());
    }
}
