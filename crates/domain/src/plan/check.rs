//! Checking a plan as a whole: what no single field can tell.

use std::collections::{BTreeMap, BTreeSet};

use super::bands::check_payout;
use super::read_rules::contradictory;
use super::{
    AmountLimit, AppliesTo, AxisRead, BaseRate, Bounds, Component, Condition, Factor, Gate, Goal, NewHires, Operand,
    Otherwise, OverrideOf, Part, Payout, Pays, Per, Plan, RateMode, Read, ShareBy, Source, read_plan,
};
use crate::exact::Exact;
use crate::finding::{Finding, has_errors};

/// A plan that can be evaluated: every reference holds and the components have an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedPlan {
    plan: Plan,
    /// Components that need nothing of what others earned, each after those it reads.
    first: Vec<usize>,
    /// Components that need what the team earned, each after those it reads.
    second: Vec<usize>,
    /// Index by id.
    index: BTreeMap<String, usize>,
}

impl CheckedPlan {
    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    pub(crate) fn first(&self) -> &[usize] {
        &self.first
    }

    pub(crate) fn second(&self) -> &[usize] {
        &self.second
    }

    /// Why a participant needs a target incentive, if one does.
    pub(crate) fn needs_target(&self) -> Option<&'static str> {
        let times = |limit: &Option<AmountLimit>| matches!(limit, Some(AmountLimit::TimesTarget(_)));
        let rules = &self.plan.payment_rules;
        let guarantee = rules.guarantee.as_ref().is_some_and(|g| matches!(g.limit, AmountLimit::TimesTarget(_)));
        let new_hire = self.plan.proration.as_ref().is_some_and(|p| matches!(p.new_hires, NewHires::Guarantee(_)));
        self.plan
            .components
            .iter()
            .find_map(needs_target)
            .or_else(|| {
                (times(&self.plan.limits.cap) || times(&self.plan.limits.floor))
                    .then_some("a limit of the plan is in times of the target")
            })
            .or_else(|| (guarantee || times(&rules.cap)).then_some("a payment rule is in times of the target"))
            .or_else(|| new_hire.then_some("new hires are guaranteed a share of the target"))
    }

    pub(crate) fn component_index(&self, id: &str) -> Option<usize> {
        self.index.get(id).copied()
    }
}

/// Reads and checks a plan document in one go. The second value holds all findings, warnings included.
pub fn load_plan(text: &str) -> (Option<CheckedPlan>, Vec<Finding>) {
    let (plan, mut findings) = read_plan(text);
    let Some(plan) = plan else { return (None, findings) };
    match check_plan(plan) {
        Ok((checked, warnings)) => {
            findings.extend(warnings);
            let fine = !has_errors(&findings);
            (fine.then_some(checked), findings)
        }
        Err(more) => {
            findings.extend(more);
            (None, findings)
        }
    }
}

/// Checks a plan as a whole; beside the checked plan stand the warnings.
///
/// # Errors
/// All findings, warnings included, when there is an error among them.
pub fn check_plan(plan: Plan) -> Result<(CheckedPlan, Vec<Finding>), Vec<Finding>> {
    let mut out = Vec::new();
    check_weights(&plan, &mut out);
    let index: BTreeMap<String, usize> = plan.components.iter().enumerate().map(|(i, c)| (c.id.clone(), i)).collect();
    for (i, component) in plan.components.iter().enumerate() {
        check_component(component, &format!("$.components[{i}]"), &plan, &mut out);
    }
    check_modifiers(&plan, &index, &mut out);
    check_limits(plan.limits.cap.as_ref(), plan.limits.floor.as_ref(), "$.limits", &mut out);
    check_eligibility(&plan, &mut out);
    check_payment_money(&plan, &mut out);
    let dependencies: Vec<BTreeSet<usize>> = plan
        .components
        .iter()
        .enumerate()
        .map(|(i, c)| component_dependencies(c, &format!("$.components[{i}]"), &index, &mut out))
        .collect();
    let order = in_order(&plan, &dependencies, &mut out);
    let late = reads_team_earnings(&plan, &order, &dependencies, &index);
    for i in &late {
        if let Some(component) = plan.components.get(*i)
            && matches!(component.payout, Payout::Rank(_) | Payout::Pool(_))
        {
            out.push(
                Finding::error(
                    "bad_combination",
                    format!("$.components[{i}]"),
                    "a ranking or pool looks at what a team earned",
                )
                .help("read another component: everybody must be known before anybody is ranked"),
            );
        }
    }
    if has_errors(&out) {
        return Err(out);
    }
    let (second, first) = order.into_iter().partition(|i| late.contains(i));
    Ok((CheckedPlan { plan, first, second, index }, out))
}

fn check_weights(plan: &Plan, out: &mut Vec<Finding>) {
    let weights: Vec<&Exact> = plan.components.iter().filter(|c| !c.on_top).filter_map(|c| c.weight.as_ref()).collect();
    let sum: Exact = weights.iter().copied().sum();
    if !weights.is_empty() && sum != Exact::ONE {
        out.push(
            Finding::error("weights_do_not_sum", "$.components", format!("the weights sum to {sum}, not to 1"))
                .help("change the weights so that they sum to 1, or mark what is paid besides as `on_top`"),
        );
    }
}

/// Whether the payout of a component needs a target.
fn needs_target(component: &Component) -> Option<&'static str> {
    let limit = |limit: &Option<AmountLimit>| matches!(limit, Some(AmountLimit::TimesTarget(_)));
    let by_payout = match &component.payout {
        Payout::Curve(curve) => (curve.pays == Pays::Share).then_some("the curve pays shares of the target"),
        Payout::Rate(rate) => {
            (rate.base_rate == Some(BaseRate::TargetOverGoal)).then_some("the base rate is target over goal")
        }
        Payout::Grid(grid) => (grid.pays == Pays::Share).then_some("the grid pays shares of the target"),
        Payout::Scorecard(_) => Some("a scorecard pays shares of the target"),
        Payout::Rank(rank) => {
            rank.awards.iter().any(|a| matches!(a.pays, Part::Share(_))).then_some("an award is a share of the target")
        }
        Payout::Pool(pool) => (pool.share_by == ShareBy::Target).then_some("the pool is shared by target"),
        Payout::Bonus(_) | Payout::Override(_) | Payout::PerLine(_) => None,
    };
    by_payout
        .or_else(|| (limit(&component.cap) || limit(&component.floor)).then_some("a limit is in times of the target"))
        .or_else(|| {
            component
                .gates
                .iter()
                .any(|g| matches!(g.otherwise, Otherwise::AtMostTimesTarget(_)))
                .then_some("a gate limits in times of the target")
        })
}

/// Why a component needs a goal, if it does.
pub(crate) fn needs_goal(component: &Component) -> Option<&'static str> {
    if matches!(component.payout, Payout::Scorecard(_) | Payout::PerLine(_) | Payout::Override(_)) {
        return None;
    }
    let looks_at_x = match &component.payout {
        Payout::Curve(_) | Payout::Bonus(_) => true,
        Payout::Rank(rank) => rank.by.is_none(),
        Payout::Pool(pool) => pool.share_by == ShareBy::X,
        // These say themselves what they look at.
        _ => false,
    };
    match component.read {
        Read::Attainment if looks_at_x => return Some("it reads the attainment"),
        Read::AboveGoal if looks_at_x => return Some("it reads what is above the goal"),
        _ => {}
    }
    let axis = |read: &AxisRead| matches!(read, AxisRead::Own(Read::Attainment | Read::AboveGoal));
    match &component.payout {
        Payout::Rate(rate) if rate.mode == RateMode::Overage => Some("overage begins at the goal"),
        Payout::Rate(rate) if rate.tier_by == super::TierBy::Attainment => Some("the tiers are by attainment"),
        Payout::Rate(rate) if rate.base_rate == Some(BaseRate::TargetOverGoal) => {
            Some("the base rate is target over goal")
        }
        Payout::Grid(grid) if axis(&grid.rows.read) || axis(&grid.columns.read) => {
            Some("the grid reads the attainment")
        }
        _ => None,
    }
}

fn check_component(component: &Component, path: &str, plan: &Plan, out: &mut Vec<Finding>) {
    if component.weight.is_none()
        && let Some(why) = needs_target(component)
    {
        out.push(
            Finding::error("missing_weight", path, format!("the component `{}` needs a weight: {why}", component.id))
                .help("add `weight`, the share of the target incentive"),
        );
    }
    let of_component = component.measure.of.starts_with("component:");
    if component.goal == Goal::None
        && let Some(why) = needs_goal(component)
        && !(of_component && component.read == Read::Attainment)
    {
        out.push(
            Finding::error("missing_goal", path, format!("the component `{}` has no goal, but {why}", component.id))
                .help("set `goal` to \"assigned\" or to a value, or read \"actual\""),
        );
    }
    if component.per == Per::Line {
        if !matches!(component.payout, Payout::Curve(_) | Payout::Rate(_) | Payout::Bonus(_)) {
            out.push(
                Finding::error(
                    "bad_combination",
                    format!("{path}.per"),
                    format!("`{}` cannot be worked out line by line", component.payout.kind()),
                )
                .help("use `curve`, `rate` or `bonus`, or `per_line` rules"),
            );
        }
        if component.goal != Goal::None {
            out.push(
                Finding::error("bad_combination", format!("{path}.goal"), "a single line has no goal")
                    .help("set `goal` to \"none\""),
            );
        }
        if !component.measure.of.starts_with("sales.") {
            out.push(
                Finding::error("bad_combination", format!("{path}.measure.of"), "only sales have lines")
                    .help("measure `sales.amount`, `sales.quantity` or `sales.margin`"),
            );
        }
    }
    check_gates(&component.gates, path, out);
    check_limits(component.cap.as_ref(), component.floor.as_ref(), path, out);
    check_payout(component, &format!("{path}.payout"), out);
    if plan.true_up == super::TrueUp::None && component.measure.window == super::Window::YearToDate {
        out.push(
            Finding::warning(
                "year_to_date_without_true_up",
                format!("{path}.measure.window"),
                "the year to date is measured, but earlier payments are not set off",
            )
            .help("set `true_up` to \"year_to_date\" unless the same sales are meant to pay again"),
        );
    }
}

fn check_limits(cap: Option<&AmountLimit>, floor: Option<&AmountLimit>, path: &str, out: &mut Vec<Finding>) {
    let inverted = match (cap, floor) {
        (Some(AmountLimit::TimesTarget(cap)), Some(AmountLimit::TimesTarget(floor)))
        | (Some(AmountLimit::Amount(cap)), Some(AmountLimit::Amount(floor))) => cap < floor,
        _ => false,
    };
    if inverted {
        out.push(Finding::error("bounds_inverted", path, "the cap lies below the floor").help("swap them or mend one"));
    }
}

/// Gates whose bounds on one value can never hold together.
fn check_gates(gates: &[Gate], path: &str, out: &mut Vec<Finding>) {
    let mut seen: Vec<(&Operand, Bounds)> = Vec::new();
    for (i, gate) in gates.iter().enumerate() {
        let (Condition::Test { operand, bounds }, Otherwise::Zero) = (&gate.condition, &gate.otherwise) else {
            continue;
        };
        if contradictory(bounds) {
            continue; // said where it stands
        }
        let known = seen.iter().position(|(other, _)| *other == operand);
        let together = match known.and_then(|k| seen.get(k)) {
            Some((_, before)) => Bounds {
                at_least: before.at_least.clone().max(bounds.at_least.clone()),
                more_than: before.more_than.clone().max(bounds.more_than.clone()),
                at_most: least(&before.at_most, &bounds.at_most),
                less_than: least(&before.less_than, &bounds.less_than),
            },
            None => (**bounds).clone(),
        };
        if contradictory(&together) {
            out.push(
                Finding::error(
                    "contradictory_gate",
                    format!("{path}.gates[{i}]"),
                    format!("together with an earlier gate no value can be {}", together.words()),
                )
                .help("mend the bounds: as they stand the component never pays"),
            );
        }
        match known.and_then(|k| seen.get_mut(k)) {
            Some(entry) => entry.1 = together,
            None => seen.push((operand, together)),
        }
    }
}

fn least(a: &Option<Exact>, b: &Option<Exact>) -> Option<Exact> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.clone().min(b.clone())),
        (a, b) => a.clone().or_else(|| b.clone()),
    }
}

fn check_modifiers(plan: &Plan, index: &BTreeMap<String, usize>, out: &mut Vec<Finding>) {
    for (i, modifier) in plan.modifiers.iter().enumerate() {
        let path = format!("$.modifiers[{i}]");
        if let AppliesTo::Components(ids) = &modifier.applies_to {
            if ids.is_empty() {
                out.push(
                    Finding::error("bad_length", format!("{path}.applies_to"), "the modifier applies to nothing")
                        .help("name components or write \"total\""),
                );
            }
            for (k, id) in ids.iter().enumerate() {
                known(id, &format!("{path}.applies_to[{k}]"), index, out);
                if ids.iter().take(k).any(|other| other == id) {
                    out.push(
                        Finding::error(
                            "duplicate_component",
                            format!("{path}.applies_to[{k}]"),
                            format!("`{id}` is named twice"),
                        )
                        .help("name it once"),
                    );
                }
            }
        }
        if let Source::Component(id) = &modifier.operand.source {
            known(id, &format!("{path}.component"), index, out);
        }
        match &modifier.factor {
            Factor::Curve(curve) => super::bands::check_curve(curve, &format!("{path}.factor"), false, out),
            Factor::Steps { steps, .. } => {
                if steps.is_empty() {
                    out.push(
                        Finding::error("bad_length", format!("{path}.factor.steps"), "there is no step")
                            .help("add a step"),
                    );
                }
                super::bands::rising(steps.iter().map(|s| &s.from), &format!("{path}.factor.steps"), "from", out);
            }
            Factor::Value => {}
        }
    }
}

fn check_eligibility(plan: &Plan, out: &mut Vec<Finding>) {
    for (i, condition) in plan.eligibility.iter().flat_map(|e| &e.conditions).enumerate() {
        let mut reads_component = false;
        each_operand(condition, &mut |operand| reads_component |= matches!(operand.source, Source::Component(_)));
        if reads_component {
            out.push(
                Finding::error(
                    "bad_combination",
                    format!("$.eligibility.conditions[{i}]"),
                    "who takes part cannot depend on what a component pays",
                )
                .help("name a `measure`, or use a gate on the components"),
            );
        }
    }
    if let Some(proration) = &plan.proration
        && let NewHires::Guarantee(share) = &proration.new_hires
        && share.is_zero()
    {
        out.push(
            Finding::warning("no_effect", "$.proration.new_hires.guarantee", "a guarantee of 0 has no effect")
                .help("give the share of the target that is guaranteed"),
        );
    }
}

/// Money of the payment rules is paid as it stands, so it must have the plan's places.
fn check_payment_money(plan: &Plan, out: &mut Vec<Finding>) {
    let scale = plan.rounding.scale;
    let rules = &plan.payment_rules;
    let fixed = |limit: &AmountLimit| if let AmountLimit::Amount(amount) = limit { Some(amount.clone()) } else { None };
    let holdback = rules
        .holdback
        .as_ref()
        .and_then(|h| if let Part::Amount(amount) = &h.part { Some(amount.clone()) } else { None });
    let money = [
        ("holdback.amount", holdback),
        ("draw.amount", rules.draw.as_ref().map(|d| d.amount.clone())),
        ("guarantee.amount", rules.guarantee.as_ref().and_then(|g| fixed(&g.limit))),
        ("cap.amount", rules.cap.as_ref().and_then(fixed)),
    ];
    for (name, amount) in money {
        if let Some(amount) = amount
            && amount.round(scale, crate::exact::RoundingMode::Down) != amount
        {
            out.push(
                Finding::error(
                    "too_many_places",
                    format!("$.payment_rules.{name}"),
                    format!("`{amount}` has more than the plan's {scale} decimal places"),
                )
                .help("write the amount with the places of `rounding.scale`"),
            );
        }
    }
}

fn known(id: &str, path: &str, index: &BTreeMap<String, usize>, out: &mut Vec<Finding>) -> Option<usize> {
    let found = index.get(id).copied();
    if found.is_none() {
        let ids = index.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        out.push(
            Finding::error("unknown_component", path, format!("there is no component `{id}`"))
                .help(format!("use one of: {ids}")),
        );
    }
    found
}

fn each_operand(condition: &Condition, f: &mut impl FnMut(&Operand)) {
    match condition {
        Condition::Test { operand, .. } => f(operand),
        Condition::Any { any: list } | Condition::All { all: list } => list.iter().for_each(|c| each_operand(c, f)),
    }
}

/// The components that a component reads.
fn component_dependencies(
    component: &Component,
    path: &str,
    index: &BTreeMap<String, usize>,
    out: &mut Vec<Finding>,
) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut add = |id: &str, path: String| found.extend(known(id, &path, index, out));
    if let Some(id) = component.measure.of.strip_prefix("component:") {
        add(id, format!("{path}.measure.of"));
    }
    for (i, gate) in component.gates.iter().enumerate() {
        each_operand(&gate.condition, &mut |operand| {
            if let Source::Component(id) = &operand.source {
                add(id, format!("{path}.gates[{i}]"));
            }
        });
    }
    let mut operand = |operand: Option<&Operand>, name: &str| {
        if let Some(Operand { source: Source::Component(id), .. }) = operand {
            add(id, format!("{path}.payout.{name}"));
        }
    };
    match &component.payout {
        Payout::Grid(grid) => {
            for (axis, name) in [(&grid.rows, "rows.read"), (&grid.columns, "columns.read")] {
                if let AxisRead::Other(other) = &axis.read {
                    operand(Some(other), name);
                }
            }
        }
        Payout::Rank(rank) => operand(rank.by.as_ref(), "by"),
        Payout::Override(over) => {
            if let OverrideOf::Component(id) = &over.of {
                add(id, format!("{path}.payout.of"));
            }
        }
        Payout::Pool(_)
        | Payout::Curve(_)
        | Payout::Rate(_)
        | Payout::Bonus(_)
        | Payout::Scorecard(_)
        | Payout::PerLine(_) => {}
    }
    found
}

/// Each component after those it reads; a circle is a finding.
fn in_order(plan: &Plan, dependencies: &[BTreeSet<usize>], out: &mut Vec<Finding>) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::with_capacity(dependencies.len());
    let mut placed = BTreeSet::new();
    loop {
        let before = order.len();
        for (i, needs) in dependencies.iter().enumerate() {
            if !placed.contains(&i) && needs.iter().all(|n| placed.contains(n)) {
                placed.insert(i);
                order.push(i);
            }
        }
        if order.len() == dependencies.len() {
            return order;
        }
        if order.len() == before {
            let stuck: Vec<String> = plan
                .components
                .iter()
                .enumerate()
                .filter(|(i, _)| !placed.contains(i))
                .map(|(_, c)| format!("`{}`", c.id))
                .collect();
            out.push(
                Finding::error(
                    "cycle",
                    "$.components",
                    format!("the components {} read one another in a circle", stuck.join(", ")),
                )
                .help("take one of the references out"),
            );
            return order;
        }
    }
}

/// The components that need, directly or through others, what the team earned.
fn reads_team_earnings(
    plan: &Plan,
    order: &[usize],
    dependencies: &[BTreeSet<usize>],
    index: &BTreeMap<String, usize>,
) -> BTreeSet<usize> {
    let mut late: BTreeSet<usize> = BTreeSet::new();
    for i in order {
        let Some(component) = plan.components.get(*i) else { continue };
        let own = match &component.payout {
            Payout::Override(over) => match &over.of {
                OverrideOf::TeamPayout => true,
                OverrideOf::Component(id) => index.get(id).is_some_and(|k| late.contains(k)),
            },
            _ => false,
        };
        if own || dependencies.get(*i).is_some_and(|needs| needs.iter().any(|n| late.contains(n))) {
            late.insert(*i);
        }
    }
    late
}
