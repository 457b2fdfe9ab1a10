//! Rate tables: marginal, retroactive, overage.

use super::Paid;
use super::component::Base;
use super::world::World;
use crate::exact::Exact;
use crate::plan::{BaseRate, Boundary, Rate, RateMode, RateOn, Tier, TierBy};
use crate::trace::{Step, Steps};

/// What a rate table pays for the period.
pub(crate) fn pay<'a>(world: &World<'a>, i: usize, table: &'a Rate, base: &Base) -> Paid {
    let on = match &table.on {
        RateOn::Actual => base.values.actual.clone(),
        RateOn::Measure(key) => world.measure_actual(i, key),
    };
    let by = match &table.tier_by {
        TierBy::Actual => base.values.actual.clone(),
        TierBy::Attainment => base.values.attainment.clone(),
        TierBy::Measure(key) => world.measure_actual(i, key),
    };
    let (Some(on), Some(by)) = (on, by) else {
        return Paid::no_data(Vec::new());
    };
    let base_rate = base_rate(table, base.target.as_ref(), base.values.goal.as_ref());
    let same = match (&table.on, &table.tier_by) {
        (RateOn::Actual, TierBy::Actual) => true,
        (RateOn::Measure(on), TierBy::Measure(by)) => on == by,
        _ => false,
    };
    work_out(
        world,
        table,
        &Facts { on, by, same, base_rate, goal: base.values.goal.clone(), target: base.target.clone() },
    )
}

/// What a rate table pays for one line, of which only the value is known.
pub(crate) fn pay_value(world: &World<'_>, table: &Rate, x: &Exact, target: Option<&Exact>) -> Paid {
    work_out(
        world,
        table,
        &Facts {
            on: x.clone(),
            by: x.clone(),
            same: true,
            base_rate: base_rate(table, target, None),
            goal: None,
            target: None,
        },
    )
}

fn base_rate(table: &Rate, target: Option<&Exact>, goal: Option<&Exact>) -> Option<Exact> {
    match &table.base_rate {
        Some(BaseRate::Rate(rate)) => Some(rate.clone()),
        Some(BaseRate::TargetOverGoal) => target.zip(goal).and_then(|(target, goal)| target.checked_div(goal)),
        None => None,
    }
}

struct Facts {
    /// What the rate is on.
    on: Exact,
    /// What chooses the tier.
    by: Exact,
    /// Whether both are the same value.
    same: bool,
    base_rate: Option<Exact>,
    goal: Option<Exact>,
    target: Option<Exact>,
}

impl Facts {
    /// The rate of a tier: its own, or a multiple of the base rate; a tier with an amount only has none.
    fn rate(&self, tier: &Tier) -> Exact {
        match (&tier.rate, &tier.times) {
            (Some(rate), _) => rate.clone(),
            (None, Some(times)) => times * self.base_rate.as_ref().unwrap_or(&Exact::ZERO),
            (None, None) => Exact::ZERO,
        }
    }
}

fn amount(tier: &Tier) -> Exact {
    tier.amount.clone().unwrap_or(Exact::ZERO)
}

/// Where a tier ends: at its own `to`, else where the next begins, else nowhere.
fn end(tiers: &[Tier], k: usize) -> Option<&Exact> {
    tiers.get(k).and_then(|tier| tier.to.as_ref()).or_else(|| tiers.get(k + 1).and_then(|next| next.from.as_ref()))
}

/// Whether `t` has come to the beginning of tier `k`.
fn begun(tiers: &[Tier], k: usize, t: &Exact, boundary: Boundary) -> bool {
    match (tiers.get(k).and_then(|tier| tier.from.as_ref()), boundary) {
        (None, _) => true,
        (Some(from), Boundary::From) => t >= from,
        (Some(from), Boundary::To) => t > from || (k == 0 && t == from),
    }
}

/// Whether `t` lies before the end of tier `k`.
fn not_past(tiers: &[Tier], k: usize, t: &Exact, boundary: Boundary) -> bool {
    match (end(tiers, k), boundary) {
        (None, _) => true,
        (Some(end), Boundary::From) => t < end,
        (Some(end), Boundary::To) => t <= end,
    }
}

fn work_out(world: &World<'_>, table: &Rate, facts: &Facts) -> Paid {
    match table.mode {
        RateMode::Marginal => marginal(world, table, facts),
        RateMode::Retroactive => retroactive(world, table, facts),
        RateMode::Overage => overage(world, table, facts),
    }
}

fn marginal(world: &World<'_>, table: &Rate, facts: &Facts) -> Paid {
    let mut steps = Steps::new(world.trace);
    let mut sum = Exact::ZERO;
    let mut reached = false;
    for (k, tier) in table.tiers.iter().enumerate() {
        let end = end(&table.tiers, k);
        let below_nought = end.is_some_and(|end| !end.is_positive());
        let entered = begun(&table.tiers, k, &facts.by, table.boundary)
            && (!below_nought || not_past(&table.tiers, k, &facts.by, table.boundary));
        if !entered {
            continue;
        }
        reached = true;
        let inside = |t: &Exact| t.clone().clamp(tier.from.as_ref(), end);
        let length = &inside(&facts.by) - &inside(&Exact::ZERO);
        let part = if facts.same { length.clone() } else { (&facts.on * &length).div_or_zero(&facts.by) };
        let (rate, fixed) = (facts.rate(tier), amount(tier));
        let paid = (&(&part * &rate) + &fixed).clamp(tier.min.as_ref(), tier.max.as_ref());
        steps.add(|| Step::new("tier", &paid).about(range(tier, end)).formula(tier_words(&part, &rate, &fixed, tier)));
        sum += &paid;
    }
    Paid::new(sum, reached, steps.take())
}

fn containing<'t>(table: &'t Rate, t: &Exact) -> Option<(usize, &'t Tier)> {
    table
        .tiers
        .iter()
        .enumerate()
        .find(|(k, _)| begun(&table.tiers, *k, t, table.boundary) && not_past(&table.tiers, *k, t, table.boundary))
}

fn retroactive(world: &World<'_>, table: &Rate, facts: &Facts) -> Paid {
    let mut steps = Steps::new(world.trace);
    let Some((k, tier)) = containing(table, &facts.by) else {
        return Paid::new(Exact::ZERO, false, steps.take());
    };
    let (rate, fixed) = (facts.rate(tier), amount(tier));
    let paid = (&(&facts.on * &rate) + &fixed).clamp(tier.min.as_ref(), tier.max.as_ref());
    steps.add(|| {
        Step::new("tier", &paid)
            .about(range(tier, end(&table.tiers, k)))
            .formula(tier_words(&facts.on, &rate, &fixed, tier))
    });
    Paid::new(paid, true, steps.take())
}

fn overage(world: &World<'_>, table: &Rate, facts: &Facts) -> Paid {
    let mut steps = Steps::new(world.trace);
    let goal = facts.goal.clone().unwrap_or(Exact::ZERO);
    let base_rate = facts.base_rate.clone().unwrap_or(Exact::ZERO);
    let below = facts.on.clone().min(goal.clone());
    let first = &below * &base_rate;
    if let (Some(BaseRate::TargetOverGoal), Some(target)) = (&table.base_rate, &facts.target) {
        steps.add(|| Step::new("base_rate", &base_rate).formula(format!("{target} ÷ {goal}")));
    }
    steps.add(|| Step::new("up_to_goal", &first).formula(format!("{below} × {base_rate}")));
    let Some((k, tier)) = containing(table, &facts.by) else {
        return Paid::new(first, true, steps.take());
    };
    let above = super::values::above(&facts.on, &goal);
    let (rate, fixed) = (facts.rate(tier), amount(tier));
    let extra = &above * &rate;
    let second = (&(&first + &extra) + &fixed).clamp(tier.min.as_ref(), tier.max.as_ref());
    steps.add(|| {
        Step::new("above_goal", &extra).about(range(tier, end(&table.tiers, k))).formula(format!("{above} × {rate}"))
    });
    if !fixed.is_zero() || tier.min.is_some() || tier.max.is_some() {
        steps.add(|| Step::new("tier", &second).formula(within_bounds(format!("{first} + {extra} + {fixed}"), tier)));
    }
    Paid::new(second, true, steps.take())
}

fn range(tier: &Tier, end: Option<&Exact>) -> String {
    let from = tier.from.as_ref().map_or_else(|| "−∞".to_owned(), ToString::to_string);
    let to = end.map_or_else(|| "∞".to_owned(), ToString::to_string);
    format!("{from} … {to}")
}

fn tier_words(part: &Exact, rate: &Exact, fixed: &Exact, tier: &Tier) -> String {
    let mut words =
        if tier.rate.is_some() || tier.times.is_some() { format!("{part} × {rate}") } else { String::new() };
    if !fixed.is_zero() {
        words = if words.is_empty() { fixed.to_string() } else { format!("{words} + {fixed}") };
    }
    within_bounds(words, tier)
}

/// A formula inside the minimum and maximum of a tier.
fn within_bounds(mut words: String, tier: &Tier) -> String {
    if let Some(min) = &tier.min {
        words = format!("max({words}, {min})");
    }
    if let Some(max) = &tier.max {
        words = format!("min({words}, {max})");
    }
    words
}
