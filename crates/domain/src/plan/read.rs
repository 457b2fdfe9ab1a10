//! Reading the plan document: structure and ranges, all findings at once.

use std::collections::BTreeMap;

use super::payout::Pays;
use super::read_payout::{read_curve, read_payout};
use super::{
    AmountLimit, AppliesTo, Basis, Bounds, Component, Condition, Credit, Draw, Eligibility, Example, Exclusion,
    Expectation, ExpectedComponent, Factor, FactorStep, Frequency, Gate, Goal, Guarantee, HireDay, Holdback, Limits,
    Measure, Missing, Modifier, Negative, NewHires, Operand, Otherwise, PLAN_FORMAT, Part, PaymentRules, Payout, Per,
    Plan, Proration, ProrationTargets, Read, Release, Rounding, RoundingStep, ScaleMode, Source, Text, Transform,
    TrueUp, When, Whose, Window,
};
use crate::document::{Findings, Node, Object};
use crate::exact::{Exact, RoundingMode};
use crate::finding::Finding;
use crate::inputs::read_inputs_node;

const FREQUENCIES: &[(&str, Frequency)] = &[
    ("month", Frequency::Month),
    ("quarter", Frequency::Quarter),
    ("four_month", Frequency::FourMonth),
    ("half_year", Frequency::HalfYear),
    ("year", Frequency::Year),
];
const MODES: &[(&str, RoundingMode)] = &[
    ("half_up", RoundingMode::HalfUp),
    ("half_down", RoundingMode::HalfDown),
    ("half_even", RoundingMode::HalfEven),
    ("up", RoundingMode::Up),
    ("down", RoundingMode::Down),
    ("ceiling", RoundingMode::Ceiling),
    ("floor", RoundingMode::Floor),
];
pub(super) const READS: &[(&str, Read)] =
    &[("attainment", Read::Attainment), ("actual", Read::Actual), ("above_goal", Read::AboveGoal)];
const OPERAND_READS: &[(&str, Read)] = &[
    ("attainment", Read::Attainment),
    ("actual", Read::Actual),
    ("above_goal", Read::AboveGoal),
    ("payout", Read::Payout),
];
pub(super) const BOUNDARIES: &[(&str, super::Boundary)] =
    &[("from", super::Boundary::From), ("to", super::Boundary::To)];

/// Reads a plan document. The findings hold warnings too; the plan is there when nothing stood in the way of building it.
pub fn read_plan(text: &str) -> (Option<Plan>, Vec<Finding>) {
    let out = Findings::default();
    let plan = Node::root(text, &out).and_then(|node| read_plan_node(&node));
    (plan, out.into_vec())
}

/// Reads a plan that stands inside another document.
pub fn read_plan_node(node: &Node<'_>) -> Option<Plan> {
    let mut o = node.object()?;
    let format = o.need("format").and_then(|n| {
        let text = n.text()?;
        if text != PLAN_FORMAT {
            n.error(
                "unknown_format",
                format!("the format `{}` is unknown", text.escape_debug()),
                format!("write `{PLAN_FORMAT}`"),
            );
            return None;
        }
        Some(text)
    });
    let code = o.need("code").and_then(|n| n.code());
    let name = o.get("name").and_then(|n| read_text(&n));
    let currency = o.need("currency").and_then(|n| {
        let text = n.text()?;
        if text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase()) {
            return Some(text);
        }
        n.error(
            "bad_currency",
            format!("`{}` is no currency code", text.escape_debug()),
            "write three capital letters such as EUR",
        );
        None
    });
    let measurement = o.need("measurement").and_then(|n| n.word(FREQUENCIES));
    let payment = o.get("payment").and_then(|n| n.word(FREQUENCIES));
    if let (Some(measurement), Some(payment)) = (measurement, payment)
        && payment > measurement
    {
        o.node().error(
            "payment_after_measurement",
            "the plan pays less often than it measures",
            "make `payment` as long as `measurement` or shorter",
        );
    }
    let target_incentive = o.get("target_incentive").and_then(|n| n.decimal_in(Some(0), None));
    let components = o.need("components").and_then(|n| read_components(&n));
    let modifiers = o.get("modifiers").map_or(Some(Vec::new()), |n| read_modifiers(&n));
    let limits = o.get("limits").and_then(|n| {
        let mut o = n.object()?;
        let limits = Limits { cap: read_limit(&mut o, "cap"), floor: read_limit(&mut o, "floor") };
        o.finish();
        Some(limits)
    });
    let eligibility = o.get("eligibility").and_then(|n| {
        let mut o = n.object()?;
        let conditions = o.need("conditions").and_then(|n| n.each(|n| read_condition(n, 1)));
        o.finish();
        Some(Eligibility { conditions: conditions? })
    });
    let proration = o.get("proration").and_then(|n| read_proration(&n));
    let true_up =
        o.get("true_up").and_then(|n| n.word(&[("none", TrueUp::None), ("year_to_date", TrueUp::YearToDate)]));
    let negative = o.get("negative").and_then(|n| {
        n.word(&[("carry", Negative::Carry), ("pay", Negative::Pay), ("floor_at_zero", Negative::FloorAtZero)])
    });
    let payment_rules = o.get("payment_rules").and_then(|n| read_payment_rules(&n));
    let rounding = o.get("rounding").and_then(|n| read_rounding(&n));
    let examples = o.get("examples").map_or(Some(Vec::new()), |n| n.each(read_example));
    o.finish();
    Some(Plan {
        format: format?,
        code: code?,
        name,
        currency: currency?,
        measurement: measurement?,
        payment,
        target_incentive,
        components: components?,
        modifiers: modifiers?,
        limits: limits.unwrap_or_default(),
        eligibility,
        proration,
        true_up: true_up.unwrap_or_default(),
        negative: negative.unwrap_or_default(),
        payment_rules: payment_rules.unwrap_or_default(),
        rounding: rounding.unwrap_or_default(),
        examples: examples?,
    })
}

pub(super) fn read_text(node: &Node<'_>) -> Option<Text> {
    if node.is_text() {
        return node.text().map(Text::Plain);
    }
    let entries = node.object()?.entries();
    let texts: BTreeMap<String, String> =
        entries.into_iter().filter_map(|(language, n)| Some((language, n.text()?))).collect();
    if texts.is_empty() {
        node.error("missing_field", "the text has no language", "give at least `it` or `en`");
        return None;
    }
    Some(Text::Localized(texts))
}

/// A share that may be a fraction `"1/3"`.
pub(super) fn read_weight(node: &Node<'_>) -> Option<Exact> {
    if node.is_text()
        && let Some(text) = node.text()
        && let Some((top, bottom)) = text.split_once('/')
    {
        let part = |text: &str| {
            text.parse::<u32>().ok().filter(|n| (1..=1_000_000).contains(n) && text.bytes().all(|b| b.is_ascii_digit()))
        };
        let weight =
            part(top).zip(part(bottom)).and_then(|(top, bottom)| Exact::from(top).checked_div(&Exact::from(bottom)));
        return match weight {
            Some(weight) if weight <= Exact::ONE => Some(weight),
            _ => {
                node.error(
                    "number_out_of_range",
                    format!("`{}` is no fraction between 0 and 1", text.escape_debug()),
                    "write a decimal, or a fraction such as \"1/3\"",
                );
                None
            }
        };
    }
    node.decimal_in(Some(0), Some(1))
}

fn read_components(node: &Node<'_>) -> Option<Vec<Component>> {
    let items = node.list()?;
    if items.is_empty() || items.len() > 100 {
        node.error(
            "bad_length",
            format!("a plan has 1 to 100 components, this has {}", items.len()),
            "add or take out components",
        );
        return None;
    }
    let components: Vec<Component> = items.iter().filter_map(read_component).collect();
    for (i, component) in components.iter().enumerate() {
        if components.iter().take(i).any(|other| other.id == component.id) {
            node.error(
                "duplicate_component",
                format!("two components have the id `{}`", component.id),
                "give each component its own id",
            );
        }
    }
    (components.len() == items.len()).then_some(components)
}

fn read_component(node: &Node<'_>) -> Option<Component> {
    let mut o = node.object()?;
    let id = o.need("id").and_then(|n| n.code());
    let name = o.get("name").and_then(|n| read_text(&n));
    let weight = o.get("weight").and_then(|n| read_weight(&n));
    let on_top = o.get("on_top").and_then(|n| n.boolean()).unwrap_or(false);
    let measure = o.need("measure").and_then(|n| read_measure(&n));
    let goal = o.get("goal").map_or(Some(Goal::Assigned), |n| read_goal(&n));
    let read = o.get("read").map_or_else(
        || Some(if goal == Some(Goal::None) { Read::Actual } else { Read::Attainment }),
        |n| n.word(READS),
    );
    let per = o.get("per").map_or(Some(Per::Period), |n| n.word(&[("period", Per::Period), ("line", Per::Line)]));
    let gates = o.get("gates").map_or(Some(Vec::new()), |n| n.each(read_gate));
    let payout = o.need("payout").and_then(|n| read_payout(&n));
    let cap = read_limit(&mut o, "cap");
    let floor = read_limit(&mut o, "floor");
    o.finish();
    let payout = payout?;
    // These kinds look at no actual of the component's own; what the document says of it is told, not used.
    let read = match payout {
        Payout::PerLine(_) | Payout::Scorecard(_) | Payout::Override(_) => Some(Read::Actual),
        _ => read,
    };
    Some(Component {
        id: id?,
        name,
        weight,
        on_top,
        measure: measure?,
        goal: goal?,
        read: read?,
        per: per?,
        gates: gates?,
        payout,
        cap,
        floor,
    })
}

fn read_measure(node: &Node<'_>) -> Option<Measure> {
    let mut o = node.object()?;
    let of = o.need("of").and_then(|n| {
        let text = n.code()?;
        let known = matches!(text.as_str(), "sales.amount" | "sales.quantity" | "sales.margin")
            || ["kpi:", "share:", "component:"].iter().any(|p| text.strip_prefix(p).is_some_and(|rest| !rest.is_empty()));
        if !known {
            n.error(
                "unknown_word",
                format!("`{}` is no measure", text.escape_debug()),
                "use `sales.amount`, `sales.quantity`, `sales.margin`, `kpi:<code>`, `share:<code>` or `component:<id>`",
            );
            return None;
        }
        Some(text)
    });
    let products = codes(&mut o, "products");
    let categories = codes(&mut o, "categories");
    let channels = codes(&mut o, "channels");
    let exclude = o.get("exclude").map_or(Some(Vec::new()), |n| n.each(read_exclusion));
    let credit = o
        .get("credit")
        .map_or(Some(Credit::Own), |n| n.word(&[("own", Credit::Own), ("team", Credit::Team), ("all", Credit::All)]));
    let window = o
        .get("window")
        .map_or(Some(Window::Period), |n| n.word(&[("period", Window::Period), ("year_to_date", Window::YearToDate)]));
    let transform = o.get("as").map_or(Some(Transform::Value), |n| {
        let text = n.text()?;
        if let Some(key) = text.strip_prefix("share_of:").filter(|key| !key.is_empty()) {
            return Some(Transform::ShareOf(key.to_owned()));
        }
        n.word(&[("value", 0), ("growth_on_previous_period", 1), ("growth_on_last_year", 2)]).map(|which| match which {
            0 => Transform::Value,
            1 => Transform::GrowthOnPreviousPeriod,
            _ => Transform::GrowthOnLastYear,
        })
    });
    o.finish();
    Some(Measure {
        of: of?,
        products: products?,
        categories: categories?,
        channels: channels?,
        exclude: exclude?,
        credit: credit?,
        window: window?,
        transform: transform?,
    })
}

fn codes(o: &mut Object<'_>, name: &'static str) -> Option<Vec<String>> {
    o.get(name).map_or(Some(Vec::new()), |n| n.each(Node::code))
}

fn read_exclusion(node: &Node<'_>) -> Option<Exclusion> {
    let mut o = node.object()?;
    let reason = o.need("reason").and_then(|n| read_text(&n));
    let when = o.need("when").and_then(|n| read_when(&n));
    o.finish();
    Some(Exclusion { reason: reason?, when: when? })
}

/// Which lines: shared by exclusions and line rules.
pub(super) fn read_when(node: &Node<'_>) -> Option<When> {
    let mut o = node.object()?;
    let when = When {
        products: codes(&mut o, "products")?,
        categories: codes(&mut o, "categories")?,
        channels: codes(&mut o, "channels")?,
        customers: codes(&mut o, "customers")?,
        territories: codes(&mut o, "territories")?,
        attributes: o.get("attributes").map_or(Some(BTreeMap::new()), |n| {
            Some(n.object()?.entries().into_iter().filter_map(|(key, n)| Some((key, n.each(Node::code)?))).collect())
        })?,
        amount: o.get("amount").map(|n| read_bounds_alone(&n)),
        quantity: o.get("quantity").map(|n| read_bounds_alone(&n)),
        numbers: o.get("numbers").map_or(Some(BTreeMap::new()), |n| {
            Some(n.object()?.entries().into_iter().map(|(key, n)| (key, read_bounds_alone(&n))).collect())
        })?,
        from: o.get("from").and_then(|n| n.date()),
        to: o.get("to").and_then(|n| n.date()),
    };
    if let (Some(from), Some(to)) = (when.from, when.to)
        && to < from
    {
        node.error("bad_range", "the last day lies before the first", "swap `from` and `to`");
    }
    o.finish();
    Some(when)
}

fn read_bounds_alone(node: &Node<'_>) -> Bounds {
    let Some(mut o) = node.object() else { return Bounds::default() };
    let bounds = read_bounds(&mut o);
    o.finish();
    bounds
}

/// The bounds among the fields of a gate (or alone), with their contradictions.
fn read_bounds(o: &mut Object<'_>) -> Bounds {
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

fn read_goal(node: &Node<'_>) -> Option<Goal> {
    if node.is_object() {
        let mut o = node.object()?;
        let value = o.need("value").and_then(|n| {
            let value = n.decimal()?;
            if value.is_negative() {
                n.error("negative_goal", format!("the goal `{value}` is negative"), "give a goal of 0 or more");
                return None;
            }
            Some(value)
        });
        o.finish();
        return value.map(Goal::Value);
    }
    node.word(&[("assigned", true), ("none", false)]).map(|assigned| if assigned { Goal::Assigned } else { Goal::None })
}

fn read_limit(o: &mut Object<'_>, name: &'static str) -> Option<AmountLimit> {
    o.get(name).and_then(|n| {
        let mut o = n.object()?;
        let limit = read_amount_limit(&mut o);
        o.finish();
        limit
    })
}

fn read_amount_limit(o: &mut Object<'_>) -> Option<AmountLimit> {
    match (o.get("times_target"), o.get("amount")) {
        (Some(times), None) => times.decimal().map(AmountLimit::TimesTarget),
        (None, Some(amount)) => amount.decimal().map(AmountLimit::Amount),
        _ => {
            o.node().error("one_of", "exactly one of `times_target` and `amount` is wanted", "give one of them");
            None
        }
    }
}

fn read_gate(node: &Node<'_>) -> Option<Gate> {
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

fn read_condition(node: &Node<'_>, depth: u32) -> Option<Condition> {
    let mut o = node.object()?;
    let condition = read_condition_fields(&mut o, depth);
    o.finish();
    condition
}

fn read_condition_fields(o: &mut Object<'_>, depth: u32) -> Option<Condition> {
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
    Some(Condition::Test { operand: operand?, bounds })
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

fn read_modifiers(node: &Node<'_>) -> Option<Vec<Modifier>> {
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

fn read_modifier(node: &Node<'_>, index: usize) -> Option<Modifier> {
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

fn read_factor(node: &Node<'_>) -> Option<Factor> {
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
        let boundary = o.get("boundary").map_or(Some(super::Boundary::From), |n| n.word(BOUNDARIES));
        steps.zip(boundary).map(|(steps, boundary)| Factor::Steps { steps, boundary })
    } else {
        read_curve(&mut o, super::Below::Hold).map(Factor::Curve)
    };
    o.finish();
    factor
}

fn read_rounding(node: &Node<'_>) -> Option<Rounding> {
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

fn read_scale_mode(node: &Node<'_>) -> Option<ScaleMode> {
    let mut o = node.object()?;
    let scale = o.need("scale").and_then(|n| n.whole(0, 12));
    let mode = o.get("mode").and_then(|n| n.word(MODES)).unwrap_or_default();
    o.finish();
    Some(ScaleMode { scale: scale?, mode })
}

fn read_proration(node: &Node<'_>) -> Option<Proration> {
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

fn read_payment_rules(node: &Node<'_>) -> Option<PaymentRules> {
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

fn read_holdback(node: &Node<'_>) -> Option<Holdback> {
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

fn read_draw(node: &Node<'_>) -> Option<Draw> {
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

fn read_example(node: &Node<'_>) -> Option<Example> {
    let mut o = node.object()?;
    let name = o.need("name").and_then(|n| read_text(&n));
    let inputs = o.need("inputs").and_then(|n| read_inputs_node(&n, true));
    let expect = o.need("expect").and_then(|n| {
        let mut o = n.object()?;
        if o.has("participants") {
            let by_id = o.need("participants").and_then(|n| {
                Some(
                    n.object()?
                        .entries()
                        .into_iter()
                        .filter_map(|(id, n)| Some((id, read_expectation(n.object()?))))
                        .collect::<BTreeMap<_, _>>(),
                )
            });
            o.finish();
            return by_id;
        }
        let only = inputs.as_ref().and_then(|inputs| match inputs.participants.as_slice() {
            [only] => Some(only.id.clone()),
            _ => {
                n.error(
                    "bad_combination",
                    "an expectation for one participant stands beside inputs for several",
                    "write `{\"participants\": {id: {…}}}`",
                );
                None
            }
        })?;
        Some(BTreeMap::from([(only, read_expectation(o))]))
    });
    o.finish();
    let example = Example { name: name?, inputs: inputs?, expect: expect? };
    for id in example.expect.keys() {
        if !example.inputs.participants.iter().any(|p| p.id == *id) {
            node.error(
                "unknown_participant",
                format!("`{id}` is expected but not among the inputs"),
                "use the ids of the inputs",
            );
        }
    }
    Some(example)
}

fn read_expectation(mut o: Object<'_>) -> Expectation {
    let expectation = Expectation {
        state: o.get("state").and_then(|n| n.text()),
        earned: o.get("earned").and_then(|n| n.decimal()),
        payment: o.get("payment").and_then(|n| n.decimal()),
        balances: o
            .get("balances")
            .and_then(|n| {
                let mut o = n.object()?;
                let names = ["draw", "carried", "earned_to_date", "holdback"];
                let balances =
                    names.iter().filter_map(|name| Some(((*name).to_owned(), o.get(name)?.decimal()?))).collect();
                o.finish();
                Some(balances)
            })
            .unwrap_or_default(),
        components: o
            .get("components")
            .and_then(|n| {
                Some(
                    n.object()?
                        .entries()
                        .into_iter()
                        .filter_map(|(id, n)| Some((id, read_expected_component(&n)?)))
                        .collect(),
                )
            })
            .unwrap_or_default(),
    };
    o.finish();
    expectation
}

fn read_expected_component(node: &Node<'_>) -> Option<ExpectedComponent> {
    let mut expected = ExpectedComponent::default();
    if !node.is_object() {
        expected.figures.insert("payout".to_owned(), node.decimal()?);
        return Some(expected);
    }
    let mut o = node.object()?;
    expected.state = o.get("state").and_then(|n| n.text());
    for name in ["payout", "modified", "actual", "goal", "attainment", "target"] {
        if let Some(value) = o.get(name).and_then(|n| n.decimal()) {
            expected.figures.insert(name.to_owned(), value);
        }
    }
    o.finish();
    Some(expected)
}

/// The word for what a curve or grid pays.
pub(super) const CURVE_PAYS: &[(&str, Pays)] = &[("share", Pays::Share), ("amount", Pays::Amount)];
