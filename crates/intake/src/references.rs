//! Which things of other kinds a file names, so that they can be looked up or, with `--create-missing`, made.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use serde::Serialize;
use traguardo_domain::finding::Finding;

use crate::kind::Kind;
use crate::record::{Record, Sale};
use crate::report::RowFinding;

/// A thing named in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Rows that name it.
    pub rows: u64,
    /// The first row that names it.
    pub first_row: u64,
    /// The earliest and the latest day of a row that names it, where rows have a day.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// A product's category, as the file names it.
    pub category: Option<String>,
    /// A participant's manager, as the file names them.
    pub manager: Option<String>,
    /// A participant's unit, as the file names it.
    pub unit: Option<String>,
}

/// The things named, by kind and then by code or name as written.
#[derive(Debug, Clone)]
pub struct References {
    found: BTreeMap<Kind, HashMap<String, Named>>,
    most: usize,
    conflicts: Vec<RowFinding>,
    overflow: bool,
}

/// How many different things of a kind a file may name.
const MOST: usize = 200_000;
/// How many contradictions are told.
const CONFLICTS: usize = 100;

impl Default for References {
    fn default() -> Self {
        Self { found: BTreeMap::new(), most: MOST, conflicts: Vec::new(), overflow: false }
    }
}

impl References {
    /// Takes note of what a record names.
    pub fn note(&mut self, row: u64, record: &Record) {
        let mut names: Vec<(Kind, Option<&str>)> = Vec::new();
        match record {
            Record::Sale(sale) => return self.sale(row, sale),
            Record::Participant(p) => {
                names.extend([(Kind::Participants, p.manager_code.as_deref()), (Kind::Units, Some(&*p.unit_code))])
            }
            Record::Unit(unit) => names.push((Kind::Units, unit.parent_code.as_deref())),
            Record::Territory(territory) => names.push((Kind::Territories, territory.parent_code.as_deref())),
            Record::Assignment(a) => names.extend([
                (Kind::Participants, Some(&*a.participant_code)),
                (Kind::Territories, Some(&*a.territory_code)),
            ]),
            Record::Absence(absence) => names.push((Kind::Participants, Some(&absence.participant_code))),
            Record::Product(product) => names.push((Kind::Categories, Some(&product.category_code))),
            Record::Category(c) => {
                names.extend([(Kind::Categories, c.parent_code.as_deref()), (Kind::Units, c.unit_code.as_deref())])
            }
            Record::KpiValue(kpi) => names.push((Kind::Participants, Some(&kpi.participant_code))),
            Record::Goal(goal) => names.extend([
                (Kind::Categories, Some(&*goal.category_code)),
                (Kind::Territories, goal.territory_code.as_deref()),
                (Kind::Participants, goal.participant_code.as_deref()),
            ]),
            Record::OldResult(result) => names.push((Kind::Participants, Some(&result.participant_code))),
        }
        for (kind, name) in names {
            if let Some(name) = name {
                self.named(kind, name, row, None);
            }
        }
    }

    fn sale(&mut self, row: u64, sale: &Sale) {
        let day = Some(sale.date);
        let category = sale.category.as_deref();
        self.linked(Kind::Products, &sale.product, row, day, "category", category, |named| &mut named.category);
        if let Some(category) = category {
            self.named(Kind::Categories, category, row, day);
        }
        if let Some(territory) = &sale.territory {
            self.named(Kind::Territories, territory, row, day);
        }
        if let Some(person) = &sale.participant {
            self.linked(Kind::Participants, person, row, day, "manager", sale.manager.as_deref(), |named| {
                &mut named.manager
            });
            self.linked(Kind::Participants, person, 0, day, "unit", sale.unit.as_deref(), |named| &mut named.unit);
        }
        if let Some(unit) = &sale.unit {
            self.named(Kind::Units, unit, row, day);
        }
        if let Some(manager) = &sale.manager {
            // A manager belongs to the team that is led.
            self.linked(Kind::Participants, manager, row, day, "unit", sale.unit.as_deref(), |named| &mut named.unit);
        }
    }

    /// The thing itself, made at its first mention. Row 0 only adds a link to a thing that was counted already.
    fn named(&mut self, kind: Kind, name: &str, row: u64, day: Option<NaiveDate>) -> Option<&mut Named> {
        let of_kind = self.found.entry(kind).or_default();
        if !of_kind.contains_key(name) {
            if of_kind.len() >= self.most {
                self.overflow = true;
                return None;
            }
            let named = Named { first_row: row, ..Named::default() };
            of_kind.insert(name.to_owned(), named);
        }
        let named = of_kind.get_mut(name)?;
        named.rows += u64::from(row > 0);
        if let Some(day) = day {
            let (from, to) = named.days.unwrap_or((day, day));
            named.days = Some((from.min(day), to.max(day)));
        }
        Some(named)
    }

    /// The thing with a link to another; the first mention decides, another link later is told.
    #[allow(clippy::too_many_arguments, reason = "a private table of links: each argument is one cell of it")]
    fn linked(
        &mut self,
        kind: Kind,
        name: &str,
        row: u64,
        day: Option<NaiveDate>,
        what: &str,
        to: Option<&str>,
        link: impl Fn(&mut Named) -> &mut Option<String>,
    ) {
        let Some(named) = self.named(kind, name, row, day) else { return };
        let link = link(named);
        if link.as_deref() == to {
            return;
        }
        let (first, to) = match (link.clone(), to) {
            (None, Some(to)) => {
                *link = Some(to.to_owned());
                return;
            }
            (Some(first), Some(to)) => (first, to),
            _ => return,
        };
        if self.conflicts.len() < CONFLICTS {
            let message = format!("`{name}` has the {what} `{to}` here and `{first}` before; the first one counts");
            let finding = Finding::warning("contradicting_link", "", message)
                .help("correct one of the rows, or the master data afterwards");
            self.conflicts.push(RowFinding::of_cell(row, what, None, to, finding));
        }
    }

    /// The things of a kind, in the order of their names.
    pub fn of(&self, kind: Kind) -> BTreeMap<&str, &Named> {
        let of_kind = self.found.get(&kind);
        of_kind.into_iter().flatten().map(|(name, named)| (name.as_str(), named)).collect()
    }

    /// Links that contradict each other.
    pub fn conflicts(&self) -> &[RowFinding] {
        &self.conflicts
    }

    /// Whether the file names more things than are remembered, so that the list is not whole.
    pub const fn overflowed(&self) -> bool {
        self.overflow
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sale(product: &str, category: &str, person: &str, manager: &str) -> Record {
        Record::Sale(Sale {
            date: NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(),
            product: product.to_owned(),
            amount: 1.into(),
            quantity: None,
            margin: None,
            territory: None,
            participant: Some(person.to_owned()),
            customer: None,
            channel: None,
            external_id: None,
            currency: None,
            category: Some(category.to_owned()),
            manager: Some(manager.to_owned()),
            unit: Some("Delta".to_owned()),
        })
    }

    #[test]
    fn the_first_mention_decides_and_contradictions_are_told() {
        let mut references = References::default();
        references.note(2, &sale("P", "C1", "Anna", "Mara"));
        references.note(3, &sale("P", "C2", "Anna", "Mara"));
        references.note(4, &sale("P", "C1", "Anna", "Luca"));
        let products = references.of(Kind::Products);
        assert_eq!(products["P"].category.as_deref(), Some("C1"));
        assert_eq!((products["P"].rows, products["P"].first_row), (3, 2));
        let people = references.of(Kind::Participants);
        assert_eq!(people.keys().copied().collect::<Vec<_>>(), ["Anna", "Luca", "Mara"]);
        assert_eq!(
            (people["Anna"].manager.as_deref(), people["Anna"].unit.as_deref(), people["Anna"].rows),
            (Some("Mara"), Some("Delta"), 3)
        );
        let told: Vec<_> = references.conflicts().iter().map(|c| (c.row, c.column.as_deref())).collect();
        assert_eq!(told, [(3, Some("category")), (4, Some("manager"))]);
        assert_eq!(references.of(Kind::Categories).len(), 2);
    }
}
