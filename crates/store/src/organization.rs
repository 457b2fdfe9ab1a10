//! Units and participants with their effective-dated places; absences are in [`absence`].

pub mod absence;

use chrono::{DateTime, NaiveDate, Utc};
use traguardo_domain::access::Scope;
use traguardo_domain::id::{ParticipantId, UnitId};

use crate::db::list::{self, Source, text};
use crate::db::reach;
use crate::db::timeline::Timeline;
use crate::db::{Change, Listed, Listing, Scaled, StoreError, Tx, args, new_id, row};

row! {
    /// A node of the organisation.
    pub struct Unit {
        /// Its id.
        pub id: UnitId,
        /// Unique.
        pub code: String,
        /// As shown.
        pub name: String,
        /// The unit above.
        pub parent_id: Option<UnitId>,
        /// A free word: `business_unit`, `team`, …
        pub kind: String,
        /// Counts changes.
        pub version: i64,
        /// When it was made.
        pub created_at: DateTime<Utc>,
        /// Last change.
        pub updated_at: DateTime<Utc>,
    }
}

/// A unit as it should be, named by its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUnit {
    /// Unique.
    pub code: String,
    /// As shown.
    pub name: String,
    /// The unit above.
    pub parent_id: Option<UnitId>,
    /// A free word.
    pub kind: String,
}

row! {
    /// Somebody who takes part in goals and plans.
    pub struct Participant {
        /// The small key that sales lines carry.
        pub num: i64,
        /// Its id.
        pub id: ParticipantId,
        /// Unique.
        pub code: String,
        /// As shown.
        pub name: String,
        /// If known.
        pub email: Option<String>,
        /// First day.
        pub hire_date: NaiveDate,
        /// Last day.
        pub leave_date: Option<NaiveDate>,
        /// Counts changes, of the places too.
        pub version: i64,
        /// When it was made.
        pub created_at: DateTime<Utc>,
        /// Last change.
        pub updated_at: DateTime<Utc>,
    }
}

/// A participant as it should be, named by its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewParticipant {
    /// Unique.
    pub code: String,
    /// As shown.
    pub name: String,
    /// If known.
    pub email: Option<String>,
    /// First day.
    pub hire_date: NaiveDate,
    /// Last day.
    pub leave_date: Option<NaiveDate>,
}

row! {
    /// The place of a participant for a time.
    pub struct Place {
        /// Whose.
        pub participant_id: ParticipantId,
        /// First day.
        pub valid_from: NaiveDate,
        /// First day on which it no longer holds.
        pub valid_to: Option<NaiveDate>,
        /// Account manager, …
        pub position: String,
        /// Level within the position.
        pub level: Option<String>,
        /// Who leads.
        pub manager_id: Option<ParticipantId>,
        /// Where.
        pub unit_id: UnitId,
        /// Part of full time, 0 to 1.
        pub fte: Scaled,
        /// Incentive paid at 100 %, per measurement period.
        pub target_incentive: Option<Scaled>,
        /// ISO 4217.
        pub currency: String,
        /// For payroll.
        pub cost_center: Option<String>,
    }
}

/// What [`put_place`] writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPlace {
    /// Account manager, …
    pub position: String,
    /// Level within the position.
    pub level: Option<String>,
    /// Who leads.
    pub manager_id: Option<ParticipantId>,
    /// Where.
    pub unit_id: UnitId,
    /// Part of full time, 0 to 1.
    pub fte: Scaled,
    /// Incentive paid at 100 %.
    pub target_incentive: Option<Scaled>,
    /// ISO 4217.
    pub currency: String,
    /// For payroll.
    pub cost_center: Option<String>,
}

impl Place {
    fn is(&self, new: &NewPlace) -> bool {
        self.position == new.position
            && self.level == new.level
            && self.manager_id == new.manager_id
            && self.unit_id == new.unit_id
            && self.fte == new.fte
            && self.target_incentive == new.target_incentive
            && self.currency == new.currency
            && self.cost_center == new.cost_center
    }
}

const UNIT: &str = "id, code, name, parent_id, kind, version, created_at, updated_at";
const PARTICIPANT: &str =
    "p.num, p.id, p.code, p.name, p.email, p.hire_date, p.leave_date, p.version, p.created_at, p.updated_at";
const PLACE: &str = "participant_id, valid_from, valid_to, position, level, manager_id, unit_id, fte, target_incentive, \
                     currency, cost_center";
const PLACES: Timeline = Timeline { table: "participant_versions", owner: "participant_id" };

/// The unit.
pub async fn unit(tx: &Tx, id: UnitId) -> Result<Unit, StoreError> {
    tx.one("unit", id, &format!("SELECT {UNIT} FROM units WHERE id = $1"), args![id]).await
}

/// The unit of this code.
pub async fn unit_by_code(tx: &Tx, code: &str) -> Result<Option<Unit>, StoreError> {
    tx.maybe(&format!("SELECT {UNIT} FROM units WHERE code = $1"), args![code]).await
}

/// Every unit, by code.
pub async fn all_units(tx: &Tx) -> Result<Vec<Unit>, StoreError> {
    tx.all(&format!("SELECT {UNIT} FROM units ORDER BY code"), vec![]).await
}

/// Makes or changes the unit of this code. A unit is never put below itself.
pub async fn put_unit(tx: &Tx, new: &NewUnit) -> Result<(UnitId, Change), StoreError> {
    let Some(old) = unit_by_code(tx, &new.code).await? else {
        let id: UnitId = new_id();
        let sql = "INSERT INTO units (id, code, name, parent_id, kind, created_at, updated_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $6)";
        tx.execute(sql, args![id, &new.code, &new.name, new.parent_id, &new.kind, tx.now()]).await?;
        return Ok((id, Change::Created));
    };
    if (&old.name, old.parent_id, &old.kind) == (&new.name, new.parent_id, &new.kind) {
        return Ok((old.id, Change::Unchanged));
    }
    if let Some(parent) = new.parent_id {
        let mut args = Vec::new();
        let below = reach::subtree(&mut args, &[old.id.0]);
        let place = reach::place(&mut args, parent);
        let sql = format!("SELECT COUNT(*) AS value FROM units WHERE id = {place} AND id IN ({below})");
        if tx.number(&sql, args).await? > 0 {
            let message = format!("the unit `{}` cannot be put below itself: choose another parent", new.code);
            return Err(StoreError::refused("unit_cycle", message));
        }
    }
    let sql = "UPDATE units SET name = $2, parent_id = $3, kind = $4, updated_at = $5, version = version + 1 \
               WHERE id = $1";
    tx.execute(sql, args![old.id, &new.name, new.parent_id, &new.kind, tx.now()]).await?;
    Ok((old.id, Change::Updated))
}

const UNITS: Source = Source {
    columns: UNIT,
    from: "units",
    id: "id",
    fields: &[
        text("code", "code"),
        text("name", "name"),
        text("kind", "kind"),
        text("parent_id", "COALESCE(parent_id, '')"),
    ],
    sort: "code",
};

/// Units within reach.
pub async fn units(tx: &Tx, scope: &Scope, listing: &Listing) -> Result<Listed<Unit>, StoreError> {
    let mut args = Vec::new();
    let condition = reach::units(scope, "id", &mut args);
    list::list(tx, &UNITS, listing, vec![condition], args).await
}

/// The ids of a unit and all units below it.
pub async fn subtree(tx: &Tx, root: UnitId) -> Result<Vec<UnitId>, StoreError> {
    let mut args = Vec::new();
    let below = reach::subtree(&mut args, &[root.0]);
    let ids: Vec<uuid::Uuid> =
        tx.all(&format!("SELECT id AS value FROM units WHERE id IN ({below}) ORDER BY code"), args).await?;
    Ok(ids.into_iter().map(UnitId).collect())
}

/// The participant, wherever it is.
pub async fn participant(tx: &Tx, id: ParticipantId) -> Result<Participant, StoreError> {
    let sql = format!("SELECT {PARTICIPANT} FROM participants p WHERE p.id = $1");
    tx.one("participant", id, &sql, args![id]).await
}

/// The participant, if it is within reach; otherwise not found.
pub async fn participant_within(tx: &Tx, scope: &Scope, id: ParticipantId) -> Result<Participant, StoreError> {
    let mut args = args![id];
    let within = reach::participants(scope, "p.id", tx.now(), &mut args);
    let sql = format!("SELECT {PARTICIPANT} FROM participants p WHERE p.id = $1 AND {within}");
    tx.one("participant", id, &sql, args).await
}

/// The participant of this code.
pub async fn participant_by_code(tx: &Tx, code: &str) -> Result<Option<Participant>, StoreError> {
    tx.maybe(&format!("SELECT {PARTICIPANT} FROM participants p WHERE p.code = $1"), args![code]).await
}

/// Every participant, by code.
pub async fn all_participants(tx: &Tx) -> Result<Vec<Participant>, StoreError> {
    tx.all(&format!("SELECT {PARTICIPANT} FROM participants p ORDER BY p.code"), vec![]).await
}

/// Makes or changes the participant of this code, without its place.
pub async fn put_participant(tx: &Tx, new: &NewParticipant) -> Result<(Participant, Change), StoreError> {
    let change = match participant_by_code(tx, &new.code).await? {
        Some(old)
            if (&old.name, &old.email, old.hire_date, old.leave_date)
                == (&new.name, &new.email, new.hire_date, new.leave_date) =>
        {
            return Ok((old, Change::Unchanged));
        }
        Some(_) => Change::Updated,
        None => Change::Created,
    };
    let id: ParticipantId = new_id();
    let sql = "INSERT INTO participants AS p (id, code, name, email, hire_date, leave_date, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (code) DO UPDATE SET name = excluded.name, \
               email = excluded.email, hire_date = excluded.hire_date, leave_date = excluded.leave_date, \
               updated_at = excluded.updated_at, version = p.version + 1";
    let args = args![id, &new.code, &new.name, &new.email, new.hire_date, new.leave_date, tx.now()];
    tx.execute(sql, args).await?;
    match participant_by_code(tx, &new.code).await? {
        Some(participant) => Ok((participant, change)),
        None => Err(StoreError::not_found("participant", &new.code)),
    }
}

/// Gives a participant a place from `from` on, up to the next one that is known.
pub async fn put_place(tx: &Tx, id: ParticipantId, from: NaiveDate, new: &NewPlace) -> Result<Change, StoreError> {
    let old = place_on(tx, id, from).await?;
    if old.as_ref().is_some_and(|old| old.is(new)) {
        return Ok(Change::Unchanged);
    }
    let to = PLACES.make_room(tx, id, from, None).await?;
    tx.execute(
        &format!("INSERT INTO participant_versions ({PLACE}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"),
        args![
            id,
            from,
            to,
            &new.position,
            &new.level,
            new.manager_id,
            new.unit_id,
            new.fte,
            new.target_incentive,
            &new.currency,
            &new.cost_center
        ],
    )
    .await?;
    let sql = "UPDATE participants SET version = version + 1, updated_at = $2 WHERE id = $1";
    tx.execute(sql, args![id, tx.now()]).await?;
    Ok(if old.is_some() { Change::Updated } else { Change::Created })
}

/// The place of a participant on a day.
pub async fn place_on(tx: &Tx, id: ParticipantId, day: NaiveDate) -> Result<Option<Place>, StoreError> {
    let sql = format!(
        "SELECT {PLACE} FROM participant_versions WHERE participant_id = $1 AND valid_from <= $2 \
         AND (valid_to IS NULL OR valid_to > $2)"
    );
    tx.maybe(&sql, args![id, day]).await
}

/// All places of a participant, in order.
pub async fn places(tx: &Tx, id: ParticipantId) -> Result<Vec<Place>, StoreError> {
    let sql = format!("SELECT {PLACE} FROM participant_versions WHERE participant_id = $1 ORDER BY valid_from");
    tx.all(&sql, args![id]).await
}

/// Every place that holds on any day from `first` to `last`, by participant and day.
pub async fn roster(tx: &Tx, first: NaiveDate, last: NaiveDate) -> Result<Vec<Place>, StoreError> {
    let sql = format!(
        "SELECT {PLACE} FROM participant_versions WHERE valid_from <= $2 AND (valid_to IS NULL OR valid_to > $1) \
         ORDER BY participant_id, valid_from"
    );
    tx.all(&sql, args![first, last]).await
}

row! {
    /// A participant with the place of today (after leaving: the last one).
    pub struct Member {
        /// The small key.
        pub num: i64,
        /// Its id.
        pub id: ParticipantId,
        /// Unique.
        pub code: String,
        /// As shown.
        pub name: String,
        /// If known.
        pub email: Option<String>,
        /// First day.
        pub hire_date: NaiveDate,
        /// Last day.
        pub leave_date: Option<NaiveDate>,
        /// Counts changes.
        pub version: i64,
        /// Position.
        pub position: Option<String>,
        /// Level.
        pub level: Option<String>,
        /// Who leads.
        pub manager_id: Option<ParticipantId>,
        /// Where.
        pub unit_id: Option<UnitId>,
        /// Where, by name.
        pub unit_name: Option<String>,
        /// Part of full time.
        pub fte: Option<Scaled>,
        /// Incentive paid at 100 %.
        pub target_incentive: Option<Scaled>,
        /// ISO 4217.
        pub currency: Option<String>,
        /// For payroll.
        pub cost_center: Option<String>,
    }
}

const MEMBERS: Source = Source {
    columns: "p.num, p.id, p.code, p.name, p.email, p.hire_date, p.leave_date, p.version, v.position, v.level, \
              v.manager_id, v.unit_id, u.name AS unit_name, v.fte, v.target_incentive, v.currency, v.cost_center",
    // $1 is today, as text.
    from: "participants p LEFT JOIN participant_versions v ON v.participant_id = p.id AND v.valid_from = COALESCE(\
           (SELECT MAX(w.valid_from) FROM participant_versions w WHERE w.participant_id = p.id AND w.valid_from <= $1), \
           (SELECT MIN(w.valid_from) FROM participant_versions w WHERE w.participant_id = p.id)) \
           LEFT JOIN units u ON u.id = v.unit_id",
    id: "p.id",
    fields: &[
        text("code", "p.code"),
        text("name", "p.name"),
        text("hire_date", "p.hire_date"),
        text("position", "COALESCE(v.position, '')"),
        text("level", "COALESCE(v.level, '')"),
        text("unit_id", "COALESCE(v.unit_id, '')"),
        text("manager_id", "COALESCE(v.manager_id, '')"),
    ],
    sort: "code",
};

/// Participants within reach, with their place of today.
pub async fn members(tx: &Tx, scope: &Scope, listing: &Listing) -> Result<Listed<Member>, StoreError> {
    let mut args = args![tx.now().date_naive()];
    let within = reach::participants(scope, "p.id", tx.now(), &mut args);
    list::list(tx, &MEMBERS, listing, vec![within], args).await
}
