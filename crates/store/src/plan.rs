//! Plans and their versions: a document exactly as it was given, with its hash.

use chrono::{DateTime, Utc};
use traguardo_domain::id::{PlanId, PlanVersionId, UnitId};

use crate::db::list::{self, Source, number, text};
use crate::db::reach;
use crate::db::{Listed, Listing, StoreError, Tx, args, new_id, row};

row! {
    /// A plan through all its versions.
    pub struct Plan {
        /// Its id.
        pub id: PlanId,
        /// Unique: the `code` of its documents.
        pub code: String,
        /// The business unit it is for.
        pub unit_id: Option<UnitId>,
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
    /// One version of a plan.
    pub struct PlanVersion {
        /// Its id.
        pub id: PlanVersionId,
        /// The plan.
        pub plan_id: PlanId,
        /// The plan's code.
        pub code: String,
        /// The version, from 1.
        pub no: i64,
        /// A word of the workflow.
        pub state: String,
        /// The plan document, byte for byte.
        pub document: String,
        /// SHA-256 of it.
        pub sha256: String,
        /// Who made it.
        pub created_by: Option<String>,
        /// When.
        pub created_at: DateTime<Utc>,
        /// Last change.
        pub updated_at: DateTime<Utc>,
        /// When it was published.
        pub published_at: Option<DateTime<Utc>>,
        /// Counts changes.
        pub version: i64,
    }
}

const PLAN: &str = "id, code, unit_id, created_by, created_at, updated_at, version";
const VERSION: &str = "v.id, v.plan_id, p.code, v.no, v.state, v.document, v.sha256, v.created_by, v.created_at, \
                       v.updated_at, v.published_at, v.version";
const FROM: &str = "plan_versions v JOIN plans p ON p.id = v.plan_id";

/// The plan of this code, made if it is new.
pub async fn put(tx: &Tx, code: &str, unit: Option<UnitId>, by: Option<&str>) -> Result<Plan, StoreError> {
    let id: PlanId = new_id();
    let sql = "INSERT INTO plans (id, code, unit_id, created_by, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (code) DO NOTHING";
    tx.execute(sql, args![id, code, unit, by, tx.now()]).await?;
    tx.one("plan", code, &format!("SELECT {PLAN} FROM plans WHERE code = $1"), args![code]).await
}

/// The plan.
pub async fn plan(tx: &Tx, id: PlanId) -> Result<Plan, StoreError> {
    tx.one("plan", id, &format!("SELECT {PLAN} FROM plans WHERE id = $1"), args![id]).await
}

const PLANS: Source = Source {
    columns: PLAN,
    from: "plans",
    id: "id",
    fields: &[text("code", "code"), text("unit_id", "COALESCE(unit_id, '')"), text("created_at", "created_at")],
    sort: "code",
};

/// Plans.
pub async fn plans(tx: &Tx, listing: &Listing) -> Result<Listed<Plan>, StoreError> {
    list::list(tx, &PLANS, listing, vec![], vec![]).await
}

/// Begins the next version of a plan as a draft.
pub async fn create_version(
    tx: &Tx,
    plan: PlanId,
    document: &str,
    by: Option<&str>,
) -> Result<PlanVersion, StoreError> {
    tx.lock("plans", plan).await?;
    let last = tx.number("SELECT MAX(no) AS value FROM plan_versions WHERE plan_id = $1", args![plan]).await?;
    let id: PlanVersionId = new_id();
    let sha256 = crate::audit::sha256(document.as_bytes());
    let sql = "INSERT INTO plan_versions (id, plan_id, no, state, document, sha256, created_by, created_at, updated_at) \
               VALUES ($1, $2, $3, 'draft', $4, $5, $6, $7, $7)";
    tx.execute(sql, args![id, plan, last.saturating_add(1), document, sha256, by, tx.now()]).await?;
    version(tx, id).await
}

/// The version.
pub async fn version(tx: &Tx, id: PlanVersionId) -> Result<PlanVersion, StoreError> {
    tx.one("plan version", id, &format!("SELECT {VERSION} FROM {FROM} WHERE v.id = $1"), args![id]).await
}

/// The versions of these ids.
pub async fn versions_of(tx: &Tx, ids: &[PlanVersionId]) -> Result<Vec<PlanVersion>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut args = Vec::new();
    let places: Vec<String> = ids.iter().map(|id| reach::place(&mut args, *id)).collect();
    let sql = format!("SELECT {VERSION} FROM {FROM} WHERE v.id IN ({}) ORDER BY p.code, v.no", places.join(", "));
    tx.all(&sql, args).await
}

const VERSIONS: Source = Source {
    columns: VERSION,
    from: FROM,
    id: "v.id",
    fields: &[
        text("code", "p.code"),
        number("no", "v.no"),
        text("state", "v.state"),
        text("plan_id", "v.plan_id"),
        text("created_at", "v.created_at"),
    ],
    sort: "-created_at",
};

/// Versions of plans, latest first.
pub async fn versions(tx: &Tx, listing: &Listing) -> Result<Listed<PlanVersion>, StoreError> {
    list::list(tx, &VERSIONS, listing, vec![], vec![]).await
}

/// Replaces the document of a draft at `version`. Once submitted, the database refuses.
pub async fn set_document(tx: &Tx, id: PlanVersionId, version: i64, document: &str) -> Result<PlanVersion, StoreError> {
    let sha256 = crate::audit::sha256(document.as_bytes());
    let sql = "UPDATE plan_versions SET document = $3, sha256 = $4, updated_at = $5, version = version + 1 \
               WHERE id = $1 AND version = $2";
    let rows = tx.execute(sql, args![id, version, document, sha256, tx.now()]).await?;
    tx.updated(rows, ("plan_versions", "plan version"), id, version).await?;
    self::version(tx, id).await
}

/// Moves a version at `version` to another state; publication notes its moment.
pub async fn set_state(tx: &Tx, id: PlanVersionId, version: i64, state: &str) -> Result<PlanVersion, StoreError> {
    let sql = "UPDATE plan_versions SET state = $3, updated_at = $4, version = version + 1, \
               published_at = CASE WHEN $3 = 'published' THEN $4 ELSE published_at END WHERE id = $1 AND version = $2";
    let rows = tx.execute(sql, args![id, version, state, tx.now()]).await?;
    tx.updated(rows, ("plan_versions", "plan version"), id, version).await?;
    self::version(tx, id).await
}

/// Removes a draft at `version`.
pub async fn delete_draft(tx: &Tx, id: PlanVersionId, version: i64) -> Result<(), StoreError> {
    let rows = tx.execute("DELETE FROM plan_versions WHERE id = $1 AND version = $2", args![id, version]).await?;
    tx.updated(rows, ("plan_versions", "plan version"), id, version).await
}
