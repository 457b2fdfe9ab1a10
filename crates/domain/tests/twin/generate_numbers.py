"""Numbers and texts for the generator."""

import json
from fractions import Fraction


class Raw(str):
    """A JSON number, as it shall be written."""


def dump(value):
    """JSON, with numbers kept as written."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(json.dumps(k, ensure_ascii=False) + ":" + dump(v) for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(dump(v) for v in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def exact(value):
    """The decimal of a fraction that has one of at most 12 places, else None."""
    scaled = value * 10**12
    if scaled.denominator != 1:
        return None
    digits = str(abs(scaled.numerator)).rjust(13, "0")
    text = (digits[:-12] + "." + digits[-12:]).rstrip("0").rstrip(".")
    return "-" + text if value < 0 else text


ATTAINMENTS = ["0", "0.5", "0.8", "0.9", "0.95", "1", "1.05", "1.1", "1.2", "1.5", "2", "0.333333333333", "0.7999"]
AMOUNTS = ["0", "10", "50", "100", "150", "1000", "2500", "0.3", "33.33", "100000", "0.005", "7", "1.125"]
GOALS = ["100", "100", "100", "1000", "3", "7", "90", "0.3", "120000", "50", "1"]
PAYS = ["0", "0.5", "1", "1.5", "2", "0.25", "0.3333", "0.125", "3", "1.005"]
RATES = ["0.01", "0.02", "0.05", "0.1", "0.0375", "0.333333333333", "0", "1", "0.00125", "2"]
MONEY = ["0", "10", "100", "250", "500", "1000", "33.33", "0.01", "12.5", "99.99", "3000"]
ODD_MONEY = ["0.005", "10.125", "33.335", "1.0050", "0.0000005", "166.666666666667", "2.675", "1234567.891"]
NASTY = ["1000000000000", "0.000000000001", "123456789.123456789012", "99999999999.99", "0.1", "0.7", "999999.995"]
NASTY += ["1000000000000000", "999999999999999.999999999999", "0.499999999999", "333333333333.333333333333"]


class Numbers:
    """What every part of the generator needs: chances and choices from a seeded generator."""

    def __init__(self, rng):
        self.rng = rng

    def chance(self, probability):
        return self.rng.random() < probability

    def pick(self, options):
        return self.rng.choice(options)

    def some(self, options, at_least=1):
        """A non-empty choice of some of the options, in their order."""
        count = self.rng.randint(at_least, len(options))
        chosen = set(self.rng.sample(range(len(options)), count))
        return [option for index, option in enumerate(options) if index in chosen]

    def write(self, text):
        """A decimal as string or as plain number, sometimes with an exponent or with noughts at the end."""
        text = str(text)
        style = self.rng.random()
        if style < 0.6:
            return text
        if style < 0.7 and "." not in text and text != "0" and text.endswith("00"):
            return Raw(text[:-2] + "e2")
        if style < 0.72 and "." in text and len(text) < 10:
            return text + "00"
        return Raw(text)

    def number(self, pool, negative=0.0, nasty=0.0):
        """One of the pool; with these chances negated or one of the nasty ones."""
        text = self.pick(NASTY) if self.chance(nasty) else self.pick(pool)
        if text != "0" and self.chance(negative):
            text = "-" + text
        return text

    def rising(self, pool, count, negative=0.0):
        """At most `count` different numbers of the pool, rising."""
        numbers = {Fraction(self.number(pool, negative)) for _ in range(count)}
        return [exact(n) for n in sorted(numbers)]

    def booked(self, pool, negative=0.0):
        """Money as it is booked: with no more places than the plan's scale."""
        fit = [text for text in pool if (Fraction(text) * 10**self.scale).denominator == 1]
        return self.number(fit or ["0"], negative)

    def money(self, negative=0.0):
        return self.number(ODD_MONEY if self.chance(0.15) else MONEY, negative, 0.01)
