//! From credit, goals, KPIs and the roster to the input of each participant.

use std::collections::BTreeMap;

use super::goals::{Found, Goals};
use super::prepare::{kind, months};
use super::{Fraction, RunInput};
use crate::credit::{Credited, LineCredit};
use crate::eligibility::{Employment, NewHires, Rules, eligible};
use crate::exact::{Exact, PRINTED_PLACES, RoundingMode};
use crate::finding::Finding;
use crate::inputs::{self, Inputs, Line, MeasureEntry, Participant};
use crate::period::Period;
use crate::plan::{
    Basis as PlanBasis, Component, Goal, HireDay, NewHires as PlanNewHires, Proration, TrueUp, Window, needs_goal,
};
use crate::sales::{CREDIT_PLACES, Credit, exact_credit};
use crate::time::{Basis, Days, count_days};

/// What is looked up for everybody.
pub(super) struct Ledgers<'a> {
    pub(super) input: &'a RunInput,
    pub(super) goals: Goals<'a>,
    kpis: BTreeMap<(Option<&'a str>, Period), Vec<(&'a str, &'a Exact)>>,
    reports: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Ledgers<'a> {
    pub(super) fn new(input: &'a RunInput, team_goals: Option<Days>) -> Self {
        let mut kpis: BTreeMap<(Option<&str>, Period), Vec<(&str, &Exact)>> = BTreeMap::new();
        for kpi in &input.kpis {
            kpis.entry((kpi.participant.as_deref(), kpi.period)).or_default().push((&kpi.key, &kpi.value));
        }
        for values in kpis.values_mut() {
            values.sort();
        }
        let mut reports: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let last = input.period.last();
        for (code, person) in &input.roster.people {
            if let Some(manager) = person.post_at(last).1.and_then(|post| post.manager.as_deref()) {
                reports.entry(manager).or_default().push(code);
            }
        }
        let goals = Goals::new(&input.goals, &input.roster, &input.territories, &input.catalog, team_goals);
        Self { input, goals, kpis, reports }
    }

    /// Who reports to somebody directly on the last day of the period.
    pub(super) fn reports(&self, code: &str) -> impl Iterator<Item = &'a str> {
        self.reports.get(code).into_iter().flatten().copied()
    }

    /// The KPI entries of a participant (none: of the company).
    fn kpi_entries(&self, participant: Option<&str>) -> BTreeMap<String, MeasureEntry> {
        let mut entries: BTreeMap<String, MeasureEntry> = BTreeMap::new();
        let period = self.input.period;
        let of = |period: Option<Period>| {
            period.and_then(|period| self.kpis.get(&(participant, period))).into_iter().flatten()
        };
        for (key, value) in of(Some(period)) {
            entries.entry((*key).to_owned()).or_default().actual = Some((*value).clone());
        }
        for (key, value) in of(period.previous()) {
            entries.entry((*key).to_owned()).or_default().previous = Some((*value).clone());
        }
        for (key, value) in of(period.last_year()) {
            entries.entry((*key).to_owned()).or_default().last_year = Some((*value).clone());
        }
        entries
    }

    /// The input of a plan without participants.
    pub(super) fn header(&self, fraction: &Fraction<'_>) -> Inputs {
        let plan = fraction.version.plan.plan();
        let working = plan.proration.as_ref().is_some_and(|p| p.basis == PlanBasis::WorkingDays);
        let periods = periods(fraction);
        Inputs {
            period: Some(inputs::Days { from: fraction.cover.first, to: fraction.cover.last }),
            as_of: Some(self.input.period.last()),
            period_number: None,
            periods: (periods != Exact::ONE).then_some(periods),
            holidays: if working {
                self.input.holidays.iter().copied().filter(|day| fraction.cover.contains(*day)).collect()
            } else {
                Vec::new()
            },
            measures: self.kpi_entries(None),
            participants: Vec::new(),
        }
    }

    /// The input of one participant; what is missing goes to `findings`.
    pub(super) fn participant(
        &self,
        fraction: &Fraction<'_>,
        credited: &[Credited],
        findings: &mut Vec<Finding>,
    ) -> Participant {
        let input = self.input;
        let mut participant = Participant::new(fraction.participant);
        let plan = fraction.version.plan.plan();
        let proration = plan.proration.as_ref();
        let count = |days: Days| count_days(days, basis(proration), &input.holidays);
        if let Some(person) = input.roster.person(fraction.participant) {
            let employed = person.employed(fraction.span);
            let post = employed.and_then(|days| person.last_post(days)).or_else(|| person.last_post(fraction.span));
            if let Some(post) = post {
                participant.level.clone_from(&post.level);
                participant.unit.clone_from(&post.unit);
                participant.position.clone_from(&post.position);
                participant.manager.clone_from(&post.manager);
            }
            participant.eligible = employed.is_some();
            participant.vacant = person.vacant;
            let posts = person.posts.pieces(employed.unwrap_or(fraction.span));
            let weighed = |pick: fn(&crate::organization::Post) -> Option<&Exact>| {
                weighed(posts.iter().filter_map(|(days, post)| Some((days.len(), pick((*post)?)?))))
            };
            if plan.target_incentive.is_none() {
                participant.target_incentive = weighed(|post| post.target_incentive.as_ref());
            }
            participant.fte = weighed(|post| post.fte.as_ref()).filter(|fte| *fte != Exact::ONE);
            participant.hire_date = person.hire;
            participant.leave_date = person.leave;
            participant.absences = person
                .absences
                .iter()
                .filter(|a| Days::new(a.from, a.to).and_then(|days| days.intersect(fraction.cover)).is_some())
                .cloned()
                .collect();
            participant.absences.sort_by_key(|absence| (absence.from, absence.to, absence.kind.clone()));
            if !fraction.whole {
                let period_days = count(fraction.cover);
                let days = Employment { hire: person.hire, leave: person.leave, absences: &person.absences };
                let eligible = eligible(fraction.span, &days, &rules(proration), &input.holidays);
                participant.eligible_days = Some(Exact::from(eligible.eligible_days));
                participant.period_days = Some(Exact::from(period_days));
                if !proration.is_some_and(|p| p.applies_to.target || p.applies_to.payout) {
                    // A plan that does not prorate by days still pays a part of the period only for that part.
                    let share = Exact::from(fraction.span.len()).div_or_zero(&Exact::from(fraction.cover.len()));
                    let share = &share * &periods(fraction);
                    participant.periods = Some(share.round(PRINTED_PLACES, RoundingMode::HalfEven));
                }
            }
        }
        participant.period_number = Some(fraction.number);
        participant.team = self.reports(fraction.participant).map(str::to_owned).collect();
        participant.measures = self.kpi_entries(Some(fraction.participant));
        for (component, holder) in plan.components.iter().zip(&fraction.holders) {
            let credited = holder.and_then(|holder| credited.get(holder));
            self.measure(fraction, component, credited, &count, &mut participant, findings);
        }
        if fraction.last {
            let key = (fraction.participant.to_owned(), fraction.version.code.clone());
            if let Some(money) = input.money.get(&key) {
                participant.balances = money.balances.clone();
                participant.release_holdback.clone_from(&money.release_holdback);
                participant.adjustments.clone_from(&money.adjustments);
                participant.guarantee.clone_from(&money.guarantee);
                participant.period_number = money.period_number.or(participant.period_number);
            }
        }
        participant
    }

    fn measure(
        &self,
        fraction: &Fraction<'_>,
        component: &Component,
        credited: Option<&Credited>,
        count: &dyn Fn(Days) -> u32,
        participant: &mut Participant,
        findings: &mut Vec<Finding>,
    ) {
        let of = component.measure.of.as_str();
        let mut entry = match credited {
            Some(credited) => {
                let lines = super::wants_lines(component);
                participant.lines.extend(credited.lines.iter().map(|line| self.line(component, line)));
                let sum = |known: bool, sum: Credit| known.then(|| exact_credit(sum));
                MeasureEntry {
                    actual: sum(credited.known.0 && !lines, credited.sums.current),
                    previous: sum(credited.known.1, credited.sums.previous),
                    last_year: sum(credited.known.2, credited.sums.last_year),
                    ..MeasureEntry::default()
                }
            }
            None => participant.measures.get(of).cloned().unwrap_or_default(),
        };
        if component.goal == Goal::Assigned && !of.starts_with("component:") {
            let range = match component.measure.window {
                Window::YearToDate => self.input.period.year_to_date(),
                Window::Period => fraction.cover,
            };
            let span = if fraction.whole { range } else { fraction.span.intersect(range).unwrap_or(range) };
            match self.goals.find(fraction.participant, component, range, span, count) {
                Found::Whole(goal) => entry.goal = Some(goal),
                Found::Parts(parts) if range == fraction.cover => {
                    participant.period_days = participant.period_days.take().or_else(|| {
                        // Days of the goals and of the period must be of one kind, so the engine is given both.
                        let days = count(fraction.cover);
                        participant.eligible_days = Some(Exact::from(self.eligible_days(fraction)));
                        Some(Exact::from(days))
                    });
                    entry.goal_parts = parts;
                }
                Found::Parts(parts) => {
                    let sum: Exact = parts.iter().map(|part| &part.goal * &part.days).sum();
                    let goal = sum.div_or_zero(&Exact::from(count(range)));
                    entry.goal = Some(goal.round(PRINTED_PLACES, RoundingMode::HalfEven));
                }
                Found::Missing { not_accepted, incomplete }
                    if needs_goal(component).is_some() && participant.eligible && !participant.vacant =>
                {
                    findings.push(super::checks::missing_goal(fraction, component, not_accepted, incomplete));
                }
                Found::Missing { .. } => {}
            }
        }
        if entry != MeasureEntry::default()
            && (credited.is_some() || entry.goal.is_some() || !entry.goal_parts.is_empty())
        {
            participant.measures.insert(component.id.clone(), entry);
        }
    }

    fn eligible_days(&self, fraction: &Fraction<'_>) -> u32 {
        let Some(person) = self.input.roster.person(fraction.participant) else { return 0 };
        let days = Employment { hire: person.hire, leave: person.leave, absences: &person.absences };
        let proration = fraction.version.plan.plan().proration.as_ref();
        eligible(fraction.cover, &days, &rules(proration), &self.input.holidays).eligible_days
    }

    fn line(&self, component: &Component, line: &LineCredit) -> Line {
        let names = &self.input.sales.names;
        let fact = &line.fact;
        let part =
            |value: i64| Some(Exact::scaled(i128::from(value).saturating_mul(i128::from(line.share)), CREDIT_PLACES));
        let product = names.products.name(fact.product);
        let text = |name: Option<&str>| name.map(str::to_owned);
        Line {
            reference: fact.line.to_string(),
            measure: component.id.clone(),
            amount: part(fact.amount),
            quantity: part(fact.quantity),
            margin: part(fact.margin),
            product: text(product),
            category: product.and_then(|code| self.input.catalog.products.get(code)?.at(fact.date).cloned()),
            channel: text(names.channels.name(fact.channel)),
            customer: text(names.customers.name(fact.customer)),
            territory: text(names.territories.name(fact.territory)),
            date: Some(fact.date),
            attributes: fact
                .attributes
                .place()
                .and_then(|place| names.attributes.get(place))
                .cloned()
                .unwrap_or_default(),
        }
    }
}

/// How many measurement periods a fraction's plan covers in the run.
fn periods(fraction: &Fraction<'_>) -> Exact {
    let plan = fraction.version.plan.plan();
    let measured = kind(plan.measurement).months();
    let covered = months(fraction.cover);
    if plan.true_up == TrueUp::None && covered == measured {
        return Exact::ONE;
    }
    Exact::from(covered).div_or_zero(&Exact::from(measured)).round(PRINTED_PLACES, RoundingMode::HalfEven)
}

fn basis(proration: Option<&Proration>) -> Basis {
    match proration.map(|p| p.basis) {
        Some(PlanBasis::WorkingDays) => Basis::WorkingDays,
        _ => Basis::CalendarDays,
    }
}

fn rules(proration: Option<&Proration>) -> Rules<'_> {
    let Some(proration) = proration else { return Rules::default() };
    Rules {
        basis: basis(Some(proration)),
        hire_day_not_counted: proration.hire_day == HireDay::NotCounted,
        absence_grace_days: proration.absence_grace_days,
        absence_kinds: (!proration.absence_kinds.is_empty()).then_some(proration.absence_kinds.as_slice()),
        new_hires: match proration.new_hires {
            PlanNewHires::FromHire | PlanNewHires::Guarantee(_) => NewHires::FromHire,
            PlanNewHires::FromNextMonth => NewHires::FromNextMonth,
            PlanNewHires::AfterDays(days) => NewHires::AfterDays(days),
        },
    }
}

/// The mean of values that hold for some days each, half-even at twelve places; the value itself where it is one.
fn weighed<'e>(values: impl Iterator<Item = (u32, &'e Exact)>) -> Option<Exact> {
    let values: Vec<(u32, &Exact)> = values.collect();
    let (_, first) = values.first()?;
    if values.iter().all(|(_, value)| value == first) {
        return Some((*first).clone());
    }
    let days: Exact = values.iter().map(|(days, _)| Exact::from(*days)).sum();
    let sum: Exact = values.iter().map(|(days, value)| &Exact::from(*days) * *value).sum();
    Some(sum.div_or_zero(&days).round(PRINTED_PLACES, RoundingMode::HalfEven))
}
