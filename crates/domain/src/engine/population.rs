//! Payouts that look at several participants: rank, pool, override.

use std::collections::BTreeMap;

use super::component::{Base, Evaluated};
use super::world::World;
use super::{Paid, curve};
use crate::exact::Exact;
use crate::plan::Component;
use crate::plan::{
    Group, Operand, Order, Override, OverrideOf, Part, Pool, PoolMoney, Rank, RateOn, Reach, Read, ShareBy, Ties,
};
use crate::result::ParticipantResult;
use crate::split::largest_remainder;
use crate::trace::{Step, Steps};

/// Who takes part in each group: participants whose component is not blocked.
fn groups<'a>(world: &World<'a>, group: Group, bases: &[Base]) -> BTreeMap<Option<&'a str>, Vec<usize>> {
    let mut groups: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
    for (i, (person, base)) in world.people().iter().zip(bases).enumerate() {
        if base.blocked.is_some() {
            continue;
        }
        let key = match group {
            Group::Plan => None,
            Group::Level => person.input.level.as_deref(),
            Group::Unit => person.input.unit.as_deref(),
        };
        groups.entry(key).or_default().push(i);
    }
    groups
}

/// Pay by place.
pub(crate) fn rank<'a>(
    world: &World<'a>,
    rank: &'a Rank,
    bases: &[Base],
    done: &[Vec<Option<Evaluated>>],
) -> Vec<Option<Paid>> {
    let mut paid: Vec<Option<Paid>> = vec![None; bases.len()];
    for members in groups(world, rank.group, bases).into_values() {
        let value = |i: usize| match &rank.by {
            None => bases.get(i).and_then(|base| base.x.clone()),
            Some(operand) => by_operand(world, i, operand, done),
        };
        let (mut ranked, without): (Vec<_>, Vec<_>) =
            members.into_iter().map(|i| (i, value(i))).partition(|(_, value)| value.is_some());
        for (i, _) in without {
            set(&mut paid, i, Paid::no_data(Vec::new()));
        }
        ranked.sort_by(|a, b| if rank.order == Order::Descending { b.1.cmp(&a.1) } else { a.1.cmp(&b.1) });
        let n = ranked.len();
        let mut begin = 0;
        while let Some((_, first)) = ranked.get(begin) {
            let tied: Vec<usize> =
                ranked.iter().skip(begin).take_while(|(_, value)| value == first).map(|(i, _)| *i).collect();
            award(world, rank, &tied, begin, n, first.as_ref(), bases, &mut paid);
            begin += tied.len();
        }
    }
    paid
}

fn by_operand<'a>(world: &World<'a>, i: usize, operand: &'a Operand, done: &[Vec<Option<Evaluated>>]) -> Option<Exact> {
    world.operand(i, operand, done.get(i).map_or(&[], Vec::as_slice))
}

fn set(paid: &mut [Option<Paid>], i: usize, value: Paid) {
    if let Some(slot) = paid.get_mut(i) {
        *slot = Some(value);
    }
}

/// The award that covers a place.
fn covering<'r>(rank: &'r Rank, place: &Exact, n: usize) -> Option<&'r Part> {
    rank.awards
        .iter()
        .find(|award| match &award.reach {
            Reach::ToRank(to) => *place <= Exact::from(*to),
            Reach::ToPercentile(part) => place.div_or_zero(&Exact::from(n)) <= *part,
        })
        .map(|award| &award.pays)
}

/// Awards the participants that share the places from `begin` (counted from 0) on.
#[expect(clippy::too_many_arguments, reason = "one tie of one ranking: all of it is needed")]
fn award(
    world: &World<'_>,
    rank: &Rank,
    tied: &[usize],
    begin: usize,
    n: usize,
    value: Option<&Exact>,
    bases: &[Base],
    paid: &mut [Option<Paid>],
) {
    let m = tied.len();
    let first = Exact::from(begin + 1);
    let target = |i: usize| bases.get(i).and_then(|base| base.target.clone()).unwrap_or(Exact::ZERO);
    let rounding = world.plan.plan().rounding;
    let shown = value.map_or_else(String::new, ToString::to_string);
    let amounts: Vec<(Exact, bool, Exact)> = if rank.ties == Ties::Share && m > 1 {
        let places: Vec<Option<&Part>> =
            (begin + 1..=begin + m).map(|place| covering(rank, &Exact::from(place), n)).collect();
        let reached = places.iter().any(Option::is_some);
        let sum_of = |pick: fn(&Part) -> Option<&Exact>| -> Exact {
            places.iter().flatten().filter_map(|part| pick(part)).sum()
        };
        let shares = sum_of(|part| if let Part::Share(share) = part { Some(share) } else { None });
        let money = sum_of(|part| if let Part::Amount(amount) = part { Some(amount) } else { None });
        let ids: Vec<&str> = tied.iter().map(|i| world.get(*i).map_or("", |p| p.input.id.as_str())).collect();
        let split =
            largest_remainder(&money.round(rounding.scale, rounding.mode), &vec![Exact::ONE; m], &ids, rounding.scale);
        tied.iter()
            .zip(split)
            .map(|(i, money)| (&(&shares.div_or_zero(&Exact::from(m)) * &target(*i)) + &money, reached, first.clone()))
            .collect()
    } else {
        let place = match rank.ties {
            Ties::Average => &first + &Exact::from(m - 1).div_or_zero(&Exact::whole(2)),
            Ties::Best | Ties::Share => first,
        };
        let part = covering(rank, &place, n);
        tied.iter()
            .map(|i| {
                let amount = match part {
                    Some(Part::Share(share)) => share * &target(*i),
                    Some(Part::Amount(amount)) => amount.clone(),
                    None => Exact::ZERO,
                };
                (amount, part.is_some(), place.clone())
            })
            .collect()
    };
    for (i, (amount, reached, place)) in tied.iter().zip(amounts) {
        let mut steps = Steps::new(world.trace);
        steps.add(|| {
            let about = if m > 1 { format!("{shown} (= {m})") } else { shown.clone() };
            Step::new("place", format!("{place} / {n}")).formula(about)
        });
        steps.add(|| Step::new("award", &amount));
        set(paid, *i, Paid::new(amount, reached, steps.take()));
    }
}

/// Fixed money shared out.
pub(crate) fn pool<'a>(
    world: &World<'a>,
    component: &'a Component,
    pool: &'a Pool,
    bases: &[Base],
) -> Vec<Option<Paid>> {
    let rounding = world.plan.plan().rounding;
    let mut paid: Vec<Option<Paid>> = vec![None; bases.len()];
    for members in groups(world, pool.group, bases).into_values() {
        let mut steps = Steps::new(world.trace);
        let money = match &pool.pool {
            PoolMoney::Amount { amount } => amount.clone(),
            PoolMoney::Rate { rate, of } => {
                let value = |i: usize| match of {
                    RateOn::Actual => bases.get(i).and_then(|base| base.values.actual.clone()),
                    RateOn::Measure(key) => world.measure_actual(i, key),
                };
                let is_own = |i: usize| match of {
                    RateOn::Actual => world.has_own_actual(i, component),
                    RateOn::Measure(key) => world.has_own(i, key),
                };
                let (own, shared): (Vec<usize>, Vec<usize>) = members.iter().partition(|i| is_own(**i));
                let own: Exact = own.into_iter().filter_map(value).sum();
                // What is shared by all is there once, however many share it.
                let sum = &own + &shared.into_iter().find_map(value).unwrap_or(Exact::ZERO);
                let money = rate * &sum;
                steps.add(|| Step::new("pool_rate", &money).formula(format!("{rate} × {sum}")));
                money
            }
        };
        let funded = match &pool.funding {
            None => money,
            Some(funding) => {
                let entry = world.inputs.measures.get(&funding.measure);
                let actual = entry.and_then(|entry| entry.actual.clone());
                let goal = entry.and_then(|entry| entry.goal.clone());
                let value = match funding.read {
                    Read::Actual | Read::Payout => actual,
                    Read::Attainment => actual.zip(goal).and_then(|(actual, goal)| actual.checked_div(&goal)),
                    Read::AboveGoal => actual.zip(goal).map(|(actual, goal)| super::values::above(&actual, &goal)),
                };
                let factor = value.map_or(Exact::ZERO, |value| curve::value(&funding.curve, &value, false).value);
                let funded = &money * &factor;
                steps.add(|| {
                    Step::new("pool_funding", &funded)
                        .about(funding.measure.clone())
                        .formula(format!("{money} × {factor}"))
                });
                funded
            }
        };
        let whole = funded.round(rounding.scale, rounding.mode);
        steps.add(|| Step::new("pool", &whole));
        let shares: Vec<Exact> = members
            .iter()
            .map(|i| {
                let share = match &pool.share_by {
                    ShareBy::X => bases.get(*i).and_then(|base| base.x.clone()),
                    ShareBy::Target => bases.get(*i).and_then(|base| base.target.clone()),
                    ShareBy::Measure(key) => world.measure_actual(*i, key),
                };
                share.unwrap_or(Exact::ZERO).max(Exact::ZERO)
            })
            .collect();
        let ids: Vec<&str> = members.iter().map(|i| world.get(*i).map_or("", |p| p.input.id.as_str())).collect();
        let sum: Exact = shares.iter().sum();
        let parts = largest_remainder(&whole, &shares, &ids, rounding.scale);
        let pool_steps = steps.take();
        for ((i, share), part) in members.iter().zip(&shares).zip(parts) {
            let mut steps = Steps::new(world.trace);
            for step in &pool_steps {
                steps.add(|| step.clone());
            }
            steps.add(|| Step::new("pool_share", &part).formula(format!("{whole} × {share} ÷ {sum}")));
            set(&mut paid, *i, Paid::new(part, !sum.is_zero(), steps.take()));
        }
    }
    paid
}

/// A share of what the team earned.
pub(crate) fn team_share(
    world: &World<'_>,
    i: usize,
    over: &Override,
    done: &[Vec<Option<Evaluated>>],
    results: &[Option<ParticipantResult>],
) -> Option<Paid> {
    let mut steps = Steps::new(world.trace);
    let team = &world.get(i)?.input.team;
    if team.is_empty() {
        return Some(Paid::no_data(steps.take()));
    }
    let mut sum = Exact::ZERO;
    let mut parts = Vec::new();
    for id in team {
        let Some(member) = world.index_of(id) else { continue };
        let earned = match &over.of {
            OverrideOf::TeamPayout => {
                results.get(member).and_then(Option::as_ref).map(|result| result.earned.value.clone())
            }
            OverrideOf::Component(component) => done
                .get(member)
                .and_then(|row| world.evaluated(component, row))
                .map(|evaluated| evaluated.payout.clone()),
        };
        let earned = earned.unwrap_or(Exact::ZERO);
        if steps.on() {
            parts.push(Step::new("member_earned", &earned).about(id.clone()));
        }
        sum += &earned;
    }
    steps.add(|| Step::new("team_earned", &sum).from(parts));
    let amount = &over.rate * &sum;
    steps.add(|| Step::new("override", &amount).formula(format!("{} × {sum}", over.rate)));
    Some(Paid::new(amount, true, steps.take()))
}
