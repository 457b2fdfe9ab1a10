//! Days, half-open and inclusive ranges of days, and timelines of what was in force when.
//!
//! Two ranges, two uses: [`Days`] is bounded and names its last day (a period, an absence);
//! [`Validity`] is half-open and may have no end (who holds a territory since when).

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// A bounded range of days, both ends included. Never empty: `first <= last` by construction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Days {
    /// First day.
    pub first: NaiveDate,
    /// Last day, included.
    pub last: NaiveDate,
}

impl Days {
    /// The days from `first` to `last`, both included; none where `last` lies before `first`.
    pub fn new(first: NaiveDate, last: NaiveDate) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// The number of days, at least 1.
    pub fn len(self) -> u32 {
        let days = self.last.signed_duration_since(self.first).num_days();
        u32::try_from(days).unwrap_or(0).saturating_add(1)
    }

    /// Never true: kept because a type with `len` should answer it.
    pub fn is_empty(self) -> bool {
        self.last < self.first
    }

    /// Whether `day` lies in the range.
    pub fn contains(self, day: NaiveDate) -> bool {
        self.first <= day && day <= self.last
    }

    /// Whether all of `other` lies in the range.
    pub fn covers(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// The days that both have.
    pub fn intersect(self, other: Self) -> Option<Self> {
        Self::new(self.first.max(other.first), self.last.min(other.last))
    }

    /// The days of the range, in order.
    pub fn iter(self) -> impl Iterator<Item = NaiveDate> {
        self.first.iter_days().take_while(move |day| *day <= self.last)
    }

    /// The same range as a half-open one.
    pub fn validity(self) -> Validity {
        Validity { from: self.first, until: self.last.succ_opt() }
    }
}

impl std::fmt::Display for Days {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} to {}", self.first, self.last)
    }
}

/// A half-open range `[from, until)`; without `until` it has no end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Validity {
    /// First day in force.
    pub from: NaiveDate,
    /// First day no longer in force; none: in force without end.
    pub until: Option<NaiveDate>,
}

impl Validity {
    /// All days there are.
    pub const ALWAYS: Self = Self { from: NaiveDate::MIN, until: None };

    /// In force from `from` on.
    pub fn since(from: NaiveDate) -> Self {
        Self { from, until: None }
    }

    /// From the import's columns `valid_from` and `valid_to`, whose last day is included.
    pub fn inclusive(from: NaiveDate, to: Option<NaiveDate>) -> Self {
        Self { from, until: to.and_then(|day| day.succ_opt()) }
    }

    /// Whether no day lies in it.
    pub fn is_empty(self) -> bool {
        self.until.is_some_and(|until| until <= self.from)
    }

    /// Whether `day` lies in it.
    pub fn contains(self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }

    /// The part that both have; may be empty.
    #[must_use]
    pub fn intersect(self, other: Self) -> Self {
        let until = match (self.until, other.until) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Self { from: self.from.max(other.from), until }
    }

    /// The days of `days` in force.
    pub fn within(self, days: Days) -> Option<Days> {
        let last = match self.until {
            None => days.last,
            Some(until) => days.last.min(until.pred_opt()?),
        };
        Days::new(days.first.max(self.from), last)
    }
}

/// How days are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Every day.
    #[default]
    CalendarDays,
    /// Monday to Friday without holidays.
    WorkingDays,
}

/// Whether `day` counts on `basis`.
pub fn counts(day: NaiveDate, basis: Basis, holidays: &BTreeSet<NaiveDate>) -> bool {
    match basis {
        Basis::CalendarDays => true,
        Basis::WorkingDays => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !holidays.contains(&day),
    }
}

/// How many days of `days` count on `basis`.
pub fn count_days(days: Days, basis: Basis, holidays: &BTreeSet<NaiveDate>) -> u32 {
    match basis {
        Basis::CalendarDays => days.len(),
        Basis::WorkingDays => {
            let working = days.iter().filter(|day| counts(*day, basis, holidays)).count();
            u32::try_from(working).unwrap_or(u32::MAX)
        }
    }
}

/// `date` a number of months later (or earlier), the last day of a shorter month standing for a missing day.
pub fn plus_months(date: NaiveDate, months: i32) -> Option<NaiveDate> {
    let step = chrono::Months::new(months.unsigned_abs());
    if months >= 0 { date.checked_add_months(step) } else { date.checked_sub_months(step) }
}

/// Two entries of one timeline that are in force on the same days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Overlap {
    /// The days that both claim.
    pub range: Validity,
}

/// What was in force when: entries that follow each other without overlap, gaps allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline<T> {
    entries: Vec<(Validity, T)>,
}

impl<T> Default for Timeline<T> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<T> Timeline<T> {
    /// One value for ever.
    pub fn always(value: T) -> Self {
        Self { entries: vec![(Validity::ALWAYS, value)] }
    }

    /// Puts entries in order. Where two overlap the later start wins from its first day on (equal
    /// starts: the one given last), and the overlap is told. Empty entries are left out.
    pub fn new(entries: impl IntoIterator<Item = (Validity, T)>) -> (Self, Vec<Overlap>) {
        let mut sorted: Vec<(Validity, T)> = entries.into_iter().filter(|(v, _)| !v.is_empty()).collect();
        sorted.sort_by_key(|(validity, _)| validity.from);
        let mut overlaps = Vec::new();
        let mut kept: Vec<(Validity, T)> = Vec::with_capacity(sorted.len());
        for (validity, value) in sorted {
            if let Some((last, _)) = kept.last_mut() {
                let shared = last.intersect(validity);
                if !shared.is_empty() {
                    overlaps.push(Overlap { range: shared });
                    last.until = Some(validity.from);
                }
                if last.is_empty() {
                    kept.pop();
                }
            }
            kept.push((validity, value));
        }
        (Self { entries: kept }, overlaps)
    }

    /// The entries in order of time.
    pub fn entries(&self) -> &[(Validity, T)] {
        &self.entries
    }

    /// Whether nothing is ever in force.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What is in force on `day`.
    pub fn at(&self, day: NaiveDate) -> Option<&T> {
        self.piece_at(day).1
    }

    /// What is in force on `day`, with all days around it on which the same entry (or the same gap) holds.
    pub fn piece_at(&self, day: NaiveDate) -> (Validity, Option<&T>) {
        let next = self.entries.partition_point(|(validity, _)| validity.from <= day);
        let until_next = self.entries.get(next).map(|(validity, _)| validity.from);
        let Some((validity, value)) = next.checked_sub(1).and_then(|index| self.entries.get(index)) else {
            return (Validity { from: NaiveDate::MIN, until: until_next }, None);
        };
        match validity.until {
            Some(until) if until <= day => (Validity { from: until, until: until_next }, None),
            _ => (*validity, Some(value)),
        }
    }

    /// `days` cut where something changes, each piece with what is in force; gaps included.
    pub fn pieces(&self, days: Days) -> Vec<(Days, Option<&T>)> {
        let mut pieces = Vec::new();
        let mut day = days.first;
        loop {
            let (validity, value) = self.piece_at(day);
            let Some(piece) = validity.within(Days { first: day, last: days.last }) else {
                break;
            };
            pieces.push((piece, value));
            match piece.last.succ_opt() {
                Some(next) if next <= days.last => day = next,
                _ => break,
            }
        }
        pieces
    }

    /// The parts of `days` on which nothing is in force.
    pub fn gaps(&self, days: Days) -> Vec<Days> {
        self.pieces(days).into_iter().filter(|(_, value)| value.is_none()).map(|(piece, _)| piece).collect()
    }
}

impl<T: Clone> Timeline<Vec<T>> {
    /// Entries that may overlap, cut into pieces on which the same set of them is in force
    /// (in the order given). Days without any entry are gaps.
    pub fn stack(entries: &[(Validity, T)]) -> Self {
        let mut cuts: BTreeSet<NaiveDate> = BTreeSet::new();
        for (validity, _) in entries.iter().filter(|(v, _)| !v.is_empty()) {
            cuts.insert(validity.from);
            cuts.extend(validity.until);
        }
        let starts: Vec<NaiveDate> = cuts.into_iter().collect();
        let mut pieces = Vec::new();
        for (index, from) in starts.iter().enumerate() {
            let inside: Vec<T> = entries
                .iter()
                .filter(|(validity, _)| !validity.is_empty() && validity.contains(*from))
                .map(|(_, value)| value.clone())
                .collect();
            if !inside.is_empty() {
                let until = starts.get(index.saturating_add(1)).copied();
                pieces.push((Validity { from: *from, until }, inside));
            }
        }
        Self { entries: pieces }
    }
}

#[cfg(test)]
#[path = "time/tests.rs"]
mod tests;
