//! What an import is asked to do.

use std::fs::File as Scratch;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use traguardo_contract::import::ImportQuery;
use traguardo_contract::problem::ProblemCode;
use traguardo_domain::actor::Actor;
use traguardo_domain::finding::Finding;
use traguardo_intake::file::File;
use traguardo_intake::kind::Kind;
use traguardo_intake::limits::Limits;
use traguardo_intake::mapping::Mapping;
use traguardo_intake::reading::Wish;
use traguardo_store::sales;
use traguardo_store::{Db, Tx};

use crate::problem::ApiError;

/// What an import is asked to do; kept with it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Order {
    /// Kind of import.
    pub kind: Kind,
    /// Where the file comes from.
    pub source: String,
    /// The file's name.
    pub file_name: String,
    /// How the file is to be read, where that is not left to sniffing.
    pub wish: Wish,
    /// Make what the file names and is not there.
    pub create_missing: bool,
    /// Keep nothing.
    pub dry_run: bool,
    /// Keep the good rows where others are wrong.
    pub partial: bool,
    /// Currency of lines that name none.
    pub currency: String,
    /// From when changes of people's places hold.
    pub as_of: Option<NaiveDate>,
    /// Who asks.
    pub actor: Actor,
    /// The file's columns, for the file of rejected rows.
    pub columns: Vec<String>,
    /// The file's delimiter, for the same.
    pub delimiter: Option<char>,
}

/// A file that was looked at: it can be read, and the mapping fits it.
#[derive(Debug)]
pub struct Checked {
    /// What to do.
    pub order: Order,
    /// The mapping to use.
    pub mapping: Mapping,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// Notes on what was ambiguous.
    pub notes: Vec<Finding>,
}

fn wrong(name: &str, message: impl Into<String>) -> ApiError {
    ApiError::at(ProblemCode::InvalidQuery, "invalid_value", &format!("$.query.{name}"), message)
}

impl Order {
    /// The order of a request.
    pub fn new(kind: Kind, query: &ImportQuery, actor: &Actor) -> Result<Self, ApiError> {
        let short = |name: &str, text: Option<&str>, default: &str, most: usize| {
            let text = text.unwrap_or(default).trim();
            if text.is_empty() || text.chars().count() > most || text.chars().any(char::is_control) {
                return Err(wrong(name, format!("`{name}` is a text of 1 to {most} characters")));
            }
            Ok(text.to_owned())
        };
        let currency = query.currency.as_deref().unwrap_or("EUR").to_ascii_uppercase();
        if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(wrong("currency", "`currency` is three letters of ISO 4217"));
        }
        Ok(Self {
            kind,
            source: short("source", query.source.as_deref(), "default", 60)?,
            file_name: short("file_name", query.file_name.as_deref(), "file", 200)?,
            wish: wish(query)?,
            create_missing: query.create_missing,
            dry_run: query.dry_run,
            partial: query.partial,
            currency,
            as_of: query.as_of,
            actor: actor.clone(),
            columns: Vec::new(),
            delimiter: None,
        })
    }
}

/// The wishes of a query, each checked by the reader's own words.
fn wish(query: &ImportQuery) -> Result<Wish, ApiError> {
    fn word<T: serde::de::DeserializeOwned>(name: &str, text: Option<&String>) -> Result<Option<T>, ApiError> {
        let Some(text) = text else { return Ok(None) };
        let read = serde_json::from_value(serde_json::Value::String(text.clone()));
        read.map(Some).map_err(|error| wrong(name, error.to_string()))
    }
    Ok(Wish {
        encoding: word("encoding", query.encoding.as_ref())?,
        delimiter: word("delimiter", query.delimiter.as_ref())?,
        decimal: word("decimal", query.decimal.as_ref())?,
        date_order: word("date_order", query.date_order.as_ref())?,
        sheet: query.sheet.clone(),
        header_row: query.header_row.map(u64::from),
    })
}

/// Looks at a file. The name decides nothing unless it has an extension.
pub fn open(input: Scratch, order: &Order) -> Result<File<Scratch>, ApiError> {
    let name = order.file_name.contains('.').then_some(order.file_name.as_str());
    File::open(input, name, &order.wish, Limits::default()).map_err(|findings| ApiError::findings(&findings))
}

/// The mapping that the request gives or names, if any.
pub async fn mapping(db: &Db, order: &Order, query: &ImportQuery) -> Result<Option<Mapping>, ApiError> {
    if let Some(text) = &query.mapping {
        return Mapping::parse(text).map(Some).map_err(|findings| ApiError::findings(&findings));
    }
    let Some(name) = &query.mapping_name else { return Ok(None) };
    let kept = db.read_tx(async |tx: &Tx| sales::mappings(tx, order.kind.word(), &order.source).await).await?;
    let Some(kept) = kept.iter().find(|mapping| mapping.name == *name) else {
        return Err(wrong("mapping_name", format!("the source `{}` has no mapping `{name}`", order.source)));
    };
    Mapping::parse(&kept.document).map(Some).map_err(|findings| ApiError::findings(&findings))
}

/// Looks at a file and at the mapping; where none is given, the one proposed from the header must be sure.
pub fn check(input: Scratch, mut order: Order, given: Option<Mapping>) -> Result<Checked, ApiError> {
    let file = open(input, &order)?;
    let mapping = match given {
        Some(mapping) => mapping,
        None => {
            let proposal = file.propose(order.kind);
            if !proposal.is_sure() {
                let doubtful = proposal.confidence.iter().filter(|(_, sure)| **sure < traguardo_intake::file::SURE);
                let doubtful: Vec<&str> = doubtful.map(|(name, _)| name.as_str()).collect();
                let message = format!(
                    "the header does not say surely what each column is: missing `{}`, doubtful `{}`; the proposal is {}; \
                     give a mapping",
                    proposal.missing.join("`, `"),
                    doubtful.join("`, `"),
                    proposal.mapping.to_json()
                );
                return Err(ApiError::at(ProblemCode::ValidationFailed, "mapping_needed", "$.query.mapping", message));
            }
            proposal.mapping
        }
    };
    ApiError::check(&file.check(order.kind, &mapping))?;
    order.columns.clone_from(&file.reading().columns);
    order.delimiter = file.reading().delimiter;
    let survey = file.survey();
    Ok(Checked {
        sha256: survey.sha256.clone(),
        bytes: survey.bytes,
        notes: file.reading().notes.clone(),
        order,
        mapping,
    })
}
