//! From earned to paid: steps 11 to 16.

use chrono::{Days, Months, NaiveDate};

use super::world::{Person, World};
use crate::exact::Exact;
use crate::finding::Finding;
use crate::inputs::Held;
use crate::plan::{Negative, Part, Release, TrueUp};
use crate::result::{Check, Figure, NewBalances, PaymentStep};
use crate::trace::{Step, Trace};

/// What is paid, how, and what is left.
pub(crate) struct Payment {
    pub steps: Vec<PaymentStep>,
    pub payment: Figure,
    pub balances: NewBalances,
    pub derivation: Vec<Step>,
}

/// The money that is on its way, with the record of each change.
struct Ledger {
    value: Exact,
    scale: u32,
    steps: Vec<PaymentStep>,
}

impl Ledger {
    fn change(&mut self, step: &'static str, amount: &Exact) {
        self.value += amount;
        self.steps.push(PaymentStep {
            step,
            amount: Figure::fixed(amount.clone(), self.scale),
            value: Figure::fixed(self.value.clone(), self.scale),
        });
    }

    fn change_if(&mut self, step: &'static str, amount: &Exact) {
        if !amount.is_zero() {
            self.change(step, amount);
        }
    }
}

/// Works out the payment of a participant who earned `earned`.
pub(crate) fn pay(
    world: &World<'_>,
    i: usize,
    person: &Person<'_>,
    earned: &Exact,
    checks: &mut Vec<Check>,
) -> Result<Payment, Finding> {
    let plan = world.plan.plan();
    let rules = &plan.payment_rules;
    let (scale, mode) = (plan.rounding.scale, plan.rounding.mode);
    let before = &person.input.balances;
    let mut ledger = Ledger { value: earned.clone(), scale, steps: Vec::new() };

    // 11 adjustments
    for (k, adjustment) in person.input.adjustments.iter().enumerate() {
        if adjustment.approved {
            ledger.change("adjustments", &adjustment.amount);
        } else {
            checks.push(Check {
                code: "adjustment_not_approved",
                about: format!("adjustments[{k}]"),
                message: format!("the adjustment of {} is not approved and does not count", adjustment.amount),
            });
        }
    }

    // 12 true-up
    let mut earned_to_date = &before.earned_to_date + earned;
    if plan.true_up == TrueUp::YearToDate {
        ledger.change("true_up", &-&before.earned_to_date);
        earned_to_date = earned.clone();
    }
    if plan.negative == Negative::FloorAtZero && ledger.value.is_negative() {
        let forgiven = -&ledger.value;
        ledger.change("negative", &forgiven);
    }
    let this_period = ledger.value.clone();

    // 13 holdback
    let positive = this_period.clone().max(Exact::ZERO);
    let held_now = match rules.holdback.as_ref().map(|h| &h.part) {
        Some(Part::Share(share)) => (share * &positive).round(scale, mode),
        Some(Part::Amount(amount)) => amount.clone().min(positive),
        None => Exact::ZERO,
    };
    ledger.change_if("holdback", &-&held_now);
    let released = release(world, person);
    ledger.change_if("release", &(&released.plain + &released.dated));
    let release_rule = rules.holdback.as_ref().and_then(|h| h.release);
    let mut held = released.still_held;
    let mut holdback = &before.holdback - &released.plain;
    match (release_rule, world.inputs.as_of) {
        (Some(_), Some(as_of)) if !held_now.is_zero() => held.push(Held { amount: held_now.clone(), earned_on: as_of }),
        (Some(_), Some(_)) => {}
        _ => holdback += &held_now,
    }

    // 14 draw, guarantee
    let mut draw = before.draw.clone();
    let (mut advanced, mut recovered, mut in_advance, mut topped_up) =
        (Exact::ZERO, Exact::ZERO, Exact::ZERO, Exact::ZERO);
    if person.eligible {
        if let Some(rule) = &rules.draw {
            let number = person.period_number.unwrap_or(0);
            let active = rule.until.is_none_or(|until| number <= until);
            if active && ledger.value < rule.amount {
                advanced = &rule.amount - &ledger.value;
                ledger.change("draw_advance", &advanced);
                if rule.recoverable {
                    draw += &advanced;
                }
            } else if rule.recoverable && draw.is_positive() && rule.recovery_from.is_none_or(|from| number >= from) {
                let over = if active { &ledger.value - &rule.amount } else { ledger.value.clone().max(Exact::ZERO) };
                recovered = (&rule.recovery_share * &over).round(scale, mode).min(draw.clone());
                ledger.change_if("draw_recovery", &-&recovered);
                draw = &draw - &recovered;
            }
            if active && rule.paid_in_advance {
                in_advance = rule.amount.clone().min(ledger.value.clone().max(Exact::ZERO));
                ledger.change_if("draw_paid_in_advance", &-&in_advance);
            }
        }
        let plan_guarantee = rules
            .guarantee
            .as_ref()
            .filter(|g| g.until.is_none_or(|until| person.period_number.unwrap_or(0) <= until))
            .map(|g| World::limit(&g.limit, person.target.as_ref()).round(scale, mode));
        if let Some(guarantee) = person.input.guarantee.clone().or(plan_guarantee)
            && ledger.value < guarantee
        {
            topped_up = &guarantee - &ledger.value;
            ledger.change("guarantee", &topped_up);
        }
    }

    // 15 carried balance
    ledger.change_if("carried", &before.carried);
    let mut carried = Exact::ZERO;
    if ledger.value.is_negative() && plan.negative != Negative::Pay {
        carried = ledger.value.clone();
        ledger.change("carried_forward", &-&carried);
    }

    // 16 payment cap
    if let Some(cap) = &rules.cap {
        let cap = World::limit(cap, person.target.as_ref()).round(scale, mode);
        if ledger.value > cap {
            let excess = &ledger.value - &cap;
            ledger.change("payment_cap", &-&excess);
            carried += &excess;
        }
    }

    let came_in = [&this_period, &advanced, &topped_up, &released.plain, &released.dated, &before.carried]
        .into_iter()
        .sum::<Exact>();
    let went_out = [&ledger.value, &held_now, &recovered, &in_advance, &carried].into_iter().sum::<Exact>();
    if came_in != went_out {
        return Err(Finding::error(
            "internal",
            format!("$.participants[{i}]"),
            format!("the payment does not balance: {came_in} came in, {went_out} went out"),
        )
        .help("report this; nothing was saved"));
    }
    let derivation = match world.trace {
        Trace::Off => Vec::new(),
        Trace::Full => ledger
            .steps
            .iter()
            .map(|s| Step::new("payment_step", &s.value).about(s.step).formula(s.amount.to_string()))
            .collect(),
    };
    Ok(Payment {
        payment: Figure::fixed(ledger.value, scale),
        steps: ledger.steps,
        balances: NewBalances {
            draw: Figure::fixed(draw, scale),
            carried: Figure::fixed(carried, scale),
            earned_to_date: Figure::fixed(earned_to_date, scale),
            holdback: Figure::fixed(holdback, scale),
            held,
        },
        derivation,
    })
}

struct Released {
    /// From the balance without dates.
    plain: Exact,
    /// From the dated items.
    dated: Exact,
    still_held: Vec<Held>,
}

fn release(world: &World<'_>, person: &Person<'_>) -> Released {
    let balances = &person.input.balances;
    let plain = person.input.release_holdback.clone().unwrap_or(Exact::ZERO).min(balances.holdback.clone());
    let rule = world.plan.plan().payment_rules.holdback.as_ref().and_then(|h| h.release);
    let due = |held: &Held| match (rule, world.inputs.as_of) {
        (Some(rule), Some(as_of)) => due_on(held.earned_on, rule).is_some_and(|due| due <= as_of),
        _ => false,
    };
    let (now, later): (Vec<Held>, Vec<Held>) = balances.held.iter().cloned().partition(due);
    Released { plain, dated: now.iter().map(|held| &held.amount).sum(), still_held: later }
}

fn due_on(earned_on: NaiveDate, rule: Release) -> Option<NaiveDate> {
    match rule {
        Release::AfterDays(days) => earned_on.checked_add_days(Days::new(u64::from(days))),
        // Chrono takes the last day of a month that lacks the day.
        Release::AfterMonths(months) => earned_on.checked_add_months(Months::new(months)),
    }
}
