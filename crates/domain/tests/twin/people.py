"""Sections 3, 4 and 7 of docs/plan-format.md: proration, targets, actual, goal, attainment, states, gates."""

import datetime
from fractions import Fraction

from basics import above, date, decimal, optional_decimal, ratio, reached, refuse_unless, round_to, weight, whole, within


class People:
    """One case: plan and inputs, and what is known of a participant before any payout."""

    def __init__(self, plan, inputs):
        self.plan = plan
        self.inputs = inputs
        self.components = {c["id"]: c for c in plan["components"]}
        self.participants = {p["id"]: p for p in inputs["participants"]}
        rounding = plan.get("rounding", {})
        self.scale = whole(rounding.get("scale", "2"))
        self.mode = rounding.get("mode", "half_up")
        self.at = rounding.get("at", "component")
        self.memory = {}

    def once(self, name, work, *key):
        """Remembers a result: the same figure is asked for by many (gates, pools, teams)."""
        if (name, *key) not in self.memory:
            self.memory[(name, *key)] = work()
        return self.memory[(name, *key)]

    def rounded(self, value):
        return round_to(value, self.scale, self.mode)

    # --- Section 7: proration and eligible days

    def prorates(self, what):
        applies = self.plan.get("proration", {}).get("applies_to", "none")
        return what in (applies if isinstance(applies, list) else [applies])

    def basis_days(self, first, last):
        """The days from `first` to `last` on the plan's basis."""
        working = self.plan.get("proration", {}).get("basis", "calendar_days") == "working_days"
        holidays = {date(d) for d in self.inputs.get("holidays", [])}
        days, day = set(), first
        while day <= last:
            if not working or (day.weekday() < 5 and day not in holidays):
                days.add(day)
            day += datetime.timedelta(days=1)
        return days

    def days(self, p):
        """(eligible days, period days), or None where neither is given."""
        if "eligible_days" in p:
            return decimal(p["eligible_days"]), decimal(p["period_days"])
        if "period" not in self.inputs:
            return None
        proration = self.plan.get("proration", {})
        first, last = date(self.inputs["period"]["from"]), date(self.inputs["period"]["to"])
        period_days = self.basis_days(first, last)
        refuse_unless(len(period_days) > 0, "period days of 0")
        employed = set(period_days)
        if "hire_date" in p:
            hire = date(p["hire_date"])
            start = hire
            new_hires = proration.get("new_hires", "from_hire")
            if new_hires == "from_next_month" and hire.day != 1:
                start = (hire.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
            if isinstance(new_hires, dict) and "after_days" in new_hires:
                start = hire + datetime.timedelta(days=whole(new_hires["after_days"]))
            employed = {day for day in employed if day >= start}
            if proration.get("hire_day", "counted") == "not_counted":
                employed.discard(hire)
        if "leave_date" in p:
            employed = {day for day in employed if day <= date(p["leave_date"])}
        grace = whole(proration.get("absence_grace_days", "0"))
        for absence in p.get("absences", []):
            begin, end = date(absence["from"]), date(absence["to"])
            named = "absence_kinds" not in proration or absence.get("kind") in proration["absence_kinds"]
            if named and (end - begin).days + 1 > grace:
                employed = {day for day in employed if not begin <= day <= end}
                reached("absence")
        return Fraction(len(employed)), Fraction(len(period_days))

    def factor(self, p):
        def work():
            if "proration" not in self.plan:
                return Fraction(1)
            proration = self.plan["proration"]
            days = self.days(p)
            factor = Fraction(1)
            if days is not None:
                factor = days[0] / days[1]
            factor *= self.fte(p)
            if "round" in proration:
                factor = round_to(factor, whole(proration["round"]["scale"]), proration["round"].get("mode", "half_up"))
                reached("factor rounded")
            return factor

        return self.once("factor", work, p["id"])

    def fte(self, p):
        """× `fte` where `fte: true`."""
        if self.plan.get("proration", {}).get("fte", False):
            return decimal(p.get("fte", "1"))
        return Fraction(1)

    def left_out(self, p):
        """Not eligible, vacant, or without eligible days."""
        if p.get("eligible", True) is False or p.get("vacant", False):
            return True
        if "proration" in self.plan:
            days = self.days(p)
            return days is not None and days[0] == 0
        return False

    def not_eligible(self, p):
        def work():
            if self.left_out(p):
                return True
            conditions = self.plan.get("eligibility", {}).get("conditions", [])
            return not all(self.gate_holds(p, gate) for gate in conditions)

        return self.once("not_eligible", work, p["id"])

    # --- Section 3: target, actual, goal, attainment

    def periods(self, p):
        return decimal(p.get("periods", self.inputs.get("periods", "1")))

    def target_before_proration(self, p):
        incentive = self.plan.get("target_incentive", p.get("target_incentive"))
        return None if incentive is None else decimal(incentive) * self.periods(p)

    def target(self, p):
        """The participant's target."""
        target = self.target_before_proration(p)
        if target is not None and self.prorates("target"):
            target *= self.factor(p)
        return target

    def component_target(self, p, c):
        if "weight" not in c or self.target(p) is None:
            return None
        return self.target(p) * weight(c["weight"])

    def amount_limit(self, limit, target):
        """`{times_target}` or `{amount}`."""
        if "amount" in limit:
            return decimal(limit["amount"])
        return decimal(limit["times_target"]) * target

    def entry(self, p, key):
        """A measure entry: in the participant's `measures`, then in the shared `measures`."""
        if key in p.get("measures", {}):
            return p["measures"][key]
        return self.inputs.get("measures", {}).get(key)

    def lines_sum(self, p, measure):
        """The sum over the lines of a component: amount, quantity or margin by `measure.of`; None without lines."""
        lines = [line for line in p.get("lines", []) if line["measure"] == measure]
        if not lines:
            return None
        reached("actual from lines")
        return sum((self.line_value(line, self.line_field(measure)) for line in lines), Fraction(0))

    def line_field(self, component_id):
        of = self.components[component_id]["measure"]["of"]
        return {"sales.quantity": "quantity", "sales.margin": "margin"}.get(of, "amount")

    def line_value(self, line, field):
        return decimal(line.get(field, "0"))

    def key_actual(self, p, key):
        """The actual of a measure key."""
        entry = self.entry(p, key)
        if entry is not None and "actual" in entry:
            return decimal(entry["actual"])
        return self.lines_sum(p, key)

    def is_shared(self, p, key):
        """Whether the entry of a key is a shared one."""
        return key not in p.get("measures", {}) and key in self.inputs.get("measures", {})

    def entry_goal(self, p, key):
        """The goal of an entry, prorated where the plan prorates the goal; that of a shared entry is not."""
        entry = self.entry(p, key)
        if entry is None:
            return None
        if self.is_shared(p, key):
            reached("goal of a shared entry")
        prorated = self.prorates("goal") and not self.is_shared(p, key)
        if entry.get("goal_parts"):
            reached("goal parts")
            period_days = self.period_days(p)
            goal = sum((decimal(g["goal"]) * decimal(g["days"]) for g in entry["goal_parts"]), Fraction(0)) / period_days
            return self.goal_rounded(goal * self.fte(p) if prorated else goal)
        if "goal" not in entry:
            return None
        goal = decimal(entry["goal"])
        return self.goal_rounded(goal * self.factor(p)) if prorated else goal

    def goal_rounded(self, goal):
        spec = self.plan.get("proration", {}).get("goal_round")
        if spec is None:
            return goal
        reached("goal rounded")
        return round_to(goal, whole(spec["scale"]), spec.get("mode", "half_up"))

    def period_days(self, p):
        days = self.days(p)
        refuse_unless(days is not None and days[1] > 0, "goal parts need period days")
        return days[1]

    def component_key(self, p, c):
        """A component looks under its own id, then under `measure.of`."""
        return c["id"] if self.entry(p, c["id"]) is not None else c["measure"]["of"]

    def component_entry(self, p, c):
        return self.entry(p, self.component_key(p, c))

    def actual(self, p, c):
        return self.once("actual", lambda: self.actual_work(p, c), p["id"], c["id"])

    def actual_work(self, p, c):
        measure = c["measure"]
        entry = self.component_entry(p, c)
        if measure["of"].startswith("component:"):
            actual = self.payout(p, self.components[measure["of"][len("component:") :]])
            reached("component as measure")
        elif self.entry(p, c["id"]) is None and self.lines_sum(p, c["id"]) is not None:
            actual = self.lines_sum(p, c["id"])
        elif entry is not None and "actual" in entry:
            actual = decimal(entry["actual"])
        else:
            actual = self.lines_sum(p, c["id"])
        way = measure.get("as", "value")
        if way == "value" or actual is None:
            return actual
        reached("as " + way.split(":")[0])
        if way.startswith("share_of:"):
            base = self.key_actual(p, way[len("share_of:") :])
            return None if base is None or base == 0 else actual / base
        field = "previous" if way == "growth_on_previous_period" else "last_year"
        base = decimal(entry[field]) if entry is not None and field in entry else None
        return None if base is None or base == 0 else (actual - base) / base

    def goal(self, p, c):
        spec = c.get("goal", "assigned")
        if spec == "none":
            return None
        if isinstance(spec, dict):
            goal = decimal(spec["value"])
            return self.goal_rounded(goal * self.factor(p)) if self.prorates("goal") else goal
        return self.entry_goal(p, self.component_key(p, c))

    def attainment_of(self, c):
        """The component whose attainment is taken over: that of `component:<id>` with a goal that is not {value}."""
        of = c["measure"]["of"]
        if of.startswith("component:") and not isinstance(c.get("goal"), dict):
            return self.components[of[len("component:") :]]
        return None

    def attainment(self, p, c):
        if self.attainment_of(c) is not None:
            return self.attainment(p, self.attainment_of(c))
        return ratio(self.actual(p, c), self.goal(p, c))

    def above_goal(self, p, c):
        return above(self.actual(p, c), self.goal(p, c))

    def read(self, c):
        return c.get("read", "actual" if c.get("goal") == "none" else "attainment")

    def x(self, p, c):
        read = self.read(c)
        if read == "attainment":
            return self.attainment(p, c)
        return self.actual(p, c) if read == "actual" else self.above_goal(p, c)

    def reads(self, c):
        """What the payout reads of the component's own: some of attainment, above_goal, goal."""
        payout = c["payout"]
        kind = payout["kind"]
        if kind in ("scorecard", "per_line", "override"):
            return set()
        looks_at_x = kind in ("curve", "bonus") or (kind == "rank" and payout.get("by", "x") == "x")
        looks_at_x = looks_at_x or (kind == "pool" and payout.get("share_by", "x") == "x")
        reads = {self.read(c)} if looks_at_x else set()
        if kind == "rate":
            if self.tier_by(payout) == "attainment":
                reads.add("attainment")
            if payout["mode"] == "overage" or payout.get("base_rate") == "target_over_goal":
                reads.add("goal")
        if kind == "grid":
            reads |= {axis["read"] for axis in (payout["rows"], payout["columns"]) if isinstance(axis["read"], str)}
        return reads & {"attainment", "above_goal", "goal"}

    def goal_state(self, p, c):
        """`no_goal`, `goal_zero` or None. An attainment taken over from another component needs no goal of its own."""
        reads = self.reads(c)
        if self.attainment_of(c) is not None and "attainment" in reads:
            if self.attainment(p, c) is None:
                return "no_goal"
            reads.remove("attainment")
        if not reads:
            return None
        goal = self.goal(p, c)
        return "no_goal" if goal is None else "goal_zero" if goal == 0 else None

    def no_data(self, p, c):
        """No actual, or no base for `as`, or no score; or a value that the payout needs is missing."""
        payout = c["payout"]
        kind = payout["kind"]
        if kind == "per_line" or c.get("per") == "line":
            return not self.lines_of(p, c)
        if kind == "scorecard":
            return any(self.score(p, o) is None for o in payout["objectives"])
        if kind == "override":
            return not p.get("team")
        if self.actual(p, c) is None:
            return True
        if kind == "rate":
            keys = [payout.get("on", "actual"), self.tier_by(payout)]
            return any(key not in ("actual", "attainment") and self.key_actual(p, key) is None for key in keys)
        if kind == "grid":
            reads = [payout["rows"]["read"], payout["columns"]["read"]]
            return any(
                read not in ("attainment", "above_goal") and self.axis_value(p, c, read) is None for read in reads
            )
        if kind == "rank" and payout.get("by", "x") != "x":
            return self.rank_value(p, c) is None
        return False

    def state_before_payout(self, p, c):
        """The first of the states that are known before the payout, or None."""

        def work():
            if self.not_eligible(p):
                return "not_eligible"
            if self.no_data(p, c):
                return "no_data"
            if self.goal_state(p, c) is not None:
                return self.goal_state(p, c)
            for gate in c.get("gates", []):
                if gate.get("else", "zero") == "zero" and not self.gate_holds(p, gate):
                    return "gated"
            return None

        return self.once("state", work, p["id"], c["id"])

    # --- Section 4: gates

    def value_read(self, p, spec):
        """`{measure│component, read}`."""
        read = spec.get("read", "attainment")
        if "component" in spec:
            c = self.components[spec["component"]]
            if read == "payout":
                reached("reads a payout")
                return self.payout(p, c)
            if read == "attainment":
                return self.attainment(p, c)
            return self.actual(p, c) if read == "actual" else self.above_goal(p, c)
        actual = self.key_actual(p, spec["measure"])
        if read == "actual":
            return actual
        goal = self.entry_goal(p, spec["measure"])
        return ratio(actual, goal) if read == "attainment" else above(actual, goal)

    def gate_holds(self, p, gate):
        if "any" in gate:
            reached("gate any")
            return any(self.gate_holds(p, inner) for inner in gate["any"])
        if "all" in gate:
            reached("gate all")
            return all(self.gate_holds(p, inner) for inner in gate["all"])
        value = self.value_read(p, gate)
        if value is None:
            reached("gate value missing")
            return False
        return within(value, gate)
