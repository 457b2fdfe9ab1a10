//! Sales lines (or groups of them) as the crediting reads them, and KPI values.
//!
//! Amounts, quantities and margins are whole millionths; codes are small numbers that point into dictionaries, so that
//! a million lines are read without copying a text.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::exact::Exact;
use crate::period::Period;

/// Millionths of a unit (of money, of packs): 1,000,000 is one.
pub type Micros = i64;

/// One, in millionths.
pub const ONE: Micros = 1_000_000;

/// Decimal places of an amount times a share: both have six.
pub const CREDIT_PLACES: u32 = 12;

/// A sum of amounts times shares, exact, in units of 10^-12.
pub type Credit = i128;

/// A credit sum as an exact number.
pub fn exact_credit(sum: Credit) -> Exact {
    Exact::scaled(sum, CREDIT_PLACES)
}

/// A place in a dictionary, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(u32);

impl Key {
    /// Names nothing.
    pub const NONE: Self = Self(u32::MAX);

    /// The key of a place.
    pub fn new(place: usize) -> Self {
        Self(u32::try_from(place).unwrap_or(u32::MAX))
    }

    /// The place; none for [`Self::NONE`].
    pub fn place(self) -> Option<usize> {
        (self != Self::NONE).then_some(self.0 as usize)
    }
}

/// Texts, each with a small number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Codes {
    names: Vec<String>,
    places: BTreeMap<String, u32>,
}

impl Codes {
    /// The key of `code`, which is added where it is new.
    pub fn intern(&mut self, code: &str) -> Key {
        if let Some(place) = self.places.get(code) {
            return Key(*place);
        }
        let key = Key::new(self.names.len());
        self.names.push(code.to_owned());
        self.places.insert(code.to_owned(), key.0);
        key
    }

    /// The key of a code that is there.
    pub fn key(&self, code: &str) -> Key {
        self.places.get(code).map_or(Key::NONE, |place| Key(*place))
    }

    /// The text of a key.
    pub fn name(&self, key: Key) -> Option<&str> {
        self.names.get(key.place()?).map(String::as_str)
    }

    /// All texts, in the order of their keys.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

impl<S: AsRef<str>> FromIterator<S> for Codes {
    fn from_iter<I: IntoIterator<Item = S>>(codes: I) -> Self {
        let mut all = Self::default();
        for code in codes {
            all.intern(code.as_ref());
        }
        all
    }
}

/// The dictionaries into which the keys of facts point.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dictionaries {
    /// Participants.
    pub participants: Codes,
    /// Territories of every level.
    pub territories: Codes,
    /// Products.
    pub products: Codes,
    /// Channels.
    pub channels: Codes,
    /// Customers.
    pub customers: Codes,
    /// Currencies.
    pub currencies: Codes,
    /// Where lines come from.
    pub sources: Codes,
    /// Sets of attributes.
    pub attributes: Vec<BTreeMap<String, String>>,
}

/// One sales line, or a group of lines that agree in all that is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// The number of the line; 0 for a group.
    pub line: i64,
    /// How many lines it stands for.
    pub lines: u32,
    /// Day of the sale.
    pub date: NaiveDate,
    /// The participant named on the line.
    pub participant: Key,
    /// The territory (or brick) it fell in.
    pub territory: Key,
    /// What was sold.
    pub product: Key,
    /// Through which channel.
    pub channel: Key,
    /// To whom.
    pub customer: Key,
    /// In which currency.
    pub currency: Key,
    /// Where the line came from.
    pub source: Key,
    /// Its set of attributes.
    pub attributes: Key,
    /// Money, in millionths.
    pub amount: Micros,
    /// Units, in millionths.
    pub quantity: Micros,
    /// Margin, in millionths.
    pub margin: Micros,
    /// The batch that brought it; 0 where the data are already those of one batch number.
    pub batch: u32,
    /// The batch from which on it is superseded; [`NEVER`] where it is not.
    pub superseded: u32,
}

/// No batch supersedes the line.
pub const NEVER: u32 = u32::MAX;

impl Fact {
    /// A line of which nothing is known but its number and date.
    pub fn new(line: i64, date: NaiveDate) -> Self {
        Self {
            line,
            lines: 1,
            date,
            participant: Key::NONE,
            territory: Key::NONE,
            product: Key::NONE,
            channel: Key::NONE,
            customer: Key::NONE,
            currency: Key::NONE,
            source: Key::NONE,
            attributes: Key::NONE,
            amount: 0,
            quantity: 0,
            margin: 0,
            batch: 0,
            superseded: NEVER,
        }
    }

    /// Whether the line belongs to the data as of a batch: brought by it or before, and not superseded yet.
    pub fn in_force(&self, as_of: u32) -> bool {
        self.batch <= as_of && as_of < self.superseded
    }
}

/// Facts and their dictionaries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sales {
    /// What the keys mean.
    pub names: Dictionaries,
    /// Lines or groups, in any order.
    pub facts: Vec<Fact>,
}

/// The value of a KPI (or of a market share) in a period.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kpi {
    /// Whose; none: the whole company's.
    pub participant: Option<String>,
    /// Measure key: `kpi:<code>` or `share:<code>`.
    pub key: String,
    /// Which period.
    pub period: Period,
    /// The value.
    pub value: Exact,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_keep_their_first_key() {
        let mut codes: Codes = ["A", "B", "A"].into_iter().collect();
        assert_eq!(codes.len(), 2);
        assert_eq!(codes.intern("B"), codes.key("B"));
        assert_eq!(codes.name(codes.key("A")), Some("A"));
        assert_eq!(codes.key("C"), Key::NONE);
        assert_eq!(codes.name(Key::NONE), None);
    }

    #[test]
    fn a_line_is_in_force_from_its_batch_until_it_is_superseded() {
        let mut fact = Fact::new(1, NaiveDate::default());
        fact.batch = 3;
        fact.superseded = 5;
        let in_force: Vec<u32> = (0..8).filter(|batch| fact.in_force(*batch)).collect();
        assert_eq!(in_force, [3, 4]);
        fact.superseded = NEVER;
        assert!(fact.in_force(u32::MAX - 1));
    }
}
