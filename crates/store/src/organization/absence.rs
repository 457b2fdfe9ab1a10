//! When participants were away, and the days on which nobody works.

use chrono::NaiveDate;
use traguardo_domain::id::{AbsenceId, ParticipantId};

use crate::db::{Change, StoreError, Tx, args, new_id, row};

row! {
    /// An absence.
    pub struct Absence {
        /// Its id.
        pub id: AbsenceId,
        /// Whose.
        pub participant_id: ParticipantId,
        /// First day.
        pub first_day: NaiveDate,
        /// Last day, included.
        pub last_day: NaiveDate,
        /// A free word: `parental`, `sickness`, …
        pub kind: String,
        /// Counts changes.
        pub version: i64,
    }
}

const ABSENCE: &str = "id, participant_id, first_day, last_day, kind, version";

/// Makes the absence that begins on this day, or changes its end.
pub async fn put(
    tx: &Tx,
    participant: ParticipantId,
    (first, last): (NaiveDate, NaiveDate),
    kind: &str,
) -> Result<(AbsenceId, Change), StoreError> {
    let sql = format!("SELECT {ABSENCE} FROM absences WHERE participant_id = $1 AND first_day = $2 AND kind = $3");
    match tx.maybe::<Absence>(&sql, args![participant, first, kind]).await? {
        Some(old) if old.last_day == last => Ok((old.id, Change::Unchanged)),
        Some(old) => {
            let sql = "UPDATE absences SET last_day = $2, version = version + 1, updated_at = $3 WHERE id = $1";
            tx.execute(sql, args![old.id, last, tx.now()]).await?;
            Ok((old.id, Change::Updated))
        }
        None => {
            let id: AbsenceId = new_id();
            let sql = "INSERT INTO absences (id, participant_id, first_day, last_day, kind, created_at, updated_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $6)";
            tx.execute(sql, args![id, participant, first, last, kind, tx.now()]).await?;
            Ok((id, Change::Created))
        }
    }
}

/// Every absence that touches the days from `first` to `last`, by participant and day.
pub async fn overlapping(tx: &Tx, first: NaiveDate, last: NaiveDate) -> Result<Vec<Absence>, StoreError> {
    let sql = format!(
        "SELECT {ABSENCE} FROM absences WHERE first_day <= $2 AND last_day >= $1 ORDER BY participant_id, first_day, kind"
    );
    tx.all(&sql, args![first, last]).await
}

/// The absences of a participant, latest first.
pub async fn of(tx: &Tx, participant: ParticipantId) -> Result<Vec<Absence>, StoreError> {
    let sql = format!("SELECT {ABSENCE} FROM absences WHERE participant_id = $1 ORDER BY first_day DESC, kind");
    tx.all(&sql, args![participant]).await
}

/// Removes an absence at `version`: it never was.
pub async fn remove(tx: &Tx, id: AbsenceId, version: i64) -> Result<(), StoreError> {
    let rows = tx.execute("DELETE FROM absences WHERE id = $1 AND version = $2", args![id, version]).await?;
    tx.updated(rows, ("absences", "absence"), id, version).await
}

/// Names a day on which nobody works, in one calendar.
pub async fn put_holiday(tx: &Tx, calendar: &str, day: NaiveDate, name: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO holidays (calendar, day, name) VALUES ($1, $2, $3) \
               ON CONFLICT (calendar, day) DO UPDATE SET name = excluded.name";
    tx.execute(sql, args![calendar, day, name]).await.map(|_| ())
}

row! {
    /// A day on which nobody works.
    pub struct Holiday {
        /// The day.
        pub day: NaiveDate,
        /// What it is.
        pub name: String,
    }
}

/// The days of a calendar from `first` to `last` on which nobody works.
pub async fn holidays(tx: &Tx, calendar: &str, first: NaiveDate, last: NaiveDate) -> Result<Vec<Holiday>, StoreError> {
    let sql = "SELECT day, name FROM holidays WHERE calendar = $1 AND day >= $2 AND day <= $3 ORDER BY day";
    tx.all(sql, args![calendar, first, last]).await
}
