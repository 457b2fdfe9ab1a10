#!/usr/bin/env python3
"""Random plans and populations for the twin: mostly valid, reaching every rule of docs/plan-format.md.

    generate.py --seed 1 --count 1000 [--first 0] > cases.ndjson

The same seed gives the same cases; case i depends on the seed and i alone. Numbers come from small pools on purpose:
so that values stand exactly on borders, tie with one another, and make half cents and thirds.
"""

import argparse
import random

from generate_broken import Broken
from generate_numbers import dump

BROKEN_SHARE = 0.02


def case(seed, index):
    """Case `index` of a seed: (the line, whether it was broken on purpose)."""
    maker = Broken(random.Random(f"{seed}:{index}"))
    plan = maker.plan()
    inputs = maker.inputs(plan)
    broken = maker.chance(BROKEN_SHARE)
    if broken:
        maker.break_one(plan, inputs)
    return dump({"plan": plan, "inputs": inputs}), broken


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", default="1")
    options.add_argument("--count", type=int, default=100)
    options.add_argument("--first", type=int, default=0, help="the number of the first case")
    chosen = options.parse_args()
    for index in range(chosen.first, chosen.first + chosen.count):
        print(case(chosen.seed, index)[0])


if __name__ == "__main__":
    main()
