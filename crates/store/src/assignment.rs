//! Who has which plan version when, and the signatures on it.

use chrono::{DateTime, NaiveDate, Utc};
use traguardo_domain::access::Scope;
use traguardo_domain::id::{AssignmentId, ParticipantId, PlanVersionId, UserId};
use uuid::Uuid;

use crate::db::list::{self, Source, text};
use crate::db::reach;
use crate::db::{Listed, Listing, StoreError, Tx, args, new_id, row};

row! {
    /// A plan version given to a participant for a time.
    pub struct Assignment {
        /// Its id.
        pub id: AssignmentId,
        /// What.
        pub plan_version_id: PlanVersionId,
        /// To whom.
        pub participant_id: ParticipantId,
        /// First day.
        pub valid_from: NaiveDate,
        /// First day on which it no longer holds.
        pub valid_to: Option<NaiveDate>,
        /// A word of the workflow.
        pub state: String,
        /// What was last said about it.
        pub comment: Option<String>,
        /// Who made it.
        pub created_by: Option<String>,
        /// When.
        pub created_at: DateTime<Utc>,
        /// Last change.
        pub updated_at: DateTime<Utc>,
        /// Counts changes.
        pub version: i64,
    }
}

row! {
    /// A signature.
    pub struct Acceptance {
        /// Its id.
        pub id: Uuid,
        /// On what.
        pub assignment_id: AssignmentId,
        /// Who signed.
        pub user_id: UserId,
        /// Name as it was shown.
        pub signed_name: String,
        /// What it means.
        pub meaning: String,
        /// SHA-256 of the exact document.
        pub document_sha256: String,
        /// When.
        pub signed_at: DateTime<Utc>,
    }
}

const ASSIGNMENT: &str = "a.id, a.plan_version_id, a.participant_id, a.valid_from, a.valid_to, a.state, a.comment, \
                          a.created_by, a.created_at, a.updated_at, a.version";
const ACCEPTANCE: &str = "id, assignment_id, user_id, signed_name, meaning, document_sha256, signed_at";

/// Gives a plan version to a participant, in some state of the workflow.
pub async fn create(
    tx: &Tx,
    plan: PlanVersionId,
    participant: ParticipantId,
    (from, to): (NaiveDate, Option<NaiveDate>),
    state: &str,
    by: Option<&str>,
) -> Result<Assignment, StoreError> {
    let id: AssignmentId = new_id();
    let sql = "INSERT INTO plan_assignments (id, plan_version_id, participant_id, valid_from, valid_to, state, \
               created_by, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)";
    tx.execute(sql, args![id, plan, participant, from, to, state, by, tx.now()]).await?;
    assignment(tx, id).await
}

/// The assignment.
pub async fn assignment(tx: &Tx, id: AssignmentId) -> Result<Assignment, StoreError> {
    tx.one("assignment", id, &format!("SELECT {ASSIGNMENT} FROM plan_assignments a WHERE a.id = $1"), args![id]).await
}

/// The assignment, if its participant is within reach; otherwise not found.
pub async fn assignment_within(tx: &Tx, scope: &Scope, id: AssignmentId) -> Result<Assignment, StoreError> {
    let mut args = args![id];
    let within = reach::participants(scope, "a.participant_id", tx.now(), &mut args);
    let sql = format!("SELECT {ASSIGNMENT} FROM plan_assignments a WHERE a.id = $1 AND {within}");
    tx.one("assignment", id, &sql, args).await
}

const ASSIGNMENTS: Source = Source {
    columns: ASSIGNMENT,
    from: "plan_assignments a",
    id: "a.id",
    fields: &[
        text("created_at", "a.created_at"),
        text("state", "a.state"),
        text("participant_id", "a.participant_id"),
        text("plan_version_id", "a.plan_version_id"),
        text("valid_from", "a.valid_from"),
    ],
    sort: "-created_at",
};

/// Assignments of participants within reach.
pub async fn assignments(tx: &Tx, scope: &Scope, listing: &Listing) -> Result<Listed<Assignment>, StoreError> {
    let mut args = Vec::new();
    let within = reach::participants(scope, "a.participant_id", tx.now(), &mut args);
    list::list(tx, &ASSIGNMENTS, listing, vec![within], args).await
}

/// Moves an assignment at `version` to another state.
pub async fn set_state(
    tx: &Tx,
    id: AssignmentId,
    version: i64,
    state: &str,
    comment: Option<&str>,
) -> Result<Assignment, StoreError> {
    let sql = "UPDATE plan_assignments SET state = $3, comment = COALESCE($4, comment), updated_at = $5, \
               version = version + 1 WHERE id = $1 AND version = $2";
    let rows = tx.execute(sql, args![id, version, state, comment, tx.now()]).await?;
    tx.updated(rows, ("plan_assignments", "assignment"), id, version).await?;
    assignment(tx, id).await
}

/// Ends an assignment at `version` on a day, or moves its end.
pub async fn end(tx: &Tx, id: AssignmentId, version: i64, valid_to: NaiveDate) -> Result<Assignment, StoreError> {
    let sql = "UPDATE plan_assignments SET valid_to = $3, updated_at = $4, version = version + 1 \
               WHERE id = $1 AND version = $2";
    let rows = tx.execute(sql, args![id, version, valid_to, tx.now()]).await?;
    tx.updated(rows, ("plan_assignments", "assignment"), id, version).await?;
    assignment(tx, id).await
}

/// Every assignment in one of `states` that holds on any day from `first` to `last`.
pub async fn in_force(
    tx: &Tx,
    states: &[&str],
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<Assignment>, StoreError> {
    let mut args = args![first, last];
    let places: Vec<String> = states.iter().map(|state| reach::place(&mut args, *state)).collect();
    let sql = format!(
        "SELECT {ASSIGNMENT} FROM plan_assignments a WHERE a.valid_from <= $2 \
         AND (a.valid_to IS NULL OR a.valid_to > $1) AND a.state IN ({}) \
         ORDER BY a.participant_id, a.valid_from, a.plan_version_id",
        places.join(", ")
    );
    tx.all(&sql, args).await
}

/// Keeps a signature.
pub async fn sign(
    tx: &Tx,
    id: AssignmentId,
    user: UserId,
    (signed_name, meaning): (&str, &str),
    document_sha256: &str,
) -> Result<Acceptance, StoreError> {
    let signature: Uuid = new_id();
    let sql = format!("INSERT INTO acceptances ({ACCEPTANCE}) VALUES ($1, $2, $3, $4, $5, $6, $7)");
    tx.execute(&sql, args![signature, id, user, signed_name, meaning, document_sha256, tx.now()]).await?;
    let sql = format!("SELECT {ACCEPTANCE} FROM acceptances WHERE id = $1");
    tx.one("signature", signature, &sql, args![signature]).await
}

/// The signatures on an assignment, in order.
pub async fn signatures(tx: &Tx, id: AssignmentId) -> Result<Vec<Acceptance>, StoreError> {
    let sql = format!("SELECT {ACCEPTANCE} FROM acceptances WHERE assignment_id = $1 ORDER BY signed_at, id");
    tx.all(&sql, args![id]).await
}
