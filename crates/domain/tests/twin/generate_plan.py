"""Random plans: every payout kind, mode and rule, mostly valid."""

from fractions import Fraction

from check_components import needs_target
from generate_numbers import AMOUNTS, ATTAINMENTS, GOALS, PAYS, RATES, exact
from generate_rules import MODES, Rules

KEYS = ["kpi:a", "kpi:b", "kpi:company", "kpi:missing", "share:s", "kpi:a", "kpi:b", "c1", "c2", "sales.amount"]
KINDS = ["curve", "rate", "bonus", "grid", "scorecard", "rank", "pool", "override", "per_line"]
IDS = ["c1", "c2", "c3", "c4", "c5"]
PRODUCTS, CATEGORIES, CHANNELS = ["P1", "P2", "P3"], ["CARDIO", "ONCO"], ["HOSP", "RETAIL"]
CUSTOMERS, TERRITORIES = ["K1", "K2"], ["T1", "T2"]


class Plans(Rules):
    """Makes one plan."""

    def plan(self):
        self.tainted = set()  # components that read, directly or not, what teams have earned
        self.from_payouts = set()  # components whose actual is another component's payout
        count = self.pick([1, 1, 2, 2, 3, 3, 4, 5])
        components = []
        for name in IDS[:count]:
            components.append(self.component(name, components))
        self.weights(components)
        self.rng.shuffle(components)
        plan = {
            "format": "traguardo-plan/1",
            "code": "X",
            "currency": "EUR",
            "measurement": self.pick(["month", "quarter", "year"]),
            "components": components,
        }
        if self.chance(0.2):
            plan["payment"] = "month"
            plan["name"] = {"en": "A plan"}
        self.scale = 2
        if self.chance(0.6):
            rounding = {}
            if self.chance(0.7):
                self.scale = int(self.pick("0122346"))
                rounding["scale"] = self.write(self.scale)
            if self.chance(0.8):
                rounding["mode"] = self.pick(MODES)
            if self.chance(0.7):
                rounding["at"] = self.pick(["component", "total"])
            plan["rounding"] = rounding
        self.own_target = self.chance(0.25)
        if not self.own_target:
            plan["target_incentive"] = self.write(self.pick(["3000", "1800", "1000", "100", "0", "777.77", "10000"]))
        elif self.chance(0.3):
            plan["target_incentive"] = None
        if self.chance(0.4):
            plan["modifiers"] = [self.modifier(f"m{i}", components) for i in range(self.rng.randint(1, 3))]
        if self.chance(0.3):
            plan["limits"] = {}
            if self.chance(0.7):
                plan["limits"]["cap"] = self.amount_limit(["1", "1.5", "2", "0.8"], ["1000", "2500.005", "500"])
            if self.chance(0.5):
                plan["limits"]["floor"] = self.amount_limit(["0.1", "0", "0.5"], ["0", "100", "-50", "10.005"])
        if self.chance(0.12):
            plan["eligibility"] = {"conditions": [self.condition() for _ in range(self.rng.randint(0, 2))]}
        if self.chance(0.6):
            plan["proration"] = self.proration()
        if self.chance(0.3):
            plan["true_up"] = self.pick(["none", "year_to_date", "year_to_date"])
        if self.chance(0.6):
            plan["negative"] = self.pick(["carry", "pay", "floor_at_zero"])
        if self.chance(0.6):
            plan["payment_rules"] = self.payment_rules()
        return plan

    def weights(self, components):
        """Weights that sum to 1, those on top left out."""
        base = []
        for c in components:
            if len(components) > 1 and self.chance(0.12):
                c["on_top"] = True
                c["weight"] = self.write(self.pick(["0.1", "1", "0.333333333333"]))
            elif needs_target(without_null(c)) or self.chance(0.8):
                base.append(c)
        if not base:
            return
        style = self.rng.random()
        parts = [self.rng.randint(0 if i else 1, 7) for i in range(len(base))]
        total = sum(parts)
        if style < 0.25:
            for c, part in zip(base, parts):
                c["weight"] = f"{part}/{total}" if part else "0"
            return
        left = Fraction(1)
        for c, part in list(zip(base, parts))[1:]:
            share = Fraction(part * 1000 // total, 1000)
            c["weight"] = self.write(exact(share))
            left -= share
        base[0]["weight"] = self.write(exact(left))

    # --- components

    def component(self, name, earlier):
        kind = self.pick(KINDS)
        self.population_kind = kind in ("rank", "pool")
        refs = [c["id"] for c in earlier if not (self.population_kind and c["id"] in self.tainted)]
        self.used = []
        c = {"id": name, "measure": {}}
        per_line = kind in ("curve", "rate", "bonus") and self.chance(0.15)
        if refs and kind != "per_line" and not per_line and self.chance(0.15):
            other = self.use(refs)
            c["measure"]["of"] = "component:" + other
            self.from_payouts.add(name)
        elif per_line or kind == "per_line":
            c["measure"]["of"] = self.pick(["sales.amount", "sales.quantity", "sales.margin"])
        else:
            c["measure"]["of"] = self.pick(
                ["sales.amount", "sales.quantity", "sales.margin", "kpi:a", "kpi:b", "share:s", "kpi:company"]
            )
        of_component = name in self.from_payouts
        if not of_component and not per_line and self.chance(0.12):
            ways = ["growth_on_previous_period", "growth_on_last_year", "value", "share_of:" + self.pick(KEYS)]
            c["measure"]["as"] = self.pick(ways)
        if per_line:
            c["goal"] = "none"
            c["per"] = "line"
        elif self.chance(0.25):
            c["goal"] = "none"
        elif self.chance(0.25):
            c["goal"] = {"value": self.write(self.pick(GOALS + ["0"]))}
        elif self.chance(0.3):
            c["goal"] = "assigned"
        if c.get("goal") == "none":
            if self.chance(0.5):
                c["read"] = "actual"
        elif self.chance(0.5):
            c["read"] = self.pick(["attainment", "actual", "above_goal"])
        reads = c.get("read", "actual" if c.get("goal") == "none" else "attainment")
        self.x_pool = ATTAINMENTS if reads == "attainment" else AMOUNTS
        c["payout"] = {"kind": kind, **getattr(self, "make_" + kind)(c, refs)}
        if self.chance(0.3):
            gates = [self.gate(refs, True) for _ in range(self.rng.randint(1, 3))]
            c["gates"] = [gate for n, gate in enumerate(gates) if not any(same_value(gate, g) for g in gates[:n])]
        if self.chance(0.3):
            c["cap"] = self.amount_limit(["1", "1.5", "2", "0.5"], ["100", "1000", "33.335", "0"])
        elif self.chance(0.05):
            c["cap"] = None
        if self.chance(0.2):
            c["floor"] = self.amount_limit(["0.1", "0", "0.25"], ["0", "5", "-10", "0.005"])
            if str((c.get("cap") or {}).get("amount")) == "0":
                c["floor"] = {"amount": "0"}
        self.ornaments(c)
        if any(other in self.tainted for other in self.used) or c["payout"].get("of") == "team_payout":
            self.tainted.add(name)
        return c

    def ornaments(self, c):
        """What the calculator reads over: names, and what tells the crediting what to add up."""
        if self.chance(0.15):
            c["name"] = self.pick(["Vendite", {"it": "Vendite", "en": "Sales"}, None])
        if self.chance(0.15):
            c["measure"]["products"] = ["P1"]
            c["measure"]["exclude"] = [{"reason": "free samples", "when": {"products": ["P3"]}}]
        if self.chance(0.15):
            c["measure"]["credit"] = self.pick(["own", "team", "all"])
            c["measure"]["window"] = self.pick(["period", "year_to_date"])
        if self.chance(0.1):
            absent = self.pick(["cap", "floor", "gates", "weight", "goal", "read", "on_top", "name"])
            c.setdefault(absent, None)

    def use(self, refs):
        other = self.pick(refs)
        self.used.append(other)
        return other

    def boundary(self, payout):
        if self.chance(0.4):
            payout["boundary"] = self.pick(["from", "to", "to"])
        return payout

    def points(self, pool, pays, negative=0.1):
        return [
            {"at": self.write(at), "pay": self.write(self.number(pays, 0.08))}
            for at in self.rising(pool, self.pick([1, 2, 3, 3, 4, 5]), negative)
        ]

    def curve(self, pool, pays):
        spec = {"points": self.points(pool, pays)}
        for name, options in (
            ("between", ["linear", "step", "step"]),
            ("below", ["zero", "hold", "extend"]),
            ("above", ["hold", "extend"]),
        ):
            if self.chance(0.5):
                spec[name] = self.pick(options)
        return self.boundary(spec) if spec.get("between") == "step" else spec

    def make_curve(self, c, refs):
        pays = self.pick(["share", "amount", None])
        spec = self.curve(self.x_pool, ["0", "100", "250.005", "1000", "33.33"] if pays == "amount" else PAYS)
        if pays:
            spec["pays"] = pays
        return spec

    def make_rate(self, c, refs):
        has_goal = c.get("goal") != "none" and not (
            c["id"] in self.from_payouts and not isinstance(c.get("goal"), dict)
        )
        mode = self.pick(["marginal", "retroactive", "overage"] if has_goal else ["marginal", "retroactive"])
        spec = {"mode": mode}
        by = "attainment" if mode == "overage" else "actual"
        if self.chance(0.5) and "per" not in c:
            options = ["actual", "kpi:a", "kpi:b", "kpi:company"] + (["attainment"] * 2 if has_goal else [])
            by = spec["tier_by"] = self.pick(options)
        if mode != "overage" and self.chance(0.3) and "per" not in c:
            spec["on"] = self.pick(["actual", "kpi:a", "kpi:b", "kpi:company"])
        pool = ATTAINMENTS if by == "attainment" else AMOUNTS
        starts = self.rising(pool, self.pick([1, 2, 3, 4]), 0.12)
        with_times = mode == "overage" or self.chance(0.3)
        if with_times:
            target_over_goal = has_goal and self.chance(0.5)
            spec["base_rate"] = "target_over_goal" if target_over_goal else self.write(self.pick(RATES))
        tiers = []
        for index, start in enumerate(starts):
            tier = {}
            if index > 0 or self.chance(0.75):
                tier["from"] = self.write(start)
            end = Fraction(starts[index + 1]) if index + 1 < len(starts) else None
            if self.chance(0.15):
                early = Fraction(start) + Fraction(self.pick(["0.05", "10", "1", "50"]))
                tier["to"] = self.write(exact(min(early, end) if end is not None else early))
            what = self.pick(["rate", "rate", "rate", "amount", "times" if with_times else "rate"])
            if what != "amount":
                tier[what] = self.write(self.number(RATES, 0.08))
            if what == "amount" or self.chance(0.15):
                tier["amount"] = self.write(self.money(0.1))
            if self.chance(0.15):
                tier["min"] = self.write(self.pick(["0", "10", "-100", "0.005"]))
            if self.chance(0.15):
                tier["max"] = self.write(self.pick(["100", "1000", "25.555", "10"]))
            tiers.append(tier)
        spec["tiers"] = tiers
        return self.boundary(spec)

    def make_bonus(self, c, refs):
        spec = {
            "steps": [
                {"from": self.write(start), "amount": self.write(self.money(0.08))}
                for start in self.rising(self.x_pool, self.pick([1, 2, 3, 4]), 0.08)
            ]
        }
        if self.chance(0.7):
            spec["mode"] = self.pick(["highest", "cumulative"])
        return self.boundary(spec)

    def axis(self, c, refs):
        options = ["actual", "kpi:a", "kpi:b", "kpi:company", self.reader(refs)]
        has_goal = c.get("goal") != "none" and not (
            c["id"] in self.from_payouts and not isinstance(c.get("goal"), dict)
        )
        if has_goal:
            options += ["attainment"] * 3 + ["above_goal"]
        read = self.pick(options)
        small = read == "attainment" or (isinstance(read, dict) and read.get("read", "attainment") == "attainment")
        axis = {
            "read": read,
            "from": [self.write(v) for v in self.rising(ATTAINMENTS if small else AMOUNTS, self.pick([1, 2, 3]), 0.1)],
        }
        if self.chance(0.15):
            axis["boundary"] = self.pick(["from", "to"])
        return axis

    def make_grid(self, c, refs):
        spec = {"rows": self.axis(c, refs), "columns": self.axis(c, refs)}
        pays = self.pick(["share", "amount", "rate", None])
        pool = {"amount": ["0", "100", "33.335", "500"], "rate": RATES}.get(pays, PAYS)
        spec["cells"] = [
            [self.write(self.number(pool, 0.05)) for _ in spec["columns"]["from"]] for _ in spec["rows"]["from"]
        ]
        if pays:
            spec["pays"] = pays
        if self.chance(0.6):
            spec["between"] = self.pick(["step", "bilinear"])
        return self.boundary(spec)

    def make_scorecard(self, c, refs):
        count = self.rng.randint(1, 3)
        parts = [self.rng.randint(1, 5) for _ in range(count)]
        if self.chance(0.4):
            weights = [f"{part}/{sum(parts)}" for part in parts]
        else:
            weights = {1: ["1"], 2: ["0.3", "0.7"], 3: ["0.2", "0.55", "0.25"]}[count]
        spec = {
            "objectives": [
                {"code": f"{c['id']}-o{i}", "weight": weight, "max": self.write(self.pick(["3", "10", "5", "1", "0.7"]))}
                for i, weight in enumerate(weights)
            ]
        }
        if self.chance(0.5):
            spec["curve"] = self.curve(["0", "0.25", "0.5", "0.6", "0.8", "1"], PAYS)
        return spec

    def make_rank(self, c, refs):
        spec = {}
        for name, options in (
            ("group", ["plan", "level", "unit"]),
            ("order", ["ascending", "descending"]),
            ("ties", ["best", "average", "share", "share"]),
            ("by", ["x", "kpi:a", "c1", "kpi:b", {"measure": "kpi:a"}, {"measure": "kpi:b", "read": "actual"}]),
        ):
            if self.chance(0.5):
                spec[name] = self.pick(options)
        pays = self.pick(["share", "amount"])
        if self.chance(0.6):
            places = [("to_rank", str(n)) for n in sorted(self.rng.sample([1, 2, 3, 4], self.rng.randint(1, 3)))]
        else:
            shares = sorted({self.pick(["0.1", "0.25", "0.333333333333", "0.5", "0.75", "1"]) for _ in range(3)})
            places = [("to_percentile", share) for share in shares]
        spec["awards"] = [
            {how: self.write(place), pays: self.write(self.pick(PAYS) if pays == "share" else self.money())}
            for how, place in places
        ]
        return spec

    def make_pool(self, c, refs):
        spec = {}
        if self.chance(0.55):
            spec["pool"] = {"amount": self.write(self.pick(["1000", "100", "0.05", "-100", "10.005", "0", "9999.99"]))}
        else:
            of = self.pick(["actual", "actual", "kpi:a", "kpi:b", "kpi:company", "kpi:missing"])
            spec["pool"] = {"rate": self.write(self.number(RATES, 0.1)), "of": of}
        if self.chance(0.5):
            spec["group"] = self.pick(["plan", "level", "unit"])
        if self.chance(0.5):
            spec["share_by"] = self.pick(["x", "target", "kpi:a", "kpi:b"])
        if self.chance(0.3):
            funding = self.curve(ATTAINMENTS, PAYS)
            funding.pop("boundary", None)
            spec["funding"] = {"measure": self.pick(["kpi:company", "kpi:company", "kpi:missing"]), **funding}
            if self.chance(0.5):
                spec["funding"]["read"] = self.pick(["attainment", "actual", "above_goal"])
        return spec

    def make_override(self, c, refs):
        of = "component:" + self.use(refs) if refs and self.chance(0.4) else "team_payout"
        return {"rate": self.write(self.number(RATES, 0.05)), "of": of}

    def make_per_line(self, c, refs):
        rules = []
        for index in range(self.rng.randint(1, 4)):
            rule = {"id": f"r{index}"} if self.chance(0.7) else {}
            when = self.when()
            if when or self.chance(0.5):
                rule["when"] = when
            if self.chance(0.6):
                rule["rate"] = self.write(self.number(RATES, 0.05))
                if self.chance(0.3):
                    rule["on"] = self.pick(["amount", "quantity", "margin"])
            else:
                rule["amount"] = self.write(self.money(0.05))
            if self.chance(0.2):
                rule["min"] = self.write(self.pick(["0", "1", "0.005"]))
            if self.chance(0.2):
                rule["max"] = self.write(self.pick(["10", "100", "33.335"]))
            rules.append(rule)
        spec = {"rules": rules}
        if self.chance(0.7):
            spec["pick"] = self.pick(["first", "most_specific", "most_specific", "all"])
        return spec

    def when(self):
        when = {}
        for name, options in (
            ("products", PRODUCTS),
            ("categories", CATEGORIES),
            ("channels", CHANNELS),
            ("customers", CUSTOMERS),
            ("territories", TERRITORIES),
        ):
            if self.chance(0.2):
                when[name] = self.some(options)
        if self.chance(0.12):
            when["attributes"] = {"specialty": self.some(["cardiology", "gp"])}
        if self.chance(0.12):
            when["numbers"] = {"discount": self.bounds(["0", "0.1", "0.25", "10"])}
        if self.chance(0.15):
            when["amount"] = self.bounds(AMOUNTS)
        if self.chance(0.1):
            when["quantity"] = self.bounds(["0", "1", "2", "10"])
        if self.chance(0.12):
            when["from"] = self.pick(["2026-01-01", "2026-01-15", "2026-02-01"])
        if self.chance(0.12):
            when["to"] = self.pick(["2026-02-01", "2026-02-15", "2026-03-31"])
        return when

    # --- gates, conditions, modifiers

    def bounds(self, pool):
        bounds = {}
        if self.chance(0.7):
            bounds[self.pick(["at_least", "more_than"])] = self.write(self.pick(pool))
        if not bounds or self.chance(0.2):
            low = Fraction(list(bounds.values())[0]) if bounds else Fraction(-1)
            above = [v for v in pool if Fraction(v) > low] or [exact(low + 1)]
            bounds[self.pick(["at_most", "less_than"])] = self.write(self.pick(above))
        return bounds

    def reader(self, refs, payout=True):
        if refs and self.chance(0.4):
            reader = {"component": self.use(refs)}
            reads = ["attainment", "actual", "above_goal"] + (["payout"] * 2 if payout else [])
        else:
            reader = {"measure": self.pick(KEYS)}
            reads = ["attainment", "actual", "above_goal"]
        if self.chance(0.6):
            reader["read"] = self.pick(reads)
        return reader

    def simple_gate(self, refs, payout=True):
        gate = self.reader(refs, payout)
        small = gate.get("read", "attainment") == "attainment"
        return {**gate, **self.bounds(ATTAINMENTS[:10] if small else AMOUNTS)}

    def gate(self, refs, with_else, depth=0, payout=True):
        if depth < 3 and self.chance(0.25):
            inner = [self.gate(refs, False, depth + 1, payout) for _ in range(self.rng.randint(1, 3))]
            gate = {self.pick(["any", "all"]): inner}
        else:
            gate = self.simple_gate(refs, payout)
        if with_else and self.chance(0.7):
            gate["else"] = self.pick(
                ["zero", {"times": self.write("0.5")}, {"times": self.write("0")}, {"times": "1.1"}]
                + [{"at_most_times_target": self.write(t)} for t in ("0.5", "0.333333333333", "1", "0")]
            )
        return gate

    def condition(self):
        return self.gate([], False, 0, False)

    def modifier(self, name, components):
        ids = [c["id"] for c in components]
        modifier = {"id": name}
        if self.chance(0.7):
            modifier["applies_to"] = self.pick(["total", self.some(ids), self.some(ids)])
        if self.chance(0.35):
            modifier["of"] = self.pick(["superior", "superior", "own"])
        modifier.update(self.reader([] if modifier.get("of") == "superior" else ids))
        pool = ATTAINMENTS if modifier.get("read", "attainment") == "attainment" else AMOUNTS
        style = self.rng.random()
        if style < 0.4:
            modifier["factor"] = self.curve(pool, PAYS)
        elif style < 0.75:
            steps = self.rising(pool, self.pick([1, 2, 3]), 0.1)
            modifier["factor"] = self.boundary(
                {"steps": [{"from": self.write(s), "times": self.write(self.pick(PAYS))} for s in steps]}
            )
        else:
            modifier["factor"] = "value"
            if self.chance(0.8):
                modifier["max"] = self.write(self.pick(["1", "1.5", "2"]))
        if self.chance(0.2):
            modifier["min"] = self.write(self.pick(["0", "0.5", "1"]))
        if self.chance(0.2):
            modifier["max"] = self.write(self.pick(["1", "1.25"]))
        if self.chance(0.4):
            modifier["missing"] = self.pick(["neutral", "zero"])
        return modifier


def same_value(gate, other):
    """Two gates on one value might contradict one another, and are then refused."""
    if "any" in gate or "all" in gate or "any" in other or "all" in other:
        return False
    reads = [(g.get("measure"), g.get("component"), g.get("read", "attainment")) for g in (gate, other)]
    return reads[0] == reads[1]


def without_null(thing):
    return {name: value for name, value in thing.items() if value is not None}
