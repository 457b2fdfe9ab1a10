//! Everything a run looks at but the sales: one value, of one snapshot.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use serde_json::{Value as Json, json};
use traguardo_domain::actor::Word;
use traguardo_domain::exact::Exact;
use traguardo_domain::finding::Finding;
use traguardo_domain::id::{CategoryId, ParticipantId, PeriodId, PlanId, PlanVersionId, TerritoryId, UnitId};
use traguardo_domain::inputs::{Absence, Adjustment, Balances, Held};
use traguardo_domain::organization::{Person, Post, Roster};
use traguardo_domain::period::Period;
use traguardo_domain::plan::{check_plan, read_plan};
use traguardo_domain::product::Catalog;
use traguardo_domain::run::{GoalHolder, GoalValue, PlanAssignment, PlanVersion, RunInput, Scope};
use traguardo_domain::sales::{Kpi, Sales};
use traguardo_domain::territory::{Holding, Level, Role, Territory, TerritoryMap};
use traguardo_domain::time::{Timeline, Validity};

use super::facts::Index;
use crate::db::{Scaled, StoreError, Tx, args, row};
use crate::{adjustment, assignment, goal, organization, period, plan, product, sales, territory};

/// What is to be loaded.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The period.
    pub period: PeriodId,
    /// The last publication that counts; absent: the latest.
    pub as_of: Option<i64>,
    /// Assignments in these states count (`accepted`, for a preview also `offered`, …).
    pub assignment_states: &'a [&'a str],
    /// Which calendar says when nobody works.
    pub calendar: &'a str,
}

/// What was loaded. Exclusion rules and the settings of the house are the caller's to add.
#[derive(Debug)]
pub struct Loaded {
    /// The input without facts: give them to the crediting by [`super::facts::facts`].
    pub input: RunInput,
    /// Reads lines as facts.
    pub index: Index,
    /// The last publication that counts.
    pub last_batch: i64,
    /// What the run fixes, JSON: plan versions, goal versions.
    pub fixed: String,
}

fn exact(scaled: Scaled) -> Exact {
    Exact::scaled(i128::from(scaled.0), crate::db::scaled::SCALE)
}

fn validity(from: NaiveDate, until: Option<NaiveDate>) -> Validity {
    Validity { from, until }
}

fn corrupt(column: &str, value: impl ToString, expected: &'static str) -> StoreError {
    StoreError::Corrupt { column: column.to_owned(), value: value.to_string(), expected }
}

/// Codes by id, for what refers by id.
struct Codes {
    participants: HashMap<ParticipantId, String>,
    units: HashMap<UnitId, String>,
    territories: HashMap<TerritoryId, String>,
    categories: HashMap<CategoryId, String>,
}

/// Loads what a run looks at.
pub async fn load(tx: &Tx, request: &Request<'_>) -> Result<Loaded, StoreError> {
    let row = period::period(tx, request.period).await?;
    let period = Period::parse(&row.code).map_err(|_| corrupt("periods.code", &row.code, "period"))?;
    let last_batch = match request.as_of {
        Some(no) => no,
        None => sales::last_published(tx).await?,
    };
    let mut input = RunInput::new(period);
    input.as_of_batch = u32::try_from(last_batch).map_err(|_| corrupt("published_no", last_batch, "batch number"))?;
    let (index, names) = Index::load(tx).await?;
    input.sales = Sales { names, facts: Vec::new() };

    let people = organization::all_participants(tx).await?;
    let territories = territory::all(tx).await?;
    let categories = product::categories(tx).await?;
    let codes = Codes {
        participants: people.iter().map(|row| (row.id, row.code.clone())).collect(),
        units: organization::all_units(tx).await?.into_iter().map(|row| (row.id, row.code)).collect(),
        territories: territories.iter().map(|row| (row.id, row.code.clone())).collect(),
        categories: categories.iter().map(|row| (row.id, row.code.clone())).collect(),
    };
    input.roster = roster(tx, &people, &codes).await?;
    input.territories = map(tx, &territories, &codes).await?;
    input.catalog = catalog(tx, &categories, &codes).await?;
    let year = NaiveDate::from_ymd_opt(row.first_day.year(), 1, 1).unwrap_or(row.first_day);
    let holidays = organization::absence::holidays(tx, request.calendar, year, row.last_day).await?;
    input.holidays = holidays.into_iter().map(|holiday| holiday.day).collect();

    let fixed_plans = plans(tx, request, &row, year, &codes, &mut input).await?;
    let fixed_goals = goals(tx, &row, year, &codes, &mut input).await?;
    kpis(tx, &row, &codes, &mut input).await?;
    money(tx, &row, &codes, &mut input).await?;
    let fixed = json!({ "plans": fixed_plans, "goals": fixed_goals }).to_string();
    Ok(Loaded { input, index, last_batch, fixed })
}

async fn roster(tx: &Tx, people: &[organization::Participant], codes: &Codes) -> Result<Roster, StoreError> {
    let (first, last) = (NaiveDate::MIN, NaiveDate::MAX);
    let mut posts: HashMap<ParticipantId, Vec<(Validity, Post)>> = HashMap::new();
    for place in organization::roster(tx, first, last).await? {
        let post = Post {
            unit: codes.units.get(&place.unit_id).cloned(),
            position: Some(place.position),
            level: place.level,
            manager: place.manager_id.and_then(|id| codes.participants.get(&id).cloned()),
            fte: Some(exact(place.fte)),
            target_incentive: place.target_incentive.map(exact),
        };
        posts.entry(place.participant_id).or_default().push((validity(place.valid_from, place.valid_to), post));
    }
    let mut away: HashMap<ParticipantId, Vec<Absence>> = HashMap::new();
    for absence in organization::absence::overlapping(tx, first, last).await? {
        let days = Absence { from: absence.first_day, to: absence.last_day, kind: Some(absence.kind) };
        away.entry(absence.participant_id).or_default().push(days);
    }
    let people = people.iter().map(|row| {
        let person = Person {
            hire: Some(row.hire_date),
            leave: row.leave_date,
            vacant: false,
            posts: Timeline::new(posts.remove(&row.id).unwrap_or_default()).0,
            absences: away.remove(&row.id).unwrap_or_default(),
        };
        (row.code.clone(), person)
    });
    Ok(Roster { people: people.collect() })
}

async fn map(tx: &Tx, territories: &[territory::Territory], codes: &Codes) -> Result<TerritoryMap, StoreError> {
    let (first, last) = (NaiveDate::MIN, NaiveDate::MAX);
    let mut parents: HashMap<TerritoryId, Vec<(Validity, String)>> = HashMap::new();
    for place in territory::places(tx, first, last).await? {
        if let Some(parent) = place.parent_id.and_then(|id| codes.territories.get(&id)) {
            let entry = (validity(place.valid_from, place.valid_to), parent.clone());
            parents.entry(place.territory_id).or_default().push(entry);
        }
    }
    let mut map = TerritoryMap::default();
    for row in territories {
        let level = match row.level.as_str() {
            "national" => Level::National,
            "area" => Level::Area,
            "district" => Level::District,
            "territory" => Level::Territory,
            "brick" => Level::Brick,
            other => return Err(corrupt("territories.level", other, "level")),
        };
        let parents = Timeline::new(parents.remove(&row.id).unwrap_or_default()).0;
        map.territories.insert(row.code.clone(), Territory { level, parents });
    }
    for row in territory::assignments(tx, first, last).await? {
        let (Some(territory), Some(participant)) =
            (codes.territories.get(&row.territory_id), codes.participants.get(&row.participant_id))
        else {
            continue;
        };
        map.holdings.push(Holding {
            territory: territory.clone(),
            validity: validity(row.valid_from, row.valid_to),
            role: if row.role == "overlay" { Role::Overlay } else { Role::Direct },
            participant: participant.clone(),
            share: row.share.0,
        });
    }
    map.holdings.sort_unstable();
    Ok(map)
}

async fn catalog(tx: &Tx, categories: &[product::Category], codes: &Codes) -> Result<Catalog, StoreError> {
    let mut terms: HashMap<_, Vec<(Validity, String)>> = HashMap::new();
    for row in product::terms(tx, NaiveDate::MIN, NaiveDate::MAX).await? {
        if let Some(category) = codes.categories.get(&row.category_id) {
            let entry = (validity(row.valid_from, row.valid_to), category.clone());
            terms.entry(row.product_id).or_default().push(entry);
        }
    }
    let parent = |row: &product::Category| row.parent_id.and_then(|id| codes.categories.get(&id).cloned());
    let products = product::all(tx).await?.into_iter().map(|row| {
        let timeline = Timeline::new(terms.remove(&row.id).unwrap_or_default()).0;
        (row.code, timeline)
    });
    Ok(Catalog {
        categories: categories.iter().map(|row| (row.code.clone(), parent(row))).collect(),
        products: products.collect(),
    })
}

/// Loads the plan version as the engine takes it.
pub fn checked(version: &plan::PlanVersion) -> Result<PlanVersion, StoreError> {
    let refused = |findings: Vec<Finding>| {
        let first = findings.iter().find(|finding| finding.is_error()).map(ToString::to_string).unwrap_or_default();
        let message = format!("the version `{}` of the plan `{}` cannot be used: {first}", version.no, version.code);
        StoreError::refused("plan_unreadable", message)
    };
    let (plan, findings) = read_plan(&version.document);
    let plan = plan.ok_or_else(|| refused(findings))?;
    let (checked, _) = check_plan(plan).map_err(refused)?;
    Ok(PlanVersion {
        code: version.code.clone(),
        number: u32::try_from(version.no).unwrap_or(u32::MAX),
        sha256: version.sha256.clone(),
        plan: Arc::new(checked),
    })
}

async fn plans(
    tx: &Tx,
    request: &Request<'_>,
    row: &period::Period,
    year: NaiveDate,
    codes: &Codes,
    input: &mut RunInput,
) -> Result<Vec<Json>, StoreError> {
    // From the start of the year: what counts the year to date looks at earlier assignments.
    let assigned = assignment::in_force(tx, request.assignment_states, year, row.last_day).await?;
    let mut ids: Vec<PlanVersionId> = assigned.iter().map(|row| row.plan_version_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut fixed = Vec::new();
    for version in plan::versions_of(tx, &ids).await? {
        fixed.push(
            json!({ "id": version.id.to_string(), "code": version.code, "no": version.no, "sha256": version.sha256 }),
        );
        input.plans.insert(version.id.to_string(), checked(&version)?);
    }
    for row in assigned {
        if let Some(participant) = codes.participants.get(&row.participant_id) {
            input.assignments.push(PlanAssignment {
                participant: participant.clone(),
                validity: validity(row.valid_from, row.valid_to),
                plan: row.plan_version_id.to_string(),
            });
        }
    }
    input.assignments.sort_unstable();
    Ok(fixed)
}

async fn goals(
    tx: &Tx,
    row: &period::Period,
    year: NaiveDate,
    codes: &Codes,
    input: &mut RunInput,
) -> Result<Vec<Json>, StoreError> {
    let touched: BTreeMap<PeriodId, Period> = period::all(tx)
        .await?
        .into_iter()
        .filter(|other| other.first_day <= row.last_day && other.last_day >= year)
        .filter_map(|other| Some((other.id, Period::parse(&other.code).ok()?)))
        .collect();
    let ids: Vec<PeriodId> = touched.keys().copied().collect();
    let mut fixed = Vec::new();
    for goal in goal::of_periods(tx, &ids).await? {
        let holder = match (goal.participant_id, goal.territory_id) {
            (Some(id), _) => codes.participants.get(&id).cloned().map(GoalHolder::Participant),
            (None, Some(id)) => codes.territories.get(&id).cloned().map(GoalHolder::Territory),
            (None, None) => None,
        };
        let (Some(holder), Some(category), Some(period)) =
            (holder, codes.categories.get(&goal.category_id), touched.get(&goal.period_id))
        else {
            continue;
        };
        let accepted = goal.state == traguardo_domain::workflow::GoalState::Accepted.as_str();
        if accepted {
            fixed.push(json!({ "id": goal.id.to_string(), "no": goal.no }));
        }
        input.goals.push(GoalValue {
            holder,
            measure: goal.measure,
            scope: Scope::Category(category.clone()),
            period: *period,
            value: exact(goal.value),
            reference: format!("{}/{}", goal.series_id, goal.no),
            accepted,
        });
    }
    input.goals.sort_unstable();
    Ok(fixed)
}

async fn kpis(tx: &Tx, row: &period::Period, codes: &Codes, input: &mut RunInput) -> Result<(), StoreError> {
    // The period itself, the one before and that of last year all lie within these days.
    let from = row.first_day.checked_sub_months(chrono::Months::new(12)).unwrap_or(row.first_day);
    for other in period::all(tx).await? {
        if other.last_day < from || other.first_day > row.last_day {
            continue;
        }
        let Ok(period) = Period::parse(&other.code) else { continue };
        for kpi in sales::kpi::of_period(tx, other.id).await? {
            let key = if kpi.kpi.contains(':') { kpi.kpi } else { format!("kpi:{}", kpi.kpi) };
            let participant = codes.participants.get(&kpi.participant_id).cloned();
            input.kpis.push(Kpi { participant, key, period, value: exact(kpi.value) });
        }
    }
    input.kpis.sort_unstable();
    Ok(())
}

row! {
    /// What a participant carried out of a published run.
    pub struct CarriedOver {
        /// Whose.
        pub participant_id: ParticipantId,
        /// By which plan.
        pub plan_id: PlanId,
        /// The plan, by code.
        pub code: String,
        /// The balances, JSON.
        pub document: String,
        /// The last day of the period that left them.
        pub last_day: NaiveDate,
    }
}

async fn money(tx: &Tx, row: &period::Period, codes: &Codes, input: &mut RunInput) -> Result<(), StoreError> {
    let sql = "SELECT b.participant_id, b.plan_id, p.code, b.document, d.last_day FROM balances b \
               JOIN plans p ON p.id = b.plan_id JOIN runs r ON r.id = b.run_id JOIN periods d ON d.id = r.period_id \
               WHERE d.last_day < $1 ORDER BY b.participant_id, b.plan_id, d.last_day, d.first_day DESC, r.no";
    let mut of: HashMap<PlanId, String> = HashMap::new();
    for carried in tx.all::<CarriedOver>(sql, args![row.first_day]).await? {
        let Some(participant) = codes.participants.get(&carried.participant_id) else { continue };
        let same_year = carried.last_day.year() == row.first_day.year();
        // Later rows of the same participant and plan take the place of earlier ones.
        let balances = read_balances(&carried.document, same_year)?;
        input.money.entry((participant.clone(), carried.code.clone())).or_default().balances = balances;
        of.insert(carried.plan_id, carried.code);
    }
    for change in adjustment::of_period(tx, row.id, "approved").await? {
        let Some(participant) = codes.participants.get(&change.participant_id) else { continue };
        let named = match change.plan_id {
            Some(id) => match of.get(&id) {
                Some(code) => Some(code.clone()),
                None => Some(plan::plan(tx, id).await?.code),
            },
            None => None,
        };
        // An adjustment that names no plan goes to the participant's first.
        let first = || {
            let assigned = input.assignments.iter().find(|assigned| assigned.participant == *participant)?;
            input.plans.get(&assigned.plan).map(|version| version.code.clone())
        };
        let Some(code) = named.or_else(first) else {
            let message = format!(
                "the adjustment `{}` of `{participant}` names no plan, and the participant has none: refuse it or assign a plan",
                change.id
            );
            return Err(StoreError::refused("adjustment_without_plan", message));
        };
        let entry = Adjustment { amount: exact(change.amount), reason: change.reason, approved: true };
        input.money.entry((participant.clone(), code)).or_default().adjustments.push(entry);
    }
    Ok(())
}

/// Balances as a result document leaves them; what was earned to date ends with the year.
fn read_balances(document: &str, same_year: bool) -> Result<Balances, StoreError> {
    let wrong = || corrupt("balances.document", document, "document of balances");
    let json: Json = serde_json::from_str(document).map_err(|_| wrong())?;
    let figure = |json: &Json, name: &str| -> Result<Exact, StoreError> {
        match json.get(name) {
            None => Ok(Exact::ZERO),
            Some(value) => value.as_str().and_then(|text| Exact::parse(text).ok()).ok_or_else(wrong),
        }
    };
    let mut held = Vec::new();
    for part in json.get("held").and_then(Json::as_array).into_iter().flatten() {
        let earned_on = part.get("earned_on").and_then(Json::as_str).and_then(|day| day.parse().ok());
        held.push(Held { amount: figure(part, "amount")?, earned_on: earned_on.ok_or_else(wrong)? });
    }
    Ok(Balances {
        draw: figure(&json, "draw")?,
        carried: figure(&json, "carried")?,
        earned_to_date: if same_year { figure(&json, "earned_to_date")? } else { Exact::ZERO },
        holdback: figure(&json, "holdback")?,
        held,
    })
}
