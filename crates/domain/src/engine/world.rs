//! Everybody and everything that one evaluation looks at, prepared and checked against the plan.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::eligibility::{self, Employment, NewHires as Hires, Rules};
use crate::exact::Exact;
use crate::finding::Finding;
use crate::inputs::{Inputs, Participant};
use crate::plan::{AmountLimit, Basis, CheckedPlan, HireDay, NewHires, Payout, Proration};
use crate::time::{Basis as DayBasis, Days};
use crate::trace::{Step, Steps, Trace};

/// The plan, its inputs and what follows from both for each participant.
pub(crate) struct World<'a> {
    pub plan: &'a CheckedPlan,
    pub inputs: &'a Inputs,
    pub trace: Trace,
    people: Vec<Person<'a>>,
    by_id: BTreeMap<&'a str, usize>,
    superiors: Vec<Option<usize>>,
    order: Vec<usize>,
}

/// One participant with the days, the factor and the target that hold for them.
pub(crate) struct Person<'a> {
    pub input: &'a Participant,
    pub eligible: bool,
    /// Why not, or nothing.
    pub why_not: &'static str,
    /// Proration factor: days and, where the plan says so, FTE.
    pub factor: Exact,
    /// The FTE part of the factor alone.
    pub fte: Exact,
    /// Days of the period, where they are known.
    pub period_days: Option<Exact>,
    /// target incentive × periods, before proration.
    pub whole_target: Option<Exact>,
    /// The same × factor, where the plan prorates the target.
    pub target: Option<Exact>,
    pub period_number: Option<u32>,
    /// Whether the day of hire lies in the period.
    pub hired_in_period: bool,
    /// How factor and target came about.
    pub steps: Vec<Step>,
}

impl<'a> World<'a> {
    /// Prepares everything; what does not fit goes to `out`.
    pub fn new(plan: &'a CheckedPlan, inputs: &'a Inputs, trace: Trace, out: &mut Vec<Finding>) -> Self {
        let by_id: BTreeMap<&str, usize> =
            inputs.participants.iter().enumerate().map(|(i, p)| (p.id.as_str(), i)).collect();
        let holidays: BTreeSet<NaiveDate> = inputs.holidays.iter().copied().collect();
        let mut world =
            Self { plan, inputs, trace, people: Vec::new(), by_id, superiors: Vec::new(), order: Vec::new() };
        let people: Vec<Person<'a>> =
            inputs.participants.iter().enumerate().map(|(i, p)| world.person(i, p, &holidays, out)).collect();
        world.people = people;
        world.superiors = world.find_superiors();
        world.order = world.find_order(out);
        for i in 0..world.people.len() {
            // Whether somebody takes part may depend on measures, so it is known only now.
            if let Some(why) = world.misses_a_condition(i)
                && let Some(person) = world.people.get_mut(i)
                && person.eligible
            {
                person.eligible = false;
                person.why_not = why;
            }
        }
        super::values::check_inputs(&world, out);
        world
    }

    pub fn person(
        &self,
        i: usize,
        input: &'a Participant,
        holidays: &BTreeSet<NaiveDate>,
        out: &mut Vec<Finding>,
    ) -> Person<'a> {
        let plan = self.plan.plan();
        let path = format!("$.participants[{i}]");
        let mut steps = Steps::new(self.trace);
        let days =
            plan.proration.as_ref().map(|proration| self.days(&path, input, proration, holidays, &mut steps, out));
        let period_days = match &days {
            Some(days) => days.period_days.clone(),
            None => input.period_days.clone().or_else(|| {
                self.days(&path, input, &Proration::default(), holidays, &mut Steps::new(Trace::Off), out).period_days
            }),
        };
        let fte = match &plan.proration {
            Some(proration) if proration.fte => input.fte.clone().unwrap_or(Exact::ONE),
            _ => Exact::ONE,
        };
        let eligible_days = days.as_ref().and_then(|days| days.eligible_days.clone());
        let mut factor = match (&eligible_days, &period_days) {
            (Some(eligible), Some(period)) if plan.proration.is_some() => eligible.div_or_zero(period),
            _ => Exact::ONE,
        };
        let by_days = factor.clone();
        factor = &factor * &fte;
        if let Some(round) = plan.proration.as_ref().and_then(|p| p.round) {
            factor = factor.round(round.scale, round.mode);
        }
        if plan.proration.is_some() {
            steps.add(|| {
                let formula = match (&eligible_days, &period_days) {
                    (Some(eligible), Some(period)) if fte != Exact::ONE => format!("{eligible} ÷ {period} × {fte}"),
                    (Some(eligible), Some(period)) => format!("{eligible} ÷ {period}"),
                    _ if fte != Exact::ONE => format!("{by_days} × {fte}"),
                    _ => String::new(),
                };
                Step::new("proration_factor", &factor).formula(formula)
            });
        }
        let no_days = eligible_days.as_ref().is_some_and(Exact::is_zero);
        let why_not = if input.vacant {
            "vacant"
        } else if !input.eligible {
            "not_eligible"
        } else if plan.proration.is_some() && no_days {
            "no_eligible_days"
        } else {
            ""
        };
        let periods = input.periods.clone().or_else(|| self.inputs.periods.clone()).unwrap_or(Exact::ONE);
        let incentive = plan.target_incentive.clone().or_else(|| input.target_incentive.clone());
        let whole_target = incentive.as_ref().map(|incentive| incentive * &periods);
        let prorated = plan.proration.as_ref().is_some_and(|p| p.applies_to.target);
        let target = whole_target.as_ref().map(|target| if prorated { target * &factor } else { target.clone() });
        if let (Some(target), Some(incentive)) = (&target, &incentive) {
            steps.add(|| {
                let mut formula = incentive.to_string();
                if periods != Exact::ONE {
                    formula = format!("{formula} × {periods}");
                }
                if prorated {
                    formula = format!("{formula} × {factor}");
                }
                Step::new("target", target).formula(formula)
            });
        }
        if target.is_none()
            && why_not.is_empty()
            && let Some(why) = self.plan.needs_target()
        {
            out.push(
                Finding::error(
                    "missing_target",
                    format!("{path}.target_incentive"),
                    format!("the participant `{}` has no target incentive, but {why}", input.id),
                )
                .help("give `target_incentive`, or set it in the plan"),
            );
        }
        Person {
            input,
            eligible: why_not.is_empty(),
            why_not,
            factor,
            fte,
            period_days,
            whole_target,
            target,
            period_number: input.period_number.or(self.inputs.period_number),
            hired_in_period: self
                .inputs
                .period
                .zip(input.hire_date)
                .is_some_and(|(period, hire)| hire >= period.from && hire <= period.to),
            steps: steps.take(),
        }
    }

    fn days(
        &self,
        path: &str,
        input: &Participant,
        rules: &Proration,
        holidays: &BTreeSet<NaiveDate>,
        steps: &mut Steps,
        out: &mut Vec<Finding>,
    ) -> Counted {
        if input.eligible_days.is_some() || input.period_days.is_some() {
            if let (Some(eligible), Some(period)) = (&input.eligible_days, &input.period_days)
                && eligible > period
            {
                out.push(
                    Finding::error(
                        "number_out_of_range",
                        format!("{path}.eligible_days"),
                        format!("`{eligible}` eligible days in a period of `{period}`"),
                    )
                    .help("check `eligible_days` and `period_days`"),
                );
            }
            if input.period_days.as_ref().is_some_and(Exact::is_zero) {
                out.push(
                    Finding::error("number_out_of_range", format!("{path}.period_days"), "the period has no days")
                        .help("give the number of days of the period"),
                );
            }
            return Counted { eligible_days: input.eligible_days.clone(), period_days: input.period_days.clone() };
        }
        let Some(period) = self.inputs.period.and_then(|period| Days::new(period.from, period.to)) else {
            return Counted { eligible_days: None, period_days: None };
        };
        let counted = eligibility::eligible(
            period,
            &Employment { hire: input.hire_date, leave: input.leave_date, absences: &input.absences },
            &Rules {
                basis: match rules.basis {
                    Basis::CalendarDays => DayBasis::CalendarDays,
                    Basis::WorkingDays => DayBasis::WorkingDays,
                },
                hire_day_not_counted: rules.hire_day == HireDay::NotCounted,
                absence_grace_days: rules.absence_grace_days,
                absence_kinds: (!rules.absence_kinds.is_empty()).then_some(rules.absence_kinds.as_slice()),
                new_hires: match rules.new_hires {
                    NewHires::FromHire | NewHires::Guarantee(_) => Hires::FromHire,
                    NewHires::FromNextMonth => Hires::FromNextMonth,
                    NewHires::AfterDays(days) => Hires::AfterDays(days),
                },
            },
            holidays,
        );
        steps.add(|| {
            let mut formula = String::new();
            if !counted.subtractions.is_empty() {
                formula = counted.period_days.to_string();
            }
            for part in &counted.subtractions {
                formula = format!("{formula} − {}", part.days);
            }
            let from = counted.subtractions.iter().map(|part| {
                let about = match &part.reason {
                    eligibility::Reason::Absence { kind: Some(kind) } => kind.clone(),
                    _ => String::new(),
                };
                let step =
                    Step::new(reason_key(&part.reason), part.days).formula(format!("{} … {}", part.from, part.to));
                if about.is_empty() { step } else { step.about(about) }
            });
            Step::new("eligible_days", counted.eligible_days).formula(formula).from(from.collect())
        });
        if counted.period_days == 0 {
            out.push(
                Finding::error("bad_range", "$.period", "the period has no day on the plan's basis")
                    .help("check the period and the holidays"),
            );
        }
        Counted {
            eligible_days: Some(Exact::from(counted.eligible_days)),
            period_days: Some(Exact::from(counted.period_days)),
        }
    }

    fn find_superiors(&self) -> Vec<Option<usize>> {
        let mut by_team: Vec<Option<usize>> = vec![None; self.people.len()];
        let mut several: BTreeSet<usize> = BTreeSet::new();
        for (i, person) in self.people.iter().enumerate() {
            for member in person.input.team.iter().filter_map(|id| self.by_id.get(id.as_str())) {
                match by_team.get_mut(*member) {
                    Some(slot @ None) => *slot = Some(i),
                    Some(Some(other)) if *other != i => {
                        several.insert(*member);
                    }
                    _ => {}
                }
            }
        }
        self.people
            .iter()
            .enumerate()
            .map(|(i, person)| match person.input.manager.as_deref() {
                Some(manager) => self.by_id.get(manager).copied(),
                None if several.contains(&i) => None,
                None => by_team.get(i).copied().flatten(),
            })
            .collect()
    }

    /// Members before their superiors; a circle of teams is refused where a component needs the order.
    fn find_order(&self, out: &mut Vec<Finding>) -> Vec<usize> {
        let ordered = self.plan.plan().components.iter().any(|c| matches!(c.payout, Payout::Override(_)));
        if !ordered {
            return (0..self.people.len()).collect();
        }
        // Depth-first, on a stack of our own: teams may be deep.
        let mut state = vec![0_u8; self.people.len()]; // 0 new, 1 begun, 2 placed
        let mut order = Vec::with_capacity(self.people.len());
        for start in 0..self.people.len() {
            let mut stack = vec![(start, false)];
            while let Some((i, finished)) = stack.pop() {
                let Some(slot) = state.get_mut(i) else { continue };
                if finished {
                    *slot = 2;
                    order.push(i);
                    continue;
                }
                if *slot != 0 {
                    continue;
                }
                *slot = 1;
                stack.push((i, true));
                let Some(person) = self.people.get(i) else { continue };
                for (k, id) in person.input.team.iter().enumerate() {
                    let Some(member) = self.by_id.get(id.as_str()) else { continue };
                    match state.get(*member) {
                        Some(0) => stack.push((*member, false)),
                        Some(1) => {
                            out.push(
                                Finding::error(
                                    "team_cycle",
                                    format!("$.participants[{i}].team[{k}]"),
                                    format!("`{id}` is above and below `{}`", person.input.id),
                                )
                                .help("take one of them out of the other's team"),
                            );
                        }
                        _ => {}
                    }
                }
            }
        }
        order
    }

    fn misses_a_condition(&self, i: usize) -> Option<&'static str> {
        let eligibility = self.plan.plan().eligibility.as_ref()?;
        let holds = |condition| super::gate::holds(self, i, condition, &[], &mut Steps::new(Trace::Off));
        (!eligibility.conditions.iter().all(holds)).then_some("condition")
    }

    pub fn get(&self, i: usize) -> Option<&Person<'a>> {
        self.people.get(i)
    }

    pub fn people(&self) -> &[Person<'a>] {
        &self.people
    }

    pub fn index_of(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    pub fn superior(&self, i: usize) -> Option<usize> {
        self.superiors.get(i).copied().flatten()
    }

    pub fn members_first(&self) -> Vec<usize> {
        self.order.clone()
    }

    /// A limit in money, given a target; a missing target was refused before.
    pub fn limit(limit: &AmountLimit, target: Option<&Exact>) -> Exact {
        limit.amount(target.unwrap_or(&Exact::ZERO))
    }
}

struct Counted {
    eligible_days: Option<Exact>,
    period_days: Option<Exact>,
}

/// The key of a reason for days that do not count.
fn reason_key(reason: &eligibility::Reason) -> &'static str {
    match reason {
        eligibility::Reason::BeforeHire => "days_before_hire",
        eligibility::Reason::HireDay => "hire_day",
        eligibility::Reason::WaitingForMonth => "days_to_next_month",
        eligibility::Reason::WaitingDays => "waiting_days",
        eligibility::Reason::AfterLeave => "days_after_leave",
        eligibility::Reason::Absence { .. } => "absence_days",
    }
}
