//! Manual changes of pay: a record each, with a reason and a second person.

use chrono::{DateTime, Utc};
use traguardo_domain::access::Scope;
use traguardo_domain::id::{AdjustmentId, DisputeId, ParticipantId, PeriodId, PlanId};

use crate::db::list::{self, Source, number, text};
use crate::db::reach;
use crate::db::{Listed, Listing, Scaled, StoreError, Tx, args, new_id, row};

row! {
    /// An adjustment.
    pub struct Adjustment {
        /// Its id.
        pub id: AdjustmentId,
        /// The period in which it is paid.
        pub period_id: PeriodId,
        /// Whose pay.
        pub participant_id: ParticipantId,
        /// By which plan, if it is about one.
        pub plan_id: Option<PlanId>,
        /// Which component, if it is about one.
        pub component: Option<String>,
        /// How much; negative takes away.
        pub amount: Scaled,
        /// ISO 4217.
        pub currency: String,
        /// Why.
        pub reason: String,
        /// Where the proof is.
        pub evidence: Option<String>,
        /// A word of the workflow.
        pub state: String,
        /// The dispute that it settles.
        pub dispute_id: Option<DisputeId>,
        /// Who asked: a user's id.
        pub requested_by: String,
        /// Who decided: another's.
        pub decided_by: Option<String>,
        /// When.
        pub decided_at: Option<DateTime<Utc>>,
        /// With which words.
        pub decision_comment: Option<String>,
        /// When it was asked for.
        pub created_at: DateTime<Utc>,
        /// Last change.
        pub updated_at: DateTime<Utc>,
        /// Counts changes.
        pub version: i64,
    }
}

/// An adjustment to be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAdjustment {
    /// The period in which it is paid.
    pub period_id: PeriodId,
    /// Whose pay.
    pub participant_id: ParticipantId,
    /// By which plan.
    pub plan_id: Option<PlanId>,
    /// Which component.
    pub component: Option<String>,
    /// How much.
    pub amount: Scaled,
    /// ISO 4217.
    pub currency: String,
    /// Why.
    pub reason: String,
    /// Where the proof is.
    pub evidence: Option<String>,
    /// The dispute that it settles.
    pub dispute_id: Option<DisputeId>,
    /// Who asks.
    pub requested_by: String,
}

const ADJUSTMENT: &str = "a.id, a.period_id, a.participant_id, a.plan_id, a.component, a.amount, a.currency, a.reason, \
                          a.evidence, a.state, a.dispute_id, a.requested_by, a.decided_by, a.decided_at, \
                          a.decision_comment, a.created_at, a.updated_at, a.version";

/// Asks for an adjustment.
pub async fn request(tx: &Tx, new: &NewAdjustment) -> Result<Adjustment, StoreError> {
    let id: AdjustmentId = new_id();
    tx.execute(
        "INSERT INTO adjustments (id, period_id, participant_id, plan_id, component, amount, currency, reason, evidence, \
         state, dispute_id, requested_by, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'requested', $10, $11, $12, $12)",
        args![
            id, new.period_id, new.participant_id, new.plan_id, &new.component, new.amount, &new.currency, &new.reason,
            &new.evidence, new.dispute_id, &new.requested_by, tx.now()
        ],
    )
    .await?;
    adjustment(tx, &Scope::All, id).await
}

/// The adjustment, if its participant is within reach; otherwise not found.
pub async fn adjustment(tx: &Tx, scope: &Scope, id: AdjustmentId) -> Result<Adjustment, StoreError> {
    let mut args = args![id];
    let within = reach::participants(scope, "a.participant_id", tx.now(), &mut args);
    let sql = format!("SELECT {ADJUSTMENT} FROM adjustments a WHERE a.id = $1 AND {within}");
    tx.one("adjustment", id, &sql, args).await
}

const ADJUSTMENTS: Source = Source {
    columns: ADJUSTMENT,
    from: "adjustments a",
    id: "a.id",
    fields: &[
        text("created_at", "a.created_at"),
        text("state", "a.state"),
        text("period_id", "a.period_id"),
        text("participant_id", "a.participant_id"),
        number("amount", "a.amount"),
    ],
    sort: "-created_at",
};

/// Adjustments of participants within reach.
pub async fn adjustments(tx: &Tx, scope: &Scope, listing: &Listing) -> Result<Listed<Adjustment>, StoreError> {
    let mut args = Vec::new();
    let within = reach::participants(scope, "a.participant_id", tx.now(), &mut args);
    list::list(tx, &ADJUSTMENTS, listing, vec![within], args).await
}

/// Decides an adjustment at `version`; the database refuses the one who asked for it.
pub async fn decide(
    tx: &Tx,
    id: AdjustmentId,
    version: i64,
    (state, by, comment): (&str, &str, Option<&str>),
) -> Result<Adjustment, StoreError> {
    let sql = "UPDATE adjustments SET state = $3, decided_by = $4, decision_comment = $5, decided_at = $6, \
               updated_at = $6, version = version + 1 WHERE id = $1 AND version = $2";
    let rows = tx.execute(sql, args![id, version, state, by, comment, tx.now()]).await?;
    tx.updated(rows, ("adjustments", "adjustment"), id, version).await?;
    adjustment(tx, &Scope::All, id).await
}

/// All adjustments of a period in a state, by participant.
pub async fn of_period(tx: &Tx, period: PeriodId, state: &str) -> Result<Vec<Adjustment>, StoreError> {
    let sql = format!(
        "SELECT {ADJUSTMENT} FROM adjustments a WHERE a.period_id = $1 AND a.state = $2 ORDER BY a.participant_id, a.id"
    );
    tx.all(&sql, args![period, state]).await
}
