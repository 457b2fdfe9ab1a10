//! Commands that are done once, however often they are sent.
//!
//! The key is claimed, and its answer kept, in the transaction of the command itself: either both
//! are there or neither. Who sends the same key meanwhile waits for that transaction.

use chrono::{DateTime, Utc};

use crate::db::{StoreError, Tx, args, row};

row! {
    /// The answer that was given.
    pub struct Answer {
        /// SHA-256 of the body of the first request.
        pub body_sha256: String,
        /// HTTP status; absent while the command is under way (in this same transaction).
        pub status: Option<i64>,
        /// JSON of the headers worth repeating.
        pub headers: Option<String>,
        /// The body.
        pub answer: Option<String>,
    }
}

/// What became of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// The key is new: do the command, then [`keep`] the answer.
    New,
    /// It was done: give this answer again.
    Done {
        /// HTTP status.
        status: i64,
        /// Headers, as kept.
        headers: String,
        /// Body, as kept.
        answer: String,
    },
    /// The key was used for another body.
    Other,
    /// The key was claimed but has no answer.
    Running,
}

/// Claims the key `name` of `actor` on `route`.
pub async fn claim(tx: &Tx, actor: &str, route: &str, name: &str, body_sha256: &str) -> Result<Claim, StoreError> {
    let inserted = tx
        .execute(
            "INSERT INTO idempotency_keys (actor, route, name, body_sha256, created_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (actor, route, name) DO NOTHING",
            args![actor, route, name, body_sha256, tx.now()],
        )
        .await?;
    if inserted > 0 {
        return Ok(Claim::New);
    }
    let sql = "SELECT body_sha256, status, headers, answer FROM idempotency_keys \
               WHERE actor = $1 AND route = $2 AND name = $3";
    let Some(kept) = tx.maybe::<Answer>(sql, args![actor, route, name]).await? else {
        // It was purged between the two statements; who asks again gets it.
        return Err(StoreError::Retry);
    };
    if kept.body_sha256 != body_sha256 {
        return Ok(Claim::Other);
    }
    Ok(match kept.status {
        None => Claim::Running,
        Some(status) => {
            Claim::Done { status, headers: kept.headers.unwrap_or_default(), answer: kept.answer.unwrap_or_default() }
        }
    })
}

/// Keeps the answer of a claimed key.
pub async fn keep(
    tx: &Tx,
    (actor, route, name): (&str, &str, &str),
    status: i64,
    headers: &str,
    answer: &str,
) -> Result<(), StoreError> {
    let sql = "UPDATE idempotency_keys SET status = $4, headers = $5, answer = $6 \
               WHERE actor = $1 AND route = $2 AND name = $3";
    let rows = tx.execute(sql, args![actor, route, name, status, headers, answer]).await?;
    if rows == 0 { Err(StoreError::not_found("idempotency key", name)) } else { Ok(()) }
}

/// Forgets keys claimed before `before`.
pub async fn purge(tx: &Tx, before: DateTime<Utc>) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM idempotency_keys WHERE created_at < $1", args![before]).await
}
