"""Sections 1 and 5 of docs/plan-format.md: numbers, rounding, reading of objects, bands, curves, dates."""

import calendar
import datetime
import re
from fractions import Fraction


class Refused(Exception):
    """The document or the inputs are refused."""


# which rules of the page the case in hand has reached: for the coverage report of compare.py only
RULES = set()


def reached(rule):
    RULES.add(rule)


def refuse_unless(condition, why):
    if not condition:
        raise Refused(why)


# ---------------------------------------------------------------------------------------------------------------------
# Section 1: numbers, rounding, names


class Written(str):
    """A plain JSON number, kept as it was written."""


DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def decimal(value):
    """A decimal is a JSON string or a plain JSON number; both are read exactly from their digits."""
    refuse_unless(isinstance(value, str) and DECIMAL.fullmatch(value), f"{value!r} is no decimal")
    number = Fraction(value)
    scaled = number * 10**12
    refuse_unless(scaled.denominator == 1, f"{value}: more than 12 places")
    refuse_unless(len(str(abs(scaled.numerator)).rstrip("0")) <= 28, f"{value}: more than 28 digits")
    refuse_unless(abs(number) <= 10**15, f"{value}: above 10^15")
    return number


def optional_decimal(value):
    return None if value is None else decimal(value)


def weight(value):
    """A weight may also be a fraction of whole numbers from 1 to 1,000,000."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,7}/[0-9]{1,7}", value):
        above_line, below_line = (int(part) for part in value.split("/"))
        refuse_unless(1 <= above_line <= 1_000_000 and 1 <= below_line <= 1_000_000, f"weight {value}")
        return Fraction(above_line, below_line)
    return decimal(value)


def whole(value):
    number = decimal(value)
    refuse_unless(number.denominator == 1, f"{value} is no whole number")
    return int(number)


def round_to(value, scale, mode):
    """Rounded at `scale` places."""
    unit = Fraction(1, 10**scale)
    units = value / unit
    lower = units.numerator // units.denominator  # towards minus infinity
    if units == lower:
        return value
    upper = lower + 1
    towards_zero = lower if value > 0 else upper
    away = upper if value > 0 else lower
    part = units - lower
    if mode == "half_up":
        chosen = away if part == Fraction(1, 2) else (upper if part > Fraction(1, 2) else lower)
    elif mode == "half_down":
        chosen = towards_zero if part == Fraction(1, 2) else (upper if part > Fraction(1, 2) else lower)
    elif mode == "half_even":
        even = lower if lower % 2 == 0 else upper
        chosen = even if part == Fraction(1, 2) else (upper if part > Fraction(1, 2) else lower)
    elif mode == "up":
        chosen = away
    elif mode == "down":
        chosen = towards_zero
    elif mode == "ceiling":
        chosen = upper
    elif mode == "floor":
        chosen = lower
    else:
        raise Refused(f"rounding mode {mode}")
    return chosen * unit


def with_places(value, places):
    """Printed with exactly `places` places; the value must fit."""
    scaled = value * 10**places
    assert scaled.denominator == 1
    digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
    text = digits if places == 0 else digits[:-places] + "." + digits[-places:]
    return "-" + text if value < 0 else text


def figure(value):
    """A figure the plan does not round: the shortest decimal of at most 12 places, else half-even at 12 places."""
    if value is None:
        return None
    for places in range(13):
        if (value * 10**places).denominator == 1:
            return with_places(value, places)
    return figure(round_to(value, 12, "half_even"))


# ---------------------------------------------------------------------------------------------------------------------
# Reading of objects: unknown fields and double fields are refused, null is the same as absent


def without_doubles(pairs):
    names = [name for name, _ in pairs]
    refuse_unless(len(names) == len(set(names)), "a double field")
    return {name: value for name, value in pairs if value is not None}


def fields(thing, required, optional):
    refuse_unless(isinstance(thing, dict), "an object is needed")
    for name in required.split():
        refuse_unless(name in thing, f"{name} is missing")
    for name in thing:
        refuse_unless(name in required.split() or name in optional.split(), f"unknown field {name}")
    return thing


def one_of(value, words):
    refuse_unless(isinstance(value, str) and value in words.split(), f"{value!r} is none of {words}")
    return value


def code(value):
    refuse_unless(isinstance(value, str) and not isinstance(value, Written), "a code is a string")
    refuse_unless(1 <= len(value) <= 100 and value == value.strip(), f"code {value!r}")
    refuse_unless(not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in value), f"code {value!r}")
    return value


def boolean(value):
    refuse_unless(value is True or value is False, f"{value!r} is no boolean")
    return value


def listing(value, at_least=0):
    refuse_unless(isinstance(value, list) and len(value) >= at_least, "a list is needed")
    return value


def date(value):
    refuse_unless(isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value), f"date {value!r}")
    try:
        return datetime.date.fromisoformat(value)
    except ValueError as error:
        raise Refused(str(error)) from error


def rising(numbers):
    refuse_unless(all(a < b for a, b in zip(numbers, numbers[1:])), "numbers must rise")


# ---------------------------------------------------------------------------------------------------------------------
# Section 5: bands and curves


def band_reached(starts, index, x, boundary):
    """Bands begin at `from`, inclusive. `boundary: to`: a value on a border belongs to the lower band, the first band
    still includes its own start. A first band without `from` has no lower end."""
    start = starts[index]
    if start is None:
        reached("band without start")
        return True
    if x == start:
        reached("on a border, " + boundary)
    if boundary == "to" and index > 0:
        return x > start
    return x >= start


def band_of(starts, ends, x, boundary):
    """The index of the band that contains x, or None. `ends` are the bands' own `to`, None where there is none."""
    highest = None
    for index in range(len(starts)):
        if band_reached(starts, index, x, boundary):
            highest = index
    if highest is None:
        return None
    end = ends[highest]
    if end is not None and (x > end if boundary == "to" else x >= end):
        reached("beyond a band's own end")
        return None
    return highest


def line_through(a, b, x):
    (ax, ay), (bx, by) = a, b
    return ay + (x - ax) * (by - ay) / (bx - ax)


def curve(spec, x, below_default):
    """5.1: (pay, reached)."""
    points = [(decimal(p["at"]), decimal(p["pay"])) for p in spec["points"]]
    between = spec.get("between", "linear")
    below = spec.get("below", below_default)
    above = spec.get("above", "hold")
    boundary = spec.get("boundary", "from")
    if x < points[0][0]:
        reached("curve below: " + below)
        if below == "zero":
            return Fraction(0), False
        if below == "extend" and between == "linear" and len(points) > 1:
            return line_through(points[0], points[1], x), True
        return points[0][1], True
    reached("curve " + between)
    if between == "step":
        starts = [at for at, _ in points]
        return points[band_of(starts, [None] * len(points), x, boundary)][1], True
    if x > points[-1][0]:
        reached("curve above: " + above)
        if above == "extend" and len(points) > 1:
            return line_through(points[-2], points[-1], x), True
        return points[-1][1], True
    if len(points) == 1:
        return points[0][1], True
    for a, b in zip(points, points[1:]):
        if a[0] <= x <= b[0]:
            return line_through(a, b, x), True
    raise AssertionError("unreachable")


def clamp(value, low, high):
    if low is not None and value < low:
        value = low
    if high is not None and value > high:
        value = high
    return value


def sign(value):
    return (value > 0) - (value < 0)


def largest_remainder(total, shares, scale):
    """5.7: the rounded `total` in proportion to `shares` (id -> share, some above zero). The parts sum to the total."""
    if total < 0:
        return {name: -part for name, part in largest_remainder(-total, shares, scale).items()}
    unit = Fraction(1, 10**scale)
    whole_sum = sum(shares.values())
    exact = {name: total * share / whole_sum for name, share in shares.items()}
    parts = {name: round_to(value, scale, "down") for name, value in exact.items()}
    left = (total - sum(parts.values())) / unit
    assert left.denominator == 1
    by_remainder = sorted(shares, key=lambda name: (-(exact[name] - parts[name]), name.encode("utf-8")))
    for name in by_remainder[: int(left)]:
        parts[name] += unit
    assert sum(parts.values()) == total
    return parts


def ratio(actual, goal):
    """Attainment; a missing or zero goal never divides."""
    if actual is None or goal is None or goal == 0:
        return None
    return actual / goal


def above(actual, goal):
    if actual is None or goal is None:
        return None
    return max(Fraction(0), actual - goal)


def held_line(points, x):
    """On the straight lines between the points, held beyond the last; x is not below the first."""
    for a, b in zip(points, points[1:]):
        if a[0] <= x <= b[0]:
            return line_through(a, b, x)
    return points[-1][1]


def within(value, bounds):
    if "at_least" in bounds and not value >= decimal(bounds["at_least"]):
        return False
    if "more_than" in bounds and not value > decimal(bounds["more_than"]):
        return False
    if "at_most" in bounds and not value <= decimal(bounds["at_most"]):
        return False
    return not ("less_than" in bounds and not value < decimal(bounds["less_than"]))


def matches(line, when):
    """5.9: all given must hold."""
    named = {
        "products": "product",
        "categories": "category",
        "channels": "channel",
        "customers": "customer",
        "territories": "territory",
    }
    for name, wanted in when.items():
        if name in named:
            holds = line.get(named[name]) in wanted
        elif name == "attributes":
            holds = all(line.get("attributes", {}).get(key) in values for key, values in wanted.items())
        elif name in ("amount", "quantity"):
            holds = name in line and within(abs(decimal(line[name])), wanted)
        elif name == "numbers":
            holds = all(number_within(line.get("attributes", {}).get(key), bounds) for key, bounds in wanted.items())
        elif name == "from":
            holds = "date" in line and date(line["date"]) >= date(wanted)
        else:
            holds = "date" in line and date(line["date"]) <= date(wanted)
        if not holds:
            return False
    return True


def number_within(text, bounds):
    """An attribute read as a decimal; absent or no decimal: no match."""
    try:
        return text is not None and within(decimal(text), bounds)
    except Refused:
        return False


def specificity(when):
    """Compared in this order: whether the rule names customers, products, attributes, categories, channels,
    territories, ranges."""
    ranges = any(name in when for name in ("amount", "quantity", "numbers", "from", "to"))
    names = ("customers", "products", "attributes", "categories", "channels", "territories")
    return tuple(name in when for name in names) + (ranges,)


def falls_due(earned_on, release):
    """earned_on + N; the last day of a shorter month stands for a missing day."""
    if "after_days" in release:
        return earned_on + datetime.timedelta(days=whole(release["after_days"]))
    months = earned_on.year * 12 + earned_on.month - 1 + whole(release["after_months"])
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(earned_on.day, last))
