"""Random inputs for a plan: values on its borders, ties, absences, balances, and now and then nothing at all."""

from fractions import Fraction

from generate_numbers import AMOUNTS, ATTAINMENTS, GOALS, MONEY, ODD_MONEY, exact
from generate_plan import CATEGORIES, CHANNELS, CUSTOMERS, PRODUCTS, TERRITORIES, Plans

# byte order differs from alphabetical, from case-blind and from UTF-16 order
IDS = ["R2", "R10", "r1", "Z", "é", "ﬀ", "𝒳", "R-1", "a b"]
QUARTER = [("2026-01-01", "2026-03-31"), ("2026-02-01", "2026-02-28"), ("2024-02-01", "2024-02-29")]
PERIODS = QUARTER + [("2026-01-01", "2026-12-31"), ("2026-01-01", "2026-01-31"), ("2025-12-15", "2026-01-14")]
DAYS = ["2026-01-01", "2026-01-15", "2026-02-01", "2026-02-10", "2026-02-28", "2026-03-31", "2025-12-31", "2025-06-30"]


class Populations(Plans):
    """Makes the inputs for a plan."""

    def inputs(self, plan):
        rules = plan.get("payment_rules", {})
        numbered = "until" in rules.get("draw", {}) or "recovery_from" in rules.get("draw", {})
        numbered = numbered or "until" in rules.get("guarantee", {})
        kinds = {c["payout"]["kind"] for c in plan["components"]}
        many = kinds & {"rank", "pool", "override"}
        count = self.pick([2, 3, 4, 5, 7] if many else [1, 1, 2, 3])
        names = self.rng.sample(IDS, count)
        inputs = {}
        if self.chance(0.5):
            first, last = self.pick(PERIODS)
            inputs["period"] = {"from": first, "to": last}
            if self.chance(0.4):
                inputs["holidays"] = self.some(["2026-01-01", "2026-01-06", "2026-02-14", "2026-03-31"])
        if self.chance(0.6):
            inputs["as_of"] = self.pick(["2026-03-31", "2026-02-28", "2024-02-29", "2026-12-31"])
        if numbered or self.chance(0.2):
            inputs["period_number"] = self.write(self.pick(["1", "2", "3", "4"]))
        if self.chance(0.15):
            inputs["periods"] = self.write(self.pick(["1", "2", "3", "0.5"]))
        if self.chance(0.8):
            inputs["measures"] = {"kpi:company": self.entry()}
            if self.chance(0.3):
                inputs["measures"][self.pick(["kpi:a", "kpi:b", "c1", "share:s", "sales.amount"])] = self.entry()
        # the rule for goal parts needs the days of the period
        self.days_known = "period" in inputs
        self.given_days = self.chance(0.3)
        self.refs = 0
        # entries given before, to be given again: for ties
        self.alike = bool(many) and self.chance(0.5)
        self.given = {}
        participants = [self.participant(plan, name, names[index + 1 :]) for index, name in enumerate(names)]
        if count > 1:
            self.managers(participants)
        self.strangers(plan, kinds, participants)
        self.rng.shuffle(participants)
        inputs["participants"] = participants
        return inputs

    def managers(self, participants):
        names = [p["id"] for p in participants]
        for p in participants:
            if self.chance(0.25):
                p["manager"] = self.pick([name for name in names if name != p["id"]])

    def strangers(self, plan, kinds, participants):
        """People who are not among the participants: allowed where the plan does not look at them."""
        if "override" not in kinds and self.chance(0.1):
            first, last = participants[0], participants[-1]
            first["team"] = ["somebody else", last["id"]]
            last["team"] = [first["id"]]
        if not any(m.get("of") == "superior" for m in plan.get("modifiers", [])) and self.chance(0.1):
            participants[0]["manager"] = "somebody else"

    def actual(self, goal):
        """Often a border of some band times the goal."""
        if goal is not None and self.chance(0.6):
            text = exact(Fraction(self.pick(ATTAINMENTS)) * Fraction(goal))
            if text is not None and len(text) < 20:
                return text
        return self.number(AMOUNTS, 0.12, 0.02)

    def entry(self):
        entry = {}
        goal = None
        if self.chance(0.92):
            goal = "0" if self.chance(0.05) else self.pick(GOALS)
            entry["goal"] = self.write(goal)
        elif self.chance(0.3):
            entry["goal"] = None
        if self.chance(0.94):
            entry["actual"] = self.write(self.actual(goal))
        if self.chance(0.7):
            entry["previous"] = self.write(self.number(AMOUNTS, 0.1))
        if self.chance(0.7):
            entry["last_year"] = self.write(self.number(AMOUNTS, 0.1))
        return entry

    def entry_like(self, key):
        """As another participant's, where the case wants ties."""
        if self.alike and key in self.given and self.chance(0.6):
            return dict(self.given[key])
        self.given[key] = self.entry()
        return dict(self.given[key])

    def participant(self, plan, name, later):
        p = {"id": name}
        if self.chance(0.6):
            p["level"] = self.pick(["senior", "junior"])
        if self.chance(0.6):
            p["unit"] = self.pick(["NORD", "SUD"])
        if self.chance(0.1):
            p["position"] = "account_manager"
        if self.chance(0.03):
            p["eligible"] = False
        if self.chance(0.04):
            p["vacant"] = True
        if self.own_target or self.chance(0.1):
            p["target_incentive"] = self.write(self.pick(["3000", "1200", "0", "999.99", "100"]))
        if self.given_days and self.chance(0.8):
            period, days = self.pick([("90", ["90", "45", "30", "0", "89", "60", "52.5"]), ("30", ["30", "7", "10"])])
            p["period_days"] = self.write(period)
            p["eligible_days"] = self.write(self.pick(days))
        if self.chance(0.3):
            p["fte"] = self.write(self.pick(["1", "0.5", "0.8", "0.333333333333", "0"]))
        if self.chance(0.35):
            p["hire_date"] = self.pick(DAYS)
        if self.chance(0.15):
            p["leave_date"] = self.pick(DAYS)
        if self.chance(0.3):
            p["absences"] = [self.absence() for _ in range(self.rng.randint(1, 2))]
        self.measures(plan, p)
        if later and self.chance(0.85):
            p["team"] = self.some(later)
        if self.chance(0.5):
            p["balances"] = self.balances()
        if self.chance(0.2):
            p["release_holdback"] = self.write(self.booked(["0", "10", "50", "1000", "3.5"]))
        if self.chance(0.3):
            p["adjustments"] = [self.adjustment() for _ in range(self.rng.randint(1, 2))]
        if self.chance(0.08):
            p["guarantee"] = self.write(self.booked(["100", "2000", "0", "10.005"]))
        if self.chance(0.1):
            p["periods"] = self.write(self.pick(["1", "2", "3"]))
        if self.chance(0.1):
            absent = ["manager", "guarantee", "hire_date", "balances", "measures", "lines", "level", "team", "absences"]
            p.setdefault(self.pick(absent), None)
        if self.chance(0.1):
            p["period_number"] = self.write(self.pick(["1", "2", "3"]))
        return p

    def absence(self):
        first, last = sorted((self.pick(DAYS), self.pick(DAYS)))
        absence = {"from": first, "to": last}
        if self.chance(0.8):
            absence["kind"] = self.pick(["sick", "parental", "unpaid"])
        return absence

    def measures(self, plan, p):
        measures, lines = {}, []
        for c in plan["components"]:
            kind = c["payout"]["kind"]
            if kind == "scorecard":
                for o in c["payout"]["objectives"]:
                    if self.chance(0.95):
                        score = exact(Fraction(o["max"]) * Fraction(self.pick(["0", "0.5", "1", "0.8", "0.25"])))
                        key = o["code"] if self.chance(0.7) else "kpi:" + o["code"]
                        measures[key] = {"actual": self.write(score)}
            if c["measure"]["of"] == "kpi:company" and self.chance(0.5):
                continue  # left to the shared entry
            by_lines = kind == "per_line" or c.get("per") == "line"
            style = self.rng.random()
            if by_lines:
                if self.chance(0.92):
                    lines += [self.line(c["id"]) for _ in range(self.rng.randint(1, 4))]
                if style < 0.2:
                    measures[c["id"]] = self.entry()
            elif style < 0.7:
                measures[c["id"]] = self.entry_like(c["id"])
                if self.chance(0.12):
                    measures[c["id"]].pop("goal", None)
                    measures[c["id"]] = self.with_parts(p, measures[c["id"]])
            elif style < 0.82:
                measures[c["measure"]["of"]] = self.entry()
            elif style < 0.92:
                lines += [self.line(c["id"]) for _ in range(self.rng.randint(1, 3))]
                if self.chance(0.6):
                    measures[self.pick([c["id"], c["measure"]["of"]])] = {
                        "goal": self.write(self.pick(GOALS)),
                    }
        for key in ("kpi:a", "kpi:b", "share:s"):
            if self.chance(0.9):
                measures[key] = self.entry_like(key)
        measures = {key: entry for key, entry in measures.items() if not key.startswith("component:")}
        if measures:
            p["measures"] = measures
        if lines:
            p["lines"] = lines

    def with_parts(self, p, entry):
        if self.days_known or "period_days" in p:
            entry["goal_parts"] = [
                {"ref": f"T{i}", "goal": self.write(self.pick(GOALS)), "days": self.write(self.pick(["30", "45", "15", "7.5"]))}
                for i in range(self.rng.randint(1, 3))
            ]
        return entry

    def line(self, measure):
        self.refs += 1
        line = {"ref": f"A-{self.refs}", "measure": measure}
        for name, chance in (("amount", 0.93), ("quantity", 0.7), ("margin", 0.6)):
            if self.chance(chance):
                pool = ["1", "2", "0", "10"] if name == "quantity" else AMOUNTS
                line[name] = self.write(self.number(pool, 0.2))
        for name, options in (
            ("product", PRODUCTS),
            ("category", CATEGORIES),
            ("channel", CHANNELS),
            ("customer", CUSTOMERS),
            ("territory", TERRITORIES),
            ("date", ["2026-01-01", "2026-01-15", "2026-01-31", "2026-02-15", "2026-03-31"]),
        ):
            if self.chance(0.75):
                line[name] = self.pick(options)
        if self.chance(0.4):
            line["attributes"] = {}
            if self.chance(0.7):
                line["attributes"]["specialty"] = self.pick(["cardiology", "gp", "other"])
            if self.chance(0.7):
                line["attributes"]["discount"] = self.pick(["0", "0.1", "0.25", "9", "none", "0.10"])
        return line

    def balances(self):
        balances = {}
        if self.chance(0.6):
            balances["draw"] = self.write(self.booked(["0", "100", "50.01", "1000", "0.01"]))
        if self.chance(0.4):
            balances["carried"] = self.write(self.booked(["-100", "-33.33", "50", "0", "1000", "-0.01"]))
        if self.chance(0.5):
            balances["earned_to_date"] = self.write(self.booked(["0", "500", "1350.55", "100", "-20"]))
        if self.chance(0.4):
            balances["holdback"] = self.write(self.booked(["0", "30", "100", "12.34"]))
        if self.chance(0.4):
            balances["held"] = [
                {
                    "amount": self.write(self.booked(["10", "25.5", "100"])),
                    "earned_on": self.pick(["2025-11-30", "2025-12-31", "2026-03-01", "2025-03-31", "2024-01-31"]),
                }
                for _ in range(self.rng.randint(0, 2))
            ]
        return balances

    def adjustment(self):
        adjustment = {"amount": self.write(self.booked(MONEY + ODD_MONEY, 0.3)), "reason": "correction"}
        if self.chance(0.5):
            adjustment["approved"] = self.pick([True, False])
        return adjustment
