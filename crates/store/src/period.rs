//! Periods of the calendar that are open for work or closed for good.

use chrono::{DateTime, NaiveDate, Utc};
use traguardo_domain::id::PeriodId;

use crate::db::list::{self, Source, text};
use crate::db::{Listed, Listing, StoreError, Tx, args, new_id, row};

row! {
    /// A period.
    pub struct Period {
        /// Its id.
        pub id: PeriodId,
        /// `2026-01`, `2026-Q1`, `2026-T1`, `2026-H1`, `2026`.
        pub code: String,
        /// `month`, `quarter`, `four_month`, `half_year` or `year`.
        pub kind: String,
        /// First day.
        pub first_day: NaiveDate,
        /// Last day.
        pub last_day: NaiveDate,
        /// `open` or `closed`.
        pub state: String,
        /// Counts changes.
        pub version: i64,
        /// When it was opened.
        pub created_at: DateTime<Utc>,
        /// Last change.
        pub updated_at: DateTime<Utc>,
    }
}

const PERIOD: &str = "id, code, kind, first_day, last_day, state, version, created_at, updated_at";

/// Opens the period of this code, or gives the one that is there.
pub async fn open(
    tx: &Tx,
    code: &str,
    kind: &str,
    (first_day, last_day): (NaiveDate, NaiveDate),
) -> Result<Period, StoreError> {
    let id: PeriodId = new_id();
    let sql = "INSERT INTO periods (id, code, kind, first_day, last_day, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (code) DO NOTHING";
    tx.execute(sql, args![id, code, kind, first_day, last_day, tx.now()]).await?;
    tx.one("period", code, &format!("SELECT {PERIOD} FROM periods WHERE code = $1"), args![code]).await
}

/// The period.
pub async fn period(tx: &Tx, id: PeriodId) -> Result<Period, StoreError> {
    tx.one("period", id, &format!("SELECT {PERIOD} FROM periods WHERE id = $1"), args![id]).await
}

/// The period of this code.
pub async fn by_code(tx: &Tx, code: &str) -> Result<Option<Period>, StoreError> {
    tx.maybe(&format!("SELECT {PERIOD} FROM periods WHERE code = $1"), args![code]).await
}

/// Every period, by first day, shorter ones first.
pub async fn all(tx: &Tx) -> Result<Vec<Period>, StoreError> {
    tx.all(&format!("SELECT {PERIOD} FROM periods ORDER BY first_day, last_day, code"), vec![]).await
}

/// The closed periods that touch the days from `first` to `last`.
pub async fn closed(tx: &Tx, first: NaiveDate, last: NaiveDate) -> Result<Vec<Period>, StoreError> {
    let sql = format!(
        "SELECT {PERIOD} FROM periods WHERE state = 'closed' AND first_day <= $2 AND last_day >= $1 \
         ORDER BY first_day, last_day, code"
    );
    tx.all(&sql, args![first, last]).await
}

/// Closes or opens a period at `version`. Keeps whoever decides by its state waiting: the row is locked.
pub async fn set_state(tx: &Tx, id: PeriodId, version: i64, state: &str) -> Result<(), StoreError> {
    let sql = "UPDATE periods SET state = $3, updated_at = $4, version = version + 1 WHERE id = $1 AND version = $2";
    let rows = tx.execute(sql, args![id, version, state, tx.now()]).await?;
    tx.updated(rows, ("periods", "period"), id, version).await
}

/// Locks a period, so that its state stays what it is until the end of the transaction.
pub async fn lock(tx: &Tx, id: PeriodId) -> Result<Period, StoreError> {
    tx.lock("periods", id).await?;
    period(tx, id).await
}

const LIST: Source = Source {
    columns: PERIOD,
    from: "periods",
    id: "id",
    fields: &[
        text("first_day", "first_day"),
        text("last_day", "last_day"),
        text("code", "code"),
        text("kind", "kind"),
        text("state", "state"),
    ],
    sort: "-first_day",
};

/// Periods, latest first.
pub async fn list(tx: &Tx, listing: &Listing) -> Result<Listed<Period>, StoreError> {
    list::list(tx, &LIST, listing, vec![], vec![]).await
}
