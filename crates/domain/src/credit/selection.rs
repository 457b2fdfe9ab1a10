//! Which lines a measure or a rule takes, made ready so that a line is judged by looking up a few bits.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::exact::Exact;
use crate::plan::{Bounds, When};
use crate::product::Catalog;
use crate::sales::{Codes, Dictionaries, Fact, Key};
use crate::time::Days;

/// Whether a list of bits, where there is one, has the bit of a place.
pub(super) fn allows(bits: Option<&[bool]>, place: Option<usize>) -> bool {
    match bits {
        None => true,
        Some(bits) => place.and_then(|place| bits.get(place)).copied().unwrap_or(false),
    }
}

/// The bits of the codes that are named; none where none is named.
pub(super) fn named(codes: &Codes, names: &[String]) -> Option<Vec<bool>> {
    if names.is_empty() {
        return None;
    }
    let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    Some(codes.names().iter().map(|code| names.contains(code.as_str())).collect())
}

/// A product in the time it is in one category: products move between categories.
struct Piece<'a> {
    product: &'a str,
    category: Option<&'a str>,
}

/// All products, each cut where its category changes.
pub(super) struct Pieces<'a> {
    catalog: &'a Catalog,
    pieces: Vec<Piece<'a>>,
    /// For each product key: from which day on which piece, in order.
    starts: Vec<Vec<(NaiveDate, usize)>>,
    categories: Vec<&'a str>,
    /// For each piece its category among `categories`.
    places: Vec<Option<usize>>,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(catalog: &'a Catalog, products: &'a Codes) -> Self {
        let always = Days { first: NaiveDate::MIN, last: NaiveDate::MAX };
        // The last piece is that of a line without (known) product.
        let mut pieces = vec![Piece { product: "", category: None }];
        let mut starts = Vec::with_capacity(products.len());
        for product in products.names() {
            let mut mine = Vec::new();
            match catalog.products.get(product) {
                None => {
                    mine.push((NaiveDate::MIN, pieces.len()));
                    pieces.push(Piece { product, category: None });
                }
                Some(timeline) => {
                    for (days, category) in timeline.pieces(always) {
                        mine.push((days.first, pieces.len()));
                        pieces.push(Piece { product, category: category.map(String::as_str) });
                    }
                }
            }
            starts.push(mine);
        }
        let categories: Vec<&str> =
            pieces.iter().filter_map(|piece| piece.category).collect::<BTreeSet<_>>().into_iter().collect();
        let places = pieces.iter().map(|piece| categories.binary_search(&piece.category?).ok()).collect();
        Self { catalog, pieces, starts, categories, places }
    }

    /// The piece of a product on a date.
    pub(super) fn of(&self, product: Key, date: NaiveDate) -> usize {
        let Some(starts) = product.place().and_then(|place| self.starts.get(place)) else {
            return 0;
        };
        starts.iter().rev().find(|(from, _)| *from <= date).map_or(0, |(_, piece)| *piece)
    }

    /// All categories that occur, in order of code.
    pub(super) fn categories(&self) -> Vec<&'a str> {
        self.categories.clone()
    }

    /// How many pieces there are.
    pub(super) fn count(&self) -> usize {
        self.pieces.len()
    }

    /// The place of a piece's category among [`Self::categories`].
    pub(super) fn category(&self, piece: usize) -> Option<usize> {
        self.places.get(piece).copied().flatten()
    }

    /// The bits of the pieces that a selection takes: `products` may name products or categories, both lists must
    /// agree where both are given, a category stands for all below it.
    pub(super) fn selected(&self, products: &[String], categories: &[String]) -> Option<Vec<bool>> {
        if products.is_empty() && categories.is_empty() {
            return None;
        }
        let products: BTreeSet<&str> = products.iter().map(String::as_str).collect();
        let categories: BTreeSet<&str> = categories.iter().map(String::as_str).collect();
        let below = |category: Option<&str>, named: &BTreeSet<&str>| {
            category.is_some_and(|category| self.catalog.below_any(category, named))
        };
        let takes = |piece: &Piece<'_>| {
            let by_product =
                products.is_empty() || products.contains(piece.product) || below(piece.category, &products);
            by_product && (categories.is_empty() || below(piece.category, &categories))
        };
        Some(self.pieces.iter().map(takes).collect())
    }
}

/// A rule's condition, made ready.
pub(super) struct Test {
    pieces: Option<Vec<bool>>,
    channels: Option<Vec<bool>>,
    customers: Option<Vec<bool>>,
    territories: Option<Vec<bool>>,
    attributes: Option<Vec<bool>>,
    amount: Option<Bounds>,
    quantity: Option<Bounds>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

impl Test {
    pub(super) fn new(when: &When, names: &Dictionaries, pieces: &Pieces<'_>) -> Self {
        let by_attribute = !when.attributes.is_empty() || !when.numbers.is_empty();
        let holds = |set: &BTreeMap<String, String>| {
            let named =
                when.attributes.iter().all(|(name, values)| set.get(name).is_some_and(|value| values.contains(value)));
            let bounded = when.numbers.iter().all(|(name, bounds)| {
                set.get(name).and_then(|value| Exact::parse(value).ok()).is_some_and(|value| bounds.hold(&value))
            });
            named && bounded
        };
        Self {
            pieces: pieces.selected(&when.products, &when.categories),
            channels: named(&names.channels, &when.channels),
            customers: named(&names.customers, &when.customers),
            territories: named(&names.territories, &when.territories),
            attributes: by_attribute.then(|| names.attributes.iter().map(holds).collect()),
            amount: when.amount.clone(),
            quantity: when.quantity.clone(),
            from: when.from,
            to: when.to,
        }
    }

    /// Whether the rule is for this line.
    pub(super) fn holds(&self, fact: &Fact, piece: usize) -> bool {
        let inside = |bounds: &Option<Bounds>, value: i64| {
            bounds.as_ref().is_none_or(|bounds| bounds.hold(&Exact::scaled(i128::from(value).abs(), 6)))
        };
        self.from.is_none_or(|from| from <= fact.date)
            && self.to.is_none_or(|to| fact.date <= to)
            && allows(self.pieces.as_deref(), Some(piece))
            && allows(self.channels.as_deref(), fact.channel.place())
            && allows(self.customers.as_deref(), fact.customer.place())
            && allows(self.territories.as_deref(), fact.territory.place())
            && allows(self.attributes.as_deref(), fact.attributes.place())
            && inside(&self.amount, fact.amount)
            && inside(&self.quantity, fact.quantity)
    }
}

/// What a rule must see of a line: groups of lines may be given only where no rule looks closer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Detail {
    /// Groups must keep customers apart.
    pub customers: bool,
    /// Groups must keep sets of attributes apart.
    pub attributes: bool,
    /// Amounts or quantities of single lines are looked at: only lines will do.
    pub lines: bool,
}

impl Detail {
    /// What `when` looks at, and what `self` says.
    #[must_use]
    pub fn and(self, when: &When) -> Self {
        Self {
            customers: self.customers || !when.customers.is_empty(),
            attributes: self.attributes || !when.attributes.is_empty() || !when.numbers.is_empty(),
            lines: self.lines || when.amount.is_some() || when.quantity.is_some(),
        }
    }
}
