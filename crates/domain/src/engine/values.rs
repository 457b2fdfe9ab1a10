//! Actuals, goals and attainments: steps 1 and 2.

use super::component::Evaluated;
use super::world::World;
use crate::exact::Exact;
use crate::finding::Finding;
use crate::inputs::{Line, MeasureEntry};
use crate::plan::{AxisRead, Component, Goal, LineValue, Operand, Payout, Read, Source, Transform};
use crate::trace::{Step, Steps};

/// Which value of a line a component adds up.
pub(crate) fn line_value(component: &Component) -> LineValue {
    match component.measure.of.as_str() {
        "sales.quantity" => LineValue::Quantity,
        "sales.margin" => LineValue::Margin,
        _ => LineValue::Amount,
    }
}

impl LineValue {
    pub(crate) fn of(self, line: &Line) -> Exact {
        let value = match self {
            Self::Amount => &line.amount,
            Self::Quantity => &line.quantity,
            Self::Margin => &line.margin,
        };
        value.clone().unwrap_or(Exact::ZERO)
    }
}

impl<'a> World<'a> {
    /// The entry of a key: the participant's, else the shared one.
    pub fn entry(&self, i: usize, key: &str) -> Option<&'a MeasureEntry> {
        self.get(i).and_then(|person| person.input.measures.get(key)).or_else(|| self.inputs.measures.get(key))
    }

    /// Whether the entry of a key is the shared one.
    fn is_shared(&self, i: usize, key: &str) -> bool {
        self.get(i).is_none_or(|person| !person.input.measures.contains_key(key))
    }

    /// Whether a key is the participant's own: an entry or lines, not only the shared entry.
    pub fn has_own(&self, i: usize, key: &'a str) -> bool {
        self.get(i).is_some_and(|person| person.input.measures.contains_key(key)) || self.lines(i, key).next().is_some()
    }

    /// Whether a component's actual is the participant's own, and not that of a shared entry.
    pub fn has_own_actual(&self, i: usize, component: &'a Component) -> bool {
        let Some(person) = self.get(i) else { return false };
        if person.input.measures.contains_key(&component.id) || component.measure.of.starts_with("component:") {
            return true;
        }
        if self.inputs.measures.contains_key(&component.id) {
            return false;
        }
        self.lines(i, &component.id).next().is_some() || person.input.measures.contains_key(&component.measure.of)
    }

    /// The lines of a component.
    pub fn lines(&self, i: usize, id: &'a str) -> impl Iterator<Item = &'a Line> + use<'a> {
        let lines: &'a [Line] = self.get(i).map_or(&[], |person| person.input.lines.as_slice());
        lines.iter().filter(move |line| line.measure == id)
    }

    fn line_sum(&self, i: usize, id: &'a str) -> Option<Exact> {
        let component = self.plan.component_index(id).and_then(|c| self.plan.plan().components.get(c))?;
        let value = line_value(component);
        let mut lines = self.lines(i, id).peekable();
        lines.peek()?;
        Some(lines.map(|line| value.of(line)).sum())
    }

    /// The actual of a key as it is: of its entry, else the sum of its lines.
    fn plain_actual(&self, i: usize, key: &'a str) -> Option<Exact> {
        self.entry(i, key).and_then(|entry| entry.actual.clone()).or_else(|| self.line_sum(i, key))
    }

    /// The goal of an entry, prorated where the plan says so.
    fn entry_goal(&self, i: usize, entry: &MeasureEntry, shared: bool, steps: &mut Steps) -> Option<Exact> {
        let person = self.get(i)?;
        if shared && entry.goal_parts.is_empty() {
            // The goal of a whole company is not smaller because one person was away.
            return entry.goal.clone().inspect(|goal| steps.value("goal", goal));
        }
        if entry.goal_parts.is_empty() {
            return entry.goal.as_ref().map(|goal| self.prorated_goal(i, goal, steps));
        }
        let period_days = person.period_days.clone()?;
        let sum: Exact = entry.goal_parts.iter().map(|part| &part.goal * &part.days).sum();
        let proration = self.plan.plan().proration.as_ref();
        let by_fte = proration.is_some_and(|p| p.applies_to.goal);
        let mut goal = sum.div_or_zero(&period_days);
        if by_fte {
            goal = &goal * &person.fte;
        }
        if let Some(round) = proration.and_then(|p| p.goal_round) {
            goal = goal.round(round.scale, round.mode);
        }
        steps.add(|| {
            let parts: Vec<Step> = entry
                .goal_parts
                .iter()
                .map(|part| {
                    Step::new("goal_part", (&part.goal * &part.days).div_or_zero(&period_days))
                        .about(part.reference.clone())
                        .formula(format!("{} × {} ÷ {period_days}", part.goal, part.days))
                })
                .collect();
            let mut formula = parts.iter().map(|part| part.value.clone()).collect::<Vec<_>>().join(" + ");
            if by_fte && person.fte != Exact::ONE {
                formula = format!("({formula}) × {}", person.fte);
            }
            Step::new("goal", &goal).formula(formula).from(parts)
        });
        Some(goal)
    }

    fn prorated_goal(&self, i: usize, goal: &Exact, steps: &mut Steps) -> Exact {
        let proration = self.plan.plan().proration.as_ref().filter(|p| p.applies_to.goal);
        let (Some(proration), Some(person)) = (proration, self.get(i)) else {
            steps.value("goal", goal);
            return goal.clone();
        };
        let mut prorated = goal * &person.factor;
        if let Some(round) = proration.goal_round {
            prorated = prorated.round(round.scale, round.mode);
        }
        steps.add(|| Step::new("goal", &prorated).formula(format!("{goal} × {}", person.factor)));
        prorated
    }

    /// Actual (after `as`), goal and attainment of a component.
    pub fn component_values(
        &self,
        i: usize,
        component: &'a Component,
        done: &[Option<Evaluated>],
        steps: &mut Steps,
    ) -> Values {
        let own = self.entry(i, &component.id);
        let entry = own.or_else(|| self.entry(i, &component.measure.of));
        let entry_key = if own.is_some() { &component.id } else { &component.measure.of };
        let other = component.measure.of.strip_prefix("component:").map(|id| self.evaluated(id, done));
        let actual = match &other {
            Some(other) => other.map(|e| e.payout.clone()),
            None => match own {
                Some(own) => own.actual.clone().or_else(|| self.line_sum(i, &component.id)),
                None => self.line_sum(i, &component.id).or_else(|| entry.and_then(|entry| entry.actual.clone())),
            },
        };
        let actual = actual.and_then(|actual| self.transformed(i, &component.measure.transform, actual, entry, steps));
        if let Some(actual) = &actual
            && component.measure.transform == Transform::Value
        {
            steps.add(|| Step::new("actual", actual).about(component.measure.of.clone()));
        }
        let goal = match &component.goal {
            Goal::None => None,
            Goal::Value(value) => Some(self.prorated_goal(i, value, steps)),
            Goal::Assigned => entry.and_then(|entry| self.entry_goal(i, entry, self.is_shared(i, entry_key), steps)),
        };
        let attainment = match &other {
            Some(other) if !matches!(component.goal, Goal::Value(_)) => {
                let attainment = other.and_then(|e| e.attainment.clone());
                if let Some(attainment) = &attainment {
                    steps.value("attainment", attainment);
                }
                attainment
            }
            _ => match (&actual, &goal) {
                (Some(actual), Some(goal)) => actual.checked_div(goal).inspect(|attainment| {
                    steps.add(|| Step::new("attainment", attainment).formula(format!("{actual} ÷ {goal}")));
                }),
                _ => None,
            },
        };
        Values { actual, goal, attainment }
    }

    fn transformed(
        &self,
        i: usize,
        transform: &'a Transform,
        actual: Exact,
        entry: Option<&MeasureEntry>,
        steps: &mut Steps,
    ) -> Option<Exact> {
        let (base, key) = match transform {
            Transform::Value => return Some(actual),
            Transform::GrowthOnPreviousPeriod => (entry.and_then(|e| e.previous.clone()), "growth"),
            Transform::GrowthOnLastYear => (entry.and_then(|e| e.last_year.clone()), "growth"),
            Transform::ShareOf(other) => (self.plain_actual(i, other), "share"),
        };
        let base = base?;
        let growth = key == "growth";
        let top = if growth { &actual - &base } else { actual.clone() };
        let value = top.checked_div(&base)?;
        steps.add(|| {
            let formula =
                if growth { format!("({actual} − {base}) ÷ {base}") } else { format!("{actual} ÷ {base}") };
            Step::new(key, &value).formula(formula)
        });
        Some(value)
    }

    /// A component that was worked out before.
    pub fn evaluated<'d>(&self, id: &str, done: &'d [Option<Evaluated>]) -> Option<&'d Evaluated> {
        self.plan.component_index(id).and_then(|c| done.get(c)).and_then(Option::as_ref)
    }

    /// What an operand reads; `None` where there is no such value.
    pub fn operand(&self, i: usize, operand: &'a Operand, done: &[Option<Evaluated>]) -> Option<Exact> {
        let (actual, goal, attainment) = match &operand.source {
            Source::Component(id) => {
                let e = self.evaluated(id, done)?;
                if operand.read == Read::Payout {
                    return Some(e.payout.clone());
                }
                (e.actual.clone(), e.goal.clone(), e.attainment.clone())
            }
            Source::Measure(key) => {
                let actual = self.plain_actual(i, key);
                if operand.read == Read::Actual {
                    return actual;
                }
                let goal = self.entry(i, key).and_then(|entry| {
                    self.entry_goal(i, entry, self.is_shared(i, key), &mut Steps::new(crate::trace::Trace::Off))
                });
                let attainment = actual.as_ref().zip(goal.as_ref()).and_then(|(actual, goal)| actual.checked_div(goal));
                (actual, goal, attainment)
            }
        };
        match operand.read {
            Read::Attainment => attainment,
            Read::Actual => actual,
            Read::AboveGoal => actual.zip(goal).map(|(actual, goal)| above(&actual, &goal)),
            Read::Payout => None,
        }
    }

    /// The actual of a measure key, for rates and pools on another measure.
    pub fn measure_actual(&self, i: usize, key: &'a str) -> Option<Exact> {
        self.plain_actual(i, key)
    }
}

/// max(0, actual − goal).
pub(crate) fn above(actual: &Exact, goal: &Exact) -> Exact {
    (actual - goal).max(Exact::ZERO)
}

/// Actual, goal and attainment of a component, each if there is one.
#[derive(Debug, Clone)]
pub(crate) struct Values {
    pub actual: Option<Exact>,
    pub goal: Option<Exact>,
    pub attainment: Option<Exact>,
}

impl Values {
    /// What the component reads.
    pub fn read(&self, read: Read) -> Option<Exact> {
        match read {
            Read::Attainment => self.attainment.clone(),
            Read::Actual | Read::Payout => self.actual.clone(),
            Read::AboveGoal => self.actual.as_ref().zip(self.goal.as_ref()).map(|(actual, goal)| above(actual, goal)),
        }
    }

    /// What an axis of a grid reads.
    pub fn axis<'a>(
        &self,
        world: &World<'a>,
        i: usize,
        read: &'a AxisRead,
        done: &[Option<Evaluated>],
    ) -> Option<Exact> {
        match read {
            AxisRead::Own(read) => self.read(*read),
            AxisRead::Other(operand) => world.operand(i, operand, done),
        }
    }
}

/// Refuses inputs that do not fit the plan.
pub(crate) fn check_inputs(world: &World<'_>, out: &mut Vec<Finding>) {
    let plan = world.plan.plan();
    let scale = plan.rounding.scale;
    for (i, person) in world.people().iter().enumerate() {
        let path = format!("$.participants[{i}]");
        for (k, line) in person.input.lines.iter().enumerate() {
            if world.plan.component_index(&line.measure).is_none() {
                out.push(
                    Finding::error(
                        "unknown_component",
                        format!("{path}.lines[{k}].measure"),
                        format!("the plan has no component `{}`", line.measure),
                    )
                    .help("use the id of a component of the plan"),
                );
            }
        }
        let parts =
            person.input.measures.iter().chain(&world.inputs.measures).any(|(_, entry)| !entry.goal_parts.is_empty());
        if parts && person.period_days.is_none() {
            out.push(
                Finding::error(
                    "missing_field",
                    format!("{path}.period_days"),
                    "goals of several territories need the days of the period",
                )
                .help("add `period_days`, or the `period` of the inputs"),
            );
        }
        check_people(world, person.input, &path, out);
        check_scores(world, i, &path, out);
        if person.period_number.is_none()
            && (plan.payment_rules.draw.as_ref().is_some_and(|d| d.until.is_some() || d.recovery_from.is_some())
                || plan.payment_rules.guarantee.as_ref().is_some_and(|g| g.until.is_some()))
        {
            out.push(
                Finding::error(
                    "missing_field",
                    format!("{path}.period_number"),
                    "the plan's draw or guarantee depends on the number of the period",
                )
                .help("add `period_number`, the count of payments so far including this one"),
            );
        }
        check_booked_money(person.input, scale, &path, out);
    }
}

/// Whom a payout or modifier looks at must be there; otherwise teams and managers may name anybody.
fn check_people(world: &World<'_>, p: &crate::inputs::Participant, path: &str, out: &mut Vec<Finding>) {
    let plan = world.plan.plan();
    let unknown = |place: String, id: &str| {
        Finding::error("unknown_participant", place, format!("`{id}` is not among the participants"))
            .help("add the participant or take the id out")
    };
    if plan.components.iter().any(|c| matches!(c.payout, Payout::Override(_))) {
        let missing = p.team.iter().enumerate().filter(|(_, id)| world.index_of(id).is_none());
        out.extend(missing.map(|(k, id)| unknown(format!("{path}.team[{k}]"), id)));
    }
    if plan.modifiers.iter().any(|m| m.of == crate::plan::Whose::Superior)
        && let Some(manager) = p.manager.as_deref().filter(|id| world.index_of(id).is_none())
    {
        out.push(unknown(format!("{path}.manager"), manager));
    }
}

/// Money that is taken over as it was booked must have the plan's places: it is not rounded again.
fn check_booked_money(p: &crate::inputs::Participant, scale: u32, path: &str, out: &mut Vec<Finding>) {
    let mut check = |name: &dyn Fn() -> String, value: &Exact| {
        if !value.is_zero() && value.round(scale, crate::exact::RoundingMode::Down) != *value {
            out.push(
                Finding::error(
                    "too_many_places",
                    format!("{path}.{}", name()),
                    format!("`{value}` has more than the plan's {scale} decimal places"),
                )
                .help("give money as it was booked; the plan's `rounding.scale` says with how many places"),
            );
        }
    };
    let b = &p.balances;
    for (name, value) in
        [("draw", &b.draw), ("carried", &b.carried), ("earned_to_date", &b.earned_to_date), ("holdback", &b.holdback)]
    {
        check(&|| format!("balances.{name}"), value);
    }
    for (k, held) in b.held.iter().enumerate() {
        check(&|| format!("balances.held[{k}].amount"), &held.amount);
    }
    for (k, adjustment) in p.adjustments.iter().enumerate() {
        check(&|| format!("adjustments[{k}].amount"), &adjustment.amount);
    }
    for (name, value) in [("guarantee", &p.guarantee), ("release_holdback", &p.release_holdback)] {
        if let Some(value) = value {
            check(&|| name.to_owned(), value);
        }
    }
}

fn check_scores(world: &World<'_>, i: usize, path: &str, out: &mut Vec<Finding>) {
    for component in &world.plan.plan().components {
        let Payout::Scorecard(card) = &component.payout else { continue };
        for objective in &card.objectives {
            if let Some((key, score)) = score(world, i, &objective.code)
                && (score.is_negative() || score > objective.max)
            {
                out.push(
                    Finding::error(
                        "number_out_of_range",
                        format!("{path}.measures['{key}'].actual"),
                        format!("the score `{score}` is not between 0 and {}", objective.max),
                    )
                    .help("mend the score or the best score of the objective"),
                );
            }
        }
    }
}

/// The score of an objective and the key it stands under.
pub(crate) fn score<'a>(world: &World<'a>, i: usize, code: &str) -> Option<(String, Exact)> {
    let with_prefix = format!("kpi:{code}");
    let direct = world.entry(i, code).and_then(|entry| entry.actual.clone()).map(|score| (code.to_owned(), score));
    direct.or_else(|| {
        world.entry(i, &with_prefix).and_then(|entry| entry.actual.clone()).map(|score| (with_prefix, score))
    })
}
