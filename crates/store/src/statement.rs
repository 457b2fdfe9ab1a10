//! Issued statements: immutable, read by one query.

use chrono::{DateTime, Utc};
use traguardo_domain::access::Scope;
use traguardo_domain::id::{ParticipantId, PeriodId, PlanVersionId, RunId, StatementId};

use crate::db::list::{self, Source, number, text};
use crate::db::reach;
use crate::db::{Listed, Listing, Scaled, StoreError, Tx, args, row};

row! {
    /// A statement with its document.
    pub struct Statement {
        /// Its id.
        pub id: StatementId,
        /// The run that made it.
        pub run_id: RunId,
        /// Whose.
        pub participant_id: ParticipantId,
        /// By which plan.
        pub plan_version_id: PlanVersionId,
        /// For when.
        pub period_id: PeriodId,
        /// The result document, derivation included, byte for byte as the run made it.
        pub document: String,
        /// SHA-256 of it.
        pub sha256: String,
        /// Earned.
        pub earned: Scaled,
        /// To be paid.
        pub payment: Scaled,
        /// ISO 4217.
        pub currency: String,
        /// The statement it takes the place of.
        pub replaces_id: Option<StatementId>,
        /// When.
        pub issued_at: DateTime<Utc>,
    }
}

row! {
    /// A statement as a list shows it.
    pub struct StatementLine {
        /// Its id.
        pub id: StatementId,
        /// The run that made it.
        pub run_id: RunId,
        /// Whose.
        pub participant_id: ParticipantId,
        /// Whose, by code.
        pub participant_code: String,
        /// Whose, by name.
        pub participant_name: String,
        /// By which plan.
        pub plan_version_id: PlanVersionId,
        /// For when.
        pub period_id: PeriodId,
        /// For when, by code.
        pub period_code: String,
        /// SHA-256 of the document.
        pub sha256: String,
        /// Earned.
        pub earned: Scaled,
        /// To be paid.
        pub payment: Scaled,
        /// ISO 4217.
        pub currency: String,
        /// The statement it takes the place of.
        pub replaces_id: Option<StatementId>,
        /// When.
        pub issued_at: DateTime<Utc>,
    }
}

const STATEMENT: &str = "s.id, s.run_id, s.participant_id, s.plan_version_id, s.period_id, s.document, s.sha256, \
                         s.earned, s.payment, s.currency, s.replaces_id, s.issued_at";

/// The statement, if its participant is within reach; otherwise not found.
pub async fn statement(tx: &Tx, scope: &Scope, id: StatementId) -> Result<Statement, StoreError> {
    let mut args = args![id];
    let within = reach::participants(scope, "s.participant_id", tx.now(), &mut args);
    let sql = format!("SELECT {STATEMENT} FROM statements s WHERE s.id = $1 AND {within}");
    tx.one("statement", id, &sql, args).await
}

const STATEMENTS: Source = Source {
    columns: "s.id, s.run_id, s.participant_id, p.code AS participant_code, p.name AS participant_name, \
              s.plan_version_id, s.period_id, d.code AS period_code, s.sha256, s.earned, s.payment, s.currency, \
              s.replaces_id, s.issued_at",
    from: "statements s JOIN participants p ON p.id = s.participant_id JOIN periods d ON d.id = s.period_id",
    id: "s.id",
    fields: &[
        text("issued_at", "s.issued_at"),
        text("participant_id", "s.participant_id"),
        text("period_id", "s.period_id"),
        text("run_id", "s.run_id"),
        text("participant_code", "p.code"),
        text("period_code", "d.code"),
        number("payment", "s.payment"),
    ],
    sort: "-issued_at",
};

/// Statements of participants within reach, latest first.
pub async fn statements(tx: &Tx, scope: &Scope, listing: &Listing) -> Result<Listed<StatementLine>, StoreError> {
    let mut args = Vec::new();
    let within = reach::participants(scope, "s.participant_id", tx.now(), &mut args);
    list::list(tx, &STATEMENTS, listing, vec![within], args).await
}

/// Issues a statement for each row of a run; how many. Each takes the place of the participant's last
/// statement for the same period and plan, if there is one.
pub async fn issue(tx: &Tx, run: RunId) -> Result<i64, StoreError> {
    let sql = "SELECT participant_id, plan_version_id FROM run_participants WHERE run_id = $1 \
               ORDER BY participant_id, plan_version_id";
    let rows: Vec<Row> = tx.all(sql, args![run]).await?;
    for row in &rows {
        let id: StatementId = crate::db::new_id();
        let sql = "INSERT INTO statements (id, run_id, participant_id, plan_version_id, period_id, document, sha256, \
                   earned, payment, currency, replaces_id, issued_at) \
                   SELECT $1, r.run_id, r.participant_id, r.plan_version_id, u.period_id, r.result, r.result_sha256, \
                   r.earned, r.payment, r.currency, \
                   (SELECT s.id FROM statements s JOIN runs o ON o.id = s.run_id \
                   WHERE s.participant_id = r.participant_id AND s.period_id = u.period_id \
                   AND s.plan_version_id = r.plan_version_id ORDER BY o.no DESC LIMIT 1), $5 \
                   FROM run_participants r JOIN runs u ON u.id = r.run_id \
                   WHERE r.run_id = $2 AND r.participant_id = $3 AND r.plan_version_id = $4";
        tx.execute(sql, args![id, run, row.participant_id, row.plan_version_id, tx.now()]).await?;
    }
    Ok(i64::try_from(rows.len()).unwrap_or(i64::MAX))
}

row! {
    /// Whose result, by which plan.
    pub struct Row {
        /// Whose.
        pub participant_id: ParticipantId,
        /// By which plan.
        pub plan_version_id: PlanVersionId,
    }
}
