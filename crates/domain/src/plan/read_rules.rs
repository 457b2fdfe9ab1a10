//! Reading gates, modifiers, limits, proration and payment rules.

use super::payout::Boundary;
use super::read::{BOUNDARIES, codes, read_text};
use super::read_payout::read_curve;
use super::{
    AmountLimit, AppliesTo, Basis, Below, Bounds, Condition, Draw, Factor, FactorStep, Gate, Guarantee, HireDay,
    Holdback, Missing, Modifier, NewHires, Operand, Otherwise, Part, PaymentRules, Proration, ProrationTargets, Read,
    Release, Rounding, RoundingStep, ScaleMode, Source, Whose,
};
use crate::document::{Node, Object};
use crate::exact::{Exact, RoundingMode};

pub(super) const MODES: &[(&str, RoundingMode)] = &[
    ("half_up", RoundingMode::HalfUp),
    ("half_down", RoundingMode::HalfDown),
    ("half_even", RoundingMode::HalfEven),
    ("up", RoundingMode::Up),
    ("down", RoundingMode::Down),
    ("ceiling", RoundingMode::Ceiling),
    ("floor", RoundingMode::Floor),
];
pub(super) const OPERAND_READS: &[(&str, Read)] = &[
    ("attainment", Read::Attainment),
    ("actual", Read::Actual),
    ("above_goal", Read::AboveGoal),
    ("payout", Read::Payout),
];
pub(super) fn read_bounds_alone(node: &Node<'_>) -> Bounds {
    let Some(mut o) = node.object() else { return Bounds::default() };
    let bounds = read_bounds(&mut o);
    o.finish();
    bounds
}

/// The bounds among the fields of a gate (or alone), with their contradictions.
pub(super) fn read_bounds(o: &mut Object<'_>) -> Bounds {
    let bounds = Bounds {
        at_least: o.get("at_least").and_then(|n| n.decimal()),
        more_than: o.get("more_than").and_then(|n| n.decimal()),
        at_most: o.get("at_most").and_then(|n| n.decimal()),
        less_than: o.get("less_than").and_then(|n| n.decimal()),
    };
    let nothing_given = ["at_least", "more_than", "at_most", "less_than"].iter().all(|name| !o.has(name));
    if nothing_given {
        o.node().error("missing_field", "no bound is given", "add `at_least`, `more_than`, `at_most` or `less_than`");
    }
    if contradictory(&bounds) {
        o.node().error("contradictory_gate", format!("no value can be {}", bounds.words()), "mend the bounds");
    }
    bounds
}

/// Whether no value can satisfy all bounds.
pub(super) fn contradictory(bounds: &Bounds) -> bool {
    let below = |low: &Option<Exact>, high: &Option<Exact>, touching: bool| match (low, high) {
        (Some(low), Some(high)) => low > high || (low == high && !touching),
        _ => false,
    };
    below(&bounds.at_least, &bounds.at_most, true)
        || below(&bounds.at_least, &bounds.less_than, false)
        || below(&bounds.more_than, &bounds.at_most, false)
        || below(&bounds.more_than, &bounds.less_than, false)
}

pub(super) fn read_limit(o: &mut Object<'_>, name: &'static str) -> Option<AmountLimit> {
    o.get(name).and_then(|n| {
        let mut o = n.object()?;
        let limit = read_amount_limit(&mut o);
        o.finish();
        limit
    })
}

pub(super) fn read_amount_limit(o: &mut Object<'_>) -> Option<AmountLimit> {
    match (o.get("times_target"), o.get("amount")) {
        (Some(times), None) => times.decimal().map(AmountLimit::TimesTarget),
        (None, Some(amount)) => amount.decimal().map(AmountLimit::Amount),
        _ => {
            o.node().error("one_of", "exactly one of `times_target` and `amount` is wanted", "give one of them");
            None
        }
    }
}

pub(super) fn read_gate(node: &Node<'_>) -> Option<Gate> {
    let mut o = node.object()?;
    let otherwise = o.get("else").map_or(Some(Otherwise::Zero), |n| {
        if n.is_object() {
            let mut o = n.object()?;
            let effect = match (o.get("times"), o.get("at_most_times_target")) {
                (Some(times), None) => times.decimal_in(Some(0), None).map(Otherwise::Times),
                (None, Some(most)) => most.decimal_in(Some(0), None).map(Otherwise::AtMostTimesTarget),
                _ => {
                    n.error(
                        "one_of",
                        "exactly one of `times` and `at_most_times_target` is wanted",
                        "give one of them, or write \"zero\"",
                    );
                    None
                }
            };
            o.finish();
            return effect;
        }
        n.word(&[("zero", ())]).map(|()| Otherwise::Zero)
    });
    let condition = read_condition_fields(&mut o, 1);
    o.finish();
    Some(Gate { condition: condition?, otherwise: otherwise? })
}

pub(super) fn read_condition(node: &Node<'_>, depth: u32) -> Option<Condition> {
    let mut o = node.object()?;
    let condition = read_condition_fields(&mut o, depth);
    o.finish();
    condition
}

pub(super) fn read_condition_fields(o: &mut Object<'_>, depth: u32) -> Option<Condition> {
    if depth > 5 {
        o.node().error("too_deep", "conditions nest deeper than 5", "write them flatter");
        return None;
    }
    let mut group = |name: &'static str| {
        o.get(name).map(|n| {
            let list = n.each(|n| read_condition(n, depth + 1));
            if list.as_ref().is_some_and(Vec::is_empty) {
                n.error("bad_length", "the list of conditions is empty", "add a condition");
            }
            list
        })
    };
    if let Some(any) = group("any") {
        return any.map(|any| Condition::Any { any });
    }
    if let Some(all) = group("all") {
        return all.map(|all| Condition::All { all });
    }
    let operand = read_operand(o);
    let bounds = read_bounds(o);
    Some(Condition::Test { operand: operand?, bounds: Box::new(bounds) })
}

/// `measure` or `component`, and `read`.
pub(super) fn read_operand(o: &mut Object<'_>) -> Option<Operand> {
    let read = o.get("read").map_or(Some(Read::Attainment), |n| n.word(OPERAND_READS));
    let source = match (o.get("measure"), o.get("component")) {
        (Some(measure), None) => measure.code().map(Source::Measure),
        (None, Some(component)) => component.code().map(Source::Component),
        _ => {
            o.node().error(
                "one_of",
                "exactly one of `measure` and `component` is wanted",
                "name a measure key or a component id",
            );
            None
        }
    };
    let operand = Operand { source: source?, read: read? };
    if operand.read == Read::Payout && matches!(operand.source, Source::Measure(_)) {
        o.node().error(
            "bad_combination",
            "a measure has no payout",
            "read `payout` of a component, or `actual` of the measure",
        );
    }
    Some(operand)
}

pub(super) fn read_modifiers(node: &Node<'_>) -> Option<Vec<Modifier>> {
    let items = node.list()?;
    if items.len() > 100 {
        node.error("bad_length", "a plan has at most 100 modifiers", "take some out");
    }
    let mut modifiers: Vec<Modifier> = Vec::with_capacity(items.len());
    for (i, item) in items.iter().enumerate() {
        let Some(modifier) = read_modifier(item, i) else { continue };
        if modifiers.iter().any(|other| other.id == modifier.id) {
            item.error(
                "duplicate_modifier",
                format!("two modifiers have the id `{}`", modifier.id),
                "give each modifier its own id",
            );
        }
        modifiers.push(modifier);
    }
    (modifiers.len() == items.len()).then_some(modifiers)
}

pub(super) fn read_modifier(node: &Node<'_>, index: usize) -> Option<Modifier> {
    let mut o = node.object()?;
    let id = o.get("id").map_or_else(|| Some(format!("modifier-{}", index + 1)), |n| n.code());
    let name = o.get("name").and_then(|n| read_text(&n));
    let applies_to = o.get("applies_to").map_or(Some(AppliesTo::Total), |n| {
        if n.is_text() {
            return n.word(&[("total", ())]).map(|()| AppliesTo::Total);
        }
        n.each(Node::code).map(AppliesTo::Components)
    });
    let operand = read_operand(&mut o);
    let of = o.get("of").map_or(Some(Whose::Own), |n| n.word(&[("own", Whose::Own), ("superior", Whose::Superior)]));
    if of == Some(Whose::Superior)
        && operand.as_ref().is_some_and(|operand| matches!(operand.source, Source::Component(_)))
    {
        o.node().error("bad_combination", "a superior's component cannot be read", "name a `measure`");
    }
    let factor = o.need("factor").and_then(|n| read_factor(&n));
    let min = o.get("min").and_then(|n| n.decimal());
    let max = o.get("max").and_then(|n| n.decimal());
    if let (Some(min), Some(max)) = (&min, &max)
        && min > max
    {
        o.node().error("bounds_inverted", "`min` is above `max`", "swap them");
    }
    let missing = o
        .get("missing")
        .map_or(Some(Missing::Neutral), |n| n.word(&[("neutral", Missing::Neutral), ("zero", Missing::Zero)]));
    o.finish();
    Some(Modifier {
        id: id?,
        name,
        applies_to: applies_to?,
        operand: operand?,
        of: of?,
        factor: factor?,
        min,
        max,
        missing: missing?,
    })
}

pub(super) fn read_factor(node: &Node<'_>) -> Option<Factor> {
    if node.is_text() {
        return node.word(&[("value", ())]).map(|()| Factor::Value);
    }
    let mut o = node.object()?;
    let factor = if o.has("steps") {
        let steps = o.need("steps").and_then(|n| {
            n.each(|n| {
                let mut o = n.object()?;
                let from = o.need("from").and_then(|n| n.decimal());
                let times = o.need("times").and_then(|n| n.decimal());
                o.finish();
                Some(FactorStep { from: from?, times: times? })
            })
        });
        let boundary = o.get("boundary").map_or(Some(Boundary::From), |n| n.word(BOUNDARIES));
        steps.zip(boundary).map(|(steps, boundary)| Factor::Steps { steps, boundary })
    } else {
        read_curve(&mut o, Below::Hold).map(Factor::Curve)
    };
    o.finish();
    factor
}

pub(super) fn read_rounding(node: &Node<'_>) -> Option<Rounding> {
    let mut o = node.object()?;
    let d = Rounding::default();
    let rounding = Rounding {
        scale: o.get("scale").and_then(|n| n.whole(0, 6)).unwrap_or(d.scale),
        mode: o.get("mode").and_then(|n| n.word(MODES)).unwrap_or(d.mode),
        at: o
            .get("at")
            .and_then(|n| n.word(&[("component", RoundingStep::Component), ("total", RoundingStep::Total)]))
            .unwrap_or(d.at),
    };
    o.finish();
    Some(rounding)
}

pub(super) fn read_scale_mode(node: &Node<'_>) -> Option<ScaleMode> {
    let mut o = node.object()?;
    let scale = o.need("scale").and_then(|n| n.whole(0, 12));
    let mode = o.get("mode").and_then(|n| n.word(MODES)).unwrap_or_default();
    o.finish();
    Some(ScaleMode { scale: scale?, mode })
}

pub(super) fn read_proration(node: &Node<'_>) -> Option<Proration> {
    let mut o = node.object()?;
    let targets: &[(&str, &str)] = &[("target", "target"), ("goal", "goal"), ("payout", "payout"), ("none", "none")];
    let mut applies_to = ProrationTargets::default();
    if let Some(n) = o.get("applies_to") {
        let words = if n.is_text() { n.word(targets).map(|word| vec![word]) } else { n.each(|n| n.word(targets)) };
        for word in words.unwrap_or_default() {
            match word {
                "target" => applies_to.target = true,
                "goal" => applies_to.goal = true,
                "payout" => applies_to.payout = true,
                _ => {}
            }
        }
    }
    let new_hires = o.get("new_hires").and_then(|n| {
        if n.is_text() {
            return n
                .word(&[("from_hire", false), ("from_next_month", true)])
                .map(|next| if next { NewHires::FromNextMonth } else { NewHires::FromHire });
        }
        let mut o = n.object()?;
        let rule = match (o.get("after_days"), o.get("guarantee")) {
            (Some(days), None) => days.whole(0, 4_000).map(NewHires::AfterDays),
            (None, Some(share)) => share.decimal_in(Some(0), Some(10)).map(NewHires::Guarantee),
            _ => {
                n.error("one_of", "exactly one of `after_days` and `guarantee` is wanted", "give one of them");
                None
            }
        };
        o.finish();
        rule
    });
    let proration = Proration {
        basis: o
            .get("basis")
            .and_then(|n| n.word(&[("calendar_days", Basis::CalendarDays), ("working_days", Basis::WorkingDays)]))
            .unwrap_or_default(),
        applies_to,
        fte: o.get("fte").and_then(|n| n.boolean()).unwrap_or(false),
        round: o.get("round").and_then(|n| read_scale_mode(&n)),
        goal_round: o.get("goal_round").and_then(|n| read_scale_mode(&n)),
        hire_day: o
            .get("hire_day")
            .and_then(|n| n.word(&[("counted", HireDay::Counted), ("not_counted", HireDay::NotCounted)]))
            .unwrap_or_default(),
        absence_grace_days: o.get("absence_grace_days").and_then(|n| n.whole(0, 4_000)).unwrap_or(0),
        absence_kinds: codes(&mut o, "absence_kinds").unwrap_or_default(),
        new_hires: new_hires.unwrap_or_default(),
    };
    o.finish();
    Some(proration)
}

pub(super) fn read_payment_rules(node: &Node<'_>) -> Option<PaymentRules> {
    let mut o = node.object()?;
    let rules = PaymentRules {
        holdback: o.get("holdback").and_then(|n| read_holdback(&n)),
        draw: o.get("draw").and_then(|n| read_draw(&n)),
        guarantee: o.get("guarantee").and_then(|n| {
            let mut o = n.object()?;
            let until = o.get("until").and_then(|n| n.whole(1, 10_000));
            let limit = read_amount_limit(&mut o);
            o.finish();
            Some(Guarantee { limit: limit?, until })
        }),
        cap: read_limit(&mut o, "cap"),
    };
    o.finish();
    Some(rules)
}

pub(super) fn read_holdback(node: &Node<'_>) -> Option<Holdback> {
    let mut o = node.object()?;
    let part = match (o.get("share"), o.get("amount")) {
        (Some(share), None) => share.decimal_in(Some(0), Some(1)).map(Part::Share),
        (None, Some(amount)) => amount.decimal_in(Some(0), None).map(Part::Amount),
        _ => {
            node.error("one_of", "exactly one of `share` and `amount` is wanted", "give one of them");
            None
        }
    };
    let release = o.get("release").and_then(|n| {
        let mut o = n.object()?;
        let release = match (o.get("after_days"), o.get("after_months")) {
            (Some(days), None) => days.whole(0, 4_000).map(Release::AfterDays),
            (None, Some(months)) => months.whole(0, 120).map(Release::AfterMonths),
            _ => {
                n.error("one_of", "exactly one of `after_days` and `after_months` is wanted", "give one of them");
                None
            }
        };
        o.finish();
        release
    });
    o.finish();
    Some(Holdback { part: part?, release })
}

pub(super) fn read_draw(node: &Node<'_>) -> Option<Draw> {
    let mut o = node.object()?;
    let amount = o.need("amount").and_then(|n| n.decimal_in(Some(0), None));
    let draw = Draw {
        amount: amount.clone().unwrap_or_default(),
        recoverable: o.get("recoverable").and_then(|n| n.boolean()).unwrap_or(true),
        recovery_share: o.get("recovery_share").and_then(|n| n.decimal_in(Some(0), Some(1))).unwrap_or(Exact::ONE),
        recovery_from: o.get("recovery_from").and_then(|n| n.whole(1, 10_000)),
        until: o.get("until").and_then(|n| n.whole(1, 10_000)),
        paid_in_advance: o.get("paid_in_advance").and_then(|n| n.boolean()).unwrap_or(false),
    };
    o.finish();
    amount.map(|_| draw)
}
