//! Which column of a file is what: the mapping document.
//!
//! ```json
//! { "amount": "Sales",
//!   "date": { "year": "Year", "month": "Month" },
//!   "participant": "Name of Sales Rep",
//!   "currency": { "constant": "EUR" },
//!   "channel": { "column": "Channel", "values": { "Hospital": "HOSP" }, "otherwise": "keep" },
//!   "quantity": { "column": "Qty", "decimal": "," },
//!   "hire_date": { "column": "Hired", "order": "mdy" } }
//! ```

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use traguardo_domain::finding::Finding;

use crate::kind::{Kind, Need, Type};
use crate::value::{DateOrder, Mark};

/// For each of the kind's columns that the file has, where it comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Json", into = "Json")]
pub struct Mapping {
    /// Source by the kind's column.
    pub columns: BTreeMap<String, Source>,
}

/// Where the values of a column come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A column of the file.
    Column(FileColumn),
    /// The same value in every row.
    Constant(String),
    /// A date in two or three columns. Without a day it is the first of the month, so that a line of a month always
    /// falls into that month's period, whichever period it belongs to.
    Parts {
        /// Column of the year, four digits.
        year: String,
        /// Column of the month: number or name, English or Italian.
        month: String,
        /// Column of the day of the month.
        day: Option<String>,
    },
}

/// A column of the file and how its cells are to be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileColumn {
    /// Its name in the header.
    pub column: String,
    /// Other words for some of its values.
    pub values: BTreeMap<String, String>,
    /// What becomes of a value that `values` does not hold.
    pub otherwise: Otherwise,
    /// Decimal mark, where this column differs from the file.
    pub decimal: Option<Mark>,
    /// Date order, where this column differs from the file.
    pub order: Option<DateOrder>,
}

/// What becomes of a value that is not in the list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Otherwise {
    /// It stays as it is.
    #[default]
    Keep,
    /// It counts as empty.
    Empty,
    /// The row is rejected.
    Reject,
}

impl Source {
    /// The column of that name, as it is.
    pub fn column(name: impl Into<String>) -> Self {
        Self::Column(FileColumn {
            column: name.into(),
            values: BTreeMap::new(),
            otherwise: Otherwise::Keep,
            decimal: None,
            order: None,
        })
    }

    /// The file's columns that it reads, with the part of the mapping that names each.
    pub(crate) fn reads(&self) -> Vec<(&str, &str)> {
        match self {
            Self::Column(column) => vec![("", column.column.as_str())],
            Self::Constant(_) => Vec::new(),
            Self::Parts { year, month, day } => {
                let mut parts = vec![(".year", year.as_str()), (".month", month.as_str())];
                parts.extend(day.as_deref().map(|day| (".day", day)));
                parts
            }
        }
    }
}

impl Mapping {
    /// Reads the document; every finding has its JSON path.
    pub fn parse(text: &str) -> Result<Self, Vec<Finding>> {
        let json: Json = serde_json::from_str(text).map_err(|e| {
            let finding = Finding::error("not_json", "$", format!("the mapping is not JSON: {e}"));
            vec![finding.help("write an object such as {\"amount\": \"Sales\"}")]
        })?;
        Self::from_json(&json)
    }

    /// Reads the document; every finding has its JSON path.
    pub fn from_json(json: &Json) -> Result<Self, Vec<Finding>> {
        let Json::Object(object) = json else {
            let finding = Finding::error("not_an_object", "$", "the mapping is not an object");
            return Err(vec![finding.help("write an object such as {\"amount\": \"Sales\"}")]);
        };
        let mut findings = Vec::new();
        let mut columns = BTreeMap::new();
        for (target, value) in object {
            if let Some(source) = source(&path(target), value, &mut findings) {
                columns.insert(target.clone(), source);
            }
        }
        if findings.is_empty() { Ok(Self { columns }) } else { Err(findings) }
    }

    /// The document.
    pub fn to_json(&self) -> Json {
        Json::Object(self.columns.iter().map(|(target, source)| (target.clone(), document(source))).collect())
    }

    /// Whether the mapping fits the kind and, where `header` is given, the file.
    pub fn check(&self, kind: Kind, header: Option<&[String]>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (target, source) in &self.columns {
            let Some(column) = kind.column(target) else {
                let known: Vec<&str> = kind.columns().iter().map(|column| column.name).collect();
                let message = format!("`{kind}` has no column `{target}`");
                findings.push(
                    Finding::error("unknown_target", path(target), message)
                        .help(format!("use one of `{}`", known.join("`, `"))),
                );
                continue;
            };
            match source {
                Source::Parts { .. } if column.ty != Type::Date => {
                    let message = format!("`{target}` is a {}, not a date: it has no year and month", column.ty.word());
                    findings.push(Finding::error("not_a_date", path(target), message).help("name one column"));
                }
                Source::Constant(value) => {
                    let place = format!("{}.constant", path(target));
                    findings.extend(crate::check::constant(column, value).err().map(|fault| fault.at(place)));
                }
                _ => {}
            }
            for (part, name) in source.reads() {
                if let Some(header) = header {
                    findings.extend(in_header(header, name, &format!("{}{part}", path(target))));
                }
            }
        }
        for column in kind.columns() {
            let missing = match column.need {
                Need::Required => !self.columns.contains_key(column.name),
                Need::OneOf(group) => {
                    let of_group = || kind.columns().iter().filter(|other| other.need == Need::OneOf(group));
                    // Told once, at the first of the group.
                    of_group().next().is_some_and(|first| first.name == column.name)
                        && !of_group().any(|other| self.columns.contains_key(other.name))
                }
                Need::Optional | Need::Creates => false,
            };
            if missing {
                let message = format!("no column of the file is mapped to `{}`, which `{kind}` needs", column.name);
                let help = "name the file's column, or a {\"constant\": …}";
                findings.push(Finding::error("missing_target", path(column.name), message).help(help));
            }
        }
        findings
    }
}

/// The JSON path of a key: dotted where it is a plain word.
fn path(target: &str) -> String {
    let plain = !target.is_empty() && target.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if plain { format!("$.{target}") } else { format!("$[{}]", Json::from(target)) }
}

fn in_header(header: &[String], name: &str, place: &str) -> Option<Finding> {
    match header.iter().filter(|column| column.as_str() == name).count() {
        1 => None,
        0 => {
            let near = header.iter().find(|column| crate::proposal::normal(column) == crate::proposal::normal(name));
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the file has `{}`", header.join("`, `")),
            };
            Some(Finding::error("unknown_column", place, format!("the file has no column `{name}`")).help(help))
        }
        many => {
            let message = format!("the file has `{many}` columns named `{name}`");
            Some(Finding::error("ambiguous_column", place, message).help("rename one of them in the header"))
        }
    }
}

/// Reads one source; what is wrong is added to `findings`.
fn source(place: &str, value: &Json, findings: &mut Vec<Finding>) -> Option<Source> {
    let wrong = |code: &str, place: &str, message: &str| {
        Finding::error(code, place, message)
            .help("write a column's name, {\"column\": …}, {\"constant\": …} or {\"year\": …, \"month\": …}")
    };
    let object = match value {
        Json::String(column) => return Some(Source::column(column)),
        Json::Object(object) => object,
        _ => {
            findings.push(wrong("not_a_source", place, "neither a column's name nor an object"));
            return None;
        }
    };
    let before = findings.len();
    let known: &[&str] = match () {
        () if object.contains_key("constant") => &["constant"],
        () if object.contains_key("year") || object.contains_key("month") => &["year", "month", "day"],
        () if object.contains_key("column") => &["column", "values", "otherwise", "decimal", "order"],
        () => {
            findings.push(wrong(
                "not_a_source",
                place,
                "the object says neither `column` nor `constant` nor `year` and `month`",
            ));
            return None;
        }
    };
    for key in object.keys().filter(|key| !known.contains(&key.as_str())) {
        findings.push(wrong("unknown_key", &format!("{place}.{key}"), &format!("`{key}` has no meaning here")));
    }
    let source = if object.contains_key("constant") {
        text(object, "constant", place, findings).map(Source::Constant)
    } else if object.contains_key("column") {
        file_column(object, place, findings).map(Source::Column)
    } else {
        let year = text(object, "year", place, findings);
        let month = text(object, "month", place, findings);
        let day = object.contains_key("day").then(|| text(object, "day", place, findings)).flatten();
        year.zip(month).map(|(year, month)| Source::Parts { year, month, day })
    };
    source.filter(|_| findings.len() == before)
}

fn text(object: &Map<String, Json>, key: &str, place: &str, findings: &mut Vec<Finding>) -> Option<String> {
    match object.get(key) {
        Some(Json::String(text)) if !text.is_empty() => Some(text.clone()),
        Some(Json::Number(number)) if key == "constant" => Some(number.to_string()),
        _ => {
            findings.push(Finding::error(
                "not_a_text",
                format!("{place}.{key}"),
                format!("`{key}` must be a text that is not empty"),
            ));
            None
        }
    }
}

fn file_column(object: &Map<String, Json>, place: &str, findings: &mut Vec<Finding>) -> Option<FileColumn> {
    let mut values = BTreeMap::new();
    match object.get("values") {
        None => {}
        Some(Json::Object(pairs)) => {
            for key in pairs.keys() {
                values.extend(text(pairs, key, &format!("{place}.values"), findings).map(|value| (key.clone(), value)));
            }
        }
        Some(_) => findings.push(Finding::error(
            "not_an_object",
            format!("{place}.values"),
            "`values` must be an object of texts",
        )),
    }
    Some(FileColumn {
        column: text(object, "column", place, findings)?,
        values,
        otherwise: word(object, "otherwise", place, findings).unwrap_or_default(),
        decimal: word(object, "decimal", place, findings),
        order: word(object, "order", place, findings),
    })
}

/// A word out of a closed list.
fn word<T: serde::de::DeserializeOwned>(
    object: &Map<String, Json>,
    key: &str,
    place: &str,
    findings: &mut Vec<Finding>,
) -> Option<T> {
    let value = object.get(key)?;
    match T::deserialize(value) {
        Ok(word) => Some(word),
        Err(e) => {
            findings.push(Finding::error("unknown_word", format!("{place}.{key}"), e.to_string()));
            None
        }
    }
}

fn document(source: &Source) -> Json {
    match source {
        Source::Constant(value) => json!({ "constant": value }),
        Source::Parts { year, month, day: None } => json!({ "year": year, "month": month }),
        Source::Parts { year, month, day: Some(day) } => json!({ "year": year, "month": month, "day": day }),
        Source::Column(column) if *source == Source::column(&column.column) => json!(column.column),
        Source::Column(column) => {
            let mut object = Map::new();
            object.insert("column".to_owned(), json!(column.column));
            if !column.values.is_empty() {
                object.insert("values".to_owned(), json!(column.values));
            }
            if column.otherwise != Otherwise::Keep {
                object.insert("otherwise".to_owned(), json!(column.otherwise));
            }
            if let Some(decimal) = column.decimal {
                object.insert("decimal".to_owned(), json!(decimal));
            }
            if let Some(order) = column.order {
                object.insert("order".to_owned(), json!(order));
            }
            Json::Object(object)
        }
    }
}

impl TryFrom<Json> for Mapping {
    type Error = String;

    fn try_from(json: Json) -> Result<Self, String> {
        Self::from_json(&json).map_err(|findings| {
            let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
            findings.join("; ")
        })
    }
}

impl From<Mapping> for Json {
    fn from(mapping: Mapping) -> Self {
        mapping.to_json()
    }
}
