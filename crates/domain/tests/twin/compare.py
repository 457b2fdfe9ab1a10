#!/usr/bin/env python3
"""Compares the engine with the twin on random cases, field by field, as strings.

    compare.py --engine "target/release/examples/evaluate_lines" --seed 1 --count 4000 [--keep DIR]

The engine reads cases and writes results one per line, as twin.py does. A case that differs is written to DIR, made
smaller as long as it still differs, and printed. The exit code is 1 when anything differs, when the engine stops before
the last case, or when the cases did not reach every payout kind, state and payment step.
"""

import argparse
import json
import multiprocessing
import pathlib
import re
import shlex
import subprocess
import sys
import time
from collections import Counter

import generate
import twin
from generate_numbers import Raw, dump
from reach import missing_rules

CHUNK = 500


def run_engine(engine, lines):
    """The engine's answers, one for each line; fewer where it broke off. With what it said on its way out."""
    done = subprocess.run(
        shlex.split(engine), input="\n".join(lines) + "\n", capture_output=True, text=True, encoding="utf-8", check=False
    )
    answers = done.stdout.splitlines()
    said = "" if done.returncode == 0 else f"exit code {done.returncode}: {done.stderr[-2000:]}"
    return answers, said


def differences(expected, found, path=""):
    """Every (path, twin's value, engine's value) that differ. The engine may print more than the twin."""
    if isinstance(expected, dict) and isinstance(found, dict):
        out = []
        for name, value in expected.items():
            out += differences(value, found.get(name), f"{path}.{name}")
        return out
    if isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            return [(path, f"{len(expected)} items", f"{len(found)} items")]
        out = []
        for index, (mine, theirs) in enumerate(zip(expected, found)):
            out += differences(mine, theirs, f"{path}[{index}]")
        return out
    if expected == found or (expected == [] and found is None):
        return []
    return [(path, expected, found)]


def judge(expected, answer):
    """The differences between the twin's result and the engine's line."""
    if answer is None:
        return [("", "a result", "nothing: the engine stopped")]
    try:
        found = json.loads(answer)
    except ValueError:
        return [("", "a result", answer[:200])]
    refused = bool(found.get("refused")) if isinstance(found, dict) else False
    if "refused" in expected or refused:
        mine = "refused: " + expected["why"] if "refused" in expected else "a result"
        theirs = "refused " + answer[:300] if refused else "a result"
        return [] if "refused" in expected and refused else [("", mine, theirs)]
    return differences(expected, found)


def work(job):
    """One chunk: (cases, Counter of rules reached, failures as (index, line, differences))."""
    engine, seed, first, count = job
    lines, expected, rules = [], [], Counter()
    wrongly = []
    for index in range(first, first + count):
        line, broken = generate.case(seed, index)
        reached = set()
        result = twin.evaluate(line, reached)
        rules.update(reached)
        if broken != ("refused" in result):
            wrongly.append((index, line, [("", f"broken on purpose: {broken}", f"the twin: {str(result)[:200]}")]))
        lines.append(line)
        expected.append(result)
    failures = wrongly
    answers, said = run_engine(engine, lines)
    if len(answers) < len(lines):
        # one case stops the engine: the others are asked one by one
        answers = []
        for line in lines:
            single, said = run_engine(engine, [line])
            answers.append(single[0] if single else None)
    for offset, (line, result, answer) in enumerate(zip(lines, expected, answers)):
        differ = judge(result, answer)
        if differ and answer is None:
            differ.append(("", "", said))
        if differ:
            failures.append((first + offset, line, differ))
    return count, rules, failures


def label(line, differ):
    """To show different differences: the field, and the payout kind where it is a component's."""
    path = differ[0][0]
    found = re.search(r"\.components\[(\d+)\]", path)
    kind = json.loads(line)["plan"]["components"][int(found[1])]["payout"]["kind"] if found else ""
    return f"{kind} {kind_of(differ)} {differ[0][1] if path.endswith('.state') else ''}".strip()


# --- making a case smaller


def parse(line):
    return json.loads(line, parse_float=Raw, parse_int=Raw)


def kind_of(differ):
    """What a smaller case must still show: the same field, or the same disagreement on refusing."""
    path, mine, theirs = differ[0]
    if path:
        return path.rsplit(".", 1)[-1]
    return ("twin refuses" if mine.startswith("refused") else "") + ("engine refuses" if "refused" in theirs else "")


def places(value, path=()):
    """The paths of everything inside, the large things first."""

    def below(value, path):
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for step, thing in inner:
            yield (*path, step)
            yield from below(thing, (*path, step))

    return sorted((p for p in below(value, path) if p not in (("plan",), ("inputs",))), key=len)


def without(case, path):
    """Copies of the case with the thing at `path` left out."""
    copy = parse(dump(case))
    holder = copy
    for step in path[:-1]:
        holder = holder[step]
    gone = holder.pop(path[-1])
    yield copy
    if path[:-1] == ("plan", "components"):
        # the weights of the others need not sum to 1 when they are on top
        for c in holder:
            if "weight" in c:
                c["on_top"] = True
        yield copy
    if path[:-1] == ("inputs", "participants"):
        for p in holder:
            p["team"] = [name for name in p.get("team", []) if name != gone["id"]]
            if p.get("manager") == gone["id"]:
                del p["manager"]
        yield copy


def shrink(engine, line, differ, seconds=30):
    """Leaves things out as long as the case still differs in the same way."""
    wanted = kind_of(differ)
    deadline = time.monotonic() + seconds
    case = parse(line)

    def still(smaller):
        text = dump(smaller)
        try:
            result = twin.evaluate(text)
        except Exception:  # the twin expects whole objects; a hole that breaks it is no smaller case
            return False
        answers, _ = run_engine(engine, [text])
        return any(kind_of([one]) == wanted for one in judge(result, answers[0] if answers else None))

    progress = True
    while progress:
        progress, at = False, 0
        while at < len(places(case)) and time.monotonic() < deadline:
            found = next((smaller for smaller in without(case, places(case)[at]) if still(smaller)), None)
            if found is None:
                at += 1
            else:
                case, progress = found, True
    text = dump(case)
    answers, said = run_engine(engine, [text])
    return text, judge(twin.evaluate(text), answers[0] if answers else None), said


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--engine", required=True, help="the command that evaluates lines")
    options.add_argument("--seed", default="1")
    options.add_argument("--count", type=int, default=4000)
    options.add_argument("--keep", help="a folder for the cases that differ")
    options.add_argument("--show", type=int, default=3, help="how many differences to make smaller and print")
    options.add_argument("--report", action="store_true", help="print how often each rule was reached")
    chosen = options.parse_args()

    jobs = [
        (chosen.engine, chosen.seed, first, min(CHUNK, chosen.count - first))
        for first in range(0, chosen.count, CHUNK)
    ]
    rules, failures, done, last = Counter(), [], 0, 0
    with multiprocessing.Pool(2) as pool:
        for count, reached, failed in pool.imap_unordered(work, jobs):
            done += count
            rules.update(reached)
            failures += failed
            if done - last >= 4000:
                last = done
                print(f"{done} of {chosen.count}, {len(failures)} differ", flush=True)

    failures.sort()
    for index, line, differ in failures:
        if chosen.keep:
            folder = pathlib.Path(chosen.keep)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{chosen.seed}-{index}.json").write_text(line + "\n", encoding="utf-8")
    shown = set()
    for what, times in Counter(label(line, differ) for _, line, differ in failures).most_common():
        print(f"{times:6} differ first in: {what}")
    for index, line, differ in failures:
        if len(shown) >= chosen.show:
            break
        if label(line, differ) in shown:
            continue
        shown.add(label(line, differ))
        small, differ, said = shrink(chosen.engine, line, differ)
        print(f"\ncase {index} of seed {chosen.seed}, made smaller:\n{small}")
        for path, mine, theirs in differ[:10]:
            print(f"  {path or 'the whole'}: twin {mine!r}, engine {theirs!r}")
        if said:
            print("  " + said)
        if chosen.keep:
            (pathlib.Path(chosen.keep) / f"{chosen.seed}-{index}.small.json").write_text(small + "\n", encoding="utf-8")
    if chosen.report:
        for rule, times in sorted(rules.items()):
            print(f"{times:8} {rule}")
    missing = missing_rules(rules)
    for rule in missing:
        print(f"never reached: {rule}")
    print(f"{len(rules)} rules reached")
    print(f"{done - len(failures)} passed, {len(failures)} failed")
    return 1 if failures or missing else 0


if __name__ == "__main__":
    sys.exit(main())
