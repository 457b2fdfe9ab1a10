//! Doing an import: for the job, and for the command line.

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde::{Deserialize, Serialize};
use traguardo_domain::finding::Finding;
use traguardo_domain::id::{BatchId, FileId};
use traguardo_intake::kind::Kind;
use traguardo_intake::mapping::Mapping;
use traguardo_store::audit::NewEvent;
use traguardo_store::sales::{self, Batch, Counts, NewBatch, Reject, line};
use traguardo_store::{Db, StoreError, Tx};

use super::names::Known;
use super::order::{Checked, Order};
use super::outcome::{Report, kept};
use super::upload::{Scratch, fetch};
use super::{master, missing, sales as lines};
use crate::job::worker::{Ended, Progress, Task};
use crate::problem::ApiError;

/// The kind of job.
pub const JOB: &str = "import";

/// What the job is given.
#[derive(Debug, Serialize, Deserialize)]
pub struct Payload {
    /// The import that it does.
    pub batch: BatchId,
}

/// Why an import ends before it has done its work.
#[derive(Debug)]
pub enum Stop {
    /// The file cannot be read.
    Refused(Vec<Finding>),
    /// It was told to stop.
    Stopped,
    /// A fault that may pass.
    Again(String),
    /// A fault that stays.
    Failed(String),
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(findings) => findings
                .iter()
                .enumerate()
                .try_for_each(|(at, finding)| write!(f, "{}{finding}", if at > 0 { "; " } else { "" })),
            Self::Stopped => f.write_str("it was stopped"),
            Self::Again(error) | Self::Failed(error) => f.write_str(error),
        }
    }
}

impl Stop {
    /// The file cannot be read.
    pub fn refused(findings: &[Finding]) -> Self {
        Self::Refused(findings.to_vec())
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy | StoreError::Retry | StoreError::Database(_) | StoreError::Full => {
                Self::Again(error.to_string())
            }
            error => Self::Failed(error.to_string()),
        }
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Again(error.to_string())
    }
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        let place = |path: &Option<String>| path.clone().unwrap_or_else(|| "file".to_owned());
        let findings: Vec<Finding> =
            error.errors.iter().map(|fault| Finding::error(&fault.code, place(&fault.path), &fault.message)).collect();
        if findings.is_empty() { Self::Failed(error.detail) } else { Self::Refused(findings) }
    }
}

/// Tells how far the work is, and learns whether to stop.
#[derive(Clone)]
pub struct Watch(Option<Progress>);

impl Watch {
    /// Rows done so far.
    pub fn tell(&self, rows: u64, note: &str) -> Result<(), Stop> {
        let Some(progress) = &self.0 else { return Ok(()) };
        progress.tell(i64::try_from(rows).unwrap_or(i64::MAX), None, note);
        if progress.stopped() { Err(Stop::Stopped) } else { Ok(()) }
    }
}

/// The end of the job, in the transaction of the effect; nothing on the command line.
pub struct End<'t>(Option<&'t Task>);

impl End<'_> {
    async fn job(&self, tx: &Tx, report: &Report) -> Result<(), StoreError> {
        let Some(task) = self.0 else { return Ok(()) };
        task.finish(tx, &serde_json::to_value(report).unwrap_or_default()).await
    }
}

/// Begins an import.
pub async fn begin(tx: &Tx, checked: &Checked, file: Option<FileId>) -> Result<Batch, StoreError> {
    let order = &checked.order;
    let new = NewBatch {
        kind: order.kind.word().to_owned(),
        source_code: order.source.clone(),
        file_name: order.file_name.clone(),
        file_id: file,
        file_sha256: checked.sha256.clone(),
        file_bytes: i64::try_from(checked.bytes).unwrap_or(i64::MAX),
        mapping: checked.mapping.to_json().to_string(),
        options: serde_json::to_string(order).unwrap_or_default(),
        job_id: None,
        created_by: Some(order.actor.id.to_string()),
    };
    sales::source(tx, &order.source).await?;
    sales::begin_batch(tx, &new).await
}

/// Does an import without a job: for the command line.
pub async fn here(db: &Db, checked: &Checked, file: std::fs::File) -> Result<Report, Stop> {
    let batch = db.write_tx(async |tx: &Tx| begin(tx, checked, None).await).await?;
    run(db, &batch, &Scratch::over(file), None).await
}

/// The job.
pub fn job(task: Task) -> LocalBoxFuture<'static, Ended> {
    async move {
        match in_job(&task).await {
            Ok(_) => Ended::Finished,
            Err(Stop::Stopped) => Ended::Stopped,
            Err(Stop::Again(error)) => Ended::Again(error),
            Err(stop @ (Stop::Failed(_) | Stop::Refused(_))) => Ended::Failed(stop.to_string()),
        }
    }
    .boxed_local()
}

async fn in_job(task: &Task) -> Result<Report, Stop> {
    let db = &task.state.db;
    let payload: Payload = serde_json::from_str(&task.job.payload).map_err(|error| Stop::Failed(error.to_string()))?;
    let batch = db.read_tx(async |tx: &Tx| sales::batch(tx, payload.batch).await).await?;
    if batch.state != "staging" {
        // An earlier attempt ended it; the job's own end was lost with its worker.
        let mut report = Report::new(batch.id, ended_word(&batch.state));
        (report.rows_in, report.accepted) = (batch.rows_in, batch.accepted);
        (report.rejected, report.duplicates) = (batch.rejected, batch.duplicates);
        let finish = async |tx: &Tx| End(Some(task)).job(tx, &report).await;
        db.write_tx(finish).await?;
        return Ok(report);
    }
    let Some(file) = batch.file_id else { return Err(Stop::Failed("the import has no file".to_owned())) };
    let scratch = fetch(db, file).await?;
    run(db, &batch, &scratch, Some(task)).await
}

fn ended_word(state: &str) -> &'static str {
    match state {
        "published" => "published",
        "dry_run" => "dry_run",
        "cancelled" => "cancelled",
        _ => "refused",
    }
}

/// Does an import that has begun. Whatever happens, the import ends with a word, except after a fault that may pass.
pub async fn run(db: &Db, batch: &Batch, scratch: &Scratch, task: Option<&Task>) -> Result<Report, Stop> {
    // What an attempt before left behind.
    discard(db, batch).await?;
    let order: Order = serde_json::from_str(&batch.options).map_err(|error| Stop::Failed(error.to_string()))?;
    let mapping = Mapping::parse(&batch.mapping).map_err(Stop::Refused)?;
    let watch = Watch(task.map(|task| task.progress.clone()));
    let import = Import { db, batch, order: &order, mapping: &mapping, scratch, watch, end: End(task) };
    let done = match order.kind {
        Kind::Sales => import.sales().await,
        _ => import.master().await,
    };
    match done {
        Err(Stop::Refused(findings)) => import.unreadable(&findings).await,
        Err(stop @ (Stop::Stopped | Stop::Failed(_))) => {
            let word = if matches!(stop, Stop::Stopped) { "cancelled" } else { "refused" };
            let end = async |tx: &Tx| sales::end_batch(tx, batch.id, word, Counts::default(), None).await;
            db.write_tx(end).await?;
            discard(db, batch).await?;
            Err(stop)
        }
        done => done,
    }
}

/// Removes staged lines, in pieces that keep other writers going.
async fn discard(db: &Db, batch: &Batch) -> Result<(), StoreError> {
    if batch.kind != Kind::Sales.word() {
        return Ok(());
    }
    while db.write_tx(async |tx: &Tx| line::discard(tx, batch.id, 20_000).await).await? > 0 {}
    Ok(())
}

struct Import<'i> {
    db: &'i Db,
    batch: &'i Batch,
    order: &'i Order,
    mapping: &'i Mapping,
    scratch: &'i Scratch,
    watch: Watch,
    end: End<'i>,
}

impl Import<'_> {
    async fn sales(&self) -> Result<Report, Stop> {
        let (order, batch) = (self.order, self.batch);
        let already =
            async |tx: &Tx| sales::published_file(tx, &batch.kind, &batch.source_code, &batch.file_sha256).await;
        if let Some(earlier) = self.db.read_tx(already).await? {
            return self.already(&earlier).await;
        }
        let known = self.db.read_tx(async |tx: &Tx| Known::load(tx, &order.source).await).await?;
        let (scratch, order_, mapping, watch) =
            (self.scratch.share()?, order.clone(), self.mapping.clone(), self.watch.clone());
        let reading = move || lines::read(&scratch, &order_, &mapping, known, &watch);
        let pass = tokio::task::spawn_blocking(reading).await;
        let pass = pass.map_err(|_| Stop::Failed("reading the file panicked; see the log".to_owned()))??;
        let whole = pass.counts.rejected == 0 || order.partial;
        if order.dry_run || !whole {
            let word = if order.dry_run { "dry_run" } else { "refused" };
            let report = Report::new(batch.id, word).with(pass.counts, &pass.books);
            return self.nothing_kept(report, &pass.rejects, &kept(&pass.books)).await;
        }
        let mut created = missing::Created::new();
        if order.create_missing {
            let create = async |tx: &Tx| {
                let created = missing::create(tx, &pass.references, &order.currency).await?;
                if !created.is_empty() {
                    let after = serde_json::to_string(&created).unwrap_or_default();
                    tx.note(NewEvent::new(&order.actor, "import.create_missing", "import", batch.id).after(after));
                }
                Ok::<_, StoreError>(created)
            };
            created = self.db.write_tx(create).await?;
        }
        lines::stage(self.db, batch, (self.scratch, order, self.mapping), &self.watch).await?;
        let findings = kept(&pass.books);
        let totals = super::outcome::totals(&pass.books).to_string();
        let publish = async |tx: &Tx| {
            sales::add_findings(tx, batch.id, &findings).await?;
            sales::add_rejects(tx, batch.id, &pass.rejects).await?;
            let published = line::publish(tx, batch.id, pass.counts, Some(&totals)).await?;
            let done = &published.batch;
            let counts = Counts {
                rows_in: done.rows_in,
                accepted: done.accepted,
                rejected: done.rejected,
                duplicates: done.duplicates,
            };
            let mut report = Report::new(batch.id, "published").with(counts, &pass.books);
            report.superseded = published.superseded;
            report.created.clone_from(&created);
            self.note(tx, "import.publish", &report);
            self.end.job(tx, &report).await?;
            Ok::<_, StoreError>(report)
        };
        match self.db.write_tx(publish).await {
            // Another import of the very same file was quicker.
            Err(StoreError::Exists { .. }) => match self.db.read_tx(already).await? {
                Some(earlier) => self.already(&earlier).await,
                None => Err(Stop::Again("another import of this file is under way".to_owned())),
            },
            done => done.map_err(Stop::from),
        }
    }

    /// The file has been imported before: nothing is, and that is said.
    async fn already(&self, earlier: &Batch) -> Result<Report, Stop> {
        let mut report = Report::new(self.batch.id, "refused");
        (report.rows_in, report.duplicates) = (earlier.rows_in, earlier.rows_in);
        report.already = Some(earlier.id.to_string());
        let message = format!("this very file was imported before, as `{}`: nothing is imported", earlier.id);
        let finding =
            traguardo_intake::report::RowFinding::of_row(0, Finding::warning("file_already_imported", "file", message));
        let limits = traguardo_intake::limits::Limits::default();
        let mut books = traguardo_intake::report::Books::new(&limits);
        books.log.add(&finding);
        let counts = Counts { rows_in: report.rows_in, duplicates: report.duplicates, ..Counts::default() };
        let report =
            Report { already: report.already.clone(), ..Report::new(self.batch.id, "refused").with(counts, &books) };
        let done = self.nothing_kept(report, &[], &kept(&books)).await?;
        discard(self.db, self.batch).await?;
        Ok(done)
    }

    async fn master(&self) -> Result<Report, Stop> {
        let (order, batch) = (self.order, self.batch);
        let (scratch, order_, mapping, watch) =
            (self.scratch.share()?, order.clone(), self.mapping.clone(), self.watch.clone());
        let pass = tokio::task::spawn_blocking(move || master::read(&scratch, &order_, &mapping, &watch)).await;
        let pass = pass.map_err(|_| Stop::Failed("reading the file panicked; see the log".to_owned()))??;
        let tx = self.db.write().await?;
        let mut applied = master::apply(&tx, batch, order, pass).await?;
        let counts = lines::counts(&applied.books, applied.rows)?;
        let whole = counts.rejected == 0 || order.partial;
        if order.dry_run || !whole {
            tx.rollback().await?;
            let word = if order.dry_run { "dry_run" } else { "refused" };
            let mut report = Report::new(batch.id, word).with(counts, &applied.books);
            report.created = std::mem::take(&mut applied.created);
            return self.nothing_kept(report, &applied.rejects, &kept(&applied.books)).await;
        }
        sales::add_findings(&tx, batch.id, &kept(&applied.books)).await?;
        sales::add_rejects(&tx, batch.id, &applied.rejects).await?;
        let totals = super::outcome::totals(&applied.books).to_string();
        sales::publish_batch(&tx, batch.id, counts, Some(&totals)).await?;
        let mut report = Report::new(batch.id, "published").with(counts, &applied.books);
        report.created = applied.created;
        self.note(&tx, "import.publish", &report);
        self.end.job(&tx, &report).await?;
        tx.commit().await?;
        Ok(report)
    }

    /// Ends an import that keeps nothing, with what it found.
    async fn nothing_kept(
        &self,
        report: Report,
        rejects: &[Reject],
        findings: &[sales::BatchFinding],
    ) -> Result<Report, Stop> {
        let batch = self.batch;
        let counts = Counts {
            rows_in: report.rows_in,
            accepted: report.accepted,
            rejected: report.rejected,
            duplicates: report.duplicates,
        };
        let totals = report.totals.to_string();
        let end = async |tx: &Tx| {
            sales::add_findings(tx, batch.id, findings).await?;
            sales::add_rejects(tx, batch.id, rejects).await?;
            sales::end_batch(tx, batch.id, report.state, counts, Some(&totals)).await?;
            self.note(tx, if report.state == "dry_run" { "import.dry_run" } else { "import.refuse" }, &report);
            self.end.job(tx, &report).await
        };
        self.db.write_tx(end).await?;
        Ok(report)
    }

    /// Ends an import whose file cannot be read to its end.
    async fn unreadable(&self, findings: &[Finding]) -> Result<Report, Stop> {
        discard(self.db, self.batch).await?;
        let limits = traguardo_intake::limits::Limits::default();
        let mut books = traguardo_intake::report::Books::new(&limits);
        for finding in findings {
            let mut found = traguardo_intake::report::RowFinding::of_row(0, finding.clone());
            found.finding.path.clone_from(&finding.path);
            books.log.add(&found);
        }
        let report = Report::new(self.batch.id, "refused").with(Counts::default(), &books);
        self.nothing_kept(report, &[], &kept(&books)).await
    }

    fn note(&self, tx: &Tx, action: &str, report: &Report) {
        let after = serde_json::json!({
            "kind": self.batch.kind, "source": self.batch.source_code, "file": self.batch.file_name,
            "sha256": self.batch.file_sha256, "rows_in": report.rows_in, "accepted": report.accepted,
            "rejected": report.rejected, "duplicates": report.duplicates,
        });
        tx.note(NewEvent::new(&self.order.actor, action, "import", self.batch.id).after(after));
    }
}
