//! Indicators of participants per period, and results of the system before.

use chrono::{DateTime, Utc};
use traguardo_domain::id::{BatchId, ParticipantId, PeriodId};

use crate::db::{Change, Scaled, StoreError, Tx, args, row};

row! {
    /// The value of an indicator.
    pub struct Kpi {
        /// Whose.
        pub participant_id: ParticipantId,
        /// Which, as plans name it.
        pub kpi: String,
        /// When.
        pub period_id: PeriodId,
        /// How much.
        pub value: Scaled,
        /// The import it came by.
        pub batch_id: Option<BatchId>,
        /// Counts changes.
        pub version: i64,
        /// Last change.
        pub updated_at: DateTime<Utc>,
    }
}

const KPI: &str = "participant_id, kpi, period_id, value, batch_id, version, updated_at";

/// Sets an indicator.
pub async fn put(
    tx: &Tx,
    participant: ParticipantId,
    kpi: &str,
    period: PeriodId,
    value: Scaled,
    batch: Option<BatchId>,
) -> Result<Change, StoreError> {
    let sql = format!("SELECT {KPI} FROM kpi_values WHERE participant_id = $1 AND kpi = $2 AND period_id = $3");
    let old: Option<Kpi> = tx.maybe(&sql, args![participant, kpi, period]).await?;
    if old.as_ref().is_some_and(|old| old.value == value) {
        return Ok(Change::Unchanged);
    }
    let sql = "INSERT INTO kpi_values AS k (participant_id, kpi, period_id, value, batch_id, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (participant_id, kpi, period_id) DO UPDATE SET \
               value = excluded.value, batch_id = excluded.batch_id, updated_at = excluded.updated_at, \
               version = k.version + 1";
    tx.execute(sql, args![participant, kpi, period, value, batch, tx.now()]).await?;
    Ok(if old.is_some() { Change::Updated } else { Change::Created })
}

/// All indicators of a period, by participant and name.
pub async fn of_period(tx: &Tx, period: PeriodId) -> Result<Vec<Kpi>, StoreError> {
    let sql = format!("SELECT {KPI} FROM kpi_values WHERE period_id = $1 ORDER BY participant_id, kpi");
    tx.all(&sql, args![period]).await
}

row! {
    /// A result of the system before, for the parallel run.
    pub struct ForeignResult {
        /// When.
        pub period_id: PeriodId,
        /// Whose.
        pub participant_id: ParticipantId,
        /// Which component; empty: the whole.
        pub component: String,
        /// How much.
        pub value: Scaled,
    }
}

/// Sets a result of the system before.
pub async fn put_foreign(tx: &Tx, result: &ForeignResult, batch: Option<BatchId>) -> Result<Change, StoreError> {
    let old = tx
        .maybe::<Option<i64>>(
            "SELECT value FROM foreign_results WHERE period_id = $1 AND participant_id = $2 AND component = $3",
            args![result.period_id, result.participant_id, &result.component],
        )
        .await?
        .flatten();
    if old == Some(result.value.0) {
        return Ok(Change::Unchanged);
    }
    let sql = "INSERT INTO foreign_results (period_id, participant_id, component, value, batch_id, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (period_id, participant_id, component) DO UPDATE SET \
               value = excluded.value, batch_id = excluded.batch_id, updated_at = excluded.updated_at";
    let args = args![result.period_id, result.participant_id, &result.component, result.value, batch, tx.now()];
    tx.execute(sql, args).await?;
    Ok(if old.is_some() { Change::Updated } else { Change::Created })
}

/// The results of the system before for a period, by participant and component.
pub async fn foreign(tx: &Tx, period: PeriodId) -> Result<Vec<ForeignResult>, StoreError> {
    let sql = "SELECT period_id, participant_id, component, value FROM foreign_results WHERE period_id = $1 \
               ORDER BY participant_id, component";
    tx.all(sql, args![period]).await
}
