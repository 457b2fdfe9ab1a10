//! Decisions on anything: append-only, one per step of a round.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::db::{StoreError, Tx, args, new_id, row};

row! {
    /// A decision.
    pub struct Approval {
        /// Its id.
        pub id: Uuid,
        /// The kind of object.
        pub object_type: String,
        /// Its id.
        pub object_id: String,
        /// Which round of approval: a return begins the next.
        pub round: i64,
        /// The seat that decided: a role, with its unit where each unit decides.
        pub step: String,
        /// The action: `approve`, `return`, …
        pub decision: String,
        /// Who really decided.
        pub actor_id: String,
        /// For whom, as a substitute.
        pub on_behalf_of: Option<String>,
        /// What they said.
        pub comment: Option<String>,
        /// SHA-256 of what was decided on.
        pub content_sha256: Option<String>,
        /// When.
        pub decided_at: DateTime<Utc>,
    }
}

/// A decision to be.
#[derive(Debug, Clone)]
pub struct NewApproval<'a> {
    /// Kind and id of the object.
    pub object: (&'a str, &'a str),
    /// Round.
    pub round: i64,
    /// Seat.
    pub step: &'a str,
    /// Action.
    pub decision: &'a str,
    /// Who, and for whom.
    pub actor: (&'a str, Option<&'a str>),
    /// What they said.
    pub comment: Option<&'a str>,
    /// SHA-256 of what was decided on.
    pub content_sha256: Option<&'a str>,
}

const APPROVAL: &str = "id, object_type, object_id, round, step, decision, actor_id, on_behalf_of, comment, \
                        content_sha256, decided_at";

/// Keeps a decision; of two at once for the same step of a round, the second gets `Exists`.
pub async fn decide(tx: &Tx, new: &NewApproval<'_>) -> Result<(), StoreError> {
    let id: Uuid = new_id();
    tx.execute(
        &format!("INSERT INTO approvals ({APPROVAL}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"),
        args![
            id,
            new.object.0,
            new.object.1,
            new.round,
            new.step,
            new.decision,
            new.actor.0,
            new.actor.1,
            new.comment,
            new.content_sha256,
            tx.now()
        ],
    )
    .await
    .map(|_| ())
}

/// All decisions on an object, in order.
pub async fn approvals(tx: &Tx, object_type: &str, object_id: &str) -> Result<Vec<Approval>, StoreError> {
    let sql = format!(
        "SELECT {APPROVAL} FROM approvals WHERE object_type = $1 AND object_id = $2 ORDER BY round, decided_at, step"
    );
    tx.all(&sql, args![object_type, object_id]).await
}
