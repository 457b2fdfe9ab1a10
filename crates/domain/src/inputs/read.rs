//! Reading the inputs document, all findings at once.

use std::collections::{BTreeMap, BTreeSet};

use super::{Absence, Adjustment, Balances, Days, GoalPart, Held, Inputs, Line, MeasureEntry, Participant};
use crate::document::{Findings, Node, Object};
use crate::exact::Exact;
use crate::finding::{Finding, has_errors};

/// Reads an inputs document.
///
/// # Errors
/// All findings, each with its path, when there is an error among them.
pub fn read_inputs(text: &str) -> Result<Inputs, Vec<Finding>> {
    let out = Findings::default();
    let inputs = Node::root(text, &out).and_then(|node| read_inputs_node(&node, false));
    let findings = out.into_vec();
    match inputs {
        Some(inputs) if !has_errors(&findings) => Ok(inputs),
        _ => Err(findings),
    }
}

/// Reads inputs that stand inside another document (an example of a plan, a request).
/// With `alone`, an object without `participants` is one participant, whose id may be absent.
pub fn read_inputs_node(node: &Node<'_>, alone: bool) -> Option<Inputs> {
    let mut o = node.object()?;
    if alone && !o.has("participants") {
        let participant = read_participant(o, true)?;
        return Some(Inputs { participants: vec![participant], ..Inputs::default() });
    }
    let inputs = Inputs {
        period: o.get("period").and_then(|n| read_days(&n)),
        as_of: o.get("as_of").and_then(|n| n.date()),
        period_number: o.get("period_number").and_then(|n| n.whole(1, 10_000)),
        periods: o.get("periods").and_then(|n| n.decimal_in(Some(0), Some(1_000))),
        holidays: o.get("holidays").and_then(|n| n.each(Node::date)).unwrap_or_default(),
        measures: o.get("measures").and_then(|n| read_measures(&n)).unwrap_or_default(),
        participants: o.need("participants").and_then(|n| read_participants(&n))?,
    };
    o.finish();
    Some(inputs)
}

fn read_participants(node: &Node<'_>) -> Option<Vec<Participant>> {
    let items = node.list()?;
    let mut seen = BTreeSet::new();
    let mut participants = Vec::with_capacity(items.len());
    for item in &items {
        let Some(participant) = item.object().and_then(|o| read_participant(o, false)) else {
            continue;
        };
        if !seen.insert(participant.id.clone()) {
            item.error(
                "duplicate_participant",
                format!("the participant `{}` stands here twice", participant.id),
                "keep one entry per participant",
            );
        }
        participants.push(participant);
    }
    Some(participants)
}

fn read_participant(mut o: Object<'_>, alone: bool) -> Option<Participant> {
    let id = if alone {
        Some(o.get("id").and_then(|n| n.code()).unwrap_or_else(|| "example".to_owned()))
    } else {
        o.need("id").and_then(|n| n.code())
    };
    let mut p = Participant::new(id.clone().unwrap_or_default());
    p.level = o.get("level").and_then(|n| n.code());
    p.unit = o.get("unit").and_then(|n| n.code());
    p.position = o.get("position").and_then(|n| n.code());
    p.manager = o.get("manager").and_then(|n| n.code());
    p.eligible = o.get("eligible").and_then(|n| n.boolean()).unwrap_or(true);
    p.vacant = o.get("vacant").and_then(|n| n.boolean()).unwrap_or(false);
    p.target_incentive = o.get("target_incentive").and_then(|n| n.decimal_in(Some(0), None));
    p.eligible_days = o.get("eligible_days").and_then(|n| n.decimal_in(Some(0), Some(100_000)));
    let period_days = o.get("period_days");
    p.period_days = period_days.as_ref().and_then(|n| n.decimal_in(Some(0), Some(100_000)));
    if let (Some(node), Some(days)) = (&period_days, &p.period_days) {
        if days.is_zero() {
            node.error("number_out_of_range", "`period_days` is 0", "give the number of days of the period");
        } else if p.eligible_days.as_ref().is_some_and(|eligible| eligible > days) {
            node.error(
                "number_out_of_range",
                "more eligible days than days in the period",
                "check `eligible_days` and `period_days`",
            );
        }
    } else if p.eligible_days.is_some() && period_days.is_none() {
        o.node().error("missing_field", "`eligible_days` stands without `period_days`", "add `period_days`");
    }
    p.fte = o.get("fte").and_then(|n| n.decimal_in(Some(0), Some(1)));
    p.hire_date = o.get("hire_date").and_then(|n| n.date());
    p.leave_date = o.get("leave_date").and_then(|n| n.date());
    p.absences = o.get("absences").and_then(|n| n.each(read_absence)).unwrap_or_default();
    p.period_number = o.get("period_number").and_then(|n| n.whole(1, 10_000));
    p.periods = o.get("periods").and_then(|n| n.decimal_in(Some(0), Some(1_000)));
    p.measures = o.get("measures").and_then(|n| read_measures(&n)).unwrap_or_default();
    p.lines = o.get("lines").and_then(|n| n.each(read_line)).unwrap_or_default();
    p.team = o.get("team").and_then(|n| n.each(Node::code)).unwrap_or_default();
    p.balances = o.get("balances").and_then(|n| read_balances(&n)).unwrap_or_default();
    p.release_holdback = o.get("release_holdback").and_then(|n| n.decimal_in(Some(0), None));
    p.adjustments = o.get("adjustments").and_then(|n| n.each(read_adjustment)).unwrap_or_default();
    p.guarantee = o.get("guarantee").and_then(|n| n.decimal_in(Some(0), None));
    o.finish();
    id.map(|_| p)
}

fn read_days(node: &Node<'_>) -> Option<Days> {
    let mut o = node.object()?;
    let from = o.need("from").and_then(|n| n.date());
    let to = o.need("to").and_then(|n| n.date());
    o.finish();
    let days = Days { from: from?, to: to? };
    if days.to < days.from {
        node.error("bad_range", "the last day lies before the first", "swap `from` and `to`");
        return None;
    }
    if days.to.signed_duration_since(days.from).num_days() > 4_000 {
        node.error("bad_range", "the period is longer than ten years", "check the dates");
        return None;
    }
    Some(days)
}

fn read_measures(node: &Node<'_>) -> Option<BTreeMap<String, MeasureEntry>> {
    let entries = node.object()?.entries();
    Some(entries.into_iter().filter_map(|(key, node)| Some((key, read_measure(&node)?))).collect())
}

fn read_measure(node: &Node<'_>) -> Option<MeasureEntry> {
    let mut o = node.object()?;
    let entry = MeasureEntry {
        actual: o.get("actual").and_then(|n| n.decimal()),
        goal: o.get("goal").and_then(|n| read_goal(&n)),
        previous: o.get("previous").and_then(|n| n.decimal()),
        last_year: o.get("last_year").and_then(|n| n.decimal()),
        goal_parts: o.get("goal_parts").and_then(|n| n.each(read_goal_part)).unwrap_or_default(),
    };
    o.finish();
    Some(entry)
}

/// A goal is never negative: a negative one is always a slip of data.
fn read_goal(node: &Node<'_>) -> Option<Exact> {
    let goal = node.decimal()?;
    if goal.is_negative() {
        node.error("negative_goal", format!("the goal `{goal}` is negative"), "give a goal of 0 or more");
        return None;
    }
    Some(goal)
}

fn read_goal_part(node: &Node<'_>) -> Option<GoalPart> {
    let mut o = node.object()?;
    let reference = o.need("ref").and_then(|n| n.code());
    let goal = o.need("goal").and_then(|n| read_goal(&n));
    let days = o.need("days").and_then(|n| n.decimal_in(Some(0), Some(100_000)));
    o.finish();
    Some(GoalPart { reference: reference?, goal: goal?, days: days? })
}

fn read_line(node: &Node<'_>) -> Option<Line> {
    let mut o = node.object()?;
    let reference = o.need("ref").and_then(|n| n.code());
    let measure = o.need("measure").and_then(|n| n.code());
    let line = Line {
        reference: reference.clone().unwrap_or_default(),
        measure: measure.clone().unwrap_or_default(),
        amount: o.get("amount").and_then(|n| n.decimal()),
        quantity: o.get("quantity").and_then(|n| n.decimal()),
        margin: o.get("margin").and_then(|n| n.decimal()),
        product: o.get("product").and_then(|n| n.code()),
        category: o.get("category").and_then(|n| n.code()),
        channel: o.get("channel").and_then(|n| n.code()),
        customer: o.get("customer").and_then(|n| n.code()),
        territory: o.get("territory").and_then(|n| n.code()),
        date: o.get("date").and_then(|n| n.date()),
        attributes: o
            .get("attributes")
            .and_then(|n| n.object())
            .map(|o| o.entries().into_iter().filter_map(|(key, node)| Some((key, node.text()?))).collect())
            .unwrap_or_default(),
    };
    o.finish();
    (reference.is_some() && measure.is_some()).then_some(line)
}

fn read_absence(node: &Node<'_>) -> Option<Absence> {
    let mut o = node.object()?;
    let from = o.need("from").and_then(|n| n.date());
    let to = o.need("to").and_then(|n| n.date());
    let kind = o.get("kind").and_then(|n| n.code());
    o.finish();
    let absence = Absence { from: from?, to: to?, kind };
    if absence.to < absence.from {
        node.error("bad_range", "the last day lies before the first", "swap `from` and `to`");
        return None;
    }
    Some(absence)
}

fn read_balances(node: &Node<'_>) -> Option<Balances> {
    let mut o = node.object()?;
    let balances = Balances {
        draw: o.get("draw").and_then(|n| n.decimal_in(Some(0), None)).unwrap_or_default(),
        carried: o.get("carried").and_then(|n| n.decimal()).unwrap_or_default(),
        earned_to_date: o.get("earned_to_date").and_then(|n| n.decimal()).unwrap_or_default(),
        holdback: o.get("holdback").and_then(|n| n.decimal_in(Some(0), None)).unwrap_or_default(),
        held: o.get("held").and_then(|n| n.each(read_held)).unwrap_or_default(),
    };
    o.finish();
    Some(balances)
}

fn read_held(node: &Node<'_>) -> Option<Held> {
    let mut o = node.object()?;
    let amount = o.need("amount").and_then(|n| n.decimal_in(Some(0), None));
    let earned_on = o.need("earned_on").and_then(|n| n.date());
    o.finish();
    Some(Held { amount: amount?, earned_on: earned_on? })
}

fn read_adjustment(node: &Node<'_>) -> Option<Adjustment> {
    let mut o = node.object()?;
    let amount = o.need("amount").and_then(|n| n.decimal());
    let reason = o.need("reason").and_then(|n| n.text());
    if let Some(text) = &reason
        && text.trim().is_empty()
    {
        node.error("missing_reason", "the reason is empty", "say why the result is changed");
    }
    let approved = o.get("approved").and_then(|n| n.boolean()).unwrap_or(true);
    o.finish();
    Some(Adjustment { amount: amount?, reason: reason?, approved })
}
