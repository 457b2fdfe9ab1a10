//! Effective-dated rows: what is true of an owner from a day on, without overlaps.

use chrono::NaiveDate;

use super::{StoreError, Tx, args, row};

/// A table of versions: its name and the column of the owner.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timeline {
    pub table: &'static str,
    pub owner: &'static str,
}

/// What a write did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// It was not there.
    Created,
    /// It was there and is different now.
    Updated,
    /// It was there as it is.
    Unchanged,
}

row! {
    /// From when to when a version holds.
    pub struct Span {
        /// First day.
        pub valid_from: NaiveDate,
        /// First day on which it no longer holds.
        pub valid_to: Option<NaiveDate>,
    }
}

impl Timeline {
    /// Makes room for a version from `from` on, up to `to` or the next version, whichever comes
    /// first: the version before ends, one of the same first day goes. The day on which the new one ends.
    pub(crate) async fn make_room(
        self,
        tx: &Tx,
        owner: impl ToString,
        from: NaiveDate,
        to: Option<NaiveDate>,
    ) -> Result<Option<NaiveDate>, StoreError> {
        let Self { table, owner: column } = self;
        let owner = owner.to_string();
        let next = tx
            .maybe::<Span>(
                &format!(
                    "SELECT valid_from, valid_to FROM {table} WHERE {column} = $1 AND valid_from > $2 \
                     ORDER BY valid_from LIMIT 1"
                ),
                args![&owner, from],
            )
            .await?
            .map(|span| span.valid_from);
        tx.execute(&format!("DELETE FROM {table} WHERE {column} = $1 AND valid_from = $2"), args![&owner, from])
            .await?;
        tx.execute(
            &format!(
                "UPDATE {table} SET valid_to = $2 WHERE {column} = $1 AND valid_from < $2 \
                 AND (valid_to IS NULL OR valid_to > $2)"
            ),
            args![&owner, from],
        )
        .await?;
        Ok(match (to, next) {
            (Some(to), Some(next)) => Some(to.min(next)),
            (to, next) => to.or(next),
        })
    }
}
