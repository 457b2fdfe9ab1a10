#!/usr/bin/env python3
"""The naive twin of docs/plan-format.md.

A second, independent reading of the specification: one function per rule, exact fractions, nothing clever and nothing
fast. It shares no code with the engine, on purpose: what both agree on is what the page says.

    twin.py < cases.ndjson > results.ndjson

One `{"plan": …, "inputs": …}` per line in, one result per line out; `{"refused": true}` for what must be refused.
"""

import json
import sys
from fractions import Fraction

from basics import (
    RULES,
    Refused,
    Written,
    band_of,
    clamp,
    curve,
    date,
    decimal,
    falls_due,
    fields,
    figure,
    optional_decimal,
    reached as mark,
    refuse_unless,
    weight,
    whole,
    with_places,
    without_doubles,
)
from check import any_target_needed, check
from payouts import Payouts


class Case(Payouts):
    def __init__(self, plan, inputs):
        check(plan, inputs)
        super().__init__(plan, inputs)
        self.capped = set()  # whom the plan's cap has lowered
        if any_target_needed(plan):
            for p in inputs["participants"]:
                known = "target_incentive" in plan or "target_incentive" in p
                refuse_unless(known or self.left_out(p), "a missing target")
        for c in plan["components"]:
            if c["payout"]["kind"] == "scorecard":
                for p in inputs["participants"]:
                    for objective in c["payout"]["objectives"]:
                        self.score(p, objective)

    # --- Section 6: order of evaluation, modifiers, limits

    def component(self, p, c):
        """Steps 1 to 6: (state, payout)."""

        def work():
            state = self.state_before_payout(p, c)
            if state in ("not_eligible", "no_data", "no_goal", "goal_zero"):
                return state, Fraction(0)
            payout = Fraction(0)
            target = self.component_target(p, c)
            if state is None:
                payout, reached = self.payout_of_kind(p, c)
                if not reached:
                    state, payout = "below_threshold", Fraction(0)
            for gate in c.get("gates", []):
                if self.gate_holds(p, gate):
                    continue
                effect = gate.get("else", "zero")
                if effect == "zero":
                    payout = Fraction(0)
                elif "times" in effect:
                    payout *= decimal(effect["times"])
                    mark("gate times")
                else:
                    payout = min(payout, decimal(effect["at_most_times_target"]) * target)
                    mark("gate at most")
            if "cap" in c:
                cap = self.amount_limit(c["cap"], target)
                if payout > cap:
                    payout = cap
                    state = state or "capped"
            if "floor" in c:
                floor = self.amount_limit(c["floor"], target)
                if payout < floor:
                    payout = floor
                    mark("component floor")
            if self.at == "component":
                payout = self.rounded(payout)
            return state or "ok", payout

        return self.once("component", work, p["id"], c["id"])

    def payout(self, p, c):
        """The payout after step 6."""
        return self.component(p, c)[1]

    def superior(self, p):
        if "manager" in p:
            return self.participants[p["manager"]]
        named_by = [other for other in self.inputs["participants"] if p["id"] in other.get("team", [])]
        return named_by[0] if len(named_by) == 1 else None

    def modifier_factor(self, p, modifier):
        reader = p
        if modifier.get("of", "own") == "superior":
            reader = self.superior(p)
        value = None if reader is None else self.value_read(reader, modifier)
        if value is None:
            missing = modifier.get("missing", "neutral")
            mark("modifier missing " + missing)
            return Fraction(1) if missing == "neutral" else Fraction(0)
        spec = modifier["factor"]
        if spec == "value":
            factor = value
            mark("modifier value")
        elif "points" in spec:
            factor = curve(spec, value, "hold")[0]
            mark("modifier curve")
        else:
            starts = [decimal(step["from"]) for step in spec["steps"]]
            index = band_of(starts, [None] * len(starts), value, spec.get("boundary", "from"))
            factor = Fraction(1) if index is None else decimal(spec["steps"][index]["times"])
            mark("modifier steps")
        if modifier.get("of", "own") == "superior":
            mark("modifier superior")
        return clamp(factor, optional_decimal(modifier.get("min")), optional_decimal(modifier.get("max")))

    def modified(self, p, c):
        """Step 8 for one component."""
        payout = self.payout(p, c)
        touched = False
        for modifier in self.plan.get("modifiers", []):
            applies = modifier.get("applies_to", "total")
            if applies != "total" and c["id"] in applies:
                payout *= self.modifier_factor(p, modifier)
                touched = True
        return self.rounded(payout) if touched and self.at == "component" else payout

    def earned(self, p):
        return self.once("earned", lambda: self.earned_work(p), p["id"])

    def earned_work(self, p):
        """Steps 7 to 10."""
        if self.not_eligible(p):
            return Fraction(0)
        total = sum((self.modified(p, c) for c in self.plan["components"]), Fraction(0))
        for modifier in self.plan.get("modifiers", []):
            if modifier.get("applies_to", "total") == "total":
                total *= self.modifier_factor(p, modifier)
        limits = self.plan.get("limits", {})
        if "cap" in limits:
            cap = self.amount_limit(limits["cap"], self.target(p))
            if total > cap:
                total = cap
                self.capped.add(p["id"])
                mark("plan cap")
        if "floor" in limits:
            floor = self.amount_limit(limits["floor"], self.target(p))
            if total < floor:
                total = floor
                mark("plan floor")
        if self.prorates("payout"):
            total *= self.factor(p)
            mark("payout prorated")
        new_hires = self.plan.get("proration", {}).get("new_hires")
        if isinstance(new_hires, dict) and "guarantee" in new_hires and self.hired_inside(p):
            floor = decimal(new_hires["guarantee"]) * self.target_before_proration(p)
            if total < floor:
                total = floor
                mark("new hire floor")
        return self.rounded(total)

    def hired_inside(self, p):
        if "hire_date" not in p or "period" not in self.inputs:
            return False
        period = self.inputs["period"]
        return date(period["from"]) <= date(p["hire_date"]) <= date(period["to"])

    # --- Section 8: from earned to paid

    def payment_limit(self, limit, p):
        """`times_target` in a guarantee or payment cap gives an amount that is rounded."""
        return decimal(limit["amount"]) if "amount" in limit else self.rounded(self.amount_limit(limit, self.target(p)))

    def paid(self, p):
        """Steps 11 to 16: (payment, balances)."""
        zero = Fraction(0)
        rules = self.plan.get("payment_rules", {})
        before = p.get("balances", {})
        not_eligible = self.not_eligible(p)
        earned = self.earned(p)
        number = p.get("period_number", self.inputs.get("period_number"))
        number = None if number is None else whole(number)
        e = earned

        # 11. adjustments
        for adjustment in p.get("adjustments", []):
            if adjustment.get("approved", True):
                e += decimal(adjustment["amount"])
                mark("adjustment")
            else:
                mark("adjustment not approved")

        # 12. true-up
        already = decimal(before.get("earned_to_date", "0"))
        if self.plan.get("true_up", "none") == "year_to_date":
            e -= already
            earned_to_date = earned
            mark("true-up")
        else:
            earned_to_date = already + earned
        negative = self.plan.get("negative", "carry")
        if negative == "floor_at_zero" and e < 0:
            e = zero
            mark("floor_at_zero")
        after_12 = e

        # 13. holdback
        holdback = rules.get("holdback")
        as_of = date(self.inputs["as_of"]) if "as_of" in self.inputs else None
        balance = decimal(before.get("holdback", "0"))
        items = [(decimal(item["amount"]), date(item["earned_on"])) for item in before.get("held", [])]
        held = released = zero
        if holdback is not None:
            if "share" in holdback:
                held = self.rounded(decimal(holdback["share"]) * max(zero, e))
            else:
                held = min(decimal(holdback["amount"]), max(zero, e))
            e -= held
            if held != 0:
                mark("holdback")
            if "release" in holdback and as_of is not None:
                kept = []
                for amount, earned_on in items:
                    if falls_due(earned_on, holdback["release"]) <= as_of:
                        e += amount
                        released += amount
                        mark("held released")
                    else:
                        kept.append((amount, earned_on))
                items = kept
        from_balance = min(decimal(p.get("release_holdback", "0")), balance)
        if from_balance != 0:
            mark("balance released")
        e += from_balance
        released += from_balance
        balance -= from_balance
        if holdback is not None and "release" in holdback and as_of is not None:
            if held != 0:
                items.append((held, as_of))
                mark("held for later")
        else:
            balance += held

        # 14. draw, guarantee
        owed = decimal(before.get("draw", "0"))
        advance = recovered = topped_up = in_advance = zero
        draw = rules.get("draw")
        if draw is not None and not not_eligible:
            d = decimal(draw["amount"])
            recoverable = draw.get("recoverable", True)
            runs = "until" not in draw or number <= whole(draw["until"])
            share = decimal(draw.get("recovery_share", "1"))
            may_recover = "recovery_from" not in draw or number >= whole(draw["recovery_from"])
            if runs and e < d:
                advance = d - e
                e = d
                mark("draw advance")
                if recoverable:
                    owed += advance
            elif recoverable and owed > 0 and may_recover:
                room = e - d if runs else max(zero, e)
                recovered = min(owed, self.rounded(share * room))
                e -= recovered
                owed -= recovered
                if recovered != 0:
                    mark("draw recovered" if runs else "draw recovered after until")
            if draw.get("paid_in_advance", False) and runs:
                in_advance = d
        if not not_eligible:
            guarantee = None
            if "guarantee" in p:
                guarantee = decimal(p["guarantee"])
                mark("own guarantee")
            elif "guarantee" in rules:
                if "until" not in rules["guarantee"] or number <= whole(rules["guarantee"]["until"]):
                    guarantee = self.payment_limit(rules["guarantee"], p)
            if guarantee is not None and e < guarantee:
                topped_up = guarantee - e
                e = guarantee
                mark("guarantee")
        if in_advance != 0:
            in_advance = min(in_advance, max(zero, e))
            e -= in_advance
            mark("draw paid in advance")

        # 15. carried balance
        carried_before = decimal(before.get("carried", "0"))
        e += carried_before
        carried = zero
        if carried_before != 0:
            mark("carried balance")
        if e < 0 and negative != "pay":
            carried, e = e, zero
            mark("carry")
        if e < 0:
            mark("pay negative")

        # 16. payment cap
        if "cap" in rules:
            cap = self.payment_limit(rules["cap"], p)
            if e > cap:
                carried += e - cap
                e = cap
                mark("payment cap")

        # Always
        assert after_12 + advance + topped_up + released + carried_before == (
            e + held + recovered + in_advance + carried
        ), "the payment steps do not balance"
        return e, {
            "draw": owed,
            "carried": carried,
            "earned_to_date": earned_to_date,
            "holdback": balance,
            "held": items,
        }

    # --- The result

    def money(self, value):
        """Money: exactly `scale` places where it fits, else as a figure."""
        if (value * 10**self.scale).denominator == 1:
            return with_places(value, self.scale)
        return figure(value)

    def component_money(self, value):
        return self.money(value) if self.at == "component" else figure(value)

    def state(self, p):
        """The participant's state."""
        if self.not_eligible(p):
            return "not_eligible"
        self.earned(p)
        return "capped" if p["id"] in self.capped else "ok"

    def weighted_attainment(self, p):
        """Σ weight × attainment of the components that share the target; none where one of them has none."""
        parts = [
            (weight(c["weight"]), self.attainment(p, c))
            for c in self.plan["components"]
            if "weight" in c and not c.get("on_top", False)
        ]
        if not parts or any(attainment is None for _, attainment in parts):
            return None
        return sum((share * attainment for share, attainment in parts), Fraction(0))

    def result(self):
        participants = []
        for p in self.inputs["participants"]:
            components = []
            for c in self.plan["components"]:
                state, payout = self.component(p, c)
                mark("kind " + c["payout"]["kind"])
                mark("state " + state)
                mark(f"{c['payout']['kind']} {state}")
                components.append(
                    {
                        "id": c["id"],
                        "state": state,
                        "actual": figure(self.actual(p, c)),
                        "goal": figure(self.goal(p, c)),
                        "attainment": figure(self.attainment(p, c)),
                        "target": figure(self.component_target(p, c)),
                        "payout": self.component_money(payout),
                        "modified": self.component_money(self.modified(p, c)),
                    }
                )
            payment, balances = self.paid(p)
            participants.append(
                {
                    "id": p["id"],
                    "state": self.state(p),
                    "target": figure(self.target(p)),
                    "weighted_attainment": figure(self.weighted_attainment(p)),
                    "components": components,
                    "earned": self.money(self.earned(p)),
                    "payment": self.money(payment),
                    "balances": {
                        "draw": self.money(balances["draw"]),
                        "carried": self.money(balances["carried"]),
                        "earned_to_date": self.money(balances["earned_to_date"]),
                        "holdback": self.money(balances["holdback"]),
                        "held": [
                            {"amount": self.money(amount), "earned_on": day.isoformat()}
                            for amount, day in balances["held"]
                        ],
                    },
                }
            )
        return {"participants": participants}


def read_line(text):
    """A case as it was written: numbers keep their digits."""
    return json.loads(text, parse_float=Written, parse_int=Written, object_pairs_hook=without_doubles)


def evaluate(text, rules=None):
    RULES.clear()
    try:
        case = read_line(text)
        fields(case, "plan inputs", "")
        evaluation = Case(case["plan"], case["inputs"])
        result = evaluation.result()
        if rules is not None:
            rules.update(RULES)
        return result
    except Refused as why:
        if rules is not None:
            rules.add("refused")
        return {"refused": True, "why": str(why)}


def main():
    for line in sys.stdin:
        if line.strip():
            result = evaluate(line)
            if "refused" in result:
                result = {"refused": True}
            print(json.dumps(result, ensure_ascii=False, separators=(",", ":")))


if __name__ == "__main__":
    main()
