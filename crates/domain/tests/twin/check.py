"""What docs/plan-format.md refuses. Not the findings, only the yes or no; valid documents are what is compared."""

from basics import (
    boolean,
    code,
    date,
    decimal,
    fields,
    listing,
    one_of,
    refuse_unless,
    rising,
    weight,
    whole,
)

BOUNDS = "at_least more_than at_most less_than"
READS = "attainment actual above_goal"
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
    check_cycles(components)
    check_modifiers(plan.get("modifiers", []), ids)
    check_limits(plan.get("limits", {}))
    if "eligibility" in plan:
        fields(plan["eligibility"], "", "conditions")
        for gate in listing(plan["eligibility"].get("conditions", [])):
            check_gate(gate, ids, 0, False)
            refuse_unless(not any(spec.get("read") == "payout" for spec in gate_reads(gate)), "eligibility by payout")
    check_proration(plan.get("proration"))
    one_of(plan.get("true_up", "none"), "none year_to_date")
    one_of(plan.get("negative", "carry"), "carry pay floor_at_zero")
    check_payment_rules(plan.get("payment_rules", {}))
    rounding = fields(plan.get("rounding", {}), "", "scale mode at")
    refuse_unless(0 <= whole(rounding.get("scale", "2")) <= 6, "scale")
    one_of(rounding.get("mode", "half_up"), MODES)
    one_of(rounding.get("at", "component"), "component total")


def check_text(text):
    if isinstance(text, dict):
        fields(text, "", "it en")
    else:
        refuse_unless(isinstance(text, str), "text")


def check_amount_limit(limit):
    fields(limit, "", "times_target amount until")
    refuse_unless(("times_target" in limit) != ("amount" in limit), "an amount limit has one of two")
    decimal(limit.get("times_target", limit.get("amount")))


def check_limits(limits):
    fields(limits, "", "cap floor")
    for limit in limits.values():
        check_amount_limit(limit)


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


# --- Sections 3 and 5: a component


def check_component(c, ids):
    fields(c, "id measure payout", "name weight on_top goal read per gates cap floor")
    check_text(c.get("name", "x"))
    if "weight" in c:
        refuse_unless(0 <= weight(c["weight"]) <= 1, "weight")
    boolean(c.get("on_top", False))
    measure = fields(c["measure"], "of", "products categories channels exclude credit window as")
    check_of(measure["of"], ids)
    one_of(measure.get("credit", "own"), "own team all")
    one_of(measure.get("window", "period"), "period year_to_date")
    way = measure.get("as", "value")
    if way.startswith("share_of:"):
        code(way[len("share_of:") :])
    else:
        one_of(way, "value growth_on_previous_period growth_on_last_year")
    goal = c.get("goal", "assigned")
    if isinstance(goal, dict):
        fields(goal, "value", "")
        refuse_unless(decimal(goal["value"]) >= 0, "a negative goal")
    else:
        one_of(goal, "assigned none")
    one_of(c.get("read", "attainment"), READS)
    of_component = measure["of"].startswith("component:")
    if goal == "none" and c["payout"].get("kind") not in ("scorecard", "per_line", "override"):
        allowed = "attainment actual" if of_component else "actual"
        one_of(c.get("read", "actual"), allowed)
    if c.get("per", "period") == "line":
        one_of(c["payout"].get("kind"), "curve rate bonus")
        refuse_unless(goal == "none", "per line without goal")
    one_of(c.get("per", "period"), "period line")
    for gate in listing(c.get("gates", [])):
        check_gate(gate, ids, 0, True)
    for name in ("cap", "floor"):
        if name in c:
            check_amount_limit(c[name])
    check_payout(c, ids)
    refuse_unless("weight" in c or not needs_target(c), "the weight is required")


def check_of(of, ids):
    if of in ("sales.amount", "sales.quantity", "sales.margin"):
        return
    kind, _, name = of.partition(":")
    one_of(kind, "kpi share component")
    code(name)
    refuse_unless(kind != "component" or name in ids, "an unknown component")


def needs_target(c):
    payout = c["payout"]
    kind = payout["kind"]
    limits = [c.get("cap", {}), c.get("floor", {})]
    if any("times_target" in limit for limit in limits):
        return True
    if any("at_most_times_target" in g.get("else", "zero") for g in c.get("gates", []) if g.get("else") != "zero"):
        return True
    if kind in ("curve", "grid"):
        return payout.get("pays", "share") == "share"
    if kind == "scorecard":
        return True
    if kind == "rate":
        return payout.get("base_rate") == "target_over_goal"
    if kind == "rank":
        return "share" in payout["awards"][0]
    return kind == "pool" and payout.get("share_by") == "target"


def check_gate(gate, ids, depth, with_else):
    refuse_unless(depth < 5, "gates nest up to 5 deep")
    refuse_unless(isinstance(gate, dict), "a gate")
    if "else" in gate:
        refuse_unless(with_else, "an inner gate has no else")
        effect = gate["else"]
        if isinstance(effect, dict):
            fields(effect, "", "times at_most_times_target")
            refuse_unless(len(effect) == 1, "else")
            decimal(list(effect.values())[0])
        else:
            one_of(effect, "zero")
    if "any" in gate or "all" in gate:
        fields(gate, "", "any all else")
        refuse_unless(not ("any" in gate and "all" in gate), "any or all")
        for inner in listing(gate.get("any", gate.get("all")), 1):
            check_gate(inner, ids, depth + 1, False)
        return
    fields(gate, "", "measure component read else " + BOUNDS)
    check_reader(gate, ids, "read")
    refuse_unless(check_bounds(gate) > 0, "at least one bound")


def check_bounds(thing):
    named = [name for name in BOUNDS.split() if name in thing]
    for name in named:
        decimal(thing[name])
    lows = [(decimal(thing[name]), name == "more_than") for name in ("at_least", "more_than") if name in thing]
    highs = [(decimal(thing[name]), name == "less_than") for name in ("at_most", "less_than") if name in thing]
    for low, low_strict in lows:
        for high, high_strict in highs:
            possible = low < high or (low == high and not low_strict and not high_strict)
            refuse_unless(possible, "a contradictory gate")
    return len(named)


def check_reader(spec, ids, name):
    refuse_unless(("measure" in spec) != ("component" in spec), "measure or component")
    if "component" in spec:
        refuse_unless(spec["component"] in ids, "an unknown component")
        one_of(spec.get(name, "attainment"), READS + " payout")
    else:
        code(spec["measure"])
        one_of(spec.get(name, "attainment"), READS)


def gate_reads(gate):
    """All the simple gates inside a gate."""
    if "any" in gate or "all" in gate:
        return [spec for inner in gate.get("any", gate.get("all")) for spec in gate_reads(inner)]
    return [gate]


def check_curve(spec, more, required="points"):
    fields(spec, required, "between below above boundary " + more)
    points = listing(spec["points"], 1)
    refuse_unless(len(points) <= 1000, "points")
    for point in points:
        fields(point, "at pay", "")
        decimal(point["pay"])
    rising([decimal(point["at"]) for point in points])
    one_of(spec.get("between", "linear"), "linear step")
    one_of(spec.get("below", "zero"), "zero hold extend")
    one_of(spec.get("above", "hold"), "hold extend")
    one_of(spec.get("boundary", "from"), "from to")


def check_payout(c, ids):
    payout = c["payout"]
    refuse_unless(isinstance(payout, dict) and "kind" in payout, "a payout needs its kind")
    kind = one_of(payout["kind"], "curve rate bonus grid scorecard rank pool override per_line")
    one_of(payout.get("boundary", "from"), "from to")
    if kind == "curve":
        check_curve(payout, "kind pays")
        one_of(payout.get("pays", "share"), "share amount")
    elif kind == "rate":
        check_rate(payout)
    elif kind == "bonus":
        fields(payout, "kind steps", "mode boundary")
        for step in listing(payout["steps"], 1):
            fields(step, "from amount", "")
            decimal(step["amount"])
        rising([decimal(step["from"]) for step in payout["steps"]])
        one_of(payout.get("mode", "highest"), "highest cumulative")
    elif kind == "grid":
        check_grid(payout, ids)
    elif kind == "scorecard":
        fields(payout, "kind objectives", "curve")
        for objective in listing(payout["objectives"], 1):
            fields(objective, "code weight max", "")
            code(objective["code"])
            refuse_unless(0 <= weight(objective["weight"]) <= 1, "objective weight")
            refuse_unless(decimal(objective["max"]) > 0, "objective max")
        names = [o["code"] for o in payout["objectives"]]
        refuse_unless(len(names) == len(set(names)), "objective codes")
        refuse_unless(sum(weight(o["weight"]) for o in payout["objectives"]) == 1, "objective weights")
        if "curve" in payout:
            check_curve(payout["curve"], "")
    elif kind == "rank":
        check_rank(payout)
    elif kind == "pool":
        check_pool(payout)
    elif kind == "override":
        fields(payout, "kind rate of", "")
        decimal(payout["rate"])
        refuse_unless(
            payout["of"] == "team_payout" or payout["of"].partition(":")[0] == "component", "override of what"
        )
        if payout["of"] != "team_payout":
            refuse_unless(payout["of"].partition(":")[2] in ids, "an unknown component")
    else:
        check_per_line(payout)


def check_rate(payout):
    fields(payout, "kind mode tiers", "tier_by on base_rate boundary")
    mode = one_of(payout["mode"], "marginal retroactive overage")
    tiers = listing(payout["tiers"], 1)
    starts = []
    for index, tier in enumerate(tiers):
        fields(tier, "", "from to rate times amount min max")
        refuse_unless("from" in tier or index == 0, "only the first tier may leave out from")
        if "from" in tier:
            starts.append(decimal(tier["from"]))
        if "to" in tier:
            refuse_unless("from" not in tier or decimal(tier["to"]) > decimal(tier["from"]), "to above from")
            if index + 1 < len(tiers):
                refuse_unless(decimal(tier["to"]) <= decimal(tiers[index + 1]["from"]), "overlapping tiers")
        refuse_unless(not ("rate" in tier and "times" in tier), "rate or times")
        refuse_unless("rate" in tier or "times" in tier or "amount" in tier, "an empty tier")
        refuse_unless("times" not in tier or "base_rate" in payout, "times needs base_rate")
        for name in ("rate", "times", "amount", "min", "max"):
            if name in tier:
                decimal(tier[name])
        if "min" in tier and "max" in tier:
            refuse_unless(decimal(tier["min"]) <= decimal(tier["max"]), "min above max")
    rising(starts)
    if payout.get("base_rate", "target_over_goal") != "target_over_goal":
        decimal(payout["base_rate"])
    if mode == "overage":
        refuse_unless("base_rate" in payout, "overage needs base_rate")
        refuse_unless(payout.get("on", "actual") == "actual", "overage is on actual")
    code(payout.get("on", "actual"))
    code(payout.get("tier_by", "actual"))


def check_grid(payout, ids):
    fields(payout, "kind rows columns cells", "between pays boundary")
    for axis in (payout["rows"], payout["columns"]):
        fields(axis, "read from", "boundary")
        rising([decimal(v) for v in listing(axis["from"], 1)])
        if isinstance(axis["read"], dict):
            fields(axis["read"], "", "measure component read")
            check_reader(axis["read"], ids, "read")
        else:
            code(axis["read"])
    cells = listing(payout["cells"])
    refuse_unless(len(cells) == len(payout["rows"]["from"]), "one list per row")
    for row in cells:
        refuse_unless(len(listing(row)) == len(payout["columns"]["from"]), "one cell per column")
        for cell in row:
            decimal(cell)
    one_of(payout.get("between", "step"), "step bilinear")
    one_of(payout.get("pays", "share"), "share amount rate")


def check_rank(payout):
    fields(payout, "kind awards", "group by order ties")
    one_of(payout.get("group", "plan"), "plan level unit")
    one_of(payout.get("order", "descending"), "ascending descending")
    one_of(payout.get("ties", "best"), "best average share")
    by = payout.get("by", "x")
    if isinstance(by, dict):
        fields(by, "measure", "read")
        one_of(by.get("read", "attainment"), READS)
    else:
        code(by)
    kinds = set()
    places = []
    for award in listing(payout["awards"], 1):
        fields(award, "", "to_rank to_percentile share amount")
        refuse_unless(len(award) == 2, "an award")
        refuse_unless(("to_rank" in award) != ("to_percentile" in award), "an award")
        kinds.add(("to_rank" in award, "share" in award))
        places.append(whole(award["to_rank"]) if "to_rank" in award else decimal(award["to_percentile"]))
        decimal(award.get("share", award.get("amount")))
    refuse_unless(len(kinds) == 1, "awards all of one kind")
    refuse_unless(places[0] > 0, "a place above 0")
    rising(places)


def check_pool(payout):
    fields(payout, "kind pool", "group share_by funding")
    one_of(payout.get("group", "plan"), "plan level unit")
    if "amount" in payout["pool"]:
        fields(payout["pool"], "amount", "")
        decimal(payout["pool"]["amount"])
    else:
        fields(payout["pool"], "rate of", "")
        decimal(payout["pool"]["rate"])
        code(payout["pool"]["of"])
    code(payout.get("share_by", "x"))
    if "funding" in payout:
        check_curve(payout["funding"], "read", "measure points")
        one_of(payout["funding"].get("read", "attainment"), READS)


def check_per_line(payout):
    fields(payout, "kind rules", "pick")
    one_of(payout.get("pick", "first"), "first most_specific all")
    names = []
    for rule in listing(payout["rules"], 1):
        fields(rule, "", "id when rate amount on min max")
        if "id" in rule:
            names.append(code(rule["id"]))
        refuse_unless(("rate" in rule) != ("amount" in rule), "rate or amount")
        one_of(rule.get("on", "amount"), "amount quantity margin")
        for name in ("rate", "amount", "min", "max"):
            if name in rule:
                decimal(rule[name])
        if "min" in rule and "max" in rule:
            refuse_unless(decimal(rule["min"]) <= decimal(rule["max"]), "min above max")
        check_when(rule.get("when", {}))
    refuse_unless(len(names) == len(set(names)), "rule ids")


def check_when(when):
    lists = "products categories channels customers territories"
    fields(when, "", lists + " attributes amount quantity numbers from to")
    for name in lists.split():
        if name in when:
            listing(when[name], 1)
    for values in when.get("attributes", {}).values():
        listing(values, 1)
    ranges = [when[name] for name in ("amount", "quantity") if name in when] + list(when.get("numbers", {}).values())
    for bounds in ranges:
        fields(bounds, "", BOUNDS)
        check_bounds(bounds)
    for name in ("from", "to"):
        if name in when:
            date(when[name])


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


def check_cycles(components):
    """A component may not read itself, not even through others."""
    reads = {}
    for c in components:
        payout = c["payout"]
        named = [spec["component"] for gate in c.get("gates", []) for spec in gate_reads(gate) if "component" in spec]
        texts = [c["measure"]["of"]]
        if payout["kind"] == "override":
            texts.append(payout["of"])
        named += [text.partition(":")[2] for text in texts if text.startswith("component:")]
        if payout["kind"] == "grid":
            for axis in (payout["rows"], payout["columns"]):
                if isinstance(axis["read"], dict) and "component" in axis["read"]:
                    named.append(axis["read"]["component"])
        reads[c["id"]] = named
    for start in reads:
        seen, todo = set(), list(reads[start])
        while todo:
            name = todo.pop()
            refuse_unless(name != start, "components in a circle")
            if name not in seen:
                seen.add(name)
                todo += reads[name]


# --- Section 9: the inputs


def check_inputs(plan, inputs):
    fields(inputs, "participants", "period as_of period_number periods holidays measures")
    if "period" in inputs:
        fields(inputs["period"], "from to", "")
        refuse_unless(date(inputs["period"]["from"]) <= date(inputs["period"]["to"]), "period")
    if "as_of" in inputs:
        date(inputs["as_of"])
    whole(inputs.get("period_number", "1"))
    refuse_unless(decimal(inputs.get("periods", "1")) > 0, "periods")
    for day in listing(inputs.get("holidays", [])):
        date(day)
    check_measures(inputs.get("measures", {}))
    participants = listing(inputs["participants"])
    for p in participants:
        refuse_unless(isinstance(p, dict) and "id" in p, "a participant needs an id")
    ids = [code(p["id"]) for p in participants]
    refuse_unless(len(ids) == len(set(ids)), "the same id twice")
    for p in participants:
        check_participant(plan, inputs, p, ids)
    check_teams({p["id"]: p.get("team", []) for p in participants})


def check_measures(measures):
    refuse_unless(isinstance(measures, dict), "measures")
    for key, entry in measures.items():
        code(key)
        fields(entry, "", "actual goal previous last_year goal_parts")
        for name in ("actual", "previous", "last_year"):
            if name in entry:
                decimal(entry[name])
        refuse_unless(decimal(entry.get("goal", "0")) >= 0, "a negative goal")
        for part in listing(entry.get("goal_parts", [])):
            fields(part, "goal days", "ref")
            refuse_unless(decimal(part["goal"]) >= 0, "a negative goal")
            refuse_unless(decimal(part["days"]) >= 0, "negative days")


def check_participant(plan, inputs, p, ids):
    fields(
        p,
        "id",
        "level unit position manager eligible vacant target_incentive eligible_days period_days fte hire_date"
        " leave_date absences measures lines team balances release_holdback adjustments guarantee periods"
        " period_number",
    )
    boolean(p.get("eligible", True))
    boolean(p.get("vacant", False))
    for name in ("fte", "target_incentive", "release_holdback"):
        if name in p:
            refuse_unless(decimal(p[name]) >= 0, name + " below 0")
    decimal(p.get("guarantee", "0"))
    whole(p.get("period_number", "1"))
    refuse_unless(decimal(p.get("periods", "1")) > 0, "periods")
    refuse_unless(("eligible_days" in p) == ("period_days" in p), "eligible days need period days")
    if "eligible_days" in p:
        eligible, period = decimal(p["eligible_days"]), decimal(p["period_days"])
        refuse_unless(0 <= eligible <= period and period > 0, "eligible days")
    for name in ("hire_date", "leave_date"):
        if name in p:
            date(p[name])
    for absence in listing(p.get("absences", [])):
        fields(absence, "from to", "kind")
        refuse_unless(date(absence["from"]) <= date(absence["to"]), "absence")
    check_measures(p.get("measures", {}))
    components = [c["id"] for c in plan["components"]]
    for line in listing(p.get("lines", [])):
        fields(
            line,
            "ref measure",
            "amount quantity margin product category channel customer territory date attributes",
        )
        refuse_unless(line["measure"] in components, "a line for a measure that no component has")
        for name in ("amount", "quantity", "margin"):
            if name in line:
                decimal(line[name])
        if "date" in line:
            date(line["date"])
    for name in listing(p.get("team", [])):
        refuse_unless(name in ids, "an unknown participant in team")
    if "manager" in p:
        refuse_unless(p["manager"] in ids, "an unknown manager")
    balances = fields(p.get("balances", {}), "", "draw carried earned_to_date holdback held")
    for name, value in balances.items():
        if name != "held":
            decimal(value)
    refuse_unless(decimal(balances.get("draw", "0")) >= 0, "draw below 0")
    for item in listing(balances.get("held", [])):
        fields(item, "amount earned_on", "")
        decimal(item["amount"])
        date(item["earned_on"])
    for adjustment in listing(p.get("adjustments", [])):
        fields(adjustment, "amount reason", "approved")
        decimal(adjustment["amount"])
        boolean(adjustment.get("approved", True))
    rules = plan.get("payment_rules", {})
    draw, guarantee = rules.get("draw", {}), rules.get("guarantee", {})
    if "until" in draw or "recovery_from" in draw or "until" in guarantee:
        refuse_unless("period_number" in p or "period_number" in inputs, "period_number is missing")
    if "target_incentive" not in plan and "target_incentive" not in p:
        limits = [rules.get("guarantee", {}), rules.get("cap", {}), *plan.get("limits", {}).values()]
        needed = any("times_target" in limit for limit in limits)
        needed = needed or any(needs_target(c) for c in plan["components"])
        new_hires = plan.get("proration", {}).get("new_hires")
        needed = needed or (isinstance(new_hires, dict) and "guarantee" in new_hires)
        refuse_unless(not needed, "a missing target")


def check_teams(teams):
    for start in teams:
        seen, todo = set(), list(teams[start])
        while todo:
            name = todo.pop()
            refuse_unless(name != start, "a circle of teams")
            if name not in seen:
                seen.add(name)
                todo += teams[name]
