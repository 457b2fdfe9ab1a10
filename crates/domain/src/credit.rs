//! From sales to credit: whose every line is, and what that makes per participant and measure.
//!
//! A line belongs to the participant named on it, else to those who hold the territory it fell in on its date
//! (a brick belongs to who holds the nearest territory above it), each by their share. Overlay roles are credited in
//! addition. A team's credit is what its members are credited, up the reporting lines of the line's date; a line counts
//! once in a team: overlay credit rolls up only where nobody in the team has direct credit on the line.
//!
//! Amounts have six decimal places and shares have six, so every credit is exact at twelve and nothing is rounded:
//! it makes no difference in which order lines come, or whether they come one by one or summed in groups.

use crate::organization::Roster;
pub use crate::plan::Credit as Whose;
use crate::plan::{Measure, Text, When};
use crate::product::Catalog;
use crate::sales::{Credit, Dictionaries, Fact};
use crate::territory::TerritoryMap;
use crate::time::Days;

mod adding;
mod gather;
mod ledger;
mod selection;
mod share;

pub use adding::Crediting;
pub use ledger::{Balance, Cause, CreditKind, CreditRow, Excluded, Ledger, Uncredited};
pub use selection::Detail;

/// What a measure adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Of {
    /// Money.
    Amount,
    /// Units.
    Quantity,
    /// Margin.
    Margin,
}

impl Of {
    /// All of them, in the order in which sums are kept.
    pub const ALL: [Self; 3] = [Self::Amount, Self::Quantity, Self::Margin];

    /// What the measure key `sales.…` adds up; none for keys of other measures.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|of| of.key() == key)
    }

    /// Its measure key.
    pub fn key(self) -> &'static str {
        match self {
            Self::Amount => "sales.amount",
            Self::Quantity => "sales.quantity",
            Self::Margin => "sales.margin",
        }
    }

    /// Its value on a line, in millionths.
    pub fn value(self, fact: &Fact) -> i64 {
        match self {
            Self::Amount => fact.amount,
            Self::Quantity => fact.quantity,
            Self::Margin => fact.margin,
        }
    }
}

/// Sales that no one is credited for, by a rule of the house (not of one plan).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExclusionRule {
    /// What the rule is known by.
    pub id: String,
    /// Why.
    pub reason: Text,
    /// Which lines.
    pub when: When,
}

/// The days over which a measure is summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Windows {
    /// What counts now.
    pub current: Days,
    /// The period before, where the plan compares with it.
    pub previous: Option<Days>,
    /// The same days of last year, where the plan compares with them.
    pub last_year: Option<Days>,
}

/// One measure of one plan over some days: what is to be summed for those who have it.
#[derive(Debug, Clone)]
pub struct Slot<'a> {
    /// What to add up of it.
    pub of: Of,
    /// Which sales count, and whose.
    pub measure: &'a Measure,
    /// Over which days.
    pub windows: Windows,
    /// Whether each line is wanted by itself.
    pub lines: bool,
    /// The currency of the plan: amounts in another do not count.
    pub currency: &'a str,
}

/// Where credit goes and where it comes from.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// People and reporting lines.
    pub roster: &'a Roster,
    /// Territories and who holds them.
    pub territories: &'a TerritoryMap,
    /// Products and categories.
    pub catalog: &'a Catalog,
    /// What the keys of the facts mean.
    pub names: &'a Dictionaries,
    /// Sales nobody is credited for.
    pub exclusions: &'a [ExclusionRule],
    /// Whether the sales of a vacant territory go to who holds the district above it; else to nobody.
    pub vacant_to_district: bool,
}

/// Sums of one participant for one slot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// In the current window.
    pub current: Credit,
    /// In the previous window.
    pub previous: Credit,
    /// In last year's window.
    pub last_year: Credit,
    /// How many lines count in the current window.
    pub lines: u64,
}

/// A line and the share of it that somebody is credited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineCredit {
    /// The line.
    pub fact: Fact,
    /// Share in millionths.
    pub share: i64,
}

/// What one participant is credited for one slot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Credited {
    /// The sums.
    pub sums: Sums,
    /// Whether there are any sales at all, of anybody, in the current, the previous and last year's window.
    pub known: (bool, bool, bool),
    /// The lines, where the slot wants them, in order of date and number.
    pub lines: Vec<LineCredit>,
}

/// What came out of crediting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// For each holder given, in their order.
    pub credited: Vec<Credited>,
    /// Proof of conservation, exclusions and what nobody is credited for.
    pub ledger: Ledger,
    /// Credit per participant and category in the scope.
    pub rows: Vec<CreditRow>,
    /// What each slot's own exclusions took out of the credit of its holders: slot, number of the rule, sum, lines.
    pub slot_excluded: Vec<(usize, usize, Credit, u64)>,
    /// Amounts in another currency that a slot did not count: slot, currency, lines.
    pub foreign: Vec<(usize, String, u64)>,
    /// Slots that want lines but were only given groups.
    pub without_lines: Vec<usize>,
}

#[cfg(test)]
pub(crate) mod tests;
