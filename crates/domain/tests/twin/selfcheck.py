#!/usr/bin/env python3
"""Checks the twin itself: the worked examples of docs/plan-format.md, and figures worked out by hand.

    selfcheck.py

Every row says what a person gets with pencil and paper; nothing here was copied from what the twin printed.
"""

import json
import sys

import twin

FAILED = []
DONE = 0


def one(component, person, plan=None, inputs=None, others=()):
    """A plan of one component `c` and weight 1, a participant `R` with target 1,800."""
    component = {"id": "c", "weight": "1", "measure": {"of": "sales.amount"}, **component}
    document = {
        "format": "traguardo-plan/1",
        "code": "X",
        "currency": "EUR",
        "measurement": "quarter",
        "target_incentive": "1800",
        "components": [component],
        **(plan or {}),
    }
    case = {"plan": document, "inputs": {"participants": [{"id": "R", **person}, *others], **(inputs or {})}}
    return twin.evaluate(json.dumps(case))


def check(name, expected, result, *path):
    """What stands at `path` of the result must be as expected."""
    global DONE
    DONE += 1
    value = result
    if "refused" in result and path:
        value = result["why"]
    else:
        for step in path:
            value = value[step]
    if value != expected:
        FAILED.append(f"{name}: expected {expected!r}, the twin says {value!r}")


def payout(name, expected, component, person, state=None, who=0, **more):
    result = one(component, person, **more)
    check(name, expected, result, "participants", who, "components", 0, "payout")
    if state:
        check(name + ", state", state, result, "participants", who, "components", 0, "state")


def paid(name, expected, rules, person, balances=None, plan=None, inputs=None):
    """The payment of someone who earned `person["earned"]`, and the balances after it."""
    earned = person.pop("earned")
    component = {"goal": "none", "payout": {"kind": "rate", "mode": "retroactive", "tiers": [{"rate": "1"}]}}
    person = {"measures": {"c": {"actual": earned}}, **person}
    result = one(component, person, {"payment_rules": rules, **(plan or {})}, inputs)
    check(name, expected, result, "participants", 0, "payment")
    for balance, value in (balances or {}).items():
        check(f"{name}, {balance}", value, result, "participants", 0, "balances", balance)


def values(actual, goal=None, **more):
    entry = {"actual": actual, **more}
    if goal is not None:
        entry["goal"] = goal
    return {"measures": {"c": entry}}


def rate(mode, tiers, **more):
    return {"payout": {"kind": "rate", "mode": mode, "tiers": tiers, **more}}


def curve(points, **more):
    return {"payout": {"kind": "curve", "points": [{"at": at, "pay": pay} for at, pay in points], **more}}


def curves():
    page = [("0.8", "0.5"), ("1", "1"), ("1.2", "2")]
    payout("5.1, the page's example", "1350.00", curve(page), values("90", "100"), "ok")
    payout("on the first point", "900.00", curve(page), values("80", "100"), "ok")
    payout("below, zero", "0.00", curve(page), values("79", "100"), "below_threshold")
    payout("below, hold", "900.00", curve(page, below="hold"), values("10", "100"), "ok")
    # 0.5 − 0.2 × 2.5 = 0 at 0.6; at 0.5: −0.25
    payout("below, extend", "-450.00", curve(page, below="extend"), values("50", "100"), "ok")
    payout("above, hold", "3600.00", curve(page), values("200", "100"), "ok")
    # 2 + 0.1 × 5 = 2.5
    payout("above, extend", "4500.00", curve(page, above="extend"), values("130", "100"), "ok")
    payout("step", "900.00", curve(page, between="step"), values("99.9", "100"), "ok")
    payout("step on the border", "1800.00", curve(page, between="step"), values("100", "100"), "ok")
    payout("step, boundary to", "900.00", curve(page, between="step", boundary="to"), values("100", "100"), "ok")
    payout("step, boundary to, first", "900.00", curve(page, between="step", boundary="to"), values("80", "100"), "ok")
    payout("as money", "0.75", curve(page, pays="amount"), values("90", "100"), "ok")
    payout("a third", "600.00", curve([("0", "0"), ("1", "1")]), values("1", "3"), "ok")
    payout("no actual", "0.00", curve(page), {}, "no_data")
    payout("no goal", "0.00", curve(page), values("90"), "no_goal")
    payout("goal zero", "0.00", curve(page), values("90", "0"), "goal_zero")


def rates():
    tiers = [{"from": "0", "rate": "0.04"}, {"from": "100000", "rate": "0.05"}, {"from": "150000", "rate": "0.06"}]
    none = {"goal": "none"}
    payout("5.2, the page's example", "8300.00", {**rate("marginal", tiers), **none}, values("180000"), "ok")
    payout("retroactive", "10800.00", {**rate("retroactive", tiers), **none}, values("180000"), "ok")
    payout("on the border", "5000.00", {**rate("retroactive", tiers), **none}, values("100000"), "ok")
    to = {**rate("retroactive", tiers, boundary="to"), **none}
    payout("on the border, to", "4000.00", to, values("100000"), "ok")
    payout("below the first", "0.00", {**rate("marginal", tiers), **none}, values("-1"), "below_threshold")
    open_start = {**rate("marginal", [{"rate": "0.04"}, {"from": "100", "rate": "0.1"}]), **none}
    payout("a negative base", "-2.00", open_start, values("-50"), "ok")
    payout("over an open start", "5.00", open_start, values("110"), "ok")
    gap = {**rate("retroactive", [{"from": "0", "to": "10", "rate": "1"}, {"from": "20", "rate": "2"}]), **none}
    payout("between the bands", "0.00", gap, values("15"), "below_threshold")
    limits = {**rate("marginal", [{"from": "0", "rate": "0.1", "amount": "5", "min": "10", "max": "20"}]), **none}
    payout("a tier's min", "10.00", limits, values("10"))
    payout("a tier's max", "20.00", limits, values("900"))
    # tiers by attainment: 120 of 100; b × length ÷ t = 120 × 1 ÷ 1.2 × 1 % + 120 × 0.2 ÷ 1.2 × 10 % = 1 + 2
    by = rate("marginal", [{"from": "0", "rate": "0.01"}, {"from": "1", "rate": "0.1"}], tier_by="attainment")
    payout("marginal by attainment", "3.00", by, values("120", "100"), "ok")
    # 1,800 ÷ 100 = 18 a unit to the goal; the 20 above it twice that, the attainment 1.2 being in the second tier
    over = rate("overage", [{"from": "1", "times": "1.5"}, {"from": "1.2", "times": "2"}], base_rate="target_over_goal")
    payout("overage", "2520.00", over, values("120", "100"), "ok")
    payout("overage below the tiers", "900.00", over, values("50", "100"), "ok")


def tables():
    steps = [{"from": "10", "amount": "100"}, {"from": "20", "amount": "150"}]
    bonus = {"goal": "none", "payout": {"kind": "bonus", "steps": steps}}
    payout("bonus", "150.00", bonus, values("20"), "ok")
    payout("bonus, none", "0.00", bonus, values("9"), "below_threshold")
    cumulative = {"goal": "none", "payout": {"kind": "bonus", "steps": steps, "mode": "cumulative"}}
    payout("bonus, cumulative", "250.00", cumulative, values("20"), "ok")
    payout("bonus, boundary to", "100.00", {**bonus, "payout": {**bonus["payout"], "boundary": "to"}}, values("20"))
    grid = {
        "kind": "grid",
        "rows": {"read": "attainment", "from": ["0.8", "1"]},
        "columns": {"read": "kpi:k", "from": ["0", "10"]},
        "cells": [["0.1", "0.2"], ["0.5", "1"]],
    }
    person = {"measures": {"c": {"actual": "90", "goal": "100"}, "kpi:k": {"actual": "5"}}}
    payout("grid, step", "180.00", {"payout": grid}, person, "ok")
    # the middle of the four: (0.1 + 0.2 + 0.5 + 1) ÷ 4 = 0.45
    payout("grid, bilinear", "810.00", {"payout": {**grid, "between": "bilinear"}}, person, "ok")
    payout("grid, by rate", "9.00", {"payout": {**grid, "pays": "rate"}}, person, "ok")
    payout("grid, a value missing", "0.00", {"payout": grid}, values("90", "100"), "no_data")
    card = {
        "kind": "scorecard",
        "objectives": [{"code": "a", "weight": "0.4", "max": "5"}, {"code": "b", "weight": "0.6", "max": "10"}],
    }
    scores = {"measures": {"a": {"actual": "4"}, "kpi:b": {"actual": "5"}}}
    # 0.4 × 4/5 + 0.6 × 5/10 = 0.62
    payout("scorecard", "1116.00", {"payout": card}, scores, "ok")
    bent = {**card, "curve": {"points": [{"at": "0.6", "pay": "0.5"}, {"at": "0.7", "pay": "1"}]}}
    payout("scorecard, curve", "1080.00", {"payout": bent}, scores, "ok")
    payout("scorecard, no score", "0.00", {"payout": card}, {"measures": {"a": {"actual": "4"}}}, "no_data")


def populations():
    def people(*actuals):
        ids = ["S", "T", "U", "V"]
        return [{"id": i, **values(actual)} for i, actual in zip(ids, actuals)]

    awards = [{"to_rank": "1", "amount": "100"}, {"to_rank": "2", "amount": "50.01"}]
    rank = {"goal": "none", "payout": {"kind": "rank", "awards": awards}}
    payout("rank, first", "100.00", rank, values("9"), "ok", others=people("8", "7"))
    payout("rank, third", "0.00", rank, values("7"), "below_threshold", others=people("8", "9"))
    payout("rank, tie, best", "100.00", rank, values("9"), "ok", others=people("9", "7"))
    average = {**rank, "payout": {**rank["payout"], "ties": "average"}}
    payout("rank, tie, average of 1.5", "50.01", average, values("9"), "ok", others=people("9", "7"))
    share = {**rank, "payout": {**rank["payout"], "ties": "share"}}
    # 150.01 for two: the cent goes to R, whose id comes before S
    payout("rank, tie, share", "75.01", share, values("9"), "ok", others=people("9", "7"))
    payout("rank, tie, share, the other", "75.00", share, values("9"), "ok", 1, others=people("9", "7"))
    vacant = [{"id": "S", "vacant": True, **values("10")}]
    payout("rank, a vacant place", "100.00", rank, values("9"), "ok", others=vacant)
    half = [{"to_percentile": "0.5", "share": "1"}]
    percent = {"goal": "none", "payout": {"kind": "rank", "awards": half}}
    payout("rank, the better half", "1800.00", percent, values("8"), "ok", others=people("9", "7", "6"))
    pool = {"goal": "none", "payout": {"kind": "pool", "pool": {"amount": "100"}}}
    for who, cents in enumerate(["33.34", "33.33", "33.33"]):
        payout(f"pool, three alike, {who}", cents, pool, values("1"), "ok", who, others=people("1", "1"))
    minus = {"goal": "none", "payout": {"kind": "pool", "pool": {"amount": "-100"}}}
    payout("pool, negative", "-33.34", minus, values("1"), "ok", others=people("1", "1"))
    payout("pool, no shares", "0.00", pool, values("0"), "below_threshold", others=people("-1", "0"))
    # 10 % of 30 + 60, a third of it
    rated = {"goal": "none", "payout": {"kind": "pool", "pool": {"rate": "0.1", "of": "actual"}}}
    payout("pool by rate", "3.00", rated, values("30"), "ok", others=people("60"))
    tie = {"goal": "none", "payout": {"kind": "override", "rate": "0.1", "of": "team_payout"}}
    payout("override, no team", "0.00", tie, {}, "no_data")
    both = [
        {"id": "a", "weight": "1", "measure": {"of": "sales.amount"}, "goal": "none", "payout": bonus_of("40")},
        {"id": "b", "measure": {"of": "sales.amount"}, "payout": tie["payout"]},
    ]
    team = {"team": ["S", "T"], "measures": {"sales.amount": {"actual": "1"}}}
    others = [{"id": "S", "team": ["T"], "measures": {"a": {"actual": "1"}}}, {"id": "T", "measures": {"a": {"actual": "1"}}}]
    result = one({}, team, {"components": both}, None, others)
    # T earns 40; S 40 + 4; R 40 + 8.4
    check("override", "8.40", result, "participants", 0, "components", 1, "payout")
    check("override, earned", "48.40", result, "participants", 0, "earned")


def bonus_of(amount):
    return {"kind": "bonus", "steps": [{"from": "1", "amount": amount}]}


def lines():
    def per_line(rules, **more):
        return {"payout": {"kind": "per_line", "rules": rules, **more}}

    def sold(*amounts, **more):
        return {"lines": [{"ref": a, "measure": "c", "amount": a, **more} for a in amounts]}

    flat = per_line([{"rate": "0.1", "max": "20"}])
    payout("per line", "30.00", flat, sold("100", "500"), "ok")
    payout("a sale and its return", "0.00", flat, sold("500", "-500"), "ok")
    payout("no lines", "0.00", flat, {}, "no_data")
    named = [{"when": {"channels": ["H"]}, "rate": "0.1"}, {"when": {"products": ["P"]}, "rate": "0.2"}]
    payout("first", "10.00", per_line(named), sold("100", product="P", channel="H"))
    payout("most specific", "20.00", per_line(named, pick="most_specific"), sold("100", product="P", channel="H"))
    payout("all", "30.00", per_line(named, pick="all"), sold("100", product="P", channel="H"))
    payout("no rule", "0.00", per_line(named), sold("100", product="Q"), "below_threshold")
    payout("an amount, returned", "-5.00", per_line([{"amount": "5"}]), sold("-100"), "ok")
    payout("an amount, by quantity", "5.00", per_line([{"amount": "5"}]), sold("0", quantity="2"), "ok")
    each = {**curve([("0", "0"), ("100", "10")], pays="amount"), "per": "line", "goal": "none"}
    payout("per: line, a curve", "15.00", each, sold("50", "300"), "ok")
    payout("per: line, a return", "-5.00", each, sold("-50"), "ok")


def gates_and_limits():
    whole = curve([("0", "0"), ("1", "1")], above="extend")

    def gated(gate):
        return {**whole, "gates": [{"measure": "kpi:k", "read": "actual", **gate}]}

    person = {"measures": {"c": {"actual": "100", "goal": "100"}, "kpi:k": {"actual": "5"}}}
    payout("a gate that holds", "1800.00", gated({"at_least": "5"}), person, "ok")
    payout("a gate that fails", "0.00", gated({"more_than": "5"}), person, "gated")
    payout("half", "900.00", gated({"less_than": "5", "else": {"times": "0.5"}}), person, "ok")
    payout("at most", "540.00", gated({"less_than": "5", "else": {"at_most_times_target": "0.3"}}), person, "ok")
    payout("a gate without value", "0.00", gated({"at_least": "0", "measure": "kpi:z"}), person, "gated")
    either = [{"any": [{"measure": "kpi:k", "read": "actual", "at_most": "4"}, {"component": "c", "at_least": "1"}]}]
    result = one({**whole, "gates": either}, person)
    check("a component that reads itself", "components in a circle", result, "why")
    capped = {**whole, "cap": {"times_target": "0.5"}}
    payout("a cap", "900.00", capped, person, "capped")
    payout("a floor", "100.00", {**gated({"at_most": "4"}), "floor": {"amount": "100"}}, person, "gated")
    payout("no floor without data", "0.00", {**whole, "floor": {"amount": "100"}}, {}, "no_data")
    for name, expected, plan in (
        ("a modifier", "1980.00", {"modifiers": [modifier(factor="value", max="1.1")]}),
        ("a modifier's steps", "900.00", {"modifiers": [modifier(factor=steps(("0", "0.5"), ("6", "2")))]}),
        ("a modifier, missing", "1800.00", {"modifiers": [modifier(measure="kpi:z", factor="value")]}),
        ("missing as zero", "0.00", {"modifiers": [modifier(measure="kpi:z", factor="value", missing="zero")]}),
        ("the plan's cap", "1000.00", {"limits": {"cap": {"amount": "1000"}}}),
        ("the plan's floor", "3600.00", {"limits": {"floor": {"times_target": "2"}}}),
        ("two thirds of the year", "1200.00", {"proration": {"applies_to": "payout"}}),
    ):
        result = one(whole, {**person, "eligible_days": "60", "period_days": "90"}, plan)
        check(name, expected, result, "participants", 0, "earned")


def modifier(**more):
    return {"id": "m", "measure": "kpi:k", "read": "actual", **more}


def steps(*pairs):
    return {"steps": [{"from": start, "times": times} for start, times in pairs]}


def prorations():
    whole = curve([("0", "0"), ("1", "1")], above="extend")
    days = {"eligible_days": "45", "period_days": "90", "fte": "0.8"}
    person = {**values("100", "100"), **days}
    payout("half the days", "900.00", whole, person, plan={"proration": {"applies_to": "target"}})
    payout("half the goal", "3600.00", whole, person, plan={"proration": {"applies_to": "goal"}})
    payout("both", "1800.00", whole, person, plan={"proration": {"applies_to": ["goal", "target"]}})
    payout("and part time", "720.00", whole, person, plan={"proration": {"applies_to": "target", "fte": True}})
    # 31 + 28 + 31 = 90 days; hired on 15 February: 14 + 31 = 45
    period = {"period": {"from": "2026-01-01", "to": "2026-03-31"}}
    hired = {**values("100", "100"), "hire_date": "2026-02-15"}

    def earned(name, expected, proration, person, more=None):
        plan = {"proration": {"applies_to": "target", **proration}}
        payout(name, expected, whole, person, plan=plan, inputs={**period, **(more or {})})

    earned("from hire", "900.00", {}, hired)
    earned("hire day not counted", "880.00", {"hire_day": "not_counted"}, hired)
    earned("from next month", "620.00", {"new_hires": "from_next_month"}, hired)
    earned("after 14 days", "620.00", {"new_hires": {"after_days": "14"}}, hired)
    away = {**values("100", "100"), "absences": [{"from": "2026-01-22", "to": "2026-02-05"}]}
    earned("fifteen days away", "1500.00", {}, away)
    earned("within the grace", "1800.00", {"absence_grace_days": "15"}, away)
    # January to March 2026 has 22 + 20 + 22 = 64 working days; 16 to 28 February 10, all of March 22: a half
    monday = {**values("100", "100"), "hire_date": "2026-02-16"}
    earned("working days", "900.00", {"basis": "working_days"}, monday)
    parts = {"measures": {"c": {"actual": "75", "goal_parts": [{"goal": "100", "days": "45"}, {"goal": "50", "days": "45"}]}}}
    payout("goal parts", "1800.00", whole, {**parts, **days})
    result = one(whole, values("0", "100"), {"proration": {"new_hires": {"guarantee": "0.5"}}}, period)
    check("not hired in the period", "0.00", result, "participants", 0, "earned")
    person = {**hired, "measures": {"c": {"actual": "0", "goal": "100"}}}
    result = one(whole, person, {"proration": {"new_hires": {"guarantee": "0.5"}}}, period)
    check("a new hire's guarantee", "900.00", result, "participants", 0, "earned")


def payments():
    paid("nothing between", "1000.00", {}, {"earned": "1000"}, {"earned_to_date": "1000.00"})
    approved = [{"amount": "10", "reason": "a"}, {"amount": "500", "reason": "b", "approved": False}]
    paid("an adjustment", "1010.00", {}, {"earned": "1000", "adjustments": approved}, {"earned_to_date": "1000.00"})
    to_date = {"earned": "1000", "balances": {"earned_to_date": "700"}}
    paid("true-up", "300.00", {}, dict(to_date), {"earned_to_date": "1000.00"}, {"true_up": "year_to_date"})
    over = {"earned": "500", "balances": {"earned_to_date": "700"}}
    paid("true-up, carried", "0.00", {}, dict(over), {"carried": "-200.00"}, {"true_up": "year_to_date"})
    paid("true-up, paid back", "-200.00", {}, dict(over), None, {"true_up": "year_to_date", "negative": "pay"})
    forgiven = {"true_up": "year_to_date", "negative": "floor_at_zero"}
    paid("true-up, forgiven", "0.00", {}, dict(over), {"carried": "0.00"}, forgiven)
    back = {"holdback": {"share": "0.1"}}
    released = {"earned": "1000", "balances": {"holdback": "50"}, "release_holdback": "30"}
    paid("holdback", "930.00", back, released, {"holdback": "120.00"})
    later = {"holdback": {"share": "0.1", "release": {"after_months": "1"}}}
    held = {"earned": "1000", "balances": {"held": [{"amount": "7", "earned_on": "2026-01-31"}]}}
    left = {"held": [{"amount": "100.00", "earned_on": "2026-02-28"}], "holdback": "0.00"}
    paid("held for a month", "907.00", later, held, left, None, {"as_of": "2026-02-28"})
    draw = {"draw": {"amount": "500"}}
    paid("draw", "500.00", draw, {"earned": "300"}, {"draw": "200.00"})
    paid("draw recovered", "550.00", draw, {"earned": "700", "balances": {"draw": "150"}}, {"draw": "0.00"})
    slow = {"draw": {"amount": "500", "recovery_share": "0.5"}}
    paid("half of it", "600.00", slow, {"earned": "700", "balances": {"draw": "150"}}, {"draw": "50.00"})
    ended = {"draw": {"amount": "500", "until": "1"}}
    number = {"period_number": "2"}
    paid("after its end", "150.00", ended, {"earned": "300", "balances": {"draw": "150"}}, {"draw": "0.00"}, None, number)
    paid("paid in advance", "0.00", {"draw": {"amount": "500", "paid_in_advance": True}}, {"earned": "300"}, {"draw": "200.00"})
    paid("guarantee", "400.00", {"guarantee": {"amount": "400"}}, {"earned": "300"}, {"draw": "0.00"})
    paid("own guarantee", "350.00", {"guarantee": {"amount": "400"}}, {"earned": "300", "guarantee": "350"})
    paid("old debt", "100.00", {}, {"earned": "300", "balances": {"carried": "-200"}}, {"carried": "0.00"})
    paid("payment cap", "250.00", {"cap": {"amount": "250"}}, {"earned": "300"}, {"carried": "50.00"})


def printing():
    for text, places in (("0.3333333333333333", "0.333333333333"), ("0.5", "0.5"), ("12", "12")):
        check("a figure", places, {"x": twin.figure(twin.Fraction(text))}, "x")
    check("two thirds", "0.666666666667", {"x": twin.figure(twin.Fraction(2, 3))}, "x")
    from basics import round_to

    rows = {
        "half_up": ["3", "-3", "2", "-2"],
        "half_down": ["2", "-2", "2", "-2"],
        "half_even": ["2", "-2", "2", "-2"],
        "up": ["3", "-3", "3", "-3"],
        "down": ["2", "-2", "2", "-2"],
        "ceiling": ["3", "-2", "3", "-2"],
        "floor": ["2", "-3", "2", "-3"],
    }
    for mode, wanted in rows.items():
        for number, expected in zip(["2.5", "-2.5", "2.1", "-2.1"], wanted):
            rounded = round_to(twin.Fraction(number), 0, mode)
            check(f"{number} {mode}", expected, {"x": twin.figure(rounded)}, "x")


def main():
    for checks in (
        curves, rates, tables, populations, lines, gates_and_limits, prorations, payments, printing
    ):  # fmt: skip
        checks()
    for failure in FAILED:
        print(failure)
    print(f"self-check of the twin: {DONE - len(FAILED)} right, {len(FAILED)} wrong")
    return 1 if FAILED else 0


if __name__ == "__main__":
    sys.exit(main())
