//! What was sold: sources, imports and their findings. Lines are in [`line`], packed in [`block`],
//! their sums in [`total`], indicators and foreign results in [`kpi`].
//!
//! An import of sales stages its lines in pieces, each a short transaction, under the number of its
//! batch; nobody sees them. [`line::publish`] then makes all of them true at once. A process that
//! dies before leaves a staged batch: [`line::discard`] clears it.

pub mod block;
pub mod kpi;
pub mod line;
pub mod total;

use chrono::{DateTime, NaiveDate, Utc};
use traguardo_domain::id::{BatchId, FileId, JobId, MappingId, SourceId};

use crate::db::list::{self, Source, number, text};
use crate::db::{Listed, Listing, Scaled, StoreError, Tx, args, new_id, row};

row! {
    /// Where lines come from.
    pub struct SalesSource {
        /// Its id.
        pub id: SourceId,
        /// Unique.
        pub code: String,
        /// As shown.
        pub name: String,
        /// What happens to data that comes after a close: `ignore`, `next_period`, `reopen`.
        pub late_policy: String,
        /// Below this amount late data is ignored.
        pub late_threshold: Scaled,
        /// Counts changes.
        pub version: i64,
    }
}

row! {
    /// How the columns of a source's files are to be read.
    pub struct Mapping {
        /// Its id.
        pub id: MappingId,
        /// Kind of import.
        pub kind: String,
        /// The source.
        pub source_code: String,
        /// As shown; unique per kind and source.
        pub name: String,
        /// JSON.
        pub document: String,
        /// Counts changes.
        pub version: i64,
        /// Last change.
        pub updated_at: DateTime<Utc>,
    }
}

row! {
    /// An import, from its beginning to its end.
    pub struct Batch {
        /// Numbers its lines.
        pub num: i64,
        /// Its id.
        pub id: BatchId,
        /// Kind of import: `sales`, `participants`, …
        pub kind: String,
        /// The source.
        pub source_code: String,
        /// The file's name.
        pub file_name: String,
        /// The file, if it is kept.
        pub file_id: Option<FileId>,
        /// Its hash: the identity of a file without line ids.
        pub file_sha256: String,
        /// Its length.
        pub file_bytes: i64,
        /// The mapping as it was used, JSON.
        pub mapping: String,
        /// The options as they were used, JSON.
        pub options: String,
        /// `staging`, `published`, `refused`, `cancelled` or `dry_run`.
        pub state: String,
        /// Rows of the file.
        pub rows_in: i64,
        /// Of these: kept.
        pub accepted: i64,
        /// Of these: wrong.
        pub rejected: i64,
        /// Of these: already there.
        pub duplicates: i64,
        /// Control totals, JSON.
        pub totals: Option<String>,
        /// Earliest day of its lines, days since 1970-01-01.
        pub first_day: Option<i64>,
        /// Latest day of its lines.
        pub last_day: Option<i64>,
        /// Currencies of its lines, apart by commas.
        pub currencies: String,
        /// Its place in the order of publication: "as of" means up to this number.
        pub published_no: Option<i64>,
        /// The job that did it.
        pub job_id: Option<JobId>,
        /// Who asked for it.
        pub created_by: Option<String>,
        /// When it began.
        pub created_at: DateTime<Utc>,
        /// When it ended.
        pub finished_at: Option<DateTime<Utc>>,
        /// Counts changes.
        pub version: i64,
    }
}

/// An import to be.
#[derive(Debug, Clone)]
pub struct NewBatch {
    /// Kind of import.
    pub kind: String,
    /// The source.
    pub source_code: String,
    /// The file's name.
    pub file_name: String,
    /// The file, if it is kept.
    pub file_id: Option<FileId>,
    /// Its hash.
    pub file_sha256: String,
    /// Its length.
    pub file_bytes: i64,
    /// JSON.
    pub mapping: String,
    /// JSON.
    pub options: String,
    /// The job that does it.
    pub job_id: Option<JobId>,
    /// Who asks.
    pub created_by: Option<String>,
}

/// What an import did with the rows of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Rows of the file.
    pub rows_in: i64,
    /// Kept.
    pub accepted: i64,
    /// Wrong.
    pub rejected: i64,
    /// Already there.
    pub duplicates: i64,
}

const SOURCE: &str = "id, code, name, late_policy, late_threshold, version";
const MAPPING: &str = "id, kind, source_code, name, document, version, updated_at";
const BATCH: &str = "num, id, kind, source_code, file_name, file_id, file_sha256, file_bytes, mapping, options, state, \
                     rows_in, accepted, rejected, duplicates, totals, first_day, last_day, currencies, published_no, job_id, \
                     created_by, created_at, finished_at, version";

/// The source of this code, made with the default policy if it is new.
pub async fn source(tx: &Tx, code: &str) -> Result<SalesSource, StoreError> {
    let select = format!("SELECT {SOURCE} FROM sales_sources WHERE code = $1");
    if let Some(source) = tx.maybe(&select, args![code]).await? {
        return Ok(source);
    }
    let id: SourceId = new_id();
    let sql = "INSERT INTO sales_sources (id, code, name, created_at, updated_at) VALUES ($1, $2, $2, $3, $3) \
               ON CONFLICT (code) DO NOTHING";
    tx.execute(sql, args![id, code, tx.now()]).await?;
    tx.one("sales source", code, &select, args![code]).await
}

/// Every source, by code.
pub async fn sources(tx: &Tx) -> Result<Vec<SalesSource>, StoreError> {
    tx.all(&format!("SELECT {SOURCE} FROM sales_sources ORDER BY code"), vec![]).await
}

/// Changes name and policy of a source at `version`.
pub async fn update_source(tx: &Tx, source: &SalesSource, version: i64) -> Result<(), StoreError> {
    let sql = "UPDATE sales_sources SET name = $3, late_policy = $4, late_threshold = $5, updated_at = $6, \
               version = version + 1 WHERE id = $1 AND version = $2";
    let args = args![source.id, version, &source.name, &source.late_policy, source.late_threshold, tx.now()];
    let rows = tx.execute(sql, args).await?;
    tx.updated(rows, ("sales_sources", "sales source"), source.id, version).await
}

/// Keeps a mapping under its name, in place of the one before.
pub async fn put_mapping(
    tx: &Tx,
    kind: &str,
    source_code: &str,
    name: &str,
    document: &str,
    by: Option<&str>,
) -> Result<Mapping, StoreError> {
    let id: MappingId = new_id();
    let sql = format!(
        "INSERT INTO import_mappings AS m (id, kind, source_code, name, document, created_by, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (kind, source_code, name) DO UPDATE SET \
         document = excluded.document, updated_at = excluded.updated_at, version = m.version + 1 RETURNING {MAPPING}"
    );
    tx.one("mapping", name, &sql, args![id, kind, source_code, name, document, by, tx.now()]).await
}

/// The mappings of a kind and source, the last changed first.
pub async fn mappings(tx: &Tx, kind: &str, source_code: &str) -> Result<Vec<Mapping>, StoreError> {
    let sql = format!(
        "SELECT {MAPPING} FROM import_mappings WHERE kind = $1 AND source_code = $2 ORDER BY updated_at DESC, name"
    );
    tx.all(&sql, args![kind, source_code]).await
}

/// Begins an import: its lines are staged under its `num`.
pub async fn begin_batch(tx: &Tx, new: &NewBatch) -> Result<Batch, StoreError> {
    let id: BatchId = new_id();
    tx.execute(
        "INSERT INTO import_batches (id, kind, source_code, file_name, file_id, file_sha256, file_bytes, mapping, \
         options, state, job_id, created_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'staging', $10, $11, $12)",
        args![
            id,
            &new.kind,
            &new.source_code,
            &new.file_name,
            new.file_id,
            &new.file_sha256,
            new.file_bytes,
            &new.mapping,
            &new.options,
            new.job_id,
            &new.created_by,
            tx.now()
        ],
    )
    .await?;
    batch(tx, id).await
}

/// The import.
pub async fn batch(tx: &Tx, id: BatchId) -> Result<Batch, StoreError> {
    tx.one("import", id, &format!("SELECT {BATCH} FROM import_batches WHERE id = $1"), args![id]).await
}

/// The published import of exactly this file, if there is one: for sales, the file is then done.
pub async fn published_file(
    tx: &Tx,
    kind: &str,
    source_code: &str,
    file_sha256: &str,
) -> Result<Option<Batch>, StoreError> {
    let sql = format!(
        "SELECT {BATCH} FROM import_batches WHERE kind = $1 AND source_code = $2 AND file_sha256 = $3 \
         AND state = 'published' ORDER BY published_no DESC LIMIT 1"
    );
    tx.maybe(&sql, args![kind, source_code, file_sha256]).await
}

/// The number of the last published import; 0 when there is none. A run fixes it.
pub async fn last_published(tx: &Tx) -> Result<i64, StoreError> {
    tx.number("SELECT MAX(published_no) AS value FROM import_batches", vec![]).await
}

/// Ends an import that keeps nothing: `refused`, `cancelled` or `dry_run`. Clear its lines with
/// [`line::discard`].
pub async fn end_batch(
    tx: &Tx,
    id: BatchId,
    state: &str,
    counts: Counts,
    totals: Option<&str>,
) -> Result<(), StoreError> {
    let sql = "UPDATE import_batches SET state = $2, rows_in = $3, accepted = $4, rejected = $5, duplicates = $6, \
               totals = $7, finished_at = $8, version = version + 1 WHERE id = $1 AND state = 'staging'";
    let args = args![id, state, counts.rows_in, counts.accepted, counts.rejected, counts.duplicates, totals, tx.now()];
    not_staging(tx, id, tx.execute(sql, args).await?).await
}

/// Publishes an import of any kind but sales, in the transaction that writes what it brings.
pub async fn publish_batch(tx: &Tx, id: BatchId, counts: Counts, totals: Option<&str>) -> Result<Batch, StoreError> {
    tx.exclusive(crate::db::Exclusive::Publication).await?;
    let sql = "UPDATE import_batches SET state = 'published', rows_in = $2, accepted = $3, rejected = $4, \
               duplicates = $5, totals = $6, finished_at = $7, version = version + 1, \
               published_no = (SELECT COALESCE(MAX(published_no), 0) + 1 FROM import_batches) \
               WHERE id = $1 AND state = 'staging'";
    let args = args![id, counts.rows_in, counts.accepted, counts.rejected, counts.duplicates, totals, tx.now()];
    not_staging(tx, id, tx.execute(sql, args).await?).await?;
    batch(tx, id).await
}

async fn not_staging(tx: &Tx, id: BatchId, rows: u64) -> Result<(), StoreError> {
    if rows > 0 {
        return Ok(());
    }
    let batch = batch(tx, id).await?;
    Err(StoreError::refused("import_state", format!("the import `{id}` is `{}`: it has ended", batch.state)))
}

const BATCHES: Source = Source {
    columns: BATCH,
    from: "import_batches",
    id: "id",
    fields: &[
        text("created_at", "created_at"),
        text("kind", "kind"),
        text("state", "state"),
        text("source", "source_code"),
        text("created_by", "COALESCE(created_by, '')"),
        number("published_no", "COALESCE(published_no, 0)"),
    ],
    sort: "-created_at",
};

/// Imports, latest first.
pub async fn batches(tx: &Tx, listing: &Listing) -> Result<Listed<Batch>, StoreError> {
    list::list(tx, &BATCHES, listing, vec![], vec![]).await
}

row! {
    /// Something an import found.
    pub struct BatchFinding {
        /// Its place in the report, from 1.
        pub no: i64,
        /// Row of the file, if it is about one.
        pub row_no: Option<i64>,
        /// Column of the file, if it is about one.
        pub column_name: Option<String>,
        /// `warning` or `error`.
        pub severity: String,
        /// Stable code.
        pub code: String,
        /// What is wrong.
        pub message: String,
        /// What to do about it.
        pub help: String,
    }
}

/// Keeps findings of an import.
pub async fn add_findings(tx: &Tx, id: BatchId, findings: &[BatchFinding]) -> Result<(), StoreError> {
    for finding in findings {
        tx.execute(
            "INSERT INTO import_findings (batch_id, no, row_no, column_name, severity, code, message, help) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![
                id,
                finding.no,
                finding.row_no,
                &finding.column_name,
                &finding.severity,
                &finding.code,
                &finding.message,
                &finding.help
            ],
        )
        .await?;
    }
    Ok(())
}

const FINDINGS: Source = Source {
    columns: "f.no, f.row_no, f.column_name, f.severity, f.code, f.message, f.help",
    from: "import_findings f",
    id: "f.batch_id",
    fields: &[number("no", "f.no"), text("severity", "f.severity"), text("code", "f.code")],
    sort: "no",
};

/// The findings of an import, in order.
pub async fn findings(tx: &Tx, id: BatchId, listing: &Listing) -> Result<Listed<BatchFinding>, StoreError> {
    list::list(tx, &FINDINGS, listing, vec!["f.batch_id = $1".to_owned()], args![id]).await
}

row! {
    /// A row that a partial import left out.
    pub struct Reject {
        /// Row of the file.
        pub row_no: i64,
        /// The row as it was.
        pub raw: String,
        /// Why.
        pub reason: String,
    }
}

/// Keeps rows that were left out.
pub async fn add_rejects(tx: &Tx, id: BatchId, rejects: &[Reject]) -> Result<(), StoreError> {
    let sql = "INSERT INTO import_rejects (batch_id, row_no, raw, reason) VALUES ($1, $2, $3, $4)";
    for reject in rejects {
        tx.execute(sql, args![id, reject.row_no, &reject.raw, &reject.reason]).await?;
    }
    Ok(())
}

/// Rows that were left out, from row `after` on, at most `limit`.
pub async fn rejects(tx: &Tx, id: BatchId, after: i64, limit: i64) -> Result<Vec<Reject>, StoreError> {
    let sql = "SELECT row_no, raw, reason FROM import_rejects WHERE batch_id = $1 AND row_no > $2 \
               ORDER BY row_no LIMIT $3";
    tx.all(sql, args![id, after, limit]).await
}

/// Days since 1970-01-01, as lines and batches keep them.
pub fn day_number(day: NaiveDate) -> i64 {
    i64::from(day.to_epoch_days())
}

/// The day of a number; none beyond the calendar.
pub fn day_of(number: i64) -> Option<NaiveDate> {
    NaiveDate::from_epoch_days(i32::try_from(number).ok()?)
}
