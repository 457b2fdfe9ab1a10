//! A figure is what its explanation makes of it: sums are the sums of their parts, and every formula works out to the
//! value that stands beside it.

use proptest::prelude::*;
use traguardo_domain::exact::Exact;
use traguardo_domain::result::ParticipantResult;
use traguardo_domain::trace::Step;

use super::people::any_world;
use super::{exact, outcome, sum};

/// Reads `2 × (0.9 − 0.5) ÷ 3`, `min(…, …)` and `max(…, …)`. `None`: words, or a number too large for a document.
struct Formula<'a>(&'a str);

impl<'a> Formula<'a> {
    fn value(text: &'a str) -> Option<Exact> {
        let mut formula = Formula(text);
        let value = formula.sum()?;
        formula.rest().is_empty().then_some(value)
    }

    fn rest(&mut self) -> &'a str {
        self.0 = self.0.trim_start();
        self.0
    }

    fn eat(&mut self, sign: &str) -> bool {
        self.rest();
        let Some(rest) = self.0.strip_prefix(sign) else { return false };
        self.0 = rest;
        true
    }

    fn sum(&mut self) -> Option<Exact> {
        let mut value = self.product()?;
        loop {
            if self.eat("+") {
                value = &value + &self.product()?;
            } else if self.eat("−") {
                value = &value - &self.product()?;
            } else {
                return Some(value);
            }
        }
    }

    fn product(&mut self) -> Option<Exact> {
        let mut value = self.single()?;
        loop {
            if self.eat("×") {
                value = &value * &self.single()?;
            } else if self.eat("÷") {
                value = value.checked_div(&self.single()?)?;
            } else {
                return Some(value);
            }
        }
    }

    fn single(&mut self) -> Option<Exact> {
        for (name, smaller) in [("min(", true), ("max(", false)] {
            if self.eat(name) {
                let (a, b) = (self.sum()?, self.eat(",").then(|| self.sum())??);
                return self.eat(")").then(|| if smaller { a.min(b) } else { a.max(b) });
            }
        }
        if self.eat("(") {
            let value = self.sum()?;
            return self.eat(")").then_some(value);
        }
        if self.eat("−") {
            return Some(-&self.single()?);
        }
        let text = self.rest();
        let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-')).unwrap_or(text.len());
        let (number, rest) = text.split_at(end);
        let value = Exact::parse(number).ok()?;
        self.0 = rest;
        Some(value)
    }
}

/// Whether a printed value is the given one: what has more than 12 places is printed at 12, and what is worked out
/// from such figures is off by as much as they are, times what they are multiplied by.
fn prints_as(value: &Exact, printed: &str) -> bool {
    let Ok(printed) = Exact::parse(printed) else { return false };
    let size = value.abs().max(Exact::ONE);
    (value - &printed).abs() <= &size * &Exact::scaled(1, 6)
}

fn steps<'s>(step: &'s Step, out: &mut Vec<&'s Step>) {
    out.push(step);
    for part in &step.from {
        steps(part, out);
    }
}

fn all_steps(person: &ParticipantResult) -> Vec<&Step> {
    let mut out = Vec::new();
    steps(person.derivation.as_ref().unwrap(), &mut out);
    out
}

fn values<'s>(parts: impl IntoIterator<Item = &'s Step>) -> Exact {
    sum(&parts.into_iter().map(|part| Exact::parse(&part.value).unwrap()).collect::<Vec<_>>())
}

#[test]
fn formulas_are_read() {
    for (formula, value) in [
        ("1 + 2 × 3", "7"),
        ("(1 + 2) × 3 ÷ 4", "2.25"),
        ("min(2, 0.5 × 3) − 1", "0.5"),
        ("max(-2, −3)", "-2"),
        ("2 − -1", "3"),
    ] {
        assert_eq!(Formula::value(formula), Exact::parse(value).ok(), "{formula}");
    }
    for words in ["", "attainment: ≥ 1", "1 / 2", "2 +", "1 ÷ 0", "2 3", "min(1)"] {
        assert_eq!(Formula::value(words), None, "{words}");
    }
}

/// Keys whose formula is no arithmetic, or shows only a part of it.
const WORDS: [&str; 12] = [
    "gate_passed",
    "gate_failed",
    "place",
    "line",
    "grid_cell",
    "bonus_step",
    "component",
    "clamped",
    "value_read",
    "step_reached",
    "rounded",
    "payment_step",
];

proptest! {
    #[test]
    fn every_formula_works_out_to_its_value((document, people) in any_world()) {
        for person in &outcome(&document, &people).participants {
            let mut capped = Vec::new();
            for step in all_steps(person) {
                let of_cap = step.about.as_deref() == Some("payment_cap");
                for change in step.from.iter().filter(|part| part.key == "change" && of_cap) {
                    // What is left, not what was cut off.
                    prop_assert!(Formula::value(&change.formula).is_some_and(|left| (&left - &exact(&step.value)).abs() <= Exact::ONE));
                    capped.push(std::ptr::from_ref(change));
                }
                if WORDS.contains(&step.key.as_ref()) || step.formula.is_empty() || capped.contains(&std::ptr::from_ref(step)) {
                    continue;
                }
                let Some(value) = Formula::value(&step.formula) else {
                    let arithmetic = ["curve", "times_target", "target", "component_target", "attainment", "goal", "sum", "tier"];
                    let readable = !arithmetic.contains(&step.key.as_ref()) || step.value.len() > 15 || step.formula.len() > 400;
                    prop_assert!(readable, "{} `{}` cannot be read", step.key, step.formula);
                    continue;
                };
                let near = match step.key.as_ref() {
                    // The largest remainder's, not the quotient.
                    "pool_share" => (&value - &exact(&step.value)).abs() <= Exact::ONE,
                    // Its size before rounding; what is taken away has a sign besides.
                    "change" => (&value.abs() - &exact(&step.value).abs()).abs() <= Exact::ONE,
                    // Rounded where the plan says so, to four places here.
                    "proration_factor" => (&value - &exact(&step.value)).abs() <= Exact::scaled(1, 4),
                    _ => prints_as(&value, &step.value),
                };
                prop_assert!(near, "{} `{}` is {}, it says {}\n{}", step.key, step.formula, value, step.value, document);
            }
        }
    }

    #[test]
    fn figures_are_the_sums_of_what_explains_them((document, people) in any_world()) {
        let at_total = document["rounding"]["at"] == "total";
        for person in &outcome(&document, &people).participants {
            let payment = person.derivation.as_ref().unwrap();
            prop_assert_eq!(payment.key.as_ref(), "payment");
            prop_assert_eq!(&payment.value, &person.payment.to_string());
            // Payment: from what was earned, step by step.
            let (earned, rest) = payment.from.split_first().unwrap();
            prop_assert_eq!(&earned.value, &person.earned.to_string());
            prop_assert_eq!(rest.len(), person.payment_steps.len());
            let last = rest.last().map_or(&earned.value, |step| &step.value);
            prop_assert_eq!(last, &payment.value);
            // Earned: the components' parts sum to the step `sum`.
            let of_components: Vec<&Step> = earned.from.iter().filter(|s| matches!(s.key.as_ref(), "component" | "modified")).collect();
            prop_assert_eq!(of_components.len(), person.components.len());
            for (step, component) in of_components.iter().zip(&person.components) {
                prop_assert_eq!(step.about.as_deref(), Some(component.id.as_str()));
                prop_assert_eq!(&step.value, &component.modified.to_string());
                prop_assert_eq!(&person.component_derivation(&component.id).unwrap().value, &component.payout.to_string());
            }
            let total = earned.from.iter().find(|s| s.key == "sum").unwrap();
            let parts = values(of_components);
            let same = if at_total { prints_as(&parts, &total.value) } else { parts == Exact::parse(&total.value).unwrap() };
            prop_assert!(same, "{} is not {}", parts, total.value);
            // Lines and tiers make what the component pays before gates and limits; members what the team earned.
            for step in all_steps(person) {
                let named = |key: &'static str| step.from.iter().filter(move |s| s.key == key);
                let paid = named("paid").next();
                for key in ["line", "tier"] {
                    let shown = named(key).count();
                    let overage = named("up_to_goal").count() > 0;
                    if let Some(paid) = paid.filter(|_| shown > 0 && !overage && step.key == "component") {
                        prop_assert!(prints_as(&values(named(key)), &paid.value), "{key}: {} of {}\n{document}", values(named(key)), paid.value);
                    }
                }
                if step.key == "team_earned" {
                    prop_assert_eq!(values(&step.from), Exact::parse(&step.value).unwrap());
                }
            }
        }
    }
}
