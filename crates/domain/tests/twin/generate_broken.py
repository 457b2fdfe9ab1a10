"""One fault in an otherwise valid case: what must be refused."""

from generate_numbers import Raw
from generate_population import Populations


class Broken(Populations):
    """Breaks a case in one of many ways."""

    def break_one(self, plan, inputs):
        for p in inputs["participants"]:
            for name in [name for name, value in p.items() if value is None]:
                del p[name]
        faults = [name for name in dir(self) if name.startswith("fault_")]
        getattr(self, self.pick(faults))(plan, inputs)

    def fault_unknown_field(self, plan, inputs):
        self.pick([plan, inputs, plan["components"][0], inputs["participants"][0]])["wieght"] = "1"

    def fault_format(self, plan, inputs):
        plan["format"] = "traguardo-plan/2"

    def fault_no_currency(self, plan, inputs):
        del plan["currency"]

    def fault_weights(self, plan, inputs):
        for c in plan["components"]:
            c["weight"] = "0.9"
            c["on_top"] = False
        plan["components"].append({**plan["components"][0], "id": "extra", "weight": "0.2"})

    def fault_double_id(self, plan, inputs):
        plan["components"].append({**plan["components"][0], "weight": "0", "on_top": True})

    def fault_unknown_component(self, plan, inputs):
        plan["components"][0]["gates"] = [{"component": "nobody", "at_least": "1"}]

    def fault_own_circle(self, plan, inputs):
        c = plan["components"][0]
        c["gates"] = [{"component": c["id"], "read": "payout", "at_least": "1"}]

    def fault_gate_without_bound(self, plan, inputs):
        plan["components"][0]["gates"] = [{"measure": "kpi:a"}]

    def fault_falling_points(self, plan, inputs):
        points = [{"at": "1", "pay": "1"}, {"at": "1", "pay": "2"}]
        plan["components"][0]["payout"] = {"kind": "curve", "pays": "amount", "points": points}
        plan["components"][0].pop("per", None)

    def fault_falling_tiers(self, plan, inputs):
        tiers = [{"from": "10", "rate": "0.1"}, {"from": "5", "rate": "0.2"}]
        plan["components"][0]["payout"] = {"kind": "rate", "mode": "marginal", "tiers": tiers}

    def fault_overlapping_tiers(self, plan, inputs):
        tiers = [{"from": "0", "to": "20", "rate": "0.1"}, {"from": "10", "rate": "0.2"}]
        plan["components"][0]["payout"] = {"kind": "rate", "mode": "retroactive", "tiers": tiers}

    def fault_number(self, plan, inputs):
        wrong = ["1e16", "0.0000000000001", "12345678901234.567890123456789", "abc", "", "1,5", "NaN", Raw("1e999")]
        inputs["participants"][0].setdefault("adjustments", []).append({"amount": self.pick(wrong), "reason": "x"})

    def fault_kind(self, plan, inputs):
        plan["components"][0]["payout"] = {"kind": "curves", "points": [{"at": "1", "pay": "1"}]}

    def fault_scale(self, plan, inputs):
        plan["rounding"] = {"scale": self.pick(["7", "-1", "1.5"])}

    def fault_negative_goal(self, plan, inputs):
        inputs["participants"][-1].setdefault("measures", {})["kpi:a"] = {"actual": "1", "goal": "-1"}

    def fault_stranger_in_team(self, plan, inputs):
        plan["components"][0]["payout"] = {"kind": "override", "rate": "0.1", "of": "team_payout"}
        plan["components"][0].pop("per", None)
        inputs["participants"][0]["team"] = ["nobody"]

    def fault_stranger_as_manager(self, plan, inputs):
        plan["modifiers"] = [{"id": "m", "measure": "kpi:a", "of": "superior", "factor": "value"}]
        inputs["participants"][0]["manager"] = "nobody"

    def fault_same_participant(self, plan, inputs):
        inputs["participants"].append(dict(inputs["participants"][0]))

    def fault_no_target(self, plan, inputs):
        plan.pop("target_incentive", None)
        inputs["participants"][0].pop("target_incentive", None)
        inputs["participants"][0].update(vacant=False, eligible=True)
        plan.pop("proration", None)
        plan["limits"] = {"cap": {"times_target": "2"}}

    def fault_line_for_nobody(self, plan, inputs):
        inputs["participants"][0].setdefault("lines", []).append(
            {"ref": "?", "measure": "nobody", "amount": "1"}
        )

    def fault_team_circle(self, plan, inputs):
        plan["components"][0]["payout"] = {"kind": "override", "rate": "0.1", "of": "team_payout"}
        plan["components"][0].pop("per", None)
        first, last = inputs["participants"][0], inputs["participants"][-1]
        first["team"], last["team"] = [last["id"]], [first["id"]]

    def fault_days(self, plan, inputs):
        plan["proration"] = {"applies_to": "target"}
        inputs["participants"][0].update(eligible_days="91", period_days="90")

    def fault_period_number(self, plan, inputs):
        plan["payment_rules"] = {"draw": {"amount": "10", "until": "2"}}
        inputs.pop("period_number", None)
        inputs["participants"][0].pop("period_number", None)

    def fault_places(self, plan, inputs):
        adjustment = {"amount": "0.0000001", "reason": "x"}
        inputs["participants"][0].setdefault("adjustments", []).append(adjustment)

    def fault_score(self, plan, inputs):
        objectives = [{"code": "o", "weight": "1", "max": "3"}]
        plan["components"][0]["payout"] = {"kind": "scorecard", "objectives": objectives}
        plan["components"][0].pop("per", None)
        plan["components"][0].setdefault("weight", "1")
        inputs["participants"][0].update(eligible=True, vacant=False)
        inputs["participants"][0].setdefault("measures", {})["o"] = {"actual": "3.01"}

    def fault_double_point(self, plan, inputs):
        plan["currency"] = self.pick(["eur", "EURO", "E1R", 12])

    def fault_inner_else(self, plan, inputs):
        inner = {"measure": "kpi:a", "at_least": "1", "else": "zero"}
        plan["components"][0]["gates"] = [{"any": [inner]}]

    def fault_deep_gates(self, plan, inputs):
        gate = {"measure": "kpi:a", "at_least": "1"}
        for _ in range(6):
            gate = {"any": [gate]}
        plan["components"][0]["gates"] = [gate]

    def fault_contradictory_gate(self, plan, inputs):
        plan["components"][0]["gates"] = [{"measure": "kpi:a", "at_least": "1", "less_than": "1"}]

    def fault_two_pools(self, plan, inputs):
        pool = {"amount": "1", "rate": "1", "of": "actual"}
        plan["components"][0]["payout"] = {"kind": "pool", "pool": pool}
        plan["components"][0].pop("per", None)

    def fault_mixed_awards(self, plan, inputs):
        awards = [{"to_rank": "1", "amount": "1"}, {"to_percentile": "0.5", "amount": "2"}]
        plan["components"][0]["payout"] = {"kind": "rank", "awards": awards}
        plan["components"][0].pop("per", None)

    def fault_objective_weights(self, plan, inputs):
        objectives = [{"code": "o", "weight": "0.99", "max": "3"}]
        plan["components"][0]["payout"] = {"kind": "scorecard", "objectives": objectives}
        plan["components"][0].pop("per", None)

    def fault_missing_weight(self, plan, inputs):
        for c in plan["components"]:
            c.pop("weight", None)
        points = [{"at": "0", "pay": "1"}]
        plan["components"][0]["payout"] = {"kind": "curve", "points": points, "pays": "share"}
        plan["components"][0].pop("per", None)

    def fault_eligibility(self, plan, inputs):
        gate = {"component": plan["components"][0]["id"], "read": "payout", "at_least": "0"}
        plan["eligibility"] = {"conditions": [gate]}

    def fault_negative_draw(self, plan, inputs):
        inputs["participants"][0]["balances"] = {"draw": "-1"}

    def fault_no_days(self, plan, inputs):
        plan["proration"] = {"applies_to": "target"}
        inputs["participants"][0].update(eligible_days="0", period_days="0")

    def fault_payment_longer(self, plan, inputs):
        plan["measurement"], plan["payment"] = "month", "quarter"

    def fault_date(self, plan, inputs):
        inputs["as_of"] = self.pick(["2026-02-30", "2026-13-01", "today", "26-01-01"])

    def fault_superior_component(self, plan, inputs):
        reads = {"component": plan["components"][0]["id"], "of": "superior", "factor": "value"}
        plan["modifiers"] = [{"id": "m", **reads}]

    def fault_pool_of_teams(self, plan, inputs):
        override = {"kind": "override", "rate": "0.1", "of": "team_payout"}
        pool = {"kind": "pool", "pool": {"amount": "10"}}
        measure = {"of": "kpi:a"}
        plan["components"].append({"id": "extra", "measure": measure, "payout": override})
        plan["components"].append({"id": "more", "measure": {"of": "component:extra"}, "payout": pool, "goal": "none"})

    def fault_two_gates(self, plan, inputs):
        gate = {"measure": "kpi:a", "at_least": "1"}
        plan["components"][0]["gates"] = [gate, {"measure": "kpi:a", "at_most": "0.9", "else": "zero"}]

    def fault_cap_below_floor(self, plan, inputs):
        plan["limits"] = {"cap": {"amount": "1"}, "floor": {"amount": "2"}}
