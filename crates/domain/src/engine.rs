//! The calculation: a pure function from a checked plan and its inputs to results.
//!
//! Strictly forward, as `docs/plan-format.md` orders it: actual → goal → gates → payout →
//! limits → total → payment. Components are worked out one after the other over all
//! participants, so that rankings and pools see everybody; those that need what a team
//! earned come last, members before their superiors.

use crate::exact::Exact;
use crate::finding::{Finding, has_errors};
use crate::inputs::Inputs;
use crate::plan::{CheckedPlan, Component, Payout, Per};
use crate::result::{Figure, Outcome, ParticipantResult, State, Totals};
use crate::trace::Trace;

mod component;
mod curve;
mod example;
mod gate;
mod lines;
mod modifier;
mod payment;
mod payout;
mod population;
mod rate;
mod total;
mod values;
mod world;

pub use example::{ExampleFailure, run_examples};

use component::{Base, Evaluated};
use world::World;

/// Evaluates a plan for everybody in `inputs`.
///
/// # Errors
/// All findings when the inputs do not fit the plan, or (code `internal`) when a figure
/// would not be the sum of what explains it: then nothing of the result can be trusted.
pub fn evaluate(plan: &CheckedPlan, inputs: &Inputs, trace: Trace) -> Result<Outcome, Vec<Finding>> {
    let mut findings = Vec::new();
    let world = World::new(plan, inputs, trace, &mut findings);
    if has_errors(&findings) {
        return Err(findings);
    }
    let together = plan
        .plan()
        .components
        .iter()
        .any(|c| matches!(c.payout, Payout::Rank(_) | Payout::Pool(_) | Payout::Override(_)));
    let results = if together { everybody_together(&world, &mut findings) } else { one_by_one(&world, &mut findings) };
    if has_errors(&findings) {
        return Err(findings);
    }
    let scale = plan.plan().rounding.scale;
    let participants = results;
    let earned: Exact = participants.iter().map(|p| &p.earned.value).sum();
    let payment: Exact = participants.iter().map(|p| &p.payment.value).sum();
    Ok(Outcome {
        format: "traguardo-result/1",
        plan: plan.plan().code.clone(),
        currency: plan.plan().currency.clone(),
        participants,
        totals: Totals { earned: Figure::fixed(earned, scale), payment: Figure::fixed(payment, scale) },
    })
}

/// Everybody by themselves: nobody's pay depends on another's.
fn one_by_one(world: &World<'_>, findings: &mut Vec<Finding>) -> Vec<ParticipantResult> {
    let components = &world.plan.plan().components;
    let mut results = Vec::with_capacity(world.people().len());
    for i in 0..world.people().len() {
        let mut row: Vec<Option<Evaluated>> = vec![None; components.len()];
        for c in world.plan.first() {
            let Some(component) = components.get(*c) else { continue };
            let base = Base::new(world, i, *c, &row);
            let paid = alone(world, i, *c, component, &base, &row);
            let evaluated = base.finish(world, component, paid);
            if let Some(slot) = row.get_mut(*c) {
                *slot = Some(evaluated);
            }
        }
        match total::participant(world, i, &mut row) {
            Ok(result) => results.push(result),
            Err(finding) => findings.push(finding),
        }
    }
    results
}

fn alone(
    world: &World<'_>,
    i: usize,
    c: usize,
    component: &Component,
    base: &Base,
    row: &[Option<Evaluated>],
) -> Option<Paid> {
    if component.per == Per::Line {
        lines::each_line(world, i, c, base)
    } else {
        payout::individual(world, i, c, base, row)
    }
}

/// Component by component over everybody, so that rankings and pools see all; then, members before
/// their superiors, what depends on the earnings of a team.
fn everybody_together(world: &World<'_>, findings: &mut Vec<Finding>) -> Vec<ParticipantResult> {
    let plan = world.plan;
    let people = world.people().len();
    let mut done: Vec<Vec<Option<Evaluated>>> = (0..people).map(|_| vec![None; plan.plan().components.len()]).collect();
    for c in plan.first() {
        work_out(world, *c, &mut done);
    }
    let mut results: Vec<Option<ParticipantResult>> = (0..people).map(|_| None).collect();
    for i in world.members_first() {
        for c in plan.second() {
            let Some(component) = plan.plan().components.get(*c) else { continue };
            let base = Base::new(world, i, *c, row(&done, i));
            let paid = match &component.payout {
                Payout::Override(over) => population::team_share(world, i, over, &done, &results),
                _ => alone(world, i, *c, component, &base, row(&done, i)),
            };
            set(&mut done, i, *c, base.finish(world, component, paid));
        }
        match total::participant(world, i, row_mut(&mut done, i)) {
            Ok(result) => {
                if let Some(slot) = results.get_mut(i) {
                    *slot = Some(result);
                }
            }
            Err(finding) => findings.push(finding),
        }
    }
    results.into_iter().flatten().collect()
}

/// Works out one component for everybody.
fn work_out(world: &World<'_>, c: usize, done: &mut [Vec<Option<Evaluated>>]) {
    let Some(component) = world.plan.plan().components.get(c) else { return };
    let bases: Vec<Base> = (0..done.len()).map(|i| Base::new(world, i, c, row(done, i))).collect();
    let together = match &component.payout {
        Payout::Rank(rank) => Some(population::rank(world, rank, &bases, done)),
        Payout::Pool(pool) => Some(population::pool(world, component, pool, &bases)),
        _ => None,
    };
    let mut together = together.map(Vec::into_iter);
    for (i, base) in bases.into_iter().enumerate() {
        let paid = match (&mut together, &component.payout) {
            (Some(paid), _) => paid.next().flatten(),
            (None, Payout::Override(over)) => population::team_share(world, i, over, done, &[]),
            (None, _) => alone(world, i, c, component, &base, row(done, i)),
        };
        set(done, i, c, base.finish(world, component, paid));
    }
}

fn row(done: &[Vec<Option<Evaluated>>], i: usize) -> &[Option<Evaluated>] {
    done.get(i).map_or(&[], Vec::as_slice)
}

fn row_mut(done: &mut [Vec<Option<Evaluated>>], i: usize) -> &mut [Option<Evaluated>] {
    done.get_mut(i).map_or(&mut [], Vec::as_mut_slice)
}

fn set(done: &mut [Vec<Option<Evaluated>>], i: usize, c: usize, value: Evaluated) {
    if let Some(slot) = done.get_mut(i).and_then(|row| row.get_mut(c)) {
        *slot = Some(value);
    }
}

/// What a payout kind gives before gates and limits; `None` of it: there was no data after all.
#[derive(Debug, Clone)]
pub(crate) struct Paid {
    /// Money (step 4).
    amount: Exact,
    /// Whether anything was reached.
    state: State,
    /// How.
    steps: Vec<crate::trace::Step>,
}

impl Paid {
    fn new(amount: Exact, reached: bool, steps: Vec<crate::trace::Step>) -> Self {
        Self { amount, state: if reached { State::Ok } else { State::BelowThreshold }, steps }
    }

    fn no_data(steps: Vec<crate::trace::Step>) -> Self {
        Self { amount: Exact::ZERO, state: State::NoData, steps }
    }
}
