//! `create_missing`: what a sales file names and the database does not have is made, in one transaction.
//!
//! Codes are made from names. A person holds a place from the first day of a line of theirs; a product has its category
//! from its first line on. What the file does not say (unit, category) goes to one called `unassigned`, which the checks
//! of a run will show.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use traguardo_domain::id::{CategoryId, ParticipantId, UnitId};
use traguardo_intake::kind::Kind;
use traguardo_intake::names::Codes;
use traguardo_intake::references::{Named, References};
use traguardo_store::organization::{self, NewParticipant, NewPlace, NewUnit};
use traguardo_store::product::{self, NewTerms};
use traguardo_store::{Scaled, StoreError, Tx, territory};

use super::names::unknown;

/// Code and name of what stands for what the file does not say.
const UNASSIGNED: (&str, &str) = ("unassigned", "Unassigned");

/// How many of each kind were made.
pub type Created = BTreeMap<&'static str, usize>;

/// Makes what is missing.
pub async fn create(tx: &Tx, references: &References, currency: &str) -> Result<Created, StoreError> {
    let mut created = Created::new();
    let units = units(tx, references, &mut created).await?;
    products(tx, references, &mut created).await?;
    people(tx, references, &units, currency, &mut created).await?;
    let mut codes = Codes::default();
    for known in territory::all(tx).await? {
        codes.seed(&known.code, &known.name);
    }
    let named = references.of(Kind::Territories);
    for (name, code) in codes.clone().make(unknown(references, Kind::Territories, &codes)) {
        let made = territory::put(tx, &code, &name, "territory").await?.0;
        let from = named.get(name.as_str()).map_or(NaiveDate::MIN, |named| first_day(named));
        territory::put_place(tx, made.id, (from, None), None, None).await?;
        *created.entry("territories").or_default() += 1;
    }
    Ok(created)
}

/// The first day of a line that names it.
fn first_day(named: &Named) -> NaiveDate {
    named.days.map_or_else(|| NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default(), |(first, _)| first)
}

/// Units by code or name.
struct Units {
    codes: Codes,
    ids: BTreeMap<String, UnitId>,
}

impl Units {
    fn id(&self, name: Option<&str>) -> Option<UnitId> {
        let code = name.and_then(|name| self.codes.find(name)).unwrap_or(UNASSIGNED.0);
        self.ids.get(code).copied()
    }
}

async fn units(tx: &Tx, references: &References, created: &mut Created) -> Result<Units, StoreError> {
    let mut units = Units { codes: Codes::default(), ids: BTreeMap::new() };
    for known in organization::all_units(tx).await? {
        units.codes.seed(&known.code, &known.name);
        units.ids.insert(known.code, known.id);
    }
    let mut new: Vec<(String, String)> = Vec::new();
    let missing = unknown(references, Kind::Units, &units.codes);
    new.extend(units.codes.make(missing));
    // Only people who are to be made need a unit.
    let mut people = Codes::default();
    for known in organization::all_participants(tx).await? {
        people.seed(&known.code, &known.name);
    }
    let named = references.of(Kind::Participants);
    let homeless = unknown(references, Kind::Participants, &people)
        .iter()
        .any(|name| named.get(name).is_none_or(|person| person.unit.is_none()));
    if homeless && !units.ids.contains_key(UNASSIGNED.0) {
        units.codes.seed(UNASSIGNED.0, UNASSIGNED.1);
        new.push((UNASSIGNED.1.to_owned(), UNASSIGNED.0.to_owned()));
    }
    for (name, code) in new {
        let unit = NewUnit { code: code.clone(), name, parent_id: None, kind: "team".to_owned() };
        units.ids.insert(code, organization::put_unit(tx, &unit).await?.0);
        *created.entry("units").or_default() += 1;
    }
    Ok(units)
}

async fn products(tx: &Tx, references: &References, created: &mut Created) -> Result<(), StoreError> {
    let mut categories = Codes::default();
    let mut ids: BTreeMap<String, CategoryId> = BTreeMap::new();
    for known in product::categories(tx).await? {
        categories.seed(&known.code, &known.name);
        ids.insert(known.code, known.id);
    }
    let mut codes = Codes::default();
    for known in product::all(tx).await? {
        codes.seed(&known.code, &known.name);
    }
    let named = references.of(Kind::Products);
    let new = codes.clone().make(unknown(references, Kind::Products, &codes));
    let mut wanted: Vec<(String, String)> = Vec::new();
    let missing = unknown(references, Kind::Categories, &categories);
    wanted.extend(categories.make(missing));
    let orphan = new.keys().any(|name| named.get(name.as_str()).is_none_or(|named| named.category.is_none()));
    if orphan && !ids.contains_key(UNASSIGNED.0) {
        wanted.push((UNASSIGNED.1.to_owned(), UNASSIGNED.0.to_owned()));
    }
    for (name, code) in wanted {
        let category = product::put_category(tx, &code, &name, None, None).await?.0;
        ids.insert(code, category.id);
        *created.entry("categories").or_default() += 1;
    }
    for (name, code) in new {
        let named = named.get(name.as_str());
        let category = named.and_then(|named| named.category.as_deref()).and_then(|name| categories.find(name));
        let Some(category_id) = ids.get(category.unwrap_or(UNASSIGNED.0)).copied() else {
            return Err(StoreError::not_found("category", category.unwrap_or(UNASSIGNED.0)));
        };
        let made = product::put(tx, &code, &name).await?.0;
        let from = named.map_or(NaiveDate::MIN, |named| first_day(named));
        let terms = NewTerms { category_id, list_price: None, unit_margin: None };
        product::put_terms(tx, made.id, (from, None), terms).await?;
        *created.entry("products").or_default() += 1;
    }
    Ok(())
}

async fn people(
    tx: &Tx,
    references: &References,
    units: &Units,
    currency: &str,
    created: &mut Created,
) -> Result<(), StoreError> {
    let mut codes = Codes::default();
    let mut ids: BTreeMap<String, ParticipantId> = BTreeMap::new();
    for known in organization::all_participants(tx).await? {
        codes.seed(&known.code, &known.name);
        ids.insert(known.code, known.id);
    }
    let named = references.of(Kind::Participants);
    let managers: BTreeSet<&str> = named.values().filter_map(|person| person.manager.as_deref()).collect();
    let missing = unknown(references, Kind::Participants, &codes);
    let mut new: Vec<(String, String)> = codes.make(missing).into_iter().collect();
    // Who leads comes before who is led.
    new.sort_by_key(|(name, _)| !managers.contains(name.as_str()));
    for (name, code) in new {
        let Some(person) = named.get(name.as_str()) else { continue };
        let first = first_day(person);
        let participant =
            NewParticipant { code: code.clone(), name: name.clone(), email: None, hire_date: first, leave_date: None };
        let made = organization::put_participant(tx, &participant).await?.0;
        ids.insert(code, made.id);
        let unit = units.id(person.unit.as_deref());
        let Some(unit_id) = unit else { return Err(StoreError::not_found("unit", UNASSIGNED.0)) };
        let leads = managers.contains(name.as_str());
        let manager = person.manager.as_deref().and_then(|manager| codes.find(manager));
        let place = NewPlace {
            position: if leads { "unit_manager" } else { "rep" }.to_owned(),
            level: None,
            manager_id: manager.and_then(|code| ids.get(code)).copied().filter(|id| *id != made.id),
            unit_id,
            fte: Scaled::ONE,
            target_incentive: None,
            currency: currency.to_owned(),
            cost_center: None,
        };
        organization::put_place(tx, made.id, first, &place).await?;
        *created.entry("participants").or_default() += 1;
    }
    Ok(())
}
