//! What can go wrong in the store, sorted by what the caller can do about it.

use sea_orm::{DbErr, RuntimeErr};

use super::scaled::Unfit;

/// Why the store did not do it. Nothing of the transaction is kept unless it says otherwise.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such row, or it is out of reach.
    #[error("there is no {what} `{id}`")]
    NotFound {
        /// The kind of row, singular, as in the vocabulary.
        what: &'static str,
        /// The id or code that was asked for.
        id: String,
    },
    /// The row has changed since it was read: read it again and decide again.
    #[error("{what} `{id}` has changed: it is at version {found}, not {expected}")]
    Stale {
        /// The kind of row.
        what: &'static str,
        /// Its id.
        id: String,
        /// The version that the caller saw.
        expected: i64,
        /// The version that it has now.
        found: i64,
    },
    /// It would break a uniqueness: the name of the index or columns is given.
    #[error("there is already such a row (`{constraint}`)")]
    Exists {
        /// Which uniqueness: `table.column` on SQLite, the constraint's name on PostgreSQL.
        constraint: String,
    },
    /// It names a row that does not exist.
    #[error("it names a row that does not exist")]
    Reference,
    /// A value is outside what the table allows.
    #[error("a value is outside what the table allows (`{0}`)")]
    Check(String),
    /// It would change what never changes.
    #[error("{0}")]
    Immutable(String),
    /// A rule of the store refuses it; the text says which and what to do.
    #[error("{message}")]
    Refused {
        /// Stable code, `snake_case`.
        code: &'static str,
        /// Lower case start, values in backticks, with the remedy.
        message: String,
    },
    /// A decimal that cannot be kept exactly.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// A list was asked for by an unknown field, sort or cursor.
    #[error("{0}")]
    Listing(String),
    /// Another writer was in the way for too long, or the pool is exhausted: try again later.
    #[error("the database is busy: try again")]
    Busy,
    /// Two transactions met; this one was rolled back and can be done again at once.
    #[error("another transaction was first: try again")]
    Retry,
    /// The disk is full.
    #[error("the disk of the database is full")]
    Full,
    /// What is stored cannot be read: it was not written by this program, or is damaged.
    #[error("column `{column}` holds `{value}`, which is no {expected}")]
    Corrupt {
        /// The column.
        column: String,
        /// What it holds.
        value: String,
        /// What it should be.
        expected: &'static str,
    },
    /// The database cannot be reached or failed in another way.
    #[error("the database failed: {0}")]
    Database(String),
}

impl StoreError {
    /// A row that is not there.
    pub fn not_found(what: &'static str, id: impl ToString) -> Self {
        Self::NotFound { what, id: id.to_string() }
    }

    /// A rule refuses it.
    pub fn refused(code: &'static str, message: impl Into<String>) -> Self {
        Self::Refused { code, message: message.into() }
    }

    /// Whether the same work may succeed when it is done again at once.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Retry | Self::Busy)
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match &error {
            DbErr::Conn(RuntimeErr::SqlxError(inner))
            | DbErr::Exec(RuntimeErr::SqlxError(inner))
            | DbErr::Query(RuntimeErr::SqlxError(inner)) => from_sqlx(inner),
            DbErr::ConnectionAcquire(_) => Self::Busy,
            other => Self::Database(other.to_string()),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        from_sqlx(&error)
    }
}

fn from_sqlx(error: &sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::PoolTimedOut => StoreError::Busy,
        sqlx::Error::Database(inner) => from_database(inner.as_ref()),
        other => StoreError::Database(other.to_string()),
    }
}

fn from_database(error: &dyn sqlx::error::DatabaseError) -> StoreError {
    let message = error.message();
    if let Some((_, what)) = message.split_once("immutable: ") {
        return StoreError::Immutable(what.to_owned());
    }
    let code = error.code().unwrap_or_default();
    match code.as_ref() {
        // PostgreSQL: serialization failure, deadlock.
        "40001" | "40P01" => return StoreError::Retry,
        // PostgreSQL: lock not available, too many connections, shutting down.
        "55P03" | "53300" | "57P01" | "57P02" | "57P03" => return StoreError::Busy,
        // PostgreSQL: disk full; SQLite: SQLITE_FULL.
        "53100" | "13" => return StoreError::Full,
        // SQLite: SQLITE_BUSY with its extensions, SQLITE_LOCKED.
        "5" | "261" | "517" | "773" | "6" | "262" => return StoreError::Busy,
        _ => {}
    }
    if error.is_unique_violation() {
        let constraint = error
            .constraint()
            .map(str::to_owned)
            .or_else(|| message.split_once("failed: ").map(|(_, columns)| columns.to_owned()))
            .unwrap_or_default();
        return StoreError::Exists { constraint };
    }
    if error.is_foreign_key_violation() {
        return StoreError::Reference;
    }
    if error.is_check_violation() {
        let constraint = error.constraint().unwrap_or(message);
        return StoreError::Check(constraint.to_owned());
    }
    StoreError::Database(message.to_owned())
}
