//! Lists: filter, sort and page by an opaque cursor, the same way for every kind of row.

use sea_orm::{ConnectionTrait, Statement, Value, Values};
use serde::{Deserialize, Serialize};

use super::reach::place;
use super::{Cell, FromRow, StoreError, Tx};

/// Most rows of one page.
pub const MAX_LIMIT: u32 = 200;

/// What a caller wants of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// Rows of the page; 0 means 50, more than 200 means 200.
    pub limit: u32,
    /// Where the page before ended, as it was given.
    pub cursor: Option<String>,
    /// A field, or `-field` for the largest first.
    pub sort: Option<String>,
    /// `field = value`; several values apart by commas mean any of them. `field_from` and
    /// `field_to` are bounds, both included.
    pub filters: Vec<(String, String)>,
}

impl Listing {
    /// The same listing with one more filter.
    #[must_use]
    pub fn filter(mut self, field: &str, value: impl ToString) -> Self {
        self.filters.push((field.to_owned(), value.to_string()));
        self
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins, if there is one.
    pub next_cursor: Option<String>,
    /// How many rows there are on all pages.
    pub total: i64,
}

/// How a field compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Number,
}

/// A field that can be filtered and sorted by: its name outside and its SQL, never NULL when sorted.
pub(crate) struct Field {
    pub name: &'static str,
    pub sql: &'static str,
    pub kind: Kind,
}

pub(crate) const fn text(name: &'static str, sql: &'static str) -> Field {
    Field { name, sql, kind: Kind::Text }
}

pub(crate) const fn number(name: &'static str, sql: &'static str) -> Field {
    Field { name, sql, kind: Kind::Number }
}

/// A kind of list.
pub(crate) struct Source {
    /// The columns of the row that is read.
    pub columns: &'static str,
    /// `table alias JOIN …`
    pub from: &'static str,
    /// A text column that is unique in the list.
    pub id: &'static str,
    /// What can be asked for; nothing else reaches the SQL.
    pub fields: &'static [Field],
    /// The order without a wish.
    pub sort: &'static str,
}

#[derive(Serialize, Deserialize)]
struct Cursor {
    sort: String,
    value: String,
    id: String,
}

impl Cursor {
    fn write(&self) -> Result<String, StoreError> {
        let json = serde_json::to_vec(self).map_err(|error| StoreError::Listing(error.to_string()))?;
        Ok(json.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    fn parse(text: &str) -> Option<Self> {
        let digits: Vec<u32> = text.chars().map(|c| c.to_digit(16)).collect::<Option<_>>()?;
        let (pairs, rest) = digits.as_chunks::<2>();
        if !rest.is_empty() {
            return None;
        }
        let bytes: Vec<u8> = pairs
            .iter()
            .map(|[high, low]| u8::try_from(high.saturating_mul(16).saturating_add(*low)).ok())
            .collect::<Option<_>>()?;
        serde_json::from_slice(&bytes).ok()
    }
}

fn field<'a>(source: &'a Source, name: &str) -> Result<&'a Field, StoreError> {
    source.fields.iter().find(|field| field.name == name).ok_or_else(|| {
        let known: Vec<&str> = source.fields.iter().map(|field| field.name).collect();
        StoreError::Listing(format!("there is no field `{name}` here: use one of `{}`", known.join("`, `")))
    })
}

fn placed(field: &Field, text: &str, args: &mut Vec<Value>) -> Result<String, StoreError> {
    match field.kind {
        Kind::Text => Ok(place(args, text)),
        Kind::Number => {
            let wrong = |_| StoreError::Listing(format!("`{text}` is no number for the field `{}`", field.name));
            Ok(place(args, text.parse::<i64>().map_err(wrong)?))
        }
    }
}

fn filter(source: &Source, name: &str, wanted: &str, args: &mut Vec<Value>) -> Result<String, StoreError> {
    if source.fields.iter().all(|field| field.name != name) {
        for (suffix, comparison) in [("_from", ">="), ("_to", "<=")] {
            if let Some(base) = name.strip_suffix(suffix) {
                let field = field(source, base)?;
                return Ok(format!("{} {comparison} {}", field.sql, placed(field, wanted, args)?));
            }
        }
    }
    let field = field(source, name)?;
    let places: Vec<String> = wanted.split(',').map(|one| placed(field, one.trim(), args)).collect::<Result<_, _>>()?;
    Ok(format!("{} IN ({})", field.sql, places.join(", ")))
}

/// One page of `source` where all `conditions` hold; `args` are the parameters they refer to.
pub(crate) async fn list<T: FromRow>(
    tx: &Tx,
    source: &Source,
    listing: &Listing,
    mut conditions: Vec<String>,
    mut args: Vec<Value>,
) -> Result<Listed<T>, StoreError> {
    let limit = if listing.limit == 0 { 50 } else { listing.limit.min(MAX_LIMIT) };
    for (name, wanted) in &listing.filters {
        conditions.push(filter(source, name, wanted, &mut args)?);
    }
    conditions.push("1 = 1".to_owned());
    let counted = format!("SELECT COUNT(*) AS value FROM {} WHERE {}", source.from, conditions.join(" AND "));
    let total = tx.number(&counted, args.clone()).await?;

    let sort = listing.sort.as_deref().unwrap_or(source.sort);
    let (name, direction, comparison) = match sort.strip_prefix('-') {
        Some(name) => (name, "DESC", "<"),
        None => (sort, "ASC", ">"),
    };
    let by = field(source, name)?;
    if let Some(text) = &listing.cursor {
        let cursor = Cursor::parse(text)
            .filter(|cursor| cursor.sort == sort)
            .ok_or_else(|| StoreError::Listing("the cursor is not of this list: begin without one".to_owned()))?;
        let value = placed(by, &cursor.value, &mut args)?;
        let id = place(&mut args, cursor.id);
        conditions.push(format!("({}, {}) {comparison} ({value}, {id})", by.sql, source.id));
    }
    let sql = format!(
        "SELECT {columns}, {by} AS sort_value, {id} AS sort_id FROM {from} WHERE {conditions} \
         ORDER BY {by} {direction}, {id} {direction} LIMIT {more}",
        columns = source.columns,
        by = by.sql,
        id = source.id,
        from = source.from,
        conditions = conditions.join(" AND "),
        more = limit.saturating_add(1),
    );
    let statement = Statement { sql, values: Some(Values(args)), db_backend: tx.get_database_backend() };
    let mut rows = tx.query_all_raw(statement).await?;
    let page = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > page;
    rows.truncate(page);
    let next_cursor = match rows.last() {
        Some(last) if more => {
            let value = match by.kind {
                Kind::Text => String::read(last, "sort_value")?,
                Kind::Number => i64::read(last, "sort_value")?.to_string(),
            };
            Some(Cursor { sort: sort.to_owned(), value, id: String::read(last, "sort_id")? }.write()?)
        }
        _ => None,
    };
    let items = rows.iter().map(T::from_row).collect::<Result<_, _>>()?;
    Ok(Listed { items, next_cursor, total })
}
