//! The audit trail: append-only, each event chained to the one before it.
//!
//! The hash of an event is SHA-256, in lower-case hex, over this text:
//!
//! ```text
//! traguardo-audit/1 LF
//! prev: the hash of the event before, 64 hex digits (the first: 64 zeros) LF
//! then for each field in the order seq, at, actor_kind, actor_id, actor_name, on_behalf_of,
//! action, object_type, object_id, before, after, reason, request_id, session_id:
//!     "-" LF                              when it is absent
//!     length in bytes ":" the UTF-8 LF    otherwise (seq in decimal)
//! ```
//!
//! Lengths make it unambiguous; any language writes it in ten lines.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use traguardo_domain::actor::{Actor, ActorKind};

use crate::db::list::{self, Source, number, text};
use crate::db::{Backend, Listed, Listing, StoreError, Tx, args, moment_text, row};

/// The hash before the first event.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Something that happened, before it has its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// `person`, `service` or `system`.
    pub actor_kind: String,
    /// The user or client who really acted.
    pub actor_id: String,
    /// Name as shown.
    pub actor_name: String,
    /// The user for whom they acted, as a substitute.
    pub on_behalf_of: Option<String>,
    /// `object.verb`, for example `goal.propose`.
    pub action: String,
    /// The kind of object, singular.
    pub object_type: String,
    /// Its id.
    pub object_id: String,
    /// The object before, as JSON; absent when it was created.
    pub before: Option<String>,
    /// The object after, as JSON; absent when it was deleted.
    pub after: Option<String>,
    /// Why, where a reason is due.
    pub reason: Option<String>,
    /// The request that caused it.
    pub request_id: Option<String>,
    /// The session in which it was done.
    pub session_id: Option<String>,
}

impl NewEvent {
    /// `actor` did `action` to the object.
    pub fn new(actor: &Actor, action: &str, object_type: &str, object_id: impl ToString) -> Self {
        let kind = match actor.kind {
            ActorKind::Person => "person",
            ActorKind::Service => "service",
            ActorKind::System => "system",
        };
        Self {
            actor_kind: kind.to_owned(),
            actor_id: actor.id.to_string(),
            actor_name: actor.name.clone(),
            on_behalf_of: actor.on_behalf_of.as_ref().map(|principal| principal.id.to_string()),
            action: action.to_owned(),
            object_type: object_type.to_owned(),
            object_id: object_id.to_string(),
            before: None,
            after: None,
            reason: None,
            request_id: None,
            session_id: None,
        }
    }

    /// What the object was, as JSON.
    #[must_use]
    pub fn before(mut self, json: impl ToString) -> Self {
        self.before = Some(json.to_string());
        self
    }

    /// What the object became, as JSON.
    #[must_use]
    pub fn after(mut self, json: impl ToString) -> Self {
        self.after = Some(json.to_string());
        self
    }

    /// Why.
    #[must_use]
    pub fn reason(mut self, reason: impl ToString) -> Self {
        self.reason = Some(reason.to_string());
        self
    }

    /// The request and the session from which it came.
    #[must_use]
    pub fn from_request(mut self, request_id: Option<&str>, session_id: Option<&str>) -> Self {
        self.request_id = request_id.map(str::to_owned);
        self.session_id = session_id.map(str::to_owned);
        self
    }
}

row! {
    /// An event in its place.
    pub struct Event {
        /// Place in the chain, from 1, without gaps.
        pub seq: i64,
        /// When, by the server's clock.
        pub at: DateTime<Utc>,
        /// `person`, `service` or `system`.
        pub actor_kind: String,
        /// Who really acted.
        pub actor_id: String,
        /// Name as shown.
        pub actor_name: String,
        /// For whom, as a substitute.
        pub on_behalf_of: Option<String>,
        /// What was done.
        pub action: String,
        /// To which kind of object.
        pub object_type: String,
        /// Its id.
        pub object_id: String,
        /// JSON before.
        pub before: Option<String>,
        /// JSON after.
        pub after: Option<String>,
        /// Why.
        pub reason: Option<String>,
        /// The request.
        pub request_id: Option<String>,
        /// The session.
        pub session_id: Option<String>,
        /// Hash of the event before.
        pub prev: String,
        /// Hash of this event.
        pub hash: String,
    }
}

row! {
    /// The end of the chain. Exported and kept elsewhere, it shows a tail that was cut off.
    pub struct Head {
        /// The last event's place; 0 when there is none.
        pub seq: i64,
        /// The last event's hash.
        pub hash: String,
    }
}

/// Where the chain breaks first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The event's place.
    pub seq: i64,
    /// What is wrong there.
    pub what: String,
}

const COLUMNS: &str = "seq, at, actor_kind, actor_id, actor_name, on_behalf_of, action, object_type, object_id, \
                       before, after, reason, request_id, session_id, prev, hash";

/// The hash of an event at its place.
fn hash_of(seq: i64, at: &str, event: &NewEvent, prev: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(b"traguardo-audit/1\n");
    hasher.update(prev.as_bytes());
    hasher.update(b"\n");
    let seq = seq.to_string();
    let fields: [Option<&str>; 14] = [
        Some(&seq),
        Some(at),
        Some(&event.actor_kind),
        Some(&event.actor_id),
        Some(&event.actor_name),
        event.on_behalf_of.as_deref(),
        Some(&event.action),
        Some(&event.object_type),
        Some(&event.object_id),
        event.before.as_deref(),
        event.after.as_deref(),
        event.reason.as_deref(),
        event.request_id.as_deref(),
        event.session_id.as_deref(),
    ];
    for field in fields {
        match field {
            None => hasher.update(b"-\n"),
            Some(text) => {
                hasher.update(text.len().to_string().as_bytes());
                hasher.update(b":");
                hasher.update(text.as_bytes());
                hasher.update(b"\n");
            }
        }
    }
    hex(&hasher.finalize())
}

/// Bytes as lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 of `bytes` as lower-case hex.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

impl Event {
    fn unplaced(&self) -> NewEvent {
        NewEvent {
            actor_kind: self.actor_kind.clone(),
            actor_id: self.actor_id.clone(),
            actor_name: self.actor_name.clone(),
            on_behalf_of: self.on_behalf_of.clone(),
            action: self.action.clone(),
            object_type: self.object_type.clone(),
            object_id: self.object_id.clone(),
            before: self.before.clone(),
            after: self.after.clone(),
            reason: self.reason.clone(),
            request_id: self.request_id.clone(),
            session_id: self.session_id.clone(),
        }
    }
}

/// Puts `events` at the end of the chain. The head is locked until the commit that follows at once.
pub(crate) async fn append(tx: &Tx, events: Vec<NewEvent>) -> Result<(), StoreError> {
    if tx.backend() == Backend::Postgres {
        tx.execute("SELECT 1 FROM audit_head FOR UPDATE", vec![]).await?;
    }
    let head = head(tx).await?;
    let at = moment_text(tx.now());
    let (mut seq, mut prev) = (head.seq, head.hash);
    for event in events {
        seq = seq.saturating_add(1);
        let hash = hash_of(seq, &at, &event, &prev);
        tx.execute(
            &format!(
                "INSERT INTO audit_events ({COLUMNS}) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
            ),
            args![
                seq,
                &at,
                event.actor_kind,
                event.actor_id,
                event.actor_name,
                event.on_behalf_of,
                event.action,
                event.object_type,
                event.object_id,
                event.before,
                event.after,
                event.reason,
                event.request_id,
                event.session_id,
                &prev,
                &hash
            ],
        )
        .await?;
        prev = hash;
    }
    tx.execute("UPDATE audit_head SET seq = $1, hash = $2", args![seq, prev]).await?;
    Ok(())
}

/// The end of the chain.
pub async fn head(tx: &Tx) -> Result<Head, StoreError> {
    tx.one("audit_head", 1, "SELECT seq, hash FROM audit_head WHERE one = 1", vec![]).await
}

/// Recomputes the chain from `after` (0: from the beginning; otherwise its hash must be known to
/// be good), a thousand events at a time. The first broken place, or the number of good events.
pub async fn verify(tx: &Tx, after: i64, known: &str) -> Result<Result<i64, Broken>, StoreError> {
    let (mut seq, mut prev) = (after, known.to_owned());
    loop {
        let sql = format!("SELECT {COLUMNS} FROM audit_events WHERE seq > $1 ORDER BY seq LIMIT 1000");
        let events: Vec<Event> = tx.all(&sql, args![seq]).await?;
        if events.is_empty() {
            break;
        }
        for event in events {
            let expected = seq.saturating_add(1);
            let broken = |seq: i64, what: &str| Ok(Err(Broken { seq, what: what.to_owned() }));
            if event.seq != expected {
                return broken(expected, "the event is missing");
            }
            if event.prev != prev {
                return broken(expected, "the event is not chained to the one before");
            }
            if event.hash != hash_of(event.seq, &moment_text(event.at), &event.unplaced(), &prev) {
                return broken(expected, "the event was changed");
            }
            seq = expected;
            prev = event.hash;
        }
    }
    let head = head(tx).await?;
    if (head.seq, head.hash.as_str()) != (seq, prev.as_str()) {
        let what = format!("the chain ends at {seq}, but its head says {}", head.seq);
        return Ok(Err(Broken { seq: seq.saturating_add(1), what }));
    }
    Ok(Ok(seq.saturating_sub(after)))
}

const LIST: Source = Source {
    columns: COLUMNS,
    from: "audit_events",
    id: "hash",
    fields: &[
        number("seq", "seq"),
        text("at", "at"),
        text("actor_id", "actor_id"),
        text("action", "action"),
        text("object_type", "object_type"),
        text("object_id", "object_id"),
        text("request_id", "COALESCE(request_id, '')"),
    ],
    sort: "-seq",
};

/// The trail, latest first; filtered by `seq`, `at`, `actor_id`, `action`, `object_type`,
/// `object_id`, `request_id`, the first two also by bounds.
pub async fn list(tx: &Tx, listing: &Listing) -> Result<Listed<Event>, StoreError> {
    list::list(tx, &LIST, listing, vec![], vec![]).await
}

/// Events from `seq` on, in order, at most `limit`: for exports and evidence packs.
pub async fn segment(tx: &Tx, seq: i64, limit: i64) -> Result<Vec<Event>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM audit_events WHERE seq >= $1 ORDER BY seq LIMIT $2");
    tx.all(&sql, args![seq, limit]).await
}
