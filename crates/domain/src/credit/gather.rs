//! Lines that are credited alike are summed before they are credited: what a line costs is finding its sum.
//!
//! Crediting is linear, so a share of a sum is the sum of the shares, to the last digit. Two lines are alike when the
//! same people hold their place ([`Alike::found`]) and every rule judges them the same ([`Alike::class`],
//! [`Alike::kind`]).

use chrono::NaiveDate;

use super::Of;
use crate::sales::{Credit, Fact};
use crate::time::Days;

/// What makes lines alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Alike {
    /// Who is credited, as [`super::share::Shares`] numbers it.
    pub(super) found: u32,
    /// Stretch of days and sort of product.
    pub(super) class: u32,
    /// Channel, currency and what the exclusions of plans say.
    pub(super) kind: u32,
}

/// Sums over lines: of amount, quantity and margin in millionths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Values {
    pub(super) of: [Credit; 3],
    pub(super) lines: u64,
}

impl Values {
    pub(super) fn add(&mut self, fact: &Fact) {
        for (sum, of) in self.of.iter_mut().zip(Of::ALL) {
            *sum = sum.saturating_add(i128::from(of.value(fact)));
        }
        self.lines = self.lines.saturating_add(u64::from(fact.lines));
    }
}

/// A value times a share, in units of 10^-12. Values of single lines and ordinary sums fit 64 bits, where it costs nothing.
pub(super) fn times(value: Credit, share: i64) -> Credit {
    match i64::try_from(value) {
        Ok(value) => i128::from(value).saturating_mul(i128::from(share)),
        Err(_) => value.saturating_mul(i128::from(share)),
    }
}

struct Group {
    alike: Alike,
    values: Values,
}

/// All sums, found by open addressing. The order in which sums come out depends on the order of the lines: whoever adds
/// them up must not care.
#[derive(Default)]
pub(super) struct Gathered {
    /// Places among `groups`, plus one; zero: free. The length is a power of two.
    table: Vec<u32>,
    groups: Vec<Group>,
    /// The first line of each group: it stands for all of them.
    first: Vec<Fact>,
}

impl Gathered {
    pub(super) fn add(&mut self, alike: Alike, fact: &Fact) {
        if self.groups.len().saturating_mul(2) >= self.table.len() {
            self.grow();
        }
        let mask = self.table.len().wrapping_sub(1);
        let mut at = hash(alike) & mask;
        while let Some(slot) = self.table.get_mut(at) {
            let place = *slot as usize;
            match place.checked_sub(1).and_then(|place| self.groups.get_mut(place)) {
                Some(group) if group.alike == alike => {
                    group.values.add(fact);
                    return;
                }
                Some(_) => at = at.wrapping_add(1) & mask,
                None => {
                    let mut values = Values::default();
                    values.add(fact);
                    self.groups.push(Group { alike, values });
                    self.first.push(*fact);
                    *slot = u32::try_from(self.groups.len()).unwrap_or(0);
                    return;
                }
            }
        }
    }

    fn grow(&mut self) {
        let length = self.table.len().saturating_mul(2).max(1024);
        let mask = length.wrapping_sub(1);
        let mut table = vec![0_u32; length];
        for (place, group) in self.groups.iter().enumerate() {
            let mut at = hash(group.alike) & mask;
            while table.get(at).is_some_and(|slot| *slot != 0) {
                at = at.wrapping_add(1) & mask;
            }
            if let Some(slot) = table.get_mut(at) {
                *slot = u32::try_from(place).unwrap_or(0).saturating_add(1);
            }
        }
        self.table = table;
    }

    /// Every sum, with what makes its lines alike and one of them.
    pub(super) fn groups(&self) -> impl Iterator<Item = (Alike, &Values, &Fact)> {
        self.groups.iter().zip(&self.first).map(|(group, first)| (group.alike, &group.values, first))
    }
}

fn hash(alike: Alike) -> usize {
    let low = u64::from(alike.found) | (u64::from(alike.class) << 32);
    let mixed = (low ^ u64::from(alike.kind).rotate_left(17)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ (mixed >> 32)) as usize
}

/// Days cut where any rule begins or ends: all days of a stretch are judged alike.
pub(super) struct Stretches {
    first: NaiveDate,
    /// For each day from the first on its stretch.
    of_day: Vec<u32>,
    /// The first day of each stretch.
    starts: Vec<NaiveDate>,
    seen: Vec<bool>,
}

impl Stretches {
    /// `cuts` are days on which something begins (or is over).
    pub(super) fn new(reach: Days, mut cuts: Vec<NaiveDate>) -> Self {
        cuts.sort_unstable();
        cuts.dedup();
        let mut starts = vec![reach.first];
        let mut of_day = Vec::new();
        for day in reach.iter() {
            if day != reach.first && cuts.binary_search(&day).is_ok() {
                starts.push(day);
            }
            of_day.push(u32::try_from(starts.len()).unwrap_or(u32::MAX).saturating_sub(1));
        }
        let seen = vec![false; starts.len()];
        Self { first: reach.first, of_day, starts, seen }
    }

    /// The stretch of a day; none outside the reach.
    pub(super) fn of(&self, day: NaiveDate) -> Option<u32> {
        let offset = usize::try_from(day.signed_duration_since(self.first).num_days()).ok()?;
        self.of_day.get(offset).copied()
    }

    pub(super) fn see(&mut self, stretch: u32) {
        if let Some(seen) = self.seen.get_mut(stretch as usize) {
            *seen = true;
        }
    }

    /// Whether any line was seen in these days (which begin and end at cuts).
    pub(super) fn seen_in(&self, days: Days) -> bool {
        self.starts.iter().zip(&self.seen).any(|(start, seen)| *seen && days.contains(*start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_alike_are_summed_and_others_kept_apart() {
        let mut gathered = Gathered::default();
        let mut fact = Fact::new(1, NaiveDate::default());
        for round in 0..5_i64 {
            for found in 0..40_u32 {
                for class in 0..40_u32 {
                    fact.amount = round + i64::from(found * class);
                    gathered.add(Alike { found, class, kind: class % 2 }, &fact);
                }
            }
        }
        let sums: Vec<(Alike, Credit, u64)> =
            gathered.groups().map(|(alike, v, _)| (alike, v.of[0], v.lines)).collect();
        assert_eq!(sums.len(), 1600);
        for (alike, sum, lines) in sums {
            assert_eq!((sum, lines), (10 + 5 * i128::from(alike.found * alike.class), 5), "{alike:?}");
        }
    }

    #[test]
    fn stretches_are_cut_and_remember_what_they_saw() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let reach = Days::new(day("2026-01-01"), day("2026-01-31")).unwrap();
        let mut stretches =
            Stretches::new(reach, vec![day("2026-01-10"), day("2026-01-01"), day("2026-01-20"), day("2027-01-01")]);
        let found: Vec<Option<u32>> =
            ["2025-12-31", "2026-01-01", "2026-01-09", "2026-01-10", "2026-01-31", "2026-02-01"]
                .map(|text| stretches.of(day(text)))
                .to_vec();
        assert_eq!(found, [None, Some(0), Some(0), Some(1), Some(2), None]);
        assert_eq!(stretches.starts.len(), 3);
        stretches.see(1);
        assert!(stretches.seen_in(Days::new(day("2026-01-01"), day("2026-01-19")).unwrap()));
        assert!(!stretches.seen_in(Days::new(day("2026-01-01"), day("2026-01-09")).unwrap()));
    }

    #[test]
    fn sums_too_large_for_64_bits_are_exact_too() {
        for (value, share) in [(5, 3), (-5, 3), (i128::from(i64::MAX) * 7, 1_000_000), (i128::from(i64::MIN), -1)] {
            assert_eq!(times(value, share), value * i128::from(share));
        }
    }
}
