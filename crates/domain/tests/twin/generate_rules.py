"""Random proration and payment rules."""

from generate_numbers import MONEY, ODD_MONEY, Numbers

MODES = ["half_up", "half_down", "half_even", "up", "down", "ceiling", "floor"]


class Rules(Numbers):
    """The parts of a plan that know nothing of its components."""

    def amount_limit(self, times, amounts):
        if self.chance(0.5):
            return {"times_target": self.write(self.pick(times))}
        return {"amount": self.write(self.pick(amounts))}

    def proration(self):
        proration = {}
        if self.chance(0.5):
            proration["basis"] = self.pick(["calendar_days", "working_days"])
        if self.chance(0.9):
            proration["applies_to"] = self.pick(
                ["target", "goal", "payout", "none", ["target", "goal"], ["goal", "payout"], ["target"]]
            )
        if self.chance(0.4):
            proration["fte"] = self.pick([True, True, False])
        if self.chance(0.2):
            proration["round"] = {"scale": self.write(self.pick(["2", "4", "0"])), "mode": self.pick(MODES)}
        if self.chance(0.15):
            proration["goal_round"] = {"scale": self.write(self.pick(["0", "2"])), "mode": self.pick(MODES)}
        if self.chance(0.3):
            proration["hire_day"] = self.pick(["counted", "not_counted"])
        if self.chance(0.4):
            proration["absence_grace_days"] = self.write(self.pick(["0", "5", "10", "30"]))
        if self.chance(0.3):
            proration["absence_kinds"] = self.pick([["sick"], ["sick", "parental"], ["parental"]])
        if self.chance(0.6):
            proration["new_hires"] = self.pick(
                ["from_hire", "from_next_month", {"after_days": self.write(self.pick(["0", "10", "30"]))}]
                + [{"guarantee": self.write(self.pick(["0.5", "1", "0.75"]))}] * 2
            )
        return proration

    def payment_rules(self):
        rules = {}
        if self.chance(0.5):
            holdback = {}
            if self.chance(0.7):
                holdback["share"] = self.write(self.pick(["0.1", "0.25", "0.333333333333", "0", "1"]))
            else:
                holdback["amount"] = self.write(self.booked(MONEY + ODD_MONEY))
            if self.chance(0.6):
                holdback["release"] = self.pick(
                    [{"after_days": self.write(self.pick(["0", "30", "90"]))}]
                    + [{"after_months": self.write(self.pick(["1", "3", "12"]))}] * 2
                )
            rules["holdback"] = holdback
        if self.chance(0.5):
            draw = {"amount": self.write(self.booked(MONEY + ODD_MONEY))}
            if self.chance(0.4):
                draw["recoverable"] = self.pick([True, False])
            if self.chance(0.5):
                draw["recovery_share"] = self.write(self.pick(["0.5", "1", "0.333333333333", "0.25"]))
            if self.chance(0.3):
                draw["recovery_from"] = self.write(self.pick(["1", "2", "3"]))
            if self.chance(0.5):
                draw["until"] = self.write(self.pick(["1", "2", "3"]))
            if self.chance(0.25):
                draw["paid_in_advance"] = self.pick([True, False])
            rules["draw"] = draw
        if self.chance(0.3):
            rules["guarantee"] = self.amount_limit(["0.5", "0.1", "1"], [self.booked(["100", "1000", "10.005", "0.5"])])
            if self.chance(0.4):
                rules["guarantee"]["until"] = self.write(self.pick(["1", "2"]))
        if self.chance(0.3):
            rules["cap"] = self.amount_limit(["1", "2", "0.5"], [self.booked(["100", "1000", "99.995", "0", "33.3"])])
        return rules
