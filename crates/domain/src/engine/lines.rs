//! Payouts on single credited lines.

use super::component::Base;
use super::values::line_value;
use super::world::World;
use super::{Paid, payout, rate};
use crate::exact::Exact;
use crate::inputs::Line;
use crate::plan::{Bounds, Component, LinePay, LineRule, LineValue, Payout, PerLine, Pick, When};
use crate::trace::{Step, Steps};

/// Rules for each line (kind `per_line`).
pub(crate) fn per_line<'a>(world: &World<'a>, i: usize, component: &'a Component, rules: &PerLine) -> Paid {
    let mut steps = Steps::new(world.trace);
    let default = line_value(component);
    let (mut any_line, mut matched, mut sum) = (false, false, Exact::ZERO);
    for line in world.lines(i, &component.id) {
        any_line = true;
        for rule in picked(rules, line) {
            matched = true;
            let (paid, formula) = pay_rule(rule, line, default, steps.on());
            steps.add(|| Step::new("line", &paid).about(format!("{} · {}", line.reference, rule.id)).formula(formula));
            sum += &paid;
        }
    }
    if !any_line {
        return Paid::no_data(steps.take());
    }
    Paid::new(sum, matched, steps.take())
}

/// The rules that count for a line.
fn picked<'r>(rules: &'r PerLine, line: &Line) -> Vec<&'r LineRule> {
    let mut matching = rules.rules.iter().filter(|rule| rule.when.matches(line));
    match rules.pick {
        Pick::First => matching.next().into_iter().collect(),
        Pick::All => matching.collect(),
        Pick::MostSpecific => {
            let mut best: Option<&LineRule> = None;
            for rule in matching {
                if best.is_none_or(|best| rule.when.specificity() > best.when.specificity()) {
                    best = Some(rule);
                }
            }
            best.into_iter().collect()
        }
    }
}

fn pay_rule(rule: &LineRule, line: &Line, default: LineValue, words: bool) -> (Exact, String) {
    let value = match &rule.pays {
        LinePay::Rate(_) => rule.on.unwrap_or(default).of(line),
        LinePay::Amount(_) => {
            let amount = LineValue::Amount.of(line);
            if amount.is_zero() { LineValue::Quantity.of(line) } else { amount }
        }
    };
    if value.is_zero() {
        return (Exact::ZERO, String::new());
    }
    let size = value.abs();
    let unsigned = match &rule.pays {
        LinePay::Rate(rate) => &size * rate,
        LinePay::Amount(amount) => amount.clone(),
    };
    let clamped = unsigned.clone().clamp(rule.min.as_ref(), rule.max.as_ref());
    let formula = match &rule.pays {
        _ if !words => String::new(),
        LinePay::Rate(rate) if clamped == unsigned => format!("{value} × {rate}"),
        LinePay::Rate(rate) => format!("{value} × {rate} → {clamped}"),
        LinePay::Amount(_) if value.is_negative() => format!("−1 × {clamped}"),
        LinePay::Amount(_) => clamped.to_string(),
    };
    (if value.is_negative() { -&clamped } else { clamped }, formula)
}

/// A curve, rate table or bonus on each line by itself (`per: line`).
pub(crate) fn each_line<'a>(world: &World<'a>, i: usize, c: usize, base: &Base) -> Option<Paid> {
    if base.blocked.is_some() {
        return None;
    }
    let component = world.plan.plan().components.get(c)?;
    let value = line_value(component);
    let mut steps = Steps::new(world.trace);
    let (mut any_line, mut reached, mut sum) = (false, false, Exact::ZERO);
    for line in world.lines(i, &component.id) {
        any_line = true;
        let v = value.of(line);
        if v.is_zero() {
            continue; // a line without a value pays nothing, as a sale and its return together do
        }
        let x = v.abs();
        let paid = match &component.payout {
            Payout::Curve(curve) => payout::on_curve(world, &curve.curve, curve.pays, &x, base.target.as_ref()),
            Payout::Rate(table) => rate::pay_value(world, table, &x, base.target.as_ref()),
            Payout::Bonus(bonus) => payout::pay_bonus(world, bonus, &x),
            _ => return None,
        };
        reached |= paid.state == crate::result::State::Ok;
        let signed = if v.is_negative() { -&paid.amount } else { paid.amount };
        steps.add(|| Step::new("line", &signed).about(line.reference.clone()).formula(v.to_string()).from(paid.steps));
        sum += &signed;
    }
    if !any_line {
        return Some(Paid::no_data(steps.take()));
    }
    Some(Paid::new(sum, reached, steps.take()))
}

impl When {
    /// Whether a line is meant: all that is named must hold.
    pub fn matches(&self, line: &Line) -> bool {
        let named =
            |codes: &[String], code: Option<&String>| codes.is_empty() || code.is_some_and(|code| codes.contains(code));
        let bounded = |bounds: &Option<Bounds>, value: &Option<Exact>| {
            bounds.as_ref().is_none_or(|b| value.as_ref().is_some_and(|v| b.hold(&v.abs())))
        };
        let number = |name: &String| line.attributes.get(name).and_then(|text| Exact::parse(text).ok());
        named(&self.products, line.product.as_ref())
            && named(&self.categories, line.category.as_ref())
            && named(&self.channels, line.channel.as_ref())
            && named(&self.customers, line.customer.as_ref())
            && named(&self.territories, line.territory.as_ref())
            && self
                .attributes
                .iter()
                .all(|(name, values)| line.attributes.get(name).is_some_and(|value| values.contains(value)))
            && bounded(&self.amount, &line.amount)
            && bounded(&self.quantity, &line.quantity)
            && self.numbers.iter().all(|(name, bounds)| number(name).is_some_and(|value| bounds.hold(&value)))
            && self.from.is_none_or(|from| line.date.is_some_and(|date| date >= from))
            && self.to.is_none_or(|to| line.date.is_some_and(|date| date <= to))
    }

    /// How much a rule names, the most telling first.
    pub fn specificity(&self) -> [bool; 7] {
        [
            !self.customers.is_empty(),
            !self.products.is_empty(),
            !self.attributes.is_empty(),
            !self.categories.is_empty(),
            !self.channels.is_empty(),
            !self.territories.is_empty(),
            self.amount.is_some()
                || self.quantity.is_some()
                || !self.numbers.is_empty()
                || self.from.is_some()
                || self.to.is_some(),
        ]
    }
}
