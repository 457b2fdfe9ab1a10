//! Why somebody is paid otherwise in one run than in another: by cause, exactly.
//!
//! The inputs of the first run are replaced by those of the second in a fixed order (data, goals, roster, plan,
//! adjustments), and after each step everybody is evaluated again. What a step moves is its cause's part; the first
//! state is the first run and the last is the second, so the parts sum to the difference exactly, whatever the plan.
//!
//! * **data**: actuals, previous and last year's values, lines, KPIs, also the company's.
//! * **goal**: goals and the days for which they count.
//! * **roster**: level, unit, manager, team, target incentive, FTE, days, absences, hire and leave, the period itself;
//!   also who comes in and who goes.
//! * **plan**: the plan version, and components that only one of them has.
//! * **adjustment**: adjustments, guarantees, and the balances that earlier periods left.
//!
//! Where two causes work together (more sales against a lower goal), the earlier one in this order is credited at the
//! old value of the later one.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::engine;
use crate::exact::Exact;
use crate::inputs::{Inputs, MeasureEntry, Participant};
use crate::plan::CheckedPlan;
use crate::run::{Group, RunOutcome};
use crate::trace::Trace;

/// What a difference comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Sales, KPIs.
    Data,
    /// Goals.
    Goal,
    /// People, posts, days, targets.
    Roster,
    /// The plan version.
    Plan,
    /// Adjustments, guarantees and balances.
    Adjustment,
}

impl Cause {
    /// All, in the order in which inputs are replaced.
    pub const ALL: [Self; 5] = [Self::Data, Self::Goal, Self::Roster, Self::Plan, Self::Adjustment];
}

/// The difference of one participant between two runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Code of the participant.
    pub participant: String,
    /// Currency of the money.
    pub currency: String,
    /// Payment in the first run.
    pub before: Exact,
    /// Payment in the second run.
    pub after: Exact,
    /// What each cause added (or took away), in the order of [`Cause::ALL`]; causes that moved nothing are left out.
    pub causes: Vec<(Cause, Exact)>,
}

type Payments = BTreeMap<(String, String), Exact>;

/// Those who are evaluated together.
#[derive(Debug, Clone, PartialEq)]
struct Crew<'a> {
    plan: &'a CheckedPlan,
    inputs: Inputs,
}

type State<'a> = BTreeMap<&'a str, Crew<'a>>;

/// Explains every participant's difference between two runs, in order of code; who is paid the same is left out.
pub fn changes(a: &RunOutcome, b: &RunOutcome) -> Vec<Change> {
    let sides = Sides::new(a, b);
    let first = paid(a);
    let last = paid(b);
    let mut state = sides.state(0);
    let mut payments = vec![first.clone()];
    for step in 1..Cause::ALL.len() {
        let next = sides.state(step);
        let before = payments.last().cloned().unwrap_or_default();
        payments.push(evaluate(&state, &next, &before));
        state = next;
    }
    payments.push(last.clone());

    let keys: BTreeSet<&(String, String)> = first.keys().chain(last.keys()).collect();
    keys.into_iter()
        .filter_map(|key| {
            let at = |payments: &Payments| payments.get(key).cloned().unwrap_or_default();
            let causes: Vec<(Cause, Exact)> = Cause::ALL
                .into_iter()
                .zip(payments.iter().zip(payments.iter().skip(1)))
                .map(|(cause, (before, after))| (cause, &at(after) - &at(before)))
                .filter(|(_, moved)| !moved.is_zero())
                .collect();
            let (before, after) = (at(&first), at(&last));
            (before != after || !causes.is_empty()).then(|| Change {
                participant: key.0.clone(),
                currency: key.1.clone(),
                before,
                after,
                causes,
            })
        })
        .collect()
}

/// What a run pays, by participant and currency.
fn paid(run: &RunOutcome) -> Payments {
    let mut payments = Payments::new();
    for row in &run.results {
        *payments.entry((row.participant.clone(), row.currency.clone())).or_default() += &row.evaluated.payment.value;
    }
    payments
}

/// What everybody is paid in `next`. A crew that is as it was pays as it did; one that cannot be evaluated with inputs
/// of two runs mixed pays as before too: its difference then falls to the next cause.
fn evaluate(state: &State<'_>, next: &State<'_>, before: &Payments) -> Payments {
    if state == next {
        return before.clone();
    }
    let mut payments = Payments::new();
    for crew in next.values() {
        let currency = crew.plan.plan().currency.as_str();
        match engine::evaluate(crew.plan, &crew.inputs, Trace::Off) {
            Ok(outcome) => {
                for result in outcome.participants {
                    *payments.entry((result.id, currency.to_owned())).or_default() += &result.payment.value;
                }
            }
            Err(_) => {
                for participant in &crew.inputs.participants {
                    let key = (participant.id.clone(), currency.to_owned());
                    if let Some(paid) = before.get(&key) {
                        payments.insert(key, paid.clone());
                    }
                }
            }
        }
    }
    payments
}

/// Both runs, looked up by participant.
struct Sides<'a> {
    a: BTreeMap<&'a str, Vec<(&'a Group, &'a Participant)>>,
    b: BTreeMap<&'a str, Vec<(&'a Group, &'a Participant)>>,
    groups_b: Vec<&'a Group>,
}

fn by_participant(run: &RunOutcome) -> BTreeMap<&str, Vec<(&Group, &Participant)>> {
    let mut all: BTreeMap<&str, Vec<(&Group, &Participant)>> = BTreeMap::new();
    for group in &run.groups {
        for participant in &group.participants {
            all.entry(&participant.id).or_default().push((group, participant));
        }
    }
    all
}

/// The one among `others` on the same plan version, else on the same plan.
fn counterpart<'a, T>(group: &Group, others: &[(&'a Group, T)]) -> Option<(&'a Group, T)>
where
    T: Copy,
{
    others
        .iter()
        .find(|(other, _)| other.plan_id == group.plan_id)
        .or_else(|| others.iter().find(|(other, _)| other.plan.code == group.plan.code))
        .or_else(|| others.first().filter(|_| others.len() == 1))
        .copied()
}

impl<'a> Sides<'a> {
    fn new(a: &'a RunOutcome, b: &'a RunOutcome) -> Self {
        Self { a: by_participant(a), b: by_participant(b), groups_b: b.groups.iter().collect() }
    }

    /// The inputs after the first `step` causes were replaced.
    fn state(&self, step: usize) -> State<'a> {
        let replaced = |cause: Cause| Cause::ALL.iter().position(|c| *c == cause).is_some_and(|place| place < step);
        let mut state: State<'a> = BTreeMap::new();
        let codes: BTreeSet<&str> = self.a.keys().chain(self.b.keys()).copied().collect();
        for code in codes {
            let old = self.a.get(code).map(Vec::as_slice).unwrap_or_default();
            let new = self.b.get(code).map(Vec::as_slice).unwrap_or_default();
            let comes_or_goes = old.is_empty() || new.is_empty();
            if (comes_or_goes && replaced(Cause::Roster)) || (!comes_or_goes && replaced(Cause::Plan)) {
                for (group, participant) in new {
                    let mut participant = (*participant).clone();
                    if !replaced(Cause::Adjustment) {
                        let before = counterpart(group, old).map(|(_, before)| before.clone());
                        take_adjustments(&mut participant, &before.unwrap_or_else(|| Participant::new(code)));
                    }
                    self.enter(&mut state, group, group, participant, true);
                }
                continue;
            }
            for (group, participant) in old {
                let mut participant = (*participant).clone();
                let after = counterpart(group, new);
                if let Some((_, after)) = after {
                    let plan = group.plan.plan.plan();
                    if replaced(Cause::Data) {
                        mix_measures(&mut participant.measures, &after.measures, take_data);
                        participant.lines = after
                            .lines
                            .iter()
                            .filter(|l| plan.components.iter().any(|c| c.id == l.measure))
                            .cloned()
                            .collect();
                    }
                    if replaced(Cause::Goal) {
                        mix_measures(&mut participant.measures, &after.measures, take_goal);
                    }
                    if replaced(Cause::Roster) {
                        take_roster(&mut participant, after);
                    }
                }
                let after = after.map_or(*group, |(after, _)| after);
                self.enter(&mut state, group, after, participant, false);
            }
        }
        for (plan_id, crew) in &mut state {
            if let Some(header) =
                self.groups_b.iter().find(|group| group.plan_id == *plan_id).map(|group| &group.header)
            {
                if replaced(Cause::Data) {
                    crew.inputs.measures.clone_from(&header.measures);
                }
                if replaced(Cause::Roster) {
                    crew.inputs.period = header.period;
                    crew.inputs.as_of = header.as_of;
                    crew.inputs.periods.clone_from(&header.periods);
                    crew.inputs.holidays.clone_from(&header.holidays);
                }
            }
            let here: BTreeSet<String> = crew.inputs.participants.iter().map(|p| p.id.clone()).collect();
            for participant in &mut crew.inputs.participants {
                participant.team.retain(|code| here.contains(code));
                participant.manager.take_if(|code| !here.contains(code));
            }
        }
        state
    }

    /// Puts a participant into the crew of a plan version. `after` is the group it has in the second run.
    fn enter(&self, state: &mut State<'a>, group: &'a Group, after: &'a Group, participant: Participant, new: bool) {
        let header = if new { &after.header } else { &group.header };
        let crew = state.entry(&group.plan_id).or_insert_with(|| Crew {
            plan: &group.plan.plan,
            inputs: Inputs { participants: Vec::new(), ..header.clone() },
        });
        if !crew.inputs.participants.iter().any(|other| other.id == participant.id) {
            crew.inputs.participants.push(participant);
        }
    }
}

fn mix_measures(
    into: &mut BTreeMap<String, MeasureEntry>,
    from: &BTreeMap<String, MeasureEntry>,
    take: fn(&mut MeasureEntry, &MeasureEntry),
) {
    for (key, entry) in from {
        take(into.entry(key.clone()).or_default(), entry);
    }
}

fn take_data(into: &mut MeasureEntry, from: &MeasureEntry) {
    into.actual.clone_from(&from.actual);
    into.previous.clone_from(&from.previous);
    into.last_year.clone_from(&from.last_year);
}

fn take_goal(into: &mut MeasureEntry, from: &MeasureEntry) {
    into.goal.clone_from(&from.goal);
    into.goal_parts.clone_from(&from.goal_parts);
}

fn take_roster(into: &mut Participant, from: &Participant) {
    let from = from.clone();
    *into = Participant {
        measures: std::mem::take(&mut into.measures),
        lines: std::mem::take(&mut into.lines),
        balances: std::mem::take(&mut into.balances),
        release_holdback: into.release_holdback.take(),
        adjustments: std::mem::take(&mut into.adjustments),
        guarantee: into.guarantee.take(),
        ..from
    };
}

fn take_adjustments(into: &mut Participant, from: &Participant) {
    into.balances.clone_from(&from.balances);
    into.release_holdback.clone_from(&from.release_holdback);
    into.adjustments.clone_from(&from.adjustments);
    into.guarantee.clone_from(&from.guarantee);
}

#[cfg(test)]
mod tests;
