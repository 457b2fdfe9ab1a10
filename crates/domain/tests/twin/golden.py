#!/usr/bin/env python3
"""Runs the twin on the golden cases (`tests/golden/*.json`) and on `docs/examples`: figures worked out by others.

    golden.py

The same files are evaluated by the engine in `tests/golden.rs`; a figure that only one of the two gets is found here.
"""

import json
import pathlib
import sys
from fractions import Fraction

import basics
import twin
from generate_numbers import Raw, dump

HERE = pathlib.Path(__file__).resolve().parent
GOLDEN = HERE.parent / "golden"
EXAMPLES = HERE.parents[3] / "docs" / "examples"
ALONE = "P"


def number(value):
    try:
        return Fraction(value) if isinstance(value, str) else None
    except ValueError:
        return None


def same(expected, found):
    """Equal as numbers, else as they stand; an expected object may leave fields out."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return all(same(value, found.get(name)) for name, value in expected.items())
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(same, expected, found))
    if number(expected) is not None and number(found) is not None:
        return number(expected) == number(found)
    return expected == found


def load(path):
    text = path.read_text(encoding="utf-8")
    return json.loads(text, parse_float=basics.Written, parse_int=basics.Written)


def as_raw(value):
    """What `load` read, ready to be written as it was."""
    if isinstance(value, basics.Written):
        return Raw(value)
    if isinstance(value, dict):
        return {name: as_raw(inner) for name, inner in value.items()}
    return [as_raw(inner) for inner in value] if isinstance(value, list) else value


def for_everybody(inputs, expect):
    if "participants" in inputs:
        return inputs, expect
    return {"participants": [{**inputs, "id": ALONE}]}, {"participants": {ALONE: expect}}


class Check:
    def __init__(self):
        self.evaluations = 0
        self.departs = []

    def evaluate(self, place, plan, inputs, expect):
        """The balances by participant."""
        self.evaluations += 1
        inputs, expect = for_everybody(inputs, expect)
        result = twin.evaluate(dump(as_raw({"plan": plan, "inputs": inputs})))
        if "refused" in result:
            self.departs.append(f"{place}: refused: {result['why']}")
            return {}
        people = {p["id"]: p for p in result["participants"]}
        for name, wanted in expect["participants"].items():
            self.compare(f"{place} {name}", wanted, people[name])
        return {name: p["balances"] for name, p in people.items()}

    def compare(self, place, wanted, found):
        components = {c["id"]: c for c in found["components"]}
        for key, value in wanted.items():
            if key == "components":
                for name, figures in value.items():
                    figures = figures if isinstance(figures, dict) else {"payout": figures}
                    for figure, expected in figures.items():
                        got = components.get(name, {}).get(figure)
                        if not same(expected, got):
                            self.departs.append(f"{place}: {name}.{figure}: expected {expected}, the twin says {got}")
            elif not same(value, found.get(key)):
                self.departs.append(f"{place}: {key}: expected {value}, the twin says {found.get(key)}")

    def refused(self, place, plan, expected):
        self.evaluations += 1
        result = twin.evaluate(dump(as_raw({"plan": plan, "inputs": {"participants": []}})))
        if ("refused" in result) != expected:
            self.departs.append(f"{place}: refused: expected {expected}, the twin says {result}")


def golden(check):
    for path in sorted(GOLDEN.glob("*.json")):
        document = load(path)
        for case in document["cases"]:
            plan = case["plan"]
            if not isinstance(plan, dict):
                plan = document["plans"][plan]
            if "rows" in case:
                for row in case["rows"]:
                    check.evaluate(f"{case['id']}/{row['id']}", plan, row["inputs"], row["expect"])
            elif "steps" in case:
                balances = {}
                for step in case["steps"]:
                    inputs, expect = for_everybody(step["inputs"], step["expect"])
                    for p in inputs["participants"]:
                        p["balances"] = balances.get(p["id"], p.get("balances", {}))
                    balances = check.evaluate(f"{case['id']}/{step['id']}", plan, inputs, expect)
            elif "expect" in case:
                check.evaluate(case["id"], plan, case["inputs"], case["expect"])
            else:
                check.refused(case["id"], plan, "refused" in case)


def examples(check):
    for path in sorted(EXAMPLES.glob("*.inputs.json")):
        name = path.name.removesuffix(".inputs.json")
        plan, expect = (load(EXAMPLES / f"{name}.{part}.json") for part in ("plan", "expect"))
        check.evaluate(name, plan, load(path), expect)


def main():
    check = Check()
    golden(check)
    examples(check)
    for line in check.departs:
        print(line)
    print(f"golden cases by the twin: {check.evaluations} evaluations, {len(check.departs)} figures depart")
    return 1 if check.departs or not check.evaluations else 0


if __name__ == "__main__":
    sys.exit(main())
