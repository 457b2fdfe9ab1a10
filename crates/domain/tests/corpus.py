#!/usr/bin/env python3
"""Plans with inputs, one `{"plan": …, "inputs": …}` a line: docs/examples, every golden case, random cases of the twin.

    corpus.py [--random 2000] [--seed 1] > corpus.ndjson

Used by scripts/test-wasm, by scripts/fuzz as seeds, and by whoever wants many plans. Numbers stay as they are written.
"""

import argparse
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "twin"))

import generate
from generate_numbers import Raw, dump

EXAMPLES = HERE.parents[2] / "docs" / "examples"
NOBODY = {"participants": []}


def load(path):
    return json.loads(path.read_text(encoding="utf-8"), parse_float=Raw, parse_int=Raw)


def case(plan, inputs):
    if "participants" not in inputs:
        inputs = {"participants": [{"id": "P", **inputs}]}
    return dump({"plan": plan, "inputs": inputs})


def examples():
    for path in sorted(EXAMPLES.glob("*plan.json")):
        inputs = path.with_name(path.name.replace("plan.json", "inputs.json"))
        yield case(load(path), load(inputs) if inputs.exists() else NOBODY)


def golden():
    for path in sorted((HERE / "golden").glob("*.json")):
        file = load(path)
        for one in file["cases"]:
            plan = one["plan"] if isinstance(one["plan"], dict) else file["plans"][one["plan"]]
            for row in one.get("rows") or one.get("steps") or [one]:
                yield case(plan, row.get("inputs", NOBODY))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--random", type=int, default=2000)
    options.add_argument("--seed", default="1")
    chosen = options.parse_args()
    lines = [*examples(), *golden()]
    if len(lines) < 300:
        sys.exit(f"only {len(lines)} examples and golden cases: have they moved?")
    lines += [generate.case(chosen.seed, index)[0] for index in range(chosen.random)]
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write("".join(line + "\n" for line in lines))


if __name__ == "__main__":
    main()
