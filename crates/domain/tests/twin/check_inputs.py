"""What is refused in the inputs: section 9 of docs/plan-format.md."""

from basics import boolean, code, date, decimal, fields, listing, refuse_unless, whole


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
    if any(c["payout"]["kind"] == "override" for c in plan["components"]):
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
    # Teams and managers may name anybody unless the plan looks at them.
    team = listing(p.get("team", []))
    if any(c["payout"]["kind"] == "override" for c in plan["components"]):
        refuse_unless(all(name in ids for name in team), "an unknown participant in team")
    if "manager" in p and any(m.get("of") == "superior" for m in plan.get("modifiers", [])):
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


def check_teams(teams):
    for start in teams:
        seen, todo = set(), list(teams[start])
        while todo:
            name = todo.pop()
            refuse_unless(name != start, "a circle of teams")
            if name not in seen:
                seen.add(name)
                todo += teams.get(name, [])
