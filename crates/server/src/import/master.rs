//! Every kind but sales: rows are few enough to be held, and are applied in one transaction. A row that changes nothing is
//! a duplicate: it is there already.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use traguardo_domain::finding::Finding;
use traguardo_domain::id::{CategoryId, ParticipantId, PeriodId, TerritoryId, UnitId};
use traguardo_domain::period::Period;
use traguardo_intake::limits::Limits;
use traguardo_intake::mapping::Mapping;
use traguardo_intake::names::{Codes, slug};
use traguardo_intake::record::{Assignment, Category, Goal, Participant, Product, Record, Territory, Unit};
use traguardo_intake::report::{Books, RowFinding, Verdict};
use traguardo_store::organization::{self, NewParticipant, NewPlace, NewUnit, absence};
use traguardo_store::product::{self, NewTerms};
use traguardo_store::sales::{Batch, Reject, kpi};
use traguardo_store::territory::{self, NewAssignment};
use traguardo_store::{Change, Scaled, StoreError, Tx, goal, period};

use super::missing::Created;
use super::order::{Order, open};
use super::outcome::{REJECTS, reject};
use super::upload::Scratch;
use super::work::{Stop, Watch};

/// Rows of master data that one import may hold.
const MOST: usize = 500_000;

/// A good row, to be applied.
pub struct Item {
    row: u64,
    record: Record,
    amount: Option<Decimal>,
    findings: Vec<RowFinding>,
    cells: Vec<String>,
}

/// What the reading gave.
pub struct Pass {
    items: Vec<Item>,
    books: Books,
    rejects: Vec<Reject>,
    rows: u64,
}

/// What came of it.
pub struct Applied {
    /// Verdicts, totals and findings.
    pub books: Books,
    /// Rows that were rejected.
    pub rejects: Vec<Reject>,
    /// Rows of the file.
    pub rows: u64,
    /// What was made besides.
    pub created: Created,
}

/// Reads the whole file.
pub fn read(scratch: &Scratch, order: &Order, mapping: &Mapping, watch: &Watch) -> Result<Pass, Stop> {
    let mut rows =
        open(scratch.reader()?, order)?.rows(order.kind, mapping).map_err(|findings| Stop::refused(&findings))?;
    let mut pass = Pass { items: Vec::new(), books: Books::new(&Limits::default()), rejects: Vec::new(), rows: 0 };
    while let Some(row) = rows.next_row().map_err(|finding| Stop::refused(&[*finding]))? {
        match (row.verdict, &row.record) {
            (Verdict::Accepted, Some(record)) => {
                if pass.items.len() == MOST {
                    let message = format!("the file has more than `{MOST}` rows");
                    return Err(Stop::refused(&[Finding::error("too_many_rows", "file", message).help("split it")]));
                }
                pass.items.push(Item {
                    row: row.number,
                    record: record.clone(),
                    amount: row.amount,
                    findings: row.findings.to_vec(),
                    cells: row.cells().map(str::to_owned).collect(),
                });
            }
            (verdict, _) => {
                pass.books.enter(&row);
                if verdict == Verdict::Rejected && pass.rejects.len() < REJECTS {
                    pass.rejects.push(reject(row.number, row.cells(), row.findings));
                }
            }
        }
        if row.number.is_multiple_of(10_000) {
            watch.tell(row.number, "checking")?;
        }
    }
    pass.rows = rows.read();
    Ok(pass)
}

/// Why a row is not taken.
type Refusal = Box<RowFinding>;

/// What there is by code and by name, growing with the rows that are applied.
struct World<'w> {
    tx: &'w Tx,
    batch: &'w Batch,
    order: &'w Order,
    units: Things<UnitId>,
    people: Things<ParticipantId>,
    territories: Things<TerritoryId>,
    categories: Things<CategoryId>,
    periods: BTreeMap<String, (PeriodId, bool)>,
    created: Created,
}

struct Things<I> {
    codes: Codes,
    ids: BTreeMap<String, I>,
}

impl<I: Copy> Things<I> {
    fn of(things: impl IntoIterator<Item = (String, String, I)>) -> Self {
        let mut all = Self { codes: Codes::default(), ids: BTreeMap::new() };
        for (code, name, id) in things {
            all.add(code, &name, id);
        }
        all
    }

    fn add(&mut self, code: String, name: &str, id: I) {
        self.codes.seed(&code, name);
        self.ids.insert(code, id);
    }

    fn find(&self, text: &str) -> Option<I> {
        self.codes.find(text).and_then(|code| self.ids.get(code)).copied()
    }

    fn need(&self, row: u64, column: &str, text: &str) -> Result<I, Refusal> {
        self.find(text).ok_or_else(|| unknown(row, column, text))
    }

    fn maybe(&self, row: u64, column: &str, text: Option<&str>) -> Result<Option<I>, Refusal> {
        text.map(|text| self.need(row, column, text)).transpose()
    }
}

fn unknown(row: u64, column: &str, text: &str) -> Refusal {
    let message = format!("there is no `{text}` that `{column}` could name");
    let finding =
        Finding::error(&format!("unknown_{column}"), "", message).help("import it first, or correct the code");
    Box::new(RowFinding::of_cell(row, column, None, text, finding))
}

/// What applying one row gave: a change, or why not.
type Done = Result<Change, Refusal>;

/// What the store refuses by a rule is the row's finding; anything else stops the import.
fn ruled<T>(row: u64, done: Result<T, StoreError>) -> Result<Result<T, Refusal>, StoreError> {
    match done {
        Err(StoreError::Refused { code, message }) => {
            Ok(Err(Box::new(RowFinding::of_row(row, Finding::error(code, "", message)))))
        }
        done => done.map(Ok),
    }
}

fn scaled(value: Option<Decimal>) -> Result<Option<Scaled>, StoreError> {
    value.map(|value| Scaled::try_from(value).map_err(StoreError::from)).transpose()
}

/// The day after the last one: what the database keeps.
fn until(last: Option<NaiveDate>) -> Option<NaiveDate> {
    last.and_then(|day| day.checked_add_days(Days::new(1)))
}

/// Of two changes of the same thing the greater.
fn both(a: Change, b: Change) -> Change {
    match (a, b) {
        (Change::Created, _) => Change::Created,
        (Change::Unchanged, Change::Unchanged) => Change::Unchanged,
        _ => Change::Updated,
    }
}

/// Applies the rows.
pub async fn apply(tx: &Tx, batch: &Batch, order: &Order, pass: Pass) -> Result<Applied, Stop> {
    let mut world = World::load(tx, batch, order).await?;
    let Pass { items, mut books, mut rejects, rows } = pass;
    let done = world.all(&items).await?;
    for (item, done) in items.iter().zip(done) {
        let mut findings = item.findings.clone();
        let verdict = match done {
            Some(Ok(Change::Unchanged)) => Verdict::Duplicate,
            Some(Ok(Change::Created | Change::Updated)) => Verdict::Accepted,
            Some(Err(refusal)) => {
                findings.push(*refusal);
                Verdict::Rejected
            }
            None => return Err(Stop::Failed(format!("row `{}` was not applied", item.row))),
        };
        books.enter_as(verdict, Some(&item.record), item.amount, &findings);
        if verdict == Verdict::Rejected && rejects.len() < REJECTS {
            rejects.push(reject(item.row, item.cells.iter().map(String::as_str), &findings));
        }
    }
    rejects.sort_by_key(|reject| reject.row_no);
    Ok(Applied { books, rejects, rows, created: world.created })
}

impl<'w> World<'w> {
    async fn load(tx: &'w Tx, batch: &'w Batch, order: &'w Order) -> Result<Self, StoreError> {
        let units = organization::all_units(tx).await?;
        let people = organization::all_participants(tx).await?;
        let territories = territory::all(tx).await?;
        let categories = product::categories(tx).await?;
        Ok(Self {
            tx,
            batch,
            order,
            units: Things::of(units.into_iter().map(|u| (u.code, u.name, u.id))),
            people: Things::of(people.into_iter().map(|p| (p.code, p.name, p.id))),
            territories: Things::of(territories.into_iter().map(|t| (t.code, t.name, t.id))),
            categories: Things::of(categories.into_iter().map(|c| (c.code, c.name, c.id))),
            periods: BTreeMap::new(),
            created: Created::new(),
        })
    }

    /// Applies all rows, each once; what a row names may come later in the file.
    async fn all(&mut self, items: &[Item]) -> Result<Vec<Option<Done>>, Stop> {
        let mut done: Vec<Option<Done>> = items.iter().map(|_| None).collect();
        let brought: BTreeSet<&str> = items.iter().filter_map(|item| code(&item.record)).collect();
        self.check_people(items, &mut done);
        self.check_shares(items, &mut done).await?;
        loop {
            let mut progress = false;
            for (item, slot) in items.iter().zip(&mut done) {
                if slot.is_some() || self.waits(&item.record, &brought) {
                    continue;
                }
                *slot = Some(self.one(item).await?);
                progress = true;
            }
            if !progress {
                break;
            }
        }
        // Rows that wait for one another in a circle, or for a rejected one.
        for (item, slot) in items.iter().zip(&mut done) {
            if slot.is_none() {
                let (column, text) = parent(&item.record).unwrap_or(("parent_code", ""));
                *slot = Some(Err(unknown(item.row, column, text)));
            }
        }
        Ok(done)
    }

    /// Whether the row names a parent that is not there yet but that another row may bring.
    fn waits(&self, record: &Record, brought: &BTreeSet<&str>) -> bool {
        let Some((_, text)) = parent(record) else { return false };
        let there = match record {
            Record::Unit(_) => self.units.find(text).is_some(),
            Record::Territory(_) => self.territories.find(text).is_some(),
            Record::Category(_) => self.categories.find(text).is_some(),
            Record::Participant(_) => self.people.find(text).is_some(),
            _ => true,
        };
        !there && brought.contains(text)
    }

    /// Rejects people whose unit or manager is nowhere, before anything of theirs is written.
    fn check_people(&mut self, items: &[Item], done: &mut [Option<Done>]) {
        for (item, slot) in items.iter().zip(done) {
            if let Record::Participant(person) = &item.record
                && !self.order.create_missing
                && let Err(refusal) = self.units.need(item.row, "unit_code", &person.unit_code)
            {
                *slot = Some(Err(refusal));
            }
        }
    }

    /// Rejects the assignments of territories whose direct shares would sum to more than one on any day.
    async fn check_shares(&self, items: &[Item], done: &mut [Option<Done>]) -> Result<(), Stop> {
        type Held = BTreeMap<(ParticipantId, String, NaiveDate), (Option<NaiveDate>, Scaled)>;
        if !items.iter().any(|item| matches!(item.record, Record::Assignment(_))) {
            return Ok(());
        }
        let mut held: BTreeMap<TerritoryId, Held> = BTreeMap::new();
        for old in territory::assignments(self.tx, NaiveDate::MIN, far()).await? {
            let of_territory = held.entry(old.territory_id).or_default();
            of_territory.insert((old.participant_id, old.role, old.valid_from), (old.valid_to, old.share));
        }
        let mut touched: BTreeMap<TerritoryId, Vec<usize>> = BTreeMap::new();
        for (at, item) in items.iter().enumerate() {
            let Record::Assignment(new) = &item.record else { continue };
            let who = self.people.find(&new.participant_code).zip(self.territories.find(&new.territory_code));
            let Some((person, territory)) = who else { continue };
            let share = scaled(new.share)?.unwrap_or(Scaled::ONE);
            let key = (person, role(new), new.valid_from);
            held.entry(territory).or_default().insert(key, (until(new.valid_to), share));
            touched.entry(territory).or_default().push(at);
        }
        for (territory, rows) in touched {
            let Some(held) = held.get(&territory) else { continue };
            let direct: Vec<_> = held.iter().filter(|((_, role, _), _)| role == "direct").collect();
            let sum_on = |day: NaiveDate| -> i64 {
                let on = direct.iter().filter(|((_, _, from), (to, _))| *from <= day && to.is_none_or(|to| day < to));
                on.map(|(_, (_, share))| share.0).sum()
            };
            let days = direct.iter().flat_map(|((_, _, from), (to, _))| std::iter::once(*from).chain(*to));
            let worst = days.map(|day| (sum_on(day), day)).max();
            let Some((sum, day)) = worst.filter(|(sum, _)| *sum > Scaled::ONE.0) else { continue };
            for at in rows {
                if let (Some(item), Some(slot)) = (items.get(at), done.get_mut(at)) {
                    let message =
                        format!("from `{day}` on the territory is held to `{}`, more than 1", Scaled(sum).decimal());
                    let finding = Finding::error("shares_above_one", "", message)
                        .help("end the earlier assignment, or lower the shares");
                    *slot = Some(Err(Box::new(RowFinding::of_row(item.row, finding))));
                }
            }
        }
        Ok(())
    }

    async fn one(&mut self, item: &Item) -> Result<Done, Stop> {
        let row = item.row;
        let done = match &item.record {
            Record::Unit(unit) => self.unit(row, unit).await,
            Record::Category(category) => self.category(row, category).await,
            Record::Territory(territory) => self.territory(row, territory).await,
            Record::Participant(person) => self.participant(row, person).await,
            Record::Product(product) => self.product(row, product).await,
            Record::Assignment(assignment) => self.assignment(row, assignment).await,
            Record::Absence(away) => match self.people.need(row, "participant_code", &away.participant_code) {
                Ok(person) => {
                    let done = absence::put(self.tx, person, (away.from, away.to), &away.kind).await;
                    ruled(row, done.map(|(_, change)| change))
                }
                Err(refusal) => Ok(Err(refusal)),
            },
            Record::KpiValue(value) => {
                let person = self.people.need(row, "participant_code", &value.participant_code);
                match (person, self.period(row, &value.period).await?) {
                    (Ok(person), Ok(period)) => {
                        let amount = Scaled::try_from(value.value).map_err(StoreError::from)?;
                        ruled(row, kpi::put(self.tx, person, &value.kpi, period, amount, Some(self.batch.id)).await)
                    }
                    (Err(refusal), _) | (_, Err(refusal)) => Ok(Err(refusal)),
                }
            }
            Record::OldResult(old) => {
                let person = self.people.need(row, "participant_code", &old.participant_code);
                match (person, self.period(row, &old.period).await?) {
                    (Ok(participant_id), Ok(period_id)) => {
                        let result = kpi::ForeignResult {
                            period_id,
                            participant_id,
                            component: old.component.clone().unwrap_or_default(),
                            value: Scaled::try_from(old.value).map_err(StoreError::from)?,
                        };
                        ruled(row, kpi::put_foreign(self.tx, &result, Some(self.batch.id)).await)
                    }
                    (Err(refusal), _) | (_, Err(refusal)) => Ok(Err(refusal)),
                }
            }
            Record::Goal(goal) => self.goal(row, goal).await,
            Record::Sale(_) => return Err(Stop::Failed("sales are imported otherwise".to_owned())),
        };
        Ok(done?)
    }

    /// From when a change of something that is there already holds.
    fn as_of(&self) -> NaiveDate {
        self.order.as_of.unwrap_or_else(|| self.tx.now().date_naive())
    }

    /// The period of a code; the calendar is the same for all, so that it is opened where it is not there yet.
    async fn period(&mut self, row: u64, code: &str) -> Result<Result<PeriodId, Refusal>, StoreError> {
        let refuse = |finding: Finding| Box::new(RowFinding::of_cell(row, "period", None, code, finding));
        if !self.periods.contains_key(code) {
            let Ok(span) = Period::parse(code) else {
                let finding = Finding::error("not_a_period", "", format!("`{code}` is not a period"));
                return Ok(Err(refuse(finding.help("write `2026-Q1`, `2026-03`, `2026-H1` or `2026`"))));
            };
            let found = period::open(self.tx, code, span.kind().word(), (span.first(), span.last())).await?;
            self.periods.insert(code.to_owned(), (found.id, found.state == "closed"));
        }
        Ok(match self.periods.get(code) {
            Some((id, false)) => Ok(*id),
            _ => {
                let finding = Finding::error("closed_period", "", format!("the period `{code}` is closed"));
                Err(refuse(finding.help("post the correction to an open period")))
            }
        })
    }

    /// The unit of a text; made where that is asked for.
    async fn unit_of(&mut self, row: u64, column: &str, text: &str) -> Result<Result<UnitId, Refusal>, StoreError> {
        if self.units.find(text).is_none() && self.order.create_missing {
            let new = NewUnit { code: slug(text), name: text.to_owned(), parent_id: None, kind: "team".to_owned() };
            let (id, _) = organization::put_unit(self.tx, &new).await?;
            self.units.add(new.code, text, id);
            *self.created.entry("units").or_default() += 1;
        }
        Ok(self.units.need(row, column, text))
    }

    async fn unit(&mut self, row: u64, unit: &Unit) -> Result<Done, StoreError> {
        let parent_id = match self.units.maybe(row, "parent_code", unit.parent_code.as_deref()) {
            Ok(parent) => parent,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let kind = unit.kind.clone().unwrap_or_else(|| "unit".to_owned());
        let new = NewUnit { code: unit.code.clone(), name: unit.name.clone(), parent_id, kind };
        Ok(ruled(row, organization::put_unit(self.tx, &new).await)?.map(|(id, change)| {
            self.units.add(new.code, &new.name, id);
            change
        }))
    }

    async fn category(&mut self, row: u64, category: &Category) -> Result<Done, StoreError> {
        let parent = self.categories.maybe(row, "parent_code", category.parent_code.as_deref());
        let unit = match category.unit_code.as_deref() {
            Some(text) => self.unit_of(row, "unit_code", text).await?.map(Some),
            None => Ok(None),
        };
        let (parent, unit) = match (parent, unit) {
            (Ok(parent), Ok(unit)) => (parent, unit),
            (Err(refusal), _) | (_, Err(refusal)) => return Ok(Err(refusal)),
        };
        let done = product::put_category(self.tx, &category.code, &category.name, parent, unit).await;
        Ok(ruled(row, done)?.map(|(made, change)| {
            self.categories.add(made.code, &made.name, made.id);
            change
        }))
    }

    async fn territory(&mut self, row: u64, new: &Territory) -> Result<Done, StoreError> {
        let parent = match self.territories.maybe(row, "parent_code", new.parent_code.as_deref()) {
            Ok(parent) => parent,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let is_new = !self.territories.ids.contains_key(&new.code);
        let (made, change) = territory::put(self.tx, &new.code, &new.name, &new.level).await?;
        let from = new.valid_from.unwrap_or_else(|| if is_new { always() } else { self.as_of() });
        let place = (from, until(new.valid_to));
        let placed = ruled(row, territory::put_place(self.tx, made.id, place, parent, scaled(new.potential)?).await)?;
        self.territories.add(made.code, &made.name, made.id);
        Ok(placed.map(|placed| both(change, placed)))
    }

    async fn participant(&mut self, row: u64, person: &Participant) -> Result<Done, StoreError> {
        let unit = self.unit_of(row, "unit_code", &person.unit_code).await?;
        let manager = self.people.maybe(row, "manager_code", person.manager_code.as_deref());
        let (unit_id, manager_id) = match (unit, manager) {
            (Ok(unit), Ok(manager)) => (unit, manager),
            (Err(refusal), _) | (_, Err(refusal)) => return Ok(Err(refusal)),
        };
        let new = NewParticipant {
            code: person.code.clone(),
            name: person.name.clone(),
            email: person.email.clone(),
            hire_date: person.hire_date,
            leave_date: person.leave_date,
        };
        let is_new = !self.people.ids.contains_key(&person.code);
        let (made, change) = organization::put_participant(self.tx, &new).await?;
        let place = NewPlace {
            position: person.position.clone(),
            level: person.level.clone(),
            manager_id,
            unit_id,
            fte: scaled(person.fte)?.unwrap_or(Scaled::ONE),
            target_incentive: scaled(person.target_incentive)?,
            currency: person.currency.clone().unwrap_or_else(|| self.order.currency.clone()),
            cost_center: person.cost_center.clone(),
        };
        // A new one holds the place from the first day; a change holds from the day of effect.
        let from = if is_new { person.hire_date } else { self.as_of().max(person.hire_date) };
        let placed = ruled(row, organization::put_place(self.tx, made.id, from, &place).await)?;
        self.people.add(made.code, &made.name, made.id);
        Ok(placed.map(|placed| both(change, placed)))
    }

    async fn product(&mut self, row: u64, new: &Product) -> Result<Done, StoreError> {
        let text = new.category_code.as_str();
        if self.categories.find(text).is_none() && self.order.create_missing {
            let (made, _) = product::put_category(self.tx, &slug(text), text, None, None).await?;
            self.categories.add(made.code, text, made.id);
            *self.created.entry("categories").or_default() += 1;
        }
        let category_id = match self.categories.need(row, "category_code", text) {
            Ok(category) => category,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let (made, change) = product::put(self.tx, &new.code, &new.name).await?;
        let from = new.valid_from.unwrap_or_else(|| if change == Change::Created { always() } else { self.as_of() });
        let terms =
            NewTerms { category_id, list_price: scaled(new.list_price)?, unit_margin: scaled(new.unit_margin)? };
        let put = ruled(row, product::put_terms(self.tx, made.id, (from, until(new.valid_to)), terms).await)?;
        Ok(put.map(|put| both(change, put)))
    }

    async fn assignment(&mut self, row: u64, new: &Assignment) -> Result<Done, StoreError> {
        let person = self.people.need(row, "participant_code", &new.participant_code);
        let territory = self.territories.need(row, "territory_code", &new.territory_code);
        let (participant_id, territory_id) = match (person, territory) {
            (Ok(person), Ok(territory)) => (person, territory),
            (Err(refusal), _) | (_, Err(refusal)) => return Ok(Err(refusal)),
        };
        let assignment = NewAssignment {
            participant_id,
            territory_id,
            role: role(new),
            share: scaled(new.share)?.unwrap_or(Scaled::ONE),
            valid_from: new.valid_from,
            valid_to: until(new.valid_to),
        };
        ruled(row, territory::put_assignment(self.tx, &assignment).await.map(|(_, change)| change))
    }

    async fn goal(&mut self, row: u64, new: &Goal) -> Result<Done, StoreError> {
        let category = self.categories.need(row, "category_code", &new.category_code);
        let territory = self.territories.maybe(row, "territory_code", new.territory_code.as_deref());
        let person = self.people.maybe(row, "participant_code", new.participant_code.as_deref());
        let period = self.period(row, &new.period).await?;
        let (category_id, territory_id, participant_id, period_id) = match (category, territory, person, period) {
            (Ok(category), Ok(territory), Ok(person), Ok(period)) => (category, territory, person, period),
            (Err(refusal), ..) | (_, Err(refusal), ..) | (_, _, Err(refusal), _) | (.., Err(refusal)) => {
                return Ok(Err(refusal));
            }
        };
        let agreed = goal::NewGoal {
            period_id,
            category_id,
            territory_id,
            participant_id,
            measure: new.measure.clone().unwrap_or_else(|| "sales.amount".to_owned()),
            value: Scaled::try_from(new.value)?,
            state: "accepted".to_owned(),
            batch_id: Some(self.batch.id),
            created_by: Some(self.order.actor.id.to_string()),
        };
        ruled(row, goal::put_in_force(self.tx, &agreed).await.map(|(_, change)| change))
    }
}

/// From when things hold that always did.
fn always() -> NaiveDate {
    NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default()
}

/// A day beyond all.
fn far() -> NaiveDate {
    NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX)
}

fn role(assignment: &Assignment) -> String {
    assignment.role.clone().unwrap_or_else(|| "direct".to_owned())
}

/// The row's own code, in kinds with a tree.
fn code(record: &Record) -> Option<&str> {
    match record {
        Record::Unit(unit) => Some(&unit.code),
        Record::Territory(territory) => Some(&territory.code),
        Record::Category(category) => Some(&category.code),
        Record::Participant(person) => Some(&person.code),
        _ => None,
    }
}

/// The code above in the tree.
fn parent(record: &Record) -> Option<(&'static str, &str)> {
    match record {
        Record::Unit(unit) => unit.parent_code.as_deref().map(|code| ("parent_code", code)),
        Record::Territory(territory) => territory.parent_code.as_deref().map(|code| ("parent_code", code)),
        Record::Category(category) => category.parent_code.as_deref().map(|code| ("parent_code", code)),
        Record::Participant(person) => person.manager_code.as_deref().map(|code| ("manager_code", code)),
        _ => None,
    }
}
