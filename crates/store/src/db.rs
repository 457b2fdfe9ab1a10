//! The connection, its transactions and what every feature uses.

pub mod error;
pub mod list;
pub mod reach;
mod row;
pub mod scaled;
pub mod timeline;
pub(crate) mod tx;

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, SubsecRound, Utc};
use sea_orm::{DatabaseConnection, SqlxPostgresConnector, SqlxSqliteConnector};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use traguardo_migrations::{Migrator, MigratorTrait};
use uuid::Uuid;

pub use error::StoreError;
pub use list::{Listed, Listing};
pub use row::{Cell, FromRow, Param, moment_text};
pub(crate) use row::{args, row};
pub use scaled::{Scaled, Unfit};
pub use timeline::Change;
pub use tx::{Exclusive, Tx, WorkError};

/// Which database answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Backend {
    /// Embedded in one file.
    Sqlite,
    /// A server that several processes share.
    Postgres,
}

/// Where the time comes from; tests give their own.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// A new id, ordered by time. Rows that travel get theirs from here.
pub fn new_id<T: From<Uuid>>() -> T {
    T::from(Uuid::now_v7())
}

/// How many connections are opened and how long one waits for them.
#[derive(Debug, Clone, Copy)]
pub struct PoolSize {
    /// Connections of PostgreSQL, or readers of SQLite (which has one writer beside them).
    pub connections: u32,
    /// How long a transaction waits for its turn.
    pub wait: Duration,
}

impl Default for PoolSize {
    fn default() -> Self {
        Self { connections: 8, wait: Duration::from_secs(30) }
    }
}

#[derive(Clone)]
enum Pools {
    /// SQLite has one writer at a time; to queue for it here is fair, to queue in SQLite is not.
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
    },
    Postgres {
        pool: PgPool,
        options: Box<PgConnectOptions>,
    },
}

/// The database. Cheap to clone; all clones share the connections.
#[derive(Clone)]
pub struct Db {
    pools: Pools,
    clock: Clock,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db").field("backend", &self.backend()).finish_non_exhaustive()
    }
}

impl Db {
    /// Connects to `sqlite://PATH` (the file is made if absent) or `postgres://…`.
    /// The schema is left as it is: see [`Db::migrate`].
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::connect_with(url, PoolSize::default()).await
    }

    /// Connects with a given number of connections.
    pub async fn connect_with(url: &str, size: PoolSize) -> Result<Self, StoreError> {
        let pools = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            postgres(url, size).await?
        } else if url.starts_with("sqlite:") {
            sqlite(url, size).await?
        } else {
            return Err(StoreError::refused(
                "database_url",
                "the address of the database begins with neither `sqlite:` nor `postgres:`",
            ));
        };
        Ok(Self { pools, clock: Arc::new(Utc::now) })
    }

    /// The same database with another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Which database answers.
    pub fn backend(&self) -> Backend {
        match self.pools {
            Pools::Sqlite { .. } => Backend::Sqlite,
            Pools::Postgres { .. } => Backend::Postgres,
        }
    }

    /// Now, in the precision that is kept.
    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)().trunc_subsecs(6)
    }

    /// Brings the schema up to date. Several processes may do so at once: one works, the others wait.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => {
                let connection = SqlxSqliteConnector::from_sqlx_sqlite_pool(writer.clone());
                // Another process may finish between our look at the list and our first statement.
                let mut tries = 3_u32;
                loop {
                    match Migrator::up(&connection, None).await {
                        Ok(()) => return Ok(()),
                        Err(error) if tries == 0 => return Err(error.into()),
                        Err(_) => tries = tries.saturating_sub(1),
                    }
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
            Pools::Postgres { options, .. } => {
                // The lock belongs to a connection: this pool has exactly one.
                let single = PgPoolOptions::new().max_connections(1).connect_with((**options).clone()).await?;
                sqlx::query("SELECT pg_advisory_lock(7251001)").execute(&single).await?;
                let connection = SqlxPostgresConnector::from_sqlx_postgres_pool(single.clone());
                let done = Migrator::up(&connection, None).await;
                single.close().await;
                done.map_err(StoreError::from)
            }
        }
    }

    /// Whether the database answers and its schema is this program's.
    pub async fn ready(&self) -> Result<(), StoreError> {
        let pending = Migrator::get_pending_migrations_read_only(&self.sea_orm()).await?;
        match pending.first() {
            None => Ok(()),
            Some(migration) => Err(StoreError::refused(
                "schema_behind",
                format!("the migration `{}` has not been done: run `traguardo migrate`", migration.name()),
            )),
        }
    }

    fn sea_orm(&self) -> DatabaseConnection {
        match &self.pools {
            Pools::Sqlite { readers, .. } => SqlxSqliteConnector::from_sqlx_sqlite_pool(readers.clone()),
            Pools::Postgres { pool, .. } => SqlxPostgresConnector::from_sqlx_postgres_pool(pool.clone()),
        }
    }

    /// Opens a transaction that writes; without [`Tx::commit`] nothing of it is kept.
    /// Prefer [`Db::write_tx`], which does it again when two transactions met.
    ///
    /// SQLite begins IMMEDIATE: one writer at a time, so nothing read inside can be overtaken.
    /// PostgreSQL runs READ COMMITTED: what is read in order to decide is locked by [`Tx::lock`] or
    /// guarded by its version. SERIALIZABLE would make every two writers collide on the head of
    /// the audit chain, which is taken last, at the commit, and held for no longer than that.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => {
                Ok(Tx::sqlite(writer.begin_with("BEGIN IMMEDIATE").await?, true, self.now()))
            }
            Pools::Postgres { pool, .. } => {
                Ok(Tx::postgres(pool.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await?, true, self.now()))
            }
        }
    }

    /// Opens a snapshot: everything read in it is of one moment, and nothing can be written.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        match &self.pools {
            Pools::Sqlite { readers, .. } => {
                Ok(Tx::sqlite(readers.begin_with("BEGIN DEFERRED").await?, false, self.now()))
            }
            Pools::Postgres { pool, .. } => {
                let statement = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                Ok(Tx::postgres(pool.begin_with(statement).await?, false, self.now()))
            }
        }
    }

    /// Does `work` in one transaction and commits it. When two transactions met (a deadlock on
    /// PostgreSQL), it is done again, up to three times; `work` must therefore do nothing outside it.
    pub async fn write_tx<T, E: WorkError>(&self, work: impl AsyncFn(&Tx) -> Result<T, E>) -> Result<T, E> {
        let mut again = 3_u32;
        loop {
            let tx = self.write().await?;
            let done = match work(&tx).await {
                Ok(value) => tx.commit().await.map(|()| value).map_err(E::from),
                Err(error) => {
                    // What was refused is rolled back; a failing rollback changes nothing about that.
                    let _ = tx.rollback().await;
                    Err(error)
                }
            };
            match done {
                Err(error) if again > 0 && matches!(error.store(), Some(StoreError::Retry)) => {
                    again = again.saturating_sub(1);
                }
                done => return done,
            }
        }
    }

    /// Does `work` on one snapshot.
    pub async fn read_tx<T, E: WorkError>(&self, work: impl AsyncFn(&Tx) -> Result<T, E>) -> Result<T, E> {
        let tx = self.read().await?;
        let done = work(&tx).await;
        // A snapshot has nothing to keep.
        let _ = tx.rollback().await;
        done
    }

    /// Closes the connections; transactions under way end first.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres { pool, .. } => pool.close().await,
        }
    }
}

async fn sqlite(url: &str, size: PoolSize) -> Result<Pools, StoreError> {
    if url.contains(":memory:") || url.contains("mode=memory") {
        let message = "a database in memory is another one for each connection: give a file";
        return Err(StoreError::refused("database_url", message));
    }
    // The time-out comes first: to switch to WAL needs a lock too.
    let options = SqliteConnectOptions::from_str(url)?
        .busy_timeout(Duration::from_secs(10))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .statement_cache_capacity(200)
        .pragma("temp_store", "memory")
        .pragma("cache_size", "-32768");
    let writer =
        SqlitePoolOptions::new().max_connections(1).acquire_timeout(size.wait).connect_with(options.clone()).await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(size.connections.max(1))
        .acquire_timeout(size.wait)
        .connect_with(options.pragma("query_only", "on"))
        .await?;
    Ok(Pools::Sqlite { writer, readers })
}

async fn postgres(url: &str, size: PoolSize) -> Result<Pools, StoreError> {
    let options = PgConnectOptions::from_str(url)?
        .application_name("traguardo")
        .statement_cache_capacity(200)
        .options([("lock_timeout", "20s"), ("idle_in_transaction_session_timeout", "120s")]);
    let pool = PgPoolOptions::new()
        .max_connections(size.connections.max(2))
        .acquire_timeout(size.wait)
        .connect_with(options.clone())
        .await?;
    Ok(Pools::Postgres { pool, options: Box::new(options) })
}
