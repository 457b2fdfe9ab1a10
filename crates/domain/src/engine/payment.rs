//! From earned to paid: steps 11 to 16.

use chrono::{Days, Months, NaiveDate};

use super::total::limit_words;
use super::world::{Person, World};
use crate::exact::Exact;
use crate::finding::Finding;
use crate::inputs::Held;
use crate::plan::{Negative, Part, Release, TrueUp};
use crate::result::{Check, Figure, HeldMoney, NewBalances, PaymentStep};
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
    fn change(&mut self, step: &'static str, amount: &Exact, formula: impl FnOnce() -> String) {
        self.value += amount;
        self.steps.push(PaymentStep {
            step,
            amount: Figure::fixed(amount.clone(), self.scale),
            formula: formula(),
            value: Figure::fixed(self.value.clone(), self.scale),
        });
    }

    fn change_if(&mut self, step: &'static str, amount: &Exact, formula: impl FnOnce() -> String) {
        if !amount.is_zero() {
            self.change(step, amount, formula);
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
            ledger.change("adjustments", &adjustment.amount, || adjustment.reason.clone());
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
        ledger.change("true_up", &-&before.earned_to_date, String::new);
        earned_to_date = earned.clone();
    }
    if plan.negative == Negative::FloorAtZero && ledger.value.is_negative() {
        let forgiven = -&ledger.value;
        ledger.change("negative", &forgiven, String::new);
    }
    let this_period = ledger.value.clone();

    // 13 holdback
    let positive = this_period.clone().max(Exact::ZERO);
    let held_now = match rules.holdback.as_ref().map(|h| &h.part) {
        Some(Part::Share(share)) => (share * &positive).round(scale, mode),
        Some(Part::Amount(amount)) => amount.clone().min(positive),
        None => Exact::ZERO,
    };
    ledger.change_if("holdback", &-&held_now, || match rules.holdback.as_ref().map(|h| &h.part) {
        Some(Part::Share(share)) => format!("{share} × {this_period}"),
        _ => String::new(),
    });
    let released = release(world, person);
    ledger.change_if("release", &(&released.plain + &released.dated), || released.words());
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
            let active = rule.runs(person.period_number);
            if active && ledger.value < rule.amount {
                advanced = &rule.amount - &ledger.value;
                let lacking = ledger.value.clone();
                ledger.change("draw_advance", &advanced, || format!("{} − {lacking}", rule.amount));
                if rule.recoverable {
                    draw += &advanced;
                }
            } else if rule.recoverable && draw.is_positive() && rule.recovery_from.is_none_or(|from| number >= from) {
                let over = if active { &ledger.value - &rule.amount } else { ledger.value.clone().max(Exact::ZERO) };
                recovered = (&rule.recovery_share * &over).round(scale, mode).min(draw.clone());
                let words = format!("min({draw}, {} × {over})", rule.recovery_share);
                ledger.change_if("draw_recovery", &-&recovered, || words);
                draw = &draw - &recovered;
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
            let lacking = ledger.value.clone();
            ledger.change("guarantee", &topped_up, || format!("{guarantee} − {lacking}"));
        }
        if let Some(rule) = rules.draw.as_ref().filter(|d| d.paid_in_advance && d.runs(person.period_number)) {
            in_advance = rule.amount.clone().min(ledger.value.clone().max(Exact::ZERO));
            ledger.change_if("draw_paid_in_advance", &-&in_advance, String::new);
        }
    }

    // 15 carried balance
    ledger.change_if("carried", &before.carried, String::new);
    let mut carried = Exact::ZERO;
    if ledger.value.is_negative() && plan.negative != Negative::Pay {
        carried = ledger.value.clone();
        ledger.change("carried_forward", &-&carried, String::new);
    }

    // 16 payment cap
    if let Some(cap_rule) = &rules.cap {
        let cap = World::limit(cap_rule, person.target.as_ref()).round(scale, mode);
        if ledger.value > cap {
            let excess = &ledger.value - &cap;
            let words = limit_words("min", &ledger.value, cap_rule, person.target.as_ref());
            ledger.change("payment_cap", &-&excess, || words);
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
        Trace::Full => ledger.steps.iter().map(payment_step).collect(),
    };
    Ok(Payment {
        payment: Figure::fixed(ledger.value, scale),
        steps: ledger.steps,
        balances: NewBalances {
            draw: Figure::fixed(draw, scale),
            carried: Figure::fixed(carried, scale),
            earned_to_date: Figure::fixed(earned_to_date, scale),
            holdback: Figure::fixed(holdback, scale),
            held: held
                .into_iter()
                .map(|held| HeldMoney { amount: Figure::fixed(held.amount, scale), earned_on: held.earned_on })
                .collect(),
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
    /// The dated items that are released.
    items: Vec<Held>,
}

impl Released {
    /// What is released: the plain part, then each item with its day.
    fn words(&self) -> String {
        let plain = (!self.plain.is_zero()).then(|| self.plain.to_string());
        let items = self.items.iter().map(|held| format!("{} ({})", held.amount, held.earned_on));
        plain.into_iter().chain(items).collect::<Vec<_>>().join(" + ")
    }
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
    Released { plain, dated: now.iter().map(|held| &held.amount).sum(), still_held: later, items: now }
}

fn due_on(earned_on: NaiveDate, rule: Release) -> Option<NaiveDate> {
    match rule {
        Release::AfterDays(days) => earned_on.checked_add_days(Days::new(u64::from(days))),
        // Chrono takes the last day of a month that lacks the day.
        Release::AfterMonths(months) => earned_on.checked_add_months(Months::new(months)),
    }
}

/// A step from earned to paid: what is left, and from what change it came.
fn payment_step(step: &PaymentStep) -> Step {
    let change = Step::new("change", &step.amount).formula(step.formula.clone());
    let told = if step.formula.is_empty() { Vec::new() } else { vec![change] };
    Step::new("payment_step", &step.value).about(step.step).formula(step.amount.to_string()).from(told)
}
