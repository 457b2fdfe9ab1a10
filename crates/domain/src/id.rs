//! Typed ids: a user is never taken for a participant. New ones are given by the server, never here.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Declares one id type per line.
macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident,)+) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
            #[serde(transparent)]
            pub struct $name(pub Uuid);

            impl From<Uuid> for $name {
                fn from(id: Uuid) -> Self {
                    Self(id)
                }
            }

            impl From<$name> for Uuid {
                fn from(id: $name) -> Self {
                    id.0
                }
            }

            impl std::fmt::Display for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    self.0.fmt(f)
                }
            }

            impl std::str::FromStr for $name {
                type Err = uuid::Error;

                fn from_str(text: &str) -> Result<Self, Self::Err> {
                    Uuid::parse_str(text).map(Self)
                }
            }
        )+
    };
}

ids! {
    /// Somebody who signs in.
    UserId,
    /// A signed-in session.
    SessionId,
    /// A role given to a user.
    GrantId,
    /// A substitute named for a time.
    DelegationId,
    /// A back-office system.
    ClientId,
    /// A node of the organisation.
    UnitId,
    /// Somebody who takes part in goals and plans.
    ParticipantId,
    /// An absence of a participant.
    AbsenceId,
    /// A territory of any level.
    TerritoryId,
    /// That a participant holds a territory for a time.
    TerritoryAssignmentId,
    /// A product category.
    CategoryId,
    /// A product.
    ProductId,
    /// A period.
    PeriodId,
    /// Where sales lines come from.
    SourceId,
    /// A stored mapping of a file's columns.
    MappingId,
    /// An import.
    BatchId,
    /// A stored file.
    FileId,
    /// One version of a goal.
    GoalId,
    /// A goal through all its versions.
    GoalSeriesId,
    /// A plan through all its versions.
    PlanId,
    /// One version of a plan.
    PlanVersionId,
    /// A plan version given to a participant for a time.
    AssignmentId,
    /// A calculation of a period.
    RunId,
    /// An issued statement.
    StatementId,
    /// An adjustment.
    AdjustmentId,
    /// A dispute.
    DisputeId,
    /// A payment batch.
    PaymentBatchId,
    /// A piece of long work.
    JobId,
}
