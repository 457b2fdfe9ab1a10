//! One component of one participant: what holds before the payout, and gates, limits and rounding after it.

use super::Paid;
use super::gate::{Effect, failing};
use super::total::limit_words;
use super::values::Values;
use super::world::World;
use crate::exact::Exact;
use crate::plan::{AxisRead, Component, Goal, Operand, Payout, Per, RateOn, RoundingStep, TierBy, needs_goal};
use crate::result::{Figure, State};
use crate::trace::{Step, Steps};

/// What is known of a component before it is paid: steps 1 to 3.
#[derive(Debug, Clone)]
pub(crate) struct Base {
    pub values: Values,
    /// What the payout looks at.
    pub x: Option<Exact>,
    pub target: Option<Exact>,
    /// Why nothing can be paid, if so.
    pub blocked: Option<State>,
    effects: Vec<Effect>,
    steps: Vec<Step>,
}

/// A component that has been worked out: steps 1 to 6.
#[derive(Debug, Clone)]
pub(crate) struct Evaluated {
    pub state: State,
    pub actual: Option<Exact>,
    pub goal: Option<Exact>,
    pub attainment: Option<Exact>,
    pub target: Option<Exact>,
    pub payout: Exact,
    pub derivation: Option<Step>,
}

impl Base {
    /// Actual, goal, attainment, target and gates of component `c` of participant `i`.
    pub fn new(world: &World<'_>, i: usize, c: usize, done: &[Option<Evaluated>]) -> Self {
        let mut steps = Steps::new(world.trace);
        let nothing = Values { actual: None, goal: None, attainment: None };
        let (Some(component), Some(person)) = (world.plan.plan().components.get(c), world.get(i)) else {
            return Self {
                values: nothing,
                x: None,
                target: None,
                blocked: Some(State::NotEligible),
                effects: Vec::new(),
                steps: Vec::new(),
            };
        };
        let values = world.component_values(i, component, done, &mut steps);
        let target = component.weight.as_ref().and_then(|weight| {
            let target = person.target.as_ref()?;
            let own = target * weight;
            steps.add(|| Step::new("component_target", &own).formula(format!("{target} × {weight}")));
            Some(own)
        });
        let x = values.read(component.read);
        let blocked = if !person.eligible {
            Some(State::NotEligible)
        } else {
            let of_component =
                component.measure.of.starts_with("component:") && !matches!(component.goal, Goal::Value(_));
            if lacks_data(world, i, component, &values, done, &mut steps) {
                Some(State::NoData)
            } else {
                match needs_goal(component) {
                    Some(_) if of_component && component.read == crate::plan::Read::Attainment => {
                        values.attainment.is_none().then_some(State::NoGoal)
                    }
                    Some(_) => match &values.goal {
                        None => Some(State::NoGoal),
                        Some(goal) if goal.is_zero() => Some(State::GoalZero),
                        Some(_) => None,
                    },
                    None => None,
                }
            }
        };
        let effects =
            if blocked.is_none() { failing(world, i, &component.gates, done, &mut steps) } else { Vec::new() };
        let blocked = blocked.or_else(|| effects.iter().any(|e| matches!(e, Effect::Zero)).then_some(State::Gated));
        Self { values, x, target, blocked, effects, steps: steps.take() }
    }

    /// Gates, limits and rounding of what was paid: steps 5 and 6. `paid` is absent where the component is blocked.
    pub fn finish(mut self, world: &World<'_>, component: &Component, paid: Option<Paid>) -> Evaluated {
        let rounding = world.plan.plan().rounding;
        let mut steps = Steps::new(world.trace);
        let (mut state, mut amount) = match (self.blocked, paid) {
            (Some(state), _) => (state, Exact::ZERO),
            (None, Some(paid)) => {
                self.steps.extend(paid.steps);
                if paid.state == State::Ok || paid.state == State::BelowThreshold {
                    steps.add(|| Step::new("paid", &paid.amount));
                }
                (paid.state, paid.amount)
            }
            (None, None) => (State::NoData, Exact::ZERO),
        };
        let open = matches!(state, State::Ok | State::BelowThreshold | State::Gated);
        if open {
            let target = self.target.clone().unwrap_or(Exact::ZERO);
            for effect in &self.effects {
                let before = amount.clone();
                amount = effect.apply(amount, &target);
                if amount != before {
                    steps.add(|| Step::new("gate_effect", &amount).formula(effect.words(&before, &target)));
                }
            }
            if let Some(cap) = &component.cap {
                let limit = cap;
                let cap = World::limit(limit, Some(&target));
                if amount > cap {
                    steps.add(|| Step::new("cap", &cap).formula(limit_words("min", &amount, limit, Some(&target))));
                    amount = cap;
                    if state == State::Ok {
                        state = State::Capped;
                    }
                }
            }
            if let Some(floor) = &component.floor {
                let limit = floor;
                let floor = World::limit(limit, Some(&target));
                if amount < floor {
                    steps.add(|| Step::new("floor", &floor).formula(limit_words("max", &amount, limit, Some(&target))));
                    amount = floor;
                }
            }
        }
        if rounding.at == RoundingStep::Component {
            let rounded = amount.round(rounding.scale, rounding.mode);
            if rounded != amount {
                steps.add(|| {
                    Step::new("rounded", Figure::fixed(rounded.clone(), rounding.scale)).formula(amount.to_string())
                });
            }
            amount = rounded;
        }
        let derivation = steps.on().then(|| {
            let mut from = self.steps;
            from.extend(steps.take());
            let mut step = Step::new("component", world.money(&amount)).about(component.id.clone()).from(from);
            if state != State::Ok {
                step = step.formula(state.word());
            }
            step
        });
        Evaluated {
            state,
            actual: self.values.actual,
            goal: self.values.goal,
            attainment: self.values.attainment,
            target: self.target,
            payout: amount,
            derivation,
        }
    }
}

/// Whether something that the payout looks at is not there.
fn lacks_data<'a>(
    world: &World<'a>,
    i: usize,
    component: &'a Component,
    values: &Values,
    done: &[Option<Evaluated>],
    steps: &mut Steps,
) -> bool {
    let measure = |key: &'a str| world.measure_actual(i, key).is_none();
    let operand = |operand: &'a Operand| world.operand(i, operand, done).is_none();
    let own_actual = values.actual.is_none();
    if component.per == Per::Line {
        return world.lines(i, &component.id).next().is_none();
    }
    match &component.payout {
        Payout::Scorecard(card) => {
            let mut missing = false;
            for objective in &card.objectives {
                if super::values::score(world, i, &objective.code).is_none() {
                    steps.add(|| Step::new("score_missing", "–").about(objective.code.clone()));
                    missing = true;
                }
            }
            missing
        }
        Payout::PerLine(_) => world.lines(i, &component.id).next().is_none(),
        Payout::Override(_) => world.get(i).is_none_or(|person| person.input.team.is_empty()),
        Payout::Rate(table) => {
            let on = matches!(&table.on, RateOn::Measure(key) if measure(key));
            let by = matches!(&table.tier_by, TierBy::Measure(key) if measure(key));
            own_actual || on || by
        }
        Payout::Grid(grid) => {
            let axis = |read: &'a AxisRead| matches!(read, AxisRead::Other(other) if operand(other));
            own_actual || axis(&grid.rows.read) || axis(&grid.columns.read)
        }
        Payout::Rank(rank) => own_actual || rank.by.as_ref().is_some_and(operand),
        Payout::Curve(_) | Payout::Bonus(_) | Payout::Pool(_) => own_actual,
    }
}

impl World<'_> {
    /// Money as it stands after step 6: with the plan's places when components are rounded.
    pub fn money(&self, amount: &Exact) -> Figure {
        let rounding = self.plan.plan().rounding;
        match rounding.at {
            RoundingStep::Component => Figure::fixed(amount.clone(), rounding.scale),
            RoundingStep::Total => Figure::exact(amount.clone()),
        }
    }
}
