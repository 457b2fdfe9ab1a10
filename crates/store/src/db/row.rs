//! Rows and parameters: one spelling of every type, the same in both databases.

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use sea_orm::{QueryResult, TryGetable, Value};
use uuid::Uuid;

use super::error::StoreError;
use super::scaled::Scaled;

/// How moments are written: UTC, six digits, always the same length.
const MOMENT: &str = "%Y-%m-%dT%H:%M:%S%.6fZ";

/// The text of a moment as it is kept.
pub fn moment_text(at: DateTime<Utc>) -> String {
    at.trunc_subsecs(6).format(MOMENT).to_string()
}

/// The text of a day as it is kept. Days beyond four digits of a year only ask for "all": they are
/// brought inside, because their text would not be in the order of time.
pub fn day_text(day: NaiveDate) -> String {
    match chrono::Datelike::year(&day) {
        ..1 => "0001-01-01".to_owned(),
        1..=9999 => day.format("%Y-%m-%d").to_string(),
        _ => "9999-12-31".to_owned(),
    }
}

/// A value of one column.
pub trait Cell: Sized {
    /// Reads it from `column`.
    fn read(row: &QueryResult, column: &str) -> Result<Self, StoreError>;
}

/// A value given to a statement.
pub trait Param {
    /// The value as the database takes it.
    fn value(self) -> Value;
}

fn get<T: TryGetable>(row: &QueryResult, column: &str) -> Result<T, StoreError> {
    row.try_get("", column).map_err(StoreError::from)
}

fn corrupt(column: &str, value: impl ToString, expected: &'static str) -> StoreError {
    StoreError::Corrupt { column: column.to_owned(), value: value.to_string(), expected }
}

macro_rules! plain {
    ($($type:ty),+) => { $(
        impl Cell for $type {
            fn read(row: &QueryResult, column: &str) -> Result<Self, StoreError> { get(row, column) }
        }
        impl Cell for Option<$type> {
            fn read(row: &QueryResult, column: &str) -> Result<Self, StoreError> { get(row, column) }
        }
        impl Param for $type { fn value(self) -> Value { self.into() } }
        impl Param for &$type { fn value(self) -> Value { self.clone().into() } }
        impl Param for Option<$type> { fn value(self) -> Value { self.into() } }
        impl Param for &Option<$type> { fn value(self) -> Value { self.clone().into() } }
    )+ };
}
plain!(String, i64, Vec<u8>);

/// Types that are kept as another: how they are read and written.
macro_rules! kept_as {
    ($($type:ty as $kept:ty, $expected:literal, |$from:ident| $read:expr, |$to:ident| $write:expr;)+) => { $(
        impl Cell for $type {
            fn read(row: &QueryResult, column: &str) -> Result<Self, StoreError> {
                let $from: $kept = get(row, column)?;
                let read: Option<$type> = $read;
                read.ok_or_else(|| corrupt(column, $from, $expected))
            }
        }
        impl Cell for Option<$type> {
            fn read(row: &QueryResult, column: &str) -> Result<Self, StoreError> {
                let kept: Option<$kept> = get(row, column)?;
                kept.map(|$from| {
                    let read: Option<$type> = $read;
                    read.ok_or_else(|| corrupt(column, $from, $expected))
                }).transpose()
            }
        }
        impl Param for $type {
            fn value(self) -> Value { let $to = self; let kept: $kept = $write; kept.into() }
        }
        impl Param for Option<$type> {
            fn value(self) -> Value { self.map(|$to| { let kept: $kept = $write; kept }).into() }
        }
        impl Param for &$type { fn value(self) -> Value { Param::value(*self) } }
        impl Param for &Option<$type> { fn value(self) -> Value { Param::value(*self) } }
    )+ };
}

kept_as! {
    Scaled as i64, "amount", |n| Some(Scaled(n)), |s| s.0;
    bool as i64, "truth value", |n| match n { 0 => Some(false), 1 => Some(true), _ => None }, |b| i64::from(b);
    NaiveDate as String, "day", |t| NaiveDate::parse_from_str(&t, "%Y-%m-%d").ok(), |d| day_text(d);
    DateTime<Utc> as String, "moment", |t| DateTime::parse_from_rfc3339(&t).ok().map(|at| at.to_utc()), |at| moment_text(at);
    Uuid as String, "id", |t| Uuid::parse_str(&t).ok(), |u| u.to_string();
}

macro_rules! id_cells {
    ($($type:ident),+ $(,)?) => { kept_as! { $(
        traguardo_domain::id::$type as String, "id",
            |t| Uuid::parse_str(&t).ok().map(traguardo_domain::id::$type), |id| id.0.to_string();
    )+ } };
}
id_cells!(
    UserId,
    SessionId,
    GrantId,
    DelegationId,
    ClientId,
    UnitId,
    ParticipantId,
    AbsenceId,
    TerritoryId,
    TerritoryAssignmentId,
    CategoryId,
    ProductId,
    PeriodId,
    SourceId,
    MappingId,
    BatchId,
    FileId,
    GoalId,
    GoalSeriesId,
    PlanId,
    PlanVersionId,
    AssignmentId,
    RunId,
    StatementId,
    AdjustmentId,
    DisputeId,
    PaymentBatchId,
    JobId,
);

impl Param for &str {
    fn value(self) -> Value {
        self.into()
    }
}

impl Param for Option<&str> {
    fn value(self) -> Value {
        self.map(str::to_owned).into()
    }
}

/// A row of a query.
pub trait FromRow: Sized {
    /// Reads it by the names of its columns.
    fn from_row(row: &QueryResult) -> Result<Self, StoreError>;
}

/// Declares a struct that is read from columns of the same names.
macro_rules! row {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* pub $field:ident: $type:ty,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name { $($(#[$field_meta])* pub $field: $type,)+ }

        impl $crate::db::FromRow for $name {
            fn from_row(row: &sea_orm::QueryResult) -> Result<Self, $crate::StoreError> {
                Ok(Self { $($field: $crate::db::Cell::read(row, stringify!($field))?,)+ })
            }
        }
    };
}
pub(crate) use row;

/// The parameters of a statement, each a [`Param`].
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::Param::value($value)),*] };
}
pub(crate) use args;

/// A single column named `value`.
macro_rules! single {
    ($($type:ty),+) => { $(
        impl FromRow for $type {
            fn from_row(row: &QueryResult) -> Result<Self, StoreError> { Cell::read(row, "value") }
        }
    )+ };
}
single!(String, Option<String>, i64, Option<i64>, Uuid);
