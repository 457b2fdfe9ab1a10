//! Runs: what a period is calculated from ([`load`], [`facts`]) and what came out of it.

pub mod facts;
pub mod load;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value as Json, json};
use traguardo_domain::access::Scope;
use traguardo_domain::exact::Exact;
use traguardo_domain::finding::Severity;
use traguardo_domain::id::{JobId, ParticipantId, PeriodId, PlanId, PlanVersionId, RunId, UnitId};
use traguardo_domain::run::RunOutcome;

use crate::db::list::{self, Source, number, text};
use crate::db::reach;
use crate::db::{Listed, Listing, Scaled, StoreError, Tx, args, new_id, row};

row! {
    /// A calculation of a period.
    pub struct Run {
        /// Its id.
        pub id: RunId,
        /// Of which period.
        pub period_id: PeriodId,
        /// `regular` or `reopened`.
        pub kind: String,
        /// Which of the period's runs, from 1.
        pub no: i64,
        /// A word of the workflow.
        pub state: String,
        /// The published run before it.
        pub previous_run_id: Option<RunId>,
        /// The last import that counted.
        pub last_batch: i64,
        /// The day as of which the roster was read.
        pub roster_as_of: NaiveDate,
        /// What made it.
        pub engine: String,
        /// What else was fixed, JSON: plan versions with their hashes, goal versions.
        pub fixed: String,
        /// SHA-256 over all inputs.
        pub input_sha256: Option<String>,
        /// SHA-256 over all results.
        pub result_sha256: Option<String>,
        /// Rows of the result.
        pub participants: i64,
        /// Whether nothing blocks.
        pub complete: bool,
        /// JSON: totals by currency, the ledger that proves conservation, what plans excluded.
        pub summary: String,
        /// Why it was made again.
        pub reason: Option<String>,
        /// The job that made it.
        pub job_id: Option<JobId>,
        /// Who asked for it.
        pub created_by: Option<String>,
        /// When.
        pub created_at: DateTime<Utc>,
        /// Last change.
        pub updated_at: DateTime<Utc>,
        /// Counts changes.
        pub version: i64,
    }
}

/// What a run is recorded with, besides its outcome.
#[derive(Debug, Clone)]
pub struct NewRun {
    /// Of which period.
    pub period_id: PeriodId,
    /// `regular` or `reopened`.
    pub kind: String,
    /// The last import that counted.
    pub last_batch: i64,
    /// The day as of which the roster was read.
    pub roster_as_of: NaiveDate,
    /// What else was fixed, JSON.
    pub fixed: String,
    /// Why it was made again.
    pub reason: Option<String>,
    /// The job that made it.
    pub job_id: Option<JobId>,
    /// Who asked for it.
    pub created_by: Option<String>,
}

const RUN: &str = "r.id, r.period_id, r.kind, r.no, r.state, r.previous_run_id, r.last_batch, r.roster_as_of, r.engine, \
                   r.fixed, r.input_sha256, r.result_sha256, r.participants, r.complete, r.summary, r.reason, r.job_id, \
                   r.created_by, r.created_at, r.updated_at, r.version";

/// The run.
pub async fn run(tx: &Tx, id: RunId) -> Result<Run, StoreError> {
    tx.one("run", id, &format!("SELECT {RUN} FROM runs r WHERE r.id = $1"), args![id]).await
}

/// Locks the run, so that what is decided from its state stays true.
pub async fn lock(tx: &Tx, id: RunId) -> Result<Run, StoreError> {
    tx.lock("runs", id).await?;
    run(tx, id).await
}

const RUNS: Source = Source {
    columns: RUN,
    from: "runs r",
    id: "r.id",
    fields: &[
        text("created_at", "r.created_at"),
        text("state", "r.state"),
        text("period_id", "r.period_id"),
        text("kind", "r.kind"),
        number("no", "r.no"),
    ],
    sort: "-created_at",
};

/// Runs, latest first.
pub async fn runs(tx: &Tx, listing: &Listing) -> Result<Listed<Run>, StoreError> {
    list::list(tx, &RUNS, listing, vec![], vec![]).await
}

/// The last published (or closed) run of a period.
pub async fn last_published(tx: &Tx, period: PeriodId) -> Result<Option<Run>, StoreError> {
    let sql = format!(
        "SELECT {RUN} FROM runs r WHERE r.period_id = $1 AND r.state IN ('published', 'closed') \
         ORDER BY r.no DESC LIMIT 1"
    );
    tx.maybe(&sql, args![period]).await
}

/// Moves a run at `version` to another state.
pub async fn set_state(tx: &Tx, id: RunId, version: i64, state: &str) -> Result<Run, StoreError> {
    let sql = "UPDATE runs SET state = $3, updated_at = $4, version = version + 1 WHERE id = $1 AND version = $2";
    let rows = tx.execute(sql, args![id, version, state, tx.now()]).await?;
    tx.updated(rows, ("runs", "run"), id, version).await?;
    run(tx, id).await
}

/// An amount as the database keeps it; refused when it is no decimal of six digits.
pub(crate) fn scaled(exact: &Exact) -> Result<Scaled, StoreError> {
    let decimal = exact.to_decimal().ok_or_else(|| {
        StoreError::refused("no_decimal", format!("`{exact}` is no decimal number: let the plan round it"))
    })?;
    Ok(Scaled::try_from(decimal)?)
}

/// Keeps a run with its documents, credits and findings as a preview. With a rollback in place of
/// the commit it leaves nothing. On PostgreSQL and SQLite the rows are the same bytes.
pub async fn save(tx: &Tx, new: &NewRun, outcome: &RunOutcome) -> Result<Run, StoreError> {
    tx.lock("periods", new.period_id).await?;
    let no = tx.number("SELECT MAX(no) AS value FROM runs WHERE period_id = $1", args![new.period_id]).await?;
    let previous = last_published(tx, new.period_id).await?;
    let id: RunId = new_id();
    let summary = json!({
        "totals": outcome.totals,
        "ledger": outcome.ledger,
        "measure_exclusions": outcome.measure_exclusions,
    });
    tx.execute(
        "INSERT INTO runs (id, period_id, kind, no, state, previous_run_id, last_batch, roster_as_of, engine, fixed, \
         input_sha256, result_sha256, participants, complete, summary, reason, job_id, created_by, created_at, \
         updated_at) \
         VALUES ($1, $2, $3, $4, 'previewed', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18)",
        args![
            id,
            new.period_id,
            &new.kind,
            no.saturating_add(1),
            previous.map(|run| run.id),
            new.last_batch,
            new.roster_as_of,
            outcome.engine,
            &new.fixed,
            &outcome.input_sha256,
            &outcome.result_sha256,
            i64::try_from(outcome.results.len()).unwrap_or(i64::MAX),
            outcome.complete(),
            summary.to_string(),
            &new.reason,
            new.job_id,
            &new.created_by,
            tx.now()
        ],
    )
    .await?;
    let ids = Ids::load(tx).await?;
    save_results(tx, id, outcome, &ids).await?;
    save_credits(tx, id, outcome, &ids).await?;
    for (no, finding) in (1_i64..).zip(&outcome.findings) {
        let severity = if finding.severity == Severity::Error { "error" } else { "warning" };
        let sql = "INSERT INTO run_findings (run_id, no, severity, code, path, message, help) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let (path, message) = (&finding.path, &finding.message);
        tx.execute(sql, args![id, no, severity, &finding.code, path, message, &finding.help]).await?;
    }
    run(tx, id).await
}

/// From the codes of the calculation to the ids of the rows.
struct Ids {
    participants: BTreeMap<String, ParticipantId>,
    units: BTreeMap<String, UnitId>,
}

impl Ids {
    async fn load(tx: &Tx) -> Result<Self, StoreError> {
        let participants = crate::organization::all_participants(tx).await?;
        let units = crate::organization::all_units(tx).await?;
        Ok(Self {
            participants: participants.into_iter().map(|row| (row.code, row.id)).collect(),
            units: units.into_iter().map(|row| (row.code, row.id)).collect(),
        })
    }

    fn participant(&self, code: &str) -> Result<ParticipantId, StoreError> {
        self.participants.get(code).copied().ok_or_else(|| StoreError::not_found("participant", code))
    }
}

fn plan_version(id: &str) -> Result<PlanVersionId, StoreError> {
    id.parse().map_err(|_| StoreError::not_found("plan version", id))
}

async fn save_results(tx: &Tx, id: RunId, outcome: &RunOutcome, ids: &Ids) -> Result<(), StoreError> {
    let columns = "run_id, participant_id, plan_version_id, unit_id, first_day, last_day, input, input_sha256, result, \
                   result_sha256, earned, payment, currency";
    for rows in outcome.results.chunks(50) {
        let (mut args, mut values) = (Vec::new(), Vec::new());
        for row in rows {
            let unit = row.unit.as_ref().and_then(|code| ids.units.get(code)).copied();
            let earned = scaled(&row.evaluated.earned.value)?;
            let payment = scaled(&row.evaluated.payment.value)?;
            let participant = ids.participant(&row.participant)?;
            let first = args.len();
            args.extend(args![
                id,
                participant,
                plan_version(&row.plan)?,
                unit,
                row.days.first,
                row.days.last,
                &row.input,
                &row.input_sha256,
                &row.result,
                &row.result_sha256,
                earned,
                payment,
                &row.currency
            ]);
            let places: Vec<String> = (first..args.len()).map(|n| format!("${}", n.saturating_add(1))).collect();
            values.push(format!("({})", places.join(",")));
        }
        tx.execute(&format!("INSERT INTO run_participants ({columns}) VALUES {}", values.join(",")), args).await?;
    }
    Ok(())
}

async fn save_credits(tx: &Tx, id: RunId, outcome: &RunOutcome, ids: &Ids) -> Result<(), StoreError> {
    let columns = "run_id, participant_id, category_code, kind, amount, quantity, margin, lines";
    for rows in outcome.credits.chunks(200) {
        let (mut args, mut values) = (Vec::new(), Vec::new());
        for row in rows {
            let kind = serde_json::to_value(row.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
            let first = args.len();
            args.extend(args![
                id,
                ids.participant(&row.participant)?,
                &row.category,
                kind.unwrap_or_default(),
                row.amount.to_string(),
                row.quantity.to_string(),
                row.margin.to_string(),
                i64::try_from(row.lines).unwrap_or(i64::MAX)
            ]);
            let places: Vec<String> = (first..args.len()).map(|n| format!("${}", n.saturating_add(1))).collect();
            values.push(format!("({})", places.join(",")));
        }
        tx.execute(&format!("INSERT INTO run_credits ({columns}) VALUES {}", values.join(",")), args).await?;
    }
    Ok(())
}

/// Removes a preview with all that belongs to it; the database refuses any other run.
pub async fn delete_preview(tx: &Tx, id: RunId) -> Result<(), StoreError> {
    for table in ["run_findings", "run_credits", "run_participants"] {
        tx.execute(&format!("DELETE FROM {table} WHERE run_id = $1"), args![id]).await?;
    }
    let rows = tx.execute("DELETE FROM runs WHERE id = $1", args![id]).await?;
    if rows == 0 { Err(StoreError::not_found("run", id)) } else { Ok(()) }
}

row! {
    /// The result of one participant by one plan version.
    pub struct RunRow {
        /// Whose.
        pub participant_id: ParticipantId,
        /// Whose, by code.
        pub participant_code: String,
        /// Whose, by name.
        pub participant_name: String,
        /// By which plan version.
        pub plan_version_id: PlanVersionId,
        /// The plan.
        pub plan_id: PlanId,
        /// Where.
        pub unit_id: Option<UnitId>,
        /// For the days from here
        pub first_day: NaiveDate,
        /// to here.
        pub last_day: NaiveDate,
        /// SHA-256 of the input document.
        pub input_sha256: String,
        /// SHA-256 of the result document.
        pub result_sha256: String,
        /// Earned.
        pub earned: Scaled,
        /// To be paid.
        pub payment: Scaled,
        /// ISO 4217.
        pub currency: String,
    }
}

const ROWS: Source = Source {
    columns: "x.participant_id, p.code AS participant_code, p.name AS participant_name, x.plan_version_id, v.plan_id, \
              x.unit_id, x.first_day, x.last_day, x.input_sha256, x.result_sha256, x.earned, x.payment, x.currency",
    from: "run_participants x JOIN participants p ON p.id = x.participant_id \
           JOIN plan_versions v ON v.id = x.plan_version_id",
    // Unique within a run.
    id: "(x.participant_id || x.plan_version_id)",
    fields: &[
        text("participant_code", "p.code"),
        text("participant_id", "x.participant_id"),
        text("plan_version_id", "x.plan_version_id"),
        text("unit_id", "COALESCE(x.unit_id, '')"),
        number("payment", "x.payment"),
        number("earned", "x.earned"),
    ],
    sort: "participant_code",
};

/// Results of a run for participants within reach, without their documents.
pub async fn results(tx: &Tx, scope: &Scope, id: RunId, listing: &Listing) -> Result<Listed<RunRow>, StoreError> {
    let mut args = args![id];
    let within = reach::participants(scope, "x.participant_id", tx.now(), &mut args);
    list::list(tx, &ROWS, listing, vec!["x.run_id = $1".to_owned(), within], args).await
}

row! {
    /// The stored documents of a result.
    pub struct Documents {
        /// Whose, by code.
        pub participant: String,
        /// By which plan version.
        pub plan: PlanVersionId,
        /// The input document.
        pub input: String,
        /// SHA-256 of it as stored.
        pub input_sha256: String,
        /// The result document.
        pub result: String,
        /// SHA-256 of it as stored.
        pub result_sha256: String,
    }
}

const DOCUMENTS: &str = "p.code AS participant, x.plan_version_id AS plan, x.input, x.input_sha256, x.result, \
                         x.result_sha256";

/// All documents of a run on one plan version, by code of the participant: for the proof.
pub async fn documents(tx: &Tx, id: RunId, plan: PlanVersionId) -> Result<Vec<Documents>, StoreError> {
    let sql = format!(
        "SELECT {DOCUMENTS} FROM run_participants x JOIN participants p ON p.id = x.participant_id \
         WHERE x.run_id = $1 AND x.plan_version_id = $2 ORDER BY p.code"
    );
    tx.all(&sql, args![id, plan]).await
}

/// The documents of one result.
pub async fn document(
    tx: &Tx,
    scope: &Scope,
    id: RunId,
    participant: ParticipantId,
    plan: PlanVersionId,
) -> Result<Documents, StoreError> {
    let mut args = args![id, participant, plan];
    let within = reach::participants(scope, "x.participant_id", tx.now(), &mut args);
    let sql = format!(
        "SELECT {DOCUMENTS} FROM run_participants x JOIN participants p ON p.id = x.participant_id \
         WHERE x.run_id = $1 AND x.participant_id = $2 AND x.plan_version_id = $3 AND {within}"
    );
    tx.one("result", participant, &sql, args).await
}

/// The plan versions of a run.
pub async fn plan_versions(tx: &Tx, id: RunId) -> Result<Vec<PlanVersionId>, StoreError> {
    let sql =
        "SELECT DISTINCT plan_version_id AS value FROM run_participants WHERE run_id = $1 ORDER BY plan_version_id";
    let ids: Vec<uuid::Uuid> = tx.all(sql, args![id]).await?;
    Ok(ids.into_iter().map(PlanVersionId).collect())
}

/// The units that a run touches: each has a say in its approval.
pub async fn units(tx: &Tx, id: RunId) -> Result<Vec<UnitId>, StoreError> {
    let sql = "SELECT DISTINCT unit_id AS value FROM run_participants WHERE run_id = $1 AND unit_id IS NOT NULL \
               ORDER BY unit_id";
    let ids: Vec<uuid::Uuid> = tx.all(sql, args![id]).await?;
    Ok(ids.into_iter().map(UnitId).collect())
}

row! {
    /// Something a run found.
    pub struct RunFinding {
        /// Its place, from 1.
        pub no: i64,
        /// `warning` or `error`.
        pub severity: String,
        /// Stable code.
        pub code: String,
        /// Where.
        pub path: String,
        /// What is wrong.
        pub message: String,
        /// What to do about it.
        pub help: String,
    }
}

const FINDINGS: Source = Source {
    columns: "f.no, f.severity, f.code, f.path, f.message, f.help",
    from: "run_findings f",
    id: "f.run_id",
    fields: &[number("no", "f.no"), text("severity", "f.severity"), text("code", "f.code")],
    sort: "no",
};

/// The findings of a run, errors first.
pub async fn findings(tx: &Tx, id: RunId, listing: &Listing) -> Result<Listed<RunFinding>, StoreError> {
    list::list(tx, &FINDINGS, listing, vec!["f.run_id = $1".to_owned()], args![id]).await
}

row! {
    /// Credit of a participant in a category, exact.
    pub struct Credit {
        /// Whose.
        pub participant_id: ParticipantId,
        /// Category, by code; empty for lines without one.
        pub category_code: String,
        /// `direct`, `overlay` or `team`.
        pub kind: String,
        /// Money: an exact decimal.
        pub amount: String,
        /// Units.
        pub quantity: String,
        /// Margin.
        pub margin: String,
        /// How many lines.
        pub lines: i64,
    }
}

/// Credits of a run for participants within reach, by participant, category and kind.
pub async fn credits(tx: &Tx, scope: &Scope, id: RunId) -> Result<Vec<Credit>, StoreError> {
    let mut args = args![id];
    let within = reach::participants(scope, "c.participant_id", tx.now(), &mut args);
    let sql = format!(
        "SELECT c.participant_id, c.category_code, c.kind, c.amount, c.quantity, c.margin, c.lines FROM run_credits c \
         WHERE c.run_id = $1 AND {within} ORDER BY c.participant_id, c.category_code, c.kind"
    );
    tx.all(&sql, args).await
}

/// Keeps what participants carry out of a run that is published now: with its statements, once.
pub async fn save_balances(tx: &Tx, id: RunId) -> Result<(), StoreError> {
    let sql = "SELECT x.participant_id, v.plan_id, x.result FROM run_participants x \
               JOIN plan_versions v ON v.id = x.plan_version_id WHERE x.run_id = $1 \
               ORDER BY x.participant_id, v.plan_id, x.first_day DESC";
    let rows: Vec<Carried> = tx.all(sql, args![id]).await?;
    let mut seen = BTreeSet::new();
    for row in rows {
        // Of several versions of one plan the last part of the period carries the balances.
        if !seen.insert((row.participant_id, row.plan_id)) {
            continue;
        }
        let corrupt = || StoreError::Corrupt {
            column: "result".to_owned(),
            value: row.participant_id.to_string(),
            expected: "result document",
        };
        let result: Json = serde_json::from_str(&row.result).map_err(|_| corrupt())?;
        let balances = result.get("balances").ok_or_else(corrupt)?;
        let sql = "INSERT INTO balances (run_id, participant_id, plan_id, document) VALUES ($1, $2, $3, $4)";
        tx.execute(sql, args![id, row.participant_id, row.plan_id, balances.to_string()]).await?;
    }
    Ok(())
}

row! {
    /// A result and whose it is.
    pub struct Carried {
        /// Whose.
        pub participant_id: ParticipantId,
        /// By which plan.
        pub plan_id: PlanId,
        /// The result document.
        pub result: String,
    }
}
