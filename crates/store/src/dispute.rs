//! Disputes of statements and what was said in them.

use chrono::{DateTime, Utc};
use traguardo_domain::access::Scope;
use traguardo_domain::id::{DisputeId, ParticipantId, StatementId, UserId};
use uuid::Uuid;

use crate::db::list::{self, Source, text};
use crate::db::reach;
use crate::db::{Listed, Listing, StoreError, Tx, args, new_id, row};

row! {
    /// A dispute.
    pub struct Dispute {
        /// Its id.
        pub id: DisputeId,
        /// Of which statement.
        pub statement_id: StatementId,
        /// Whose.
        pub participant_id: ParticipantId,
        /// The place in the statement: a component, a step, a line.
        pub place: String,
        /// In one sentence.
        pub subject: String,
        /// A word of the workflow.
        pub state: String,
        /// Who is to answer.
        pub assigned_to: Option<UserId>,
        /// Who opened it.
        pub opened_by: String,
        /// When an answer is due.
        pub due_at: Option<DateTime<Utc>>,
        /// When it was opened.
        pub created_at: DateTime<Utc>,
        /// Last change.
        pub updated_at: DateTime<Utc>,
        /// Counts changes.
        pub version: i64,
    }
}

row! {
    /// What somebody said in a dispute.
    pub struct Message {
        /// Its id.
        pub id: Uuid,
        /// In which dispute.
        pub dispute_id: DisputeId,
        /// Who.
        pub author_id: String,
        /// What.
        pub text: String,
        /// When.
        pub created_at: DateTime<Utc>,
    }
}

const DISPUTE: &str = "d.id, d.statement_id, d.participant_id, d.place, d.subject, d.state, d.assigned_to, d.opened_by, \
                       d.due_at, d.created_at, d.updated_at, d.version";

/// Opens a dispute of a statement.
pub async fn open(
    tx: &Tx,
    (statement, participant): (StatementId, ParticipantId),
    (place, subject): (&str, &str),
    by: &str,
    due_at: Option<DateTime<Utc>>,
) -> Result<Dispute, StoreError> {
    let id: DisputeId = new_id();
    let sql = "INSERT INTO disputes (id, statement_id, participant_id, place, subject, state, opened_by, due_at, \
               created_at, updated_at) VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8, $8)";
    tx.execute(sql, args![id, statement, participant, place, subject, by, due_at, tx.now()]).await?;
    dispute(tx, &Scope::All, id).await
}

/// The dispute, if its participant is within reach; otherwise not found.
pub async fn dispute(tx: &Tx, scope: &Scope, id: DisputeId) -> Result<Dispute, StoreError> {
    let mut args = args![id];
    let within = reach::participants(scope, "d.participant_id", tx.now(), &mut args);
    tx.one("dispute", id, &format!("SELECT {DISPUTE} FROM disputes d WHERE d.id = $1 AND {within}"), args).await
}

const DISPUTES: Source = Source {
    columns: DISPUTE,
    from: "disputes d",
    id: "d.id",
    fields: &[
        text("created_at", "d.created_at"),
        text("state", "d.state"),
        text("participant_id", "d.participant_id"),
        text("statement_id", "d.statement_id"),
        text("assigned_to", "COALESCE(d.assigned_to, '')"),
    ],
    sort: "-created_at",
};

/// Disputes of participants within reach.
pub async fn disputes(tx: &Tx, scope: &Scope, listing: &Listing) -> Result<Listed<Dispute>, StoreError> {
    let mut args = Vec::new();
    let within = reach::participants(scope, "d.participant_id", tx.now(), &mut args);
    list::list(tx, &DISPUTES, listing, vec![within], args).await
}

/// Moves a dispute at `version` to another state and, if given, to another hand.
pub async fn set_state(
    tx: &Tx,
    id: DisputeId,
    version: i64,
    state: &str,
    assigned_to: Option<UserId>,
) -> Result<Dispute, StoreError> {
    let sql = "UPDATE disputes SET state = $3, assigned_to = COALESCE($4, assigned_to), updated_at = $5, \
               version = version + 1 WHERE id = $1 AND version = $2";
    let rows = tx.execute(sql, args![id, version, state, assigned_to, tx.now()]).await?;
    tx.updated(rows, ("disputes", "dispute"), id, version).await?;
    dispute(tx, &Scope::All, id).await
}

/// Says something in a dispute.
pub async fn say(tx: &Tx, id: DisputeId, author: &str, text: &str) -> Result<(), StoreError> {
    let message: Uuid = new_id();
    let sql = "INSERT INTO dispute_messages (id, dispute_id, author_id, text, created_at) VALUES ($1, $2, $3, $4, $5)";
    tx.execute(sql, args![message, id, author, text, tx.now()]).await.map(|_| ())
}

/// What was said in a dispute, in order.
pub async fn messages(tx: &Tx, id: DisputeId) -> Result<Vec<Message>, StoreError> {
    let sql = "SELECT id, dispute_id, author_id, text, created_at FROM dispute_messages WHERE dispute_id = $1 \
               ORDER BY created_at, id";
    tx.all(sql, args![id]).await
}
