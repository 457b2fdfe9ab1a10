"""What docs/plan-format.md refuses. Not the findings, only the yes or no; valid documents are what is compared."""

from basics import boolean, code, decimal, fields, listing, one_of, refuse_unless, rising, weight, whole
from check_components import (
    check_amount_limit,
    check_cap_and_floor,
    check_component,
    check_curve,
    check_gate,
    check_reader,
    check_text,
    check_reads,
    gate_reads,
    needs_target,
)
from check_inputs import check_inputs

MODES = "half_up half_down half_even up down ceiling floor"


def check(plan, inputs):
    check_plan(plan)
    check_inputs(plan, inputs)
    check_places(plan, inputs)


def check_places(plan, inputs):
    """Section 9: money that is taken over as it is booked has no more places than the plan's scale."""
    rules = plan.get("payment_rules", {})
    booked = [rule["amount"] for rule in rules.values() if "amount" in rule]
    for p in inputs["participants"]:
        balances = p.get("balances", {})
        booked += [value for name, value in balances.items() if name != "held"]
        booked += [item["amount"] for item in balances.get("held", []) + p.get("adjustments", [])]
        booked += [p[name] for name in ("guarantee", "release_holdback") if name in p]
    scale = whole(plan.get("rounding", {}).get("scale", "2"))
    refuse_unless(all((decimal(money) * 10**scale).denominator == 1 for money in booked), "too many places")


# --- Section 2: the document


def check_plan(plan):
    fields(
        plan,
        "format code currency measurement components",
        "name payment target_incentive modifiers limits eligibility proration true_up negative payment_rules rounding"
        " examples",
    )
    refuse_unless(plan["format"] == "traguardo-plan/1", "format")
    code(plan["code"])
    check_text(plan.get("name", "x"))
    currency = plan["currency"]
    refuse_unless(isinstance(currency, str) and len(currency) == 3, "currency")
    refuse_unless(all("A" <= letter <= "Z" for letter in currency), "currency")
    lengths = "month quarter four_month half_year year"
    one_of(plan["measurement"], lengths)
    one_of(plan.get("payment", plan["measurement"]), lengths)
    order = lengths.split()
    refuse_unless(
        order.index(plan.get("payment", plan["measurement"])) <= order.index(plan["measurement"]),
        "paid more rarely than measured",
    )
    if "target_incentive" in plan:
        refuse_unless(decimal(plan["target_incentive"]) >= 0, "target incentive below 0")
    components = listing(plan["components"], 1)
    refuse_unless(len(components) <= 100, "too many components")
    for c in components:
        refuse_unless(isinstance(c, dict) and "id" in c, "a component needs an id")
    ids = [code(c["id"]) for c in components]
    refuse_unless(len(ids) == len(set(ids)), "component ids are unique")
    for c in components:
        check_component(c, ids)
    weights = [weight(c["weight"]) for c in components if "weight" in c and not c.get("on_top", False)]
    refuse_unless(not weights or sum(weights) == 1, "weights sum to 1")
    check_reads(components)
    check_modifiers(plan.get("modifiers", []), ids)
    check_limits(plan.get("limits", {}))
    if "eligibility" in plan:
        fields(plan["eligibility"], "", "conditions")
        for gate in listing(plan["eligibility"].get("conditions", [])):
            check_gate(gate, ids, 0, False)
            refuse_unless(not any("component" in spec for spec in gate_reads(gate)), "eligibility by a component")
    check_proration(plan.get("proration"))
    one_of(plan.get("true_up", "none"), "none year_to_date")
    one_of(plan.get("negative", "carry"), "carry pay floor_at_zero")
    check_payment_rules(plan.get("payment_rules", {}))
    rounding = fields(plan.get("rounding", {}), "", "scale mode at")
    refuse_unless(0 <= whole(rounding.get("scale", "2")) <= 6, "scale")
    one_of(rounding.get("mode", "half_up"), MODES)
    one_of(rounding.get("at", "component"), "component total")


def check_limits(limits):
    fields(limits, "", "cap floor")
    for limit in limits.values():
        check_amount_limit(limit)
    check_cap_and_floor(limits)


def check_proration(proration):
    if proration is None:
        return
    fields(
        proration,
        "",
        "basis applies_to fte round goal_round hire_day absence_grace_days absence_kinds new_hires",
    )
    one_of(proration.get("basis", "calendar_days"), "calendar_days working_days")
    applies = proration.get("applies_to", "none")
    for what in applies if isinstance(applies, list) else [applies]:
        one_of(what, "target goal payout none")
    boolean(proration.get("fte", False))
    for name in ("round", "goal_round"):
        if name in proration:
            fields(proration[name], "scale", "mode")
            refuse_unless(0 <= whole(proration[name]["scale"]) <= 12, name)
            one_of(proration[name].get("mode", "half_up"), MODES)
    one_of(proration.get("hire_day", "counted"), "counted not_counted")
    refuse_unless(whole(proration.get("absence_grace_days", "0")) >= 0, "grace")
    for kind in listing(proration.get("absence_kinds", [])):
        code(kind)
    new_hires = proration.get("new_hires", "from_hire")
    if isinstance(new_hires, dict):
        fields(new_hires, "", "after_days guarantee")
        refuse_unless(len(new_hires) == 1, "new_hires")
        if "after_days" in new_hires:
            refuse_unless(whole(new_hires["after_days"]) >= 0, "after_days")
        else:
            refuse_unless(decimal(new_hires["guarantee"]) >= 0, "guarantee")
    else:
        one_of(new_hires, "from_hire from_next_month")


def check_payment_rules(rules):
    fields(rules, "", "holdback draw guarantee cap")
    if "holdback" in rules:
        holdback = fields(rules["holdback"], "", "share amount release")
        refuse_unless(("share" in holdback) != ("amount" in holdback), "holdback")
        if "share" in holdback:
            refuse_unless(0 <= decimal(holdback["share"]) <= 1, "holdback share")
        else:
            refuse_unless(decimal(holdback["amount"]) >= 0, "holdback amount")
        if "release" in holdback:
            release = fields(holdback["release"], "", "after_days after_months")
            refuse_unless(len(release) == 1, "release")
            refuse_unless(all(whole(n) >= 0 for n in release.values()), "release")
    if "draw" in rules:
        draw = fields(
            rules["draw"], "amount", "recoverable recovery_share recovery_from until paid_in_advance"
        )
        refuse_unless(decimal(draw["amount"]) >= 0, "draw amount")
        boolean(draw.get("recoverable", True))
        boolean(draw.get("paid_in_advance", False))
        refuse_unless(0 <= decimal(draw.get("recovery_share", "1")) <= 1, "recovery_share")
        whole(draw.get("recovery_from", "1"))
        whole(draw.get("until", "1"))
    if "guarantee" in rules:
        check_amount_limit(rules["guarantee"])
        whole(rules["guarantee"].get("until", "1"))
    if "cap" in rules:
        check_amount_limit(rules["cap"])


def check_modifiers(modifiers, ids):
    names = []
    for modifier in listing(modifiers):
        fields(modifier, "id factor", "name applies_to measure component read of min max missing")
        names.append(code(modifier["id"]))
        check_reader(modifier, ids, "read")
        applies = modifier.get("applies_to", "total")
        if applies != "total":
            for name in listing(applies, 1):
                refuse_unless(name in ids, "an unknown component")
        if one_of(modifier.get("of", "own"), "own superior") == "superior":
            refuse_unless("component" not in modifier, "a superior's component")
        one_of(modifier.get("missing", "neutral"), "neutral zero")
        for name in ("min", "max"):
            if name in modifier:
                decimal(modifier[name])
        factor = modifier["factor"]
        if isinstance(factor, dict) and "points" in factor:
            check_curve(factor, "")
        elif isinstance(factor, dict):
            fields(factor, "steps", "boundary")
            for step in listing(factor["steps"], 1):
                fields(step, "from times", "")
                decimal(step["times"])
            rising([decimal(step["from"]) for step in factor["steps"]])
        else:
            one_of(factor, "value")
    refuse_unless(len(names) == len(set(names)), "modifier ids")


def any_target_needed(plan):
    """Whether the plan cannot do without the participant's target."""
    rules = plan.get("payment_rules", {})
    limits = [rules.get("guarantee", {}), rules.get("cap", {}), *plan.get("limits", {}).values()]
    new_hires = plan.get("proration", {}).get("new_hires")
    guaranteed = isinstance(new_hires, dict) and "guarantee" in new_hires
    needed = any("times_target" in limit for limit in limits) or guaranteed
    return needed or any(needs_target(c) for c in plan["components"])
