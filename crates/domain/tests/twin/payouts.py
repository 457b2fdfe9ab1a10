"""Section 5 of docs/plan-format.md: what each payout kind pays. Each gives (payout, whether anything was reached)."""

from fractions import Fraction

from basics import (
    above,
    band_of,
    band_reached,
    clamp,
    curve,
    decimal,
    held_line,
    largest_remainder,
    matches,
    optional_decimal,
    ratio,
    reached as mark,
    refuse_unless,
    sign,
    specificity,
    weight,
    whole,
)
from people import People


class Payouts(People):
    # --- Section 5: payout kinds; each gives (payout, reached)

    def pays(self, p, c, pay):
        """`share` × target, or as money."""
        if c["payout"].get("pays", "share") == "share":
            return pay * self.component_target(p, c)
        return pay

    def payout_curve(self, p, c, x):
        pay, reached = curve(c["payout"], x, "zero")
        return self.pays(p, c, pay), reached

    def tier_by(self, payout):
        return payout.get("tier_by", "attainment" if payout["mode"] == "overage" else "actual")

    def rate_value(self, p, c, name, x):
        """The value of `on` or `tier_by`."""
        if name == "actual":
            return x
        return self.attainment(p, c) if name == "attainment" else self.key_actual(p, name)

    def payout_rate(self, p, c, actual):
        payout = c["payout"]
        boundary = payout.get("boundary", "from")
        tiers = payout["tiers"]
        starts = [optional_decimal(tier.get("from")) for tier in tiers]
        ends = [optional_decimal(tier.get("to")) for tier in tiers]
        b = self.rate_value(p, c, payout.get("on", "actual"), actual)
        t = self.rate_value(p, c, self.tier_by(payout), actual)
        base_rate = payout.get("base_rate")
        if base_rate == "target_over_goal":
            base_rate = self.component_target(p, c) / self.goal(p, c)
        elif base_rate is not None:
            base_rate = decimal(base_rate)

        def rate(tier):
            if "rate" in tier:
                return decimal(tier["rate"])
            return base_rate * decimal(tier["times"]) if "times" in tier else Fraction(0)

        def clamped(tier, value):
            return clamp(value, optional_decimal(tier.get("min")), optional_decimal(tier.get("max")))

        def amount(tier):
            return decimal(tier.get("amount", "0"))

        mark("rate " + payout["mode"])
        if payout["mode"] == "marginal":
            same = payout.get("on", "actual") == self.tier_by(payout)
            total, entered_any = Fraction(0), False
            for index, tier in enumerate(tiers):
                f = starts[index]
                e = ends[index]
                if e is None and index + 1 < len(tiers):
                    e = starts[index + 1]
                entered = band_reached(starts, index, t, boundary)
                if e is not None and e <= 0:
                    entered = entered and (t <= e if boundary == "to" else t < e)
                if not entered:
                    continue
                entered_any = True
                length = clamp(t, f, e) - clamp(Fraction(0), f, e)
                if same:
                    part = length
                else:
                    mark("marginal of another base")
                    part = Fraction(0) if t == 0 else b * length / t
                total += clamped(tier, part * rate(tier) + amount(tier))
            return total, entered_any

        index = band_of(starts, ends, t, boundary)
        if payout["mode"] == "retroactive":
            if index is None:
                return Fraction(0), False
            return clamped(tiers[index], b * rate(tiers[index]) + amount(tiers[index])), True

        goal = self.goal(p, c)
        first_term = min(b, goal) * base_rate
        if index is None:
            mark("overage without tier")
            return first_term, True
        tier = tiers[index]
        return clamped(tier, first_term + max(Fraction(0), b - goal) * rate(tier) + amount(tier)), True

    def payout_bonus(self, p, c, x):
        payout = c["payout"]
        steps = payout["steps"]
        starts = [decimal(step["from"]) for step in steps]
        reached = [i for i in range(len(steps)) if band_reached(starts, i, x, payout.get("boundary", "from"))]
        mark("bonus " + payout.get("mode", "highest"))
        if not reached:
            return Fraction(0), False
        if payout.get("mode", "highest") == "highest":
            return decimal(steps[reached[-1]]["amount"]), True
        return sum((decimal(steps[i]["amount"]) for i in reached), Fraction(0)), True

    def axis_value(self, p, c, read):
        if isinstance(read, dict):
            return self.value_read(p, read)
        if read == "attainment":
            return self.attainment(p, c)
        if read == "actual":
            return self.actual(p, c)
        if read == "above_goal":
            return self.above_goal(p, c)
        return self.key_actual(p, read)

    def payout_grid(self, p, c):
        payout = c["payout"]
        common = payout.get("boundary", "from")
        rows = [decimal(v) for v in payout["rows"]["from"]]
        columns = [decimal(v) for v in payout["columns"]["from"]]
        cells = [[decimal(v) for v in row] for row in payout["cells"]]
        r = self.axis_value(p, c, payout["rows"]["read"])
        k = self.axis_value(p, c, payout["columns"]["read"])
        between = payout.get("between", "step")
        mark("grid " + between)
        if r < rows[0] or k < columns[0]:
            return Fraction(0), False
        if between == "step":
            row = band_of(rows, [None] * len(rows), r, payout["rows"].get("boundary", common))
            column = band_of(columns, [None] * len(columns), k, payout["columns"].get("boundary", common))
            cell = cells[row][column]
        else:
            in_rows = [self.along(columns, row, k) for row in cells]
            cell = self.along(rows, in_rows, r)
        pays = payout.get("pays", "share")
        mark("grid pays " + pays)
        if pays == "rate":
            return cell * self.actual(p, c), True
        return self.pays(p, c, cell), True

    def along(self, starts, values, x):
        """Straight lines between the band starts; beyond the last start held."""
        return held_line(list(zip(starts, values)), x)

    def score(self, p, objective):
        score = self.key_actual(p, objective["code"])
        if score is None:
            score = self.key_actual(p, "kpi:" + objective["code"])
        if score is not None:
            refuse_unless(0 <= score <= decimal(objective["max"]), "a score out of range")
        return score

    def payout_scorecard(self, p, c):
        payout = c["payout"]
        result = sum(
            (weight(o["weight"]) * self.score(p, o) / decimal(o["max"]) for o in payout["objectives"]), Fraction(0)
        )
        if "curve" not in payout:
            return result * self.component_target(p, c), True
        mark("scorecard curve")
        pay, reached = curve(payout["curve"], result, "zero")
        return pay * self.component_target(p, c), reached

    def takes_part(self, p, c):
        return self.state_before_payout(p, c) is None and not p.get("vacant", False)

    def group(self, p, c):
        """Those who take part, in p's group."""
        by = c["payout"].get("group", "plan")
        mark("group " + by)
        return [
            other
            for other in self.inputs["participants"]
            if (by == "plan" or other.get(by) == p.get(by)) and self.takes_part(other, c)
        ]

    def rank_value(self, p, c):
        by = c["payout"].get("by", "x")
        if by == "x":
            return self.x(p, c)
        return self.value_read(p, by) if isinstance(by, dict) else self.key_actual(p, by)

    def payout_rank(self, p, c):
        payout = c["payout"]
        ties = payout.get("ties", "best")
        awards = payout["awards"]
        members = self.group(p, c)
        n = len(members)
        mine = self.rank_value(p, c)
        if payout.get("order", "descending") == "descending":
            before = [m for m in members if self.rank_value(m, c) > mine]
        else:
            before = [m for m in members if self.rank_value(m, c) < mine]
        tied = [m for m in members if self.rank_value(m, c) == mine]
        first, m = len(before) + 1, len(tied)
        if m > 1:
            mark("ties " + ties)

        def award(place):
            for a in awards:
                if "to_rank" in a and place <= whole(a["to_rank"]):
                    return a
                if "to_percentile" in a and Fraction(place) / n <= decimal(a["to_percentile"]):
                    return a
            return None

        def worth(a):
            if a is None:
                return Fraction(0)
            return decimal(a["amount"]) if "amount" in a else decimal(a["share"])

        in_money = "amount" in awards[0]
        if ties == "share":
            won = [award(place) for place in range(first, first + m)]
            if all(a is None for a in won):
                return Fraction(0), False
            together = sum((worth(a) for a in won), Fraction(0))
            if in_money and m > 1:
                parts = largest_remainder(self.rounded(together), {t["id"]: Fraction(1) for t in tied}, self.scale)
                return parts[p["id"]], True
            mean = together / m
            return (mean if in_money else mean * self.component_target(p, c)), True
        place = Fraction(first) if ties == "best" else first + Fraction(m - 1, 2)
        a = award(place)
        if a is None:
            return Fraction(0), False
        return (worth(a) if in_money else worth(a) * self.component_target(p, c)), True

    def payout_pool(self, p, c):
        payout = c["payout"]
        members = self.group(p, c)
        spec = payout["pool"]
        if "amount" in spec:
            pool = decimal(spec["amount"])
        else:
            pool = decimal(spec["rate"]) * self.pool_base(c, spec["of"], members)
            mark("pool by rate")
        if "funding" in payout:
            pool *= self.funding(payout["funding"])
        pool = self.rounded(pool)
        shares = {m["id"]: max(Fraction(0), self.pool_share(m, c) or Fraction(0)) for m in members}
        if all(share == 0 for share in shares.values()):
            mark("pool without shares")
            return Fraction(0), False
        if pool < 0:
            mark("negative pool")
        return largest_remainder(pool, shares, self.scale)[p["id"]], True

    def pool_base(self, c, of, members):
        """Σ of the value over those who take part; missing counts 0, a shared entry once."""
        total, shared_counted = Fraction(0), False
        for m in members:
            key = self.component_key(m, c) if of == "actual" else of
            value = self.actual(m, c) if of == "actual" else self.key_actual(m, of)
            as_own = of == "actual" and c["measure"].get("as", "value").startswith("share_of:")
            if value is not None and self.is_shared(m, key) and not as_own and self.from_entry(m, c, of, key):
                if shared_counted:
                    mark("shared pool base")
                    continue
                shared_counted = True
            total += value or Fraction(0)
        return total

    def from_entry(self, m, c, of, key):
        """Whether the value is the entry's, not a sum of lines nor another component's payout."""
        if "actual" not in self.entry(m, key):
            return False
        if of != "actual":
            return True
        if c["measure"]["of"].startswith("component:"):
            return False
        return self.entry(m, c["id"]) is not None or self.lines_sum(m, c["id"]) is None

    def pool_share(self, p, c):
        by = c["payout"].get("share_by", "x")
        if by == "x":
            return self.x(p, c)
        return self.component_target(p, c) if by == "target" else self.key_actual(p, by)

    def funding(self, spec):
        """A curve over a shared measure; missing: × 0."""
        entry = self.inputs.get("measures", {}).get(spec["measure"], {})
        actual, goal = optional_decimal(entry.get("actual")), optional_decimal(entry.get("goal"))
        read = spec.get("read", "attainment")
        value = actual if read == "actual" else ratio(actual, goal) if read == "attainment" else above(actual, goal)
        mark("funding missing" if value is None else "funding")
        return Fraction(0) if value is None else curve(spec, value, "zero")[0]

    def payout_override(self, p, c):
        payout = c["payout"]
        of = payout["of"]
        mark("override of " + of.split(":")[0])
        total = Fraction(0)
        for name in p["team"]:
            member = self.participants[name]
            if of == "team_payout":
                total += self.earned(member)
            else:
                total += self.payout(member, self.components[of[len("component:") :]])
        return decimal(payout["rate"]) * total, True

    def lines_of(self, p, c):
        return [line for line in p.get("lines", []) if line["measure"] == c["id"]]

    def payout_per_line(self, p, c):
        payout = c["payout"]
        pick = payout.get("pick", "first")
        mark("pick " + pick)
        total, matched = Fraction(0), False
        for line in self.lines_of(p, c):
            rules = [rule for rule in payout["rules"] if matches(line, rule.get("when", {}))]
            if not rules:
                continue
            matched = True
            if pick == "first":
                rules = rules[:1]
            elif pick == "most_specific":
                best = max(specificity(rule.get("when", {})) for rule in rules)
                rules = [rule for rule in rules if specificity(rule.get("when", {})) == best][:1]
            for rule in rules:
                total += self.rule_pays(c, line, rule)
        return total, matched

    def rule_pays(self, c, line, rule):
        low, high = optional_decimal(rule.get("min")), optional_decimal(rule.get("max"))
        if "amount" in rule:
            v = self.line_value(line, "amount")
            if v == 0:
                v = self.line_value(line, "quantity")
            return sign(v) * clamp(decimal(rule["amount"]), low, high)
        v = self.line_value(line, rule.get("on", self.line_field(c["id"])))
        if v < 0:
            mark("return")
        return sign(v) * clamp(abs(v) * decimal(rule["rate"]), low, high)

    def payout_each_line(self, p, c):
        """`per: line`: for each line x = |v|; the payout gets the sign of v."""
        mark("per line " + c["payout"]["kind"])
        total, any_reached = Fraction(0), False
        for line in self.lines_of(p, c):
            v = self.line_value(line, self.line_field(c["id"]))
            if v == 0:
                mark("per line, v = 0")
                continue
            pay, reached = self.kind_by_x(p, c, abs(v))
            total += sign(v) * pay
            any_reached = any_reached or reached
        return total, any_reached

    def kind_by_x(self, p, c, x):
        kind = c["payout"]["kind"]
        if kind == "curve":
            return self.payout_curve(p, c, x)
        return self.payout_rate(p, c, x) if kind == "rate" else self.payout_bonus(p, c, x)

    def payout_of_kind(self, p, c):
        """Step 4."""
        kind = c["payout"]["kind"]
        if c.get("per", "period") == "line":
            return self.payout_each_line(p, c)
        if kind == "curve" or kind == "bonus":
            return self.kind_by_x(p, c, self.x(p, c))
        if kind == "rate":
            return self.payout_rate(p, c, self.actual(p, c))
        if kind == "grid":
            return self.payout_grid(p, c)
        if kind == "scorecard":
            return self.payout_scorecard(p, c)
        if kind == "rank":
            return self.payout_rank(p, c)
        if kind == "pool":
            return self.payout_pool(p, c)
        return self.payout_override(p, c) if kind == "override" else self.payout_per_line(p, c)
