//! Territories, their tree through time and who holds them.

use chrono::{DateTime, NaiveDate, Utc};
use traguardo_domain::id::{ParticipantId, TerritoryAssignmentId, TerritoryId};

use crate::db::list::{self, Source, text};
use crate::db::timeline::Timeline;
use crate::db::{Change, Listed, Listing, Scaled, StoreError, Tx, args, new_id, row};

row! {
    /// A territory of any level.
    pub struct Territory {
        /// The small key that sales lines carry.
        pub num: i64,
        /// Its id.
        pub id: TerritoryId,
        /// Unique.
        pub code: String,
        /// As shown.
        pub name: String,
        /// `national`, `area`, `district`, `territory` or `brick`.
        pub level: String,
        /// Counts changes, of its place too.
        pub version: i64,
        /// When it was made.
        pub created_at: DateTime<Utc>,
        /// Last change.
        pub updated_at: DateTime<Utc>,
    }
}

row! {
    /// Where a territory hangs in the tree for a time.
    pub struct Place {
        /// Which territory.
        pub territory_id: TerritoryId,
        /// First day.
        pub valid_from: NaiveDate,
        /// First day on which it no longer holds.
        pub valid_to: Option<NaiveDate>,
        /// The territory above.
        pub parent_id: Option<TerritoryId>,
        /// Market potential.
        pub potential: Option<Scaled>,
    }
}

row! {
    /// That a participant holds a territory for a time.
    pub struct Assignment {
        /// Its id.
        pub id: TerritoryAssignmentId,
        /// Who.
        pub participant_id: ParticipantId,
        /// What.
        pub territory_id: TerritoryId,
        /// `direct` or `overlay`.
        pub role: String,
        /// Part of the credit, above 0, up to 1.
        pub share: Scaled,
        /// First day.
        pub valid_from: NaiveDate,
        /// First day on which it no longer holds.
        pub valid_to: Option<NaiveDate>,
        /// Counts changes.
        pub version: i64,
    }
}

/// An assignment as it should be, named by who, what, role and first day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAssignment {
    /// Who.
    pub participant_id: ParticipantId,
    /// What.
    pub territory_id: TerritoryId,
    /// `direct` or `overlay`.
    pub role: String,
    /// Part of the credit.
    pub share: Scaled,
    /// First day.
    pub valid_from: NaiveDate,
    /// First day on which it no longer holds.
    pub valid_to: Option<NaiveDate>,
}

const TERRITORY: &str = "num, id, code, name, level, version, created_at, updated_at";
const PLACE: &str = "territory_id, valid_from, valid_to, parent_id, potential";
const ASSIGNMENT: &str = "a.id, a.participant_id, a.territory_id, a.role, a.share, a.valid_from, a.valid_to, a.version";
const PLACES: Timeline = Timeline { table: "territory_versions", owner: "territory_id" };

/// The territory.
pub async fn territory(tx: &Tx, id: TerritoryId) -> Result<Territory, StoreError> {
    tx.one("territory", id, &format!("SELECT {TERRITORY} FROM territories WHERE id = $1"), args![id]).await
}

/// The territory of this code.
pub async fn by_code(tx: &Tx, code: &str) -> Result<Option<Territory>, StoreError> {
    tx.maybe(&format!("SELECT {TERRITORY} FROM territories WHERE code = $1"), args![code]).await
}

/// Every territory, by code.
pub async fn all(tx: &Tx) -> Result<Vec<Territory>, StoreError> {
    tx.all(&format!("SELECT {TERRITORY} FROM territories ORDER BY code"), vec![]).await
}

const LIST: Source = Source {
    columns: TERRITORY,
    from: "territories",
    id: "id",
    fields: &[text("code", "code"), text("name", "name"), text("level", "level")],
    sort: "code",
};

/// Territories.
pub async fn list(tx: &Tx, listing: &Listing) -> Result<Listed<Territory>, StoreError> {
    list::list(tx, &LIST, listing, vec![], vec![]).await
}

/// Makes or changes the territory of this code, without its place.
pub async fn put(tx: &Tx, code: &str, name: &str, level: &str) -> Result<(Territory, Change), StoreError> {
    let change = match by_code(tx, code).await? {
        Some(old) if old.name == name && old.level == level => return Ok((old, Change::Unchanged)),
        Some(_) => Change::Updated,
        None => Change::Created,
    };
    let id: TerritoryId = new_id();
    let sql = "INSERT INTO territories AS t (id, code, name, level, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (code) DO UPDATE SET name = excluded.name, \
               level = excluded.level, updated_at = excluded.updated_at, version = t.version + 1";
    tx.execute(sql, args![id, code, name, level, tx.now()]).await?;
    match by_code(tx, code).await? {
        Some(territory) => Ok((territory, change)),
        None => Err(StoreError::not_found("territory", code)),
    }
}

/// Hangs a territory below another from `from` on, up to `to` or the next place that is known.
/// The tree as a whole is the caller's to check.
pub async fn put_place(
    tx: &Tx,
    id: TerritoryId,
    (from, to): (NaiveDate, Option<NaiveDate>),
    parent: Option<TerritoryId>,
    potential: Option<Scaled>,
) -> Result<Change, StoreError> {
    let sql = format!(
        "SELECT {PLACE} FROM territory_versions WHERE territory_id = $1 AND valid_from <= $2 \
         AND (valid_to IS NULL OR valid_to > $2)"
    );
    let old: Option<Place> = tx.maybe(&sql, args![id, from]).await?;
    let same = |old: &Place| {
        old.parent_id == parent && old.potential == potential && to.is_none_or(|to| old.valid_to == Some(to))
    };
    if old.as_ref().is_some_and(same) {
        return Ok(Change::Unchanged);
    }
    let to = PLACES.make_room(tx, id, from, to).await?;
    let sql = format!("INSERT INTO territory_versions ({PLACE}) VALUES ($1, $2, $3, $4, $5)");
    tx.execute(&sql, args![id, from, to, parent, potential]).await?;
    let sql = "UPDATE territories SET version = version + 1, updated_at = $2 WHERE id = $1";
    tx.execute(sql, args![id, tx.now()]).await?;
    Ok(if old.is_some() { Change::Updated } else { Change::Created })
}

/// Every place that holds on any day from `first` to `last`, by territory and day.
pub async fn places(tx: &Tx, first: NaiveDate, last: NaiveDate) -> Result<Vec<Place>, StoreError> {
    let sql = format!(
        "SELECT {PLACE} FROM territory_versions WHERE valid_from <= $2 AND (valid_to IS NULL OR valid_to > $1) \
         ORDER BY territory_id, valid_from"
    );
    tx.all(&sql, args![first, last]).await
}

/// Makes or changes the assignment of this participant, territory, role and first day.
/// Whether shares sum to one is the caller's to check.
pub async fn put_assignment(tx: &Tx, new: &NewAssignment) -> Result<(TerritoryAssignmentId, Change), StoreError> {
    let sql = format!(
        "SELECT {ASSIGNMENT} FROM territory_assignments a WHERE a.participant_id = $1 AND a.territory_id = $2 \
         AND a.role = $3 AND a.valid_from = $4"
    );
    let key = args![new.participant_id, new.territory_id, &new.role, new.valid_from];
    match tx.maybe::<Assignment>(&sql, key).await? {
        Some(old) if (old.share, old.valid_to) == (new.share, new.valid_to) => Ok((old.id, Change::Unchanged)),
        Some(old) => {
            let sql = "UPDATE territory_assignments SET share = $2, valid_to = $3, version = version + 1, \
                       updated_at = $4 WHERE id = $1";
            tx.execute(sql, args![old.id, new.share, new.valid_to, tx.now()]).await?;
            Ok((old.id, Change::Updated))
        }
        None => {
            let id: TerritoryAssignmentId = new_id();
            let sql = "INSERT INTO territory_assignments (id, participant_id, territory_id, role, share, valid_from, \
                       valid_to, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)";
            let args = args![
                id,
                new.participant_id,
                new.territory_id,
                &new.role,
                new.share,
                new.valid_from,
                new.valid_to,
                tx.now()
            ];
            tx.execute(sql, args).await?;
            Ok((id, Change::Created))
        }
    }
}

/// Ends or moves the end of an assignment at `version`.
pub async fn end_assignment(
    tx: &Tx,
    id: TerritoryAssignmentId,
    version: i64,
    valid_to: NaiveDate,
) -> Result<(), StoreError> {
    let sql = "UPDATE territory_assignments SET valid_to = $3, version = version + 1, updated_at = $4 \
               WHERE id = $1 AND version = $2";
    let rows = tx.execute(sql, args![id, version, valid_to, tx.now()]).await?;
    tx.updated(rows, ("territory_assignments", "assignment"), id, version).await
}

/// Every assignment that holds on any day from `first` to `last`, by territory, day and participant.
pub async fn assignments(tx: &Tx, first: NaiveDate, last: NaiveDate) -> Result<Vec<Assignment>, StoreError> {
    let sql = format!(
        "SELECT {ASSIGNMENT} FROM territory_assignments a WHERE a.valid_from <= $2 \
         AND (a.valid_to IS NULL OR a.valid_to > $1) ORDER BY a.territory_id, a.valid_from, a.participant_id, a.role"
    );
    tx.all(&sql, args![first, last]).await
}

const ASSIGNMENTS: Source = Source {
    columns: ASSIGNMENT,
    from: "territory_assignments a",
    id: "a.id",
    fields: &[
        text("valid_from", "a.valid_from"),
        text("participant_id", "a.participant_id"),
        text("territory_id", "a.territory_id"),
        text("role", "a.role"),
    ],
    sort: "-valid_from",
};

/// Assignments of participants within reach.
pub async fn assignment_list(
    tx: &Tx,
    scope: &traguardo_domain::access::Scope,
    listing: &Listing,
) -> Result<Listed<Assignment>, StoreError> {
    let mut args = Vec::new();
    let within = crate::db::reach::participants(scope, "a.participant_id", tx.now(), &mut args);
    list::list(tx, &ASSIGNMENTS, listing, vec![within], args).await
}
