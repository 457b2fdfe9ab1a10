//! Which goal a participant has for a component: whose it is, of which categories, over which days.

use std::collections::{BTreeMap, BTreeSet};

use crate::exact::{Exact, PRINTED_PLACES, RoundingMode};
use crate::inputs::GoalPart;
use crate::organization::Roster;
use crate::period::Period;
use crate::plan::{Component, Credit};
use crate::product::Catalog;
use crate::territory::{Holding, Role, TerritoryMap};
use crate::time::Days;

/// What a goal is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// All sales.
    All,
    /// A category and all below it.
    Category(String),
    /// A product.
    Product(String),
    /// A component of a plan, by its id.
    Component(String),
}

/// Whose goal it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum GoalHolder {
    /// A participant's own.
    Participant(String),
    /// A territory's: it goes with who holds the territory.
    Territory(String),
}

/// A goal in force.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct GoalValue {
    /// Whose.
    pub holder: GoalHolder,
    /// Measure key: `sales.amount`, `sales.quantity`, `sales.margin`, `kpi:<code>`…
    pub measure: String,
    /// Of what.
    pub scope: Scope,
    /// For which period.
    pub period: Period,
    /// How much, for the whole period.
    pub value: Exact,
    /// What the goal (and its version) is known by.
    pub reference: String,
    /// Whether it was accepted; others do not count, but are told where a goal is missing.
    pub accepted: bool,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// For the whole span.
    Whole(Exact),
    /// In parts, each for some days.
    Parts(Vec<GoalPart>),
    /// Nothing; whether there is a goal that nobody accepted, or one that covers only part of the days.
    Missing { not_accepted: bool, incomplete: bool },
}

type ByScope<'a> = BTreeMap<&'a Scope, Vec<&'a GoalValue>>;

/// All goals, and where to look them up.
pub(crate) struct Goals<'a> {
    goals: BTreeMap<(&'a GoalHolder, &'a str), ByScope<'a>>,
    below: BTreeMap<&'a str, Vec<&'a str>>,
    roots: Vec<&'a str>,
    roster: &'a Roster,
    map: &'a TerritoryMap,
    holdings: BTreeMap<&'a str, Vec<&'a Holding>>,
    /// For each head the people below, with the days.
    teams: BTreeMap<&'a str, Vec<(&'a str, Days)>>,
}

/// What one source of goals gives for a range of days.
#[derive(Default)]
struct Tiled {
    value: Option<Exact>,
    not_accepted: bool,
    incomplete: bool,
}

impl<'a> Goals<'a> {
    /// `teams_over` are the days over which team goals may be asked for.
    pub(crate) fn new(
        goals: &'a [GoalValue],
        roster: &'a Roster,
        map: &'a TerritoryMap,
        catalog: &'a Catalog,
        teams_over: Option<Days>,
    ) -> Self {
        let mut by_holder: BTreeMap<(&GoalHolder, &str), ByScope<'_>> = BTreeMap::new();
        for goal in goals {
            let scopes = by_holder.entry((&goal.holder, goal.measure.as_str())).or_default();
            scopes.entry(&goal.scope).or_default().push(goal);
        }
        for scopes in by_holder.values_mut() {
            for goals in scopes.values_mut() {
                // The longest periods first: a quarter's goal stands before those of its months.
                goals
                    .sort_by_key(|goal| (std::cmp::Reverse(goal.period.kind().months()), goal.period, &goal.reference));
            }
        }
        let mut below: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (code, parent) in &catalog.categories {
            if let Some(parent) = parent {
                below.entry(parent).or_default().push(code);
            }
        }
        let mut holdings: BTreeMap<&str, Vec<&Holding>> = BTreeMap::new();
        for holding in &map.holdings {
            holdings.entry(&holding.participant).or_default().push(holding);
        }
        for mine in holdings.values_mut() {
            mine.sort();
        }
        Self {
            goals: by_holder,
            below,
            roots: catalog.children(None).collect(),
            roster,
            map,
            holdings,
            teams: teams_over.map(|days| teams(roster, days)).unwrap_or_default(),
        }
    }

    /// The goal of `participant` for `component`. `range` are the days that the goal is for; `span` those of them
    /// that count for the participant; both the same: the whole goal counts.
    pub(crate) fn find(
        &self,
        participant: &str,
        component: &Component,
        range: Days,
        span: Days,
        count: &dyn Fn(Days) -> u32,
    ) -> Found {
        let mut missing = Tiled::default();
        let own = GoalHolder::Participant(participant.to_owned());
        if let Some(goal) = self.worth(&own, component, range, &mut missing) {
            if range == span {
                return Found::Whole(goal);
            }
            return Found::Parts(vec![GoalPart {
                reference: participant.to_owned(),
                goal,
                days: Exact::from(count(span)),
            }]);
        }
        let mut parts = Vec::new();
        self.territory_parts(participant, component, range, span, &mut parts, &mut missing);
        // Who is hired or leaves with the territory has its whole goal: what becomes of that is for the plan's proration.
        let there = self.roster.person(participant).and_then(|person| person.employed(range));
        if span == range && !parts.is_empty() && parts.iter().all(|(_, _, days)| Some(*days) == there) {
            return Found::Whole(parts.iter().map(|(_, goal, _)| goal).sum());
        }
        if parts.is_empty() && component.measure.credit == Credit::Team {
            for (member, days) in self.teams.get(participant).into_iter().flatten() {
                let Some(days) = days.intersect(span) else { continue };
                let own = GoalHolder::Participant((*member).to_owned());
                match self.worth(&own, component, range, &mut missing) {
                    Some(goal) => parts.push(((*member).to_owned(), goal, days)),
                    None => self.territory_parts(member, component, range, days, &mut parts, &mut missing),
                }
            }
        }
        if parts.is_empty() || missing.incomplete {
            return Found::Missing { not_accepted: missing.not_accepted, incomplete: missing.incomplete };
        }
        if parts.iter().all(|(_, _, days)| *days == range) {
            return Found::Whole(parts.iter().map(|(_, goal, _)| goal).sum());
        }
        let parts = parts
            .into_iter()
            .map(|(reference, goal, days)| GoalPart { reference, goal, days: Exact::from(count(days)) })
            .filter(|part| !part.days.is_zero())
            .collect();
        Found::Parts(parts)
    }

    /// The goals of the territories that somebody holds in `span`: directly, or as overlay where nothing is held directly.
    fn territory_parts(
        &self,
        participant: &str,
        component: &Component,
        range: Days,
        span: Days,
        parts: &mut Vec<(String, Exact, Days)>,
        missing: &mut Tiled,
    ) {
        let held = || self.holdings.get(participant).into_iter().flatten();
        let employed = self.roster.person(participant).and_then(|person| person.employed(span));
        let Some(employed) = employed else { return };
        for role in [Role::Direct, Role::Overlay] {
            let before = parts.len();
            for holding in held().filter(|holding| holding.role == role) {
                let Some(days) = holding.validity.within(employed) else { continue };
                if let Some(goal) = self.territory_worth(&holding.territory, component, range, missing, 0) {
                    let goal = &goal * &Exact::scaled(i128::from(holding.share), 6);
                    parts.push((holding.territory.clone(), goal.round(PRINTED_PLACES, RoundingMode::HalfEven), days));
                }
            }
            if parts.len() > before {
                return;
            }
        }
    }

    /// The goal of a territory: its own, else the sum of those that lie in it.
    fn territory_worth(
        &self,
        code: &str,
        component: &Component,
        range: Days,
        missing: &mut Tiled,
        depth: u32,
    ) -> Option<Exact> {
        let own = GoalHolder::Territory(code.to_owned());
        if let Some(goal) = self.worth(&own, component, range, missing) {
            return Some(goal);
        }
        if depth >= 8 {
            return None;
        }
        let mut sum = None;
        for child in self.map.children(code, range.last) {
            if let Some(goal) = self.territory_worth(child, component, range, missing, depth.saturating_add(1)) {
                sum = Some(sum.map_or(goal.clone(), |sum: Exact| &sum + &goal));
            }
        }
        sum
    }

    /// The goal of one holder for what the component selects.
    fn worth(&self, holder: &GoalHolder, component: &Component, range: Days, missing: &mut Tiled) -> Option<Exact> {
        let scopes = self.goals.get(&(holder, component.measure.of.as_str()))?;
        let mut take = |tiled: Tiled| {
            missing.not_accepted |= tiled.not_accepted;
            missing.incomplete |= tiled.incomplete;
            tiled.value
        };
        if let Some(goal) = take(tile(scopes, &Scope::Component(component.id.clone()), range)) {
            return Some(goal);
        }
        let measure = &component.measure;
        let named: BTreeSet<&str> = if measure.products.is_empty() { &measure.categories } else { &measure.products }
            .iter()
            .map(String::as_str)
            .collect();
        if named.is_empty() {
            if let Some(goal) = take(tile(scopes, &Scope::All, range)) {
                return Some(goal);
            }
            // A measure that is no sum of sales has no categories: any goal of its key is its goal.
            let starts: Vec<&str> = if measure.of.starts_with("sales.") {
                self.roots.clone()
            } else {
                scopes
                    .keys()
                    .filter_map(|scope| if let Scope::Category(code) = scope { Some(code.as_str()) } else { None })
                    .collect()
            };
            return self.sum(scopes, &starts, range, &mut take);
        }
        let starts: Vec<&str> = named.into_iter().collect();
        self.sum(scopes, &starts, range, &mut take)
    }

    fn sum(
        &self,
        scopes: &ByScope<'_>,
        codes: &[&str],
        range: Days,
        take: &mut dyn FnMut(Tiled) -> Option<Exact>,
    ) -> Option<Exact> {
        let mut sum: Option<Exact> = None;
        for code in codes {
            if let Some(goal) = self.of_code(scopes, code, range, take, 0) {
                sum = Some(sum.map_or(goal.clone(), |sum| &sum + &goal));
            }
        }
        sum
    }

    /// The goal of a product, or of a category: its own, else the sum of those below it.
    fn of_code(
        &self,
        scopes: &ByScope<'_>,
        code: &str,
        range: Days,
        take: &mut dyn FnMut(Tiled) -> Option<Exact>,
        depth: u32,
    ) -> Option<Exact> {
        for scope in [Scope::Category(code.to_owned()), Scope::Product(code.to_owned())] {
            if let Some(goal) = take(tile(scopes, &scope, range)) {
                return Some(goal);
            }
        }
        if depth >= 32 {
            return None;
        }
        let mut sum: Option<Exact> = None;
        for child in self.below.get(code).into_iter().flatten() {
            if let Some(goal) = self.of_code(scopes, child, range, take, depth.saturating_add(1)) {
                sum = Some(sum.map_or(goal.clone(), |sum| &sum + &goal));
            }
        }
        sum
    }
}

/// The accepted goals of one scope laid end to end over `range`, the longest periods first.
fn tile(scopes: &ByScope<'_>, scope: &Scope, range: Days) -> Tiled {
    let mut tiled = Tiled::default();
    let mut laid: Vec<Days> = Vec::new();
    let mut sum = Exact::ZERO;
    for goal in scopes.get(scope).into_iter().flatten() {
        let days = goal.period.days();
        if !range.covers(days) || laid.iter().any(|other| other.intersect(days).is_some()) {
            continue;
        }
        if !goal.accepted {
            tiled.not_accepted = true;
            continue;
        }
        laid.push(days);
        sum = &sum + &goal.value;
    }
    let covered: u32 = laid.iter().fold(0, |sum, days| sum.saturating_add(days.len()));
    if covered == range.len() {
        tiled.value = Some(sum);
    } else if covered > 0 {
        tiled.incomplete = true;
    }
    tiled
}

/// For each head the people below in `days`, each with the days on which they are.
fn teams(roster: &Roster, days: Days) -> BTreeMap<&str, Vec<(&str, Days)>> {
    let mut teams: BTreeMap<&str, Vec<(&str, Days)>> = BTreeMap::new();
    for code in roster.people.keys() {
        let mut day = days.first;
        loop {
            let (validity, line) = roster.line_above(code, day);
            let Some(piece) = validity.within(Days { first: day, last: days.last }) else { break };
            for head in line {
                let members = teams.entry(head).or_default();
                match members.last_mut() {
                    Some((last, before)) if last == code && before.last.succ_opt() == Some(piece.first) => {
                        before.last = piece.last
                    }
                    _ => members.push((code, piece)),
                }
            }
            match piece.last.succ_opt() {
                Some(next) if next <= days.last => day = next,
                _ => break,
            }
        }
    }
    teams
}
