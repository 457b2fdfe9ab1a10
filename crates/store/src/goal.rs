//! Goals through their versions: one version of a series is in force, the next may be on its way.

use chrono::{DateTime, Utc};
use traguardo_domain::access::Scope;
use traguardo_domain::id::{BatchId, CategoryId, GoalId, GoalSeriesId, ParticipantId, PeriodId, TerritoryId};

use crate::db::list::{self, Source, number, text};
use crate::db::reach;
use crate::db::{Change, Listed, Listing, Scaled, StoreError, Tx, args, new_id, row};

/// The state of the version in force; `superseded` is what it becomes when the next is accepted.
const IN_FORCE: &str = "accepted";

row! {
    /// One version of a goal.
    pub struct Goal {
        /// Its id.
        pub id: GoalId,
        /// The goal through all its versions.
        pub series_id: GoalSeriesId,
        /// The version, from 1.
        pub no: i64,
        /// For when.
        pub period_id: PeriodId,
        /// For what.
        pub category_id: CategoryId,
        /// For where, or
        pub territory_id: Option<TerritoryId>,
        /// for whom.
        pub participant_id: Option<ParticipantId>,
        /// Of which measure: `sales.amount`, …
        pub measure: String,
        /// How much.
        pub value: Scaled,
        /// A word of the workflow, or `superseded`.
        pub state: String,
        /// What was last said about it.
        pub comment: Option<String>,
        /// The import it came by.
        pub batch_id: Option<BatchId>,
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

/// A goal to be: the first version of a series, in some state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGoal {
    /// For when.
    pub period_id: PeriodId,
    /// For what.
    pub category_id: CategoryId,
    /// For where, or
    pub territory_id: Option<TerritoryId>,
    /// for whom.
    pub participant_id: Option<ParticipantId>,
    /// Of which measure.
    pub measure: String,
    /// How much.
    pub value: Scaled,
    /// A word of the workflow.
    pub state: String,
    /// The import it comes by.
    pub batch_id: Option<BatchId>,
    /// Who makes it.
    pub created_by: Option<String>,
}

const GOAL: &str = "g.id, g.series_id, g.no, g.period_id, g.category_id, g.territory_id, g.participant_id, g.measure, \
                    g.value, g.state, g.comment, g.batch_id, g.created_by, g.created_at, g.updated_at, g.version";

/// The goal.
pub async fn goal(tx: &Tx, id: GoalId) -> Result<Goal, StoreError> {
    tx.one("goal", id, &format!("SELECT {GOAL} FROM goals g WHERE g.id = $1"), args![id]).await
}

/// Where a goal is reached: it is of a participant within reach, or of a territory that such a
/// participant holds or held.
fn within(scope: &Scope, tx: &Tx, args: &mut Vec<sea_orm::Value>) -> String {
    if *scope == Scope::All {
        return "1 = 1".to_owned();
    }
    let own = reach::participants(scope, "g.participant_id", tx.now(), args);
    let held = reach::participants(scope, "a.participant_id", tx.now(), args);
    format!(
        "({own} OR EXISTS (SELECT 1 FROM territory_assignments a WHERE a.territory_id = g.territory_id AND {held}))"
    )
}

/// The goal, if it is within reach; otherwise not found.
pub async fn goal_within(tx: &Tx, scope: &Scope, id: GoalId) -> Result<Goal, StoreError> {
    let mut args = args![id];
    let within = within(scope, tx, &mut args);
    tx.one("goal", id, &format!("SELECT {GOAL} FROM goals g WHERE g.id = $1 AND {within}"), args).await
}

const GOALS: Source = Source {
    columns: GOAL,
    from: "goals g",
    id: "g.id",
    fields: &[
        text("created_at", "g.created_at"),
        text("state", "g.state"),
        text("period_id", "g.period_id"),
        text("category_id", "g.category_id"),
        text("territory_id", "COALESCE(g.territory_id, '')"),
        text("participant_id", "COALESCE(g.participant_id, '')"),
        text("measure", "g.measure"),
        text("series_id", "g.series_id"),
        number("no", "g.no"),
    ],
    sort: "-created_at",
};

/// Goals within reach.
pub async fn goals(tx: &Tx, scope: &Scope, listing: &Listing) -> Result<Listed<Goal>, StoreError> {
    let mut args = Vec::new();
    let within = within(scope, tx, &mut args);
    list::list(tx, &GOALS, listing, vec![within], args).await
}

/// Makes the first version of a goal. `Exists` when it would be in force beside another.
pub async fn create(tx: &Tx, new: &NewGoal) -> Result<Goal, StoreError> {
    insert(tx, new, new_id(), 1).await
}

/// Makes the next version of the series of `goal`, from `new`'s value, state and author.
pub async fn create_version(tx: &Tx, goal: &Goal, new: &NewGoal) -> Result<Goal, StoreError> {
    tx.lock("goals", goal.id).await?;
    let last = tx.number("SELECT MAX(no) AS value FROM goals WHERE series_id = $1", args![goal.series_id]).await?;
    insert(tx, new, goal.series_id, last.saturating_add(1)).await
}

async fn insert(tx: &Tx, new: &NewGoal, series: GoalSeriesId, no: i64) -> Result<Goal, StoreError> {
    let id: GoalId = new_id();
    tx.execute(
        "INSERT INTO goals (id, series_id, no, period_id, category_id, territory_id, participant_id, measure, value, \
         state, batch_id, created_by, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)",
        args![
            id,
            series,
            no,
            new.period_id,
            new.category_id,
            new.territory_id,
            new.participant_id,
            &new.measure,
            new.value,
            &new.state,
            new.batch_id,
            &new.created_by,
            tx.now()
        ],
    )
    .await?;
    goal(tx, id).await
}

/// Changes value, state and comment of a goal at `version`. When it becomes accepted, the version of
/// the series that was in force is superseded in the same breath.
pub async fn step(
    tx: &Tx,
    id: GoalId,
    version: i64,
    (state, value, comment): (&str, Scaled, Option<&str>),
) -> Result<Goal, StoreError> {
    if state == IN_FORCE {
        let sql = "UPDATE goals SET state = 'superseded', updated_at = $2, version = version + 1 \
                   WHERE state = 'accepted' AND id <> $1 \
                   AND series_id = (SELECT g.series_id FROM goals g WHERE g.id = $1 AND g.version = $3)";
        tx.execute(sql, args![id, tx.now(), version]).await?;
    }
    let sql = "UPDATE goals SET state = $3, value = $4, comment = COALESCE($5, comment), updated_at = $6, \
               version = version + 1 WHERE id = $1 AND version = $2";
    let rows = tx.execute(sql, args![id, version, state, value, comment, tx.now()]).await?;
    tx.updated(rows, ("goals", "goal"), id, version).await?;
    goal(tx, id).await
}

/// Puts a goal in force as an import of agreed goals does: an equal one is left, another one in
/// force is superseded by a new version.
pub async fn put_in_force(tx: &Tx, new: &NewGoal) -> Result<(Goal, Change), StoreError> {
    let sql = format!(
        "SELECT {GOAL} FROM goals g WHERE g.period_id = $1 AND g.category_id = $2 AND g.measure = $3 \
         AND COALESCE(g.territory_id, '') = COALESCE($4, '') AND COALESCE(g.participant_id, '') = COALESCE($5, '') \
         AND g.state = 'accepted'"
    );
    let key = args![new.period_id, new.category_id, &new.measure, new.territory_id, new.participant_id];
    match tx.maybe::<Goal>(&sql, key).await? {
        Some(old) if old.value == new.value => Ok((old, Change::Unchanged)),
        Some(old) => {
            let draft = NewGoal { state: "draft".to_owned(), ..new.clone() };
            let next = create_version(tx, &old, &draft).await?;
            Ok((step(tx, next.id, next.version, (IN_FORCE, new.value, None)).await?, Change::Updated))
        }
        None => Ok((create(tx, &NewGoal { state: IN_FORCE.to_owned(), ..new.clone() }).await?, Change::Created)),
    }
}

/// Every goal of some periods that is not superseded: those in force, and those on their way.
pub async fn of_periods(tx: &Tx, periods: &[PeriodId]) -> Result<Vec<Goal>, StoreError> {
    let mut args = Vec::new();
    let places: Vec<String> = periods.iter().map(|id| reach::place(&mut args, *id)).collect();
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT {GOAL} FROM goals g WHERE g.period_id IN ({}) AND g.state <> 'superseded' ORDER BY g.series_id, g.no",
        places.join(", ")
    );
    tx.all(&sql, args).await
}
