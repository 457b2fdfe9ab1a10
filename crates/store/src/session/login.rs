//! Signed-in sessions, one-time links and throttling. Of every token only its SHA-256 is kept.

use chrono::{DateTime, Utc};
use traguardo_domain::id::{SessionId, UserId};

use crate::db::{StoreError, Tx, args, new_id, row};

row! {
    /// A session, live or ended.
    pub struct Session {
        /// Its id: what is shown and ended by; not the token.
        pub id: SessionId,
        /// Whose.
        pub user_id: UserId,
        /// Sign-in.
        pub created_at: DateTime<Utc>,
        /// Last request that was noted.
        pub last_seen_at: DateTime<Utc>,
        /// Last time the password was given: for steps that ask for it again.
        pub authenticated_at: DateTime<Utc>,
        /// Ends then, whatever happens.
        pub expires_at: DateTime<Utc>,
        /// Network address of the sign-in.
        pub address: Option<String>,
        /// Browser of the sign-in.
        pub user_agent: Option<String>,
        /// Ended.
        pub ended_at: Option<DateTime<Utc>>,
        /// Why: `sign_out`, `disabled`, `password`, `roles`, `admin`, `renewed`.
        pub ended_reason: Option<String>,
    }
}

const SESSION: &str =
    "id, user_id, created_at, last_seen_at, authenticated_at, expires_at, address, user_agent, ended_at, ended_reason";

/// Opens a session for a token.
pub async fn open(
    tx: &Tx,
    user: UserId,
    token_hash: &str,
    expires_at: DateTime<Utc>,
    address: Option<&str>,
    user_agent: Option<&str>,
) -> Result<Session, StoreError> {
    let id: SessionId = new_id();
    tx.execute(
        "INSERT INTO sessions (id, user_id, token_hash, created_at, last_seen_at, authenticated_at, expires_at, \
         address, user_agent) VALUES ($1, $2, $3, $4, $4, $4, $5, $6, $7)",
        args![id, user, token_hash, tx.now(), expires_at, address, user_agent],
    )
    .await?;
    tx.one("session", id, &format!("SELECT {SESSION} FROM sessions WHERE id = $1"), args![id]).await
}

/// The live session of a token: not ended, not expired, seen since `idle_since`, its user active.
pub async fn live(tx: &Tx, token_hash: &str, idle_since: DateTime<Utc>) -> Result<Option<Session>, StoreError> {
    let sql = format!(
        "SELECT {SESSION} FROM sessions WHERE token_hash = $1 AND ended_at IS NULL AND expires_at > $2 \
         AND last_seen_at >= $3 \
         AND EXISTS (SELECT 1 FROM users u WHERE u.id = sessions.user_id AND u.state = 'active')"
    );
    tx.maybe(&sql, args![token_hash, tx.now(), idle_since]).await
}

/// Notes a request. Call it when the last note is older than a minute, not each time.
pub async fn touch(tx: &Tx, id: SessionId) -> Result<(), StoreError> {
    let sql = "UPDATE sessions SET last_seen_at = $2 WHERE id = $1 AND ended_at IS NULL AND last_seen_at < $2";
    tx.execute(sql, args![id, tx.now()]).await.map(|_| ())
}

/// Notes that the password was given again, and gives the session a new token: the old one is dead.
pub async fn renew(tx: &Tx, id: SessionId, token_hash: &str) -> Result<(), StoreError> {
    let sql = "UPDATE sessions SET token_hash = $2, authenticated_at = $3, last_seen_at = $3 \
               WHERE id = $1 AND ended_at IS NULL";
    let rows = tx.execute(sql, args![id, token_hash, tx.now()]).await?;
    if rows == 0 { Err(StoreError::not_found("session", id)) } else { Ok(()) }
}

/// Ends one session of a user; not found when it is another's or ended.
pub async fn end(tx: &Tx, user: UserId, id: SessionId, reason: &str) -> Result<(), StoreError> {
    let sql =
        "UPDATE sessions SET ended_at = $3, ended_reason = $4 WHERE id = $1 AND user_id = $2 AND ended_at IS NULL";
    let rows = tx.execute(sql, args![id, user, tx.now(), reason]).await?;
    if rows == 0 { Err(StoreError::not_found("session", id)) } else { Ok(()) }
}

/// Ends all sessions of a user, but `except`; how many there were.
pub async fn end_all(tx: &Tx, user: UserId, except: Option<SessionId>, reason: &str) -> Result<u64, StoreError> {
    let sql = "UPDATE sessions SET ended_at = $2, ended_reason = $3 \
               WHERE user_id = $1 AND ended_at IS NULL AND id <> COALESCE($4, '')";
    tx.execute(sql, args![user, tx.now(), reason, except]).await
}

/// The sessions of a user that are not ended nor expired, latest first.
pub async fn sessions(tx: &Tx, user: UserId) -> Result<Vec<Session>, StoreError> {
    let sql = format!(
        "SELECT {SESSION} FROM sessions WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 \
         ORDER BY last_seen_at DESC, id DESC"
    );
    tx.all(&sql, args![user, tx.now()]).await
}

/// Removes sessions that ended or expired before `before`.
pub async fn purge(tx: &Tx, before: DateTime<Utc>) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM sessions WHERE expires_at < $1 OR ended_at < $1", args![before]).await
}

/// Makes a link that lets a user set a password once: `activate` or `reset`. Earlier ones die.
pub async fn create_link(
    tx: &Tx,
    purpose: &str,
    user: UserId,
    token_hash: &str,
    expires_at: DateTime<Utc>,
    by: Option<&str>,
) -> Result<(), StoreError> {
    tx.execute("UPDATE one_time_links SET used_at = $2 WHERE user_id = $1 AND used_at IS NULL", args![user, tx.now()])
        .await?;
    let id: uuid::Uuid = new_id();
    tx.execute(
        "INSERT INTO one_time_links (id, purpose, user_id, token_hash, created_by, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![id, purpose, user, token_hash, by, tx.now(), expires_at],
    )
    .await
    .map(|_| ())
}

row! {
    /// What a one-time link was for.
    pub struct Link {
        /// `activate` or `reset`.
        pub purpose: String,
        /// Who may set a password by it.
        pub user_id: UserId,
    }
}

/// Looks at a link without using it: to show the page behind it.
pub async fn link(tx: &Tx, token_hash: &str) -> Result<Option<Link>, StoreError> {
    let sql = "SELECT purpose, user_id FROM one_time_links WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2 \
               AND EXISTS (SELECT 1 FROM users u WHERE u.id = user_id AND u.state <> 'disabled')";
    tx.maybe(sql, args![token_hash, tx.now()]).await
}

/// Uses a link: of several at once, one gets it.
pub async fn use_link(tx: &Tx, token_hash: &str) -> Result<Option<Link>, StoreError> {
    let sql = "UPDATE one_time_links SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2 \
               AND EXISTS (SELECT 1 FROM users u WHERE u.id = user_id AND u.state <> 'disabled') \
               RETURNING purpose, user_id";
    tx.maybe(sql, args![token_hash, tx.now()]).await
}

row! {
    /// Failed sign-ins of an account or an address within the window.
    pub struct Throttle {
        /// How many.
        pub failures: i64,
        /// The first of them.
        pub first_failure_at: DateTime<Utc>,
        /// The last of them.
        pub last_failure_at: DateTime<Utc>,
    }
}

/// The failures of `subject` (`account:…`, `address:…`) since `window_start`.
pub async fn throttle(tx: &Tx, subject: &str, window_start: DateTime<Utc>) -> Result<Option<Throttle>, StoreError> {
    let sql = "SELECT failures, first_failure_at, last_failure_at FROM login_throttles \
               WHERE subject = $1 AND last_failure_at >= $2";
    tx.maybe(sql, args![subject, window_start]).await
}

/// Counts a failure; the number within the window that began at `window_start`, this one included.
/// A failure longer ago than the window begins a new count.
pub async fn count_failure(tx: &Tx, subject: &str, window_start: DateTime<Utc>) -> Result<i64, StoreError> {
    tx.number(
        "INSERT INTO login_throttles (subject, failures, first_failure_at, last_failure_at) VALUES ($1, 1, $2, $2) \
         ON CONFLICT (subject) DO UPDATE SET \
         failures = CASE WHEN login_throttles.last_failure_at < $3 THEN 1 ELSE login_throttles.failures + 1 END, \
         first_failure_at = CASE WHEN login_throttles.last_failure_at < $3 THEN $2 \
         ELSE login_throttles.first_failure_at END, \
         last_failure_at = $2 RETURNING failures AS value",
        args![subject, tx.now(), window_start],
    )
    .await
}

/// Forgets the failures of `subject`, after it got in.
pub async fn clear_failures(tx: &Tx, subject: &str) -> Result<(), StoreError> {
    tx.execute("DELETE FROM login_throttles WHERE subject = $1", args![subject]).await.map(|_| ())
}
