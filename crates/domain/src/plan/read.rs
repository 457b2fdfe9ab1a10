//! Reading the plan document: structure and ranges, all findings at once.

use std::collections::BTreeMap;

use super::payout::Pays;
use super::read_example::read_example;
use super::read_payout::read_payout;
use super::read_rules::{
    read_bounds_alone, read_condition, read_gate, read_limit, read_modifiers, read_payment_rules, read_proration,
    read_rounding,
};
use super::{
    Component, Credit, Eligibility, Exclusion, Frequency, Goal, Limits, Measure, Negative, PLAN_FORMAT, Payout, Per,
    Plan, Read, Text, Transform, TrueUp, When, Window,
};
use crate::document::{Findings, Node, Object};
use crate::exact::Exact;
use crate::finding::Finding;

const FREQUENCIES: &[(&str, Frequency)] = &[
    ("month", Frequency::Month),
    ("quarter", Frequency::Quarter),
    ("four_month", Frequency::FourMonth),
    ("half_year", Frequency::HalfYear),
    ("year", Frequency::Year),
];
pub(super) const READS: &[(&str, Read)] =
    &[("attainment", Read::Attainment), ("actual", Read::Actual), ("above_goal", Read::AboveGoal)];
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

pub(super) fn codes(o: &mut Object<'_>, name: &'static str) -> Option<Vec<String>> {
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

/// The word for what a curve or grid pays.
pub(super) const CURVE_PAYS: &[(&str, Pays)] = &[("share", Pays::Share), ("amount", Pays::Amount)];
