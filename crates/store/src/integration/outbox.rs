//! Events for others: written with the change, delivered at least once, in order per object.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::db::{Backend, StoreError, Tx, args, new_id, row};

row! {
    /// An event on its way.
    pub struct Message {
        /// Order.
        pub seq: i64,
        /// Its id, by which a receiver knows a repetition.
        pub id: Uuid,
        /// `run.published`, `payment.exported`, …
        pub topic: String,
        /// The kind of object.
        pub object_type: String,
        /// Its id: messages of one object are delivered in order.
        pub object_id: String,
        /// JSON.
        pub payload: String,
        /// When it happened.
        pub created_at: DateTime<Utc>,
        /// Deliveries that failed.
        pub attempts: i64,
    }
}

/// Puts an event into the outbox.
pub async fn put(
    tx: &Tx,
    topic: &str,
    (object_type, object_id): (&str, &str),
    payload: &str,
) -> Result<Uuid, StoreError> {
    let id: Uuid = new_id();
    tx.execute(
        "INSERT INTO outbox (id, topic, object_type, object_id, payload, created_at, next_attempt_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $6)",
        args![id, topic, object_type, object_id, payload, tx.now()],
    )
    .await?;
    Ok(id)
}

/// Takes up to `limit` messages that are due, the oldest of each object, and puts their next
/// attempt off to `until`: who delivers them in the meantime is alone, and if they die, another takes over.
pub async fn take(tx: &Tx, limit: i64, until: DateTime<Utc>) -> Result<Vec<Message>, StoreError> {
    let skip = if tx.backend() == Backend::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
    let sql = format!(
        "UPDATE outbox SET next_attempt_at = $2, attempts = attempts + 1 WHERE seq IN (\
         SELECT o.seq FROM outbox o WHERE o.delivered_at IS NULL AND o.next_attempt_at <= $1 \
         AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.delivered_at IS NULL AND e.object_type = o.object_type \
         AND e.object_id = o.object_id AND e.seq < o.seq) ORDER BY o.seq LIMIT $3{skip}) \
         RETURNING seq, id, topic, object_type, object_id, payload, created_at, attempts"
    );
    let mut messages: Vec<Message> = tx.all(&sql, args![tx.now(), until, limit]).await?;
    messages.sort_by_key(|message| message.seq);
    Ok(messages)
}

/// Notes that a message has arrived.
pub async fn delivered(tx: &Tx, seq: i64) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET delivered_at = $2, last_error = NULL WHERE seq = $1";
    tx.execute(sql, args![seq, tx.now()]).await.map(|_| ())
}

/// Notes that a message has not arrived and when to try again.
pub async fn failed(tx: &Tx, seq: i64, error: &str, next_attempt_at: DateTime<Utc>) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET last_error = $2, next_attempt_at = $3 WHERE seq = $1";
    tx.execute(sql, args![seq, error, next_attempt_at]).await.map(|_| ())
}

/// How many messages wait.
pub async fn waiting(tx: &Tx) -> Result<i64, StoreError> {
    tx.number("SELECT COUNT(*) AS value FROM outbox WHERE delivered_at IS NULL", vec![]).await
}
