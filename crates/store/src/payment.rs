//! Payment batches: made of issued statements, each paid once.

use chrono::{DateTime, Utc};
use traguardo_domain::id::{ParticipantId, PaymentBatchId, PeriodId, StatementId};

use crate::db::list::{self, Source, number, text};
use crate::db::{Exclusive, Listed, Listing, Scaled, StoreError, Tx, args, new_id, row};

row! {
    /// A payment batch.
    pub struct PaymentBatch {
        /// Its id.
        pub id: PaymentBatchId,
        /// The period whose statements it pays.
        pub period_id: PeriodId,
        /// Which of the period's batches, from 1.
        pub no: i64,
        /// A word of the workflow.
        pub state: String,
        /// ISO 4217: one currency a batch.
        pub currency: String,
        /// Sum of the items.
        pub total: Scaled,
        /// How many items.
        pub items: i64,
        /// SHA-256 of the file as it was first exported.
        pub file_sha256: Option<String>,
        /// Who made it.
        pub created_by: String,
        /// Who approved it: another.
        pub approved_by: Option<String>,
        /// When.
        pub approved_at: Option<DateTime<Utc>>,
        /// When the file was taken.
        pub exported_at: Option<DateTime<Utc>>,
        /// When it was confirmed as paid.
        pub confirmed_at: Option<DateTime<Utc>>,
        /// When it was made.
        pub created_at: DateTime<Utc>,
        /// Last change.
        pub updated_at: DateTime<Utc>,
        /// Counts changes.
        pub version: i64,
    }
}

row! {
    /// One line of a payment batch.
    pub struct PaymentItem {
        /// What is paid.
        pub statement_id: StatementId,
        /// In which batch.
        pub batch_id: PaymentBatchId,
        /// To whom.
        pub participant_id: ParticipantId,
        /// To whom, by code.
        pub participant_code: String,
        /// To whom, by name.
        pub participant_name: String,
        /// How much.
        pub amount: Scaled,
        /// ISO 4217.
        pub currency: String,
        /// For payroll.
        pub cost_center: Option<String>,
    }
}

const BATCH: &str = "id, period_id, no, state, currency, total, items, file_sha256, created_by, approved_by, approved_at, \
                     exported_at, confirmed_at, created_at, updated_at, version";

/// Makes a draft of all statements of a period in one currency that no batch pays yet. A run that
/// was reopened pays its differences forward, so each statement's payment is what is due.
/// Refused when there is nothing to pay.
pub async fn prepare(tx: &Tx, period: PeriodId, currency: &str, by: &str) -> Result<PaymentBatch, StoreError> {
    tx.exclusive(Exclusive::Payment).await?;
    let no = tx.number("SELECT MAX(no) AS value FROM payment_batches WHERE period_id = $1", args![period]).await?;
    let id: PaymentBatchId = new_id();
    let sql = "INSERT INTO payment_batches (id, period_id, no, state, currency, total, items, created_by, created_at, \
               updated_at) VALUES ($1, $2, $3, 'draft', $4, 0, 0, $5, $6, $6)";
    tx.execute(sql, args![id, period, no.saturating_add(1), currency, by, tx.now()]).await?;
    // The cost centre is that of the participant's last place that began before the period's end.
    let sql = "INSERT INTO payment_items (statement_id, batch_id, participant_id, amount, currency, cost_center) \
               SELECT s.id, $1, s.participant_id, s.payment, s.currency, \
               (SELECT v.cost_center FROM participant_versions v WHERE v.participant_id = s.participant_id \
               AND v.valid_from <= d.last_day ORDER BY v.valid_from DESC LIMIT 1) \
               FROM statements s JOIN periods d ON d.id = s.period_id \
               WHERE s.period_id = $2 AND s.currency = $3 \
               AND NOT EXISTS (SELECT 1 FROM payment_items i WHERE i.statement_id = s.id)";
    let items = tx.execute(sql, args![id, period, currency]).await?;
    if items == 0 {
        let message = format!("the period has no issued statement in `{currency}` that is not in a payment batch yet");
        return Err(StoreError::refused("nothing_to_pay", message));
    }
    let sql = "UPDATE payment_batches SET \
               total = (SELECT CAST(SUM(i.amount) AS BIGINT) FROM payment_items i WHERE i.batch_id = $1), \
               items = (SELECT COUNT(*) FROM payment_items i WHERE i.batch_id = $1) WHERE id = $1";
    tx.execute(sql, args![id]).await?;
    batch(tx, id).await
}

/// The batch.
pub async fn batch(tx: &Tx, id: PaymentBatchId) -> Result<PaymentBatch, StoreError> {
    tx.one("payment batch", id, &format!("SELECT {BATCH} FROM payment_batches WHERE id = $1"), args![id]).await
}

const BATCHES: Source = Source {
    columns: BATCH,
    from: "payment_batches",
    id: "id",
    fields: &[
        text("created_at", "created_at"),
        text("state", "state"),
        text("period_id", "period_id"),
        number("total", "total"),
    ],
    sort: "-created_at",
};

/// Batches, latest first.
pub async fn batches(tx: &Tx, listing: &Listing) -> Result<Listed<PaymentBatch>, StoreError> {
    list::list(tx, &BATCHES, listing, vec![], vec![]).await
}

/// The items of a batch, by code of the participant.
pub async fn items(tx: &Tx, id: PaymentBatchId) -> Result<Vec<PaymentItem>, StoreError> {
    let sql = "SELECT i.statement_id, i.batch_id, i.participant_id, p.code AS participant_code, \
               p.name AS participant_name, i.amount, i.currency, i.cost_center FROM payment_items i \
               JOIN participants p ON p.id = i.participant_id WHERE i.batch_id = $1 ORDER BY p.code, i.statement_id";
    tx.all(sql, args![id]).await
}

/// A step of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// Approved by somebody; the database refuses who made it.
    Approve(&'a str),
    /// Exported: the hash of the file.
    Export(&'a str),
    /// Confirmed as paid.
    Confirm,
}

/// Moves a batch at `version` on. The hash of the first export stays.
pub async fn step(tx: &Tx, id: PaymentBatchId, version: i64, step: Step<'_>) -> Result<PaymentBatch, StoreError> {
    let (state, by, file, moment) = match step {
        Step::Approve(by) => ("approved", Some(by), None, "approved_at"),
        Step::Export(file) => ("exported", None, Some(file), "exported_at"),
        Step::Confirm => ("confirmed", None, None, "confirmed_at"),
    };
    let sql = format!(
        "UPDATE payment_batches SET state = $3, approved_by = COALESCE($4, approved_by), \
         file_sha256 = COALESCE(file_sha256, $5), {moment} = $6, updated_at = $6, version = version + 1 \
         WHERE id = $1 AND version = $2"
    );
    let rows = tx.execute(&sql, args![id, version, state, by, file, tx.now()]).await?;
    tx.updated(rows, ("payment_batches", "payment batch"), id, version).await?;
    batch(tx, id).await
}

/// Removes a draft at `version`: its statements can be paid by another.
pub async fn delete_draft(tx: &Tx, id: PaymentBatchId, version: i64) -> Result<(), StoreError> {
    tx.execute("DELETE FROM payment_items WHERE batch_id = $1", args![id]).await?;
    let rows = tx.execute("DELETE FROM payment_batches WHERE id = $1 AND version = $2", args![id, version]).await?;
    tx.updated(rows, ("payment_batches", "payment batch"), id, version).await
}
