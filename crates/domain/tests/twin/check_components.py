"""What is refused in a component: sections 3, 4 and 5 of docs/plan-format.md."""

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


def check_text(text):
    if isinstance(text, dict):
        fields(text, "", "it en")
    else:
        refuse_unless(isinstance(text, str), "text")


def check_amount_limit(limit):
    fields(limit, "", "times_target amount until")
    refuse_unless(("times_target" in limit) != ("amount" in limit), "an amount limit has one of two")
    decimal(limit.get("times_target", limit.get("amount")))


def check_cap_and_floor(thing):
    """A cap below the floor, where the two can be compared."""
    cap, floor = thing.get("cap", {}), thing.get("floor", {})
    for name in ("amount", "times_target"):
        if name in cap and name in floor:
            refuse_unless(decimal(cap[name]) >= decimal(floor[name]), "a cap below the floor")


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
    check_cap_and_floor(c)
    check_two_gates(c.get("gates", []))
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


def check_two_gates(gates):
    """Two gates of one component that pay nothing unless a value meets both, and no value can."""
    simple = [gate for gate in gates if "any" not in gate and "all" not in gate and gate.get("else", "zero") == "zero"]
    for index, gate in enumerate(simple):
        for other in simple[:index]:
            keys = ("measure", "component")
            same = all(gate.get(key) == other.get(key) for key in keys)
            if same and gate.get("read", "attainment") == other.get("read", "attainment"):
                check_possible([gate, other])


def check_possible(gates):
    lows = [(decimal(g[n]), n == "more_than") for g in gates for n in ("at_least", "more_than") if n in g]
    highs = [(decimal(g[n]), n == "less_than") for g in gates for n in ("at_most", "less_than") if n in g]
    for low, low_strict in lows:
        for high, high_strict in highs:
            possible = low < high or (low == high and not low_strict and not high_strict)
            refuse_unless(possible, "bounds that no value can meet")


def check_bounds(thing):
    named = [name for name in BOUNDS.split() if name in thing]
    for name in named:
        decimal(thing[name])
    check_possible([thing])
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


def check_reads(components):
    """A component may not read itself, not even through others; a ranking or pool not what a team earned."""
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
    of_teams = {c["id"] for c in components if c["payout"].get("of") == "team_payout"}
    populations = {c["id"] for c in components if c["payout"]["kind"] in ("rank", "pool")}
    for start in reads:
        seen, todo = set(), list(reads[start])
        while todo:
            name = todo.pop()
            refuse_unless(name != start, "components in a circle")
            refuse_unless(start not in populations or name not in of_teams, "a ranking over what a team earned")
            if name not in seen:
                seen.add(name)
                todo += reads[name]
