//! One open transaction, and the only way to run a statement.

use std::sync::{Mutex as StdMutex, PoisonError};

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, Value, Values};
use sea_query_sqlx::SqlxValues;
use sqlx::{AssertSqlSafe, Postgres, Sqlite, Transaction};
use tokio::sync::{Mutex, MutexGuard};

use super::{Backend, FromRow, StoreError, args};
use crate::audit;

/// The connection underneath, for what only one database can do (COPY, bulk binds, streams).
pub(crate) enum Raw {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// An open transaction. Dropped without [`Tx::commit`], it leaves nothing behind.
///
/// It is a sea-orm connection too, so that statements made by its builders run in it.
pub struct Tx {
    raw: Mutex<Raw>,
    backend: Backend,
    writes: bool,
    now: DateTime<Utc>,
    events: StdMutex<Vec<audit::NewEvent>>,
}

/// What may go wrong inside a transaction's work: anything that can carry a [`StoreError`].
pub trait WorkError: From<StoreError> {
    /// The store's error, if it is one.
    fn store(&self) -> Option<&StoreError>;
}

impl WorkError for StoreError {
    fn store(&self) -> Option<&StoreError> {
        Some(self)
    }
}

/// Work of which only one transaction at a time may be under way, whatever rows it touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exclusive {
    /// Publication of an import.
    Publication = 7_251_002,
    /// Runs of periods: submission, publication, close.
    Run = 7_251_003,
    /// Payment batches.
    Payment = 7_251_004,
    /// Grants of roles.
    Grant = 7_251_005,
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx").field("backend", &self.backend).field("writes", &self.writes).finish_non_exhaustive()
    }
}

impl Tx {
    pub(super) fn sqlite(tx: Transaction<'static, Sqlite>, writes: bool, now: DateTime<Utc>) -> Self {
        Self::new(Raw::Sqlite(tx), Backend::Sqlite, writes, now)
    }

    pub(super) fn postgres(tx: Transaction<'static, Postgres>, writes: bool, now: DateTime<Utc>) -> Self {
        Self::new(Raw::Postgres(tx), Backend::Postgres, writes, now)
    }

    fn new(raw: Raw, backend: Backend, writes: bool, now: DateTime<Utc>) -> Self {
        Self { raw: Mutex::new(raw), backend, writes, now, events: StdMutex::default() }
    }

    /// Which database answers.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// The moment at which the transaction was opened: the one time of everything it writes.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The connection underneath.
    pub(crate) async fn raw(&self) -> MutexGuard<'_, Raw> {
        self.raw.lock().await
    }

    /// Notes what happened, for the audit trail: it is written with the commit, in the order noted.
    pub fn note(&self, event: audit::NewEvent) {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).push(event);
    }

    /// Writes the noted events and keeps everything.
    pub async fn commit(self) -> Result<(), StoreError> {
        let events = std::mem::take(&mut *self.events.lock().unwrap_or_else(PoisonError::into_inner));
        if !events.is_empty() {
            audit::append(&self, events).await?;
        }
        match self.raw.into_inner() {
            Raw::Sqlite(tx) => tx.commit().await?,
            Raw::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Undoes everything: a preview, or after an error.
    pub async fn rollback(self) -> Result<(), StoreError> {
        match self.raw.into_inner() {
            Raw::Sqlite(tx) => tx.rollback().await?,
            Raw::Postgres(tx) => tx.rollback().await?,
        }
        Ok(())
    }

    /// Waits until no other transaction does `what`. On SQLite there is only one writer anyway.
    pub async fn exclusive(&self, what: Exclusive) -> Result<(), StoreError> {
        if self.backend == Backend::Postgres {
            self.execute("SELECT pg_advisory_xact_lock($1)", args![what as i64]).await?;
        }
        Ok(())
    }

    /// Runs a statement; the number of rows it touched. Parameters are `$1`, `$2`, … on both databases.
    pub(crate) async fn execute(&self, sql: &str, args: Vec<Value>) -> Result<u64, StoreError> {
        Ok(self.execute_raw(self.statement(sql, args)).await?.rows_affected())
    }

    /// All rows of a query.
    pub(crate) async fn all<T: FromRow>(&self, sql: &str, args: Vec<Value>) -> Result<Vec<T>, StoreError> {
        self.query_all_raw(self.statement(sql, args)).await?.iter().map(T::from_row).collect()
    }

    /// The first row of a query, if any.
    pub(crate) async fn maybe<T: FromRow>(&self, sql: &str, args: Vec<Value>) -> Result<Option<T>, StoreError> {
        self.query_one_raw(self.statement(sql, args)).await?.as_ref().map(T::from_row).transpose()
    }

    /// The row with this id, or that there is none.
    pub(crate) async fn one<T: FromRow>(
        &self,
        what: &'static str,
        id: impl ToString,
        sql: &str,
        args: Vec<Value>,
    ) -> Result<T, StoreError> {
        self.maybe(sql, args).await?.ok_or_else(|| StoreError::not_found(what, id))
    }

    /// Gives each row of a query to `each`, one at a time, without keeping them.
    pub(crate) async fn stream(
        &self,
        sql: &str,
        args: Vec<Value>,
        mut each: impl FnMut(&QueryResult) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let (sql, values) = (AssertSqlSafe(sql.to_owned()), SqlxValues(Values(args)));
        match &mut *self.raw().await {
            Raw::Sqlite(tx) => {
                let mut rows = sqlx::query_with(sql, values).fetch(&mut **tx);
                while let Some(row) = rows.try_next().await? {
                    each(&row.into())?;
                }
            }
            Raw::Postgres(tx) => {
                let mut rows = sqlx::query_with(sql, values).fetch(&mut **tx);
                while let Some(row) = rows.try_next().await? {
                    each(&row.into())?;
                }
            }
        }
        Ok(())
    }

    /// The single number of a query, named `value`; 0 where there is none.
    pub(crate) async fn number(&self, sql: &str, args: Vec<Value>) -> Result<i64, StoreError> {
        Ok(self.maybe::<Option<i64>>(sql, args).await?.flatten().unwrap_or(0))
    }

    /// Locks the row until the end of the transaction, so that what is decided from it stays true.
    /// `table` is one of ours, never a caller's text.
    pub(crate) async fn lock(&self, table: &'static str, id: impl ToString) -> Result<(), StoreError> {
        if self.backend == Backend::Postgres {
            let sql = format!("SELECT 1 FROM {table} WHERE id = $1 FOR UPDATE");
            self.execute(&sql, args![id.to_string()]).await?;
        }
        Ok(())
    }

    /// After an `UPDATE … WHERE id = $1 AND version = $2` that touched `rows`: no row means that
    /// it is absent or has changed.
    pub(crate) async fn updated(
        &self,
        rows: u64,
        (table, what): (&'static str, &'static str),
        id: impl ToString,
        expected: i64,
    ) -> Result<(), StoreError> {
        if rows > 0 {
            return Ok(());
        }
        let id = id.to_string();
        let sql = format!("SELECT version AS value FROM {table} WHERE id = $1");
        match self.maybe::<i64>(&sql, args![&id]).await? {
            None => Err(StoreError::not_found(what, id)),
            Some(found) => Err(StoreError::Stale { what, id, expected, found }),
        }
    }

    fn statement(&self, sql: &str, args: Vec<Value>) -> Statement {
        Statement { sql: sql.to_owned(), values: Some(Values(args)), db_backend: self.get_database_backend() }
    }
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

/// Runs the statement on whichever connection it is; the text is always the store's own.
macro_rules! run {
    ($tx:expr, $statement:expr, $method:ident) => {{
        let values = SqlxValues($statement.values.unwrap_or_else(|| Values(Vec::new())));
        match &mut *$tx.raw().await {
            Raw::Sqlite(tx) => {
                sqlx::query_with(AssertSqlSafe($statement.sql), values).$method(&mut **tx).await.map(Of::Sqlite)
            }
            Raw::Postgres(tx) => {
                sqlx::query_with(AssertSqlSafe($statement.sql), values).$method(&mut **tx).await.map(Of::Postgres)
            }
        }
    }};
}

/// An answer of either database.
enum Of<S, P> {
    Sqlite(S),
    Postgres(P),
}

#[async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        match self.backend {
            Backend::Sqlite => DbBackend::Sqlite,
            Backend::Postgres => DbBackend::Postgres,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        Ok(match run!(self, statement, execute).map_err(failed)? {
            Of::Sqlite(done) => done.into(),
            Of::Postgres(done) => done.into(),
        })
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let sql = AssertSqlSafe(sql.to_owned());
        Ok(match &mut *self.raw().await {
            Raw::Sqlite(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map_err(failed)?.into(),
            Raw::Postgres(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map_err(failed)?.into(),
        })
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(match run!(self, statement, fetch_optional).map_err(failed)? {
            Of::Sqlite(row) => row.map(QueryResult::from),
            Of::Postgres(row) => row.map(QueryResult::from),
        })
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        Ok(match run!(self, statement, fetch_all).map_err(failed)? {
            Of::Sqlite(rows) => rows.into_iter().map(QueryResult::from).collect(),
            Of::Postgres(rows) => rows.into_iter().map(QueryResult::from).collect(),
        })
    }
}
