//! A small company, built line by line.

use chrono::NaiveDate;

use super::super::*;
use crate::organization::{Person, Post};
use crate::sales::{Key, Sales};
use crate::territory::{Holding, Level, Role, Territory};
use crate::time::{Timeline, Validity};

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn days(first: &str, last: &str) -> Days {
    Days::new(day(first), day(last)).unwrap()
}

fn strings(codes: &[&str]) -> Vec<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

/// A measure of `sales.amount`.
pub(crate) fn measure(whose: &str, products: &[&str], categories: &[&str], channels: &[&str]) -> Measure {
    Measure {
        of: "sales.amount".to_owned(),
        products: strings(products),
        categories: strings(categories),
        channels: strings(channels),
        exclude: Vec::new(),
        credit: match whose {
            "own" => Whose::Own,
            "team" => Whose::Team,
            _ => Whose::All,
        },
        window: crate::plan::Window::Period,
        transform: crate::plan::Transform::Value,
    }
}

/// Everything that crediting looks at.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) roster: Roster,
    pub(crate) territories: TerritoryMap,
    pub(crate) catalog: Catalog,
    pub(crate) sales: Sales,
    pub(crate) exclusions: Vec<ExclusionRule>,
    pub(crate) vacant_to_district: bool,
    pub(crate) as_of: u32,
    /// Whether every slot wants its lines.
    pub(crate) lines: bool,
}

impl Default for World {
    fn default() -> Self {
        Self {
            roster: Roster::default(),
            territories: TerritoryMap::default(),
            catalog: Catalog::default(),
            sales: Sales::default(),
            exclusions: Vec::new(),
            vacant_to_district: false,
            as_of: 1_000,
            lines: false,
        }
    }
}

impl World {
    pub(crate) fn person(&mut self, code: &str, manager: &str, since: &str) -> &mut Person {
        let post = Post { manager: (!manager.is_empty()).then(|| manager.to_owned()), ..Post::default() };
        let person = Person { posts: Timeline::new([(Validity::since(day(since)), post)]).0, ..Person::default() };
        self.roster.people.insert(code.to_owned(), person);
        self.roster.people.get_mut(code).unwrap()
    }

    pub(crate) fn territory(&mut self, code: &str, level: &str, parent: &str) {
        let level = match level {
            "brick" => Level::Brick,
            "territory" => Level::Territory,
            "district" => Level::District,
            _ => Level::Area,
        };
        let parents = if parent.is_empty() { Timeline::default() } else { Timeline::always(parent.to_owned()) };
        self.territories.territories.insert(code.to_owned(), Territory { level, parents });
    }

    pub(crate) fn holding(&mut self, who: &str, place: &str, role: &str, share: i64, from: &str, until: &str) {
        self.territories.holdings.push(Holding {
            territory: place.to_owned(),
            validity: Validity { from: day(from), until: (!until.is_empty()).then(|| day(until)) },
            role: if role == "direct" { Role::Direct } else { Role::Overlay },
            participant: who.to_owned(),
            share,
        });
    }

    pub(crate) fn category(&mut self, code: &str, parent: &str) {
        let parent = (!parent.is_empty()).then(|| parent.to_owned());
        self.catalog.categories.insert(code.to_owned(), parent);
    }

    pub(crate) fn product(&mut self, code: &str, category: &str) {
        self.catalog.products.insert(code.to_owned(), Timeline::always(category.to_owned()));
    }

    pub(crate) fn exclusion(&mut self, id: &str, make: impl FnOnce(&mut When)) {
        let mut when = When::default();
        make(&mut when);
        self.exclusions.push(ExclusionRule { id: id.to_owned(), reason: Text::Plain(id.to_owned()), when });
    }

    /// Adds a line of so many millionths; quantity and margin follow the amount.
    pub(crate) fn line(&mut self, date: &str, who: &str, place: &str, product: &str, channel: &str, amount: i64) {
        let names = &mut self.sales.names;
        let key = |codes: &mut crate::sales::Codes, code: &str| {
            if code.is_empty() { Key::NONE } else { codes.intern(code) }
        };
        let number = i64::try_from(self.sales.facts.len()).unwrap() + 1;
        self.sales.facts.push(Fact {
            participant: key(&mut names.participants, who),
            territory: key(&mut names.territories, place),
            product: key(&mut names.products, product),
            channel: key(&mut names.channels, channel),
            currency: names.currencies.intern("EUR"),
            amount,
            quantity: amount / 10,
            margin: amount / 4,
            ..Fact::new(number, day(date))
        });
    }

    pub(crate) fn attributes(&mut self, date: &str, who: &str, product: &str, amount: i64, set: &[(&str, &str)]) {
        self.line(date, who, "", product, "", amount);
        let set = set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let key = Key::new(self.sales.names.attributes.len());
        self.sales.names.attributes.push(set);
        self.sales.facts.last_mut().unwrap().attributes = key;
    }

    pub(crate) fn ground(&self) -> Ground<'_> {
        Ground {
            roster: &self.roster,
            territories: &self.territories,
            catalog: &self.catalog,
            names: &self.sales.names,
            exclusions: &self.exclusions,
            vacant_to_district: self.vacant_to_district,
        }
    }

    /// Credits the first quarter of 2026, with the quarter before and that of the year before.
    pub(crate) fn credit(&self, measures: &[Measure], holders: &[(&str, usize)]) -> Outcome {
        self.credited(measures, holders, None)
    }

    pub(crate) fn credit_apart(&self, measures: &[Measure], holders: &[(&str, usize)], lines: &[Fact]) -> Outcome {
        self.credited(measures, holders, Some(lines))
    }

    fn credited(&self, measures: &[Measure], holders: &[(&str, usize)], lines: Option<&[Fact]>) -> Outcome {
        let slots: Vec<Slot<'_>> = measures
            .iter()
            .map(|measure| Slot {
                of: Of::of_key(&measure.of).unwrap(),
                measure,
                windows: Windows {
                    current: days("2026-01-01", "2026-03-31"),
                    previous: Some(days("2025-10-01", "2025-12-31")),
                    last_year: Some(days("2025-01-01", "2025-03-31")),
                },
                lines: self.lines,
                currency: "EUR",
            })
            .collect();
        let scope = days("2026-01-01", "2026-03-31");
        let mut crediting = Crediting::new(self.ground(), scope, self.as_of, &slots, holders);
        if lines.is_some() {
            crediting.lines_come_apart();
        }
        for fact in &self.sales.facts {
            crediting.add(fact);
        }
        for fact in lines.unwrap_or_default() {
            crediting.add_line(fact);
        }
        crediting.finish()
    }
}
